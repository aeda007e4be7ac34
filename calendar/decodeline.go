package calendar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crieur/crieur/internal/contentline"
)

// find returns the first property of a name, or nil.
func find(c *contentline.Component, name string) *contentline.Line {
	i := slices.IndexFunc(c.Lines, func(l contentline.Line) bool { return l.Name == name })
	if i < 0 {
		return nil
	}
	return &c.Lines[i]
}

// text returns what a TEXT value means, and a value of another type as it is. That of nil is "".
func text(l *contentline.Line) string {
	switch {
	case l == nil:
		return ""
	case l.Param("VALUE") != "" && !strings.EqualFold(l.Param("VALUE"), "TEXT"):
		return l.Value
	}
	return unescaped(l)
}

// unescaped returns what the value of l means if it is a TEXT.
func unescaped(l *contentline.Line) string {
	if l.Plain {
		return l.Value
	}
	return contentline.Unescape(l.Value)
}

// token returns a value that is one word, in upper case.
func token(l *contentline.Line) string { return strings.ToUpper(strings.TrimSpace(text(l))) }

// extra returns the properties that begin with X- and have no field.
func (d *decoder) extra(c *contentline.Component, event int, uid string) []Property {
	var list []Property
	for i := range c.Lines {
		l := &c.Lines[i]
		if !strings.HasPrefix(l.Name, "X-") || slices.Contains(ours, l.Name) || isHTML(l) {
			continue
		}
		if len(list) == maxList {
			d.fault(event, uid, "Extra", l.Number, fmt.Errorf("%s and what follows, want at most %d of them", l.Name, maxList))
			break
		}
		p, err := extraProperty(l)
		if err != nil {
			d.fault(event, uid, "Extra", l.Number, err)
			continue
		}
		list = append(list, p)
	}
	return list
}

// isHTML reports whether l is a description in HTML.
func isHTML(l *contentline.Line) bool {
	return (l.Name == "X-ALT-DESC" || l.Name == "STYLED-DESCRIPTION") &&
		strings.EqualFold(l.Param("FMTTYPE"), "text/html") && !strings.EqualFold(l.Param("VALUE"), "URI")
}

// extraProperty returns l as Encode writes it. Of a parameter that is there twice the first is taken.
func extraProperty(l *contentline.Line) (Property, error) {
	const most = 100
	p := Property{Name: l.Name, Value: l.Value}
	if len(l.Params) > most {
		return p, fmt.Errorf("%s has %d parameters, want at most %d", l.Name, len(l.Params), most)
	}
	for _, q := range l.Params {
		value := cleanLine(strings.Join(q.Values, ","))
		if value != "" && !slices.ContainsFunc(p.Params, func(r Param) bool { return r.Name == q.Name }) {
			p.Params = append(p.Params, Param{q.Name, value})
		}
	}
	switch p.valueType() {
	case "", "TEXT":
		p.Value = clean(unescaped(l))
	case "URI", "CAL-ADDRESS":
		p.Value = uri(l.Value)
	}
	return p, p.check()
}
