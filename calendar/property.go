package calendar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ours are the properties beginning with X- that say what fields say.
var ours = []string{
	"X-ALT-DESC", "X-APPLE-CALENDAR-COLOR", "X-APPLE-STRUCTURED-LOCATION", "X-MICROSOFT-CDO-ALLDAYEVENT",
	"X-MICROSOFT-CDO-BUSYSTATUS", "X-PUBLISHED-TTL",
	"X-WR-CALDESC", "X-WR-CALNAME", "X-WR-TIMEZONE",
}

// extra writes properties that have no field.
func (l *lineWriter) extra(list []Property) {
	for _, p := range list {
		l.name(strings.ToUpper(p.Name)).guarded = true
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
		return fmt.Errorf("property %s is said by the fields", name)
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
		case strings.EqualFold(q.Name, "TZID"):
			return fmt.Errorf("%s: parameter TZID, want a value in UTC", name)
		case len(q.Value) > maxText:
			return fmt.Errorf("%s: parameter %s: %w", name, q.Name, checkText(q.Value))
		}
	}
	if err := checkText(p.Value); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	kind := p.valueType()
	ok := true
	switch kind {
	case "", "TEXT":
	case "URI", "CAL-ADDRESS":
		if err := checkRequiredURI(p.Value); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	case "BOOLEAN":
		ok = p.Value == "TRUE" || p.Value == "FALSE"
	case "INTEGER":
		_, err := strconv.ParseInt(p.Value, 10, 32)
		ok = err == nil
	case "FLOAT":
		_, err := strconv.ParseFloat(p.Value, 64)
		ok = err == nil && strings.Trim(p.Value, "+-.0123456789") == ""
	case "DATE":
		_, err := time.Parse(dateLayout, p.Value)
		ok = err == nil
	case "DATE-TIME":
		_, err := time.Parse(utcLayout, p.Value)
		ok = err == nil
	case "DURATION":
		_, err := parseDuration(p.Value)
		ok = err == nil
	default:
		return fmt.Errorf("%s: %q, want a value of type TEXT, URI, BOOLEAN, INTEGER, FLOAT, DATE, DATE-TIME or DURATION", name, kind)
	}
	if !ok {
		return fmt.Errorf("%s: %q is no value of type %s", name, p.Value, kind)
	}
	return nil
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
