package crieur

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// steps counts what is done to disks, and says which of it fails.
type steps struct {
	mu    sync.Mutex
	done  []string // "op name"
	tried int
	fail  func(n int, op string) error // of the nth step, from 0
}

func (s *steps) step(op, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.tried
	s.tried++
	if s.fail != nil {
		if err := s.fail(n, op); err != nil {
			return err
		}
	}
	s.done = append(s.done, op+" "+name)
	return nil
}

// A press is a folder with a state and an output, and two generations to be
// published there, the first of which is.
type press struct {
	*world
	dir         string
	releases    bool
	before      *Site
	after       *Site
	afterwards  *History
	foreign     map[string]string
	beforeFiles map[string]string
	afterFiles  map[string]string
}

func newPress(t *testing.T, releases bool) *press {
	p := &press{world: newWorld(t), dir: inMemory(t), releases: releases}
	for i := range 2 {
		p.event(fmt.Sprintf("e%d.md", i), fmt.Sprintf("Fête %d", i), "2027-05-08 09:00:00 +02:00", "tags: [un]")
	}
	p.event("seul.md", "Bal", "2027-05-09", "tags: [deux]")
	p.write("n.md", "---\ntitle: Nouvelle\ndate: 2026-11-02\n---\nTexte.\n")
	p.before = excerpt(p.build().site)
	store := p.store(nil)
	if err := store.Save(p.history); err != nil {
		t.Fatal(err)
	}
	store.Close()
	if _, err := p.publisher(nil).Publish(p.before); err != nil {
		t.Fatal(err)
	}
	p.foreign = map[string]string{"notes.txt": "n", "event/mine.ics": "m", ".hidden": "h", "releases/mine.txt": "r"}
	for name, data := range p.foreign {
		file := filepath.Join(p.out(), filepath.FromSlash(name))
		os.MkdirAll(filepath.Dir(file), 0o755)
		if err := os.WriteFile(file, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p.event("e1.md", "Grande fête", "2027-05-08 09:00:00 +02:00", "tags: [un]")
	p.event("seul.md", "Bal", "2027-05-09", "tags: [trois]") // one folder of channels more
	p.write("n.md", "---\ntitle: Nouvelle\ndate: 2026-11-02\npublished: false\n---\n")
	p.after = excerpt(p.later(time.Hour).site)
	p.afterwards = p.history
	p.beforeFiles, p.afterFiles = texts(p.before), texts(p.after)
	return p
}

// inMemory makes a folder where syncing costs nothing, if there is such a place.
func inMemory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "crieur")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// excerpt is a site of fewer files: what is shown of some is so of all.
func excerpt(s *Site) *Site {
	m := map[string]*File{}
	for f := range s.Files() {
		if ext := path.Ext(f.Name); ext == ".ics" || ext == ".css" || f.Name == "index.html" || f.Name == "article/nouvelle.html" {
			m[f.Name] = f
		}
	}
	return newSite(sortedFiles(m))
}

func texts(s *Site) map[string]string {
	m := map[string]string{}
	for f := range s.Files() {
		m[f.Name] = string(f.Bytes())
	}
	return m
}

func (p *press) out() string { return filepath.Join(p.dir, "public") }

// copied is the same press elsewhere.
func (p *press) copied() *press {
	p.t.Helper()
	c := *p
	c.world = &world{t: p.t, files: p.files, config: p.config, now: p.now}
	c.dir = inMemory(p.t)
	if err := os.CopyFS(c.dir, os.DirFS(p.dir)); err != nil {
		p.t.Fatal(err)
	}
	return &c
}

func (p *press) store(s *steps) *Store {
	p.t.Helper()
	store, err := OpenStore(filepath.Join(p.dir, "state"))
	if err != nil {
		p.t.Fatal(err)
	}
	if s != nil {
		store.step = s.step
	}
	return store
}

func (p *press) publisher(s *steps) *Publisher {
	pub := &Publisher{Dir: p.out(), Releases: p.releases}
	if s != nil {
		pub.step = s.step
	}
	return pub
}

// visible is what readers of the folder can see.
func (p *press) visible() map[string]string {
	p.t.Helper()
	dir := p.out()
	if p.releases {
		dir = filepath.Join(dir, currentName)
		if _, err := filepath.EvalSymlinks(dir); err != nil {
			p.t.Fatal(err)
		}
		dir += "/."
	}
	files := contents(p.t, dir)
	for name := range files {
		if _, mine := p.foreign[name]; mine || strings.HasSuffix(name, tempSuffix) {
			delete(files, name)
		}
	}
	return files
}

// whole checks that readers see nothing but whole files of either generation,
// and none that history does not know.
func (p *press) whole(h *History) {
	p.t.Helper()
	seen := p.visible()
	if p.releases && !maps.Equal(seen, p.beforeFiles) && !maps.Equal(seen, p.afterFiles) {
		p.t.Fatal("two generations at once, or half of one")
	}
	for name, data := range seen {
		was, is := p.before.File(name), p.after.File(name)
		switch {
		case was != nil && data == string(was.Bytes()):
		case is == nil || data != string(is.Bytes()):
			p.t.Fatalf("%s is neither as before nor as after, with %d bytes", name, len(data))
		case h.outputs.get(name).Hash != is.ETag || !h.outputs.get(name).Modified.Equal(is.Modified):
			p.t.Fatalf("%s is seen, and history does not know it: %v", name, h.outputs.get(name))
		}
	}
	for name := range p.beforeFiles {
		if _, stays := p.afterFiles[name]; stays && seen[name] == "" {
			p.t.Fatalf("%s is not seen", name)
		}
	}
}

// clean checks that the folder has site, what is foreign, and nothing else.
func (p *press) clean(site *Site) {
	p.t.Helper()
	if seen := p.visible(); !maps.Equal(seen, texts(site)) {
		p.t.Fatalf("published %v", slices.Sorted(maps.Keys(seen)))
	}
	for name, data := range p.foreign {
		if got, err := os.ReadFile(filepath.Join(p.out(), filepath.FromSlash(name))); string(got) != data {
			p.t.Fatalf("the foreign %s is %q, %v", name, got, err)
		}
	}
	generations := 0
	filepath.WalkDir(p.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || strings.Contains(d.Name(), tempSuffix) {
			p.t.Errorf("left: %s, %v", name, err)
		}
		if d.IsDir() {
			if list, err := os.ReadDir(name); err == nil && len(list) == 0 {
				p.t.Errorf("left: the empty folder %s", name)
			}
			if isGeneration(d.Name()) {
				generations++
			}
		}
		return nil
	})
	if generations > 2 {
		p.t.Errorf("%d generations are left", generations)
	}
}

// abandon gives up a store as the death of its process does.
func (s *Store) abandon() {
	if s.file != nil {
		s.file.Close()
	}
	s.lock.Unlock()
}

func eachWay(t *testing.T, f func(t *testing.T, releases bool)) {
	for name, releases := range map[string]bool{"in place": false, "releases": true} {
		t.Run(name, func(t *testing.T) { f(t, releases) })
	}
}

// Law: a process may end at any step. Readers see whole files, none of which
// history does not know; and the next process needs no help, and announces
// nothing twice.
func TestKilledAtEveryStep(t *testing.T) {
	eachWay(t, func(t *testing.T, releases bool) {
		base := newPress(t, releases)
		every := 1
		if testing.Short() {
			every = 4
		}
		for n := 0; ; n += every {
			p := base.copied()
			dead := false
			s := &steps{fail: func(i int, op string) error {
				if i >= n {
					dead = true
					return errors.New("dead")
				}
				return nil
			}}
			store := p.store(s)
			store.doubted = releases // so that it is written anew
			if store.Save(p.afterwards) == nil {
				p.publisher(s).Publish(p.after)
			}
			store.abandon()

			store = p.store(nil)
			h := store.History()
			p.whole(h)
			if err := p.publisher(nil).Follows(h); err != nil {
				t.Fatalf("after %d steps: %v", n, err)
			}
			p.history = h
			p.later(time.Hour)
			if p.get("Grande fête", "SEQUENCE") != "1" || p.get("Fête 0", "SEQUENCE") != "0" {
				t.Fatalf("after %d steps something is announced twice", n)
			}
			site := excerpt(p.site)
			for f := range site.Files() {
				if old := p.before.File(f.Name); old != nil && (old.ETag == f.ETag) != old.Modified.Equal(f.Modified) {
					t.Fatalf("after %d steps %s is of %v, was of %v", n, f.Name, f.Modified, old.Modified)
				}
			}
			if err := store.Save(p.history); err != nil {
				t.Fatal(err)
			}
			if _, err := p.publisher(nil).Publish(site); err != nil {
				t.Fatalf("after %d steps: %v", n, err)
			}
			store.Close()
			p.clean(site)
			if again, err := p.publisher(nil).Publish(site); err != nil || len(again.Written)+len(again.Removed) > 0 {
				t.Fatalf("after %d steps, again: %v, %v", n, again, err)
			}
			if t.Failed() {
				t.Fatalf("after %d steps, the last of which was %v", n, s.done[max(0, len(s.done)-1):])
			}
			os.RemoveAll(p.dir)
			if !dead {
				t.Logf("%d steps", n)
				return
			}
		}
	})
}

// Law: what a process that died was writing is removed, also where the change it
// was to publish is taken back, and none of its files is written any more.
func TestKilledAndTakenBack(t *testing.T) {
	eachWay(t, func(t *testing.T, releases bool) {
		base := newPress(t, releases)
		for n := 0; ; n++ {
			p := base.copied()
			dead := false
			s := &steps{fail: func(i int, op string) error {
				if dead = i >= n; dead {
					return errors.New("dead")
				}
				return nil
			}}
			p.publisher(s).Publish(p.after)
			if _, err := p.publisher(nil).Publish(p.before); err != nil {
				t.Fatalf("after %d steps: %v", n, err)
			}
			p.clean(p.before)
			if t.Failed() {
				t.Fatalf("after %d steps, the last of which was %v", n, s.done[max(0, len(s.done)-1):])
			}
			os.RemoveAll(p.dir)
			if !dead {
				return
			}
		}
	})
}

// Law: any step may fail, once or for a while. What readers see is whole, and
// the same Store and Publisher publish all of it when they can.
func TestFailsAtEveryStep(t *testing.T) {
	full := &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	eachWay(t, func(t *testing.T, releases bool) {
		base := newPress(t, releases)
		modes := map[string]func(op string) bool{ // what fails after the first
			"once":      func(string) bool { return false },
			"full disk": func(op string) bool { return op != "remove" && op != "rename" },
			"gone disk": func(string) bool { return true },
		}
		every := 1
		if testing.Short() {
			every = 3 // an odd number, see below
		}
		for mode, goesOn := range modes {
			for n := 0; ; n += every {
				p := base.copied()
				failed := false
				s := &steps{fail: func(i int, op string) error {
					if i == n || i > n && goesOn(op) {
						failed = true
						return full
					}
					return nil
				}}
				store, pub := p.store(s), p.publisher(s)
				err := store.Save(p.afterwards)
				if err == nil {
					_, err = pub.Publish(p.after)
				}
				if err != nil && !errors.Is(err, syscall.ENOSPC) {
					t.Fatalf("%s, step %d: %v", mode, n, err)
				}
				saved, err2 := ReadHistory(store.dir)
				if err2 != nil {
					t.Fatalf("%s, step %d: %v", mode, n, err2)
				}
				p.whole(saved)
				s.mu.Lock()
				s.fail = nil
				s.mu.Unlock()
				if err := store.Save(p.afterwards); err != nil {
					t.Fatalf("after %s, step %d: %v", mode, n, err)
				}
				sites := []*Site{p.after}
				if n%2 == 1 { // it was taken back meanwhile
					sites = []*Site{p.before, p.after}
				}
				for _, site := range sites {
					if _, err := pub.Publish(site); err != nil {
						t.Fatalf("after %s, step %d: %v", mode, n, err)
					}
					p.clean(site)
				}
				store.Close()
				again := p.store(nil)
				if a, b := stored(t, again.History()), stored(t, p.afterwards); again.Dropped > 0 || a != b || fmt.Sprint(maps.Collect(again.History().outputs.all())) != fmt.Sprint(maps.Collect(p.afterwards.outputs.all())) {
					t.Fatalf("after %s, step %d the history is another", mode, n)
				}
				again.Close()
				if t.Failed() {
					t.Fatalf("when step %d failed (%s): %v", n, mode, err)
				}
				os.RemoveAll(p.dir)
				if !failed {
					break
				}
				if mode != "once" {
					n += 2
				}
			}
		}
	})
}

// What is read depends on what was made durable before.
func TestOrderOfSteps(t *testing.T) {
	eachWay(t, func(t *testing.T, releases bool) {
		p := newPress(t, releases)
		s := &steps{}
		store := p.store(s)
		defer store.Close()
		if err := store.Save(p.afterwards); err != nil {
			t.Fatal(err)
		}
		if s.done[len(s.done)-1] != "sync "+historyName {
			t.Errorf("the history is saved by %v", s.done)
		}
		s.done = nil
		if _, err := p.publisher(s).Publish(p.after); err != nil {
			t.Fatal(err)
		}
		at := func(step string) int { return slices.Index(s.done, step) }
		last := func(step string) int {
			for i, d := range slices.Backward(s.done) {
				if d == step {
					return i
				}
			}
			return -1
		}
		listed := at("sync " + manifestName) // to its end
		if releases {
			listed = at("rename " + manifestName) // a new one
		}
		renames, firstRemoved := 0, len(s.done)
		for i, d := range s.done {
			op, name, _ := strings.Cut(d, " ")
			if op == "remove" && p.before.File(name) != nil {
				firstRemoved = min(firstRemoved, i)
			}
			if op != "rename" {
				continue
			}
			renames++
			temp := tempName(name)
			write, sync := at("write "+temp), at("sync "+temp)
			linked := slices.ContainsFunc(s.done[:i], func(d string) bool { return strings.HasPrefix(d, "link ") && strings.HasSuffix(d, "/"+temp) }) || at("symlink "+temp) >= 0
			if !linked && (write < 0 || sync < write || sync > i) {
				t.Errorf("%s is renamed at %d, written at %d and made durable at %d", name, i, write, sync)
			}
			for dir := path.Dir(name); ; dir = path.Dir(dir) {
				if last("sync "+dir) < i {
					t.Errorf("the name %s is not durable in %s", name, dir)
				}
				if dir == "." {
					break
				}
			}
			if name != manifestName && name != currentName && (listed < 0 || i < listed) {
				t.Errorf("%s has its place before the list knows of it", name)
			}
			if i > firstRemoved && name != manifestName {
				t.Errorf("%s comes after what goes", name)
			}
			if releases && name != currentName && p.after.File(name) != nil && i > at("rename "+currentName) {
				t.Errorf("%s is written after the generation is shown", name)
			}
		}
		if renames < 7 || releases != (at("rename "+currentName) > 0) {
			t.Errorf("%s", strings.Join(s.done, "\n"))
		}
		if releases {
			swap := at("rename " + currentName)
			if synced := slices.Index(s.done[swap:], "sync ."); synced < 0 || s.done[swap-1] != "symlink "+tempName(currentName) {
				t.Errorf("around the swap: %v", s.done[swap-1:])
			}
		}
	})
}
