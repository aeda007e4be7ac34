package feeds

import (
	"slices"
	"time"
)

// equal reports whether a and b are written alike.
func (a *Article) equal(b *Article) bool {
	return a.ID == b.ID && a.URL == b.URL && a.Title == b.Title && a.Summary == b.Summary && a.Content == b.Content &&
		slices.Equal(a.Authors, b.Authors) && slices.Equal(a.Tags, b.Tags) && a.Language == b.Language &&
		a.Published.Equal(b.Published) && a.Updated.Equal(b.Updated) &&
		a.Image == b.Image && equalPointers(a.Enclosure, b.Enclosure) && equalPointers(a.Source, b.Source) &&
		a.Event.equal(b.Event) && a.Calendar == b.Calendar
}

func (e *Event) equal(o *Event) bool {
	if e == nil || o == nil {
		return e == o
	}
	return equalClocks(e.Start, o.Start) && equalClocks(e.End, o.End) && e.AllDay == o.AllDay && e.Location == o.Location
}

// equalClocks reports whether t and u are the same instant on clocks that show the same.
func equalClocks(t, u time.Time) bool {
	_, a := t.Zone()
	_, b := u.Zone()
	return t.Equal(u) && a == b
}

func equalPointers[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// clone returns a copy of a that nobody else can change.
func (a *Article) clone() Article {
	c := *a
	c.Authors, c.Tags = slices.Clone(a.Authors), slices.Clone(a.Tags)
	c.Enclosure, c.Source, c.Event = clonePointer(a.Enclosure), clonePointer(a.Source), clonePointer(a.Event)
	return c
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}
