package crieur

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Elsewhere is where the channels are that a site has under a name no more.
type elsewhere struct {
	base    *url.URL
	moved   map[string]string // what the configuration says, with no steps between
	retired []string
}

// has reports whether there is no channel of that name any more.
func (e *elsewhere) has(channel string) bool {
	_, ok := e.moved[channel]
	return ok || slices.Contains(e.retired, channel)
}

// newElsewhere reports what cannot be: channels that are here and elsewhere, and
// those that are moved in a circle.
func newElsewhere(base *url.URL, c Config) (*elsewhere, error) {
	e := &elsewhere{base: base, retired: c.Retired}
	for _, name := range c.Retired {
		if _, ok := c.Moved[name]; ok {
			return nil, fmt.Errorf("retired: the channel %q is said to be moved too", name)
		}
		if err := checkGone(c, name); err != nil {
			return nil, fmt.Errorf("retired: %w", err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Moved)) {
		if err := checkGone(c, name); err != nil {
			return nil, fmt.Errorf("moved: %w", err)
		}
		to := c.Moved[name]
		for range c.Moved {
			if next, ok := c.Moved[to]; ok {
				to = next
			}
		}
		if _, ok := c.Moved[to]; ok {
			return nil, fmt.Errorf("moved: the channel %q is moved in a circle", name)
		}
		if slices.Contains(c.Retired, to) {
			return nil, fmt.Errorf("moved: the channel %q is where %q is to be, and retired", to, name)
		}
		if err := checkTarget(to); err != nil {
			return nil, fmt.Errorf("moved: %w", err)
		}
		if e.moved == nil {
			e.moved = make(map[string]string, len(c.Moved))
		}
		e.moved[name] = to
	}
	return e, nil
}

// checkGone reports why a channel of the configuration cannot be elsewhere.
func checkGone(c Config, name string) error {
	if slices.ContainsFunc(c.Channels, func(o Channel) bool { return o.Name == name && !o.Secret }) {
		return fmt.Errorf("the channel %q is one of channels: too", name)
	}
	return checkFormer(name)
}

// checkFormer reports why a channel cannot have had a name.
func checkFormer(name string) error {
	if isFormat(path.Ext(name)) {
		return fmt.Errorf("%q is a document; give the channel, without %s: all its formats are meant", name, path.Ext(name))
	}
	return checkName(name)
}

// checkTarget reports why a channel cannot be somewhere: at a name or an address.
func checkTarget(to string) error {
	if !strings.Contains(to, ":") {
		return checkFormer(to)
	}
	u, err := url.Parse(to)
	switch {
	case err != nil || !isWeb(to) || u.Host == "":
		return fmt.Errorf("%q is neither the name of a channel nor an address such as https://www.example.org/agenda", to)
	case u.RawQuery != "" || u.Fragment != "" || strings.HasSuffix(u.Path, "/"):
		return fmt.Errorf("%q is no address of a channel such as https://www.example.org/agenda, to which .ics and the like are added", to)
	}
	return checkFormer(strings.Trim(u.Path, "/"))
}

// find returns the address that the document of a former channel is at, or that it
// is gone; neither, if name is no such document.
func (e *elsewhere) find(s *Site, name string) (address string, gone bool) {
	if e == nil {
		return "", false
	}
	ext := path.Ext(name)
	channel, rest := strings.TrimSuffix(name, ext), ext
	if isArchive(name) {
		rest = strings.TrimPrefix(name, path.Dir(path.Dir(name)))
		channel = strings.TrimSuffix(name, rest)
	}
	if !isFormat(ext) {
		return "", false
	}
	to, ok := e.moved[channel]
	switch {
	case !ok:
		return "", slices.Contains(e.retired, channel)
	case strings.Contains(to, ":"):
		return to + rest, false
	case s.File(to+rest) == nil && s.File(to+ext) != nil:
		rest = ext // archives are numbered for themselves
	case s.File(to+rest) == nil:
		return "", true // there is no such format any more
	}
	return e.base.ResolveReference(&url.URL{Path: to + rest}).String(), false
}

// lost tells of the channels that were published and are nowhere now, because they
// were renamed or removed in the configuration.
func (e *elsewhere) lost(h *History, files map[string]*File) (faults []Fault) {
	formats := map[string][]string{}
	for name := range h.outputs.all() {
		ext := path.Ext(name)
		channel := strings.TrimSuffix(name, ext)
		if files[name] == nil && isFormat(ext) && !isArchive(name) && checkName(channel) == nil && !e.has(channel) {
			formats[channel] = append(formats[channel], name)
		}
	}
	if len(formats) == 0 {
		return nil
	}
	for name := range files { // of a channel that has fewer formats, readers can find the others
		delete(formats, strings.TrimSuffix(name, path.Ext(name)))
	}
	for _, channel := range slices.Sorted(maps.Keys(formats)) {
		slices.Sort(formats[channel])
		faults = append(faults, faultAt("", Warning, "channel-gone", "the channel %s was published and is not any more: who subscribed to %s gets an error; say under moved: where it is now, or list it under retired:", channel, strings.Join(formats[channel], ", ")))
	}
	return faults
}

// isFormat reports whether the extension of a name is that of a format of channels.
func isFormat(ext string) bool { return slices.Contains(eventFormats, strings.TrimPrefix(ext, ".")) }
