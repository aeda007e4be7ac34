package watch

import "sync"

const maxNamed = 1000 // then it is quicker to look everywhere

// named are the folders that events have named since they were last taken.
type named struct {
	mu   sync.Mutex
	dirs map[string]bool
	all  bool // anything may have changed
}

func (n *named) add(dir string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.dirs == nil {
		n.dirs = map[string]bool{}
	}
	n.dirs[dir] = true
	if len(n.dirs) > maxNamed {
		n.all, n.dirs = true, nil
	}
}

func (n *named) everything() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = true
}

func (n *named) take() (dirs map[string]bool, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	dirs, ok = n.dirs, !n.all
	n.dirs, n.all = nil, false
	return dirs, ok
}
