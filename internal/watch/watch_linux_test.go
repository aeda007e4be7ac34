package watch

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
	"golang.org/x/sys/unix"
)

func TestPipe(t *testing.T) {
	s := watchTree(t, Options{}, "a.md")
	s.do(unix.Mkfifo(s.path("x.md"), 0o644))
	s.link("x.md", "link.md")
	s.write("a.md", "2")
	s.wait("a.md")
	s.remove("a.md")
	s.do(unix.Mkfifo(s.path("a.md"), 0o644)) // a pipe in the place of a file
	s.wait("a.md")
}

// A file can be replaced by a pipe after it was looked at, and before it is read.
func TestPipeIsNotRead(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.md")
	if err := unix.Mkfifo(name, 0o644); err != nil {
		t.Fatal(err)
	}
	done := make(chan uint64)
	go func() { done <- (&scan{scanner: &scanner{}}).sum(name) }()
	select {
	case <-done:
	case <-time.After(patience):
		t.Error("to read it blocks")
	}
}

func TestExchange(t *testing.T) {
	s := watchTree(t, Options{}, "a/x.md", "b/y.md")
	for i := range 10 {
		s.do(unix.Renameat2(unix.AT_FDCWD, s.path("a"), unix.AT_FDCWD, s.path("b"), unix.RENAME_EXCHANGE))
		s.wait("a/x.md", "a/y.md", "b/x.md", "b/y.md")
		for _, name := range []string{"a/x.md", "a/y.md", "b/x.md", "b/y.md"} {
			if _, err := os.Stat(s.path(name)); err == nil {
				s.write(name, fmt.Sprint(i))
				s.wait(name)
			}
		}
	}
}

var fewWatches = flag.Bool("few-watches", false, "used by TestFewWatches to run itself in a user namespace")

// In a namespace of its own the test may set the limit of watches without an effect on the machine.
func TestFewWatches(t *testing.T) {
	if !*fewWatches {
		inNamespace(t, "-few-watches")
		return
	}
	if err := os.WriteFile("/proc/sys/user/max_inotify_watches", []byte("12"), 0); err != nil {
		t.Skip(err)
	}
	var r told
	files := forest(20)
	s := watchTree(t, Options{Poll: 20 * ms, Report: r.report}, files...)
	editAll(s, files)
	r.once(t, syscall.ENOSPC, "fs.inotify.max_user_watches")
}

var mounts = flag.Bool("mounts", false, "used by TestMount to run itself in a mount namespace")

// A mount over a watched folder gives no event.
func TestMount(t *testing.T) {
	if !*mounts {
		inNamespace(t, "-mounts")
		return
	}
	s := watchTree(t, Options{}, "sub/a.md")
	if err := unix.Mount("none", s.path("sub"), "tmpfs", 0, ""); err != nil {
		t.Skip(err)
	}
	s.wait("sub/a.md")
	s.write("sub/b.md", "1")
	s.wait("sub/b.md")
	s.do(unix.Unmount(s.path("sub"), unix.MNT_DETACH))
	s.wait("sub/a.md", "sub/b.md")
	s.write("sub/a.md", "2")
	s.wait("sub/a.md")
	s.do(unix.Mount("none", s.dir, "tmpfs", 0, "")) // over the tree itself
	s.wait("sub/a.md")
	s.write("sub/c.md", "1")
	s.wait("sub/c.md")
	s.do(unix.Unmount(s.dir, unix.MNT_DETACH))
	s.wait("sub/a.md", "sub/c.md")
	s.write("sub/a.md", "3")
	s.wait("sub/a.md")
	looks := s.w.Stats().Looks[Hint]
	s.mkdir("../elsewhere")
	s.do(unix.Mount("none", s.path("../elsewhere"), "tmpfs", 0, ""))
	defer unix.Unmount(s.path("../elsewhere"), unix.MNT_DETACH)
	time.Sleep(100 * ms) // it is of no concern, so nothing happens that could be waited for
	if more := s.w.Stats().Looks[Hint] - looks; more > 0 {
		t.Errorf("looked %d times because of a mount elsewhere", more)
	}
}

// Writes to the lower layer of an overlay give no event.
func TestOverlay(t *testing.T) {
	if !*mounts {
		inNamespace(t, "-mounts")
		return
	}
	s := watchTree(t, Options{}, "../lower/a.md", "../upper/b.md", "../work/w")
	s.w.Close()
	s.remove("../work/w")
	data := fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s", s.path("../lower"), s.path("../upper"), s.path("../work"))
	if err := unix.Mount("none", s.dir, "overlay", 0, data); err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { unix.Unmount(s.dir, unix.MNT_DETACH) })
	var r told
	s.start(Options{Poll: 20 * ms, Report: r.report})
	s.write("../lower/a.md", "2")
	s.wait("a.md")
	if len(r.errs) != 1 || !strings.Contains(r.errs[0].Error(), "(overlay)") || !strings.Contains(r.errs[0].Error(), "mount a volume") {
		t.Errorf("reported: %v, want once that it is an overlay, with the remedy", r.errs)
	}
	if got := s.w.Stats().Polled; len(got) != 1 || got["overlay"] != 1 {
		t.Errorf("polled: %v, want the overlay", got)
	}
}

// inNamespace runs the test that calls it once more, as the root of a new user namespace, with one more flag.
func inNamespace(t *testing.T, more string) {
	args := []string{"-test.run=^" + t.Name() + "$", "-test.v", more}
	flag.Visit(func(f *flag.Flag) {
		if !strings.HasPrefix(f.Name, "test.") {
			args = append(args, "-"+f.Name+"="+f.Value.String())
		}
	})
	cmd := exec.Command(os.Args[0], args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	switch _, ran := errors.AsType[*exec.ExitError](err); {
	case err != nil && !ran:
		t.Skip(err)
	case err != nil:
		t.Fatalf("%v\n%s", err, out)
	case strings.Contains(string(out), "--- SKIP"):
		t.Skipf("%s", out)
	default:
		t.Logf("%s", out)
	}
}

// A folder that cannot be read keeps its files, and is reported.
func TestUnreadable(t *testing.T) {
	if os.Getuid() == 0 {
		asNobody(t)
		return
	}
	var r told
	s := watchTree(t, Options{Report: r.report, Poll: 20 * ms}, "a.md", "sub/b.md", "sub/deep/c.md")
	s.expect("sub/b.md", "sub/deep/c.md") // told again when its folder can be read again
	s.do(os.Chmod(s.path("sub"), 0))
	t.Cleanup(func() { os.Chmod(s.path("sub"), 0o755) })
	s.write("a.md", "2")
	s.wait("a.md")
	if found, _ := s.w.record.get(); len(manifest(found)) != 3 {
		t.Errorf("the files in the folder are not known any more: %v", manifest(found))
	}
	s.do(os.Chmod(s.path("sub"), 0o755))
	s.write("sub/b.md", "2")
	s.wait("sub/b.md")
	s.do(os.Chmod(s.dir, 0))
	s.waitMissing(true, "a.md", "sub/b.md", "sub/deep/c.md")
	s.do(os.Chmod(s.dir, 0o755))
	s.waitMissing(false, "a.md", "sub/b.md", "sub/deep/c.md")
	if len(r.errs) == 0 || !errors.Is(r.errs[0], os.ErrPermission) {
		t.Errorf("reported: %v, want that permission was denied", r.errs)
	}
}

// asNobody runs the test that calls it once more, as a user who may not read everything.
func asNobody(t *testing.T) {
	dir, err := os.MkdirTemp("", "watch")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	const nobody = 65534
	for _, err := range []error{os.Chmod(dir, 0o755), os.CopyFS(filepath.Join(dir, "bin"), os.DirFS(filepath.Dir(os.Args[0]))), os.Chown(dir, nobody, nobody)} {
		if err != nil {
			t.Skip(err)
		}
	}
	cmd := exec.Command(filepath.Join(dir, "bin", filepath.Base(os.Args[0])), "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	switch _, ran := errors.AsType[*exec.ExitError](err); {
	case err != nil && !ran:
		t.Skip(err)
	case err != nil:
		t.Fatalf("%v\n%s", err, out)
	}
}

func (m *monkey) pipe(name string) error { return unix.Mkfifo(m.path(name), 0o644) }

// smallQueue makes the kernel keep as few events as it can for those who open a queue of them meanwhile.
func smallQueue(w *Watcher) {
	const limit = "/proc/sys/fs/inotify/max_queued_events"
	open := w.hints.open
	w.hints.open = func() (*fsnotify.Watcher, error) {
		f, err := os.OpenFile(limit, os.O_RDWR, 0)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil { // another process may do the same, and take this limit for the one to put back
			return nil, err
		}
		was, err := os.ReadFile(limit)
		if err == nil {
			err = os.WriteFile(limit, []byte("1"), 0)
		}
		if err != nil {
			return nil, err
		}
		defer os.WriteFile(limit, was, 0)
		return open()
	}
}

// skipUnlessRoot skips a test that sets a limit of the machine, for a moment.
func skipUnlessRoot(t *testing.T) {
	if f, err := os.OpenFile("/proc/sys/fs/inotify/max_queued_events", os.O_WRONLY, 0); err != nil {
		t.Skip(err)
	} else {
		f.Close()
	}
}

// The queue of events overflows all the time.
func TestRandomOperationsOverflow(t *testing.T) {
	skipUnlessRoot(t)
	randomOperations(t, Options{Report: func(err error) { t.Error(err) }}, smallQueue)
}

// Everything is polled.
func TestRandomOperationsPolled(t *testing.T) {
	randomOperations(t, Options{Poll: 100 * ms}, func(w *Watcher) {
		w.hints.open = func() (*fsnotify.Watcher, error) { return nil, syscall.EMFILE }
	})
}

// Most folders cannot be watched.
func TestRandomOperationsFewWatches(t *testing.T) {
	if !*fewWatches {
		inNamespace(t, "-few-watches")
		return
	}
	if err := os.WriteFile("/proc/sys/user/max_inotify_watches", []byte("12"), 0); err != nil {
		t.Skip(err)
	}
	randomOperations(t, Options{Poll: 100 * ms}, func(*Watcher) {})
}

// The tree is an overlay, and the layer below it changes too.
func TestRandomOperationsOverlay(t *testing.T) {
	if !*mounts {
		inNamespace(t, "-mounts")
		return
	}
	s := randomTree(t)
	lower, top := filepath.Dir(s.dir), t.TempDir()
	for _, dir := range []string{"upper", "work", "merged"} {
		s.do(os.Mkdir(filepath.Join(top, dir), 0o755))
	}
	merged := filepath.Join(top, "merged")
	data := fmt.Sprintf("lowerdir=%s,upperdir=%s/upper,workdir=%s/work,userxattr", lower, top, top) // else folders of both layers cannot be removed
	if err := unix.Mount("none", merged, "overlay", 0, data); err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { unix.Unmount(merged, unix.MNT_DETACH) })
	s.dir = filepath.Join(merged, "tree")
	s.operate(Options{Poll: 100 * ms}, func(*Watcher) {}, filepath.Join(lower, "tree"))
	found, _ := s.w.record.get()
	for rel, f := range found.folders {
		if f.settled {
			t.Errorf("the times of %s are taken to tell its names, which the layer below may change", rel)
		}
	}
}
