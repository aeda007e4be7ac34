package bucket

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/crieur/crieur"
)

// manifestName is the object that lists what crieur stored: what the file of that
// name in a folder says, and the tags of the store.
const manifestName = ".crieur.json"

const (
	manifestKind    = "manifest"
	manifestVersion = 1
)

// A manifest lists what crieur stored below a prefix.
type manifest struct {
	Crieur   string              `json:"crieur"`
	Version  int                 `json:"version"`
	Modified time.Time           `json:"modified,omitzero"` // the latest of the documents
	Files    map[string][]string `json:"files,omitempty"`   // tags, with their quotes: two while one takes the place of the other
	Objects  map[string]stored   `json:"objects,omitempty"` // as they were left
	Pending  []string            `json:"pending,omitempty"` // sorted: names that are being replaced or removed
	pending  map[string]bool     // the same
}

// stored is what an object was left as.
type stored struct {
	ETag string `json:"etag"` // the store's
	Mark string `json:"mark"`
}

func newManifest() *manifest {
	return &manifest{Crieur: manifestKind, Version: manifestVersion, Files: map[string][]string{}, Objects: map[string]stored{}, pending: map[string]bool{}}
}

// ErrOther says that another process has published to the same place meanwhile.
var ErrOther = errors.New("another process publishes to the same place; let only one do so, or give them different prefixes")

// errList says that a manifest cannot be believed.
var errList = errors.New("this list of published objects is damaged, or that of a folder; nothing is published, because crieur does not know which objects are its own. Remove it: objects that are as the site has them are taken over then, and others told")

func parse(data []byte) (*manifest, error) {
	m := &manifest{pending: map[string]bool{}}
	if err := json.Unmarshal(data, m); err != nil || m.Crieur != manifestKind {
		return nil, errList
	}
	if m.Version != manifestVersion {
		return nil, fmt.Errorf("this list of published objects is of version %d, and this crieur knows version %d; use a newer one", m.Version, manifestVersion)
	}
	if m.Files == nil {
		m.Files = map[string][]string{}
	}
	if m.Objects == nil {
		m.Objects = map[string]stored{}
	}
	maps.DeleteFunc(m.Objects, func(name string, _ stored) bool { return m.Files[name] == nil })
	for _, name := range m.Pending {
		if _, ok := m.Files[name]; ok {
			m.pending[name] = true
		}
	}
	for name := range m.Files {
		if !fs.ValidPath(name) || name == "." {
			return nil, errList
		}
	}
	return m, nil
}

// certain reports whether the object of that name is known to be as it was left.
func (m *manifest) certain(name string) bool {
	_, ok := m.Objects[name]
	return ok && !m.pending[name]
}

// settle notes that the object of f's name is o.
func (m *manifest) settle(f *crieur.File, o object) {
	m.Files[f.Name] = []string{f.ETag}
	m.Objects[f.Name] = stored{o.etag, o.mark}
	delete(m.pending, f.Name)
}

// forget takes a name out.
func (m *manifest) forget(name string) {
	delete(m.Files, name)
	delete(m.Objects, name)
	delete(m.pending, name)
}

// read brings what is known of the manifest up to date.
func (p *Publisher) read(ctx context.Context) error {
	data, etag, err := p.store.get(ctx, manifestName, p.etag)
	switch {
	case errors.Is(err, errSame):
		return nil
	case errors.Is(err, fs.ErrNotExist):
		if p.list == nil {
			p.list = newManifest()
		}
		p.etag, p.saved = "", nil
		for name := range p.list.Files { // it was lost while this process went on
			p.list.pending[name] = true
		}
		return nil
	case err != nil:
		return err
	}
	m, err := parse(data)
	if err == nil && p.Follows != nil {
		err = p.Follows(published(data))
	}
	if err != nil {
		return fmt.Errorf("%s/%s: %w", &p.store, manifestName, err)
	}
	p.list, p.etag, p.saved = m, etag, data
	return nil
}

// save stores the manifest, if it says something new.
func (p *Publisher) save(ctx context.Context) error {
	p.list.Pending = slices.Sorted(maps.Keys(p.list.pending))
	data, err := json.Marshal(p.list)
	if err != nil || bytes.Equal(data, p.saved) {
		return err
	}
	o, err := p.replaceList(ctx, data, p.etag)
	if errors.Is(err, errRace) {
		// It may have been this very request, whose answer was lost.
		var now []byte
		if now, o.etag, err = p.store.get(ctx, manifestName, ""); err == nil && !bytes.Equal(now, data) || errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s: %w", &p.store, ErrOther)
		}
	}
	if err != nil {
		return err
	}
	p.etag, p.saved = o.etag, data
	return nil
}

// replaceList stores data as the manifest, in the place of the one with that tag.
func (p *Publisher) replaceList(ctx context.Context, data []byte, etag string) (object, error) {
	return p.store.put(ctx, manifestName, data, fields{kind: "application/json", cache: "no-store"}, object{etag: etag})
}

// probe has the store refuse the manifest that it has just taken, once.
func (p *Publisher) probe(ctx context.Context) error {
	if p.probed || p.store.plain.Load() {
		return nil
	}
	o, err := p.replaceList(ctx, p.saved, "")
	switch {
	case errors.Is(err, errRace):
		p.probed = true
		return nil
	case err != nil:
		return err
	}
	p.store.plain.Store(true)
	p.etag = o.etag
	return nil
}

// published is a folder in which there is nothing but a manifest.
type published []byte

// Open implements [fs.FS].
func (p published) Open(name string) (fs.File, error) {
	if name != manifestName {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return manifestFile{bytes.NewReader(p)}, nil
}

type manifestFile struct{ *bytes.Reader }

func (f manifestFile) Close() error               { return nil }
func (f manifestFile) Stat() (fs.FileInfo, error) { return nil, errors.ErrUnsupported }
