package crieur

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// inForce is the folder that the link leads to.
func inForce(t *testing.T, dir string) string {
	t.Helper()
	to, err := os.Readlink(filepath.Join(dir, currentName))
	if err != nil {
		t.Fatal(err)
	}
	if filepath.IsAbs(to) {
		t.Fatalf("the link leads to %s, which moves with nothing", to)
	}
	return filepath.Join(dir, to)
}

func stat(t *testing.T, name ...string) fs.FileInfo {
	t.Helper()
	info, err := os.Stat(filepath.Join(name...))
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestReleases(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	p := Publisher{Dir: dir, Releases: true}
	publish := func(files map[string]string, written, removed string, unchanged int) string {
		t.Helper()
		done, err := p.Publish(siteOf(files))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Join(done.Written, " ") != written || strings.Join(done.Removed, " ") != removed || done.Unchanged != unchanged {
			t.Errorf("%+v", done)
		}
		if got := contents(t, inForce(t, dir)); !maps.Equal(got, files) {
			t.Errorf("published %v", got)
		}
		return inForce(t, dir)
	}
	a := map[string]string{"index.html": "i", "events.ics": "e", "event/a.ics": "a", "tag/x.rss": "x"}
	b := map[string]string{"index.html": "i", "events.ics": "e2", "event/a.ics": "a"}
	c := map[string]string{"index.html": "i", "events.ics": "e3", "event/a.ics": "a"}

	first := publish(a, "event/a.ics events.ics index.html tag/x.rss", "", 0)
	old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for name := range a {
		if err := os.Chtimes(filepath.Join(first, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	if again := publish(a, "", "", 4); again != first {
		t.Errorf("nothing changed, and %s is in force", again)
	}

	second := publish(b, "events.ics", "tag/x.rss", 2)
	if !os.SameFile(stat(t, first, "event/a.ics"), stat(t, second, "event/a.ics")) || !stat(t, second, "index.html").ModTime().Equal(old) {
		t.Error("a file that has not changed is another")
	}
	if got := contents(t, first); !maps.Equal(got, a) {
		t.Errorf("the generation before is %v", got)
	}

	os.WriteFile(filepath.Join(first, "notes.txt"), []byte("n"), 0o644)
	third := publish(c, "events.ics", "", 2)
	if got := contents(t, first); !maps.Equal(got, map[string]string{"notes.txt": "n"}) {
		t.Errorf("of the oldest generation %v is left", got)
	}
	// One that came before comes back, as it is, also by hand.
	if again := publish(b, "events.ics", "", 2); again != second {
		t.Errorf("%s is in force, want %s", again, second)
	}
	os.Remove(filepath.Join(dir, currentName))
	if err := os.Symlink(filepath.Join(releasesName, filepath.Base(third)), filepath.Join(dir, currentName)); err != nil {
		t.Fatal(err)
	}
	publish(b, "events.ics", "", 2)
	publish(c, "events.ics", "", 2)

	// What is damaged is repaired, by a new file: the others are linked.
	os.Remove(filepath.Join(third, "index.html"))
	os.Remove(filepath.Join(third, "event", "a.ics"))
	os.WriteFile(filepath.Join(third, "event", "a.ics"), []byte("z"), 0o644)
	publish(c, "event/a.ics index.html", "", 1)
	if got := contents(t, second); !maps.Equal(got, b) {
		t.Errorf("the generation before is %v", got)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	publish(c, "event/a.ics events.ics index.html", "", 0)
}

// Where there are no hard links, a copy has the time of what it is one of.
func TestReleasesWithoutLinks(t *testing.T) {
	dir := t.TempDir()
	p := Publisher{Dir: dir, Releases: true}
	p.step = func(op, name string) error {
		if op == "link" {
			return syscall.EPERM
		}
		return nil
	}
	old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, e := range []string{"1", "2"} {
		if _, err := p.Publish(siteOf(map[string]string{"index.html": "i", "events.ics": e})); err != nil {
			t.Fatal(err)
		}
		if e == "1" {
			os.Chtimes(filepath.Join(inForce(t, dir), "index.html"), old, old)
		}
	}
	if !stat(t, inForce(t, dir), "index.html").ModTime().Equal(old) {
		t.Error("a file that has not changed has another time")
	}
}

// What somebody else put there is left, and nothing is shown in its place.
func TestReleasesForeign(t *testing.T) {
	site := siteOf(map[string]string{"index.html": "i"})
	for what, put := range map[string]func(name string) error{
		"a file":         func(name string) error { return os.WriteFile(name, nil, 0o644) },
		"a folder":       func(name string) error { return os.Mkdir(name, 0o755) },
		"a link":         func(name string) error { return os.Symlink("elsewhere", name) },
		"a link outside": func(name string) error { return os.Symlink("/releases/"+strings.Repeat("a", 32), name) },
	} {
		for _, name := range []string{currentName, releasesName, filepath.Join(releasesName, generation(site))} {
			if what == "a folder" && name != currentName {
				continue // as it must be
			}
			dir := t.TempDir()
			name = filepath.Join(dir, name)
			os.Mkdir(filepath.Dir(name), 0o755)
			if err := put(name); err != nil {
				t.Fatal(err)
			}
			before, _ := os.Lstat(name)
			if _, err := (&Publisher{Dir: dir, Releases: true}).Publish(site); !errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), name+":") {
				t.Errorf("%s: %v", what, err)
			}
			if after, err := os.Lstat(name); err != nil || !os.SameFile(before, after) {
				t.Errorf("%s is gone", what)
			}
		}
	}
	for _, first := range []bool{true, false} {
		dir := t.TempDir()
		if _, err := (&Publisher{Dir: dir, Releases: first}).Publish(site); err != nil {
			t.Fatal(err)
		}
		before := contents(t, dir)
		if _, err := (&Publisher{Dir: dir, Releases: !first}).Publish(site); err == nil || !strings.Contains(err.Error(), "give another folder") {
			t.Errorf("releases, then not: %t: %v", first, err)
		}
		if after := contents(t, dir); !maps.Equal(before, after) {
			t.Errorf("%v", after)
		}
	}
}

// Law: a reader who resolves the link once sees one generation, whole.
func TestReleasesAreSeenWhole(t *testing.T) {
	dir := t.TempDir()
	p := Publisher{Dir: dir, Releases: true}
	names := []string{"index.html", "events.ics", "event/a.ics", "event/b.ics", "tag/x.rss"}
	generation := func(n int) *Site {
		files := map[string]string{"style.css": "same"}
		for _, name := range names {
			files[name] = fmt.Sprint(n)
		}
		return siteOf(files)
	}
	if _, err := p.Publish(generation(0)); err != nil {
		t.Fatal(err)
	}
	read, ask := make(chan string), make(chan bool)
	go func() {
		defer close(read)
		for range ask {
			to, err := os.Readlink(filepath.Join(dir, currentName))
			if err != nil {
				t.Error(err)
			}
			at := filepath.Join(dir, to)
			read <- "" // the next one comes now
			var seen []string
			for _, name := range names {
				data, err := os.ReadFile(filepath.Join(at, name))
				seen = append(seen, string(data))
				if err != nil {
					t.Error(err)
				}
			}
			read <- strings.Join(slices.Compact(seen), " ")
		}
	}()
	for n := range 30 {
		ask <- true
		<-read
		if _, err := p.Publish(generation(n + 1)); err != nil {
			t.Fatal(err)
		}
		if got := <-read; got != fmt.Sprint(n) {
			t.Errorf("generation %d is read as %q", n, got)
		}
	}
	close(ask)
	<-read
}
