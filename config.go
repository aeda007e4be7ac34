package crieur

import (
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"gopkg.in/yaml.v3"

	"github.com/crieur/crieur/internal/zone"
)

// A Config says what a site is called, where it is published and how its
// content is to be understood. The zero Config is complete: it publishes any
// tree of Markdown and text files as a French site on http://localhost:8080/.
//
// A Config is data. It is not changed by what uses it.
type Config struct {
	// Title and Description name the site. Title empty: "Agenda et
	// actualités", or its like in Language.
	Title, Description string

	// Base is the address the subscriptions are served under.
	// Empty: http://localhost:8080/.
	Base string

	// Site is the website whose pages the records are, against which their
	// own links and permalinks are resolved. Empty: Base.
	Site string

	// ID is what the identifiers of the site's feeds and of new records, with
	// their path, are made from. It is kept in the site's history: one given
	// later changes nothing. Empty: Site, else Base, as configured, else
	// "crieur".
	ID string

	// Language is the BCP 47 tag of the content and the pages. Empty: fr.
	Language string

	// Timezone is the IANA name of the zone in which dates without an offset
	// are read, never the machine's. Empty: that of the site's history, else
	// Europe/Paris, with a warning on each value that needed it.
	Timezone string

	// Author signs the articles that name none. Empty: Title.
	Author string

	// Limit is how many records a feed or a page list holds, the newest
	// first; calendars hold all. The feeds of categories and tags end there,
	// the others go on in archives of as many. Zero: 50.
	Limit int

	// MaxBytes is how long the document of a feed may get: of what is more,
	// the oldest records are cut to their summaries. Zero: 1,000,000.
	MaxBytes int

	// Refresh is how often readers are asked to come back. Zero: one hour.
	Refresh time.Duration

	// Retain is for how long a withdrawn event goes out as cancelled before
	// it leaves. Zero: 30 days.
	Retain time.Duration

	// MaxRemoval is the percentage of the published articles, events, or
	// events to come that may vanish within an hour; a build that removes
	// more is refused, with the fault [ErrMassRemoval]. Zero: 50; 100 allows
	// all. Fewer than five records are never held back.
	MaxRemoval int

	// Ignore lists folders or files of the tree that are not content.
	Ignore []string

	// Drafts publishes what is marked as a draft as well.
	Drafts bool

	Collections []Collection
	Channels    []Channel
}

// A Collection says how the records below a folder are to be read.
type Collection struct {
	Path        string // folder in the tree; empty: all of it. The longest match wins.
	Kind        string // "events", "articles", "ignore"; empty: by their fields
	DateIsStart bool   // the key date is an event's start
	Permalink   string // pattern of the records' addresses: /agenda/:title/
	Timezone    string // IANA name; empty: the site's
	Clock       bool   // where offset and zone disagree, the hour as written wins, not the instant
	Programme   bool   // an event whose text is a programme has a calendar of its sessions
}

// A Channel is a selection of records, published in every format that fits.
// The channels "events" and "articles", and one for each category and tag,
// exist without being configured; one of the same name takes their place.
type Channel struct {
	Name        string // the files are NAME.ics, NAME.rss, …; may hold slashes
	Title       string // empty: Name
	Description string
	Kind        string   // "events" (the default) or "articles"
	Category    string   // only records of this category; empty: all
	Tag         string   // only records with this tag; empty: all
	Path        string   // only records below this folder; empty: all
	Formats     []string // of ics, html, rss, atom, json; empty: all that fit
	Limit       int      // zero: the site's
}

// ErrConfig is the cause of every fault that [ReadConfig] reports.
var ErrConfig = errors.New("bad configuration")

// ReadConfig reads a configuration in YAML. Every unknown key, wrong type and
// impossible value is reported, at its position in the file called name; the
// Config is only to be used when none is an error.
func ReadConfig(name string, data []byte) (Config, []Fault) {
	r := &configReader{name: name}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		r.fault(yamlErrorNode(err), "%s", strings.TrimPrefix(err.Error(), "yaml: "))
		return Config{}, r.faults
	}
	var c Config
	if len(doc.Content) == 1 && doc.Content[0].Tag != "!!null" {
		r.fields(doc.Content[0], map[string]func(*yaml.Node){
			"title":       r.text(&c.Title),
			"description": r.text(&c.Description),
			"base":        r.address(&c.Base),
			"site":        r.address(&c.Site),
			"id":          r.text(&c.ID),
			"language":    r.language(&c.Language),
			"timezone":    r.zone(&c.Timezone),
			"author":      r.text(&c.Author),
			"limit":       r.number(&c.Limit, 1, 100000),
			"max_bytes":   r.number(&c.MaxBytes, 10_000, 5_000_000),
			"refresh":     r.duration(&c.Refresh),
			"retain":      r.duration(&c.Retain),
			"max_removal": r.number(&c.MaxRemoval, 1, 100),
			"ignore":      r.list(&c.Ignore),
			"collections": r.each(func(n *yaml.Node) { c.Collections = append(c.Collections, r.collection(n)) }),
			"channels":    r.each(func(n *yaml.Node) { c.Channels = append(c.Channels, r.channel(n)) }),
		})
	}
	r.channelNames(c.Channels)
	return c, r.faults
}

type configReader struct {
	name   string
	faults []Fault
	names  []*yaml.Node // of the channels, in order
}

func (r *configReader) fault(n *yaml.Node, format string, args ...any) {
	r.faults = append(r.faults, Fault{
		Pos:  token.Position{Filename: r.name, Line: n.Line, Column: n.Column},
		Rule: "config",
		Err:  fmt.Errorf("%w: "+format, append([]any{ErrConfig}, args...)...),
	})
}

// yamlErrorNode finds the line in the text of a yaml error, which says it
// nowhere else.
func yamlErrorNode(err error) *yaml.Node {
	n := &yaml.Node{Line: 1, Column: 1}
	if _, rest, ok := strings.Cut(err.Error(), "line "); ok {
		digits, _, _ := strings.Cut(rest, ":")
		if line, err := strconv.Atoi(digits); err == nil {
			n.Line = line
		}
	}
	return n
}

// fields calls the reader of each key of a mapping, and reports the keys
// that have none and those that stand twice.
func (r *configReader) fields(n *yaml.Node, known map[string]func(*yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.fault(n, "found %s, want keys such as title: or timezone:", describe(n))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, ok := known[key.Value]
		switch {
		case !ok:
			names := make([]string, 0, len(known))
			for name := range known {
				names = append(names, name)
			}
			slices.Sort(names)
			r.fault(key, "unknown key %q, want one of %s", key.Value, strings.Join(names, ", "))
		case seen[key.Value]:
			r.fault(key, "key %q stands twice", key.Value)
		case value.Tag == "!!null":
		default:
			read(value)
		}
		seen[key.Value] = true
	}
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	return strconv.Quote(n.Value)
}

func (r *configReader) text(p *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode {
			r.fault(n, "found %s, want a text", describe(n))
			return
		}
		*p = strings.TrimSpace(n.Value)
	}
}

func (r *configReader) address(p *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		u, err := url.Parse(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			r.fault(n, "found %s, want an address such as https://www.example.org/", describe(n))
			return
		}
		*p = n.Value
	}
}

func (r *configReader) language(p *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || checkLanguage(n.Value) != nil {
			r.fault(n, "found %s, want the tag of a language such as fr or en-GB", describe(n))
			return
		}
		*p = n.Value
	}
}

// checkLanguage reports whether s has the form of a language tag (BCP 47).
func checkLanguage(s string) error {
	if strings.Contains(s, "_") {
		return fmt.Errorf("%q is no language tag such as fr or en-GB: write a hyphen", s)
	}
	if _, err := language.Parse(s); err != nil {
		if _, unknown := errors.AsType[language.ValueError](err); !unknown {
			return fmt.Errorf("%q is no language tag such as fr or en-GB", s)
		}
	}
	return nil
}

func (r *configReader) zone(p *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if _, err := zone.Load(n.Value); n.Kind != yaml.ScalarNode || err != nil {
			r.fault(n, "found %s, want the IANA name of a time zone such as Europe/Paris", describe(n))
			return
		}
		*p = n.Value
	}
}

func (r *configReader) number(p *int, low, high int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		i, err := strconv.Atoi(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil || i < low || i > high {
			r.fault(n, "found %s, want a whole number from %d to %d", describe(n), low, high)
			return
		}
		*p = i
	}
}

func (r *configReader) flag(p *bool) func(*yaml.Node) {
	return func(n *yaml.Node) {
		switch n.Value {
		case "true":
			*p = true
		case "false":
			*p = false
		default:
			r.fault(n, "found %s, want true or false", describe(n))
		}
	}
}

// duration reads Go's durations and whole days: 90m, 12h, 30d.
func (r *configReader) duration(p *time.Duration) func(*yaml.Node) {
	return func(n *yaml.Node) {
		s := n.Value
		if days, ok := strings.CutSuffix(s, "d"); ok {
			if i, err := strconv.Atoi(days); err == nil && i <= 36500 {
				s = strconv.Itoa(i*24) + "h"
			}
		}
		d, err := time.ParseDuration(s)
		if n.Kind != yaml.ScalarNode || err != nil || d < time.Minute {
			r.fault(n, "found %s, want a duration of a minute or more such as 90m, 12h or 30d", describe(n))
			return
		}
		*p = d
	}
}

func (r *configReader) each(read func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			r.fault(n, "found %s, want a list, each item on a line that begins with -", describe(n))
			return
		}
		for _, item := range n.Content {
			read(item)
		}
	}
}

func (r *configReader) list(p *[]string) func(*yaml.Node) {
	return r.each(func(n *yaml.Node) {
		var s string
		r.text(&s)(n)
		if s != "" {
			*p = append(*p, path.Clean(s))
		}
	})
}

func (r *configReader) oneOf(p *string, words ...string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || !slices.Contains(words, n.Value) {
			r.fault(n, "found %s, want one of %s", describe(n), strings.Join(words, ", "))
			return
		}
		*p = n.Value
	}
}

func (r *configReader) folder(p *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		r.text(p)(n)
		if *p = path.Clean(*p); *p == "." {
			*p = ""
		}
	}
}

func (r *configReader) collection(n *yaml.Node) (c Collection) {
	r.fields(n, map[string]func(*yaml.Node){
		"path":          r.folder(&c.Path),
		"kind":          r.oneOf(&c.Kind, "events", "articles", "ignore"),
		"date_is_start": r.flag(&c.DateIsStart),
		"permalink":     r.text(&c.Permalink),
		"timezone":      r.zone(&c.Timezone),
		"clock":         r.flag(&c.Clock),
		"programme":     r.flag(&c.Programme),
	})
	return c
}

func (r *configReader) channel(n *yaml.Node) (c Channel) {
	r.names = append(r.names, n)
	r.fields(n, map[string]func(*yaml.Node){
		"name":        func(v *yaml.Node) { r.names[len(r.names)-1] = v; r.text(&c.Name)(v) },
		"title":       r.text(&c.Title),
		"description": r.text(&c.Description),
		"kind":        r.oneOf(&c.Kind, "events", "articles"),
		"category":    r.text(&c.Category),
		"tag":         r.text(&c.Tag),
		"path":        r.folder(&c.Path),
		"formats": r.each(func(v *yaml.Node) {
			var s string
			if r.oneOf(&s, "ics", "html", "rss", "atom", "json")(v); s != "" {
				c.Formats = append(c.Formats, s)
			}
		}),
		"limit": r.number(&c.Limit, 1, 100000),
	})
	return c
}

// channelNames reports the names that cannot be files of the site.
func (r *configReader) channelNames(channels []Channel) {
	seen := map[string]bool{}
	for i, c := range channels {
		if err := checkName(c.Name); err != nil {
			r.fault(r.names[i], "%w", err)
		} else if seen[strings.ToLower(c.Name)] {
			r.fault(r.names[i], "channel name %q stands twice", c.Name)
		} else if len(c.formats()) == 0 {
			r.fault(r.names[i], "channel %q has no format that fits its kind", c.Name)
		}
		seen[strings.ToLower(c.Name)] = true
	}
}

// checkName reports why a channel cannot have a name.
func checkName(name string) error {
	switch {
	case name == "":
		return errors.New("a channel has no name")
	case name == "." || !fs.ValidPath(name) || strings.HasPrefix(name, ".") || strings.Contains(name, "/."):
		return fmt.Errorf("channel name %q is not a plain path such as agenda or lyon/agenda", name)
	case strings.Contains(name, "/archives/"):
		return fmt.Errorf("channel name %q is one of an archive", name)
	case strings.Contains(name, ":"):
		return fmt.Errorf("channel name %q holds a colon, which not every system takes", name)
	case slices.ContainsFunc(strings.Split(path.Dir(name), "/"), func(dir string) bool { return mediaType(dir) != unknownType }):
		return fmt.Errorf("channel name %q has a folder that is called like a document", name)
	case strings.HasPrefix(name, "event/") || strings.HasPrefix(name, "article/") || name == "index":
		return fmt.Errorf("channel name %q is the site's own", name)
	}
	return nil
}
