//go:build unix

package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/crieur/crieur"
)

var handovers = flag.Int("handovers", 10, "how often a process is replaced by another")

// While one process is replaced by another on the same socket, again and again, no request is refused, none fails, and
// no reader is shown what is older than what it has.
func TestHandover(t *testing.T) {
	for _, overlap := range []bool{false, true} {
		t.Run(fmt.Sprintf("overlap=%v", overlap), func(t *testing.T) {
			t.Parallel()
			m, env := newManager(t)
			public := newSocket(t, "http", "tcp", "127.0.0.1:0")
			dir := newContent(t)
			next := func() *spawned { return spawn(t, []string{env}, []socket{public}, dir) }
			p := next()
			m.until("READY=1")

			done := make(chan struct{})
			var readers sync.WaitGroup
			var read atomic.Int64
			for i := range 4 {
				readers.Go(func() {
					tr := &http.Transport{DisableKeepAlives: i%2 == 0}
					defer tr.CloseIdleConnections()
					last := 0
					for {
						select {
						case <-done:
							return
						default:
						}
						n, err := sequence(&http.Client{Transport: tr}, "http://"+public.Addr().String()+"/events.ics")
						if err != nil || n < last {
							t.Errorf("after SEQUENCE:%d came %d, %v", last, n, err)
							return
						}
						last = n
						read.Add(1)
					}
				})
			}
			for i := range *handovers {
				data := strings.Replace(foire, "Foire", fmt.Sprintf("Foire %d", i), 1)
				if err := os.WriteFile(filepath.Join(dir, "foire.md"), []byte(data), 0o644); err != nil {
					t.Fatal(err)
				}
				old := p
				if overlap {
					p = next()
				}
				if code := old.stop(); code != exitOK {
					t.Fatalf("it ended with status %d", code)
				}
				if !overlap {
					p = next()
				}
				m.until("READY=1")
			}
			close(done)
			readers.Wait()
			t.Logf("%d requests answered", read.Load())
		})
	}
}

var sequenceLine = regexp.MustCompile(`(?m)^SEQUENCE:([0-9]+)\r$`)

// sequence asks for a calendar of one event.
func sequence(c *http.Client, url string) (int, error) {
	r, err := c.Get(url)
	if err != nil {
		return 0, err
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return 0, err
	}
	found := sequenceLine.FindSubmatch(data)
	if r.StatusCode != http.StatusOK || found == nil {
		return 0, fmt.Errorf("status %d with\n%s", r.StatusCode, data)
	}
	return strconv.Atoi(string(found[1]))
}

// A request that was begun before the process is told to stop is answered.
func TestARequestUnderWay(t *testing.T) {
	m, env := newManager(t)
	public := newSocket(t, "http", "tcp", "127.0.0.1:0")
	dir := newContent(t)
	p := spawn(t, []string{env}, []socket{public}, dir)
	m.until("READY=1")
	c := dial(t, public.Addr().String())
	fmt.Fprint(c, "GET /events.ics HTTP/1.1\r\n")
	if code, _ := ask(t, clientOf("tcp", public.Addr().String()), "GET", "/"); code != 200 {
		t.Fatal(code) // it was accepted after the other
	}
	p.Process.Signal(syscall.SIGTERM)
	finished(t, c, filepath.Join(dir, ".crieur"))
	if code := p.end(); code != exitOK {
		t.Errorf("it ended with status %d", code)
	}
}

// finished waits until a process gives its state up, and asks for the rest of a calendar that it was asked for before.
func finished(t *testing.T, c net.Conn, state string) {
	t.Helper()
	for locked := true; locked; {
		store, err := crieur.LockStore(state)
		if locked = errors.Is(err, crieur.ErrLocked); err == nil {
			store.Close()
		} else if !locked {
			t.Fatal(err)
		}
	}
	fmt.Fprint(c, "Host: localhost\r\n\r\n")
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(r.Body); r.StatusCode != 200 || err != nil || !has("END:VCALENDAR")(string(data)) {
		t.Errorf("%d %v\n%s", r.StatusCode, err, data)
	}
}
