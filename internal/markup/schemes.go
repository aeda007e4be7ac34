package markup

import (
	"net/url"
	"strings"
	"unicode"
)

// mailto returns the mailto: address of an e-mail address, which may have a query after it (RFC 6068).
func mailto(rest string) string {
	rest = strings.TrimLeft(strings.TrimSpace(rest), "/")
	for hasPrefixFold(rest, "mailto:") {
		rest = strings.TrimSpace(rest[len("mailto:"):])
	}
	if !strings.Contains(rest, "@") && !strings.HasPrefix(rest, "?") {
		return ""
	}
	ref := "mailto:" + encode(strings.ReplaceAll(rest, `\`, "%5C"))
	if _, err := url.Parse(ref); err != nil {
		return ""
	}
	return ref
}

// telephone returns the tel: address of a number (RFC 3966), without the spaces that people put in.
func telephone(number string) string {
	digits := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, number)
	if digits == "" || strings.Trim(digits, "+0123456789-.()*#") != "" {
		return ""
	}
	return "tel:" + digits
}

// position returns the geo: address of a place (RFC 5870): two or three numbers, and what may follow them.
func position(rest string) string {
	numbers := rest
	if i := strings.IndexAny(rest, ";?"); i >= 0 {
		numbers = rest[:i]
	}
	if n := strings.Count(numbers, ","); n < 1 || n > 2 || strings.Trim(numbers, "0123456789.,-") != "" {
		return ""
	}
	ref := "geo:" + encode(strings.ReplaceAll(rest, `\`, "%5C"))
	if _, err := url.Parse(ref); err != nil {
		return ""
	}
	return ref
}
