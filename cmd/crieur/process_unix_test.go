//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A spawned is the program as a process of its own.
type spawned struct {
	*exec.Cmd
	t     *testing.T
	log   *lockedBuffer
	ended chan struct{}
}

// spawn begins a serve command in an environment, with sockets passed as
// systemd does, by name.
func spawn(t *testing.T, env []string, passed []socket, args ...string) *spawned {
	t.Helper()
	program, err := exec.LookPath("crieur") // made by testscript.Main
	if err != nil {
		t.Fatal(err)
	}
	p := &spawned{t: t, log: new(lockedBuffer), ended: make(chan struct{})}
	// LISTEN_PID is known only to the process that becomes it.
	p.Cmd = exec.Command("sh", append([]string{"-c", `LISTEN_PID=$$ exec "$@"`, "sh", program, "serve"}, args...)...)
	p.Env = append(os.Environ(), env...)
	var names []string
	for _, s := range passed {
		names = append(names, s.name)
		p.ExtraFiles = append(p.ExtraFiles, s.file)
	}
	if len(passed) > 0 {
		p.Env = append(p.Env, fmt.Sprintf("LISTEN_FDS=%d", len(passed)), "LISTEN_FDNAMES="+strings.Join(names, ":"))
	}
	p.Stdout, p.Stderr = io.Discard, p.log
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.Process.Kill()
		<-p.ended
		if t.Failed() {
			t.Logf("the log of process %d:\n%s", p.Process.Pid, p.log)
		}
	})
	return p
}

// stop ends it gracefully, and returns its exit status.
func (p *spawned) stop() int {
	p.t.Helper()
	p.Process.Signal(syscall.SIGTERM)
	return p.end()
}

func (p *spawned) end() int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(20 * time.Second):
		p.t.Fatal("it does not end")
	}
	return p.ProcessState.ExitCode()
}

// A socket is one that is passed to a process.
type socket struct {
	name string
	net.Listener
	file *os.File
}

func newSocket(t *testing.T, name, network, address string) socket {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	f, err := l.(interface{ File() (*os.File, error) }).File()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		l.Close()
		f.Close()
	})
	return socket{name, l, f}
}

// A manager is the socket at which systemd is told things.
type manager struct {
	t    *testing.T
	conn *net.UnixConn
}

func newManager(t *testing.T) (m manager, env string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return manager{t, conn}, "NOTIFY_SOCKET=" + name
}

// until waits for a message with that line, and returns it and those before.
func (m manager) until(line string) (last string, before []string) {
	m.t.Helper()
	buf := make([]byte, 4096)
	m.conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	for {
		n, err := m.conn.Read(buf)
		if err != nil {
			m.t.Fatalf("no %s: %v, only %q", line, err, before)
		}
		text := string(bytes.Clone(buf[:n]))
		if strings.Contains("\n"+text+"\n", "\n"+line+"\n") {
			return text, before
		}
		before = append(before, text)
	}
}
