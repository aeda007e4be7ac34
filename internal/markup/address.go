package markup

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// maxAddress is the longest address, in bytes, that is one: no browser opens longer ones reliably.
const maxAddress = 8 << 10

// Absolute returns ref as an absolute address of ASCII characters, percent-encoded once: what is encoded already stays.
// A relative ref is resolved against base; when base is nil there is no such address.
// It returns "" for everything but http, https, webcal, mailto, tel and geo: an address that is its own document (data:) is none
// to be followed, and readers disagree on which of them they show.
//
// What people write is understood: an e-mail address alone becomes a mailto:, and a ref without a scheme that begins
// with a host's name ("www.example.org/agenda") is taken for https.
func Absolute(ref string, base *url.URL) string {
	if isAbsolute(ref) {
		return ref
	}
	if address := rooted(ref, base); address != "" {
		return address
	}
	address := absolute(ref, base)
	if len(address) > maxAddress || address != "" && !isAbsolute(address) && absolute(address, nil) != address {
		return "" // too long by now, or read otherwise by whoever reads it next: "//mailto:"
	}
	return address
}

// isAbsolute reports whether ref is an absolute address that needs no second look, as most are.
func isAbsolute(ref string) bool {
	rest, ok := strings.CutPrefix(ref, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(ref, "http://"); !ok {
			return false
		}
	}
	host, path, _ := strings.Cut(rest, "/")
	for _, c := range []byte(host) {
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '.') {
			return false
		}
	}
	for _, c := range []byte(path) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_' || c == '/') {
			return false
		}
	}
	return isHost(host) && len(ref) <= maxAddress
}

// rooted returns the absolute address of a path that begins at the root of the site and needs no second look either, or "".
func rooted(ref string, base *url.URL) string {
	if base == nil || base.User != nil || !strings.HasPrefix(ref, "/") || strings.Contains(ref, "/.") || strings.Contains(ref, "//") {
		return ""
	}
	if address := base.Scheme + "://" + base.Host + ref; isAbsolute(address) {
		return address
	}
	return ""
}

func absolute(ref string, base *url.URL) string {
	ref = visible(ref)
	if len(ref) > maxAddress {
		return ""
	}
	scheme := schemeOf(ref)
	switch scheme {
	case "http:", "https:", "webcal:":
		rest := strings.TrimLeft(ref[len(scheme):], `/\`)
		if s := schemeOf(rest); s == "mailto:" || s == "http:" || s == "https:" {
			return absolute(rest, base) // http://mailto:contact@example.org
		}
		return absoluteURL(scheme+"//"+rest, nil)
	case "mailto:":
		return mailto(ref[len(scheme):])
	case "tel:":
		return telephone(ref[len(scheme):])
	case "geo:":
		return position(ref[len(scheme):])
	}
	first := ref
	if i := strings.IndexAny(ref, "/?#"); i >= 0 {
		first = ref[:i]
	}
	switch {
	case ref == "", slices.Contains(placeholders, ref):
		return ""
	case isEmail(ref):
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

// placeholders stand in a draft where an address is to be written.
var placeholders = []string{"LIEN", "LINK", "URL", "TODO", "XXX"}

// visible returns ref without the characters that show nothing, and without white space around it.
func visible(ref string) string {
	if !strings.ContainsFunc(ref, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ref
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, ref))
}

// schemeOf returns the scheme that ref begins with, in lower case, with its colon; or "".
func schemeOf(ref string) string {
	for i := range len(ref) {
		switch c := ref[i]; {
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
		case i > 0 && c == ':':
			return strings.ToLower(ref[:i+1])
		case i > 0 && ('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return ""
		}
	}
	return ""
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
	if u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "webcal" || u.Opaque != "" {
		return ""
	}
	if !isHost(u.Hostname()) && !strings.HasPrefix(u.Host, "[") {
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
