package crieur

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/locale"
	"github.com/crieur/crieur/internal/zone"
)

// settings is a Config with its defaults filled in and its names resolved.
type settings struct {
	Config
	base, website *url.URL // both end in a slash
	id            string
	zone          *time.Location
	words         *locale.Locale
	content       content.Options
	untitled      bool   // the title is the program's, not the site's
	key           string // equal for two settings exactly when they publish alike
}

// settings resolves c for a site with that history: what it is identified by
// never changes, and where no zone is configured it stays what it was.
func (c Config) settings(h *History) (*settings, error) {
	s := &settings{Config: c}
	s.id = cmp.Or(h.site.ID, c.ID, c.Site, c.Base, "crieur")
	s.Base = cmp.Or(c.Base, "http://localhost:8080/")
	s.Site = cmp.Or(c.Site, s.Base)
	s.Language = cmp.Or(c.Language, "fr")
	s.Timezone = cmp.Or(c.Timezone, h.site.Timezone, "Europe/Paris")
	s.Limit = cmp.Or(c.Limit, 50)
	s.Refresh = cmp.Or(c.Refresh, time.Hour)
	s.Retain = cmp.Or(c.Retain, 30*24*time.Hour)
	s.MaxRemoval = cmp.Or(c.MaxRemoval, 50)
	s.words = locale.For(s.Language)
	s.Title, s.untitled = cmp.Or(c.Title, s.words.Text.Untitled), c.Title == ""

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
	for i, c := range s.Channels {
		if err = checkName(c.Name); err != nil {
			return nil, fmt.Errorf("%w: channels: %w", ErrConfig, err)
		}
		if slices.ContainsFunc(s.Channels[:i], func(o Channel) bool { return o.Name == c.Name }) {
			return nil, fmt.Errorf("%w: channels: the name %q stands twice", ErrConfig, c.Name)
		}
	}
	s.content = content.Options{Zone: s.zone, ZoneAssumed: c.Timezone == "", Language: s.Language}
	for _, col := range c.Collections {
		o := content.Collection{Path: col.Path, Kind: col.Kind, DateIsStart: col.DateIsStart, Permalink: col.Permalink, Clock: col.Clock}
		if col.Timezone != "" {
			if o.Zone, err = zone.Load(col.Timezone); err != nil {
				return nil, fmt.Errorf("%w: collections: timezone: %w", ErrConfig, err)
			}
		}
		s.content.Collections = append(s.content.Collections, o)
	}
	key, err := json.Marshal(c)
	s.key = string(key) + s.id + " " + s.Timezone
	return s, err
}

// folderURL parses an absolute address and gives it the slash at the end that
// makes it one to resolve against.
func folderURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
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

// passedOver reports whether the collection of the file p is to be ignored.
func (s *settings) passedOver(p string) bool {
	longest, ignored := -1, false
	for _, c := range s.Collections {
		if under(p, c.Path) && len(c.Path) > longest {
			longest, ignored = len(c.Path), c.Kind == "ignore"
		}
	}
	return ignored
}
