package watch

import (
	"cmp"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"time"
)

const (
	pollParts = 4  // looks in which all that is polled is looked at once: to wake up has a price too
	hotSpots  = 32 // what changed last, looked at each time: people go on with what they have begun
)

// A poller says which folders to list when nothing tells of their changes: each time another part of all of them, so
// that the work is even, and those in which one of a few hot spots has changed.
type poller struct {
	queue []string // not looked at yet in this round
	part  int      // of the round
	total int      // what the round has to do: folders and names in them
	done  int
	hot   []spot // the latest first
}

// A spot is a file, or the folder itself, whose key tells that a folder has changed.
type spot struct {
	folder string // relative to the tree
	real   string
	key    key
}

func weight(f *folder) int { return 1 + len(f.entries) }

// next returns the folders of t to list now.
func (p *poller) next(t *tree) map[string]bool {
	if p.part == pollParts || p.total == 0 {
		p.begin(t)
	}
	p.part++
	due := map[string]bool{}
	for len(p.queue) > 0 && (p.part == pollParts || p.done < p.total*p.part/pollParts) {
		rel := p.queue[0]
		p.queue = p.queue[1:]
		if f := t.folders[rel]; f != nil {
			due[rel] = true
			p.done += weight(f)
		}
	}
	for i := range p.hot {
		s := &p.hot[i]
		if k, _, _ := lstat(s.real); k != s.key {
			s.key = k
			due[s.folder] = true
		}
	}
	return due
}

// begin begins a round. Its order is always the same, so that no folder waits for longer than a round.
func (p *poller) begin(t *tree) {
	*p = poller{hot: p.hot}
	for _, rel := range slices.Sorted(maps.Keys(t.folders)) {
		if f := t.folders[rel]; f.polled != "" {
			p.queue = append(p.queue, rel)
			p.total += weight(f)
		}
	}
}

// changed says which paths of t have changed.
func (p *poller) changed(t *tree, paths []string) {
	for _, name := range paths[:min(len(paths), hotSpots/2)] {
		rel := path.Dir(name)
		f := t.folders[rel]
		if f == nil || f.polled == "" {
			continue
		}
		p.heat(rel, f.real)
		p.heat(rel, filepath.Join(f.real, path.Base(name)))
	}
}

func (p *poller) heat(rel, real string) {
	k, _, _ := lstat(real)
	p.hot = slices.DeleteFunc(p.hot, func(s spot) bool { return s.real == real })
	p.hot = slices.Insert(p.hot, 0, spot{rel, real, k})
	p.hot = p.hot[:min(len(p.hot), hotSpots)]
}

// pollEvery is how often to look if all must have been looked at once within a time.
func pollEvery(within time.Duration) time.Duration {
	return cmp.Or(within, 1900*time.Millisecond) / pollParts
}
