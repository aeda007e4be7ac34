package calendar

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/contentline"
)

// A zoneBlock is a VTIMEZONE of another program (RFC 5545, section 3.6.5).
type zoneBlock struct {
	*contentline.Component
	parts []zonePart // none: it cannot be understood
	like  map[[2]int]*time.Location
	work  int // done in match
}

// A zonePart is a STANDARD or DAYLIGHT. Its local times are in UTC.
type zonePart struct {
	from, to int         // offsets in seconds
	first    time.Time   // DTSTART
	onsets   []time.Time // first and those of RDATE, in order
	rule     *Rule       // of each year; nil: none
	byRule   map[int][]time.Time
}

// read makes the parts, unless they are made.
func (b *zoneBlock) read() {
	const most = 100
	if b.like != nil {
		return
	}
	b.like = map[[2]int]*time.Location{}
	for _, c := range b.Components {
		if c.Name != "STANDARD" && c.Name != "DAYLIGHT" {
			continue
		}
		p, ok := newZonePart(c)
		if !ok || len(b.parts) == most {
			b.parts = nil
			return
		}
		b.parts = append(b.parts, p)
	}
}

func newZonePart(c *contentline.Component) (p zonePart, ok bool) {
	from, to, start := find(c, "TZOFFSETFROM"), find(c, "TZOFFSETTO"), find(c, "DTSTART")
	if from == nil || to == nil || start == nil {
		return p, false
	}
	var fromOK, toOK bool
	p.from, fromOK = parseOffset(from.Value)
	p.to, toOK = parseOffset(to.Value)
	var err error
	if p.first, err = time.Parse(localLayout, start.Value); err != nil {
		p.first, err = time.Parse(dateLayout, start.Value)
	}
	if !fromOK || !toOK || err != nil {
		return p, false
	}
	p.onsets = append(p.onsets, p.first)
	for i := range c.Lines {
		switch l := &c.Lines[i]; l.Name {
		case "RDATE":
			for s := range strings.SplitSeq(l.Value, ",") {
				t, err := time.Parse(localLayout, s)
				if err != nil {
					return p, false
				}
				p.onsets = append(p.onsets, t)
			}
		case "RRULE":
			// UNTIL is an instant, so the rule is read in the offset before the change.
			at := p.first.Add(-time.Duration(p.from) * time.Second).In(time.FixedZone("", p.from))
			rule, err := ParseRule(l.Value, At(at))
			if err != nil || rule.err() != nil || rule.Freq != Yearly || rule.Interval > 1 || rule.Count > 0 || p.rule != nil {
				return p, false
			}
			p.rule = rule
		}
	}
	slices.SortFunc(p.onsets, time.Time.Compare)
	return p, true
}

// parseOffset reads a UTC-OFFSET: +hhmm or +hhmmss.
func parseOffset(s string) (seconds int, ok bool) {
	if len(s) != len("+hhmm") && len(s) != len("+hhmmss") || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[1:], 10, 32)
	if err != nil {
		return 0, false
	}
	if len(s) == len("+hhmm") {
		n *= 100
	}
	hours, minutes, sec := int(n/10000), int(n/100%100), int(n%100)
	seconds = hours*3600 + minutes*60 + sec
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, hours < 24 && minutes < 60 && sec < 60
}

// last returns the last onset of p that is not after a local time; zero: there is none.
func (p *zonePart) last(clock time.Time) time.Time {
	var last time.Time
	i, found := slices.BinarySearchFunc(p.onsets, clock, time.Time.Compare)
	if found {
		return clock
	}
	if i > 0 {
		last = p.onsets[i-1]
	}
	for year := clock.Year(); p.rule != nil && year >= clock.Year()-1; year-- {
		for _, t := range p.inYear(year) {
			if !t.After(clock) && t.After(last) {
				last = t
			}
		}
	}
	return last
}

// inYear returns the onsets by the rule in a year.
func (p *zonePart) inYear(year int) []time.Time {
	list, ok := p.byRule[year]
	if !ok {
		for d := range p.rule.days(DateOf(p.first), Date{year, time.January, 1}, Date{year, time.December, 31}) {
			list = append(list, d.midnight().Add(timeOfDay(p.first)))
		}
		if p.byRule == nil {
			p.byRule = map[int][]time.Time{}
		}
		p.byRule[year] = list
	}
	return list
}

// offset returns the offset in seconds at a local time: of one that clocks jump over the one before the jump (section
// 3.3.5), and before all onsets the one before the first.
func (b *zoneBlock) offset(clock time.Time) (int, error) {
	if len(b.parts) == 0 {
		return 0, errZoneRule
	}
	var last time.Time
	var part *zonePart
	for i := range b.parts {
		if t := b.parts[i].last(clock); part == nil || t.After(last) {
			last, part = t, &b.parts[i]
		}
	}
	if last.IsZero() {
		first := slices.MinFunc(b.parts, func(p, q zonePart) int { return p.onsets[0].Compare(q.onsets[0]) })
		return first.from, nil
	}
	if clock.Before(last.Add(time.Duration(part.to-part.from) * time.Second)) {
		return part.from, nil
	}
	return part.to, nil
}

// match returns a zone of the database that has the offsets of b for some years from the month of a local time on, or
// nil.
func (b *zoneBlock) match(clock time.Time, years int) *time.Location {
	const most = 2e6 // some tenths of a second, which no honest document needs
	key := [2]int{12*clock.Year() + int(clock.Month()), years}
	loc, ok := b.like[key]
	if !ok && len(b.parts) > 0 && b.work < most {
		for name := range strings.FieldsSeq(b.hint() + likelyZones) {
			if l := loadIANA(name); l != nil && b.isLike(l, clock, years) {
				loc = l
				break
			}
		}
		b.like[key] = loc
	}
	return loc
}

// hint returns the part of TZID that looks like a name of the zone database, as Area/Place in X-Area/Place.
func (b *zoneBlock) hint() string {
	for word := range strings.FieldsFuncSeq(text(find(b.Component, "TZID")), func(r rune) bool { return strings.ContainsRune(" -:=()", r) }) {
		if strings.Contains(word, "/") {
			return word
		}
	}
	return ""
}

// isLike compares the offsets of b and of loc once a week.
func (b *zoneBlock) isLike(loc *time.Location, clock time.Time, years int) bool {
	noon := time.Date(clock.Year(), clock.Month(), 1, 12, 0, 0, 0, time.UTC)
	for week := range years * 53 {
		b.work += len(b.parts)
		at := noon.AddDate(0, 0, 7*week)
		y, m, d := at.Date()
		_, theirs := time.Date(y, m, d, 12, 0, 0, 0, loc).Zone()
		if offset, err := b.offset(at); err != nil || offset != theirs {
			return false
		}
	}
	return true
}

// likelyZones are those that a VTIMEZONE of an unknown name is compared with: one for each rule that is in use.
const likelyZones = `
Europe/Paris Europe/London Europe/Athens Europe/Lisbon Europe/Chisinau Atlantic/Azores America/New_York America/Chicago
America/Denver America/Los_Angeles America/Anchorage America/Halifax America/St_Johns America/Adak America/Havana
America/Miquelon America/Nuuk America/Santiago America/Asuncion Africa/Cairo Africa/Casablanca Asia/Beirut Asia/Jerusalem
Asia/Gaza Australia/Sydney Australia/Adelaide Australia/Lord_Howe Pacific/Auckland Pacific/Chatham Pacific/Norfolk
Pacific/Easter Etc/UTC Africa/Lagos Africa/Johannesburg Africa/Nairobi Asia/Dubai Asia/Karachi Asia/Dhaka Asia/Bangkok
Asia/Singapore Asia/Tokyo Australia/Brisbane Pacific/Guadalcanal Pacific/Tarawa Pacific/Tongatapu Pacific/Kiritimati
Atlantic/Cape_Verde Atlantic/South_Georgia America/Cayenne America/La_Paz America/Bogota America/Regina America/Phoenix
Pacific/Pitcairn Pacific/Gambier Pacific/Honolulu Pacific/Pago_Pago Asia/Tehran Asia/Kabul Asia/Kolkata Asia/Kathmandu
Asia/Yangon Australia/Darwin Australia/Eucla Pacific/Marquesas`
