package crieur

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/crieur/crieur/calendar"
)

// next passes to the moment at which the site changes of itself, after it has
// seen that it does not before.
func (w *world) next() *world {
	w.t.Helper()
	due, was := w.site.NextChange, w.site
	if due.IsZero() {
		w.t.Fatal("nothing is to change")
	}
	w.now = due.Add(-time.Second)
	w.build()
	equalSites(w.t, was, w.site)
	w.now = due
	return w.build()
}

// whens are the times that a page says.
func (w *world) whens(name string) (list []string) {
	for l := range strings.Lines(string(w.site.File(name).Bytes())) {
		if _, text, ok := strings.Cut(l, "<time datetime="); ok {
			_, text, _ = strings.Cut(text, ">")
			text, _, _ = strings.Cut(strings.ReplaceAll(text, "</time>", ""), "<")
			list = append(list, strings.ReplaceAll(strings.TrimSpace(text), "\u00a0", " "))
		}
	}
	return list
}

// Pages go on to the next time of a series when one is over, in the order of
// those times, until the last; calendars and feeds stay as they are.
func TestASeriesGoesOn(t *testing.T) {
	w := newWorld(t)
	w.config.Site = ""
	w.event("a.md", "Marché", "2026-11-24 17:00", "event_end_date: 2026-11-24 20:00", "rrule: FREQ=WEEKLY;COUNT=6", "exdate: 2026-12-08")
	w.event("b.md", "Bal", "2026-11-28 21:00")
	w.event("c.md", "Conseil", "2026-12-01", "rrule: FREQ=MONTHLY;BYDAY=1TU")
	w.build()
	ics, atom := w.site.File("events.ics"), w.site.File("events.atom")
	const tail = ", puis tous les mardis jusqu’au 29 décembre 2026"
	const council = ", puis le premier mardi du mois"
	for _, want := range []struct {
		due  string
		list []string
	}{
		{"", []string{"mardi 24 novembre 2026, de 17 h à 20 h" + tail + ", sauf le 8 décembre 2026", "samedi 28 novembre 2026, à 21 h", "mardi 1er décembre 2026" + council}},
		{"2026-11-24T19:00:00Z", []string{"samedi 28 novembre 2026, à 21 h", "mardi 1er décembre 2026" + council,
			"mardi 1er décembre 2026, de 17 h à 20 h, puis le 15 décembre 2026, le 22 décembre 2026 et le 29 décembre 2026"}},
		{"2026-11-28T20:00:00Z", []string{"mardi 1er décembre 2026" + council, "mardi 1er décembre 2026, de 17 h à 20 h, puis le 15 décembre 2026, le 22 décembre 2026 et le 29 décembre 2026", "samedi 28 novembre 2026, à 21 h"}},
		{"2026-12-01T19:00:00Z", []string{"mardi 1er décembre 2026" + council, "mardi 15 décembre 2026, de 17 h à 20 h, puis le 22 décembre 2026 et le 29 décembre 2026", "samedi 28 novembre 2026, à 21 h"}},
		{"2026-12-01T23:00:00Z", []string{"mardi 15 décembre 2026, de 17 h à 20 h, puis le 22 décembre 2026 et le 29 décembre 2026", "mardi 5 janvier 2027" + council, "samedi 28 novembre 2026, à 21 h"}},
		{"2026-12-15T19:00:00Z", []string{"mardi 22 décembre 2026, de 17 h à 20 h, puis le 29 décembre 2026", "mardi 5 janvier 2027" + council, "samedi 28 novembre 2026, à 21 h"}},
		{"2026-12-22T19:00:00Z", []string{"mardi 29 décembre 2026, de 17 h à 20 h", "mardi 5 janvier 2027" + council, "samedi 28 novembre 2026, à 21 h"}},
		{"2026-12-29T19:00:00Z", []string{"mardi 5 janvier 2027" + council, "mardi 29 décembre 2026, de 17 h à 20 h", "samedi 28 novembre 2026, à 21 h"}},
		{"2027-01-05T23:00:00Z", []string{"mardi 2 février 2027" + council, "mardi 29 décembre 2026, de 17 h à 20 h", "samedi 28 novembre 2026, à 21 h"}},
	} {
		if want.due != "" {
			if !w.site.NextChange.Equal(at(want.due)) {
				t.Fatalf("the next change is at %v, want %v", w.site.NextChange, want.due)
			}
			w.next()
		}
		if got := w.whens("events.html"); !slices.Equal(got, want.list) {
			t.Errorf("%s:\n%s\nwant\n%s", want.due, strings.Join(got, "\n"), strings.Join(want.list, "\n"))
		}
	}
	for _, old := range []*File{ics, atom} {
		if f := w.site.File(old.Name); f.ETag != old.ETag {
			t.Errorf("%s changed:\n%s", f.Name, f.Bytes())
		}
	}
	if got := w.whens("event/conseil.html"); len(got) != 1 || got[0] != "mardi 2 février 2027"+council {
		t.Errorf("its own page says %q", got)
	}
	if got := w.whens("index.html"); len(got) != 1 || !strings.HasPrefix(got[0], "mardi 2 février") {
		t.Errorf("the first page says %q", got)
	}
}

// A mistake in what repeats an event leaves it as it was, and a new rule is a
// new revision.
func TestASeriesChanges(t *testing.T) {
	w := newWorld(t)
	write := func(lines ...string) *world {
		w.event("a.md", "Marché", "2026-11-24 17:00", lines...)
		return w.later(time.Hour)
	}
	write()
	if w.get("Marché", "RRULE") != "" {
		t.Fatal("once it is no series")
	}
	write("rrule: FREQ=WEEKLY")
	if w.get("Marché", "RRULE") != "FREQ=WEEKLY" || w.get("Marché", "SEQUENCE") != "1" {
		t.Errorf("%s", w.site.File("events.ics").Bytes())
	}
	for _, line := range []string{"rrule: FREQ=WEEKLI", "rrule: FREQ=WEEKLY;BYDAY=WE", "rrule: FREQ=HOURLY", "rrule: weekly", "rrule: {a: b}", "rrule: FREQ=WEEKLY\nexdate: 2026-12-32", "rrule: FREQ=WEEKLY;COUNT=1\nexdates: 2026-13-01"} {
		write(line)
		if w.get("Marché", "RRULE") != "FREQ=WEEKLY" || w.get("Marché", "SEQUENCE") != "1" || w.get("Marché", "STATUS") != "CONFIRMED" {
			t.Errorf("%s:\n%s", line, w.site.File("events.ics").Bytes())
		}
		if len(w.faults) == 0 || !slices.ContainsFunc(w.faults, func(f Fault) bool {
			return f.Severity == Error && f.Pos.Filename == "a.md" && f.Pos.Line >= 5 && f.Pos.Column > 1
		}) {
			t.Errorf("%s: %v", line, w.faults)
		}
	}
	for n, line := range []string{"rrule: FREQ=WEEKLY;INTERVAL=2", "rrule: FREQ=WEEKLY;INTERVAL=2\nexdate: 2026-12-08", "rrule: FREQ=WEEKLY;INTERVAL=2\nrdate: 2026-12-24", "rrule: FREQ=WEEKLY;INTERVAL=2\nreminder: 15", "rrule: FREQ=WEEKLY;INTERVAL=2\nreminder: 30", ""} {
		write(line)
		if got := w.get("Marché", "SEQUENCE"); got != fmt.Sprint(n+2) {
			t.Errorf("%s: SEQUENCE %s, want %d", line, got, n+2)
		}
	}
	// The same in other letters is no change.
	write("rrule: FREQ=WEEKLY;BYDAY=TU")
	was := w.site.File("events.ics").ETag
	write("RRULE: RRULE:freq=weekly;byday=tu;", "exdates: []")
	if w.site.File("events.ics").ETag != was {
		t.Errorf("%s", w.site.File("events.ics").Bytes())
	}
}

// A series that is withdrawn is cancelled, as long as it is not over.
func TestASeriesIsWithdrawn(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Marché", "2020-11-24 17:00", "rrule: FREQ=WEEKLY")
	w.event("b.md", "Bal", "2020-11-24 17:00", "rrule: FREQ=WEEKLY;UNTIL=20201231", "expiryDate: 2026-11-23")
	w.event("c.md", "Foire", "2020-11-24 17:00", "rrule: FREQ=WEEKLY", "expiryDate: 2026-11-23")
	w.build()
	w.remove("a.md")
	w.later(24 * time.Hour)
	if w.get("Marché", "STATUS") != "CANCELLED" || w.get("Marché", "RRULE") != "FREQ=WEEKLY" || w.get("Foire", "STATUS") != "CANCELLED" || w.has("events.ics", "Bal") {
		t.Errorf("%s", w.site.File("events.ics").Bytes())
	}
}

// What is saved of a series is read again: nothing changes.
func TestStoreKeepsSeries(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	w.event("a.md", "Marché", "2026-11-24 17:00", "rrule: FREQ=WEEKLY;COUNT=40", "exdate: [2026-12-08, 2026-12-15]", "rdate: 2026-12-24", "reminder: [0, 1 jour]")
	w.event("b.md", "Visite", "2026-11-24", "rdate: 2026-12-24", "timezone: America/New_York")
	w.build()
	w.reopen(dir)
	was := w.site
	w.write("a.md", "---\ntitle: [cassé\n---\n") // what is published comes from the history
	w.write("b.md", "---\ntitle: [cassé\n---\n")
	w.build()
	equalSites(t, was, w.site)
}

// The first day that is announced is what a move is told from, until it has
// been: a series that has begun has no first day to be moved.
func TestASeriesMoves(t *testing.T) {
	w := newWorld(t)
	write := func(start string, lines ...string) {
		w.event("a.md", "Marché", start, lines...)
		w.later(time.Hour)
	}
	line := func() string {
		t.Helper()
		text := string(w.site.File("events.atom").Bytes())
		_, text, _ = strings.Cut(text, "<summary>")
		text, _, _ = strings.Cut(text, "</summary>")
		text, _, _ = strings.Cut(text, "\n")
		return strings.ReplaceAll(text, "\u00a0", " ")
	}
	expect := func(want string) {
		t.Helper()
		if got := line(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	write("2026-11-24 17:00", "rrule: FREQ=WEEKLY")
	expect("mardi 24 novembre 2026, à 17 h, puis tous les mardis")
	write("2026-11-24 17:00", "rrule: FREQ=WEEKLY;INTERVAL=2")
	expect("mardi 24 novembre 2026, à 17 h, puis toutes les deux semaines, le mardi")
	write("2026-11-26 17:00", "rrule: FREQ=WEEKLY")
	expect("Nouvelles dates : jeudi 26 novembre 2026, à 17 h (au lieu du mardi 24 novembre 2026), puis tous les jeudis")
	if got := w.whens("events.html"); got[0] != "jeudi 26 novembre 2026, à 17 h (au lieu du mardi 24 novembre 2026), puis tous les jeudis" {
		t.Errorf("%q", got)
	}
	w.later(10 * 24 * time.Hour) // it goes on: the page says no more of the first
	if got := w.whens("events.html"); got[0] != "jeudi 3 décembre 2026, à 17 h, puis tous les jeudis" {
		t.Errorf("%q", got)
	}

	w = newWorld(t)
	write("2026-11-17 17:00", "rrule: FREQ=WEEKLY") // has begun
	write("2027-01-05 17:00", "rrule: FREQ=WEEKLY")
	expect("mardi 5 janvier 2027, à 17 h, puis tous les mardis")
	w = newWorld(t)
	write("2026-11-17 17:00", "rrule: FREQ=WEEKLY")
	write("2026-11-17 18:30", "rrule: FREQ=WEEKLY")
	expect("Nouvel horaire : mardi 17 novembre 2026, à 18 h 30 (au lieu de 17 h), puis tous les mardis")
	if got := w.whens("events.html"); got[0] != "mardi 24 novembre 2026, à 18 h 30 (au lieu de 17 h), puis tous les mardis" {
		t.Errorf("%q", got)
	}
}

// Rules are told in words where that says what they say.
func TestRhythm(t *testing.T) {
	for _, c := range []struct{ start, rule, want string }{
		{"2027-03-02", "FREQ=DAILY", "tous les jours"},
		{"2027-03-02", "FREQ=DAILY;INTERVAL=3", "tous les trois jours"},
		{"2027-03-02", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "tous les jours, du lundi au vendredi"},
		{"2027-03-02", "FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU", ""},
		{"2027-03-02", "FREQ=WEEKLY", "tous les mardis"},
		{"2027-03-02", "FREQ=WEEKLY;BYDAY=SU,TU", "tous les mardis et dimanches"},
		{"2027-03-02", "FREQ=WEEKLY;BYDAY=SU,MO,TU,WE,TH,FR,SA", "tous les jours"},
		{"2027-03-02", "FREQ=MONTHLY", "le 2 de chaque mois"},
		{"2027-03-01", "FREQ=MONTHLY", "le 1er de chaque mois"},
		{"2027-03-31", "FREQ=MONTHLY", ""},
		{"2027-03-31", "FREQ=MONTHLY;BYMONTHDAY=-1", "le dernier jour du mois"},
		{"2027-03-15", "FREQ=MONTHLY;BYMONTHDAY=15,-1,1", "le 1er, le 15 et le dernier jour du mois"},
		{"2027-03-30", "FREQ=MONTHLY;BYMONTHDAY=-2", ""},
		{"2027-03-02", "FREQ=MONTHLY;BYDAY=TU", "tous les mardis"},
		{"2027-03-02", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", ""},
		{"2027-03-02", "FREQ=MONTHLY;BYDAY=1TU", "le premier mardi du mois"},
		{"2027-03-02", "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1", "le premier mardi du mois"},
		{"2027-03-02", "FREQ=MONTHLY;BYDAY=-1FR,1TU", "le premier mardi et le dernier vendredi du mois"},
		{"2027-03-01", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", ""},
		{"2027-03-09", "FREQ=MONTHLY;BYDAY=-4TU", ""},
		{"2027-08-13", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", ""},
		{"2027-03-02", "FREQ=YEARLY", "tous les ans"},
		{"2027-03-02", "FREQ=YEARLY;BYMONTH=3", "tous les ans"},
		{"2028-02-29", "FREQ=YEARLY", ""},
		{"2027-03-02", "FREQ=YEARLY;BYMONTH=3,4", ""},
		{"2027-03-02", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=2,3", "tous les ans, le 2 et le 3 mars"},
		{"2027-03-02", "FREQ=YEARLY;BYMONTH=3;BYDAY=1TU", "tous les ans, le premier mardi de mars"},
		{"2027-03-02", "FREQ=YEARLY;BYMONTH=3;BYDAY=TU", ""},
	} {
		w := newWorld(t)
		w.event("a.md", "Marché", c.start, "rrule: "+c.rule)
		w.build()
		got := w.whens("events.html")
		if len(got) != 1 {
			t.Errorf("%s %s: %q %v", c.start, c.rule, got, w.faults)
			continue
		}
		if _, again, _ := strings.Cut(got[0], ", puis "); again != c.want && (c.want != "" || !strings.HasPrefix(again, "le ") || !strings.HasSuffix(again, ", et aussi à d’autres dates")) {
			t.Errorf("%s %s: %q, want %q", c.start, c.rule, again, c.want)
		}
	}
}

// A rule whose times would take longer than anybody's calendar is a mistake, and is not counted out.
func TestASeriesForEver(t *testing.T) {
	for _, rule := range []string{"FREQ=YEARLY;COUNT=300", "FREQ=MONTHLY;INTERVAL=32767;COUNT=5000", "FREQ=YEARLY;BYMONTH=1;BYDAY=1FR;COUNT=5000", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=1;COUNT=2300"} {
		w := newWorld(t)
		w.event("a.md", "Marché", "2027-01-01 10:00", "rrule: "+rule)
		w.build()
		if f := w.fault("recurrence"); f == nil || !strings.Contains(f.Error(), "take more than 200 years") || f.Pos.Line != 5 {
			t.Errorf("%s: %v", rule, w.faults)
		}
	}
	w := newWorld(t)
	w.event("a.md", "Marché", "2027-01-01 10:00", "rrule: FREQ=DAILY;COUNT=5000")
	w.event("b.md", "Marche", "2027-01-01 10:00", "rrule: FREQ=YEARLY;COUNT=200")
	w.build()
	if len(w.events()) != 2 {
		t.Error(w.faults)
	}
}

// last is found from behind where a rule says its end, however long it is.
func TestLastOfASeries(t *testing.T) {
	for _, c := range []struct{ rule, also, except, want string }{
		{"", "2027-03-02", "", "2027-03-02"},
		{"FREQ=WEEKLY;COUNT=3", "", "", "2020-03-17"},
		{"FREQ=WEEKLY;COUNT=3", "", "2020-03-17", "2020-03-10"},
		{"FREQ=DAILY;UNTIL=21991231", "", "", "2199-12-31"},
		{"FREQ=DAILY;UNTIL=21991231", "", "2199-12-31", "2199-12-30"},
		{"FREQ=DAILY;UNTIL=21991231", "2200-06-30", "", "2200-06-30"},
		{"FREQ=DAILY;UNTIL=21991231", "2202-06-30", "2202-06-30", "2199-12-31"},
		{"FREQ=YEARLY;INTERVAL=50;UNTIL=21191231", "", "", "2070-03-03"},
		{"FREQ=YEARLY;INTERVAL=50;UNTIL=21191231", "", "2070-03-03", "2020-03-03"},
	} {
		ev := &calendar.Event{When: calendar.Days(calendar.Date{Year: 2020, Month: 3, Day: 3}, calendar.Date{Year: 2020, Month: 3, Day: 3})}
		if c.rule != "" {
			var err error
			if ev.Repeat, err = calendar.ParseRule(c.rule, ev.When); err != nil {
				t.Fatal(err)
			}
		}
		dates := func(s string) []calendar.Date {
			if s == "" {
				return nil
			}
			return []calendar.Date{calendar.DateOf(at(s + "T00:00:00Z"))}
		}
		ev.Also, ev.Except = dates(c.also), dates(c.except)
		if got := last(ev).Start.Format(time.DateOnly); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// A withdrawn event that is over meanwhile is among the past ones when it is.
func TestAWithdrawnEventIsOver(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Marché", "2026-11-24 17:00")
	w.event("b.md", "Bal", "2026-11-26 17:00")
	w.build()
	w.remove("a.md")
	w.later(time.Hour)
	w.next()
	if got := w.whens("events.html"); len(got) != 2 || !strings.HasPrefix(got[0], "jeudi 26") {
		t.Errorf("%q", got)
	}
}
