package content

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"go/token"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// A source is the text of one file, made safe, and the way to name a place in it.
// All places inside the package are byte offsets into text.
type source struct {
	path   string
	text   string
	data   []byte // the file's own bytes, if they are the text
	report func(Fault)
	rough  bool     // there are line breaks other than "\n", or byte order marks: cleanText has to be asked
	draft  bool     // what is read now is not to be published
	faults int      // reported that are not errors
	once   []string // rules of which one fault, no error, is told: what is so in one row of a table is so in all
	told   map[string]bool
	last   struct{ at, line, start int }
}

// maxFaults is how many faults of one file that are no errors are reported. There is an error a record at most, and so no need to count them.
const maxFaults = 200

// newSource makes the bytes of a file into safe text: UTF-8, without a byte order mark and without control characters.
// It reports false when they are no text at all.
func newSource(path string, data []byte, report func(Fault)) (*source, bool) {
	s := &source{path: path, report: report}
	switch {
	case len(data) > MaxFile:
		s.fault(Error, RuleSize, 0, "the file has %d bytes, want at most %d: split it, or move it out of the content folder", len(data), MaxFile)
		return s, false
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		s.fault(Error, RuleEncoding, 0, "the file is UTF-16, want UTF-8: convert it with iconv -f UTF-16 -t UTF-8, or save it again as UTF-8")
		return s, false
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if clean, rough := survey(data); clean {
		s.text, s.data, s.rough = string(data), data, rough
		return s, true
	}
	if utf8.Valid(data) {
		s.text = string(data)
	} else {
		s.decode(data)
	}
	s.dropControls()
	return s, true
}

// decode reads bytes that are not UTF-8: as Windows-1252, the usual superset of Latin-1, if nothing in them is UTF-8, and
// otherwise as UTF-8 with broken places.
func (s *source) decode(data []byte) {
	first, bad, good := -1, 0, 0
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			if first < 0 {
				first = i
			}
			bad++
		case size > 1:
			good++
		}
		i += size
	}
	if good == 0 {
		text, err := charmap.Windows1252.NewDecoder().Bytes(data)
		if err == nil {
			s.text = string(text)
			at := first + len(string(text)) - len(data) - extra(text[min(first, len(text)):])
			s.fault(Warning, RuleEncoding, at, "byte 0x%02X is not UTF-8; the file is read as Windows-1252: convert it with iconv -f WINDOWS-1252 -t UTF-8", data[first])
			return
		}
	}
	s.text = strings.ToValidUTF8(string(data), "\uFFFD")
	s.fault(Warning, RuleEncoding, first, "byte 0x%02X is not UTF-8 (%d in the file, shown as \uFFFD): save the file again as UTF-8", data[first], bad)
}

// extra counts the bytes that text has more than it had in an encoding of one byte a character.
func extra(text []byte) int { return len(text) - utf8.RuneCount(text) }

// dropControls puts spaces in the place of control characters, so that all offsets stay.
func (s *source) dropControls() {
	s.rough = true
	first, n := -1, 0
	for i := range len(s.text) {
		if isControlAt(s.text, i) {
			if first < 0 {
				first = i
			}
			n++
		}
	}
	if n == 0 {
		return
	}
	found, _ := utf8.DecodeRuneInString(s.text[first:])
	b := []byte(s.text)
	for i := first; i < len(b); i++ {
		if isControlAt(s.text, i) {
			b[i] = ' '
			if b[i] != s.text[i] && s.text[i] == 0xC2 {
				b[i+1] = ' '
			}
		}
	}
	s.text = string(b)
	s.fault(Warning, RuleControl, first, "control character %U (%d in the file), read as a space: delete it", found, n)
}

// isPrintable reports whether the first eight bytes of b are ASCII without control characters.
func isPrintable(b []byte) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	w := binary.LittleEndian.Uint64(b)
	return (w|(w-' '*ones)|(w+ones))&high == 0
}

// survey reports whether data are UTF-8 without control characters, as most files are, and whether the text is rough.
func survey(data []byte) (clean, rough bool) {
	for i := 0; i < len(data); {
		if i+8 <= len(data) && isPrintable(data[i:]) {
			i += 8
			continue
		}
		if c := data[i]; c < 0x80 {
			i++
			if c >= ' ' && c != 0x7F || c == '\n' || c == '\t' {
				continue
			}
			if c != '\r' {
				return false, false
			}
			rough = true
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case size == 1, r < 0xA0 && r != '\u0085':
			return false, false
		case r == '\u0085', r == '\u2028', r == '\u2029', r == '\uFEFF':
			rough = true
		}
		i += size
	}
	return true, rough
}

// body returns the text from an offset on, as cleanText does.
func (s *source) body(from int) string {
	if s.rough {
		return cleanText(s.text[from:])
	}
	return strings.TrimSpace(s.text[from:])
}

// bytes returns s.text[from:to] for a reader that does not keep it.
func (s *source) bytes(from, to int) []byte {
	if s.data != nil {
		return s.data[from:to]
	}
	return []byte(s.text[from:to])
}

// isControlAt reports whether a control character other than tab and the line breaks begins at s[i].
func isControlAt(s string, i int) bool {
	switch c := s[i]; {
	case c < ' ':
		return c != '\n' && c != '\r' && c != '\t'
	case c == 0x7F:
		return true
	case c == 0xC2: // U+0080 to U+009F; U+0085 is a line break of old
		return i+1 < len(s) && s[i+1] < 0xA0 && s[i+1] != 0x85
	}
	return false
}

// position returns the place of an offset.
func (s *source) position(at int) token.Position {
	line, start := s.locate(at)
	at = max(0, min(at, len(s.text)))
	return token.Position{Filename: s.path, Offset: at, Line: line, Column: 1 + at - start}
}

// line returns the number of the line that an offset stands on, from 1.
func (s *source) line(at int) int {
	line, _ := s.locate(at)
	return line
}

// locate returns the line of an offset and where that begins. It goes from the place it was asked for before, forwards or back,
// since most questions are about places that are near.
func (s *source) locate(at int) (line, start int) {
	at = max(0, min(at, len(s.text)))
	if s.last.line == 0 {
		s.last.line = 1
	}
	if at >= s.last.at {
		between := s.text[s.last.at:at]
		s.last.line += strings.Count(between, "\n")
		if i := strings.LastIndexByte(between, '\n'); i >= 0 {
			s.last.start = s.last.at + i + 1
		}
	} else if at < s.last.start {
		s.last.line -= strings.Count(s.text[at:s.last.start], "\n")
		s.last.start = 1 + strings.LastIndexByte(s.text[:at], '\n')
	}
	s.last.at = at
	return s.last.line, s.last.start
}

func (s *source) fault(severity Severity, rule string, at int, format string, args ...any) {
	s.tell(Fault{Pos: s.position(at), Severity: severity, Rule: rule, Err: fmt.Errorf(format, args...)})
}

// tell reports a fault, unless there were too many.
func (s *source) tell(f Fault) {
	if s.draft {
		f.Severity = Notice // nothing is wrong with a draft that is not finished
	}
	if f.Severity != Error {
		if slices.Contains(s.once, f.Rule) {
			if s.told[f.Rule] {
				return
			}
			if s.told == nil {
				s.told = map[string]bool{}
			}
			s.told[f.Rule] = true
		}
		switch s.faults++; {
		case s.faults > maxFaults:
			return
		case s.faults == maxFaults:
			f = Fault{Pos: f.Pos, Severity: Warning, Rule: RuleSize, Err: fmt.Errorf("more than %d warnings and notices in this file, the others are not told: correct these first", maxFaults)}
		}
	}
	s.report(f)
}

// A syntaxError is what the readers of YAML, TOML and JSON return: a place, a rule, and what is wrong there.
type syntaxError struct {
	at   int
	rule string
	err  error
}

func (e *syntaxError) Error() string { return e.err.Error() }
func (e *syntaxError) Unwrap() error { return e.err }

func syntaxErrorf(at int, rule, format string, args ...any) error {
	return &syntaxError{at: at, rule: rule, err: fmt.Errorf(format, args...)}
}

// syntax reports the error of a reader.
func (s *source) syntax(err error) {
	var e *syntaxError
	if errors.As(err, &e) {
		s.tell(Fault{Pos: s.position(e.at), Severity: Error, Rule: e.rule, Err: e.err})
		return
	}
	s.fault(Error, RuleSyntax, 0, "%w", err)
}
