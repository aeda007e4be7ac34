package survey

import (
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/crieur/crieur/internal/content"
)

// A Field is where the records of a folder have something that stands under none of the usual keys.
type Field struct {
	Name  string   // as fields: has it
	Keys  []string // one, or several
	Files int      // that have it
	Open  bool     // only their writer can say which of the keys it is, or whether it is: the deadline of an event is a date, too
}

const (
	maxTried = 10       // keys that are tried
	maxHead  = 64 << 10 // bytes of front matter
)

// learn finds the key that is the start of files that look like events and have none, and those that are the place and the title of what
// has none, where their names say so. It returns what the files give with them.
func (f *Folder) learn(plain count) count {
	strange := f.strangeKeys()
	found := plain
	var starts []string
	if plain.noStart > 0 && plain.events*10 <= plain.noStart {
		for _, key := range strange {
			if n := f.parse(f.with(false, Field{Name: "start", Keys: []string{key}})); n.events*10 >= plain.noStart*9 && n.wrong <= plain.wrong {
				starts, found = append(starts, key), n
			}
		}
	}
	open := len(starts) != 1 || content.Heading(starts[0]) != "date"
	if open {
		found = plain
	} else {
		f.Fields = append(f.Fields, Field{"start", starts, found.events - plain.events, false})
	}
	for _, key := range strange {
		switch means := content.Heading(key); {
		case means == "lieu" && found.events > 0 && found.placed == 0:
			f.Fields = append(f.Fields, Field{"place", []string{key}, found.events, false})
			found.placed++
		case means == "title" && found.untitled > 0 && found.untitled == found.events+found.articles:
			f.Fields = append(f.Fields, Field{"title", []string{key}, found.untitled, false})
			found.untitled = 0
		}
	}
	if open && len(starts) > 0 {
		f.Fields = append(f.Fields, Field{"start", starts, plain.noStart, true})
	}
	return found
}

// strangeKeys are the keys of front matter in YAML, in lower case, that are none of ours and have a text in half of the files.
func (f *Folder) strangeKeys() (keys []string) {
	n, files := map[string]int{}, 0
	for p, data := range f.files {
		var m map[string]yaml.Node
		head := header(p, data)
		if isData(p) || len(head) > maxHead || !strings.HasPrefix(string(head), "---") || yaml.Unmarshal(head, &m) != nil {
			continue
		}
		files++
		for key, v := range m {
			_, err := content.NewFields(map[string][]string{"title": {key}})
			if v.Kind == yaml.ScalarNode && v.Value != "" && !content.Known(key) && err == nil {
				n[strings.ToLower(key)]++
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(n)) {
		if 2*n[key] >= files && len(keys) < maxTried {
			keys = append(keys, key)
		}
	}
	return keys
}
