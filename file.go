package crieur

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"weak"

	"github.com/crieur/crieur/calendar"
	"github.com/crieur/crieur/feeds"
)

// A File is one document of a [Site]. Those that readers ask for again and
// again are in memory; others, such as the archives of feeds, are made again
// when they are asked for, from the same records by the same program, and
// believed by their tag.
type File struct {
	Name     string    // path in the site
	Type     string    // media type
	ETag     string    // strong entity tag, with its quotes (RFC 9110, section 8.8.3)
	Modified time.Time // when these bytes last changed
	Download bool      // meant to be saved, not shown

	feed *feedForm // what it is made of; nil: it is no feed
	base string    // of what it says what has changed since: an entity tag; empty: it says all

	size  int
	make  func() ([]byte, error) // nil: it is kept
	write func(io.Writer) error  // what make makes, without all of it in memory; nil: it is short
	sure  bool                   // that it makes what ETag is of: this process found that
	mem   *memory                // of the same bytes in every generation
}

// Size is the length of the document in bytes.
func (f *File) Size() int { return f.size }

func (f *File) byName(name string) int { return strings.Compare(f.Name, name) }

// Bytes returns the document, or nil if it has to be made again and cannot be;
// [Publish] says why. The caller must not change it.
func (f *File) Bytes() []byte {
	data, _ := f.bytes()
	return data
}

// compresses reports whether the document is also had compressed: text of this
// length gets shorter by it.
func (f *File) compresses() bool { return f.size >= 512 }

// in returns the document in a coding, and its length as a header field has it. A
// form that p made is kept as the document is; that of a large document is kept
// although the document is not, since it is all that most readers ask for.
func (f *File) in(c coding, p *packer) (*encoded, error) {
	m := f.mem
	if kept := m.forms[c].Load(); kept != nil {
		return kept, nil
	}
	if c == plain {
		data, err := f.bytes()
		if err != nil {
			return nil, err
		}
		made := newEncoded(data)
		if m.kept.Load() != nil {
			m.forms[c].Store(made)
		}
		return made, nil
	}
	m.packing.Lock()
	defer m.packing.Unlock()
	if kept := cmp.Or(m.forms[c].Load(), m.packed[c].Value()); kept != nil {
		return kept, nil
	}
	data, err := p.pack(c, f)
	if err != nil {
		return nil, err
	}
	made := newEncoded(data)
	m.packed[c] = weak.Make(made)
	if isPopular(f.Name) {
		m.forms[c].Store(made)
	}
	return made, nil
}

// errOther says that a document is not what its tag says.
var errOther = errors.New("it is not the document that it was")

// bytes returns the document.
func (f *File) bytes() ([]byte, error) {
	if data := f.mem.kept.Load(); data != nil {
		return *data, nil
	}
	f.mem.making.Lock()
	defer f.mem.making.Unlock()
	if data := f.mem.lately.Value(); data != nil {
		return *data, nil
	}
	data, err := f.make()
	if err == nil && !f.sure && etag(f.Name, data) != f.ETag {
		err = errOther
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be made again: %w", f.Name, err)
	}
	f.mem.hold(f.Name, &data)
	return data, nil
}

// copyTo writes the document to w. After an error w may have part of it.
func (f *File) copyTo(w io.Writer) error {
	if f.write != nil && f.size > mostKept && f.sure && f.mem.held() == nil {
		return f.write(w)
	}
	data, err := f.bytes()
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// memory is what is in memory of a document.
type memory struct {
	kept   atomic.Pointer[[]byte] // nil: it can be made again
	making sync.Mutex
	lately weak.Pointer[[]byte] // until the memory is wanted for something else

	fields  atomic.Pointer[fields]
	forms   [codings]atomic.Pointer[encoded] // that are kept
	packing sync.Mutex
	packed  [codings]weak.Pointer[encoded] // until the memory is wanted for something else
}

// held returns the document if it is in memory, or nil.
func (m *memory) held() *[]byte {
	if data := m.kept.Load(); data != nil {
		return data
	}
	m.making.Lock()
	defer m.making.Unlock()
	return m.lately.Value()
}

// hold remembers the document: for good if it is one that readers ask for
// again and again, and not large.
func (m *memory) hold(name string, data *[]byte) {
	m.lately = weak.Make(data)
	if len(*data) <= mostKept && isPopular(name) {
		m.kept.Store(data)
	}
}

// isPopular reports whether a document is one that readers ask for again and
// again.
func isPopular(name string) bool {
	return !strings.HasPrefix(name, "event/") && !strings.HasPrefix(name, "article/") && !isArchive(name)
}

// mostKept is how long a document may be that stays in memory.
const mostKept = 1 << 20

// isArchive reports whether a document is one of an archive of feeds.
func isArchive(name string) bool { return path.Base(path.Dir(name)) == "archives" }

// newFile is the document of that name which has these bytes.
func newFile(name string, data []byte) *File {
	f := fileOf(name, etag(name, data), len(data), nil)
	f.mem.kept.Store(&data)
	return f
}

// fileOf is the document of that name which make makes, with its tag and size.
func fileOf(name, etag string, size int, make func() ([]byte, error)) *File {
	return &File{
		Name:     name,
		Type:     mediaType(name),
		ETag:     etag,
		Download: strings.HasPrefix(name, "event/") && path.Ext(name) == ".ics",
		size:     size,
		make:     make,
		mem:      new(memory),
	}
}

// etag is the entity tag of a document: a hash of its name's kind of bytes.
func etag(name string, data []byte) string {
	switch path.Ext(name) {
	case ".ics":
		return tag(calendar.Sum(data))
	case ".rss":
		return tag(feeds.SumRSS(data))
	case ".atom":
		return tag(feeds.SumAtom(data))
	case ".json":
		return tag(feeds.SumJSON(data))
	}
	return tag(sha256.Sum256(data))
}

func tag(sum [sha256.Size]byte) string {
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
}

const unknownType = "application/octet-stream"

// mediaType is the type of a document by its name: the site's own table, so
// that it is the same on every machine.
func mediaType(name string) string {
	switch path.Ext(name) {
	case ".ics":
		return calendar.MediaType
	case ".rss":
		return feeds.RSSType
	case ".atom":
		return feeds.AtomType
	case ".json":
		return feeds.JSONType
	case ".opml":
		return feeds.OPMLType
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	}
	return unknownType
}
