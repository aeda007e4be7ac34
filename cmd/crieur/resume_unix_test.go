//go:build unix

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What was published last is served while the history is read, however long that takes: here nobody ever writes it.
func TestServeBeforeTheHistoryIsRead(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644); err != nil {
		t.Fatal(err)
	}
	s := start(t, dir)
	before, r := s.get("events.ics")
	s.stop()
	history := filepath.Join(dir, ".crieur", "history.jsonl")
	if err := os.Remove(history); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(history, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s = &session{t: t, dir: dir, base: "http://" + l.Addr().String() + "/", log: new(lockedBuffer)}
	l.Close()
	code := make(chan int, 1)
	go func() {
		code <- run(t.Context(), []string{"serve", "-addr", l.Addr().String(), dir}, new(lockedBuffer), s.log)
	}()
	w, err := os.OpenFile(history, os.O_WRONLY, 0) // which waits until it is read
	if err != nil {
		t.Fatal(err)
	}
	now, again := s.get("events.ics")
	if now != before || again.StatusCode != http.StatusOK || again.Header.Get("ETag") != r.Header.Get("ETag") || again.Header.Get("Last-Modified") != r.Header.Get("Last-Modified") {
		t.Errorf("%v\n%s\nwas %v\n%s", again.Header, now, r.Header, before)
	}
	io.WriteString(w, strings.Repeat("nothing\n", 1000)) // the pipe has no end
	w.Close()
	if c := <-code; c != exitUsage || !has("damaged history")(s.log.String()) {
		t.Errorf("with a history of nothing: %d\n%s", c, s.log)
	}
}

// A request that was begun before a start fails is answered.
func TestARequestBeforeAStartFails(t *testing.T) {
	dir := newContent(t)
	if code := run(t.Context(), []string{"build", dir}, io.Discard, io.Discard); code != exitOK {
		t.Fatal(code)
	}
	state := filepath.Join(dir, ".crieur")
	history := filepath.Join(state, "history.jsonl")
	if err := os.Remove(history); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(history, 0o600); err != nil {
		t.Fatal(err)
	}
	public := newSocket(t, "http", "tcp", "127.0.0.1:0")
	p := spawn(t, nil, []socket{public}, dir)
	c := dial(t, public.Addr().String())
	fmt.Fprint(c, "GET /events.ics HTTP/1.1\r\n")
	if code, _ := ask(t, clientOf("tcp", public.Addr().String()), "GET", "/"); code != 200 {
		t.Fatal(code) // it was accepted after the other
	}
	w, err := os.OpenFile(history, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, strings.Repeat("nothing\n", 1000))
	w.Close()
	finished(t, c, state)
	if code := p.end(); code != exitUsage {
		t.Errorf("it ended with status %d", code)
	}
}
