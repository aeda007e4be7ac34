package calendar

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite testdata")

// racing is whether the race detector is on, which allocates itself.
var racing bool

// A golden is a calendar of our own writing whose bytes are in testdata/NAME.ics.
type golden struct {
	name string
	cal  *Calendar
}

func goldens(t testing.TB) []golden {
	paris, lordHowe, dublin := zoneNamed(t, "Europe/Paris"), zoneNamed(t, "Australia/Lord_Howe"), zoneNamed(t, "Europe/Dublin")
	cairo, tokyo := zoneNamed(t, "Africa/Cairo"), zoneNamed(t, "Asia/Tokyo")
	at := func(loc *time.Location, y int, m time.Month, d, hour, minute int) time.Time {
		return time.Date(y, m, d, hour, minute, 0, 0, loc)
	}
	hour := func(start time.Time) When { return Between(start, start.Add(time.Hour)) }
	may8 := Date{2027, time.May, 8}
	return []golden{
		{"empty", &Calendar{}},
		{"empty-paris", &Calendar{Name: "Agenda de Valmorin", Location: paris}},
		{"empty-cairo", &Calendar{Location: cairo}},
		{"full", &Calendar{
			ProdID:      "-//Valmorin//Agenda//FR",
			Name:        "Agenda de Valmorin-sur-Orbe",
			Description: "Conseils, fêtes et marchés;\nmis à jour par la mairie, rue de l'Église",
			Color:       "teal",
			URL:         "https://valmorin.example/agenda/",
			Source:      "https://valmorin.example/events.ics",
			Language:    "fr",
			UID:         "0c6f4b3e-agenda@valmorin.example",
			Image:       "https://valmorin.example/blason.svg",
			Extra:       []Property{{Name: "X-VALMORIN", Value: "oui"}},
			Refresh:     90 * time.Minute,
			Updated:     updated,
			Location:    paris,
			Events: []Event{
				{
					UID:         "conseil-2027-02@valmorin.example",
					Summary:     "Conseil municipal : budget, voirie; divers",
					Description: "Ordre du jour :\r\n1. Budget, 2. Voirie\n\nOuvert à toutes et à tous — chemin C:\\Conseil",
					Location:    "Salle du conseil, 1 place de la Mairie",
					When:        Between(at(paris, 2027, time.February, 4, 18, 30), at(paris, 2027, time.February, 4, 20, 0)),
					Geo:         &Geo{47.2184, -1.5536},
					URL:         "https://valmorin.example/agenda/conseil de février",
					Categories:  []string{"Conseil", "Vie publique, budget"},
					Organizer:   Person{Name: `Mairie de "Valmorin": accueil`, Email: "mairie@valmorin.example"},
					Contact:     "Accueil, 00 00 00 00 00",
					Image:       "https://valmorin.example/conseil.jpg",
					Conferences: []Conference{{URL: "https://visio.valmorin.example/conseil?salle=1&x=a,b;c", Label: "En ligne, sans inscription"}},
					Attachments: []Attachment{{URL: "https://valmorin.example/odj.pdf", Type: "application/pdf"}},
					Status:      Confirmed,
					Created:     updated.Add(-48 * time.Hour),
					Updated:     updated,
					Sequence:    3,
				},
				{
					UID: "feu@valmorin.example", Summary: "Feu de la Saint-Jean annulé", When: Days(Date{2027, time.June, 23}, Date{2027, time.June, 24}),
					Status: Cancelled, Sequence: 1, Updated: updated,
				},
				{
					UID: "marche@valmorin.example", Summary: "Marché aux plants", When: Days(may8, may8), Updated: updated,
					Description: "Plants, graines", HTML: "<p>Plants, <b>graines</b> & conseils à \"l'étal\"</p>\r\n",
					Location: "Halle, au rez-de-chaussée", Address: "2 rue de l'Église; 00000 Valmorin", Geo: &Geo{47.2184, -1.5536}, VLocation: true,
					Reminders:    []Reminder{{Before: 26*time.Hour + time.Minute + time.Second, Text: "Demain :\nle marché"}, {}, {Before: -time.Minute}},
					Transparency: Opaque, Class: Public, Priority: 9, Color: "Tomato",
					Extra: []Property{
						{Name: "X-VALMORIN-PLACE", Params: []Param{{"X-KIND", "a:b"}}, Value: "12, 13;\r\n14\x00"},
						{Name: "X-VALMORIN-PLAN", Params: []Param{{"VALUE", "uri"}}, Value: "https://valmorin.example/plan,a b"},
						{Name: "X-VALMORIN-STALLS", Params: []Param{{"VALUE", "INTEGER"}}, Value: "42"},
					},
				},
				{
					UID: "bal@valmorin.example", Summary: "Bal, à l'heure de la montre", Transparency: Transparent, Class: Private, Updated: updated,
					When:    Between(at(paris, 2027, time.July, 13, 21, 0), at(paris, 2027, time.July, 14, 1, 0)).Floating(),
					Address: "Place, 00000 Valmorin", Geo: &Geo{0, 0},
				},
				{UID: "rencontre@valmorin.example", Summary: "Rencontre à confirmer", When: hour(at(paris, 2027, time.July, 1, 9, 0)), Status: Tentative, Updated: updated},
			},
		}},
		{"zones", &Calendar{Name: "Zones", Events: []Event{
			{UID: "1-paris", Summary: "Paris", When: hour(at(paris, 2027, time.July, 14, 12, 0)), Updated: updated},
			{UID: "2-paris-before-the-era", Summary: "Paris 1990", When: hour(at(paris, 1990, time.July, 14, 12, 0)), Updated: updated},
			{UID: "3-paris-twice", Summary: "Paris, an hour that comes twice", When: hour(time.Date(2027, time.October, 31, 1, 30, 0, 0, time.UTC).In(paris)), Updated: updated},
			{UID: "4-dublin", Summary: "Dublin", When: hour(at(dublin, 2027, time.January, 14, 12, 0)), Updated: updated},
			{UID: "5-lord-howe", Summary: "Lord Howe", When: hour(at(lordHowe, 2027, time.January, 14, 12, 0)), Updated: updated},
			{UID: "6-cairo", Summary: "Cairo", When: hour(at(cairo, 2027, time.January, 14, 12, 0)), Updated: updated},
			{UID: "7-tokyo", Summary: "Tokyo", When: hour(at(tokyo, 2027, time.January, 14, 12, 0)), Updated: updated},
			{UID: "8-offset", Summary: "Fixed offset", When: hour(at(time.FixedZone("Europe/Paris", 3600), 2027, time.January, 14, 12, 0)), Updated: updated},
			{UID: "9-utc", Summary: "UTC", When: hour(at(time.UTC, 2027, time.January, 14, 12, 0)), Updated: updated},
			{UID: "a-local", Summary: "Local", When: hour(at(time.UTC, 2027, time.January, 14, 12, 0).In(time.Local)), Updated: updated},
		}}},
		{"no-end", &Calendar{Events: []Event{
			{UID: "paris", Summary: "Paris, jusqu'à plus soif", When: At(at(paris, 2027, time.July, 14, 12, 0)), Updated: updated},
			{UID: "utc", Summary: "UTC", When: At(at(time.UTC, 2027, time.July, 14, 12, 0)), Updated: updated},
		}}},
		{"years", &Calendar{Events: []Event{
			{UID: "first", Summary: "All there are", When: Days(Date{1, 1, 1}, Date{9999, 12, 30}), Updated: updated},
			{UID: "last", Summary: "The last", When: At(at(paris, 9999, 12, 31, 23, 59)), Updated: updated},
		}}},
		{"hostile", &Calendar{
			Name:        "A\r\nEND:VCALENDAR\x00",
			Description: "\ufeff  \u2028x\u2029y\x07\xff  ",
			ProdID:      "-//a\nb//EN",
			Events: []Event{
				{
					UID:         `a"b':c=d`,
					Summary:     "x\r\nATTENDEE:mailto:x@y.example\rEND:VEVENT\n" + strings.Repeat("é", 80),
					Description: strings.Repeat(`\;,`, 60) + "\n" + strings.Repeat("a ", 100) + strings.Repeat(" ", 90) + "e" + strings.Repeat("\u0301", 50) + "👩🏽‍🚒\xf0\x9f",
					Location:    strings.Repeat("日本", 40),
					When:        Between(at(paris, 2027, time.March, 1, 0, 0), at(tokyo, 2028, time.March, 1, 0, 0)),
					Geo:         &Geo{-1e-9, 179.9999999},
					URL:         "https://valmorin.example/é à?q=\"x\"&y=%zz%C3%A9#<b>|^`{}",
					Categories:  []string{"a,b", "c;d", `e\f`, "", " a,b", "g\nh", "\"quoted\""},
					Organizer:   Person{Name: "^n\"x\";\r\nX-EVIL:1,\\", Email: "o'neil+a&b@valmorin.example"},
					Contact:     "a\nb",
					Image:       "https://valmorin.example/i.jpg",
					Conferences: []Conference{{"tel:+33000000000", "caret ^ and \"quotes\""}, {URL: "https://valmorin.example/v"}},
					Attachments: []Attachment{{URL: "https://valmorin.example/" + strings.Repeat("d", 90)}},
					Updated:     updated,
					Sequence:    1<<31 - 1,
				},
				{UID: "blank", Summary: " \t-\r\n", Location: " \n", When: Days(Date{2027, 1, 1}, Date{2027, 12, 31}), Categories: []string{" ", "\x00"}, Updated: updated},
			},
		}},
	}
}

func TestGolden(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.name, func(t *testing.T) {
			got := encode(t, g.cal)
			file := filepath.Join("testdata", g.name+".ics")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("Encode gave\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestOrderGivenDoesNotMatter(t *testing.T) {
	for _, g := range goldens(t) {
		want := encode(t, g.cal)
		c := *g.cal
		c.Events = slices.Clone(c.Events)
		slices.Reverse(c.Events)
		if got := encode(t, &c); got != want {
			t.Errorf("%s: reversed events gave\n%s\nwant\n%s", g.name, got, want)
		}
	}
}

func TestEventIsTheSameInEveryCalendar(t *testing.T) {
	for _, g := range goldens(t) {
		all := encode(t, g.cal)
		for _, e := range g.cal.Events {
			alone := encode(t, &Calendar{Events: []Event{e}})
			_, event, _ := strings.Cut(alone, "BEGIN:VEVENT")
			event, _, _ = strings.Cut(event, "END:VCALENDAR")
			if !strings.Contains(all, event) {
				t.Errorf("%s: event %s is not the same alone", g.name, e.UID)
			}
		}
	}
}

type failingWriter struct{ after int }

var errFull = errors.New("disk full")

func (w *failingWriter) Write(p []byte) (int, error) {
	if w.after -= len(p); w.after < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWriteErrorIsReturned(t *testing.T) {
	c := manyEvents(t, 1000)
	var whole bytes.Buffer
	if err := Encode(&whole, c); err != nil {
		t.Fatal(err)
	}
	for _, after := range []int{0, whole.Len() / 2, whole.Len() - 1} {
		if err := Encode(&failingWriter{after}, c); !errors.Is(err, errFull) {
			t.Errorf("writer fails after %d of %d octets: error %v, want %v", after, whole.Len(), err, errFull)
		}
	}
	if err := Encode(&failingWriter{whole.Len()}, c); err != nil {
		t.Error(err)
	}
}

func TestEncodeAllocatesLittle(t *testing.T) {
	c := manyEvents(t, 1000)
	if n := testing.AllocsPerRun(3, func() { Encode(io.Discard, c) }); n > 60 {
		t.Errorf("%v allocations for 1,000 events, want at most 60", n)
	}
}

// What EncodeSeq keeps in memory does not depend on the number of events, and it writes what Encode does.
func TestEncodeSeq(t *testing.T) {
	c := manyEvents(t, 1000)
	want := encode(t, c)
	events, _, err := arrange(c)
	if err != nil {
		t.Fatal(err)
	}
	header := *c
	header.Events = nil
	first := func(n int) iter.Seq[*Event] {
		return func(yield func(*Event) bool) {
			for _, e := range events[:n] {
				if !yield(e.Event) {
					return
				}
			}
		}
	}
	var b bytes.Buffer
	if err := EncodeSeq(&b, &header, first(len(events))); err != nil || b.String() != want {
		t.Errorf("error %v, and the same as Encode is %t", err, b.String() == want)
	}
	few := testing.AllocsPerRun(3, func() { EncodeSeq(io.Discard, &header, first(100)) })
	many := testing.AllocsPerRun(3, func() { EncodeSeq(io.Discard, &header, first(1000)) })
	if many > few+10 && !racing || many > few+100 { // which the race detector makes inexact
		t.Errorf("%v allocations for 100 events, %v for 1,000", few, many)
	}
	for n, empty := range []*Calendar{{}, &header} {
		b.Reset()
		if err := EncodeSeq(&b, empty, first(0)); err != nil || b.String() != encode(t, empty) {
			t.Errorf("calendar %d without events: error %v", n, err)
		}
	}

	b.Reset()
	err = EncodeSeq(&b, c, slices.Values([]*Event{{UID: "a"}, {UID: "b", Summary: "B", When: c.Events[0].When}}))
	want = "calendar: Events: want none besides those given one by one\n" +
		"event 0 (\"a\"): Summary: required, but missing\nevent 0 (\"a\"): When: required, but missing\n" +
		"event 0 (\"a\"): Updated: required, but missing\nevent 1 (\"b\"): Updated: required, but missing"
	if err == nil || err.Error() != want || b.Len() > 0 {
		t.Errorf("%d octets and the error\n%v\nwant\n%s", b.Len(), err, want)
	}
}
