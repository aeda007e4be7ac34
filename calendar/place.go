package calendar

import "strings"

// place writes where e takes place: LOCATION for all readers, GEO, and for Apple's maps both together.
func (l *lineWriter) place(e *Event) {
	l.name("LOCATION").line(e.place())
	if e.Geo == nil {
		return
	}
	lat, lon := l.geo(e.Geo)
	if isEmpty(e.Location) && isEmpty(e.Address) {
		return
	}
	l.name("X-APPLE-STRUCTURED-LOCATION").token("VALUE", "URI").paramIf("X-ADDRESS", e.Address)
	l.token("X-APPLE-RADIUS", "100").param("X-TITLE", e.placeName())
	l.pair(":geo:", lat, ",", lon)
}

// geo writes GEO, and returns the latitude and the longitude with six decimals, some ten centimetres.
func (l *lineWriter) geo(g *Geo) (lat, lon []byte) {
	lat = appendDegrees(l.degrees[:0], g.Lat)
	both := appendDegrees(lat, g.Lon)
	lat, lon = both[:len(lat)], both[len(lat):]
	l.name("GEO")
	l.pair(":", lat, ";", lon)
	return lat, lon
}

// pair ends the line with a position.
func (l *lineWriter) pair(before string, lat []byte, between string, lon []byte) {
	l.buf = append(append(l.buf, before...), lat...)
	l.buf = append(append(l.buf, between...), lon...)
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
	l.name("UID").guard(series.UID).raw(series.UID + "-location")
	l.name("NAME").line(e.placeName())
	l.name("DESCRIPTION").line(e.Address)
	if e.Geo != nil {
		l.geo(e.Geo)
	}
	l.name("END").raw("VLOCATION")
}
