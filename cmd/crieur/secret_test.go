package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// newSecretContent is a folder with a public event, and marked ones that are private.
func newSecretContent(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	s := &session{t: t, dir: dir}
	s.write("crieur.yaml", "base: http://localhost/agenda/\ntimezone: Europe/Paris\nchannels:\n- name: agents\n  secret: true\n  path: interne\n")
	s.write("agenda/bal.md", "---\ntitle: Bal\nstart: 2099-05-08 21:00\n---\n")
	s.write("interne/reunion.md", "---\ntitle: MARQUE\nstart: 2099-03-02 09:00\nend: 2099-03-02 MARQUE\nlieu: Salle MARQUE\n---\nMARQUE\n")
	s.write("interne/atelier.md", "---\ntitle: Atelier MARQUE\nstart: 2099-03-03 09:00\n---\n")
	return dir
}

// addresses are those that the command shows.
func addresses(t *testing.T, args ...string) []string {
	t.Helper()
	return regexp.MustCompile(`http\S+`).FindAllString(said(t, append([]string{"secret"}, args...)...), -1)
}

func TestServeSecret(t *testing.T) {
	dir := newSecretContent(t)
	shown := addresses(t, dir)
	if len(shown) != 4 || !strings.HasPrefix(shown[0], "http://localhost/agenda/s/") {
		t.Fatal(shown)
	}
	admin := filepath.Join(t.TempDir(), "admin")
	s := start(t, dir, "-access-log", "-admin", "unix:"+admin)
	path := func(address string) string { return strings.TrimPrefix(address, "http://localhost/agenda/") }
	ask := func(name string) (string, int) {
		body, r := s.get(name)
		return body, r.StatusCode
	}
	s.until("the private event", path(shown[0]), has("SUMMARY:Atelier MARQUE"))
	if body, code := ask("agenda/" + path(shown[0])); code != 200 || !strings.Contains(body, "MARQUE") {
		t.Errorf("below the base: %d", code)
	}
	_, r := s.get(path(shown[0]))
	if r.Header.Get("Cache-Control") != "private, no-cache" || r.Header.Get("Access-Control-Allow-Origin") != "" || r.Header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("the header is %v", r.Header)
	}
	token := strings.Split(path(shown[0]), "/")[1]
	for _, wrong := range []string{"s/" + token, "s/" + token + "/", "S/" + token + "/agents.ics", "s/" + token + "x/agents.ics", "s/%20/" + token + "/agents.ics", "agenda/s/" + token + "/x.ics", "s/" + token + "/agents.ics/"} {
		if _, code := ask(wrong); code != 404 {
			t.Errorf("%s: %d", wrong, code)
		}
	}

	// A change is logged without what it says.
	s.write("interne/atelier.md", "---\ntitle: Atelier nouveau MARQUE\nstart: 2099-03-03 10:00\n---\n")
	s.until("the change", path(shown[0]), has("nouveau MARQUE"))

	// Another token opens it as well, then alone.
	both := addresses(t, "-new", "agents", dir)
	if len(both) != 8 {
		t.Fatal(both)
	}
	waitUntil(t, "the new token", func() bool { _, code := ask(path(both[4])); return code == 200 })
	if _, code := ask(path(shown[0])); code != 200 {
		t.Errorf("the old address is answered with %d", code)
	}
	if alone := addresses(t, "-revoke", "agents", dir); len(alone) != 4 || alone[0] != both[4] {
		t.Fatal(alone)
	}
	waitUntil(t, "the end of the old token", func() bool { _, code := ask(path(shown[0])); return code == 404 })

	// A file that cannot be believed takes no token away.
	file := filepath.Join(dir, ".crieur", "tokens")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("agents kurz\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "a warning", func() bool { return strings.Contains(s.log.String(), "those in force stay") })
	if _, code := ask(path(both[4])); code != 200 {
		t.Errorf("a broken file of tokens closed the channel: %d", code)
	}
	os.WriteFile(file, good, 0o600)

	// Nothing of all this is told to anybody.
	public := s.log.String()
	for _, page := range []string{"/status", "/metrics", "/readyz", "/"} {
		public += askAdmin(t, admin, page)
	}
	filepath.WalkDir(filepath.Join(dir, "public"), func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			data, _ := os.ReadFile(p)
			public += p + string(data)
		}
		return err
	})
	for _, text := range []string{"MARQUE", "marque", token, strings.Split(path(both[4]), "/")[1], "kurz"} {
		if i := strings.Index(public, text); i >= 0 {
			t.Errorf("%q is told: …%s…", text, public[max(0, i-200):min(len(public), i+100)])
		}
	}
	if !strings.Contains(public, "path=/s/…/agents.ics") || !strings.Contains(public, "interne/reunion.md") {
		t.Errorf("the log does not say what may be said:\n%s", s.log)
	}
	s.stop()

	// The next process answers it at once.
	if info, err := os.Stat(filepath.Join(dir, ".crieur", "secret")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("what is kept for it: %v %v", info, err)
	}
	s = start(t, dir)
	if body, code := ask(path(both[4])); code != 200 || !strings.Contains(body, "nouveau MARQUE") {
		t.Errorf("after a restart: %d", code)
	}
}

func waitUntil(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for began := time.Now(); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatal("never seen: ", what)
		}
	}
}

// Whoever reads the log cannot tell what was asked for, however it was mistyped.
func TestWithoutToken(t *testing.T) {
	for path, want := range map[string]string{
		"/events.ics": "/events.ics", "/": "/", "/event/s.html": "/event/s.html", "/events/tag/s.ics": "/events/tag/s.ics",
		"/s/TOKEN/agents.ics": "/s/…/agents.ics", "/s/TOKEN": "/s/…", "/s/TOKEN/": "/s/…/", "/S/TOKEN/agents.ics": "/S/…/agents.ics",
		"//s//TOKEN//agents.ics": "//s//…//agents.ics", "/agenda/s/TOKEN/agents.rss": "/agenda/s/…/agents.rss", "/s/TOKEN/x/y.z": "/s/…/…/y.z",
		"/s/TOKEN/agents": "/s/…/…", "/s/TOKEN.ics": "/s/…", "/s": "/s", "/s/": "/s/", "/s/x/TOKEN": "/s/…/…",
		"/s/agents/TOKENTOKENTOKENTOKENTO.ics": "/s/…/…", "/s//TOKEN.ics": "/s//…",
	} {
		if got := withoutToken(path); got != want {
			t.Errorf("%q: found %q, want %q", path, got, want)
		}
	}
	var log bytes.Buffer
	h := metered(http.NotFoundHandler(), new(meter), (&options{logFormat: "json"}).logger(&log).Handler())
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/%73/TOKEN%2Fagents.ics?TOKEN", nil))
	if strings.Contains(log.String(), "TOKEN") {
		t.Error(log.String())
	}
}

func TestReadTokens(t *testing.T) {
	name := filepath.Join(t.TempDir(), "tokens")
	if tokens, err := readTokens(name); tokens != nil || err != nil {
		t.Errorf("no file: %v, %v", tokens, err)
	}
	const good = "k7q2m4xw9t3c8v5n1h6r0p2d"
	want := map[string][]string{"agents": {good, good + "2"}, "rh": {good + "3"}}
	if err := writeTokens(name, want); err != nil {
		t.Fatal(err)
	}
	if got, err := readTokens(name); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("found %v, %v", got, err)
	}
	if openToOthers(name) {
		t.Error("others can read what was written")
	}
	for _, text := range []string{"agents", "agents " + good + " more", "agents short", "a " + good + "\nb " + good} {
		os.WriteFile(name, []byte(text), 0o600)
		if _, err := readTokens(name); err == nil || strings.Contains(err.Error(), good) || strings.Contains(err.Error(), "short") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func askAdmin(t *testing.T, socket, path string) string {
	t.Helper()
	r, err := clientOf("unix", socket).Get("http://admin" + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
