package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/calendar/lint"
	"github.com/crieur/crieur/internal/rule"
)

// The parts of SARIF 2.1.0 that code scanning reads, by the names of the
// specification. A run names every rule that can fire, whether or not it did.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
		FullDescription  sarifText `json:"fullDescription"`
		Help             sarifHelp `json:"help"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifHelp struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		PhysicalLocation sarifPlace `json:"physicalLocation"`
	}
	sarifPlace struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
)

// writeSARIF writes diagnostics for the code scanning of a forge. It takes no
// result without a place, so what concerns the whole site is said of the
// configuration.
func (o *options) writeSARIF(w io.Writer, all []diagnostic) error {
	rules := o.sarifRules()
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "crieur", Version: version(), InformationURI: "https://github.com/crieur/crieur", Rules: rules}},
		ColumnKind: "utf16CodeUnits",
		Results:    make([]sarifResult, 0, len(all)),
	}
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	var lines columns
	for _, d := range all {
		if d.File == "" {
			d.File, d.Line, d.Column = o.configFile(), 1, 1
		}
		level := d.Severity
		if level == crieur.Notice.String() {
			level = "note"
		}
		index := slices.IndexFunc(rules, func(r sarifRule) bool { return r.ID == d.Rule }) // -1: none, as in SARIF
		run.Results = append(run.Results, sarifResult{
			RuleID: d.Rule, RuleIndex: index, Level: level, Message: sarifText{d.Message},
			Locations: []sarifLocation{{sarifPlace{artifact(here, d.File), sarifRegion{d.Line, lines.column(d)}}}},
		})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// sarifRules are the rules of what is checked, by name.
func (o *options) sarifRules() []sarifRule {
	var all []sarifRule
	if len(o.calendars) > 0 {
		for _, r := range lint.Rules() {
			what := r.Name + " (" + r.Source + ")"
			all = append(all, sarifRule{r.Name, sarifText{what}, sarifText{what + ": " + r.Advice}, sarifHelp{r.Advice, r.Advice}})
		}
		return all
	}
	for _, r := range rule.All() {
		all = append(all, sarifRule{r.Name, sarifText{r.Summary}, sarifText{strings.TrimSpace(r.Meaning + "\n\n" + r.Advice)}, sarifHelp{r.String(), r.String()}})
	}
	return all
}

// artifact names a file by its address: relative to the folder here, if it is
// below it, as a forge names the files of a repository.
func artifact(here, file string) sarifArtifact {
	if !filepath.IsAbs(file) {
		file = filepath.Join(here, file)
	}
	if rel, err := filepath.Rel(here, file); err == nil && filepath.IsLocal(rel) {
		u := url.URL{Path: filepath.ToSlash(rel)}
		// A colon in the first part would end a scheme.
		return sarifArtifact{strings.ReplaceAll(u.EscapedPath(), ":", "%3A"), "%SRCROOT%"}
	}
	u := url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(file), "/")}
	return sarifArtifact{u.String(), ""}
}

// columns tells the columns of SARIF, which count UTF-16 code units, in the
// file that it was asked for last: diagnostics come sorted by file.
type columns struct {
	file  string
	lines [][]byte
}

// column returns the column of a diagnostic, or 0, none, where the bytes of
// its file are not the text that it was found in.
func (c *columns) column(d diagnostic) int {
	if d.Column == 1 {
		return 1
	}
	if c.file != d.File {
		c.file, c.lines = d.File, nil
		if data, err := os.ReadFile(d.File); err == nil && utf8.Valid(data) {
			c.lines = bytes.Split(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), []byte("\n"))
		}
	}
	if d.Line < 1 || d.Line > len(c.lines) || d.Column < 1 || d.Column > len(c.lines[d.Line-1])+1 {
		return 0
	}
	return 1 + len(utf16.Encode([]rune(string(c.lines[d.Line-1][:d.Column-1]))))
}
