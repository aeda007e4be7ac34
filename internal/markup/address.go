package markup

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

var (
	schemeRE = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*:`)
	emailRE  = regexp.MustCompile(`^[^\s@/?#:<>()\[\]\\,;"]+@[^\s@/?#:<>()\[\]\\,;"]+\.[^\s@/?#:<>()\[\]\\,;".]{2,}$`)
	hostRE   = regexp.MustCompile(`^(?:[a-zA-Z0-9_](?:[a-zA-Z0-9_-]*[a-zA-Z0-9_])?\.?)+$`)
	domainRE = regexp.MustCompile(`^(?i:(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+([a-z]{2,}))(?::[0-9]{1,5})?$`)
)

// maxAddress is the longest address, in bytes, that is one: no browser opens longer ones reliably.
const maxAddress = 8 << 10

// Absolute returns ref as an absolute address of ASCII characters, percent-encoded once: what is encoded already stays.
// A relative ref is resolved against base; when base is nil there is no such address.
// It returns "" for everything but http, https, mailto and tel.
//
// What people write is understood: an e-mail address alone becomes a mailto:, and a ref without a scheme that begins
// with a host's name ("www.example.org/agenda") is taken for https.
func Absolute(ref string, base *url.URL) string {
	address := absolute(ref, base)
	if len(address) > maxAddress || address != "" && absolute(address, nil) != address {
		return "" // too long by now, or read otherwise by whoever reads it next: "//mailto:"
	}
	return address
}

func absolute(ref string, base *url.URL) string {
	ref = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, ref)
	ref = strings.TrimSpace(ref)
	if len(ref) > maxAddress {
		return ""
	}
	scheme := strings.ToLower(schemeRE.FindString(ref))
	switch scheme {
	case "http:", "https:":
		rest := strings.TrimLeft(ref[len(scheme):], `/\`)
		if s := strings.ToLower(schemeRE.FindString(rest)); s == "mailto:" || s == "http:" || s == "https:" {
			return absolute(rest, base) // http://mailto:contact@example.org
		}
		return absoluteURL(scheme+"//"+rest, nil)
	case "mailto:":
		return mailto(ref[len(scheme):])
	case "tel:":
		return telephone(ref[len(scheme):])
	}
	first, _, _ := strings.Cut(ref, "/")
	first, _, _ = strings.Cut(first, "?")
	first, _, _ = strings.Cut(first, "#")
	switch {
	case ref == "":
		return ""
	case emailRE.MatchString(ref):
		return mailto(ref)
	case isDomain(first):
		return absoluteURL("https://"+ref, nil)
	case scheme != "" || base == nil:
		return ""
	case strings.HasPrefix(ref, "//"):
		return absoluteURL(base.Scheme+":"+ref, nil)
	}
	return absoluteURL(ref, base)
}

// absoluteURL encodes an http or https address, or a relative one, and resolves it.
func absoluteURL(ref string, base *url.URL) string {
	before, host, after := cutHost(ref)
	if !strings.HasPrefix(host, "[") {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			ascii = encode(host)
		}
		host = ascii
	}
	u, err := url.Parse(encode(before) + host + encode(after))
	if err != nil {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Opaque != "" {
		return ""
	}
	if name := u.Hostname(); !hostRE.MatchString(name) && !strings.HasPrefix(u.Host, "[") {
		return ""
	}
	u.Host = strings.ToLower(u.Host)
	return u.String()
}

// cutHost splits an address around its host; a relative one has none, and is all after it.
func cutHost(ref string) (before, host, after string) {
	i := strings.Index(ref, "://")
	if i < 0 || strings.ContainsAny(ref[:i], "/?#") {
		return "", "", ref
	}
	i += len("://")
	j := len(ref)
	if n := strings.IndexAny(ref[i:], `/?#\`); n >= 0 {
		j = i + n
	}
	i += strings.LastIndexByte(ref[i:j], '@') + 1
	if n := strings.LastIndexByte(ref[i:j], ':'); n >= 0 && !strings.Contains(ref[i+n:j], "]") {
		j = i + n
	}
	return ref[:i], ref[i:j], ref[j:]
}

// encode percent-encodes what may not stand in an address (RFC 3986, section 2), and leaves what is encoded already.
func encode(s string) string {
	const hex = "0123456789ABCDEF"
	var out strings.Builder
	mark := byte(0) // the '?' or '#' that has been passed
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
		case c == '#' && mark != '#':
			mark = c
		case c == '?' && mark == 0:
			mark = c
		case c == '\\' && mark == 0:
			c = '/' // as browsers do
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~:/?@!$&'()*+,;=", c) >= 0:
		default:
			out.WriteByte('%')
			out.WriteByte(hex[c>>4])
			c = hex[c&15]
		}
		out.WriteByte(c)
	}
	return out.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

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

// isDomain reports whether s looks like a host's name rather than a file's: its last part is a country's code or
// one of the domains in common use. The list is fixed, so that an address does not change with a library.
func isDomain(s string) bool {
	m := domainRE.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	if hasPrefixFold(s, "www.") {
		return true
	}
	switch tld := strings.ToLower(m[1]); tld {
	case "md", "sh", "py", "ps", "pl", "rs", "cc", "so", "ts", "js", "gz", "xz", "bz", "mo", "po", "db", "go", "rb", "vb", "cs", "hs", "ml", "ai":
		return false // files, more often
	case "com", "org", "net", "edu", "gov", "int", "mil", "info", "biz", "coop", "museum", "app", "dev", "cloud", "online", "site",
		"social", "events", "paris", "bzh", "alsace", "corsica", "cat", "brussels", "berlin":
		return true
	default:
		return len(tld) == 2
	}
}
