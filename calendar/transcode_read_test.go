package calendar

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/crieur/crieur/internal/contentline"
)

// A told is what a document in any notation says of one.
type told struct {
	place  string   // the components around it
	name   string   // lower case
	params []string // name=value, sorted
	kind   string   // the type; empty for the structured values of xCal, which name none
	values []string // those of a rule as name=value, sorted; nil in content lines if they are no text
}

// readLines reads the properties of content lines.
func readLines(doc []byte) ([]told, error) {
	top, err := contentline.Parse(doc)
	if err != nil || len(top) != 1 {
		return nil, fmt.Errorf("%d components: %w", len(top), err)
	}
	var all []told
	var walk func(string, *contentline.Component)
	walk = func(place string, c *contentline.Component) {
		place += "/" + strings.ToLower(c.Name)
		for _, l := range c.Lines {
			kind, shape := typeOf(l.Name, l.Param("VALUE"))
			p := told{place: place, name: strings.ToLower(l.Name), kind: string(kind)}
			for _, q := range l.Params {
				if q.Name != "VALUE" {
					p.params = append(p.params, strings.ToLower(q.Name)+"="+strings.Join(q.Values, ","))
				}
			}
			slices.Sort(p.params)
			switch kind {
			case typeText:
				for _, v := range values(l.Value, shape) {
					p.values = append(p.values, contentline.Unescape(v))
				}
			case typeURI, typeCalAddress, typeDuration, typeInteger, typeUnknown:
				p.values = []string{l.Value}
			}
			all = append(all, p)
		}
		for _, sub := range c.Components {
			walk(place, sub)
		}
	}
	walk("", top[0])
	return all, nil
}

// readJCal reads the properties of a jCal document, which must be made as RFC 7265, appendix A, says.
func readJCal(doc []byte) (all []told, err error) {
	defer func() { // a type assertion that failed
		if r := recover(); r != nil {
			err = fmt.Errorf("not made as jCal: %v", r)
		}
	}()
	if !utf8.Valid(doc) {
		return nil, errors.New("not UTF-8")
	}
	var top any
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	if err := d.Decode(&top); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("more after the document: %v", err)
	}
	var walk func(string, []any)
	walk = func(place string, c []any) {
		place += "/" + c[0].(string)
		for _, l := range c[1].([]any) {
			l := l.([]any)
			p := told{place: place, name: l[0].(string), kind: l[2].(string)}
			for name, v := range l[1].(map[string]any) {
				p.params = append(p.params, name+"="+strings.Join(flat(v), ","))
			}
			slices.Sort(p.params)
			for _, v := range l[3:] {
				p.values = append(p.values, flat(v)...)
			}
			all = append(all, p)
		}
		for _, sub := range c[2].([]any) {
			walk(place, sub.([]any))
		}
	}
	walk("", top.([]any))
	return all, nil
}

// flat returns the strings, numbers and members that v consists of.
func flat(v any) []string {
	var all []string
	switch v := v.(type) {
	case []any:
		for _, v := range v {
			all = append(all, flat(v)...)
		}
	case map[string]any:
		for name, v := range v {
			for _, s := range flat(v) {
				all = append(all, name+"="+s)
			}
		}
		slices.Sort(all)
	default:
		all = []string{fmt.Sprint(v)}
	}
	return all
}

// A node is an element of any XML document.
type node struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
	Nodes   []node `xml:",any"`
}

func (n node) name() string { return n.XMLName.Local }

// readXCal reads the properties of an xCal document.
func readXCal(doc []byte) ([]told, error) {
	var top node
	if err := xml.Unmarshal(doc, &top); err != nil {
		return nil, err
	}
	if top.XMLName != (xml.Name{Space: "urn:ietf:params:xml:ns:icalendar-2.0", Local: "icalendar"}) || len(top.Nodes) != 1 {
		return nil, fmt.Errorf("%v with %d elements", top.XMLName, len(top.Nodes))
	}
	var all []told
	var walk func(string, node) error
	walk = func(place string, c node) error {
		place += "/" + c.name()
		if len(c.Nodes) == 0 || c.Nodes[0].name() != "properties" || len(c.Nodes) > 2 || len(c.Nodes) == 2 && c.Nodes[1].name() != "components" {
			return fmt.Errorf("%s is not made of properties and components", place)
		}
		for _, l := range c.Nodes[0].Nodes {
			all = append(all, l.told(place))
		}
		for _, sub := range c.Nodes[1:] {
			for _, sub := range sub.Nodes {
				if err := walk(place, sub); err != nil {
					return err
				}
			}
		}
		return nil
	}
	err := walk("", top.Nodes[0])
	return all, err
}

func (n node) told(place string) told {
	p := told{place: place, name: n.name()}
	for _, v := range n.Nodes {
		switch name := v.name(); name {
		case "parameters":
			for _, q := range v.Nodes {
				var values []string
				for _, v := range q.Nodes {
					values = append(values, v.Text)
				}
				p.params = append(p.params, q.name()+"="+strings.Join(values, ","))
			}
			slices.Sort(p.params)
		case "latitude", "longitude", "code", "description", "data":
			p.values = append(p.values, v.Text)
		case "recur":
			p.kind = name
			for _, part := range v.Nodes {
				p.values = append(p.values, part.name()+"="+part.Text)
			}
			slices.Sort(p.values)
		case "period":
			p.kind = name
			for _, part := range v.Nodes {
				p.values = append(p.values, part.Text)
			}
		default:
			p.kind = name
			p.values = append(p.values, v.Text)
		}
	}
	return p
}
