package websub

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	quiet   = time.Second     // in which what changes together is gathered
	between = 5 * time.Second // from one round to the next
	first   = 5 * time.Second // until what failed is tried again: then twice as long, and so on
	most    = time.Hour       // and at last
	tries   = 5               // of a document that a hub does not take
	often   = time.Second     // between writing down what a hub was told, in a round
)

// A hub is one that is told of documents, in rounds.
type hub struct {
	publisher *Publisher
	address   string
	end       context.CancelFunc
	changed   chan struct{} // one

	// Of its goroutine.
	failures int  // rounds that failed, one after the other
	down     bool // and Report knows
	refuses  bool // some documents, and Report knows

	mu      sync.Mutex
	topics  map[string]*topic // by address
	before  map[string]string // what it was told by processes before this one
	told    uint64
	failed  uint64
	success time.Time
	trouble string
}

// A topic is a document that a hub is told of.
type topic struct {
	tag     string    // of what is published
	told    string    // that the hub was told last; empty: none
	refused int       // how often it did not take tag
	due     time.Time // when it is told of tag again
}

// waits reports whether the hub is to be told.
func (t *topic) waits() bool { return t.tag != t.told && t.refused < tries }

func newHub(p *Publisher, address string, before map[string]string, end context.CancelFunc) *hub {
	return &hub{publisher: p, address: address, end: end, changed: make(chan struct{}, 1), before: before}
}

// offer says what is published.
func (h *hub) offer(tags map[string]string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := make(map[string]*topic, len(tags))
	waits := false
	for address, tag := range tags {
		t := h.topics[address]
		if t == nil {
			t = &topic{told: h.before[address]}
		}
		if t.tag != tag {
			t.tag, t.refused, t.due = tag, 0, time.Time{}
			waits = waits || t.waits()
		}
		now[address] = t
	}
	h.topics, h.before = now, nil
	if waits {
		select {
		case h.changed <- struct{}{}:
		default:
		}
	}
}

// run tells the hub, in rounds, until ctx is done.
func (h *hub) run(ctx context.Context) {
	var free, next time.Time // the hub may be told from then; it is; zero: there is nothing to tell
	timer := time.NewTimer(most)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.changed:
			at := time.Now().Add(quiet)
			if at.Before(free) {
				at = free
			}
			if next.IsZero() || at.Before(next) {
				next = at
			}
		case <-timer.C:
			if time.Now().Before(next) || next.IsZero() {
				break // it was set anew
			}
			wait := h.round(ctx)
			free = time.Now().Add(wait)
			if next = h.next(); !next.IsZero() && next.Before(free) {
				next = free
			}
		}
		if !next.IsZero() {
			timer.Reset(time.Until(next))
		}
	}
}

// round tells the hub of everything that waits, and returns for how long it is to
// be left alone then.
func (h *hub) round(ctx context.Context) time.Duration {
	defer h.publisher.save()
	saved, clean := time.Now(), true
	for _, address := range h.waiting() {
		tag, ok := h.tag(address)
		if !ok {
			continue // it is gone
		}
		err := h.tell(ctx, address)
		if ctx.Err() != nil {
			return 0
		}
		h.note(address, tag, err)
		if busy, ok := errors.AsType[*busyError](err); ok {
			h.failures++
			if !h.down {
				h.down = true
				h.publisher.report(h.address, err)
			}
			return max(backoff(h.failures), busy.wait)
		}
		clean = clean && err == nil
		if err != nil && !h.refuses {
			h.refuses = true
			h.publisher.report(h.address, err)
		}
		if h.failures = 0; h.down {
			h.down = false
			h.publisher.report(h.address, nil)
		}
		if time.Since(saved) >= often {
			h.publisher.save()
			saved = time.Now()
		}
	}
	if clean {
		h.mu.Lock()
		h.trouble = ""
		h.mu.Unlock()
	}
	return between
}

// backoff is for how long a hub that failed n times is left alone, by chance half
// as long again or half as long, so that its publishers do not come all at once.
func backoff(n int) time.Duration {
	d := most
	if n < 16 {
		d = min(first<<(n-1), most)
	}
	return d/2 + rand.N(d)
}

// waiting are the documents to tell the hub of now: first those that it knows in
// another form, then by how deep they are, since a site's own feeds have more
// readers than those of a tag.
func (h *hub) waiting() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	var list []string
	for address, t := range h.topics {
		if t.waits() && !t.due.After(now) {
			list = append(list, address)
		}
	}
	slices.SortFunc(list, func(a, b string) int {
		return cmp.Or(order(h.topics[a].told == "", h.topics[b].told == ""), strings.Count(a, "/")-strings.Count(b, "/"), cmp.Compare(a, b))
	})
	return list
}

// order puts what is not so before what is.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// tag is that of a document, if it still waits.
func (h *hub) tag(address string) (string, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.topics[address]
	if t == nil || !t.waits() {
		return "", false
	}
	return t.tag, true
}

// note remembers what became of telling the hub of a document with that tag.
func (h *hub) note(address, tag string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil {
		h.failed++
		h.trouble = err.Error()
	} else {
		h.told++
		h.success = time.Now()
		h.publisher.unsaved.Store(true)
	}
	t := h.topics[address]
	if t == nil {
		return
	}
	if err == nil {
		t.told = tag
	} else if !errors.As(err, new(*busyError)) && t.tag == tag {
		t.refused++
		t.due = time.Now().Add(backoff(t.refused))
	}
}

// next is when a document is due; zero: none waits.
func (h *hub) next() (next time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, t := range h.topics {
		if t.waits() && (next.IsZero() || t.due.Before(next)) {
			next = t.due
			if next.IsZero() {
				return time.Now()
			}
		}
	}
	return next
}

// known is what the hub was told, by the addresses of documents.
func (h *hub) known() map[string]string {
	h.mu.Lock()
	defer h.mu.Unlock()
	known := maps.Clone(h.before)
	for address, t := range h.topics {
		if t.told != "" {
			if known == nil {
				known = map[string]string{}
			}
			known[address] = t.told
		}
	}
	return known
}

// is tells of the hub.
func (h *hub) is() Hub {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := Hub{Address: h.address, Topics: len(h.topics), Told: h.told, Failures: h.failed, Success: h.success, Trouble: h.trouble}
	for _, t := range h.topics {
		switch {
		case t.waits():
			s.Waiting++
		case t.tag != t.told:
			s.Refused++
		}
	}
	return s
}
