package main

import (
	"sync/atomic"
	"time"
)

const (
	silence = 3 * glance       // for which a loop that waits may be silent: it goes round every glance
	longest = 10 * time.Minute // for which a build may last: what takes longer has lost its way
)

// A pulse says until when a loop may be silent. The loop itself says so, each
// time it goes round and before it does what takes long: one that is stuck
// is silent for longer.
type pulse struct {
	begun time.Time    // what counts is the time since then, whatever clocks are set to
	until atomic.Int64 // a time.Duration
	busy  atomic.Bool
}

// beat is called when the loop goes round.
func (p *pulse) beat() { p.allow(silence, false) }

// work is called before something that takes long.
func (p *pulse) work() { p.allow(longest, true) }

func (p *pulse) allow(d time.Duration, busy bool) {
	p.busy.Store(busy)
	p.until.Store(int64(time.Since(p.begun) + d))
}

// alive reports whether the loop is, as far as can be told.
func (p *pulse) alive() bool { return p.overdue() <= 0 }

// overdue is for how long the loop should have been heard.
func (p *pulse) overdue() time.Duration {
	return time.Since(p.begun) - time.Duration(p.until.Load())
}
