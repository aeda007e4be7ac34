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
	Unread     []string // names of its lines that cannot be read, upper case, as far as they can be told, one for equal ones in a row
}

const (
	maxDepth  = 64  // how deep components may be nested; calendars need three
	maxErrors = 100 // how many errors are told one by one
)

// Parse returns the components of a document, with those inside them, and what is wrong with it as joined errors, an
// [*Error] each: the first hundred, then one that says how many more there are. It returns what it could read even
// then: an END that is missing is added, lines outside any component are left out.
func Parse(data []byte) ([]*Component, error) {
	var (
		top  []*Component
		open []*Component
		errs errorList
	)
	fail := func(line int, format string, args ...any) {
		if errs.room(line) {
			errs.list = append(errs.list, &Error{Line: line, Reason: fmt.Sprintf(format, args...)})
		}
	}
	last := 0
	for line, err := range Lines(data) {
		last = line.Number
		if err != nil {
			if errs.room(line.Number) {
				errs.list = append(errs.list, err)
			}
			if len(open) > 0 {
				open[len(open)-1].addUnread(line.Text)
			}
			continue
		}
		switch line.Name {
		case "BEGIN":
			c := &Component{Name: componentName(line.Value), Line: line.Number}
			if len(open) == maxDepth {
				fail(line.Number, "components are nested deeper than %d", maxDepth)
				return top, errs.join()
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
	return top, errs.join()
}

// addUnread keeps the name of a line that cannot be read, if it has one.
func (c *Component) addUnread(text string) {
	name := text
	if i := strings.IndexAny(text, ":;"); i >= 0 {
		name = text[:i]
	}
	name = strings.TrimRight(name, " \t")
	const longest = 64 // of a name that anybody asks for
	if name == "" || len(name) > longest || nameLength(name) < len(name) {
		return
	}
	name = strings.ToUpper(name)
	if n := len(c.Unread); n == 0 || c.Unread[n-1] != name {
		c.Unread = append(c.Unread, name)
	}
}

// An errorList holds the first errors of a document, and how many more there are.
type errorList struct {
	list []error
	more int
	line int // of the first of those
}

// room reports whether an error of a line is to be told. If not, it is counted.
func (l *errorList) room(line int) bool {
	if len(l.list) < maxErrors {
		return true
	}
	if l.more == 0 {
		l.line = line
	}
	l.more++
	return false
}

func (l *errorList) join() error {
	if l.more > 0 {
		l.list = append(l.list, &Error{Line: l.line, Reason: fmt.Sprintf("here and below, %d more faults like those above", l.more)})
	}
	return errors.Join(l.list...)
}

func componentName(value string) string { return strings.ToUpper(strings.TrimRight(value, " \t")) }
