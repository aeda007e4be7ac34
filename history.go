package crieur

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"strings"
	"sync"
	"time"

	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/markup"
)

// A History is what a site has published so far: which identity each record
// was given, its revision, and when each file of the site last changed. It is
// an input and an output of [Build]; a [Store] keeps it on disk.
//
// The zero History has published nothing. A History is not changed once it
// is made and may be used by several goroutines at once.
type History struct {
	site    identity         // of the site itself
	made    string           // what program read the content last, and how; see Builder.Warm
	entries table[*entry]    // by id
	labels  map[string]label // names of categories and tags, by kind, field and folded value
	outputs table[version]   // by path in the site

	archives map[string][]string // where the archives of feeds end, by channel; see feeds.Archive
}

// An identity is what a site keeps of its first configuration: what ids are
// made from, and the zone its times were read in.
type identity struct {
	ID       string `json:"id"`
	Timezone string `json:"timezone"`
}

// An entry is the published life of one record. It is never changed: a new
// revision is a new entry.
type entry struct {
	ID       string // calendar UID; Atom id and RSS guid are made from it
	Parent   string // of a session: the ID of the event whose programme it is part of
	Private  bool   // it is for secret channels alone
	Declared string // the uid the record itself has, if any
	Path     string // where the record stood when last seen
	Line     int
	Source   string // hash of the file it stood in
	Copies   string // marks of the records that are left out because they are the same, a line each
	Subject  string // what it was about, see subject
	Kind     content.Kind
	Slug     string // name of its own files
	Seen     string // hash of what subscribers see of it
	Sequence int
	Whole    bool // Source is the hash of a file that Record is all of, and without fault, as History.made reads it

	Published time.Time       // announced; never in the future
	Created   time.Time       // first seen by crieur
	Updated   time.Time       // last visible change
	Withdrawn time.Time       // zero: live
	First     *announcement   // when and where an event was first to be; nil: as Record says
	Record    *content.Record // last good form; nil: withdrawn for good, only the identity is kept
}

func (e *entry) live() bool { return e.Withdrawn.IsZero() }

// A label is the slug a category or tag was given, and its spelling then.
type label struct {
	Slug  string `json:"slug"`
	Title string `json:"title"`
}

// A version is the identity of the bytes of one file of the site.
type version struct {
	Hash     string    `json:"hash"`
	Modified time.Time `json:"modified"`
	Size     int       `json:"size,omitempty"` // how many they are
	Key      string    `json:"key,omitempty"`  // of what they were made from, and by; empty: unknown
}

func (h *History) clone() *History {
	next := &History{entries: h.entries.copy(), labels: maps.Clone(h.labels), outputs: h.outputs.copy(), archives: maps.Clone(h.archives), site: h.site, made: h.made}
	if next.labels == nil { // the zero History
		next.labels, next.archives = map[string]label{}, map[string][]string{}
	}
	return next
}

// saw returns what reports whether a record was published in the form called
// seen, which was read back by this process or an earlier one.
func (h *History) saw() func(seen string) bool {
	all := sync.OnceValue(func() map[string]bool {
		all := make(map[string]bool, h.entries.len())
		for _, e := range h.entries.all() {
			all[e.Seen] = true
		}
		return all
	})
	return func(seen string) bool { return all()[seen] }
}

// newID gives the identity of a record first seen at path: a name-based UUID
// (RFC 9562, section 5.5), so that several machines that begin with the same
// content and no history agree. Nobody may compute it a second time: it is
// kept from then on, whatever becomes of the path.
func (h *History) newID(site, path string) string {
	for n := 1; ; n++ {
		name := site + "\n" + path
		if n > 1 {
			name += fmt.Sprintf("\n%d", n)
		}
		if id := uuid5(name); h.entries.get(id) == nil {
			return id
		}
	}
}

// space is the UUID namespace of crieur's record names.
var space = [16]byte{0x5b, 0x1e, 0x0c, 0x6a, 0x61, 0x3f, 0x4c, 0x55, 0x9d, 0x0e, 0x7c, 0x72, 0x69, 0x65, 0x75, 0x72}

func uuid5(name string) string {
	sum := sha1.Sum(append(space[:], name...))
	u := sum[:16]
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	text := make([]byte, 0, 36)
	for i, n := range [...]int{4, 2, 2, 2, 6} {
		if i > 0 {
			text = append(text, '-')
		}
		text, u = hex.AppendEncode(text, u[:n]), u[n:]
	}
	return string(text)
}

// isUUID reports whether id is one as newID makes it.
func isUUID(id string) bool {
	return len(id) == 36 && strings.Trim(id, "0123456789abcdef-") == ""
}

// fingerprint hashes what subscribers see of a record whose body reads as
// plain: not where it stands, nor whether or since when it is visible.
func (s *settings) fingerprint(r *content.Record, plain string) string {
	f := newFingerprinter()
	defer f.free()
	format := r.Format
	if r.Body == "" {
		format = markup.Markdown // of nothing all are the same
	}
	f.ints(int64(r.Kind), int64(format))
	f.texts(r.Title, r.Summary, r.Body, plain, r.Location, r.Online, r.Status, r.Contact, r.Image, r.ImageAlt)
	f.texts(r.Organizer.Name, r.Organizer.Email, r.Organizer.URL)
	f.texts(s.ownPage(r))
	if r.Language != s.Language {
		f.texts(r.Language)
	}
	f.list(r.Categories)
	f.list(r.Tags)
	if r.Kind == content.Event {
		f.flag(r.When.AllDay)
		f.time(r.When.Start)
		f.time(r.When.End)
		f.flag(r.HasPosition)
		f.ints(int64(math.Float64bits(r.Latitude)), int64(math.Float64bits(r.Longitude)))
		if p := r.Repeat; !p.IsZero() {
			f.texts("repeat", p.Rule)
			f.days(p.Also)
			f.days(p.Except)
		}
		if len(r.Reminders) > 0 {
			f.texts("reminders")
			f.ints(int64(len(r.Reminders)))
			for _, d := range r.Reminders {
				f.ints(int64(d))
			}
		}
	} else {
		f.time(r.Published.UTC())
	}
	f.ints(int64(len(r.Links)), int64(len(r.Details)), int64(len(r.Authors)), int64(len(r.Enclosures)))
	for _, l := range r.Links {
		f.texts(l.Title, l.URL)
	}
	for _, d := range r.Details {
		f.texts(d.Label, d.Text, d.URL)
	}
	for _, a := range r.Authors {
		f.texts(a.Name, a.Email, a.URL)
	}
	for _, e := range r.Enclosures {
		f.texts(e.URL, e.Type, e.Title)
		f.ints(e.Length)
	}
	sum := sha256.Sum256(*f)
	return hex.EncodeToString(sum[:16])
}

// A fingerprinter gathers values to be hashed, so that no two lists of them run together.
type fingerprinter []byte

// fingerprinters are those that are of no use at the moment.
var fingerprinters = sync.Pool{New: func() any { return new(fingerprinter) }}

func newFingerprinter() *fingerprinter { return fingerprinters.Get().(*fingerprinter) }

func (f *fingerprinter) free() {
	*f = (*f)[:0]
	fingerprinters.Put(f)
}

func (f *fingerprinter) ints(values ...int64) {
	for _, v := range values {
		*f = binary.BigEndian.AppendUint64(*f, uint64(v))
	}
}

func (f *fingerprinter) texts(values ...string) {
	for _, v := range values {
		f.ints(int64(len(v)))
		*f = append(*f, v...)
	}
}

func (f *fingerprinter) list(values []string) {
	f.ints(int64(len(values)))
	f.texts(values...)
}

func (f *fingerprinter) days(values []time.Time) {
	f.ints(int64(len(values)))
	for _, d := range values {
		f.texts(d.Format(time.DateOnly))
	}
}

func (f *fingerprinter) flag(v bool) {
	if v {
		f.ints(1)
	} else {
		f.ints(0)
	}
}

// time counts the zone as well: an event that keeps its instant but is moved
// to another zone is shown otherwise.
func (f *fingerprinter) time(t time.Time) {
	if t.IsZero() {
		f.texts("")
		return
	}
	f.texts(t.Format(time.RFC3339Nano), t.Location().String())
}
