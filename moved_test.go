package crieur

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// plan writes an event whose when is "start", "start/end", or either with
// "@zone" after it.
func (w *world) plan(title, when, place string, more ...string) {
	when, zone, _ := strings.Cut(when, "@")
	start, end, _ := strings.Cut(when, "/")
	for key, value := range map[string]string{"event_end_date": end, "timezone": zone, "lieu": place} {
		if value != "" {
			more = append(more, key+": "+value)
		}
	}
	w.event("a.md", title, start, more...)
}

// line is what feeds say of the day, the hours and the place of the only
// event: the first line of its summary, which is also the first of its text.
func (w *world) line() string {
	w.t.Helper()
	var feed struct {
		Items []struct {
			Summary string `json:"summary"`
			HTML    string `json:"content_html"`
		} `json:"items"`
	}
	if err := json.Unmarshal(w.site.File("events.json").Bytes(), &feed); err != nil || len(feed.Items) != 1 {
		w.t.Fatal(err, len(feed.Items))
	}
	line, _, _ := strings.Cut(feed.Items[0].Summary, "\n")
	if text := feed.Items[0].HTML; !strings.HasPrefix(text, "<p><strong>"+line+"</strong></p>") {
		w.t.Errorf("the text begins otherwise than %q:\n%s", line, text)
	}
	for _, name := range []string{"events.rss", "events.atom"} {
		if n := strings.Count(string(w.site.File(name).Bytes()), line); n != 2 {
			w.t.Errorf("%s has %q %d times", name, line, n)
		}
	}
	return strings.ReplaceAll(line, "\u00a0", " ")
}

func TestWhatMoved(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	for _, c := range []struct {
		name   string
		plans  []string // when, or when and place after a semicolon
		fr, en string
	}{
		{name: "nothing", plans: []string{"2027-03-01 09:00/2027-03-01 12:00;Salle des fêtes", "2027-03-01 09:00/2027-03-01 12:00;Salle des fêtes"},
			fr: "lundi 1er mars 2027, de 9 h à 12 h · Salle des fêtes",
			en: "Monday 1 March 2027, 9:00 to 12:00 · Salle des fêtes"},
		{name: "the day", plans: []string{"2027-03-01 09:00/2027-03-01 12:00;Salle des fêtes", "2027-03-04 09:00/2027-03-04 12:00;Salle des fêtes"},
			fr: "Nouvelle date : jeudi 4 mars 2027, de 9 h à 12 h (au lieu du lundi 1er mars 2027) · Salle des fêtes",
			en: "New date: Thursday 4 March 2027, 9:00 to 12:00 (instead of Monday 1 March 2027) · Salle des fêtes"},
		{name: "the hours", plans: []string{"2027-03-01 09:00/2027-03-01 12:00", "2027-03-01 10:00/2027-03-01 12:30"},
			fr: "Nouvel horaire : lundi 1er mars 2027, de 10 h à 12 h 30 (au lieu de 9 h à 12 h)",
			en: "New time: Monday 1 March 2027, 10:00 to 12:30 (instead of 9:00 to 12:00)"},
		{name: "the start", plans: []string{"2027-03-01 09:00", "2027-03-01 10:15"},
			fr: "Nouvel horaire : lundi 1er mars 2027, à 10 h 15 (au lieu de 9 h)",
			en: "New time: Monday 1 March 2027, at 10:15 (instead of 9:00)"},
		{name: "the end", plans: []string{"2027-03-01 09:00/2027-03-01 12:00", "2027-03-01 09:00/2027-03-01 13:00"},
			fr: "Nouvel horaire : lundi 1er mars 2027, de 9 h à 13 h (au lieu de 9 h à 12 h)",
			en: "New time: Monday 1 March 2027, 9:00 to 13:00 (instead of 9:00 to 12:00)"},
		{name: "the day and the hours", plans: []string{"2027-03-01 09:00/2027-03-01 12:00", "2027-03-04 14:00/2027-03-04 16:00"},
			fr: "Nouvelle date : jeudi 4 mars 2027, de 14 h à 16 h (au lieu du lundi 1er mars 2027, de 9 h à 12 h)",
			en: "New date: Thursday 4 March 2027, 14:00 to 16:00 (instead of Monday 1 March 2027, 9:00 to 12:00)"},
		{name: "the place", plans: []string{"2027-03-01 09:00;Salle des fêtes", "2027-03-01 09:00;Gymnase"},
			fr: "lundi 1er mars 2027, à 9 h · Nouveau lieu : Gymnase (initialement : Salle des fêtes)",
			en: "Monday 1 March 2027, at 9:00 · New place: Gymnase (originally: Salle des fêtes)"},
		{name: "everything", plans: []string{"2027-03-01 09:00;Salle des fêtes", "2027-03-04 10:00;Gymnase"},
			fr: "Nouvelle date : jeudi 4 mars 2027, à 10 h (au lieu du lundi 1er mars 2027, à 9 h) · Nouveau lieu : Gymnase (initialement : Salle des fêtes)",
			en: "New date: Thursday 4 March 2027, at 10:00 (instead of Monday 1 March 2027, at 9:00) · New place: Gymnase (originally: Salle des fêtes)"},

		// Whole days, and more than one.
		{name: "a whole day", plans: []string{"2027-03-01", "2027-03-04"},
			fr: "Nouvelle date : jeudi 4 mars 2027 (au lieu du lundi 1er mars 2027)",
			en: "New date: Thursday 4 March 2027 (instead of Monday 1 March 2027)"},
		{name: "a day more", plans: []string{"2027-03-01", "2027-03-01/2027-03-02"},
			fr: "Nouvelles dates : du 1er au 2 mars 2027 (au lieu du lundi 1er mars 2027)",
			en: "New dates: 1 to 2 March 2027 (instead of Monday 1 March 2027)"},
		{name: "a day less", plans: []string{"2027-03-01/2027-03-03", "2027-03-01/2027-03-02"},
			fr: "Nouvelles dates : du 1er au 2 mars 2027 (au lieu du 1er au 3 mars 2027)",
			en: "New dates: 1 to 2 March 2027 (instead of 1 to 3 March 2027)"},
		{name: "days with hours", plans: []string{"2027-03-01 09:00/2027-03-03 17:00", "2027-03-02 09:00/2027-03-04 17:00"},
			fr: "Nouvelles dates : du mardi 2 mars 2027, 9 h au jeudi 4 mars 2027, 17 h (au lieu du 1er au 3 mars 2027)",
			en: "New dates: Tuesday 2 March 2027, 9:00 to Thursday 4 March 2027, 17:00 (instead of 1 to 3 March 2027)"},
		{name: "hours of days", plans: []string{"2027-03-27 09:00/2027-03-28 17:00", "2027-03-27 09:00/2027-03-28 16:00"},
			fr: "Nouvel horaire : du samedi 27 mars 2027, 9 h au dimanche 28 mars 2027, 16 h (au lieu du samedi 27 mars 2027, 9 h au dimanche 28 mars 2027, 17 h)",
			en: "New time: Saturday 27 March 2027, 9:00 to Sunday 28 March 2027, 16:00 (instead of Saturday 27 March 2027, 9:00 to Sunday 28 March 2027, 17:00)"},
		{name: "to the next year", plans: []string{"2026-12-30 09:00", "2027-01-02 09:00"},
			fr: "Nouvelle date : samedi 2 janvier 2027, à 9 h (au lieu du mercredi 30 décembre 2026)",
			en: "New date: Saturday 2 January 2027, at 9:00 (instead of Wednesday 30 December 2026)"},
		{name: "a night", plans: []string{"2027-03-06 22:00/2027-03-06 23:30", "2027-03-06 22:00/2027-03-07 02:00"},
			fr: "Nouvel horaire : du samedi 6 mars 2027, 22 h au dimanche 7 mars 2027, 2 h (au lieu de 22 h à 23 h 30)",
			en: "New time: Saturday 6 March 2027, 22:00 to Sunday 7 March 2027, 2:00 (instead of 22:00 to 23:30)"},
		{name: "a shorter night", plans: []string{"2027-03-06 22:00/2027-03-07 02:00", "2027-03-06 22:00/2027-03-07 01:00"},
			fr: "Nouvel horaire : du samedi 6 mars 2027, 22 h au dimanche 7 mars 2027, 1 h (au lieu de 22 h à 2 h)",
			en: "New time: Saturday 6 March 2027, 22:00 to Sunday 7 March 2027, 1:00 (instead of 22:00 to 2:00)"},

		// More, or less, is said of the same.
		{name: "hours are known", plans: []string{"2027-03-01", "2027-03-01 09:00/2027-03-01 12:00"},
			fr: "lundi 1er mars 2027, de 9 h à 12 h", en: "Monday 1 March 2027, 9:00 to 12:00"},
		{name: "hours of a night are known", plans: []string{"2027-03-06", "2027-03-06 22:00/2027-03-07 02:00"},
			fr: "du samedi 6 mars 2027, 22 h au dimanche 7 mars 2027, 2 h", en: "Saturday 6 March 2027, 22:00 to Sunday 7 March 2027, 2:00"},
		{name: "hours are unknown", plans: []string{"2027-03-01 09:00/2027-03-01 12:00", "2027-03-01"},
			fr: "lundi 1er mars 2027", en: "Monday 1 March 2027"},
		{name: "hours of another day are known", plans: []string{"2027-03-01", "2027-03-02 09:00"},
			fr: "Nouvelle date : mardi 2 mars 2027, à 9 h (au lieu du lundi 1er mars 2027)",
			en: "New date: Tuesday 2 March 2027, at 9:00 (instead of Monday 1 March 2027)"},
		{name: "the end is known", plans: []string{"2027-03-01 09:00", "2027-03-01 09:00/2027-03-01 12:00"},
			fr: "lundi 1er mars 2027, de 9 h à 12 h", en: "Monday 1 March 2027, 9:00 to 12:00"},
		{name: "the place is known", plans: []string{"2027-03-01 09:00", "2027-03-01 09:00;Gymnase"},
			fr: "lundi 1er mars 2027, à 9 h · Gymnase", en: "Monday 1 March 2027, at 9:00 · Gymnase"},
		{name: "the place is unknown", plans: []string{"2027-03-01 09:00;Gymnase", "2027-03-01 09:00"},
			fr: "lundi 1er mars 2027, à 9 h", en: "Monday 1 March 2027, at 9:00"},
		{name: "the address is known", plans: []string{"2027-03-01 09:00;salle des fetes", "2027-03-01 09:00;'Salle des Fêtes - 2, rue du Moulin'"},
			fr: "lundi 1er mars 2027, à 9 h · Salle des Fêtes - 2, rue du Moulin", en: "Monday 1 March 2027, at 9:00 · Salle des Fêtes - 2, rue du Moulin"},
		{name: "another room", plans: []string{"2027-03-01 09:00;Salle 1", "2027-03-01 09:00;Salle 12"},
			fr: "lundi 1er mars 2027, à 9 h · Nouveau lieu : Salle 12 (initialement : Salle 1)",
			en: "Monday 1 March 2027, at 9:00 · New place: Salle 12 (originally: Salle 1)"},
		{name: "what is known late then moves", plans: []string{"2027-03-01;Gymnase", "2027-03-01 09:00;Salle 1", "2027-03-01 10:00;Salle 1"},
			fr: "Nouvel horaire : lundi 1er mars 2027, à 10 h (au lieu de 9 h) · Nouveau lieu : Salle 1 (initialement : Gymnase)",
			en: "New time: Monday 1 March 2027, at 10:00 (instead of 9:00) · New place: Salle 1 (originally: Gymnase)"},
		{name: "a place comes back another", plans: []string{"2027-03-01 09:00;Gymnase", "2027-03-01 09:00", "2027-03-01 09:00;Salle 1"},
			fr: "lundi 1er mars 2027, à 9 h · Nouveau lieu : Salle 1 (initialement : Gymnase)",
			en: "Monday 1 March 2027, at 9:00 · New place: Salle 1 (originally: Gymnase)"},

		{name: "a place known late moves", plans: []string{"2027-03-01 09:00", "2027-03-04 09:00;Gymnase", "2027-03-04 09:00;Salle 1"},
			fr: "Nouvelle date : jeudi 4 mars 2027, à 9 h (au lieu du lundi 1er mars 2027) · Nouveau lieu : Salle 1 (initialement : Gymnase)",
			en: "New date: Thursday 4 March 2027, at 9:00 (instead of Monday 1 March 2027) · New place: Salle 1 (originally: Gymnase)"},

		// The same told otherwise.
		{name: "another spelling", plans: []string{"2027-03-01 09:00:00 +01:00", "2027-03-01T08:00:00Z"},
			fr: "lundi 1er mars 2027, à 9 h", en: "Monday 1 March 2027, at 9:00"},
		{name: "another zone", plans: []string{"2027-03-01 09:00", "2027-03-01 17:00@Asia/Tokyo"},
			fr: "lundi 1er mars 2027, à 17 h (Asia/Tokyo)", en: "Monday 1 March 2027, at 17:00 (Asia/Tokyo)"},
		{name: "the zone corrected", plans: []string{"2027-03-01 09:00", "2027-03-01 09:00@Europe/London"},
			fr: "lundi 1er mars 2027, à 9 h (Europe/London)", en: "Monday 1 March 2027, at 9:00 (Europe/London)"},
		{name: "hours in another zone", plans: []string{"2027-03-01 09:00@Asia/Tokyo", "2027-03-01 10:00@Asia/Tokyo"},
			fr: "Nouvel horaire : lundi 1er mars 2027, à 10 h (Asia/Tokyo) (au lieu de 9 h)",
			en: "New time: Monday 1 March 2027, at 10:00 (Asia/Tokyo) (instead of 9:00)"},

		{name: "an end with an offset of its own", plans: []string{"2027-03-01 09:00/2027-03-01 12:00@Europe/London", "2027-03-01 09:00:00 +01:00/2027-03-01 14:00:00 +03:00"},
			fr: "lundi 1er mars 2027, de 9 h à 12 h", en: "Monday 1 March 2027, 9:00 to 12:00"},
		{name: "the evening at which a day begins elsewhere", plans: []string{"2027-03-01", "2027-02-28 19:00@America/New_York"},
			fr: "Nouvelle date : dimanche 28 février 2027, à 19 h (America/New_York) (au lieu du lundi 1er mars 2027)",
			en: "New date: Sunday 28 February 2027, at 19:00 (America/New_York) (instead of Monday 1 March 2027)"},

		// What was first announced counts.
		{name: "twice", plans: []string{"2027-03-01 09:00", "2027-03-04 09:00", "2027-03-05 09:00"},
			fr: "Nouvelle date : vendredi 5 mars 2027, à 9 h (au lieu du lundi 1er mars 2027)",
			en: "New date: Friday 5 March 2027, at 9:00 (instead of Monday 1 March 2027)"},
		{name: "twice, with hours that were not announced", plans: []string{"2027-03-01", "2027-03-04 09:00", "2027-03-05 10:00"},
			fr: "Nouvelle date : vendredi 5 mars 2027, à 10 h (au lieu du lundi 1er mars 2027)",
			en: "New date: Friday 5 March 2027, at 10:00 (instead of Monday 1 March 2027)"},
		{name: "an end, twice", plans: []string{"2027-03-01 09:00/2027-03-01 12:00", "2027-03-01 09:00/2027-03-01 13:00", "2027-03-01 09:00/2027-03-01 14:00"},
			fr: "Nouvel horaire : lundi 1er mars 2027, de 9 h à 14 h (au lieu de 9 h à 12 h)",
			en: "New time: Monday 1 March 2027, 9:00 to 14:00 (instead of 9:00 to 12:00)"},
		{name: "there and back", plans: []string{"2027-03-01 09:00;Gymnase", "2027-03-04 09:00;Salle 1", "2027-03-01 09:00;Gymnase"},
			fr: "lundi 1er mars 2027, à 9 h · Gymnase", en: "Monday 1 March 2027, at 9:00 · Gymnase"},
		{name: "over, and again next year", plans: []string{"2026-11-21 09:00", "2027-11-20 09:00"},
			fr: "samedi 20 novembre 2027, à 9 h", en: "Saturday 20 November 2027, at 9:00"},
		{name: "moved to the past", plans: []string{"2027-03-01 09:00", "2026-11-20 09:00"},
			fr: "Nouvelle date : vendredi 20 novembre 2026, à 9 h (au lieu du lundi 1er mars 2027)",
			en: "New date: Friday 20 November 2026, at 9:00 (instead of Monday 1 March 2027)"},
	} {
		for language, want := range map[string]string{"fr": c.fr, "en-GB": c.en} {
			t.Run(language+"/"+c.name, func(t *testing.T) {
				w := newWorld(t)
				w.config.Language = language
				dir := t.TempDir()
				for _, p := range c.plans {
					when, place, _ := strings.Cut(p, ";")
					w.plan("Conseil", when, place)
					w.later(time.Hour)
					if language != "fr" {
						continue // a restart is the same in every language
					}
					before := w.site
					w.reopen(dir)
					w.build()
					equalSites(t, before, w.site)
				}
				if got := w.line(); got != want {
					t.Errorf("\n%s, want\n%s", got, want)
				}
			})
		}
	}
}

// The page of an event, and the lists it stands in, say it; its calendars do
// not, and its revision is that of any other change.
func TestAMoveIsToldToPeople(t *testing.T) {
	w := newWorld(t)
	w.plan("Conseil", "2027-03-01 09:00", "Salle des fêtes")
	w.build()
	uid := w.get("Conseil", "UID")
	w.plan("Conseil", "2027-03-04 09:00", "Gymnase & cour")
	w.later(time.Hour)
	const when, where = "(au lieu du lundi 1er mars 2027)", "(initialement\u00a0: Salle des fêtes)"
	for name, texts := range map[string][]string{
		"event/conseil.html": {`<dt class="status">Nouvelle date</dt><dd><time datetime="2027-03-04T09:00:00&#43;01:00" class="dt-start">jeudi 4 mars 2027, à 9` + "\u00a0h</time> " + when,
			`<dt class="status">Nouveau lieu</dt><dd><span class="p-location">Gymnase &amp; cour</span> ` + where},
		"events.html": {"</time> " + when, "Gymnase &amp; cour</span> " + where},
		"index.html":  {"</time> " + when, "Gymnase &amp; cour</span> " + where},
		"events.rss":  {"<title>Conseil</title>", when, "Gymnase &amp;amp; cour " + where, "<pubDate>Mon, 02 Nov 2026 09:00:00 +0000</pubDate>"},
		"events.atom": {"<title>Conseil</title>", when, where, "<published>2026-11-02T09:00:00Z</published>", "<updated>2026-11-22T10:00:00Z</updated>", "<id>urn:uuid:" + uid + "</id>"},
		"events.json": {`"title": "Conseil"`, when, where},
	} {
		for _, text := range texts {
			if !w.has(name, text) {
				t.Errorf("%s has no %s:\n%s", name, text, w.site.File(name).Bytes())
			}
		}
	}
	for _, name := range []string{"events.ics", "event/conseil.ics"} {
		if w.has(name, "lieu du") || w.has(name, "initialement") || w.has(name, "Nouve") {
			t.Errorf("%s says it:\n%s", name, w.site.File(name).Bytes())
		}
	}
	if w.get("Conseil", "SEQUENCE") != "1" || w.get("Conseil", "DTSTAMP") != "20261122T100000Z" || w.get("Conseil", "UID") != uid {
		t.Errorf("the revision:\n%s", w.site.File("events.ics").Bytes())
	}
	before := w.site
	w.later(24 * time.Hour)
	equalSites(t, before, w.site)
}

// One that is called off says so, and not where it would have been; it moves
// on from there when it is on again.
func TestACancelledEventHasNotMoved(t *testing.T) {
	for name, cancel := range map[string]func(w *world){
		"status":  func(w *world) { w.plan("Conseil", "2027-03-04 09:00", "", "status: cancelled") },
		"deleted": func(w *world) { w.remove("a.md") },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.plan("Conseil", "2027-03-01 09:00", "")
			w.build()
			w.plan("Conseil", "2027-03-04 09:00", "")
			w.later(time.Hour)
			cancel(w)
			w.later(time.Hour)
			if got := w.line(); got != "jeudi 4 mars 2027, à 9 h" || !w.has("events.rss", "<title>Annulé\u00a0: Conseil</title>") || w.has("event/conseil.html", "Nouvelle date") {
				t.Errorf("%s\n%s", got, w.site.File("events.rss").Bytes())
			}
			w.plan("Conseil", "2027-03-05 09:00", "")
			w.later(time.Hour)
			if got := w.line(); got != "Nouvelle date : vendredi 5 mars 2027, à 9 h (au lieu du lundi 1er mars 2027)" {
				t.Error(got)
			}
		})
	}
}

// What is withdrawn for good, and comes back, is announced anew.
func TestAnEventThatComesBackLongAfter(t *testing.T) {
	w := newWorld(t)
	w.plan("Conseil", "2027-03-01 09:00", "Gymnase", "uid: c@brume.example")
	w.build()
	w.plan("Conseil", "2027-03-04 09:00", "Gymnase", "uid: c@brume.example")
	w.later(time.Hour)
	w.remove("a.md")
	w.later(time.Hour)
	w.later(31 * 24 * time.Hour)
	w.plan("Conseil", "2027-03-05 09:00", "Gymnase", "uid: c@brume.example")
	w.later(time.Hour)
	if got := w.line(); got != "vendredi 5 mars 2027, à 9 h · Gymnase" || w.get("Conseil", "SEQUENCE") != "3" {
		t.Error(got, w.get("Conseil", "SEQUENCE"))
	}
}

// A history from before moves were remembered: its next change is one.
func TestStoreWithoutAnnouncements(t *testing.T) {
	dir := t.TempDir()
	w := newWorld(t)
	w.plan("Conseil", "2027-03-01 09:00", "")
	w.build()
	w.reopen(dir)
	data, err := os.ReadFile(filepath.Join(dir, historyName))
	if err != nil || bytes.Contains(data, []byte(`"first"`)) {
		t.Fatalf("%v: an event that has not moved is saved with an announcement:\n%s", err, data)
	}
	w.plan("Conseil", "2027-03-04 09:00", "")
	w.later(time.Hour)
	if got := w.line(); got != "Nouvelle date : jeudi 4 mars 2027, à 9 h (au lieu du lundi 1er mars 2027)" {
		t.Error(got)
	}
	w.reopen(dir)
	if data, err = os.ReadFile(filepath.Join(dir, historyName)); err != nil || !bytes.Contains(data, []byte(`"first":{"when":{"AllDay":false,"Start":"2027-03-01T09:00:00+01:00"`)) {
		t.Errorf("%v:\n%s", err, data)
	}
}

// Law: what is said of a move depends on what was published, not on how often:
// built at every step or reloaded at every step, the last site is the same.
func TestMovesAreReadAlikeFromAnyStore(t *testing.T) {
	one, two := newWorld(t), newWorld(t)
	dir := t.TempDir()
	for i := range 12 {
		for _, w := range []*world{one, two} {
			w.plan("Conseil", fmt.Sprintf("2027-03-%02d %02d:00@%s", 1+i*5%7, 9+i%3, []string{"Europe/Paris", "Asia/Tokyo", "Europe/London"}[i%3]), []string{"Gymnase", "Salle 1", ""}[i%3])
			w.later(time.Hour)
		}
		two.reopen(dir)
		equalSites(t, one.site, two.site)
	}
	if got := one.line(); !regexp.MustCompile(`^Nouv.*\(au lieu `).MatchString(got) {
		t.Error(got)
	}
}
