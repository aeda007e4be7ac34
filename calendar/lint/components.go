package lint

import (
	"slices"
	"strconv"
	"strings"

	"github.com/crieur/crieur/internal/contentline"
)

// A componentSpec says where a component may be, and which properties it has: those it must have once, those that it
// may have once, and those that it may have many times.
type componentSpec struct {
	in, once, optional, many string
}

// componentSpecs are those of RFC 5545, section 3.6, with what RFC 7808, 7953, 7986, 9073, 9074 and 9253 add.
var componentSpecs = map[string]componentSpec{
	"VCALENDAR": {
		once:     "PRODID VERSION",
		optional: "CALSCALE METHOD UID LAST-MODIFIED URL REFRESH-INTERVAL SOURCE COLOR",
		many:     "NAME DESCRIPTION CATEGORIES IMAGE " + linking,
	},
	"VEVENT": {
		in:       "VCALENDAR",
		once:     "UID DTSTAMP",
		optional: "DTSTART CLASS CREATED DESCRIPTION GEO LAST-MODIFIED LOCATION ORGANIZER PRIORITY SEQUENCE STATUS SUMMARY TRANSP URL RECURRENCE-ID RRULE DTEND DURATION COLOR",
		many:     "ATTACH ATTENDEE CATEGORIES COMMENT CONTACT EXDATE EXRULE REQUEST-STATUS RELATED-TO RESOURCES RDATE IMAGE CONFERENCE " + linking + publishing,
	},
	"VTODO": {
		in:       "VCALENDAR",
		once:     "UID DTSTAMP",
		optional: "CLASS COMPLETED CREATED DESCRIPTION DTSTART GEO LAST-MODIFIED LOCATION ORGANIZER PERCENT-COMPLETE PRIORITY RECURRENCE-ID SEQUENCE STATUS SUMMARY URL RRULE DUE DURATION COLOR",
		many:     "ATTACH ATTENDEE CATEGORIES COMMENT CONTACT EXDATE EXRULE REQUEST-STATUS RELATED-TO RESOURCES RDATE IMAGE CONFERENCE " + linking + publishing,
	},
	"VJOURNAL": {
		in:       "VCALENDAR",
		once:     "UID DTSTAMP",
		optional: "CLASS CREATED DTSTART LAST-MODIFIED ORGANIZER RECURRENCE-ID SEQUENCE STATUS SUMMARY URL RRULE COLOR",
		many:     "ATTACH ATTENDEE CATEGORIES COMMENT CONTACT DESCRIPTION EXDATE EXRULE RELATED-TO RDATE REQUEST-STATUS IMAGE " + linking + publishing,
	},
	"VFREEBUSY": {
		in:       "VCALENDAR",
		once:     "UID DTSTAMP",
		optional: "CONTACT DTSTART DTEND ORGANIZER URL",
		many:     "ATTENDEE COMMENT FREEBUSY REQUEST-STATUS " + linking + publishing,
	},
	"VTIMEZONE": {
		in:       "VCALENDAR",
		once:     "TZID",
		optional: "LAST-MODIFIED TZURL TZUNTIL",
		many:     "TZID-ALIAS-OF COMMENT " + linking,
	},
	"STANDARD": {
		in:       "VTIMEZONE",
		once:     "DTSTART TZOFFSETTO TZOFFSETFROM",
		optional: "RRULE",
		many:     "COMMENT RDATE TZNAME EXRULE",
	},
	"DAYLIGHT": {
		in:       "VTIMEZONE",
		once:     "DTSTART TZOFFSETTO TZOFFSETFROM",
		optional: "RRULE",
		many:     "COMMENT RDATE TZNAME EXRULE",
	},
	"VALARM": {
		in:       "VEVENT VTODO VAVAILABILITY AVAILABLE",
		once:     "ACTION TRIGGER",
		optional: "DESCRIPTION SUMMARY DURATION REPEAT UID ACKNOWLEDGED PROXIMITY",
		many:     "ATTACH ATTENDEE RELATED-TO " + linking + publishing,
	},
	"VAVAILABILITY": {
		in:       "VCALENDAR",
		once:     "UID DTSTAMP",
		optional: "BUSYTYPE CLASS CREATED DESCRIPTION DTSTART LAST-MODIFIED LOCATION ORGANIZER PRIORITY SEQUENCE SUMMARY URL DTEND DURATION",
		many:     "CATEGORIES COMMENT CONTACT " + linking,
	},
	"AVAILABLE": {
		in:       "VAVAILABILITY",
		once:     "UID DTSTAMP DTSTART",
		optional: "CREATED DESCRIPTION LAST-MODIFIED LOCATION RECURRENCE-ID RRULE SUMMARY DTEND DURATION",
		many:     "CATEGORIES COMMENT CONTACT EXDATE RDATE " + linking,
	},
	"PARTICIPANT": {
		in:       "VEVENT VTODO VJOURNAL VFREEBUSY VALARM",
		once:     "UID PARTICIPANT-TYPE",
		optional: "CALENDAR-ADDRESS CREATED DESCRIPTION DTSTAMP GEO LAST-MODIFIED PRIORITY SEQUENCE STATUS SUMMARY URL",
		many:     "ATTACH CATEGORIES COMMENT CONTACT LOCATION RDATE RELATED-TO RESOURCES REQUEST-STATUS IMAGE " + linking + publishing,
	},
	"VLOCATION": {
		in:       "VEVENT VTODO VJOURNAL VFREEBUSY VALARM PARTICIPANT",
		once:     "UID",
		optional: "DESCRIPTION GEO LOCATION-TYPE NAME URL",
		many:     "COMMENT IMAGE " + linking + publishing,
	},
	"VRESOURCE": {
		in:       "VEVENT VTODO VJOURNAL VFREEBUSY",
		once:     "UID",
		optional: "DESCRIPTION GEO NAME RESOURCE-TYPE URL",
		many:     "COMMENT IMAGE " + linking + publishing,
	},
}

const (
	linking    = "LINK CONCEPT REFID"                   // RFC 9253: in any component
	publishing = " STRUCTURED-DATA STYLED-DESCRIPTION " // RFC 9073
)

// A cardinality says how often a property may be in a component.
type cardinality int

const (
	never cardinality = iota
	optional
	once
	many
)

func (s *componentSpec) cardinality(property string) cardinality {
	for i, list := range [...]string{s.once, s.optional, s.many} {
		for list != "" {
			var name string
			if name, list, _ = strings.Cut(list, " "); name == property {
				return [...]cardinality{once, optional, many}[i]
			}
		}
	}
	return never
}

// properties looks at each property of a component, and at which it has.
func (l *linter) properties(n *component) {
	spec, known := componentSpecs[n.name]
	clear(l.seen)
	for _, p := range n.props {
		l.property(n, p)
		l.seen[p.Name]++
		if !known || isExtension(p.Name) {
			continue
		}
		if _, registered := propertySpecs[p.Name]; !registered {
			continue
		}
		switch spec.cardinality(p.Name) {
		case never:
			l.report("property-misplaced", n, p, 0, "%s has no meaning in a %s", p.Name, n.name)
		case once, optional:
			l.repeated(n, p)
		}
	}
	for name := range strings.FieldsSeq(spec.once) {
		if l.seen[name] == 0 {
			l.missing(n, name)
		}
	}
	if n.name != "VALARM" && l.seen["DTSTART"] == 0 && known {
		l.withoutStart(n)
	}
}

func (l *linter) repeated(n *component, p *contentline.Line) {
	switch seen := l.seen[p.Name]; {
	case seen < 2:
	case p.Name == "RRULE":
		l.report("rrule-twice", n, p, 0, "RRULE for the %s time, which readers understand in different ways", ordinal(seen))
	default:
		l.report("property-twice", n, p, 0, "%s for the %s time, want it once", p.Name, ordinal(seen))
	}
}

func ordinal(n int) string {
	if n == 2 {
		return "second"
	}
	return strconv.Itoa(n) + "th"
}

// missing reports that a required property is.
func (l *linter) missing(n *component, name string) {
	switch {
	case name == "UID" && n.name == "VALARM":
	case n.name == "VFREEBUSY": // as an example of RFC 5545, section 4, has it
		l.reportNode("freebusy-incomplete", n, name, "the VFREEBUSY has no %s", name)
	case name == "TZID":
		l.reportNode("property-missing", n, name, "the VTIMEZONE has no TZID, so nothing can name it")
	default:
		l.reportNode("property-missing", n, name, "the %s has no %s", n.name, name)
	}
}

// withoutStart looks at a component without DTSTART, which depends on it in many ways.
func (l *linter) withoutStart(n *component) {
	switch n.name {
	case "VEVENT":
		method := ""
		if n.parent != nil {
			method = strings.ToUpper(n.parent.value("METHOD"))
		}
		if method == "" || slices.Contains([]string{"PUBLISH", "REQUEST", "ADD"}, method) {
			l.reportNode("property-missing", n, "DTSTART", "the VEVENT has no DTSTART")
			return
		}
	case "VTODO", "VJOURNAL":
	default:
		return
	}
	for _, name := range [...]string{"RRULE", "RDATE", "EXDATE"} {
		if p := n.prop(name); p != nil {
			l.report("rrule-without-dtstart", n, p, 0, "%s without DTSTART, which it depends on", name)
		}
	}
	if p := n.prop("DURATION"); p != nil && n.name == "VTODO" {
		l.report("duration-without-dtstart", n, p, 0, "DURATION without DTSTART, from which it counts")
	}
}
