package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/crieur/crieur"
)

// A sink is a response that is thrown away.
type sink struct {
	header    http.Header
	code      int
	bytes     int
	deadlines int
}

func (s *sink) Header() http.Header              { return s.header }
func (s *sink) WriteHeader(code int)             { s.code = code }
func (s *sink) Write(p []byte) (int, error)      { s.bytes += len(p); return len(p), nil }
func (s *sink) SetWriteDeadline(time.Time) error { s.deadlines++; return nil }

// fair is a site with a page of about so many bytes.
func fair(t testing.TB, size int) *serving {
	t.Helper()
	s := newServing(&options{addr: "127.0.0.1:0"}, nil, sockets{}, nil)
	files := fstest.MapFS{"foire.md": {Data: []byte(foire + strings.Repeat("Un long texte, qui dit tout.\n\n", size/30))}}
	site, _, faults := crieur.Build(files, crieur.Config{Base: "https://agenda.brume.example/", Timezone: "Europe/Paris"}, nil, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	if site == nil {
		t.Fatal(faults)
	}
	s.set(site)
	return s
}

// Each piece of a long answer has its own deadline; a short one has the server's.
func TestDeadlines(t *testing.T) {
	for size, want := range map[int]int{0: 0, piece: 0, piece + 1: 1, 5 * piece: 4} {
		w := &sink{header: http.Header{}}
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if n, err := w.Write(make([]byte, size)); n != size || err != nil {
				t.Errorf("%d of %d bytes written: %v", n, size, err)
			}
		})
		metered(h, new(meter), nil).ServeHTTP(w, httptest.NewRequest("GET", "/events.ics", nil))
		if w.bytes != size || w.deadlines != want {
			t.Errorf("%d bytes of %d, %d deadlines, want %d", w.bytes, size, w.deadlines, want)
		}
	}
}

func TestMeter(t *testing.T) {
	s := fair(t, 2000)
	h := metered(s.mount(), &s.meter, nil)
	for _, c := range []struct{ method, path, coding string }{
		{"GET", "/events.ics", ""}, {"HEAD", "/events.ics", "gzip"}, {"GET", "/events.atom", "gzip"}, {"GET", "/", ""}, {"GET", "/nowhere", ""},
		{"GET", "/secret.php", ""}, {"POST", "/events.rss", ""}, {"OPTIONS", "/events.json", ""}, {"GET", "/style.css", "br"},
	} {
		r := httptest.NewRequest(c.method, c.path, nil)
		r.Header.Set("Accept-Encoding", c.coding)
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	var got strings.Builder
	s.meter.each(func(kind, code, coding string, n uint64) { fmt.Fprintln(&got, kind, code, coding, n) })
	const want = `ics 200 identity 1
ics 200 gzip 1
rss 405 identity 1
atom 200 gzip 1
json 204 identity 1
html 200 identity 1
css 200 br 1
other 404 identity 2
`
	if got.String() != want {
		t.Errorf("counted\n%s\nwant\n%s", &got, want)
	}
	if b := s.meter.bytes[0].Load(); b < 500 {
		t.Errorf("%d bytes of calendars", b)
	}
}

// What is logged of a request is not what it asks behind a question mark, nor who asks.
func TestAccessLog(t *testing.T) {
	s := start(t, newContent(t), "-access-log", "-log-format", "json")
	s.get("events.ics?token=geheim")
	s.stop() // which writes what waits
	for line := range strings.Lines(s.log.String()) {
		var l struct {
			Msg, Method, Path, Coding, Agent string
			Status, Bytes                    int
			Seconds                          float64
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		if l.Msg != "request" {
			continue
		}
		if l.Method != "GET" || l.Path != "/events.ics" || l.Status != 200 || l.Bytes == 0 || l.Coding != "gzip" || l.Seconds <= 0 || l.Agent == "" {
			t.Error(line)
		}
		if strings.Contains(line, "geheim") || strings.Contains(line, "127.0.0.1") {
			t.Error(line)
		}
		return
	}
	t.Errorf("no request is logged:\n%s", s.log)
}

// What counting and limits cost, beside the handler without them.
func BenchmarkRequest(b *testing.B) {
	s := fair(b, 200<<10)
	for _, c := range []struct{ name, path, coding, match string }{
		{"304", "/events.ics", "gzip", "*"}, {"gzip", "/events.ics", "gzip", ""}, {"identity", "/events.ics", "", ""},
	} {
		r := httptest.NewRequest("GET", c.path, nil)
		r.Header.Set("Accept-Encoding", c.coding)
		if c.match != "" {
			r.Header.Set("If-None-Match", c.match)
		}
		for name, h := range map[string]http.Handler{"bare": s.mount(), "metered": metered(s.mount(), &s.meter, nil)} {
			b.Run(c.name+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				w := &sink{header: http.Header{}}
				for b.Loop() {
					clear(w.header)
					h.ServeHTTP(w, r)
				}
			})
		}
	}
}
