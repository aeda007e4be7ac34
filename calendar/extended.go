package calendar

import (
	"strings"

	"github.com/crieur/crieur/internal/contentline"
)

// values returns the values of a content line as they are written there.
func values(value string, s shape) []string {
	switch s {
	case list:
		return contentline.Split(value, ',')
	case parts:
		return contentline.Split(value, ';')
	}
	return []string{value}
}

// extended returns a value, which is written as in a content line, in the form that jCal and xCal have in common: text
// without escapes, dates and times with hyphens and colons. A value that is none of its type comes as it is.
func extended(t valueType, value string) string {
	switch t {
	case typeText:
		return contentline.Unescape(value)
	case typeDate:
		return punctuate(value, "dddd-dd-dd")
	case typeDateTime:
		return punctuate(value, "dddd-dd-ddTdd:dd:ddz")
	case typeTime:
		return punctuate(value, "dd:dd:ddz")
	case typeUTCOffset:
		if len(value) > len("+hhmm") {
			return punctuate(value, "sdd:dd:dd")
		}
		return punctuate(value, "sdd:dd")
	case typeBoolean:
		return strings.ToLower(value)
	}
	return value
}

// punctuate puts the hyphens and colons of form into s. The rest of form says what s is made of: d is a digit, s a sign,
// z the letter Z or nothing, T itself. It returns s if that is made otherwise.
func punctuate(s, form string) string {
	out, rest := make([]byte, 0, len("2006-01-02T15:04:05Z")), s
	for i := range len(form) {
		switch f := form[i]; {
		case f == '-' || f == ':':
			out = append(out, f)
		case f == 'z' && rest == "":
		case rest == "" || !fits(rest[0], f):
			return s
		default:
			out, rest = append(out, rest[0]), rest[1:]
		}
	}
	if rest != "" {
		return s
	}
	return string(out)
}

func fits(c, form byte) bool {
	switch form {
	case 'd':
		return '0' <= c && c <= '9'
	case 's':
		return c == '+' || c == '-'
	case 'z':
		return c == 'Z'
	}
	return c == form
}

// A rulePart is a part of a recurrence rule: FREQ, UNTIL, BYDAY.
type rulePart struct {
	name   string // lower case
	values []string
}

// number reports whether the values of the part are numbers (RFC 7265, section 3.6.10).
func (p rulePart) number() bool {
	switch p.name {
	case "freq", "until", "byday", "wkst", "rscale", "skip":
		return false
	}
	return true
}

// ruleParts returns the parts of a recurrence rule (RFC 5545, section 3.3.10) in their order, UNTIL in its extended form. What is no
// part is left out.
func ruleParts(rule string) []rulePart {
	var all []rulePart
	for part := range strings.SplitSeq(rule, ";") {
		name, value, ok := strings.Cut(part, "=")
		if !ok || !isName(name) {
			continue
		}
		p := rulePart{strings.ToLower(name), strings.Split(value, ",")}
		if p.name == "until" {
			p.values = []string{extended(typeDate, extended(typeDateTime, value))}
		}
		all = append(all, p)
	}
	return all
}
