package interop_test

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// words make ordinary texts.
var words = strings.Fields(`Conseil municipal fête du village, marché ; « Valmorin » à l'école – 12,50 € (gratuit) n° 3 : œuvres d'été & d'hiver
 réunion publique 18h30 Rendez-vous Straße größer mañana ¿qué? naïve piñata 50% tél. 01 "Les Amis" 1/2 C++ #1 @mairie a=b [x] {y} ~z _w_ *v* !`)

// pieces are what texts have been broken with.
var pieces = []string{
	`\`, `\\`, `\\\`, `\n`, `\N`, `\\n`, `\,`, `\;`, `\:`, `\"`, `\r\n`, `C:\nouveau\textes`, `,`, `;`, `:`, `,,`, `;;`, `"`, `""`, `'`,
	`^`, `^^`, `^n`, `^'`, `^"`, "\r\n", "\r", "\n", "\n\n\n", "\n ", " \n", "\r\n ", "\n\t", "\t", "  ", "     ", strings.Repeat(" ", 90),
	"\x00", "\x01", "\a", "\b", "\v", "\f", "\x1b[31m", "\x1c", "\x1d", "\x1e", "\x1f", "\x7f", "\u0080", "\u0085", "\u009f",
	"\u00a0", "\u00ad", "\u2003", "\u200b", "\u200c", "\u200d", "\u2028", "\u2029", "\u202f", "\u3000", "\u2060", "\ufeff",
	"\u061c", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069",
	"\u0301", "e\u0301\u0323", strings.Repeat("\u0334", 40), "\ufe0f", "\ufffc", "\ufffd", "\ufffe", "\uffff", "\ue000", "\U0001fffe", "\U000e0061", "\U0010ffff",
	"\xff", "\xfe\xff", "\xc3", "\xe2\x82", "\xed\xa0\x80", "\xf0\x9f\x98", "\xc0\xaf", "\xf5\x80\x80\x80", "\x80",
	"👩‍👩‍👧‍👦", "🇫🇷🇨🇦", "👍🏽", "1️⃣", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "😀", "𝒜", "日本語", "한국어", "शनिवार", "ไทย", "שלום", "مرحبا", "ﷺ", "İıſß",
	"END:VEVENT", "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n", "BEGIN:VCALENDAR", "\nATTENDEE:mailto:x@y.example", "\rSUMMARY:autre", ":mailto:x@y.example", ";VALUE=DATE:20270101", "DTSTART:20270101",
	"%0D%0A", "%", "=0D=0A", "=", "&amp;", "&#10;", "<br>", "<script>", "]]>", "${HOME}", "$(ls)", "{{.}}", "{0}", "%s", "%n", "' OR 1=1 --", "../..", "null", "true", "0", "-",
	"https://valmorin.example/a,b;c?d=\"e\"&f", "mairie@valmorin.example",
}

// text returns an ordinary text, or one of the other kind.
func (g *generator) text() string {
	var b strings.Builder
	switch g.IntN(24) {
	default:
		g.write(&b, 1+g.IntN(8), 0)
	case 10, 11: // several paragraphs
		for range 1 + g.IntN(6) {
			g.write(&b, 1+g.IntN(40), 0)
			b.WriteString(of(g, "\n", "\n\n", "\r\n"))
		}
	case 12, 13, 14, 15:
		g.write(&b, 1+g.IntN(12), 40)
	case 16, 17:
		g.write(&b, 1+g.IntN(40), 10)
	case 18:
		for range 1 + g.IntN(30) {
			b.WriteString(of(g, pieces...))
		}
	case 19: // any runes
		for range 1 + g.IntN(100) {
			b.WriteRune(rune(g.IntN(1 << of(g, 7, 8, 11, 16, 20))))
		}
	case 20: // any bytes
		for range 1 + g.IntN(100) {
			b.WriteByte(byte(g.IntN(256)))
		}
	case 21: // a long word
		word := of(g, "x", "é", "日", "😀", "e\u0301", "👩‍👩‍👧‍👦", `\`, ",", "\u0301", `\n`, `"`, "^")
		b.WriteString(strings.Repeat(word, 1+g.IntN(300)))
	case 22: // what is left of a text when a line was just filled
		b.WriteString(strings.Repeat("x", 40+g.IntN(120)))
		b.WriteString(of(g, pieces...))
		g.write(&b, 4, 50)
	case 23:
		if g.in(15) {
			for b.Len() < 10_000 {
				g.write(&b, 20, 10)
			}
		} else {
			return of(g, "", " ", "\t", "\r\n", "\u00a0", "\ufeff", "\x00", " \x00 ", "\u2028")
		}
	}
	return b.String()
}

// write writes n words, of which a part in a hundred are pieces.
func (g *generator) write(b *strings.Builder, n, hostile int) {
	for range n {
		if b.Len() > 0 && !g.in(hostile/2) {
			b.WriteByte(' ')
		}
		if g.in(hostile) {
			b.WriteString(of(g, pieces...))
		} else {
			b.WriteString(of(g, words...))
		}
	}
}

// optional returns a text n times in a hundred, else none.
func (g *generator) optional(n int) string {
	if g.in(n) {
		return g.text()
	}
	return ""
}

func (g *generator) uri() string {
	return of(g,
		"https://valmorin.example/agenda/fete-du-village",
		"https://valmorin.example/agenda?id=3&lang=fr#suite",
		"https://valmorin.example/fête du village/«x»",
		"https://valmorin.example/%C3%A9t%C3%A9/%zz%4/%",
		"HTTP://user:pw@valmorin.example:8080/a:b@c/../~d/!$&'()*+=",
		`https://valmorin.example/"x"<y>\z^{w}|`+"`v`",
		"https://[2001:db8::1]/日本/😀?q=\xff",
		"urn:uuid:3f0a2c1e-0000-4000-8000-000000000000",
		"mailto:mairie@valmorin.example",
		" https://valmorin.example/espaces \r\n",
		"https://valmorin.example/"+strings.Repeat("long/", 60),
		"https://valmorin.example/a,b;c?x=1,2;y=3",
	)
}

func (g *generator) optionalURI(n int) string {
	if g.in(n) {
		return g.uri()
	}
	return ""
}

// cleanText is what readers are to understand of a text: what the package
// documentation of calendar says of it, written once more.
func cleanText(s string) string {
	s = newlines.Replace(string([]rune(s))) // what is not UTF-8 is U+FFFD now
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
}

var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// cleanLine is the same of a text of one line.
func cleanLine(s string) string { return strings.ReplaceAll(cleanText(s), "\n", " ") }

// cleanCategory is the same of a category.
func cleanCategory(s string) string { return lookAlikes.Replace(cleanLine(s)) }

var lookAlikes = strings.NewReplacer(",", "\u201a", ";", "\uff1b", `\`, "\u2216", `"`, "\u201d")

// cleanURI is what readers are to understand of a URI.
func cleanURI(s string) string {
	s = strings.Trim(s, " \t\r\n")
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		encoded := c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
		if !encoded && (c <= ' ' || c >= utf8.RuneSelf || strings.IndexByte("\"<>\\^`{|}%\x7f", c) >= 0) {
			const hex = "0123456789ABCDEF"
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isHex(c byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", c) >= 0 }
