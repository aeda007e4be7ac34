package crieur

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur/calendar"
	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/markup"
)

// event makes records of an event. A day of a series that is not like the
// others is a record of its own, and an exception of the series.
func (f *calendarFile) event(ev *calendar.Event) {
	for i := range ev.Overrides {
		if o := &ev.Overrides[i]; o.Future {
			f.fault(o.Event.Line, content.Error, "calendar", "RECURRENCE-ID has RANGE=THISANDFUTURE, which most calendars do not know; the series is left out: end it with UNTIL, and begin another")
			return
		}
	}
	series := *ev
	series.Also, series.Except = slices.Clone(ev.Also), slices.Clone(ev.Except)
	for i := range ev.Overrides {
		o := &ev.Overrides[i]
		if n := slices.Index(series.Also, o.Day); n >= 0 {
			series.Also = slices.Delete(series.Also, n, n+1)
		} else {
			series.Except = append(series.Except, o.Day)
		}
	}
	if f.remains(&series) && !f.record(&series, ev.UID) {
		return
	}
	for i := range ev.Overrides {
		o := &ev.Overrides[i]
		if o.Event.Status == calendar.Cancelled {
			continue
		}
		one := o.Event
		one.Updated, one.Created = ev.Updated, ev.Created
		if one.Class == "" && f.isPrivate(ev) { // a day of a private series that does not say so again
			one.Class = calendar.Private
		}
		uid := ev.UID
		if uid != "" {
			uid += "-" + strings.ReplaceAll(o.Day.String(), "-", "")
		}
		f.record(&one, uid)
	}
}

// remains reports whether an event has a time left when its overrides are
// taken out of it, and makes it no series if it is none any more.
func (f *calendarFile) remains(ev *calendar.Event) bool {
	if ev.Overrides == nil {
		return true
	}
	ev.Overrides = nil
	if ev.Repeat == nil && len(ev.Also) == 0 {
		left := len(ev.Except) == 0
		ev.Except = nil
		return left
	}
	for range ev.Occurrences(time.Time{}, time.Time{}) {
		return true
	}
	return false
}

// record adds the record of an event that has no overrides. It reports false
// if the event cannot be published.
func (f *calendarFile) record(ev *calendar.Event, uid string) bool {
	if len(f.records) > maxEvents {
		return false
	}
	rec := content.Record{
		Path: f.name, Line: ev.Line, Kind: content.Event,
		UID: f.uid(uid, ev.Line), Title: ev.Summary, Body: ev.Description, Format: markup.Text,
		When: f.span(ev), Location: ev.Location,
		Status: strings.ToLower(string(ev.Status)), Contact: ev.Contact,
		Organizer:  content.Person{Name: ev.Organizer.Name, Email: ev.Organizer.Email},
		Categories: slices.Clone(ev.Categories), Image: ev.Image,
		Published: cmp.Or(ev.Created, ev.Updated), Origin: "front matter", Updated: ev.Updated,
	}
	if ev.Address != "" {
		rec.Location = strings.TrimPrefix(ev.Location+", "+ev.Address, ", ")
	}
	switch {
	case rec.Body == "" && ev.HTML != "":
		rec.Body, rec.Format = ev.HTML, markup.HTML
	case htmlTag.MatchString(rec.Body):
		rec.Format = markup.HTML
		if !htmlBlock.MatchString(rec.Body) {
			rec.Body = strings.ReplaceAll(rec.Body, "\n", "<br>\n")
		}
	}
	if g := ev.Geo; g != nil {
		rec.Latitude, rec.Longitude, rec.HasPosition = g.Lat, g.Lon, true
	}
	if isWeb(ev.URL) && f.pages[ev.URL] == 1 {
		rec.Permalink = ev.URL
	} else if ev.URL != "" {
		rec.Links = append(rec.Links, content.Link{URL: ev.URL})
	}
	for _, c := range ev.Conferences {
		if rec.Online == "" && isWeb(c.URL) {
			rec.Online = c.URL
		} else {
			rec.Links = append(rec.Links, content.Link{Title: c.Label, URL: c.URL})
		}
	}
	for _, a := range ev.Attachments {
		if isWeb(a.URL) && a.Type != "" {
			rec.Enclosures = append(rec.Enclosures, content.Enclosure{URL: a.URL, Type: a.Type})
		} else {
			rec.Links = append(rec.Links, content.Link{URL: a.URL})
		}
	}
	if f.isPrivate(ev) {
		rec.Draft, rec.Broken = true, true // in no preview either
		f.outline.drop("events that are not public by their CLASS", ev.Line)
	}
	if !f.repeat(&rec, ev) {
		return false
	}
	rec, ok := f.cfg.content.Complete(rec, f.tell)
	if ok {
		f.records = append(f.records, rec)
	}
	return ok
}

// isPrivate reports whether an event is not for everybody.
func (f *calendarFile) isPrivate(ev *calendar.Event) bool {
	return ev.Class != "" && ev.Class != calendar.Public || f.outline.private[ev.Line]
}

// htmlTag is one of those that Google has in a description, and htmlBlock one
// of those among them that part lines.
var (
	htmlTag   = regexp.MustCompile(`(?i)</?(?:a|b|i|u|em|strong|span|br|p|div|ul|ol|li|h[1-6])(?:\s[^<>]*)?/?>`)
	htmlBlock = regexp.MustCompile(`(?i)<(?:br|p|div|ul|ol|h[1-6])(?:\s[^<>]*)?/?>`)
)

// span is when an event takes place, for the first time. What has no zone is
// in that of the site.
func (f *calendarFile) span(ev *calendar.Event) content.Span {
	w := span(ev.When)
	if !ev.When.IsFloating() {
		return w
	}
	if f.floating == 0 {
		f.floating = ev.Line
	}
	here := func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, f.zone)
	}
	return content.Span{Start: here(w.Start), End: here(w.End)}
}

// repeat sets when the event of a record takes place again. It reports false
// if that cannot be published.
func (f *calendarFile) repeat(rec *content.Record, ev *calendar.Event) bool {
	if ev.Repeat == nil && len(ev.Also) == 0 {
		return true
	}
	days := func(list []calendar.Date) (days []time.Time) {
		for _, d := range list {
			days = append(days, time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC))
		}
		slices.SortFunc(days, time.Time.Compare)
		return days
	}
	rec.Repeat = content.Repeat{Also: days(ev.Also), Except: days(ev.Except)}
	if ev.Repeat != nil {
		rec.Repeat.Rule = ev.Repeat.String()
	}
	if r := ev.Repeat; r != nil && years(r) > maxYears {
		f.fault(ev.Line, content.Error, content.RuleRecurrence, "RRULE has COUNT=%d, which takes more than %d years, want fewer, or no end; the event is left out", r.Count, maxYears)
		return false
	}
	return true // that the days fit the rule is verified with the record
}

// uid is the identity of an event: its UID, or, of one that calendars cannot
// hold, a name made of it.
func (f *calendarFile) uid(uid string, line int) string {
	odd := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`,;\`, r) }
	if len(uid) <= 255 && !strings.ContainsFunc(uid, odd) {
		return uid
	}
	f.fault(line, content.Warning, "calendar", "UID is %.60q, want at most 255 letters, digits and signs without spaces; another is made of it", uid)
	return uuid5("uid\n" + uid)
}
