package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// gatedServer serves a site to so many connections at once.
func gatedServer(t *testing.T, room int) (s *serving, address string) {
	t.Helper()
	s = fair(t, 1000)
	s.log = s.logger(io.Discard)
	s.notify.log = s.log
	l, err := open("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.sockets.public = []net.Listener{l}
	s.failed = make(chan error, 1)
	s.gate = newGate(room)
	s.start()
	t.Cleanup(func() {
		s.gate.shut()
		s.http.Close()
	})
	return s, l.Addr().String()
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(20 * time.Second))
	return c
}

// request asks on a connection that stays open, and returns the status.
func request(t *testing.T, c net.Conn) int {
	t.Helper()
	fmt.Fprint(c, "GET /events.ics HTTP/1.1\r\nHost: localhost\r\n\r\n")
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, r.Body)
	return r.StatusCode
}

// Where there is no room, the connection that has been idle longest makes it.
func TestGateClosesWhatIsIdle(t *testing.T) {
	s, address := gatedServer(t, 3)
	var conns []net.Conn
	for range 5 {
		c := dial(t, address)
		if code := request(t, c); code != 200 {
			t.Fatal(code)
		}
		s.gate.drain(t.Context()) // until the server knows that it is idle
		conns = append(conns, c)
	}
	for i, c := range conns[:2] {
		if _, err := c.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("connection %d is open still: %v", i, err)
		}
	}
	if code := request(t, conns[4]); code != 200 {
		t.Error(code)
	}
	if _, _, evicted := s.gate.counts(); evicted < 2 {
		t.Errorf("%d were closed", evicted)
	}
}

// Many who hold connections without ever ending a request keep nobody else from the site.
func TestSlowReadersHurtNobody(t *testing.T) {
	_, address := gatedServer(t, 50)
	for range 500 {
		fmt.Fprint(dial(t, address), "GET /events.ics HTTP/1.1\r\nHost: loc")
	}
	began := time.Now()
	for range 20 {
		if code := request(t, dial(t, address)); code != 200 {
			t.Fatal(code)
		}
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("20 requests took %v beside slow ones", took)
	}
}

func TestLongHeaders(t *testing.T) {
	_, address := gatedServer(t, 10)
	c := dial(t, address)
	fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\n\r\n", strings.Repeat("x", 64<<10))
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || r.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("%v %v", r, err)
	}
}
