package watch

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

var (
	operations = flag.Int("operations", 2000, "how many random operations TestRandomOperations makes")
	seed       = flag.Uint64("seed", 1, "of the random operations")
)

// contents walks a tree in the plainest way, and returns what each path that counts has in it.
// It shares nothing with the scan but the rules of the package comment.
func contents(t *testing.T, root string) map[string]string {
	type dir struct{ rel, real string }
	found := map[string]string{}
	seen := map[string]bool{}
	dirs, links := []dir{{".", root}}, []dir{}
	for len(dirs)+len(links) > 0 {
		if len(dirs) == 0 {
			dirs, links = links[:1], links[1:]
		}
		d := dirs[0]
		dirs = dirs[1:]
		if seen[d.real] {
			continue
		}
		seen[d.real] = true
		entries, err := os.ReadDir(d.real)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Name()[0] == '.' {
				continue
			}
			rel := path.Join(d.rel, e.Name())
			real, err := filepath.EvalSymlinks(filepath.Join(d.real, e.Name()))
			if err != nil || !within(root, real) {
				continue
			}
			info, err := os.Lstat(real)
			if err != nil {
				t.Fatal(err)
			}
			link := e.Type()&fs.ModeSymlink != 0
			switch {
			case info.IsDir() && link:
				links = append(links, dir{rel, real})
				found[rel] = "link to " + real
			case info.IsDir():
				dirs = append(dirs, dir{rel, real})
			case info.Mode().IsRegular():
				text, err := os.ReadFile(real)
				if err != nil {
					t.Fatal(err)
				}
				found[rel] = string(text)
			}
		}
	}
	return found
}

// Whatever is done to a tree: who reads again what was said to have changed, knows all of it.
func TestRandomOperations(t *testing.T) {
	s := watchTree(t, Options{}, "a/a.md", "b/b.md", ".hidden/h.md", ".hidden/sub/i.md", "../out/o.md")
	root, err := filepath.EvalSymlinks(s.dir)
	s.do(err)
	s.w.Close()
	s.start(Options{Quiet: 3 * ms, Max: 50 * ms, Skip: hidden, Report: func(err error) { t.Error(err) }})
	known := contents(t, root)
	m := &monkey{site: s, rand: rand.New(rand.NewPCG(*seed, 0))}
	for m.count < *operations {
		for range 1 + m.rand.IntN(12) {
			m.act()
		}
		if info, err := os.Lstat(s.dir); err != nil || !info.IsDir() { // it was done to the tree itself
			s.remove(".")
			s.mkdir(".")
		}
		deadline := time.After(patience)
		for truth := contents(t, root); !maps.Equal(known, truth); truth = contents(t, root) {
			select {
			case c := <-s.w.C():
				truth := contents(t, root)
				for _, p := range c.Paths {
					delete(known, p)
					if text, ok := truth[p]; ok {
						known[p] = text
					}
				}
			case <-deadline:
				t.Fatalf("after %d operations with -seed %d, missed: %s\nlast done:\n%s",
					m.count, *seed, difference(known, truth), m.log)
			}
		}
		m.log = ""
	}
}

func difference(known, truth map[string]string) (text string) {
	all := slices.AppendSeq(slices.Collect(maps.Keys(known)), maps.Keys(truth))
	slices.Sort(all)
	for _, p := range slices.Compact(all) {
		a, inKnown := known[p]
		b, inTruth := truth[p]
		if a != b || inKnown != inTruth {
			text += fmt.Sprintf("\n%s: known %q %v, in truth %q %v", p, a, inKnown, b, inTruth)
		}
	}
	return text
}

// A monkey does one thing after another to a tree, without knowing what is in it. Most of what fails is of no concern:
// a file that is not there, a folder moved into itself.
type monkey struct {
	*site
	rand  *rand.Rand
	count int
	log   string
}

func (m *monkey) pick(from ...string) string { return from[m.rand.IntN(len(from))] }

// dirName returns a folder that may exist, fileName a path that may be a file, and any either.
func (m *monkey) dirName() string {
	name := m.pick("a", "b", "c", ".hidden", "a/l", "b/l", ".")
	for m.rand.IntN(2) == 0 {
		name += "/" + m.pick("a", "b", "sub")
	}
	return name
}

func (m *monkey) fileName() string { return m.dirName() + "/" + m.pick("a.md", "b.md", "h.md", "l.md") }

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
	switch n := m.rand.IntN(100); {
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
	case n < 88:
		say(os.Link(m.path(file), m.path(other)), "hard link %s to %s", other, file)
	case n < 91:
		say(os.Chmod(m.path(name), 0o700|fs.FileMode(m.rand.IntN(64))), "chmod %s", name)
	case n < 96:
		say(os.Remove(m.path(name)), "remove %s", name)
	case n < 98:
		name = m.pick("a", "b", "c", "a/sub", "b/sub", "a/l")
		say(os.RemoveAll(m.path(name)), "remove all of %s", name)
	default:
		wait := time.Duration(m.rand.IntN(10)) * ms // some operations come while the watcher looks
		time.Sleep(wait)
		what = "wait " + wait.String()
	}
	if err == nil {
		m.log += what + "\n"
	}
}
