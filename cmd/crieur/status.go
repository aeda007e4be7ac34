package main

import (
	"slices"
	"sync"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/watch"
	"github.com/crieur/crieur/internal/websub"
)

// A status is what the loop of a serve command says of itself, for others to
// read while it goes on.
type status struct {
	mu    sync.Mutex
	state state
}

func (s *status) update(f func(*state)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.state)
}

func (s *status) get() state {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// A state is a status at one moment. What its fields refer to does not change
// any more.
type state struct {
	started  time.Time
	stopping bool

	site       *crieur.Site // that is served
	generation int          // of these, each different from the one before
	documents  int
	bytes      int64 // of them

	current     bool      // the site is what the last build made, and the folder holds it
	success     time.Time // when that was so last
	config      string    // what is wrong with the configuration
	trouble     string    // what is wrong with anything but the content
	built       time.Time // when the last build ended
	took        time.Duration
	why         string
	faults      []crieur.Fault
	publication crieur.Publication
	bucket      *stored // nil: there is none

	builds  [len(outcomes)]int  // by outcome
	changes changeCounts        // of all builds
	watch   func() watch.Stats  // nil: nothing is watched yet
	hubs    func() []websub.Hub // nil: none was told of anything yet
}

// stored is what there is to know of a bucket.
type stored struct {
	in               string    // its address
	current          bool      // it holds what was offered last
	success          time.Time // when that was so last
	trouble          string    // of the last publication
	written, removed int       // objects, since the start
}

// outcomes are what becomes of builds: published, not whole on disk, waiting
// for files to come back, and none.
var outcomes = [...]string{"published", "unwritten", "held", "refused"}

// ready reports whether requests are answered, and will be.
func (s *state) ready() bool { return s.site != nil && !s.stopping }

// wrongs are what is wrong with anything but the content.
func (s *state) wrongs() (list []string) {
	list = append(list, s.config, s.trouble)
	if s.bucket != nil {
		list = append(list, s.bucket.trouble)
	}
	return slices.DeleteFunc(list, func(text string) bool { return text == "" })
}

// severities counts the faults of each.
func (s *state) severities() (counts [3]int) {
	for _, f := range s.faults {
		counts[f.Severity]++
	}
	return counts
}

// serve notes that site is served from now on.
func (s *state) serve(site *crieur.Site) {
	documents, bytes := slices.Collect(site.Files()), int64(0)
	for _, f := range documents {
		bytes += int64(f.Size())
	}
	same := func(a, b *crieur.File) bool { return a == b || a.Name == b.Name && a.ETag == b.ETag }
	if s.site == nil || !slices.EqualFunc(slices.Collect(s.site.Files()), documents, same) {
		s.generation++
	}
	s.site, s.documents, s.bytes = site, len(documents), bytes
}
