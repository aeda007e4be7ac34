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

	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/schema"
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

	// Hubs are the addresses of the WebSub hubs with which feed readers may
	// subscribe to the site's feeds, to know of changes at once. The feeds name
	// them; whoever serves the site tells them of what has changed.
	Hubs []string

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

	// Choose has the pages of channels offer a form in which people choose among
	// categories, tags and days. A [Server] answers it, and no other web server.
	Choose bool

	// Drafts publishes what is marked as a draft as well.
	Drafts bool

	Collections []Collection
	Channels    []Channel

	// Moved says where channels are now that had another name: under which name
	// of this site, or at which address of another one, without .ics and the
	// like. Readers are sent there, in every format, and remember it.
	Moved map[string]string

	// Retired are the channels that there are no more, and nothing in their
	// place: readers are told so, and stop asking.
	Retired []string
}

// A Collection says how the records below a folder are to be read.
type Collection struct {
	Path        string // folder in the tree; empty: all of it. The longest match wins.
	Kind        string // "events", "articles", "ignore"; empty: by their fields
	DateIsStart bool   // the key date is an event's start
	Permalink   string // pattern of the records' addresses: /agenda/:title/
	Timezone    string // IANA name; empty: the site's
	Language    string // BCP 47 tag of records that do not say theirs; empty: the site's
	Clock       bool   // where offset and zone disagree, the hour as written wins, not the instant
	Programme   bool   // an event whose text is a programme has a calendar of its sessions

	// Fields are the keys that something is read from, the first that is not
	// empty, in the place of all usual ones: "title" from "intitule", "hours"
	// from "infos[label=Hours].text". See Fields in the package documentation.
	Fields map[string][]string
}

// A Channel is a selection of records, published in every format that fits.
// The channels "events" and "articles", and one for each category and tag,
// exist without being configured; one of the same name takes their place.
//
// What a Secret channel selects is in secret channels alone, and in nothing that is
// public: all that is below its folder or, without one, all of its category and tag,
// also what another kind, category or tag keeps out of the channel itself. Its
// documents are those of [Site.Secret], which a [Server] shows to who knows a token
// of the channel, and a [Publisher] writes nowhere that is public. It needs a Path, a
// Category or a Tag, and has no page.
type Channel struct {
	Name        string // the files are NAME.ics, NAME.rss, …; may hold slashes
	Title       string // empty: Name
	Description string
	Kind        string   // "events" (the default) or "articles"
	Category    string   // only records of this category; empty: all
	Tag         string   // only records with this tag; empty: all
	Path        string   // only records below this folder; empty: all
	Secret      bool     // for those who know its address; see below
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
		r.fields(doc.Content[0], r.config(&c))
	}
	r.channelNames(c.Channels)
	r.former(c)
	return c, r.faults
}

// config are the keys of a configuration.
func (r *configReader) config(c *Config) map[string]setting {
	return map[string]setting{
		"title":       {"What the site is called. Default: Agenda et actualités, or its like in the language.", r.text(&c.Title)},
		"description": {"What the site is about, in a sentence.", r.text(&c.Description)},
		"base":        {"The address that the subscriptions are served under. Subscribers keep it: choose it well. Default: http://localhost:8080/.", r.address(&c.Base)},
		"site":        {"The website whose pages the records are; their links are resolved against it. Default: base.", r.address(&c.Site)},
		"id":          {"What the identities of feeds and of new records are made from. What was published keeps its own. Default: site, else base.", r.text(&c.ID)},
		"language":    {"The language of the content and the pages, a BCP 47 tag. Default: fr.", r.language(&c.Language)},
		"timezone":    {"The IANA name of the zone that dates without an offset are read in. Default: Europe/Paris, with a warning.", r.zone(&c.Timezone)},
		"author":      {"Who signs the articles that name nobody. Default: title.", r.text(&c.Author)},
		"limit":       {"How many records a feed or a page holds, the newest first; calendars hold all. Default: 50.", r.number(&c.Limit, 1, 100000)},
		"max_bytes":   {"How many bytes a feed may have: what is more is cut to summaries, the oldest first. Default: 1000000.", r.number(&c.MaxBytes, 10_000, 5_000_000)},
		"refresh":     {"How often readers are asked to come back. Default: 1h.", r.duration(&c.Refresh)},
		"hubs":        {"The addresses of WebSub hubs, which are told at once of what has changed in feeds, and tell their subscribers: https://pubsubhubbub.appspot.com/ is one that all may use.", r.addresses(&c.Hubs)},
		"retain":      {"For how long a withdrawn event goes out as cancelled before it leaves. Default: 30d.", r.duration(&c.Retain)},
		"max_removal": {"The percentage of what is published that may vanish within an hour; a change that removes more is refused. Default: 50.", r.number(&c.MaxRemoval, 1, 100)},
		"choose":      {"Whether pages have a form in which people choose what they subscribe to. crieur serve answers it; a web server that has the files alone does not. Default: false.", r.flag(&c.Choose)},
		"ignore":      {"Folders and files of the content folder that are not content.", r.list(&c.Ignore)},
		"collections": {"How the records of folders are to be read.", r.each(form{
			func(n *yaml.Node) {
				var v Collection
				r.fields(n, r.collection(&v))
				c.Collections = append(c.Collections, v)
			},
			object(r.collection(new(Collection))),
		})},
		"channels": {"Selections of records, each published as NAME.ics, NAME.rss and so on.", r.each(form{
			func(n *yaml.Node) {
				var v Channel
				r.names = append(r.names, n)
				r.fields(n, r.channel(&v))
				c.Channels = append(c.Channels, v)
			},
			object(r.channel(new(Channel)), "name"),
		})},
		"moved": {"Where channels are now that had another name: agenda: events. The old addresses lead there, in every format.", form{
			func(n *yaml.Node) { r.moved(&c.Moved, n) },
			schema.Schema{Type: []string{schema.Object}, Values: &schema.Schema{Type: scalar, Examples: []string{"events", "https://www.example.org/agenda"}}},
		}},
		"retired": {"The channels that there are no more, and nothing in their place: readers are told to stop asking.", r.each(form{
			func(n *yaml.Node) {
				var name string
				if r.text(&name).read(n); name != "" {
					c.Retired = append(c.Retired, name)
					r.gone = append(r.gone, n)
				}
			},
			schema.Schema{Type: scalar},
		})},
	}
}

type configReader struct {
	name   string
	faults []Fault
	names  []*yaml.Node // of the channels, in order
	gone   []*yaml.Node // those that are moved or retired
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
func (r *configReader) fields(n *yaml.Node, known map[string]setting) {
	if n.Kind != yaml.MappingNode {
		r.fault(n, "found %s, want keys such as title: or timezone:", describe(n))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		k, ok := known[key.Value]
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
			k.read(value)
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

func (r *configReader) text(p *string) form {
	return form{func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode {
			r.fault(n, "found %s, want a text", describe(n))
			return
		}
		*p = strings.TrimSpace(n.Value)
	}, schema.Schema{Type: scalar}}
}

func (r *configReader) address(p *string) form {
	return form{func(n *yaml.Node) {
		u, err := url.Parse(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			r.fault(n, "found %s, want an address such as https://www.example.org/", describe(n))
			return
		}
		*p = n.Value
	}, schema.Schema{Type: []string{schema.String}, Pattern: "^[hH][tT][tT][pP][sS]?://[^/]", Wanted: "want an address such as https://www.example.org/", Examples: []string{"https://www.example.org/"}}}
}

func (r *configReader) addresses(p *[]string) form {
	var s string
	one := r.address(&s)
	return r.each(form{func(n *yaml.Node) {
		s = ""
		if one.read(n); slices.Contains(*p, s) {
			r.fault(n, "address %q stands twice", s)
		} else if s != "" {
			*p = append(*p, s)
		}
	}, one.schema})
}

func (r *configReader) language(p *string) form {
	return form{func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || checkLanguage(n.Value) != nil {
			r.fault(n, "found %s, want the tag of a language such as fr or en-GB", describe(n))
			return
		}
		*p = n.Value
	}, schema.Schema{Type: []string{schema.String}, Pattern: "^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$", Wanted: "want the tag of a language such as fr or en-GB", Examples: []string{"fr", "en-GB"}}}
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

func (r *configReader) zone(p *string) form {
	return form{func(n *yaml.Node) {
		if _, err := zone.Load(n.Value); n.Kind != yaml.ScalarNode || err != nil {
			r.fault(n, "found %s, want the IANA name of a time zone such as Europe/Paris", describe(n))
			return
		}
		*p = n.Value
	}, schema.Schema{Type: []string{schema.String}, Examples: []string{"Europe/Paris"}}}
}

func (r *configReader) number(p *int, low, high int) form {
	return form{func(n *yaml.Node) {
		i, err := strconv.Atoi(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil || i < low || i > high {
			r.fault(n, "found %s, want a whole number from %d to %d", describe(n), low, high)
			return
		}
		*p = i
	}, schema.Schema{Type: []string{schema.Integer}, Minimum: &low, Maximum: &high}}
}

func (r *configReader) flag(p *bool) form {
	return form{func(n *yaml.Node) {
		switch n.Value {
		case "true":
			*p = true
		case "false":
			*p = false
		default:
			r.fault(n, "found %s, want true or false", describe(n))
		}
	}, schema.Schema{Type: []string{schema.Boolean}}}
}

// duration reads Go's durations and whole days: 90m, 12h, 30d.
func (r *configReader) duration(p *time.Duration) form {
	return form{func(n *yaml.Node) {
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
	}, schema.Schema{Type: []string{schema.String}, Pattern: `^\+?([0-9]+d|([0-9]*\.?[0-9]*(h|m|s|ms|us|µs|ns))+)$`, Wanted: "want a duration of a minute or more such as 90m, 12h or 30d", Examples: []string{"90m", "12h", "30d"}}}
}

func (r *configReader) each(item form) form {
	return form{func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			r.fault(n, "found %s, want a list, each item on a line that begins with -", describe(n))
			return
		}
		for _, v := range n.Content {
			item.read(v)
		}
	}, schema.Schema{Type: []string{schema.Array}, Items: &item.schema}}
}

func (r *configReader) list(p *[]string) form {
	return r.each(form{func(n *yaml.Node) {
		var s string
		r.text(&s).read(n)
		if s != "" {
			*p = append(*p, path.Clean(s))
		}
	}, schema.Schema{Type: scalar}})
}

func (r *configReader) oneOf(p *string, words ...string) form {
	enum := make([]any, len(words))
	for i, w := range words {
		enum[i] = w
	}
	return form{func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || !slices.Contains(words, n.Value) {
			r.fault(n, "found %s, want one of %s", describe(n), strings.Join(words, ", "))
			return
		}
		*p = n.Value
	}, schema.Schema{Enum: enum}}
}

func (r *configReader) folder(p *string) form {
	return form{func(n *yaml.Node) {
		r.text(p).read(n)
		if *p = path.Clean(*p); *p == "." {
			*p = ""
		}
	}, schema.Schema{Type: scalar}}
}

// collection are the keys of a collection.
func (r *configReader) collection(c *Collection) map[string]setting {
	return map[string]setting{
		"path":          {"The folder, in the content folder. Default: all of it; the longest path that fits a file counts.", r.folder(&c.Path)},
		"kind":          {"What the folder holds. Default: each record by its fields.", r.oneOf(&c.Kind, "events", "articles", "ignore")},
		"date_is_start": {"Whether the key date is when an event takes place, not when it was written.", r.flag(&c.DateIsStart)},
		"permalink":     {"The address of a record's page on the website: :title is the name of the file, :year, :month and :day its date.", r.text(&c.Permalink)},
		"timezone":      {"The IANA name of the zone of this folder. Default: that of the site.", r.zone(&c.Timezone)},
		"language":      {"The language of the records of this folder that do not say theirs, a BCP 47 tag. Default: that of the site.", r.language(&c.Language)},
		"clock":         {"Whether, where an offset is not that of the zone on that day, the hour as written is meant, not the instant.", r.flag(&c.Clock)},
		"programme":     {"Whether an event whose text is a programme has a calendar of its sessions.", r.flag(&c.Programme)},
		"fields":        {"Under which keys the values of records stand, in the place of the usual ones: title: [intitule, name].", r.paths(&c.Fields)},
	}
}

// paths reads the paths of each field of records: a list of them, or one.
func (r *configReader) paths(p *map[string][]string) form {
	known := map[string]setting{}
	for _, name := range content.FieldNames() {
		one := func(n *yaml.Node) {
			if n.Kind != yaml.ScalarNode {
				r.fault(n, "found %s, want the path of a key", describe(n))
			} else if _, err := content.NewFields(map[string][]string{name: {n.Value}}); err != nil {
				r.fault(n, "%w", err)
			} else {
				(*p)[name] = append((*p)[name], n.Value)
			}
		}
		path := schema.Schema{Type: scalar, Examples: []string{"title", "a.b", "pictures[0].src", "information[label=Opening hours].text"}}
		list := r.each(form{one, path})
		known[name] = setting{content.DescribeField(name), form{func(n *yaml.Node) {
			(*p)[name] = []string{}
			if n.Kind == yaml.ScalarNode {
				one(n)
				return
			}
			list.read(n)
		}, path.Or(list.schema)}}
	}
	return form{func(n *yaml.Node) {
		*p = map[string][]string{}
		r.fields(n, known)
	}, object(known)}
}

// channel are the keys of a channel, whose place is the last of r.names.
func (r *configReader) channel(c *Channel) map[string]setting {
	name := r.text(&c.Name)
	return map[string]setting{
		"name":        {"The files are NAME.ics, NAME.rss and so on; it may hold slashes.", form{func(n *yaml.Node) { r.names[len(r.names)-1] = n; name.read(n) }, name.schema}},
		"title":       {"What the channel is called. Default: its name.", r.text(&c.Title)},
		"description": {"What the channel is about, in a sentence.", r.text(&c.Description)},
		"kind":        {"What it selects. Default: events.", r.oneOf(&c.Kind, "events", "articles")},
		"category":    {"Only records of this category.", r.text(&c.Category)},
		"tag":         {"Only records with this tag.", r.text(&c.Tag)},
		"path":        {"Only records below this folder.", r.folder(&c.Path)},
		"formats":     {"What it is published as. Default: all that fit.", r.formats(&c.Formats)},
		"limit":       {"How many records its feeds and pages hold. Default: that of the site.", r.number(&c.Limit, 1, 100000)},
		"secret":      {"Whether it is for those who know its address: what is in its folder, or of its category or tag, is then in nothing public.", r.flag(&c.Secret)},
	}
}

func (r *configReader) formats(p *[]string) form {
	var s string
	one := r.oneOf(&s, "ics", "html", "rss", "atom", "json")
	return r.each(form{func(n *yaml.Node) {
		s = ""
		if one.read(n); s != "" {
			*p = append(*p, s)
		}
	}, one.schema})
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
		} else if err := c.checkSecret(); err != nil {
			r.fault(r.names[i], "%w", err)
		}
		seen[strings.ToLower(c.Name)] = true
	}
}

// moved reads which channels are where.
func (r *configReader) moved(p *map[string]string, n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		r.fault(n, "found %s, want old and new names of channels such as agenda: events", describe(n))
		return
	}
	*p = map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		var to string
		r.text(&to).read(value)
		if _, ok := (*p)[key.Value]; ok {
			r.fault(key, "key %q stands twice", key.Value)
		}
		(*p)[key.Value] = to
		r.gone = append(r.gone, key)
	}
}

// former reports what cannot be of the channels that are moved or retired, at the
// first of them that it is of.
func (r *configReader) former(c Config) {
	if len(r.faults) > 0 {
		return // some are not known
	}
	one := Config{Channels: c.Channels}
	for _, n := range r.gone {
		if to, ok := c.Moved[n.Value]; ok {
			if one.Moved == nil {
				one.Moved = map[string]string{}
			}
			one.Moved[n.Value] = to
		}
		if slices.Contains(c.Retired, strings.TrimSpace(n.Value)) {
			one.Retired = append(one.Retired, strings.TrimSpace(n.Value))
		}
		if _, err := newElsewhere(nil, one); err != nil {
			r.fault(n, "%w", err)
			return
		}
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
	case strings.HasPrefix(name, "event/") || strings.HasPrefix(name, "article/") || isSecret(name) || name == "index":
		return fmt.Errorf("channel name %q is the site's own", name)
	}
	return nil
}
