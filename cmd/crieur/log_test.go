package main

import (
	"log/slog"
	"strings"
	"testing"
)

// Whatever a value is, its record is one line, and does nothing to a terminal.
func TestPlainLog(t *testing.T) {
	var b strings.Builder
	slog.New(&plainHandler{w: &b}).Warn("changed", "a", "plain", "b", "two words", "c", "x\ny", "d", "\x1b[31m", "e", "été", "f", difference{"a", "b"})
	_, got, _ := strings.Cut(b.String(), " ")
	if want := `warn: changed a=plain b="two words" c="x\ny" d="\x1b[31m" e=été f="a → b"` + "\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
