package crieur

import (
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

// An output is a folder while it is published into.
type output struct {
	disk
	dir      string
	known    map[string]state
	dirs     map[string]error // what keeps files from being put there
	list     *ledger
	modified time.Time // of the latest file
	drafts   bool

	put func(*File) error // writes a file under its temporary name, durably
}

// newOutput opens the folder that dir is the path of. Known and list are what
// this process knows of it.
func newOutput(d disk, dir string, known map[string]state, list *ledger) (*output, error) {
	o := &output{disk: d, dir: dir, known: known, dirs: map[string]error{}}
	o.put = o.fresh
	var err error
	o.list, err = openLedger(d, list)
	switch {
	case err == nil && o.list.Crieur != manifestKind:
		return nil, fmt.Errorf("%s holds whole generations: publish them there as before, or give another folder for single files", dir)
	case err == nil:
		return o, nil
	case !errors.Is(err, fs.ErrNotExist) && !(len(known) > 0 && errors.Is(err, errManifest)):
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, manifestName), err)
	}
	// There was none, or it was lost while this process went on.
	o.list = &ledger{manifestFile: manifestFile{Files: o.untouched()}}
	return o, nil
}

// fresh writes a file of the site.
func (o *output) fresh(f *File) error { return o.temp(f.Name, f.copyTo) }

// state is what a file looked like when it was last known to be right.
type state struct {
	etag     string
	size     int64
	modified time.Time
	stamp    stamp
}

func stateOf(etag string, info fs.FileInfo) state {
	return state{etag, info.Size(), info.ModTime(), stampOf(info)}
}

// of reports whether it still looks so to the process that left it. Links of it
// may have been made, which change its stamp.
func (s state) of(info fs.FileInfo) bool {
	return s.etag != "" && s.size == info.Size() && s.modified.Equal(info.ModTime())
}

// lstat looks at a file of the folder. It is not by way of the root, which
// takes much longer: nothing is read or written on its word alone.
func (o *output) lstat(name string) (fs.FileInfo, error) {
	return os.Lstat(filepath.Join(o.dir, filepath.FromSlash(name)))
}

// remember notes what f looks like in the folder.
func (o *output) remember(f *File) {
	if info, err := o.lstat(f.Name); err == nil {
		o.known[f.Name] = stateOf(f.ETag, info)
	}
}

// stands reports whether a file is as this process left it, if it did.
func (o *output) stands(name string) bool {
	k, ok := o.known[name]
	if !ok {
		return true
	}
	info, err := o.lstat(name)
	return err == nil && k.of(info)
}

// untouched lists the files that are as this process left them.
func (o *output) untouched() manifest {
	m := manifest{}
	for name, k := range o.known {
		if o.stands(name) {
			m[name] = manifestLine{Name: name, Tags: []string{k.etag}}
		}
	}
	return m
}

// folder reports what is in the way of a folder.
func (o *output) folder(dir string) error {
	if dir == "." {
		return nil
	}
	err, known := o.dirs[dir]
	if !known {
		if err = o.folder(path.Dir(dir)); err == nil {
			var info fs.FileInfo
			switch info, err = o.lstat(dir); {
			case errors.Is(err, fs.ErrNotExist):
				err = nil
			case err == nil && !info.IsDir():
				err = o.foreign(dir)
			}
		}
		o.dirs[dir] = err
	}
	return err
}

func (o *output) foreign(name string) error {
	return fmt.Errorf("%s: %w; move it away, or publish into another folder", filepath.Join(o.dir, filepath.FromSlash(name)), ErrForeign)
}

// asLeft returns what the file of f's name looks like, if it is as this process
// left it, or an earlier one, with the right bytes.
func (o *output) asLeft(f *File) (s state, ok bool) {
	k, known := o.known[f.Name]
	if known && k.etag != f.ETag {
		return s, false
	}
	var left stamp // by an earlier process
	if !known {
		line := o.list.Files[f.Name]
		if left = line.Left; left == (stamp{}) || len(line.Tags) != 1 || line.Tags[0] != f.ETag {
			return s, false
		}
	}
	info, err := o.lstat(f.Name)
	if err != nil || !info.Mode().IsRegular() {
		return s, false
	}
	s = stateOf(f.ETag, info)
	return s, known && k.of(info) || !known && s.stamp == left
}

// compare reports whether the file of f's name need not be written, because it
// has the right bytes, or what is in its way.
func (o *output) compare(f *File) (same bool, err error) {
	info, err := o.lstat(f.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.Mode().IsRegular():
		return false, o.foreign(f.Name)
	case o.known[f.Name].of(info):
		return false, nil // it is the one before
	case info.Size() == int64(f.size):
		if data, err := o.root.ReadFile(f.Name); err == nil && etag(f.Name, data) == f.ETag {
			o.known[f.Name] = stateOf(f.ETag, info)
			return true, nil
		}
	}
	if _, ours := o.list.Files[f.Name]; !ours {
		return false, o.foreign(f.Name)
	}
	return false, nil
}

// line is what the manifest says of f, which the folder has.
func (o *output) line(f *File) manifestLine {
	l := manifestLine{Name: f.Name, Modified: f.Modified.UTC()}
	if k := o.known[f.Name]; k.etag == f.ETag {
		l.Left = k.stamp
	}
	if l.Tags = o.list.Files[f.Name].Tags; len(l.Tags) != 1 || l.Tags[0] != f.ETag {
		l.Tags = []string{f.ETag}
	}
	return l
}

// both is what the manifest says of f while it is written: a process that dies
// leaves nothing that it will not know as its own.
func (o *output) both(f *File) manifestLine {
	tags := o.list.Files[f.Name].Tags
	if !slices.Contains(tags, f.ETag) {
		tags = append(slices.Clone(tags), f.ETag)
	}
	return manifestLine{Name: f.Name, Tags: tags, Modified: f.Modified.UTC()}
}

// save writes the manifest.
func (o *output) save(lines []manifestLine) error {
	return o.list.save(o.disk, manifestHead{Crieur: manifestKind, Modified: o.modified, Drafts: o.drafts}, lines)
}

// writers is how many files are made durable at once: disks answer several
// requests together.
const writers = 8

// replaceAll writes all files under temporary names, then renames them all.
func (o *output) replaceAll(files []*File) (err error) {
	renamed := 0
	defer func() {
		if err != nil {
			for _, f := range files[renamed:] {
				o.disk.remove(tempName(f.Name))
			}
		}
	}()
	dirs := map[string]bool{".": true}
	for _, f := range files {
		dir := path.Dir(f.Name)
		if dirs[dir] {
			continue
		}
		if err := o.mkdirAll(dir); err != nil {
			return err
		}
		for ; !dirs[dir]; dir = path.Dir(dir) {
			dirs[dir] = true // each may be new in its own
		}
	}
	var failed atomic.Pointer[error]
	parallel(len(files), writers, func(i int) {
		if failed.Load() != nil {
			return
		}
		if err := o.put(files[i]); err != nil {
			failed.CompareAndSwap(nil, &err)
		}
	})
	if err := failed.Load(); err != nil {
		return *err
	}
	for i, f := range files {
		if err := o.rename(tempName(f.Name), f.Name); err != nil {
			return err
		}
		renamed = i + 1
	}
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		if err := o.sync(dir); err != nil {
			return err
		}
	}
	return nil
}

// remove takes away files that crieur wrote, if they still are what it wrote.
func (o *output) remove(names []string) (removed []string, err error) {
	dirs := map[string]bool{}
	for _, name := range names {
		dir := path.Dir(name)
		switch err := o.folder(dir); {
		case errors.Is(err, ErrForeign):
			continue
		case err != nil:
			return removed, err
		}
		dirs[dir] = true
		info, err := o.lstat(name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
			continue // gone, or somebody else's by now
		}
		data, err := o.root.ReadFile(name)
		if err != nil {
			return removed, err
		}
		if !slices.Contains(o.list.Files[name].Tags, etag(name, data)) {
			continue
		}
		if err := o.disk.remove(name); err != nil {
			return removed, err
		}
		removed = append(removed, name)
		delete(o.known, name)
	}
	for dir := range dirs {
		for ; dir != "." && o.folder(dir) == nil; dir = path.Dir(dir) {
			err := o.disk.remove(dir)
			if errors.Is(err, fs.ErrExist) {
				break // something is left in it
			}
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return removed, err
			}
		}
	}
	return removed, nil
}

// sweep removes what a process that died was writing.
func (o *output) sweep(site *Site) {
	dirs := map[string]bool{".": true}
	for name := range o.list.Files {
		dirs[path.Dir(name)] = true
	}
	for f := range site.Files() {
		dirs[path.Dir(f.Name)] = true
	}
	for dir := range dirs {
		entries, err := fs.ReadDir(o.root.FS(), dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".") && strings.HasSuffix(e.Name(), tempSuffix) && e.Type().IsRegular() {
				o.disk.remove(path.Join(dir, e.Name()))
			}
		}
	}
}
