package crieur

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// A folder is published into with the history that it was published with, and
// no older one, nor that of another site.
func TestFollows(t *testing.T) {
	eachWay(t, func(t *testing.T, releases bool) {
		p := newPress(t, releases)
		pub := p.publisher(nil)
		first := p.store(nil)
		defer first.Close()
		if err := pub.Follows(first.History()); err != nil {
			t.Errorf("with its own history: %v", err)
		}
		if err := pub.Follows(p.afterwards); err != nil {
			t.Errorf("with a later one, as after a crash: %v", err)
		}
		if _, err := pub.Publish(p.after); err != nil {
			t.Fatal(err)
		}
		if err := pub.Follows(p.afterwards); err != nil {
			t.Errorf("with its own history: %v", err)
		}
		other := newWorld(t)
		other.event("x.md", "Marché", "2027-05-08")
		other.later(24 * time.Hour)
		for what, c := range map[string]struct {
			h    *History
			says string
		}{
			"none":                 {new(History), "no history of it"},
			"a backup":             {first.History(), "the history ends on"},
			"that of another site": {other.history, "which the history does not know"},
		} {
			if err := pub.Follows(c.h); !errors.Is(err, ErrHistory) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v", what, err)
			}
		}
		// Where nothing is published, any will do.
		for _, dir := range []string{filepath.Join(p.dir, "none"), t.TempDir()} {
			if err := (&Publisher{Dir: dir}).Follows(first.History()); err != nil {
				t.Error(err)
			}
		}
		if _, err := os.Stat(filepath.Join(p.dir, "none")); err == nil {
			t.Error("asking made the folder")
		}
	})
}

// What is in the folder is a site, if it is what the history says of it.
func TestLast(t *testing.T) {
	eachWay(t, func(t *testing.T, releases bool) {
		p := newPress(t, releases)
		store := p.store(nil)
		defer store.Close()
		before := store.History()
		site, err := p.publisher(nil).Last(before)
		if err != nil {
			t.Fatal(err)
		}
		p.before.NextChange = time.Time{}
		equalSites(t, p.before, site)
		if site, err = p.publisher(nil).Last(nil); err != nil { // a history that is not known yet
			t.Fatal(err)
		}
		equalSites(t, p.before, site)
		if err := store.Save(p.afterwards); err != nil {
			t.Fatal(err)
		}
		if site, err := p.publisher(nil).Last(store.History()); !errors.Is(err, ErrHistory) {
			t.Errorf("with another history: %v, %v", site, err)
		}
		name := filepath.Join(p.out(), "events.ics")
		if releases {
			name = filepath.Join(p.out(), currentName, "events.ics")
		}
		os.Remove(name)
		os.Mkdir(name, 0o755)
		if site, err := p.publisher(nil).Last(before); !errors.Is(err, ErrForeign) {
			t.Errorf("with something else in the place of a document: %v, %v", site, err)
		}
		if site, err := (&Publisher{Dir: t.TempDir(), Releases: releases}).Last(store.History()); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("of nothing: %v, %v", site, err)
		}
		dir := p.out()
		if releases {
			dir = filepath.Join(dir, currentName)
		}
		if err := os.WriteFile(filepath.Join(dir, manifestName), []byte(`{"crieur":"manifest","version":1}`), 0o644); err != nil {
			t.Fatal(err)
		}
		if site, err := p.publisher(nil).Last(store.History()); err == nil {
			t.Errorf("of a list of nothing: %v", site)
		}
	})
}

// A new process believes of each file what the last one noted of it, and nothing that was touched since.
func TestTouched(t *testing.T) {
	dir := t.TempDir()
	site := siteOf(map[string]string{"index.html": "i", "a.ics": "aa", "d/b.ics": "bb"})
	if _, err := Publish(dir, site); err != nil {
		t.Fatal(err)
	}
	m, err := readManifest(os.DirFS(dir), manifestName)
	if err != nil {
		t.Fatal(err)
	}
	for f := range site.Files() {
		info, err := os.Stat(filepath.Join(dir, f.Name))
		if err != nil || m.Files[f.Name].Left != stampOf(info) {
			t.Errorf("%s: noted as %v: %v, %v", f.Name, m.Files[f.Name].Left, info, err)
		}
	}
	name := filepath.Join(dir, "a.ics")
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("xx"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	done, err := Publish(dir, site)
	if err != nil || !slices.Equal(done.Written, []string{"a.ics"}) {
		t.Errorf("wrote %v: %v", done.Written, err)
	}
	if got := contents(t, dir)["a.ics"]; got != "aa" {
		t.Errorf("a.ics is %q", got)
	}
}

// A publication that a crash has cut short, or left with holes, is dropped whole; a hole before it is damage.
func TestManifestCutShort(t *testing.T) {
	head := manifestHead{Crieur: manifestKind}
	index := manifestLine{Name: "index.html", Tags: []string{"i1"}}
	a := manifestLine{Name: "a.ics", Tags: []string{"a1"}, Left: stamp{1, 2, 3, 4}, Modified: time.Unix(1, 0).UTC()}
	index2 := manifestLine{Name: "index.html", Tags: []string{"i1", "i2"}}
	b := manifestLine{Name: "b.ics", Tags: []string{"b2"}}
	one, two := manifest{"index.html": index, "a.ics": a}, manifest{"index.html": index2, "b.ics": b}
	first := publication(head, []manifestLine{index, a})
	said, good, err := parseManifest(first)
	if err != nil || good != len(first) || !reflect.DeepEqual(said.Files, one) {
		t.Fatal(said, good, err)
	}
	both := append(slices.Clone(first), publication(head, []manifestLine{index2, b, {Name: "a.ics"}})...)
	if m, good, err := parseManifest(both); err != nil || good != len(both) || !reflect.DeepEqual(m.Files, two) {
		t.Fatal(m, good, err)
	}
	for n := len(first); n < len(both); n++ {
		if m, good, err := parseManifest(both[:n]); err != nil || good != len(first) || !reflect.DeepEqual(m.Files, one) {
			t.Fatalf("cut after %d of %d bytes: %v, %d, %v", n, len(both), m.Files, good, err)
		}
		holes := slices.Clone(both)
		clear(holes[n:min(n+5, len(holes))])
		if m, good, err := parseManifest(holes); err != nil || good != len(first) || !reflect.DeepEqual(m.Files, one) {
			t.Fatalf("with a hole after %d of %d bytes: %v, %d, %v", n, len(both), m.Files, good, err)
		}
	}
	for n := range first {
		holes := slices.Clone(both)
		clear(holes[n:min(n+5, len(first))])
		if m, _, err := parseManifest(holes); err == nil {
			t.Fatalf("with a hole after %d bytes, before %d: %v", n, len(first), m.Files)
		}
	}
}
