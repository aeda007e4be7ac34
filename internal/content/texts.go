package content

import (
	"strings"
	"unicode"

	"github.com/crieur/crieur/internal/markup"
)

// readTexts reads title, summary, categories and tags.
func (r *reader) readTexts() {
	title := r.first(fieldTitle)
	r.rec.Title = r.plainLine(title)
	r.agree(title, fieldTitle, 2)
	if r.rec.Title == "" {
		from := "its first heading"
		if r.rec.Title = firstHeading(r.rec.Body, r.rec.Format); r.rec.Title == "" {
			r.rec.Title, from = titleOf(r.src.path), "the name of the file"
		}
		r.fault(Notice, RuleTitle, r.root.at, "no title is given, so %s is used, %q: add title: …", from, clip(r.rec.Title, 60))
	}
	r.rec.Summary = r.summary()
	r.rec.Categories = r.words(fieldCategories)
	r.rec.Tags = r.words(fieldTags)
	if e := r.first(fieldUID); e != nil {
		r.rec.UID = r.line(e)
	}
}

func (r *reader) summary() string {
	s := r.text(r.first(fieldSummary))
	if !strings.ContainsAny(s, "*_`[]<>&\\{}~#|\n") {
		return oneLine(s)
	}
	text, err := markup.Plain(s, markup.Markdown, nil)
	if err != nil {
		return plain(s)
	}
	return text
}

// firstHeading returns the first heading of a body as plain text, or "".
func firstHeading(body string, format markup.Format) string {
	if format == markup.HTML {
		return htmlHeading(body)
	}
	fenced, tried := false, 0
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~") {
			fenced = !fenced
		}
		text := strings.TrimLeft(line, "#")
		if n := len(line) - len(text); fenced || n == 0 || n > 6 || text != "" && text[0] != ' ' {
			continue
		}
		if text = plain(cutAt(strings.TrimRight(strings.TrimSpace(text), "# "), maxLine)); text != "" {
			return text
		}
		if tried++; tried == maxTried {
			break
		}
	}
	return ""
}

func htmlHeading(body string) string {
	lower := strings.ToLower(body)
	if len(lower) != len(body) {
		return ""
	}
	for _, tag := range []string{"h1", "h2", "title"} {
		i := strings.Index(lower, "<"+tag)
		if i < 0 {
			continue
		}
		start := strings.IndexByte(lower[i:], '>')
		end := strings.Index(lower[i:], "</"+tag)
		if start < 0 || end < start {
			continue
		}
		if text := markup.Line(cutAt(body[i+start+1:i+end], 10*maxLine)); text != "" { // there may be more tags than text
			return cutAt(text, maxLine)
		}
	}
	return ""
}

// titleOf makes a title of the name of a file: 2027-05-08-fete_du-pont.md is "Fete du pont".
func titleOf(name string) string {
	s := stem(name)
	if _, rest, ok := fileDate(s); ok && rest != "" {
		s = rest
	}
	s = strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	s = oneLine(s)
	if s == "" {
		return "Sans titre"
	}
	for i, c := range s {
		return cutAt(s[:i]+string(unicode.ToUpper(c))+s[i+len(string(c)):], maxLine)
	}
	return s
}
