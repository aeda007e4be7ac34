package crieur

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// A file below a link to a folder is read by that name, and may be told of by
// its own.
func TestChangedThroughALink(t *testing.T) {
	for link, target := range map[string]string{
		"a": "m",         // the link is read first
		"b": "m/2026",    // and to a folder in it
		"z": "m",         // the folder is
		"c": ".m/hidden", // there is no other name
	} {
		t.Run(link, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, target, "bal.md")
			write := func(title string) {
				if err := os.WriteFile(file, []byte("---\ntitle: "+title+"\ndate: 2026-11-01\n---\nTexte.\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
				t.Skip(err)
			}
			root, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer root.Close()
			var b Builder
			write("Bal")
			_, h, _ := b.Build(root.FS(), Config{}, nil, at("2026-11-22T09:00:00Z"))
			write("Grand bal")
			if strings.HasPrefix(target, ".") {
				b.Changed(link + "/bal.md")
			} else {
				b.Changed(target + "/bal.md")
			}
			site, _, faults := b.Build(root.FS(), Config{}, h, at("2026-11-22T10:00:00Z"))
			if site == nil || !strings.Contains(string(site.File("articles.json").Bytes()), "Grand bal") {
				t.Errorf("the change is not seen: %v", faults)
			}
		})
	}
}

// someFS is a tree of which some files cannot be read.
type someFS struct {
	fstest.MapFS
	bad map[string]bool
}

func (s someFS) Open(name string) (fs.File, error) {
	if s.bad[name] {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return s.MapFS.Open(name)
}

// Law: a builder that is told of changes gives what a new one does, where files cannot be read for a while, and nobody tells when they can again.
func TestChangedAndUnreadable(t *testing.T) {
	for seed := range seeds(5) {
		random := rand.New(rand.NewPCG(seed, 2))
		w := newWorld(t)
		bad := map[string]bool{}
		src := someFS{w.files, bad}
		var b Builder
		var h *History
		names := []string{}
		for i := range 8 {
			names = append(names, fmt.Sprintf("f%d.md", i))
		}
		write := func(name string) {
			if random.IntN(3) == 0 {
				w.write(name, fmt.Sprintf("---\ntitle: Article %d\ndate: 2026-10-%02d\n---\nText %d\n", random.IntN(20), 1+random.IntN(28), random.IntN(4)))
				return
			}
			w.event(name, fmt.Sprint("Foire ", random.IntN(20)), fmt.Sprintf("2027-05-%02d", 1+random.IntN(28)))
		}
		for _, name := range names {
			write(name)
		}
		for n := range 40 {
			w.now = w.now.Add(time.Minute)
			var changed []string
			for range random.IntN(3) {
				name := names[random.IntN(len(names))]
				if random.IntN(4) == 0 {
					name = path.Join("sub", name)
				}
				switch random.IntN(6) {
				case 0:
					bad[name] = true
					changed = append(changed, name)
				case 1:
					clear(bad) // nobody tells
				case 2:
					delete(w.files, name)
					changed = append(changed, name)
				case 3:
					other := names[random.IntN(len(names))]
					if f := w.files[other]; f != nil {
						delete(w.files, other)
						w.files[name] = f
						changed = append(changed, name, other)
					}
				default:
					write(name)
					changed = append(changed, name)
				}
			}
			if random.IntN(8) > 0 {
				b.Changed(changed...)
			}
			site, next, faults := b.Build(src, w.config, h, w.now)
			site2, next2, faults2 := Build(src, w.config, h, w.now)
			if listing(faults) != listing(faults2) {
				t.Fatalf("seed %d step %d: faults\n%s\nwant\n%s", seed, n, listing(faults), listing(faults2))
			}
			if (site == nil) != (site2 == nil) {
				t.Fatalf("seed %d step %d", seed, n)
			}
			if site == nil {
				continue
			}
			equalSites(t, site, site2)
			w.equalHistories(next, next2)
			if t.Failed() {
				t.Fatalf("seed %d step %d", seed, n)
			}
			h = next
		}
	}
}

// A build that fails in the middle of its documents leaves nothing of them to the next.
func TestDocumentFails(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		w.event(fmt.Sprintf("e%d.md", i), fmt.Sprint("Foire ", i), "2027-05-08 09:00:00 +02:00")
	}
	var b Builder
	_, h, _ := b.Build(w.files, w.config, nil, w.now)
	w.event("e9.md", "Fête", "2027-05-08 09:00:00 +02:00")
	b.Changed("e9.md")
	good := b.settings.Hubs
	b.settings.Hubs = []string{"no address"}
	site, same, faults := b.Build(w.files, w.config, h, w.now)
	if site != nil || same != h {
		t.Fatalf("built in spite of %v", faults)
	}
	b.settings.Hubs = good
	b.Changed()
	site, next, _ := b.Build(w.files, w.config, h, w.now)
	want, history, _ := Build(w.files, w.config, h, w.now)
	equalSites(t, site, want)
	w.equalHistories(next, history)
}

// Nor does one whose items are in the place of others already.
func TestEditFails(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		w.event(fmt.Sprintf("e%d.md", i), fmt.Sprint("Foire ", i), "2027-05-08 09:00:00 +02:00")
	}
	var b Builder
	var h *History
	for range 3 {
		b.Changed()
		_, h, _ = b.Build(w.files, w.config, h, w.now)
	}
	edit := func(n int, title string) {
		w.now = w.now.Add(time.Minute)
		w.event(fmt.Sprintf("e%d.md", n), title, "2027-05-08 09:00:00 +02:00", "lieu: Salle")
		b.Changed(fmt.Sprintf("e%d.md", n))
	}
	edit(0, "Foire 0")
	_, h, _ = b.Build(w.files, w.config, h, w.now)
	if b.last.looked == b.last.round {
		t.Fatal("all items were looked at: this shows nothing")
	}
	edit(1, "Foire 1")
	good := b.settings.Hubs
	b.settings.Hubs = []string{"no address"}
	if site, same, faults := b.Build(w.files, w.config, h, w.now); site != nil || same != h {
		t.Fatalf("built in spite of %v", faults)
	}
	b.settings.Hubs = good
	for n := 2; n < 5; n++ {
		edit(n, fmt.Sprint("Foire ", n))
		site, next, _ := b.Build(w.files, w.config, h, w.now)
		want, history, _ := Build(w.files, w.config, h, w.now)
		sameSites(t, site, want)
		w.equalHistories(next, history)
		h = next
	}
}

// What ends next may be what is edited, and may end then, later or sooner, or be over at once.
func TestEditsOfWhatEndsNext(t *testing.T) {
	w := newWorld(t) // at 10:00 in Paris
	w.event("a.md", "Foire", "2026-11-21 10:00", "event_end_date: 2026-11-22 18:00")
	w.event("b.md", "Bal", "2026-11-21 11:00", "event_end_date: 2026-11-22 20:00")
	w.event("c.md", "Marché", "2026-11-21 12:00", "event_end_date: 2026-11-22 22:00")
	build := w.edits()
	for i, edit := range []struct{ end, next string }{
		{"19:00", "19:00"}, {"21:00", "20:00"}, {"19:00", "19:00"}, {"20:00", "20:00"}, {"17:00", "17:00"}, {"09:00", "20:00"}, {"19:30", "19:30"}, {"23:00", "20:00"},
	} {
		w.event("a.md", "Foire", "2026-11-21 10:00", "event_end_date: 2026-11-22 "+edit.end, fmt.Sprint("lieu: Salle ", i))
		if next := inParis(build().NextChange); next != edit.next {
			t.Errorf("where it ends at %s, the next change is at %s, want %s", edit.end, next, edit.next)
		}
	}
}

// An edit may give a record a page elsewhere, or take it away.
func TestEditsOfThePage(t *testing.T) {
	w := newWorld(t)
	for i := range 4 {
		w.event(fmt.Sprintf("e%d.md", i), fmt.Sprint("Foire ", i), "2027-05-08 09:00")
	}
	build := w.edits()
	for _, address := range []string{"/foire/", "", "/grande-foire/", "/foire/", ""} {
		w.event("e1.md", "Foire 1", "2027-05-08 09:00", "permalink: "+address)
		if page := build().File("event/foire-1.html"); (page == nil) != (address != "") {
			t.Errorf("with the address %q its page is %v", address, page)
		}
	}
}

// The calendar of a programme stays when its event has none any more, and is that of the event as it is now.
func TestEditsOfAFormerProgramme(t *testing.T) {
	w := newWorld(t)
	w.event("e.md", "Bal", "2027-05-08 09:00")
	day := func(title, programme, text string) {
		w.write("a.md", fmt.Sprintf("---\ntitle: %s\nevent_start_date: 2027-05-08 09:00:00 +02:00\ndate: 2026-11-02\nprogramme: %s\n---\n%s\n", title, programme, text))
	}
	day("Journée", "true", "* 9h : accueil\n* 10h : atelier")
	build := w.edits()
	w.event("e.md", "Grand bal", "2027-05-08 09:00")
	if build().File("event/journee/programme.ics") == nil {
		t.Error("there is no programme")
	}
	day("Journée", "false", "Texte.")
	for i := range 4 {
		build()
		day(fmt.Sprint("Grande journée ", i), "false", "Texte.")
	}
	if build().File("event/journee/programme.ics") == nil {
		t.Error("the programme is gone")
	}
}

// edits returns what builds the tree as it is now, told of what has changed, and says in what it differs from one built anew.
func (w *world) edits() (build func() *Site) {
	var b Builder
	var h *History
	var before []*Site // which stay what they are
	build = func() *Site {
		w.t.Helper()
		w.now = w.now.Add(time.Minute)
		b.Changed(w.changed()...)
		site, next, faults := b.Build(w.files, w.config, h, w.now)
		want, history, faults2 := Build(w.files, w.config, h, w.now)
		if listing(faults) != listing(faults2) {
			w.t.Errorf("the faults\n%s\nwant\n%s", listing(faults), listing(faults2))
		}
		sameSites(w.t, site, want)
		w.equalHistories(next, history)
		for _, old := range before {
			madeAgain(w.t, old)
		}
		h, before = next, append(before, site)
		return site
	}
	for range 3 {
		build()
	}
	if build(); b.last.looked == b.last.round {
		w.t.Fatal("all items were looked at: this shows nothing")
	}
	return build
}

// An edit makes one event of a series, and a series of one event.
func TestEditsOfASeries(t *testing.T) {
	w := newWorld(t)
	w.event("b.md", "Bal", "2027-05-08 09:00")
	const start, end = "2026-11-21 10:00", "event_end_date: 2026-11-21 11:00"
	w.event("a.md", "Foire", start, end, "rrule: FREQ=DAILY;COUNT=5")
	build := w.edits()
	for _, more := range []string{"lieu: Halle", "lieu: Salle", "rrule: FREQ=DAILY;COUNT=6", "rrule: FREQ=DAILY;COUNT=7"} {
		w.event("a.md", "Foire", start, end, more)
		build()
		w.now = w.now.Add(24 * time.Hour)
		build()
	}
}

// A field that a collection names is told of as long as no file uses it.
func TestEditsOfUnusedFields(t *testing.T) {
	w := newWorld(t)
	w.config.Collections = []Collection{{Path: "d", Fields: map[string][]string{"title": {"intitule", "title"}}}}
	w.event("d/b.md", "Bal", "2027-05-08 09:00")
	w.event("d/a.md", "Foire", "2027-05-08 09:00")
	build := w.edits()
	w.event("d/a.md", "Foire", "2027-05-08 09:00", "intitule: Grande foire")
	build()
	w.event("d/a.md", "Foire", "2027-05-08 09:00")
	build()
}

func inParis(t time.Time) string {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return err.Error()
	}
	return t.In(paris).Format("15:04")
}

// An edit that has an event end later, or sooner, has it go from what is over to what is ahead, and back.
func TestEditsOfTheEnd(t *testing.T) {
	w := newWorld(t) // at 10:00 in Paris
	w.event("a.md", "Foire", "2026-11-21 10:00", "event_end_date: 2026-11-22 08:00")
	w.event("b.md", "Bal", "2026-11-23 10:00")
	w.later(time.Minute)
	for _, end := range []string{"20:00", "08:00"} {
		w.event("a.md", "Foire", "2026-11-21 10:00", "event_end_date: 2026-11-22 "+end)
		w.later(time.Minute)
	}
}

// The archives that an edit has left as they were are there as well when a build in between was held.
func TestKeptArchivesAfterAHeldBuild(t *testing.T) {
	w := newWorld(t)
	w.config.Limit = 2
	article := func(i int, text string) {
		w.write(fmt.Sprintf("n%d.md", i), fmt.Sprintf("---\ntitle: Nouvelle %d\ndate: 2026-11-%02d\n---\nTexte %s.\n", i, i, text))
	}
	for i := 1; i < 12; i++ {
		article(i, "")
	}
	w.event("e.md", "Foire", "2027-05-08 09:00")
	w.later(time.Minute)
	article(11, "encore") // the archives are kept
	w.later(time.Minute)
	w.event("e.md", "Grande foire", "2027-05-08 09:00")
	w.builder.Build(w.files, w.config, w.history, w.now) // held
	w.later(time.Minute)
}
