package crieur

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// doc is a file of Markdown with that front matter.
func doc(body string, lines ...string) string {
	return "---\n" + strings.Join(lines, "\n") + "\n---\n" + body + "\n"
}

const (
	fair    = "title: Foire du quai"
	start   = "start: 2027-05-08 14:00"
	end     = "end: 2027-05-08 18:00"
	place   = "lieu: Halle"
	news    = "title: Travaux"
	written = "date: 2026-11-02"
	blurb   = "summary: Le premier samedi de mai, les maraîchers de la vallée et leurs plants occupent tout le quai."
)

// doubleCases are two files that hold one event or article, or two.
var doubleCases = []struct {
	name, a, b, fileB string // fileB empty: b.md
	once              bool
	rule              string // of the fault, if any
}{
	{"the same bytes", doc("x", fair, start, place), doc("x", fair, start, place), "", true, "double"},
	{"another text", doc("x", fair, start, place), doc("y", fair, start, place, "summary: z", "tags: [t]"), "", true, "double"},
	{"case, accents and signs of the title and the place", doc("", "title: Foire d'été, au quai !", start, place), doc("", "title: FOIRE d’ete au  quai", start, "lieu: HALLE."), "", true, "double"},
	{"one without an end", doc("", fair, start, end), doc("", fair, start), "", true, "double"},
	{"one without a meeting", doc("", fair, start, "visio: https://visio.example/1"), doc("", fair, start), "", true, "double"},
	{"a file of data", doc("x", fair, start, place), "- {title: Foire du quai, start: 2027-05-08 14:00, lieu: Halle}\n- {title: Bal, start: 2027-06-08 14:00}\n", "b.yaml", true, "double"},
	{"JSON", doc("x", fair, start, place), `{"title": "Foire du quai", "start": "2027-05-08T14:00+02:00", "location": {"name": "Halle"}}`, "b.json", true, "double"},
	{"a table", doc("x", fair, start, place), "Titre;Début;Lieu\nFoire du quai;08/05/2027 14:00;Halle\nBal;08/06/2027 14:00;\n", "b.csv", true, "double"},
	{"a calendar", doc("x", fair, start, place), "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:f@brume.example\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20270508T120000Z\r\nSUMMARY:Foire du quai\r\nLOCATION:Halle\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "b.ics", true, "double"},
	{"one uid", doc("x", fair, start, "uid: f@brume.example"), doc("y", fair, start, "uid: f@brume.example"), "", true, "double"},
	{"a uid in the second", doc("x", fair, start), doc("y", fair, start, "uid: f@brume.example"), "", true, "double"},
	{"a title that says more, and one summary", doc("x", fair, start, blurb), doc("y", "title: Foire du quai de Brume", start, blurb), "", true, "double"},
	{"a title that says more, and a summary that says little", doc("x", fair, start, "summary: Gratuit."), doc("y", "title: Foire du quai de Brume", start, "summary: Gratuit."), "", false, ""},
	{"one a draft", doc("x", fair, start, "draft: true"), doc("x", fair, start), "", true, ""},
	{"an article", doc("x", news, written), doc("x", news, written, "tags: [t]"), "", true, "double"},
	{"an article without text", doc("", news, written), doc("", news, written), "c.md", true, "double"},

	{"two uids", doc("x", fair, start, "uid: f@brume.example"), doc("x", fair, start, "uid: g@brume.example"), "", false, "double"},
	{"two places", doc("x", fair, start, place), doc("x", fair, start, "lieu: Gare"), "", false, ""},
	{"two languages", doc("x", fair, start), doc("x", fair, start, "lang: en"), "", false, ""},
	{"two ends", doc("x", fair, start, end), doc("x", fair, start, "end: 2027-05-08 19:00"), "", false, ""},
	{"two meetings", doc("x", fair, start, "visio: https://visio.example/1"), doc("x", fair, start, "visio: https://visio.example/2"), "", false, ""},
	{"two rules", doc("x", fair, start, "rrule: FREQ=WEEKLY"), doc("x", fair, start), "", false, ""},
	{"one is cancelled", doc("x", fair, start), doc("x", fair, start, "status: cancelled"), "", false, ""},
	{"a title that says more", doc("x", fair, start), doc("x", "title: Foire du quai de Brume", start), "", false, ""},
	{"other titles, and one summary", doc("x", fair, start, blurb), doc("x", "title: Bal", start, blurb), "", false, ""},
	{"two days", doc("x", fair, start), doc("x", fair, "start: 2027-05-09 14:00"), "", false, ""},
	{"articles of two days", doc("x", news, written), doc("x", news, "date: 2026-11-03"), "", false, ""},
	{"articles with two texts", doc("x", news, written), doc("y", news, written), "", false, ""},
	{"articles that only lead elsewhere", doc("", news, written, "redirection: /a/"), doc("", news, written, "redirection: /b/"), "", false, ""},
}

// published are the identities of what is called something like the case, in
// the calendar and the feed of articles.
func (w *world) published() (ids []string) {
	var events []map[string]string
	if w.site.File("events.ics") != nil {
		events = w.events()
	}
	for _, e := range events {
		if e["SUMMARY"] != "Bal" || !strings.Contains(e["DTSTART"], "0608") {
			ids = append(ids, e["UID"]+" "+e["STATUS"])
		}
	}
	if f := w.site.File("articles.atom"); f != nil {
		for _, entry := range strings.Split(string(f.Bytes()), "<entry")[1:] {
			_, id, _ := strings.Cut(entry, "<id>")
			id, _, _ = strings.Cut(id, "</id>")
			ids = append(ids, id)
		}
	}
	return ids
}

func TestDoubles(t *testing.T) {
	for _, c := range doubleCases {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			if c.fileB == "" {
				c.fileB = "b.md"
			}
			w.write("a.md", c.a)
			w.write(c.fileB, c.b)
			w.build()
			if got := len(w.published()); got != map[bool]int{true: 1, false: 2}[c.once] {
				t.Fatalf("published %d times: %v", got, w.faults)
			}
			f := w.fault("double")
			switch {
			case (f != nil) != (c.rule != ""):
				t.Errorf("%v", w.faults)
			case f != nil && (f.Severity != Warning || !strings.Contains(f.Error(), "a.md:1:1") || !strings.Contains(f.Error(), c.fileB+":")):
				t.Errorf("%v, want a warning with both places", f)
			}
		})
	}
}

// Whichever of the two files goes, and however, who subscribed to the event sees
// neither another one nor that it is called off; nor when it comes back.
func TestDoublesKeepTheIdentity(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	gone := map[string]func(w *world, name, data string){
		"deleted": func(w *world, name, data string) { w.remove(name) },
		"a draft": func(w *world, name, data string) {
			w.write(name, strings.Replace(data, "\n---\n", "\ndraft: true\n---\n", 1))
		},
		"another": func(w *world, name, data string) { w.write(name, doc("", "title: Tombola", "start: 2027-01-01")) },
		"expired": func(w *world, name, data string) {
			w.write(name, strings.Replace(data, "\n---\n", "\nexpiryDate: 2026-11-20\n---\n", 1))
		},
		"faulty":   func(w *world, name, data string) { w.write(name, "---\ntitle: [\n---\n") },
		"renamed":  func(w *world, name, data string) { w.rename(name, "z/"+name) },
		"a folder": func(w *world, name, data string) { w.rename("a.md", "z/a.md"); w.rename("b.md", "z/b.md") },
	}
	for _, c := range doubleCases {
		if !c.once || c.rule == "" || c.fileB != "" {
			continue
		}
		for _, how := range slices.Sorted(maps.Keys(gone)) {
			for _, name := range []string{"a.md", "b.md"} {
				t.Run(c.name+"/"+name+" "+how, func(t *testing.T) {
					w := newWorld(t)
					w.write("a.md", c.a)
					w.write("b.md", c.b)
					w.build()
					before := w.published()[0]
					data := string(w.files[name].Data)
					gone[how](w, name, data)
					w.later(time.Hour)
					check := func(when string) {
						t.Helper()
						ids := w.published()
						if how == "another" {
							if len(ids) != 2 || !slices.Contains(ids, before) {
								t.Errorf("%s: %v, was %s; %v", when, ids, before, w.faults)
							}
						} else if len(ids) != 1 || ids[0] != before {
							t.Errorf("%s: %v, was %s; %v", when, ids, before, w.faults)
						}
					}
					check("gone")
					if how == "another" || how == "renamed" || how == "a folder" {
						return
					}
					w.write(name, data)
					w.later(time.Hour)
					check("back")
				})
			}
		}
	}
}

// Of three that are the same the first goes, then the second.
func TestDoublesOneByOne(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"a.md", "b/b.md", "c.md"} {
		w.write(name, doc("x", fair, start))
	}
	w.build()
	before := fmt.Sprint(w.published())
	for _, name := range []string{"a.md", "b/b.md"} {
		w.remove(name)
		if got := fmt.Sprint(w.later(time.Hour).published()); got != before {
			t.Errorf("without %s: %s, was %s", name, got, before)
		}
	}
}

// Two rows of one file.
func TestDoublesInAList(t *testing.T) {
	w := newWorld(t)
	w.write("a.yaml", strings.Repeat("- title: Alpha\n  start: 2027-01-10 10:00\n", 2)+list)
	w.build()
	before := fmt.Sprint(w.identities())
	if len(w.events()) != 3 || w.fault("double") == nil {
		t.Errorf("%v %v", w.identities(), w.faults)
	}
	w.write("a.yaml", list)
	if after := fmt.Sprint(w.later(time.Hour).identities()); after != before {
		t.Errorf("%s, was %s", after, before)
	}
}

// Two events that were published both, and are edited into one, stay: nothing is
// called off by a copy.
func TestDoublesThatWereTwo(t *testing.T) {
	w := newWorld(t)
	w.write("a.md", doc("x", fair, start))
	w.write("b.md", doc("x", "title: Bal", "start: 2027-05-09"))
	w.build()
	before := w.published()
	w.write("b.md", doc("x", fair, start))
	if after := w.later(time.Hour).published(); fmt.Sprint(after) != fmt.Sprint(before) || w.fault("double") == nil {
		t.Errorf("%v, was %v; %v", after, before, w.faults)
	}
}

// Who edits one of two copies has forgotten the other: that which is published
// moves, and the copy stays left out until it is edited itself, or alone.
func TestDoublesOfWhatMoves(t *testing.T) {
	moved := doc("x", fair, "start: 2027-05-15 14:00")
	for _, again := range []struct {
		name string
		do   func(w *world)
		want string
	}{
		{"nothing", func(w *world) {}, "20270515T140000"},
		{"another title", func(w *world) { w.write("a.md", strings.Replace(moved, "quai", "port", 1)) }, "20270515T140000"},
		{"moved back", func(w *world) { w.write("a.md", doc("x", fair, start)) }, "20270508T140000"},
		{"renamed", func(w *world) { w.rename("a.md", "2027/foire.md") }, "20270515T140000"},
		{"the copy deleted", func(w *world) { w.remove("b.md") }, "20270515T140000"},
		{"the copy alone", func(w *world) { w.remove("a.md") }, "20270508T140000"},
		{"the copy as well", func(w *world) { w.write("b.md", doc("y", fair, "start: 2027-05-15 14:00")) }, "20270515T140000"},
		{"the copy for itself", func(w *world) { w.write("b.md", doc("y", "title: Bal", start)) }, "20270515T140000 and another"},
	} {
		t.Run(again.name, func(t *testing.T) {
			w := newWorld(t)
			w.write("a.md", doc("x", fair, start))
			w.write("b.md", doc("x", fair, start))
			w.build()
			uid := w.events()[0]["UID"]
			w.reopen(t.TempDir())
			w.write("a.md", moved)
			w.later(time.Hour)
			if len(w.events()) != 1 || w.events()[0]["UID"] != uid || w.events()[0]["DTSTART"] != "20270515T140000" || w.fault("double") == nil {
				t.Fatalf("moved: %v, was %s; %v", w.events(), uid, w.faults)
			}
			w.reopen(t.TempDir())
			again.do(w)
			for range 2 {
				w.later(time.Hour)
				got := ""
				for _, e := range w.events() {
					switch {
					case e["UID"] == uid && e["STATUS"] == "CONFIRMED":
						got = e["DTSTART"] + got
					default:
						got += " and another"
					}
				}
				if got != again.want {
					t.Errorf("%s, want %s; %v", got, again.want, w.faults)
				}
			}
		})
	}
}

// Two events with uids of their own are published both; a copy of either is not, now or later.
func TestDoublesOfTwoUIDs(t *testing.T) {
	w := newWorld(t)
	w.write("b.md", doc("x", fair, start, "uid: f@brume.example"))
	w.build()
	w.write("a.md", doc("x", fair, start, "uid: g@brume.example"))
	w.write("c.md", doc("x", fair, start, "uid: f@brume.example"))
	for range 3 {
		if got := w.later(time.Hour).published(); len(got) != 2 {
			t.Errorf("%v; %v", got, w.faults)
		}
	}
}

// What stands in a faulty file stays, whatever draft of it is elsewhere.
func TestADraftTakesNothingFromAFaultyFile(t *testing.T) {
	for _, copied := range []string{doc("x", fair, start), doc("y", fair, start)} {
		w := newWorld(t)
		w.write("a.md", doc("x", fair, start))
		w.write("b.md", strings.Replace(copied, "\n---\n", "\ndraft: true\n---\n", 1))
		w.build()
		before := fmt.Sprint(w.published())
		w.write("a.md", "---\ntitle: [\n---\n")
		if after := fmt.Sprint(w.later(time.Hour).published()); after != before {
			t.Errorf("%s, was %s; %v", after, before, w.faults)
		}
		w.write("a.md", doc("x", fair, start))
		if after := fmt.Sprint(w.later(time.Hour).published()); after != before {
			t.Errorf("%s when it is repaired, was %s; %v", after, before, w.faults)
		}
	}
}

// While the file of an event is faulty, its last good form stays with its sessions,
// and a copy that says less does not take its place.
func TestACopyWaitsWhileAFileIsFaulty(t *testing.T) {
	for _, uid := range []string{"lieu: Halle", "uid: f@brume.example"} {
		w := newWorld(t)
		text := doc("* 15h : Accueil\n* 16h : Bal", fair, start, end, uid, "programme: true")
		w.write("a.md", text)
		w.build()
		w.write("b.md", doc("", fair, start, end, uid))
		w.later(time.Hour)
		before := fmt.Sprint(w.events(), w.sessions(""))
		for _, step := range []struct{ name, data string }{{"faulty", "---\ntitle: [\n---\n"}, {"faulty still", "---\ntitle: {\n---\n"}, {"repaired", text}} {
			w.write("a.md", step.data)
			if after := fmt.Sprint(w.later(time.Hour).events(), w.sessions("")); after != before || w.fault("double") == nil {
				t.Errorf("%s:\n%s, was\n%s; %v", step.name, after, before, w.faults)
			}
		}
		w.write("a.md", "---\ntitle: [\n---\n")
		w.later(time.Hour)
		w.remove("a.md")
		if w.later(time.Hour); len(w.events()) != 1 || w.events()[0]["STATUS"] != "CONFIRMED" {
			t.Errorf("deleted: %v", w.events())
		}
	}
}
