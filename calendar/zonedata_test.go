package calendar

import (
	"errors"
	"fmt"
	"go/build"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Data that know the changes up to a release are of that release, and lack the zones of all later ones.
func TestZoneDataOfEachRelease(t *testing.T) {
	for i := range len(hallmarks) + 1 {
		var release string
		var later []string
		known := map[string]*time.Location{}
		for j, h := range hallmarks {
			for name := range strings.FieldsSeq(h.zones) {
				if j < i {
					known[name] = time.FixedZone(name, h.offset*3600)
				} else {
					later = append(later, name)
				}
			}
			if j < i && (i == len(hallmarks) || h.release != hallmarks[i].release) {
				release = h.release
			}
		}
		got, stale := zoneData(func(name string) (*time.Location, error) {
			if loc := known[name]; loc != nil {
				return loc, nil
			}
			return nil, fmt.Errorf("no zone %s", name)
		})
		if i < len(hallmarks) && i > 0 && hallmarks[i].release == hallmarks[i-1].release {
			continue // half of a release
		}
		if got != release || !slices.Equal(stale, later) {
			t.Errorf("%q, stale %q, want %q, %q", got, stale, release, later)
		}
	}
}

func TestZoneDataOfNone(t *testing.T) {
	release, stale := zoneData(func(string) (*time.Location, error) { return nil, errors.New("no zones") })
	if release != "" || len(stale) < len(hallmarks) {
		t.Errorf("%q, stale %q, want none, all", release, stale)
	}
}

// What Go's database says of itself is what is found.
func TestZoneDataOfGo(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(build.Default.GOROOT, "lib", "time", "update.bash"))
	if err != nil {
		t.Skip(err)
	}
	m := regexp.MustCompile(`(?m)^DATA=(\w+)$`).FindSubmatch(text)
	if m == nil {
		t.Skip("it does not say its release")
	}
	all := map[string]*time.Location{}
	for _, loc := range goZones(t) {
		all[loc.String()] = loc
	}
	got, stale := zoneData(func(name string) (*time.Location, error) {
		if loc := all[name]; loc != nil {
			return loc, nil
		}
		return nil, os.ErrNotExist
	})
	if want := min(string(m[1]), NewestZoneData); got != want || (len(stale) == 0) != (want == NewestZoneData) {
		t.Errorf("found %q, want %q; stale: %q", got, want, stale)
	}
}

func TestHallmarks(t *testing.T) {
	if !slices.IsSortedFunc(hallmarks[:], func(a, b hallmark) int { return strings.Compare(a.release, b.release) }) {
		t.Error("the hallmarks are not in the order of releases")
	}
	for _, h := range hallmarks {
		if _, err := time.Parse(time.RFC3339, h.at); err != nil {
			t.Error(err)
		}
	}
}
