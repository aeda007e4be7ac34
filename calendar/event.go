package calendar

import (
	"fmt"
	"time"
)

// event writes e as a VEVENT, and after it its overrides. It depends on the event alone, so it is the same in every
// calendar.
func (l *lineWriter) event(e *Event, z *zone) {
	l.name("BEGIN").raw("VEVENT")
	l.name("UID").guard(e.UID).raw(e.UID)
	l.name("DTSTAMP").utc(e.Updated)
	l.when(e.When, z)
	if e.isSeries() {
		l.series(e, z)
	}
	l.describe(e, e)
	l.name("END").raw("VEVENT")
	for i := range e.Overrides {
		l.override(e, &e.Overrides[i], z)
	}
}

// describe writes what an occurrence tells besides its time. An override tells the changes of its series.
func (l *lineWriter) describe(e, series *Event) {
	if !e.Created.IsZero() {
		l.name("CREATED").utc(e.Created)
	}
	l.name("LAST-MODIFIED").utc(series.Updated)
	l.name("SEQUENCE").integer(series.Sequence)
	l.name("SUMMARY").line(e.Summary)
	l.description(e)
	l.place(e)
	if trimURI(e.URL) != "" {
		l.name("URL").uri(e.URL)
	}
	if list := cleanCategories(e.Categories); len(list) > 0 {
		l.name("CATEGORIES").list(list)
	}
	if e.Organizer.Email != "" {
		l.name("ORGANIZER").paramIf("CN", e.Organizer.Name).mailto(e.Organizer.Email)
	}
	l.name("CONTACT").text(e.contact())
	if trimURI(e.Image) != "" {
		l.name("IMAGE").token("VALUE", "URI").uri(e.Image)
	}
	for _, c := range e.Conferences {
		l.name("CONFERENCE").token("VALUE", "URI").paramIf("LABEL", c.Label).uri(c.URL)
	}
	for _, a := range e.Attachments {
		l.name("ATTACH").paramIf("FMTTYPE", a.Type).uri(a.URL)
	}
	if e.Class != "" {
		l.name("CLASS").raw(string(e.Class))
	}
	if e.Priority > 0 {
		l.name("PRIORITY").integer(e.Priority)
	}
	if e.Color != "" {
		l.name("COLOR").raw(e.Color)
	}
	if e.Status != "" {
		l.name("STATUS").raw(string(e.Status))
	}
	busy := e.busy()
	if busy == free {
		l.name("TRANSP").raw("TRANSPARENT")
	}
	l.name("X-MICROSOFT-CDO-BUSYSTATUS").raw(busy)
	l.extra(e.Extra)
	for _, r := range e.Reminders {
		l.reminder(r, e)
	}
	if e.VLocation {
		l.vlocation(e, series)
	}
}

// when writes DTSTART and DTEND, which are of one form and in one zone.
func (l *lineWriter) when(w When, z *zone) {
	if w.AllDay() {
		l.name("DTSTART").token("VALUE", "DATE").date(w.first)
		l.name("DTEND").token("VALUE", "DATE").date(w.last.AddDays(1))
		return
	}
	l.dateTime("DTSTART", w.start, w, z)
	if !w.end.IsZero() {
		l.dateTime("DTEND", w.end, w, z)
	}
}

// series writes the rule of a series, its further days and its exceptions; each day on a line of its own, since some
// readers take no lists.
func (l *lineWriter) series(e *Event, z *zone) {
	if e.Repeat != nil {
		l.name("RRULE")
		l.buf = append(l.buf, ':')
		l.buf = e.Repeat.appendTo(l.buf, e.When)
		l.end()
	}
	for _, d := range e.Also {
		l.occurrence("RDATE", d, e.When, z)
	}
	for _, d := range e.Except {
		l.occurrence("EXDATE", d, e.When, z)
	}
}

// override writes one occurrence that differs. Its changes are told as those of its series, since some readers look for
// them only there, and its place in the series in the form of the series' start.
func (l *lineWriter) override(e *Event, o *Override, z *zone) {
	l.name("BEGIN").raw("VEVENT")
	l.name("UID").guard(e.UID).raw(e.UID)
	name := "RECURRENCE-ID"
	if o.Future {
		name = "RECURRENCE-ID;RANGE=THISANDFUTURE"
	}
	l.occurrence(name, o.Day, e.When, z)
	l.name("DTSTAMP").utc(e.Updated)
	l.when(o.Event.When, l.zones.ofOverride(o.Event.When, e, z))
	l.describe(&o.Event, e)
	l.name("END").raw("VEVENT")
}

// occurrence writes by its day when an occurrence of a series that begins with w takes place.
func (l *lineWriter) occurrence(name string, d Date, w When, z *zone) {
	if w.AllDay() {
		l.name(name).token("VALUE", "DATE").date(d)
		return
	}
	l.name(name)
	if z != nil && !w.floating {
		l.token("TZID", z.name)
	}
	start := w.start
	if z == nil && !w.floating {
		start = start.UTC()
	}
	l.buf = append(l.buf, ':')
	l.buf = appendDate(l.buf, d.Year, d.Month, d.Day)
	l.buf = append(l.buf, 'T')
	l.buf = appendClock(l.buf, start)
	if z == nil && !w.floating {
		l.buf = append(l.buf, 'Z')
	}
	l.end()
}

// dateTime writes an instant in the form of w.
func (l *lineWriter) dateTime(name string, t time.Time, w When, z *zone) {
	switch {
	case w.floating:
		l.name(name).local(t)
	case z == nil:
		l.name(name).utc(t)
	default:
		l.name(name).token("TZID", z.name).local(t)
	}
}

// description writes DESCRIPTION, with its twin in HTML if there is one. Thunderbird and Google read that as a data URI;
// X-ALT-DESC is for readers that find no DESCRIPTION.
func (l *lineWriter) description(e *Event) {
	l.name("DESCRIPTION")
	if e.HTML != "" {
		l.dataURI("ALTREP", "text/html", clean(e.HTML))
	}
	l.text(e.Description)
}

// contact returns the CONTACT of e: an organizer without an address cannot be an ORGANIZER.
func (e *Event) contact() string {
	if e.Organizer.Email == "" && isEmpty(e.Contact) {
		return cleanLine(e.Organizer.Name)
	}
	return e.Contact
}

const free = "FREE"

// busy returns the X-MICROSOFT-CDO-BUSYSTATUS of e.
func (e *Event) busy() string {
	switch {
	case e.Transparency == Transparent, e.Transparency == "" && (e.When.AllDay() || e.Status == Cancelled):
		return free
	case e.Status == Tentative:
		return "TENTATIVE"
	}
	return "BUSY"
}

// reminder writes a VALARM that shows a text.
func (l *lineWriter) reminder(r Reminder, e *Event) {
	l.name("BEGIN").raw("VALARM")
	l.name("ACTION").raw("DISPLAY")
	l.name("TRIGGER").raw(duration(-r.Before))
	if isEmpty(r.Text) {
		r.Text = e.Summary
	}
	l.name("DESCRIPTION").line(r.Text)
	l.name("END").raw("VALARM")
}

// duration returns d, whole seconds, as a DURATION (RFC 5545, section 3.3.6) in hours, minutes and seconds, which a
// change of the clocks does not make longer or shorter.
func duration(d time.Duration) string {
	s := "PT"
	if d < 0 {
		s, d = "-PT", -d
	}
	if h := d / time.Hour; h > 0 {
		s += fmt.Sprintf("%dH", h)
	}
	if m := d % time.Hour / time.Minute; m > 0 {
		s += fmt.Sprintf("%dM", m)
	}
	if sec := d % time.Minute / time.Second; sec > 0 || d == 0 {
		s += fmt.Sprintf("%dS", sec)
	}
	return s
}
