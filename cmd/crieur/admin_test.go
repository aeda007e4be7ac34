package main

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/crieur/crieur"
)

// administered is a serve command with an admin address.
func administered(t *testing.T, args ...string) (s *session, admin *http.Client) {
	t.Helper()
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	os.WriteFile(filepath.Join(dir, "crieur.yaml"), []byte("base: https://agenda.brume.example/\ntimezone: Europe/Paris\n"), 0o644)
	name := filepath.Join(t.TempDir(), "admin")
	return start(t, dir, append([]string{"-admin", "unix:" + name}, args...)...), clientOf("unix", name)
}

func (s *session) report(admin *http.Client, method, path string) (code int, r statusReport) {
	s.t.Helper()
	code, body := ask(s.t, admin, method, path)
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		s.t.Fatalf("%d %v\n%s", code, err, body)
	}
	return code, r
}

func TestAdmin(t *testing.T) {
	s, admin := administered(t)
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ok\nwatching: events", "/": "/rebuild"} {
		if code, body := ask(t, admin, "GET", path); code != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %q", path, code, body)
		}
	}
	for _, c := range []struct {
		method, path string
		want         int
	}{{"GET", "/rebuild", 405}, {"POST", "/status", 405}, {"GET", "/debug/pprof/", 404}, {"GET", "/events.ics", 404}} {
		if code, _ := ask(t, admin, c.method, c.path); code != c.want {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, code, c.want)
		}
	}
	r, _ := http.NewRequest("POST", "http://localhost/rebuild", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if answer, err := admin.Do(r); err != nil || answer.StatusCode != http.StatusForbidden {
		t.Errorf("another site may ask: %v", err)
	}

	_, first := s.report(admin, "GET", "/status")
	if first.Generation != 1 || !first.Ready || !first.Alive || !first.UpToDate || first.Events != 1 || first.Documents == 0 || first.Build.Why != "start" ||
		first.NextChange.IsZero() || first.Watch.Mode != "events" || first.Watch.Files != 3 || first.Publication.Written != first.Documents {
		t.Errorf("at first %+v", first)
	}
	s.get("events.ics")
	s.write("foire.md", strings.Replace(foire, "Foire", "Grande foire", 1))
	s.write("bal.md", "---\ntitle: [\n---\n")
	s.until("the change", "events.ics", has("SUMMARY:Grande foire"))
	code, now := s.report(admin, "POST", "/rebuild")
	if code != 200 || now.Generation != 2 || now.Build.Why != "asked" || now.Errors != 1 || len(now.Faults) == 0 || now.Requests.Total < 2 {
		t.Errorf("after a change %d %+v", code, now)
	}
	f := now.Faults[0]
	if f.File != filepath.Join(s.dir, "bal.md") || f.Line != 2 || f.Column == 0 || f.Rule == "" || f.Message == "" {
		t.Errorf("%+v", f)
	}

	// What is broken is said, and what is served stays ready.
	s.write("crieur.yaml", "titel: x\n")
	if code, now = s.report(admin, "POST", "/rebuild"); code != 500 || !strings.Contains(now.Config, "unknown key") || !now.Ready {
		t.Errorf("with a broken configuration %d %+v", code, now)
	}
	if code, body := ask(t, admin, "GET", "/readyz"); code != 200 || !strings.Contains(body, "unknown key") {
		t.Errorf("%d %s", code, body)
	}
}

func TestMetrics(t *testing.T) {
	s, admin := administered(t)
	_, r := s.get("events.ics")
	again, _ := http.NewRequest("GET", s.base+"events.ics", nil)
	again.Header.Set("If-None-Match", r.Header.Get("ETag"))
	if answer, err := http.DefaultClient.Do(again); err != nil || answer.StatusCode != 304 {
		t.Fatal(err)
	}
	s.write("foire.md", strings.Replace(foire, "Foire", "Grande foire", 1))
	s.until("the change", "events.html", has("Grande foire"))
	s.report(admin, "POST", "/rebuild")
	_, text := ask(t, admin, "GET", "/metrics")
	for _, want := range []string{
		`crieur_http_requests_total{code="200",coding="gzip",kind="ics"} 1`,
		`crieur_http_requests_total{code="304",coding="identity",kind="ics"} 1`,
		`crieur_changes_total{change="new"} 1`,
		`crieur_changes_total{change="changed"} 1`,
		`crieur_records{kind="event"} 1`,
		`crieur_generation 2`,
		`crieur_ready 1`,
		`crieur_alive 1`,
		`crieur_up_to_date 1`,
		`crieur_config_last_reload_successful 1`,
		`crieur_change_delay_seconds_count 1`,
		`crieur_watch_files 3`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no %s", want)
		}
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "crieur_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// Who asks for a build while a file is missing is answered when it is known whether it comes back.
func TestRebuildWaits(t *testing.T) {
	s, admin := administered(t)
	s.write("bal.md", strings.Replace(foire, "Foire", "Bal", 1))
	s.until("the second event", "events.ics", has("SUMMARY:Bal"))
	if err := os.Remove(filepath.Join(s.dir, "bal.md")); err != nil {
		t.Fatal(err)
	}
	if code, r := s.report(admin, "POST", "/rebuild"); code != 200 || !r.UpToDate {
		t.Errorf("%d %+v", code, r)
	}
	if text, _ := s.get("events.ics"); !has("STATUS:CANCELLED")(text) {
		t.Error(text)
	}
}

// Who asks for a build has the folder put right.
func TestRebuildLooksAtAllFiles(t *testing.T) {
	s, admin := administered(t)
	s.write("bal.md", strings.Replace(foire, "Foire", "Bal", 1))
	s.until("the second event", "events.ics", has("SUMMARY:Bal"))
	name := filepath.Join(s.dir, "public", "event", "foire.ics")
	want, err := os.ReadFile(name)
	if err == nil {
		err = os.WriteFile(name, []byte("edited"), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	if code, r := s.report(admin, "POST", "/rebuild"); code != 200 || !r.UpToDate {
		t.Errorf("%d %+v", code, r)
	}
	if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s, %v", got, err)
	}
}

// What others may reach is warned about, and so is what nobody can.
func TestAdminWarnings(t *testing.T) {
	for what, c := range map[string]struct {
		args []string
		want string
	}{
		"public":   {[]string{"-admin", "0.0.0.0:0"}, "may be reached from other machines"},
		"profiles": {[]string{"-pprof"}, "which is not given"},
	} {
		if s := start(t, newContent(t), c.args...); !has(c.want)(s.log.String()) {
			t.Errorf("%s: nothing of %q in\n%s", what, c.want, s.log)
		}
	}
}

func TestProfiles(t *testing.T) {
	_, admin := administered(t, "-pprof")
	if code, body := ask(t, admin, "GET", "/debug/pprof/goroutine?debug=1"); code != 200 || !strings.Contains(body, "goroutine profile") {
		t.Errorf("%d %s", code, body)
	}
}

// A loop that is stuck, and a service that has nothing to serve or stops, are told apart.
func TestUnwell(t *testing.T) {
	s := newServing(&options{}, nil, sockets{}, nil)
	a := admin{options: s.options, status: &s.status, pulse: s.pulse, metrics: s.metrics}
	h := a.handler()
	code := func(path string) int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w.Code
	}
	check := func(what string, healthz, readyz int) {
		t.Helper()
		if got := [2]int{code("/healthz"), code("/readyz")}; got != [2]int{healthz, readyz} {
			t.Errorf("%s: %v", what, got)
		}
	}
	check("not begun", 503, 503)
	s.pulse.work()
	check("the first build", 200, 503)
	site, _, _ := crieur.Build(fstest.MapFS{}, crieur.Config{}, nil, time.Now())
	s.set(site)
	check("serving", 200, 200)
	s.pulse.allow(-time.Second, false)
	check("stuck", 503, 200)
	s.pulse.beat()
	s.status.update(func(st *state) { st.stopping = true })
	check("stopping", 200, 503)
}

func TestExposed(t *testing.T) {
	for address, want := range map[string]bool{"127.0.0.1:0": false, "[::1]:0": false, "unix:" + filepath.Join(t.TempDir(), "s"): false, ":0": true, "0.0.0.0:0": true} {
		l, err := open(address)
		if err != nil {
			t.Log(err) // a machine without IPv6
			continue
		}
		if exposed(l) != want {
			t.Errorf("%s: %v", address, !want)
		}
		l.Close()
	}
}

// A socket that a dead process left is replaced; one that is in use is not, nor is a file.
func TestSocketsInTheFileSystem(t *testing.T) {
	name := filepath.Join(t.TempDir(), "socket")
	l, err := open("unix:" + name)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o660 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if _, err := open("unix:" + name); err == nil || !strings.Contains(err.Error(), "another process listens there") {
		t.Errorf("in use: %v", err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false) // as it is when a process is killed
	l.Close()
	if l, err = open("unix:" + name); err != nil {
		t.Fatalf("left behind: %v", err)
	}
	l.Close()
	os.WriteFile(name, []byte("a file"), 0o644)
	if _, err := open("unix:" + name); err == nil {
		t.Error("a file was replaced")
	}
}

func TestMemoryLimit(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	for what, c := range map[string]struct {
		root fstest.MapFS
		want int64
	}{
		"no groups":        {fstest.MapFS{}, 0},
		"version 1":        {fstest.MapFS{"proc/self/cgroup": file("4:memory:/a\n"), "sys/fs/cgroup/memory.max": file("1000\n")}, 0},
		"no limit":         {fstest.MapFS{"proc/self/cgroup": file("0::/a\n"), "sys/fs/cgroup/a/memory.max": file("max\n")}, 0},
		"its own":          {fstest.MapFS{"proc/self/cgroup": file("0::/a/b\n"), "sys/fs/cgroup/a/b/memory.max": file("1000\n")}, 900},
		"one above":        {fstest.MapFS{"proc/self/cgroup": file("0::/a/b\n"), "sys/fs/cgroup/a/b/memory.max": file("1000\n"), "sys/fs/cgroup/a/memory.max": file("500\n")}, 450},
		"of the container": {fstest.MapFS{"proc/self/cgroup": file("0::/\n"), "sys/fs/cgroup/memory.max": file("1000\n")}, 900},
		"nonsense":         {fstest.MapFS{"proc/self/cgroup": file("0::/\n"), "sys/fs/cgroup/memory.max": file("-1\n")}, 0},
	} {
		if got := memoryLimit(c.root); got != c.want {
			t.Errorf("%s: %d, want %d", what, got, c.want)
		}
	}
}
