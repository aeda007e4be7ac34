package crieur

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"weak"

	"github.com/crieur/crieur/calendar"
	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/page"
)

// A document is what a file of the site was made from: settings, in words, and
// items.
type document struct {
	kind  string
	items []*item
}

func (d document) is(kind string, items []*item) bool {
	return d.kind == kind && slices.Equal(d.items, items)
}

// A shown is a channel as the last build has published it.
type shown struct {
	items        []*item
	names        []string // of its documents
	calendar     func() (prepared, error)
	subscription Subscription
	told         bool // there were twins, which are to be told again

	coming, past []*item   // see split
	from, until  time.Time // when these are right; until is zero: from then on
}

// holds reports whether what is ahead, and what is over, is so still.
func (s *shown) holds(now time.Time) bool {
	return !now.Before(s.from) && (s.until.IsZero() || now.Before(s.until))
}

// A writer makes the documents of one site. Where the history is the one that
// the last build returned, it goes on with the documents of that build and looks
// only at what differs; else it looks at all, and takes from that build what
// was made from the same.
type writer struct {
	*Builder
	*pages
	last      built // that w goes on with, and nobody else
	now       time.Time
	next      *History
	due       dueTime
	follows   bool
	alone     bool               // the items in edits, and new ones, are all that differs from the last build: no others have to be looked at
	looked    int                // the last round in which all items were
	items     []*item            // that have documents of their own
	counts                       // of these, or with those of secret channels
	sessions  map[string][]*item // of programmes, by the event they are part of
	documents map[string]document
	files     map[string]*File // of the site
	channels  map[string]*shown
	divisions map[string]division
	list      []*channel
	edits     edits    // in which alone, but for new ones, the items differ from those of the last build; none: in none, or not known in what
	moved     edits    // of these, those that are in other channels, or in another place
	new       []*item  // if they are known
	near      []Fault  // see nearLabels
	added     []string // names of the documents that were looked at
	named     int      // documents that the last build did not have
	dropped   bool     // it had others
	renewed   []*File  // since the last build
	ahead     bool     // a document has a date that is still to come
	twins     int      // how often a channel had one, whether it was told or another had it; see duplicateID
	jobs      []job

	subscriptions []Subscription
	fresh         []*[]byte
	faults        []Fault
}

// counts are what there is among items.
type counts struct {
	events, articles int
	uuids            bool    // all of them have ids that crieur gave
	ends             dueTime // when the next of what takes place is over
}

func (b *Builder) writer(cfg *settings, history, next *History, now time.Time) *writer {
	w := &writer{
		Builder: b, pages: &pages{cfg: cfg}, last: b.last, now: now, next: next, follows: history == b.last.history,
		documents: b.last.documents, files: b.last.files,
		channels: map[string]*shown{}, divisions: map[string]division{},
	}
	b.last = built{} // until w is done
	if !w.follows {
		w.documents, w.files = map[string]document{}, map[string]*File{}
	}
	return w
}

// A job is a document to be made.
type job struct {
	name string
	document
	make  func() ([]byte, error)
	write func(io.Writer) error                     // see File
	sum   func() (etag string, size int, err error) // of what make makes, without it; nil: it has to be made
	feed  *feedForm                                 // what make makes a document of; nil: it is no feed that is polled

	brief bool // what make needs is at hand in the build that read the records, and made again later
}

// add has the document called name made from kind and items, unless the last
// build made it from the same. What make holds on to lives as long as the
// document.
func (w *writer) add(name, kind string, items []*item, make func() ([]byte, error)) {
	w.addJob(job{name: name, document: document{kind, items}, make: make})
}

func (w *writer) addJob(j job) {
	w.added = append(w.added, j.name)
	if d, ok := w.last.documents[j.name]; ok && d.is(j.kind, j.items) {
		old, v := w.last.files[j.name], w.next.outputs.get(j.name)
		if v.Hash == old.ETag && v.Modified.Equal(old.Modified) {
			f := *old
			f.make, f.write = j.make, j.write // the old ones hold on to the items before
			if f.feed = j.feed; f.feed != nil {
				f.feed.marks.Store(old.feed.marks.Load())
			}
			w.put(j.document, &f)
			return
		}
	}
	w.jobs = append(w.jobs, j)
}

func (w *writer) put(d document, f *File) {
	if _, ok := w.last.files[f.Name]; !ok {
		w.named++
	}
	w.documents[f.Name], w.files[f.Name] = d, f
	w.renewed = append(w.renewed, f)
}

func (w *writer) drop(name string) {
	if _, ok := w.files[name]; ok {
		delete(w.documents, name)
		delete(w.files, name)
		w.dropped = true
	}
}

// run makes the documents, several at once: none depends on another.
func (w *writer) run() {
	files := make([]*File, len(w.jobs))
	errs := make([]error, len(w.jobs))
	fresh := make([]*[]byte, len(w.jobs))
	var size atomic.Int64
	parallel(len(w.jobs), runtime.GOMAXPROCS(0), func(i int) {
		defer func() {
			if p := recover(); p != nil {
				errs[i] = fmt.Errorf("internal error: %v", p)
			}
		}()
		j := w.jobs[i]
		if files[i] = w.restored(j); files[i] != nil {
			return
		}
		var data *[]byte
		files[i], data, errs[i] = j.file(!w.follows && size.Load() < mostFresh)
		if data != nil && size.Add(int64(len(*data))) <= mostFresh {
			fresh[i] = data
		}
	})
	w.fresh = slices.DeleteFunc(fresh, func(p *[]byte) bool { return p == nil })
	for i, j := range w.jobs {
		if errs[i] != nil {
			w.faults = append(w.faults, faultAt("", Error, "document", "%s cannot be written, and the last site stays as it is: %w", j.name, errs[i]))
		} else {
			w.keep(j, files[i])
		}
	}
}

// file makes the document, with its bytes if they had to be made to know it, or if now is true and they would take
// longer later.
func (j *job) file(now bool) (f *File, data *[]byte, err error) {
	var tag string
	var size int
	if j.sum != nil {
		if tag, size, err = j.sum(); err != nil {
			return nil, nil, err
		}
	}
	if j.sum == nil || now && j.brief {
		made, err := j.make()
		if err != nil {
			return nil, nil, err
		}
		if data = &made; j.sum == nil {
			tag, size = etag(j.name, made), len(made)
		}
	}
	f = fileOf(j.name, tag, size, j.make)
	f.write, f.sure, f.feed = j.write, true, j.feed
	if data != nil {
		f.mem.hold(j.name, data)
	}
	return f, data, nil
}

// keep dates a document: its bytes are those of before, or as new as now.
func (w *writer) keep(j job, f *File) {
	v := w.next.outputs.get(f.Name)
	if v.Hash != f.ETag {
		v = version{Hash: f.ETag, Modified: revision(time.Time{}, v.Modified, w.now)}
	}
	v.Size = f.size
	if w.program != "" {
		v.Key = w.lasting(j.document)
	}
	w.next.outputs.set(f.Name, v)
	w.ahead = w.ahead || v.Modified.After(w.now)
	f.Modified = v.Modified
	w.put(j.document, f)
}

// done makes the site of the documents, and has the next build begin with them.
func (w *writer) done() *Site {
	if w.follows {
		w.dropOld()
	}
	var sorted []*File
	if !w.follows || w.dropped || w.named > 4*fewEdits {
		sorted = sortedFiles(w.files)
	} else {
		if sorted = w.last.sorted; len(w.renewed) > 0 {
			sorted = slices.Clone(sorted)
		}
		for _, f := range w.renewed {
			if i, known := slices.BinarySearchFunc(sorted, f.Name, (*File).byName); known {
				sorted[i] = f
			} else {
				sorted = slices.Insert(sorted, i, f)
			}
		}
	}
	b, made := w.Builder, w.fresh
	b.divisions = w.divisions
	lost := w.last.lost
	if !w.follows || w.dropped || w.named > 0 && len(lost) > 0 {
		lost = w.cfg.elsewhere.lost(w.next, w.files)
	}
	b.last = built{
		history: w.next, round: b.round, looked: w.looked, pages: w.pages, items: w.items, sessions: w.sessions, counts: w.counts,
		documents: w.documents, files: w.files, sorted: sorted, channels: w.channels, list: w.list, near: w.near, lost: lost,
	}
	site := w.parted(sorted)
	site.NextChange = w.due.Time
	site.Refresh = w.cfg.Refresh
	site.drafts = w.cfg.Drafts
	b.fresh = new(fresh)
	b.fresh.Store(&made)
	site.fresh = weak.Make(b.fresh)
	site.elsewhere = w.cfg.elsewhere
	site.Subscriptions = w.subscriptions
	site.Events, site.Articles = w.events, w.articles
	return site
}

// dropOld drops the documents of the last build that this one has no more.
func (w *writer) dropOld() {
	drop := func(it *item) {
		for _, name := range []string{it.ics, it.html, it.programme()} {
			if d := w.documents[name]; len(d.items) > 0 && d.items[0] == it {
				w.drop(name)
			}
		}
	}
	if w.alone {
		for _, pair := range w.edits {
			drop(pair[0])
		}
	} else {
		for _, it := range w.last.items {
			if it.round != w.round {
				drop(it)
			}
		}
	}
	var looked map[string]bool
	for name, c := range w.last.channels {
		if w.channels[name] == c {
			continue
		}
		if looked == nil {
			looked = make(map[string]bool, len(w.added))
			for _, name := range w.added {
				looked[name] = true
			}
		}
		for _, name := range c.names {
			if !looked[name] {
				w.drop(name)
			}
		}
	}
}

// site adds all documents.
func (w *writer) site() {
	same := w.alone && w.asBefore()
	if same {
		w.pages, w.counts, w.looked = w.last.pages, w.last.counts, w.last.looked
		for _, pair := range w.edits {
			if pair[0].round = 0; pair[1].over.After(w.now) {
				w.ends.at(pair[1].over)
			}
			w.own(pair[1])
		}
		for _, it := range w.new {
			w.count(it, it.over)
			w.own(it)
		}
	} else {
		w.look()
		for _, it := range w.items {
			w.own(it)
		}
	}
	if !w.ends.IsZero() {
		w.due.at(w.ends.Time)
	}
	for _, c := range w.list {
		w.channel(c)
	}
	if same && len(w.edits)+len(w.new) == 0 {
		return
	}
	w.index(w.list)
	if same { // the others say no more of a channel than whether it is empty
		return
	}
	w.opml(w.list)
	w.add("script.js", "", nil, func() ([]byte, error) { return page.Script, nil })
	w.add("style.css", "", nil, func() ([]byte, error) { return page.Style, nil })
	text := &w.cfg.words.Text
	w.add("feed.css", "", nil, func() ([]byte, error) { return page.FeedStyle(text), nil })
}

// own adds the documents of an item.
func (w *writer) own(it *item) {
	known, pages := w.known(it), w.pages
	it.round = w.round
	if it.kind == content.Event {
		if !known {
			w.calendar(it.ics, "ics", it.Record.Title, it.page, []*item{it}, []*item{it})
		}
		if len(w.programmes) > 0 && w.programmes[it] != "" {
			w.addProgramme(it)
		}
	}
	if it.html != "" && !(known && w.pages == w.last.pages) {
		w.add(it.html, w.timed("html"+fmt.Sprint(w.nav, w.guide)+w.labelled(it), it), []*item{it}, func() ([]byte, error) { return pages.recordPage(it) })
	}
}

// known reports whether an item has the documents of its own that it had when
// the last build was done, if its page is not another.
func (w *writer) known(it *item) bool { return w.follows && it.round >= w.last.looked }

// asBefore reports whether what [writer.look] finds is what it was for the last build, but for the events that were edited
// or are new: the time that has gone by since has ended none.
func (w *writer) asBefore() bool {
	ends := w.last.counts.ends
	return (ends.IsZero() || w.now.Before(ends.Time)) && !slices.ContainsFunc(w.new, func(it *item) bool { return it.repeats }) && !slices.ContainsFunc(w.edits, func(e [2]*item) bool {
		return e[0].repeats || e[1].repeats || w.last.pages.programmes[e[0]] != "" || e[0].over.Equal(ends.Time) && !e[1].over.Equal(ends.Time)
	})
}

// look finds what pages show besides the items themselves: the same, if it is
// what it was for the last build.
func (w *writer) look() {
	w.looked = w.round
	p := w.pages
	w.counts = counts{uuids: true}
	p.times, p.programmes, p.labels = map[*item]content.Span{}, map[*item]string{}, w.next.labels
	for _, c := range w.list {
		if c.group == "" && c.has("html") {
			p.nav = append(p.nav, page.Link{Name: c.Title, URL: relative(c.Name + ".html")})
		}
	}
	p.guide = guideOf(w.list)
	for _, it := range w.items {
		end := it.over
		if it.kind == content.Event && it.repeats {
			when := w.cfg.current(it.Record, w.now)
			if end = w.cfg.end(when); !when.Start.Equal(it.Record.When.Start) {
				p.times[it] = when
			}
		}
		if w.count(it, end); it.kind == content.Event && w.hasProgramme(it) {
			p.programmes[it] = it.programme()
		}
	}
	if w.follows && w.last.pages.same(p) {
		w.pages = w.last.pages
	}
}

// count counts an item, which is over then if it is an event.
func (w *writer) count(it *item, end time.Time) {
	w.uuids = w.uuids && it.uuid
	if it.kind != content.Event {
		w.articles++
		return
	}
	if w.events++; end.After(w.now) {
		w.ends.at(end)
	}
}

func (w *writer) channel(c *channel) {
	if old := w.last.channels[c.Name]; old != nil && w.follows && w.pages == w.last.pages && !old.told && slices.Equal(old.items, c.items) && old.holds(w.now) {
		c.coming, c.past = old.coming, old.past
		w.publish(c, old)
		w.divisions[c.Name] = w.Builder.divisions[c.Name]
		return
	}
	pages := w.pages
	added, twins := len(w.added), w.twins
	now := &shown{items: c.items, from: w.now}
	now.until = w.split(c)
	now.coming, now.past = c.coming, c.past
	s := Subscription{Name: c.Name, Title: c.Title}
	kind := fmt.Sprintf("%+v", c.Channel)
	for _, format := range c.Formats {
		name := c.Name + "." + format
		s.Addresses = append(s.Addresses, w.cfg.address(name))
		switch format {
		case "ics":
			now.calendar = w.preparedOf(c)
			w.addJob(w.cfg.channelCalendar(c, kind, now.calendar))
		case "html":
			list := slices.Concat(c.coming, c.past)
			w.add(name, w.timed(fmt.Sprint(kind, w.nav, w.guide, len(c.coming)), list...), list, func() ([]byte, error) { return pages.channelPage(c) })
		}
	}
	w.feeds(c)
	now.subscription, now.names, now.told = s, slices.Clone(w.added[added:]), w.twins > twins
	w.publish(c, now)
}

func (w *writer) publish(c *channel, p *shown) {
	w.channels[c.Name] = p
	if c.group == "" || len(c.items) > 0 {
		w.subscriptions = append(w.subscriptions, p.subscription)
	}
}

// split parts a channel's items into what is ahead and what is over, or was
// withdrawn, the latest first; articles are all past. It returns until when
// that holds; zero: from now on.
func (w *writer) split(c *channel) (until time.Time) {
	if !c.events() {
		c.past = c.items[:min(len(c.items), c.Limit)]
		return until
	}
	if old := w.last.channels[c.Name]; old != nil && w.endAsBefore() && old.holds(w.now) {
		c.coming, c.past = w.edits.in(old.coming), w.edits.in(old.past)
		return old.until
	}
	var due dueTime
	over := make([]*item, 0, len(c.items))
	for _, it := range c.items {
		end := it.over
		if len(w.times) > 0 {
			end = w.cfg.end(w.when(it))
		}
		if end.After(w.now) {
			c.coming = append(c.coming, it)
			due.at(end)
		} else {
			over = append(over, it)
		}
	}
	if len(w.times) > 0 { // else they are in order
		byTime := func(a, b *item) int { return w.when(a).Start.Compare(w.when(b).Start) }
		slices.SortStableFunc(c.coming, byTime)
		slices.SortStableFunc(over, byTime)
	}
	slices.Reverse(over)
	c.past = slices.Clone(over[:min(len(over), c.Limit)])
	return due.Time
}

// endAsBefore reports whether all that has changed is some events, and each ends when the one did whose place it takes.
func (w *writer) endAsBefore() bool {
	return len(w.edits) > 0 && len(w.moved)+len(w.new) == 0 && len(w.times)+len(w.last.pages.times) == 0 &&
		!slices.ContainsFunc(w.edits, func(e [2]*item) bool { return !e[0].over.Equal(e[1].over) })
}

// of is the address of a channel in one of its formats.
func (s *settings) of(c *channel, format string) string {
	return s.address(c.Name+"."+format) + c.query
}

// channelCalendar is the calendar of a channel.
func (s *settings) channelCalendar(c *channel, kind string, events func() (prepared, error)) job {
	url := s.address("index.html")
	if c.has("html") {
		url = s.of(c, "html")
	}
	return s.calendar(c.Name+".ics", kind, s.titleOf(c), url, s.of(c, "ics"), c.items, events)
}

// calendar adds the calendar called name, whose page is at url. Made are the
// items it is made from, and events those that it shows.
func (w *writer) calendar(name, kind, title, url string, made, events []*item) {
	w.addJob(w.cfg.calendar(name, kind, title, url, w.cfg.address(name), made, w.cfg.preparedAll(events)))
}

// prepared are the events of a calendar, and when the last of them has changed.
type prepared struct {
	events  []*calendar.Prepared
	updated time.Time
}

// preparedAll returns what prepares items.
func (s *settings) preparedAll(items []*item) func() (prepared, error) {
	return func() (prepared, error) {
		p := prepared{events: make([]*calendar.Prepared, len(items))}
		for i, it := range items {
			var err error
			if p.events[i], err = s.prepared(it); err != nil {
				return prepared{}, err
			}
			p.updated = later(p.updated, it.updated)
		}
		return p, nil
	}
}

// preparedOf returns what prepares the items of a channel, once: those that were edited, where these alone are others
// than in the last build.
func (w *writer) preparedOf(c *channel) func() (prepared, error) {
	old := w.last.channels[c.Name]
	switch {
	case !w.follows || old == nil || old.calendar == nil:
		return sync.OnceValues(w.cfg.preparedAll(c.items))
	case slices.Equal(old.items, c.items):
		return old.calendar
	case len(w.edits) == 0, len(w.moved)+len(w.new) > 0:
		return sync.OnceValues(w.cfg.preparedAll(c.items))
	}
	cfg, edits, was, items := w.cfg, w.edits, old.calendar, old.items
	return sync.OnceValues(func() (prepared, error) {
		p, err := was()
		if err != nil {
			return prepared{}, err
		}
		p.events = slices.Clone(p.events)
		for _, pair := range edits { // none of which has a date before that of the other
			at := slices.Index(items, pair[0])
			if at < 0 {
				continue
			}
			if p.events[at], err = cfg.prepared(pair[1]); err != nil {
				return prepared{}, err
			}
			p.updated = later(p.updated, pair[1].updated)
		}
		return p, nil
	})
}

// calendar is a calendar at the address source. It is known by its events, which
// are written once for all that have them.
func (s *settings) calendar(name, kind, title, url, source string, made []*item, events func() (prepared, error)) job {
	parts := func() (*calendar.Calendar, []*calendar.Prepared, error) {
		c := &calendar.Calendar{
			Name:        title,
			Description: s.Description,
			URL:         url,
			Source:      source,
			Language:    s.Language,
			Refresh:     s.Refresh,
			Location:    s.zone,
		}
		p, err := events()
		c.Updated = p.updated
		return c, p.events, err
	}
	write := func(w io.Writer) error {
		c, events, err := parts()
		if err != nil {
			return err
		}
		return calendar.EncodePrepared(w, c, events)
	}
	return job{
		name:     name,
		document: document{kind, made},
		write:    write,
		make: func() ([]byte, error) {
			var b bytes.Buffer
			err := write(&b)
			return b.Bytes(), err
		},
		sum: func() (string, int, error) {
			c, events, err := parts()
			if err != nil {
				return "", 0, err
			}
			sum, size, err := calendar.SumPrepared(c, events)
			return tag(sum), size, err
		},
	}
}

// lasting is the key of a document that holds in every process.
func (b *Builder) lasting(d document) string {
	keys := sha256.New()
	for _, it := range d.items {
		keys.Write(it.key[:])
	}
	return digest(b.program, b.settings.key, d.kind, string(keys.Sum(nil)))
}
