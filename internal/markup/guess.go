package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isEmail reports whether s is an e-mail address and nothing else.
func isEmail(s string) bool {
	user, host, ok := strings.Cut(s, "@")
	dot := strings.LastIndexByte(host, '.')
	return ok && user != "" && dot > 0 && utf8.RuneCountInString(host[dot+1:]) >= 2 &&
		!strings.Contains(host, "@") && !strings.ContainsAny(s, " \t\n\f\r/?#:<>()[]\\,;\"")
}

// isHost reports whether s may be the name of a host, in ASCII.
func isHost(s string) bool {
	s = strings.TrimSuffix(s, ".")
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
				return false
			}
		}
	}
	return true
}

// isDomain reports whether s looks like a host's name rather than a file's: its last part is a country's code or
// one of the domains in common use. The list is fixed, so that an address does not change with a library.
func isDomain(s string) bool {
	if host, port, ok := strings.Cut(s, ":"); ok {
		if port == "" || len(port) > 5 || strings.Trim(port, "0123456789") != "" {
			return false
		}
		s = host
	}
	dot := strings.LastIndexByte(s, '.')
	if dot < 0 || len(s)-dot <= 2 || strings.ContainsFunc(s[dot+1:], func(r rune) bool { return (r|0x20) < 'a' || (r|0x20) > 'z' }) {
		return false
	}
	for label := range strings.SplitSeq(s[:dot], ".") {
		if label == "" || strings.Trim(label, "-") != label ||
			strings.ContainsFunc(label, func(r rune) bool { return r != '-' && !unicode.IsLetter(r) && !unicode.IsNumber(r) }) {
			return false
		}
	}
	if hasPrefixFold(s, "www.") {
		return true
	}
	switch tld := strings.ToLower(s[dot+1:]); tld {
	case "md", "sh", "py", "ps", "pl", "rs", "cc", "so", "ts", "js", "gz", "xz", "bz", "mo", "po", "db", "go", "rb", "vb", "cs", "hs", "ml", "ai":
		return false // files, more often
	case "com", "org", "net", "edu", "gov", "int", "mil", "info", "biz", "coop", "museum", "app", "dev", "cloud", "online", "site",
		"social", "events", "paris", "bzh", "alsace", "corsica", "cat", "brussels", "berlin":
		return true
	default:
		return len(tld) == 2
	}
}
