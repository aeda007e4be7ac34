package crieur

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"maps"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// manifestName is the file in an output folder that lists what crieur wrote
// there. A folder that holds one is never taken for content.
const manifestName = ".crieur.json"

// A manifest lists what crieur wrote, by name.
type manifest map[string]manifestLine

// A manifestFile is what that file says. A folder of whole generations has one,
// of another kind, that lists nothing, beside those of its releases.
//
// It is a file of lines, to which each publication adds what has changed: a
// [manifestHead], and a [manifestLine] for each file. If the last publication has not
// the lines that its head says, it was cut short by a crash, and is dropped whole:
// nothing was published then. A store that only knows whole objects has all in
// one, of version 1.
type manifestFile struct {
	manifestHead // of the last publication
	Files        manifest
}

// A manifestLine is the last word on a file. A file has two tags while one document
// takes the place of another, and none when it is gone.
type manifestLine struct {
	Name string   `json:"name"`
	Tags []string `json:"tags,omitempty"`
	Left stamp    `json:"left,omitzero"` // what it looked like when it was known to have its one tag

	Modified time.Time `json:"modified,omitzero"` // when its bytes last changed
}

func (l manifestLine) equal(m manifestLine) bool {
	return slices.Equal(l.Tags, m.Tags) && l.Left == m.Left && l.Modified.Equal(m.Modified)
}

// A stamp tells whether a file was touched: its size, its times of modification
// and of change in nanoseconds, and its inode. The zero stamp is that of no file,
// or of one whose system does not tell.
type stamp [4]int64

type manifestHead struct {
	Crieur   string    `json:"crieur"` // manifestKind or releasesKind
	Version  int       `json:"version"`
	Modified time.Time `json:"modified,omitzero"` // the latest of the files
	Drafts   bool      `json:"drafts,omitempty"`  // are among the records, and history may know nothing of them
	Previous string    `json:"previous,omitempty"`
	Lines    int       `json:"lines"`         // that follow
	Sum      uint32    `json:"sum,omitempty"` // their CRC-32
}

const (
	manifestKind    = "manifest"
	releasesKind    = "releases"
	manifestVersion = 2
)

// errManifest says that a manifest cannot be believed.
var errManifest = errors.New("this list of published files is damaged; nothing is published, because crieur no longer knows which files are its own. Remove it, and the files crieur wrote, to begin again")

// readManifest reads the manifest called name; its error wraps fs.ErrNotExist
// where there is none.
func readManifest(fsys fs.FS, name string) (manifestFile, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return manifestFile{}, err
	}
	m, _, err := parseManifest(data)
	return m, err
}

// parseManifest also returns how much of data is complete publications.
func parseManifest(data []byte) (m manifestFile, good int, err error) {
	m.Files = manifest{}
	var one struct { // of a store that only knows whole objects
		manifestHead
		Files map[string][]string `json:"files"`
	}
	if json.Unmarshal(data, &one) == nil && one.Version == 1 && (one.Crieur == manifestKind || one.Crieur == releasesKind) {
		for name, tags := range one.Files {
			m.say(one.manifestHead, []manifestLine{{Name: name, Tags: tags}})
		}
		m.manifestHead = one.manifestHead
		return m, 0, nil
	}
	if len(data) == 0 {
		return manifestFile{}, 0, errManifest
	}
	for good < len(data) {
		head, files, size, err := parsePublication(data[good:])
		if err == errManifest && good > 0 && !bytes.Contains(data[good+1:], headBegin) {
			break // the last one, cut short
		}
		if err != nil {
			return manifestFile{}, 0, err
		}
		m.say(head, files)
		good += size
	}
	return m, good, nil
}

// headBegin is what the lines of heads begin with, and no others.
var headBegin = []byte("\n{\"crieur\":")

// parsePublication reads the first publication of data, which are so many bytes.
// The error is errManifest if it is not whole.
func parsePublication(data []byte) (head manifestHead, files []manifestLine, size int, err error) {
	i := bytes.IndexByte(data, '\n') + 1
	if json.Unmarshal(data[:i], &head) != nil || head.Crieur != manifestKind && head.Crieur != releasesKind || head.Lines < 0 {
		return head, nil, 0, errManifest
	}
	if head.Version != manifestVersion {
		return head, nil, 0, fmt.Errorf("this list of published files is of version %d, and this crieur knows version %d; use the one that wrote it, or remove the list and the files", head.Version, manifestVersion)
	}
	var lines [][]byte
	for size = i; len(lines) < head.Lines; size += i {
		if i = bytes.IndexByte(data[size:], '\n') + 1; i == 0 {
			return head, nil, 0, errManifest
		}
		lines = append(lines, data[size:size+i])
	}
	if sum := crc32.ChecksumIEEE(data[size-total(lines) : size]); head.Sum != 0 && head.Sum != sum {
		return head, nil, 0, errManifest
	}
	files = make([]manifestLine, len(lines))
	var bad atomic.Bool
	parallel(len(lines), runtime.GOMAXPROCS(0), func(i int) {
		if json.Unmarshal(lines[i], &files[i]) != nil || files[i].Name == "" {
			bad.Store(true)
		}
	})
	if bad.Load() {
		return head, nil, 0, errManifest
	}
	return head, files, size, nil
}

func total(lines [][]byte) (n int) {
	for _, l := range lines {
		n += len(l)
	}
	return n
}

// say notes a publication.
func (m *manifestFile) say(head manifestHead, lines []manifestLine) {
	head.Lines, head.Sum = 0, 0
	m.manifestHead = head
	for _, l := range lines {
		if len(l.Tags) == 0 {
			delete(m.Files, l.Name)
		} else {
			m.Files[l.Name] = l
		}
	}
}

// publication returns the lines of a publication, sorted, after their head.
func publication(head manifestHead, files []manifestLine) []byte {
	slices.SortFunc(files, func(a, b manifestLine) int { return strings.Compare(a.Name, b.Name) })
	add := func(lines []byte, v any) []byte {
		line, _ := json.Marshal(v) // of texts, which cannot fail
		return append(append(lines, line...), '\n')
	}
	var follow []byte
	for _, f := range files {
		follow = add(follow, f)
	}
	head.Version, head.Lines, head.Sum = manifestVersion, len(files), crc32.ChecksumIEEE(follow)
	return append(add(nil, head), follow...)
}

// A ledger is a manifest, and the file that it is in, as this process left it.
type ledger struct {
	manifestFile
	info    fs.FileInfo // of the file; nil: it is to be written anew
	compact int64       // its size when it was
}

// openLedger reads the manifest of a folder. Before is what this process knows
// of it, if it does.
func openLedger(d disk, before *ledger) (*ledger, error) {
	info, err := d.root.Stat(manifestName)
	if err != nil {
		return nil, err
	}
	if b := before; b != nil && b.info != nil && os.SameFile(b.info, info) && b.info.Size() == info.Size() && b.info.ModTime().Equal(info.ModTime()) {
		return before, nil
	}
	data, err := d.root.ReadFile(manifestName)
	if err != nil {
		return nil, err
	}
	m, good, err := parseManifest(data)
	if err != nil {
		return nil, err
	}
	l := &ledger{manifestFile: m}
	// After an error what is read may not be what the disk holds: then all of it is written again.
	if failed := before != nil && before.info == nil; !failed && good == len(data) && int64(good) == info.Size() {
		l.info, l.compact = info, info.Size()
	}
	return l, nil
}

// save has the file say lines, the last word on their files, durably, unless it does.
// After an error the ledger is to be opened again.
func (l *ledger) save(d disk, head manifestHead, lines []manifestLine) error {
	head.Version, head.Modified = manifestVersion, head.Modified.UTC()
	var news []manifestLine
	for _, line := range lines {
		if was, ok := l.Files[line.Name]; ok && !line.equal(was) || !ok && len(line.Tags) > 0 {
			news = append(news, line)
		}
	}
	if len(news) == 0 && head == l.manifestHead && l.info != nil {
		return nil
	}
	l.say(head, news)
	added := publication(head, news)
	info, err := d.root.Stat(manifestName)
	if whole := l.info == nil || err != nil || !os.SameFile(l.info, info) || l.info.Size() != info.Size() || info.Size()+int64(len(added)) > 2*l.compact+1<<16; whole {
		added = publication(head, slices.Collect(maps.Values(l.Files)))
		if err = d.replace(manifestName, added); err == nil {
			l.compact = int64(len(added))
		}
	} else {
		err = d.append(manifestName, added)
	}
	if err != nil {
		l.info = nil // whatever is there now
		return err
	}
	l.info, err = d.root.Stat(manifestName)
	return err
}

// saveManifest replaces the manifest of a folder of generations, unless it says
// the same.
func (d disk) saveManifest(head manifestHead) error {
	data := publication(head, nil)
	if old, err := d.root.ReadFile(manifestName); err == nil && bytes.Equal(old, data) {
		return nil
	}
	return d.replace(manifestName, data)
}

// ErrHistory says that a folder was not published with the history at hand.
var ErrHistory = errors.New("published with another history")

// Follows reports whether what the folder holds was published with h, or with
// what h was before. The error wraps [ErrHistory] if it was not: h is empty, an
// older copy, or that of another site, and to publish with it would give
// published records other identities, or revisions that readers have seen.
// Nothing is said of a folder with drafts, which are shown and not remembered.
func (p *Publisher) Follows(h *History) error {
	if err := h.Follows(os.DirFS(p.Dir)); err != nil {
		return fmt.Errorf("%s: %w", p.Dir, err)
	}
	return nil
}

// Follows reports whether what was published into a folder, or into something
// else that has the same .crieur.json, was published with h, as
// [Publisher.Follows] does. Of the folder nothing else is read.
func (h *History) Follows(published fs.FS) error {
	m, err := readManifest(published, manifestName)
	if err == nil && m.Crieur == releasesKind {
		m, err = readManifest(published, path.Join(currentName, manifestName))
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("%s: %w", manifestName, err)
	case m.Drafts:
		return nil
	case h.outputs.len() == 0:
		return fmt.Errorf("it was published before, and there is no history of it: %w", ErrHistory)
	}
	var last time.Time
	for _, v := range h.outputs.all() {
		last = later(last, v.Modified)
	}
	if m.Modified.After(last) {
		return fmt.Errorf("it is of %s, and the history ends on %s: %w", m.Modified.Format(time.RFC3339), last.Format(time.RFC3339), ErrHistory)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		if !h.outputs.has(name) {
			return fmt.Errorf("it holds %s, which the history does not know: %w", name, ErrHistory)
		}
	}
	return nil
}
