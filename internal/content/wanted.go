package content

import (
	"path"
	"slices"
	"strings"
)

// extensions of the files that can hold records, and how they are read.
var extensions = map[string]fileType{
	".md": markdownFile, ".markdown": markdownFile, ".mdown": markdownFile, ".mkd": markdownFile, ".mkdn": markdownFile,
	".html": htmlFile, ".htm": htmlFile, ".txt": textFile, ".yaml": yamlFile, ".yml": yamlFile, ".json": jsonFile,
	".csv": tableFile, ".ics": calendarFile,
}

type fileType uint8

const (
	markdownFile fileType = iota + 1
	htmlFile
	textFile
	yamlFile
	jsonFile
	tableFile
	calendarFile // which package crieur reads
)

var (
	// notContent are names, without their extension and in lower case, of files that are about the tree.
	notContent = []string{"readme", "changelog", "changes", "contributing", "contributors", "license", "licence", "copying", "authors", "code_of_conduct", "security", "todo", "notice",
		"_index", "robots", "humans", "ads", "requirements", "cmakelists", "404", "sitemap", "search", "_config", "config", "crieur", "package", "package-lock", "composer", "tsconfig",
		"netlify", "mkdocs", "docker-compose", "manifest", "vercel", "renovate", "hugo"}
	// notFolders hold no content, wherever they stand.
	notFolders = []string{"node_modules", "_site", "_layouts", "_includes", "_sass", "_plugins", "vendor", "bower_components", "__pycache__"}
	// notRoots hold no content when they stand at the top.
	notRoots = []string{"layouts", "archetypes", "themes", "i18n"}
)

// Wanted reports whether a file of this path, relative to the content tree and with slashes, can hold records: by its
// extension, and because neither it nor a folder above it is hidden, temporary, or about the tree and not in it.
func Wanted(name string) bool {
	dir, base := path.Split(name)
	ext := strings.ToLower(path.Ext(base))
	stem := strings.ToLower(strings.TrimSuffix(base, path.Ext(base)))
	switch {
	case extensions[ext] == 0, stem == "", strings.ContainsAny(base[:1], ".#~"), slices.Contains(notContent, stem):
		return false
	case stem == "index" && (dir == "" || ext == ".html" || ext == ".htm"):
		return false // the home page, or a list that a generator fills
	}
	folders := strings.Split(strings.Trim(dir, "/"), "/")
	if slices.Contains(notRoots, folders[0]) {
		return false
	}
	return !slices.ContainsFunc(folders, func(f string) bool {
		return strings.HasPrefix(f, ".") && f != "." || slices.Contains(notFolders, f)
	})
}

// Collection returns the longest matching collection of a path, or the zero Collection.
func (o *Options) Collection(name string) Collection {
	var best Collection
	found := false
	for _, c := range o.Collections {
		prefix := strings.Trim(c.Path, "/")
		if prefix != "" && prefix != "." && name != prefix && !strings.HasPrefix(name, prefix+"/") {
			continue
		}
		if !found || len(prefix) > len(strings.Trim(best.Path, "/")) {
			best, found = c, true
		}
	}
	return best
}

// inEventFolder reports whether a folder above the file has a name that says events, or a file of data has one itself.
func inEventFolder(name string) bool {
	switch extensions[strings.ToLower(path.Ext(name))] {
	case yamlFile, jsonFile, tableFile:
		if slices.Contains(eventFolders, fold(stem(name))) {
			return true
		}
	}
	for dir := range strings.SplitSeq(path.Dir(name), "/") {
		if slices.Contains(eventFolders, strings.TrimPrefix(fold(dir), "_")) {
			return true
		}
	}
	return false
}

// fileDate cuts a date of Jekyll's form (2027-05-08-name.md) from the front of a file's name without extension.
func fileDate(stem string) (m moment, rest string, ok bool) {
	m, rest, ok = cutISO(stem)
	if !ok || stem[4] != '-' || !m.exists() || !m.plausible() {
		return moment{}, stem, false
	}
	if rest != "" && rest[0] != '-' && rest[0] != '_' && rest[0] != ' ' {
		return moment{}, stem, false
	}
	return m, strings.TrimLeft(rest, "-_ "), true
}

// stem returns the name of a file without folder and extension; of a page bundle (name/index.md) that of the folder.
func stem(name string) string {
	base := path.Base(name)
	s := strings.TrimSuffix(base, path.Ext(base))
	if dir := path.Dir(name); s == "index" && dir != "." && dir != "/" {
		return path.Base(dir)
	}
	return s
}
