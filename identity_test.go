package crieur

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// identities are the UID and status of each event by its title.
func (w *world) identities() map[string]string {
	m := map[string]string{}
	for _, e := range w.events() {
		m[e["SUMMARY"]] = e["UID"]
		if e["STATUS"] != "CONFIRMED" {
			m[e["SUMMARY"]] += " " + e["STATUS"]
		}
	}
	return m
}

// Files change their names in every way; the events stay who they are.
func TestIdentityThroughRenames(t *testing.T) {
	for name, move := range map[string]func(w *world){
		"two names swapped": func(w *world) { w.files["1.md"], w.files["2.md"] = w.files["2.md"], w.files["1.md"] },
		"three names turned": func(w *world) {
			w.files["1.md"], w.files["2.md"], w.files["3.md"] = w.files["2.md"], w.files["3.md"], w.files["1.md"]
		},
		"a folder moved": func(w *world) {
			for _, n := range []string{"1.md", "2.md", "3.md"} {
				w.rename(n, "2027/"+n)
			}
		},
		"two names swapped, and the texts edited": func(w *world) {
			w.files["1.md"], w.files["2.md"] = w.files["2.md"], w.files["1.md"]
			w.write("1.md", string(w.files["1.md"].Data)+"\nEncore.\n")
			w.write("2.md", string(w.files["2.md"].Data)+"\nEncore.\n")
		},
		"a copy made, and the text of the original edited": func(w *world) {
			w.write("copie.txt", "Rien à voir, mais un texte de plus, du 2 novembre 2026.")
			w.write("1.md", string(w.files["1.md"].Data)+"\nEncore.\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for i, title := range []string{"Alpha", "Beta", "Gamma"} {
				w.event(fmt.Sprintf("%d.md", i+1), title, fmt.Sprintf("2027-0%d-10 10:00:00 +01:00", i+1))
			}
			w.build()
			before := w.identities()
			move(w)
			w.later(time.Hour)
			if after := w.identities(); fmt.Sprint(after) != fmt.Sprint(before) {
				t.Errorf("%v, was %v", after, before)
			}
		})
	}
}

// The name of a withdrawn event is taken by a live one.
func TestIdentityAtADeadName(t *testing.T) {
	for name, first := range map[string]time.Duration{"while it is cancelled": time.Hour, "long after": 60 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.event("reunion.md", "Alpha", "2027-01-10 10:00:00 +01:00")
			w.event("reunion-mars.md", "Beta", "2027-03-10 10:00:00 +01:00")
			w.build()
			uid := w.get("Beta", "UID")
			w.remove("reunion.md")
			w.later(time.Hour)
			w.later(first)
			w.rename("reunion-mars.md", "reunion.md")
			w.later(time.Hour)
			if w.get("Beta", "UID") != uid || w.get("Beta", "STATUS") != "CONFIRMED" || w.get("Beta", "SEQUENCE") != "0" {
				t.Errorf("%v, was %s", w.identities(), uid)
			}
		})
	}
}

// One of two files removed, the other put in its place.
func TestIdentityWhenNumbersShift(t *testing.T) {
	w := newWorld(t)
	w.event("1.md", "Alpha", "2027-01-10 10:00:00 +01:00")
	w.event("2.md", "Beta", "2027-02-10 10:00:00 +01:00")
	w.build()
	alpha, beta := w.get("Alpha", "UID"), w.get("Beta", "UID")
	w.rename("2.md", "1.md")
	w.later(time.Hour)
	if got := w.identities(); got["Alpha"] != alpha+" CANCELLED" || got["Beta"] != beta {
		t.Errorf("%v", got)
	}
}

// A file copied with the uid left in does not take the event over.
func TestIdentityOfACopyWithTheUID(t *testing.T) {
	w := newWorld(t)
	w.event("fete.md", "Fête 2027", "2027-05-08 09:00:00 +02:00", "uid: fete@brume.example")
	w.build()
	w.event("fete-2028.md", "Fête 2028", "2028-05-08 09:00:00 +02:00", "uid: fete@brume.example")
	w.later(time.Hour)
	if w.get("Fête 2027", "SEQUENCE") != "0" || len(w.events()) != 1 {
		t.Errorf("%v", w.identities())
	}
	if f := w.fault("duplicate-uid"); f == nil || f.Pos.Filename != "fete-2028.md" {
		t.Errorf("%v", w.faults)
	}
}

// A uid that is changed keeps what was published, and the old one is nobody's.
func TestIdentityOfAChangedUID(t *testing.T) {
	w := newWorld(t)
	w.event("m.md", "Foire", "2027-05-08 09:00:00 +02:00", "uid: x@brume.example")
	w.build()
	w.event("m.md", "Foire", "2027-05-08 09:00:00 +02:00", "uid: y@brume.example")
	w.later(time.Hour)
	w.event("a.md", "Bal", "2027-05-09 09:00:00 +02:00", "uid: x@brume.example")
	w.later(time.Hour)
	if w.get("Foire", "UID") != "x@brume.example" || w.get("Bal", "UID") == "x@brume.example" {
		t.Errorf("%v", w.identities())
	}
}

const list = "- title: Alpha\n  start: 2027-01-10 10:00\n- title: Beta\n  start: 2027-02-10 10:00\n- title: Gamma\n  start: 2027-03-10 10:00\n"

// A file of many records is edited; each stays who it is.
func TestIdentityInAList(t *testing.T) {
	for name, c := range map[string]struct{ data, want string }{
		"one removed":                    {strings.Replace(list, "- title: Alpha\n  start: 2027-01-10 10:00\n", "", 1), "Alpha CANCELLED, Beta, Gamma"},
		"one removed, another moved":     {strings.Replace(strings.Replace(list, "- title: Alpha\n  start: 2027-01-10 10:00\n", "", 1), "02-10", "02-11", 1), "Alpha CANCELLED, Beta, Gamma"},
		"one retitled":                   {strings.Replace(list, "Beta", "Bêta", 1), "Alpha, Bêta, Gamma"},
		"turned round":                   {"- title: Gamma\n  start: 2027-03-10 10:00\n- title: Beta\n  start: 2027-02-10 10:00\n- title: Alpha\n  start: 2027-01-10 10:00\n", "Alpha, Beta, Gamma"},
		"a key of one misspelt":          {strings.Replace(list, "title: Beta", "tilte: Beta", 1), "Alpha, Beta, Gamma"},
		"another key of one misspelt":    {strings.Replace(list, "start: 2027-02-10", "strat: 2027-02-10", 1), "Alpha, Beta, Gamma"},
		"a new one before all":           {"- title: Delta\n  start: 2027-04-10 10:00\n" + list, "Alpha, Beta, Delta, Gamma"},
		"one moved and retitled at once": {strings.Replace(strings.Replace(list, "Beta", "Bêta", 1), "02-10", "02-11", 1), "Alpha, Bêta, Gamma"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.write("a.yaml", list)
			w.build()
			before := w.identities()
			before["Bêta"] = before["Beta"]
			w.write("a.yaml", c.data)
			w.later(time.Hour)
			after := w.identities()
			var got []string
			for _, title := range []string{"Alpha", "Beta", "Bêta", "Delta", "Gamma"} {
				uid, status, _ := strings.Cut(after[title], " ")
				if uid == "" {
					continue
				}
				if title != "Delta" && uid != before[title] {
					t.Errorf("%s is another", title)
				}
				got = append(got, strings.TrimSpace(title+" "+status))
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("%v, want %s; %v", got, c.want, w.faults)
			}
		})
	}
}

// What was withdrawn does not compete with what is live.
func TestIdentityBesideTheDead(t *testing.T) {
	for range 8 { // ties would be broken by chance
		w := newWorld(t)
		w.write("a.yaml", list)
		w.build()
		w.write("a.yaml", strings.Replace(list, "- title: Alpha\n  start: 2027-01-10 10:00\n", "", 1))
		w.later(time.Hour)
		before := w.get("Beta", "UID")
		w.write("a.yaml", "- title: Bêta\n  start: 2027-02-12 10:00\n- title: Gamma\n  start: 2027-03-10 10:00\n")
		w.later(time.Hour)
		if w.get("Bêta", "UID") != before {
			t.Fatalf("%v, was %s", w.identities(), before)
		}
	}
}

// A build may fall between the removal of a file and its coming back under
// another name.
func TestIdentityOfAnArticleMovedWithAGap(t *testing.T) {
	w := newWorld(t)
	w.write("n.md", "---\ntitle: Nouvelle\ndate: 2026-11-02\n---\nTexte.\n")
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
	w.build()
	atom := string(w.site.File("articles.atom").Bytes())
	id := atom[strings.LastIndex(atom, "<id>"):strings.LastIndex(atom, "</id>")]
	saved := w.files["n.md"]
	w.remove("n.md")
	w.later(time.Hour)
	w.files["2026/nouvelle.md"] = saved
	w.later(time.Hour)
	if !w.has("articles.atom", id) {
		t.Errorf("%s became another:\n%s", id, w.site.File("articles.atom").Bytes())
	}
}

// An article does not take up the identity of a withdrawn event, nor its files.
func TestIdentityOfAnotherKind(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
	w.write("b.md", "---\ntitle: Foire\ndate: 2026-11-02\n---\nTexte.\n")
	w.build()
	w.remove("a.md")
	w.later(time.Hour)
	w.write("a.md", "---\ntitle: Foire\ndate: 2026-11-03\n---\nAutre texte.\n")
	w.later(time.Hour)
	if w.get("Foire", "STATUS") != "CANCELLED" || strings.Count(string(w.site.File("articles.rss").Bytes()), "<item>") != 2 {
		t.Errorf("%v\n%s", w.identities(), w.site.File("articles.rss").Bytes())
	}
	if w.site.File("article/foire.html") == nil || strings.Count(fmt.Sprint(names(w.site)), "article/foire") != 2 {
		t.Errorf("%v", names(w.site))
	}
}

// A clock that is set back hides nothing and calls nothing off.
func TestClockSetBack(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00", "publishDate: 2026-10-01")
	w.event("b.md", "Bal", "2027-05-08 09:00:00 +02:00", "expiryDate: 2026-11-20")
	w.write("n.md", "---\ntitle: Nouvelle\ndate: 2026-11-02\n---\nTexte.\n")
	w.build()
	before, rss := string(w.site.File("events.ics").Bytes()), string(w.site.File("articles.rss").Bytes())
	w.now = w.now.AddDate(-1, 0, 0)
	w.build()
	if got := string(w.site.File("events.ics").Bytes()); got != before {
		t.Errorf("%s\nwas\n%s", got, before)
	}
	if got := string(w.site.File("articles.rss").Bytes()); got != rss {
		t.Errorf("%s\nwas\n%s", got, rss)
	}
	modified := w.site.File("events.ics").Modified
	w.event("a.md", "Grande foire", "2027-05-08 09:00:00 +02:00", "publishDate: 2026-10-01")
	w.build()
	if !w.site.File("events.ics").Modified.After(modified) || w.get("Grande foire", "SEQUENCE") != "1" {
		t.Error("a change is not later than the last")
	}
}

// One calendar is guarded apart from the rest of the site, and over time.
func TestMassRemovalOfOneCalendar(t *testing.T) {
	w := newWorld(t)
	for i := range 60 {
		w.write(fmt.Sprintf("n%d.md", i), fmt.Sprintf("---\ntitle: Nouvelle %d\ndate: 2026-11-02\n---\n", i))
	}
	for i := range 20 {
		w.event(fmt.Sprintf("agenda/e%d.md", i), fmt.Sprintf("Fête %d", i), "2027-05-08 09:00:00 +02:00")
		w.event(fmt.Sprintf("agenda/p%d.md", i), fmt.Sprintf("Passée %d", i), "2020-05-08 09:00:00 +02:00")
	}
	w.build()
	for i := range 20 {
		w.remove(fmt.Sprintf("agenda/e%d.md", i))
		w.later(time.Second)
	}
	if n := strings.Count(string(w.site.File("events.ics").Bytes()), "STATUS:CANCELLED"); n > 10 {
		t.Errorf("%d of 20 events to come were cancelled, one by one within seconds", n)
	}
	if w.fault("mass-removal") == nil {
		t.Errorf("%v", w.faults)
	}
}

// A uid stands for what is published with it, and not for what was withdrawn with it.
func TestAUIDOfTwoOfWhichOneGoes(t *testing.T) {
	for _, name := range []string{"b.md", "f.md"} { // by its identity it is before the other, or after
		w := newWorld(t)
		w.event("a.md", "Foire", "2027-05-08")
		w.event(name, "Bal", "2027-05-08")
		w.build()
		w.event("a.md", "Foire", "2027-05-08", "uid: f@brume.example")
		w.event(name, "Foire", "2027-05-08", "uid: f@brume.example")
		w.later(time.Hour)
		w.remove("a.md")
		before := fmt.Sprint(w.later(time.Hour).rows())
		w.rename(name, "f/"+name)
		if after := fmt.Sprint(w.later(time.Hour).rows()); after != before {
			t.Errorf("%s is %s, was %s", name, after, before)
		}
	}
}

// Records that stand in one line of a file are told apart by what they say, as if there were no lines.
func TestOneLineOfManyRecords(t *testing.T) {
	w := newWorld(t)
	w.write("a.json", `[{"title":"Un","start":"2027-05-08"},{"title":"Deux","start":"2027-05-09"}]`)
	w.build()
	ids := map[string]string{}
	for id, e := range w.history.entries.all() {
		if e.Line != 1 {
			t.Fatalf("%s is in line %d: this shows nothing", e.Record.Title, e.Line)
		}
		ids[e.Record.Title] = id
	}
	w.write("a.json", `[{"title":"Deux","start":"2027-05-09"}]`)
	w.later(1e9)
	for id, e := range w.history.entries.all() {
		if e.live() != (id == ids["Deux"]) {
			t.Errorf("%s: live is %v", e.Record.Title, e.live())
		}
	}
}
