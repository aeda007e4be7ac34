package crieur

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/crieur/crieur/calendar"
	"github.com/crieur/crieur/feeds"
	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/page"
)

// Build makes a site of a content tree: it reads every record below source,
// matches them with what history says was published before, and writes every
// document. It returns the site, the history that includes it, and all
// faults, sorted by file and position.
//
// Build depends on its arguments alone. The same content, configuration,
// history and now give the same bytes on every machine; now decides only what
// is due, and dates what has changed. A nil history has published nothing.
//
// A faulty record is left out, or stays in its last good form, and never
// keeps the others from being published. The site is nil, and the history the
// one given, only when there can be none: the configuration is unusable, the
// tree cannot be read at all, or most of what is published would vanish; the
// first fault says which.
func Build(source fs.FS, config Config, history *History, now time.Time) (*Site, *History, []Fault) {
	return new(Builder).Build(source, config, history, now)
}

// A Builder builds the same site again and again and remembers what did not
// change: files are parsed, records rendered and documents written only when
// they differ from the last build. What it returns is what [Build] returns.
//
// The zero Builder remembers nothing, unless it is told of an earlier one with
// Warm. A Builder is for one goroutine.
type Builder struct {
	program   string          // see Warm
	key       string          // of the settings all the rest depends on
	changed   map[string]bool // see Changed; nil: any file may have
	current   bool            // walked and files are what the last build found
	walked    *walker
	files     map[string]*parsed
	order     []*entry // of the history before
	items     []*item  // in the order of channels
	documents map[string]document
	divisions map[string]division
	fresh     []*[]byte // what the last build made, so that it need not be made again to be published
}

// mostFresh is how many bytes of that there may be.
const mostFresh = 128 << 20

// A document is a file of the site with the key of all it was made from.
type document struct {
	key  string
	file *File
}

// Build is the function [Build], faster where little has changed.
func (b *Builder) Build(source fs.FS, config Config, history *History, now time.Time) (*Site, *History, []Fault) {
	changed := b.take()
	if history == nil {
		history = new(History)
	}
	cfg, err := config.settings(history)
	if err != nil {
		return nil, history, []Fault{faultAt("", Error, "config", "%w", err)}
	}
	if cfg.key != b.key {
		*b = Builder{program: b.program, key: cfg.key}
		changed = nil
	}
	t, err := b.read(source, cfg, history, changed)
	if err != nil {
		return nil, history, []Fault{faultAt("", Error, "unreadable", "the content folder cannot be read: %w; the last site stays as it is", err)}
	}
	defer t.forget()
	next := history.clone()
	if next.site.ID == "" && cfg.id == anonymous {
		t.faults = append(t.faults, faultAt("", Notice, "no-id", "neither site: nor base: is configured: identities are made from the names of files alone. Set one before others subscribe"))
	}
	if config.Base == "" {
		t.faults = append(t.faults, faultAt("", Warning, "no-base", "no base: is configured: all addresses begin with %s, which works on this machine alone; set it to where people will subscribe", cfg.Base))
	}
	next.site = identity{cfg.id, cfg.Timezone}
	b.order = next.order(b.order)
	r := reconcile{cfg: cfg, now: now, next: next, tree: t, order: b.order}
	ok := r.run()
	faults := append(t.faults, r.faults...)
	sortFaults(faults)
	if !ok {
		return nil, history, faults
	}
	b.affirm(cfg, next, t)
	items, sessions := b.publishable(cfg, next, t)
	cfg.giveLabels(next, items)
	faults = append(faults, nearLabels(items)...)
	w := writer{Builder: b, cfg: cfg, now: now, next: next, due: r.due, times: map[*item]content.Span{}, sessions: sessions, programmes: map[*item]string{}, documents: make(map[string]document, len(b.documents)), divisions: make(map[string]division, len(b.divisions))}
	w.site(items, cfg.channels(next, items))
	w.run()
	faults = append(faults, w.faults...)
	sortFaults(faults)
	if slices.ContainsFunc(w.faults, func(f Fault) bool { return f.Severity == Error }) {
		return nil, history, faults
	}
	b.documents, b.divisions, b.fresh = w.documents, w.divisions, w.fresh

	files := make(map[string]*File, len(w.documents))
	for name, d := range w.documents {
		files[name] = d.file
	}
	site := newSite(files)
	site.NextChange = w.due.Time
	site.Refresh = cfg.Refresh
	site.Gone = r.gone
	site.drafts = cfg.Drafts
	site.Subscriptions = w.subscriptions
	for _, it := range items {
		if it.Kind == content.Event {
			site.Events++
		} else {
			site.Articles++
		}
	}
	return site, next, faults
}

// publishable makes the items of all entries that are to be seen, in the order
// of channels, with the sessions of programmes by the event they are part of.
func (b *Builder) publishable(cfg *settings, h *History, t *tree) (items []*item, sessions map[string][]*item) {
	entries := make([]*entry, 0, len(h.entries))
	before := make(map[string]*item, len(b.items))
	for _, it := range b.items { // which are nearly in order
		before[it.ID] = it
		if e := h.entries[it.ID]; e != nil && e.Record != nil {
			entries = append(entries, e)
		}
	}
	for _, e := range h.entries {
		if e.Record != nil && before[e.ID] == nil {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, inChannels)
	all := make([]*item, len(entries))
	parallel(len(entries), runtime.GOMAXPROCS(0), func(i int) {
		e := entries[i]
		if it := before[e.ID]; it != nil && it.entry == e {
			all[i] = it
			return
		}
		text := t.bodies[e.Record]
		if text == nil {
			text = new(forms)
		}
		all[i] = cfg.item(e, text)
	})
	b.items = all
	sessions = map[string][]*item{}
	items = make([]*item, 0, len(all))
	for _, it := range all {
		if it.Parent != "" {
			sessions[it.Parent] = append(sessions[it.Parent], it)
		} else {
			items = append(items, it)
		}
	}
	return items, sessions
}

// A writer makes the documents of one site.
type writer struct {
	*Builder
	cfg           *settings
	now           time.Time
	next          *History
	due           dueTime
	times         map[*item]content.Span // of the series that have gone on: their present or next time; if they are over, the last
	sessions      map[string][]*item     // of programmes, by the event they are part of
	programmes    map[*item]string       // path in the site of the calendar of an event's sessions
	documents     map[string]document
	divisions     map[string]division
	jobs          []job
	nav           []page.Link // of every page
	subscriptions []Subscription
	fresh         []*[]byte
	faults        []Fault
}

// A job is a document to be made.
type job struct {
	name, key string
	make      func() ([]byte, error)
	sum       func() (etag string, size int, err error) // of what make makes, without it; nil: it has to be made
}

// add has the document called name made from the parts that key stands for,
// unless the last build made it from the same.
func (w *writer) add(name, key string, make func() ([]byte, error)) {
	w.addJob(job{name: name, key: key, make: make})
}

func (w *writer) addJob(j job) {
	v := w.next.outputs[j.name]
	if old, ok := w.Builder.documents[j.name]; ok && old.key == j.key && v.Hash == old.file.ETag && v.Modified.Equal(old.file.Modified) {
		f := *old.file
		f.make = j.make // the old one holds on to the site before
		w.documents[j.name] = document{j.key, &f}
		return
	}
	w.jobs = append(w.jobs, j)
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
		if j.sum != nil {
			tag, size, err := j.sum()
			files[i], errs[i] = fileOf(j.name, tag, size, j.make), err
			files[i].sure = true
			return
		}
		data, err := j.make()
		if err != nil {
			errs[i] = err
			return
		}
		files[i] = fileOf(j.name, etag(j.name, data), len(data), j.make)
		files[i].sure = true
		files[i].mem.hold(j.name, &data)
		if size.Add(int64(len(data))) <= mostFresh {
			fresh[i] = &data
		}
	})
	w.fresh = slices.DeleteFunc(fresh, func(p *[]byte) bool { return p == nil })
	for i, j := range w.jobs {
		if errs[i] != nil {
			w.faults = append(w.faults, faultAt("", Error, "document", "%s cannot be written, and the last site stays as it is: %w", j.name, errs[i]))
		} else {
			w.keep(j.key, files[i])
		}
	}
}

// keep dates a document: its bytes are those of before, or as new as now.
func (w *writer) keep(key string, f *File) {
	v := w.next.outputs[f.Name]
	if v.Hash != f.ETag {
		v = version{Hash: f.ETag, Modified: revision(time.Time{}, v.Modified, w.now)}
	}
	v.Size = f.size
	if w.program != "" {
		v.Key = w.lasting(key)
	}
	w.next.outputs[f.Name] = v
	f.Modified = v.Modified
	w.documents[f.Name] = document{key, f}
}

// part is the key of a list of items.
func part(kind string, lists ...[]*item) string {
	if len(lists) == 1 && len(lists[0]) == 1 {
		return kind + string(lists[0][0].key[:])
	}
	var keys []byte
	for _, items := range lists {
		keys = slices.Grow(keys, 8+len(items)*sha256.Size)
		keys = binary.BigEndian.AppendUint64(keys, uint64(len(items)))
		for _, it := range items {
			keys = append(keys, it.key[:]...)
		}
	}
	sum := sha256.Sum256(keys)
	return kind + string(sum[:])
}

// timed is the key of a list of items on a page, which says of a series when
// it takes place next, and of an event whether its programme is a calendar.
func (w *writer) timed(kind string, lists ...[]*item) string {
	key := part(kind, lists...)
	if len(w.times)+len(w.programmes) == 0 {
		return key
	}
	for _, items := range lists {
		for _, it := range items {
			key += w.programmes[it]
			if t, ok := w.times[it]; ok {
				key += fmt.Sprint(" ", t.Start.Unix())
			}
		}
	}
	return key
}

// site makes all documents.
func (w *writer) site(items []*item, channels []*channel) {
	for _, c := range channels {
		if c.group == "" && c.has("html") {
			w.nav = append(w.nav, page.Link{Name: c.Title, URL: relative(c.Name + ".html")})
		}
	}
	for _, it := range items {
		if it.Kind == content.Event {
			w.calendar(it.ics, part("ics", []*item{it}), it.Record.Title, it.page, it)
			when := w.cfg.current(it.Record, w.now)
			if end := w.cfg.end(when); end.After(w.now) {
				w.due.at(end)
			}
			if !when.Start.Equal(it.Record.When.Start) {
				w.times[it] = when
			}
			w.programme(it)
		}
		if it.html != "" {
			w.add(it.html, w.timed("html"+fmt.Sprint(w.nav), []*item{it})+w.labelKey(it), func() ([]byte, error) { return w.recordPage(it) })
		}
	}
	for _, c := range channels {
		w.channel(c)
	}
	w.index(items, channels)
	w.opml(channels)
	w.add("style.css", "", func() ([]byte, error) { return page.Style, nil })
	w.add("feed.css", "", func() ([]byte, error) { return page.FeedStyle(&w.cfg.words.Text), nil })
}

func (w *writer) channel(c *channel) {
	s := Subscription{Name: c.Name, Title: c.Title}
	for _, format := range c.Formats {
		name := c.Name + "." + format
		s.Addresses = append(s.Addresses, w.cfg.address(name))
		key := fmt.Sprintf("%+v", c.Channel)
		switch format {
		case "ics":
			url := w.cfg.address("index.html")
			if c.has("html") {
				url = w.cfg.address(c.Name + ".html")
			}
			w.calendar(name, part(key, c.items), w.cfg.titleOf(c), url, c.items...)
		case "html":
			coming, past := w.split(c)
			w.add(name, w.timed(key+fmt.Sprint(w.nav), coming, past), func() ([]byte, error) { return w.channelPage(c, coming, past) })
		}
	}
	w.feeds(c)
	if c.group == "" || len(c.items) > 0 {
		w.subscriptions = append(w.subscriptions, s)
	}
}

// titleOf is a channel's title outside the site, where it needs the site's.
func (s *settings) titleOf(c *channel) string {
	if s.untitled || c.Title == s.Title {
		return c.Title
	}
	return s.Title + " – " + c.Title
}

// calendar adds items as the calendar called name, whose page is at url. It is
// known by its events, which are written once for all that have them.
func (w *writer) calendar(name, key, title, url string, items ...*item) {
	parts := func() (*calendar.Calendar, []*calendar.Prepared, error) {
		c := &calendar.Calendar{
			Name:        title,
			Description: w.cfg.Description,
			URL:         url,
			Source:      w.cfg.address(name),
			Language:    w.cfg.Language,
			Refresh:     w.cfg.Refresh,
			Location:    w.cfg.zone,
		}
		events := make([]*calendar.Prepared, len(items))
		for i, it := range items {
			var err error
			if events[i], err = it.event(); err != nil {
				return nil, nil, err
			}
			c.Updated = later(c.Updated, it.Updated)
		}
		return c, events, nil
	}
	w.addJob(job{
		name: name,
		key:  key,
		make: func() ([]byte, error) {
			c, events, err := parts()
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			err = calendar.EncodePrepared(&b, c, events)
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
	})
}

func (w *writer) opml(channels []*channel) {
	o := feeds.Outline{Title: w.cfg.Title}
	for _, c := range channels {
		if c.group != "" && len(c.items) == 0 {
			continue
		}
		for _, format := range []string{"atom", "rss"} {
			if !c.has(format) {
				continue
			}
			sub := feeds.Subscription{Title: w.cfg.titleOf(c), Description: c.Description, URL: w.cfg.address(c.Name + "." + format), Language: w.cfg.Language, Type: format}
			if c.has("html") {
				sub.HTML = w.cfg.address(c.Name + ".html")
			}
			o.Feeds = append(o.Feeds, sub)
			break // one format a channel: readers would show the others as doubles
		}
	}
	w.add("feeds.opml", fmt.Sprint(o.Feeds), func() ([]byte, error) {
		var b bytes.Buffer
		err := feeds.EncodeOPML(&b, &o)
		return b.Bytes(), err
	})
}

// labelKey is what the page of a record shows of the labels of others.
func (w *writer) labelKey(it *item) string {
	var b strings.Builder
	for _, m := range it.marks {
		b.WriteString(w.next.labels[m.key].Slug + "\n")
	}
	return b.String()
}

// split parts a channel's items into what is ahead and what is over, or was
// withdrawn, the latest first; articles are all past.
func (w *writer) split(c *channel) (coming, past []*item) {
	if !c.events() {
		return nil, c.items[:min(len(c.items), c.Limit)]
	}
	for _, it := range c.items {
		if w.cfg.end(w.when(it)).After(w.now) {
			coming = append(coming, it)
		} else {
			past = append(past, it)
		}
	}
	if len(w.times) > 0 { // else they are in order
		byTime := func(a, b *item) int { return w.when(a).Start.Compare(w.when(b).Start) }
		slices.SortStableFunc(coming, byTime)
		slices.SortStableFunc(past, byTime)
	}
	slices.Reverse(past)
	return coming, past[:min(len(past), c.Limit)]
}

// when is the time of an event that a page shows.
func (w *writer) when(it *item) content.Span {
	if t, ok := w.times[it]; ok {
		return t
	}
	return it.Record.When
}
