package lint

import (
	"strings"
	"unicode/utf8"
)

// isCalendar reports whether the document is one to look at in detail. What is something else, such as the page of an
// error, gives one finding and not one for each line.
func (l *linter) isCalendar() bool {
	start := strings.TrimLeft(strings.TrimPrefix(l.doc, "\ufeff"), " \t\r\n")
	switch {
	case l.doc == "":
		l.reportAt("document-empty", 1, 1, "the document is empty, want a VCALENDAR")
	case isUTF16(l.doc):
		l.reportAt("document-utf-16", 1, 1, "the document is in UTF-16, want UTF-8")
	case start == "":
		l.reportAt("document-empty", 1, 1, "the document holds nothing but white space, want a VCALENDAR")
	case !containsFold(l.doc, "BEGIN:VCALENDAR"):
		l.reportAt("document-not-a-calendar", 1, 1, "the document is %s, want a VCALENDAR", kindOf(start))
	default:
		return true
	}
	return false
}

func isUTF16(doc string) bool {
	for _, mark := range [...]string{"\xff\xfe", "\xfe\xff", "B\x00E\x00", "\x00B\x00E", "\r\x00\n\x00", "\x00\r\x00\n"} {
		if strings.HasPrefix(doc, mark) {
			return true
		}
	}
	return false
}

// kindOf says what a document seems to be that is no calendar.
func kindOf(start string) string {
	for _, k := range [...]struct{ prefix, kind string }{
		{"<!DOCTYPE", "a page in HTML"}, {"<HTML", "a page in HTML"}, {"<?XML", "XML"}, {"<", "a page in HTML or XML"}, {"{", "JSON"}, {"[", "JSON"},
		{"\x1f\x8b", "compressed by gzip"}, {"PK\x03\x04", "a zip file"}, {"%PDF", "a PDF"}, {"BEGIN:VCARD", "a VCARD"},
	} {
		if len(start) >= len(k.prefix) && strings.EqualFold(start[:len(k.prefix)], k.prefix) {
			return k.kind
		}
	}
	return "no calendar"
}

func containsFold(s, upper string) bool {
	for i := 0; ; i++ {
		n := strings.IndexAny(s[i:], upper[:1]+strings.ToLower(upper[:1]))
		if n < 0 || i+n+len(upper) > len(s) {
			return false
		}
		i += n
		if strings.EqualFold(s[i:i+len(upper)], upper) {
			return true
		}
	}
}

// bytes looks at the physical lines of the document (RFC 5545, section 3.1).
func (l *linter) bytes() {
	doc := l.doc
	at := 0
	if strings.HasPrefix(doc, "\ufeff") {
		l.reportAt("byte-order-mark", 1, 1, "the document begins with a byte order mark, want BEGIN:VCALENDAR")
		at = len("\ufeff")
	}
	var crlf, lf, firstLF int
	end := len(strings.TrimRight(doc, " \t\r\n")) // what follows is the end of the document
	before := ""
	for number := 1; at < len(doc); number++ {
		n := strings.IndexByte(doc[at:], '\n')
		text, next := doc[at:], len(doc)
		switch {
		case n < 0:
			l.reportAt("last-line-break-missing", number, len(text)+1, "the last line does not end, want CRLF")
		case n > 0 && text[n-1] == '\r':
			crlf++
			text, next = text[:n-1], at+n+1
		default:
			lf++
			if firstLF == 0 {
				firstLF = number
			}
			text, next = text[:n], at+n+1
		}
		l.physical(number, text, before, at >= end)
		before = text
		at = next
	}
	switch {
	case lf > 0 && crlf == 0:
		l.reportAt("line-break-lf", 1, 1, "the lines end with LF alone, want CRLF")
	case lf > 0:
		l.reportAt("line-break-mixed", firstLF, 1, "%d of %d lines end with LF alone, want CRLF", lf, lf+crlf)
	}
}

// physical looks at one physical line, without its line break.
func (l *linter) physical(number int, text, before string, atEnd bool) {
	switch blank := strings.TrimLeft(text, " \t"); {
	case atEnd && blank == "":
		l.reportAt("line-empty-at-end", number, 1, "an empty line follows the calendar")
		return
	case text == "":
		l.reportAt("line-empty", number, 1, "the line is empty, want a property")
		return
	case blank == "" && len(before) < maxLine/2: // a long line before it is folded where it has white space
		l.reportAt("line-blank", number, 1, "the line holds nothing but white space")
		return
	}
	if len(text) > maxLine {
		l.reportAt("line-too-long", number, maxLine+1, "the line has %d octets, want at most %d", len(text), maxLine)
	}
	if folded := text[0] == ' ' || text[0] == '\t'; folded && before != "" {
		l.fold(number, text, before)
	}
	plain := true
	for i := range len(text) {
		c := text[i]
		plain = plain && c < utf8.RuneSelf
		switch {
		case c == '\r':
			l.reportAt("lone-cr", number, i+1, "CR without LF within the line, which some readers take for its end")
		case c == 0:
			l.reportAt("nul", number, i+1, "NUL within the line")
		case c < ' ' && c != '\t' || c == 0x7f:
			l.reportAt("control-character", number, i+1, "the control character U+%04X within the line", c)
		}
	}
	if !plain {
		l.utf8(number, text, before)
	}
}

// fold looks at the place at which a line continues the one before.
func (l *linter) fold(number int, text, before string) {
	if len(text) > 1 && !utf8.RuneStart(text[1]) && !endsWithRune(before) {
		l.reportAt("fold-within-rune", number, 2, "the line is folded within a character of UTF-8")
	} else if i := len(before); (i-len(strings.TrimRight(before, `\`)))%2 != 0 {
		l.reportAt("fold-within-escape", number, 2, "the line is folded between a backslash and the character that it escapes")
	}
}

// endsWithRune reports whether the last rune of s is whole.
func endsWithRune(s string) bool {
	i := len(s) - 1
	for i > 0 && i > len(s)-utf8.UTFMax && !utf8.RuneStart(s[i]) {
		i--
	}
	return i < 0 || utf8.FullRuneInString(s[i:])
}

// utf8 looks at the characters of a line that are not ASCII.
func (l *linter) utf8(number int, text, before string) {
	for i, r := range text {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[i:]); size > 1 {
				l.reportAt("replacement-character", number, i+1, "U+FFFD, which stands for a character that was lost")
				return
			}
			if i == 1 && !endsWithRune(before) || !utf8.FullRuneInString(text[i:]) && i > 1 {
				continue // half a rune: of the fold
			}
			l.reportAt("not-utf-8", number, i+1, "the byte %02X is not UTF-8%s", text[i], latin1(text[i]))
			return
		}
		if r == '\ufeff' {
			l.reportAt("byte-order-mark-within", number, i+1, "U+FEFF within the line, which nobody sees")
			return
		}
		if r == '\u2028' || r == '\u2029' {
			l.reportAt("line-separator", number, i+1, "U+%04X, which is a line break to some readers", r)
			return
		}
	}
}

// latin1 says what a byte is in the encoding that it is most often meant in.
func latin1(b byte) string {
	if b < 0xa0 {
		return ""
	}
	return ", in ISO 8859-1 it is " + string(rune(b))
}

// misencoded looks for UTF-8 that was taken for ISO 8859-1 or Windows-1252 and encoded again.
func (l *linter) misencoded() {
	if !strings.Contains(l.doc, "Ã") && !strings.Contains(l.doc, "â") {
		return
	}
	for i := range l.lines {
		p := &l.lines[i]
		for at := strings.IndexAny(p.Text, "Ãâ"); at >= 0; at = -1 {
			r, size := utf8.DecodeRuneInString(p.Text[at:])
			next, _ := utf8.DecodeRuneInString(p.Text[at+size:])
			if r == 'Ã' && 0x80 <= next && next <= 0xbf || r == 'â' && next == '€' {
				l.report("mojibake", l.owners[i], p, at, "%q looks like UTF-8 that was encoded twice", string(r)+string(next))
			}
		}
	}
}
