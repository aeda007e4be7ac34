// Package lint says what is wrong with an iCalendar document of any origin, and which program minds: faults against RFC
// 5545 and its extensions, what parsers refuse or read otherwise, and what clients make of a calendar that is subscribed
// to. It judges the bytes, so it sees what a parser has forgiven.
//
//	for _, f := range lint.Check(data) {
//		fmt.Println("agenda.ics:" + f.String()) // agenda.ics:8:18: error: DTEND is … (dtend-same-day)
//	}
package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/crieur/crieur/internal/contentline"
)

// A Severity says how bad a [Finding] is. The zero Severity is [Note].
type Severity int

const (
	Note    Severity = iota // worth knowing; nobody is misled
	Warning                 // a widely used client misbehaves
	Error                   // the RFC forbids it, and a parser refuses the document or reads another value
)

func (s Severity) String() string {
	switch s {
	case Note:
		return "note"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return fmt.Sprintf("Severity(%d)", int(s))
}

// A Finding is one thing that is wrong, or that surprises, in an iCalendar document.
type Finding struct {
	Line, Column int // in the document as it is, from 1; the column counts octets
	Severity     Severity
	Rule         string // stable name, such as "dtend-before-dtstart"; see [Rules]
	Component    string // such as VEVENT; empty: none
	UID          string // of the event; empty: none
	Property     string // such as DTEND; empty: none
	Message      string // what was found, and what was wanted
	Advice       string // what to do
	Source       string // the section of an RFC, or the client that misbehaves
}

// String returns f in the form that editors understand after the name of a file and a colon:
//
//	12:1: error: DTEND is before DTSTART (dtend-before-dtstart)
func (f Finding) String() string {
	return fmt.Sprintf("%d:%d: %s: %s (%s)", f.Line, f.Column, f.Severity, f.Message, f.Rule)
}

// Check reads an iCalendar document of any origin and returns what is wrong with it, in the order of the document; nil
// if nothing is. It judges by RFC 5545 and its extensions (RFC 5546, 6868, 7529, 7953, 7986, 9073, 9074, 9253), by
// what parsers refuse or read otherwise, and by what clients do with a calendar that is subscribed to.
//
// VTIMEZONE components are compared with the zone database of this machine; names that it does not know are not.
//
// The time taken grows with the length of data, and what is returned is bounded: of each rule at most a hundred
// findings, then one that says how many more there are.
func Check(data []byte) []Finding {
	l := newLinter(data)
	if l.isCalendar() {
		l.bytes()
		l.structure()
		l.misencoded()
		for _, c := range l.calendars {
			l.calendar(c)
		}
	}
	return l.findings()
}

// maxFindings is how many findings of one rule are listed.
const maxFindings = 100

// A linter gathers findings about one document.
type linter struct {
	doc       string
	lines     []contentline.Line
	owners    []*component // of each line; nil: none
	calendars []*component

	found  []Finding
	quiet  bool           // nothing is to be reported now
	counts map[string]int // findings by rule, listed or not
	last   map[string]Finding

	locations map[string]*time.Location // by TZID; nil: not in the zone database
	seen      map[string]int            // properties of the component being checked
	steps     int                       // that may still be taken; see minSteps
}

func newLinter(data []byte) *linter {
	return &linter{
		doc:       string(data),
		counts:    map[string]int{},
		last:      map[string]Finding{},
		locations: map[string]*time.Location{},
		seen:      map[string]int{},
		steps:     minSteps + len(data),
	}
}

// A component is a component: a part of the document from its BEGIN to its END.
type component struct {
	name   string     // upper case
	parent *component // nil: none
	begin  *contentline.Line
	end    *contentline.Line   // nil: missing
	props  []*contentline.Line // in order, without BEGIN and END
	parts  []*component
	first  map[string]*contentline.Line // the first of props of each name
}

// add adds a property, after those that n has.
func (n *component) add(p *contentline.Line) {
	n.props = append(n.props, p)
	if n.first == nil {
		n.first = map[string]*contentline.Line{}
	}
	if n.first[p.Name] == nil {
		n.first[p.Name] = p
	}
}

// prop returns the first property of a name; nil if there is none.
func (n *component) prop(name string) *contentline.Line { return n.first[name] }

// value returns the value of the first property of a name; "" if there is none.
func (n *component) value(name string) string {
	if p := n.prop(name); p != nil {
		return p.Value
	}
	return ""
}

// uid returns the UID of n, or else of the component around it.
func (n *component) uid() string {
	for ; n != nil && n.name != "VCALENDAR"; n = n.parent {
		if u := n.value("UID"); u != "" {
			return excerpt(contentline.Unescape(u))
		}
	}
	return ""
}

// report adds a finding about the property p of n, at an index of the unfolded line.
func (l *linter) report(rule string, n *component, p *contentline.Line, index int, format string, args ...any) {
	if !l.room(rule) {
		return
	}
	line, column := l.position(p, index)
	l.add(rule, line, column, n, p.Name, fmt.Sprintf(format, args...))
}

// reportValue adds a finding about the value of p.
func (l *linter) reportValue(rule string, n *component, p *contentline.Line, format string, args ...any) {
	l.report(rule, n, p, len(p.Text)-len(p.Value), format, args...)
}

// reportNode adds a finding about a whole component, or about a property that it does not have.
func (l *linter) reportNode(rule string, n *component, property, format string, args ...any) {
	if l.room(rule) {
		l.add(rule, n.begin.Number, 1, n, property, fmt.Sprintf(format, args...))
	}
}

// reportAt adds a finding about a place in the document, which need not be in a line.
func (l *linter) reportAt(rule string, line, column int, format string, args ...any) {
	if l.room(rule) {
		l.add(rule, line, column, nil, "", fmt.Sprintf(format, args...))
	}
}

// room counts a finding, and reports whether it is to be listed.
func (l *linter) room(rule string) bool {
	if l.quiet {
		return false
	}
	l.counts[rule]++
	return l.counts[rule] <= maxFindings
}

func (l *linter) add(rule string, line, column int, n *component, property, message string) {
	r := ruleNamed(rule)
	if property == "BEGIN" || property == "END" {
		property = ""
	}
	f := Finding{Line: line, Column: column, Severity: r.Severity, Rule: rule, Property: excerpt(property), Message: message, Advice: r.Advice, Source: r.Source}
	if n != nil {
		f.Component, f.UID = excerpt(n.name), n.uid()
	}
	l.found = append(l.found, f)
	l.last[rule] = f
}

// position returns where the octet at an index of an unfolded line is in the document.
func (l *linter) position(p *contentline.Line, index int) (line, column int) {
	line = p.Number
	at := p.Offset
	for {
		text, next := l.doc[at:], len(l.doc)
		if i := strings.IndexByte(text, '\n'); i >= 0 {
			text, next = text[:i], at+i+1
		}
		text = strings.TrimSuffix(text, "\r")
		skip := 0
		if at > p.Offset && text != "" {
			skip = 1 // the blank of the fold
		}
		n := len(text) - skip
		if index < n || next >= len(l.doc) || l.doc[next] != ' ' && l.doc[next] != '\t' {
			return line, skip + max(0, min(index, n)) + 1
		}
		index -= n
		at = next
		line++
	}
}

// findings returns what was found, in order.
func (l *linter) findings() []Finding {
	for i := range l.found {
		l.attribute(&l.found[i])
	}
	for rule, n := range l.counts {
		if n > maxFindings {
			f := l.last[rule]
			l.attribute(&f)
			f.Message = fmt.Sprintf("and %d more of this kind", n-maxFindings)
			l.found = append(l.found, f)
		}
	}
	slices.SortStableFunc(l.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Rule, b.Rule))
	})
	return l.found
}

// attribute says of which property and component a finding about bytes is.
func (l *linter) attribute(f *Finding) {
	if f.Component != "" || len(l.owners) < len(l.lines) {
		return
	}
	i, exact := slices.BinarySearchFunc(l.lines, f.Line, func(p contentline.Line, number int) int { return cmp.Compare(p.Number, number) })
	if !exact {
		i--
	}
	if i < 0 {
		return
	}
	f.Property = cmp.Or(f.Property, l.lines[i].Name)
	if n := l.owners[i]; n != nil {
		f.Component, f.UID = excerpt(n.name), n.uid()
	}
	if f.Property == "BEGIN" || f.Property == "END" {
		f.Property = ""
	}
}

// excerpt returns as much of s as a message can hold, on one line.
func excerpt(s string) string {
	const most = 60
	if len(s) > most {
		n := most
		for !utf8.RuneStart(s[n]) && n > most-utf8.UTFMax {
			n--
		}
		s = s[:n] + "…"
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return utf8.RuneError
		}
		return r
	}, s)
}
