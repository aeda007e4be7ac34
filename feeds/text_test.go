package feeds

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestEscapersRead compares what the escapers write of all sorts of bytes, at all places of the eight that they take at a time,
// with what is written character by character.
func TestEscapersRead(t *testing.T) {
	pieces := []string{"a", "abcdefgh", "é", "’", "\u00A0", "語", "\uFFFD", "\U0001F600", "<", "&", ">", `"`, `\`, "]", "]]>", "]]\x01>",
		"\n", "\t", "\r", "\r\n", "\x00", "\x1F", "\x7F", "\u0085", "\uFFFE", "\uFDD0", "\U0001FFFF",
		"\x80", "\xBF", "\xC0", "\xC2", "\xC3", "\xDF", "\xE0", "\xE1", "\xE2\x80", "\xED\xA0\x80", "\xEF\xBF", "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\xFF"}
	r := rand.New(rand.NewPCG(4, 8))
	for range 100_000 {
		var b strings.Builder
		b.WriteString("abcdefgh"[:r.IntN(9)])
		for range 1 + r.IntN(6) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		b.WriteString("abcdefghabcdefgh"[:r.IntN(17)])
		s := b.String()
		for name, e := range map[string]*escaper{"HTML": escapeHTML, "text": escapeText, "attribute": escapeAttr, "JSON": escapeJSON, "nothing": escapeNothing} {
			if got, want := string(e.append([]byte("<"), s)), "<"+e.slowly(s); got != want {
				t.Fatalf("%s: %q is written %q, want %q", name, s, got, want)
			}
		}
	}
}

// slowly is append, one character at a time.
func (e *escaper) slowly(s string) string {
	var b strings.Builder
	s = strings.ReplaceAll(s, "\r\n", "\n")
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\r':
			r = '\n'
			fallthrough
		case r == '\t', r == '\n', !isDropped(r):
			b.WriteRune(r)
		}
		i += n
	}
	s = b.String()
	b.Reset()
	for i := 0; i < len(s); i++ {
		with := e.replace[s[i]]
		switch {
		case e.class[s[i]] == escape:
			b.Write(with.bytes[:with.n])
		case e.class[s[i]] == sequence && strings.HasPrefix(s[i:], e.sequence):
			b.Write(with.bytes[:with.n])
			i += len(e.sequence) - 1
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
