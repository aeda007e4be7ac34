package markup

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// textToHTML returns the HTML of plain text: paragraphs, lists and links.
func textToHTML(src string) string {
	var out strings.Builder
	inList, inPara, blank := false, false, false
	end := func() {
		switch {
		case inPara && inList:
			out.WriteString("</li>\n")
		case inPara:
			out.WriteString("</p>\n")
		}
		inPara = false
	}
	endList := func() {
		end()
		if inList {
			out.WriteString("</ul>\n")
		}
		inList = false
	}
	for line := range strings.Lines(src) {
		words := strings.TrimFunc(line, unicode.IsSpace)
		switch item, isItem := cutBullet(words); {
		case words == "" || isNoise(words):
			end()
			blank = true
			continue
		case isItem:
			end()
			if !inList {
				out.WriteString("<ul>\n")
			}
			out.WriteString("<li>")
			inList, inPara = true, true
			words = item
		case inPara && !inList:
			out.WriteString("<br>\n")
		case inPara && line[0] == ' ' || line[0] == '\t' && inPara:
			out.WriteString("\n") // the item goes on
		default:
			_ = blank
			endList()
			out.WriteString("<p>")
			inPara = true
		}
		blank = false
		linkText(&out, words)
	}
	endList()
	return out.String()
}

// cutBullet returns what follows the bullet that line begins with.
func cutBullet(line string) (rest string, found bool) {
	r, n := utf8.DecodeRuneInString(line)
	if !strings.ContainsRune("•◦▪‣·*-–", r) || r == utf8.RuneError {
		return line, false
	}
	rest = strings.TrimLeftFunc(line[n:], unicode.IsSpace)
	return rest, rest != "" && len(rest) < len(line)-n
}

// isNoise reports whether line says nothing: debris of copied pages such as ", ,".
func isNoise(line string) bool {
	return !strings.ContainsFunc(line, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.IsPunct(r) && !unicode.Is(unicode.Cf, r)
	})
}

var addressRE = regexp.MustCompile(`https?://[^\s<>"«»“”]+|[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)

// linkText writes one line of text as HTML with its addresses as links.
func linkText(out *strings.Builder, line string) {
	for {
		m := addressRE.FindStringIndex(line)
		if m == nil {
			break
		}
		m[1] = m[0] + len(trimAddress(line[m[0]:m[1]]))
		href := Absolute(line[m[0]:m[1]], nil)
		out.WriteString(html.EscapeString(line[:m[0]]))
		if ref := html.EscapeString(line[m[0]:m[1]]); href != "" {
			out.WriteString(`<a href="` + html.EscapeString(href) + `">` + ref + "</a>")
		} else {
			out.WriteString(ref)
		}
		line = line[m[1]:]
	}
	out.WriteString(html.EscapeString(line))
}

// trimAddress takes off the end of s the marks of the sentence around it.
func trimAddress(s string) string {
	for {
		r, n := utf8.DecodeLastRuneInString(s)
		switch {
		case strings.ContainsRune(".,;:!?'’*_…", r):
		case r == ')' && strings.Count(s, "(") < strings.Count(s, ")"):
		case r == ']' && !strings.Contains(s, "["):
		default:
			return s
		}
		s = s[:len(s)-n]
	}
}
