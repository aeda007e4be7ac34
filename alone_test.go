package crieur

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// Law: what is looked at alone, and what only seems to concern nothing else, gives what a new Builder gives.
func TestWhatIsLookedAtAlone(t *testing.T) {
	at := func(w *world, n int, title, start, date, tags string) {
		w.write(fmt.Sprintf("e%d.md", n), fmt.Sprintf("---\ntitle: %s\nevent_start_date: %s 10:00\ndate: %s\ntags: [%s]\n---\nTexte.\n", title, start, date, tags))
	}
	announced := func(w *world, n int, title, date, tags string) {
		at(w, n, title, fmt.Sprintf("2027-05-%02d", n+1), date, tags)
	}
	ten := func(w *world) {
		for n := range 10 {
			announced(w, n, fmt.Sprint("Bal ", n), fmt.Sprintf("2026-11-%02d", n+1), "a")
		}
	}
	identity := func(w *world, file string) string {
		_, h, _ := Build(w.files, w.config, nil, w.now)
		for id, e := range h.entries.all() {
			if e.Path == file {
				return id
			}
		}
		t.Fatal("no ", file)
		return ""
	}
	article := func(w *world, n int, date string) {
		w.write(fmt.Sprintf("a%d.md", n), fmt.Sprintf("---\ntitle: Nouvelle %d\ndate: %s\ntags: [a]\n---\nTexte %[1]d.\n", n, date))
	}
	ical := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20261101T000000Z\r\nSUMMARY:Vieux titre\r\nDTSTART:20270601T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	var first []byte
	for _, test := range []struct {
		name  string
		setup func(w *world)
		steps []func(w *world)
		alone []int // the steps that are
	}{
		{"an event is made, moves, has another label, and goes", ten, []func(w *world){
			func(w *world) { announced(w, 10, "Foire", "2026-11-03", "a") },
			func(w *world) { at(w, 10, "Foire", "2027-01-01", "2026-11-03", "a") },
			func(w *world) { at(w, 10, "Foire", "2027-01-01", "2026-11-03", "") },
			func(w *world) { w.remove("e10.md") },
			func(w *world) { announced(w, 3, "Bal 3", "2026-11-04", "a, a") },
		}, []int{0, 1, 2, 3, 4}},
		{"the latest of many leave a feed", func(w *world) { ten(w); w.config.Limit = 3 }, []func(w *world){
			func(w *world) { announced(w, 9, "Bal 9", "2026-11-10", "") },
			func(w *world) { announced(w, 8, "Bal 8", "2026-11-09", "") },
		}, []int{0, 1}},
		{"the latest is announced as older", func(w *world) {
			w.config.Limit = 2
			for n := range 8 {
				article(w, n, fmt.Sprintf("2026-11-%02d", n+1))
			}
		}, []func(w *world){
			func(w *world) { article(w, 7, "2026-10-01") },
			func(w *world) { article(w, 6, "2026-10-02") },
		}, nil},
		{"archives", func(w *world) { ten(w); w.config.Limit = 2 }, []func(w *world){
			func(w *world) { at(w, 1, "Bal 1", "2027-08-01", "2026-11-02", "a") },
			func(w *world) { announced(w, 11, "Foire", "2026-11-04", "a") },
			func(w *world) { announced(w, 12, "Foire 2", "2026-11-12", "a") },
			func(w *world) { announced(w, 13, "Foire 3", "2026-11-12", "a") },
			func(w *world) { announced(w, 14, "Foire 4", "2026-11-13", "a") },
		}, []int{0, 1, 2, 3, 4}},
		{"nothing is shown as cancelled for long", func(w *world) {
			ten(w)
			w.config.Retain = 100 * time.Millisecond
			w.now = w.now.Add(700 * time.Millisecond)
		}, []func(w *world){
			func(w *world) { w.remove("e0.md") },
			func(w *world) {},
		}, nil},
		{"one after another goes", func(w *world) {
			w.config.MaxRemoval = 50
			for n := range 6 {
				announced(w, n, fmt.Sprint("Bal ", n), "2026-11-02", "a")
			}
		}, []func(w *world){
			func(w *world) { w.remove("e0.md") }, func(w *world) { w.remove("e1.md") }, func(w *world) { w.remove("e2.md") },
			func(w *world) { w.remove("e3.md") }, func(w *world) { w.remove("e4.md") }, func(w *world) { w.remove("e5.md") },
		}, []int{0, 1, 2, 3}},
		{"a draft says what one said that goes", func(w *world) {
			ten(w)
			w.event("brouillon.md", "Bal 3", "2027-05-04 10:00", "draft: true", "lieu: Salle 9")
		}, []func(w *world){
			func(w *world) { w.remove("e3.md") },
			func(w *world) { w.event("brouillon.md", "Bal 3", "2027-05-04 10:00", "lieu: Salle 9") },
		}, nil},
		{"a draft says what one said that has another title", func(w *world) {
			ten(w)
			w.event("brouillon.md", "Bal 3", "2027-05-04 10:00", "draft: true", "lieu: Salle 9")
		}, []func(w *world){func(w *world) { announced(w, 3, "Concert", "2026-11-04", "a") }}, nil},
		{"a calendar that somebody downloaded", func(w *world) {
			ten(w)
			w.write("z.ics", fmt.Sprintf(ical, identity(w, "e0.md")))
		}, []func(w *world){
			func(w *world) { announced(w, 1, "Bal 1", "2026-11-02", "") },
			func(w *world) { w.remove("e0.md") },
			func(w *world) {},
		}, nil},
		{"a draft has the identity that another was given", func(w *world) {
			ten(w)
			w.event("brouillon.md", "Brouillon", "2027-07-01 10:00", "draft: true", "uid: "+identity(w, "e0.md"))
		}, []func(w *world){
			func(w *world) { announced(w, 1, "Bal 1", "2026-11-02", "") },
			func(w *world) {},
		}, nil},
		{"or will be given", func(w *world) {
			ten(w)
			w.event("brouillon.md", "Brouillon", "2027-07-01 10:00", "draft: true", "uid: "+identity(w, "e0.md"))
			first = w.files["e0.md"].Data
			w.remove("e0.md")
		}, []func(w *world){
			func(w *world) { w.write("e0.md", string(first)) },
			func(w *world) { announced(w, 1, "Bal 1", "2026-11-02", "") },
			func(w *world) {},
		}, nil},
		{"the last two of a label leave it at once", func(w *world) {
			ten(w)
			announced(w, 0, "Bal 0", "2026-11-01", "a, b")
			announced(w, 1, "Bal 1", "2026-11-02", "a, b")
		}, []func(w *world){
			func(w *world) {
				announced(w, 0, "Bal 0", "2026-11-01", "a")
				announced(w, 1, "Bal 1", "2026-11-02", "a")
			},
			func(w *world) { announced(w, 2, "Bal 2", "2026-11-03", "a, b") },
		}, nil},
		{"two say what the other said", ten, []func(w *world){
			func(w *world) { w.files["e0.md"], w.files["e1.md"] = w.files["e1.md"], w.files["e0.md"] },
		}, nil},
		{"labels that differ by their accents", func(w *world) {
			ten(w)
			announced(w, 0, "Bal 0", "2026-11-01", "pêche")
			announced(w, 1, "Bal 1", "2026-11-02", "peche")
		}, []func(w *world){
			func(w *world) { announced(w, 20, "Foire", "2026-11-03", "pêche") },
			func(w *world) { announced(w, 0, "Bal 0", "2026-11-01", "") },
		}, nil},
		{"a series is new", ten, []func(w *world){
			func(w *world) { w.event("serie.md", "Cours", "2026-11-01 10:00", "rrule: FREQ=WEEKLY;COUNT=30") },
			func(w *world) { announced(w, 1, "Bal 1", "2026-11-02", "") },
		}, nil},
		{"the first article", ten, []func(w *world){func(w *world) { w.write("a.md", "---\ntitle: Nouvelle\ndate: 2026-10-05\n---\nTexte.\n") }}, []int{}},
		{"two in an archive change places", func(w *world) {
			w.config.Limit = 2
			for n := range 10 {
				announced(w, n, fmt.Sprint("Bal ", n), fmt.Sprintf("2026-10-%02d", 1+n/2), "")
			}
		}, []func(w *world){func(w *world) { at(w, 2, "Bal 2", "2027-09-01", "2026-10-02", "") }}, []int{0}},
		{"a file is removed before a faulty one", func(w *world) { ten(w); w.write("z.md", "---\ntags: [\n---\n") }, []func(w *world){
			func(w *world) { w.remove("e0.md") },
			func(w *world) { w.remove("z.md") },
			func(w *world) { w.remove("e1.md") },
		}, []int{0, 2}},
		{"a file is where none is read", func(w *world) {
			ten(w)
			w.config.Ignore = []string{"out", "in/no.md"}
			w.write("out/x.md", "x")
			w.event("in/i.md", "Bal", "2027-09-01 10:00")
		}, []func(w *world){
			func(w *world) { w.event("out/y.md", "Bal y", "2027-09-02 10:00") },
			func(w *world) { w.event("in/.y.md", "Bal y", "2027-09-02 10:00") },
			func(w *world) { w.event("in/y.jpg", "Bal y", "2027-09-02 10:00") },
			func(w *world) { w.event("in/no.md", "Bal n", "2027-09-02 10:00") },
			func(w *world) { w.event("new/y.md", "Bal y", "2027-09-02 10:00") },
			func(w *world) { w.event("in/z.md", "Bal z", "2027-09-03 10:00") },
			func(w *world) { w.write("in/.crieur.json", "{}") },
			func(w *world) { w.event("in/zz.md", "Bal zz", "2027-09-04 10:00") },
		}, []int{2, 3, 5}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			test.setup(w)
			var b Builder
			h := w.buildTold(t, &b, nil)
			for i, step := range test.steps {
				step(w)
				next := w.buildTold(t, &b, h)
				if alone := next != h && b.last.looked < b.last.round; alone != slices.Contains(test.alone, i) && test.alone != nil {
					t.Errorf("step %d is looked at alone: %t", i, alone)
				}
				h = next
			}
		})
	}
}

// Who tells of a folder, and not of its files, has all looked at.
func TestToldOfAFolder(t *testing.T) {
	w := newWorld(t)
	w.event("x.md/a.md", "Bal", "2027-05-08 10:00")
	w.event("b.md", "Foire", "2027-05-08 10:00")
	var b Builder
	h := w.buildTold(t, &b, nil)
	w.remove("x.md/a.md")
	w.changed()
	b.Changed("x.md")
	if h = w.buildTold(t, &b, h); h == nil {
		t.Error("nothing is built")
	}
}
