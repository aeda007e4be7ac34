package crieur

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"github.com/crieur/crieur/internal/content"
)

// Warm lets the builds of a new process take from their history what an earlier
// process has made of the same files: they are read, but neither parsed nor
// rendered again, and a document is only made if it is asked for.
//
// The result is the same; for that, program has to be another string whenever
// another program could make something else of the same content: a hash of the
// executable, say. What depends on data of time zones that have changed is not
// taken. An empty program takes nothing and leaves nothing.
//
// Warm is called before the first Build.
func (b *Builder) Warm(program string) { b.program = program }

// made says in a history what its records were read by.
func (b *Builder) made(cfg *settings) string {
	return digest(b.program, cfg.key)
}

func digest(parts ...string) string {
	f := newFingerprinter()
	defer f.free()
	f.texts(parts...)
	sum := sha256.Sum256(*f)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// whole are the entries that stand for what their files hold, by path. There
// are none after the first build, which knows the files themselves.
func (b *Builder) whole(cfg *settings, h *History) map[string]*entry {
	if b.program == "" || b.files != nil || h.made != b.made(cfg) {
		return nil
	}
	whole := make(map[string]*entry, h.entries.len())
	for _, e := range h.entries.all() {
		if e.Whole && e.live() {
			whole[e.Path] = e
		}
	}
	return whole
}

// parsed is what e's file gave, whose hash is sum.
func (e *entry) parsed(sum [sha256.Size]byte) *parsed {
	f := found{Record: e.Record, source: e.Source, seen: e.Seen, like: likenessOf(e.Record, e.Source)}
	return &parsed{sum: sum, records: []found{f}, bodies: []*forms{new(forms)}}
}

// affirm marks the entries that stand for what their files hold: the one
// record of a file without any fault, whose times are in a zone of the
// settings, which tell its rules.
func (b *Builder) affirm(cfg *settings, next *History, t *tree) {
	if b.program == "" {
		return
	}
	made := b.made(cfg)
	anew := next.made != made
	if anew {
		next.made = made
		for id, e := range next.entries.all() {
			if e.Whole {
				e := *e
				e.Whole = false
				next.entries.set(id, &e)
			}
		}
	}
	for _, f := range t.records {
		if f.entry != nil && f.entry.Whole && !anew {
			continue
		}
		p := b.files[f.Path]
		if f.entry == nil || len(p.records) != 1 || len(p.faults) > 0 || p.failed || p.paths != nil {
			continue
		}
		e := next.entries.get(f.entry.ID)
		if !e.Whole && e.live() && e.Path == f.Path && e.Source == f.source && sameRecord(e.Record, f.Record) && cfg.tells(f.Record) {
			e := *e
			e.Whole = true
			next.entries.set(e.ID, &e)
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

// restored is the document of a job that an earlier process made from the same,
// or nil.
func (w *writer) restored(j job) *File {
	v := w.next.outputs.get(j.name)
	if w.follows || w.program == "" || v.Key == "" || v.Key != w.lasting(j.document) {
		return nil
	}
	f := fileOf(j.name, v.Hash, v.Size, j.make)
	f.feed = j.feed
	return f
}
