package crieur

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/content"
)

// ErrMassRemoval is the cause of the fault with which Build refuses to
// withdraw most of what is published at once, as a folder that is moved away
// or not mounted would. Config.MaxRemoval allows it.
var ErrMassRemoval = errors.New("most of what is published would vanish at once")

// few is the number of records up to which a removal is never held back.
const few = 4

// A found is one record of this build's content, on its way to an identity.
type found struct {
	*content.Record
	source string // hash of its file
	file   time.Time
	seen   string
	like   likeness
	build
}

// A build is what becomes of a record in one build.
type build struct {
	shown  bool // false: a draft, not yet due, or expired
	lapsed bool // hidden because it expired

	private bool // it is for secret channels alone

	entry  *entry
	parent *found   // of a session: its event
	copies []string // marks of those that are left out because they are the same
}

// reconcile matches what was found with what was published, and returns what
// is published from now on: nothing is given two identities, nothing changes
// that was not changed, nothing is lost to a typing error.
type reconcile struct {
	cfg    *settings
	now    time.Time
	next   *History
	tree   *tree
	faults []Fault
	once   []Fault // that the next build does not find again
	due    dueTime // of what is public
	secret dueTime // of what is private

	order      []*entry        // of the old history, see History.order
	candidates []*entry        // of these, but for sessions
	live       []*entry        // of the candidates, those that no record has, nearly; see free
	withdrawn  []*entry        // likewise
	sessions   []*entry        // likewise
	latest     time.Time       // that history knows of
	taken      map[string]bool // ids that a record of this build has
	given      map[string]bool // slugs; nil: not looked at yet
	parted     bool            // there are, or were, private records
	turned     map[string]bool // ids of what has changed sides
	gone       []string        // files whose records are withdrawn because they are missing

	published alike    // see onlyOnce
	copies    alike    // what is left out by it
	before    *settled // besides which alone some were looked at; nil: all were
	edited    []*entry // these
	new       []*entry // likewise
	added     bool     // there are records that history did not know
	unsettled bool     // what came out may not be what comes out of it again
}

func (r *reconcile) run() bool {
	r.taken = make(map[string]bool, r.next.entries.len())
	for _, e := range r.order {
		if e.Parent != "" {
			r.sessions = append(r.sessions, e)
			continue
		}
		r.candidates = append(r.candidates, e)
		if e.live() {
			r.live = append(r.live, e)
		} else {
			r.withdrawn = append(r.withdrawn, e)
		}
		if e.Updated.After(r.latest) {
			r.latest = e.Updated
		}
	}
	for _, v := range r.next.outputs.all() {
		if v.Modified.After(r.latest) {
			r.latest = v.Modified
		}
	}
	r.sides()
	r.match()
	r.secretCopies()
	r.turn(true)
	r.visibility()
	r.onlyOnce()
	if !r.removals() {
		return false
	}
	for _, f := range r.tree.records {
		switch {
		case f.shown:
			r.publish(f)
		case f.entry != nil:
			r.withdraw(f.entry, f.lapsed)
		}
	}
	r.foldUIDs()
	for _, e := range r.candidates {
		switch {
		case r.taken[e.ID]:
		case e.live() && r.kept(e):
			r.explainKept(e)
		default:
			if e.live() {
				r.gone = append(r.gone, e.Path) // candidates are in the order of their paths
			}
			r.withdraw(e, false)
		}
	}
	r.gone = slices.Compact(r.gone)
	r.programmes()
	return true
}

// order returns the entries of a history by where they stand. Before is that of
// another, which is nearly the same.
func (h *History) order(before []*entry) []*entry {
	list := make([]*entry, 0, h.entries.len())
	for _, e := range before {
		if e := h.entries.get(e.ID); e != nil {
			list = append(list, e)
		}
	}
	if len(list) < h.entries.len() {
		list = list[:0]
		for _, e := range h.entries.all() {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, func(a, b *entry) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(a.Line, b.Line), strings.Compare(a.ID, b.ID))
	})
	return list
}

// visibility decides what is due, and notes when that will next change. What
// is published goes by the latest time that history knows, where the clock has
// been set back behind it.
func (r *reconcile) visibility() {
	for _, f := range r.tree.records {
		if f.Draft && (f.Broken || !r.cfg.Drafts) {
			continue
		}
		f.shown = true
		now, known := r.now, r.now
		if r.latest.After(now) {
			known = r.latest
		}
		if f.entry != nil {
			now = known
		}
		begin := f.NotBefore
		if f.Kind == content.Article && f.Origin == "front matter" && f.Published.After(begin) {
			begin = f.Published
		}
		if begin.After(now) {
			f.shown = false
			r.dueOf(f.private).at(begin)
		}
		if f.NotAfter.IsZero() {
			continue
		}
		if f.NotAfter.After(known) {
			r.dueOf(f.private).at(f.NotAfter)
		} else {
			f.shown, f.lapsed = false, true
		}
	}
}

// recently is for how long withdrawals count together: a folder that is
// emptied slowly is still emptied.
const recently = time.Hour

// removals reports whether so much may be withdrawn at once: most of the
// articles, of the events, or of the events to come may not.
func (r *reconcile) removals() bool {
	hidden := map[string]bool{}
	for _, f := range r.tree.records {
		if f.entry != nil && !f.shown && !f.lapsed {
			hidden[f.entry.ID] = true
		}
	}
	groups := []struct {
		name                    string
		before, removed, lately int
	}{{name: "articles"}, {name: "events"}, {name: "events to come"}}
	for _, e := range r.candidates {
		if r.turned[e.ID] {
			continue // which somebody wants
		}
		in := []int{0}
		if e.Kind == content.Event {
			if in = []int{1}; e.Record != nil && !r.cfg.over(e.Record, r.now) {
				in = []int{1, 2}
			}
		}
		for _, i := range in {
			g := &groups[i]
			switch {
			case e.live():
				g.before++
				if hidden[e.ID] || !r.taken[e.ID] && !r.kept(e) {
					g.removed++
				}
			case r.now.Sub(e.Withdrawn) < recently && !r.taken[e.ID]:
				g.before++
				g.lately++
			}
		}
	}
	for _, g := range groups {
		if all := g.removed + g.lately; g.removed > 0 && all > few && all*100 > g.before*r.cfg.MaxRemoval {
			r.faults = append(r.faults, faultAt("", Error, "mass-removal",
				"%w: %d of %d %s, within an hour; the last site stays as it is. If this is meant, set max_removal: 100 in the configuration until it is done", ErrMassRemoval, all, g.before, g.name))
			return false
		}
	}
	return true
}

// kept reports whether an entry that no record claims stays published: its
// file is there but faulty or no longer understood, or cannot be read.
func (r *reconcile) kept(e *entry) bool {
	return !r.turned[e.ID] && (r.tree.failed(e.Path) || r.tree.present(e.Path) && !r.tree.yields(e.Path) || r.tree.unreadable(e.Path))
}

func (r *reconcile) explainKept(e *entry) {
	if r.tree.failed(e.Path) || r.tree.unreadable(e.Path) {
		return // the fault of the file says it
	}
	r.faults = append(r.faults, faultAt(e.Path, Error, "no-longer-a-record",
		"this was published as %q and gives no record any more; its last good form stays. To withdraw it, delete the file or set published: false", e.Record.Title))
}

// publish gives a record its entry: the one it has, a new revision of it, or
// a new one.
func (r *reconcile) publish(f *found) {
	old := f.entry
	if old == nil {
		r.first(f)
		return
	}
	if old.live() && old.Kind != f.Kind {
		r.faults = append(r.faults, Fault{Pos: f.pos(), Rule: "kind-changed", Err: fmt.Errorf(
			"this was published as an %s and reads as an %s now; its last good form stays. If this is meant, delete the file and put it under another name", old.Kind, f.Kind)})
		return
	}
	if f.UID != "" && old.Declared != f.UID && old.ID != f.UID {
		r.faults = append(r.faults, Fault{Pos: f.pos(), Severity: Warning, Rule: "uid-changed", Err: fmt.Errorf(
			"uid is %q; it was published with the identity %q, which it keeps", f.UID, old.ID)})
	}
	if r.stays(f) {
		return
	}
	e := *old
	e.Declared, e.Path, e.Line, e.Source, e.Copies, e.Kind = f.UID, f.Path, f.Line, f.source, strings.Join(f.copies, "\n"), f.Kind
	if e.Seen != f.seen || e.Kind != old.Kind {
		e.Subject, e.Seen = subject(f.Record), f.seen
	}
	if !old.live() || old.Seen != f.seen {
		e.Withdrawn = time.Time{}
		e.Sequence++
		e.Updated = revision(f.Updated, old.Updated, r.now)
		e.First = r.cfg.announced(old, f.Record, r.now)
		if f.Kind == content.Article && f.Origin == "front matter" {
			e.Published = earliest(f.Published, r.now)
		}
	}
	if e == *old && old.Record.Language == f.Language && old.Record.Programme == f.Programme { // which settings say, too
		if text := r.tree.bodies[f.Record]; text != nil {
			r.tree.bodies[old.Record] = text // equal, and not to be made again
		}
		return
	}
	e.Record, e.Whole = f.Record, false
	f.entry = &e
	r.next.entries.set(e.ID, &e)
	r.latest = later(r.latest, e.Updated)
	if !old.live() || e.Declared != old.Declared || e.Path != old.Path || e.Line != old.Line || e.Copies != old.Copies || e.Kind != old.Kind {
		r.unsettled = true
	}
}

// stays reports, sooner than publish would find, whether a record is in every
// respect what its entry says, as most are.
func (r *reconcile) stays(f *found) bool {
	e := f.entry
	return e.Record == f.Record && e.live() && len(f.copies) == 0 && e.Copies == "" &&
		e.Declared == f.UID && e.Path == f.Path && e.Line == f.Line && e.Source == f.source && e.Kind == f.Kind && e.Seen == f.seen
}

func (r *reconcile) first(f *found) {
	id, name := f.UID, f.name()
	if f.private {
		id, name = "", privateName(f)
	}
	if id == "" || r.next.entries.get(id) != nil {
		id = r.next.newID(r.cfg.id, name)
	}
	published := earliest(f.file, r.now)
	if !f.Published.IsZero() && !(f.Origin == "text" && f.Published.After(r.now)) {
		published = earliest(f.Published, r.now)
	} else if f.Kind == content.Article {
		r.once = append(r.once, Fault{Pos: f.pos(), Severity: Notice, Rule: "no-date", Err: fmt.Errorf(
			"no date is given, neither here nor in the name of the file: %s, the time of the file when it was first seen, is kept; to give another, add date: %[1]s between two lines --- that begin the file", published.Format(time.DateOnly))})
	}
	updated := published
	if f.Updated.After(updated) {
		updated = earliest(f.Updated, r.now)
	}
	e := &entry{
		ID: id, Parent: f.event(), Private: f.private, Declared: f.UID, Path: f.Path, Line: f.Line, Source: f.source, Copies: strings.Join(f.copies, "\n"), Subject: subject(f.Record), Kind: f.Kind,
		Slug: r.slug(f, id), Seen: f.seen,
		Published: published, Created: published, Updated: updated,
		Record: f.Record,
	}
	f.entry = e
	r.taken[id] = true
	r.next.entries.set(id, e)
	r.added = true
	r.unsettled = r.unsettled || f.UID != "" && id != f.UID // else what is published now says which of two has it
}

// withdraw takes an entry out of what is published: an event goes out as
// cancelled for a while first.
func (r *reconcile) withdraw(e *entry, lapsed bool) {
	if e.Record == nil {
		return
	}
	w := *e
	if e.live() {
		w.Withdrawn = r.now.UTC().Truncate(time.Second)
		w.Sequence++
		w.Updated = revision(time.Time{}, e.Updated, r.now)
		r.latest = later(r.latest, w.Updated)
	}
	end := w.Withdrawn.Add(r.cfg.Retain)
	switch {
	case r.turned[e.ID], e.Kind == content.Article, lapsed && e.live() && r.cfg.over(e.Record, r.now), !end.After(r.now):
		w.Record, w.First = nil, nil
	default:
		r.dueOf(e.Private).at(end)
		if !e.live() {
			return
		}
	}
	r.next.entries.set(e.ID, &w)
}

// revision is the time of a visible change: the one the record states where
// that is believable, else now; always later than the last.
func revision(stated, last, now time.Time) time.Time {
	t := now
	if stated.After(last) && !stated.After(now) {
		t = stated
	}
	t = t.UTC().Truncate(time.Second)
	if !t.After(last) {
		t = last.Add(time.Second)
	}
	return t
}

func earliest(t, now time.Time) time.Time {
	if t.IsZero() || t.After(now) {
		t = now
	}
	return t.UTC().Truncate(time.Second)
}

// A dueTime is the earliest of the times it was given.
type dueTime struct{ time.Time }

func (d *dueTime) at(t time.Time) {
	if d.IsZero() || t.Before(d.Time) {
		d.Time = t
	}
}
