package calendar

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
)

// manyEvents returns a calendar of n awkward events, six hundred octets each, three in four of them timed.
func manyEvents(t testing.TB, n int) *Calendar {
	paris := zoneNamed(t, "Europe/Paris")
	c := &Calendar{Name: "Agenda", Location: paris, Events: make([]Event, n)}
	for i := range c.Events {
		start := time.Date(2027, time.January, 1+i*700/n, 8+i%12, 0, 0, 0, paris)
		c.Events[i] = Event{
			UID:         fmt.Sprintf("%06d@valmorin.example", i),
			Summary:     fmt.Sprintf("Réunion publique n° %d : voirie, budget; divers", i),
			Description: "Ordre du jour :\n1. Le budget, les travaux de la rue de l'Église ;\n2. Les écoles.\n\nEntrée libre, ouvert à toutes et à tous — renseignements à l'accueil de la mairie.",
			Location:    "Salle des fêtes, 1 place de la Mairie, 00000 Valmorin",
			When:        Between(start, start.Add(90*time.Minute)),
			URL:         fmt.Sprintf("https://valmorin.example/agenda/%d/", i),
			Categories:  []string{"Conseil", "Vie publique"},
			Organizer:   Person{"Mairie de Valmorin", "mairie@valmorin.example"},
			Geo:         &Geo{47.2184, -1.5536},
			Status:      Confirmed,
			Updated:     updated,
			Sequence:    i % 5,
		}
		if i%4 == 0 {
			c.Events[i].When = Days(DateOf(start), DateOf(start))
		}
	}
	return c
}

// BenchmarkWrite writes 10,000 events, and has golang-ical build and write the same ones.
func BenchmarkWrite(b *testing.B) {
	c := manyEvents(b, 10_000)
	b.Run("calendar", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := Encode(io.Discard, c); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("golang-ical", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := theirs(c).SerializeTo(io.Discard, ics.WithNewLineWindows); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// theirs builds c with golang-ical as its README does, with the same properties.
func theirs(c *Calendar) *ics.Calendar {
	cal := ics.NewCalendar()
	cal.SetName(c.Name)
	for i := range c.Events {
		e := &c.Events[i]
		v := cal.AddEvent(e.UID)
		v.SetDtStampTime(e.Updated)
		v.SetModifiedAt(e.Updated)
		v.SetSequence(e.Sequence)
		if e.When.AllDay() {
			v.SetAllDayStartAt(e.When.Start())
			v.SetAllDayEndAt(e.When.End().AddDate(0, 0, 1))
		} else {
			v.SetStartAt(e.When.Start())
			v.SetEndAt(e.When.End())
		}
		v.SetSummary(e.Summary)
		v.SetDescription(e.Description)
		v.SetLocation(e.Location)
		v.SetGeo(e.Geo.Lat, e.Geo.Lon)
		v.AddProperty("X-APPLE-STRUCTURED-LOCATION", fmt.Sprintf("geo:%f,%f", e.Geo.Lat, e.Geo.Lon),
			ics.WithValue("URI"), &ics.KeyValues{Key: "X-APPLE-RADIUS", Value: []string{"100"}}, &ics.KeyValues{Key: "X-TITLE", Value: []string{e.Location}})
		v.SetURL(e.URL)
		for _, s := range e.Categories {
			v.AddCategory(s)
		}
		v.SetOrganizer(e.Organizer.Email, ics.WithCN(e.Organizer.Name))
		v.SetStatus(ics.ObjectStatus(e.Status))
		v.AddProperty("X-MICROSOFT-CDO-BUSYSTATUS", e.busy())
	}
	return cal
}

// BenchmarkDecode reads 10,000 events, and has golang-ical parse the same bytes.
func BenchmarkDecode(b *testing.B) {
	doc := encode(b, manyEvents(b, 10_000))
	b.Run("calendar", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Decode(strings.NewReader(doc)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("golang-ical", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ics.ParseCalendar(strings.NewReader(doc)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkReadBack reads back one event.
func BenchmarkReadBack(b *testing.B) {
	e := &manyEvents(b, 2).Events[1]
	b.ReportAllocs()
	for b.Loop() {
		if err := ReadBack(e); err != nil {
			b.Fatal(err)
		}
	}
}
