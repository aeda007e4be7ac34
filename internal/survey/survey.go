// Package survey looks at a folder of content and says what a configuration for it should hold: what each folder is, in which language
// and in which zone, and why.
//
// Everything is judged by what stands in the files, as a person would who sees the site for the first time: by the settings of the
// generator it is made with, if they are there (site.go), by the keys of the records (folder.go, keys.go), by the words of their texts
// (language.go), and by the offsets of their times and the postal codes of their places (zone.go). What is not certain is said to be so; see Zone.Sure.
//
// A survey depends on the files alone. It reads records as a site without a configuration does.
package survey

import (
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/zone"
)

// A Survey is what was found in a tree of content. The zero Survey is that of an empty one.
type Survey struct {
	Events, Articles int // records found, drafts included
	Site             Site
	Language         string // tag of most of the texts, never empty
	LanguageWhy      string
	Zone             Zone
	Folders          []*Folder // that hold records, by path
	Ignore           []Ignored // what holds none and looks as if it could
}

// An Ignored is a file or folder that holds no records.
type Ignored struct{ Path, Why string }

// Read surveys a tree.
func Read(src fs.FS) (*Survey, error) {
	files := map[string][]byte{}
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
		if info, err := d.Info(); err != nil || info.Size() > content.MaxFile {
			return nil // it is faulty, and check says so
		}
		files[p], err = fs.ReadFile(src, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	s := &Survey{Site: readSite(src)}
	words := map[string]int{}
	var times evidence
	for _, f := range folders(files) {
		f.read(words)
		f.Permalink, f.PermalinkFrom = s.Site.permalink(f.Path), s.Site.From
		times.add(&f.evidence)
		s.Events += f.Events
		s.Articles += f.Articles
		switch {
		case len(f.empty) == len(f.files) && f.Path != "":
			s.Ignore = append(s.Ignore, Ignored{f.Path, "no file in it holds a record"})
			continue
		case f.Events+f.Articles+f.NoStart > 0:
			s.Folders = append(s.Folders, f)
		case !f.onlyData():
			continue
		}
		for _, p := range f.empty { // what is faulty is not ignored: check says what is wrong with it
			s.Ignore = append(s.Ignore, Ignored{p, "it holds no record"})
		}
	}
	s.leavePages()
	s.Language, s.LanguageWhy = s.Site.Language, "from "+s.Site.LanguageFrom
	if s.Language == "" {
		s.Language, s.LanguageWhy = mostly(words)
	}
	for _, f := range s.Folders {
		if f.Language == s.Language {
			f.Language = ""
		}
	}
	s.Zone = times.zone(s)
	for _, f := range s.Folders {
		if loc, err := zone.Load(s.Zone.Name); err == nil && s.Zone.Sure {
			f.readClock(loc)
		}
	}
	return s, nil
}

// leavePages takes the folders of pages out of what holds records, where others, or the settings of a generator, show that this is a
// website and not a folder of notes.
func (s *Survey) leavePages() {
	if s.Site.From == "" && !slices.ContainsFunc(s.Folders, func(f *Folder) bool { return !f.pages() }) {
		return
	}
	kept := slices.DeleteFunc(slices.Clone(s.Folders), (*Folder).pages)
	const why = "nothing says when it was published, as of a page of the website"
	s.Folders = slices.DeleteFunc(s.Folders, func(f *Folder) bool {
		if !f.pages() {
			return false
		}
		s.Articles -= f.Articles
		if !slices.ContainsFunc(kept, func(o *Folder) bool { return f.Path == "" || strings.HasPrefix(o.Path, f.Path+"/") }) && f.Path != "" {
			s.Ignore = append(s.Ignore, Ignored{f.Path, why})
			return true
		}
		for _, p := range slices.Sorted(maps.Keys(f.files)) {
			if !slices.Contains(f.empty, p) {
				s.Ignore = append(s.Ignore, Ignored{p, why})
			}
		}
		return true
	})
}

// folders groups files by the folder whose files are records of one kind, in order.
func folders(files map[string][]byte) []*Folder {
	byPath := map[string]*Folder{}
	for _, p := range slices.Sorted(maps.Keys(files)) {
		dir := collection(p)
		if byPath[dir] == nil {
			byPath[dir] = &Folder{Path: dir, files: map[string][]byte{}}
		}
		byPath[dir].files[p] = files[p]
	}
	var all []*Folder
	for _, dir := range slices.Sorted(maps.Keys(byPath)) {
		f := byPath[dir]
		f.Path = f.common()
		all = append(all, f)
	}
	return all
}
