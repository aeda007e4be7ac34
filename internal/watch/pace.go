package watch

import (
	"cmp"
	"time"
)

const (
	racyAge = 20 * time.Millisecond // files changed less than this before a look may change again without a trace
	recheck = 25 * time.Millisecond // so they are looked at again after this
)

// A pace decides when to look: soon after hints, but not while they still come; again at files that were too fresh;
// periodically at what cannot be watched; and at everything once in a while. It knows the time only as told.
type pace struct {
	quiet, max, safety time.Duration
	poll               time.Duration // between looks at parts of what is polled
	frugal             bool          // no more than a fiftieth of a processor is for polling: nobody said how often to poll

	first, last time.Time     // hints not yet looked at; zero: none
	notBefore   time.Time     // so that looks leave half of the time to others, however long they take
	safetyAt    time.Time     // of the whole
	whole       time.Duration // the last look at the whole took
	owedSince   time.Time     // a look at the whole, after looks at what hints named; zero: nothing was
	owedLast    time.Time     // the last of these
	pollTook    time.Duration // by a look, on the whole, where something is polled
	pollWork    time.Duration // of a processor, by it
	pollAt      time.Time     // of a part of what is polled; zero: nothing is
	recheckAt   time.Time     // of what was too fresh; zero: nothing was
	recheckIn   time.Duration // grows while a file does not come to rest
}

// A Reason is why a watcher looked.
type Reason string

const (
	Start  Reason = "start"  // New was called: at the whole tree
	Hint   Reason = "hint"   // the system told of a change: at the whole tree, or the folders concerned if it is large
	Rest   Reason = "rest"   // hints made it look at a part of a large tree, so that it owes one at the whole tree
	Safety Reason = "safety" // for a long time there was no reason: at the whole tree
	Poll   Reason = "poll"   // at some of the folders that cannot be watched
	Fresh  Reason = "fresh"  // at files that had changed just before they were looked at
)

// whole reports whether a look of this reason is at the whole tree, unless that is large.
func (r Reason) whole() bool { return r == Start || r == Hint || r == Rest || r == Safety }

// state is what a look found that asks for another.
type state struct {
	racy   bool // some files were too fresh
	polled bool // some folders cannot be watched
	part   bool // it was at a part, though its reason concerns the whole

	work time.Duration // of a processor
}

func newPace(opt Options) *pace {
	return &pace{
		quiet:  cmp.Or(opt.Quiet, 30*time.Millisecond),
		max:    cmp.Or(opt.Max, 500*time.Millisecond),
		safety: cmp.Or(opt.Safety, time.Minute),
		poll:   pollEvery(opt.Poll),
		frugal: opt.Poll == 0,
	}
}

// hint says that something may have changed.
func (p *pace) hint(now time.Time) {
	if p.first.IsZero() {
		p.first = now
	}
	p.last = now
}

// putOff makes the look that hints asked for wait.
func (p *pace) putOff(now time.Time) { p.notBefore = now.Add(p.quiet) }

// next returns when to look, and why.
func (p *pace) next() (at time.Time, why Reason) {
	at, why = p.safetyAt, Safety
	if !p.owedSince.IsZero() {
		due := earlier(p.owedLast.Add(2*p.whole), p.owedSince.Add(100*p.whole))
		if due.Before(at) {
			at, why = due, Rest
		}
	}
	if !p.first.IsZero() {
		due := earlier(p.last.Add(p.quiet), p.first.Add(p.max))
		if due.Before(p.notBefore) {
			due = p.notBefore
		}
		if due.Before(at) {
			at, why = due, Hint
		}
	} else if !p.recheckAt.IsZero() && p.recheckAt.Before(at) {
		at, why = p.recheckAt, Fresh
	}
	if !p.pollAt.IsZero() && p.pollAt.Before(at) {
		at, why = p.pollAt, Poll
	}
	return at, why
}

// scanned says what a look that took from start to end found.
func (p *pace) scanned(start, end time.Time, why Reason, found state) {
	took := end.Sub(start)
	if why.whole() {
		p.first, p.last = time.Time{}, time.Time{}
		p.notBefore = end.Add(took)
		p.recheckIn = 0
		if found.part {
			p.owedLast = end
			if p.owedSince.IsZero() {
				p.owedSince = end
			}
		} else {
			p.safetyAt = end.Add(max(p.safety, 10*took))
			p.whole, p.owedSince = took, time.Time{}
		}
	}
	p.pollAt, p.recheckAt = time.Time{}, time.Time{}
	if why == Poll {
		const looks = 4 * pollParts // of which this is the mean, since one folder may have most of what there is
		p.pollTook += (took - p.pollTook) / looks
		p.pollWork += (found.work - p.pollWork) / looks
	}
	if found.polled {
		wait := max(p.poll, 4*p.pollTook)
		if p.frugal {
			wait = max(wait, 50*p.pollWork)
		}
		p.pollAt = end.Add(wait)
	}
	if found.racy {
		p.recheckIn = min(max(recheck, 2*p.recheckIn), p.max)
		p.recheckAt = end.Add(p.recheckIn)
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
