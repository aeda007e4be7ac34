package crieur

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A list of published files that is cut or changed anywhere makes nothing
// happen to what is not crieur's, and nothing of what it is worse than left.
func TestManifestDamagedAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	dir := inMemory(t)
	for _, files := range []map[string]string{{"a.ics": "a0", "older.ics": "o"}, {"a.ics": "a", "event/b.ics": "b", "old.ics": "o"}} {
		if _, err := Publish(dir, siteOf(files)); err != nil {
			t.Fatal(err)
		}
	}
	foreign := map[string]string{"notes.txt": "n", "event/mine.ics": "a", "b.ics": "theirs"}
	for name, data := range foreign {
		os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644)
	}
	name := filepath.Join(dir, manifestName)
	good, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	next := siteOf(map[string]string{"a.ics": "a2", "event/b.ics": "b"})
	check := func(what string, bad []byte) {
		os.WriteFile(name, bad, 0o644)
		os.WriteFile(filepath.Join(dir, "a.ics"), []byte("a"), 0o644)
		os.WriteFile(filepath.Join(dir, "old.ics"), []byte("o"), 0o644)
		_, err := Publish(dir, next)
		got := contents(t, dir)
		for name, data := range foreign {
			if got[name] != data {
				t.Fatalf("%s: the foreign %s is %q", what, name, got[name])
			}
		}
		if got["event/b.ics"] != "b" || got["a.ics"] != "a2" && (got["a.ics"] != "a" || err == nil) || got["old.ics"] != "o" && got["old.ics"] != "" {
			t.Fatalf("%s: %v, and published %v", what, err, got)
		}
	}
	for n := range good {
		check(fmt.Sprintf("cut to %d bytes", n), good[:n])
		for _, flip := range []byte{0x01, 0x20, 0x80} {
			bad := bytes.Clone(good)
			bad[n] ^= flip
			check(fmt.Sprintf("byte %d changed by %#x", n, flip), bad)
		}
	}
}

// An exported history that is cut anywhere is none.
func TestHistoryAsJSONCutAnywhere(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
	w.build()
	data, err := json.Marshal(w.history)
	if err != nil {
		t.Fatal(err)
	}
	for n := range data {
		h := new(History)
		if err := json.Unmarshal(data[:n], h); err == nil || h.entries.len() > 0 {
			t.Fatalf("cut to %d bytes it is believed", n)
		}
	}
}

// The history of another site does not empty that site's calendars by way of
// this one: nothing is published.
func TestHistoryOfAnotherSite(t *testing.T) {
	other := newWorld(t)
	other.config.Site = "https://www.valmeuse.example/"
	w := newWorld(t)
	for i := range 10 {
		other.event(fmt.Sprintf("e%d.md", i), fmt.Sprintf("Marché %d", i), "2027-05-08 09:00:00 +02:00")
		w.event(fmt.Sprintf("agenda/e%d.md", i), fmt.Sprintf("Fête %d", i), "2027-06-08 09:00:00 +02:00")
	}
	w.history = other.build().history
	if w.build(); w.site != nil || w.fault("mass-removal") == nil {
		t.Errorf("published with it: %v", w.faults)
	}
}

// A clock that is a year behind after a restart takes nothing back: neither
// from the history nor from the folder.
func TestPublishWithTheClockSetBack(t *testing.T) {
	eachWay(t, func(t *testing.T, releases bool) {
		p := newPress(t, releases)
		store := p.store(nil)
		if err := store.Save(p.afterwards); err != nil {
			t.Fatal(err)
		}
		if _, err := p.publisher(nil).Publish(p.after); err != nil {
			t.Fatal(err)
		}
		store.Close()
		p.now = p.now.AddDate(-1, 0, 0)
		for _, title := range []string{"Très grande fête", "Fête de rien"} {
			store = p.store(nil)
			p.history, p.builder = store.History(), Builder{}
			if err := p.publisher(nil).Follows(p.history); err != nil {
				t.Fatal(err)
			}
			before := p.site
			p.build()
			for f := range p.site.Files() {
				if old := before.File(f.Name); old == nil || old.ETag == f.ETag != old.Modified.Equal(f.Modified) || f.Modified.Before(old.Modified) {
					t.Errorf("%s is of %v", f.Name, f.Modified)
				}
			}
			p.event("e0.md", title, "2027-05-08 09:00:00 +02:00")
			before = p.site
			p.build()
			if a, b := before.File("events.ics"), p.site.File("events.ics"); !b.Modified.After(a.Modified) {
				t.Errorf("the change is of %v, what it changed of %v", b.Modified, a.Modified)
			}
			if err := store.Save(p.history); err != nil {
				t.Fatal(err)
			}
			if _, err := p.publisher(nil).Publish(excerpt(p.site)); err != nil {
				t.Fatal(err)
			}
			store.Close()
			p.clean(excerpt(p.site))
		}
		if got := p.get("Fête de rien", "SEQUENCE"); got != "2" {
			t.Errorf("after two changes the revision is %s", got)
		}
	})
}

// Ten thousand files that are renamed at once are the same ten thousand
// events: nothing is called off, nothing is new, no byte moves.
func TestTenThousandRenames(t *testing.T) {
	n := 10_000
	if testing.Short() || racing {
		n /= 10
	}
	w := newWorld(t)
	for i := range n {
		w.event(fmt.Sprintf("agenda/e%d.md", i), fmt.Sprintf("Fête %d", i), fmt.Sprintf("2027-05-%02d %02d:00:00 +02:00", 1+i%28, i%24))
	}
	var b Builder
	site, history, _ := b.Build(w.files, w.config, nil, w.now)
	if site == nil {
		t.Fatal("no site")
	}
	for i := range n {
		w.rename(fmt.Sprintf("agenda/e%d.md", i), fmt.Sprintf("%d/fete-%d.md", 2020+i%7, n-i))
	}
	renamed, next, faults := b.Build(w.files, w.config, history, w.now.Add(time.Hour))
	if renamed == nil {
		t.Fatal(faults)
	}
	if len(site.files) != len(renamed.files) {
		t.Fatalf("%d files became %d", len(site.files), len(renamed.files))
	}
	equalSites(t, site, renamed)
	if next.entries.len() != n || len(renamed.Gone) > 0 {
		t.Errorf("%d entries, gone are %v", next.entries.len(), renamed.Gone)
	}
	// And renamed with a new title each, which is all that is known of them, they
	// are held back rather than called off.
	for i := range n {
		w.remove(fmt.Sprintf("%d/fete-%d.md", 2020+i%7, n-i))
		w.event(fmt.Sprintf("autre/%d.md", i), fmt.Sprintf("Bal %d", i), fmt.Sprintf("2028-05-%02d %02d:00:00 +02:00", 1+i%28, i%24))
	}
	site, _, faults = b.Build(w.files, w.config, next, w.now.Add(2*time.Hour))
	if site != nil || !slices.ContainsFunc(faults, func(f Fault) bool { return errors.Is(f, ErrMassRemoval) }) {
		t.Errorf("published, or not, with %v", faults[:min(len(faults), 3)])
	}
}

// Where a disk does not tell capitals from small letters, no file takes the
// place of another.
func TestNamesDifferByMoreThanCase(t *testing.T) {
	w := newWorld(t)
	titles := []string{"Foire", "FOIRE", "foire", "Straße", "STRASSE", "Ärger", "ärger", "ǅungla", "İstanbul", "istanbul", "ΣΊΣΥΦΟΣ", "Σίσυφος", "Ꭰ", "ꭰ"}
	for i, title := range titles {
		w.event(fmt.Sprintf("e%d.md", i), title, fmt.Sprintf("2027-05-%02d", 1+i), "tags: ["+title+"]", "slug: "+title)
		w.write(fmt.Sprintf("n%d.md", i), fmt.Sprintf("---\ntitle: %s\ndate: 2026-11-%02d\ncategories: [%s]\nslug: %[1]s\n---\nTexte.\n", title, 1+i, title))
	}
	w.build()
	seen := map[string]string{}
	for f := range w.site.Files() {
		for part := range strings.SplitSeq(f.Name, "/") { // of folders too
			dir := f.Name[:strings.Index(f.Name, part)]
			folded := strings.ToLower(strings.ToUpper(dir + part))
			if other, ok := seen[folded]; ok && other != dir+part {
				t.Errorf("%s and %s", other, dir+part)
			}
			seen[folded] = dir + part
		}
	}
	if len(w.site.files) < 2*len(titles) {
		t.Errorf("%v", names(w.site))
	}
	for _, pair := range [][2]string{{"lyon", "Lyon"}, {"a/lyon", "A/lyon"}, {"événements", "ÉVÉNEMENTS"}} {
		c := Config{Channels: []Channel{{Name: pair[0], Kind: "events"}, {Name: pair[1], Kind: "events"}}}
		if err := c.Check(); !errors.Is(err, ErrConfig) {
			t.Errorf("channels %v: %v", pair, err)
		}
	}
}
