package contentline

import (
	"errors"
	"fmt"
	"strings"
)

// A Component is what stands between a BEGIN and its END (RFC 5545, section 3.6).
type Component struct {
	Name       string // upper case
	Line       int    // number of the BEGIN
	End        int    // number of the END; zero: it is missing
	Lines      []Line // its own, without BEGIN and END
	Components []*Component
}

// maxDepth is how deep components may be nested. Calendars need three.
const maxDepth = 64

// Parse returns the components of a document, with those inside them, and all that is wrong with it as joined errors.
// It returns what it could read even then: an END that is missing is added, lines outside any component are left out.
func Parse(data []byte) ([]*Component, error) {
	var (
		top  []*Component
		open []*Component
		errs []error
	)
	fail := func(line int, format string, args ...any) {
		errs = append(errs, &Error{Line: line, Reason: fmt.Sprintf(format, args...)})
	}
	last := 0
	for line, err := range Lines(data) {
		last = line.Number
		if err != nil {
			errs = append(errs, err)
			continue
		}
		switch line.Name {
		case "BEGIN":
			c := &Component{Name: componentName(line.Value), Line: line.Number}
			if len(open) == maxDepth {
				fail(line.Number, "components are nested deeper than %d", maxDepth)
				return top, errors.Join(errs...)
			}
			if len(open) == 0 {
				top = append(top, c)
			} else {
				parent := open[len(open)-1]
				parent.Components = append(parent.Components, c)
			}
			open = append(open, c)
		case "END":
			name := componentName(line.Value)
			i := len(open) - 1
			for i >= 0 && open[i].Name != name {
				i--
			}
			if i < 0 {
				fail(line.Number, "END:%s without its BEGIN", name)
				continue
			}
			for _, c := range open[i+1:] {
				fail(line.Number, "END:%s, but the %s of line %d is still open", name, c.Name, c.Line)
			}
			open[i].End = line.Number
			open = open[:i]
		default:
			if len(open) == 0 {
				fail(line.Number, "%s outside any component", line.Name)
				continue
			}
			c := open[len(open)-1]
			c.Lines = append(c.Lines, line)
		}
	}
	for _, c := range open {
		fail(last, "the document ends, but the %s of line %d is still open", c.Name, c.Line)
	}
	return top, errors.Join(errs...)
}

func componentName(value string) string { return strings.ToUpper(strings.TrimRight(value, " \t")) }
