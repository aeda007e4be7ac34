package interop_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/crieur/crieur/calendar"
)

// A generator makes events of every kind that the model knows, ordinary ones
// and hostile ones. What it makes depends on its seed alone.
type generator struct {
	*rand.Rand
	zones  []*time.Location
	series int // how many events of a hundred are
}

func newGenerator(t testing.TB, seed uint64) *generator {
	t.Helper()
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0))}
	for _, name := range zoneNames {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		g.zones = append(g.zones, loc)
	}
	g.zones = append(g.zones, time.UTC, time.FixedZone("", 5400), time.FixedZone("CET", 3600))
	return g
}

// zoneNames are zones of every kind: with and without changes, of whole hours
// and of others, of both hemispheres, told by a rule and not. The first three
// are those of most events.
var zoneNames = []string{
	"Europe/Paris", "America/New_York", "Asia/Tokyo",
	"Africa/Cairo", "Africa/Casablanca", "Africa/Lagos", "America/Caracas", "America/Havana", "America/Indiana/Indianapolis",
	"America/Nuuk", "America/Santiago", "America/Sao_Paulo", "America/St_Johns", "America/Vancouver",
	"Antarctica/Troll", "Asia/Beirut", "Asia/Gaza", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tehran",
	"Atlantic/Azores", "Australia/Adelaide", "Australia/Lord_Howe", "Europe/Chisinau", "Europe/Dublin", "Europe/Lisbon",
	"Europe/London", "Europe/Moscow", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Marquesas",
}

// in reports true n times in a hundred.
func (g *generator) in(n int) bool { return g.IntN(100) < n }

// of returns one of list.
func of[T any](g *generator, list ...T) T { return list[g.IntN(len(list))] }

// calendar returns a calendar of n events, which are those from the number
// first.
func (g *generator) calendar(first, n int) *calendar.Calendar {
	c := &calendar.Calendar{
		Name: g.text(), Description: g.text(), ProdID: g.optional(20), Language: of(g, "", "fr", "zh-Hant-TW"), Color: of(g, "", "teal"),
		URL: g.optionalURI(50), Source: g.optionalURI(50), Image: g.optionalURI(20), Location: of(g, g.zones...),
		Refresh: of(g, 0, time.Hour, 90*time.Minute+time.Second), Updated: g.moment(), Extra: g.extra(),
	}
	for i := range n {
		e := g.event(first + i)
		if g.in(g.series) {
			g.repeat(&e)
		}
		c.Events = append(c.Events, e)
	}
	return c
}

// event returns the event of a number, in which every field may be anything.
func (g *generator) event(number int) calendar.Event {
	e := calendar.Event{
		UID:          fmt.Sprintf("%d%s", number, of(g, "", "@valmorin.example", `-x^"y':z=<w>/?#%n@[::1]`, strings.Repeat("-long", 40))),
		Summary:      g.text(),
		Description:  g.optional(70),
		Location:     g.optional(60),
		Address:      g.optional(20),
		When:         g.when(),
		URL:          g.optionalURI(60),
		Contact:      g.optional(10),
		Image:        g.optionalURI(10),
		Status:       of(g, "", "", calendar.Confirmed, calendar.Confirmed, calendar.Tentative, calendar.Cancelled),
		Transparency: of(g, "", "", "", calendar.Opaque, calendar.Transparent),
		Class:        of(g, "", "", "", calendar.Public, calendar.Private, calendar.Confidential),
		Priority:     max(0, g.IntN(20)-10),
		Color:        of(g, "", "", "", "teal", "CornflowerBlue"),
		Updated:      g.moment(),
		Sequence:     of(g, 0, 0, 1, 2, 40, g.IntN(1<<31)),
		Extra:        g.extra(),
	}
	if cleanLine(e.Summary) == "" {
		e.Summary = "Sans titre"
	}
	if cleanText(e.Description) != "" && g.in(10) {
		e.HTML = "<p>" + g.text() + "</p>"
	}
	if g.in(30) {
		e.Geo = &calendar.Geo{Lat: of(g, 0, -0.0000004, 90, -90, 180*g.Float64()-90), Lon: of(g, 0, 1e-7, 180, -180, 360*g.Float64()-180)}
	}
	for g.in(35) && len(e.Categories) < 5 {
		e.Categories = append(e.Categories, g.text())
	}
	if g.in(30) {
		e.Organizer = calendar.Person{Name: g.text(), Email: of(g, "", "mairie@valmorin.example", "o'brien+fête=1@xn--bcher-kva.example", "a%b&c@münchen.example")}
	}
	for g.in(15) {
		e.Conferences = append(e.Conferences, calendar.Conference{URL: g.uri(), Label: g.optional(60)})
	}
	for g.in(15) {
		e.Attachments = append(e.Attachments, calendar.Attachment{URL: g.uri(), Type: of(g, "", "application/pdf", "image/svg+xml")})
	}
	for g.in(10) {
		e.Reminders = append(e.Reminders, calendar.Reminder{Before: of(g, 0, 15*time.Minute, 36*time.Hour, -5*time.Minute, 24*time.Hour+time.Second), Text: g.optional(50)})
	}
	if g.in(50) {
		e.Created = e.Updated.Add(-time.Duration(g.IntN(1e6)) * time.Second)
	}
	return e
}

// repeat makes e a series.
func (g *generator) repeat(e *calendar.Event) {
	s := randomSeries(g.Rand, of(g, g.zones[:3]...))
	e.When, e.Repeat, e.Also, e.Except = s.When, s.Repeat, s.Also, s.Except
	for _, o := range s.Overrides {
		when := o.Event.When
		o.Event = g.event(0)
		o.Event.UID, o.Event.When = "", when
		o.Event.Updated, o.Event.Sequence = time.Time{}, 0
		e.Overrides = append(e.Overrides, o)
	}
}

// extra returns properties that have no field.
func (g *generator) extra() (list []calendar.Property) {
	for i := 0; g.in(15) && i < 3; i++ {
		p := calendar.Property{Name: fmt.Sprintf("X-VALMORIN-%d", i), Value: g.text()}
		switch g.IntN(5) {
		case 0:
			p.Params = []calendar.Param{{Name: "X-NOTE", Value: g.parameter()}, {Name: "LANGUAGE", Value: "fr"}}
		case 1:
			p.Params, p.Value = []calendar.Param{{Name: "VALUE", Value: "URI"}}, g.uri()
		case 2:
			p.Params, p.Value = []calendar.Param{{Name: "VALUE", Value: "INTEGER"}}, fmt.Sprint(g.IntN(100))
		}
		list = append(list, p)
	}
	return list
}

// parameter returns a text of which something is left when it is cleaned.
func (g *generator) parameter() string {
	s := g.text()
	if cleanLine(s) == "" {
		return "note"
	}
	return s
}

// moment returns a time of some years around now.
func (g *generator) moment() time.Time {
	return now.Add(time.Duration(g.IntN(4*365*86400)-3*365*86400) * time.Second)
}

// when returns whole days, a time with or without an end, or what clocks show.
func (g *generator) when() calendar.When {
	start := g.start()
	if g.in(35) {
		first := calendar.DateOf(start)
		return calendar.Days(first, first.AddDays(of(g, 0, 0, 0, 1, 2, g.IntN(400))))
	}
	floating := g.in(8)
	if floating {
		start = start.UTC() // whose clocks never go back, so that the end stays after the start
	}
	w := calendar.At(start)
	if !g.in(15) {
		w = calendar.Between(start, start.Add(of(g, time.Second, 30*time.Minute, time.Hour, 90*time.Minute, 7*time.Hour, 24*time.Hour, 50*time.Hour, time.Duration(1+g.IntN(1e7))*time.Second)))
	}
	if floating {
		return w.Floating()
	}
	return w
}

// start returns a time in some zone: mostly of these years, and often near a
// change of the clocks or of the day.
func (g *generator) start() time.Time {
	loc := of(g, g.zones...)
	if g.in(50) {
		loc = of(g, g.zones[:3]...)
	}
	year := of(g, 2026, 2026, 2026, 2027, 2027, 2028, 2008+g.IntN(30), 1900+g.IntN(300))
	start := time.Date(year, time.Month(1+g.IntN(12)), 1+g.IntN(31), g.IntN(24), of(g, 0, 0, 0, 15, 30, g.IntN(60)), 0, 0, loc)
	switch g.IntN(10) {
	case 0:
		return time.Date(year, start.Month(), start.Day(), of(g, 0, 23, 24), of(g, 0, 59), of(g, 0, 59), 0, loc)
	case 1:
		if _, change := start.ZoneBounds(); !change.IsZero() && change.Year() < 2200 {
			return change.Add(time.Duration(of(g, -7200, -3601, -3600, -1800, -1, 0, 1, 1800, 3599, 3600, 7200)) * time.Second)
		}
	}
	return start
}
