package crieur

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/crieur/crieur/internal/content"
)

// secretDir is where the documents of secret channels are, among those of a
// build: s/NAME.ics. Readers have them as s/TOKEN/NAME.ics.
const secretDir = "s/"

// checkSecret reports why a channel cannot be secret. What one might take for
// private and is not, is an error. It has no page: none of its documents says its
// address, so that a token is in none of them.
func (c Channel) checkSecret() error {
	switch {
	case !c.Secret:
		return nil
	case c.Path == "" && c.Category == "" && c.Tag == "":
		return fmt.Errorf("the secret channel %q selects everything, so that nothing would be public; say of what folder, category or tag it is", c.Name)
	case strings.Contains(c.Name, "/"):
		return fmt.Errorf("the secret channel %q has a slash in its name: a word is enough, its address is s/TOKEN/NAME.ics", c.Name)
	case c.Name == "events" || c.Name == "articles":
		return fmt.Errorf("the channel %q is public, whatever else is secret; give the secret one another name", c.Name)
	case c.Path != "" && !fs.ValidPath(c.Path):
		return fmt.Errorf("the secret channel %q is of the folder %q, want a path in the content folder such as internal", c.Name, c.Path)
	case slices.Contains(c.Formats, "html"):
		return fmt.Errorf("the secret channel %q has no page: people find its address in no document, and are given it", c.Name)
	}
	return nil
}

// secretive reports whether there are secret channels.
func (s *settings) secretive() bool {
	return slices.ContainsFunc(s.Channels, func(c Channel) bool { return c.Secret })
}

// private reports whether a record is for secret channels alone: if it is below the
// folder of one, or of the category and tag of one that has no folder, whether
// that channel shows it or not.
func (s *settings) private(r *content.Record) bool {
	return slices.ContainsFunc(s.Channels, func(c Channel) bool {
		return c.Secret && (c.Path != "" && inside(r.Path, c.Path) || c.Path == "" && c.labelled(r))
	})
}

// privatePath reports whether all that a file holds is private.
func (s *settings) privatePath(p string) bool {
	return slices.ContainsFunc(s.Channels, func(c Channel) bool { return c.Secret && c.Path != "" && inside(p, c.Path) })
}

// inside reports whether the path p is dir or below it, however a file system
// spells that: where this is in doubt, it is.
func inside(p, dir string) bool {
	end := 0
	for n := strings.Count(dir, "/"); ; n-- {
		i := strings.IndexByte(p[end:], '/')
		switch {
		case i < 0 && n > 0:
			return false
		case i < 0:
			end = len(p)
		default:
			end += i
		}
		if n == 0 {
			break
		}
		end++
	}
	p = p[:end]
	return strings.EqualFold(p, dir) || !(ascii(p) && ascii(dir)) && fold(p) == fold(dir)
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// errSecretFolder is the cause of a build that is refused because a folder which
// is to be private is not there: what was in it may be elsewhere by now, and would
// be published.
var errSecretFolder = errors.New("a folder that is to be private is not there")

// missingSecret reports the first folder of a secret channel that is not there.
func (s *settings) missingSecret(src fs.FS, t *tree) error {
	for _, c := range s.Channels {
		if !c.Secret || c.Path == "" {
			continue
		}
		if _, err := fs.Stat(src, c.Path); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		found := slices.ContainsFunc(t.records, func(f *found) bool { return inside(f.Path, c.Path) })
		if !found {
			return fmt.Errorf("the secret channel %q is of %s: %w. Correct the path, or make the folder, if need be with nothing but a file .gitkeep in it", c.Name, c.Path, errSecretFolder)
		}
	}
	return nil
}

// secrets lists the folders of secret channels, before all others: a link
// elsewhere that leads into one is then one that leads to what is read already.
// Links to folders inside of them are not followed, which would make private what
// is public.
func (w *walker) secrets() {
	var dirs []string
	for _, c := range w.cfg.Channels {
		hidden := slices.ContainsFunc(strings.Split(c.Path, "/"), func(name string) bool { return strings.HasPrefix(name, ".") })
		if c.Secret && c.Path != "" && !hidden && !w.cfg.ignored(c.Path) {
			dirs = append(dirs, c.Path)
		}
	}
	slices.SortFunc(dirs, func(a, b string) int { return len(a) - len(b) })
	w.inSecret = true
	for _, dir := range dirs {
		if slices.ContainsFunc(w.secret, func(done string) bool { return under(dir, done) }) {
			continue
		}
		info, err := fs.Stat(w.src, dir)
		if err != nil || !info.IsDir() {
			continue // what is wrong with it is found again
		}
		if own, err := fs.Lstat(w.src, dir); err == nil && own.Mode()&fs.ModeSymlink != 0 {
			w.links = append(w.links, dir)
		}
		w.descend(dir)
		w.secret = append(w.secret, dir)
	}
	w.inSecret = false
	w.linked = append(w.linked, w.folders...) // and not read a second time where they stand
}

// secretChannels selects what each secret channel holds of the private items,
// which are in order. Of channels whose folders lie in one another, the innermost
// alone has a record: what is for a few is not for many.
func (s *settings) secretChannels(items []*item) (list []*channel, faults []Fault) {
	for _, c := range s.Channels {
		if c.Secret {
			list = append(list, &channel{Channel: s.completed(c), group: "secret"})
		}
	}
	for _, it := range items {
		longest := 0
		for _, c := range list {
			if c.Path != "" && inside(it.Record.Path, c.Path) {
				longest = max(longest, strings.Count(c.Path, "/")+1)
			}
		}
		shown := false
		for _, c := range list {
			inner := c.Path == "" || inside(it.Record.Path, c.Path) && strings.Count(c.Path, "/")+1 == longest
			if inner && c.labelled(it.Record) && (it.Kind == content.Event) == c.events() {
				c.items = append(c.items, it)
				shown = true
			}
		}
		if !shown && it.live() {
			faults = append(faults, Fault{Pos: (&found{Record: it.Record}).pos(), Severity: Warning, Rule: "secret-unselected", Err: fmt.Errorf(
				"this %s is private, and no secret channel shows it: add a channel with secret: true that selects it, by kind, category and tag too", it.Kind)})
		}
	}
	return list, faults
}

// secrets adds the documents of secret channels. They hold no address of their
// own, and do not change with their token.
func (w *writer) secrets(items []*item, channels []*channel) {
	for _, it := range items {
		it.round = w.round
		w.uuids = w.uuids && it.uuid
	}
	for _, c := range channels {
		w.secret(c)
	}
}

func (w *writer) secret(c *channel) {
	c.Name = secretDir + c.Name
	if c.has("ics") {
		w.addJob(w.cfg.calendar(c.Name+".ics", fmt.Sprintf("%+v", c.Channel), w.cfg.titleOf(c), w.cfg.address("index.html"), "", c.items, w.cfg.preparedAll(c.items)))
	}
	w.feeds(c)
}

// parted is the site of the documents, with those of secret channels apart.
func (w *writer) parted(sorted []*File) *Site {
	begin, _ := slices.BinarySearchFunc(sorted, secretDir, (*File).byName)
	end := begin
	for end < len(sorted) && isSecret(sorted[end].Name) {
		end++
	}
	if begin == end {
		return newSite(sorted)
	}
	site := newSite(slices.Concat(sorted[:begin], sorted[end:]))
	site.secret = newSite(sorted[begin:end])
	site.secret.Refresh, site.secret.drafts = w.cfg.Refresh, w.cfg.Drafts
	return site
}

// dueWith has the site know when something private falls due.
func (s *Site) dueWith(secret dueTime) {
	public := s.NextChange
	if !secret.IsZero() && (public.IsZero() || secret.Before(public)) {
		s.NextChange, s.private, s.public = secret.Time, secret.Time, public
	}
	if s.secret != nil {
		s.secret.NextChange, s.secret.elsewhere = s.NextChange, new(elsewhere)
	}
}

// publicChange is NextChange as caches of what is public are told of it.
func (s *Site) publicChange() time.Time {
	if !s.private.IsZero() && s.NextChange.Equal(s.private) {
		return s.public
	}
	return s.NextChange
}

// isSecret reports whether a document of a build is one of a secret channel.
func isSecret(name string) bool { return strings.HasPrefix(name, secretDir) }

// hasSecret reports whether a file of a secret channel was ever published.
func (h *History) hasSecret() bool {
	for name := range h.outputs.all() {
		if isSecret(name) {
			return true
		}
	}
	return false
}

// markPrivate marks the faults that may quote what is private: those of files
// below secret folders, and of files in which a private record is, or was.
func (s *settings) markPrivate(faults []Fault, t *tree, h *History) {
	if !s.secretive() {
		return
	}
	files := map[string]bool{}
	for _, f := range t.records {
		if f.private {
			files[f.Path] = true
		}
	}
	for _, e := range h.entries.all() {
		if e.Private {
			files[e.Path] = true
		}
	}
	for i, f := range faults {
		faults[i].Private = files[f.Pos.Filename] || s.privatePath(f.Pos.Filename)
	}
}

// cleaned are the channels with their paths as files have them.
func cleaned(channels []Channel) []Channel {
	list := slices.Clone(channels)
	for i, c := range list {
		if c.Path = path.Clean(c.Path); c.Path == "." {
			c.Path = ""
		}
		list[i] = c
	}
	return list
}

// parted parts items into those for everybody and those for secret channels alone.
// What comes after sees the former only, but for [settings.secretChannels].
func parted(items []*item) (public, private []*item) {
	i := slices.IndexFunc(items, func(it *item) bool { return it.Private })
	if i < 0 {
		return items, nil
	}
	for _, it := range items {
		if it.Private {
			private = append(private, it)
		} else {
			public = append(public, it)
		}
	}
	return public, private
}
