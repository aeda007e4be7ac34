package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func TestThrottle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := fair(t, 2000)
		s.throttle.rate = 10
		h := metered(s.throttle.behind(s.mount()), &s.meter, nil)
		tag := s.site.Load().File("events.ics").ETag
		ask := func(from, match string) *http.Response {
			r := httptest.NewRequest("GET", "/events.ics", nil)
			r.RemoteAddr = from + ":1234"
			if match != "" {
				r.Header.Set("If-None-Match", match)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w.Result()
		}
		const greedy, other = "192.0.2.1", "192.0.2.2"
		for i := range 10 {
			if r := ask(greedy, ""); r.StatusCode != 200 {
				t.Fatalf("the document %d is refused with %d", i, r.StatusCode)
			}
		}
		for range 5 {
			r := ask(greedy, "")
			if wait, err := strconv.Atoi(r.Header.Get("Retry-After")); r.StatusCode != 429 || err != nil || wait < 1 || wait > 6 || r.Header.Get("ETag") != "" || r.Header.Get("Cache-Control") != "" {
				t.Fatalf("%d %v", r.StatusCode, r.Header)
			}
		}
		if r := ask(other, ""); r.StatusCode != 200 {
			t.Errorf("another address is refused with %d", r.StatusCode)
		}
		for i := range 500 {
			if r := ask(greedy, tag); r.StatusCode != 304 || r.Header.Get("ETag") == "" {
				t.Fatalf("what has not changed is refused with %d, the %d. time", r.StatusCode, i)
			}
		}
		if r := ask(greedy, `"other"`); r.StatusCode != 429 || r.Header.Get("Content-Encoding") != "" || r.ContentLength > 200 {
			t.Errorf("what has changed is sent: %d %v", r.StatusCode, r.Header)
		}
		absurd := 0
		for ask(greedy, tag).StatusCode == 304 {
			if absurd++; absurd > 1000 {
				t.Fatal("anything goes")
			}
		}
		wait, _ := strconv.Atoi(ask(greedy, "").Header.Get("Retry-After"))
		time.Sleep(time.Duration(wait-1) * time.Second)
		if r := ask(greedy, ""); r.StatusCode != 429 {
			t.Errorf("a second too early: %d", r.StatusCode)
		}
		time.Sleep(time.Second)
		if r := ask(greedy, ""); r.StatusCode != 200 {
			t.Errorf("after Retry-After it is refused with %d", r.StatusCode)
		}
	})
}

// Whoever asks for what has changed, again and again, has not all of it made only to be
// refused.
func TestThrottleSparesWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		th, made := throttle{rate: 10}, 0
		h := th.behind(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			made++
			w.WriteHeader(http.StatusOK)
		}))
		for range 5000 {
			r := httptest.NewRequest("GET", "/events.ics?from=2027-01-01", nil)
			r.RemoteAddr = "192.0.2.1:1234"
			r.Header.Set("If-None-Match", `"never"`)
			h.ServeHTTP(httptest.NewRecorder(), r)
		}
		if made > 1100 {
			t.Errorf("%d are made", made)
		}
	})
}

// However many addresses ask, what is remembered is bounded; one that goes on asking
// is not forgotten.
func TestThrottleIsBounded(t *testing.T) {
	th := throttle{rate: 10}
	steady := netip.MustParsePrefix("203.0.113.9/32")
	for range 10 {
		th.take(steady, 1)
	}
	for i := range 3 * mostBuckets {
		th.take(netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 32), 1)
		if i%1000 == 0 && th.take(steady, 0) > 5 {
			t.Fatal("it is forgotten")
		}
	}
	if n := len(th.now) + len(th.before); n > 2*mostBuckets {
		t.Errorf("%d are remembered", n)
	}
}

func TestThrottleAddress(t *testing.T) {
	proxies, err := parseProxies("10.0.0.0/8, 2001:db8::7,192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	th := throttle{rate: 1, proxies: proxies}
	for _, c := range []struct{ peer, forwarded, want string }{
		{"203.0.113.7:80", "", "203.0.113.7/32"},
		{"203.0.113.7:80", "198.51.100.1", "203.0.113.7/32"}, // anybody may write that
		{"[::ffff:203.0.113.7]:80", "", "203.0.113.7/32"},
		{"[2001:db8:1:2:3::4%eth0]:80", "", "2001:db8:1:2::/64"},
		{"10.1.2.3:80", "198.51.100.1", "198.51.100.1/32"},
		{"[::ffff:10.1.2.3]:80", "198.51.100.1", "198.51.100.1/32"},
		{"10.1.2.3:80", "1.1.1.1, 198.51.100.1, 192.0.2.1", "198.51.100.1/32"},
		{"10.1.2.3:80", "198.51.100.1:4711", "198.51.100.1/32"},
		{"10.1.2.3:80", "[2001:db8:9::1]:4711, 2001:db8::7", "2001:db8:9::/64"},
		{"10.1.2.3:80", "", ""},
		{"10.1.2.3:80", "10.9.9.9", ""},
		{"10.1.2.3:80", "198.51.100.1, unknown", ""},
		{"@", "198.51.100.1", "198.51.100.1/32"},
		{"", "", ""},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		got := ""
		if p, ok := th.address(r); ok {
			got = fmt.Sprint(p)
		}
		if got != c.want {
			t.Errorf("%s, forwarded for %q, is %q, want %q", c.peer, c.forwarded, got, c.want)
		}
	}
	for _, bad := range []string{"10.0.0.0/99", "proxy.example", "10.0.0"} {
		if _, err := parseProxies(bad); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}

func TestServeThrottled(t *testing.T) {
	s := start(t, newContent(t), "-rate", "2", "-proxies", "127.0.0.1")
	ask := func(from, path string) int {
		r, _ := http.NewRequest("GET", s.base+path, nil)
		r.Header.Set("X-Forwarded-For", from)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer.StatusCode
	}
	got := fmt.Sprint(ask("192.0.2.1", "events.ics"), ask("192.0.2.1", "events.rss"), ask("192.0.2.1", "index.html"), ask("192.0.2.2", "events.ics"))
	if want := "200 200 429 200"; got != want {
		t.Errorf("answers are %s, want %s", got, want)
	}
}
