package lint

import (
	"slices"
	"strings"

	"github.com/crieur/crieur/internal/contentline"
)

// A propertySpec says what the value of a property is, and which parameters have a meaning there.
type propertySpec struct {
	types    string // those that VALUE may name, in upper case; the first is the default
	list     bool   // many values, between commas
	explicit bool   // VALUE must be there, even for the first
	params   string
	check    func(l *linter, n *component, p *contentline.Line) // what is to be checked beyond the type; may be nil
}

const (
	textParams   = "ALTREP LANGUAGE DERIVED ORDER"
	personParams = "CN CUTYPE DELEGATED-FROM DELEGATED-TO DIR LANGUAGE MEMBER PARTSTAT ROLE RSVP SENT-BY EMAIL SCHEDULE-AGENT SCHEDULE-FORCE-SEND SCHEDULE-STATUS"
	dateTypes    = "DATE-TIME DATE"
)

// propertySpecs are those of the registry: RFC 5545, section 3.7 and 3.8, and what RFC 7808, 7953, 7986, 9073, 9074 and
// 9253 add.
var propertySpecs = map[string]propertySpec{
	"CALSCALE":         {types: "TEXT", check: (*linter).calscale},
	"METHOD":           {types: "TEXT"},
	"PRODID":           {types: "TEXT", check: (*linter).notEmpty},
	"VERSION":          {types: "TEXT", check: (*linter).version},
	"ATTACH":           {types: "URI BINARY", params: "ENCODING FMTTYPE LABEL FILENAME SIZE MANAGED-ID ORDER"},
	"CATEGORIES":       {types: "TEXT", list: true, params: "LANGUAGE", check: (*linter).categories},
	"CLASS":            {types: "TEXT", check: (*linter).class},
	"COMMENT":          {types: "TEXT", params: textParams, check: (*linter).prose},
	"DESCRIPTION":      {types: "TEXT", params: textParams, check: (*linter).prose},
	"GEO":              {types: "FLOAT", params: "DERIVED", check: (*linter).geo},
	"LOCATION":         {types: "TEXT", params: textParams, check: (*linter).oneLine},
	"PERCENT-COMPLETE": {types: "INTEGER", check: (*linter).percent},
	"PRIORITY":         {types: "INTEGER", check: (*linter).priority},
	"RESOURCES":        {types: "TEXT", list: true, params: textParams},
	"STATUS":           {types: "TEXT", check: (*linter).status},
	"SUMMARY":          {types: "TEXT", params: textParams, check: (*linter).summary},
	"COMPLETED":        {types: "DATE-TIME", check: (*linter).utc},
	"DTEND":            {types: dateTypes, params: "TZID"},
	"DUE":              {types: dateTypes, params: "TZID"},
	"DTSTART":          {types: dateTypes, params: "TZID"},
	"DURATION":         {types: "DURATION", check: (*linter).positiveDuration},
	"FREEBUSY":         {types: "PERIOD", list: true, params: "FBTYPE", check: (*linter).utcPeriods},
	"TRANSP":           {types: "TEXT", check: (*linter).transparency},
	"TZID":             {types: "TEXT", check: (*linter).notEmpty},
	"TZNAME":           {types: "TEXT", params: "LANGUAGE"},
	"TZOFFSETFROM":     {types: "UTC-OFFSET"},
	"TZOFFSETTO":       {types: "UTC-OFFSET"},
	"TZURL":            {types: "URI"},
	"TZUNTIL":          {types: "DATE-TIME", check: (*linter).utc},
	"TZID-ALIAS-OF":    {types: "TEXT"},
	"ATTENDEE":         {types: "CAL-ADDRESS", params: personParams},
	"CONTACT":          {types: "TEXT", params: textParams},
	"ORGANIZER":        {types: "CAL-ADDRESS", params: personParams},
	"RECURRENCE-ID":    {types: dateTypes, params: "TZID RANGE"},
	"RELATED-TO":       {types: "TEXT UID URI", params: "RELTYPE GAP", check: (*linter).notEmpty},
	"URL":              {types: "URI"},
	"UID":              {types: "TEXT", check: (*linter).identifier},
	"EXDATE":           {types: dateTypes, list: true, params: "TZID"},
	"RDATE":            {types: dateTypes + " PERIOD", list: true, params: "TZID"},
	"RRULE":            {types: "RECUR", params: ""},
	"EXRULE":           {types: "RECUR", check: (*linter).deprecated},
	"ACTION":           {types: "TEXT", check: (*linter).action},
	"REPEAT":           {types: "INTEGER", check: (*linter).notNegative},
	"TRIGGER":          {types: "DURATION DATE-TIME", params: "RELATED", check: (*linter).trigger},
	"CREATED":          {types: "DATE-TIME", check: (*linter).utc},
	"DTSTAMP":          {types: "DATE-TIME", check: (*linter).utc},
	"LAST-MODIFIED":    {types: "DATE-TIME", check: (*linter).utc},
	"SEQUENCE":         {types: "INTEGER", check: (*linter).notNegative},
	"REQUEST-STATUS":   {types: "TEXT", params: "LANGUAGE", check: (*linter).requestStatus},

	// RFC 7986
	"NAME":             {types: "TEXT", params: textParams, check: (*linter).oneLine},
	"REFRESH-INTERVAL": {types: "DURATION", explicit: true, check: (*linter).refresh},
	"SOURCE":           {types: "URI", check: (*linter).source},
	"COLOR":            {types: "TEXT", check: (*linter).color},
	"IMAGE":            {types: "URI BINARY", explicit: true, params: "ALTREP DISPLAY FMTTYPE ENCODING LABEL ORDER"},
	"CONFERENCE":       {types: "URI", explicit: true, params: "FEATURE LABEL LANGUAGE ORDER"},

	// RFC 7953
	"BUSYTYPE": {types: "TEXT", check: (*linter).busyType},

	// RFC 9073
	"CALENDAR-ADDRESS":   {types: "CAL-ADDRESS"},
	"LOCATION-TYPE":      {types: "TEXT", list: true},
	"PARTICIPANT-TYPE":   {types: "TEXT"},
	"RESOURCE-TYPE":      {types: "TEXT"},
	"STRUCTURED-DATA":    {types: "URI TEXT BINARY", explicit: true, params: "FMTTYPE SCHEMA ENCODING ORDER", check: (*linter).structuredData},
	"STYLED-DESCRIPTION": {types: "TEXT URI", explicit: true, params: "ALTREP LANGUAGE FMTTYPE DERIVED ORDER"},

	// RFC 9074
	"ACKNOWLEDGED": {types: "DATE-TIME", check: (*linter).utc},
	"PROXIMITY":    {types: "TEXT", check: (*linter).proximity},

	// RFC 9253
	"CONCEPT": {types: "URI"},
	"LINK":    {types: "URI UID XML-REFERENCE TEXT", explicit: true, params: "LINKREL FMTTYPE LABEL LANGUAGE", check: (*linter).link},
	"REFID":   {types: "TEXT"},
}

// valueTypes are those of RFC 5545, section 3.3, and RFC 9253.
var valueTypes = strings.Fields("BINARY BOOLEAN CAL-ADDRESS DATE DATE-TIME DURATION FLOAT INTEGER PERIOD RECUR TEXT TIME URI UTC-OFFSET UID XML-REFERENCE UNKNOWN")

// property looks at one property: its name, its parameters, the type of its value, and what is special to it.
func (l *linter) property(n *component, p *contentline.Line) {
	l.params(n, p)
	spec, known := propertySpecs[p.Name]
	if !known {
		l.unregistered(n, p)
		return
	}
	kind := l.typeOf(n, p, &spec)
	if p.Value == "" && kind == "URI" { // as Apple has it
		l.report("uri-empty", n, p, len(p.Text)-1, "%s has no value, want a URI", p.Name)
		return
	}
	if p.Value == "" && kind != "TEXT" {
		l.report("value-empty", n, p, len(p.Text)-1, "%s has no value, want %s", p.Name, formOf(kind))
		return
	}
	if check := typeChecks[kind]; check != nil {
		check(l, n, p, spec.list)
	}
	l.inlineData(n, p, kind)
	if spec.check != nil {
		spec.check(l, n, p)
	}
}

// typeOf returns the type that the value of p has.
func (l *linter) typeOf(n *component, p *contentline.Line, spec *propertySpec) string {
	first, _, _ := strings.Cut(spec.types, " ")
	kind := strings.ToUpper(p.Param("VALUE"))
	switch {
	case kind == "":
		if spec.explicit {
			l.report("value-type-missing", n, p, 0, "%s without VALUE, want %s;VALUE=%s:, as it has no default", p.Name, p.Name, strings.ReplaceAll(spec.types, " ", " or "))
		}
		return first
	case slices.Contains(strings.Fields(spec.types), kind):
		return kind
	case p.Name == "TZID" || isExtension(kind):
		return ""
	}
	at := paramIndex(p, "VALUE")
	if slices.Contains(valueTypes, kind) {
		l.report("value-type-wrong", n, p, at, "%s;VALUE=%s, want %s", p.Name, kind, strings.ReplaceAll(spec.types, " ", " or "))
	} else {
		l.report("value-type-unknown", n, p, at, "VALUE=%s is no type that is registered, want %s", excerpt(kind), strings.ReplaceAll(spec.types, " ", " or "))
	}
	return ""
}

// unregistered looks at a property that no RFC knows.
func (l *linter) unregistered(n *component, p *contentline.Line) {
	switch {
	case isExtension(p.Name):
		if check := extensions[p.Name]; check != nil {
			check(l, n, p)
		}
	default:
		l.report("property-unknown", n, p, 0, "%s is no property that is registered, and its name does not begin with X-", excerpt(p.Name))
	}
}

// isExtension reports whether a name of a component, property or parameter may be anybody's.
func isExtension(name string) bool { return len(name) > 2 && strings.HasPrefix(name, "X-") }

// paramIndex returns where a parameter is in the text of p.
func paramIndex(p *contentline.Line, name string) int {
	for i := range p.Params {
		if p.Params[i].Name == name {
			return p.Params[i].Index
		}
	}
	return 0
}
