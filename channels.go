package crieur

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crieur/crieur/internal/content"
)

var (
	eventFormats   = []string{"ics", "html", "rss", "atom", "json"}
	articleFormats = []string{"html", "rss", "atom", "json"}
)

// A channel is a Channel with the items it selects.
type channel struct {
	Channel
	group string   // "", "category" or "tag": where the page lists it
	label string   // the category or tag
	query string   // of a choice: what stands behind the names of its documents
	whole *channel // of a choice: what it is made from
	amiss bool     // what was asked of it is not there
	items []*item  // events by time, articles the newest first

	coming, past []*item // of these, what pages show; see split
}

// formats are those of c that fit its kind, each once; by default all.
func (c Channel) formats() []string {
	fit := eventFormats
	if c.Kind == "articles" {
		fit = articleFormats
	}
	if c.Secret { // see checkSecret
		fit = slices.DeleteFunc(slices.Clone(fit), func(f string) bool { return f == "html" })
	}
	if c.Formats == nil {
		return fit
	}
	var list []string
	for _, f := range c.Formats {
		if slices.Contains(fit, f) && !slices.Contains(list, f) {
			list = append(list, f)
		}
	}
	return list
}

// Published are the formats c is published in: those of Formats that fit it.
func (c Channel) Published() []string { return slices.Clone(c.formats()) }

func (c *channel) events() bool { return c.Kind == "events" }

func (c *channel) has(format string) bool { return slices.Contains(c.Formats, format) }

// channels selects what each channel holds of items, which are in order: the configured ones, then
// events and articles, then one for each category and tag. A category or tag
// keeps its channel, empty, when its last record goes: subscriptions do not
// turn into errors.
func (s *settings) channels(h *History, items []*item) []*channel {
	var list []*channel
	named := map[string]bool{}
	add := func(c Channel, group string) *channel {
		ch := &channel{Channel: s.completed(c), group: group}
		named[c.Name] = true
		list = append(list, ch)
		return ch
	}
	t := &s.words.Text
	defaults := []Channel{
		{Name: "events", Title: t.AllEvents, Kind: "events"},
		{Name: "articles", Title: t.AllArticles, Kind: "articles"},
	}
	for _, c := range defaults {
		if i := slices.IndexFunc(s.Channels, func(o Channel) bool { return o.Name == c.Name }); i >= 0 {
			c = s.Channels[i]
			c.Title = cmp.Or(titled(c.Title), map[string]string{"events": t.AllEvents, "articles": t.AllArticles}[c.Name])
			c.Kind = cmp.Or(c.Kind, c.Name)
		} else if s.elsewhere.has(c.Name) || !s.wanted(h, c.Name, items) {
			continue
		}
		add(c, "")
	}
	for _, c := range s.Channels {
		if !named[c.Name] && !c.Secret {
			add(c, "")
		}
	}
	byLabel := map[string]*channel{}
	keys := slices.SortedFunc(maps.Keys(h.labels), func(a, b string) int {
		// Events before articles, as above.
		return cmp.Or(strings.Compare(labelSpace(b)[:1], labelSpace(a)[:1]), strings.Compare(a, b))
	})
	for _, key := range keys {
		l := h.labels[key]
		space := labelSpace(key)
		kind, field, _ := strings.Cut(strings.TrimSuffix(space, "/"), "/")
		format := map[string]string{
			"events/category/": t.EventsIn, "events/tag/": t.Tagged,
			"articles/category/": t.ArticlesIn, "articles/tag/": t.TaggedArticles,
		}[space]
		c := Channel{Name: space + l.Slug, Kind: kind, Title: fmt.Sprintf(format, l.Title)}
		if !named[c.Name] && !s.elsewhere.has(c.Name) {
			byLabel[key] = add(c, field)
			byLabel[key].label = l.Title
		}
	}
	for _, it := range items {
		for _, m := range it.marks {
			if c := byLabel[m.key]; c != nil {
				c.items = append(c.items, it)
			}
		}
	}
	for _, c := range list {
		if c.group != "" {
			continue
		}
		for _, it := range items {
			if c.selects(it) {
				c.items = append(c.items, it)
			}
		}
	}
	return list
}

// fewEdits is up to how many edited records are put into their channels one by one.
const fewEdits = 32

// exchange takes the items of the last build, with those of the entries that were edited in the place of others, and the new
// ones, and reports whether nothing else has to be looked at. Else it has done nothing.
func (w *writer) exchange(t *tree, r *reconcile) bool {
	if !w.follows || r.before == nil {
		return false
	}
	var ok bool
	joins := map[*entry]map[string]bool{}
	var places [][2]int // of the items in the builder's, and in those that have documents
	for _, was := range r.edited {
		is := w.next.entries.get(was.ID)
		if is == was {
			continue
		}
		place := func(items []*item) int {
			i, ok := slices.BinarySearchFunc(items, was, func(it *item, e *entry) int { return inChannels(it.entry, e) })
			if !ok || items[i].entry != was {
				return -1
			}
			return i
		}
		at := [2]int{place(w.Builder.items), place(w.last.items)}
		if at[0] < 0 || at[1] < 0 || is.Kind != was.Kind {
			return false
		}
		places = append(places, at)
		if inChannels(was, is) != 0 || !alikeInChannels(was, is) {
			if joins[is], ok = w.joins(is); !ok || !w.mayLeave(was, len(r.edited)) {
				return false
			}
		}
	}
	for _, e := range r.new {
		e = w.next.entries.get(e.ID)
		if joins[e], ok = w.joins(e); !ok {
			return false
		}
	}
	w.alone, w.items, w.sessions = true, w.last.items, w.last.sessions
	for _, at := range places {
		was := w.items[at[1]]
		is := w.item(w.cfg, t, w.next.entries.get(was.ID))
		w.Builder.items[at[0]], w.items[at[1]] = is, is
		w.edits = append(w.edits, [2]*item{was, is})
		if joins[is.entry] != nil {
			w.moved = append(w.moved, [2]*item{was, is})
		}
	}
	for _, e := range r.new {
		w.new = append(w.new, w.item(w.cfg, t, w.next.entries.get(e.ID)))
	}
	all := func(*item) bool { return true }
	w.Builder.items, w.items = w.placed(w.Builder.items, all), w.placed(w.items, all)
	w.takePlaces(joins)
	return true
}

// joins returns the names of the channels that a new entry is in, if they are all there are with it: its labels are those of
// others, too, and it is not the first of its kind.
func (w *writer) joins(e *entry) (names map[string]bool, ok bool) {
	if e.Kind == content.Event && w.last.counts.events == 0 || e.Kind == content.Article && w.last.counts.articles == 0 {
		return nil, false
	}
	names = map[string]bool{}
	for _, m := range marks(e.Record) {
		name := m.space + w.next.labels[m.key].Slug
		known := func(c *channel) bool { return c.Name == name && c.group != "" && len(c.items) > 0 }
		if len(w.last.near) > 0 || !slices.ContainsFunc(w.last.list, known) {
			return nil, false
		}
		names[name] = true
	}
	for _, c := range w.last.list {
		if c.group == "" && c.selects(&item{entry: e}) {
			names[c.Name] = true
		}
	}
	return names, true
}

// mayLeave reports whether an entry, and as many as are edited, can leave the channels it is in: no other says
// that its label is that of nothing.
func (w *writer) mayLeave(e *entry, edited int) bool {
	marks := marks(e.Record)
	return len(marks) == 0 || len(w.last.near) == 0 && !slices.ContainsFunc(marks, func(m mark) bool {
		name := m.space + w.next.labels[m.key].Slug
		return slices.ContainsFunc(w.last.list, func(c *channel) bool { return c.Name == name && len(c.items) <= edited })
	})
}

// placed are items, in which each edited one is where the one before it was, with those that have moved, and the new ones, in
// their places, if they are wanted.
func (w *writer) placed(items []*item, wanted func(*item) bool) []*item {
	if len(w.moved)+len(w.new) == 0 {
		return items
	}
	var others []*item
	for _, pair := range w.moved {
		if at := slices.Index(items, pair[1]); at >= 0 {
			items = slices.Concat(items[:at], items[at+1:])
		}
		others = append(others, pair[1])
	}
	return inserted(items, slices.DeleteFunc(append(others, w.new...), func(it *item) bool { return !wanted(it) }), byChannel)
}

// inPlace does what exchange does where all that has changed is some items, as it finds, and neither their
// labels nor their places in the channels.
func (w *writer) inPlace() bool {
	if !w.follows {
		return false
	}
	d, ok := w.editsOf(w.last.items, w.items, func(was, is *item) bool { return alikeInChannels(was.entry, is.entry) })
	if !ok {
		return false
	}
	w.edits = d.edits
	w.takePlaces(nil)
	return true
}

// alikeInChannels reports whether two entries are in the same channels.
func alikeInChannels(was, is *entry) bool {
	r, old := is.Record, was.Record
	return is.Kind == was.Kind && r.Path == old.Path && slices.Equal(r.Categories, old.Categories) && slices.Equal(r.Tags, old.Tags)
}

// takePlaces makes the channels of those of the last build, in which the edited items are in the place of others, and
// those that have moved, or are new, in those that they join.
func (w *writer) takePlaces(joins map[*entry]map[string]bool) {
	w.list = make([]*channel, len(w.last.list))
	for i, c := range w.last.list {
		c := *c
		c.coming, c.past = nil, nil
		c.items = w.placed(w.edits.in(c.items), func(it *item) bool { return joins[it.entry][c.Name] })
		w.list[i] = &c
	}
	w.near = w.last.near
}

// inserted are items, which are in an order, with others among them.
func inserted(items, others []*item, order func(a, b *item) int) []*item {
	if len(others) == 0 {
		return items
	}
	items = slices.Clip(items) // which somebody else has
	for _, it := range others {
		at, _ := slices.BinarySearchFunc(items, it, order)
		items = slices.Insert(items, at, it)
	}
	return items
}

// byChannel is the order of items in channels.
func byChannel(a, b *item) int { return inChannels(a.entry, b.entry) }

// Edits are the items, each with the one whose place it takes before it.
type edits [][2]*item

// A turnover is what makes one list of items of another: some take the place of others, some come, and some go.
type turnover struct {
	edits
	come, gone []*item
}

// editsOf returns what differs between two lists, if that is a few items, each
// like the one whose place it takes, and those that have moved or are new.
func (w *writer) editsOf(was, is []*item, like func(was, is *item) bool) (d turnover, ok bool) {
	moved := func(it *item, i int) bool {
		return slices.ContainsFunc(w.moved, func(pair [2]*item) bool { return pair[i] == it })
	}
	for len(was)+len(is) > 0 {
		switch {
		case len(was) > 0 && len(is) > 0 && was[0] == is[0]:
			was, is = was[1:], is[1:]
			continue
		case len(d.edits)+len(d.come)+len(d.gone) >= 2*fewEdits:
			return d, false
		case len(was) > 0 && moved(was[0], 0):
			d.gone, was = append(d.gone, was[0]), was[1:]
		case len(is) > 0 && (moved(is[0], 1) || slices.Contains(w.new, is[0])):
			d.come, is = append(d.come, is[0]), is[1:]
		case len(was) > 0 && len(is) > 0 && is[0].ID == was[0].ID && like(was[0], is[0]):
			d.edits = append(d.edits, [2]*item{was[0], is[0]})
			was, is = was[1:], is[1:]
		default:
			return d, false
		}
	}
	return d, true
}

// in are items, which are in an order, with what differs.
func (d *turnover) in(items []*item, order func(a, b *item) int) []*item {
	items = d.edits.in(items)
	if len(d.gone) > 0 {
		items = slices.DeleteFunc(slices.Clone(items), func(it *item) bool { return slices.Contains(d.gone, it) })
	}
	return inserted(items, d.come, order)
}

// in returns items as they are after the edits: the same list, where none is of it.
func (e edits) in(items []*item) []*item {
	edited := false
	for _, pair := range e {
		if at := slices.Index(items, pair[0]); at >= 0 {
			if !edited {
				items, edited = slices.Clone(items), true
			}
			items[at] = pair[1]
		}
	}
	return items
}

// completed is c with its defaults.
func (s *settings) completed(c Channel) Channel {
	c.Kind = cmp.Or(c.Kind, "events")
	c.Limit = cmp.Or(c.Limit, s.Limit)
	c.Title = cmp.Or(titled(c.Title), c.Name)
	c.Formats = c.formats()
	return c
}

// wanted reports whether a default channel is published: not where the site
// has records of the other kind only, and always had.
func (s *settings) wanted(h *History, kind string, items []*item) bool {
	for _, format := range eventFormats {
		if h.outputs.has(kind + "." + format) {
			return true
		}
	}
	return len(items) == 0 || slices.ContainsFunc(items, func(it *item) bool { return it.Kind.String()+"s" == kind })
}

func (c *channel) selects(it *item) bool {
	r := it.Record
	return (r.Kind == content.Event) == c.events() && under(r.Path, c.Path) && c.labelled(r)
}

// labelled reports whether r has the category and the tag that c wants.
func (c Channel) labelled(r *content.Record) bool {
	return (c.Category == "" || hasFold(r.Categories, c.Category)) && (c.Tag == "" || hasFold(r.Tags, c.Tag))
}

func hasFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(v string) bool { return fold(v) == fold(s) })
}

// inChannels is the order of records in their channels: events by time, then
// articles, the newest first.
func inChannels(a, b *entry) int {
	switch {
	case a.Kind != b.Kind && a.Kind == content.Event:
		return -1
	case a.Kind != b.Kind:
		return 1
	case a.Kind == content.Event:
		if c := a.Record.When.Start.Compare(b.Record.When.Start); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	}
	return newestFirst(a, b)
}

// newestFirst orders by announcement, the latest first; events announced together
// by their start, so that what is furthest ahead is not cut off. It is the
// order of feeds.Archive.
func newestFirst(a, b *entry) int {
	return cmp.Or(b.Published.Compare(a.Published), b.Record.When.Start.Compare(a.Record.When.Start), cmp.Compare(b.ID, a.ID))
}

// A mark is one category or tag of a record.
type mark struct{ space, key, title string }

// marks are a record's categories and tags, each once. Key is what
// History.labels knows one by, space what its slug is unique in.
func marks(r *content.Record) []mark {
	var list []mark
	add := func(field string, values []string) {
		space := r.Kind.String() + "s/" + field + "/"
		for _, v := range values {
			m := mark{space, space + fold(v), strings.TrimSpace(v)}
			if m.title != "" && !slices.ContainsFunc(list, func(o mark) bool { return o.key == m.key }) {
				list = append(list, m)
			}
		}
	}
	add("category", r.Categories)
	add("tag", r.Tags)
	return list
}

// giveLabels gives every category and tag that has none yet its slug and its
// spelling. It goes by the names, not by the order of the records.
func (s *settings) giveLabels(h *History, items []*item) {
	given := map[string]bool{}
	for key, l := range h.labels {
		given[labelSpace(key)+l.Slug] = true
	}
	found := map[string]mark{}
	for _, it := range items {
		for _, m := range it.marks {
			if old, ok := found[m.key]; !ok || m.title < old.title {
				found[m.key] = m
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(found)) {
		if _, ok := h.labels[key]; ok {
			continue
		}
		m := found[key]
		name := uniqueSlug(slug(m.title, s.Language), key, func(v string) bool { return given[m.space+v] })
		given[m.space+name] = true
		h.labels[key] = label{Slug: name, Title: m.title}
	}
}

// labelSpace is "events/tag/" of "events/tag/c++".
func labelSpace(key string) string {
	kind, rest, _ := strings.Cut(key, "/")
	field, _, _ := strings.Cut(rest, "/")
	return kind + "/" + field + "/"
}
