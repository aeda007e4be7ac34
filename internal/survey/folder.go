package survey

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/content"
)

// A Folder holds records.
type Folder struct {
	Path             string // with slashes; empty: the top
	Events, Articles int    // drafts included
	Undated          int    // of the articles, those that nothing dates
	NoStart          int    // files that look like events and have no start
	DateIsStart      bool   // with date as the start they have
	Dated            int    // of the files, if DateIsStart: those that show it
	Clock            bool   // their offset is not the zone's in one half of the year: it is a template's
	Wrong, Offsets   int    // of the times, if Clock: those with an offset that is not the zone's, and with any
	Language         string // where it is not the site's, or empty
	Permalink        string // pattern of the addresses, from the settings of the generator, or empty
	PermalinkFrom    string // their file
	Fields           []Field

	files    map[string][]byte
	empty    []string // data files without a record
	evidence evidence
}

// wrappers are folders that only hold the folders of records.
var wrappers = []string{"content", "data", "src", "site", "docs", "source"}

// collection is the folder whose files are records of one kind: the first one below those that only hold others.
func collection(p string) string {
	parts := strings.Split(path.Dir(p), "/")
	n := 1
	for n < len(parts) && (slices.Contains(wrappers, parts[n-1]) || isLanguage(parts[n-1])) {
		n++
	}
	if dir := strings.Join(parts[:n], "/"); dir != "." {
		return dir
	}
	return ""
}

// common is the deepest folder that holds all files of f, but none of a year or a page: those of the next have another.
func (f *Folder) common() string {
	var parts []string
	first := true
	for p := range f.files {
		if strings.HasPrefix(path.Base(p), "index.") {
			p = path.Dir(p)
		}
		dir := strings.Split(path.Dir(p), "/")
		if first {
			parts, first = dir, false
			continue
		}
		n := 0
		for n < min(len(parts), len(dir)) && parts[n] == dir[n] {
			n++
		}
		parts = parts[:n]
	}
	for len(parts) > 0 && strings.ContainsAny(parts[len(parts)-1], "0123456789") {
		parts = parts[:len(parts)-1]
	}
	dir := strings.Join(parts, "/")
	if len(dir) < len(f.Path) || dir == "." {
		return f.Path
	}
	return dir
}

// Kind says what the folder holds, where it is all of one kind: "events" or "articles".
func (f *Folder) Kind() string {
	switch {
	case f.Articles == 0:
		return "events"
	case f.Events == 0 && f.NoStart == 0:
		return "articles"
	}
	return ""
}

// newsFolders are names of folders that hold articles, dated or not, in lower case and without an underscore in front.
var newsFolders = []string{"actualites", "actualités", "actualite", "actualité", "actus", "nouvelles", "articles", "billets", "annonces", "communiques", "communiqués", "breves", "brèves",
	"news", "blog", "posts", "announcements"}

// pages reports whether f holds articles that nothing dates, and nothing else, as pages of a site are: of a team, of its projects.
func (f *Folder) pages() bool {
	isNews := slices.ContainsFunc(strings.Split(f.Path, "/"), func(dir string) bool {
		return slices.Contains(newsFolders, strings.TrimPrefix(strings.ToLower(dir), "_"))
	})
	return f.Undated > 0 && f.Undated == f.Articles+f.Events+f.NoStart && !isNews
}

// onlyData reports whether no file of f is a text.
func (f *Folder) onlyData() bool {
	for p := range f.files {
		if !isData(p) {
			return false
		}
	}
	return true
}

func isData(p string) bool {
	return slices.Contains([]string{".yml", ".yaml", ".json"}, strings.ToLower(path.Ext(p)))
}

// read counts what the files hold, with date as the start where that is how the folder says it, and counts the words of their texts.
func (f *Folder) read(words map[string]int) {
	plain := f.parse(f.with(false))
	found := plain
	if plain.noStart > 0 {
		// A folder that says its starts elsewhere has stray files, not another custom.
		if dated := f.parse(f.with(true)); plain.events*10 < dated.events && dated.noStart*10 <= dated.events {
			found, f.DateIsStart, f.Dated = dated, true, dated.events-plain.events
		}
	}
	if !f.DateIsStart {
		found = f.learn(plain)
	}
	f.Events, f.Articles, f.Undated, f.NoStart, f.empty = found.events, found.articles, found.undated, found.noStart, found.empty
	f.evidence.assumed = found.assumed
	own := map[string]int{}
	for _, t := range found.texts {
		countWords(own, t)
	}
	for language, n := range own {
		words[language] += n
	}
	for _, part := range strings.Split(f.Path, "/") {
		if isLanguage(part) {
			f.Language = part
			words[part] += 20 * len(f.files) // who writes in it says so
		}
	}
	for _, p := range slices.Sorted(maps.Keys(f.files)) {
		if strings.EqualFold(path.Ext(p), ".ics") {
			f.Events += max(0, bytes.Count(f.files[p], []byte("BEGIN:VEVENT"))-bytes.Count(f.files[p], []byte("\nRECURRENCE-ID")))
			continue
		}
		f.evidence.read(header(p, f.files[p]))
		f.evidence.readPlaces(f.files[p])
	}
}

// A count is what the files of a folder gave.
type count struct {
	events, articles, undated, noStart, assumed int
	placed                                      int // events that have a place
	untitled                                    int // records without a title
	wrong                                       int // errors
	texts                                       []string
	empty                                       []string
}

// with returns options by which the folder is read.
func (f *Folder) with(dateIsStart bool, fields ...Field) content.Options {
	c := content.Collection{Path: f.Path, DateIsStart: dateIsStart}
	for _, x := range fields {
		c.Fields, _ = content.NewFields(map[string][]string{x.Name: x.Keys}) // nil: no path can be such
	}
	return content.Options{Zone: time.UTC, ZoneAssumed: true, Language: "fr", Collections: []content.Collection{c}}
}

func (f *Folder) parse(opt content.Options) (n count) {
	for _, p := range slices.Sorted(maps.Keys(f.files)) {
		noRecord := false
		records := content.Parse(p, f.files[p], &opt, func(fault content.Fault) {
			if fault.Severity == content.Error {
				n.wrong++
			}
			switch fault.Rule {
			case content.RuleTitle:
				n.untitled++
			case content.RuleNoStart:
				n.noStart++
			case content.RuleZoneAssumed:
				n.assumed++
			case content.RuleNotRecord:
				noRecord = fault.Severity == content.Notice
			}
		})
		if noRecord && len(records) == 0 && isData(p) {
			n.empty = append(n.empty, p)
		}
		for _, r := range records {
			if r.Kind == content.Event {
				n.events++
				if r.Location != "" {
					n.placed++
				}
			} else {
				n.articles++
				if r.Origin == "" {
					n.undated++
				}
			}
			n.texts = append(n.texts, r.Title+" "+r.Summary+" "+r.Body)
		}
	}
	return n
}

// header returns what of a file may hold its times: its front matter, or all of a data file.
func header(p string, data []byte) []byte {
	if isData(p) {
		return data
	}
	fence := data[:min(3, len(data))]
	if !bytes.Equal(fence, []byte("---")) && !bytes.Equal(fence, []byte("+++")) {
		return nil
	}
	end := bytes.Index(data[3:], append([]byte("\n"), fence...))
	if end < 0 {
		return nil
	}
	return data[:3+end]
}
