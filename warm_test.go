package crieur

import (
	"bytes"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// reload is a history as another process finds it.
func reload(t *testing.T, h *History) *History {
	t.Helper()
	if h == nil {
		return nil
	}
	var b bytes.Buffer
	writeLine(&b, line{Format: historyFormat, Version: historyVersion})
	n := appendChanges(&b, new(History), h)
	writeLine(&b, line{Saved: n + 1})
	again, _, _, err := readHistory(&b)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// A warmed world has an event, an article and a file with a warning, built and published by a program "one".
func warmed(t *testing.T) *world {
	w := newWorld(t)
	w.builder.Warm("one")
	w.event("fete.md", "Fête", "2027-05-08 09:00", "tags: [danse]")
	w.write("nouvelle.md", "---\ntitle: Une nouvelle\ndate: 2026-11-02\n---\nTexte *important*.\n")
	w.event("conseil.md", "Conseil", "2027-05-09 09:00:00 +05:00")
	return w.build()
}

// A process that is told what the last one left parses no file again that had no fault, and makes no document.
func TestWarm(t *testing.T) {
	w := warmed(t)
	var b Builder
	// build returns the site, and which files were taken from the history.
	build := func(program string, h *History) (*Site, string) {
		b = Builder{}
		b.Warm(program)
		site, _, _ := b.Build(w.files, w.config, h, w.now)
		var taken []string
		for _, e := range h.entries.all() {
			if b.files[e.Path].records[0].Record == e.Record {
				taken = append(taken, e.Path)
			}
		}
		slices.Sort(taken)
		return site, strings.Join(taken, " ")
	}
	for _, c := range []struct{ name, program, taken string }{
		{"the same program", "one", "fete.md nouvelle.md"},
		{"another program", "two", ""},
		{"no program", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			site, taken := build(c.program, reload(t, w.history))
			equalSites(t, site, w.site)
			if taken != c.taken {
				t.Errorf("took %q, want %q", taken, c.taken)
			}
		})
	}

	// That a document was not made shows where it would be another; then it is none.
	h := reload(t, w.history)
	for _, e := range h.entries.all() {
		e.Record.Body = "Inventé"
	}
	site, _ := build("one", h)
	f := site.File("events.ics")
	if f.ETag != w.site.File("events.ics").ETag {
		t.Error("the document was made")
	}
	if f.Bytes() != nil {
		t.Error("a document is not what its tag says")
	}
	if _, err := Publish(t.TempDir(), site); !errors.Is(err, errOther) {
		t.Errorf("published with error %v", err)
	}

	w.config.Language = "en"
	site, taken := build("one", reload(t, w.history))
	again, _, _ := Build(w.files, w.config, w.history, w.now)
	if equalSites(t, site, again); taken != "" {
		t.Errorf("took %q as read by other settings", taken)
	}
}

// A history that a program has left is not taken for that of another, whatever happens between them: what neither read is
// parsed again.
func TestWarmForgetsWhatItDidNotRead(t *testing.T) {
	w := warmed(t)
	fete := maps.Clone(w.files)
	w.write("fete.md", "---\ntitle: [cassé\n---\n")
	w.later(time.Minute)
	w.builder = Builder{}
	w.builder.Warm("two")
	w.later(time.Minute)
	for _, e := range w.history.entries.all() {
		if e.Whole != (e.Path == "nouvelle.md") {
			t.Errorf("%s: Whole is %v", e.Path, e.Whole)
		}
	}
	w.files = fete
	w.later(time.Minute)
	if files := slices.Sorted(maps.Keys(w.builder.files)); len(files) != 3 {
		t.Errorf("read %v", files)
	}
	for _, e := range w.history.entries.all() {
		if e.Whole != (e.Path != "conseil.md") {
			t.Errorf("%s: Whole is %v", e.Path, e.Whole)
		}
	}
}

// Law: content that is the same keeps every byte, tag and date, in a process that knows nothing but the history, and in a fresh clone, whose
// files have other times.
func TestFreshClone(t *testing.T) {
	w := newWorld(t)
	random := rand.New(rand.NewPCG(7, 0))
	for n := range 60 {
		edit(random, w, n)
	}
	w.write("sans-date.md", "Une note sans titre ni date.\n")
	w.build()
	for name, f := range w.files {
		again := *f
		again.ModTime = f.ModTime.AddDate(0, 0, 1+random.IntN(20))
		w.files[name] = &again
	}
	before := w.site
	w.builder = Builder{}
	w.later(time.Hour)
	equalSites(t, w.site, before)
}
