package crieur

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
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
	plain  *string
	shown  bool // false: a draft, not yet due, or expired
	lapsed bool // hidden because it expired
	entry  *entry
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
	due    dueTime

	candidates []*entry        // of the old history, in a stable order
	taken      map[string]bool // ids that a record of this build has
	given      map[string]bool // slugs
}

func (r *reconcile) run() bool {
	r.candidates = slices.SortedFunc(maps.Values(r.next.entries), func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.line(), b.line()), cmp.Compare(a.ID, b.ID))
	})
	r.taken = map[string]bool{}
	r.given = map[string]bool{}
	for _, e := range r.candidates {
		r.given[slugSpace(e.Kind)+e.Slug] = true
	}
	r.visibility()
	r.match()

	before, removed := 0, 0
	for _, e := range r.candidates {
		if !e.live() {
			continue
		}
		before++
		if !r.taken[e.ID] && !r.kept(e) {
			removed++
		}
	}
	for _, f := range r.tree.records {
		if f.entry != nil && f.entry.live() && !f.shown && !f.lapsed {
			removed++
		}
	}
	if removed > few && removed*100 > before*r.cfg.MaxRemoval {
		r.faults = append(r.faults, faultAt("", Error, "mass-removal",
			"%w: %d of %d records; the last site stays as it is. If this is meant, set max_removal: 100 in the configuration until it is done", ErrMassRemoval, removed, before))
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
	for _, e := range r.candidates {
		switch {
		case r.taken[e.ID]:
		case e.live() && r.kept(e):
			r.explainKept(e)
		default:
			r.withdraw(e, false)
		}
	}
	return true
}

func (e *entry) line() int {
	if e.Record == nil {
		return 0
	}
	return e.Record.Line
}

// visibility decides what is due, and notes when that will next change.
func (r *reconcile) visibility() {
	for _, f := range r.tree.records {
		f.shown = !f.Draft || r.cfg.Drafts
		begin := f.NotBefore
		if f.Kind == content.Article && f.Origin == "front matter" && f.Published.After(begin) {
			begin = f.Published
		}
		if begin.After(r.now) {
			f.shown = false
			r.due.at(begin)
		}
		if !f.NotAfter.IsZero() {
			if f.NotAfter.After(r.now) {
				r.due.at(f.NotAfter)
			} else {
				f.shown, f.lapsed = false, true
			}
		}
	}
}

// match finds the entry of each record: by its own uid, by its path, and,
// for files that have a new name, by what they hold. The order of the steps
// is that of their certainty.
func (r *reconcile) match() {
	r.uids()
	r.paths()
	r.moved(func(f *found) string { return fmt.Sprint(f.Kind, f.source, f.Line) },
		func(e *entry) string { return fmt.Sprint(e.Kind, e.Source, e.line()) })
	r.moved(func(f *found) string { return subject(f.Record) },
		func(e *entry) string { return subject(e.Record) })
}

// subject says what a record is about: its title and, for an event, its start.
func subject(c *content.Record) string {
	if c == nil {
		return ""
	}
	if c.Kind == content.Event {
		return fmt.Sprint("e", c.When.Start.Unix(), c.Title)
	}
	return "a" + c.Title
}

func (r *reconcile) pair(f *found, e *entry) {
	f.entry = e
	r.taken[e.ID] = true
}

func (r *reconcile) uids() {
	owner := map[string]*found{}
	known := map[string]*entry{}
	for _, e := range r.candidates {
		known[e.ID] = e
	}
	for _, e := range r.candidates {
		if e.Declared != "" {
			known[e.Declared] = e
		}
	}
	records := r.tree.records[:0]
	for _, f := range r.tree.records {
		if f.UID != "" {
			if first := owner[f.UID]; first != nil {
				r.faults = append(r.faults, Fault{Pos: f.pos(), Rule: "duplicate-uid", Err: fmt.Errorf(
					"uid %q is already that of %s; one of the two is left out, give it another uid", f.UID, first.pos())})
				r.tree.failed[f.Path] = true
				continue
			}
			owner[f.UID] = f
			if e := known[f.UID]; e != nil && !r.taken[e.ID] {
				r.pair(f, e)
			}
		}
		records = append(records, f)
	}
	r.tree.records = records
}

func (r *reconcile) paths() {
	entries := map[string][]*entry{}
	for _, e := range r.candidates {
		if !r.taken[e.ID] {
			entries[e.Path] = append(entries[e.Path], e)
		}
	}
	files := map[string][]*found{}
	for _, f := range r.tree.records {
		if f.entry == nil {
			files[f.Path] = append(files[f.Path], f)
		}
	}
	for p, records := range files {
		if len(records) == 1 && len(entries[p]) == 1 {
			r.pair(records[0], entries[p][0])
			continue
		}
		// In a file of many records the subject tells which is which; what
		// is left over is taken in order.
		for _, same := range []func(f *found, e *entry) bool{
			func(f *found, e *entry) bool { return subject(f.Record) == subject(e.Record) },
			func(f *found, e *entry) bool { return f.Line == e.line() },
			func(f *found, e *entry) bool { return e.live() && !r.tree.failed[p] },
		} {
			for _, f := range records {
				for _, e := range entries[p] {
					if f.entry == nil && !r.taken[e.ID] && same(f, e) {
						r.pair(f, e)
					}
				}
			}
		}
	}
}

// moved pairs records without an entry with entries whose file is no more,
// where the key of one is that of exactly one other.
func (r *reconcile) moved(keyOf func(*found) string, keyOfEntry func(*entry) string) {
	entries := map[string][]*entry{}
	for _, e := range r.candidates {
		if !r.taken[e.ID] && e.Record != nil && !r.tree.present(e.Path) {
			entries[keyOfEntry(e)] = append(entries[keyOfEntry(e)], e)
		}
	}
	records := map[string][]*found{}
	for _, f := range r.tree.records {
		if f.entry == nil {
			records[keyOf(f)] = append(records[keyOf(f)], f)
		}
	}
	for key, fs := range records {
		if es := entries[key]; len(es) == 1 && len(fs) == 1 && es[0].Kind == fs[0].Kind {
			r.pair(fs[0], es[0])
		}
	}
}

// kept reports whether an entry that no record claims stays published: its
// file is there but faulty or no longer understood, or cannot be read.
func (r *reconcile) kept(e *entry) bool {
	return r.tree.failed[e.Path] || r.tree.present(e.Path) && !r.tree.yields[e.Path] || r.tree.unreadable(e.Path)
}

func (r *reconcile) explainKept(e *entry) {
	if r.tree.failed[e.Path] || r.tree.unreadable(e.Path) {
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
	e := *old
	e.Declared, e.Path, e.Source, e.Kind = f.UID, f.Path, f.source, f.Kind
	e.Record, e.plain = f.Record, f.plain
	e.Seen = f.seen
	changed := !old.live() || old.Record == nil || old.Seen != f.seen && fingerprint(old.Record) != f.seen
	if changed {
		e.Withdrawn = time.Time{}
		e.Sequence++
		e.Updated = revision(f.Updated, old.Updated, r.now)
		if f.Kind == content.Article && f.Origin == "front matter" {
			e.Published = earliest(f.Published, r.now)
		}
	}
	if !changed && old.Path == e.Path && old.Source == e.Source && old.Declared == e.Declared && old.Seen == e.Seen {
		if old.plain == nil {
			old.plain = f.plain
		}
		return
	}
	r.next.entries[e.ID] = &e
}

func (r *reconcile) first(f *found) {
	id := f.UID
	if id == "" || r.next.entries[id] != nil {
		id = r.next.newID(r.cfg.id, recordName(f.Record))
	}
	published := earliest(f.file, r.now)
	if !f.Published.IsZero() && !(f.Origin == "text" && f.Published.After(r.now)) {
		published = earliest(f.Published, r.now)
	} else if f.Kind == content.Article {
		r.faults = append(r.faults, Fault{Pos: f.pos(), Severity: Notice, Rule: "no-date", Err: fmt.Errorf(
			"no date is given, neither here nor in the name of the file: %s, the time of the file when it was first seen, is kept; to give another, add date: %[1]s between two lines --- that begin the file", published.Format(time.DateOnly))})
	}
	updated := published
	if f.Updated.After(updated) {
		updated = earliest(f.Updated, r.now)
	}
	e := &entry{
		ID: id, Declared: f.UID, Path: f.Path, Source: f.source, Kind: f.Kind,
		Slug: r.slug(f.Kind, f.Title, id), Seen: f.seen,
		Published: published, Created: published, Updated: updated,
		Record: f.Record, plain: f.plain,
	}
	f.entry = e
	r.taken[id] = true
	r.next.entries[id] = e
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
	}
	end := w.Withdrawn.Add(r.cfg.Retain)
	switch {
	case e.Kind == content.Article, lapsed && e.live() && r.cfg.over(e.Record, r.now), !end.After(r.now):
		w.Record, w.plain = nil, nil
	default:
		r.due.at(end)
		if !e.live() {
			return
		}
	}
	r.next.entries[e.ID] = &w
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

// recordName is the path of a record; the second and later ones of a file
// have their line with it.
func recordName(c *content.Record) string {
	if c.Line > 1 {
		return fmt.Sprintf("%s\n%d", c.Path, c.Line)
	}
	return c.Path
}

func (r *reconcile) slug(kind content.Kind, title, id string) string {
	s := uniqueSlug(slug(title, r.cfg.Language), id, func(s string) bool { return r.given[slugSpace(kind)+s] })
	r.given[slugSpace(kind)+s] = true
	return s
}

func slugSpace(kind content.Kind) string {
	return kind.String() + "/"
}

// A dueTime is the earliest of the times it was given.
type dueTime struct{ time.Time }

func (d *dueTime) at(t time.Time) {
	if d.IsZero() || t.Before(d.Time) {
		d.Time = t
	}
}

// under reports whether the slash-separated path p is dir or below it.
func under(p, dir string) bool {
	return dir == "" || dir == "." || p == dir || strings.HasPrefix(p, dir+"/") || path.Clean(dir) == p
}
