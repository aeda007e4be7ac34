package lint

import (
	"strings"
	"time"
	"unicode"

	"github.com/crieur/crieur/calendar"
)

const (
	maxLine = 75 // octets, without the line break (RFC 5545, section 3.1)

	dateLayout  = "20060102"
	localLayout = "20060102T150405"
)

// weekdays are the names of the days of the week in a rule, in the order of [time.Weekday].
var weekdays = [...]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// isName reports whether s is a name of a property or a parameter by its form (RFC 5545, section 3.1).
func isName(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r != '-' && !isAlphanumeric(r) }) < 0
}

func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// isScheme reports whether s is the scheme of a URI by its form (RFC 3986, section 3.1).
func isScheme(s string) bool {
	return s != "" && !strings.ContainsAny(s[:1], "0123456789+-.") &&
		strings.IndexFunc(s, func(r rune) bool { return !isAlphanumeric(r) && !strings.ContainsRune("+-.", r) }) < 0
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// isMediaType reports whether s is a media type by its form (RFC 6838, section 4.2).
func isMediaType(s string) bool {
	kind, sub, ok := strings.Cut(s, "/")
	return ok && isRestrictedName(kind) && isRestrictedName(sub)
}

func isRestrictedName(s string) bool {
	return s != "" && len(s) <= 127 && isAlphanumeric(rune(s[0])) &&
		strings.IndexFunc(s, func(r rune) bool { return !isAlphanumeric(r) && !strings.ContainsRune("!#$&-^_.+", r) }) < 0
}

// isColor reports whether s is the name of a color, as package calendar knows them.
func isColor(s string) bool { return s != "" && calendar.Check(&calendar.Calendar{Color: s}) == nil }

// isLanguage reports whether s is a language tag, as package calendar knows them.
func isLanguage(s string) bool {
	return s == "" || calendar.Check(&calendar.Calendar{Language: s}) == nil
}

// trim takes away from both ends what some readers take away.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r < ' ' || r == 0x7f || r == '\ufeff' || r == '\u2028' || r == '\u2029'
	})
}

// daysIn returns how many days a month has.
func daysIn(year int, m time.Month) int { return time.Date(year, m+1, 0, 0, 0, 0, 0, time.UTC).Day() }
