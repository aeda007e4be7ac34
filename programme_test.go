package crieur

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// lasting is a programme that random edits do not take away.
const lasting = "programme/assises.md"

// randomProgramme is the file of an event that is a programme most of the time.
func randomProgramme(random *rand.Rand, title string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %s\nevent_start_date: 2027-05-%02d 09:00:00 +02:00\ndate: 2026-11-02 10:00:00 +01:00\nprogramme: %v\n---\n", title, 8+random.IntN(2), random.IntN(6) > 0)
	hour := 9
	for i := range random.IntN(6) {
		if random.IntN(4) > 0 {
			hour++
		}
		fmt.Fprintf(&b, "* %dh : %s\n\n%s\n\n", hour, []string{"Accueil", "Pause", fmt.Sprint("Atelier ", i), fmt.Sprint("Atelier ", random.IntN(9))}[random.IntN(4)], []string{"", "Avec Jo."}[random.IntN(2)])
	}
	return b.String()
}

// sessions are the properties of each event of the programmes below event/slug,
// or of all.
func (w *world) sessions(slug string) (list []map[string]string) {
	for f := range w.site.Files() {
		if strings.HasPrefix(f.Name, "event/"+slug) && strings.HasSuffix(f.Name, "/programme.ics") {
			list = append(list, vevent(f)...)
		}
	}
	return list
}

// told says of each session when it is, its title, its revision and its status,
// under a short name for its identity, which is the same in the whole of names.
func (w *world) told(names map[string]string) string {
	var all []string
	for _, e := range w.sessions("assises") {
		if names[e["UID"]] == "" {
			names[e["UID"]] = string(rune('a' + len(names)))
		}
		s := fmt.Sprintf("%s %s %s %s", names[e["UID"]], e["DTSTART"][6:13], e["SUMMARY"], e["SEQUENCE"])
		if e["STATUS"] != "CONFIRMED" {
			s += " " + e["STATUS"]
		}
		all = append(all, s)
	}
	return strings.Join(all, ", ")
}

// Sessions keep their identity over edits, as events do, and are cancelled when they go.
func TestTheLifeOfAProgramme(t *testing.T) {
	w := newWorld(t)
	names := map[string]string{}
	write := func(file, day string, lines ...string) {
		w.event(file, "Assises", "2027-05-"+day+" 09:00:00 +02:00", "event_end_date: 2027-05-"+day+" 18:00:00 +02:00", lines[0])
		w.files[file].Data = append(w.files[file].Data, strings.Join(append([]string{"", ""}, lines[1:]...), "\n* ")...)
	}
	step := func(what, want string) {
		t.Helper()
		w.later(time.Hour)
		if got := w.told(names); got != want {
			t.Errorf("%s:\n%s, want\n%s", what, got, want)
		}
	}
	const yes = "programme: true"
	write("a.md", "08", yes, "9h-10h : Accueil", "10h-11h : Table ronde", "11h-11h15 : Pause", "12h-14h : Repas", "16h-16h15 : Pause")
	step("at first", "a 08T0900 Accueil 0, b 08T1000 Table ronde 0, c 08T1100 Pause 0, d 08T1200 Repas 0, e 08T1600 Pause 0")

	write("a.md", "08", yes, "9h-10h : Accueil", "10h-11h : Table ronde", "11h-11h15 : Pause", "12h-14h : Repas", "16h-16h15 : Pause", "", "Encore.")
	step("an edit beside it", "a 08T0900 Accueil 0, b 08T1000 Table ronde 0, c 08T1100 Pause 0, d 08T1200 Repas 0, e 08T1600 Pause 0")

	write("a.md", "08", yes, "9h-9h30 : Accueil", "9h30-11h : Table ronde", "11h-11h15 : Pause", "12h-14h : Déjeuner", "16h-16h15 : Pause")
	step("moved and renamed", "a 08T0900 Accueil 1, b 08T0930 Table ronde 1, c 08T1100 Pause 0, d 08T1200 Déjeuner 1, e 08T1600 Pause 0")

	w.rename("a.md", "2027/assises.md")
	step("the file renamed", "a 08T0900 Accueil 1, b 08T0930 Table ronde 1, c 08T1100 Pause 0, d 08T1200 Déjeuner 1, e 08T1600 Pause 0")

	write("2027/assises.md", "09", yes, "9h-9h30 : Accueil", "9h30-11h : Table ronde", "11h-11h15 : Pause", "12h-14h : Déjeuner", "16h-16h15 : Pause")
	step("another day", "a 09T0900 Accueil 2, b 09T0930 Table ronde 2, c 09T1100 Pause 1, d 09T1200 Déjeuner 2, e 09T1600 Pause 1")

	write("2027/assises.md", "09", yes, "9h-9h30 : Accueil", "11h-11h15 : Pause", "12h-14h : Déjeuner", "14h-15h : Visite", "16h-16h15 : Pause")
	step("one gone, one new", "a 09T0900 Accueil 2, b 09T0930 Table ronde 3 CANCELLED, c 09T1100 Pause 1, d 09T1200 Déjeuner 2, f 09T1400 Visite 0, e 09T1600 Pause 1")

	write("2027/assises.md", "09", yes, "9h-9h30 : Accueil", "10h-11h : Table ronde", "11h-11h15 : Pause", "12h-14h : Déjeuner", "14h-15h : Visite", "16h-16h15 : Pause")
	step("come back", "a 09T0900 Accueil 2, b 09T1000 Table ronde 4, c 09T1100 Pause 1, d 09T1200 Déjeuner 2, f 09T1400 Visite 0, e 09T1600 Pause 1")

	write("2027/assises.md", "09", yes, "neuf heures : Accueil")
	step("hours that are not understood", "a 09T0900 Accueil 2, b 09T1000 Table ronde 4, c 09T1100 Pause 1, d 09T1200 Déjeuner 2, f 09T1400 Visite 0, e 09T1600 Pause 1")
	if f := w.fault("programme"); f == nil || f.Pos.Line != 6 {
		t.Errorf("faults %v", w.faults)
	}

	w.write("2027/assises.md", "---\ntitle: [cassé\n---\n")
	step("a broken file", "a 09T0900 Accueil 2, b 09T1000 Table ronde 4, c 09T1100 Pause 1, d 09T1200 Déjeuner 2, f 09T1400 Visite 0, e 09T1600 Pause 1")

	write("2027/assises.md", "09", "programme: false", "9h-9h30 : Accueil")
	step("no programme", "a 09T0900 Accueil 3 CANCELLED, b 09T1000 Table ronde 5 CANCELLED, c 09T1100 Pause 2 CANCELLED, d 09T1200 Déjeuner 3 CANCELLED, f 09T1400 Visite 1 CANCELLED, e 09T1600 Pause 2 CANCELLED")

	w.later(31 * 24 * time.Hour)
	if f := w.site.File("event/assises/programme.ics"); f == nil || len(vevent(f)) > 0 {
		t.Error("the subscription of a programme that is gone is no empty calendar")
	}

	write("2027/assises.md", "09", yes, "9h-9h30 : Accueil")
	step("a programme again", "a 09T0900 Accueil 4")
	w.remove("2027/assises.md")
	step("the event deleted", "a 09T0900 Accueil 5 CANCELLED")
	w.later(31 * 24 * time.Hour)
	if w.site.File("event/assises/programme.ics") != nil {
		t.Error("the programme is still there after its event")
	}
}

// A session is in the calendar of the programme, and nowhere else.
func TestSessionsAreNowhereElse(t *testing.T) {
	w := newWorld(t)
	w.config.Collections = []Collection{{Path: "agenda", Programme: true}}
	w.event("agenda/a.md", "Assises", "2027-05-08 09:00:00 +02:00", "tags: [eau]", "reminder: 15")
	w.files["agenda/a.md"].Data = append(w.files["agenda/a.md"].Data, "\n* 9h : Zinzolin\n* 10h : Amarante\n"...)
	w.event("agenda/b.md", "Bal", "2027-05-08 20:00:00 +02:00")
	w.files["agenda/b.md"].Data = append(w.files["agenda/b.md"].Data, "\n21h : l’orchestre\n"...)
	w.build()
	for f := range w.site.Files() {
		text := strings.ReplaceAll(string(f.Bytes()), "\r\n ", "")
		if strings.Contains(text, "SUMMARY:Zinzolin") != (f.Name == "event/assises/programme.ics") {
			t.Errorf("%s:\n%s", f.Name, text)
		}
	}
	if w.site.Events != 2 || w.site.File("event/bal/programme.ics") != nil || len(w.faults) != 1 {
		t.Errorf("%d events, faults %v", w.site.Events, w.faults)
	}
	for _, page := range []string{"index.html", "events.html", "events/tag/eau.html", "event/assises.html"} {
		if !w.has(page, `event/assises/programme.ics`) && !w.has(page, `assises/programme.ics`) {
			t.Errorf("%s does not lead to the programme", page)
		}
	}
	for i := range 10 {
		w.event(fmt.Sprintf("agenda/e%d.md", i), fmt.Sprintf("Fête %d", i), "2027-05-08 09:00:00 +02:00")
	}
	w.files["agenda/a.md"].Data = []byte(strings.Split(string(w.files["agenda/a.md"].Data), "* 9h")[0])
	if w.later(time.Hour); w.fault("mass-removal") != nil {
		t.Error("a programme that is taken back is held back")
	}
}

// What a store keeps of programmes is what was in memory.
func TestStoreKeepsProgrammes(t *testing.T) {
	w := newWorld(t)
	random := rand.New(rand.NewPCG(1, 1))
	dir := t.TempDir()
	for range 10 {
		w.write(lasting, randomProgramme(random, "Assises"))
		w.later(time.Hour)
		before := w.site
		w.reopen(dir)
		w.build()
		equalSites(t, before, w.site)
	}
	if !slices.ContainsFunc(w.sessions(""), func(e map[string]string) bool { return e["SEQUENCE"] != "0" }) {
		t.Error("nothing has changed")
	}
}

// An event, its calendar and its feeds are the same with a programme as without.
func TestAnEventStaysWhatItIs(t *testing.T) {
	w := newWorld(t)
	write := func(more string) {
		w.event("a.md", "Assises", "2027-05-08 09:00:00 +02:00", more)
		w.files["a.md"].Data = append(w.files["a.md"].Data, "\n* 8h : Accueil\n* 23h : Bal\n"...)
		w.later(time.Hour)
	}
	write("lieu: Brume")
	without := w.site
	write("lieu: Brume\nprogramme: true")
	if len(w.sessions("")) != 2 {
		t.Fatal("no programme")
	}
	for f := range without.Files() {
		if now := w.site.File(f.Name); !strings.HasSuffix(f.Name, ".html") && (now == nil || now.ETag != f.ETag || !now.Modified.Equal(f.Modified)) {
			t.Errorf("%s has changed", f.Name)
		}
	}
}
