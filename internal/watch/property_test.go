package watch

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	operations = flag.Int("operations", 1000, "how many random operations each test of them makes")
	seed       = flag.Uint64("seed", 1, "of the random operations")
	crowd      = flag.Int("files", 300, "how many more files are in the tree of the random operations")
	bound      = flag.Duration("within", 0, "how soon what random operations did must be known; 0: it does not matter")
)

// A thing is what a path that counts leads to.
type thing struct {
	text string // the contents of a file, or where a link to a folder leads
	key  key
}

// contents walks a tree in the plainest way, and returns what each path that counts leads to. It shares nothing with
// the scan but the rules of the package comment.
func contents(root string) map[string]thing {
	type dir struct{ rel, real string }
	found := map[string]thing{}
	seen := map[string]bool{}
	dirs, links := []dir{{".", root}}, []dir{}
	for len(dirs)+len(links) > 0 {
		if len(dirs) == 0 {
			dirs, links = []dir{links[0]}, links[1:]
		}
		d := dirs[0]
		dirs = dirs[1:]
		if seen[d.real] {
			continue
		}
		seen[d.real] = true
		entries, _ := os.ReadDir(d.real)
		for _, e := range entries {
			if e.Name()[0] == '.' || !e.IsDir() && strings.HasSuffix(e.Name(), "~") {
				continue
			}
			rel, real, mode := path.Join(d.rel, e.Name()), filepath.Join(d.real, e.Name()), e.Type()
			link := mode&fs.ModeSymlink != 0
			if link {
				target, err := filepath.EvalSymlinks(real)
				if err != nil || !inside(root, target) {
					continue
				}
				info, err := os.Lstat(target)
				if err != nil {
					continue
				}
				real, mode = target, info.Mode()
			}
			k, _, _ := lstat(real)
			switch {
			case mode.IsDir() && link:
				links = append(links, dir{rel, real})
				found[rel] = thing{"link to " + real, key{dev: k.dev, ino: k.ino}}
			case mode.IsDir():
				dirs = append(dirs, dir{rel, real})
			case mode.IsRegular():
				if text, err := os.ReadFile(real); err == nil {
					found[rel] = thing{string(text), k}
				}
			}
		}
	}
	return found
}

// inside is within, told in another way.
func inside(root, name string) bool {
	rel, err := filepath.Rel(root, name)
	return err == nil && filepath.IsLocal(rel)
}

// manifest returns what a scan has found, as contents does, without the contents.
func manifest(t *tree) map[string]key {
	found := map[string]key{}
	for rel, f := range t.folders {
		for _, e := range f.entries {
			if e.kind != subdir {
				found[path.Join(rel, e.name)] = e.key
			}
		}
	}
	return found
}

// A listener collects what a watcher says to have changed.
type listener struct {
	w       *Watcher
	mu      sync.Mutex
	told    map[string]bool
	count   int           // of changes
	arrived time.Time     // the last of them
	news    chan struct{} // there was one
}

func (l *listener) listen() {
	for c := range l.w.C() {
		at := time.Now()
		l.mu.Lock()
		for _, p := range c.Paths {
			l.told[p] = true
		}
		l.count++
		l.arrived = at
		l.mu.Unlock()
		select {
		case l.news <- struct{}{}:
		default:
		}
	}
}

// wait returns when the watcher has found what is true, and told of all that is not as it was known before. It says
// how long after since it told of the last of it.
func (l *listener) wait(known, truth map[string]thing, since time.Time) (time.Duration, error) {
	keys := map[string]key{}
	for p, is := range truth {
		keys[p] = is.key
	}
	deadline := time.After(patience)
	for {
		found, _ := l.w.record.get()
		l.mu.Lock()
		for p := range l.told {
			delete(known, p)
			if is, ok := truth[p]; ok {
				known[p] = is
			}
		}
		arrived := l.arrived
		l.mu.Unlock()
		if maps.Equal(known, truth) && maps.Equal(manifest(found), keys) {
			l.mu.Lock()
			clear(l.told)
			l.mu.Unlock()
			return max(0, arrived.Sub(since)), nil
		}
		select {
		case <-l.news:
		case <-deadline:
			return 0, errors.New(difference(known, truth) + "\nin the manifest:" + difference(manifest(found), keys))
		}
	}
}

// Whatever is done to a tree: what the watcher found is what an independent walk finds, and who reads again what it said
// to have changed knows all of it.
func TestRandomOperations(t *testing.T) {
	randomOperations(t, Options{Report: func(err error) { t.Error(err) }}, func(*Watcher) {})
}

// Only the folders that hints name are looked at at first, as if the tree were large.
func TestRandomOperationsLarge(t *testing.T) {
	randomOperations(t, Options{Report: func(err error) { t.Error(err) }}, func(w *Watcher) { w.scanner.large = 0 })
}

func randomOperations(t *testing.T, opt Options, change func(*Watcher)) {
	s := randomTree(t)
	s.operate(opt, change, "")
}

// randomTree makes the tree of the random operations.
func randomTree(t *testing.T) *site {
	s := watchTree(t, Options{})
	s.w.Close()
	s.crowd()
	for _, name := range []string{"a/a.md", "b/b.md", ".hidden/h.md", ".hidden/sub/i.md", "../out/o.md"} {
		s.write(name, "text")
	}
	return s
}

// operate watches the tree and makes random operations in it, and in the layer below, if it has one.
func (s *site) operate(opt Options, change func(*Watcher), lower string) {
	t := s.T
	root, err := filepath.EvalSymlinks(s.dir)
	s.do(err)
	opt.Skip = hidden
	s.startWith(opt, func(w *Watcher) {
		w.scanner.settled = racyAge // or else no folder would be
		change(w)
	})
	known := contents(root)
	l := &listener{w: s.w, told: map[string]bool{}, news: make(chan struct{}, 1)}
	go l.listen()
	m := &monkey{site: s, lower: lower, rand: rand.New(rand.NewPCG(*seed, 0))}
	var times []time.Duration
	before := ""
	files := len(known)
	for m.count < *operations {
		m.log = ""
		if files < *crowd*3/4 || files > *crowd*5/4 { // lost with a folder above, or come again with one from outside
			s.crowd()
			m.log = "all files made again\n"
		} else {
			for range 1 + m.rand.IntN(1+m.rand.IntN(150)) {
				m.act()
			}
		}
		if info, err := os.Lstat(s.dir); err != nil || !info.IsDir() { // it was done to the tree itself
			s.remove(".")
			s.mkdir(".")
		}
		since := time.Now()
		truth := contents(root)
		took, err := l.wait(known, truth, since)
		if err != nil {
			t.Fatalf("after %d operations with -seed %d, missed: %v\nlast done:\n%s\nbefore:\n%s", m.count, *seed, err, m.log, before)
		}
		if *bound > 0 && took > *bound {
			t.Errorf("after %d operations with -seed %d, known after %v:\n%s", m.count, *seed, took, m.log)
		}
		times = append(times, took)
		before = m.log
		files = len(truth)
	}
	slices.Sort(times)
	n := len(times)
	t.Logf("%d operations in %d batches, %d changes told of: known after p50 %v, p99 %v, at most %v; %+v",
		m.count, n, l.count, times[n/2], times[n*99/100], times[n-1], s.w.Stats())
}

func difference[V comparable](known, truth map[string]V) (text string) {
	all := slices.AppendSeq(slices.Collect(maps.Keys(known)), maps.Keys(truth))
	slices.Sort(all)
	for _, p := range slices.Compact(all) {
		a, inKnown := known[p]
		b, inTruth := truth[p]
		if a != b || inKnown != inTruth {
			text += fmt.Sprintf("\n%s: known %+v %v, in truth %+v %v", p, a, inKnown, b, inTruth)
		}
	}
	return text
}

// crowd makes many files, in folders of fifty, and nothing else.
func (s *site) crowd() {
	s.remove(".")
	s.remove("../out")
	s.mkdir("../out")
	for i := range *crowd {
		s.write(fmt.Sprintf("crowd/%d/%d.md", i/50, i%50), "text")
	}
}

// volume makes or swaps a volume of files as Kubernetes does.
func (m *monkey) volume(dir, text string) error {
	version := "..v" + text
	old, _ := os.Readlink(m.path(dir + "/..data"))
	err := errors.Join(
		os.Mkdir(m.path(dir+"/"+version), 0o755),
		os.WriteFile(m.path(dir+"/"+version+"/a.md"), []byte(text), 0o644),
		os.Symlink(version, m.path(dir+"/..data_tmp")),
		os.Rename(m.path(dir+"/..data_tmp"), m.path(dir+"/..data")))
	os.Symlink("..data/a.md", m.path(dir+"/a.md"))
	if old != "" {
		os.RemoveAll(m.path(dir + "/" + old))
	}
	return err
}

// A monkey does one thing after another to a tree, without knowing what is in it. Most of what fails is of no concern:
// a file that is not there, a folder moved into itself.
type monkey struct {
	*site
	lower string // the same tree below an overlay; empty: there is none
	rand  *rand.Rand
	count int
	log   string
}

func (m *monkey) pick(from ...string) string { return from[m.rand.IntN(len(from))] }

// dirName returns a folder that may exist, fileName a path that may be a file, and any either.
func (m *monkey) dirName() string {
	name := m.pick("a", "b", "c", ".hidden", "a/l", "b/l")
	if m.rand.IntN(40) == 0 {
		name = "."
	}
	if m.rand.IntN(12) == 0 {
		return fmt.Sprint("crowd/", m.rand.IntN(1+*crowd/50))
	}
	for m.rand.IntN(2) == 0 {
		name += "/" + m.pick("a", "b", "sub")
	}
	return name
}

func (m *monkey) fileName() string {
	return m.dirName() + "/" + m.pick("a.md", "b.md", "h.md", "l.md", "7.md", "new\nline.md")
}

func (m *monkey) any() string {
	if m.rand.IntN(2) == 0 {
		return m.dirName()
	}
	return m.fileName()
}

func (m *monkey) act() {
	m.count++
	text := fmt.Sprintf("%06d", m.count)
	var what string
	var err error
	say := func(e error, format string, args ...any) { err, what = e, fmt.Sprintf(format, args...) }
	file, name, other := m.fileName(), m.any(), m.any()
	switch n := m.rand.IntN(113); {
	case n < 20:
		say(os.WriteFile(m.path(file), []byte(text), 0o644), "write %s", file)
	case n < 30:
		os.MkdirAll(filepath.Dir(m.path(file)), 0o755)
		say(os.WriteFile(m.path(file), []byte(text), 0o644), "mkdir -p and write %s", file)
	case n < 35:
		say(os.Truncate(m.path(file), int64(m.rand.IntN(7))), "truncate %s", file)
	case n < 42:
		info, e := os.Stat(m.path(file))
		if e == nil && info.Mode().IsRegular() {
			e = os.WriteFile(m.path(file), []byte(text), 0o644)
			os.Chtimes(m.path(file), info.ModTime(), info.ModTime())
		}
		say(e, "write %s, time put back", file)
	case n < 50:
		os.WriteFile(m.path(file)+"~", []byte(text), 0o644)
		say(os.Rename(m.path(file)+"~", m.path(file)), "save %s", file)
		os.Remove(m.path(file) + "~")
	case n < 64:
		if m.rand.IntN(2) == 0 {
			name, other = m.dirName(), m.dirName()
		}
		say(os.Rename(m.path(name), m.path(other)), "rename %s to %s", name, other)
	case n < 70:
		name, other = m.dirName(), m.dirName()
		third := m.path("../third")
		e := os.Rename(m.path(name), third)
		if e == nil {
			os.Rename(m.path(other), m.path(name))
			if e = os.Rename(third, m.path(other)); e != nil {
				os.RemoveAll(third)
			}
		}
		say(e, "swap %s and %s", name, other)
	case n < 74:
		out := m.path("../out/" + m.pick("x", "y"))
		if m.rand.IntN(2) == 0 {
			say(os.Rename(m.path(name), out), "move %s out to %s", name, out)
		} else {
			say(os.Rename(out, m.path(name)), "move %s in to %s", out, name)
		}
	case n < 80:
		target := m.pick("a", "../a", "../b", "l", "../.hidden", "../../a/sub", "../../out", m.path("b/a"), m.path(".hidden/sub"), "none")
		link := m.dirName() + "/" + m.pick("l", "a", "b")
		if m.rand.IntN(2) == 0 {
			os.Remove(m.path(link))
		}
		say(os.Symlink(target, m.path(link)), "link %s to folder %s", link, target)
	case n < 85:
		target := m.pick("a.md", "../.hidden/h.md", "../b/a.md", "l/a.md", "../../out/o.md", m.path(".hidden/sub/i.md"), "none.md", "l.md")
		os.Remove(m.path(file))
		say(os.Symlink(target, m.path(file)), "link %s to file %s", file, target)
	case n < 91:
		say(os.Chmod(m.path(name), 0o700|fs.FileMode(m.rand.IntN(64))), "chmod %s", name)
	case n < 96:
		say(os.Remove(m.path(name)), "remove %s", name)
	case n < 98:
		name = m.pick("a", "b", "c", "a/sub", "b/sub", "a/l")
		say(os.RemoveAll(m.path(name)), "remove all of %s", name)
	case n < 102:
		name = m.dirName()
		say(m.volume(name, text), "swap the volume %s", name)
	case n < 105:
		name = m.dirName()
		e := os.Rename(m.path(name), m.path("../out/"+text))
		if e == nil {
			os.Mkdir(m.path(name), 0o755)
			os.WriteFile(m.path(name+"/a.md"), []byte(text), 0o644)
		}
		say(e, "replace folder %s", name)
	case n < 108:
		e := os.Rename(m.path(file), m.path(file)+"~")
		if e == nil {
			e = os.WriteFile(m.path(file), []byte(text), 0o644)
		}
		say(e, "save %s like vim", file)
	case n < 109:
		file = m.dirName() + "/pipe.md" // nothing else has this name: to write to it would block
		say(m.pipe(file), "make the pipe %s", file)
	case n < 111 && m.lower != "":
		below := filepath.Join(m.lower, file)
		e := os.Truncate(below, 0) // it is there
		if e == nil {
			e = os.WriteFile(below, []byte(text), 0o644)
		}
		say(e, "write %s in the layer below", file)
	default:
		wait := time.Duration(m.rand.IntN(10)) * ms // some operations come while the watcher looks
		time.Sleep(wait)
		what = "wait " + wait.String()
	}
	if err == nil {
		m.log += what + "\n"
	}
}
