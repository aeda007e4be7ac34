package calendar

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const hexDigits = "0123456789ABCDEF"

// checkURI returns what keeps s from being written as an absolute URI (RFC 3986). The empty s is none, and good.
func checkURI(s string) error {
	s = trimURI(s)
	if s == "" {
		return nil
	}
	if err := checkText(s); err != nil {
		return err
	}
	if i := past(s, 0, printable); i < len(s) {
		return fmt.Errorf("control character %q in %q", s[i], s)
	}
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || !isScheme(scheme) || rest == "" {
		return fmt.Errorf("%q is not an absolute URI", s)
	}
	if strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https") {
		host, ok := strings.CutPrefix(rest, "//")
		if !ok || host == "" || strings.ContainsRune("/?#", rune(host[0])) {
			return fmt.Errorf("%q has no host", s)
		}
	}
	return nil
}

func trimURI(s string) string {
	if s == "" || is(s[0], visible) && is(s[len(s)-1], visible) {
		return s
	}
	return strings.Trim(s, " \t\r\n")
}

func isScheme(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		case i > 0 && ('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return false
		}
	}
	return s != ""
}

// appendURI appends s with every byte that may not stand in a URI percent-encoded, and no byte twice.
func appendURI(dst []byte, s string) []byte {
	s = trimURI(s)
	for {
		percent := strings.IndexByte(s, '%')
		if percent < 0 {
			return appendEscaped(dst, s, inURI)
		}
		dst = append(appendEscaped(dst, s[:percent], inURI), '%')
		if s = s[percent+1:]; len(s) < 2 || !isHex(s[0]) || !isHex(s[1]) {
			dst = append(dst, "25"...)
		}
	}
}

// uri returns s as [appendURI] writes it.
func uri(s string) string { return string(appendURI(nil, s)) }

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// checkEmail returns what keeps s from being an address to write to: a dot-atom, and a domain (RFC 5322, section
// 3.4.1, without quoted strings, comments and literals; RFC 6531 for what is not ASCII). The empty s is none, and good.
func checkEmail(s string) error {
	at := strings.LastIndexByte(s, '@')
	if s != "" && (at < 0 || !utf8.ValidString(s) || len(s) > 254 ||
		!isDotted(s[:at], inAtom) || !isDotted(s[at+1:], inDomain)) {
		return fmt.Errorf("%q is not an e-mail address", s)
	}
	return nil
}

// isDotted reports whether s, which is UTF-8, is of parts between dots, of bytes of a class and of what is beyond ASCII and
// printable.
func isDotted(s string, c class) bool {
	for i := 0; ; i++ {
		start := i
		for i = past(s, i, c); i < len(s) && s[i] >= utf8.RuneSelf; i = past(s, i, c) {
			r, size := utf8.DecodeRuneInString(s[i:])
			if !unicode.IsPrint(r) {
				return false
			}
			i += size
		}
		switch {
		case i == start:
			return false
		case i == len(s):
			return true
		case s[i] != '.':
			return false
		}
	}
}

// appendMailto appends the URI of an e-mail address (RFC 6068, section 2).
func appendMailto(dst []byte, email string) []byte {
	return appendEscaped(append(dst, "mailto:"...), email, inMailto)
}
