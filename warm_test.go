package crieur

import (
	"bytes"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
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
	w.builder.Warm("one", nil)
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
	build := func(program string, published fs.FS, h *History) (*Site, string) {
		b = Builder{}
		b.Warm(program, published)
		site, _, _ := b.Build(w.files, w.config, h, w.now)
		var taken []string
		for _, e := range h.entries {
			if b.files[e.Path].records[0].Record == e.Record {
				taken = append(taken, e.Path)
			}
		}
		slices.Sort(taken)
		return site, strings.Join(taken, " ")
	}
	for _, c := range []struct {
		name, program string
		published     fs.FS
		taken         string
	}{
		{"the same program", "one", w.site, "fete.md nouvelle.md"},
		{"nothing is published", "one", fstest.MapFS{}, "fete.md nouvelle.md"},
		{"nobody knows where", "one", nil, "fete.md nouvelle.md"},
		{"what is published is damaged", "one", damaged(w.site), "fete.md nouvelle.md"},
		{"another program", "two", w.site, ""},
		{"no program", "", w.site, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			site, taken := build(c.program, c.published, reload(t, w.history))
			equalSites(t, site, w.site)
			if taken != c.taken {
				t.Errorf("took %q, want %q", taken, c.taken)
			}
		})
	}

	// That a document was not made shows where it would be another.
	h := reload(t, w.history)
	for _, e := range h.entries {
		e.Record.Body = "Inventé"
	}
	site, _ := build("one", w.site, h)
	equalSites(t, site, w.site)
	if site, _ = build("one", nil, h); !strings.Contains(string(site.File("events.ics").Bytes()), "Inventé") {
		t.Error("the body in the history is in no document: nothing was shown above")
	}

	w.config.Language = "en"
	site, taken := build("one", w.site, reload(t, w.history))
	again, _, _ := Build(w.files, w.config, w.history, w.now)
	if equalSites(t, site, again); taken != "" {
		t.Errorf("took %q as read by other settings", taken)
	}
}

// damaged has the files of a site with other bytes of the same number.
func damaged(site *Site) fs.FS {
	m := fstest.MapFS{}
	for f := range site.Files() {
		m[f.Name] = &fstest.MapFile{Data: bytes.Repeat([]byte("x"), len(f.data))}
	}
	return m
}

// What is no file is not read.
func TestWarmReadsFilesOnly(t *testing.T) {
	w := warmed(t)
	m := fstest.MapFS{"events.ics": {Mode: fs.ModeNamedPipe}}
	var b Builder
	b.Warm("one", onlyStat{m})
	site, _, _ := b.Build(w.files, w.config, reload(t, w.history), w.now)
	equalSites(t, site, w.site)
}

// onlyStat is a file system in which nothing may be opened that is there.
type onlyStat struct{ fstest.MapFS }

func (f onlyStat) Open(name string) (fs.File, error) {
	if f.MapFS[name] != nil {
		panic("opened " + name)
	}
	return nil, fs.ErrNotExist
}

func (f onlyStat) Stat(name string) (fs.FileInfo, error) { return f.MapFS.Stat(name) }

// A history that a program has left is not taken for that of another, whatever happens between them: what neither read is
// parsed again.
func TestWarmForgetsWhatItDidNotRead(t *testing.T) {
	w := warmed(t)
	fete := maps.Clone(w.files)
	w.write("fete.md", "---\ntitle: [cassé\n---\n")
	w.later(time.Minute)
	w.builder = Builder{}
	w.builder.Warm("two", w.site)
	w.later(time.Minute)
	for _, e := range w.history.entries {
		if e.Whole != (e.Path == "nouvelle.md") {
			t.Errorf("%s: Whole is %v", e.Path, e.Whole)
		}
	}
	w.files = fete
	w.later(time.Minute)
	if files := slices.Sorted(maps.Keys(w.builder.files)); len(files) != 3 {
		t.Errorf("read %v", files)
	}
	for _, e := range w.history.entries {
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
