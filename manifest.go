package crieur

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"time"
)

// manifestName is the file in an output folder that lists what crieur wrote
// there. A folder that holds one is never taken for content.
const manifestName = ".crieur.json"

// A manifest lists the tags of what crieur wrote, by name. A name has two
// while one takes the place of the other.
type manifest map[string][]string

// A manifestFile is the form of that file. A folder of whole generations has
// one, of another kind, that lists nothing, beside those of its releases.
type manifestFile struct {
	Crieur   string    `json:"crieur"` // manifestKind or releasesKind
	Version  int       `json:"version"`
	Modified time.Time `json:"modified,omitzero"` // the latest of the files
	Drafts   bool      `json:"drafts,omitempty"`  // are among the records, and history may know nothing of them
	Previous string    `json:"previous,omitempty"`
	Files    manifest  `json:"files,omitempty"`
}

const (
	manifestKind    = "manifest"
	releasesKind    = "releases"
	manifestVersion = 1
)

// errManifest says that a manifest cannot be believed.
var errManifest = errors.New("this list of published files is damaged; nothing is published, because crieur no longer knows which files are its own. Remove it, and the files crieur wrote, to begin again")

// readManifest reads the manifest called name; its error wraps fs.ErrNotExist
// where there is none.
func readManifest(fsys fs.FS, name string) (m manifestFile, err error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(data, &m); err != nil || m.Crieur != manifestKind && m.Crieur != releasesKind {
		return manifestFile{}, errManifest
	}
	if m.Version != manifestVersion {
		return manifestFile{}, fmt.Errorf("this list of published files is of version %d, and this crieur knows version %d; use a newer one", m.Version, manifestVersion)
	}
	return m, nil
}

// saveManifest replaces the manifest called name, unless it says the same.
func (d disk) saveManifest(name string, m manifestFile) error {
	m.Version = manifestVersion
	data, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return err
	}
	if old, err := d.root.ReadFile(name); err == nil && bytes.Equal(old, data) {
		return nil
	}
	return d.replace(name, data)
}

// ErrHistory says that a folder was not published with the history at hand.
var ErrHistory = errors.New("published with another history")

// Follows reports whether what the folder holds was published with h, or with
// what h was before. The error wraps [ErrHistory] if it was not: h is empty, an
// older copy, or that of another site, and to publish with it would give
// published records other identities, or revisions that readers have seen.
// Nothing is said of a folder with drafts, which are shown and not remembered.
func (p *Publisher) Follows(h *History) error {
	if err := h.Follows(os.DirFS(p.Dir)); err != nil {
		return fmt.Errorf("%s: %w", p.Dir, err)
	}
	return nil
}

// Follows reports whether what was published into a folder, or into something
// else that has the same .crieur.json, was published with h, as
// [Publisher.Follows] does. Of the folder nothing else is read.
func (h *History) Follows(published fs.FS) error {
	m, err := readManifest(published, manifestName)
	if err == nil && m.Crieur == releasesKind {
		m, err = readManifest(published, path.Join(currentName, manifestName))
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("%s: %w", manifestName, err)
	case m.Drafts:
		return nil
	case len(h.outputs) == 0:
		return fmt.Errorf("it was published before, and there is no history of it: %w", ErrHistory)
	}
	var last time.Time
	for _, v := range h.outputs {
		last = later(last, v.Modified)
	}
	if m.Modified.After(last) {
		return fmt.Errorf("it is of %s, and the history ends on %s: %w", m.Modified.Format(time.RFC3339), last.Format(time.RFC3339), ErrHistory)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		if _, ok := h.outputs[name]; !ok {
			return fmt.Errorf("it holds %s, which the history does not know: %w", name, ErrHistory)
		}
	}
	return nil
}
