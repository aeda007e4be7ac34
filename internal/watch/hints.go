package watch

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/fsnotify/fsnotify"
)

// hints turns file-system events into "look" and nothing more.
//
// A watch belongs to a folder, not to its name, but fsnotify knows it by its name. After a folder was renamed, or
// replaced, names and watches may be mixed up, and to remove a name could end the watch of a folder that is still
// there. So no watch is ever removed: when a folder is not where it was, everything is watched anew.
type hints struct {
	dirty chan<- struct{}
	tell  *reporter
	open  func() (*fsnotify.Watcher, error)
	watch func(w *fsnotify.Watcher, dir string) error

	fs     *fsnotify.Watcher // nil: there are no hints
	drains sync.WaitGroup
	stale  atomic.Bool // to be opened anew
	named  named
	narrow atomic.Pointer[map[string][]string]
	counts
	round   int
	watched map[string]watched // by path
}

type watched struct {
	id    identity
	round int // when it was last added
}

func newHints(dirty chan<- struct{}, tell *reporter) *hints {
	return &hints{
		dirty:   dirty,
		tell:    tell,
		open:    fsnotify.NewWatcher,
		watch:   (*fsnotify.Watcher).Add,
		watched: map[string]watched{},
	}
}

// begin comes before a scan of everything.
func (h *hints) begin() {
	h.round++
	h.named.take()
	if h.fs != nil && !h.stale.Load() {
		return
	}
	h.close()
	clear(h.watched)
	h.stale.Store(false)
	w, err := h.open()
	if err != nil {
		h.failures.Add(1)
		h.tell.tell("open", fmt.Errorf("changes give no hints, so everything is looked at periodically: %w%s", err, remedy(err)))
		return
	}
	h.tell.over("open")
	h.fs = w
	h.drains.Go(func() { h.drain(w) })
}

// end comes after a scan of everything.
func (h *hints) end() {
	for _, w := range h.watched {
		if w.round != h.round {
			h.renew()
			return
		}
	}
}

// renew has everything watched anew, soon. Until it is, that gives one hint: looks that see the reason again do not
// put off the one that ends it.
func (h *hints) renew() {
	if !h.stale.Swap(true) {
		h.anywhere()
	}
}

// anywhere gives a hint that something may have changed, and not where.
func (h *hints) anywhere() {
	h.named.everything()
	h.mark()
}

// close ends all watching. Hints may be opened again by begin.
func (h *hints) close() {
	if h.fs != nil {
		h.fs.Close()
		h.drains.Wait()
		h.fs = nil
	}
}

var errNoHints = errors.New("no hints")

// add watches a folder, which had this identity just before. It is cheap for one that is watched already.
func (h *hints) add(dir string, id identity) error {
	if h.fs == nil {
		return errNoHints
	}
	was, known := h.watched[dir]
	if known && was.id != id {
		h.renew()
	}
	err := h.watch(h.fs, dir)
	if err == nil {
		h.watched[dir] = watched{id, h.round}
		return nil
	}
	if !gone(err) {
		h.failures.Add(1)
		h.tell.tell("watch", fmt.Errorf("%s and maybe other folders cannot be watched, so they are looked at periodically: %w%s", dir, err, remedy(err)))
	}
	return err
}

func remedy(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return "; raise fs.inotify.max_user_watches (as root: sysctl fs.inotify.max_user_watches=1048576)"
	case errors.Is(err, syscall.EMFILE):
		return "; raise fs.inotify.max_user_instances (as root: sysctl fs.inotify.max_user_instances=1024) or the limit of open files (ulimit -n)"
	}
	return ""
}

// silentRemedy says what to do where a file system does not tell all changes.
func silentRemedy(name string) string {
	switch name {
	case "overlay", "aufs":
		return "mount a volume there to have changes seen at once"
	case "NFS":
		return "keep the files on a local disk to have changes seen at once, or mount with actimeo=1 to have them seen within seconds"
	}
	return "keep the files on a local disk to have changes seen at once"
}

// only makes hints for the folders of these steps count only if they are about a name in them, unless the folder is
// in the tree as well. They lie outside, maybe in a busy place such as /tmp.
func (h *hints) only(steps []step, inTree map[string]bool) {
	narrow := map[string][]string{}
	for _, s := range steps {
		if !inTree[s.dir] {
			narrow[s.dir] = append(narrow[s.dir], s.name)
		}
	}
	h.narrow.Store(&narrow)
}

// drain empties the queue as fast as it fills, whatever the scan is doing.
func (h *hints) drain(w *fsnotify.Watcher) {
	events, errs := w.Events, w.Errors
	for events != nil || errs != nil {
		select {
		case event, ok := <-events:
			if !ok {
				events = nil
				continue
			}
			h.events.Add(1)
			if h.matters(event.Name) {
				h.named.add(filepath.Dir(event.Name))
				h.mark()
			}
		case err, ok := <-errs:
			if !ok {
				errs = nil
				continue
			}
			switch {
			case errors.Is(err, fsnotify.ErrEventOverflow):
				h.overflows.Add(1)
			case errors.Is(err, syscall.EINVAL): // fsnotify wanted to end the watch of a renamed folder that had ended by itself
			default:
				h.tell.tell("event", fmt.Errorf("watching failed and begins anew: %w", err))
			}
			h.renew()
		}
	}
}

func (h *hints) matters(name string) bool {
	narrow := h.narrow.Load()
	if narrow == nil {
		return true
	}
	if _, itself := (*narrow)[name]; itself {
		return true
	}
	names, ok := (*narrow)[filepath.Dir(name)]
	if !ok {
		return true
	}
	for _, n := range names {
		if n == filepath.Base(name) {
			return true
		}
	}
	return false
}

func (h *hints) mark() {
	select {
	case h.dirty <- struct{}{}:
	default:
	}
}
