package crieur

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// nearLabels reports the categories and tags that differ by their accents
// alone, as Évènement and Événement do: each has a channel, since words differ
// so (pêche, péché), and most often one is a slip.
func nearLabels(items []*item) (faults []Fault) {
	type label struct {
		mark
		records int
		first   *item // by its path
	}
	labels := map[string]*label{}
	for _, it := range items {
		for _, m := range it.marks {
			l := labels[m.key]
			if l == nil {
				l = &label{mark: m, first: it}
				labels[m.key] = l
			}
			if l.records++; it.Record.Path < l.first.Record.Path {
				l.first = it
			}
		}
	}
	groups := map[string][]*label{}
	for _, l := range labels {
		key := withoutAccents(l.key)
		groups[key] = append(groups[key], l)
	}
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		group := groups[key]
		slices.SortFunc(group, func(a, b *label) int { return cmp.Or(cmp.Compare(b.records, a.records), cmp.Compare(a.key, b.key)) })
		for _, l := range group[1:] {
			_, field, _ := strings.Cut(strings.TrimSuffix(l.space, "/"), "/")
			faults = append(faults, faultAt(l.first.Record.Path, Notice, "near-label",
				"the %s %q (records: %d) and %q (records: %d) differ by their accents alone, and are two channels: write both alike if they are one",
				field, l.title, l.records, group[0].title, group[0].records))
		}
	}
	return faults
}

// withoutAccents returns a text without the marks that its Latin letters bear.
func withoutAccents(s string) string {
	latin := false
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			if latin {
				return -1
			}
			return r
		}
		latin = unicode.Is(unicode.Latin, r)
		return r
	}, norm.NFD.String(s))
}
