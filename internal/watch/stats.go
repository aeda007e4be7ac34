package watch

import (
	"errors"
	"io/fs"
	"maps"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Stats say how a [Watcher] works, for those who run it. Counts begin when the watcher is made.
type Stats struct {
	Files   int  // regular files and links to folders that count, and those of Options.Files that exist
	Folders int  // in the tree
	Missing bool // the tree is not there: Files and Folders are as they were
	Watches int  // folders that the system is asked to tell changes of, also those outside that a path leads over
	// Polled is how many of Folders are looked at periodically, since not all of their changes give a hint, by the
	// cause: the name of a file system ("NFS", "overlay"), or "watches" (no watch is left), "instances" (nothing
	// can be watched at all), "permission", or another error. Empty: everything is watched.
	Polled    map[string]int
	Hints     uint64 // events that the system has told of
	Overflows uint64 // how often it lost some of them
	Failures  uint64 // how often a folder could not be watched

	Looks map[Reason]uint64
	Last  time.Time     // when the last look ended
	Took  time.Duration // how long the last look at the whole tree took
}

// Stats returns how the watcher works at present. It may be called at any time, from any goroutine.
func (w *Watcher) Stats() Stats {
	t, s := w.record.get()
	s.Hints, s.Overflows, s.Failures = w.hints.events.Load(), w.hints.overflows.Load(), w.hints.failures.Load()
	s.Missing = t.missing
	s.Files = len(t.files)
	s.Folders = len(t.folders)
	s.Polled = map[string]int{}
	for _, f := range t.folders {
		for _, e := range f.entries {
			if e.kind != subdir {
				s.Files++
			}
		}
		if f.polled != "" {
			s.Polled[f.polled]++
		}
	}
	return s
}

// A record keeps what the last look found, and counts looks.
type record struct {
	mu    sync.Mutex
	tree  *tree
	stats Stats // only what is not counted elsewhere
}

func (r *record) get() (*tree, Stats) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	s.Looks = maps.Clone(s.Looks)
	return r.tree, s
}

func (r *record) look(t *tree, watches int, why Reason, start, end time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stats.Looks == nil {
		r.stats.Looks = map[Reason]uint64{}
	}
	r.tree, r.stats.Watches, r.stats.Last = t, watches, end
	r.stats.Looks[why]++
	if why.whole() && !t.part {
		r.stats.Took = end.Sub(start)
	}
}

// counts are of the hints.
type counts struct{ events, overflows, failures atomic.Uint64 }

// cause says in a word why a folder cannot be watched.
func cause(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, syscall.ENOSPC):
		return "watches"
	case errors.Is(err, errNoHints), errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return "instances"
	case errors.Is(err, fs.ErrPermission):
		return "permission"
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error()
	}
	return "error"
}
