package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/crieur/crieur/internal/s3test"
)

const agendaBase = "https://agenda.brume.example/"

// A testHub is a WebSub hub: told of a document it fetches it, as it would for
// its subscribers.
type testHub struct {
	*httptest.Server
	mu      sync.Mutex
	fetch   func(name string) (body, tag string) // nil: it is out of order
	bodies  map[string]string                    // what subscribers have, by the names of documents
	tags    map[string]string
	pings   int
	refused int
	faults  []string
}

func newTestHub(t *testing.T) *testHub {
	h := &testHub{bodies: map[string]string{}, tags: map[string]string{}}
	h.Server = httptest.NewServer(http.HandlerFunc(h.told))
	t.Cleanup(h.Close)
	return h
}

func (h *testHub) told(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	name, ok := strings.CutPrefix(r.FormValue("hub.url"), agendaBase)
	if !ok || r.Method != "POST" || r.FormValue("hub.mode") != "publish" || r.FormValue("hub.topic") != r.FormValue("hub.url") {
		h.faults = append(h.faults, fmt.Sprintf("%s %v is no ping", r.Method, r.Form))
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if h.fetch == nil {
		h.refused++
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	h.pings++
	body, tag := h.fetch(name)
	switch {
	case tag == "":
		h.faults = append(h.faults, name+" is not there")
	case h.tags[name] == tag:
		h.faults = append(h.faults, name+" is told of, and has not changed")
	}
	h.bodies[name], h.tags[name] = body, tag
	w.WriteHeader(http.StatusNoContent)
}

// has reports whether the subscribers of a document have that text.
func (h *testHub) has(name, text string) func() bool {
	return func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return strings.Contains(h.bodies[name], text)
	}
}

// works has the hub fetch with f, or nothing.
func (h *testHub) works(f func(name string) (body, tag string)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fetch = f
}

// from fetches from a server, and finds itself named there.
func (h *testHub) from(base string) func(name string) (body, tag string) {
	return func(name string) (string, string) {
		r, err := http.Get(base + name)
		if err != nil {
			return "", ""
		}
		defer r.Body.Close()
		data, _ := io.ReadAll(r.Body)
		if want := "<" + h.URL + `/>; rel="hub", <` + agendaBase + name + `>; rel="self"`; r.Header.Get("Link") != want {
			h.faults = append(h.faults, fmt.Sprintf("%s has Link %q, want %q", name, r.Header.Get("Link"), want))
		}
		if !strings.Contains(string(data), h.URL) {
			h.faults = append(h.faults, name+" does not name its hub")
		}
		return string(data), r.Header.Get("ETag")
	}
}

// check reports what was wrong, and how many pings there were.
func (h *testHub) check(t *testing.T, pings int) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, fault := range h.faults {
		t.Error(fault)
	}
	if h.pings != pings {
		t.Errorf("the hub was told %d times, want %d", h.pings, pings)
	}
}

func (h *testHub) config() string {
	return "base: " + agendaBase + "\ntimezone: Europe/Paris\nhubs: [" + h.URL + "/]\n"
}

// Subscribers of a hub have each change of a feed, and are not told when it has
// not changed, also not by another process.
func TestServeTellsHubs(t *testing.T) {
	t.Parallel()
	h := newTestHub(t)
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "crieur.yaml"), []byte(h.config()), 0o644)
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	os.WriteFile(filepath.Join(dir, "avis.md"), []byte("---\ntitle: Avis\ndate: 2026-01-02\n---\nLa fontaine coule.\n"), 0o644)
	serve := func() (*session, *http.Client) {
		name := filepath.Join(t.TempDir(), "admin")
		return start(t, dir, "-admin", "unix:"+name), clientOf("unix", name)
	}
	s, admin := serve()
	h.works(h.from(s.base))
	knows := func(events, articles string) {
		t.Helper()
		for _, format := range []string{".atom", ".json", ".rss"} {
			waitFor(t, "the events as"+format, h.has("events"+format, events))
			waitFor(t, "the articles as"+format, h.has("articles"+format, articles))
		}
	}
	knows("Foire", "Avis")
	s.write("bal.md", strings.Replace(foire, "Foire", "Bal", 1))
	knows("Bal", "Avis")
	h.check(t, 9)
	waitFor(t, "the status", func() bool {
		_, r := s.report(admin, "GET", "/status")
		return len(r.Hubs) == 1 && r.Hubs[0].Waiting == 0
	})
	_, r := s.report(admin, "GET", "/status")
	if len(r.Hubs) != 1 || r.Hubs[0].Feeds != 6 || r.Hubs[0].Told != 9 || r.Hubs[0].Waiting+r.Hubs[0].Refused != 0 || r.Hubs[0].Trouble != "" || r.Hubs[0].Success.IsZero() {
		t.Errorf("hubs are %+v", r.Hubs)
	}
	if _, text := ask(t, admin, "GET", "/metrics"); !strings.Contains(text, `crieur_hub_pings_total{hub="`+h.URL+`/",outcome="taken"} 9`+"\n") {
		t.Errorf("metrics %s", text)
	}
	if s.stop() != exitOK {
		t.Error("it does not stop as it should")
	}

	os.WriteFile(filepath.Join(dir, "avis.md"), []byte("---\ntitle: Avis\ndate: 2026-01-02\n---\nLa fontaine ne coule plus.\n"), 0o644)
	s, admin = serve()
	h.works(h.from(s.base))
	knows("Bal", "plus")
	h.check(t, 12)
	waitFor(t, "the status", func() bool {
		_, r := s.report(admin, "GET", "/status")
		return r.Hubs[0].Waiting == 0 && r.Hubs[0].Told == 3
	})
	s.write("crieur.yaml", strings.Replace(h.config(), "hubs:", "#", 1))
	waitFor(t, "that there are no hubs", func() bool { _, r := s.report(admin, "GET", "/status"); return len(r.Hubs) == 0 })
	if _, r := s.get("events.atom"); r.Header.Get("Link") != "" {
		t.Errorf("there are no hubs, and the Link is %q", r.Header.Get("Link"))
	}
	h.check(t, 12)
	if strings.Contains(s.log.String(), "the hub") {
		t.Errorf("the log is %s", s.log)
	}
}

// A hub that does not answer is named once; killed meanwhile, the next process
// tells it, and the one after that does not.
func TestKilledBeforeHubsAreTold(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("crieur") // made by testscript.Main
	if err != nil {
		t.Fatal(err)
	}
	h := newTestHub(t)
	dir := t.TempDir()
	write := func(name, data string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("crieur.yaml", h.config())
	write("foire.md", foire)
	var log lockedBuffer
	serve := func() (base string, kill func()) {
		t.Helper()
		cmd := exec.Command(program, "serve", "-addr", "127.0.0.1:0", dir)
		cmd.Stderr = &log
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		kill = sync.OnceFunc(func() {
			cmd.Process.Kill()
			cmd.Wait()
		})
		t.Cleanup(kill)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if at, ok := strings.CutPrefix(lines.Text(), "The page:  "); ok {
				return strings.TrimSuffix(at, "index.html"), kill
			}
		}
		t.Fatalf("it does not serve: %s", &log)
		return "", nil
	}
	base, kill := serve()
	waitFor(t, "a ping", func() bool { h.mu.Lock(); defer h.mu.Unlock(); return h.refused > 0 })
	write("foire.md", strings.Replace(foire, "Foire", "Grande foire", 1))
	waitFor(t, "the change", func() bool { body, _ := h.from(base)("events.rss"); return strings.Contains(body, "Grande foire") })
	kill()
	if n := strings.Count(log.String(), h.URL); n != 1 {
		t.Errorf("the hub is named %d times in the log:\n%s", n, &log)
	}

	base, kill = serve()
	h.works(h.from(base))
	for _, format := range []string{".atom", ".json", ".rss"} {
		waitFor(t, format, h.has("events"+format, "Grande foire"))
	}
	waitFor(t, "that it is kept", func() bool {
		data, _ := os.ReadFile(filepath.Join(dir, ".crieur", hubsName))
		return strings.Count(string(data), agendaBase) == 3
	})
	kill()
	h.check(t, 3)

	base, kill = serve()
	h.works(h.from(base))
	write("bal.md", strings.Replace(foire, "Foire", "Bal", 1))
	waitFor(t, "the next change", h.has("events.rss", "Bal"))
	kill()
	h.check(t, 6)
}

// With a bucket, from which readers are served, a hub is told when the bucket
// has what is new.
func TestHubsAreToldOfTheBucket(t *testing.T) {
	store, line := store(t)
	h := newTestHub(t)
	h.works(func(name string) (string, string) {
		o := store.Objects()[name]
		return string(o.Data), string(o.Data)
	})
	late := 0
	line.Meanwhile(func(_ int, what string, w http.ResponseWriter, _ *http.Request) bool {
		if what != "PUT events.atom" || late == 2 {
			return false
		}
		late++
		s3test.Refuse(w, http.StatusForbidden, "QuotaExceeded")
		return true
	})
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "crieur.yaml"), []byte(h.config()), 0o644)
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	s := start(t, dir, "-bucket", "s3://site")
	for _, format := range []string{".atom", ".json", ".rss"} {
		waitFor(t, format, h.has("events"+format, "Foire"))
	}
	h.check(t, 3)
	if !strings.Contains(s.log.String(), "quotaexceeded") {
		t.Errorf("the bucket was not late:\n%s", s.log)
	}
}

// A build into a bucket tells hubs, and says what it told; another one without a
// change does not.
func TestBuildTellsHubs(t *testing.T) {
	store, _ := store(t)
	h := newTestHub(t)
	fetch := func(name string) (string, string) {
		o := store.Objects()[name]
		return string(o.Data), string(o.Data)
	}
	h.works(fetch)
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "crieur.yaml"), []byte(h.config()), 0o644)
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	build := func(want string, args ...string) string {
		t.Helper()
		var said strings.Builder
		if code := run(t.Context(), append(append([]string{"build"}, args...), dir), &said, &said); code != exitOK || !strings.Contains(said.String(), want) {
			t.Errorf("it ends with %d: %s", code, &said)
		}
		return said.String()
	}
	build("the feeds name hubs, which are not told")
	build("and the hub "+h.URL+"/ was told of 3 feeds\n", "-bucket", "s3://site")
	if said := build("0 objects written", "-bucket", "s3://site"); strings.Contains(said, "hub") {
		t.Errorf("nothing has changed: %s", said)
	}
	h.check(t, 3)
	h.works(nil)
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(strings.Replace(foire, "Foire", "Grande foire", 1)), 0o644)
	build("the next time it is tried again", "-bucket", "s3://site")
	h.works(fetch)
	build("was told of 3 feeds", "-bucket", "s3://site")
	h.check(t, 6)
}

// What is only looked at is told to nobody, and hubs need an address to fetch.
func TestHubsOfDrafts(t *testing.T) {
	t.Parallel()
	h := newTestHub(t)
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "crieur.yaml"), []byte("timezone: Europe/Paris\nhubs: ["+h.URL+"/]\n"), 0o644)
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	s := start(t, dir, "-drafts")
	if body, r := s.get("events.atom"); r.Header.Get("Link") != "" || strings.Contains(body, h.URL) {
		t.Errorf("drafts name hubs: %q\n%s", r.Header.Get("Link"), body)
	}
	time.Sleep(1500 * time.Millisecond) // in which it would be told
	if s.stop() != exitOK {
		t.Error("it does not stop as it should")
	}
	h.check(t, 0)

	var said strings.Builder
	if code := run(t.Context(), []string{"build", dir}, &said, &said); code != exitUsage || !strings.Contains(said.String(), "hubs find the feeds by their address; give it with -base") {
		t.Errorf("without an address: %d, %s", code, &said)
	}
}
