package crieur

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"slices"
	"sync"
	"time"

	"github.com/crieur/crieur/internal/content"
)

// Warm lets the builds of a new process take from their history, and from the
// site that was published last, what an earlier process has made of the same
// files: they are read, but neither parsed nor rendered again.
//
// The result is the same; for that, program has to be another string whenever
// another program could make something else of the same content: a hash of the
// executable, say. What depends on data of time zones that have changed is not
// taken. An empty program takes nothing and leaves nothing. Published is where
// [Publish] wrote, such as [os.DirFS] of that folder, or the Site that
// [Publisher.Last] gives: every file is believed by the hash that the history
// has of it. A nil published, or one that lacks files, means that they are made
// again. The first site that is built is the last that needs it.
//
// Warm is called before the first Build.
func (b *Builder) Warm(program string, published fs.FS) {
	b.program, b.published = program, published
}

// made says in a history what its records were read by.
func (b *Builder) made(cfg *settings) string {
	return digest(b.program, cfg.key)
}

// lasting is the key of a document that holds in every process.
func (b *Builder) lasting(key string) string {
	return digest(b.program, b.key, key)
}

func digest(parts ...string) string {
	f := fingerprinter{sha256.New()}
	f.texts(parts...)
	return base64.RawURLEncoding.EncodeToString(f.Sum(nil)[:16])
}

// whole are the entries that stand for what their files hold, by path. There
// are none after the first build, which knows the files themselves.
func (b *Builder) whole(cfg *settings, h *History) map[string]*entry {
	if b.program == "" || b.files != nil || h.made != b.made(cfg) {
		return nil
	}
	whole := make(map[string]*entry, len(h.entries))
	for _, e := range h.entries {
		if e.Whole && e.live() {
			whole[e.Path] = e
		}
	}
	return whole
}

// parsed is what e's file gave, whose hash is sum.
func (e *entry) parsed(sum [sha256.Size]byte, cfg *settings) *parsed {
	f := found{Record: e.Record, source: e.Source, seen: e.Seen, like: likenessOf(e.Record, e.Source)}
	return &parsed{sum: sum, records: []found{f}, bodies: []*forms{cfg.lazyForms(e.Record)}}
}

// lazyForms reads the body of a record when its text is first wanted.
func (s *settings) lazyForms(r *content.Record) *forms {
	return &forms{plain: sync.OnceValue(func() string {
		text, _ := s.plain(r) // what is wrong with it was told when it was read
		return text
	})}
}

// affirm marks the entries that stand for what their files hold: the one
// record of a file without any fault, whose times are in a zone of the
// settings, which tell its rules.
func (b *Builder) affirm(cfg *settings, next *History, t *tree) {
	if b.program == "" {
		return
	}
	if made := b.made(cfg); next.made != made {
		next.made = made
		for id, e := range next.entries {
			if e.Whole {
				e := *e
				e.Whole = false
				next.entries[id] = &e
			}
		}
	}
	for _, f := range t.records {
		p := b.files[f.Path]
		if f.entry == nil || len(p.records) != 1 || len(p.faults) > 0 || p.failed || p.paths != nil {
			continue
		}
		e := next.entries[f.entry.ID]
		if !e.Whole && e.live() && e.Path == f.Path && e.Source == f.source && sameRecord(e.Record, f.Record) && cfg.tells(f.Record) {
			e := *e
			e.Whole = true
			next.entries[e.ID] = &e
		}
	}
}

// tells reports whether all times of r are in zones of the settings, or in none
// that may have other rules one day.
func (s *settings) tells(r *content.Record) bool {
	zones := s.zones()
	times := slices.Concat([]time.Time{r.When.Start, r.When.End, r.Published, r.Updated, r.NotBefore, r.NotAfter}, r.Repeat.Also, r.Repeat.Except)
	return !slices.ContainsFunc(times, func(t time.Time) bool {
		loc := t.Location()
		return loc.String() != "" && loc != time.UTC && !slices.Contains(zones, loc)
	})
}

// sameRecord reports whether a history that holds a gives back b.
func sameRecord(a, b *content.Record) bool {
	if a == b {
		return true
	}
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}

// restored is the document of a job as it was published, where that was made
// from the same, or nil.
func (w *writer) restored(j job) *File {
	v := w.next.outputs[j.name]
	if w.program == "" || w.published == nil || v.Key == "" || v.Key != w.lasting(j.key) {
		return nil
	}
	if site, ok := w.published.(*Site); ok { // which knows its hashes
		if f := site.File(j.name); f != nil && f.ETag == v.Hash {
			again := *f
			return &again
		}
		return nil
	}
	if info, err := fs.Stat(w.published, j.name); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	data, err := fs.ReadFile(w.published, j.name)
	if err != nil {
		return nil
	}
	if f := newFile(j.name, data); f.ETag == v.Hash {
		return f
	}
	return nil
}
