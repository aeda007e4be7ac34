package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// raw sends bytes as they are to the server, and returns what it answers until it
// closes the connection, or the first answer.
func (s *session) raw(text string) (*http.Response, string) {
	s.t.Helper()
	c := dial(s.t, s.address())
	defer c.Close()
	go io.WriteString(c, text) // which it may not read to the end
	method, _, _ := strings.Cut(text, " ")
	r, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		return nil, err.Error()
	}
	defer r.Body.Close()
	body, _ := io.ReadAll(r.Body)
	return r, string(body)
}

func (s *session) address() string {
	return strings.TrimSuffix(strings.TrimPrefix(s.base, "http://"), "/")
}

// Whatever is asked for, the status is right, nothing outside the site is shown, no
// part of the request comes back, and the next one is answered.
func TestRawRequests(t *testing.T) {
	dir := newContent(t)
	s := start(t, dir)
	const tail = " HTTP/1.1\r\nHost: agenda.brume.example\r\n\r\n"
	get := func(target string) string { return "GET " + target + tail }
	with := func(field string) string {
		return "GET /events.ics HTTP/1.1\r\nHost: agenda.brume.example\r\n" + field + "\r\n\r\n"
	}
	for _, c := range []struct {
		name, text string
		code       int // zero: the connection may also be closed without an answer
	}{
		{"a calendar", get("/events.ics"), 200},
		{"an absolute address", get("http://agenda.brume.example/events.ics"), 200},
		{"of another host", "GET /events.ics HTTP/1.1\r\nHost: evil.example\r\n\r\n", 200},
		{"HTTP/1.0 without a host", "GET /events.ics HTTP/1.0\r\n\r\n", 200},
		{"a name with escapes", get("/%65vents.ics"), 200},
		{"the page", get("/"), 200},
		{"nothing but a query", get("/?"), 200},

		{"up and out", get("/../crieur.yaml"), 404},
		{"up and out, escaped", get("/%2e%2e/crieur.yaml"), 404},
		{"up and out, the slash escaped", get("/..%2fcrieur.yaml"), 404},
		{"up and out, escaped twice", get("/%252e%252e%252fcrieur.yaml"), 404},
		{"up and out with backslashes", get(`/..\..\crieur.yaml`), 404},
		{"through a folder", get("/event/../../foire.md"), 404},
		{"through a folder and back", get("/event/../events.ics"), 404},
		{"two slashes", get("//events.ics"), 404},
		{"a dot", get("/./events.ics"), 404},
		{"a slash at the end", get("/events.ics/"), 404},
		{"a folder", get("/event/"), 404},
		{"a zero byte", get("/events.ics%00"), 404},
		{"a zero byte and an end", get("/crieur.yaml%00.ics"), 404},
		{"an overlong slash", get("/..%c0%afcrieur.yaml"), 404},
		{"bytes that are no text", get("/%ff%fe.ics"), 404},
		{"the list of files", get("/.crieur.json"), 404},
		{"what is remembered", get("/.crieur/history.jsonl"), 404},
		{"the content", get("/foire.md"), 404},
		{"the system", get("/etc/passwd"), 404},
		{"a file as an address", get("file:///etc/passwd"), 404},
		{"upper case", get("/EVENTS.ICS"), 404},
		{"a line in the name", get("/%0d%0aSet-Cookie:%20a=b"), 404},
		{"a long name", get("/" + strings.Repeat("a", 4000)), 404},
		{"many folders", get(strings.Repeat("/a", 2000)), 404},
		{"markup", get("/<script>alert(1)</script>"), 404},

		{"a broken escape", get("/%zz.ics"), 400},
		{"half an escape", get("/%"), 400},
		{"no target", "GET  HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		{"a target with a space", get("/a b"), 400},
		{"a target with a control character", get("/a\x01b"), 400},
		{"no version", "GET /\r\nHost: a\r\n\r\n", 400},
		{"an unknown version", "GET / HTTP/3.7\r\nHost: a\r\n\r\n", 505},
		{"no host", "GET / HTTP/1.1\r\n\r\n", 400},
		{"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
		{"a host that is none", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
		{"a field without a colon", with("nonsense"), 400},
		{"a field with a space in its name", with("a b: c"), 400},
		{"a field that is folded", with("a: b\r\n\tc"), 200},
		{"a zero byte in a field", with("a: b\x00c"), 400},
		{"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("x", 100) + "\r\n\r\n", 400},
		{"HTTP/2 without TLS", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0},
		{"noise", strings.Repeat("\xff\x00\xfe", 300) + "\r\n\r\n", 400},

		{"a large header", with("Cookie: " + strings.Repeat("a", 64<<10)), 431},
		{"a large target", get("/" + strings.Repeat("a", 64<<10)), 431},
		{"many fields", with(strings.Repeat("a: b\r\n", 10000) + "c: d"), 431},
		{"a large query", get("/events.ics?" + strings.Repeat("a", 10<<10)), 0},

		{"a query that is noise", get("/events.ics?%zz&&&===;;"), 0},
		{"a query of another program", get("/events.ics?utm_source=a&fbclid=b"), 0},
		{"cache busting", get("/events.ics?_=1700000000"), 0},

		{"writing", "POST /events.ics HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 405},
		{"writing without end", "PUT /events.ics HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", 405},
		{"removing", "DELETE /events.ics" + tail, 405},
		{"an unknown method", "FROB /events.ics" + tail, 405},
		{"tracing", "TRACE /events.ics" + tail, 405},
		{"a tunnel", "CONNECT agenda.brume.example:443" + tail, 405},
		{"questions about all", "OPTIONS *" + tail, 200},
		{"both ways of length", "POST /events.ics HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0},
		{"two lengths", "POST /events.ics HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
		{"a length below zero", "POST /events.ics HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400},

		{"codings that are noise", with("Accept-Encoding: ;q=,,*;q=x, gzip;q=-1,\xff"), 200},
		{"a thousand codings", with("Accept-Encoding: " + strings.Repeat("br;q=0.1,", 1000)), 200},
		{"tags that are noise", with(`If-None-Match: W/,"",",,,"` + strings.Repeat(`"a",`, 2000)), 200},
		{"a tag without an end", with(`If-None-Match: "` + strings.Repeat("a", 8000)), 200},
		{"a date that is none", with("If-Modified-Since: " + strings.Repeat("9", 5000)), 200},
		{"a range that is none", with("Range: bytes=abc"), 200},
		{"a range below zero", with("Range: bytes=-99999999999999999999999"), 200},
		{"a range from its end", with("Range: bytes=9-1"), 200},
		{"a thousand ranges", with("Range: bytes=" + strings.Repeat("0-,", 1000) + "0-"), 200},
		{"an expectation", with("Expect: 100-continue"), 200},
		{"an expectation that is unknown", with("Expect: 200-ok"), 417},
		{"an upgrade", with("Connection: Upgrade\r\nUpgrade: websocket"), 200},
	} {
		began := time.Now()
		r, body := s.raw(c.text)
		if d := time.Since(began); d > 30*time.Second {
			t.Errorf("%s: it takes %v", c.name, d)
		}
		if r == nil {
			if c.code != 0 {
				t.Errorf("%s: %s, want status %d", c.name, body, c.code)
			}
			continue
		}
		if c.code != 0 && r.StatusCode != c.code || r.StatusCode >= 500 && c.code != r.StatusCode {
			t.Errorf("%s: status %d, want %d", c.name, r.StatusCode, c.code)
		}
		for _, secret := range []string{"timezone", "event_start_date", "root:", "alert(1)", "goroutine", dir} {
			if strings.Contains(body, secret) {
				t.Errorf("%s: it says %q", c.name, secret)
			}
		}
		if r.Header.Get("Set-Cookie") != "" || r.Header.Get("Server") != "" {
			t.Errorf("%s: %v", c.name, r.Header)
		}
	}
	if body, r := s.get("events.ics"); r.StatusCode != 200 || !has("SUMMARY:Foire")(body) {
		t.Error("after all that, the calendar is not served")
	}
	if log := s.log.String(); strings.Contains(log, "panic") {
		t.Error(log)
	}
}

// Clients that send nothing, send slowly or never read keep no others waiting, and
// take little memory each.
func TestHangingClients(t *testing.T) {
	s := start(t, newContent(t))
	body, _ := s.get("events.ics")
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc + m.StackInuse
	}
	before := heap()
	const clients = 600
	for i := range clients {
		c := dial(t, s.address())
		switch {
		case i%2 == 1: // a header that never ends
			fmt.Fprintf(c, "GET /events.ics HTTP/1.1\r\nHost: a\r\nX-%d: ", i)
		case i%30 == 2: // answers that are never read
			c.(*net.TCPConn).SetReadBuffer(4 << 10)
			go io.WriteString(c, strings.Repeat("GET /index.html HTTP/1.1\r\nHost: a\r\n\r\n", 500))
		}
	}
	for range 100 { // none of which waits for them
		if again, r := s.get("events.ics"); r.StatusCode != 200 || again != body {
			t.Fatalf("status %d, %d bytes", r.StatusCode, len(again))
		}
	}
	// Both ends of each connection are in this process.
	if after := heap(); !racing && after > before+clients*64<<10 {
		t.Errorf("%d connections take %d KB", clients, (after-before)>>10)
	}
}
