package calendar

import "strings"

// A valueType is a value type (RFC 5545, section 3.3), named as in jCal and xCal.
type valueType string

const (
	typeBinary     valueType = "binary"
	typeBoolean    valueType = "boolean"
	typeCalAddress valueType = "cal-address"
	typeDate       valueType = "date"
	typeDateTime   valueType = "date-time"
	typeDuration   valueType = "duration"
	typeFloat      valueType = "float"
	typeInteger    valueType = "integer"
	typePeriod     valueType = "period"
	typeRecur      valueType = "recur"
	typeText       valueType = "text"
	typeTime       valueType = "time"
	typeUID        valueType = "uid" // RFC 9253, section 7
	typeURI        valueType = "uri"
	typeUTCOffset  valueType = "utc-offset"
	typeXML        valueType = "xml-reference" // RFC 9253, section 7
	typeUnknown    valueType = "unknown"       // RFC 6321 and RFC 7265, section 5
)

// A shape says of how many values the value of a property consists.
type shape uint8

const (
	single shape = iota
	list         // any number of them, between commas
	parts        // a fixed number of them, between semicolons: GEO and REQUEST-STATUS
)

// A propertyType says what kind of value a property has.
type propertyType struct {
	types    []valueType // that are allowed, the default first
	shape    shape
	explicit bool // there is no default: a VALUE parameter must name the type
}

// propertyTypes has the properties of RFC 5545, and of those RFCs that add to it: 6321, 7808, 7953, 7986, 9073, 9074 and
// 9253. Nobody writes to it.
var propertyTypes = map[string]propertyType{
	"ACKNOWLEDGED":       {types: []valueType{typeDateTime}},
	"ACTION":             {types: []valueType{typeText}},
	"ATTACH":             {types: []valueType{typeURI, typeBinary}},
	"ATTENDEE":           {types: []valueType{typeCalAddress}},
	"BUSYTYPE":           {types: []valueType{typeText}},
	"CALENDAR-ADDRESS":   {types: []valueType{typeCalAddress}},
	"CALSCALE":           {types: []valueType{typeText}},
	"CATEGORIES":         {types: []valueType{typeText}, shape: list},
	"CLASS":              {types: []valueType{typeText}},
	"COLOR":              {types: []valueType{typeText}},
	"COMMENT":            {types: []valueType{typeText}},
	"COMPLETED":          {types: []valueType{typeDateTime}},
	"CONCEPT":            {types: []valueType{typeURI}},
	"CONFERENCE":         {types: []valueType{typeURI}, explicit: true},
	"CONTACT":            {types: []valueType{typeText}},
	"CREATED":            {types: []valueType{typeDateTime}},
	"DESCRIPTION":        {types: []valueType{typeText}},
	"DTEND":              {types: []valueType{typeDateTime, typeDate}},
	"DTSTAMP":            {types: []valueType{typeDateTime}},
	"DTSTART":            {types: []valueType{typeDateTime, typeDate}},
	"DUE":                {types: []valueType{typeDateTime, typeDate}},
	"DURATION":           {types: []valueType{typeDuration}},
	"EXDATE":             {types: []valueType{typeDateTime, typeDate}, shape: list},
	"EXRULE":             {types: []valueType{typeRecur}},
	"FREEBUSY":           {types: []valueType{typePeriod}, shape: list},
	"GEO":                {types: []valueType{typeFloat}, shape: parts},
	"IMAGE":              {types: []valueType{typeURI, typeBinary}, explicit: true},
	"LAST-MODIFIED":      {types: []valueType{typeDateTime}},
	"LINK":               {types: []valueType{typeURI, typeUID, typeXML}, explicit: true},
	"LOCATION":           {types: []valueType{typeText}},
	"LOCATION-TYPE":      {types: []valueType{typeText}, shape: list},
	"METHOD":             {types: []valueType{typeText}},
	"NAME":               {types: []valueType{typeText}},
	"ORGANIZER":          {types: []valueType{typeCalAddress}},
	"PARTICIPANT-TYPE":   {types: []valueType{typeText}},
	"PERCENT-COMPLETE":   {types: []valueType{typeInteger}},
	"PRIORITY":           {types: []valueType{typeInteger}},
	"PRODID":             {types: []valueType{typeText}},
	"PROXIMITY":          {types: []valueType{typeText}},
	"RDATE":              {types: []valueType{typeDateTime, typeDate, typePeriod}, shape: list},
	"RECURRENCE-ID":      {types: []valueType{typeDateTime, typeDate}},
	"REFID":              {types: []valueType{typeText}},
	"REFRESH-INTERVAL":   {types: []valueType{typeDuration}, explicit: true},
	"RELATED-TO":         {types: []valueType{typeText, typeUID, typeURI}},
	"REPEAT":             {types: []valueType{typeInteger}},
	"REQUEST-STATUS":     {types: []valueType{typeText}, shape: parts},
	"RESOURCE-TYPE":      {types: []valueType{typeText}},
	"RESOURCES":          {types: []valueType{typeText}, shape: list},
	"RRULE":              {types: []valueType{typeRecur}},
	"SEQUENCE":           {types: []valueType{typeInteger}},
	"SOURCE":             {types: []valueType{typeURI}, explicit: true},
	"STATUS":             {types: []valueType{typeText}},
	"STRUCTURED-DATA":    {types: []valueType{typeText, typeBinary, typeURI}, explicit: true},
	"STYLED-DESCRIPTION": {types: []valueType{typeText, typeURI}, explicit: true},
	"SUMMARY":            {types: []valueType{typeText}},
	"TRANSP":             {types: []valueType{typeText}},
	"TRIGGER":            {types: []valueType{typeDuration, typeDateTime}},
	"TZID":               {types: []valueType{typeText}},
	"TZID-ALIAS-OF":      {types: []valueType{typeText}},
	"TZNAME":             {types: []valueType{typeText}},
	"TZOFFSETFROM":       {types: []valueType{typeUTCOffset}},
	"TZOFFSETTO":         {types: []valueType{typeUTCOffset}},
	"TZUNTIL":            {types: []valueType{typeDateTime}},
	"TZURL":              {types: []valueType{typeURI}},
	"UID":                {types: []valueType{typeText}},
	"URL":                {types: []valueType{typeURI}},
	"VERSION":            {types: []valueType{typeText}},
	"XML":                {types: []valueType{typeText, typeBinary}},
}

// paramTypes has the types of the parameters of RFC 5545 and of those that later RFCs add: 6638, 7986, 9073 and 9253.
// Nobody writes to it.
var paramTypes = map[string]valueType{
	"ALTREP":              typeURI,
	"CN":                  typeText,
	"CUTYPE":              typeText,
	"DELEGATED-FROM":      typeCalAddress,
	"DELEGATED-TO":        typeCalAddress,
	"DERIVED":             typeBoolean,
	"DIR":                 typeURI,
	"DISPLAY":             typeText,
	"EMAIL":               typeText,
	"ENCODING":            typeText,
	"FBTYPE":              typeText,
	"FEATURE":             typeText,
	"FMTTYPE":             typeText,
	"GAP":                 typeDuration,
	"LABEL":               typeText,
	"LANGUAGE":            typeText,
	"LINKREL":             typeText,
	"MEMBER":              typeCalAddress,
	"ORDER":               typeInteger,
	"PARTSTAT":            typeText,
	"RANGE":               typeText,
	"RELATED":             typeText,
	"RELTYPE":             typeText,
	"ROLE":                typeText,
	"RSVP":                typeBoolean,
	"SCHEDULE-AGENT":      typeText,
	"SCHEDULE-FORCE-SEND": typeText,
	"SCHEDULE-STATUS":     typeText,
	"SCHEMA":              typeURI,
	"SENT-BY":             typeCalAddress,
	"TZID":                typeText,
}

// typeOf returns the type and the shape of the value of a property, of which value is the VALUE parameter, or empty.
// The type is typeUnknown where neither says it, and may be one of which this package knows nothing but the name.
func typeOf(name, value string) (valueType, shape) {
	p, known := propertyTypes[name]
	switch {
	case value != "" && isName(value):
		return valueType(strings.ToLower(value)), p.shape
	case !known || p.explicit:
		return typeUnknown, single
	}
	return p.types[0], p.shape
}
