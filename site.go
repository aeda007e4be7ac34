package crieur

import (
	"bytes"
	"cmp"
	"io"
	"io/fs"
	"iter"
	"maps"
	"path"
	"slices"
	"sync"
	"time"
	"weak"
)

// A Site is one generation of everything that is published: an immutable
// [fs.FS] of complete documents, with what a server needs to know of each.
// It may be used by several goroutines at once.
type Site struct {
	files   []*File // by name
	dirs    func() map[string][]fs.DirEntry
	secret  *Site // nil: there is none
	drafts  bool  // are among the records
	topics  map[string]topic
	chooser *chooser // nil: nothing can be chosen
	last    bool     // this is but what was published once, see Publisher.Last

	fresh weak.Pointer[fresh] // the Builder's

	elsewhere *elsewhere // nil: nobody knows what channels there were

	// NextChange is when the same content would give another site, because
	// something becomes due, expires or is over; zero: never.
	NextChange time.Time

	private, public time.Time // NextChange, where that is of something private, and of what is not

	// Gone are the files, sorted, that this build found missing and whose
	// records it therefore withdrew. Somebody who replaces a file may have
	// removed it first: a daemon looks again before it shows this Site.
	Gone []string

	// Refresh is how often readers are asked to come back.
	Refresh time.Duration

	// Subscriptions are the channels, in the order of the page.
	Subscriptions []Subscription

	// Hubs are the addresses of the WebSub hubs that are to be told when one of
	// Topics has changed.
	Hubs []string

	// Records counts what is published of each kind, withdrawn events
	// included.
	Events, Articles int
}

// A Subscription is a channel as it is published.
type Subscription struct {
	Name, Title string
	Addresses   []string // absolute, one for each format
}

// newSite is the site of files, sorted by name.
func newSite(files []*File) *Site {
	return &Site{files: files, dirs: sync.OnceValue(func() map[string][]fs.DirEntry {
		dirs := folders{".": nil}
		for _, f := range files {
			dirs.enter(path.Dir(f.Name), fs.FileInfoToDirEntry(fileInfo{f}))
		}
		for _, entries := range dirs {
			slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
		}
		return dirs
	})}
}

func sortedFiles(files map[string]*File) []*File {
	return slices.SortedFunc(maps.Values(files), func(a, b *File) int { return a.byName(b.Name) })
}

// folders are what folders hold, by their path.
type folders map[string][]fs.DirEntry

func (f folders) enter(dir string, e fs.DirEntry) {
	if _, ok := f[dir]; !ok {
		f.enter(path.Dir(dir), fs.FileInfoToDirEntry(dirInfo(path.Base(dir))))
	}
	f[dir] = append(f[dir], e)
}

// File returns the document of that name, nil if there is none.
func (s *Site) File(name string) *File {
	if i, ok := slices.BinarySearchFunc(s.files, name, (*File).byName); ok {
		return s.files[i]
	}
	return nil
}

// Secret returns the documents of the secret channels, which are in no other way
// part of s: s/NAME.ics and the like. A [Server] shows them to who knows a token; a
// program with a sign-in of its own gives them to another Server, behind that.
func (s *Site) Secret() *Site {
	if s.secret == nil {
		return newSite(nil)
	}
	return s.secret
}

// Files yields every document, sorted by name.
func (s *Site) Files() iter.Seq[*File] { return slices.Values(s.files) }

// Open implements [fs.FS].
func (s *Site) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if f := s.File(name); f != nil {
		data, err := f.bytes()
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
		return &openFile{Reader: bytes.NewReader(data), info: fileInfo{f}}, nil
	}
	if entries, ok := s.dirs()[name]; ok {
		return &openDir{info: dirInfo(path.Base(name)), path: name, entries: entries}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

type openFile struct {
	*bytes.Reader
	info fileInfo
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *openFile) Close() error               { return nil }

type openDir struct {
	info    dirInfo
	path    string
	entries []fs.DirEntry
}

func (d *openDir) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *openDir) Close() error               { return nil }

func (d *openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.path, Err: fs.ErrInvalid}
}

// ReadDir implements [fs.ReadDirFile].
func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		n = len(d.entries)
	} else if len(d.entries) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(d.entries))
	list := slices.Clone(d.entries[:n])
	d.entries = d.entries[n:]
	return list, nil
}

type fileInfo struct{ f *File }

func (i fileInfo) Name() string       { return path.Base(i.f.Name) }
func (i fileInfo) Size() int64        { return int64(i.f.size) }
func (i fileInfo) Mode() fs.FileMode  { return 0o444 }
func (i fileInfo) ModTime() time.Time { return i.f.Modified }
func (i fileInfo) IsDir() bool        { return false }
func (i fileInfo) Sys() any           { return nil }

type dirInfo string

func (i dirInfo) Name() string       { return string(i) }
func (i dirInfo) Size() int64        { return 0 }
func (i dirInfo) Mode() fs.FileMode  { return fs.ModeDir | 0o555 }
func (i dirInfo) ModTime() time.Time { return time.Time{} }
func (i dirInfo) IsDir() bool        { return true }
func (i dirInfo) Sys() any           { return nil }
