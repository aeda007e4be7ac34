package feeds

import (
	"errors"
	"net/url"
	"strings"
	"unicode/utf8"
)

const upperHex = "0123456789ABCDEF"

// notInURI is zero for the characters that may stand anywhere in a URI as they are.
var notInURI = func() (t [256]uint8) {
	for c := range t {
		t[c] = 1
	}
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?@!$&'()*+,;=") {
		t[c] = 0
	}
	return t
}()

// uri returns an address as a URI (RFC 3986): what a URI cannot hold is percent-encoded, and what
// is encoded already stays as it is. The address has passed one of the checks below.
func uri(s string) string {
	if isURI(s) {
		return s
	}
	b := make([]byte, 0, len(s)+24)
	authority, hash := authorityEnd(s), strings.IndexByte(s, '#')
	for i := range len(s) {
		c := s[i]
		switch {
		case notInURI[c] == 0,
			c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]),
			c == '#' && i == hash,
			(c == '[' || c == ']') && i < authority: // an IPv6 address
			b = append(b, c)
		default:
			b = append(b, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return string(b)
}

// isURI reports whether every character of s may stand anywhere in a URI.
func isURI(s string) bool {
	for ; len(s) >= 8; s = s[8:] {
		if notInURI[s[0]]|notInURI[s[1]]|notInURI[s[2]]|notInURI[s[3]]|notInURI[s[4]]|notInURI[s[5]]|notInURI[s[6]]|notInURI[s[7]] != 0 {
			return false
		}
	}
	for i := range len(s) {
		if notInURI[s[i]] != 0 {
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// authorityEnd returns where the host and port of s end, or 0 if s has none.
func authorityEnd(s string) int {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || !isScheme(scheme) {
		return 0
	}
	if n := strings.IndexAny(rest, "/?#"); n >= 0 {
		return len(s) - len(rest) + n
	}
	return len(s)
}

var (
	errRelative = errors.New("is relative")
	errScheme   = errors.New("has a scheme other than http and https")
	errHost     = errors.New("has no host, or none that there can be")
	errBytes    = errors.New("has control characters, blanks at its ends, or bytes that are not UTF-8")
)

// checkURI returns what is wrong with s as an absolute URI or IRI of any scheme.
func checkURI(s string) error {
	if !isURI(s) && (!utf8.ValidString(s) || s != strings.TrimSpace(s) || strings.ContainsFunc(s, isDropped)) {
		return errBytes
	}
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" || !isScheme(scheme) {
		return errRelative
	}
	return nil
}

// checkURL returns what is wrong with s as an absolute http or https address.
func checkURL(s string) error {
	if rest, ok := strings.CutPrefix(s, "https://"); ok && rest != "" && (isLetter(rest[0]) || isDigit(rest[0])) && isURI(rest) {
		return checkHost(s, rest)
	}
	if err := checkURI(s); err != nil {
		return err
	}
	scheme, rest, _ := strings.Cut(s, ":")
	if !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		return errScheme
	}
	if rest = strings.TrimPrefix(rest, "//"); len(rest)+len(scheme)+3 != len(s) {
		return errRelative
	}
	if rest == "" || strings.IndexByte("/?#:", rest[0]) >= 0 {
		return errHost
	}
	return checkHost(s, rest)
}

// checkHost returns what is wrong with the host and port of s, which begin rest. Most are seen at once.
func checkHost(s, rest string) error {
	i := 0
	for i < len(rest) && (isLetter(rest[i]) || isDigit(rest[i]) || rest[i] == '.' || rest[i] == '-') {
		i++
	}
	if i == len(rest) || strings.IndexByte("/?#", rest[i]) >= 0 {
		return nil
	}
	u, err := url.Parse(uri(s))
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Hostname(), " \"<>\\^`{|}") {
		return errHost
	}
	return nil
}

func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if 'a' <= c && c <= 'z' {
			continue
		}
		if i == 0 || (s[i] < '0' || s[i] > '9') && s[i] != '+' && s[i] != '-' && s[i] != '.' {
			return false
		}
	}
	return s != ""
}
