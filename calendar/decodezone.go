package calendar

import (
	"errors"
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/crieur/crieur/internal/contentline"
	zonedata "github.com/crieur/crieur/internal/zone"
)

// A zoneFinder finds the zones that a document names. The zero zoneFinder knows those of the zone database.
type zoneFinder struct {
	only   bool                      // those of byName, and no other
	byName map[string]*time.Location // those looked for; nil: not found
	blocks map[string]*zoneBlock     // the VTIMEZONEs by TZID
}

// read takes in the VTIMEZONEs of a calendar. The first of a name counts.
func (z *zoneFinder) read(root *contentline.Component) {
	z.blocks = map[string]*zoneBlock{}
	for _, c := range root.Components {
		if c.Name != "VTIMEZONE" {
			continue
		}
		tzid := strings.TrimSpace(text(find(c, "TZID")))
		if _, ok := z.blocks[tzid]; !ok && tzid != "" {
			z.blocks[tzid] = &zoneBlock{Component: c}
		}
	}
}

// local returns the time that clocks show in a zone; clock holds it in UTC. The zone of a series needs a name.
func (z *zoneFinder) local(tzid string, clock time.Time, series bool) (time.Time, error) {
	tzid = strings.TrimSpace(tzid)
	loc, err := z.named(tzid)
	if err == nil {
		return onDay(DateOf(clock), timeOfDay(clock), loc), nil
	}
	b := z.blocks[tzid]
	if b == nil || z.only {
		return time.Time{}, err
	}
	b.read()
	offset, err := b.offset(clock)
	if err != nil {
		return time.Time{}, fmt.Errorf("time zone %q: %w", tzid, err)
	}
	t := clock.Add(-time.Duration(offset) * time.Second)
	years := 1
	if series {
		years = 10
	}
	if loc := b.match(clock, years); loc != nil && onDay(DateOf(clock), timeOfDay(clock), loc).Equal(t) {
		return t.In(loc), nil
	}
	if series {
		return time.Time{}, fmt.Errorf("time zone %q is not in the zone database, nor is one like its VTIMEZONE", tzid)
	}
	return t.In(time.FixedZone("", offset)), nil
}

// named returns the zone of a name: one of the zone database, also behind the prefix of a vendor, or one of Windows.
func (z *zoneFinder) named(name string) (*time.Location, error) {
	loc, ok := z.byName[name]
	if !ok && !z.only {
		if loc = loadZone(name); loc == nil && z.blocks[name] != nil {
			loc = loadZone(strings.TrimSpace(text(find(z.blocks[name].Component, "X-LIC-LOCATION"))))
		}
		if z.byName == nil {
			z.byName = map[string]*time.Location{}
		}
		z.byName[name] = loc
	}
	if loc == nil {
		return nil, fmt.Errorf("unknown time zone %q", name)
	}
	return loc, nil
}

// loadZone returns the zone of a name, or nil.
func loadZone(name string) *time.Location {
	const longest = 100
	if len(name) > longest {
		return nil
	}
	if loc := ics.WindowsTimezoneToIANA(name); loc != nil && name != "UTC" {
		return loadIANA(loc.String())
	}
	rest, ok := strings.CutPrefix(name, "/") // /vendor/version/Area/Place
	for ok {
		if loc := loadIANA(rest); loc != nil {
			return loc
		}
		if _, rest, ok = strings.Cut(rest, "/"); !ok {
			return nil
		}
	}
	return loadIANA(name)
}

// loadIANA returns a zone of the zone database, or nil. It is always the same value, so that the rules of events of
// several documents are found once (see [zoneOf]).
func loadIANA(name string) *time.Location {
	if name != "UTC" && !isZoneName(name) {
		return nil
	}
	loc, err := zonedata.Load(name)
	if err != nil {
		return nil
	}
	return loc
}

// errZoneRule is the fault of a VTIMEZONE whose changes cannot be computed.
var errZoneRule = errors.New("its VTIMEZONE cannot be understood, want a rule of the form FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU")
