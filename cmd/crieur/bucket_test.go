package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/crieur/crieur/internal/s3test"
)

const secret = "valmeuse-secret"

// store serves a store, to which the environment leads.
func store(t *testing.T) (*s3test.Store, *s3test.Line) {
	s := s3test.NewStore(nil)
	l := &s3test.Line{Store: s}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{"AWS_ENDPOINT_URL": server.URL, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "crieur", "AWS_SECRET_ACCESS_KEY": secret} {
		t.Setenv(name, value)
	}
	return s, l
}

// waitFor asks until ok, as readers do.
func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for began := time.Now(); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatalf("%s: never seen", what)
		}
	}
}

func TestBuildIntoBucket(t *testing.T) {
	s, _ := store(t)
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	crieur := func(args ...string) (code int, said string) {
		var out bytes.Buffer
		code = run(t.Context(), append(append([]string{"build"}, args...), dir), &out, &out)
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q tells the key: %s", args, &out)
		}
		return code, out.String()
	}
	const base, bucket = "-base=https://agenda.brume.example/", "-bucket=s3://site/agenda"
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{bucket}, exitUsage, "subscribers find s3://site/agenda by another address"},
		{[]string{base, "-drafts", bucket}, exitUsage, "give one of them"},
		{[]string{base, "-bucket=agenda"}, exitUsage, "want the form s3://name"},
		{[]string{base, "-bucket=s3://other"}, exitUsage, "there is no bucket other"},
		{[]string{base, bucket}, exitOK, "and into s3://site/agenda (12 objects written, 0 unchanged, 0 removed)"},
		{[]string{base, bucket}, exitOK, "and into s3://site/agenda (0 objects written, 12 unchanged, 0 removed)"},
	} {
		if code, said := crieur(c.args...); code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%q ends with %d: %s\nwant %d and %q", c.args, code, said, c.code, c.says)
		}
	}
	on, err := os.ReadFile(filepath.Join(dir, "public", "events.ics"))
	if err != nil || string(on) != string(s.Objects()["agenda/events.ics"].Data) {
		t.Errorf("the folder has something else: %v", err)
	}

	// What others removed comes back; a memory that is lost publishes nothing.
	s.Remove("agenda/events.ics")
	if code, said := crieur(base, bucket); code != exitOK || !strings.Contains(said, "(1 object written") {
		t.Errorf("after a removal: %d, %s", code, said)
	}
	for _, lost := range []string{".crieur", "public"} {
		if err := os.RemoveAll(filepath.Join(dir, lost)); err != nil {
			t.Fatal(err)
		}
	}
	before := string(s.Objects()["agenda/events.ics"].Data)
	os.WriteFile(filepath.Join(dir, "bal.md"), []byte(strings.Replace(foire, "Foire", "Bal", 1)), 0o644)
	if code, said := crieur(base, bucket, "-now=2026-01-03"); code != exitUsage || !strings.Contains(said, "published with another history") {
		t.Errorf("without a history: %d, %s", code, said)
	}
	if string(s.Objects()["agenda/events.ics"].Data) != before {
		t.Error("without a history, something was published")
	}
}

// A process may be killed, truly, at any request: the next one makes the bucket what
// the folder is, and what others stored there stays.
func TestKilledWhileStoring(t *testing.T) {
	s, l := store(t)
	program, err := exec.LookPath("crieur") // made by testscript.Main
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	build := func() *exec.Cmd {
		return exec.Command(program, "build", "-base=https://agenda.brume.example/", "-bucket=s3://site", dir)
	}
	s.Set("autre.txt", "not ours")
	kills := 0
	for n, killed := 1, true; killed; n += 3 {
		title := fmt.Sprintf("Foire %d", n)
		os.WriteFile(filepath.Join(dir, "foire.md"), []byte(strings.Replace(foire, "Foire", title, 1)), 0o644)
		os.WriteFile(filepath.Join(dir, fmt.Sprintf("bal-%d.md", n)), []byte(strings.Replace(foire, "Foire", "Bal", 1)), 0o644)
		victim := build()
		killed = false
		started := make(chan struct{})
		l.Meanwhile(func(i int, _ string, _ http.ResponseWriter, _ *http.Request) bool {
			<-started
			if i >= n && !killed {
				killed = victim.Process.Kill() == nil
			}
			return killed && i%2 == 0 // some are carried out, and some are not
		})
		if err := victim.Start(); err != nil {
			t.Fatal(err)
		}
		close(started)
		victim.Wait()
		l.Meanwhile(nil)
		if killed {
			kills++
		}
		if out, err := build().CombinedOutput(); err != nil {
			t.Fatalf("killed at %d, and then: %v\n%s", n, err, out)
		}
		objects := s.Objects()
		if string(objects["autre.txt"].Data) != "not ours" || !strings.Contains(string(objects["events.ics"].Data), title) {
			t.Errorf("killed at %d: something is not as it should be", n)
		}
		files := 1 // of others
		filepath.WalkDir(filepath.Join(dir, "public"), func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			files++
			name, _ := filepath.Rel(filepath.Join(dir, "public"), p)
			data, err := os.ReadFile(p)
			if o := objects[filepath.ToSlash(name)]; name != ".crieur.json" && (err != nil || !bytes.Equal(o.Data, data)) {
				t.Errorf("killed at %d: %s is another in the bucket: %v", n, name, err)
			}
			return nil
		})
		if files != len(objects) || t.Failed() {
			t.Fatalf("killed at %d: %d files, and %d objects", n, files, len(objects))
		}
	}
	if kills < 5 {
		t.Errorf("killed %d times", kills)
	}
}

// doctor asks the store, and changes nothing.
func TestDoctorOfBucket(t *testing.T) {
	s, l := store(t)
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	crieur := func(command string) string {
		var out bytes.Buffer
		args := []string{command, "-base=https://agenda.brume.example/", "-bucket=s3://site", dir}
		if command == "doctor" {
			args = slices.Insert(args, 1, "-addr=127.0.0.1:0")
		}
		run(t.Context(), args, &out, &out)
		return out.String()
	}
	says := func(want string) {
		t.Helper()
		l.Requests()
		if said := crieur("doctor"); !strings.Contains(said, want) || strings.Contains(said, secret) {
			t.Errorf("doctor says\n%s\nwant %q", said, want)
		}
		for _, r := range l.Requests() {
			if strings.HasPrefix(r, "PUT") || strings.HasPrefix(r, "DELETE") {
				t.Errorf("doctor asked for %s", r)
			}
		}
	}
	says("good  bucket: s3://site can be read, and nothing is stored there yet\n")
	crieur("build")
	says("good  bucket: 12 documents in s3://site\n")
	s.Remove("events.ics")
	says("warn  bucket: 1 of 12 documents in s3://site are not as they were left; “crieur build” and “crieur serve” store them again\n")
	l.Meanwhile(func(_ int, _ string, w http.ResponseWriter, _ *http.Request) bool {
		s3test.Refuse(w, http.StatusForbidden, "AccessDenied")
		return true
	})
	says("bad   bucket: reading s3://site/.crieur.json: access is denied")
	l.Meanwhile(nil)
	if err := os.RemoveAll(filepath.Join(dir, ".crieur")); err != nil {
		t.Fatal(err)
	}
	says("bad   bucket: s3://site/.crieur.json: it was published before, and there is no history of it")
}

// A store that overwrites blindly is told of.
func TestBlindBucket(t *testing.T) {
	s, _ := store(t)
	s.Lax = true
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	var out bytes.Buffer
	if code := run(t.Context(), []string{"build", "-base=https://agenda.brume.example/", "-bucket=s3://site", dir}, &out, &out); code != exitOK || !strings.Contains(out.String(), "the store of s3://site knows no conditions") {
		t.Errorf("%d, %s", code, &out)
	}
}

// A store that fails holds nothing up: it is told once, and tried again.
func TestServeIntoBucket(t *testing.T) {
	store, line := store(t)
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	name := filepath.Join(t.TempDir(), "admin")
	s, admin := start(t, dir, "-base", "https://agenda.brume.example/", "-bucket", "s3://site", "-admin", "unix:"+name), clientOf("unix", name)
	stored := func(what, text string) {
		t.Helper()
		waitFor(t, what, func() bool { return strings.Contains(string(store.Objects()["events.ics"].Data), text) })
	}
	stored("the first", "SUMMARY:Foire")
	s.write("bal.md", strings.Replace(foire, "Foire", "Bal", 1))
	stored("a new one", "SUMMARY:Bal")

	full := make(chan struct{}, 100)
	line.Meanwhile(func(_ int, what string, w http.ResponseWriter, _ *http.Request) bool {
		if what != "PUT events.ics" {
			return false
		}
		s3test.Refuse(w, http.StatusForbidden, "QuotaExceeded")
		full <- struct{}{}
		return true
	})
	s.write("concert.md", strings.Replace(foire, "Foire", "Concert", 1))
	s.until("the event that cannot be stored", "events.ics", has("SUMMARY:Concert"))
	<-full
	<-full
	if code, body := ask(t, admin, "GET", "/readyz"); code != 200 || !strings.Contains(body, "wrong: not everything could be stored in the bucket: writing s3://site/events.ics") {
		t.Errorf("ready: %d %s", code, body)
	}
	if _, r := s.report(admin, "GET", "/status"); r.Bucket == nil || r.Bucket.UpToDate || r.Bucket.Trouble == "" || r.Bucket.Written == 0 || r.Bucket.Address != "s3://site" || !r.UpToDate {
		t.Errorf("status %+v", r.Bucket)
	}
	line.Meanwhile(nil)
	stored("the event that could not be stored", "SUMMARY:Concert")
	waitFor(t, "the end of the trouble", func() bool { return strings.Contains(s.log.String(), "everything is in s3://site again") })
	waitFor(t, "the status", func() bool { _, r := s.report(admin, "GET", "/status"); return r.Bucket.UpToDate })
	if _, r := s.report(admin, "GET", "/status"); !r.Bucket.UpToDate || r.Bucket.Trouble != "" || r.Bucket.Success.IsZero() {
		t.Errorf("status %+v", r.Bucket)
	}
	if _, text := ask(t, admin, "GET", "/metrics"); !strings.Contains(text, "crieur_bucket_up_to_date 1\n") {
		t.Errorf("metrics %s", text)
	}
	if s.stop() != exitOK {
		t.Error("it does not stop as it should")
	}
	if log := s.log.String(); strings.Count(log, "QuotaExceeded")+strings.Count(log, "quotaexceeded") != 1 || strings.Contains(log, secret) {
		t.Errorf("the log is\n%s", log)
	}
}

// A store that never answers does not keep a process from stopping.
func TestStopWhileStoring(t *testing.T) {
	_, line := store(t)
	asked := make(chan struct{}, 1)
	line.Meanwhile(func(_ int, _ string, _ http.ResponseWriter, r *http.Request) bool {
		select {
		case asked <- struct{}{}:
		default:
		}
		<-r.Context().Done()
		return true
	})
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	s := start(t, dir, "-base", "https://agenda.brume.example/", "-bucket", "s3://site")
	<-asked
	if s.stop() != exitOK {
		t.Error("it does not stop as it should")
	}
}
