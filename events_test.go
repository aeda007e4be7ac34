package crieur

import (
	"strings"
	"testing"
)

// Whoever asks for an event that a mistake in the program keeps from being written is told the same.
func TestPanicIsToldToAll(t *testing.T) {
	s, err := Config{}.settings(new(History))
	if err != nil {
		t.Fatal(err)
	}
	it := &item{entry: new(entry)} // without a record
	for range 2 {
		if _, err := s.prepared(it); err == nil || !strings.HasPrefix(err.Error(), "internal error: ") {
			t.Errorf("the error is %v", err)
		}
	}
}
