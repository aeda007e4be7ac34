package lint

import (
	"slices"
	"strings"

	"github.com/crieur/crieur/internal/contentline"
)

// text looks at the escapes of TEXT (RFC 5545, section 3.3.11): one finding of each kind for a value.
func (l *linter) text(n *component, p *contentline.Line, list bool) {
	v := p.Value
	index := len(p.Text) - len(v)
	if strings.IndexByte(v, '\\') < 0 && strings.IndexByte(v, ';') < 0 && (list || strings.IndexByte(v, ',') < 0) {
		return
	}
	var escape, bare bool
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case c == '\\' && i+1 == len(v):
			l.report("text-backslash-at-end", n, p, index+i, "%s ends with a backslash that escapes nothing", p.Name)
		case c == '\\':
			i++
			if strings.IndexByte(`\;,nN`, v[i]) < 0 && !escape {
				escape = true
				l.report("text-escape-unknown", n, p, index+i-1, "%s holds %q, which is no escape, want \\\\ for a backslash", p.Name, `\`+firstRune(v[i:]))
			}
		case (c == ';' || c == ',' && !list) && !bare && p.Name != "REQUEST-STATUS" && p.Name != "VERSION":
			bare = true
			rule := "text-unescaped"
			if strings.Contains(" PRODID UID TZID TZNAME RELATED-TO REFID ", " "+p.Name+" ") {
				rule = "identifier-unescaped"
			}
			l.report(rule, n, p, index+i, "%s holds %q without a backslash before it", p.Name, c)
		}
	}
}

// notEmpty looks at a text that cannot be empty.
func (l *linter) notEmpty(n *component, p *contentline.Line) {
	if strings.TrimSpace(p.Value) == "" {
		l.reportValue("value-empty", n, p, "%s is empty", p.Name)
	}
}

// summary looks at what is shown of an event everywhere.
func (l *linter) summary(n *component, p *contentline.Line) {
	if strings.TrimSpace(contentline.Unescape(p.Value)) == "" {
		l.reportValue("summary-empty", n, p, "SUMMARY is empty")
		return
	}
	l.trimmed(n, p)
	if i := newlineIn(p.Value); i >= 0 {
		l.report("summary-newline", n, p, len(p.Text)-len(p.Value)+i, "SUMMARY holds a newline, want one line")
	}
	l.markup(n, p)
}

// trimmed looks at the ends of a text, where some readers take white space away.
func (l *linter) trimmed(n *component, p *contentline.Line) {
	if trim(p.Value) != p.Value {
		l.reportValue("text-white-space", n, p, "%s has white space around it, which some readers take away", p.Name)
	}
}

// oneLine looks at a text that is shown on one line.
func (l *linter) oneLine(n *component, p *contentline.Line) {
	l.trimmed(n, p)
	if i := newlineIn(p.Value); i >= 0 {
		l.report("newline", n, p, len(p.Text)-len(p.Value)+i, "%s holds a newline, where many clients show one line", p.Name)
	}
	l.markup(n, p)
}

// prose looks at a text that may have many lines.
func (l *linter) prose(n *component, p *contentline.Line) { l.markup(n, p) }

// newlineIn returns the index of an escaped newline in a TEXT value; -1 if there is none.
func newlineIn(v string) int {
	for i := 0; i+1 < len(v); i++ {
		if v[i] == '\\' {
			if v[i+1] == 'n' || v[i+1] == 'N' {
				return i
			}
			i++
		}
	}
	return -1
}

// escapedTwice returns the index of a newline that was escaped twice, and so is shown as a backslash and an n; -1 if
// there is none. A folder of Windows may look like one.
func escapedTwice(v string) int {
	const newline = `\\n`
	if strings.Contains(v, `:\\`) {
		return -1
	}
	for from := 0; ; {
		i := strings.Index(v[from:], newline)
		if i < 0 {
			return -1
		}
		i += from
		from = i + len(newline)
		if rest := v[from:]; rest == "" || rest[0] == '\\' || rest[0] == '-' || 'A' <= rest[0] && rest[0] <= 'Z' || i > 0 && strings.IndexByte(".!?:)", v[i-1]) >= 0 {
			return i
		}
	}
}

// markup looks for HTML, which clients show as it is, and for escapes that were escaped.
func (l *linter) markup(n *component, p *contentline.Line) {
	v := p.Value
	index := len(p.Text) - len(v)
	if i := escapedTwice(v); i >= 0 {
		l.report("text-escaped-twice", n, p, index+i, "%s holds a newline that was escaped twice, want one backslash", p.Name)
	}
	if i := tagIn(v); i >= 0 {
		l.report("text-html", n, p, index+i, "%s holds the tag %q, want plain text", p.Name, excerpt(v[i:min(len(v), i+20)]))
	} else if i := entityIn(v); i >= 0 {
		l.report("text-entity", n, p, index+i, "%s holds %q, want the character itself", p.Name, excerpt(v[i:min(len(v), i+8)]))
	}
}

// tags are those that texts of the web most often have.
const tags = "A ABBR B BLOCKQUOTE BR DIV EM FONT H1 H2 H3 H4 H5 H6 HR HTML I IMG LI OL P PRE SPAN STRONG TABLE TD TH TR U UL"

// tagIn returns the index of the first tag of HTML in v; -1 if there is none.
func tagIn(v string) int {
	var unclosed []string // whose end is nowhere in the rest
	for from := 0; ; {
		i := strings.IndexByte(v[from:], '<')
		if i < 0 {
			return -1
		}
		from += i + 1
		rest := strings.TrimPrefix(v[from:], "/")
		end := 0
		for end < len(rest) && end < 12 && isAlphanumeric(rune(rest[end])) {
			end++
		}
		name := strings.ToUpper(rest[:end])
		if end == 0 || end == len(rest) || strings.IndexByte("> /\t", rest[end]) < 0 || !isOneOf(tags, name) || slices.Contains(unclosed, name) {
			continue
		}
		if isOneOf("BR HR IMG P", name) || containsFold(rest[end:], "</"+name+">") {
			return from - 1
		}
		unclosed = append(unclosed, name)
	}
}

// entities are those that texts of the web most often have.
const entities = "amp lt gt quot apos nbsp eacute egrave agrave rsquo lsquo rdquo ldquo ndash mdash hellip"

// entityIn returns the index of the first entity of HTML in v; -1 if there is none. The semicolon may be escaped.
func entityIn(v string) int {
	for from := 0; ; {
		i := strings.IndexByte(v[from:], '&')
		if i < 0 {
			return -1
		}
		from += i + 1
		name := v[from:min(len(v), from+10)]
		end := strings.IndexByte(name, ';')
		if end < 0 {
			continue
		}
		name = strings.TrimSuffix(name[:end], `\`)
		number, isNumber := strings.CutPrefix(name, "#")
		if isNumber && number != "" && strings.Trim(strings.ToLower(number), "x0123456789abcdef") == "" || name != "" && isOneOf(entities, name) {
			return from - 1
		}
	}
}

// categories looks at each of a list of categories.
func (l *linter) categories(n *component, p *contentline.Line) {
	index := len(p.Text) - len(p.Value)
	seen := map[string]bool{}
	for _, c := range contentline.Split(p.Value, ',') {
		switch {
		case strings.TrimSpace(c) == "":
			l.report("category-empty", n, p, index, "CATEGORIES holds an empty category")
		case strings.TrimSpace(c) != c:
			l.report("category-white-space", n, p, index, "the category %q has white space around it, which some readers keep", excerpt(c))
		case strings.Contains(strings.ReplaceAll(c, `\\`, ""), `\,`):
			l.report("category-comma", n, p, index, "the category %q holds a comma, at which some readers split it", excerpt(contentline.Unescape(c)))
		case seen[c]:
			l.report("category-twice", n, p, index, "CATEGORIES holds %q twice", excerpt(c))
		}
		seen[c] = true
		index += len(c) + 1
	}
}

// identifier looks at a UID (RFC 5545, section 3.8.4.7).
func (l *linter) identifier(n *component, p *contentline.Line) {
	switch v := strings.TrimSpace(p.Value); {
	case v == "":
		l.reportValue("value-empty", n, p, "UID is empty")
	case len(v) > 255:
		l.reportValue("uid-long", n, p, "UID has %d octets, want at most 255", len(v))
	case v != p.Value:
		l.reportValue("uid-white-space", n, p, "UID has white space around it, which some readers take away")
	}
}
