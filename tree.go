package crieur

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/crieur/crieur/calendar"
	"github.com/crieur/crieur/feeds"
	"github.com/crieur/crieur/internal/content"
)

// A tree is what was found in the content of one build.
type tree struct {
	records  []*found           // by path, then line, but for those that are left out
	all      []*found           // likewise, with these
	sessions []*found           // of programmes, likewise
	files    map[string]*parsed // every file that can hold records
	broken   map[string]bool    // links that would lead to more
	spoilt   map[string]bool    // files with an error that others make one
	blocked  []string           // folders that could not be read
	bodies   map[*content.Record]*forms
	faults   []Fault
	told     bool // the files are those of the last build, but for these, the removed ones first:
	edits    []reread
}

func (t *tree) present(p string) bool { return t.files[p] != nil || t.broken[p] }

// yields reports whether a file gave at least one record.
func (t *tree) yields(p string) bool { f := t.files[p]; return f != nil && len(f.records) > 0 }

// failed reports whether a file has an error.
func (t *tree) failed(p string) bool {
	f := t.files[p]
	return f != nil && f.failed || t.broken[p] || t.spoilt[p]
}

// at are the records of one file.
func (t *tree) at(p string) []*found {
	first, _ := slices.BinarySearchFunc(t.all, p, func(f *found, p string) int { return strings.Compare(f.Path, p) })
	last := first
	for last < len(t.all) && t.all[last].Path == p {
		last++
	}
	return t.all[first:last]
}

// forget ends the life of the forms of what was read.
func (t *tree) forget() {
	for _, text := range t.bodies {
		text.forget()
	}
}

func (t *tree) unreadable(p string) bool {
	return slices.ContainsFunc(t.blocked, func(dir string) bool { return under(p, dir) })
}

// A parsed is what one file gave. It depends on the file's bytes and the
// settings alone, and is kept from one build to the next.
type parsed struct {
	sum      [sha256.Size]byte
	modified time.Time // the file's, which is no part of what it gave
	records  []found
	bodies   []*forms
	paths    map[string]bool // of Collection.Fields that lead to something in it
	faults   []Fault
	failed   bool
	unread   bool // it could not be read, and is tried again
}

func (f *found) pos() token.Position {
	return token.Position{Filename: f.Path, Line: max(f.Line, 1), Column: 1}
}

// read walks src and reads every file that can hold records, but for those that
// are not among the changed ones. The faults of single files are in the tree; the
// error is that of a root that cannot be read at all.
func (b *Builder) read(src fs.FS, cfg *settings, old *History, changed map[string]bool) (*tree, error) {
	w := b.walked
	gone, told := b.relist(src, cfg, changed)
	if !told {
		var err error
		if w, err = walk(src, cfg); err != nil {
			return nil, err
		}
	}
	t := &tree{
		broken: map[string]bool{}, spoilt: map[string]bool{},
		bodies: map[*content.Record]*forms{}, blocked: w.blocked, faults: slices.Clone(w.faults),
	}
	for _, p := range w.broken {
		t.broken[p] = true
	}

	whole := b.whole(cfg, old)
	read := b.toRead(w, changed)
	files := make([]*parsed, len(read))
	verified := old.saw()
	first := len(read) <= few // of so few it is not worth to know all that were
	parallel(len(read), runtime.GOMAXPROCS(0), func(i int) {
		name := w.paths[read[i]]
		defer func() {
			if p := recover(); p != nil { // of a library: one file stops no other
				f := faultAt(name, Error, "internal", "this file is not understood because of a mistake in the program (%v): please report it, with the file", p)
				files[i] = &parsed{faults: []Fault{f}, failed: true, unread: true}
			}
		}()
		files[i] = b.file(src, name, cfg, verified, first, whole[name])
	})
	if t.told = told; !told {
		b.list(w)
	}
	for _, was := range gone {
		t.edits = append(t.edits, reread{was: was})
	}
	for i, p := range files {
		at := read[i]
		was := b.parsed[at]
		if b.parsed[at] = p; told && (was == nil || p.sum != was.sum) {
			t.edits = append(t.edits, reread{was, p})
		}
		b.files[w.paths[at]] = p
		for j, f := range p.records {
			t.bodies[f.Record] = p.bodies[j] // those of others are forgotten
		}
	}
	t.files = b.files
	b.faulty = slices.DeleteFunc(b.faulty, func(i int) bool { _, again := slices.BinarySearch(read, i); return again })
	for i, p := range files {
		if len(p.faults) > 0 {
			b.faulty = append(b.faulty, read[i])
		}
	}
	slices.Sort(b.faulty)
	for _, i := range b.faulty {
		t.faults = append(t.faults, b.parsed[i].faults...)
	}
	if !t.told || slices.ContainsFunc(t.edits, func(e reread) bool { return !e.inPlace() || !maps.Equal(e.was.paths, e.is.paths) }) {
		b.unused = cfg.unusedFields(t.files)
	}
	t.faults = append(t.faults, b.unused...)
	b.walked, b.current = w, true
	return t, nil
}

// list lists the files that w has found. Those that are not known are to be read.
func (b *Builder) list(w *walker) {
	files := make(map[string]*parsed, len(w.paths))
	b.parsed, b.faulty = make([]*parsed, len(w.paths)), nil
	for i, name := range w.paths {
		p := b.files[name]
		if p == nil {
			continue
		}
		if len(p.faults) > 0 {
			b.faulty = append(b.faulty, i)
		}
		b.parsed[i], files[name] = p, p
	}
	b.files = files
}

// list lists the records of all files.
func (t *tree) list(files []*parsed) {
	t.records = make([]*found, 0, len(files))
	for _, p := range files {
		var event *found // the last, whose sessions follow it
		for j := range p.records {
			f := &p.records[j]
			f.build, f.file = build{}, p.modified
			if f.Session {
				f.parent = event
				t.sessions = append(t.sessions, f)
				continue
			}
			event = f
			t.records = append(t.records, f)
		}
	}
	t.all = slices.Clone(t.records)
}

// parallel calls do for 0 to n-1, on so many goroutines.
func parallel(n, goroutines int, do func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, goroutines) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				do(i)
			}
		})
	}
	wg.Wait()
}

// A walker lists the files that can hold records.
type walker struct {
	src     fs.FS
	cfg     *settings
	paths   []string // sorted
	broken  []string // links that cannot be followed, and would be among them
	blocked []string // folders that could not be read
	faults  []Fault
	listed  map[string]bool // folders
	folders []fs.FileInfo   // the same, to see a link that leads back to one
	linked  []fs.FileInfo   // those listed by way of a link
	links   []string        // the links

	secret   []string // folders of secret channels, which are listed first
	inSecret bool     // the folder that is listed is one of these
}

// walk lists the files of src. The error is that of a root that cannot be read.
func walk(src fs.FS, cfg *settings) (*walker, error) {
	w := &walker{src: src, cfg: cfg, listed: map[string]bool{}}
	entries, err := fs.ReadDir(src, ".")
	if err != nil {
		return nil, err
	}
	if root, err := fs.Stat(src, "."); err == nil {
		w.folders = append(w.folders, root)
	}
	w.secrets()
	w.folder(".", entries)
	slices.Sort(w.paths)
	return w, nil
}

func (w *walker) fault(p string, severity Severity, rule, format string, args ...any) {
	w.faults = append(w.faults, faultAt(p, severity, rule, format, args...))
}

func (w *walker) folder(dir string, entries []fs.DirEntry) {
	for _, e := range entries {
		if e.Name() == manifestName {
			w.fault(dir, Warning, "output", "this folder holds a %s: it is what crieur published, and is not read as content; delete it if it is an old one", manifestName)
			return
		}
	}
	w.listed[dir] = true
	for _, e := range entries {
		p := path.Join(dir, e.Name())
		if strings.HasPrefix(e.Name(), ".") || w.cfg.ignored(p) || slices.Contains(w.secret, p) {
			continue
		}
		mode := e.Type()
		if mode&fs.ModeSymlink != 0 {
			info, err := fs.Stat(w.src, p)
			if err != nil {
				severity := Warning
				if content.Wanted(p) {
					severity = Error
					w.broken = append(w.broken, p)
				}
				w.blocked = append(w.blocked, p) // it may have led to a folder
				w.fault(p, severity, "symlink", "this link cannot be followed: %w; a link may lead to files of the same content folder only, and what was published through it stays", cause(err))
				continue
			}
			mode = info.Mode().Type()
			if mode.IsDir() {
				if w.inSecret {
					w.fault(p, Warning, "symlink", "this link leads out of a folder that is private, and is not followed: what it leads to may be public")
					continue
				}
				if !listed(w.folders, info) {
					w.linked, w.links = append(w.linked, info), append(w.links, p)
					w.descend(p)
					continue
				}
				w.fault(p, Warning, "symlink", "this link leads back to a folder that is read already; it is not followed")
				continue
			}
		}
		switch {
		case !utf8.ValidString(p):
			if mode.IsDir() || content.Wanted(p) {
				w.fault(p, Error, "name", "this name is not valid UTF-8, and is not read; rename it")
			}
		case mode.IsDir():
			if e.Name() != "node_modules" {
				w.descend(p)
			}
		case !content.Wanted(p) || w.cfg.passedOver(p):
		case mode.IsRegular():
			w.paths = append(w.paths, p)
		default:
			w.fault(p, Warning, "not-a-file", "this is no regular file (%v) and is not read; move it out of the content folder", mode.Type())
		}
	}
}

func listed(folders []fs.FileInfo, info fs.FileInfo) bool {
	return slices.ContainsFunc(folders, func(f fs.FileInfo) bool { return os.SameFile(f, info) })
}

func (w *walker) descend(dir string) {
	info, err := fs.Stat(w.src, dir)
	if err == nil {
		if len(w.linked) > 0 && listed(w.linked, info) && listed(w.folders, info) {
			return // through a link, before
		}
		w.folders = append(w.folders, info)
		var entries []fs.DirEntry
		if entries, err = fs.ReadDir(w.src, dir); err == nil {
			w.folder(dir, entries)
			return
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return // removed since it was listed
	}
	w.blocked = append(w.blocked, dir)
	w.fault(dir, Error, "unreadable", "this folder cannot be read: %w; what was published from it stays", cause(err))
}

// cause takes the operation and the path out of an error, which the fault's
// position says already, and adds what to do where permissions forbid it.
func cause(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		err = pe.Err
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w; let this user read it, and what leads to it", err)
	}
	return err
}

// file reads and parses one file, or takes what it gave the last time, or what
// an earlier process has left of it. First it verifies a record, and then asks
// whether that was done before, or the other way round.
func (b *Builder) file(src fs.FS, name string, cfg *settings, verified func(seen string) bool, first bool, left *entry) *parsed {
	data, modified, err := readWhole(src, name)
	if errors.Is(err, errSize) && strings.EqualFold(path.Ext(name), ".csv") { // which may hold anything
		f := faultAt(name, Warning, "unreadable", "this table is not read: %w", err)
		return &parsed{modified: modified, faults: []Fault{f}, unread: true}
	}
	if err != nil {
		f := faultAt(name, Error, "unreadable", "this file cannot be read: %w; if it was published, its last good form stays", err)
		return &parsed{modified: modified, faults: []Fault{f}, failed: true, unread: true}
	}
	sum := sha256.Sum256(data)
	if old := b.files[name]; old != nil && old.sum == sum {
		again := *old
		again.modified = modified
		return &again
	}
	source := hex.EncodeToString(sum[:16])
	if left != nil && left.Source == source {
		p := left.parsed(sum)
		p.modified = modified
		return p
	}
	p := &parsed{sum: sum, modified: modified}
	if len(bytes.TrimSpace(data)) == 0 {
		p.faults = append(p.faults, faultAt(name, Error, "empty", "this file is empty; what was published from it stays. Write the record, or delete the file to withdraw it"))
		p.failed = true
		return p
	}
	opt := cfg.content
	opt.Found = func(path string) {
		if p.paths == nil {
			p.paths = map[string]bool{}
		}
		p.paths[path] = true
	}
	report := func(f content.Fault) {
		p.faults = append(p.faults, fromContent(f))
		p.failed = p.failed || f.Severity == content.Error
	}
	var records []content.Record
	if isCalendar(name) && !content.IsTemplate(data) {
		records = cfg.readCalendar(name, data, report)
	} else {
		records = content.Parse(name, data, &opt, report)
	}
	for _, r := range records {
		if r.Published.IsZero() {
			// Which date it is given is known, and told, with its identity.
			p.faults = slices.DeleteFunc(p.faults, func(f Fault) bool { return f.Rule == content.RuleDateOrigin })
		}
	}
	slices.SortStableFunc(records, func(a, b content.Record) int { return cmp.Compare(a.Line, b.Line) })
	var text *forms // of the record read
	var read *content.Record
	lost := false // the event that sessions follow is left out
	for i := range records {
		f := found{Record: &records[i], source: source}
		if !f.Session {
			lost = true
		} else if lost {
			continue
		}
		if read == nil || !sameBody(f.Record, read) {
			read = f.Record
			text, err = cfg.forms(read)
		}
		if errors.Is(err, errBody) {
			p.faults = append(p.faults, Fault{Pos: f.pos(), Rule: "body", Err: err})
			p.failed = true
			continue
		}
		if err != nil {
			p.faults = append(p.faults, Fault{Pos: f.pos(), Severity: Warning, Rule: "body", Err: err})
		}
		f.seen, f.like = cfg.fingerprint(f.Record, cfg.plain(f.Record, text)), likenessOf(f.Record, source)
		hidden := f.Draft && (f.Broken || !cfg.Drafts)
		known := func() bool { return f.UID == "" && verified(f.seen) }
		if !hidden && (first || !known()) {
			if err := cfg.verify(f.Record, text); err != nil && !(first && known()) {
				for _, err := range ofRecord(err) {
					p.faults = append(p.faults, Fault{Pos: f.pos(), Rule: "unpublishable", Err: fmt.Errorf("this cannot be published: %w", err)})
				}
				p.failed = true
				continue
			}
		}
		lost = false
		p.records = append(p.records, f)
		p.bodies = append(p.bodies, text)
	}
	return p
}

// sameBody reports whether two records of a file, as dates of one page are,
// have one text.
func sameBody(a, b *content.Record) bool {
	return a.Body == b.Body && a.Format == b.Format && a.Permalink == b.Permalink
}

// verify makes the forms of a record and has them checked, events by another
// program's parser too, so that what cannot be said in a calendar or a feed is
// a fault of its own file and takes nothing else with it.
func (s *settings) verify(r *content.Record, text *forms) error {
	epoch := time.Unix(0, 0).UTC()
	it := s.draft(&entry{ID: cmp.Or(r.UID, "check"), Kind: r.Kind, Slug: "check", Published: epoch, Created: epoch, Updated: epoch, Record: r}, text)
	if r.Kind == content.Event {
		e := s.event(it)
		if err := calendar.ReadBack(&e); err != nil {
			return err
		}
	}
	if r.Session {
		return nil // it is in no feed
	}
	return feeds.Check(&feeds.Feed{ID: "urn:check", Title: "check", URL: s.Base, Articles: []feeds.Article{s.heading(it)}})
}

// ofRecord returns what is wrong with a record one by one, without saying which
// of many it is: the position does.
func ofRecord(err error) []error {
	all := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all = slices.Clone(joined.Unwrap())
	}
	for i, err := range all {
		if e, ok := errors.AsType[*calendar.FieldError](err); ok && e.Field != "" {
			all[i] = fmt.Errorf("%s: %w", e.Field, e.Err)
		} else if e, ok := errors.AsType[*feeds.FieldError](err); ok {
			all[i] = fmt.Errorf("%s %w", e.Field, e.Err)
		}
	}
	return all
}

// errSize is that of a file which is too large.
var errSize = errors.New("a file of records may have")

var errChanging = errors.New("it changes while it is read; it will be read again")

// readWhole reads a file that did not change meanwhile.
func readWhole(src fs.FS, name string) (data []byte, modified time.Time, err error) {
	for range 3 {
		data, modified, err = readOnce(src, name)
		if err != errChanging {
			break
		}
	}
	return data, modified, err
}

func readOnce(src fs.FS, name string) ([]byte, time.Time, error) {
	f, err := src.Open(name)
	if err != nil {
		return nil, time.Time{}, cause(err)
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return nil, time.Time{}, cause(err)
	}
	modified := before.ModTime()
	most := int64(content.MaxFile)
	if isCalendar(name) {
		most = maxCalendar
	}
	if before.Size() > most {
		return nil, modified, fmt.Errorf("it has %d bytes, and %d is the most %w", before.Size(), most, errSize)
	}
	data := make([]byte, 0, before.Size()+bytes.MinRead)
	buf := bytes.NewBuffer(data)
	if _, err := io.Copy(buf, io.LimitReader(f, most+1)); err != nil {
		return nil, modified, cause(err)
	}
	after, err := f.Stat()
	if err != nil {
		return nil, modified, cause(err)
	}
	if int64(buf.Len()) != after.Size() || !after.ModTime().Equal(modified) {
		return nil, modified, errChanging
	}
	return buf.Bytes(), modified, nil
}
