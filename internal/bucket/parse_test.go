package bucket

import (
	"encoding/json"
	"io/fs"
	"testing"
)

// FuzzParse holds: what is believed of a list can be gone on from, and is the same
// when it is read again.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"crieur":"manifest","version":1,"modified":"2026-11-22T09:00:00Z","files":{"a.ics":["\"x\"","\"y\""]},"objects":{"a.ics":{"etag":"e","mark":"x/h"}},"pending":["a.ics"]}`,
		`{"crieur":"manifest","version":1,"files":null,"objects":null}`,
		`{"crieur":"manifest","version":2}`,
		`null`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parse(data)
		if err != nil {
			return
		}
		for name := range m.Files {
			if !fs.ValidPath(name) {
				t.Errorf("%q is no name", name)
			}
		}
		m.Files["a"], m.Objects["a"], m.pending["a"] = []string{"x"}, stored{}, true
		if m.certain("a") {
			t.Error("what is pending is certain")
		}
		again, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parse(again); err != nil {
			t.Errorf("%s: %v", again, err)
		}
	})
}
