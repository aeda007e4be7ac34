package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// A relay is a hub written from WebSub (W3C Recommendation, 23 January 2018) alone:
// it asks subscribers whether they mean it, fetches what it is told of, and hands it
// on, signed.
type relay struct {
	*httptest.Server
	mu        sync.Mutex
	callbacks map[string][2]string // and secrets, by topic
	told      []string
}

func (h *relay) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	topic := r.PostFormValue("hub.topic")
	switch mode := r.PostFormValue("hub.mode"); mode {
	case "subscribe": // section 5.1
		h.callbacks[topic] = [2]string{r.PostFormValue("hub.callback"), r.PostFormValue("hub.secret")}
		w.WriteHeader(http.StatusAccepted)
		go h.verify(topic)
	case "publish": // section 6
		topic = r.PostFormValue("hub.url")
		h.told = append(h.told, topic)
		w.WriteHeader(http.StatusNoContent)
		if to, ok := h.callbacks[topic]; ok {
			go h.distribute(topic, to[0], to[1])
		}
	default:
		http.Error(w, mode, http.StatusBadRequest)
	}
}

// verify asks the subscriber for its intent (section 5.3), and ends the subscription
// of one who has none.
func (h *relay) verify(topic string) {
	h.mu.Lock()
	callback := h.callbacks[topic][0]
	h.mu.Unlock()
	challenge := rand.Text()
	q := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.challenge": {challenge}, "hub.lease_seconds": {"864000"}}
	answer, err := http.Get(callback + "?" + q.Encode())
	if err == nil {
		defer answer.Body.Close()
		if text, _ := io.ReadAll(answer.Body); answer.StatusCode/100 == 2 && string(text) == challenge {
			return
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.callbacks, topic)
}

// distribute hands on what a topic has become (section 7), and signs it (section 8).
func (h *relay) distribute(topic, callback, secret string) {
	answer, err := http.Get(topic)
	if err != nil {
		return
	}
	defer answer.Body.Close()
	data, _ := io.ReadAll(answer.Body)
	r, _ := http.NewRequest("POST", callback, strings.NewReader(string(data)))
	r.Header.Set("Content-Type", answer.Header.Get("Content-Type"))
	r.Header.Add("Link", fmt.Sprintf(`<%s>; rel="hub", <%s>; rel="self"`, h.URL, topic))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(data)
	r.Header.Set("X-Hub-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	if answer, err := http.DefaultClient.Do(r); err == nil {
		answer.Body.Close()
	}
}

// A subscriber finds the hub in the header of a feed, subscribes there, and is handed
// what the feed has become: the bytes that it would get if it asked.
func TestSubscriberOfAHub(t *testing.T) {
	t.Parallel()
	hub := &relay{callbacks: map[string][2]string{}}
	hub.Server = httptest.NewServer(hub)
	defer hub.Close()
	dir := t.TempDir()
	for name, data := range map[string]string{
		"crieur.yaml": "hubs: [" + hub.URL + "/]\n", "foire.md": foire,
		"avis.md": "---\ntitle: Avis\ndate: 2026-01-02\n---\nLa fontaine coule.\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") // a hub finds feeds by their address
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	s := start(t, dir, "-addr", addr, "-base", "http://localhost"+strings.TrimPrefix(addr, "127.0.0.1")+"/")
	link := regexp.MustCompile(`<([^>]*)>; ?rel="?(hub|self)"?`)
	handed := map[string]chan string{}
	for _, name := range []string{"articles.rss", "articles.atom", "articles.json"} {
		// Section 4: the header says it, also of a HEAD.
		answer, err := http.Head(s.base + name)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		found := map[string]string{}
		for _, m := range link.FindAllStringSubmatch(strings.Join(answer.Header["Link"], ", "), -1) {
			found[m[2]] = m[1]
		}
		if found["hub"] != hub.URL+"/" || found["self"] != s.base+name {
			t.Fatalf("the header of %s at %s has %q", name, s.base, answer.Header["Link"])
		}
		handed[name] = subscribe(t, found["hub"], found["self"])
	}
	s.write("avis.md", "---\ntitle: Avis\ndate: 2026-01-02\n---\nLa fontaine ne coule plus.\n")
	for name, handed := range handed {
		for got := ""; !strings.Contains(got, "plus"); {
			select {
			case got = <-handed:
			case <-time.After(20 * time.Second):
				t.Fatalf("%s was not handed on:\n%s", name, s.log)
			}
			if body, r := s.get(name); strings.Contains(got, "plus") && got != r.Header.Get("Content-Type")+"\n"+body {
				t.Errorf("of %s it was handed %q", name, got)
			}
		}
	}
	hub.mu.Lock()
	defer hub.mu.Unlock()
	for _, topic := range hub.told {
		if strings.Contains(topic, "/events.") && strings.Count(strings.Join(hub.told, " "), topic) > 1 {
			t.Errorf("the hub was told again of %s, which has not changed", topic)
		}
	}
}

// subscribe subscribes to a topic, and returns what is handed on of it: its type and
// its text.
func subscribe(t *testing.T, hub, topic string) chan string {
	t.Helper()
	secret := rand.Text()
	verified, handed := make(chan bool, 1), make(chan string, 10)
	subscriber := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "GET" {
			io.WriteString(w, r.FormValue("hub.challenge"))
			verified <- r.FormValue("hub.topic") == topic
			return
		}
		data, _ := io.ReadAll(r.Body)
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(data)
		if r.Header.Get("X-Hub-Signature") == "sha256="+hex.EncodeToString(mac.Sum(nil)) {
			handed <- r.Header.Get("Content-Type") + "\n" + string(data)
		}
	}))
	t.Cleanup(subscriber.Close)
	answer, err := http.PostForm(hub, url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {subscriber.URL}, "hub.secret": {secret}})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusAccepted || !<-verified {
		t.Fatalf("the hub answers %s to who subscribes to %s", answer.Status, topic)
	}
	return handed
}
