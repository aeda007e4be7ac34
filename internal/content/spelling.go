package content

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// respell gives the entries of a record the names that keys.go has, where they say the same in other words: "event-start", "Date de début",
// "startsAt". A key that is there as keys.go has it, or that the configuration names, is left alone.
func (p *parser) respell(n *node) {
	for i := range n.entries {
		e := &n.entries[i]
		if usualNames[e.name] || p.collection.Fields.mentions(e.name) {
			continue
		}
		name := spelt(e.key)
		before := n.own(name)
		for _, keys := range [][]string{startKeys, endKeys} {
			last := keys[len(keys)-1]
			if before != nil && !before.value.empty() && slices.Contains(keys, name) && n.own(last) == nil {
				name, before = last, nil // it is compared with that which is used
			}
		}
		if name == "" || before != nil && !before.value.empty() || p.isLoose(n, e) {
			continue
		}
		if before != nil {
			before.name = "" // of a form that was not filled in
		}
		e.name = name
		n.names |= bit(name)
	}
}

// looseSpellings are those that have other meanings, too: a reading begins with a chapter, slides start at a number.
var looseSpellings = []string{"begin", "begins", "beginning", "finish", "startat", "endat"}

// isLoose reports whether a key of an article means something else than a time of an event.
func (p *parser) isLoose(n *node, e *entry) bool {
	return slices.Contains(looseSpellings, squeeze(e.key)) && e.value.shape == scalar && !isDated(e) && p.collection.Fields.first(n, fieldPublished) != nil
}

// mentions reports whether any path begins with a key.
func (f *Fields) mentions(name string) bool {
	return f != nil && slices.ContainsFunc(f.paths[:], func(paths []fieldPath) bool {
		return slices.ContainsFunc(paths, func(p fieldPath) bool { return p.steps[0].key == name })
	})
}

// spelt returns the key that another one says the same as, or "".
func spelt(key string) string {
	if len(key) > maxLine {
		return ""
	}
	s := squeeze(key)
	if name := spellings[s]; name != "" {
		return name
	}
	for _, event := range [...]string{"event", "evenement"} {
		rest, found := strings.CutPrefix(s, event)
		if !found {
			if rest, found = strings.CutSuffix(s, event); event == "evenement" {
				rest = strings.TrimSuffix(strings.TrimSuffix(rest, "del"), "d")
			}
		}
		// Its date may be that of its announcement, and its language not that of its page.
		if name := spellings[rest]; found && !slices.Contains(publishedKeys, name) && !slices.Contains(languageKeys, name) {
			return name
		}
	}
	return ""
}

// Known reports whether a key of a record is one that is read, however it is written.
func Known(key string) bool { return usualNames[strings.ToLower(key)] || spelt(key) != "" }

// Heading returns the key that a name at the head of a column of a table stands for, in lower case, or "". In front matter it may be no key
// at all.
func Heading(name string) string { return columnNames(nil).find(name) }

// squeeze returns the letters and digits of a key: "Date de début", "date-de-debut" and "dateDeDebut" are one.
func squeeze(key string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return r
	}, fold(key))
}

// otherSpellings are keys that keys.go has not, squeezed.
var otherSpellings = map[string]string{
	"begin": "start", "begins": "start", "beginning": "start", "begindate": "start", "datebegin": "start", "begintime": "start_time", "beginsat": "start",
	"startat": "start", "startsat": "start", "startson": "start", "starton": "start", "startdatetime": "start", "datetimestart": "start",
	"dateetheurededebut": "start", "dateheuredebut": "start", "debutele": "start", "commencele": "start", "jourdebut": "start", "datedelevenement": "event_date", "dateevenement": "event_date", "evenementdate": "event_date", "eventday": "event_date",
	"eventdatetime": "event_date", "dateheure": "event_date", "dateetheure": "event_date",
	"finish": "end", "enddatetime": "end", "datetimeend": "end", "endat": "end", "endsat": "end", "endson": "end", "dateetheuredefin": "end", "dateheurefin": "end",
	"seterminele": "end", "finitle": "end", "jourfin": "end",
	"confidential": "private", "visibilite": "visibility", "diffusion": "visibility", "criteredediffusion": "visibility",
	"publier": "publish", "apublier": "publish", "validation": "validé", "avalider": "brouillon", "enattente": "brouillon",
}

// usualNames are the keys of keys.go, and spellings what each is when squeezed.
var usualNames, spellings = func() (usual map[string]bool, squeezed map[string]string) {
	usual, squeezed = map[string]bool{}, maps.Clone(otherSpellings)
	add := func(keys ...string) {
		for _, key := range keys {
			usual[key] = true
			if s := squeeze(key); squeezed[s] == "" && !strings.Contains(key, ".") {
				squeezed[s] = key
			}
		}
	}
	for _, f := range fields {
		add(f.usual...)
	}
	for _, m := range understood {
		add(m.keys...)
	}
	add(eventKeys...)
	return usual, squeezed
}()
