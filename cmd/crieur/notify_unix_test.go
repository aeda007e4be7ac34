//go:build unix

package main

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// The service manager is told all that it can know, by the process itself.
func TestTheServiceManagerIsTold(t *testing.T) {
	m, env := newManager(t)
	public := newSocket(t, "http", "tcp", "127.0.0.1:0")
	p := spawn(t, []string{env, "WATCHDOG_USEC=100000"}, []socket{public}, newContent(t))
	m.until("READY=1")
	// From then on requests are answered, without one that waits.
	if code, body := ask(t, clientOf("tcp", public.Addr().String()), "GET", "/events.ics"); code != 200 || !has("SUMMARY:Foire")(body) {
		t.Errorf("ready, and it answers %d:\n%s", code, body)
	}
	m.until("STATUS=1 event and 0 articles")
	m.until("WATCHDOG=1")
	m.until("WATCHDOG=1")
	p.Process.Signal(syscall.SIGHUP)
	reloading, _ := m.until("RELOADING=1")
	if !regexp.MustCompile(`(?m)^MONOTONIC_USEC=[0-9]+$`).MatchString(reloading) {
		t.Errorf("without a time: %q", reloading)
	}
	m.until("READY=1")
	p.Process.Signal(syscall.SIGTERM)
	m.until("STOPPING=1")
	if code := p.end(); code != exitOK {
		t.Errorf("it ended with status %d", code)
	}
}

// It is ready when there is something to serve, and not before.
func TestNotReadyWithoutASite(t *testing.T) {
	m, env := newManager(t)
	dir := newContent(t)
	p := spawn(t, []string{env}, nil, "-addr", "127.0.0.1:0", "-state", filepath.Join(dir, "crieur.yaml", "no folder"), dir)
	if code := p.end(); code != exitUsage {
		t.Errorf("it ended with status %d", code)
	}
	m.conn.SetReadDeadline(time.Now())
	buf := make([]byte, 4096)
	if n, err := m.conn.Read(buf); err == nil {
		t.Errorf("it said %q", buf[:n])
	}
}

// The watchdog hears of a loop that goes round or is busy, and not of one that is stuck.
func TestWatchdog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var told []string
		n := newNotifier(nil)
		n.tell = func(state string) error {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, state)
			return nil
		}
		hears := func(d time.Duration) string {
			mu.Lock()
			told = nil
			mu.Unlock()
			time.Sleep(d)
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			return strings.Join(slices.Compact(told), " ")
		}
		p := &pulse{begun: time.Now()}
		done := make(chan struct{})
		go n.watch(10*time.Second, p, done)
		defer close(done)

		p.work()
		if got, want := hears(20*time.Second), "WATCHDOG=1 EXTEND_TIMEOUT_USEC=30000000"; !strings.HasPrefix(got, want) {
			t.Errorf("of the first build it hears %q, want %q", got, want)
		}
		n.serving()
		p.beat()
		if got := hears(silence); got != "WATCHDOG=1" || !p.alive() {
			t.Errorf("of a loop that has gone round it hears %q", got)
		}
		if got := hears(time.Hour); got != "" || p.alive() {
			t.Errorf("of a loop that is stuck it hears %q", got)
		}
		p.work()
		if got := hears(longest); got != "WATCHDOG=1" {
			t.Errorf("of a long build it hears %q", got)
		}
		if got := hears(time.Hour); got != "" {
			t.Errorf("of a build without an end it hears %q", got)
		}
	})
}

// All sockets that are passed are listened on, and those of another name are for administration.
func TestPassedSockets(t *testing.T) {
	one, two := newSocket(t, "http", "tcp", "127.0.0.1:0"), newSocket(t, "", "unix", filepath.Join(t.TempDir(), "socket"))
	admin := newSocket(t, "admin", "tcp", "127.0.0.1:0")
	p := spawn(t, nil, []socket{one, admin, two}, "-addr", "192.0.2.1:80", newContent(t))
	for _, s := range []socket{one, two} {
		c := clientOf(s.Addr().Network(), s.Addr().String())
		if code, body := ask(t, c, "GET", "/events.ics"); code != 200 || !has("SUMMARY:Foire")(body) {
			t.Errorf("%s: %d\n%s", s.Addr(), code, body)
		}
		if code, _ := ask(t, c, "GET", "/status"); code != http.StatusNotFound {
			t.Errorf("%s: it tells everybody its status", s.Addr())
		}
	}
	if code, body := ask(t, clientOf("tcp", admin.Addr().String()), "GET", "/readyz"); code != 200 {
		t.Errorf("%d\n%s", code, body)
	}
	if code := p.stop(); code != exitOK {
		t.Errorf("it ended with status %d", code)
	}
}

// A descriptor that nobody can listen on is told of.
func TestPassedSomethingElse(t *testing.T) {
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := spawn(t, nil, []socket{{name: "web", file: f}}, newContent(t))
	if code := p.end(); code != exitUsage || !has("passed as web is no socket")(p.log.String()) {
		t.Errorf("status %d\n%s", code, p.log)
	}
}

// A second signal does not wait for readers.
func TestASecondSignal(t *testing.T) {
	m, env := newManager(t)
	public := newSocket(t, "http", "tcp", "127.0.0.1:0")
	p := spawn(t, []string{env}, []socket{public}, newContent(t))
	m.until("READY=1")
	half, err := net.Dial("tcp", public.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer half.Close()
	half.Write([]byte("GET / HTTP/1.1\r\n")) // a request that is waited for
	if code, _ := ask(t, clientOf("tcp", public.Addr().String()), "GET", "/"); code != 200 {
		t.Fatal(code) // it was accepted after the other
	}
	p.Process.Signal(syscall.SIGTERM)
	m.until("STOPPING=1")
	p.Process.Signal(syscall.SIGTERM)
	began := time.Now()
	p.end()
	if took := time.Since(began); took > 3*time.Second || p.ProcessState.ExitCode() != exitKilled {
		t.Errorf("it ended after %v: %v", took, p.ProcessState)
	}
}

// A service that is ready is heard of as seldom as its watchdog allows, and without one not at all: an idle machine is
// not to be woken for nothing.
func TestWatchdogIsHeardSeldom(t *testing.T) {
	for interval, want := range map[time.Duration]int{0: 0, 100 * time.Millisecond: 20 * 60, 2 * time.Minute: 2} {
		synctest.Test(t, func(t *testing.T) {
			var told, ended atomic.Int64
			n := newNotifier(nil)
			n.tell = func(string) error { told.Add(1); return nil }
			p := &pulse{begun: time.Now()}
			p.work()
			n.ready.Store(true)
			done := make(chan struct{})
			go func() {
				n.watch(interval, p, done)
				ended.Add(1)
			}()
			time.Sleep(silence)
			told.Store(0)
			time.Sleep(time.Minute)
			synctest.Wait()
			if got := int(told.Load()); got < want-1 || got > want+1 || interval == 0 && ended.Load() == 0 {
				t.Errorf("a watchdog of %v hears %d times a minute, want %d", interval, got, want)
			}
			close(done)
		})
	}
}
