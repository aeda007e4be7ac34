package crieur

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// manifestName is the file in an output folder that lists what crieur wrote
// there. A folder that holds one is never taken for content.
const manifestName = ".crieur.json"

// tempSuffix ends the names of files that are being written.
const tempSuffix = ".crieur-tmp"

// ErrForeign is the cause of the error for a file that stands where one of
// the site would be written, and that crieur did not write.
var ErrForeign = errors.New("not written by crieur")

// A Publisher keeps a folder equal to the latest [Site].
//
// Every file appears whole or not at all: it is written under another name in
// the same folder, made durable, and renamed. Files that have the right bytes
// are not touched. Files that crieur wrote and that the site no longer has are
// removed, as are the folders this leaves empty; others are never changed or
// removed. What crieur wrote is listed in the file .crieur.json.
//
// A Publisher is for one goroutine, and for one process at a time.
type Publisher struct {
	Dir string // made if need be

	written map[string]state // what this process knows to be in Dir
}

// state is what a file looked like when it was last known to be right.
type state struct {
	file     *File
	size     int64
	modified time.Time
}

// A Publication says what [Publisher.Publish] did.
type Publication struct {
	Written, Removed []string // names in the site, sorted
	Unchanged        int
}

// Publish writes site into the folder dir, as a [Publisher] does.
func Publish(dir string, site *Site) (Publication, error) {
	return (&Publisher{Dir: dir}).Publish(site)
}

// Publish makes the folder equal to site. When a file cannot be written none is
// put in its place; a file that is not crieur's own is left alone and reported with
// [ErrForeign], and all others are published.
func (p *Publisher) Publish(site *Site) (done Publication, err error) {
	if err := os.MkdirAll(p.Dir, 0o755); err != nil {
		return done, err
	}
	root, err := os.OpenRoot(p.Dir)
	if err != nil {
		return done, err
	}
	defer root.Close()
	o := output{dir: p.Dir, root: root, dirs: map[string]bool{}, was: manifest{}}
	if err := o.load(); err != nil {
		return done, fmt.Errorf("%s: %w", path.Join(p.Dir, manifestName), err)
	}
	if p.written == nil {
		p.written = map[string]state{}
		o.sweep()
	}

	var foreign []error
	var write []*File
	for f := range site.Files() {
		switch ours, same := o.compare(f, p.written); {
		case same:
			done.Unchanged++
			o.owned(f)
		case !ours:
			foreign = append(foreign, fmt.Errorf("%s: %w; move it away, or publish into another folder", path.Join(p.Dir, f.Name), ErrForeign))
		default:
			write = append(write, f)
			o.owned(f)
		}
	}
	// Style sheets come first, and pages that lead to the others last.
	slices.SortStableFunc(write, func(a, b *File) int { return rank(a) - rank(b) })
	if err := o.write(write); err != nil {
		return Publication{Unchanged: done.Unchanged}, err
	}
	for _, f := range write {
		done.Written = append(done.Written, f.Name)
	}
	slices.Sort(done.Written)
	if done.Removed, err = o.remove(); err != nil {
		return done, err
	}
	for _, f := range write {
		o.remember(f, p.written)
	}
	for _, name := range done.Removed {
		delete(p.written, name)
	}
	return done, errors.Join(foreign...)
}

// rank is when a file is written: after those that it links to.
func rank(f *File) int {
	switch {
	case f.Name == "index.html", f.Name == "feeds.opml":
		return 4
	case path.Ext(f.Name) == ".html":
		return 3
	case path.Base(path.Dir(f.Name)) == "archives":
		return 1
	case path.Ext(f.Name) == ".css":
		return 0
	}
	return 2
}

// A manifest lists the tags of what crieur wrote, by name. A name has two
// while one takes the place of the other.
type manifest map[string][]string

type manifestFile struct {
	Crieur  string   `json:"crieur"`
	Version int      `json:"version"`
	Files   manifest `json:"files"`
}

// An output is a folder while it is published into.
type output struct {
	dir  string
	root *os.Root
	dirs map[string]bool // whether files can be put there
	was  manifest        // at the beginning
	now  manifest
}

func (o *output) load() error {
	o.now = manifest{}
	data, err := o.root.ReadFile(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var m manifestFile
	if err := json.Unmarshal(data, &m); err != nil || m.Crieur != "manifest" {
		return errors.New("this list of published files is damaged; nothing is published, because crieur no longer knows which files are its own. Remove it, and the files crieur wrote, to begin again")
	}
	if m.Version != 1 {
		return fmt.Errorf("this list of published files is of version %d, and this crieur knows version 1; use a newer one", m.Version)
	}
	maps.Copy(o.was, m.Files)
	return nil
}

func (o *output) save(m manifest) error {
	data, err := json.MarshalIndent(manifestFile{"manifest", 1, m}, "", "\t")
	if err != nil {
		return err
	}
	if old, err := o.root.ReadFile(manifestName); err == nil && bytes.Equal(old, data) {
		return nil
	}
	return o.replace([]*File{newFile(manifestName, data)})
}

// owned notes that f is, or will be, one of the files crieur wrote.
func (o *output) owned(f *File) { o.now[f.Name] = []string{f.ETag} }

// lstat looks at a file of the folder. It is not by way of the root, which
// takes much longer: nothing is read or written on its word alone.
func (o *output) lstat(name string) (fs.FileInfo, error) {
	return os.Lstat(filepath.Join(o.dir, filepath.FromSlash(name)))
}

// folder reports whether dir is a folder, or can become one.
func (o *output) folder(dir string) bool {
	if dir == "." {
		return true
	}
	ok, known := o.dirs[dir]
	if !known {
		info, err := o.lstat(dir)
		ok = o.folder(path.Dir(dir)) && (errors.Is(err, fs.ErrNotExist) || err == nil && info.IsDir())
		o.dirs[dir] = ok
	}
	return ok
}

// remember notes what f looks like in the folder.
func (o *output) remember(f *File, known map[string]state) {
	if info, err := o.lstat(f.Name); err == nil {
		known[f.Name] = state{f, info.Size(), info.ModTime()}
	}
}

// compare reports whether the file of f's name may be written, and whether
// it need not be, because it is as it was left or has the right bytes.
func (o *output) compare(f *File, known map[string]state) (ours, same bool) {
	_, ours = o.was[f.Name]
	if !o.folder(path.Dir(f.Name)) {
		return false, false
	}
	info, err := o.lstat(f.Name)
	switch k := known[f.Name]; {
	case err != nil:
		return true, false
	case !info.Mode().IsRegular():
		return false, false
	case k.file == f && k.size == info.Size() && k.modified.Equal(info.ModTime()):
		return true, true
	case info.Size() == int64(len(f.data)):
		data, err := o.root.ReadFile(f.Name)
		if err == nil && bytes.Equal(data, f.data) {
			o.remember(f, known)
			return true, true
		}
	}
	return ours, false
}

// write puts files in their places. The manifest is first made to own both
// what is there and what will be, so that a process that dies leaves nothing
// it will not know as its own.
func (o *output) write(files []*File) error {
	if len(files) == 0 {
		return nil
	}
	both := maps.Clone(o.was)
	for name, tags := range o.now {
		both[name] = slices.Compact(slices.Concat(o.was[name], tags))
	}
	if err := o.save(both); err != nil {
		return err
	}
	return o.replace(files)
}

// writers is how many files are made durable at once: disks answer several
// requests together.
const writers = 8

// replace writes all files under temporary names, then renames them all.
func (o *output) replace(files []*File) error {
	dirs := map[string]bool{}
	for _, f := range files {
		dir := path.Dir(f.Name)
		if !dirs[dir] {
			dirs[dir] = true
			if err := o.root.MkdirAll(dir, 0o755); err != nil {
				return err
			}
		}
	}
	var failed atomic.Pointer[error]
	parallel(len(files), writers, func(i int) {
		if failed.Load() == nil {
			if err := o.temp(files[i]); err != nil {
				failed.CompareAndSwap(nil, &err)
			}
		}
	})
	if err := failed.Load(); err != nil {
		for _, f := range files {
			o.root.Remove(tempName(f.Name))
		}
		return *err
	}
	for i, f := range files {
		if err := o.root.Rename(tempName(f.Name), f.Name); err != nil {
			for _, f := range files[i:] {
				o.root.Remove(tempName(f.Name))
			}
			return err
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		if err := o.syncDir(dir); err != nil {
			return err
		}
	}
	return nil
}

func tempName(name string) string {
	dir, base := path.Split(name)
	return dir + "." + base + tempSuffix
}

func (o *output) temp(file *File) error {
	name := tempName(file.Name)
	o.root.Remove(name) // left by a process that died
	f, err := o.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(file.data)
	return errors.Join(err, f.Sync(), f.Close())
}

func (o *output) syncDir(dir string) error {
	d, err := o.root.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrInvalid) || os.PathSeparator == '\\' {
		err = nil // not every file system knows what it means to sync a folder
	}
	return errors.Join(err, d.Close())
}

// remove takes away what crieur wrote and the site no longer has, if it still
// is what crieur wrote, and notes what is left.
func (o *output) remove() (removed []string, err error) {
	dirs := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(o.was)) {
		if _, ok := o.now[name]; ok {
			continue
		}
		data, err := o.root.ReadFile(name)
		if err != nil || !slices.Contains(o.was[name], newFile(name, data).ETag) {
			continue // gone, or somebody else's by now
		}
		if err := o.root.Remove(name); err != nil {
			return removed, err
		}
		removed = append(removed, name)
		dirs[path.Dir(name)] = true
	}
	for dir := range dirs {
		for dir != "." && o.root.Remove(dir) == nil { // fails where something is left in it
			dir = path.Dir(dir)
		}
	}
	if maps.EqualFunc(o.was, o.now, slices.Equal) {
		return removed, nil
	}
	return removed, o.save(o.now)
}

// sweep removes what a process that died was writing.
func (o *output) sweep() {
	dirs := map[string]bool{".": true}
	for name := range o.was {
		dirs[path.Dir(name)] = true
	}
	for dir := range dirs {
		entries, err := fs.ReadDir(o.root.FS(), dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".") && strings.HasSuffix(e.Name(), tempSuffix) {
				o.root.Remove(path.Join(dir, e.Name()))
			}
		}
	}
}
