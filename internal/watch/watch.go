// Package watch says when a tree of files has changed, and never misses a change.
//
// What the system tells about changes (inotify and its like, through fsnotify) is only a hint: events are lost when
// a queue overflows, come late for folders just made, and bear old names after a rename. So an event says nothing
// but "look", and a scan decides: it walks the tree and compares each regular file's device, inode, size and times
// with those of the scan before. Each folder is watched before it is listed, at every scan, so that whatever
// happens after the listing gives a hint again. Folders that cannot be watched are looked at periodically, and the
// whole tree once in a while whatever the hints say.
//
// What counts is each regular file, by its path. A symbolic link counts as the file it leads to if that lies in the
// tree, and as nothing if it does not; a link to a folder of the tree counts as well, and changes when it is made to
// lead to another folder. A folder is walked once, under its own path, or under that of the first link to it if
// its own is skipped. Empty folders, pipes, sockets and devices do not count, nor do the names that editors give
// to temporary files, nor those that begin with "..", which are how Kubernetes swaps the files of a volume.
//
// A file that is written through another name of it (a hard link) in a folder that is not of the tree gives no hint: the
// look at the whole tree finds it.
//
// A folder that is moved away and back, or gets another mode, is told of with all files in it, though they are as they
// were: who read them in the meantime found nothing.
//
// A folder of the tree that cannot be read is reported and keeps the files it had: it is a fault, not a deletion.
package watch

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"
)

// Options say how to watch. The zero value has the defaults named at each field.
type Options struct {
	// Quiet is how long no hint may come before the tree is looked at; zero: 30 ms.
	Quiet time.Duration
	// Max is the longest time from a first hint to the look, when hints do not end; zero: 500 ms. While git changes
	// the working tree it is longer, up to half a minute: what it has done so far makes no sense.
	Max time.Duration
	// Safety is the time between looks at the whole tree that no hint asked for; zero: 60 s.
	Safety time.Duration
	// Poll is the time in which all that cannot be watched is looked at once, in parts; zero: 1.9 s, or longer when that
	// would take more than a fiftieth of a processor. A time that is set is kept, unless looking would take more than a
	// fifth of it.
	Poll time.Duration
	// Skip reports whether a name does not count, or for a folder, is not to be walked. Rel is slash-separated and
	// relative to the tree. Nil skips nothing. It is called from the goroutine that scans.
	Skip func(rel string, dir bool) bool
	// Files are single files to watch as well, inside or outside the tree, whether or not they exist. They are
	// followed through every symbolic link, and Skip is not asked about them.
	Files []string
	// Report is told once of each thing that makes watching worse than it could be, with its remedy, and of
	// folders that cannot be read. It may be called from several goroutines, one at a time, and must not call the
	// Watcher. Nil: told to nobody.
	Report func(error)
}

// A Change says what is different from the [Change] before, or from what [New] found.
type Change struct {
	// Paths are the files, and the links to folders, that were made, changed or removed, sorted, slash-separated
	// and relative to the tree; those of Options.Files outside the tree are absolute. It is empty if only Missing
	// has changed.
	Paths []string
	// Missing is true while the tree itself is not there, or cannot be read. Its files are not in Paths for that:
	// they are compared again when it is back.
	Missing bool
}

// A Watcher watches one tree. It is made by [New], and its methods may be called at once.
type Watcher struct {
	dirty chan struct{} // there was a hint
	stop  chan struct{}
	c     chan Change
	once  sync.Once
	done  sync.WaitGroup

	record record

	// The rest belongs to the goroutine of run.
	hints     *hints
	scanner   *scanner
	delivered *tree // what the receiver of c knows
	latest    *tree // what the last scan found
}

// New looks at the tree dir and at opt.Files, and watches them from then on. The error is of dir alone: that it
// does not exist, is not a folder, or cannot be read. Where watching is not possible it is replaced by polling.
func New(dir string, opt Options) (*Watcher, error) {
	w, err := newWatcher(dir, opt)
	if err != nil {
		return nil, err
	}
	if err := w.start(opt); err != nil {
		return nil, err
	}
	return w, nil
}

func newWatcher(dir string, opt Options) (*Watcher, error) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	w := &Watcher{
		dirty: make(chan struct{}, 1),
		stop:  make(chan struct{}),
		c:     make(chan Change, 1),
	}
	tell := &reporter{report: opt.Report, told: map[string]bool{}}
	w.hints = newHints(w.dirty, tell)
	w.scanner = &scanner{root: root, skip: opt.Skip, hints: w.hints, tell: tell, seed: maphash.MakeSeed(), large: 2000, settled: settledAge}
	for _, name := range opt.Files {
		file, err := filepath.Abs(name)
		if err != nil {
			return nil, err
		}
		w.scanner.files = append(w.scanner.files, newFollowed(root, file))
	}
	return w, nil
}

// start makes the first scan and begins to watch.
func (w *Watcher) start(opt Options) error {
	stop := watchMounts(w.scanner.root, w.hints.anywhere)
	began := time.Now()
	w.latest = w.scanner.scan(nil, Start)
	if w.latest.missing {
		stop()
		w.hints.close()
		return fmt.Errorf("watch: %w", w.latest.cause)
	}
	w.delivered = w.latest
	p := newPace(opt)
	now := time.Now()
	w.record.look(w.latest, len(w.hints.watched), Start, began, now)
	p.scanned(now, now, Start, w.latest.state())
	w.done.Go(func() {
		defer close(w.c)
		defer w.hints.close()
		defer stop()
		w.run(p, w.look)
	})
	return nil
}

// C returns the channel of changes. Each one has all that changed since the one received before it: changes that
// nobody has received yet are merged. It is closed by Close.
func (w *Watcher) C() <-chan Change { return w.c }

// Close stops watching and waits until it has stopped. It always returns nil, and may be called more than once.
func (w *Watcher) Close() error {
	w.once.Do(func() { close(w.stop) })
	w.done.Wait()
	return nil
}

// run calls look whenever p says so, until the watcher is closed.
func (w *Watcher) run(p *pace, look func(why Reason) state) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		at, why := p.next()
		timer.Reset(time.Until(at))
		select {
		case <-w.stop:
			return
		case <-w.dirty:
			p.hint(time.Now())
		case <-timer.C:
			if why == Hint && gitAtWork(w.scanner.root, time.Now()) {
				p.putOff(time.Now())
				continue
			}
			if why.whole() {
				select { // what it tells of has happened, so this look sees it
				case <-w.dirty:
				default:
				}
			}
			start := time.Now()
			found := look(why)
			p.scanned(start, time.Now(), why, found)
		}
	}
}

// look scans, and delivers what differs from what was delivered last.
func (w *Watcher) look(why Reason) state {
	start := time.Now()
	work := processorTime(func() { w.latest = w.scanner.scan(w.latest, why) })
	w.record.look(w.latest, len(w.hints.watched), why, start, time.Now())
	paths := w.latest.changes(w.delivered)
	if len(paths) > 0 || w.latest.missing != w.delivered.missing {
		w.deliver(Change{Paths: paths, Missing: w.latest.missing})
		w.delivered = w.latest
		w.scanner.poller.changed(w.latest, paths)
	}
	found := w.latest.state()
	found.work = work
	return found
}

// deliver never blocks, since nobody else sends.
func (w *Watcher) deliver(c Change) {
	select {
	case old := <-w.c:
		c.Paths = slices.Concat(old.Paths, c.Paths)
		slices.Sort(c.Paths)
		c.Paths = slices.Compact(c.Paths)
	default:
	}
	w.c <- c
}

// A reporter tells each thing once.
type reporter struct {
	mu     sync.Mutex
	report func(error)
	told   map[string]bool
}

func (r *reporter) tell(about string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.told[about] {
		return
	}
	r.told[about] = true
	if r.report != nil {
		r.report(err)
	}
}

// over makes the reporter tell about a thing again when it comes back.
func (r *reporter) over(about string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.told, about)
}

// gone reports whether err says that there is nothing at a path, or nothing of the kind wanted.
func gone(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ELOOP)
}
