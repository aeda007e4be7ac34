package calendar

import (
	"bytes"
	"testing"
	"time"
)

// updated is when the events of the tests last changed.
var updated = time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC)

func zoneNamed(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Skipf("no zone database on this machine: %v", err)
	}
	return loc
}

func encode(t testing.TB, c *Calendar) string {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
