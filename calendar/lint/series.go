package lint

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A seriesKey names the components that are one event: a master and its overrides.
type seriesKey struct{ component, uid string }

// series looks at the rules of a calendar, and at the components that share a UID (RFC 5545, section 3.8.4.4).
func (l *linter) series(c *component) {
	byUID := map[seriesKey][]*component{}
	var order []seriesKey
	folded := map[seriesKey]*component{} // by UID in lower case
	for _, n := range c.parts {
		switch n.name {
		case "VEVENT", "VTODO", "VJOURNAL":
			if uid := n.value("UID"); uid != "" {
				key := seriesKey{n.name, uid}
				if byUID[key] == nil {
					order = append(order, key)
					small := seriesKey{n.name, strings.ToLower(uid)}
					if other := folded[small]; other != nil {
						l.report("uid-case", n, n.prop("UID"), 0, "the UID differs from that of line %d by case alone", other.prop("UID").Number)
					} else {
						folded[small] = n
					}
				}
				byUID[key] = append(byUID[key], n)
				continue
			}
			l.master(n, nil)
		case "VAVAILABILITY":
			for _, part := range n.parts {
				l.master(part, nil)
			}
		}
	}
	for _, key := range order {
		l.group(byUID[key])
	}
}

// group looks at the components of one UID.
func (l *linter) group(nodes []*component) {
	var master *component
	var overrides []*component
	for _, n := range nodes {
		switch p := n.prop("RECURRENCE-ID"); {
		case p != nil:
			overrides = append(overrides, n)
		case master == nil:
			master = n
		default:
			l.report("uid-twice", n, n.prop("UID"), 0, "the UID is that of line %d, and neither has a RECURRENCE-ID: many readers keep only the last", master.prop("UID").Number)
			l.master(n, nil)
		}
	}
	l.overrides(master, overrides)
	if master == nil {
		if len(overrides) > 0 {
			p := overrides[0].prop("RECURRENCE-ID")
			l.report("override-without-master", overrides[0], p, 0, "RECURRENCE-ID, but the calendar has no series of this UID")
		}
		for _, o := range overrides {
			l.master(o, nil)
		}
		return
	}
	l.master(master, overrides)
}

// overrides looks at the overrides of a series, one by one; master may be nil.
func (l *linter) overrides(master *component, overrides []*component) {
	seen := map[string]*component{}
	for _, o := range overrides {
		p := o.prop("RECURRENCE-ID")
		if before := seen[p.Value+" "+p.Param("TZID")]; before != nil {
			l.reportValue("override-twice", o, p, "RECURRENCE-ID is %s, as that of line %d of the same UID", excerpt(p.Value), before.prop("RECURRENCE-ID").Number)
		}
		seen[p.Value+" "+p.Param("TZID")] = o
		if r := o.prop("RRULE"); r != nil {
			l.report("override-with-rule", o, r, 0, "RRULE besides RECURRENCE-ID: one date of a series is not a series")
		}
		if master == nil {
			continue
		}
		if o.begin.Number < master.begin.Number {
			l.report("override-before-master", o, p, 0, "the override comes before its series, in line %d", master.begin.Number)
		}
		l.newer(master, o)
	}
}

// newer looks at whether an override changed after its series, where some clients do not see it.
func (l *linter) newer(master, o *component) {
	stamp, of := momentOf(o.prop("DTSTAMP")), momentOf(master.prop("DTSTAMP"))
	if stamp.kind != inUTC || of.kind != inUTC {
		return
	}
	if stamp.wall.After(of.wall) {
		l.reportValue("override-newer", o, stamp.line, "DTSTAMP is %s, later than that of the series, %s", stamp, of)
		return
	}
	a, errA := strconv.Atoi(o.value("SEQUENCE"))
	b, errB := strconv.Atoi(master.value("SEQUENCE"))
	if errA == nil && (errB == nil || master.prop("SEQUENCE") == nil) && a > b {
		l.reportValue("override-sequence", o, o.prop("SEQUENCE"), "SEQUENCE is %d, and that of the series %d", a, b)
	}
}

// master looks at the rule and the dates of a series, and at whether they fit its overrides.
func (l *linter) master(n *component, overrides []*component) {
	start := momentOf(n.prop("DTSTART"))
	var rule *recurrence
	for _, p := range n.props {
		if p.Name != "RRULE" && p.Name != "EXRULE" {
			continue
		}
		r := l.recurrence(n, p)
		if start.kind == aDay && (isOneOf("SECONDLY MINUTELY HOURLY", r.freq) || r.has["BYHOUR"] || r.has["BYMINUTE"] || r.has["BYSECOND"]) {
			l.reportValue("rrule-combination", n, p, "%s has times of day, but DTSTART is a date", p.Name)
			r.broken = true
		}
		l.until(n, p, &r, start)
		if p.Name == "RRULE" {
			if rule != nil {
				rule.broken = true // the second of two: what they give together is not known
				continue
			}
			rule = &r
		}
	}
	exdates, rdates := n.moments("EXDATE"), n.moments("RDATE")
	if start.kind == 0 {
		return
	}
	if rule != nil && rule.isPlain() && n.name != "AVAILABLE" { // as an example of RFC 7953 has it
		l.firstOccurrence(n, rule, start, exdates)
	}
	for _, m := range rdates {
		switch {
		case !l.kindOf("rdate-kind", n, m, start) || m.kind != start.kind || m.tzid != start.tzid:
		case m.wall.Before(start.wall):
			l.reportValue("rdate-before-dtstart", n, m.line, "RDATE is %s, before DTSTART, %s", m, start)
		case m.wall.Equal(start.wall):
			l.reportValue("rdate-is-dtstart", n, m.line, "RDATE is %s, as DTSTART is", m)
		}
	}
	if len(exdates) > 0 && rule == nil && n.prop("RDATE") == nil {
		l.report("exdate-without-rule", n, exdates[0].line, 0, "EXDATE without RRULE and RDATE, so it takes nothing away")
		exdates = nil
	}
	var wanted []wantedDay
	for _, m := range exdates {
		if l.kindOf("exdate-kind", n, m, start) {
			wanted = append(wanted, wantedDay{m, n})
		}
	}
	for _, o := range overrides {
		if m := momentOf(o.prop("RECURRENCE-ID")); m.kind != 0 && l.kindOf("recurrence-id-kind", o, m, start) {
			wanted = append(wanted, wantedDay{m, o})
		}
	}
	if len(wanted) == 0 {
		return
	}
	if rule == nil && n.prop("RDATE") == nil {
		l.reportValue("override-of-single", wanted[0].n, wanted[0].m.line, "RECURRENCE-ID, but the VEVENT of line %d has neither RRULE nor RDATE", n.begin.Number)
		return
	}
	l.occurrences(n, rule, start, rdates, wanted)
}

// firstOccurrence looks at whether the rule gives anything, and DTSTART first.
func (l *linter) firstOccurrence(n *component, r *recurrence, start moment, exdates []moment) {
	if r.startsRight(start.wall) {
		return
	}
	p := n.prop("RRULE")
	if l.nothing(r, start) {
		l.reportValue("rrule-gives-nothing", n, p, "RRULE gives no date at all")
		return
	}
	for _, m := range exdates {
		if m.wall.Equal(start.wall) {
			return // as an example of RFC 5545 has it: DTSTART is only where the rule starts to count
		}
	}
	l.reportValue("dtstart-not-in-rule", n, start.line, "DTSTART is %s, a %s, which the rule of line %d does not give: %s", start, start.wall.Weekday(), p.Number, excerpt(p.Value))
}

// kindOf reports a time that is not of the kind that the series is of. It returns whether it is.
func (l *linter) kindOf(rule string, n *component, m, start moment) bool {
	if (m.kind == aDay) == (start.kind == aDay) && (m.kind == floating) == (start.kind == floating) {
		return true
	}
	l.reportValue(rule, n, m.line, "%s is %s, but DTSTART of the series is %s", m.line.Name, m.kind, start.kind)
	return false
}

// A wantedDay is a time that should be one of a series, and the component that says so.
type wantedDay struct {
	m moment
	n *component
}

// occurrences looks at whether times that refer to an occurrence refer to one.
func (l *linter) occurrences(n *component, rule *recurrence, start moment, rdates []moment, wanted []wantedDay) {
	if rule != nil && !rule.isPlain() || hasPeriods(n) {
		return
	}
	extra := map[time.Time]bool{start.wall: true}
	for _, m := range rdates {
		if wall, ok := l.wallOf(m, start); ok {
			extra[wall] = true
		}
	}
	l.excluded(wanted)
	var pt pattern
	if rule != nil {
		pt = newPattern(rule, start.wall)
	}
	slices.SortStableFunc(wanted, func(a, b wantedDay) int { return a.m.wall.Compare(b.m.wall) })
	last := time.Time{}
	if rule != nil {
		last = l.lastDay(rule, start)
	}
	left := 0 // occurrences that the rule has besides those taken away
	if rule != nil && len(extra) == 1 && !rule.has["BYHOUR"] && !rule.has["BYMINUTE"] && !rule.has["BYSECOND"] && rule.startsRight(start.wall) {
		left = rule.count
	}
	taken := map[time.Time]bool{}
	for _, w := range wanted {
		wall, ok := l.wallOf(w.m, start)
		if ok && (w.m.kind != start.kind || w.m.tzid != start.tzid) {
			l.reportValue("occurrence-in-other-zone", w.n, w.m.line, "%s is %s, but DTSTART of the series is %s", w.m.line.Name, w.m, start)
		}
		if !ok {
			continue
		}
		if extra[wall] || rule != nil && pt.at(wall) && l.hits(&pt, wall, last) {
			if w.m.line.Name != "EXDATE" || taken[wall] || l.steps < 0 {
				continue
			}
			taken[wall] = true
			if left--; left == 0 {
				l.reportValue("rrule-all-excluded", n, n.prop("RRULE"), "RRULE gives %d dates, and EXDATE takes each of them away", rule.count)
			}
			continue
		}
		name := "exdate-not-in-rule"
		if w.m.line.Name == "RECURRENCE-ID" {
			name = "recurrence-id-not-in-rule"
		}
		l.reportValue(name, w.n, w.m.line, "%s is %s, but the series of line %d has no such occurrence", w.m.line.Name, w.m, n.begin.Number)
	}
}

// excluded looks for an occurrence that is taken away and changed too.
func (l *linter) excluded(wanted []wantedDay) {
	type name struct {
		wall time.Time
		tzid string
	}
	taken := map[name]int{}
	for _, w := range wanted {
		if w.m.line.Name == "EXDATE" {
			at := name{w.m.wall, w.m.tzid}
			if before := taken[at]; before > 0 {
				l.reportValue("exdate-twice", w.n, w.m.line, "EXDATE is %s, as in line %d", w.m, before)
			}
			taken[at] = w.m.line.Number
		}
	}
	for _, w := range wanted {
		if line := taken[name{w.m.wall, w.m.tzid}]; line > 0 && w.m.line.Name == "RECURRENCE-ID" {
			l.reportValue("override-excluded", w.n, w.m.line, "RECURRENCE-ID is %s, which the EXDATE of line %d takes away", w.m, line)
		}
	}
}

// wallOf returns what clocks show at m in the zone in which start is told.
func (l *linter) wallOf(m, start moment) (time.Time, bool) {
	if m.kind == start.kind && m.tzid == start.tzid {
		return m.wall, true
	}
	t, ok := l.instant(m)
	if !ok {
		return t, false
	}
	switch start.kind {
	case inUTC:
		return t.UTC(), true
	case zoned:
		loc := l.location(start.tzid)
		if loc == nil {
			return t, false
		}
		t = t.In(loc)
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC), true
	}
	return t, false
}

// lastDay returns the last day that a rule may give; zero if it has no end.
func (l *linter) lastDay(r *recurrence, start moment) time.Time {
	u := r.until
	if u.kind == inUTC && start.kind == zoned {
		if wall, ok := l.wallOf(u, start); ok {
			return wall
		}
		return u.wall.Add(24 * time.Hour)
	}
	return u.wall
}

func hasPeriods(n *component) bool {
	for _, p := range n.props {
		if p.Name == "RDATE" && p.Param("VALUE") != "" && !isOneOf("DATE DATE-TIME", p.Param("VALUE")) {
			return true
		}
	}
	return false
}
