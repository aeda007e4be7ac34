package watch

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// A scanner looks at a tree and at single files.
type scanner struct {
	root  string // absolute, as given: where it leads is found at each scan
	skip  func(rel string, dir bool) bool
	files []followed
	hints *hints
	tell  *reporter
	seed  maphash.Seed
	large int // with more entries, only the folders that hints name are listed at first

	settled time.Duration // after this the names in a folder are not listed again while its times are the same
	entries []entry       // of the folder listed last, whose room the next one has
	poller  poller
}

// followed is one of Options.Files.
type followed struct {
	path  string // absolute
	shown string // as reported
}

func newFollowed(root, file string) followed {
	if rel, err := filepath.Rel(root, file); err == nil && filepath.IsLocal(rel) {
		return followed{file, filepath.ToSlash(rel)}
	}
	return followed{file, filepath.ToSlash(file)}
}

// A scan is one look at everything, or at what is racy and the folders that are due.
type scan struct {
	*scanner
	full     bool
	due      map[string]bool // by path from the root
	prev     *tree           // nil at first
	next     *tree
	root     string // without links
	dirs     []place
	links    []place // to folders, walked when there are no more dirs
	visited  map[identity]bool
	realDirs map[string]bool
}

// A place is a folder to walk.
type place struct {
	rel, real string
	id        identity
}

// scan looks at what why asks for. Prev is what was found before, nil at first.
func (sc *scanner) scan(prev *tree, why Reason) *tree {
	full := why.whole()
	var due map[string]bool
	switch {
	case prev == nil || prev.missing: // what comes back is not what went
		full = true
	case why == Poll:
		due = sc.poller.next(prev)
	case why == Hint && prev.size > sc.large:
		if dirs, ok := sc.hints.named.take(); ok {
			due, ok = prev.at(dirs)
			full = !ok
		}
	}
	size := 0
	if prev != nil {
		size = len(prev.folders)
	}
	s := &scan{
		scanner:  sc,
		full:     full,
		due:      due,
		prev:     prev,
		next:     &tree{folders: make(map[string]*folder, size), files: map[string]entry{}, part: why == Hint && !full},
		visited:  make(map[identity]bool, size),
		realDirs: make(map[string]bool, size),
	}
	if full {
		sc.hints.begin()
	}
	if err := s.walk(); err != nil {
		s.next.missing, s.next.cause, s.next.polled = true, err, true
		s.next.folders = map[string]*folder{}
		if prev != nil {
			s.next.folders = prev.folders
		}
	}
	s.follow()
	steps := s.next.steps
	for _, f := range s.next.folders {
		s.next.size += len(f.entries)
		s.next.racy = s.next.racy || f.racy
		s.next.polled = s.next.polled || f.polled != ""
		steps = append(steps, f.steps...)
	}
	sc.hints.only(steps, s.realDirs)
	if full {
		sc.hints.end()
	} else if !s.next.missing && s.lost() {
		sc.hints.renew()
	}
	return s.next
}

// lost reports whether a folder is no more where it was. Its watch may be one of another path now.
func (s *scan) lost() bool {
	for rel, f := range s.prev.folders {
		if g := s.next.folders[rel]; g == nil || g.real != f.real {
			return true
		}
	}
	return false
}

// walk looks at the tree. Its error says why there is none.
func (s *scan) walk() error {
	real, steps, err := resolve(top(s.scanner.root))
	s.next.steps = steps
	s.next.polled = s.watchSteps(steps) != nil
	if err != nil {
		return err
	}
	k, mode, err := lstat(real)
	if err != nil {
		return err
	}
	if !mode.IsDir() {
		return &fs.PathError{Op: "watch", Path: s.scanner.root, Err: syscall.ENOTDIR}
	}
	s.root = real
	s.next.top = k
	if s.prev != nil && k.moved(s.prev.top) {
		s.next.back = append(s.next.back, ".")
	}
	s.dirs = []place{{".", real, k.identity(real)}}
	for len(s.dirs) > 0 || len(s.links) > 0 {
		from := &s.dirs
		if len(s.dirs) == 0 {
			from = &s.links
		}
		p := (*from)[0]
		*from = (*from)[1:]
		if s.visited[p.id] {
			continue
		}
		s.visited[p.id] = true
		s.realDirs[p.real] = true
		if err := s.visit(p); err != nil && p.rel == "." {
			return err
		}
	}
	return nil
}

// visit lists a folder, unless what is known of it suffices, and notes which folders to walk next.
func (s *scan) visit(p place) error {
	var old *folder
	if s.prev != nil {
		if f := s.prev.folders[p.rel]; f != nil && f.real == p.real {
			old = f
		}
	}
	f := old
	if s.full || old == nil || old.id != p.id || old.racy || s.due[p.rel] {
		var err error
		f, err = s.list(p, old)
		switch {
		case err == nil:
			s.tell.over(p.real)
		case gone(err):
			return err
		default:
			s.tell.tell(p.real, fmt.Errorf("a folder cannot be read and is taken as it was: %w", err))
			f = &folder{real: p.real, id: p.id, polled: cause(err)}
			if old != nil {
				f.entries, f.dirs, f.links, f.steps = old.entries, old.dirs, old.links, old.steps
			}
			if p.rel == "." {
				return err
			}
		}
	}
	s.next.folders[p.rel] = f
	s.dirs = append(s.dirs, f.dirs...)
	s.links = append(s.links, f.links...)
	return nil
}

// list watches a folder, then lists it. Old is what it was before, or nil: unless everything is looked at, its names are
// taken from there if the folder says that they are the same, and only the files are looked at.
func (s *scan) list(p place, old *folder) (*folder, error) {
	f := &folder{real: p.real, id: p.id}
	f.polled = cause(s.hints.add(p.real, p.id))
	d, err := openDir(p.real)
	if err != nil {
		return nil, err
	}
	defer d.close()
	if f.key, err = d.key(); err != nil {
		return nil, err
	}
	var before []entry
	if old != nil {
		before = old.entries
	}
	if !s.full && old != nil && old.settled && old.key == f.key {
		f.settled, f.names = true, old.names
	} else if err := s.names(p, f, d); err != nil {
		return nil, err
	}
	entries := s.entries[:0]
	for _, name := range f.names {
		for len(before) > 0 && before[0].name < name {
			before = before[1:]
		}
		var was *entry
		if len(before) > 0 && before[0].name == name {
			was = &before[0]
		}
		if swapped(name) {
			continue
		}
		k, mode, err := d.lstat(name)
		if err != nil {
			continue // removed since; other errors are those of the name, not of the folder
		}
		if e, ok := s.entry(p, f, name, k, mode, was); ok {
			entries = append(entries, e)
			f.racy = f.racy || e.racy
		}
	}
	s.entries = entries
	if old != nil && f.id == old.id && f.key == old.key && f.settled == old.settled && f.racy == old.racy && f.polled == old.polled &&
		slices.Equal(entries, old.entries) && slices.Equal(f.steps, old.steps) {
		return old, nil
	}
	f.entries = slices.Clone(entries)
	for _, e := range entries {
		switch rel := path.Join(p.rel, e.name); e.kind {
		case subdir:
			real := filepath.Join(p.real, e.name)
			f.dirs = append(f.dirs, place{rel, real, e.key.identity(real)})
		case dirLink:
			f.links = append(f.links, place{rel, e.target, e.key.identity(e.target)})
		}
	}
	return f, nil
}

// names lists the names in a folder.
func (s *scan) names(p place, f *folder, d dirFile) (err error) {
	name, silent := d.silent()
	if silent {
		f.polled = name
		s.tell.tell("on "+name, fmt.Errorf("%s is on a file system (%s) that does not tell all changes, so it is looked at periodically; %s", p.real, name, silentRemedy(name)))
	}
	f.settled = !silent && f.key.settled(time.Now(), s.settled)
	f.names, err = d.names()
	slices.Sort(f.names)
	return err
}

// settledAge is that of a folder which no change leaves with the same change time, on any file system: some have whole
// seconds, or two.
const settledAge = 3 * time.Second

// settled reports whether a folder has had this key for so long that it tells which names there are.
func (k key) settled(now time.Time, age time.Duration) bool {
	return k.ctime != 0 && now.Sub(time.Unix(0, k.ctime)) > age
}

// entry judges one name of a folder.
func (s *scan) entry(p place, f *folder, name string, k key, mode fs.FileMode, was *entry) (entry, bool) {
	real := "" // where a link leads
	link := mode&fs.ModeSymlink != 0
	if link {
		if temporary(name) {
			return entry{}, false
		}
		target, steps, err := resolve(p.real, name)
		inside := within(s.root, target)
		if !inside {
			steps = slices.DeleteFunc(steps, func(st step) bool { return !within(s.root, st.dir) })
		}
		f.steps = append(f.steps, steps...)
		if err := s.watchSteps(steps); f.polled == "" {
			f.polled = cause(err)
		}
		if err != nil || !inside {
			return entry{}, false
		}
		real = target
		if k, mode, err = lstat(real); err != nil {
			return entry{}, false
		}
	}
	if s.skip != nil && s.skip(path.Join(p.rel, name), mode.IsDir()) {
		return entry{}, false
	}
	switch {
	case mode.IsDir():
		if link {
			return entry{name: name, kind: dirLink, key: key{dev: k.dev, ino: k.ino}, target: real}, true
		}
		k.size = 0
		if was != nil && was.kind == subdir && k.moved(was.key) {
			s.next.back = append(s.next.back, path.Join(p.rel, name))
		}
		return entry{name: name, kind: subdir, key: k}, true
	case mode.IsRegular() && !temporary(name):
		return s.file(name, func() string { return cmp.Or(real, filepath.Join(p.real, name)) }, k, was), true
	}
	return entry{}, false
}

// file makes the entry of a regular file. If it is so fresh, or was at the last look, that its key may not tell its
// contents, these are read from its real path.
func (s *scan) file(name string, real func() string, k key, was *entry) entry {
	e := entry{name: name, key: k}
	same := was != nil && was.kind == regular && was.key == k
	if same && !was.racy {
		e.sum = was.sum
		return e
	}
	e.racy = k.fresh(time.Now())
	if e.racy || same {
		e.sum = s.sum(real())
	}
	return e
}

// fresh reports whether the file was changed so shortly before now that another change could leave its key alike:
// file systems round their times. A time well in the future was set by somebody, and says nothing.
func (k key) fresh(now time.Time) bool {
	for _, t := range []int64{k.mtime, k.ctime} {
		if age := now.Sub(time.Unix(0, t)); -racyAge < age && age < racyAge {
			return true
		}
	}
	return false
}

const maxSum = 64 << 20 // bytes; more cannot be written while a file is racy

// sum returns a hash of the contents of a file, never 0, which is no hash.
func (s *scan) sum(real string) uint64 {
	f, err := openFile(real)
	if err != nil {
		return 1
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return 1
	}
	var h maphash.Hash
	h.SetSeed(s.seed)
	if _, err := io.Copy(&h, io.LimitReader(f, maxSum)); err != nil {
		return 1
	}
	return max(h.Sum64(), 1)
}

// follow looks at Options.Files.
func (s *scan) follow() {
	for _, file := range s.files {
		real, steps, err := resolve(top(file.path))
		s.next.steps = append(s.next.steps, steps...)
		if s.watchSteps(steps) != nil {
			s.next.polled = true
		}
		if err != nil {
			continue
		}
		k, mode, err := lstat(real)
		if err != nil || !mode.IsRegular() {
			continue
		}
		var was *entry
		if s.prev != nil {
			if e, ok := s.prev.files[file.shown]; ok {
				was = &e
			}
		}
		e := s.file(file.shown, func() string { return real }, k, was)
		s.next.files[file.shown] = e
		s.next.racy = s.next.racy || e.racy
	}
}

// watchSteps watches the folders of steps. Its error is of the first that it could not watch.
func (s *scan) watchSteps(steps []step) error {
	var first error
	for i, st := range steps {
		if i > 0 && steps[i-1].dir == st.dir {
			continue
		}
		k, _, err := lstat(st.dir)
		if err == nil {
			err = s.hints.add(st.dir, k.identity(st.dir))
		}
		if first == nil {
			first = err
		}
	}
	return first
}
