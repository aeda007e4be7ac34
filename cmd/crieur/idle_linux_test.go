package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A daemon that has nothing to do does nothing: it wakes up for a look at what it has published, every few seconds, and
// for its watchdog, and opens no file. How often it wakes is counted, and not the time of a processor, which a busy
// machine makes longer.
func TestIdle(t *testing.T) {
	for name, env := range map[string][]string{"alone": nil, "with a watchdog": {"WATCHDOG_USEC=120000000"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, notify := newManager(t)
			if env != nil {
				env = append(env, notify)
			}
			admin := newSocket(t, "admin", "unix", filepath.Join(t.TempDir(), "admin"))
			public := newSocket(t, "http", "tcp", "127.0.0.1:0")
			dir := newContent(t)
			p := spawn(t, env, []socket{public, admin}, dir)
			if env != nil {
				m.until("READY=1")
			}
			if code, _ := ask(t, clientOf("tcp", public.Addr().String()), "GET", "/events.ics"); code != 200 {
				t.Fatal(code)
			}
			opens := countOpens(t, dir)
			// A window with the look at the whole tree, or in which memory is given back, is not quiet. There
			// are others.
			const window, most = glance + glance/10, 20
			var counts []int
			for len(counts) < 8 {
				opens()
				before := wakes(t, p.Process.Pid)
				time.Sleep(window)
				n, opened := wakes(t, p.Process.Pid)-before, opens()
				if counts = append(counts, n); n <= most && opened == 0 {
					t.Logf("woken %d times", counts)
					return
				}
			}
			t.Errorf("in %v each, it was woken %d times; want %d at most, and no file opened", window, counts, most)
		})
	}
}

// wakes is how often the threads of a process have waited for something.
func wakes(t *testing.T, pid int) (n int) {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		data, _ := os.ReadFile(name) // of a thread that may have ended
		_, rest, _ := strings.Cut(string(data), "\nvoluntary_ctxt_switches:")
		line, _, _ := strings.Cut(rest, "\n")
		k, _ := strconv.Atoi(strings.TrimSpace(line))
		n += k
	}
	return n
}

// countOpens tells whether anything was opened in a folder since it was asked last.
func countOpens(t *testing.T, dir string) func() int {
	t.Helper()
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK)
	if err == nil {
		_, err = syscall.InotifyAddWatch(fd, dir, syscall.IN_OPEN)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	buf := make([]byte, 1<<16)
	return func() int {
		n, _ := syscall.Read(fd, buf)
		return max(n, 0) // bytes that tell of them
	}
}
