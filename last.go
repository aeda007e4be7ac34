package crieur

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Last returns the site that the folder holds, for a server that has none yet
// because it cannot be built or remembered now. It has the documents and their
// dates alone: the rest of the Site is zero. A document is read when it is asked
// for, so that there must be another site before the folder changes. The error
// says why there is none: nothing was published, or not all of it is what h says
// was published last.
func (p *Publisher) Last(h *History) (*Site, error) {
	site, err := p.last(h)
	if err == nil && site.files["index.html"] == nil {
		err = fmt.Errorf("%s lists no index.html, which every site has", filepath.Join(p.Dir, manifestName))
	}
	switch {
	case err != nil:
		return nil, err
	case p.Secret == "":
		return site, nil
	}
	secret, err := (&Publisher{Dir: p.Secret}).last(h)
	switch {
	case err == nil:
		site.secret = secret
	case !errors.Is(err, fs.ErrNotExist) || slices.ContainsFunc(slices.Collect(maps.Keys(h.outputs)), isSecret):
		return nil, err
	}
	return site, nil
}

// last returns what a folder of either kind holds.
func (p *Publisher) last(h *History) (*Site, error) {
	dir := p.Dir
	if p.Releases {
		dir = filepath.Join(dir, currentName)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	m, err := readManifest(root.FS(), manifestName)
	if err == nil && m.Crieur != manifestKind {
		err = errors.New("it holds whole generations")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, manifestName), err)
	}
	files, names := make(map[string]*File, len(m.Files)), slices.Sorted(maps.Keys(m.Files))
	for _, name := range names {
		info, err := root.Lstat(name)
		if err == nil && !info.Mode().IsRegular() {
			err = fmt.Errorf("%s: %w", filepath.Join(dir, filepath.FromSlash(name)), ErrForeign)
		}
		if err != nil {
			return nil, err
		}
		v := h.outputs[name]
		if !slices.Equal(m.Files[name], []string{v.Hash}) || info.Size() != int64(v.Size) {
			return nil, fmt.Errorf("%s: %w", filepath.Join(dir, filepath.FromSlash(name)), ErrHistory)
		}
		files[name] = fileOf(name, v.Hash, v.Size, func() ([]byte, error) { return readBelow(dir, name) })
		files[name].Modified = v.Modified
	}
	return newSite(files, names), nil
}

// readBelow reads a file of the folder dir.
func readBelow(dir, name string) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.ReadFile(name)
}
