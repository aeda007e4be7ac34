package watch

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
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
