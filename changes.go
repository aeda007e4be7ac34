package crieur

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/content"
)

// A Change is what became of one record between two histories, as subscribers
// see it.
type Change struct {
	Path  string // of its file, slash-separated and relative to the content tree
	Line  int    // on which the record begins, from 1
	Title string // the present one, or the last
	What  ChangeKind

	// Private is set for what is for secret channels alone; Title and Fields tell
	// of it.
	Private bool

	// Fields are those that differ, in an order that does not change; of a
	// Changed record alone. It is empty where something else shows the record
	// otherwise: its address, after a change of the configuration.
	Fields []FieldChange
}

// A FieldChange is one thing that subscribers see of a record, in words of
// one line or more; an empty one was not there, or is not any more.
type FieldChange struct{ Name, Old, New string }

// A ChangeKind says what became of a record.
type ChangeKind uint8

const (
	Added     ChangeKind = iota // is seen for the first time
	Changed                     // is seen otherwise
	Withdrawn                   // an event that is still seen, as cancelled, for Config.Retain
	Restored                    // is seen again, after it was withdrawn or removed
	Removed                     // is not seen any more
)

// String returns "new", "changed", "withdrawn", "restored" or "removed".
func (k ChangeKind) String() string {
	if names := []string{"new", "changed", "withdrawn", "restored", "removed"}; int(k) < len(names) {
		return names[k]
	}
	return "ChangeKind(" + strconv.Itoa(int(k)) + ")"
}

// Changes yields what subscribers see of the records of h that they did not
// see so in old, by file and line. A nil old has published nothing. Nothing is
// compared before the sequence is ranged over.
func (h *History) Changes(old *History) iter.Seq[Change] {
	if old == nil {
		old = new(History)
	}
	return func(yield func(Change) bool) {
		type pair struct{ was, is *entry }
		var differ []pair
		for id, e := range h.entries.since(&old.entries) {
			if was := old.entries.get(id); was != e {
				differ = append(differ, pair{was, e})
			}
		}
		slices.SortFunc(differ, func(a, b pair) int {
			return cmp.Or(cmp.Compare(a.is.Path, b.is.Path), cmp.Compare(a.is.Line, b.is.Line), cmp.Compare(a.is.ID, b.is.ID))
		})
		for _, d := range differ {
			if c, ok := d.is.change(d.was); ok && !yield(c) {
				return
			}
		}
	}
}

// change is what became of an entry; false: nothing that is seen. The entry
// before it is nil where it is new.
func (e *entry) change(was *entry) (c Change, ok bool) {
	c = Change{Path: e.Path, Line: e.Line, Private: e.Private}
	record := e.Record
	switch {
	case was != nil && was.Record != nil && e.Record == nil:
		c.What, record = Removed, was.Record
	case e.Record == nil:
		return c, false
	case was == nil:
		c.What = Added
	case was.live() && !e.live():
		c.What = Withdrawn
	case !was.live() && e.live():
		c.What = Restored
	case was.Seen != e.Seen:
		c.What = Changed
		c.Fields = fieldChanges(was.Record, e.Record)
	default:
		return c, false
	}
	c.Title = record.Title
	return c, true
}

func fieldChanges(was, is *content.Record) (list []FieldChange) {
	for _, f := range seenFields {
		if o, n := f.value(was), f.value(is); o != n {
			list = append(list, FieldChange{f.name, o, n})
		}
	}
	return list
}

// seenFields are the fields of a record that its fingerprint counts.
var seenFields = []struct {
	name  string
	value func(r *content.Record) string
}{
	{"kind", func(r *content.Record) string { return r.Kind.String() }},
	{"title", func(r *content.Record) string { return r.Title }},
	{"status", func(r *content.Record) string { return r.Status }},
	{"start", func(r *content.Record) string { return moment(r.When.Start, r.When.AllDay) }},
	{"end", func(r *content.Record) string { return moment(r.When.End, r.When.AllDay) }},
	{"repeat", func(r *content.Record) string { return r.Repeat.Rule }},
	{"also", func(r *content.Record) string { return joined(r.Repeat.Also, day) }},
	{"except", func(r *content.Record) string { return joined(r.Repeat.Except, day) }},
	{"date", func(r *content.Record) string {
		if r.Kind == content.Event || r.Published.IsZero() {
			return ""
		}
		return r.Published.Format(time.RFC3339) // nobody sees in what zone
	}},
	{"location", func(r *content.Record) string { return r.Location }},
	{"position", func(r *content.Record) string {
		if !r.HasPosition {
			return ""
		}
		return fmt.Sprintf("%v, %v", r.Latitude, r.Longitude)
	}},
	{"online", func(r *content.Record) string { return r.Online }},
	{"organizer", func(r *content.Record) string { return person(r.Organizer) }},
	{"contact", func(r *content.Record) string { return r.Contact }},
	{"authors", func(r *content.Record) string { return joined(r.Authors, person) }},
	{"reminders", func(r *content.Record) string { return joined(r.Reminders, time.Duration.String) }},
	{"page", func(r *content.Record) string { return r.Permalink }},
	{"links", func(r *content.Record) string {
		return joined(r.Links, func(l content.Link) string { return spaced(l.Title, l.URL) })
	}},
	{"details", func(r *content.Record) string {
		return joined(r.Details, func(d content.Detail) string { return spaced(d.Label, d.Text, d.URL) })
	}},
	{"categories", func(r *content.Record) string { return strings.Join(r.Categories, ", ") }},
	{"tags", func(r *content.Record) string { return strings.Join(r.Tags, ", ") }},
	{"language", func(r *content.Record) string { return r.Language }},
	{"image", func(r *content.Record) string { return spaced(r.Image, r.ImageAlt) }},
	{"enclosures", func(r *content.Record) string {
		return joined(r.Enclosures, func(e content.Enclosure) string {
			return spaced(e.Title, e.URL, e.Type, strconv.FormatInt(e.Length, 10))
		})
	}},
	{"summary", func(r *content.Record) string { return r.Summary }},
	{"format", func(r *content.Record) string {
		if r.Body == "" {
			return ""
		}
		return fmt.Sprint(r.Format)
	}},
	{"text", func(r *content.Record) string { return r.Body }},
}

// moment spells a time with the name of its zone, as RFC 9557 does.
func moment(t time.Time, allDay bool) string {
	if t.IsZero() {
		return ""
	}
	if allDay {
		return day(t)
	}
	s := t.Format(time.RFC3339)
	if name := t.Location().String(); name != "" && name != "UTC" {
		s += "[" + name + "]"
	}
	return s
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

func person(p content.Person) string { return spaced(p.Name, p.Email, p.URL) }

// spaced joins what is not empty.
func spaced(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

func joined[T any](list []T, text func(T) string) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = text(v)
	}
	return strings.Join(parts, ", ")
}
