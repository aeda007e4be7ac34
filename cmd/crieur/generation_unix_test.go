//go:build unix

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// hold has whoever publishes into a folder wait until release: who opens a pipe waits for somebody at its other end.
func hold(t *testing.T, folder string) (release func()) {
	t.Helper()
	list, pipe := filepath.Join(folder, ".crieur.json"), filepath.Join(t.TempDir(), "pipe")
	err := syscall.Mkfifo(pipe, 0o644)
	if err == nil {
		err = os.Rename(pipe, list)
	}
	if err != nil {
		t.Fatal(err)
	}
	release = sync.OnceFunc(func() {
		f, err := os.OpenFile(list, os.O_RDWR, 0) // which waits for nobody
		if err == nil {
			err = os.Remove(list)
		}
		if err != nil {
			t.Error(err)
		}
		f.Close()
	})
	t.Cleanup(release)
	return release
}

// Readers have what changes, again and again, while the folder takes its time. It gets the last of it; who asked for a build is
// answered then, and not before, and a process that stops waits for it.
func TestReadersDoNotWaitForTheFolder(t *testing.T) {
	s, admin := administered(t)
	public := filepath.Join(s.dir, "public")
	s.until("the first documents", "events.ics", has("SUMMARY:Foire"))
	if code, _ := s.report(admin, "POST", "/rebuild"); code != 200 {
		t.Fatal(code)
	}
	written, err := os.ReadFile(filepath.Join(public, "events.ics"))
	if err != nil {
		t.Fatal(err)
	}
	release := hold(t, public)
	for _, title := range []string{"Foire une", "Foire deux", "Foire trois"} {
		s.write("foire.md", strings.Replace(foire, "Foire", title, 1))
		s.until("what is not in the folder yet", "events.ics", has("SUMMARY:"+title))
	}
	if now, _ := os.ReadFile(filepath.Join(public, "events.ics")); string(now) != string(written) {
		t.Error("it did not wait")
	}
	if _, now := s.report(admin, "GET", "/status"); now.UpToDate || !now.Ready {
		t.Errorf("%+v", now)
	}
	if _, err := os.Stat(filepath.Join(s.dir, ".crieur", "shown")); err != nil {
		t.Error("it is not noted what readers have: ", err)
	}
	answered := make(chan string, 1)
	go func() {
		answer, err := admin.Post("http://localhost/rebuild", "", nil)
		if err != nil {
			answered <- err.Error()
			return
		}
		answer.Body.Close()
		answered <- answer.Status
	}()
	s.status(admin, func(now statusReport) bool { return now.Build.Why == "asked" })
	if len(answered) > 0 {
		t.Error("who asked for a build is answered before it is done: ", <-answered)
	}
	s.write("foire.md", strings.Replace(foire, "Foire", "Foire quatre", 1))
	s.until("what is not in the folder yet", "events.ics", has("SUMMARY:Foire quatre"))

	release()
	if status := <-answered; status != "200 OK" {
		t.Errorf("who asked for a build is told %s", status)
	}
	s.stop()
	now, err := os.ReadFile(filepath.Join(public, "events.ics"))
	if err != nil || !strings.Contains(string(now), "SUMMARY:Foire quatre") {
		t.Errorf("%v\n%s", err, now)
	}
	if _, err := os.Stat(filepath.Join(s.dir, ".crieur", "shown")); err == nil {
		t.Error("it is noted for good that readers have more than the folder")
	}
	if n := strings.Count(s.log.String(), "published why="); n > 4 {
		t.Errorf("it was written %d times\n%s", n, s.log)
	}
}

// That something was written at last says nothing of the content, which is gone.
func TestTroubleStaysWhileTheFolderIsWritten(t *testing.T) {
	public := filepath.Join(t.TempDir(), "public")
	s, admin := administered(t, "-out", public)
	if code, _ := s.report(admin, "POST", "/rebuild"); code != 200 {
		t.Fatal(code)
	}
	release := hold(t, public)
	s.write("foire.md", strings.Replace(foire, "Foire", "Bal", 1))
	s.until("what is not in the folder yet", "events.ics", has("SUMMARY:Bal"))
	if err := os.Rename(s.dir, s.dir+".away"); err != nil {
		t.Fatal(err)
	}
	before := s.status(admin, func(now statusReport) bool { return strings.Contains(now.Trouble, "is gone") })
	release()
	now := s.status(admin, func(now statusReport) bool { return now.Publication.Success.After(before.Publication.Success) })
	if !strings.Contains(now.Trouble, "is gone") || now.UpToDate {
		t.Errorf("%+v", now)
	}

	// Who asks meanwhile for all files to be looked at has them looked at when the content is back.
	events := filepath.Join(public, "events.ics")
	if err := os.WriteFile(events, []byte("damaged"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _ := s.report(admin, "POST", "/rebuild"); code != 500 {
		t.Error(code)
	}
	if err := os.Rename(s.dir+".away", s.dir); err != nil {
		t.Fatal(err)
	}
	s.status(admin, func(now statusReport) bool { return now.UpToDate && now.Trouble == "" })
	if data, err := os.ReadFile(events); err != nil || !strings.Contains(string(data), "SUMMARY:Bal") {
		t.Errorf("%v\n%s", err, data)
	}
}

// status asks for the status until it is as it should be.
func (s *session) status(admin *http.Client, ok func(statusReport) bool) (now statusReport) {
	s.t.Helper()
	for began := time.Now(); time.Since(began) < 20*time.Second; time.Sleep(time.Millisecond) {
		if _, now = s.report(admin, "GET", "/status"); ok(now) {
			return now
		}
	}
	s.t.Fatalf("never: %+v\n%s", now, s.log)
	return now
}
