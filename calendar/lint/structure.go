package lint

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/crieur/crieur/internal/contentline"
)

// structure reads the content lines and the components of the document (RFC 5545, section 3.4).
func (l *linter) structure() {
	for line, err := range contentline.Lines([]byte(l.doc)) {
		l.lines = append(l.lines, line)
		if err != nil {
			l.noLine(err)
		}
	}
	l.owners = make([]*component, len(l.lines))
	var open *component
	for i := range l.lines {
		p := &l.lines[i]
		l.owners[i] = open
		switch p.Name {
		case "":
		case "BEGIN":
			open = l.begin(open, p)
			l.owners[i] = open
		case "END":
			open = l.end(open, p)
		default:
			if open == nil {
				l.report("outside-calendar", nil, p, 0, "%s is outside any component, want it between BEGIN:VCALENDAR and END:VCALENDAR", p.Name)
				continue
			}
			open.add(p)
			if len(open.parts) > 0 && open.end == nil {
				l.report("property-after-component", open, p, 0, "%s of the %s comes after a component inside it, want it before", p.Name, open.name)
			}
		}
	}
	l.unclosed(open)
	if len(l.calendars) == 0 {
		l.reportAt("document-not-a-calendar", 1, 1, "the document holds no VCALENDAR")
	} else if len(l.calendars) > 1 {
		second := l.calendars[1]
		l.reportNode("calendar-twice", second, "", "the document holds %d calendars, and many readers take only the first", len(l.calendars))
	}
}

// maxNesting is how deep components may be nested.
const maxNesting = 32

func (l *linter) begin(open *component, p *contentline.Line) *component {
	n := &component{name: strings.ToUpper(strings.TrimSpace(p.Value)), parent: open, begin: p}
	l.spaced(n, p)
	depth := 0
	for o := open; o != nil; o = o.parent {
		depth++
	}
	if depth >= maxNesting {
		l.report("nested-wrong", open, p, 0, "components are nested deeper than %d", maxNesting)
		n.parent = open.parent
		return n
	}
	switch {
	case open == nil && n.name == "VCALENDAR":
		l.calendars = append(l.calendars, n)
	case open == nil:
		l.report("outside-calendar", n, p, 0, "the %s is outside any calendar, want it between BEGIN:VCALENDAR and END:VCALENDAR", excerpt(n.name))
	default:
		n.parent = l.place(open, n, p)
		n.parent.parts = append(n.parent.parts, n)
	}
	return n
}

// place looks at whether a component may be inside another, and returns the one that it is inside of: where an END is
// missing, one further out.
func (l *linter) place(parent, n *component, p *contentline.Line) *component {
	spec, known := componentSpecs[n.name]
	if !known {
		if !isExtension(n.name) {
			l.report("component-unknown", n, p, 0, "%s is no component that is registered, and its name does not begin with X-", excerpt(n.name))
		}
		return parent
	}
	for outer := parent; outer != nil; outer = outer.parent {
		if !slices.Contains(strings.Fields(spec.in), outer.name) && !isExtension(outer.name) {
			continue
		}
		for o := parent; o != outer; o = o.parent {
			l.report("end-missing", o, p, 0, "BEGIN:%s, but the %s of line %d has not ended", n.name, excerpt(o.name), o.begin.Number)
		}
		return outer
	}
	l.report("nested-wrong", n, p, 0, "%s inside %s, want it inside %s", n.name, excerpt(parent.name), cmp.Or(spec.in, "nothing"))
	return parent
}

// spaced looks for white space around the name of a component.
func (l *linter) spaced(n *component, p *contentline.Line) {
	if strings.TrimSpace(p.Value) != p.Value {
		l.reportValue("component-white-space", n, p, "%s has white space around the name of the component", p.Name)
	}
}

func (l *linter) end(open *component, p *contentline.Line) *component {
	name := strings.ToUpper(strings.TrimSpace(p.Value))
	n := open
	for n != nil && n.name != name {
		n = n.parent
	}
	if n == nil {
		l.report("end-without-begin", open, p, 0, "END:%s without its BEGIN", excerpt(name))
		return open
	}
	l.spaced(n, p)
	for ; open != n; open = open.parent {
		l.report("end-missing", open, p, 0, "END:%s, but the %s of line %d has not ended", excerpt(name), excerpt(open.name), open.begin.Number)
	}
	n.end = p
	return n.parent
}

// unclosed reports the innermost component that is open where the document ends.
func (l *linter) unclosed(open *component) {
	if open == nil {
		return
	}
	p := &l.lines[len(l.lines)-1]
	line, column := l.position(p, len(p.Text))
	if l.room("document-cut") {
		l.add("document-cut", line, column, open, "", fmt.Sprintf("the document ends, but the %s of line %d has not: want END:%s", excerpt(open.name), open.begin.Number, excerpt(open.name)))
	}
}

// noLine reports the last of the lines, which cannot be read.
func (l *linter) noLine(err error) {
	var fault *contentline.Error
	if !errors.As(err, &fault) {
		return
	}
	i := len(l.lines) - 1
	p := &l.lines[i]
	rule, property, reason := "line-malformed", "", fault.Reason
	name, _, colon := strings.Cut(p.Text, ":")
	name, _, _ = strings.Cut(name, ";")
	switch {
	case fault.Name != "":
		rule, property = "parameter-malformed", fault.Name
	case colon && len(name) < 30 && len(strings.Fields(name)) < 3 && strings.ToUpper(name) == name:
		property = name // misspelt
	case propertySpecs[strings.ToUpper(p.Text)].types != "":
		property = strings.ToUpper(p.Text)
	case i > 0 && !slices.Contains([]string{"", "BEGIN", "END"}, l.lines[i-1].Name):
		property = l.lines[i-1].Name
		reason += "; is it the rest of " + property + "?"
	}
	if l.room(rule) {
		line, column := l.position(p, 0)
		l.add(rule, line, column, nil, property, reason)
	}
}
