package crieur

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/content"
)

// A likeness is what a record has in common with another that is the same
// event, or the same article, in a second place.
type likeness struct {
	key     [sha256.Size]byte // equal for two that are the same, but for the end and the meeting
	summary [sha256.Size]byte // likewise, but for a title that says more; zero: none that tells much
	title   string
	uid     string // the record's own
	private bool   // two of different sides are never the same
	end     time.Time
	online  string
}

// likenessOf returns that of a record whose file has a hash. An event is the
// same if it has the same title, start, end, rule, place, meeting and language,
// whatever its text; an article, if it has the same title, date, language and
// text.
func likenessOf(r *content.Record, source string) likeness {
	l := likeness{title: words(r.Title), uid: r.UID, end: r.When.End, online: r.Online}
	f := newFingerprinter()
	defer f.free()
	f.texts(r.Kind.String())
	if r.Kind == content.Article {
		if r.Summary+r.Body != "" {
			source = "" // what says nothing is the same as its own copy only
		}
		f.texts(l.title, r.Language, source, r.Summary, r.Body)
		f.ints(r.Published.Unix())
		l.key = sha256.Sum256(*f)
		return l
	}
	f.texts(r.Repeat.Rule, r.Language, words(r.Location))
	f.flag(r.When.AllDay)
	f.flag(r.Status == "cancelled")
	for _, times := range [...][]time.Time{{r.When.Start}, r.Repeat.Also, r.Repeat.Except} {
		f.ints(int64(len(times)))
		for _, t := range times {
			f.ints(t.Unix())
		}
	}
	rest := len(*f)
	f.texts("title", l.title)
	l.key = sha256.Sum256(*f)
	if summary := words(r.Summary); len(summary) >= telling {
		*f = (*f)[:rest]
		f.texts("summary", summary)
		l.summary = sha256.Sum256(*f)
	}
	return l
}

// keys are those that another which is the same may share.
func (l *likeness) keys() [][sha256.Size]byte {
	if l.summary == [sha256.Size]byte{} {
		return [][sha256.Size]byte{l.key}
	}
	return [][sha256.Size]byte{l.key, l.summary}
}

// telling is how many bytes a summary has that two events do not share by
// chance, as they do "Gratuit, sur inscription".
const telling = 80

// same reports whether two records are one: neither ends at another time or
// meets at another address, and all else is equal; or all is, down to the
// summary, but that the title of one says more than that of the other.
func (l *likeness) same(o *likeness) bool {
	switch {
	case l.private != o.private,
		!l.end.IsZero() && !o.end.IsZero() && !l.end.Equal(o.end),
		l.online != "" && o.online != "" && l.online != o.online:
		return false
	case l.key == o.key:
		return true
	}
	return l.summary == o.summary && l.summary != [sha256.Size]byte{} && (strings.Contains(l.title, o.title) || strings.Contains(o.title, l.title))
}

// maxDoubles is with how many that have one key in common a record is compared.
const maxDoubles = 100

// alike are records by the keys of their likeness.
type alike map[[sha256.Size]byte]chain

// A chain is records that have a key in common, in the order in which they were added.
type chain struct {
	first *found
	more  []*found
}

// find returns the first that is the same as f, or nil; one that has another
// uid of its own only where all have.
func (c chain) find(f *found) (other *found) {
	for i := 0; c.first != nil && i <= min(len(c.more), maxDoubles-1); i++ {
		o := c.first
		if i > 0 {
			o = c.more[i-1]
		}
		switch {
		case !o.like.same(&f.like):
		case !o.like.distinct(&f.like):
			return o
		case other == nil:
			other = o
		}
	}
	return other
}

// find returns the first that is the same as f by either key, as a chain does.
func (a alike) find(f *found) (other *found) {
	for _, key := range f.like.keys() {
		o := a[key].find(f)
		if o != nil && !o.like.distinct(&f.like) {
			return o
		}
		if other == nil {
			other = o
		}
	}
	return other
}

// distinct reports whether two records have uids of their own that differ.
func (l *likeness) distinct(o *likeness) bool { return l.uid != "" && o.uid != "" && l.uid != o.uid }

func (a alike) add(f *found) {
	for _, key := range f.like.keys() {
		c := a[key]
		if c.first == nil {
			c.first = f
		} else {
			c.more = append(c.more, f)
		}
		a[key] = c
	}
}

// onlyOnce leaves out a record that stands in a second place. What is published
// comes first, then what has a uid of its own, then the first by path. What is
// published twice already stays, and so do two that have uids of their own. The
// one that is published goes on in the other when it is hidden.
func (r *reconcile) onlyOnce() {
	rank := func(f *found) int {
		switch {
		case !f.shown:
			return 4
		case f.live():
			return 0
		case f.entry != nil:
			return 1
		case f.UID != "":
			return 2
		}
		return 3
	}
	first, copies := make(alike, len(r.tree.records)), map[string]*found{}
	r.published, r.copies = first, alike{}
	for _, f := range r.tree.records {
		if f.shown && f.live() {
			for _, mark := range f.entry.copies() {
				copies[mark] = f
			}
		}
	}
	for _, f := range slices.SortedStableFunc(slices.Values(r.tree.records), func(a, b *found) int { return cmp.Compare(rank(a), rank(b)) }) {
		o := first.find(f)
		switch {
		case !f.shown:
			switch {
			case !f.live():
			case o != nil && !o.live():
				if o.entry != nil {
					delete(r.taken, o.entry.ID)
				}
				r.pair(o, f.entry)
				f.entry = nil
			case f.Path != f.entry.Path && r.kept(f.entry): // what is hidden takes nothing from a file that is faulty
				delete(r.taken, f.entry.ID)
				f.entry = nil
			}
			continue
		case o == nil:
			if len(copies) > 0 {
				o = copies[f.mark()]
			}
			if o == nil || f.live() {
				first.add(f)
				continue
			}
			r.double(f, "this was the same as %s until that was changed; it is left out until it is changed too: delete it", o.pos())
		case f.live(), f.like.distinct(&o.like):
			r.double(f, "this is the %s of %s: %s; both are published, delete one", f.Kind, o.pos(), common(o, f))
			first.add(f) // a copy of it may follow
			continue
		default:
			r.double(f, "this is the %s of %s: %s; it is published once, delete one", f.Kind, o.pos(), common(o, f))
		}
		r.copies.add(f)
		f.shown = false
		o.copies = append(o.copies, f.mark())
	}
}

func (r *reconcile) double(f *found, format string, args ...any) {
	r.faults = append(r.faults, Fault{Pos: f.pos(), Severity: Warning, Rule: "double", Err: fmt.Errorf(format, args...)})
}

// likenesses pairs what is live and stands no longer where it stood with the
// first record that is the same.
func (r *reconcile) likenesses() {
	free := r.free(true)
	if len(free) == 0 {
		return
	}
	left := alike{}
	for _, draft := range []bool{false, true} {
		for _, f := range r.tree.records {
			if f.entry == nil && f.Draft == draft {
				left.add(f)
			}
		}
	}
	for _, e := range free {
		like := likenessOf(e.Record, e.Source)
		like.private = e.Private
		if f := left.find(&found{like: like}); f != nil && f.entry == nil {
			r.pair(f, e)
		}
	}
}

// mark tells a record that was left out because it is the same as another: as
// long as its file is what it was, it does not come back when the other moves.
func (f *found) mark() string { return fmt.Sprintf("%q %d %s", f.Path, f.Line, f.source) }

// copies are the marks of the records that e was the same as.
func (e *entry) copies() []string {
	if e.Copies == "" {
		return nil
	}
	return strings.Split(e.Copies, "\n")
}

// standBy leaves out the copies of what stands in a faulty file: its last good
// form stays, and none of them takes its place because of a slip.
func (r *reconcile) standBy() {
	copies := map[string]*entry{}
	for _, e := range r.candidates {
		if e.Copies != "" && e.live() && r.kept(e) {
			for _, mark := range e.copies() {
				copies[mark] = e
			}
		}
	}
	if len(copies) == 0 {
		return
	}
	r.tree.records = slices.DeleteFunc(r.tree.records, func(f *found) bool {
		e := copies[f.mark()]
		if e == nil || e.Kind != f.Kind || !sameSide(f, e) {
			return false
		}
		r.double(f, "this was the same as %s:%d, whose last good form stays while that file is faulty: correct that, or delete it", e.Path, e.Line)
		return true
	})
}

// originals pairs what has copies with its own place, where just its title or
// its start has changed, before one of the copies would take its identity.
func (r *reconcile) originals() {
	for _, e := range r.free(true) {
		if e.Copies == "" {
			continue
		}
		for _, f := range r.tree.at(e.Path) {
			if f.entry == nil && f.Kind == e.Kind && sameSide(f, e) && (words(f.Title) == words(e.Record.Title) || f.Kind == content.Event && f.When.Start.Equal(e.Record.When.Start)) {
				r.pair(f, e)
				break
			}
		}
	}
}

// heirs pairs what has copies and is gone with the first of them.
func (r *reconcile) heirs() {
	for _, e := range r.free(true) {
		if e.Copies == "" || r.tree.present(e.Path) || r.tree.unreadable(e.Path) {
			continue
		}
		i := slices.IndexFunc(r.tree.records, func(f *found) bool {
			return f.entry == nil && f.Kind == e.Kind && sameSide(f, e) && slices.Contains(e.copies(), f.mark())
		})
		if i >= 0 {
			r.pair(r.tree.records[i], e)
		}
	}
}

// live reports whether f goes on with what is published.
func (f *found) live() bool { return f.entry != nil && f.entry.live() }

// common says in what two records are the same.
func common(a, b *found) string {
	switch {
	case a.source == b.source:
		return "the same file"
	case a.UID != "" && a.UID == b.UID:
		return fmt.Sprintf("the same uid %q, title and start", a.UID)
	case a.Kind == content.Article:
		return "the same title, date and text"
	case words(a.Title) != words(b.Title):
		return "the same start, place and summary, and a title that says as much"
	case a.Body != b.Body:
		return "the same title, start and place, with another text"
	}
	return "the same title, start and place"
}
