package crieur

import (
	"bytes"
	"errors"
	"fmt"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/crieur/crieur/calendar"
	"github.com/crieur/crieur/internal/content"
)

// Limits of a calendar file.
const (
	maxCalendar      = 16 << 20 // bytes: 5,000 events with long descriptions and what programs add to each
	maxCalendarFault = 200      // that are no errors; of those there is one an event at most
	maxEvents        = 10_000
	maxZones         = 200    // VTIMEZONEs
	maxRuleYears     = 20_000 // that all rules with a COUNT take together: such days are counted one by one
)

func isCalendar(name string) bool { return strings.EqualFold(path.Ext(name), ".ics") }

// A calendarFile is an iCalendar file of the content that is read into
// records. See the package documentation for what becomes of its parts.
type calendarFile struct {
	cfg      *settings
	name     string
	report   func(content.Fault)
	faults   int
	zone     *time.Location // of times that have none
	outline  *outline
	floating int // line of the first event in no zone
	pages    map[string]int
	records  []content.Record
}

// unfolded is what is taken out of long lines (RFC 5545, section 3.1).
var unfolded = regexp.MustCompile(`\r?\n[ \t]`)

// readCalendar reads the events of an iCalendar file.
func (s *settings) readCalendar(name string, data []byte, report func(content.Fault)) []content.Record {
	f := &calendarFile{cfg: s, name: name, report: report, zone: s.zone, pages: map[string]int{}}
	if c := s.content.Collection(name); c.Zone != nil {
		f.zone = c.Zone
	}
	if !utf8.Valid(data) && !utf8.Valid(unfolded.ReplaceAll(data, nil)) { // a fold may stand inside a character
		text, ok := content.Text(name, data, f.tell)
		if !ok {
			return nil
		}
		data = []byte(text)
	}
	f.outline = outlineOf(data)
	switch o := f.outline; {
	case len(o.events) > maxEvents:
		f.fault(o.events[maxEvents], content.Error, content.RuleSize, "more than %d events, want fewer: split the calendar", maxEvents)
		return nil
	case o.zones > maxZones:
		f.fault(1, content.Error, content.RuleSize, "%d time zones, want at most %d", o.zones, maxZones)
		return nil
	case o.years > maxRuleYears:
		f.fault(1, content.Error, content.RuleSize, "rules with a COUNT that take about %d years together, want at most %d: end them with UNTIL", o.years, maxRuleYears)
		return nil
	}
	cal, err := calendar.Decode(bytes.NewReader(data))
	if cal == nil {
		f.fault(1, content.Error, content.RuleSyntax, "no calendar can be read here: %w", err)
		return nil
	}
	if cal.Source != "" && strings.HasPrefix(cal.Source, s.Base) {
		f.fault(1, content.Warning, "output", "this is what crieur published as %s, and is not read as content", cal.Source)
		return nil
	}
	f.unsaid(cal, err)
	for i := range cal.Events {
		f.pages[cal.Events[i].URL]++
	}
	for i := range cal.Events {
		f.event(&cal.Events[i])
	}
	if len(f.records) > maxEvents {
		f.fault(1, content.Error, content.RuleSize, "more than %d events, want fewer: split the calendar", maxEvents)
		return nil
	}
	f.summary()
	return f.records
}

func (f *calendarFile) fault(line int, severity content.Severity, rule, format string, args ...any) {
	f.tell(content.Fault{Pos: token.Position{Filename: f.name, Line: max(line, 1), Column: 1}, Severity: severity, Rule: rule, Err: fmt.Errorf(format, args...)})
}

func (f *calendarFile) tell(fault content.Fault) {
	if fault.Severity != content.Error {
		switch f.faults++; {
		case f.faults > maxCalendarFault:
			return
		case f.faults == maxCalendarFault:
			fault.Severity, fault.Rule = content.Warning, content.RuleSize
			fault.Err = fmt.Errorf("more than %d warnings and notices in this calendar, the others are not told", maxCalendarFault)
		}
	}
	f.report(fault)
}

// fieldProperties are those that the fields of an event are read from.
var fieldProperties = map[string]string{
	"When": "DTSTART", "Repeat": "RRULE", "Also": "RDATE", "Except": "EXDATE", "Overrides": "RECURRENCE-ID", "Geo": "GEO", "Organizer": "ORGANIZER",
	"Conferences": "CONFERENCE", "Attachments": "ATTACH", "Image": "IMAGE", "Updated": "LAST-MODIFIED", "Created": "CREATED",
	"Status": "STATUS", "URL": "URL", "Location": "X-WR-TIMEZONE",
}

// unusedFields are those that records have no place for, so that nobody need correct them.
var unusedFields = []string{"Reminders", "Extra", "Color", "Priority", "Sequence", "Transparency", "Refresh", "Language"}

// unsaid tells what is wrong with the calendar: an error for an event that is
// left out because of it, and a warning for a property.
func (f *calendarFile) unsaid(cal *calendar.Calendar, err error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return
	}
	kept := map[int]bool{}
	for i := range cal.Events {
		kept[cal.Events[i].Line] = true
		for _, o := range cal.Events[i].Overrides {
			kept[o.Event.Line] = true
		}
	}
	for _, err := range joined.Unwrap() {
		e, ok := errors.AsType[*calendar.FieldError](err)
		if !ok {
			f.fault(1, content.Warning, "calendar", "%w", err)
			continue
		}
		field, _, _ := strings.Cut(e.Field, ".")
		if slices.Contains(unusedFields, field) {
			continue
		}
		err := e.Err
		if name := fieldProperties[field]; name != "" && !namesProperty(err) {
			err = fmt.Errorf("%s: %w", name, err)
		}
		begin := f.outline.event(e.Line)
		switch {
		case errors.Is(err, calendar.ErrDuplicate):
			f.fault(e.Line, content.Warning, "calendar", "UID %q: %w", e.UID, err)
		case e.Event < 0 || begin == 0 || kept[begin]:
			f.fault(e.Line, content.Warning, "calendar", "%w; it is not used", err)
		default:
			f.fault(e.Line, content.Error, "calendar", "%w; the event is left out", err)
			kept[begin] = true // which is told once
		}
	}
}

// namesProperty reports whether an error says which property it is of.
func namesProperty(err error) bool {
	return slices.ContainsFunc(strings.Fields("DTSTART DTEND DURATION RRULE RDATE EXDATE EXRULE RECURRENCE-ID RANGE BEGIN:"), func(name string) bool {
		return strings.Contains(err.Error(), name)
	})
}

// summary tells once for the whole file what is not published of it.
func (f *calendarFile) summary() {
	if f.floating > 0 {
		severity := content.Notice
		if f.cfg.content.ZoneAssumed {
			severity = content.Warning
		}
		f.fault(f.floating, severity, content.RuleZoneAssumed, "times of this calendar are in no zone; %s is assumed", f.zone)
	}
	if o := f.outline; len(o.dropped) > 0 {
		var list []string
		line := 0
		for _, name := range slices.Sorted(maps.Keys(o.dropped)) {
			d := o.dropped[name]
			list = append(list, fmt.Sprintf("%s (%d, first on line %d)", name, d.times, d.line))
			if line == 0 || d.line < line {
				line = d.line
			}
		}
		more := ""
		const most = 20
		if n := len(list); n > most {
			list, more = list[:most], fmt.Sprintf(" and %d more", n-most)
		}
		f.fault(line, content.Notice, "calendar", "not published: %s%s", strings.Join(list, ", "), more)
	}
	if len(f.records) == 0 && len(f.outline.events) == 0 {
		f.fault(1, content.Notice, content.RuleNotRecord, "no event in this calendar")
	}
}

// foldUIDs tells once of a calendar in which the UIDs of several events were
// changed: a program that makes new ones each time writes it.
func (r *reconcile) foldUIDs() {
	changed := map[string]int{} // events by the file
	of := func(f *Fault) bool { return f.Rule == "uid-changed" && isCalendar(f.Pos.Filename) }
	for i := range r.faults {
		if of(&r.faults[i]) {
			changed[r.faults[i].Pos.Filename]++
		}
	}
	told := map[string]bool{}
	kept := r.faults[:0]
	for _, f := range r.faults {
		if name := f.Pos.Filename; of(&f) && changed[name] > 1 {
			if told[name] {
				continue
			}
			told[name] = true
			f.Severity, f.Err = Notice, fmt.Errorf("%d events of this calendar have other UIDs than those that they were published with, which they keep: if the program that writes it can keep them, let it", changed[name])
		}
		kept = append(kept, f)
	}
	r.faults = kept
}
