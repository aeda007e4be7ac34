package content

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
)

// slashed is a date that may name the day or the month first.
var slashed = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b`)

// shortYear is such a date with a year of two digits, and nothing after it but a time.
var shortYear = regexp.MustCompile(`^((?:\pL+\.?\s+)?\d{1,2}([/.-])\d{1,2}[/.-])(\d\d)(?:[\s,T]|$)`)

// fullYears gives the dates of the events of a table years of four digits, and returns the first that had two, as it is now, or nil.
func (p *parser) fullYears(rows []node) (first *node) {
	f := p.collection.Fields
	for i := range rows {
		for j := range rows[i].entries {
			e := &rows[i].entries[j]
			if m := shortYear.FindStringSubmatchIndex(e.value.text); m != nil && (e.name == "date" || f.reads(fieldStart, e.name) || f.reads(fieldEnd, e.name) || f.reads(fieldPublished, e.name)) {
				e.value.text = e.value.text[:m[3]] + "20" + e.value.text[m[3]:]
				if first == nil {
					first = &e.value
				}
			}
		}
	}
	return first
}

// tellDates reads the dates of the events of a table alike, and those on which its rows were published, which may well be a program's.
func (p *parser) tellDates(rows []node) {
	f := p.collection.Fields
	events := func(name string) bool {
		return f.reads(fieldStart, name) || f.reads(fieldEnd, name) || name == "date" && p.collection.DateIsStart
	}
	p.readAlike(rows, events)
	p.readAlike(rows, func(name string) bool { return f.reads(fieldPublished, name) && !events(name) })
}

// readAlike reads the dates of some columns alike: one that can name only the month first (05/30/2027), or only the day, says how the
// others are meant, which then stand in the form 2027-05-08.
func (p *parser) readAlike(rows []node, isOf func(name string) bool) {
	var cells, monthFirst, dayFirst []*node // of those that can be read in both ways, and in one
	numbers := func(n *node) (a, b int, m []string) {
		if m = slashed.FindStringSubmatch(n.text); m != nil {
			a, _ = strconv.Atoi(m[1])
			b, _ = strconv.Atoi(m[2])
		}
		return a, b, m
	}
	for i := range rows {
		for j := range rows[i].entries {
			e := &rows[i].entries[j]
			switch a, b, m := numbers(&e.value); {
			case m == nil, !isOf(e.name):
			case a > 12:
				dayFirst = append(dayFirst, &e.value)
			case b > 12:
				monthFirst = append(monthFirst, &e.value)
			default:
				cells = append(cells, &e.value)
			}
		}
	}
	r := reader{lang: cmp.Or(p.collection.Language, p.opt.Language)}
	switch {
	case len(cells) == 0 || len(monthFirst) == 0 && (len(dayFirst) == 0 || r.french()):
		return
	case len(monthFirst) > 0 && len(dayFirst) > 0:
		p.src.fault(Warning, RuleTable, monthFirst[0].at, "%s names the month first and, on line %d, %s the day: write all dates in the form 2027-05-08",
			clip(monthFirst[0].text, 20), p.src.line(dayFirst[0].at), clip(dayFirst[0].text, 20))
		return
	}
	first, what, severity := dayFirst, "day", Notice
	if len(monthFirst) > 0 {
		first, what = monthFirst, "month"
		if r.french() { // it may be the one that is wrong
			severity = Warning
		}
	}
	p.src.fault(severity, RuleTable, first[0].at, "%s names the %s first, so all such dates of this table are read so: correct it if it is wrong", clip(first[0].text, 20), what)
	for _, n := range cells {
		a, b, m := numbers(n)
		if len(monthFirst) > 0 {
			a, b = b, a
		}
		n.text = fmt.Sprintf("%s-%02d-%02d%s", m[3], b, a, n.text[len(m[0]):])
	}
}
