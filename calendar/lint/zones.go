package lint

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/contentline"
)

// A calendarZones is the VTIMEZONE components of a calendar, and the TZIDs that its events use.
type calendarZones struct {
	blocks map[string]*zoneBlock
	order  []*zoneBlock
	uses   map[string]*zoneUses
	names  []string // of uses, in order
}

// zoneUses are the times that name one TZID.
type zoneUses struct {
	first *contentline.Line
	node  *component // of first
	times []zonedTime
	lines int
}

// A zonedTime is a local time, and the component that has it.
type zonedTime struct {
	moment
	n *component
}

// A zoneBlock is one VTIMEZONE (RFC 5545, section 3.6.5).
type zoneBlock struct {
	n     *component
	tzid  string
	parts []*zonePart
	whole bool      // each part could be read
	limit time.Time // the last local time that it is meant for, if it lists changes one by one; zero: none
	loose bool      // the offsets of the parts do not meet, which was reported
}

// A zonePart is one STANDARD or DAYLIGHT part.
type zonePart struct {
	n        *component
	start    time.Time // local time, in the offset before
	from, to int       // offsets in seconds east of UTC
	rule     *recurrence
	until    time.Time   // local; zero: no end
	dates    []time.Time // in order

	onsets map[int][]time.Time // by the rule, by year
}

// zones reads the VTIMEZONE components of a calendar.
func (l *linter) zones(c *component) *calendarZones {
	zones := &calendarZones{blocks: map[string]*zoneBlock{}, uses: map[string]*zoneUses{}}
	lines := 0
	for _, n := range c.parts {
		if n.name != "VTIMEZONE" {
			continue
		}
		b := l.zoneBlock(n)
		before := lines
		lines += b.lines()
		if before <= maxZoneLines && lines > maxZoneLines {
			l.reportNode("zones-long", n, "", "the VTIMEZONE components have more than %d lines by here", maxZoneLines)
		}
		if other := zones.blocks[b.tzid]; other != nil && b.tzid != "" {
			l.report("zone-twice", n, n.prop("TZID"), 0, "TZID is %s, as that of the VTIMEZONE of line %d", excerpt(b.tzid), other.n.begin.Number)
			continue
		}
		zones.blocks[b.tzid] = b
		zones.order = append(zones.order, b)
	}
	return zones
}

const (
	maxZoneLines  = 200 // of all zones, beyond which Google garbles the document
	maxBlockLines = 20
)

func (b *zoneBlock) lines() int {
	lines := 2 + len(b.n.props)
	for _, part := range b.n.parts {
		lines += 2 + len(part.props)
	}
	return lines
}

// zoneBlock reads one VTIMEZONE.
func (l *linter) zoneBlock(n *component) *zoneBlock {
	b := &zoneBlock{n: n, tzid: contentline.Unescape(n.value("TZID")), whole: true}
	kinds := map[string]int{}
	for _, part := range n.parts {
		if part.name != "STANDARD" && part.name != "DAYLIGHT" {
			continue
		}
		kinds[part.name]++
		p, ok := l.zonePart(part)
		b.whole = b.whole && ok
		b.parts = append(b.parts, p)
	}
	switch {
	case len(b.parts) == 0:
		l.reportNode("zone-empty", n, "", "the VTIMEZONE has neither STANDARD nor DAYLIGHT")
		b.whole = false
	case kinds["STANDARD"] == 0:
		l.reportNode("zone-without-standard", n, "", "the VTIMEZONE has no STANDARD, only DAYLIGHT")
	case kinds["STANDARD"] > 1 || kinds["DAYLIGHT"] > 1:
		l.reportNode("zone-several-parts", n, "", "the VTIMEZONE has %d STANDARD and %d DAYLIGHT, of which Outlook takes one each", kinds["STANDARD"], kinds["DAYLIGHT"])
	}
	for _, part := range b.parts {
		if p := part.n.prop("RDATE"); p != nil {
			l.report("zone-rdate", part.n, p, 0, "RDATE in a %s, which Outlook leaves out", part.n.name)
			break
		}
	}
	if lines := b.lines(); lines > maxBlockLines {
		l.reportNode("zone-long", n, "", "the VTIMEZONE has %d lines, want at most %d", lines, maxBlockLines)
	}
	for _, p := range n.props {
		if isExtension(p.Name) {
			l.report("zone-extension", n, p, 0, "%s inside a VTIMEZONE, which some readers refuse", excerpt(p.Name))
			break
		}
	}
	if b.whole && kinds["STANDARD"] == 1 && kinds["DAYLIGHT"] == 1 {
		l.offsetsInStep(b)
		l.swapped(b)
	}
	return b
}

// offsetsInStep looks at whether each of two parts begins with the offset with which the other ends.
func (l *linter) offsetsInStep(b *zoneBlock) {
	for i, part := range b.parts {
		other := b.parts[1-i]
		if part.from != other.to {
			b.loose = true
			p := part.n.prop("TZOFFSETFROM")
			l.reportValue("zone-offsets-differ", part.n, p, "TZOFFSETFROM is %s, but TZOFFSETTO of the %s is %s", p.Value, other.n.name, other.n.value("TZOFFSETTO"))
			return
		}
	}
}

// winterTime are zones in which daylight saving time is the lesser offset by law, or was.
const winterTime = "Europe/Dublin Eire Africa/Casablanca Africa/El_Aaiun Africa/Windhoek"

// swapped looks at whether STANDARD has the larger of two offsets.
func (l *linter) swapped(b *zoneBlock) {
	standard, daylight := b.parts[0], b.parts[1]
	if standard.n.name == "DAYLIGHT" {
		standard, daylight = daylight, standard
	}
	if !b.loose && standard.to > daylight.to && !isOneOf(winterTime, cmp.Or(afterSlash(b.tzid), b.tzid)) {
		l.reportValue("zone-swapped", standard.n, standard.n.prop("TZOFFSETTO"), "TZOFFSETTO of the STANDARD is %s, and of the DAYLIGHT %s, want the larger one in the DAYLIGHT",
			standard.n.value("TZOFFSETTO"), daylight.n.value("TZOFFSETTO"))
	}
}

// zonePart reads a STANDARD or DAYLIGHT part, and reports whether it can be followed.
func (l *linter) zonePart(n *component) (*zonePart, bool) {
	part := &zonePart{n: n, onsets: map[int][]time.Time{}}
	ok := true
	for _, offset := range [...]struct {
		name string
		at   *int
	}{{"TZOFFSETFROM", &part.from}, {"TZOFFSETTO", &part.to}} {
		seconds, reason := readOffset(n.value(offset.name))
		*offset.at = seconds
		ok = ok && reason == ""
	}
	start := momentOf(n.prop("DTSTART"))
	part.start = start.wall
	switch start.kind {
	case 0:
		ok = false
	case floating:
	default:
		l.reportValue("zone-dtstart-not-local", n, start.line, "DTSTART of a %s is %s, want a local time without TZID and Z", n.name, start.kind)
		ok = false
	}
	for _, m := range n.moments("RDATE") {
		part.dates = append(part.dates, m.wall)
	}
	slices.SortFunc(part.dates, time.Time.Compare)
	p := n.prop("RRULE")
	if p == nil {
		return part, ok
	}
	r := l.recurrence(n, p)
	part.rule = &r
	l.zoneUntil(part, p)
	if r.broken || !ok {
		return part, false
	}
	if !part.isSimple() {
		l.reportValue("zone-rule", n, p, "RRULE of a %s is %s, want FREQ=YEARLY with BYMONTH and one BYDAY", n.name, excerpt(p.Value))
	}
	if r.isPlain() && start.wall.Year() >= 1900 && !r.startsRight(start.wall) {
		l.reportValue("zone-dtstart-not-in-rule", n, start.line, "DTSTART of the %s is %s, which its rule does not give: %s", n.name, start, excerpt(p.Value))
	}
	return part, r.freq == "YEARLY" && r.isPlain() && r.interval == 1 && r.count == 0
}

// zoneUntil looks at the end of the rule of a part, which is in UTC.
func (l *linter) zoneUntil(part *zonePart, p *contentline.Line) {
	switch u := part.rule.until; u.kind {
	case 0:
	case inUTC:
		part.until = u.wall.Add(time.Duration(part.from) * time.Second)
	default:
		l.reportValue("zone-until-not-utc", part.n, p, "UNTIL of a %s is %s, want UTC with Z", part.n.name, u.kind)
		part.until = u.wall
		if u.kind == aDay {
			part.until = u.wall.Add(24*time.Hour - time.Second)
		}
	}
}

// isSimple reports whether the rule of a part is of the form that Outlook takes.
func (part *zonePart) isSimple() bool {
	r := part.rule
	return r.freq == "YEARLY" && r.interval == 1 && !r.has["BYYEARDAY"] && !r.has["BYSETPOS"] &&
		len(r.byDay)+len(r.by["BYMONTHDAY"]) <= 1 && len(r.by["BYMONTH"]) <= 1
}

// use notes the TZIDs that a component names.
func (zones *calendarZones) use(l *linter, n *component) {
	for _, p := range n.props {
		tzid := p.Param("TZID")
		if tzid == "" || !canBeDate(p.Name) {
			continue
		}
		u := zones.uses[tzid]
		if u == nil {
			u = &zoneUses{first: p, node: n}
			zones.uses[tzid] = u
			zones.names = append(zones.names, tzid)
		}
		u.lines++
		for value := range strings.SplitSeq(p.Value, ",") {
			value, _, _ = strings.Cut(value, "/")
			if m := momentIn(p, tzid, value); m.kind == zoned {
				u.times = append(u.times, zonedTime{m, n})
			}
		}
	}
}

// usedZones looks at whether each TZID has its VTIMEZONE, and each VTIMEZONE its use, and compares them with the zone
// database.
func (l *linter) usedZones(c *component, zones *calendarZones) {
	for _, name := range zones.names {
		u := zones.uses[name]
		b := zones.blocks[name]
		if b == nil {
			l.withoutBlock(u, name)
			continue
		}
		loc := l.location(name)
		if loc == nil {
			l.ownName(b)
			loc = l.location(afterSlash(name))
		}
		if loc != nil && b.whole {
			l.compare(b, loc, u)
		}
	}
	events := false
	for _, n := range c.parts {
		events = events || n.name != "VTIMEZONE"
	}
	for _, b := range zones.order {
		if zones.uses[b.tzid] == nil && events && b.tzid != "" {
			l.reportNode("zone-unused", b.n, "TZID", "no time has the TZID %s", excerpt(b.tzid))
		}
	}
}

// withoutBlock reports a TZID that has no VTIMEZONE.
func (l *linter) withoutBlock(u *zoneUses, name string) {
	at := paramIndex(u.first, "TZID")
	more := ""
	if u.lines > 1 {
		more = ", in this line and others"
	}
	switch {
	case strings.HasPrefix(name, "/"):
		l.report("tzid-global", u.node, u.first, at, "TZID=%s has no VTIMEZONE, which few readers know without%s", excerpt(name), more)
	case l.location(name) != nil || !l.hasZones():
		l.report("tzid-without-vtimezone", u.node, u.first, at, "TZID=%s has no VTIMEZONE%s", excerpt(name), more)
	case isWindowsName(name):
		l.report("tzid-unknown", u.node, u.first, at, "TZID=%s is a name of Windows and has no VTIMEZONE%s, want a name such as Europe/Paris", excerpt(name), more)
	default:
		l.report("tzid-unknown", u.node, u.first, at, "TZID=%s is not in the zone database and has no VTIMEZONE%s, want a name such as Europe/Paris", excerpt(name), more)
	}
}

// ownName reports a VTIMEZONE whose name is not in the zone database.
func (l *linter) ownName(b *zoneBlock) {
	p := b.n.prop("TZID")
	switch {
	case !l.hasZones() || b.tzid == "":
	case isWindowsName(b.tzid):
		l.reportValue("zone-name-windows", b.n, p, "TZID is %s, a name of Windows, which some readers do not know", excerpt(b.tzid))
	default:
		l.reportValue("zone-name-own", b.n, p, "TZID is %s, which is not in the zone database: some readers look for it there alone", excerpt(b.tzid))
	}
}

func isWindowsName(name string) bool {
	return strings.HasSuffix(name, " Standard Time") || strings.HasSuffix(name, " Daylight Time") || strings.HasPrefix(name, "(UTC") || strings.HasPrefix(name, "(GMT")
}

// afterSlash returns the name of the zone database with which a TZID of libical or Mozilla ends, such as
// /freeassociation.sourceforge.net/Europe/Paris.
func afterSlash(tzid string) string {
	if !strings.HasPrefix(tzid, "/") {
		return ""
	}
	parts := strings.Split(tzid, "/")
	return strings.Join(parts[max(0, len(parts)-2):], "/")
}

// hasZones reports whether there is a zone database at all.
func (l *linter) hasZones() bool { return l.location("Europe/London") != nil }

// location returns the location of a name of the zone database; nil if it has none.
func (l *linter) location(name string) *time.Location {
	loc, known := l.locations[name]
	if known {
		return loc
	}
	if isPlaceName(name) {
		loc, _ = time.LoadLocation(name)
	}
	l.locations[name] = loc
	return loc
}

// isPlaceName reports whether s can be a name of the zone database, and is not that of the machine's own zone.
func isPlaceName(s string) bool {
	if len(s) < 3 || len(s) > 40 || s == "Local" || strings.Contains(s, "..") || s[0] == '/' {
		return false
	}
	for i := range len(s) {
		if !isAlphanumeric(rune(s[i])) && strings.IndexByte("_+-/", s[i]) < 0 {
			return false
		}
	}
	return true
}
