//go:build unix

package chaos

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// A world is a folder of content, the process that publishes it, and all who
// read that.
type world struct {
	*testing.T
	random   *rand.Rand
	tally    *tally
	releases bool

	content, out, state string
	disks               bool // can fail

	address string
	socket  *os.File // at which every process answers
	admin   admin
	secret  secret
	flags   []string // that every process has besides
	serving *process // nil: there is none
	logs    []*buffer
	deaths  atomic.Int64 // twice the kills; odd while one happens
	broken  broken
	number  atomic.Int64 // of this round
	what    atomic.Value // string: what happens in it

	files     []*file // alive
	tokens    int     // given
	paths     int
	clutter   []func() // that takes things out of the way
	milestone int

	seen    *seen
	readers sync.WaitGroup
	done    chan struct{}
	leave   func() // has readers end, and waits for them
	failed  atomic.Bool
}

func newWorld(t *testing.T, random *rand.Rand, total *tally, releases bool) *world {
	w := &world{T: t, random: random, tally: total, releases: releases, seen: newSeen(), done: make(chan struct{})}
	runtime.LockOSThread() // whose end is that of all it began
	dir := t.TempDir()
	w.content, w.out, w.state = filepath.Join(dir, "content"), filepath.Join(dir, "output", "public"), filepath.Join(dir, "state", "crieur")
	for _, d := range []string{w.content, filepath.Dir(w.out), filepath.Dir(w.state)} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	w.disks = w.mount(filepath.Dir(w.out)) && w.mount(filepath.Dir(w.state))
	w.address, w.socket = listen(t)
	w.admin.address, w.admin.socket = listen(t)
	w.secret = newSecret(t, random, dir)
	w.leave = sync.OnceFunc(func() {
		close(w.done)
		w.readers.Wait()
	})
	t.Cleanup(func() {
		if w.serving != nil {
			w.serving.Process.Kill()
			<-w.serving.ended
		}
	})
	t.Cleanup(w.leave)
	return w
}

// listen is a socket at which every process answers, and its address.
func listen(t *testing.T) (address string, socket *os.File) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if socket, err = l.(*net.TCPListener).File(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	return "http://" + l.Addr().String() + "/", socket
}

// violation reports what must not happen, the first time only: the rest
// follows from it.
func (w *world) violation(format string, args ...any) {
	w.Helper()
	if !w.failed.Swap(true) {
		w.Errorf("seed %d, round %d (%s): %s", *seed, w.number.Load(), w.what.Load(), fmt.Sprintf(format, args...))
	}
}

const config = `title: Agenda de Valmeuse
site: https://www.valmeuse.example/
base: https://agenda.valmeuse.example/
timezone: Europe/Paris
language: fr
limit: 6
max_removal: 100
channels:
  - name: agents
    path: interne
    secret: true
`

// begin fills the folder, has it published, and readers read.
func (w *world) begin() {
	w.put("crieur.yaml", config)
	w.put("borne.md", milestone(0))
	w.put("interne/.gitkeep", "") // what is private is never only missing
	for range 60 {
		w.create()
	}
	w.what.Store("begin")
	w.up()
	w.rest()
	for i := range 2 {
		random := rand.New(rand.NewPCG(w.random.Uint64(), 1))
		w.readers.Go(func() { w.readHTTP(i, random) })
	}
	random := rand.New(rand.NewPCG(w.random.Uint64(), 2))
	w.readers.Go(func() { w.readFiles(random) })
	w.readers.Go(w.readAdmin)
	spy := rand.New(rand.NewPCG(w.random.Uint64(), 3))
	w.readers.Go(func() { w.spy(spy) })
}

func (w *world) end() {
	w.leave()
	if w.serving != nil {
		w.stop(w.serving)
		w.serving = nil
	}
	if w.Failed() {
		for _, log := range w.logs {
			w.Logf("a log:\n%s", log)
		}
		w.Logf("the content is\n%s", w.listing())
	}
}

// round has writers write while something goes wrong.
func (w *world) round() {
	w.number.Add(1)
	w.up()
	switch n := w.random.IntN(20); {
	case n < 5:
		w.what.Store("killed")
		killed := make(chan struct{})
		go func(at <-chan time.Time) {
			<-at
			w.kill()
			close(killed)
		}(w.instant())
		w.operations()
		<-killed
		if w.random.IntN(2) == 0 {
			w.operations() // while there is none
		}
		w.up()
		if w.random.IntN(2) == 0 {
			w.what.Store("killed while it started")
			<-w.instant()
			w.kill()
			w.up()
		}
	case n < 7:
		w.what.Store("stopped")
		w.operations()
		<-w.instant()
		w.stop(w.serving)
		w.serving = nil
		w.operations()
		w.up()
	case n < 9:
		w.what.Store("relieved")
		old := w.serving
		w.operations()
		w.serving = w.spawn()
		<-w.instant()
		w.stop(old)
	case n < 10:
		w.what.Store("a second one")
		w.operations()
		w.answers()
		w.second()
	case n < 11:
		w.what.Store("no content")
		w.operations()
		w.answers()
		away := w.content + ".away"
		w.try(os.Rename(w.content, away))
		<-w.instant()
		w.try(os.Rename(away, w.content))
	case n < 12:
		w.what.Store("broken configuration")
		w.put("crieur.yaml", []string{"", "titel: x\n", "title: [\n", "title: Agenda de Valmeuse\nsite"}[w.random.IntN(3)])
		w.operations()
		<-w.instant()
		if w.random.IntN(2) == 0 {
			w.kill()
			w.up()
			<-w.instant()
		}
		w.put("crieur.yaml", config)
	case n < 13:
		w.what.Store("asked to read all again")
		w.operations()
		w.answers()
		w.serving.Process.Signal(syscall.SIGHUP)
	case n < 18 && w.disks:
		mend := w.spoil()
		w.operations()
		<-w.instant()
		if w.random.IntN(2) == 0 {
			w.kill()
			w.up()
			<-w.instant()
		}
		w.operations()
		<-w.instant()
		mend()
		w.mended()
	default:
		w.what.Store("writers alone")
		w.operations()
	}
}

// instant is any: often just after the history was saved, while what it says is
// published; else while the last change is read, or when what was removed is given up.
func (w *world) instant() <-chan time.Time {
	if w.random.IntN(2) == 0 {
		return w.saved(time.Duration(w.random.IntN(6000)) * time.Microsecond)
	}
	most := []int{40, 80, 80, 200, 1500}[w.random.IntN(5)]
	return time.After(time.Duration(w.random.IntN(most*1000)) * time.Microsecond)
}

// saved is so long after the next change of the history, if there is one soon.
func (w *world) saved(after time.Duration) <-chan time.Time {
	size := func() (n int64) {
		if info, err := os.Stat(filepath.Join(w.state, "history.jsonl")); err == nil {
			n = info.Size()
		}
		return n
	}
	c := make(chan time.Time, 1)
	before, end := size(), time.Now().Add(500*time.Millisecond)
	go func() {
		for tick := time.NewTicker(100 * time.Microsecond); size() == before && time.Now().Before(end); <-tick.C {
		}
		c <- <-time.After(after)
	}()
	return c
}

func (w *world) try(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}
