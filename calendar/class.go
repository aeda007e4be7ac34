package calendar

import "strings"

// A class is a set of bytes, one bit of those in classes.
type class uint16

const (
	visible   class = 1 << iota // the visible characters of ASCII
	printable                   // no control character of ASCII
	alnum                       // letters and digits of ASCII
	inUID                       // may stand in a UID
	inText                      // stands for itself in a TEXT value
	inParam                     // stands for itself in a parameter without quotes; old readers take a caret only between quotes
	inURI                       // stands for itself in a URI
	leadsTwo                    // begins a character of two bytes in UTF-8
	inData                      // stands for itself in a data URI
	inMailto                    // stands for itself in the address of a mailto URI
	inAtom                      // may stand in the local part of an e-mail address
	inDomain                    // may stand in its domain
)

func is(b byte, c class) bool { return classes[b]&c != 0 }

// past returns the index of the first byte of s from i on that is not of a class.
func past(s string, i int, c class) int {
	for i+4 <= len(s) && classes[s[i]]&classes[s[i+1]]&classes[s[i+2]]&classes[s[i+3]]&c != 0 {
		i += 4
	}
	for i < len(s) && is(s[i], c) {
		i++
	}
	return i
}

// all reports whether s is of bytes of a class alone.
func all(s string, c class) bool { return past(s, 0, c) == len(s) }

// appendEscaped appends s with every byte that is not of a class percent-encoded (RFC 3986, section 2.1).
func appendEscaped(dst []byte, s string, c class) []byte {
	for i := 0; i < len(s); i++ {
		n := past(s, i, c)
		dst = append(dst, s[i:n]...)
		if i = n; i < len(s) {
			dst = append(dst, '%', hexDigits[s[i]>>4], hexDigits[s[i]&15])
		}
	}
	return dst
}

var classes = func() (of [256]class) {
	add := func(c class, ok func(b byte) bool) {
		for b := range of {
			if ok(byte(b)) {
				of[b] |= c
			}
		}
	}
	not := func(set string) func(byte) bool {
		return func(b byte) bool { return ' ' < b && b < 0x7f && strings.IndexByte(set, b) < 0 }
	}
	add(visible, not(""))
	add(printable, func(b byte) bool { return b >= ' ' && b != 0x7f })
	add(alnum, func(b byte) bool {
		return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9'
	})
	add(inUID, not(`\;,`))
	add(inText, func(b byte) bool { return b == ' ' || b == '\t' || not(`\;,`)(b) })
	add(leadsTwo, func(b byte) bool { return 0xc2 <= b && b <= 0xdf })
	add(inParam, func(b byte) bool { return b == ' ' || not(`:;,"^\`)(b) })
	add(inURI, not("\"<>\\^`{|}%"))
	add(inMailto, func(b byte) bool { return of[b]&alnum != 0 || strings.IndexByte("-._~!$'*+@", b) >= 0 })
	add(inAtom, func(b byte) bool { return of[b]&alnum != 0 || strings.IndexByte("!#$%&'*+-/=?^_`{|}~", b) >= 0 })
	add(inDomain, func(b byte) bool { return of[b]&alnum != 0 || b == '-' })
	add(inData, func(b byte) bool { return of[b]&alnum != 0 || strings.IndexByte("-._~", b) >= 0 })
	return of
}()
