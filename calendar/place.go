package calendar

import "strings"

// place writes where e takes place: LOCATION for all readers, GEO, and for Apple's maps both together.
func (l *lineWriter) place(e *Event) {
	l.name("LOCATION").line(e.place())
	if e.Geo == nil {
		return
	}
	l.name("GEO").geo(*e.Geo)
	if isEmpty(e.Location) && isEmpty(e.Address) {
		return
	}
	l.name("X-APPLE-STRUCTURED-LOCATION").token("VALUE", "URI").paramIf("X-ADDRESS", e.Address)
	l.token("X-APPLE-RADIUS", "100").param("X-TITLE", e.placeName())
	l.buf = append(l.buf, ":geo:"...)
	l.buf = append(appendDegrees(l.buf, e.Geo.Lat), ',')
	l.buf = appendDegrees(l.buf, e.Geo.Lon)
	l.end()
}

// place returns the LOCATION of e: the name of the place and its address, each once.
func (e *Event) place() string {
	switch {
	case isEmpty(e.Address):
		return e.Location
	case isEmpty(e.Location):
		return e.Address
	}
	name, address := cleanLine(e.Location), cleanLine(e.Address)
	switch {
	case strings.Contains(name, address):
		return name
	case strings.Contains(address, name):
		return address
	}
	return name + ", " + address
}

// placeName returns what the place of e is called.
func (e *Event) placeName() string {
	if isEmpty(e.Location) {
		return e.Address
	}
	return e.Location
}

// vlocation writes the place of e as a component of its own (RFC 9073, section 7.2).
func (l *lineWriter) vlocation(e, series *Event) {
	if isEmpty(e.Location) && isEmpty(e.Address) {
		return
	}
	l.name("BEGIN").raw("VLOCATION")
	l.name("UID").raw(series.UID + "-location")
	l.name("NAME").line(e.placeName())
	l.name("DESCRIPTION").line(e.Address)
	if e.Geo != nil {
		l.name("GEO").geo(*e.Geo)
	}
	l.name("END").raw("VLOCATION")
}
