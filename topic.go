package crieur

import (
	"iter"
	"maps"
	"slices"
	"strings"
)

// A topic is a document that hubs tell their subscribers of (W3C Recommendation
// WebSub).
type topic struct {
	address string
	link    []string // the Link field with which it is served, for readers to find its hubs
}

// topics are those of channels, by the names of their documents.
func (s *settings) topics(channels []*channel) map[string]topic {
	if len(s.Hubs) == 0 {
		return nil
	}
	var hubs strings.Builder
	for _, hub := range s.Hubs {
		hubs.WriteString("<" + hub + `>; rel="hub", `)
	}
	topics := map[string]topic{}
	for _, c := range channels {
		for _, format := range c.Formats {
			if _, ok := encodeFeed(format); ok {
				name := c.Name + "." + format
				address := s.address(name)
				topics[name] = topic{address, []string{hubs.String() + "<" + address + `>; rel="self"`}}
			}
		}
	}
	return topics
}

// Topics yields the documents that [Site.Hubs] tell of, with the address that
// they know each by, in the order of their names: the feeds that readers poll. There
// are none without hubs.
func (s *Site) Topics() iter.Seq2[*File, string] {
	return func(yield func(*File, string) bool) {
		for _, name := range slices.Sorted(maps.Keys(s.topics)) {
			if f := s.File(name); f != nil && !yield(f, s.topics[name].address) {
				return
			}
		}
	}
}
