package calendar

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/crieur/crieur/internal/contentline"
)

// place reads where the event takes place, from all forms in which it is written.
func (v *vevent) place() {
	e := &v.event
	e.Location = oneLine(text(find(v.Component, "LOCATION")))
	if l := find(v.Component, "GEO"); l != nil && strings.Trim(l.Value, "; ") != "" {
		v.geo(l, l.Value, ";")
	}
	if l := find(v.Component, "X-APPLE-STRUCTURED-LOCATION"); l != nil {
		v.structured(l)
	}
	for _, c := range v.Components {
		if c.Name == "VLOCATION" && !e.VLocation {
			e.VLocation = true
			v.named(cleanLine(text(find(c, "NAME"))), cleanLine(text(find(c, "DESCRIPTION")))) // which may be any text
			if l := find(c, "GEO"); l != nil && e.Geo == nil {
				v.geo(l, l.Value, ";")
			}
		}
	}
}

// oneLine returns s cleaned and on one line: the lines of an address are parted by commas.
func oneLine(s string) string { return strings.ReplaceAll(clean(s), "\n", ", ") }

// geo reads a position, of which sep stands between the parts.
func (v *vevent) geo(l *contentline.Line, value, sep string) {
	lat, lon, _ := strings.Cut(value, sep)
	var g Geo
	var err, err2 error
	g.Lat, err = strconv.ParseFloat(strings.TrimSpace(lat), 64)
	g.Lon, err2 = strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if err != nil || err2 != nil {
		err = fmt.Errorf("%q, want a latitude and a longitude with %q between them", value, sep)
	} else {
		err = g.check()
	}
	if !v.bad("Geo", l, err) {
		v.event.Geo = &g
	}
}

// structured reads Apple's form of a place, a geo URI (RFC 5870) with name and address in parameters.
func (v *vevent) structured(l *contentline.Line) {
	if s, ok := cutPrefixFold(l.Value, "geo:"); ok && v.event.Geo == nil {
		s, _, _ = strings.Cut(s, ";")
		v.geo(l, s, ",")
	}
	line := func(s string) string { // Apple escapes newlines and commas here as in TEXT, and often twice
		return oneLine(contentline.Unescape(contentline.Unescape(s)))
	}
	address := line(l.Param("X-ADDRESS"))
	if !v.named(line(l.Param("X-TITLE")), address) {
		first(&v.event.Address, address)
	}
}

// named sets Location and Address to the name and the address of the place, if LOCATION is both together.
func (v *vevent) named(name, address string) bool {
	e := &v.event
	if address == "" || e.Address != "" {
		return false
	}
	ok := e.isAt(name, address)
	if !ok { // a parameter holds no backslash
		back := strings.NewReplacer(backslashInParam, `\`)
		ok = e.isAt(back.Replace(name), back.Replace(address))
	}
	return ok
}

// isAt sets Location and Address if the Location is both together.
func (e *Event) isAt(name, address string) bool {
	if name == address {
		name = ""
	}
	both := Event{Location: name, Address: address}
	if both.place() != e.Location {
		return false
	}
	e.Location, e.Address = name, address
	return true
}
