package calendar

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// ToICS returns c as a calendar of golang-ical, for programs that work with its types. Faults are those of [Check].
//
// Do not let its serializer make the bytes that are published: it ends lines with LF, writes parameters and
// carriage returns in a way other programs do not read, and lets values of other properties break out of their line.
// Hand the calendar back through [FromICS], or encode c itself, with [Encode]. As in what its parser returns, values
// are unescaped, but for the escapes of RFC 6868 in parameters, which it does not know.
func ToICS(c *Calendar) (*ics.Calendar, error) {
	events, zones, err := arrange(c)
	if err != nil {
		return nil, err
	}
	cal := &ics.Calendar{}
	set := func(name, value string, params ...ics.PropertyParameter) {
		if value != "" {
			cal.CalendarProperties = append(cal.CalendarProperties, ics.CalendarProperty{BaseProperty: property(name, value, params)})
		}
	}
	set("VERSION", "2.0")
	prodID := cleanLine(c.ProdID)
	if prodID == "" {
		prodID = defaultProdID
	}
	set("PRODID", prodID)
	set("CALSCALE", "GREGORIAN")
	var language []ics.PropertyParameter
	if c.Language != "" {
		language = append(language, &ics.KeyValues{Key: "LANGUAGE", Value: []string{c.Language}})
	}
	set("NAME", cleanLine(c.Name), language...)
	set("X-WR-CALNAME", cleanLine(c.Name))
	set("DESCRIPTION", clean(c.Description), language...)
	set("X-WR-CALDESC", clean(c.Description))
	set("X-WR-TIMEZONE", c.zoneName())
	set("URL", uri(c.URL))
	set("SOURCE", uri(c.Source), ics.WithValue("URI"))
	set("COLOR", c.Color)
	if c.Refresh > 0 {
		set("REFRESH-INTERVAL", duration(c.Refresh), ics.WithValue("DURATION"))
		set("X-PUBLISHED-TTL", duration(c.Refresh))
	}
	if !c.Updated.IsZero() {
		set("LAST-MODIFIED", c.Updated.UTC().Format(utcLayout))
	}
	for _, u := range zones.used {
		cal.Components = append(cal.Components, u.toICS())
	}
	for _, e := range events {
		cal.Components = append(cal.Components, e.toICS(e.zone))
	}
	return cal, nil
}

func property(name, value string, params []ics.PropertyParameter) ics.BaseProperty {
	p := ics.BaseProperty{IANAToken: name, Value: value, ICalParameters: map[string][]string{}}
	for _, q := range params {
		k, v := q.KeyValue()
		p.ICalParameters[k] = v
	}
	return p
}

func (u zoneUse) toICS() *ics.VTimezone {
	v := ics.NewTimezone(u.name)
	for _, o := range u.observances(u.first, u.last) {
		var base ics.ComponentBase
		for _, p := range o.lines {
			base.AddProperty(ics.ComponentProperty(p[0]), p[1])
		}
		if o.kind == "STANDARD" {
			v.Components = append(v.Components, &ics.Standard{ComponentBase: base})
		} else {
			v.Components = append(v.Components, &ics.Daylight{ComponentBase: base})
		}
	}
	return v
}

func (e *Event) toICS(z *zone) *ics.VEvent {
	v := ics.NewEvent(e.UID)
	add := func(name, value string, params ...ics.PropertyParameter) {
		if value != "" {
			v.AddProperty(ics.ComponentProperty(name), value, params...)
		}
	}
	stamp := e.Updated.UTC().Format(utcLayout)
	add("DTSTAMP", stamp)
	at := func(name string, t time.Time) {
		switch {
		case t.IsZero():
		case z == nil:
			add(name, t.UTC().Format(utcLayout))
		default:
			add(name, t.Format(localLayout), ics.WithTZID(z.name))
		}
	}
	if w := e.When; w.AllDay() {
		add("DTSTART", w.start.Format(dateLayout), ics.WithValue("DATE"))
		add("DTEND", w.end.AddDate(0, 0, 1).Format(dateLayout), ics.WithValue("DATE"))
	} else {
		at("DTSTART", w.start)
		at("DTEND", w.end)
	}
	if !e.Created.IsZero() {
		add("CREATED", e.Created.UTC().Format(utcLayout))
	}
	add("LAST-MODIFIED", stamp)
	add("SEQUENCE", strconv.Itoa(e.Sequence))
	add("SUMMARY", cleanLine(e.Summary))
	add("DESCRIPTION", clean(e.Description))
	add("LOCATION", cleanLine(e.Location))
	if g := e.Geo; g != nil {
		add("GEO", string(appendDegrees(append(appendDegrees(nil, g.Lat), ';'), g.Lon)))
	}
	add("URL", uri(e.URL))
	for _, s := range cleanCategories(e.Categories) { // it has no lists
		add("CATEGORIES", s)
	}
	if e.Organizer.Email != "" {
		var cn []ics.PropertyParameter
		if s := cleanLine(e.Organizer.Name); s != "" {
			cn = append(cn, ics.WithCN(caretEncoder.Replace(s)))
		}
		add("ORGANIZER", string(appendMailto(nil, e.Organizer.Email)), cn...)
	}
	add("CONTACT", e.contact())
	add("IMAGE", uri(e.Image), ics.WithValue("URI"))
	for _, c := range e.Conferences {
		params := []ics.PropertyParameter{ics.WithValue("URI")}
		if s := cleanLine(c.Label); s != "" {
			params = append(params, &ics.KeyValues{Key: "LABEL", Value: []string{caretEncoder.Replace(s)}})
		}
		add("CONFERENCE", uri(c.URL), params...)
	}
	for _, a := range e.Attachments {
		var params []ics.PropertyParameter
		if a.Type != "" {
			params = append(params, ics.WithFmtType(a.Type))
		}
		add("ATTACH", uri(a.URL), params...)
	}
	add("STATUS", string(e.Status))
	if e.busy() == free {
		add("TRANSP", "TRANSPARENT")
	}
	add("X-MICROSOFT-CDO-BUSYSTATUS", e.busy())
	return v
}

// FromICS returns a calendar of golang-ical as ours, as far as ours can say it.
//
// Events that cannot be said, such as recurring ones, are left out, and the error has a [*FieldError] for each,
// with Event the index in cal.Events(); the calendar is returned all the same. Properties that Event and Calendar
// have no field for are not kept. Zones are found by their names in the zone database of the program, Windows names
// included, and not by VTIMEZONE; a local time without a zone is told in that of X-WR-TIMEZONE. An event that misses what [Check] requires
// is returned as it is.
func FromICS(cal *ics.Calendar) (*Calendar, error) {
	header := make(properties, len(cal.CalendarProperties))
	for i, p := range cal.CalendarProperties {
		header[i] = ics.IANAProperty(p)
	}
	either := func(a, b string) string {
		if s := header.value(a); s != "" {
			return s
		}
		return header.value(b)
	}
	var f faults
	c := &Calendar{
		ProdID:      header.value("PRODID"),
		Name:        either("NAME", "X-WR-CALNAME"),
		Description: either("DESCRIPTION", "X-WR-CALDESC"),
		Color:       header.value("COLOR"),
		URL:         header.value("URL"),
		Source:      header.value("SOURCE"),
	}
	if p := header.find("NAME"); p != nil {
		c.Language = param(p, "LANGUAGE")
	}
	if s := either("REFRESH-INTERVAL", "X-PUBLISHED-TTL"); s != "" {
		d, err := parseDuration(s)
		f.add(-1, "", "Refresh", err)
		c.Refresh = time.Duration(d.days)*24*time.Hour + d.clock
	}
	var err error
	c.Updated, err = header.utc("LAST-MODIFIED")
	f.add(-1, "", "Updated", err)

	zones := map[string]*time.Location{}
	find := func(name string) (*time.Location, error) {
		if loc, ok := zones[name]; ok {
			return loc, nil
		}
		loc, err := loadZone(name)
		if err == nil {
			zones[name] = loc
		}
		return loc, err
	}
	if s := header.value("X-WR-TIMEZONE"); s != "" {
		c.Location, err = find(s)
		f.add(-1, "", "Location", err)
	}
	zone := func(name string) (*time.Location, error) {
		switch {
		case name != "":
			return find(name)
		case c.Location == nil:
			return nil, errFloating
		}
		return c.Location, nil
	}
	for i, v := range cal.Events() {
		p := properties(v.Properties)
		if e, field, err := p.event(zone); err != nil {
			f.add(i, p.value("UID"), field, err)
		} else {
			c.Events = append(c.Events, e)
		}
	}
	return c, f.err()
}

// loadZone returns a zone by its IANA or Windows name.
func loadZone(name string) (*time.Location, error) {
	if name == "Local" {
		return nil, errors.New("the machine's time zone has no name")
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		if loc = ics.WindowsTimezoneToIANA(name); loc == nil {
			return nil, err
		}
	}
	return loc, nil
}

// event returns the event that p describes, or what cannot be said of it, and in which field.
func (p properties) event(zone func(string) (*time.Location, error)) (e Event, field string, err error) {
	for _, name := range [...]string{"RRULE", "RDATE", "EXRULE", "RECURRENCE-ID"} {
		if p.find(name) != nil {
			return e, "When", fmt.Errorf("%s: recurring events are not supported", name)
		}
	}
	e = Event{
		UID:         p.value("UID"),
		Summary:     p.value("SUMMARY"),
		Description: p.value("DESCRIPTION"),
		Location:    p.value("LOCATION"),
		URL:         p.value("URL"),
		Contact:     p.value("CONTACT"),
		Image:       p.value("IMAGE"),
		Status:      Status(strings.ToUpper(p.value("STATUS"))),
	}
	if e.When, err = p.when(zone); err != nil {
		return e, "When", err
	}
	switch w := e.When; { // written by programs that mean one day, or no end
	case w.AllDay() && w.last.AddDays(1) == w.first:
		e.When = Days(w.first, w.first)
	case !w.AllDay() && w.end.Equal(w.start):
		e.When = At(w.start)
	}
	if e.Created, err = p.utc("CREATED"); err != nil {
		return e, "Created", err
	}
	if e.Updated, err = p.utc("LAST-MODIFIED"); err == nil && e.Updated.IsZero() {
		e.Updated, err = p.utc("DTSTAMP")
	}
	if err != nil {
		return e, "Updated", err
	}
	if s := p.value("SEQUENCE"); s != "" {
		if e.Sequence, err = strconv.Atoi(s); err != nil {
			return e, "Sequence", err
		}
	}
	if s := p.value("GEO"); s != "" {
		lat, lon, _ := strings.Cut(s, ";")
		var g Geo
		var err2 error
		g.Lat, err = strconv.ParseFloat(lat, 64)
		g.Lon, err2 = strconv.ParseFloat(lon, 64)
		if err = errors.Join(err, err2); err != nil {
			return e, "Geo", err
		}
		e.Geo = &g
	}
	for i := range p {
		q := &p[i]
		switch strings.ToUpper(q.IANAToken) {
		case "CATEGORIES": // unescaped as a whole: which commas were separators cannot be told
			for s := range strings.SplitSeq(q.Value, ",") {
				e.Categories = append(e.Categories, strings.TrimSpace(s))
			}
		case "ORGANIZER":
			e.Organizer.Name = param(q, "CN")
			if address, ok := cutPrefixFold(q.Value, "mailto:"); ok {
				if s, err := url.PathUnescape(address); err == nil {
					address = s
				}
				e.Organizer.Email = address
			}
		case "CONFERENCE":
			e.Conferences = append(e.Conferences, Conference{URL: q.Value, Label: param(q, "LABEL")})
		case "ATTACH":
			if param(q, "VALUE") != "BINARY" {
				e.Attachments = append(e.Attachments, Attachment{URL: q.Value, Type: param(q, "FMTTYPE")})
			}
		}
	}
	return e, "", nil
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// utc returns the DATE-TIME of a property that must be in UTC; zero if there is none.
func (p properties) utc(name string) (time.Time, error) {
	q := p.find(name)
	if q == nil {
		return time.Time{}, nil
	}
	t, err := time.Parse(utcLayout, q.Value)
	if err != nil {
		return t, fmt.Errorf("%s %q, want a time in UTC of the form 20060102T150405Z", name, q.Value)
	}
	return t, nil
}
