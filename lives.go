package crieur

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/crieur/crieur/internal/content"
)

// A Life is what a [History] knows of one record.
type Life struct {
	ID       string // UID of calendars; ids of feeds are made from it
	Declared string // the record's own uid; empty: ID was given to it
	Kind     string // "event", "article", or "session" of an event's programme
	Path     string // the file it stood in when it was last seen
	Line     int    // where it begins there, from 1
	Name     string // of its own files: event/NAME.ics; empty: it has none
	Title    string // empty when it is gone
	Private  bool   // it is for secret channels alone

	Revision  int       // SEQUENCE of calendars, from 0
	Published time.Time // when it was announced
	Updated   time.Time // when subscribers last saw a change
	Withdrawn time.Time // zero: it is published
	Gone      bool      // withdrawn, and not shown as cancelled any more
}

// Lives returns what h knows of every record, by path and line.
func (h *History) Lives() []Life {
	list := make([]Life, 0, h.entries.len())
	for _, e := range h.entries.all() {
		p := Life{
			ID: e.ID, Declared: e.Declared, Private: e.Private, Kind: e.Kind.String(), Path: e.Path, Line: e.Line, Name: e.Slug, Revision: e.Sequence,
			Published: e.Published, Updated: e.Updated, Withdrawn: e.Withdrawn, Gone: e.Record == nil,
		}
		if e.Parent != "" {
			p.Kind = "session"
		}
		if e.Record != nil {
			p.Title = e.Record.Title
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Life) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// An exported history is all its lines in one JSON value, the kinds of them apart.
type exported struct {
	Format   string         `json:"format"`
	Version  int            `json:"version"`
	Site     identity       `json:"site"`
	Made     string         `json:"made,omitempty"`
	Entries  []*savedEntry  `json:"entries"`
	Labels   []*savedLabel  `json:"labels"`
	Outputs  []*savedOutput `json:"outputs"`
	Archives []*savedEnd    `json:"archives"`
}

// MarshalJSON returns all that h knows as one JSON object, the same for the same History. It is for backups, for moving to another
// machine, and for carrying a history through a pipeline; the format is that of the lines of a [Store].
func (h *History) MarshalJSON() ([]byte, error) {
	x := exported{
		Format: historyFormat, Version: historyVersion, Site: h.site, Made: h.made,
		Entries: []*savedEntry{}, Labels: []*savedLabel{}, Outputs: []*savedOutput{}, Archives: []*savedEnd{},
	}
	for l := range h.lines(new(History)) {
		switch {
		case l.Entry != nil:
			x.Entries = append(x.Entries, l.Entry)
		case l.Label != nil:
			x.Labels = append(x.Labels, l.Label)
		case l.Output != nil:
			x.Outputs = append(x.Outputs, l.Output)
		case l.Archive != nil:
			x.Archives = append(x.Archives, l.Archive)
		}
	}
	return json.Marshal(x)
}

// UnmarshalJSON makes h what MarshalJSON was called for. The error wraps [ErrDamaged] if data is no history, or not all of one.
func (h *History) UnmarshalJSON(data []byte) error {
	var x exported
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&x); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	switch {
	case x.Format != historyFormat:
		return fmt.Errorf("%w: format is %q, want %q", ErrDamaged, x.Format, historyFormat)
	case x.Version != historyVersion:
		return errVersion(x.Version)
	}
	next := new(History).clone()
	next.site, next.made = x.Site, x.Made
	for _, e := range x.Entries {
		switch {
		case e == nil || e.ID == "" || next.entries.get(e.ID) != nil:
			return fmt.Errorf("%w: an entry has no id, or that of another", ErrDamaged)
		case e.Kind != content.Event.String() && e.Kind != content.Article.String():
			return fmt.Errorf("%w: the kind of the entry %q is %q, want %s or %s", ErrDamaged, e.ID, e.Kind, content.Event, content.Article)
		}
		next.apply(line{Entry: e})
	}
	if slices.Contains(x.Labels, nil) || slices.Contains(x.Outputs, nil) || slices.Contains(x.Archives, nil) {
		return fmt.Errorf("%w: a label, an output or an archive is null", ErrDamaged)
	}
	for _, l := range x.Labels {
		next.apply(line{Label: l})
	}
	for _, o := range x.Outputs {
		next.apply(line{Output: o})
	}
	for _, a := range x.Archives {
		next.apply(line{Archive: a})
	}
	*h = *next
	return nil
}

// ReadHistory returns what the [Store] in the folder dir last saved, also while another process has it open. The error
// wraps [os.ErrNotExist] if nothing was ever saved there, and [ErrDamaged] if it cannot be read whole.
func ReadHistory(dir string) (*History, error) {
	name := filepath.Join(dir, historyName)
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h, _, _, err := readHistory(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return h, nil
}

func errVersion(v int) error {
	return fmt.Errorf("a history of version %d, and this crieur knows version %d; use a newer crieur", v, historyVersion)
}
