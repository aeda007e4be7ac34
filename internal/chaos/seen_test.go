//go:build unix

package chaos

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"time"
)

type hash = [sha256.Size]byte

// seen is what readers have seen: what comes after must agree with it.
type seen struct {
	mu       sync.Mutex
	names    []string             // that were there once
	known    map[string]bool      // the same
	tags     map[string]hash      // of the bytes, by name and entity tag
	latest   map[string]answer    // by name
	modified map[string]time.Time // by name
	sequence map[string]int       // of what was served, by UID
	ids      map[string]string    // by token
	removed  map[string]bool      // tokens of records that may be gone
	parsed   map[hash]*document   // by the bytes, since most of them come again
	fleeting bool                 // events go as articles do: they are not kept as cancelled for long
}

// An answer is a document as it was answered last.
type answer struct {
	tag  string
	data []byte
}

func newSeen() *seen {
	return &seen{known: map[string]bool{}, tags: map[string]hash{}, latest: map[string]answer{}, modified: map[string]time.Time{},
		sequence: map[string]int{}, ids: map[string]string{}, removed: map[string]bool{}, parsed: map[hash]*document{}}
}

func (s *seen) add(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.known[name] {
		s.known[name] = true
		s.names = append(s.names, name)
	}
}

// remove says that the record with that token may go.
func (s *seen) remove(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.removed[token] = true
}

// pick is a name to ask for: often one that everybody asks for.
func (s *seen) pick(random *rand.Rand) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if random.IntN(3) == 0 {
		return []string{"events.ics", "events.atom", "articles.atom", "index.html", "events.html", "feeds.opml", "articles.rss"}[random.IntN(7)]
	}
	return s.names[random.IntN(len(s.names))]
}

// The page of an article goes with it; everything else stays.
var ownToken = regexp.MustCompile(`^(?:article|event)/.*?(\d{4})`)

func (s *seen) mayBeGone(name string) bool {
	if !strings.HasPrefix(name, "article/") && !(s.fleeting && strings.HasPrefix(name, "event/")) {
		return false
	}
	m := ownToken.FindStringSubmatch(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	return m == nil || s.removed[m[1]]
}

// document is data, parsed once.
func (s *seen) document(name string, data []byte) *document {
	sum := sha256.Sum256(data)
	s.mu.Lock()
	d := s.parsed[sum]
	s.mu.Unlock()
	if d == nil {
		d = new(document)
		*d = parse(name, data)
		s.mu.Lock()
		s.parsed[sum] = d
		s.mu.Unlock()
	}
	return d
}

// identities checks that no record has two.
func (s *seen) identities(d *document) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token, id := range d.ids {
		if was, ok := s.ids[token]; ok && was != id {
			return fmt.Errorf("record %s has the identity %s, had %s", token, id, was)
		}
		s.ids[token] = id
	}
	return nil
}

// A floor is what was seen before a request, and cannot be gone back behind.
type floor struct {
	modified time.Time
	sequence map[string]int
	latest   answer
}

func (s *seen) floor(name string) floor {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := floor{modified: s.modified[name], latest: s.latest[name]}
	if strings.HasSuffix(name, ".ics") {
		f.sequence = maps.Clone(s.sequence)
	}
	return f
}

// served takes note of a document, and says in what it contradicts what was
// seen before.
func (s *seen) served(name, tag string, modified time.Time, data []byte, f floor) error {
	d := s.document(name, data)
	if d.err != nil {
		return d.err
	}
	if err := s.identities(d); err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	s.mu.Lock()
	defer s.mu.Unlock()
	if was, ok := s.tags[name+" "+tag]; ok && was != sum {
		return fmt.Errorf("the tag %s stands for other bytes than before", tag)
	}
	s.tags[name+" "+tag] = sum
	s.latest[name] = answer{tag, data}
	if !modified.IsZero() {
		if modified.Before(f.modified) {
			return fmt.Errorf("it is of %s, was of %s", modified, f.modified)
		}
		if modified.After(s.modified[name]) {
			s.modified[name] = modified
		}
	}
	for uid, e := range d.events {
		if n, ok := f.sequence[uid]; ok && e.sequence < n {
			return fmt.Errorf("SEQUENCE of %s (%s) is %d, was %d", uid, e.summary, e.sequence, n)
		}
		s.sequence[uid] = max(s.sequence[uid], e.sequence)
	}
	return nil
}
