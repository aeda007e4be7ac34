package calendar

import "strings"

// A class is a set of bytes, one bit of those in classes.
type class uint16

const (
	visible  class = 1 << iota // the visible characters of ASCII
	alnum                      // letters and digits of ASCII
	inUID                      // may stand in a UID
	inText                     // stands for itself in a TEXT value
	inParam                    // stands for itself in a parameter without quotes
	unquoted                   // calls for no quotes around a parameter; old readers take a caret only between quotes
	inURI                      // stands for itself in a URI
	leadsTwo                   // begins a character of two bytes in UTF-8
	inData                     // stands for itself in a data URI
	inMailto                   // stands for itself in the address of a mailto URI
)

func is(b byte, c class) bool { return classes[b]&c != 0 }

// all reports whether s is of bytes of a class alone.
func all(s string, c class) bool {
	for i := range len(s) {
		if !is(s[i], c) {
			return false
		}
	}
	return true
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
	add(alnum, func(b byte) bool {
		return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9'
	})
	add(inUID, not(`\;,`))
	add(inText, func(b byte) bool { return b == ' ' || b == '\t' || not(`\;,`)(b) })
	add(leadsTwo, func(b byte) bool { return 0xc2 <= b && b <= 0xdf })
	add(inParam, func(b byte) bool { return b == ' ' || not(`:;,"^\`)(b) })
	add(unquoted, func(b byte) bool { return strings.IndexByte(`:;,"^`, b) < 0 })
	add(inURI, not("\"<>\\^`{|}%"))
	add(inMailto, func(b byte) bool { return of[b]&alnum != 0 || strings.IndexByte("-._~!$'*+@", b) >= 0 })
	add(inData, func(b byte) bool { return of[b]&alnum != 0 || strings.IndexByte("-._~", b) >= 0 })
	return of
}()
