package crieur

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/zone"
)

var (
	// ErrLocked says that another process uses the same store.
	ErrLocked = errors.New("in use")
	// ErrDamaged says that a history cannot be believed.
	ErrDamaged = errors.New("damaged history")
)

const (
	historyName    = "history.jsonl"
	lockName       = "lock"
	historyFormat  = "crieur history"
	historyVersion = 1
)

// A Store keeps a [History] in a folder, for one process at a time.
//
// It is a file of lines, history.jsonl, to which each save adds what has
// changed: a checksum and a JSON value a line, the last word on a thing being
// its last line, and a line that ends the save. A save that a crash cut short
// has no such line, and is dropped whole; any other damage is an error, because
// a history that is lost in part would give published records new identities.
// The file is written anew, and replaced at once, when most of its lines are
// overtaken.
//
// A Store is for one goroutine.
type Store struct {
	// Dropped is how many bytes of a save that was cut short were removed
	// when the store was opened.
	Dropped int64

	dir   string
	lock  *flock.Flock
	file  *os.File
	saved *History
	lines int // in the file; zero: nothing was ever saved

	size    int64 // of the file
	compact int64 // the same, when it was last written anew
	private bool  // the file may have what is for secret channels alone
	doubted bool  // the file may not be what was written
	loaded  bool  // see Load

	step func(op, name string) error // see disk
}

// OpenStore opens the store in the folder dir, which is made if need be. It
// fails with [ErrLocked] while another process has it open, and with
// [ErrDamaged] when the history cannot be read whole.
func OpenStore(dir string) (*Store, error) {
	s, err := LockStore(dir)
	if err == nil {
		err = s.Load()
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// LockStore takes the folder dir for this process as [OpenStore] does, and reads
// nothing yet, which takes a moment where the history is long. Until Load has,
// the store has no history and saves none.
func LockStore(dir string) (*Store, error) {
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	s := &Store{dir: dir, lock: flock.New(filepath.Join(dir, lockName)), saved: new(History)}
	ok, err := s.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.lock.Path(), err)
	}
	if !ok {
		pid, _ := os.ReadFile(s.lock.Path())
		return nil, fmt.Errorf("%s: %w by process %s; stop it, or give this one another folder", dir, ErrLocked, cmp.Or(strings.TrimSpace(string(pid)), "unknown"))
	}
	// Only for the message above: the lock is the lock.
	_ = os.WriteFile(s.lock.Path(), fmt.Appendln(nil, os.Getpid()), 0o644)
	return s, nil
}

// Load reads the history of a store that [LockStore] has taken. When it fails, as
// OpenStore does, the store is given free.
func (s *Store) Load() error {
	if err := s.open(); err != nil {
		return errors.Join(err, s.Close())
	}
	s.loaded = true
	return nil
}

func (s *Store) open() error {
	name := filepath.Join(s.dir, historyName)
	os.Remove(filepath.Join(s.dir, tempName(historyName))) // left by a process that died
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the first save makes it
	}
	if err != nil {
		return err
	}
	h, good, lines, err := readHistory(f)
	if err == nil {
		var info fs.FileInfo
		if info, err = f.Stat(); err == nil && info.Size() > good {
			s.Dropped = info.Size() - good
			err = f.Truncate(good)
		}
	}
	if err != nil {
		f.Close()
		return fmt.Errorf("%s: %w", name, err)
	}
	s.file, s.saved, s.lines, s.size, s.compact = f, h, lines, good, good
	s.private = h.hasPrivate(new(History))
	return nil
}

// History returns what was last saved.
func (s *Store) History() *History { return s.saved }

// Empty reports whether nothing was ever saved.
func (s *Store) Empty() bool { return s.lines == 0 }

// Save makes h durable: when it returns nil, h is what the next OpenStore
// finds. When it fails, that is what was saved before, or h.
func (s *Store) Save(h *History) error {
	if !s.loaded {
		return fmt.Errorf("%s: nothing is saved before what is there was loaded", s.dir)
	}
	var b bytes.Buffer
	n := appendChanges(&b, s.saved, h)
	lost := s.file == nil || s.gone()
	if n == 0 && !lost {
		s.saved = h // which says the same
		return nil
	}
	writeLine(&b, line{Saved: n + 1})
	s.private = s.private || h.hasPrivate(s.saved)
	if !lost && s.private {
		s.conceal()
	}
	if lost || s.size+int64(b.Len()) > 2*s.compact+1<<20 {
		return s.rewrite(h)
	}
	if err := s.append(b.Bytes()); err != nil {
		return fmt.Errorf("%s: %w", s.file.Name(), err)
	}
	s.saved, s.lines, s.size = h, s.lines+n+1, s.size+int64(b.Len())
	return nil
}

func (s *Store) append(data []byte) error {
	d := disk{step: s.step}
	err := d.do("append", historyName, func() error { _, err := s.file.WriteAt(data, s.size); return err })
	if err == nil {
		err = d.do("sync", historyName, s.file.Sync)
		s.doubted = err != nil // what a second call says of the same bytes is not to be believed
	}
	if err != nil {
		s.file.Truncate(s.size) // or gone sees what is left
	}
	return err
}

// hasPrivate reports whether a history has what is for secret channels alone, and old may not have had.
func (h *History) hasPrivate(old *History) bool {
	for _, e := range h.entries.since(&old.entries) {
		if e.Private {
			return true
		}
	}
	return false
}

// conceal makes the file one that this user alone reads, where the file system
// knows of users.
func (s *Store) conceal() {
	if info, err := s.file.Stat(); err == nil && info.Mode().Perm()&0o077 != 0 {
		_ = s.file.Chmod(0o600)
	}
}

// gone reports whether the file was removed, replaced or changed behind our
// back, or is not known to be what was written.
func (s *Store) gone() bool {
	ours, err1 := s.file.Stat()
	there, err2 := os.Stat(s.file.Name())
	return s.doubted || err1 != nil || err2 != nil || !os.SameFile(ours, there) || ours.Size() != s.size
}

// rewrite replaces the file by one with each thing once.
func (s *Store) rewrite(h *History) error {
	var b bytes.Buffer
	writeLine(&b, line{Format: historyFormat, Version: historyVersion})
	n := appendChanges(&b, new(History), h)
	writeLine(&b, line{Saved: n + 1})
	d, err := openDisk(s.dir, s.step)
	if err != nil {
		return err
	}
	defer d.root.Close()
	d.private = s.private
	// Some systems rename no file that is open.
	if s.file != nil {
		s.file.Close()
		s.file = nil
	}
	if err := d.replace(historyName, b.Bytes()); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(s.dir, historyName), err)
	}
	f, err := os.OpenFile(filepath.Join(s.dir, historyName), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	s.file, s.saved, s.lines = f, h, n+2
	s.size, s.compact, s.doubted = int64(b.Len()), int64(b.Len()), false
	return nil
}

// Close gives the store free for other processes.
func (s *Store) Close() error {
	var err error
	if s.file != nil {
		err = s.file.Close()
	}
	return errors.Join(err, os.WriteFile(s.lock.Path(), nil, 0o644), s.lock.Unlock())
}

// A line is one line of the file: one of its fields is set.
type line struct {
	Format  string       `json:"format,omitempty"`
	Site    *identity    `json:"site,omitempty"`
	Made    string       `json:"made,omitempty"`
	Version int          `json:"version,omitempty"`
	Entry   *savedEntry  `json:"entry,omitempty"`
	Label   *savedLabel  `json:"label,omitempty"`
	Output  *savedOutput `json:"output,omitempty"`
	Archive *savedEnd    `json:"archive,omitempty"`
	Saved   int          `json:"saved,omitempty"` // ends a save of so many lines, this one included
}

type savedEntry struct {
	ID        string          `json:"id"`
	Parent    string          `json:"parent,omitempty"`
	Private   bool            `json:"private,omitempty"`
	Declared  string          `json:"uid,omitempty"`
	Path      string          `json:"path"`
	Line      int             `json:"line"`
	Subject   string          `json:"subject"`
	Source    string          `json:"source"`
	Copies    string          `json:"copies,omitempty"`
	Kind      string          `json:"kind"`
	Slug      string          `json:"slug"`
	Seen      string          `json:"seen"`
	Sequence  int             `json:"sequence"`
	Whole     bool            `json:"whole,omitempty"`
	Published time.Time       `json:"published"`
	Created   time.Time       `json:"created"`
	Updated   time.Time       `json:"updated"`
	Withdrawn time.Time       `json:"withdrawn,omitzero"`
	Zone      string          `json:"zone,omitempty"` // of the record's times
	Record    *content.Record `json:"record,omitempty"`
	First     *savedFirst     `json:"first,omitempty"`
}

type savedFirst struct {
	When     content.Span `json:"when"`
	Zone     string       `json:"zone"`
	Location string       `json:"location,omitempty"`
}

type savedLabel struct {
	Key string `json:"key"`
	label
}

type savedOutput struct {
	Name string `json:"name"`
	version
}

// A savedEnd is where the archive n of a channel, from 1, ends.
type savedEnd struct {
	Channel string `json:"channel"`
	N       int    `json:"n"`
	End     string `json:"end"`
}

func writeLine(b *bytes.Buffer, l line) {
	data, err := json.Marshal(l)
	if err != nil {
		panic("crieur: a history cannot be written: " + err.Error()) // no field can fail
	}
	fmt.Fprintf(b, "%08x %s\n", crc32.ChecksumIEEE(data), data)
}

// appendChanges writes what h has and old has not, and returns the number of
// lines.
func appendChanges(b *bytes.Buffer, old, h *History) (n int) {
	for l := range h.lines(old) {
		writeLine(b, l)
		n++
	}
	return n
}

// lines ranges over what h has and old has not. Nothing ever leaves a history.
func (h *History) lines(old *History) iter.Seq[line] {
	return func(yield func(line) bool) {
		if old.site != h.site && !yield(line{Site: &h.site}) {
			return
		}
		if old.made != h.made && !yield(line{Made: h.made}) {
			return
		}
		for _, id := range others(h.entries.since(&old.entries), old.entries.find, func(a, b *entry) bool { return a == b }) {
			if !yield(line{Entry: saveEntry(h.entries.get(id))}) {
				return
			}
		}
		oldLabel := func(key string) (label, bool) { l, ok := old.labels[key]; return l, ok }
		for _, key := range others(maps.All(h.labels), oldLabel, func(a, b label) bool { return a == b }) {
			if !yield(line{Label: &savedLabel{key, h.labels[key]}}) {
				return
			}
		}
		for _, name := range others(h.outputs.since(&old.outputs), old.outputs.find, version.equal) {
			if !yield(line{Output: &savedOutput{name, h.outputs.get(name)}}) {
				return
			}
		}
		for _, name := range slices.Sorted(maps.Keys(h.archives)) {
			for i, end := range h.archives[name] {
				if i >= len(old.archives[name]) && !yield(line{Archive: &savedEnd{name, i + 1, end}}) {
					return
				}
			}
		}
	}
}

// others returns the keys, sorted, of what is not in old, or otherwise.
func others[V any](all iter.Seq2[string, V], old func(string) (V, bool), equal func(a, b V) bool) (keys []string) {
	for key, v := range all {
		if o, ok := old(key); !ok || !equal(v, o) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

func (v version) equal(o version) bool {
	return v.Hash == o.Hash && v.Size == o.Size && v.Key == o.Key && v.Modified.Equal(o.Modified)
}

func saveEntry(e *entry) *savedEntry {
	s := &savedEntry{
		ID: e.ID, Parent: e.Parent, Private: e.Private, Declared: e.Declared, Path: e.Path, Line: e.Line, Subject: e.Subject, Source: e.Source, Copies: e.Copies, Kind: e.Kind.String(), Slug: e.Slug,
		Seen: e.Seen, Sequence: e.Sequence, Whole: e.Whole, Published: e.Published, Created: e.Created, Updated: e.Updated,
		Withdrawn: e.Withdrawn, Record: e.Record,
	}
	if e.Record != nil && e.Record.Kind == content.Event {
		s.Zone = e.Record.When.Start.Location().String()
	}
	if a := e.First; a != nil {
		s.First = &savedFirst{a.When, a.When.Start.Location().String(), a.Location}
	}
	return s
}

func (s *savedEntry) entry() *entry {
	e := &entry{
		ID: s.ID, Parent: s.Parent, Private: s.Private, Declared: s.Declared, Path: s.Path, Line: s.Line, Subject: s.Subject, Source: s.Source, Copies: s.Copies, Slug: s.Slug,
		Seen: s.Seen, Sequence: s.Sequence, Whole: s.Whole, Published: s.Published.UTC(), Created: s.Created.UTC(), Updated: s.Updated.UTC(),
		Withdrawn: s.Withdrawn, Record: s.Record,
	}
	if s.Kind == content.Event.String() {
		e.Kind = content.Event
	}
	if e.Record != nil && e.Kind == content.Event {
		e.Record.When = spanIn(e.Record.When, s.Zone)
	}
	if a := s.First; a != nil {
		e.First = &announcement{spanIn(a.When, a.Zone), a.Location}
	}
	return e
}

// spanIn is w in the zone of that name. Of a zone without a name, or one that
// this machine's data does not have, the instants are kept.
func spanIn(w content.Span, name string) content.Span {
	loc, _ := zone.Load(name)
	w.Start, w.End = inZone(w.Start, loc), inZone(w.End, loc)
	return w
}

// inZone is t in loc, or with the offset it was written with where that is
// nil. A decoded time may be in the machine's zone, whose name must go.
func inZone(t time.Time, loc *time.Location) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	if loc == nil {
		_, offset := t.Zone()
		loc = time.FixedZone("", offset)
	}
	return t.In(loc)
}

// readHistory reads a file of lines. It returns how many bytes, and lines, of
// it are saves that were completed.
func readHistory(r io.Reader) (h *History, good int64, lines int, err error) {
	h = new(History).clone()
	var (
		n       int
		offset  int64
		pending []line // of the save that is being read
		broken  error  // why nothing can be read any more
	)
	for text, parsed := range readLines(r, &err) {
		n++
		offset += int64(len(text))
		l, err := parsed.line, parsed.err
		switch {
		case n == 1 && (err != nil || l.Format != historyFormat):
			return nil, 0, 0, fmt.Errorf("line 1: %w: this is no history%s", ErrDamaged, restore)
		case n == 1 && l.Version != historyVersion:
			return nil, 0, 0, errVersion(l.Version)
		case n == 1:
		case err != nil:
			if broken == nil {
				broken = fmt.Errorf("line %d: %w%s", n, err, restore)
			}
		case l.Saved == 0:
			pending = append(pending, l)
		case broken != nil || l.Saved != len(pending)+1:
			// A save that came to its end holds, or follows, what cannot be
			// read: that is no crash.
			return nil, 0, 0, cmp.Or(broken, fmt.Errorf("line %d: %w: %d lines of %d%s", n, ErrDamaged, len(pending)+1, l.Saved, restore))
		default:
			for _, p := range pending {
				h.apply(p)
			}
			pending, good, lines = nil, offset, n
		}
	}
	switch {
	case err == io.EOF && broken != nil:
		return nil, 0, 0, broken // it was written to its end
	case err != io.EOF && err != errCut:
		return nil, 0, 0, err
	case lines == 0:
		return nil, 0, 0, fmt.Errorf("%w: it ends before its first save does%s", ErrDamaged, restore)
	}
	return h, good, lines, nil
}

// A parsedLine is what a line says, or why it cannot be read.
type parsedLine struct {
	line
	err error
}

// errCut is that of a file whose last line has no end, and was cut short.
var errCut = errors.New("the last line has no end")

// readLines ranges over the lines of r, which it parses many at once. It sets
// err to why there are no more: io.EOF, errCut, or the error of r.
func readLines(r io.Reader, err *error) iter.Seq2[[]byte, parsedLine] {
	return func(yield func([]byte, parsedLine) bool) {
		in := bufio.NewReaderSize(r, 1<<16)
		var end error
		for end == nil {
			var texts [][]byte
			for len(texts) < 512 {
				text, failed := in.ReadBytes('\n')
				if failed != nil {
					if end = failed; failed == io.EOF && len(text) > 0 {
						end = errCut
					}
					break
				}
				texts = append(texts, text)
			}
			lines := make([]parsedLine, len(texts))
			parallel(len(texts), runtime.GOMAXPROCS(0), func(i int) { lines[i].line, lines[i].err = parseLine(texts[i]) })
			for i, text := range texts {
				if !yield(text, lines[i]) {
					return
				}
			}
		}
		*err = end
	}
}

// restore is the advice that goes with a damaged history.
const restore = "; restore the file from a backup, or remove it to begin anew with new identities for all records"

func parseLine(text []byte) (l line, err error) {
	sum, data, ok := bytes.Cut(bytes.TrimSuffix(text, []byte("\n")), []byte(" "))
	if !ok || string(sum) != fmt.Sprintf("%08x", crc32.ChecksumIEEE(data)) {
		return l, ErrDamaged
	}
	if err := json.Unmarshal(data, &l); err != nil {
		return l, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return l, nil
}

// apply takes in what one line says.
func (h *History) apply(l line) {
	switch {
	case l.Site != nil:
		h.site = *l.Site
	case l.Made != "":
		h.made = l.Made
	case l.Entry != nil:
		h.entries.set(l.Entry.ID, l.Entry.entry())
	case l.Label != nil:
		h.labels[l.Label.Key] = l.Label.label
	case l.Output != nil:
		h.outputs.set(l.Output.Name, l.Output.version)
	case l.Archive != nil && l.Archive.N == len(h.archives[l.Archive.Channel])+1:
		h.archives[l.Archive.Channel] = append(h.archives[l.Archive.Channel], l.Archive.End)
	}
}
