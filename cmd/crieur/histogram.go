package main

import (
	"sync/atomic"
	"time"
)

// bounds are those of the times in which requests are answered: a 304 takes some
// microseconds, a calendar over a slow line some seconds.
var bounds = [...]time.Duration{
	100 * time.Microsecond, 250 * time.Microsecond, 500 * time.Microsecond,
	time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2500 * time.Millisecond, 5 * time.Second, 10 * time.Second, 30 * time.Second,
}

// A histogram counts times by how long they are.
type histogram struct {
	counts [len(bounds) + 1]atomic.Uint64 // of those up to each bound, and above all
	sum    atomic.Int64                   // nanoseconds
}

func (h *histogram) observe(d time.Duration) {
	i := 0
	for i < len(bounds) && d > bounds[i] {
		i++
	}
	h.counts[i].Add(1)
	h.sum.Add(int64(d))
}

// cumulative is how many were up to each bound, in seconds, all of them, and
// their sum.
func (h *histogram) cumulative() (buckets map[float64]uint64, n uint64, sum float64) {
	buckets = make(map[float64]uint64, len(bounds))
	for i := range h.counts {
		n += h.counts[i].Load()
		if i < len(bounds) {
			buckets[bounds[i].Seconds()] = n
		}
	}
	return buckets, n, time.Duration(h.sum.Load()).Seconds()
}
