package crieur

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
)

// ErrForeign is the cause of the error for a file that stands where one of
// the site would be written, and that crieur did not write.
var ErrForeign = errors.New("not written by crieur")

// A Publisher keeps a folder equal to the latest [Site].
//
// Every file appears whole or not at all: it is written under another name in
// the same folder, made durable, and renamed. Files that have the right bytes
// are not touched. Files that crieur wrote and that the site no longer has are
// removed, as are the folders this leaves empty; others are never changed or
// removed. What crieur wrote is listed in the file .crieur.json.
//
// Each document is of one generation, and for a moment one is newer than
// another. With Releases, all are of one.
//
// A Publisher that ends at any moment, or fails at any file, leaves each file as it was
// or as it will be; the next one, or the next call, needs no help.
//
// A Publisher is for one goroutine, and for one process at a time.
type Publisher struct {
	Dir string // made if need be

	// Releases publishes each generation of the site into a folder of its
	// own, releases/HASH, to which the link called current leads as soon as
	// it is complete: what is read below one resolution of the link is of one
	// moment. A file that has not changed is the same file (a hard link, with
	// its time) or, where there are no such links, a copy. The generation
	// before stays for those who still read it; older ones are removed.
	Releases bool

	// Secret is where [Site.Secret] is kept, so that Last has it too: a folder
	// that only this user can read, which is made if need be. Empty: nowhere. Nothing
	// of it is ever in Dir, and nothing of Dir may be in it.
	Secret string

	secret     *Publisher       // into that folder
	written    map[string]state // what this process knows to be published
	list       *ledger          // likewise, without Releases
	generation string           // with Releases: where that is
	sure       bool             // the last call left the folder as it is listed, and nothing else
	step       func(op, name string) error
}

// A Publication says what [Publisher.Publish] or [Publisher.Update] did.
type Publication struct {
	Written, Removed []string // names in the site, sorted
	Unchanged        int
}

// Publish writes site into the folder dir, as a [Publisher] does.
func Publish(dir string, site *Site) (Publication, error) {
	return (&Publisher{Dir: dir}).Publish(site)
}

// Publish makes the folder equal to site. When a file cannot be written none is
// put in its place; a file that is not crieur's own is left alone and reported with
// [ErrForeign], and all others are published. With Releases, none of site is shown then.
func (p *Publisher) Publish(site *Site) (Publication, error) { return p.publish(site, false) }

// Update is Publish for a folder that nobody else has changed since the last call: of
// the files whose documents are what they were it looks at none but index.html, so that
// one change among many files takes little more than its own. What somebody else did to
// a file stays until the next Publish, or until its document is another. The first call,
// the one after an error, and all with Releases are Publish.
func (p *Publisher) Update(site *Site) (Publication, error) { return p.publish(site, true) }

func (p *Publisher) publish(site *Site, update bool) (done Publication, err error) {
	sure := p.sure
	p.sure = false
	defer func() {
		if p.sure = err == nil; p.secret != nil && err != nil {
			p.secret.sure = false
		}
		if made := site.fresh.Value(); made != nil && err == nil {
			made.Store(nil)
		}
	}()
	d, err := openDisk(p.Dir, p.step)
	if err != nil {
		return done, err
	}
	defer d.root.Close()
	if p.written == nil {
		p.written = map[string]state{}
	}
	if p.Releases {
		done, err = p.release(d, site, !sure)
	} else {
		done, err = p.inPlace(d, site, sure, update)
	}
	return done, errors.Join(err, p.publishSecret(site, update))
}

// publishSecret publishes what is secret, or removes what was.
func (p *Publisher) publishSecret(site *Site, update bool) error {
	if p.Secret == "" {
		return nil
	}
	if _, err := os.Stat(p.Secret); site.secret == nil && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := makeFolder(p.Secret); err != nil {
		return err
	}
	if err := os.Chmod(p.Secret, 0o700); err != nil {
		return err
	}
	if p.secret == nil || p.secret.Dir != p.Secret {
		p.secret = &Publisher{Dir: p.Secret, step: p.step}
	}
	_, err := p.secret.publish(site.Secret(), update)
	return err
}

// inPlace publishes into the folder itself, which is known for sure or not.
func (p *Publisher) inPlace(d disk, site *Site, sure, update bool) (done Publication, err error) {
	list := p.list
	o, err := newOutput(d, p.Dir, p.written, list)
	if err != nil {
		return done, err
	}
	p.list = o.list
	if !sure {
		o.sweep(site)
	}
	if update && sure && o.list == list && o.stands("index.html") {
		return o.publish(site, o.since(site))
	}
	return o.publish(site, o.all(site))
}

// A difference is what there is to do for a site.
type difference struct {
	files []*File  // to be looked at
	gone  []string // to be removed, sorted
}

// since is the difference from what the manifest says, where that is true.
func (o *output) since(site *Site) (d difference) {
	for _, f := range site.files {
		if l := o.list.Files[f.Name]; len(l.Tags) != 1 || l.Tags[0] != f.ETag || !l.Modified.Equal(f.Modified) {
			d.files = append(d.files, f)
		}
	}
	if len(o.list.Files) != len(site.files)-len(d.files) {
		d.gone = o.gone(site)
	}
	return d
}

// all is the difference from what nobody knows.
func (o *output) all(site *Site) difference { return difference{site.files, o.gone(site)} }

// gone are the names of what crieur wrote and the site has no more.
func (o *output) gone(site *Site) (names []string) {
	for name := range o.list.Files {
		if site.File(name) == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// publish makes what crieur wrote in the folder what site is, where there is a difference.
func (o *output) publish(site *Site, d difference) (done Publication, err error) {
	o.drafts = site.drafts
	for f := range site.Files() {
		o.modified = later(o.modified, f.Modified)
	}
	asLeft := make([]state, len(d.files)) // zero: it is not
	parallel(len(d.files), runtime.GOMAXPROCS(0), func(i int) {
		if s, ok := o.asLeft(d.files[i]); ok {
			asLeft[i] = s
		}
	})
	done.Unchanged = len(site.files) - len(d.files)
	var write []*File
	var lines []manifestLine
	var left problems
	for i, f := range d.files {
		var same bool
		err := o.folder(path.Dir(f.Name))
		switch {
		case err != nil:
		case asLeft[i].etag != "":
			same = true
			o.known[f.Name] = asLeft[i]
		default:
			same, err = o.compare(f)
		}
		switch {
		case errors.Is(err, ErrForeign):
			left.add(err)
			lines = append(lines, manifestLine{Name: f.Name})
		case err != nil:
			left.add(err)
			lines = append(lines, manifestLine{Name: f.Name, Tags: o.list.Files[f.Name].Tags})
		case same:
			done.Unchanged++
			lines = append(lines, o.line(f))
		default:
			write = append(write, f)
			lines = append(lines, o.both(f))
		}
	}
	if len(write) > 0 {
		// Style sheets come first, and pages that lead to the others last.
		slices.SortStableFunc(write, func(a, b *File) int { return rank(a) - rank(b) })
		if err := o.save(lines); err != nil {
			return Publication{Unchanged: done.Unchanged}, err
		}
		if err := o.replaceAll(write); err != nil {
			return Publication{Unchanged: done.Unchanged}, err
		}
		lines = nil
		for _, f := range write {
			done.Written = append(done.Written, f.Name)
			o.remember(f)
			lines = append(lines, o.line(f))
		}
		slices.Sort(done.Written)
	}
	done.Removed, err = o.remove(d.gone)
	if err == nil {
		for _, name := range d.gone {
			lines = append(lines, manifestLine{Name: name})
		}
		err = o.save(lines)
	}
	left.add(err)
	return done, left.err()
}

// Stages are the documents in groups, each of which leads only to those of its own
// and of the groups before it: style sheets first, the page and the list of
// subscriptions last. Who copies a site elsewhere, name by name, keeps this order.
func (s *Site) Stages() [][]*File {
	stages := make([][]*File, lastRank+1)
	for f := range s.Files() {
		stages[rank(f)] = append(stages[rank(f)], f)
	}
	return stages
}

const lastRank = 4

// rank is when a file is written: after those that it links to.
func rank(f *File) int {
	switch {
	case f.Name == "index.html", f.Name == "feeds.opml":
		return lastRank
	case path.Ext(f.Name) == ".html":
		return 3
	case isArchive(f.Name):
		return 1
	case path.Ext(f.Name) == ".css":
		return 0
	}
	return 2
}

// problems are errors of files, of which a few are told.
type problems struct {
	list []error
	more int
	seen map[string]bool
}

func (p *problems) add(err error) {
	switch {
	case err == nil || p.seen[err.Error()]:
		return
	case len(p.list) == 5:
		p.more++
	default:
		p.list = append(p.list, err)
	}
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	p.seen[err.Error()] = true
}

func (p *problems) err() error {
	err := errors.Join(p.list...)
	if p.more > 0 {
		err = fmt.Errorf("%w\nand %d more", err, p.more)
	}
	return err
}
