package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestRowsArePublished(t *testing.T) {
	out, state := t.TempDir(), t.TempDir()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	calendar := func(rows []row) string {
		t.Helper()
		now = now.Add(time.Hour)
		if _, faults, err := publish(rows, out, state, now); err != nil || len(faults) > 0 {
			t.Fatal(faults, err)
		}
		data, err := os.ReadFile(filepath.Join(out, "events.ics"))
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(data), "\r\n ", "")
	}
	rows := query()
	first := calendar(rows)
	for _, want := range []string{
		"UID:course-1@college.brume.example\r\n",
		"DTSTART;TZID=Europe/Paris:20270112T183000\r\nDTEND;TZID=Europe/Paris:20270112T203000\r\n",
		"LOCATION:Workshop 3\r\n",
		"CONTACT:desk@college.brume.example\r\n",
		"Places are limited: write to us first.", // Markdown, as text
	} {
		if !strings.Contains(first, want) {
			t.Errorf("no %q in\n%s", want, first)
		}
	}
	if again := calendar(rows); again != first {
		t.Errorf("the same rows gave another calendar:\n%s", again)
	}

	rows[0].Place, rows[0].Changed = "Workshop 5", now
	if moved := calendar(rows); !strings.Contains(moved, "SEQUENCE:1\r\nSUMMARY:Bookbinding for beginners\r\n") {
		t.Errorf("an UPDATE should show as a revision:\n%s", moved)
	}
	if gone := calendar(rows[:1]); !strings.Contains(gone, "SEQUENCE:1\r\nSUMMARY:Maps with free software\r\n") || !strings.Contains(gone, "STATUS:CANCELLED\r\n") {
		t.Errorf("a DELETE should show as a cancellation:\n%s", gone)
	}
}
