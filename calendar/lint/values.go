package lint

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/crieur/crieur/internal/contentline"
)

// typeChecks look at values of a type (RFC 5545, section 3.3); list says whether there may be many, between commas.
var typeChecks = map[string]func(l *linter, n *component, p *contentline.Line, list bool){
	"BINARY":      (*linter).binary,
	"CAL-ADDRESS": (*linter).calAddress,
	"DATE":        (*linter).dates,
	"DATE-TIME":   (*linter).dates,
	"DURATION":    (*linter).duration,
	"INTEGER":     (*linter).integer,
	"PERIOD":      (*linter).periods,
	"TEXT":        (*linter).text,
	"UID":         (*linter).text,
	"URI":         (*linter).uri,
	"UTC-OFFSET":  (*linter).utcOffset,
}

// formOf says what a value of a type looks like.
func formOf(kind string) string {
	switch kind {
	case "CAL-ADDRESS":
		return "an address such as mailto:jane@example.org"
	case "DATE":
		return "a date such as 20270508"
	case "DATE-TIME":
		return "a time such as 20270508T083000Z"
	case "DURATION":
		return "a duration such as PT1H30M"
	case "FLOAT":
		return "numbers such as 48.85;2.35"
	case "INTEGER":
		return "a whole number"
	case "PERIOD":
		return "a period such as 20270508T083000Z/PT1H"
	case "RECUR":
		return "a rule such as FREQ=WEEKLY"
	case "URI":
		return "a URI"
	case "UTC-OFFSET":
		return "an offset such as +0100"
	}
	return "a value"
}

func (l *linter) binary(n *component, p *contentline.Line, _ bool) {
	if !strings.EqualFold(p.Param("ENCODING"), "BASE64") {
		return
	}
	if _, err := base64.StdEncoding.DecodeString(p.Value); err == nil {
		return
	}
	if _, err := base64.RawStdEncoding.DecodeString(p.Value); err == nil { // as an example of RFC 5545 has it
		l.reportValue("base64-unpadded", n, p, "the value of %s is base64 without the = at its end", p.Name)
	} else {
		l.reportValue("base64-invalid", n, p, "the value of %s is not base64", p.Name)
	}
}

// calAddress looks at the address of a person (RFC 5545, section 3.3.3).
func (l *linter) calAddress(n *component, p *contentline.Line, _ bool) {
	v := p.Value
	switch {
	case strings.HasPrefix(v, "/"): // a principal on the server that wrote it
		l.reportValue("cal-address-relative", n, p, "%s is %q, which means nothing elsewhere, want mailto: and an address", p.Name, excerpt(v))
	case uriFault(v) != "":
		l.reportValue("cal-address-invalid", n, p, "%s is %q, want a URI such as mailto:jane@example.org", p.Name, excerpt(v))
	case len(v) > 7 && strings.EqualFold(v[:7], "mailto:"):
		if to, _, _ := strings.Cut(v[7:], "?"); !isMailbox(to) {
			l.reportValue("mailto-invalid", n, p, "%s is %q, want an e-mail address after mailto:", p.Name, excerpt(v))
		}
	}
}

// isMailbox reports whether s looks like an address to which mail can be sent.
func isMailbox(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && local != "" && domain != "" && !strings.ContainsAny(s, " \t<>,;\"") && !strings.Contains(domain, "@")
}

func (l *linter) uri(n *component, p *contentline.Line, _ bool) {
	v := p.Value
	if reason := uriFault(v); reason != "" {
		rule := "uri-invalid"
		if n.name == "VALARM" && p.Name == "ATTACH" && isName(v) {
			rule = "alarm-sound-name" // as Apple has it
		}
		if strings.Contains(v, `\`) {
			rule = "uri-backslash"
		}
		l.reportValue(rule, n, p, "%s is %q, which %s, want a URI", p.Name, excerpt(v), reason)
		return
	}
	for i := range len(v) {
		if v[i] >= utf8.RuneSelf {
			l.report("uri-not-ascii", n, p, len(p.Text)-len(v)+i, "%s holds %q, which is not ASCII, want it percent-encoded", p.Name, firstRune(v[i:]))
			return
		}
	}
}

// uriFault says what keeps s from being an absolute URI (RFC 3986); "" if nothing does.
func uriFault(s string) string {
	scheme, rest, ok := strings.Cut(s, ":")
	switch {
	case s == "":
		return "is empty"
	case !ok || !isScheme(scheme):
		return "has no scheme such as https:"
	case rest == "":
		return "has nothing after its scheme"
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c <= ' ':
			return "holds white space"
		case strings.IndexByte(`"<>\^{|}`+"`", c) >= 0:
			return "holds " + strconv.QuoteRune(rune(c))
		case c == '%' && !(i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])):
			return "holds a percent sign that encodes nothing"
		}
	}
	if strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https") {
		host, ok := strings.CutPrefix(rest, "//")
		if !ok || host == "" || strings.IndexByte("/?#:", host[0]) >= 0 {
			return "has no host"
		}
	}
	return ""
}

func firstRune(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return s[:size]
}

func (l *linter) integer(n *component, p *contentline.Line, _ bool) {
	if _, err := strconv.ParseInt(p.Value, 10, 32); err != nil {
		l.reportValue("integer-invalid", n, p, "%s is %q, want a whole number", p.Name, excerpt(p.Value))
	}
}

// inRange reports an integer that is beyond the values of its property.
func (l *linter) inRange(n *component, p *contentline.Line, low, high int64, want string) {
	if v, err := strconv.ParseInt(p.Value, 10, 32); err == nil && (v < low || v > high) {
		l.reportValue("integer-out-of-range", n, p, "%s is %d, want %s", p.Name, v, want)
	}
}

func (l *linter) percent(n *component, p *contentline.Line)  { l.inRange(n, p, 0, 100, "0 to 100") }
func (l *linter) priority(n *component, p *contentline.Line) { l.inRange(n, p, 0, 9, "0 to 9") }

func (l *linter) notNegative(n *component, p *contentline.Line) {
	l.inRange(n, p, 0, 1<<31-1, "0 or more")
}

// geo looks at a position (RFC 5545, section 3.8.1.6): two numbers in plain decimals.
func (l *linter) geo(n *component, p *contentline.Line) {
	lat, lon, ok := strings.Cut(p.Value, ";")
	a, okA := decimal(lat)
	b, okB := decimal(lon)
	switch {
	case !ok || !okA || !okB:
		l.reportValue("geo-invalid", n, p, "GEO is %q, want latitude;longitude in decimals, such as 48.85;2.35", excerpt(p.Value))
	case a < -90 || a > 90 || b < -180 || b > 180:
		l.reportValue("geo-out-of-range", n, p, "GEO is %q, want a latitude of -90 to 90 and a longitude of -180 to 180", excerpt(p.Value))
	case a == 0 && b == 0:
		l.reportValue("geo-zero", n, p, "GEO is 0;0, which is in the Gulf of Guinea")
	}
}

// decimal reads a FLOAT (RFC 5545, section 3.3.7), which has no exponent.
func decimal(s string) (float64, bool) {
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || digits == "" || strings.Trim(digits, "0123456789.") != "" || digits[0] == '.' || strings.HasSuffix(digits, ".") {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

func (l *linter) duration(n *component, p *contentline.Line, _ bool) {
	if m, not := readMoment(p.Value); p.Name == "TRIGGER" && not == "" && m.kind != aDay {
		l.report("trigger-without-value", n, p, 0, "TRIGGER is the time %q without VALUE=DATE-TIME", p.Value)
	} else if _, reason := readDuration(p.Value); reason != "" {
		l.reportValue("duration-invalid", n, p, "%s is %q: %s, want %s", p.Name, excerpt(p.Value), reason, formOf("DURATION"))
	}
}

// positiveDuration looks at a DURATION, which says how long something is.
func (l *linter) positiveDuration(n *component, p *contentline.Line) {
	d, reason := readDuration(p.Value)
	switch {
	case reason != "":
	case d.negative:
		l.reportValue("duration-negative", n, p, "DURATION is %q, want one that is not negative", excerpt(p.Value))
	case d.days == 0 && d.seconds == 0 && n.name != "VALARM":
		l.reportValue("duration-zero", n, p, "DURATION is %q, which takes no time", excerpt(p.Value))
	}
}

// A span is a DURATION as it was read.
type span struct {
	negative      bool
	days, seconds int64
	clock         bool // it has a part of hours, minutes or seconds
}

// readDuration reads a DURATION (RFC 5545, section 3.3.6), and says what is wrong with it; "" if nothing is. It takes
// hours and seconds without minutes, which the grammar has not and every reader takes.
func readDuration(s string) (d span, reason string) {
	rest := s
	if rest != "" && (rest[0] == '+' || rest[0] == '-') {
		d.negative = rest[0] == '-'
		rest = rest[1:]
	}
	rest, ok := strings.CutPrefix(rest, "P")
	if !ok {
		return d, "it does not begin with P"
	}
	order := "WDTHMS"
	last, parts := -1, 0
	for rest != "" {
		if rest[0] == 'T' && last < 2 {
			last, rest, d.clock = 2, rest[1:], true
			if rest == "" {
				return d, "nothing follows the T"
			}
			continue
		}
		digits := 0
		for digits < len(rest) && '0' <= rest[digits] && rest[digits] <= '9' {
			digits++
		}
		if digits == len(rest) {
			return d, "it does not end with a unit"
		}
		amount, err := strconv.ParseInt(rest[:digits], 10, 32)
		if err != nil {
			return d, "a unit has no number"
		}
		unit := strings.IndexByte(order, rest[digits])
		switch {
		case rest[digits] == 'Y' || rest[digits] == 'M' && last < 2:
			return d, "years and months have no fixed length"
		case unit < 0 || unit == 2 || unit <= last || unit > 2 && last < 2:
			return d, fmt.Sprintf("%q is out of place", rest[digits])
		case parts > 0 && last == 0:
			return d, "weeks stand alone"
		}
		last = unit
		parts++
		switch rest[digits] {
		case 'W':
			d.days += 7 * amount
		case 'D':
			d.days += amount
		case 'H':
			d.seconds += 3600 * amount
		case 'M':
			d.seconds += 60 * amount
		case 'S':
			d.seconds += amount
		}
		rest = rest[digits+1:]
	}
	if parts == 0 {
		return d, "it has no unit"
	}
	return d, ""
}

// utcOffset looks at an offset (RFC 5545, section 3.3.14).
func (l *linter) utcOffset(n *component, p *contentline.Line, _ bool) {
	seconds, reason := readOffset(p.Value)
	switch {
	case reason != "":
		l.reportValue("utc-offset-invalid", n, p, "%s is %q: %s, want %s", p.Name, excerpt(p.Value), reason, formOf("UTC-OFFSET"))
	case seconds%60 != 0:
		l.reportValue("utc-offset-seconds", n, p, "%s is %q: some readers refuse an offset with seconds", p.Name, excerpt(p.Value))
	}
}

// readOffset reads an offset in seconds east of UTC, and says what is wrong with it; "" if nothing is.
func readOffset(s string) (seconds int, reason string) {
	if s == "" || s[0] != '+' && s[0] != '-' {
		return 0, "it has no sign"
	}
	digits := s[1:]
	if len(digits) != 4 && len(digits) != 6 || strings.Trim(digits, "0123456789") != "" {
		return 0, "it has not four or six digits"
	}
	var part [3]int
	for i := range len(digits) / 2 {
		part[i] = twoDigits(digits[2*i:])
	}
	if part[0] > 23 || part[1] > 59 || part[2] > 59 {
		return 0, "it is out of range"
	}
	seconds = part[0]*3600 + part[1]*60 + part[2]
	if s[0] == '-' {
		if seconds == 0 {
			return 0, "zero has the sign +"
		}
		seconds = -seconds
	}
	return seconds, ""
}

// twoDigits reads the number of two digits at the beginning of s.
func twoDigits(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }
