package crieur

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
)

// Last returns the site that the folder holds, for a server that has none yet
// because it cannot be built or remembered now. It has the documents and their
// dates alone: the rest of the Site is zero. A document is read when it is asked
// for, so that there must be another site before the folder changes. The error
// says why there is none: nothing was published, or not all of it is what h says
// was published last. A nil h is not known yet: then the list in the folder is
// believed, and the folder of secret channels has to be there.
func (p *Publisher) Last(h *History) (*Site, error) {
	site, err := p.last(h)
	if err == nil && site.File("index.html") == nil {
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
	case !errors.Is(err, fs.ErrNotExist) || h == nil || h.hasSecret():
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
	m, err := readManifest(os.DirFS(dir), manifestName)
	switch {
	case err != nil:
	case m.Crieur != manifestKind:
		err = errors.New("it holds whole generations")
	case h == nil && m.Drafts:
		err = errors.New("there are drafts among the records")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, manifestName), err)
	}
	names := slices.Sorted(maps.Keys(m.Files))
	list, errs := make([]*File, len(names)), make([]error, len(names))
	parallel(len(names), runtime.GOMAXPROCS(0), func(i int) {
		list[i], errs[i] = m.file(dir, names[i], h)
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	site := newSite(list)
	site.last = true
	return site, nil
}

// file is the document called name of the folder dir, if it is what h says, or
// else m.
func (m *manifestFile) file(dir, name string, h *History) (*File, error) {
	full := filepath.Join(dir, filepath.FromSlash(name))
	info, err := os.Lstat(full)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() || !fs.ValidPath(name):
		return nil, fmt.Errorf("%s: %w", full, ErrForeign)
	}
	line := m.Files[name]
	v := version{Hash: line.Tags[0], Modified: line.Modified, Size: int(info.Size())}
	switch {
	case h != nil:
		v = h.outputs.get(name)
	case v.Modified.IsZero():
		v = version{} // an older crieur wrote the list
	}
	if !slices.Equal(line.Tags, []string{v.Hash}) || info.Size() != int64(v.Size) {
		return nil, fmt.Errorf("%s: %w", full, ErrHistory)
	}
	f := fileOf(name, v.Hash, v.Size, func() ([]byte, error) { return readBelow(dir, name) })
	f.Modified = v.Modified
	return f, nil
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
