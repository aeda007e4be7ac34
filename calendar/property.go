package calendar

import (
	"fmt"
	"slices"
	"strings"
)

// ours are the properties beginning with X- that this package writes from fields.
var ours = []string{
	"X-APPLE-CALENDAR-COLOR", "X-APPLE-STRUCTURED-LOCATION", "X-MICROSOFT-CDO-BUSYSTATUS", "X-PUBLISHED-TTL",
	"X-WR-CALDESC", "X-WR-CALNAME", "X-WR-TIMEZONE",
}

// extra writes properties that have no field.
func (l *lineWriter) extra(list []Property) {
	for _, p := range list {
		l.name(strings.ToUpper(p.Name))
		for _, q := range p.Params {
			l.param(strings.ToUpper(q.Name), q.Value)
		}
		switch p.valueType() {
		case "", "TEXT":
			l.text(p.Value)
		case "URI", "CAL-ADDRESS":
			l.uri(p.Value)
		default:
			l.raw(p.Value)
		}
	}
}

// valueType returns the value of the VALUE parameter of p, in upper case.
func (p *Property) valueType() string {
	for _, q := range p.Params {
		if strings.EqualFold(q.Name, "VALUE") {
			return strings.ToUpper(q.Value)
		}
	}
	return ""
}

// check returns what keeps p from being written.
func (p *Property) check() error {
	name := strings.ToUpper(p.Name)
	switch {
	case !isName(p.Name) || !strings.HasPrefix(name, "X-") || len(name) < len("X-A"):
		return fmt.Errorf("property %q, want a name that begins with X-, of letters, digits and hyphens", p.Name)
	case slices.Contains(ours, name):
		return fmt.Errorf("property %s is written from the fields", name)
	}
	for i, q := range p.Params {
		same := func(r Param) bool { return strings.EqualFold(r.Name, q.Name) }
		switch {
		case !isName(q.Name):
			return fmt.Errorf("%s: parameter %q, want a name of letters, digits and hyphens", name, q.Name)
		case slices.ContainsFunc(p.Params[:i], same):
			return fmt.Errorf("%s: parameter %s: %w", name, q.Name, ErrDuplicate)
		case isEmpty(q.Value):
			return fmt.Errorf("%s: parameter %s: %w", name, q.Name, ErrMissing)
		}
	}
	switch kind := p.valueType(); kind {
	case "", "TEXT":
		return nil
	case "URI", "CAL-ADDRESS":
		return checkRequiredURI(p.Value)
	case "BINARY", "BOOLEAN", "DATE", "DATE-TIME", "DURATION", "FLOAT", "INTEGER", "PERIOD", "RECUR", "TIME", "UTC-OFFSET":
		if p.Value == "" || !all(p.Value, visible) {
			return fmt.Errorf("%s: %q is no value of type %s", name, p.Value, kind)
		}
		return nil
	default:
		return fmt.Errorf("%s: %q is no type of value", name, kind)
	}
}

// isName reports whether s can be the name of a property or a parameter (RFC 5545, section 3.1).
func isName(s string) bool {
	for i := range len(s) {
		if !is(s[i], alnum) && s[i] != '-' {
			return false
		}
	}
	return s != ""
}
