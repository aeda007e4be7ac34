package watch

import (
	"encoding/binary"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
	"golang.org/x/sys/unix"
)

var edits = flag.Int("edits", 0, "how many changes TestPolling measures")

// Where nothing can be watched, changes are seen soon, for little work. It measures time and is not run by itself:
//
//	go test -run TestPolling -v -edits 300
func TestPolling(t *testing.T) {
	if *edits == 0 {
		t.Skip("takes its time: use -edits 300")
	}
	for _, flat := range []bool{false, true} {
		t.Run(fmt.Sprint("flat=", flat), func(t *testing.T) { polling(t, flat) })
	}
}

func polling(t *testing.T, flat bool) {
	s := &site{T: t, dir: filepath.Join(t.TempDir(), "tree"), expected: map[string]bool{}}
	var files []string
	for i := range 10_000 {
		name := fmt.Sprintf("%d/%d.md", i/50, i%50)
		if flat {
			name = fmt.Sprintf("all/%d.md", i)
		}
		s.write(name, "text")
		files = append(files, name)
	}
	s.startWith(Options{}, func(w *Watcher) {
		w.hints.open = func() (*fsnotify.Watcher, error) { return nil, syscall.EMFILE }
	})
	random := rand.New(rand.NewPCG(*seed, 0))
	time.Sleep(time.Second)
	used, begin := processor(t), time.Now()
	var times []time.Duration
	for i := range *edits {
		time.Sleep(time.Duration(random.IntN(300)) * ms)
		name := files[random.IntN(len(files))]
		at := time.Now()
		s.do(os.WriteFile(s.path(name), fmt.Append(nil, i), 0o644))
		s.wait(name)
		times = append(times, time.Since(at))
	}
	share := float64(processor(t)-used) / float64(time.Since(begin))
	slices.Sort(times)
	n := len(times)
	stats := s.w.Stats()
	t.Logf("10,000 files, %d changes: known after p50 %v, p99 %v, at most %v, for %.2f %% of a processor; looks %v",
		n, times[n/2].Round(ms), times[n*99/100].Round(ms), times[n-1].Round(ms), 100*share, slices.Collect(maps.Keys(stats.Looks)))
	if times[n*99/100] > 2*time.Second || share > 0.02 {
		t.Error("want p99 of at most 2 s, for at most 2 %")
	}
}

// processor returns how much time of a processor this process has used.
func processor(t *testing.T) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// git checks out another branch in which all files differ, while the kernel keeps all events, and only one.
func TestCheckout(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	for _, queue := range []string{"usual", "smallest"} {
		t.Run(queue, func(t *testing.T) {
			change := func(*Watcher) {}
			if queue == "smallest" {
				skipUnlessRoot(t)
				change = smallQueue
			}
			checkout(t, change)
		})
	}
}

func checkout(t *testing.T, change func(*Watcher)) {
	s := &site{T: t, dir: filepath.Join(t.TempDir(), "tree")}
	s.mkdir(".")
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=Test", "-c", "user.email=test@valmeuse.example", "-c", "gc.auto=0"}, args...)...)
		cmd.Dir = s.dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
	}
	git("init", "-q", "-b", "one")
	for _, branch := range []string{"one", "two"} {
		for i := range *crowd {
			s.write(fmt.Sprintf("%d/%d.md", i/50, i%50), branch)
		}
		git("add", "-A")
		git("commit", "-q", "-m", branch)
		git("checkout", "-q", "-B", "two")
	}
	s.startWith(Options{Skip: hidden}, change)
	known := contents(s.dir)
	l := &listener{w: s.w, told: map[string]bool{}, news: make(chan struct{}, 1)}
	go l.listen()
	begin := time.Now()
	git("checkout", "-q", "one")
	end := time.Now()
	after, err := l.wait(known, contents(s.dir), end)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files were checked out in %v, told of in %d changes, the last %v after; %+v", *crowd, end.Sub(begin), l.count, after, s.w.Stats())
	if l.count > 3 {
		t.Errorf("told %d times, want at most three", l.count)
	}
}

var idle = flag.Duration("idle", 300*ms, "how long TestIdle watches a tree in which nothing happens")

// Where nothing happens nothing is done, and the safety scan opens no file.
func TestIdle(t *testing.T) { // alone: what others use would count
	s := &site{T: t, dir: filepath.Join(t.TempDir(), "tree")}
	s.crowd()
	time.Sleep(2 * racyAge)
	s.startWith(Options{Safety: time.Hour}, func(*Watcher) {})
	opens := watchOpens(s)
	time.Sleep(100 * ms) // what the start has left behind
	before, used := s.w.Stats(), processor(t)
	time.Sleep(*idle)
	took := processor(t) - used
	if after := s.w.Stats(); !maps.Equal(after.Looks, before.Looks) || after.Hints != before.Hints {
		t.Errorf("looked without a reason: before %+v, after %+v", before, after)
	}
	t.Logf("%v of a processor in %v", took, *idle)
	if took > 10*ms+*idle/1000 {
		t.Errorf("%v of a processor was used in %v, want none", took, *idle)
	}
	if files, dirs := opens(); files+dirs > 0 {
		t.Errorf("%d files and %d folders were opened, want none", files, dirs)
	}
	s.w.Close()
	s.startWith(Options{Safety: 10 * ms}, func(*Watcher) {})
	for s.w.Stats().Looks[Safety] < 3 {
		time.Sleep(ms)
	}
	if files, dirs := opens(); files > 0 || dirs == 0 {
		t.Errorf("%d files and %d folders were opened by safety scans, want only folders", files, dirs)
	}
}

// watchOpens counts what is opened in some folders of a tree since it was asked last.
func watchOpens(s *site) func() (files, dirs int) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	s.do(err)
	s.Cleanup(func() { unix.Close(fd) })
	for _, name := range []string{".", "crowd", "crowd/0", "crowd/5"} {
		_, err := unix.InotifyAddWatch(fd, s.path(name), unix.IN_OPEN)
		s.do(err)
	}
	return func() (files, dirs int) {
		buf := make([]byte, 1<<16)
		for {
			n, err := unix.Read(fd, buf)
			if err != nil {
				return files, dirs
			}
			for at := 0; at < n; {
				mask := binary.NativeEndian.Uint32(buf[at+4:])
				if mask&unix.IN_ISDIR != 0 {
					dirs++
				} else {
					files++
				}
				at += unix.SizeofInotifyEvent + int(binary.NativeEndian.Uint32(buf[at+12:]))
			}
		}
	}
}

var changes = flag.Int("changes", 2000, "how many changes TestLongLife makes")

// After many changes the watcher holds no more memory and descriptors than after some.
func TestLongLife(t *testing.T) { // alone: what others hold would count
	s := &site{T: t, dir: filepath.Join(t.TempDir(), "tree")}
	s.crowd()
	s.mkdir("d")
	s.startWith(Options{Quiet: ms, Max: 20 * ms}, func(*Watcher) {})
	life := func(from, to int) (heap uint64, descriptors, goroutines, watches int) {
		for i := from; i < to; i++ {
			name := fmt.Sprintf("d/%d.md", i) // always another name
			switch i % 4 {
			case 0:
				s.write(name, "text")
			case 1:
				s.do(os.Rename(s.path(fmt.Sprintf("d/%d.md", i-1)), s.path(name)))
			case 2:
				s.remove(fmt.Sprintf("d/%d.md", i-1))
			case 3:
				s.write(fmt.Sprintf("crowd/0/%d.md", i%50), fmt.Sprint(i))
			}
			if i%100 == 0 { // and folders
				s.write(fmt.Sprintf("e%d/f/a.md", i), "text")
				s.rename(fmt.Sprintf("e%d", i), fmt.Sprintf("g%d", i))
				s.remove(fmt.Sprintf("g%d", i))
			}
		}
		s.expected = nil
		last := fmt.Sprintf("last%d.md", to)
		s.write(last, "text")
		for !slices.Contains(s.next().Paths, last) {
		}
		s.remove(last)
		for !slices.Contains(s.next().Paths, last) {
		}
		for quiet := false; !quiet; { // until it has come to rest
			looks := s.w.Stats().Looks
			time.Sleep(100 * ms)
			quiet = maps.Equal(looks, s.w.Stats().Looks)
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		open, err := os.ReadDir("/proc/self/fd")
		s.do(err)
		return m.HeapAlloc, len(open), runtime.NumGoroutine(), s.w.Stats().Watches
	}
	some := *changes / 10
	heap, descriptors, goroutines, watches := life(0, some)
	heap2, descriptors2, goroutines2, watches2 := life(some, *changes)
	t.Logf("after %d and %d changes: %d and %d KB, %d and %d descriptors, %d and %d goroutines, %d and %d watches",
		some, *changes, heap>>10, heap2>>10, descriptors, descriptors2, goroutines, goroutines2, watches, watches2)
	if heap2 > heap+heap/4+256<<10 || descriptors2 != descriptors || goroutines2 != goroutines || watches2 != watches {
		t.Errorf("they have grown; %+v", s.w.Stats())
	}
}
