package calendar

import (
	"bytes"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxLine is the greatest length of a line in octets, without its line break (RFC 5545, section 3.1).
const maxLine = 75

// flushAt is how much a lineWriter gathers before it writes.
const flushAt = 32 << 10

// A lineWriter writes content lines. It appends to one buffer, which it hands on when it is large and there is a writer to take
// it, and keeps the first error, so that the code above it reads like the RFC.
//
// A property is written as a name, then parameters, then one value: l.name("SOURCE").token("VALUE", "URI").uri(u).
type lineWriter struct {
	w       io.Writer // nil: all stays in buf
	err     error
	buf     []byte
	start   int    // of the line being written, in buf
	guarded bool   // whether the line being written may hold a boundary
	scratch []byte // the unfolded line, while it is folded
	degrees []byte // a position, while it is told
	zones   *zoneSet

	stamped time.Time // the last time told in UTC, and its form: two properties of an event tell the same
	stamp   []byte
}

// lineWriters are those that have written a document, and keep their buffers for another.
var lineWriters = sync.Pool{New: func() any {
	return &lineWriter{buf: make([]byte, 0, 4096), degrees: make([]byte, 0, 2*len("-180.000000"))}
}}

// newLineWriter returns a lineWriter, which is given back by [lineWriter.free].
func newLineWriter(w io.Writer, zones *zoneSet) *lineWriter {
	l := lineWriters.Get().(*lineWriter)
	l.w, l.err, l.buf, l.zones = w, nil, l.buf[:0], zones
	return l
}

// free gives back l and its buffer, of which nobody may hold a part.
func (l *lineWriter) free() {
	l.w, l.zones = nil, nil
	lineWriters.Put(l)
}

// name begins a line.
func (l *lineWriter) name(name string) *lineWriter {
	l.start, l.guarded = len(l.buf), false
	l.buf = append(l.buf, name...)
	return l
}

// guard has the line looked through for a boundary if s, a value that we were given, can hold one.
func (l *lineWriter) guard(s string) *lineWriter {
	l.guarded = l.guarded || strings.IndexByte(s, ':') >= 0
	return l
}

// token adds a parameter whose value needs neither quotes nor escapes.
func (l *lineWriter) token(name, value string) *lineWriter {
	l.buf = append(l.buf, ';')
	l.buf = append(l.buf, name...)
	l.buf = append(l.buf, '=')
	l.buf = append(l.buf, value...)
	return l
}

// param adds a parameter; value is cleaned, quoted and escaped (RFC 6868) as need be.
func (l *lineWriter) param(name, value string) *lineWriter {
	l.guarded = true // the colon may be the one that follows
	l.buf = append(l.buf, ';')
	l.buf = append(l.buf, name...)
	l.buf = append(l.buf, '=')
	l.buf = appendParam(l.buf, value)
	return l
}

// paramIf adds a parameter to the line if something is left of its value when it is cleaned.
func (l *lineWriter) paramIf(name, value string) *lineWriter {
	if !isEmpty(value) {
		l.param(name, value)
	}
	return l
}

// dataURI adds a parameter that holds a document as a URI (RFC 2397), in UTF-8.
func (l *lineWriter) dataURI(name, mediaType, doc string) *lineWriter {
	l.token(name, `"data:`+mediaType+`,`)
	l.buf = append(appendEscaped(l.buf, doc, inData), '"')
	return l
}

// raw ends the line with a value that needs no escape. One that we were given is guarded before.
func (l *lineWriter) raw(value string) {
	l.buf = append(l.buf, ':')
	l.buf = append(l.buf, value...)
	l.end()
}

// text ends the line with a TEXT value, or drops it if nothing is left of s.
func (l *lineWriter) text(s string) { l.textOr(s, `\n`) }

// line ends the line with a TEXT value of one line, or drops it if nothing is left of s.
func (l *lineWriter) line(s string) { l.textOr(s, " ") }

func (l *lineWriter) textOr(s, newline string) {
	l.buf = append(l.buf, ':')
	value := len(l.buf)
	l.buf = appendText(l.buf, s, newline)
	if len(l.buf) == value {
		l.buf = l.buf[:l.start]
		return
	}
	l.guard(s)
	l.end()
}

// list ends the line with TEXT values between commas.
func (l *lineWriter) list(clean []string) {
	for i, s := range clean {
		l.buf = append(l.buf, ":,"[min(i, 1)])
		l.buf = appendText(l.buf, s, " ")
		l.guard(s)
	}
	l.end()
}

// uri ends the line with a URI value.
func (l *lineWriter) uri(u string) {
	l.buf = append(l.buf, ':')
	l.buf = appendURI(l.buf, u)
	l.guard(u)
	l.end()
}

// mailto ends the line with the URI of an e-mail address.
func (l *lineWriter) mailto(email string) {
	l.buf = append(l.buf, ':')
	l.buf = appendMailto(l.buf, email)
	l.end()
}

// integer ends the line with an INTEGER value.
func (l *lineWriter) integer(n int) {
	l.buf = append(l.buf, ':')
	l.buf = strconv.AppendInt(l.buf, int64(n), 10)
	l.end()
}

// date ends the line with a DATE value.
func (l *lineWriter) date(d Date) {
	l.buf = append(l.buf, ':')
	l.buf = appendDate(l.buf, d.Year, d.Month, d.Day)
	l.end()
}

// local ends the line with the DATE-TIME of t in its own location.
func (l *lineWriter) local(t time.Time) {
	l.buf = append(l.buf, ':')
	l.buf = appendDateTime(l.buf, t)
	l.end()
}

// utc ends the line with the DATE-TIME of t in UTC.
func (l *lineWriter) utc(t time.Time) {
	if t != l.stamped || len(l.stamp) == 0 {
		l.stamp = append(appendDateTime(append(l.stamp[:0], ':'), t.UTC()), 'Z')
		l.stamped = t
	}
	l.buf = append(l.buf, l.stamp...)
	l.end()
}

// end folds the line if it is long or holds a boundary, and ends it.
func (l *lineWriter) end() {
	l.guarded = l.guarded && boundary(l.buf[l.start:], 1) > 0
	if l.guarded || len(l.buf)-l.start > maxLine {
		l.scratch = append(l.scratch[:0], l.buf[l.start:]...)
		l.buf = appendFolded(l.buf[:l.start], l.scratch, l.guarded)
	}
	l.buf = append(l.buf, '\r', '\n')
	if len(l.buf) >= flushAt {
		l.flush()
	}
}

// flush writes what is left, and returns the first error of all writes.
func (l *lineWriter) flush() error {
	if l.w == nil {
		return nil
	}
	if l.err == nil && len(l.buf) > 0 {
		_, l.err = l.w.Write(l.buf)
	}
	l.buf = l.buf[:0]
	return l.err
}

// appendFolded appends line folded into lines of at most 75 octets (RFC 5545, section 3.1), and if it is guarded, at
// each boundary.
func appendFolded(dst, line []byte, guarded bool) []byte {
	room, from := maxLine, 1 // the line itself may be such a boundary, what continues it may not
	for {
		n := len(line)
		if n > room {
			n = foldAt(line, room)
		}
		if guarded {
			if b := boundary(line[:n], from); b > 0 {
				n = b
			}
		}
		if n == len(line) {
			break
		}
		dst = append(dst, line[:n]...)
		dst = append(dst, '\r', '\n', ' ')
		line = line[n:]
		room, from = maxLine-1, 0
	}
	return append(dst, line...)
}

// boundary returns where a line is folded, however short it is, so that no value shows what looks like the beginning or
// the end of a component, which some readers look for before they take a document apart into lines: after the colon of
// the first that begins at from or later. It is 0 if there is none.
func boundary(line []byte, from int) int {
	for i := from; i < len(line); {
		colon := bytes.IndexByte(line[i:], ':')
		if colon < 0 {
			break
		}
		before := line[from : i+colon]
		if i += colon + 1; i == len(line) {
			break
		}
		switch line[i] {
		case 'V', 'S', 'D':
			if bytes.HasSuffix(before, []byte("BEGIN")) || bytes.HasSuffix(before, []byte("END")) {
				return i
			}
		}
	}
	return 0
}

// foldAt returns how much of line, at most room octets, goes before a fold.
//
// It never cuts a rune or an escape. Some readers strip the white space of a line, or show what is between a letter
// and its accent, so it cuts at neither as long as another place exists.
func foldAt(line []byte, room int) int {
	if is(line[room], visible) && is(line[room-1], alnum) {
		return room
	}
	const (
		bySpace = iota // neither before nor after white space, nor within a character of several runes
		byMark         // not within a character of several runes
		byRune
	)
	for rule := bySpace; rule <= byRune; rule++ {
		floor := 0
		if rule < byRune {
			floor = room / 3 // not within the name
		}
		for n := room; n > floor; n-- {
			if !utf8.RuneStart(line[n]) || inEscape(line, n) {
				continue
			}
			if rule < byRune && joins(line, n) {
				continue
			}
			if rule < byMark && (isBlank(line[n]) || isBlank(line[n-1])) {
				continue
			}
			return n
		}
	}
	return room // not UTF-8 at all, which the writer never holds
}

// inEscape reports whether n is between a backslash or caret and the character it escapes.
func inEscape(line []byte, n int) bool {
	c, odd := line[n-1], false
	if c != '\\' && c != '^' {
		return false
	}
	for n > 0 && line[n-1] == c {
		n, odd = n-1, !odd
	}
	return odd
}

// joins reports whether the rune at n is shown together with the one before it.
func joins(line []byte, n int) bool {
	const zwj, firstMark = '\u200d', 0x300
	if line[n] < utf8.RuneSelf {
		return false
	}
	r, _ := utf8.DecodeRune(line[n:])
	before, _ := utf8.DecodeLastRune(line[:n])
	if r < firstMark && before < firstMark {
		return false
	}
	return r == zwj || before == zwj || unicode.IsMark(r) || unicode.Is(unicode.Sk, r) && r >= 0x1f3fb
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// backslashInParam is U+2216, which looks like a backslash and escapes nothing.
const backslashInParam = "\u2216"

// appendParam appends s as the value of a parameter: one line, with the escapes of RFC 6868, and in quotes if it
// holds a separator or an escape.
func appendParam(dst []byte, s string) []byte {
	s = trim(s)
	start, done := len(dst), 0
	dst = append(dst, '"')
	quote := len(s) > 255 // sabre takes no more without quotes
	for i := skip(s, 0, inParam); i < len(s); i = skip(s, i, inParam) {
		r, size := next(s[i:])
		dst = append(dst, s[done:i]...)
		switch r {
		case removed:
		case '\n':
			dst = append(dst, ' ')
		case '^':
			dst, quote = append(dst, "^^"...), true
		case '"':
			dst, quote = append(dst, "^'"...), true
		case '\\': // which some readers take for an escape, of the closing quote too
			dst = append(dst, backslashInParam...)
		case ':', ';', ',':
			dst, quote = append(dst, byte(r)), true
		default:
			dst = utf8.AppendRune(dst, r)
		}
		i += size
		done = i
	}
	dst = append(dst, s[done:]...)
	if quote {
		return append(dst, '"')
	}
	return append(dst[:start], dst[start+1:]...)
}

// appendDegrees appends f, at most 180, with six decimals.
func appendDegrees(dst []byte, f float64) []byte {
	const micro = 1e6
	n := int64(math.Round(f * micro))
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	dst = append(strconv.AppendInt(dst, n/micro, 10), '.')
	n %= micro
	return appendTwo(appendTwo(appendTwo(dst, int(n/10_000)), int(n/100%100)), int(n%100))
}

func appendDate(dst []byte, y int, m time.Month, d int) []byte {
	dst = appendTwo(appendTwo(dst, y/100), y%100)
	return appendTwo(appendTwo(dst, int(m)), d)
}

// appendDateTime appends what a calendar and a clock show at t in t's own location.
func appendDateTime(dst []byte, t time.Time) []byte {
	_, offset := t.Zone()
	t = time.Unix(t.Unix()+int64(offset), 0).UTC() // so the zone is looked up once
	y, m, d := t.Date()
	return appendClock(append(appendDate(dst, y, m, d), 'T'), t)
}

// appendClock appends what a clock shows at t in t's own location.
func appendClock(dst []byte, t time.Time) []byte {
	h, m, s := t.Clock()
	return appendTwo(appendTwo(appendTwo(dst, h), m), s)
}

func appendTwo(dst []byte, n int) []byte { return append(dst, byte('0'+n/10), byte('0'+n%10)) }
