package lint

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/zone"
)

// lawsOf2026 are zones whose rules changed so lately that the database of a machine may not know.
const lawsOf2026 = "America/Vancouver America/Edmonton America/Yellowknife Canada/Mountain America/Winnipeg America/Rainy_River Canada/Central " +
	"America/Inuvik America/Havana Cuba Africa/Casablanca Africa/El_Aaiun Europe/Chisinau Europe/Tiraspol Canada/Pacific"

// stepsPerYear is what it takes to compare one year of a zone, besides what its parts take.
const stepsPerYear = 32

// compare compares a VTIMEZONE with the zone database, over the years in which times use it.
func (l *linter) compare(b *zoneBlock, loc *time.Location, u *zoneUses) {
	if len(u.times) == 0 {
		return
	}
	first, last := b.years(u)
	if !slices.ContainsFunc(b.parts, func(part *zonePart) bool { return part.rule != nil }) {
		b.limit = u.limit()
	}
	var at time.Time
	for year := first; year <= last && at.IsZero() && l.steps > 0; year++ {
		l.steps -= stepsPerYear
		at = b.differsIn(l, loc, year)
	}
	l.startsLate(b, u)
	if at.IsZero() {
		if !b.loose {
			l.onsets(b, loc, first, last)
		}
		return
	}
	rule, of := "zone-differs", ""
	for _, t := range u.times {
		if wall, ok := l.firstWrong(b, loc, t, last); ok {
			at = wall
			if !b.excused(l, loc, t.wall, at) {
				rule = "zone-wrong"
			}
			of = ", and the " + t.n.name + " of line " + strconv.Itoa(t.line.Number) + " with it"
			break
		}
	}
	part := b.partAt(l, at)
	got := part.to
	p := part.n.prop("TZOFFSETTO")
	if part.rule != nil && slices.Contains(offsetsAround(loc, at), got) {
		p = part.n.prop("RRULE")
	}
	want := validOffsets(loc, at)
	l.reportValue(rule, part.n, p, "%s has the offset %s at %s by this VTIMEZONE%s; the zone database says %s",
		loc, offsetText(got), at.Format("2006-01-02 15:04"), of, offsetText(want[0]))
}

// limit returns a local time after which nothing is told; zero if there is none, or if it is not said.
func (u *zoneUses) limit() time.Time {
	var limit time.Time
	for _, t := range u.times {
		wall := t.wall
		if rule := t.n.prop("RRULE"); rule != nil && t.line.Name == "DTSTART" {
			until, reason := readMoment(rulePart(rule.Value, "UNTIL"))
			if reason != "" {
				return time.Time{}
			}
			wall = until.wall.Add(24 * time.Hour) // whatever its kind
		}
		if wall.After(limit) {
			limit = wall
		}
	}
	return limit
}

// rulePart returns the value of a part of a recurrence rule, "" if it has none.
func rulePart(rule, name string) string {
	for part := range strings.SplitSeq(rule, ";") {
		if n, value, _ := strings.Cut(part, "="); strings.EqualFold(n, name) {
			return value
		}
	}
	return ""
}

// excused reports whether a VTIMEZONE that is wrong at a time was right once: in the year in which its series began,
// or of late, or else by a law that this machine may not know yet.
func (b *zoneBlock) excused(l *linter, loc *time.Location, began, at time.Time) bool {
	return isOneOf(lawsOf2026, loc.String()) || b.differsIn(l, loc, began.Year()).IsZero() || at.Year() < 2020 && b.agrees(l, loc, 2030, 2036)
}

// onsets compares the instants at which the parts of a VTIMEZONE begin with the zone database. They can be wrong though
// all local times are right: within the hour that clocks skip.
func (l *linter) onsets(b *zoneBlock, loc *time.Location, first, last int) {
	for year := first; year <= last && l.steps > 0; year++ {
		l.steps -= stepsPerYear + len(b.parts)
		changes := changesIn(loc, year)
		for _, part := range b.parts {
			for _, onset := range part.in(l, year) {
				at := onset.Add(-time.Duration(part.from) * time.Second)
				if part.from != part.to && !slices.ContainsFunc(changes, func(t time.Time) bool { return t.Equal(at) }) {
					l.reportValue("zone-differs", part.n, part.n.prop("DTSTART"), "the %s of %s begins at %s UTC by this VTIMEZONE, at which nothing changes by the zone database",
						part.n.name, loc, at.Format("2006-01-02 15:04"))
					return
				}
			}
		}
	}
}

// startsLate reports a time before the first change that a VTIMEZONE tells.
func (l *linter) startsLate(b *zoneBlock, u *zoneUses) {
	first := b.parts[0].start
	for _, part := range b.parts {
		for _, t := range append(part.dates, part.start) {
			if t.Before(first) {
				first = t
			}
		}
	}
	for _, t := range u.times {
		if t.wall.Before(first) {
			l.reportNode("zone-starts-late", b.n, "DTSTART", "the VTIMEZONE begins after %s of line %d, %s", t.line.Name, t.line.Number, t.moment)
			return
		}
	}
}

// years returns the years in which times use a VTIMEZONE. A series without end goes on for ten.
func (b *zoneBlock) years(u *zoneUses) (first, last int) {
	const ahead, most = 10, 60
	first, last = 9999, 0
	for _, t := range u.times {
		year := t.wall.Year()
		first, last = min(first, year), max(last, year)
		if t.line.Name == "DTSTART" && t.n.prop("RRULE") != nil {
			last = max(last, year+ahead)
		}
	}
	return max(first, last-most), last
}

// differsIn returns a local time in a year at which a VTIMEZONE and the zone database differ; zero if there is none.
func (b *zoneBlock) differsIn(l *linter, loc *time.Location, year int) time.Time {
	const margin = time.Hour
	var samples []time.Time
	for month := time.January; month <= time.December; month++ {
		samples = append(samples, time.Date(year, month, 15, 12, 0, 0, 0, time.UTC))
	}
	for _, t := range changesIn(loc, year) {
		_, before := t.Add(-time.Second).Zone()
		_, after := t.Zone()
		at := t.UTC()
		samples = append(samples, at.Add(time.Duration(min(before, after))*time.Second-margin), at.Add(time.Duration(max(before, after))*time.Second+margin))
	}
	for _, part := range b.parts {
		for _, onset := range part.in(l, year) {
			samples = append(samples, onset.Add(-2*time.Hour), onset.Add(2*time.Hour))
		}
	}
	slices.SortFunc(samples, time.Time.Compare)
	for _, wall := range samples {
		if b.wrongAt(l, loc, wall) {
			return wall
		}
	}
	return time.Time{}
}

// agrees reports whether a VTIMEZONE tells what the zone database tells, in all of some years.
func (b *zoneBlock) agrees(l *linter, loc *time.Location, first, last int) bool {
	for year := first; year <= last; year++ {
		if !b.differsIn(l, loc, year).IsZero() {
			return false
		}
	}
	return true
}

// wrongAt reports whether a local time means another instant by a VTIMEZONE than by the zone database. Times that do
// not exist, or before the first change that the VTIMEZONE tells, are never wrong, nor are those that there are no steps
// left for.
func (b *zoneBlock) wrongAt(l *linter, loc *time.Location, wall time.Time) bool {
	if l.steps -= len(b.parts); l.steps < 0 {
		return false
	}
	part := b.partAt(l, wall)
	if l.steps <= 0 || part == nil || !b.limit.IsZero() && wall.After(b.limit) {
		return false
	}
	want := validOffsets(loc, wall)
	return len(want) > 0 && !slices.Contains(want, part.to)
}

// firstWrong returns the first occurrence of a time, up to the end of a year, that a VTIMEZONE has wrong.
func (l *linter) firstWrong(b *zoneBlock, loc *time.Location, t zonedTime, last int) (time.Time, bool) {
	if b.wrongAt(l, loc, t.wall) {
		return t.wall, true
	}
	p := t.n.prop("RRULE")
	if p == nil || t.line.Name != "DTSTART" {
		return time.Time{}, false
	}
	if l.steps -= len(p.Value) / valuesPerStep; l.steps < 0 {
		return time.Time{}, false
	}
	l.quiet = true // what is wrong with the rule is reported elsewhere
	r := l.recurrence(t.n, p)
	l.quiet = false
	if !r.isPlain() {
		return time.Time{}, false
	}
	pt := newPattern(&r, t.wall)
	until := l.lastDay(&r, t.moment)
	for day, count := pt.start, 0; day.Year() <= last && (until.IsZero() || !day.After(until)) && (r.count == 0 || count < r.count); day = day.Add(24 * time.Hour) {
		if l.steps -= pt.steps; l.steps < 0 {
			break
		}
		if !pt.on(day) {
			continue
		}
		count++
		if wall := day.Add(t.wall.Sub(midnight(t.wall))); b.wrongAt(l, loc, wall) {
			return wall, true
		}
	}
	return time.Time{}, false
}

// partAt returns the part of a VTIMEZONE that holds at a local time: the one that began last; nil if none had begun.
func (b *zoneBlock) partAt(l *linter, wall time.Time) *zonePart {
	var best *zonePart
	var began time.Time
	for _, part := range b.parts {
		if onset, ok := part.last(l, wall); ok && (best == nil || onset.After(began)) {
			best, began = part, onset
		}
	}
	return best
}

// last returns the last time at which a part begins, not later than a local time.
func (part *zonePart) last(l *linter, wall time.Time) (onset time.Time, ok bool) {
	consider := func(t time.Time) {
		if !t.After(wall) && (!ok || t.After(onset)) {
			onset, ok = t, true
		}
	}
	consider(part.start)
	i, exact := slices.BinarySearchFunc(part.dates, wall, time.Time.Compare)
	if exact {
		consider(wall)
	} else if i > 0 {
		consider(part.dates[i-1])
	}
	if part.rule == nil {
		return onset, ok
	}
	year := wall.Year()
	if !part.until.IsZero() {
		year = min(year, part.until.Year())
	}
	for _, y := range [...]int{year, year - 1} {
		for _, t := range part.in(l, y) {
			consider(t)
		}
	}
	return onset, ok
}

// in returns the times in a year at which a part begins by its rule; none where no steps are left to find them.
func (part *zonePart) in(l *linter, year int) []time.Time {
	if part.rule == nil || year < part.start.Year() {
		return nil
	}
	if onsets, known := part.onsets[year]; known {
		return onsets
	}
	if l.steps <= 0 {
		return nil
	}
	pt := newPattern(part.rule, part.start)
	var onsets []time.Time
	for day := time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC); day.Year() == year; day = day.Add(24 * time.Hour) {
		if months := part.rule.by["BYMONTH"]; len(months) > 0 && !slices.Contains(months, int(day.Month())) {
			day = time.Date(year, day.Month()+1, 0, 0, 0, 0, 0, time.UTC) // the last of a month in which nothing begins
			continue
		}
		l.steps -= pt.steps
		t := day.Add(part.start.Sub(pt.start))
		if pt.on(day) && !t.Before(part.start) && (part.until.IsZero() || !t.After(part.until)) {
			onsets = append(onsets, t)
		}
	}
	part.onsets[year] = onsets
	return onsets
}

// validOffsets returns the offsets at which clocks of a location may show a local time: none if it does not exist, two
// if it comes twice.
func validOffsets(loc *time.Location, wall time.Time) []int {
	var valid []int
	for _, offset := range offsetsAround(loc, wall) {
		if _, o := wall.Add(-time.Duration(offset) * time.Second).In(loc).Zone(); o == offset && !slices.Contains(valid, o) {
			valid = append(valid, o)
		}
	}
	return valid
}

// offsetsAround returns the offsets of a location about a year before and after a local time, and close to it.
func offsetsAround(loc *time.Location, wall time.Time) []int {
	var all []int
	for _, d := range [...]time.Duration{0, -26 * time.Hour, 26 * time.Hour, -90 * 24 * time.Hour, 90 * 24 * time.Hour, -180 * 24 * time.Hour, 180 * 24 * time.Hour} {
		_, o := wall.Add(d).In(loc).Zone()
		all = append(all, o)
	}
	return all
}

// changesIn returns the instants of a year of UTC at which the offset of loc changes.
func changesIn(loc *time.Location, year int) []time.Time {
	var list []time.Time
	t := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Second).In(loc)
	for {
		if t = zone.Next(t); t.IsZero() || t.UTC().Year() > year {
			return list
		}
		list = append(list, t)
	}
}

// offsetText returns an offset in seconds as people read it in a VTIMEZONE: +0100.
func offsetText(seconds int) string {
	return time.Unix(0, 0).In(time.FixedZone("", seconds)).Format("-0700")
}
