package crieur

import (
	"bytes"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/crieur/crieur/feeds"
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
	settings  *settings       // that all the rest depends on
	changed   map[string]bool // see Changed; nil: any file may have
	current   bool            // walked and files are what the last build found
	walked    *walker
	files     map[string]*parsed
	parsed    []*parsed // the same, in the order of walked
	faulty    []int     // places of those of them that have faults
	unused    []Fault   // see unusedFields
	order     []*entry  // of the history before
	items     []*item   // in the order of channels
	round     int       // counts builds
	settled   *settled  // by the last build
	last      built
	divisions map[string]division // by channel
	fresh     *fresh              // of the last build
}

// built is what the last build that gave a site leaves to the next, which makes its own of it.
type built struct {
	history   *History // that it returned
	round     int
	looked    int // the last round in which all items were looked at
	pages     *pages
	items     []*item             // that have documents of their own
	sessions  map[string][]*item  // of programmes, by the event they are part of
	counts    counts              // of items
	documents map[string]document // by name
	files     map[string]*File    // of the site
	sorted    []*File             // these, by name
	channels  map[string]*shown
	list      []*channel // these, in the order of the page
	near      []Fault    // see nearLabels
	lost      []Fault    // see elsewhere.lost
}

// fresh is what a build made, so that it need not be made again to be published. It is
// held on to until it is, or until the next build.
type fresh struct{ atomic.Pointer[[]*[]byte] }

// mostFresh is how many bytes of that there may be.
const mostFresh = 128 << 20

// Build is the function [Build], faster where little has changed.
func (b *Builder) Build(source fs.FS, config Config, history *History, now time.Time) (*Site, *History, []Fault) {
	b.round++
	was := b.settled
	b.settled = nil // until this build is done
	changed := b.take()
	if history == nil {
		history = new(History)
	}
	cfg, err := config.settings(history)
	if err != nil {
		return nil, history, []Fault{faultAt("", Error, "config", "%w", err)}
	}
	if b.settings != nil && b.settings.key == cfg.key {
		cfg = b.settings // which what is kept holds on to
	} else {
		*b = Builder{program: b.program, settings: cfg, round: b.round}
		changed = nil
	}
	t, err := b.read(source, cfg, history, changed)
	if err != nil {
		return nil, history, []Fault{faultAt("", Error, "unreadable", "the content folder cannot be read: %w; the last site stays as it is", cause(err))}
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
	r := reconcile{cfg: cfg, now: now, next: next, tree: t}
	ok := r.again(was, history)
	if !ok {
		t.list(b.parsed)
		if err := cfg.missingSecret(source, t); err != nil {
			return nil, history, []Fault{faultAt("", Error, "secret-folder", "%w; the last site stays as it is", err)}
		}
		b.order = next.order(b.order)
		r.order = b.order
		ok = r.run()
	}
	faults := slices.Concat(t.faults, r.faults, r.once)
	sortFaults(faults)
	defer func() { cfg.markPrivate(faults, t, next) }()
	if !ok {
		return nil, history, faults
	}
	b.affirm(cfg, next, t)
	w := b.writer(cfg, history, next, now)
	w.due = r.due
	if w.exchange(t, &r) {
		w.site()
	} else {
		all, sessions := b.publishable(cfg, next, t, &r)
		items, private := parted(all)
		secrets, unselected := cfg.secretChannels(private)
		faults = append(faults, unselected...)
		w.items, w.sessions = items, sessions
		if !w.inPlace() {
			cfg.giveLabels(next, items)
			w.list = cfg.channels(next, items)
			w.near = nearLabels(items)
		}
		w.site()
		w.secrets(private, secrets)
	}
	faults = append(faults, w.near...)
	w.run()
	faults = append(faults, w.faults...)
	if slices.ContainsFunc(w.faults, func(f Fault) bool { return f.Severity == Error }) {
		sortFaults(faults)
		return nil, history, faults
	}
	site := w.done()
	if s := r.settled(); s != nil && !w.ahead {
		s.history, b.settled = next, s
	}
	faults = append(faults, b.last.lost...)
	sortFaults(faults)
	site.Gone = r.gone
	site.dueWith(r.secret)
	site.Hubs, site.topics = cfg.Hubs, cfg.topics(w.list)
	site.chooser = w.chooser(w.list)
	return site, next, faults
}

// publishable makes the items of all entries that are to be seen, in the order
// of channels, with the sessions of programmes by the event they are part of. Any may
// have changed but for those that r has not looked at.
func (b *Builder) publishable(cfg *settings, h *History, t *tree, r *reconcile) (items []*item, sessions map[string][]*item) {
	var all []*item // nearly in order
	var made []int  // places of those that are new
	if r.before != nil && len(r.new) == 0 {
		all, made = b.edited(h, r.edited)
	} else {
		all, made = b.seen(h)
	}
	parallel(len(made), runtime.GOMAXPROCS(0), func(i int) {
		all[made[i]] = b.item(cfg, t, all[made[i]].entry)
	})
	before := func(i int) bool { return i >= len(all)-1 || byChannel(all[i], all[i+1]) < 0 }
	for _, i := range made { // the others are in order
		if !before(i) || i > 0 && !before(i-1) {
			slices.SortFunc(all, byChannel)
			break
		}
	}
	b.items = all
	sessions = map[string][]*item{}
	items = make([]*item, 0, len(all))
	for _, it := range all {
		if it.session {
			sessions[it.Parent] = append(sessions[it.Parent], it)
		} else {
			items = append(items, it)
		}
	}
	return items, sessions
}

// item makes the item of an entry.
func (b *Builder) item(cfg *settings, t *tree, e *entry) *item {
	text := t.bodies[e.Record]
	if text == nil {
		text = new(forms)
	}
	it := cfg.item(e, text)
	it.since = b.round
	return it
}

// edited is seen, where only the entries edited may be others.
func (b *Builder) edited(h *History, edited []*entry) (all []*item, made []int) {
	all = slices.Clone(b.items)
	for _, e := range edited {
		i, ok := slices.BinarySearchFunc(b.items, e, func(it *item, e *entry) int { return inChannels(it.entry, e) })
		if !ok {
			return b.seen(h)
		}
		if now := h.entries.get(e.ID); now != e {
			made, all[i] = append(made, i), &item{entry: now}
		}
	}
	return all, made
}

// seen lists items of all entries that are to be seen, and the places of those that
// the builder did not have.
func (b *Builder) seen(h *History) (all []*item, made []int) {
	all = make([]*item, 0, h.entries.len())
	for _, it := range b.items {
		e := h.entries.get(it.ID)
		if e == nil || e.Record == nil {
			continue
		}
		if it.entry != e {
			made, it = append(made, len(all)), &item{entry: e}
		}
		all = append(all, it)
	}
	seen := 0
	for _, e := range h.entries.all() {
		if e.Record != nil {
			seen++
		}
	}
	if seen == len(all) {
		return all, made
	}
	before := make(map[string]bool, len(all))
	for _, it := range all {
		before[it.ID] = true
	}
	for _, e := range h.entries.all() {
		if e.Record != nil && !before[e.ID] {
			made = append(made, len(all))
			all = append(all, &item{entry: e})
		}
	}
	return all, made
}

// titleOf is a channel's title outside the site, where it needs the site's.
func (s *settings) titleOf(c *channel) string {
	if s.untitled || c.Title == s.Title {
		return c.Title
	}
	return s.Title + " – " + c.Title
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
	w.add("feeds.opml", fmt.Sprint(o.Feeds), nil, func() ([]byte, error) {
		var b bytes.Buffer
		err := feeds.EncodeOPML(&b, &o)
		return b.Bytes(), err
	})
}
