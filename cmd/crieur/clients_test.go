package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const (
	feedly  = "Feedly/1.0 (+http://www.feedly.com/fetcher.html; %d subscribers; )"
	iphone  = "iOS/17.5.1 (21F90) dataaccessd/1.0"
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"
)

// What was sent and what was saved is what would have been sent.
func TestClients(t *testing.T) {
	s := fair(t, 2000)
	h := metered(s.mount(), &s.meter, nil)
	ask := func(agent, method, path string, header ...string) *http.Response {
		t.Helper()
		r := httptest.NewRequest(method, path, nil)
		r.Header.Set("User-Agent", agent)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result()
	}
	atom, ics := s.site.Load().File("events.atom"), s.site.Load().File("events.ics")
	ask(fmt.Sprintf(feedly, 40), "GET", "/events.atom", "Accept-Encoding", "gzip")
	ask(fmt.Sprintf(feedly, 42), "GET", "/events.atom", "If-None-Match", atom.ETag)
	ask(fmt.Sprintf(feedly, 3), "GET", "/events.rss", "If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT")
	ask(fmt.Sprintf(feedly, 99), "GET", "/nowhere.rss")
	ask(iphone, "GET", "/events.ics", "If-None-Match", ics.ETag)
	ask(iphone, "GET", "/events.ics", "Range", "bytes=0-9")
	ask(iphone, "HEAD", "/events.ics", "Accept-Encoding", "gzip")
	ask(firefox, "GET", "/")
	ask(firefox, "GET", "/events.ics?token=geheim", "If-None-Match", ics.ETag)

	var feed, phone, browser clientReport
	for _, r := range s.meter.clients.reports() {
		switch r.Client {
		case "feedly":
			feed = r
		case "apple-calendar":
			phone = r
		case "browser":
			browser = r
		default:
			t.Errorf("%+v", r)
		}
	}
	if feed.Requests != 4 || feed.Conditional != 2 || feed.NotModified != 1 || len(feed.Subscribers) != 2 || feed.Subscribers["events.atom"] != 42 || feed.Subscribers["events.rss"] != 3 {
		t.Errorf("%+v", feed)
	}
	if whole := 2*atom.Size() + s.site.Load().File("events.rss").Size() + len("404 page not found\n"); feed.Bytes+feed.Saved["not_modified"]+feed.Saved["compression"] != uint64(whole) || feed.Saved["compression"] == 0 || feed.Saved["not_modified"] != uint64(atom.Size()) {
		t.Errorf("%+v is not %d bytes", feed, whole)
	}
	if phone.Requests != 3 || phone.Bytes != 10 || phone.NotModified != 1 || phone.Saved["not_modified"] != uint64(ics.Size()) || phone.Saved["compression"] != 0 || phone.Subscribers != nil {
		t.Errorf("%+v", phone)
	}
	if browser.Requests != 2 || browser.Saved["not_modified"] != 0 {
		t.Errorf("%+v", browser)
	}
}

// Below the path of a base address, and at the root for a proxy that takes it away,
// a document is the same.
func TestDocument(t *testing.T) {
	s := fair(t, 100)
	s.prefix.Store("/ville")
	for path, want := range map[string]string{"/ville/events.ics": "events.ics", "/events.ics": "events.ics", "/ville/": "index.html", "/": "index.html", "/ville": "", "/villeevents.ics": "", "/ville/nowhere": ""} {
		got := ""
		if f := s.document(path); f != nil {
			got = f.Name
		}
		if got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

// However many services there are that say how many people they ask for, and
// whatever they say, what is remembered is bounded, and what is not said any more
// is forgotten.
func TestReportedSubscribers(t *testing.T) {
	c := newClients(nil)
	for i := range 3 * mostReported {
		c.report(audience{"feedly", fmt.Sprintf("events/tag/%d.atom", i)}, 5)
	}
	c.report(audience{"feedly", "events/tag/0.atom"}, 7)
	if n := len(c.reported); n != mostReported || c.reported[audience{"feedly", "events/tag/0.atom"}].subscribers != 7 {
		t.Errorf("%d are remembered", n)
	}
	for a, r := range c.reported {
		r.at = r.at.Add(-reportedFor - time.Minute)
		c.reported[a] = r
	}
	if c.report(audience{"feedly", "new.atom"}, 1); len(c.reported) != 1 {
		t.Errorf("%d are remembered of another time", len(c.reported))
	}
}

// Who asks is in no answer for administrators, beside the family of programs.
func TestClientsTellOfNobody(t *testing.T) {
	s, admin := administered(t)
	r, _ := http.NewRequest("GET", s.base+"events.ics?token=geheim", nil)
	r.Header.Set("User-Agent", "Inoreader/1.0 (Marie; +https://marie.example; 12 subscribers)")
	r.Header.Set("X-Forwarded-For", "203.0.113.7")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	_, status := s.report(admin, "GET", "/status")
	if len(status.Clients) != 1 || status.Clients[0].Client != "inoreader" || status.Clients[0].Subscribers["events.ics"] != 12 {
		t.Errorf("%+v", status.Clients)
	}
	_, metrics := ask(t, admin, "GET", "/metrics")
	text, _ := json.Marshal(status)
	for _, said := range []string{string(text), metrics} {
		for _, of := range []string{"Marie", "marie.example", "203.0.113.7", "geheim", "Inoreader/1.0"} {
			if strings.Contains(said, of) {
				t.Errorf("%s is in %s", of, said)
			}
		}
	}
	for _, want := range []string{`crieur_client_requests_total{client="inoreader"} 1`, `crieur_client_subscribers{client="inoreader"} 12`, "crieur_http_request_duration_seconds_count 1", `crieur_http_request_duration_seconds_bucket{le="30"} 1`} {
		if !strings.Contains(metrics, want+"\n") {
			t.Errorf("%s is not in the metrics\n%s", want, metrics)
		}
	}
}

func TestHistogram(t *testing.T) {
	var h histogram
	for _, d := range []time.Duration{0, 100 * time.Microsecond, 101 * time.Microsecond, time.Second, time.Hour} {
		h.observe(d)
	}
	buckets, n, sum := h.cumulative()
	if n != 5 || buckets[0.0001] != 2 || buckets[0.00025] != 3 || buckets[1] != 4 || buckets[30] != 4 || sum < 3601 || sum > 3601.1 || len(buckets) != len(bounds) {
		t.Errorf("%v, %d, %v", buckets, n, sum)
	}
}
