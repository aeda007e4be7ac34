package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// A countedConn counts what is written to it at once.
type countedConn struct {
	net.Conn
	writes []string
}

func (c *countedConn) Write(p []byte) (int, error) {
	c.writes = append(c.writes, string(p))
	return len(p), nil
}

// What is written is what arrives, in order, and nothing is held back for good.
func TestJoining(t *testing.T) {
	small, big := strings.Repeat("a", 4096), strings.Repeat("b", 20000)
	for _, c := range []struct {
		name  string
		write func(c *joining)
		want  int // bytes
	}{
		{"apart", func(c *joining) { c.Write([]byte(small)); c.Write([]byte(big)) }, 24096},
		{"head and body", func(c *joining) { c.join(); c.Write([]byte(small)); c.Write([]byte(big)); c.part() }, 24096},
		{"head alone", func(c *joining) { c.join(); c.Write([]byte(small)); c.part() }, 4096},
		{"three small ones", func(c *joining) {
			c.join()
			c.Write([]byte(small))
			c.Write([]byte(small))
			c.Write([]byte(small))
			c.part()
		}, 3 * 4096},
		{"a large head", func(c *joining) { c.join(); c.Write([]byte(big)); c.Write([]byte(small)); c.part() }, 24096},
		{"again and again", func(c *joining) {
			for range 3 {
				c.join()
				c.Write([]byte(small))
				c.part()
			}
		}, 3 * 4096},
	} {
		under := new(countedConn)
		c.write(&joining{Conn: under})
		if got := len(strings.Join(under.writes, "")); got != c.want {
			t.Errorf("%s: %d bytes arrive, want %d", c.name, got, c.want)
		}
	}
	(*joining)(nil).join()
	(*joining)(nil).part()
}

// An answer on a connection that joins has the bytes of one that does not, at
// every length around those of the buffers.
func TestJoinedAnswers(t *testing.T) {
	for _, size := range []int{0, 1, 2047, 2048, held / 2, held/2 + 1, held, 3 * held, piece - 1, piece, piece + 1, 3*piece + 5} {
		want := bytes.Repeat([]byte("0123456789"), size/10+1)[:size]
		l, err := open("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		server := http.Server{ConnContext: withJoining, Handler: metered(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Write(want)
			if r.URL.Path == "/twice" {
				w.Write(want)
			}
		}), new(meter), nil)}
		go server.Serve(newGate(10).behind(l))
		for _, path := range []string{"/", "/", "/twice"} {
			answer, err := http.Get("http://" + l.Addr().String() + path)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(answer.Body)
			if answer.Body.Close(); err != nil {
				t.Fatal(err)
			}
			all := want
			if path == "/twice" {
				all = append(want[:len(want):len(want)], want...)
			}
			if !bytes.Equal(got, all) {
				t.Errorf("%s with %d bytes: %d others arrive", path, size, len(got))
			}
		}
		server.Close()
	}
}
