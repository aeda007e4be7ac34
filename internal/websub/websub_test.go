package websub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const google, other = "https://hub.example/", "https://autre.example/hub"

// hubs are what answers at every address, in the test's own time.
type hubs struct {
	mu     sync.Mutex
	answer func(n int, hub, topic string) (*http.Response, error) // n from 1; nil: 204
	asked  []string                                               // "hub topic at"
}

func (h *hubs) RoundTrip(r *http.Request) (*http.Response, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(data))
	topic := form.Get("hub.url")
	if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" ||
		form.Get("hub.mode") != "publish" || form.Get("hub.topic") != topic || len(form["hub.url"]) != 1 || len(form) != 3 {
		return nil, fmt.Errorf("no ping: %s %s", r.Method, data)
	}
	h.mu.Lock()
	h.asked = append(h.asked, fmt.Sprintf("%s %s", r.URL, topic))
	n, answer := len(h.asked), h.answer
	h.mu.Unlock()
	if answer == nil {
		return respond(204), nil
	}
	return answer(n, r.URL.String(), topic)
}

// since returns what was asked since the last call.
func (h *hubs) since() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := h.asked
	h.asked = nil
	return list
}

func (h *hubs) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.asked)
}

func respond(code int, header ...string) *http.Response {
	r := &http.Response{StatusCode: code, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("Merci."))}
	for pair := range slices.Chunk(header, 2) {
		r.Header.Set(pair[0], pair[1])
	}
	return r
}

// reports are what is reported, a line each.
type reports struct {
	mu   sync.Mutex
	list []string
}

func (r *reports) add(hub string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, fmt.Sprintf("%s: %v", hub, err))
}

func (r *reports) since() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.list
	r.list = nil
	return list
}

func publisher(file string, h *hubs) (*Publisher, *reports) {
	p, r := New(file), new(reports)
	p.Transport, p.Report = h, r.add
	return p, r
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// A hub is told of what has changed, and of nothing else, also over restarts.
func TestTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "hubs.json")
		h := new(hubs)
		p, r := publisher(file, h)
		topics := map[string]string{"https://brume.example/events.atom": `"a1"`, "https://brume.example/events.rss": `"r1"`, "https://brume.example/events/tag/foire.rss": `"t1"`}
		p.Offer([]string{google}, topics)
		time.Sleep(time.Minute)
		same(t, "at first", h.since(), google+" https://brume.example/events.atom", google+" https://brume.example/events.rss", google+" https://brume.example/events/tag/foire.rss")

		p.Offer([]string{google}, maps.Clone(topics))
		time.Sleep(time.Hour)
		same(t, "nothing has changed", h.since())

		topics["https://brume.example/events.rss"] = `"r2"`
		topics["https://brume.example/actes.rss"] = `"c1"`
		p.Offer([]string{google}, maps.Clone(topics))
		time.Sleep(time.Minute)
		same(t, "a change comes before what is new", h.since(), google+" https://brume.example/events.rss", google+" https://brume.example/actes.rss")
		if s := p.Hubs()[0]; s.Address != google || s.Topics != 4 || s.Told != 5 || s.Waiting+s.Refused != 0 || s.Failures != 0 || s.Success.IsZero() || s.Trouble != "" {
			t.Errorf("the hub is %+v", s)
		}
		p.Close()
		p.Offer([]string{google}, nil) // and nothing happens

		p, _ = publisher(file, h)
		topics["https://brume.example/events.atom"] = `"a2"`
		p.Offer([]string{google, other}, maps.Clone(topics))
		time.Sleep(time.Minute)
		got := h.since()
		slices.Sort(got)
		same(t, "after a restart, with another hub", got, other+" https://brume.example/actes.rss", other+" https://brume.example/events.atom",
			other+" https://brume.example/events.rss", other+" https://brume.example/events/tag/foire.rss", google+" https://brume.example/events.atom")
		p.Offer(nil, topics)
		p.Offer([]string{other}, topics)
		time.Sleep(time.Minute)
		p.Close()
		same(t, "reports", r.since())
	})
}

// What changes again and again is told of at a pace.
func TestGathered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := new(hubs)
		p, _ := publisher(filepath.Join(t.TempDir(), "hubs.json"), h)
		defer p.Close()
		for i := range 600 { // a minute
			p.Offer([]string{google}, map[string]string{"https://brume.example/events.atom": fmt.Sprint(i)})
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(time.Minute)
		if n := len(h.since()); n < 10 || n > 14 {
			t.Errorf("it was told %d times in a minute", n)
		}
	})
}

// A change that comes while the hub is told is told of as well.
func TestChangedMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := new(hubs)
		p, _ := publisher(filepath.Join(t.TempDir(), "hubs.json"), h)
		defer p.Close()
		offer := func(tag string) {
			p.Offer([]string{google}, map[string]string{"https://brume.example/events.atom": tag})
		}
		h.answer = func(n int, _, _ string) (*http.Response, error) {
			if n == 1 {
				offer("2")
			}
			return respond(202), nil
		}
		offer("1")
		time.Sleep(time.Minute)
		if n := h.count(); n != 2 {
			t.Errorf("it was told %d times, want 2", n)
		}
	})
}

// A hub that is dead is asked ever more seldom, with one report, and told of
// everything when it is back; one that is well is not held up by it.
func TestDeadHub(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hubs{answer: func(_ int, hub, _ string) (*http.Response, error) {
			if hub == google {
				return nil, errors.New("connection refused")
			}
			return respond(204), nil
		}}
		p, r := publisher(filepath.Join(t.TempDir(), "hubs.json"), h)
		defer p.Close()
		offer := func(tag string) {
			p.Offer([]string{google, other}, map[string]string{"https://brume.example/events.atom": tag, "https://brume.example/events.rss": tag})
		}
		offer("1")
		time.Sleep(2 * time.Second)
		if n := len(h.since()); n != 3 {
			t.Errorf("after two seconds %d were asked, want 1 and 2", n)
		}
		for i := range 24 {
			offer(fmt.Sprint(2 + i))
			time.Sleep(time.Hour)
		}
		dead := 0
		for _, ask := range h.since() {
			if strings.HasPrefix(ask, google) {
				dead++
			}
		}
		if dead < 24 || dead > 60 {
			t.Errorf("the dead hub was asked %d times in a day", dead)
		}
		same(t, "reports", r.since(), google+": connection refused")
		if s := p.Hubs()[1]; s.Waiting != 2 || s.Trouble == "" || s.Failures == 0 {
			t.Errorf("the hub is %+v", s)
		}
		h.mu.Lock()
		h.answer = nil
		h.mu.Unlock()
		time.Sleep(2 * time.Hour)
		same(t, "when it is back", h.since(), google+" https://brume.example/events.atom", google+" https://brume.example/events.rss")
		same(t, "reports", r.since(), google+": <nil>")
		if s := p.Hubs()[1]; s.Waiting != 0 || s.Trouble != "" {
			t.Errorf("the hub is %+v", s)
		}
	})
}

// Who does not stay waits for hubs that are well, and for no other.
func TestSettle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hubs{answer: func(_ int, hub, _ string) (*http.Response, error) {
			if hub == google {
				return nil, errors.New("connection refused")
			}
			time.Sleep(10 * time.Second)
			return respond(204), nil
		}}
		p, _ := publisher(filepath.Join(t.TempDir(), "hubs.json"), h)
		defer p.Close()
		p.Settle(t.Context())
		p.Offer([]string{google, other}, map[string]string{"https://brume.example/a.atom": "1", "https://brume.example/b.atom": "1"})
		began := time.Now()
		p.Settle(t.Context())
		if d := time.Since(began); d < 20*time.Second || d > 22*time.Second || p.Hubs()[0].Waiting != 0 || p.Hubs()[1].Waiting != 2 {
			t.Errorf("after %v they are %+v", d, p.Hubs())
		}
		p.Offer([]string{other}, map[string]string{"https://brume.example/a.atom": "2"})
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began = time.Now()
		if p.Settle(ctx); time.Since(began) != 3*time.Second {
			t.Errorf("it waits %v", time.Since(began))
		}
	})
}

// What hubs answer counts by its status and Retry-After alone.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		answer       *http.Response
		asked        int           // of two documents, in the first minute
		least, often time.Duration // until the hub is asked again after the first time
		trouble      string
	}{
		{answer: respond(200), asked: 2},
		{answer: respond(299, "Retry-After", "60"), asked: 2},
		{answer: respond(429, "Retry-After", "7200"), asked: 1, least: 2 * time.Hour, often: 3 * time.Hour, trouble: "it answers 429 Too Many Requests for https://brume.example/events.atom"},
		{answer: respond(503, "Retry-After", "Sat, 01 Jan 2000 03:00:00 GMT"), asked: 1, least: 2 * time.Hour, often: 4 * time.Hour, trouble: "it answers 503 Service Unavailable for https://brume.example/events.atom"},
		{answer: respond(429, "Retry-After", "99999999"), asked: 1, least: longest, often: longest + time.Hour, trouble: "it answers 429 Too Many Requests for https://brume.example/events.atom"},
		{answer: respond(503, "Retry-After", "soon"), asked: 4, trouble: "it answers 503 Service Unavailable for https://brume.example/events.atom"},
		{answer: respond(400), asked: 4, trouble: "it answers 400 Bad Request for https://brume.example/events."},
		{answer: respond(307, "Location", "https://elsewhere.example/\r\n"+strings.Repeat("x", 1000)), asked: 4,
			trouble: `it answers 307 Temporary Redirect, to "https://elsewhere.example/\r\n` + strings.Repeat("x", 72) + `": give that address if it is right, since redirects are not followed`},
	} {
		t.Run(strings.TrimSpace(fmt.Sprint(c.answer.StatusCode, " ", c.answer.Header.Get("Retry-After"))), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := &hubs{answer: func(int, string, string) (*http.Response, error) { a := *c.answer; return &a, nil }}
				p, r := publisher(filepath.Join(t.TempDir(), "hubs.json"), h)
				defer p.Close()
				p.Offer([]string{google}, map[string]string{"https://brume.example/events.atom": "1", "https://brume.example/events.rss": "1"})
				time.Sleep(time.Minute)
				n := h.count()
				if n < c.asked || c.asked < 4 && n > c.asked || n > 16 {
					t.Errorf("it was asked %d times in a minute, want %d", n, c.asked)
				}
				if s := p.Hubs()[0].Trouble; !strings.HasPrefix(s, c.trouble) || c.trouble == "" && s != "" {
					t.Errorf("the trouble is %q, want %q", s, c.trouble)
				}
				if got := r.since(); len(got) != min(1, len(c.trouble)) {
					t.Errorf("reports: %q", got)
				}
				if c.least > 0 {
					began := time.Now()
					for h.count() == n {
						time.Sleep(time.Minute)
					}
					if d := time.Since(began) + 2*time.Minute; d < c.least || d > c.often {
						t.Errorf("it was asked again after %v, want %v to %v", d, c.least, c.often)
					}
				}
			})
		})
	}
}

// A hub that does not take some documents gets the others, is asked a few times,
// and again when they change.
func TestRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hubs{answer: func(_ int, _, topic string) (*http.Response, error) {
			if strings.HasSuffix(topic, ".rss") {
				return respond(500), nil
			}
			return respond(204), nil
		}}
		p, r := publisher(filepath.Join(t.TempDir(), "hubs.json"), h)
		defer p.Close()
		p.Offer([]string{google}, map[string]string{"https://brume.example/a.rss": "1", "https://brume.example/b.atom": "1", "https://brume.example/c.rss": "1"})
		time.Sleep(24 * time.Hour)
		if n := len(h.since()); n != 1+2*tries {
			t.Errorf("asked %d times, want once and twice %d", n, tries)
		}
		if s := p.Hubs()[0]; s.Refused != 2 || s.Waiting != 0 || s.Told != 1 {
			t.Errorf("the hub is %+v", s)
		}
		p.Offer([]string{google}, map[string]string{"https://brume.example/a.rss": "2", "https://brume.example/b.atom": "1", "https://brume.example/c.rss": "1"})
		time.Sleep(24 * time.Hour)
		if n := len(h.since()); n != tries {
			t.Errorf("asked %d times after a change, want %d", n, tries)
		}
		if got := r.since(); len(got) != 1 {
			t.Errorf("reports: %q", got)
		}
	})
}

// A file that cannot be used is reported, and costs no more than that hubs are
// told again.
func TestMemory(t *testing.T) {
	const topic = "https://brume.example/events.atom"
	for name, c := range map[string]struct {
		data  string
		asked int
		says  string
	}{
		"good":    {`{"kind":"crieur hubs 1","hubs":{"` + google + `":{"` + topic + `":"1"}}}`, 0, ""},
		"none":    {"", 1, ""},
		"cut":     {`{"kind":"crieur hubs 1","hubs":{"` + google, 1, "cannot be read"},
		"foreign": {`{"kind":"crieur hubs 2","hubs":{}}`, 1, `found the kind "crieur hubs 2"`},
		"zeros":   {"\x00\x00\x00\x00", 1, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				file := filepath.Join(t.TempDir(), "hubs.json")
				if c.data != "" {
					if err := os.WriteFile(file, []byte(c.data), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				h := new(hubs)
				p, r := publisher(file, h)
				p.Offer([]string{google}, map[string]string{topic: "1"})
				time.Sleep(time.Minute)
				p.Close()
				if n := h.count(); n != c.asked {
					t.Errorf("it was asked %d times, want %d", n, c.asked)
				}
				if got := strings.Join(r.since(), "\n"); !strings.Contains(got, c.says) || c.says == "" && got != "" {
					t.Errorf("reports: %q, want %q", got, c.says)
				}
			})
		})
	}
	t.Run("no folder", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "state")
			h := new(hubs)
			p, r := publisher(filepath.Join(dir, "hubs.json"), h)
			p.Offer([]string{google}, map[string]string{topic: "1"})
			time.Sleep(time.Minute)
			p.Offer([]string{google}, map[string]string{topic: "2"})
			time.Sleep(time.Minute)
			if got := r.since(); len(got) != 1 || !strings.Contains(got[0], "cannot be kept") {
				t.Errorf("reports: %q", got)
			}
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			p.Close()
			same(t, "reports", r.since(), ": <nil>")
			if kept, err := load(filepath.Join(dir, "hubs.json")); err != nil || kept[google][topic] != "2" {
				t.Errorf("kept is %v, %v", kept, err)
			}
		})
	})
}

// Wherever it is cut off, by the hub, the line or its own end, a hub gets to know
// the last of every document, and what was told and kept is not told again.
func TestCut(t *testing.T) {
	topics := func(tag string) map[string]string {
		m := map[string]string{}
		for i := range 4 {
			m[fmt.Sprintf("https://brume.example/%d.atom", i)] = tag
		}
		return m
	}
	for cut := range 10 {
		for _, kind := range []string{"line", "late", "busy", "refused", "killed", "closed"} {
			t.Run(fmt.Sprint(kind, cut), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					file := filepath.Join(t.TempDir(), "hubs.json")
					knows := map[string]string{} // what the hub would fetch: the tag that was published when it was told
					tag, n := "", 0
					var mu sync.Mutex
					stopped := make(chan struct{})
					h := &hubs{answer: func(_ int, _, topic string) (*http.Response, error) {
						mu.Lock()
						defer mu.Unlock()
						select {
						case <-stopped:
							return nil, errors.New("the process ended")
						default:
						}
						if n++; n == cut+1 {
							switch kind {
							case "line":
								return nil, io.ErrUnexpectedEOF
							case "late":
								knows[topic] = tag
								return nil, io.ErrUnexpectedEOF
							case "busy":
								return respond(503), nil
							case "refused":
								return respond(500), nil
							default:
								close(stopped)
								return nil, errors.New("the process ended")
							}
						}
						knows[topic] = tag
						return respond(204), nil
					}}
					p, _ := publisher(file, h)
					offer := func(next string) {
						mu.Lock()
						tag = next
						mu.Unlock()
						p.Offer([]string{google}, topics(next))
						time.Sleep(10 * time.Minute)
					}
					offer("1")
					offer("2")
					select {
					case <-stopped:
						if kind == "closed" {
							p.Close()
						} else { // what it would still write is lost
							data, err := os.ReadFile(file)
							p.Close()
							os.Remove(file)
							if err == nil {
								os.WriteFile(file, data, 0o600)
							}
						}
						mu.Lock()
						stopped = make(chan struct{})
						mu.Unlock()
						p, _ = publisher(file, h)
						p.Offer([]string{google}, topics("2"))
						time.Sleep(10 * time.Minute)
					default:
					}
					p.Close()
					mu.Lock()
					defer mu.Unlock()
					if !maps.Equal(knows, topics("2")) {
						t.Errorf("the hub knows %v", knows)
					}
					if n > 8+2+4 {
						t.Errorf("it was asked %d times", n)
					}
					before := n
					p, _ = publisher(file, h)
					p.Offer([]string{google}, topics("2"))
					mu.Unlock()
					time.Sleep(time.Hour)
					p.Close()
					mu.Lock()
					if n != before {
						t.Errorf("it was asked %d times more", n-before)
					}
				})
			})
		}
	}
}
