package main

import (
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/crieur/crieur"
)

func event(title string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("---\ntitle: " + title + "\nevent_start_date: 2027-05-08 14:00:00 +02:00\ndate: 2026-11-02\n---\nOn the green.\n")}
}

func TestSiteInAnApplication(t *testing.T) {
	store, err := crieur.OpenStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	content := fstest.MapFS{"events/fair.md": event("Plant fair")}
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	a := &agenda{
		source: content,
		store:  store,
		config: crieur.Config{Base: "https://brume.example/agenda/", Language: "en", Timezone: "Europe/Paris"},
		clock:  func() time.Time { return now },
	}
	if faults, err := a.rebuild(); err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	mux := a.routes()
	do := func(method, path string) (int, string) {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w.Code, w.Body.String()
	}
	holds := func(method, path string, status int, text string) {
		t.Helper()
		if code, body := do(method, path); code != status || !strings.Contains(body, text) {
			t.Errorf("%s %s: status %d, want %d and %q in\n%s", method, path, code, status, text, body)
		}
	}
	holds("GET", "/", 200, "The application itself")
	holds("GET", "/agenda/", 200, "https://brume.example/agenda/events.ics")
	holds("GET", "/agenda/events.ics", 200, "SEQUENCE:0\r\nSUMMARY:Plant fair\r\n")
	holds("GET", "/agenda/none.ics", 404, "")

	// An edit shows after the rebuild, as a new revision of the same event.
	content["events/fair.md"] = event("Plant and seed fair")
	holds("GET", "/agenda/events.ics", 200, "SUMMARY:Plant fair\r\n")
	holds("POST", "/rebuild", 200, "")
	holds("GET", "/agenda/events.ics", 200, "SEQUENCE:1\r\nSUMMARY:Plant and seed fair\r\n")

	// A typing error is told with its place and takes nothing away.
	_, before := do("GET", "/agenda/events.ics")
	content["events/fair.md"] = &fstest.MapFile{Data: []byte("---\ntitle: [Plant fair\n---\n")}
	holds("POST", "/rebuild", 200, "events/fair.md:")
	if _, after := do("GET", "/agenda/events.ics"); after != before {
		t.Errorf("the calendar changed:\n%s", after)
	}
}
