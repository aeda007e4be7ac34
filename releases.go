package crieur

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

const (
	releasesName = "releases" // the folder of the generations
	currentName  = "current"  // the link to the one in force
)

// release publishes into a folder for this generation alone, and then has the
// link lead to it.
func (p *Publisher) release(d disk, site *Site, sweep bool) (done Publication, err error) {
	m, err := readManifest(d.root.FS(), manifestName)
	switch {
	case err == nil && m.Crieur != releasesKind:
		return done, fmt.Errorf("%s holds single files: publish them there as before, or give another folder for whole generations", p.Dir)
	case err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errManifest): // what it says is soon found again
		return done, fmt.Errorf("%s: %w", filepath.Join(p.Dir, manifestName), err)
	case err != nil: // before all else: a folder that holds one is no content
		if err := d.saveManifest(manifestHead{Crieur: releasesKind}); err != nil {
			return done, err
		}
	}
	if sweep {
		d.remove(tempName(currentName))
		d.remove(tempName(manifestName))
	}
	old, err := p.current(d)
	if err != nil {
		return done, err
	}
	if old != p.generation {
		p.generation, p.written = old, map[string]state{}
	}
	now := generation(site)
	if now == old {
		o, err := p.open(d, now, p.written)
		if err != nil {
			return done, err
		}
		defer o.root.Close()
		if sweep {
			o.sweep(site)
		}
		if done, err = o.publish(site, o.all(site)); err != nil {
			return done, err
		}
		return done, p.retire(d, now, m.Previous)
	}
	known := map[string]state{}
	if done, err = p.prepare(d, old, now, site, known); err != nil {
		return Publication{}, err
	}
	if err := d.saveManifest(manifestHead{Crieur: releasesKind, Previous: old}); err != nil {
		return Publication{}, err
	}
	if err := d.lead(currentName, path.Join(releasesName, now)); err != nil {
		return Publication{}, err
	}
	p.generation, p.written = now, known
	return done, p.retire(d, now, old)
}

// generation names a site by all its bytes.
func generation(site *Site) string {
	h := sha256.New()
	for f := range site.Files() {
		fmt.Fprintf(h, "%s %q\n", f.ETag, f.Name)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// isGeneration reports whether a name is one that generation gives.
func isGeneration(name string) bool {
	return len(name) == 32 && strings.Trim(name, "0123456789abcdef") == ""
}

// current is the generation that the link leads to; empty: there is none.
func (p *Publisher) current(d disk) (string, error) {
	info, err := d.root.Lstat(currentName)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err == nil && info.Mode().Type() == fs.ModeSymlink {
		var target string
		if target, err = d.root.Readlink(currentName); err == nil {
			if dir, name := path.Split(filepath.ToSlash(target)); dir == releasesName+"/" && isGeneration(name) {
				return name, nil
			}
		}
	}
	if err != nil {
		return "", err
	}
	return "", (&output{dir: p.Dir}).foreign(currentName)
}

// lead has the link called name lead to target, at once.
func (d disk) lead(name, target string) error {
	temp := tempName(name)
	d.remove(temp)
	err := d.symlink(filepath.FromSlash(target), temp)
	if err == nil {
		err = d.rename(temp, name)
	}
	if err != nil {
		d.remove(temp)
		return err
	}
	return d.sync(".")
}

// open opens the folder of a generation, which is made if need be.
func (p *Publisher) open(d disk, name string, known map[string]state) (*output, error) {
	dir := path.Join(releasesName, name)
	for _, made := range []string{releasesName, dir} {
		if info, err := d.root.Lstat(made); err == nil && !info.IsDir() {
			return nil, (&output{dir: p.Dir}).foreign(made)
		}
		if err := d.mkdirAll(made); err != nil {
			return nil, err
		}
		if err := d.sync(path.Dir(made)); err != nil {
			return nil, err
		}
	}
	root, err := d.root.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	o, err := newOutput(disk{root: root, step: d.step}, filepath.Join(p.Dir, releasesName, name), known, nil)
	if err != nil {
		root.Close()
	}
	return o, err
}

// prepare makes the folder of the generation now, which nobody reads yet. It
// tells what is different from old.
func (p *Publisher) prepare(d disk, old, now string, site *Site, known map[string]state) (done Publication, err error) {
	same := map[string]state{} // in old
	if old != "" {
		before, err := p.open(d, old, p.written)
		if err != nil {
			return done, err
		}
		defer before.root.Close()
		for f := range site.Files() {
			if before.folder(path.Dir(f.Name)) != nil {
				continue
			}
			if s, ok := before.asLeft(f); ok {
				same[f.Name] = s
			} else if ok, err := before.compare(f); ok && err == nil {
				same[f.Name] = before.known[f.Name]
			}
		}
		done.Removed = before.gone(site)
	}
	for f := range site.Files() {
		if _, ok := same[f.Name]; ok {
			done.Unchanged++
		} else {
			done.Written = append(done.Written, f.Name)
		}
	}
	o, err := p.open(d, now, known)
	if err != nil {
		return done, err
	}
	defer o.root.Close()
	o.sweep(site)
	o.put = func(f *File) error {
		from, ok := same[f.Name]
		if !ok {
			return o.fresh(f)
		}
		temp := tempName(f.Name)
		if d.link(path.Join(releasesName, old, f.Name), path.Join(releasesName, now, temp)) == nil {
			return nil
		}
		if err := o.fresh(f); err != nil {
			return err
		}
		return o.root.Chtimes(temp, from.modified, from.modified)
	}
	_, err = o.publish(site, o.all(site))
	return done, err
}

// retire removes the generations but two, and what is left of one that was
// never completed.
func (p *Publisher) retire(d disk, now, previous string) error {
	entries, err := fs.ReadDir(d.root.FS(), releasesName)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if name := e.Name(); e.IsDir() && isGeneration(name) && name != now && name != previous {
			if err := p.remove(d, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// remove takes away a generation; what crieur did not write stays.
func (p *Publisher) remove(d disk, name string) error {
	o, err := p.open(d, name, map[string]state{})
	if err != nil {
		return err
	}
	defer o.root.Close()
	o.sweep(new(Site))
	if _, err := o.publish(new(Site), o.all(new(Site))); err != nil {
		return err
	}
	left, err := fs.ReadDir(o.root.FS(), ".")
	if err != nil || len(left) != 1 {
		return err
	}
	if err := o.disk.remove(manifestName); err != nil {
		return err
	}
	return d.remove(path.Join(releasesName, name))
}
