package survey

import (
	"cmp"
	"encoding/json"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"gopkg.in/yaml.v3"

	"github.com/crieur/crieur/internal/zone"
)

// A Site is what the settings of the program that makes the website say. Any field may be empty.
type Site struct {
	From               string // the file
	Title, Description string
	URL, URLFrom       string // of the website, with a slash at its end, and its file
	Language           string // tag
	LanguageFrom       string // its file
	Timezone           string // IANA name, which exists

	permalinks map[string]string // patterns by the name of a collection; "" is that of all, "posts" of what is dated
	jekyll     bool
}

// settingsFiles are the files that hold settings, the first that is there wins, and how they are read.
var settingsFiles = []struct {
	name string
	read func([]byte, any) error
}{
	{"_config.yml", yaml.Unmarshal}, {"_config.yaml", yaml.Unmarshal},
	{"hugo.toml", toml.Unmarshal}, {"hugo.yaml", yaml.Unmarshal}, {"hugo.yml", yaml.Unmarshal}, {"hugo.json", json.Unmarshal},
	{"config.toml", toml.Unmarshal}, {"config.yaml", yaml.Unmarshal}, {"config.yml", yaml.Unmarshal}, {"config.json", json.Unmarshal},
	{"config/_default/hugo.toml", toml.Unmarshal}, {"config/_default/config.toml", toml.Unmarshal}, {"config/_default/hugo.yaml", yaml.Unmarshal}, {"config/_default/config.yaml", yaml.Unmarshal},
}

// readSite reads the settings. A file that cannot be read says nothing: it is none of ours.
func readSite(src fs.FS) Site {
	s := Site{permalinks: map[string]string{}}
	for _, f := range settingsFiles {
		data, err := fs.ReadFile(src, f.name)
		var m map[string]any
		if err != nil || f.read(data, &m) != nil || len(m) == 0 {
			continue
		}
		s.From, s.jekyll = f.name, strings.HasPrefix(f.name, "_config")
		lower := map[string]any{}
		for _, k := range slices.Sorted(maps.Keys(m)) {
			lower[strings.ToLower(k)] = m[k]
		}
		s.settings(lower)
		break
	}
	if data, err := fs.ReadFile(src, "package.json"); err == nil && s.URL == "" {
		var p struct{ Homepage string }
		if json.Unmarshal(data, &p) == nil && !strings.Contains(p.Homepage, "#") && !isForge(p.Homepage) {
			s.setURL(p.Homepage, "package.json")
		}
	}
	for _, name := range []string{"CNAME", "static/CNAME", "public/CNAME", "docs/CNAME"} {
		if data, err := fs.ReadFile(src, name); err == nil && s.URL == "" {
			if host := strings.TrimSpace(string(data)); host != "" && !strings.ContainsAny(host, " \n/") {
				s.setURL("https://"+host, name)
			}
		}
	}
	return s
}

func (s *Site) settings(m map[string]any) {
	text := func(keys ...string) string {
		for _, k := range keys {
			if v, ok := m[k].(string); ok && strings.TrimSpace(v) != "" {
				return strings.Join(strings.Fields(v), " ")
			}
		}
		return ""
	}
	s.Title = text("title", "name")
	s.Description = text("description")
	if params, ok := m["params"].(map[string]any); ok && s.Description == "" {
		s.Description, _ = params["description"].(string)
		s.Description = strings.Join(strings.Fields(s.Description), " ")
	}
	address := text("baseurl")
	if s.jekyll {
		if address = text("url"); address != "" {
			address = strings.TrimSuffix(address, "/") + text("baseurl")
		}
	}
	s.setURL(address, s.From)
	if tag := strings.ReplaceAll(text("languagecode", "defaultcontentlanguage", "lang", "locale", "language"), "_", "-"); tag != "" {
		if base, region, ok := cut(tag); ok {
			s.Language, s.LanguageFrom = strings.ToLower(base), s.From
			if region != "" && !strings.EqualFold(region, base) {
				s.Language += "-" + strings.ToUpper(region)
			}
		}
	}
	if name := text("timezone"); name != "" {
		if _, err := zone.Load(name); err == nil {
			s.Timezone = name
		}
	}
	s.readPermalinks(m)
}

func (s *Site) setURL(address, from string) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !strings.Contains(u.Host, ".") || strings.HasPrefix(u.Host, "127.") || u.Host == "example.org" || u.Host == "example.com" {
		return
	}
	s.URL, s.URLFrom = strings.TrimSuffix(address, "/")+"/", from
}

// jekyllStyles are the patterns that have a name.
var jekyllStyles = map[string]string{
	"date":    "/:categories/:year/:month/:day/:title:output_ext",
	"pretty":  "/:categories/:year/:month/:day/:title/",
	"ordinal": "/:categories/:year/:y_day/:title:output_ext",
	"none":    "/:categories/:title:output_ext",
}

func (s *Site) readPermalinks(m map[string]any) {
	if pattern, ok := m["permalink"].(string); ok && s.jekyll {
		s.permalinks["posts"] = cmp.Or(jekyllStyles[pattern], pattern)
	} else if s.jekyll {
		s.permalinks["posts"] = jekyllStyles["date"]
	}
	keep := func(name string, v any) {
		if pattern, ok := v.(string); ok && strings.Contains(pattern, "/") && !strings.ContainsAny(pattern, "\n{") {
			s.permalinks[strings.ToLower(name)] = pattern
		}
	}
	if collections, ok := m["collections"].(map[string]any); ok {
		for name, v := range collections {
			if c, ok := v.(map[string]any); ok {
				keep(name, c["permalink"])
			}
		}
	}
	if patterns, ok := m["permalinks"].(map[string]any); ok {
		for name, v := range patterns {
			keep(name, v)
		}
		if pages, ok := patterns["page"].(map[string]any); ok {
			for name, v := range pages {
				keep(name, v)
			}
		}
	}
}

// permalink returns the pattern of the addresses of a folder, or "".
func (s *Site) permalink(folder string) string {
	name := strings.ToLower(path.Base(folder))
	if s.jekyll {
		if !strings.HasPrefix(name, "_") {
			return ""
		}
		return s.permalinks[name[1:]]
	}
	return s.permalinks[name]
}

// isForge reports whether an address is that of the sources of a site, as the homepage of a package often is.
func isForge(address string) bool {
	u, err := url.Parse(address)
	return err == nil && slices.Contains([]string{"github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "www.npmjs.com"}, u.Hostname())
}
