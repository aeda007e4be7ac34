package crieur

import (
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur/calendar"
	"github.com/crieur/crieur/internal/contentline"
)

// An outline says what is in an iCalendar file, and where.
type outline struct {
	events  []int        // lines on which one begins
	private map[int]bool // those that say so in any line, also in one that cannot be read
	zones   int
	years   int // that rules with a COUNT take together, about
	dropped map[string]dropped
}

// dropped is how often something is there that is not published.
type dropped struct{ line, times int }

// readProperties are those of events that records are made of, and ownProperties
// those that crieur says itself or that say nothing to readers.
var (
	readProperties = strings.Fields("UID SUMMARY DESCRIPTION LOCATION GEO DTSTART DTEND DURATION RRULE RDATE EXDATE EXRULE RECURRENCE-ID STATUS URL CATEGORIES ORGANIZER CONTACT " +
		"IMAGE CONFERENCE ATTACH CLASS CREATED LAST-MODIFIED X-APPLE-STRUCTURED-LOCATION X-ALT-DESC STYLED-DESCRIPTION")
	ownProperties = strings.Fields("DTSTAMP SEQUENCE TRANSP X-MICROSOFT-CDO-BUSYSTATUS X-MICROSOFT-CDO-ALLDAYEVENT X-MOZ-GENERATION X-MOZ-LASTACK")
)

// outlineOf goes through the lines of a document.
func outlineOf(data []byte) *outline {
	o := &outline{private: map[int]bool{}, dropped: map[string]dropped{}}
	var open []string // the components that a line stands in
	for l, err := range contentline.Lines(data) {
		within := len(open) > 0 && open[len(open)-1] == "VEVENT"
		if err != nil {
			if within && len(l.Text) >= len("CLASS") && strings.EqualFold(l.Text[:len("CLASS")], "CLASS") {
				o.private[o.events[len(o.events)-1]] = true
			}
			continue
		}
		switch l.Name {
		case "BEGIN":
			name := strings.ToUpper(strings.TrimSpace(l.Value))
			open = append(open, name)
			switch name {
			case "VEVENT":
				o.events = append(o.events, l.Number)
			case "VTIMEZONE":
				o.zones++
			case "VCALENDAR", "STANDARD", "DAYLIGHT", "VLOCATION":
			default:
				o.drop(name, l.Number)
			}
			continue
		case "END":
			open = open[:max(0, len(open)-1)]
			continue
		}
		if !within {
			continue
		}
		if l.Name == "CLASS" && !strings.EqualFold(strings.TrimSpace(l.Value), string(calendar.Public)) {
			o.private[o.events[len(o.events)-1]] = true
		}
		if l.Name == "RRULE" && o.years <= maxRuleYears && strings.Contains(strings.ToUpper(l.Value), "COUNT") {
			if rule, err := calendar.ParseRule(l.Value, calendar.At(time.Unix(0, 0).UTC())); err == nil {
				o.years += years(rule) + rule.Count*max(1, rule.Interval)/inYear[rule.Freq]
			}
		}
		inline := strings.EqualFold(l.Param("VALUE"), "BINARY") || strings.EqualFold(l.Param("ENCODING"), "BASE64")
		if inline || !slices.Contains(readProperties, l.Name) && !slices.Contains(ownProperties, l.Name) {
			o.drop(l.Name, l.Number)
		}
	}
	return o
}

// drop notes that something on a line is not published.
func (o *outline) drop(name string, line int) {
	const most = 1000 // of different names
	d := o.dropped[name]
	if d.times == 0 && len(o.dropped) == most {
		return
	}
	if d.times++; d.times == 1 {
		d.line = line
	}
	o.dropped[name] = d
}

// event is the line on which the event begins that a line is of, or 0.
func (o *outline) event(line int) int {
	i, found := slices.BinarySearch(o.events, line)
	if !found {
		i--
	}
	if i < 0 {
		return 0
	}
	return o.events[i]
}
