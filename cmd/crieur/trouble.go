package main

import (
	"log/slog"
	"time"
)

// A trouble is what keeps something from succeeding that is tried again until it does: it is told once, however often it
// is met.
type trouble struct {
	told  string        // as it was logged; empty: there is none
	pause time.Duration // until it is tried again
}

// note takes what became of a try, and reports whether a trouble is over.
func (t *trouble) note(log *slog.Logger, err error) (over bool) {
	if err == nil {
		over = t.told != ""
		*t = trouble{}
		return over
	}
	t.pause = min(max(retry, 2*t.pause), patience)
	if text := err.Error(); text != t.told {
		log.Error(text + "; it is tried again until it succeeds")
		t.told = text
	}
	return false
}
