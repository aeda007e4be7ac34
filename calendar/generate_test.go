package calendar

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// A generator makes calendars that pass Check, of whatever the model can say, with awkward values in every field. What
// it makes depends on its seed alone.
type generator struct {
	*rand.Rand
	zones []*time.Location
}

func newGenerator(t testing.TB, seed uint64) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 1))}
	for _, name := range []string{"Europe/Paris", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "Europe/Dublin", "Asia/Kolkata"} {
		g.zones = append(g.zones, zoneNamed(t, name))
	}
	return g
}

// calendar returns a calendar of some events, in no order.
func (g *generator) calendar(events int) *Calendar {
	c := &Calendar{
		ProdID:      g.maybe(g.text),
		UID:         g.maybe(g.word),
		Name:        g.maybe(g.text),
		Description: g.maybe(g.text),
		Color:       g.maybe(g.color),
		Image:       g.maybe(g.uri),
		URL:         g.maybe(g.uri),
		Source:      g.maybe(g.uri),
		Refresh:     time.Duration(g.IntN(3)*g.IntN(1e6)) * time.Second,
		Extra:       g.extra(),
	}
	if g.chance(2) && !isEmpty(c.Name+c.Description) {
		c.Language = g.pick("fr", "en-GB", "zh-Hant")
	}
	if g.chance(2) {
		c.Location = g.zones[g.IntN(len(g.zones))]
	}
	if g.chance(2) {
		c.Updated = g.instant()
	}
	for range events {
		c.Events = append(c.Events, g.event())
	}
	for i := range c.Events {
		c.Events[i].UID += "-" + g.word() + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676%26))
	}
	return c
}

// event returns an event, one in three a series.
func (g *generator) event() Event {
	e := g.occurrence(g.when())
	e.UID, e.Updated, e.Sequence = g.word(), g.instant(), g.IntN(2)*g.IntN(1<<31-1)
	if g.chance(3) {
		g.repeat(&e)
	}
	return e
}

// occurrence returns what an event tells besides its UID and what has changed.
func (g *generator) occurrence(w When) Event {
	e := Event{
		Summary:      g.text() + g.pick("x", "é", "日", "\\", ";"),
		Location:     g.maybe(g.text),
		Address:      g.maybe(g.text),
		VLocation:    g.chance(4),
		When:         w,
		URL:          g.maybe(g.uri),
		Organizer:    Person{Name: g.maybe(g.text)},
		Contact:      g.maybe(g.text),
		Image:        g.maybe(g.uri),
		Status:       Status(g.pick("", "CONFIRMED", "TENTATIVE", "CANCELLED")),
		Transparency: Transparency(g.pick("", "OPAQUE", "TRANSPARENT")),
		Class:        Class(g.pick("", "PUBLIC", "PRIVATE", "CONFIDENTIAL")),
		Priority:     g.IntN(10),
		Color:        g.maybe(g.color),
		Extra:        g.extra(),
	}
	if g.chance(2) {
		e.Description = g.text() + "x"
		e.HTML = g.maybe(func() string { return "<p title=\"a,b;c\">" + g.text() + "</p>" })
	}
	if g.chance(2) {
		e.Geo = &Geo{g.Float64()*180 - 90, g.Float64()*360 - 180}
	}
	if g.chance(2) {
		e.Organizer.Email = g.pick("mairie@valmorin.example", "o'neil+a&b=c@valmorin.example", "été@valmorin.example", "a%b@c")
	}
	for range g.IntN(3) {
		e.Categories = append(e.Categories, g.text())
		e.Conferences = append(e.Conferences, Conference{g.uri(), g.maybe(g.text)})
		e.Attachments = append(e.Attachments, Attachment{g.uri(), g.pick("", "text/html", "application/pdf", "image/svg+xml")})
		e.Reminders = append(e.Reminders, Reminder{time.Duration(g.IntN(1e6)-1e5) * time.Second, g.maybe(g.text)})
	}
	if g.chance(2) {
		e.Created = g.instant()
	}
	return e
}

// when returns a time of any kind.
func (g *generator) when() When {
	day := Date{1985 + g.IntN(60), time.January, 1 + g.IntN(365)}.AddDays(0)
	if g.chance(4) {
		return Days(day, day.AddDays(g.IntN(5)))
	}
	loc := g.zones[g.IntN(len(g.zones))]
	switch g.IntN(8) {
	case 0:
		loc = time.UTC
	case 1:
		loc = time.FixedZone(g.pick("", "CET", "Nowhere"), (g.IntN(24)-12)*3600)
	}
	start := time.Date(day.Year, day.Month, day.Day, g.IntN(24), 15*g.IntN(4), g.IntN(2)*g.IntN(60), 0, loc)
	w := At(start)
	if g.chance(2) {
		w = Between(start, start.Add(time.Duration(1+g.IntN(100))*15*time.Minute))
	}
	if g.chance(8) {
		w = w.Floating()
	}
	return w
}

// repeat makes e a series, if its start is the first of the one it finds.
func (g *generator) repeat(e *Event) {
	plain := *e
	if g.chance(3) {
		for n := range g.IntN(4) {
			e.Also = append(e.Also, e.When.day().AddDays(7+11*n))
		}
	} else {
		e.Repeat = g.rule(e.When.day())
		for d := range e.Repeat.days(e.When.day(), e.When.day(), lastDate) {
			e.When = e.When.on(d)
			break
		}
	}
	if e.When.check() != nil || e.Repeat != nil && e.Repeat.err() != nil {
		*e = plain
		return
	}
	n := 0
	for d := range newSeries(e).days(e.When.day()) {
		if n++; n > 12 {
			break
		}
		switch {
		case n > 1 && g.chance(5):
			e.Except = append(e.Except, d)
		case g.chance(5):
			when := e.When.on(d.AddDays(g.IntN(2)))
			if g.chance(6) {
				when = g.when()
			}
			e.Overrides = append(e.Overrides, Override{Day: d, Future: g.chance(4), Event: g.occurrence(when)})
		}
	}
	var f faults
	if e.check(&f, 0); len(f) > 0 {
		*e = plain
	}
}

// rule returns a rule of those parts that most rules have.
func (g *generator) rule(start Date) *Rule {
	r := &Rule{Freq: Frequency(g.pick("DAILY", "WEEKLY", "MONTHLY", "YEARLY")), Interval: g.IntN(4), SundayFirst: g.chance(4)}
	switch g.IntN(3) {
	case 0:
		r.Count = 3 + g.IntN(20)
	case 1:
		r.Until = start.AddDays(200 + g.IntN(3000))
	}
	weekday := Weekday{Day: time.Weekday(g.IntN(7))}
	switch {
	case r.Freq == Weekly && g.chance(2):
		r.ByDay = append(r.ByDay, weekday, Weekday{Day: (weekday.Day + 2) % 7})
	case r.Freq == Monthly && g.chance(2):
		weekday.Nth = g.IntN(6) - 1
		r.ByDay = append(r.ByDay, weekday)
		if weekday.Nth == 0 && g.chance(2) {
			r.BySetPos = []int{-1}
		}
	case r.Freq == Monthly && g.chance(2):
		r.ByMonthDay = []int{1, -1}
	case r.Freq == Yearly && g.chance(2):
		r.ByMonth = []time.Month{time.May, time.October}
		r.ByDay = append(r.ByDay, weekday)
	}
	return r
}

// text returns hostile text, which may be empty.
func (g *generator) text() string {
	var b strings.Builder
	for range g.IntN(6) {
		b.WriteString(g.pick("Conseil municipal", "fête de l'été", "日本語のテキスト", "👩🏽‍🚒", "e\u0301\u0301", ", ", ";", ":", `"`, "'", "^", "^n", "^'",
			`\`, `\n`, `\,`, "\n", "\r\n", "\r", "\t", " ", "   ", "\x00", "\x1b", "\x7f", "\u0085", "\u2028", "\ufeff", "\ufffe", "\xff\xfe",
			"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "BEGIN:VEVENT", "%41%", "&amp;<b>x</b>", "=", strings.Repeat("a ", 60), strings.Repeat("é", 80)))
	}
	return b.String()
}

// word returns what may stand in a UID.
func (g *generator) word() string {
	return g.pick("conseil", "a:b", `"q"`, "{x}", "0@valmorin.example", "^n", strings.Repeat("u", 80))
}

func (g *generator) uri() string {
	return g.pick("https://valmorin.example/agenda/1", "https://valmorin.example/é à?q=\"x\"&y=%zz%C3%A9#<b>|^`{}", "tel:+33000000000",
		"mailto:mairie@valmorin.example?subject=a,b;c", "https://valmorin.example/"+strings.Repeat("long/", 40), " urn:x:\\n ")
}

func (g *generator) color() string { return g.pick("teal", "Red", "lightgoldenrodyellow") }

func (g *generator) instant() time.Time { return time.Unix(g.Int64N(4e9), 0).UTC() }

func (g *generator) extra() []Property {
	var list []Property
	for range g.IntN(3) {
		p := Property{Name: g.pick("X-VALMORIN", "x-b-1", "X-A"), Value: g.text()}
		if g.chance(2) {
			p.Params = append(p.Params, Param{g.pick("X-P", "LANGUAGE"), "p" + g.text()})
		}
		switch g.IntN(4) {
		case 0:
			p.Params = append(p.Params, Param{"VALUE", "URI"})
			p.Value = g.uri()
		case 1:
			p.Params = append(p.Params, Param{"VALUE", "integer"})
			p.Value = "-12"
		}
		list = append(list, p)
	}
	return list
}

// maybe returns what make returns, or "".
func (g *generator) maybe(make func() string) string {
	if g.chance(2) {
		return ""
	}
	return make()
}

func (g *generator) chance(n int) bool { return g.IntN(n) == 0 }

func (g *generator) pick(list ...string) string { return list[g.IntN(len(list))] }

// The generator makes calendars without faults, of all kinds of events.
func TestGenerator(t *testing.T) {
	kinds := map[string]int{}
	for seed := range uint64(100) {
		c := newGenerator(t, seed).calendar(10)
		if err := Check(c); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, e := range c.Events {
			kinds["all"]++
			if e.Repeat != nil {
				kinds["rule"]++
			}
			kinds["also"] += min(1, len(e.Also))
			kinds["except"] += min(1, len(e.Except))
			kinds["overrides"] += min(1, len(e.Overrides))
			if e.When.IsFloating() {
				kinds["floating"]++
			}
		}
	}
	t.Log(kinds)
	for _, kind := range []string{"rule", "also", "except", "overrides", "floating"} {
		if kinds[kind] < 20 {
			t.Errorf("%d events of kind %s among %d", kinds[kind], kind, kinds["all"])
		}
	}
}
