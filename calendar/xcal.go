package calendar

import (
	"bufio"
	"encoding/xml"
	"io"
	"slices"
	"strings"

	"github.com/crieur/crieur/internal/contentline"
)

// MediaTypeXCal is the Content-Type of what [EncodeXCal] writes.
const MediaTypeXCal = "application/calendar+xml; charset=utf-8"

// EncodeXCal writes c as xCal, the XML form of iCalendar (RFC 6321): the same components, properties and values in the
// same order as [Encode], with which it shares its promises. It checks everything first, and writes nothing when there
// are faults: the error is then that of [Check]. Any other error is w's. Calendars may be encoded by several goroutines
// at once.
//
// The value of an X- property without a VALUE parameter is in an element "unknown", and written as in the content line,
// with its escapes (section 5). XML has no U+FFFE and no U+FFFF: U+FFFD stands for them.
func EncodeXCal(w io.Writer, c *Calendar) error {
	return encodeAs(newXCal(w), c)
}

// An xcal writes XML. Its Writer keeps the first error.
type xcal struct {
	w *bufio.Writer
}

func newXCal(w io.Writer) *xcal {
	x := &xcal{bufio.NewWriterSize(w, flushAt)}
	x.w.WriteString(xml.Header) // which is less than flushAt: w has it when all is checked
	x.w.WriteString(`<icalendar xmlns="urn:ietf:params:xml:ns:icalendar-2.0">`)
	return x
}

func (x *xcal) begin(component string) {
	x.start(component)
	x.start("properties")
}

func (x *xcal) components(some bool) {
	x.stop("properties")
	if some {
		x.start("components")
	}
}

func (x *xcal) end(component string, some bool) {
	if some {
		x.stop("components")
	}
	x.stop(component)
}

func (x *xcal) finish() error {
	x.w.WriteString("</icalendar>\n")
	return x.w.Flush()
}

func (x *xcal) property(l *contentline.Line) {
	name := elementName(l.Name)
	x.start(name)
	x.params(l.Params)
	t, s := typeOf(l.Name, l.Param("VALUE"))
	for i, v := range values(l.Value, s) {
		if names := partNames(l.Name); i < len(names) {
			x.element(names[i], extended(t, v))
		} else {
			x.value(t, v)
		}
	}
	x.stop(name)
}

// partNames returns the elements that a structured value consists of (section 3.4.1).
func partNames(property string) []string {
	switch property {
	case "GEO":
		return []string{"latitude", "longitude"}
	case "REQUEST-STATUS":
		return []string{"code", "description", "data"}
	}
	return nil
}

func (x *xcal) params(all []contentline.Param) {
	some := false
	for _, p := range all {
		if p.Name == "VALUE" {
			continue // the name of the element with the value says it
		}
		if !some {
			x.start("parameters")
			some = true
		}
		t, known := paramTypes[p.Name]
		if !known {
			t = typeUnknown
		}
		name := elementName(p.Name)
		x.start(name)
		for _, v := range p.Values {
			if t == typeBoolean {
				v = extended(t, v)
			}
			x.element(string(t), v)
		}
		x.stop(name)
	}
	if some {
		x.stop("parameters")
	}
}

func (x *xcal) value(t valueType, v string) {
	switch t {
	case typePeriod:
		start, end, _ := strings.Cut(v, "/")
		x.start("period")
		x.element("start", extended(typeDateTime, start))
		if strings.HasPrefix(strings.TrimLeft(end, "+-"), "P") {
			x.element("duration", end)
		} else {
			x.element("end", extended(typeDateTime, end))
		}
		x.stop("period")
	case typeRecur:
		x.start("recur")
		x.rule(v)
		x.stop("recur")
	default:
		x.element(elementName(string(t)), extended(t, v))
	}
}

// ruleOrder is the order of the elements of a rule (RFC 6321, appendix A; RFC 7529, section 8). Nobody writes to it.
var ruleOrder = [...]string{"rscale", "freq", "until", "count", "interval", "bysecond", "byminute", "byhour", "byday",
	"bymonthday", "byyearday", "byweekno", "bymonth", "bysetpos", "wkst", "skip"}

func (x *xcal) rule(v string) {
	all := ruleParts(v)
	slices.SortStableFunc(all, func(a, b rulePart) int {
		return slices.Index(ruleOrder[:], a.name) - slices.Index(ruleOrder[:], b.name)
	})
	for _, p := range all {
		for _, v := range p.values {
			x.element(elementName(p.name), v)
		}
	}
}

func (x *xcal) element(name, text string) {
	x.start(name)
	xml.EscapeText(x.w, []byte(text))
	x.stop(name)
}

func (x *xcal) start(name string) {
	x.w.WriteByte('<')
	x.w.WriteString(name)
	x.w.WriteByte('>')
}

func (x *xcal) stop(name string) {
	x.w.WriteString("</")
	x.w.WriteString(name)
	x.w.WriteByte('>')
}

// elementName returns the element for a name of iCalendar, which consists of letters, digits and hyphens. Unlike that,
// it must begin with a letter.
func elementName(name string) string {
	name = strings.ToLower(name)
	if c := name[0]; c < 'a' || 'z' < c {
		return "x-" + name
	}
	return name
}
