package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/crieur/crieur/internal/content"
)

// initialize looks at a folder and writes the configuration that fits it.
func initialize(args []string, stdout, stderr io.Writer) int {
	o, code := parse("init", args, stderr)
	if code >= 0 {
		return code
	}
	src, done, err := o.source()
	if err != nil {
		fmt.Fprintln(stderr, "crieur init:", err)
		return exitUsage
	}
	defer done()
	s, err := survey(src)
	if err != nil {
		fmt.Fprintln(stderr, "crieur init:", err)
		return exitUsage
	}
	var b bytes.Buffer
	if err := configTemplate.Execute(&b, s); err != nil {
		fmt.Fprintln(stderr, "crieur init:", err)
		return exitUsage
	}
	f, err := os.OpenFile(o.configFile(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		fmt.Fprintf(stderr, "crieur init: %s exists and is left as it is; give another name with -config\n", o.configFile())
		return exitUsage
	}
	if err == nil {
		_, err = f.Write(b.Bytes())
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if err != nil {
		fmt.Fprintln(stderr, "crieur init:", err)
		return exitUsage
	}
	fmt.Fprintf(stdout, "%s written: %s and %s in %s. Read it, then run: crieur serve %s\n",
		o.configFile(), count(s.Events, "event"), count(s.Articles, "article"), count(len(s.Folders), "folder"), o.dir)
	return exitOK
}

// A summary is what init found out about a tree.
type summary struct {
	Events, Articles int
	Language         string
	Timezone         string
	Sure             bool // that this is the zone
	NoZone           int  // values without an offset
	Folders          []*folderSummary
}

// A folderSummary is a folder that holds records.
type folderSummary struct {
	Path             string
	Events, Articles int
	NoStart          int  // files that look like events and have no start
	DateIsStart      bool // with date as the start they have
	files            map[string][]byte
}

// survey reads a tree as a site without configuration would.
func survey(src fs.FS) (*summary, error) {
	folders := map[string]*folderSummary{}
	err := fs.WalkDir(src, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			name := d.Name()
			if p != "." && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "public") {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || !content.Wanted(p) {
			return nil
		}
		info, err := d.Info()
		if err != nil || info.Size() > content.MaxFile {
			return nil
		}
		data, err := fs.ReadFile(src, p)
		if err != nil {
			return err
		}
		dir := collection(p)
		if folders[dir] == nil {
			folders[dir] = &folderSummary{Path: dir, files: map[string][]byte{}}
		}
		folders[dir].files[p] = data
		return nil
	})
	if err != nil {
		return nil, err
	}
	s := &summary{}
	words := map[string]int{}
	for _, dir := range slices.Sorted(maps.Keys(folders)) {
		f := folders[dir]
		plain := f.parse(false, s, words)
		if plain.NoStart > 0 {
			other := f.parse(true, nil, nil)
			// A folder that says its starts elsewhere has stray files, not another custom.
			f.DateIsStart = plain.Events*10 < other.Events && other.NoStart == 0
			if f.DateIsStart {
				plain = other
			}
		}
		f.Events, f.Articles, f.NoStart = plain.Events, plain.Articles, plain.NoStart
		s.Events += f.Events
		s.Articles += f.Articles
		if f.Events+f.Articles+f.NoStart > 0 {
			s.Folders = append(s.Folders, f)
		}
	}
	s.Language, s.Timezone, s.Sure = "fr", "Europe/Paris", true
	if words["en"] > words["fr"] {
		s.Language, s.Timezone, s.Sure = "en", "Europe/London", false
	}
	return s, nil
}

// collection is the folder whose files are records of one kind: the first
// one below those that only hold others.
func collection(p string) string {
	parts := strings.Split(path.Dir(p), "/")
	n := 1
	for n < len(parts) && slices.Contains([]string{"content", "data", "src", "site", "docs"}, parts[n-1]) {
		n++
	}
	if dir := strings.Join(parts[:n], "/"); dir != "." {
		return dir
	}
	return ""
}

func (f *folderSummary) parse(dateIsStart bool, s *summary, words map[string]int) (n folderSummary) {
	opt := content.Options{Zone: time.UTC, ZoneAssumed: true, Language: "fr"}
	if dateIsStart {
		opt.Collections = []content.Collection{{Path: f.Path, DateIsStart: true}}
	}
	for _, p := range slices.Sorted(maps.Keys(f.files)) {
		records := content.Parse(p, f.files[p], &opt, func(fault content.Fault) {
			switch {
			case fault.Rule == content.RuleNoStart:
				n.NoStart++
			case fault.Rule == content.RuleZoneAssumed && s != nil:
				s.NoZone++
			}
		})
		for _, r := range records {
			if r.Kind == content.Event {
				n.Events++
			} else {
				n.Articles++
			}
			if words != nil {
				countWords(words, r.Title+" "+r.Summary+" "+r.Body)
			}
		}
	}
	return n
}

// countWords counts words that only one language has.
func countWords(words map[string]int, text string) {
	marks := map[string]string{
		"le": "fr", "la": "fr", "les": "fr", "des": "fr", "et": "fr", "du": "fr", "une": "fr", "pour": "fr",
		"the": "en", "and": "en", "of": "en", "with": "en", "for": "en", "is": "en", "this": "en", "we": "en",
	}
	for w := range strings.FieldsSeq(strings.ToLower(text)) {
		if language := marks[w]; language != "" {
			words[language]++
		}
	}
}

// Kind says what the folder holds, where it is all of one kind.
func (f *folderSummary) Kind() string {
	switch {
	case f.Articles == 0 && f.Events > 0:
		return "events"
	case f.Events == 0 && f.NoStart == 0:
		return "articles"
	}
	return ""
}

// Name is the path as it is written in YAML.
func (f *folderSummary) Name() string { return fmt.Sprintf("%q", cmp.Or(f.Path, ".")) }

var configTemplate = template.Must(template.New("").Parse(`# crieur.yaml, made by “crieur init” from what it found: {{.Events}} events, {{.Articles}} articles (drafts included).
# Every line may be left out; a line that begins with # is left out.
# “crieur schema -h” says how an editor completes and checks it.

# What the site is called, on its pages and in the names of its calendars.
#title: Agenda de la collectivité
#description: Réunions publiques, ateliers et actualités.

# Where the subscriptions are served. Subscribers keep this address: choose it well.
#base: https://agenda.example.org/

# The website whose pages the records are; links in them are resolved against it.
# It also goes into the identities of new records.
#site: https://www.example.org/

language: {{.Language}}

# The zone in which events take place, and in which dates without an offset are read.{{if not .Sure}}
# Say it: Europe/Paris is assumed until then.{{end}}{{if .NoZone}} Values without an offset: {{.NoZone}}.{{end}}
{{if .Sure}}timezone: {{.Timezone}}{{else}}#timezone: {{.Timezone}}{{end}}

# How often calendars and readers are asked to come back, and for how long an
# event that was withdrawn is shown as cancelled.
#refresh: 1h
#retain: 30d
{{if .Folders}}
# The folders found. A permalink gives the records of a folder their address
# on the website: :title is the file's name, :year, :month and :day its date.
collections:
{{- range .Folders}}
  # events: {{.Events}}, articles: {{.Articles}}{{if .NoStart}}; like events, but without a start: {{.NoStart}}{{end}}
  - path: {{.Name}}
    {{- with .Kind}}
    kind: {{.}}{{end}}
    {{- if .DateIsStart}}
    date_is_start: true # date is when the event takes place, not when it was written{{end}}
    {{- if .Events}}
    #clock: true # where an offset is not the zone's that day, the hour as written is meant{{end}}
    #permalink: /{{or .Kind "pages"}}/:title/
{{- end}}
{{end}}`))
