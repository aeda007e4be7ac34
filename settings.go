package crieur

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/crieur/crieur/feeds"
	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/locale"
	"github.com/crieur/crieur/internal/markup"
	"github.com/crieur/crieur/internal/zone"
)

// settings is a Config with its defaults filled in and its names resolved.
type settings struct {
	Config
	base, website *url.URL // both end in a slash
	id            string
	zone          *time.Location
	words         *locale.Locale
	elsewhere     *elsewhere
	content       content.Options
	untitled      bool           // the title is the program's, not the site's
	signature     []feeds.Person // of all feeds, and so of their articles
	key           string         // equal for two settings exactly when they publish alike
	seed          uint64         // a hash of it
}

// anonymous is what identities are made from where nothing is configured.
const anonymous = "crieur"

// Check reports whether c can be used, as [Build] would: every error wraps
// [ErrConfig]. [ReadConfig] says the same of a file, with positions.
func (c Config) Check() error {
	_, err := c.settings(new(History))
	return err
}

// settings resolves c for a site with that history: what it is identified by
// never changes, and where no zone is configured it stays what it was.
func (c Config) settings(h *History) (*settings, error) {
	s := &settings{Config: c}
	s.Channels = cleaned(c.Channels)
	s.id = cmp.Or(h.site.ID, c.ID, c.Site, c.Base, anonymous)
	s.Base = cmp.Or(c.Base, "http://localhost:8080/")
	s.Site = cmp.Or(c.Site, s.Base)
	s.Language = cmp.Or(c.Language, "fr")
	s.Timezone = cmp.Or(c.Timezone, h.site.Timezone, "Europe/Paris")
	s.Limit = cmp.Or(c.Limit, 50)
	s.MaxBytes = cmp.Or(c.MaxBytes, 1_000_000)
	s.Refresh = cmp.Or(c.Refresh, time.Hour)
	s.Retain = cmp.Or(c.Retain, 30*24*time.Hour)
	s.MaxRemoval = cmp.Or(c.MaxRemoval, 50)
	s.words = locale.For(s.Language)
	title := titled(c.Title)
	s.Title, s.untitled = cmp.Or(title, s.words.Text.Untitled), title == ""
	s.signature = []feeds.Person{{Name: firstName(c.Author, s.Title, s.words.Text.Untitled)}}

	var err error
	if s.base, err = folderURL(s.Base); err != nil {
		return nil, fmt.Errorf("%w: base: %w", ErrConfig, err)
	}
	if s.website, err = folderURL(s.Site); err != nil {
		return nil, fmt.Errorf("%w: site: %w", ErrConfig, err)
	}
	if s.zone, err = zone.Load(s.Timezone); err != nil {
		return nil, fmt.Errorf("%w: timezone: %w", ErrConfig, err)
	}
	if err = checkLanguage(s.Language); err != nil {
		return nil, fmt.Errorf("%w: language: %w", ErrConfig, err)
	}
	s.Hubs = nil
	for _, hub := range c.Hubs {
		u, err := url.Parse(markup.Absolute(hub, nil))
		if err != nil || !isWeb(hub) || u.Host == "" {
			return nil, fmt.Errorf("%w: hubs: %q is no address such as https://hub.example.org/", ErrConfig, hub)
		}
		if !c.Drafts { // what is only to be looked at is nobody's to tell of
			s.Hubs = append(s.Hubs, u.String())
		}
	}
	if c.Limit < 0 || c.MaxBytes < 0 || c.Refresh < 0 || c.Retain < 0 || c.MaxRemoval < 0 || c.MaxRemoval > 100 {
		return nil, fmt.Errorf("%w: a limit, max_bytes, refresh, retain or max_removal out of its range", ErrConfig)
	}
	for i, c := range s.Channels {
		err := checkName(c.Name)
		switch {
		case err != nil:
		case slices.ContainsFunc(s.Channels[:i], func(o Channel) bool { return strings.EqualFold(o.Name, c.Name) }):
			err = fmt.Errorf("the name %q stands twice", c.Name)
		case c.Kind != "" && c.Kind != "events" && c.Kind != "articles":
			err = fmt.Errorf("%q: the kind is %q, want events or articles", c.Name, c.Kind)
		case c.Limit < 0:
			err = fmt.Errorf("%q: the limit is %d", c.Name, c.Limit)
		case len(c.formats()) == 0:
			err = fmt.Errorf("%q: none of the formats %s fits %s", c.Name, strings.Join(c.Formats, ", "), c.Kind)
		default:
			err = c.checkSecret()
		}
		if err != nil {
			return nil, fmt.Errorf("%w: channels: %w", ErrConfig, err)
		}
	}
	if s.elsewhere, err = newElsewhere(s.base, c); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	s.content = content.Options{Zone: s.zone, ZoneAssumed: c.Timezone == "", Language: s.Language, CheckRule: checkRule}
	for _, col := range c.Collections {
		o := content.Collection{Path: col.Path, Kind: col.Kind, DateIsStart: col.DateIsStart, Permalink: col.Permalink, Clock: col.Clock, Programme: col.Programme, Language: col.Language}
		if col.Timezone != "" {
			if o.Zone, err = zone.Load(col.Timezone); err != nil {
				return nil, fmt.Errorf("%w: collections: timezone: %w", ErrConfig, err)
			}
		}
		if len(col.Fields) > 0 {
			if o.Fields, err = content.NewFields(col.Fields); err != nil {
				return nil, fmt.Errorf("%w: collections: fields: %w", ErrConfig, err)
			}
		}
		s.content.Collections = append(s.content.Collections, o)
	}
	key, err := json.Marshal(c)
	s.key = string(key) + s.id + " " + s.Timezone
	for _, loc := range s.zones() {
		s.key += " " + zone.Rules(loc.String())
	}
	sum := sha256.Sum256([]byte(s.key))
	s.seed = binary.BigEndian.Uint64(sum[:])
	return s, err
}

// zones are those that are configured.
func (s *settings) zones() []*time.Location {
	list := []*time.Location{s.zone}
	for _, c := range s.content.Collections {
		if c.Zone != nil {
			list = append(list, c.Zone)
		}
	}
	return list
}

// folderURL parses an absolute address and gives it the slash at the end that
// makes it one to resolve against.
func folderURL(s string) (*url.URL, error) {
	u, err := url.Parse(markup.Absolute(s, nil)) // names of hosts may be in any script
	if err != nil {
		return nil, err
	}
	if !isWeb(s) || u.Host == "" {
		return nil, fmt.Errorf("%q is no address such as https://www.example.org/", s)
	}
	u.RawQuery, u.Fragment = "", ""
	if !strings.HasSuffix(u.Path, "/") {
		u = u.JoinPath("/")
	}
	return u, nil
}

// address is the absolute address of a file of the site.
func (s *settings) address(name string) string {
	return s.base.ResolveReference(&url.URL{Path: name}).String()
}

// ignored reports whether the configuration takes p out of the content.
func (s *settings) ignored(p string) bool {
	for _, dir := range s.Ignore {
		if under(p, path.Clean(dir)) {
			return true
		}
	}
	return false
}

// collection is the number of the collection that the file p belongs to, or -1.
func (s *settings) collection(p string) int {
	longest, best := -1, -1
	for i, c := range s.Collections {
		if under(p, c.Path) && len(c.Path) > longest {
			longest, best = len(c.Path), i
		}
	}
	return best
}

// passedOver reports whether the collection of the file p is to be ignored.
func (s *settings) passedOver(p string) bool {
	i := s.collection(p)
	return i >= 0 && s.Collections[i].Kind == "ignore"
}

// unusedFields tells which of the paths that collections name lead to nothing
// in any of their files: keys that are misspelt, as a rule.
func (s *settings) unusedFields(files map[string]*parsed) (faults []Fault) {
	if !slices.ContainsFunc(s.Collections, func(c Collection) bool { return len(c.Fields) > 0 }) {
		return nil
	}
	used := make([]map[string]bool, len(s.Collections)) // nil: no files
	for name, p := range files {
		i := s.collection(name)
		if i < 0 || len(s.Collections[i].Fields) == 0 {
			continue
		}
		if used[i] == nil {
			used[i] = map[string]bool{}
		}
		maps.Copy(used[i], p.paths)
	}
	for i, c := range s.Collections {
		for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
			for _, path := range c.Fields[name] {
				if used[i] != nil && !used[i][strings.TrimSpace(path)] {
					faults = append(faults, faultAt("", Notice, "unused-field", "fields of the collection %q: no file has a value under %s, from which %s is read: look for a misspelt key", c.Path, path, name))
				}
			}
		}
	}
	return faults
}

// firstName is the first of names in which there is something to be seen.
func firstName(names ...string) string {
	i := slices.IndexFunc(names, func(name string) bool {
		return strings.ContainsFunc(name, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
	})
	return names[max(i, 0)]
}

// titled returns a title, empty if nobody would see it.
func titled(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }) {
		return s
	}
	return ""
}
