package watch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Each test here is a way in which watchers are known to miss a change, or to see one too many.

func TestFileInNewFolder(t *testing.T) {
	s := watchTree(t, Options{})
	s.write("sub/f.md", "1")
	s.wait("sub/f.md")
	s.write("a/b/c/f.md", "1") // folders and file at once
	s.wait("a/b/c/f.md")
	s.write("a/b/c/g.md", "1")
	s.wait("a/b/c/g.md")
}

// What is made in a folder just before it is watched is seen when it is listed.
func TestWatchedBeforeListed(t *testing.T) {
	s := watchTree(t, Options{})
	s.w.Close()
	s.startWith(Options{}, func(w *Watcher) {
		done := false
		w.hints.watch = func(fs *fsnotify.Watcher, dir string) error {
			if filepath.Base(dir) == "sub" && !done {
				done = true
				s.write("sub/f.md", "1")
			}
			return fs.Add(dir)
		}
	})
	s.mkdir("sub")
	s.wait("sub/f.md")
}

func TestEmptyFoldersDoNotCount(t *testing.T) {
	s := watchTree(t, Options{}, "a.md")
	s.mkdir("x/y")
	s.write("b.md", "1")
	s.wait("b.md")
}

func TestFolderRenamed(t *testing.T) {
	s := watchTree(t, Options{}, "old/sub/a.md")
	s.rename("old", "new")
	s.write("new/sub/b.md", "1")
	s.wait("old/sub/a.md", "new/sub/a.md", "new/sub/b.md")
	s.write("new/sub/c.md", "1") // renamed earlier
	s.wait("new/sub/c.md")
	s.rename("new", "third")
	s.wait("new/sub/a.md", "new/sub/b.md", "new/sub/c.md", "third/sub/a.md", "third/sub/b.md", "third/sub/c.md")
	s.write("third/sub/a.md", "2")
	s.wait("third/sub/a.md")
}

func TestFoldersSwapped(t *testing.T) {
	s := watchTree(t, Options{}, "a/x.md", "b/y.md")
	s.expect("c/x.md", "c/y.md") // in passing
	for i := range 10 {
		s.rename("a", "c")
		s.rename("b", "a")
		s.rename("c", "b")
		s.wait("a/x.md", "a/y.md", "b/x.md", "b/y.md")
		for _, name := range []string{"a/n.md", "b/n.md"} {
			s.write(name, fmt.Sprint(i))
			s.wait(name)
		}
		s.remove("a/n.md")
		s.remove("b/n.md")
		s.wait("a/n.md", "b/n.md")
	}
}

func TestFolderMovedOutAndReplaced(t *testing.T) {
	s := watchTree(t, Options{}, "d/a.md")
	s.rename("d", "../elsewhere")
	s.write("d/b.md", "1")
	s.wait("d/a.md", "d/b.md")
	s.write("d/c.md", "1")
	s.wait("d/c.md")
	s.write("../elsewhere/z.md", "1") // no more of the tree
	s.write("d/e.md", "1")
	s.wait("d/e.md")
}

func TestRootDeletedAndMadeAgain(t *testing.T) {
	s := watchTree(t, Options{}, "a.md", "sub/b.md")
	for i := range 3 {
		s.rename(".", "../away")
		s.waitMissing(true, "sub/b.md")
		if i == 1 { // another one, not the same again
			s.do(os.RemoveAll(filepath.Join(s.dir, "../away")))
			s.write("a.md", "new")
			s.write("sub/b.md", "new")
			s.wait("a.md", "sub/b.md")
		} else {
			s.do(os.Rename(filepath.Join(s.dir, "../away"), s.dir))
			s.waitMissing(false, "sub/b.md")
		}
		s.write("sub/b.md", fmt.Sprint("again", i))
		s.wait("sub/b.md")
	}
}

// A look at a part, at a moment when the tree has come back, looks at all of it.
func TestRootReplacedBetweenLooks(t *testing.T) {
	s := watchTree(t, Options{}, "sub/a.md")
	s.w.Close()
	look := s.w.scanner
	before := look.scan(nil, Start)
	s.rename(".", "../away")
	missing := look.scan(before, Safety)
	s.write("sub/b.md", "1")
	after := look.scan(missing, Poll)
	look.hints.close()
	if got := missing.changes(before); !missing.missing || len(got) > 0 {
		t.Errorf("without its root: missing %v, changed %q", missing.missing, got)
	}
	if got, want := after.changes(before), []string{"sub/a.md", "sub/b.md"}; after.missing || !slices.Equal(got, want) {
		t.Errorf("with another root: missing %v, changed %q, want %q", after.missing, got, want)
	}
}

func TestRootIsALink(t *testing.T) {
	s := watchTree(t, Options{}, "one/a.md", "two/a.md")
	s.link("one", "current")
	s.w.Close()
	s.dir = s.path("current")
	s.start(Options{})
	time.Sleep(200 * ms) // nothing is fresh any more, and looked at for that
	s.link("two", "../next")
	s.do(os.Rename(s.path("../../tree/next"), s.dir))
	s.wait("a.md")
	s.write("a.md", "2")
	s.wait("a.md")
}

func TestNew(t *testing.T) {
	dir := t.TempDir()
	if _, err := New(filepath.Join(dir, "none"), Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want that it does not exist", err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if w, err := New(file, Options{}); err == nil {
		w.Close()
		t.Error("a file was watched as a tree")
	}
}

func TestLinks(t *testing.T) {
	s := watchTree(t, Options{Skip: hidden}, "real/a.md", ".store/posts/p.md", ".store/one.md", "../outside/o.md")
	s.link("../real", "real/loop")
	s.wait("real/loop")
	s.link("real", "alias") // counts itself, its files have a path already
	s.wait("alias")
	s.link(".store/posts", "posts")
	s.wait("posts", "posts/p.md")
	s.write(".store/posts/p.md", "2")
	s.wait("posts/p.md")
	s.link("../../outside", "real/out")
	s.link("../outside/o.md", "o.md")
	s.link("nowhere.md", "dangling.md")
	s.link("self.md", "self.md")
	s.link(".store/one.md", "one.md")
	s.wait("one.md")
	s.write(".store/one.md", "2") // its folder is not in the tree
	s.wait("one.md")
	s.write("nowhere.md", "1")
	s.wait("nowhere.md", "dangling.md")
	s.remove("one.md")
	s.wait("one.md")
}

func hidden(rel string, dir bool) bool { return filepath.Base(rel)[0] == '.' }

func TestLinkRepointed(t *testing.T) {
	s := watchTree(t, Options{Skip: hidden}, ".v1/a.md", ".v2/a.md", ".v2/b.md")
	s.link(".v1", "current")
	s.wait("current", "current/a.md")
	s.link(".v2", "next")
	s.wait("next", "next/a.md", "next/b.md")
	s.rename("next", "current")
	s.wait("current", "current/a.md", "current/b.md", "next", "next/a.md", "next/b.md")
	s.write(".v2/b.md", "2")
	s.wait("current/b.md")
}

// A volume of Kubernetes: the files are links over ..data, which is replaced by a rename.
func TestConfigMap(t *testing.T) {
	s := watchTree(t, Options{}, "..one/a.md", "..one/b.md")
	s.link("..one", "..data")
	s.link("..data/a.md", "a.md")
	s.link("..data/b.md", "b.md")
	s.wait("a.md", "b.md")
	for _, version := range []string{"two", "three", "four"} {
		s.write(".."+version+"/a.md", version)
		s.write(".."+version+"/b.md", version)
		s.link(".."+version, "..data_tmp")
		s.rename("..data_tmp", "..data")
		s.wait("a.md", "b.md")
	}
	s.write("..four/a.md", "in place")
	s.wait("a.md")
}

func TestAtomicSave(t *testing.T) {
	s := watchTree(t, Options{}, "a.md")
	for i := range 5 {
		s.write("a.md.tmp", fmt.Sprint("text", i))
		s.rename("a.md.tmp", "a.md")
		s.wait("a.md")
	}
}

func TestVim(t *testing.T) {
	s := watchTree(t, Options{}, "b.md", "c.md")
	s.write(".b.md.swp", "swap")
	s.write("4913", "")
	s.remove("4913")
	s.rename("b.md", "b.md~")
	s.write("b.md", "new") // for an instant there was none
	s.do(os.Chmod(s.path("b.md"), 0o600))
	s.remove("b.md~")
	s.remove(".b.md.swp")
	s.wait("b.md")
	for _, name := range []string{".b.md.swp", "4913", "b.md~", "#b.md#", ".#b.md", "b.md.tmp"} { // and left behind
		s.write(name, "text")
	}
	s.write("c.md", "new")
	s.wait("c.md")
	s.write("c.md", "newer")
	s.wait("c.md")
}

func TestEmacs(t *testing.T) {
	s := watchTree(t, Options{}, "b.md")
	s.link("someone@host.1234", ".#b.md")
	s.write("#b.md#", "not asked")
	s.write("b.md", "new")
	s.remove(".#b.md")
	s.remove("#b.md#")
	s.wait("b.md")
}

func TestTruncateThenWrite(t *testing.T) {
	s := watchTree(t, Options{}, "a.md")
	for i := range 20 {
		s.do(os.Truncate(s.path("a.md"), 0))
		s.write("a.md", fmt.Sprintf("%04d", i)) // each of the same size
		s.wait("a.md")
	}
}

func TestSameSizeAndTimePutBack(t *testing.T) {
	s := watchTree(t, Options{}, "a.md")
	long := time.Now().Add(-time.Hour)
	s.do(os.Chtimes(s.path("a.md"), long, long))
	s.wait("a.md")
	for i := range 20 {
		s.write("a.md", fmt.Sprintf("%04d", i))
		s.do(os.Chtimes(s.path("a.md"), long, long))
		s.wait("a.md")
	}
}

func TestFiveThousandFiles(t *testing.T) {
	s := watchTree(t, Options{}, "a.md")
	var want []string
	for i := range 5000 {
		name := fmt.Sprintf("d%02d/f%d.md", i%50, i)
		s.write(name, name)
		want = append(want, name)
	}
	s.wait(want...)
	for i := range 50 {
		s.remove(fmt.Sprintf("d%02d", i))
	}
	s.wait(want...)
}

func TestOverflow(t *testing.T) {
	s := watchTree(t, Options{}, "sub/a.md")
	s.w.hints.fs.Errors <- fsnotify.ErrEventOverflow // watches everything anew
	for deadline := time.Now().Add(patience); s.w.Stats().Looks[Hint] == 0; time.Sleep(ms) {
		if time.Now().After(deadline) {
			t.Fatal("events were lost, and nobody looked")
		}
	}
	s.write("sub/a.md", "2")
	s.wait("sub/a.md")
	s.write("sub/a.md", "3")
	s.wait("sub/a.md")
}

// Changes that nobody has received yet become one.
func TestMerged(t *testing.T) {
	w := &Watcher{c: make(chan Change, 1)}
	w.deliver(Change{Paths: []string{"b.md", "c.md"}, Missing: true})
	w.deliver(Change{Paths: []string{"a.md", "c.md"}})
	if c := <-w.C(); c.Missing || !slices.Equal(c.Paths, []string{"a.md", "b.md", "c.md"}) {
		t.Errorf("got %+v", c)
	}
	w.deliver(Change{Paths: []string{"d.md"}})
	if c := <-w.C(); !slices.Equal(c.Paths, []string{"d.md"}) {
		t.Errorf("got %+v, want only what came after", c)
	}
}

func TestFiles(t *testing.T) {
	s := watchTree(t, Options{}, "a.md", ".conf.yaml", "../etc/site.yaml", "../vol/..1/x.yaml")
	s.link("..1", "../vol/..data")
	s.link("..data/x.yaml", "../vol/x.yaml")
	s.w.Close()
	dir := filepath.Dir(s.dir)
	in, out, late, vol := s.path(".conf.yaml"), filepath.Join(dir, "etc/site.yaml"), filepath.Join(dir, "x/y/late.yaml"), filepath.Join(dir, "vol/x.yaml")
	s.start(Options{Skip: hidden, Files: []string{in, out, late, vol}})
	s.write(".conf.yaml", "2")
	s.wait(".conf.yaml")
	s.write("../etc/other.yaml", "2")
	s.write("../etc/site.yaml", "2")
	s.wait(filepath.ToSlash(out))
	s.write("../x/y/late.yaml", "1") // neither it nor its folders were there
	s.wait(filepath.ToSlash(late))
	s.write("../x/y/late.yaml", "2")
	s.wait(filepath.ToSlash(late))
	s.write("../vol/..2/x.yaml", "2")
	s.link("..2", "../vol/..data_tmp")
	s.rename("../vol/..data_tmp", "../vol/..data")
	s.wait(filepath.ToSlash(vol))
	s.remove("../etc")
	s.wait(filepath.ToSlash(out))
	s.write("../etc/site.yaml", "3")
	s.wait(filepath.ToSlash(out))
}

func TestClose(t *testing.T) {
	s := watchTree(t, Options{}, "a.md")
	s.write("a.md", "2")
	s.do(s.w.Close())
	s.do(s.w.Close())
	for range s.w.C() { // is closed
	}
}

// The clock of a file system ticks more slowly than files can be written.
func TestRacy(t *testing.T) {
	s := watchTree(t, Options{}, "a.md")
	s.w.Close()
	look := &scan{scanner: s.w.scanner}
	now := time.Now()
	k := key{size: 1, mtime: now.UnixNano(), ctime: now.UnixNano()}
	if k.fresh(now.Add(time.Second)) || !k.fresh(now) || k.fresh(now.Add(-time.Hour)) {
		t.Fatal("not fresh when it should be, or fresh when it should not")
	}
	old := key{size: 1}
	real := func() string { return s.path("a.md") }
	for _, text := range []string{"1", "2", "2", "3"} {
		was := entry{name: "a.md", key: old, racy: true, sum: look.sum(s.path("a.md"))}
		before, err := os.ReadFile(s.path("a.md"))
		s.do(err)
		s.write("a.md", text)
		if e := look.file("a.md", real, old, &was); e.differs(was) != (text != string(before)) || e.racy {
			t.Errorf("%q to %q with the same key: got %+v, was %+v", before, text, e, was)
		}
	}
	settled := entry{name: "a.md", key: old, sum: 7}
	if e := look.file("a.md", func() string { return "none" }, old, &settled); e != settled {
		t.Errorf("a file at rest was read")
	}
}

// Who reads a folder while it is somewhere else finds nothing, and must be told that it is back.
func TestFolderAwayAndBack(t *testing.T) {
	s := watchTree(t, Options{}, "a/b/c.md", "a/b/d.md", "e/f.md")
	time.Sleep(2 * racyAge) // or the files would be looked at once more for that
	s.rename("a", "../away")
	s.rename("../away", "a")
	s.wait("a/b/c.md", "a/b/d.md")
	s.rename(".", "../away")
	s.do(os.Rename(filepath.Join(s.dir, "../away"), s.dir))
	s.wait("a/b/c.md", "a/b/d.md", "e/f.md")
	s.write("a/b/~", "") // the folder has changed, but nothing in it that counts
	s.write("e/f.md", "2")
	s.wait("e/f.md")
}
