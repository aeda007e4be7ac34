package main

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/crieur/crieur/calendar"
)

func TestCalendar(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := encode(regattas(zone), zone)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"DTSTART;TZID=Europe/Paris:20270418T093000\r\nDTEND;TZID=Europe/Paris:20270418T123000\r\n",
		"DTSTART;VALUE=DATE:20270508\r\nDTEND;VALUE=DATE:20270509\r\n",
		"SUMMARY:Open day\\, beginners welcome\r\n",
		"SEQUENCE:1\r\nSUMMARY:Night race\r\nLOCATION:Lac de Brume\r\nSTATUS:CANCELLED\r\n",
	} {
		if !strings.Contains(string(doc), want) {
			t.Errorf("no %q in\n%s", want, doc)
		}
	}

	changed := time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC)
	w := httptest.NewRecorder()
	handler(doc, changed).ServeHTTP(w, httptest.NewRequest("GET", "/rowing.ics", nil))
	if got := w.Header().Get("Content-Type"); got != calendar.MediaType || w.Body.String() != string(doc) {
		t.Errorf("status %d, type %q, %d bytes; want the calendar", w.Code, got, w.Body.Len())
	}
	again := httptest.NewRequest("GET", "/rowing.ics", nil)
	again.Header.Set("If-Modified-Since", w.Header().Get("Last-Modified"))
	w = httptest.NewRecorder()
	if handler(doc, changed).ServeHTTP(w, again); w.Code != 304 {
		t.Errorf("status %d for what the reader has, want 304", w.Code)
	}
}

func TestEveryFaultIsTold(t *testing.T) {
	start := time.Date(2027, 4, 18, 9, 30, 0, 0, time.UTC)
	doc, err := encode([]regatta{{id: "a", name: "No date of change", start: start}, {id: "b", name: "Ends first", start: start, length: -time.Hour, changed: start}}, time.UTC)
	if err == nil || len(doc) != 0 {
		t.Fatalf("%d bytes and %v, want no byte and two faults", len(doc), err)
	}
	if text := err.Error(); !strings.Contains(text, "a@rowing") || !strings.Contains(text, "b@rowing") {
		t.Errorf("faults of both records should be told: %v", err)
	}
}
