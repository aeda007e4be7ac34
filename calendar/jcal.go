package calendar

import (
	"bufio"
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/crieur/crieur/internal/contentline"
)

// MediaTypeJCal is the Content-Type of what [EncodeJCal] writes.
const MediaTypeJCal = "application/calendar+json"

// EncodeJCal writes c as jCal, the JSON form of iCalendar (RFC 7265): the same components, properties and values in the
// same order as [Encode], with which it shares its promises. It checks everything first, and writes nothing when there
// are faults: the error is then that of [Check]. Any other error is w's. Calendars may be encoded by several goroutines
// at once.
//
// The value of an X- property without a VALUE parameter is of the type "unknown", and written as in the content line,
// with its escapes (section 5).
func EncodeJCal(w io.Writer, c *Calendar) error {
	return encodeAs(newJCal(w), c)
}

// A jcal writes JSON. Its Writer keeps the first error.
type jcal struct {
	w     *bufio.Writer
	comma bool // what comes next in the open array or object needs a comma
	buf   []byte
}

func newJCal(w io.Writer) *jcal { return &jcal{w: bufio.NewWriterSize(w, flushAt)} }

func (j *jcal) begin(component string) {
	j.open('[')
	j.string(component)
	j.open('[')
}

func (j *jcal) components(bool) {
	j.close(']')
	j.open('[')
}

func (j *jcal) end(string, bool) {
	j.close(']')
	j.close(']')
}

func (j *jcal) finish() error {
	j.w.WriteByte('\n')
	return j.w.Flush()
}

func (j *jcal) property(l *contentline.Line) {
	j.open('[')
	j.string(strings.ToLower(l.Name))
	j.params(l.Params)
	t, s := typeOf(l.Name, l.Param("VALUE"))
	j.string(string(t))
	if s == parts {
		j.open('[')
	}
	for _, v := range values(l.Value, s) {
		j.value(t, v)
	}
	if s == parts {
		j.close(']')
	}
	j.close(']')
}

func (j *jcal) params(all []contentline.Param) {
	j.open('{')
	for _, p := range all {
		if p.Name == "VALUE" {
			continue // its place is after the parameters
		}
		j.key(strings.ToLower(p.Name))
		j.several(p.Values, j.string)
	}
	j.close('}')
}

func (j *jcal) value(t valueType, v string) {
	switch t {
	case typeInteger, typeFloat:
		j.number(v)
	case typeBoolean:
		if v = extended(t, v); v == "true" || v == "false" {
			j.raw(v)
			return
		}
		j.string(v)
	case typePeriod:
		start, end, _ := strings.Cut(v, "/")
		j.open('[')
		j.string(extended(typeDateTime, start))
		j.string(extended(typeDateTime, end))
		j.close(']')
	case typeRecur:
		j.open('{')
		for _, p := range ruleParts(v) {
			j.key(p.name)
			if p.number() {
				j.several(p.values, j.number)
			} else {
				j.several(p.values, j.string)
			}
		}
		j.close('}')
	default:
		j.string(extended(t, v))
	}
}

// several writes one value as itself, and several as an array.
func (j *jcal) several(values []string, write func(string)) {
	if len(values) == 1 {
		write(values[0])
		return
	}
	j.open('[')
	for _, v := range values {
		write(v)
	}
	j.close(']')
}

// number writes v as a number, or what is none in JSON as a string.
func (j *jcal) number(v string) {
	v = strings.TrimPrefix(v, "+")
	if v == "" || strings.Trim(v, "-+.0123456789eE") != "" || !json.Valid([]byte(v)) {
		j.string(v)
		return
	}
	j.raw(v)
}

func (j *jcal) open(bracket byte) {
	j.separate()
	j.w.WriteByte(bracket)
	j.comma = false
}

func (j *jcal) close(bracket byte) {
	j.w.WriteByte(bracket)
	j.comma = true
}

// key writes the name of a member of an object, whose value comes next.
func (j *jcal) key(name string) {
	j.string(name)
	j.w.WriteByte(':')
	j.comma = false
}

// raw writes a value that is JSON.
func (j *jcal) raw(v string) {
	j.separate()
	j.w.WriteString(v)
	j.comma = true
}

func (j *jcal) separate() {
	if j.comma {
		j.w.WriteByte(',')
	}
}

// string writes s between quotation marks.
func (j *jcal) string(s string) {
	j.separate()
	j.buf = appendJSON(j.buf[:0], s)
	j.w.Write(j.buf)
	j.comma = true
}

// appendJSON appends s as a JSON string (RFC 8259, section 7). What is not UTF-8 becomes U+FFFD.
func appendJSON(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r < ' ':
			const hex = "0123456789abcdef"
			dst = append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&0xf])
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}
