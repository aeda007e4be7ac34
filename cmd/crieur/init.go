package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"text/template"

	"github.com/crieur/crieur/internal/survey"
)

// initialize looks at a folder and writes the configuration that fits it.
func initialize(args []string, stdout, stderr io.Writer) int {
	o, code := parse("init", args, stdout, stderr)
	if code >= 0 {
		return code
	}
	src, done, err := o.source()
	if err != nil {
		fmt.Fprintln(stderr, "crieur init:", err)
		return exitUsage
	}
	defer done()
	s, err := survey.Read(src)
	if err != nil {
		fmt.Fprintf(stderr, "crieur init: %v%s\n", err, mayNotRead(err))
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
	fmt.Fprintf(stdout, "%s written: %s and %s (drafts included) in %s. Read it, then run: crieur serve %s\n",
		o.configFile(), count(s.Events, "event"), count(s.Articles, "article"), count(len(s.Folders), "folder"), o.dir)
	if n := len(s.Ignore); n > 0 {
		const most = 5
		paths, more := make([]string, min(n, most)), ""
		for i := range paths {
			paths[i] = s.Ignore[i].Path
		}
		if n > most {
			more = fmt.Sprintf(" and %d more", n-most)
		}
		fmt.Fprintf(stdout, "ignored: %s%s; take from ignore: what is to be published\n", strings.Join(paths, ", "), more)
	}
	if !s.Zone.Sure {
		fmt.Fprintf(stdout, "timezone: %s\n", s.Zone.Why)
	}
	return exitOK
}

// configTemplate makes the configuration of a survey. Every text of others is
// quoted, as YAML and Go do alike.
var configTemplate = template.Must(template.New("").Funcs(template.FuncMap{"quote": strconv.Quote}).Parse(`# crieur.yaml, made by “crieur init” from what it found: {{.Events}} events, {{.Articles}} articles (drafts included).
# Every line may be left out; a line that begins with # is left out.
# “crieur schema -h” says how an editor completes and checks it.

# What the site is called, on its pages and in the names of its calendars.
{{- with .Site.Title}}
title: {{quote .}} # from {{$.Site.From}}{{else}}
#title: Agenda de la collectivité{{end}}
{{- with .Site.Description}}
description: {{quote .}}{{else}}
#description: Réunions publiques, ateliers et actualités.{{end}}

# Where the subscriptions are served. Subscribers keep this address: choose it well.
#base: https://agenda.example.org/

# The website whose pages the records are; links in them are resolved against it.
# It also goes into the identities of new records.
{{- with .Site.URL}}
site: {{quote .}} # from {{$.Site.URLFrom}}{{else}}
#site: https://www.example.org/{{end}}

language: {{.Language}} # {{.LanguageWhy}}

# The zone in which events take place, and in which dates without an offset are read.
# {{.Zone.Why}}
{{if not .Zone.Sure}}#{{end}}timezone: {{.Zone.Name}}

# Whether pages have a form in which people choose what they subscribe to: for
# “crieur serve”, which answers it; a web server that has the files alone does not.
#choose: true

# How often calendars and readers are asked to come back, and for how long an
# event that was withdrawn is shown as cancelled.
#refresh: 1h
#retain: 30d
{{- if .Ignore}}

# What looks like content and is none.
ignore:
{{- range .Ignore}}
  - {{quote .Path}} # {{.Why}}
{{- end}}
{{- end}}
{{- if .Folders}}

# The folders found. A permalink gives the records of a folder their address
# on the website: :title is the file's name, :year, :month and :day its date.
collections:
{{- range .Folders}}
  # events: {{.Events}}, articles: {{.Articles}}{{if .NoStart}}; like events, but without a start: {{.NoStart}}{{end}}
  - path: {{quote (or .Path ".")}}
    {{- with .Kind}}
    kind: {{.}}{{end}}
    {{- with .Language}}
    language: {{.}} # as the folder says{{end}}
    {{- if .DateIsStart}}
    date_is_start: true # date is when the event takes place, not when it was written: {{.Dated}} files have no other start{{end}}
    {{- if .Clock}}
    clock: true # of {{.Offsets}} times {{.Wrong}} carry in summer the offset of winter: the hour as written is meant{{end}}
    {{- range $i, $f := .Fields}}
    {{- if not $i}}
    {{if .Open}}#{{end}}fields: # where your keys are your own{{end}}
      {{if .Open}}#{{end}}{{.Name}}: [{{range $j, $k := .Keys}}{{if $j}}, {{end}}{{quote $k}}{{end}}] # {{if .Open}}when it takes place?{{else}}as it seems in {{.Files}} records{{end}}
    {{- end}}
    {{- if .Permalink}}
    permalink: {{quote .Permalink}} # from {{.PermalinkFrom}}{{else}}
    #permalink: /{{or .Kind "pages"}}/:title/{{end}}
{{- end}}
{{- end}}
`))
