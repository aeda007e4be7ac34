package calendar

import (
	"strings"
	"time"
)

// NewestZoneData is the newest release of the zone database that this package knows of.
const NewestZoneData = "2026f"

// ZoneData returns the release of the zone database that [time.LoadLocation] gives in this process, such as "2025c",
// and the names of the zones whose changes since then, up to [NewestZoneData], it does not know. They are stale: events
// in them go out with a wrong hour, though every other check holds. A program that publishes calendars should say which
// release it uses, and warn if any zone is stale.
//
// The release is found by what the zones say, not by what a file says of itself, since LoadLocation does not tell where
// it found a zone ($ZONEINFO, the system, the Go installation, or the package [time/tzdata] that is compiled in), and
// takes each zone from the first place that has it. So it is the last release whose changes, and those of all before
// it since 2024, are all known. It is [NewestZoneData] for later ones too, and empty if the data are older than 2024a
// or if there are none; then every zone is stale.
//
// ZoneData reads some files. What it returns plays no part in what [Encode] writes.
func ZoneData() (release string, stale []string) { return zoneData(time.LoadLocation) }

// A hallmark is an offset that the zone database tells since a release.
type hallmark struct {
	release string
	zones   string // between spaces
	at      string // RFC 3339
	offset  int    // in hours
}

// hallmarks are in the order of releases. Those of one release tell what it changed in times to come; if that is nothing,
// something that it changed in the past.
var hallmarks = [...]hallmark{
	{"2024a", "Asia/Almaty Asia/Qostanay", "2024-03-15T00:00:00Z", 5},
	{"2024b", "Asia/Choibalsan", "2000-01-01T00:00:00Z", 8},
	{"2025a", "America/Asuncion", "2025-06-01T00:00:00Z", -3},
	{"2025b", "America/Coyhaique", "2025-06-01T00:00:00Z", -3},
	{"2025c", "America/Tijuana", "1965-07-01T00:00:00Z", -7},
	{"2026a", "Europe/Chisinau Europe/Tiraspol", "2026-03-29T00:30:00Z", 2},
	{"2026b", "America/Vancouver Canada/Pacific", "2026-12-01T00:00:00Z", -7},
	{"2026c", "America/Edmonton America/Yellowknife Canada/Mountain", "2026-12-01T00:00:00Z", -6},
	{"2026c", "Africa/Casablanca Africa/El_Aaiun", "2026-12-01T00:00:00Z", 0},
	{"2026d", "America/Inuvik", "2026-12-01T00:00:00Z", -6},
	{"2026e", "America/Winnipeg America/Rainy_River Canada/Central", "2026-12-01T00:00:00Z", -5},
	{NewestZoneData, "America/Havana Cuba", "2026-12-01T00:00:00Z", -4},
}

func zoneData(load func(name string) (*time.Location, error)) (release string, stale []string) {
	for _, h := range hallmarks {
		known := true
		for name := range strings.FieldsSeq(h.zones) {
			if !h.holds(name, load) {
				stale = append(stale, name)
				known = false
			}
		}
		if known && len(stale) == 0 {
			release = h.release
		}
	}
	return release, stale
}

func (h hallmark) holds(name string, load func(name string) (*time.Location, error)) bool {
	at, err := time.Parse(time.RFC3339, h.at)
	if err != nil {
		return false
	}
	loc, err := load(name)
	if err != nil {
		return false
	}
	_, offset := at.In(loc).Zone()
	return offset == h.offset*3600
}
