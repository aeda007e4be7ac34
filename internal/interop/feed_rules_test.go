package interop_test

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/crieur/crieur/feeds"
	"golang.org/x/net/html"
)

// An article is what a reader understands of an entry of a feed. An entry is
// less of the same, as the readers of sites need no more.
type article struct {
	ID, Title, Link    string
	Published, Updated string // 2027-05-08T07:00:00Z
	Authors, Tags      []string
	Content            string // HTML, or the text that stands for it
	Summary            string // as people read it, be it told as text or as HTML
	Enclosure          attachment

	textual bool // the content is a text, which a reader may tell as text or as HTML
}

type attachment struct {
	URL, Type string
	Length    int64 // zero: not known
}

// articles are what readers are to understand of the articles of a feed in a
// format: what the package documentation of feeds says, written once more.
func articles(f *feeds.Feed, format string) (list []article) {
	byline := names(f.Authors)
	if len(byline) == 0 {
		byline = []string{oneLine(f.Title)}
	}
	for i := range f.Articles {
		a := &f.Articles[i]
		v := article{
			ID: uri(a.ID), Title: oneLine(a.Title), Link: uri(a.URL), Published: seconds(a.Published), Updated: seconds(a.Updated),
			Authors: names(a.Authors), Tags: tags(a.Tags), Content: someLines(a.Content), Summary: someLines(a.Summary),
		}
		if len(v.Authors) == 0 {
			v.Authors = byline
		}
		if e := a.Enclosure; e != nil {
			kind, _, _ := strings.Cut(e.Type, ";")
			v.Enclosure = attachment{uri(e.URL), cmp.Or(kind, "application/octet-stream"), e.Length}
		}
		v.Published = cmp.Or(v.Published, v.Updated)
		if v.Content == "" {
			v.Content, v.textual = cmp.Or(v.Summary, v.Title), format != "json"
		}
		if format != "json" {
			v.Authors = []string{strings.Join(v.Authors, ", ")}
		}
		if format == "rss" {
			v.Updated = ""
		}
		list = append(list, v)
	}
	return list
}

// names are those of people who have one, or an address or a URI for it.
func names(people []feeds.Person) (list []string) {
	for _, p := range people {
		if name := cmp.Or(oneLine(p.Name), oneLine(p.Email), oneLine(p.URI)); name != "" {
			list = append(list, name)
		}
	}
	return list
}

// tags are those that say something, each once.
func tags(all []string) (list []string) {
	for _, tag := range all {
		if tag = oneLine(tag); tag != "" && !slices.Contains(list, tag) {
			list = append(list, tag)
		}
	}
	return list
}

// seconds is an instant, or "" for none.
func seconds(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return instant(t)
}

// oneLine is what is left of a text in a place that holds one line.
func oneLine(s string) string {
	return strings.Trim(blanks.ReplaceAllString(printable(lineEnds.ReplaceAllString(trimmed(s), " ")), " "), " ")
}

// someLines is what is left of a text in a place that holds lines.
func someLines(s string) string {
	return printable(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(trimmed(s)))
}

// trimmed is a text without what nobody sees at its ends.
func trimmed(s string) string {
	return strings.TrimFunc(string([]rune(s)), func(r rune) bool {
		return unicode.IsSpace(r) || r == '\ufeff' || printable(string(r)) == ""
	})
}

var (
	blanks   = regexp.MustCompile(" +")
	lineEnds = regexp.MustCompile("[\t\n\v\f\r\u0085\u2028\u2029]")
)

// printable is a text without what no document may hold. What is not UTF-8 is
// U+FFFD.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' && r != '\n' || unicode.Is(unicode.Noncharacter_Code_Point, r) {
			return -1
		}
		return r
	}, s)
}

// uri is the URI of what may be an IRI.
func uri(s string) string {
	authority := len(upToPath.FindString(s))
	rest, fragment, more := strings.Cut(s[authority:], "#")
	s = notInHost.ReplaceAllStringFunc(s[:authority], percent) + notInPath.ReplaceAllStringFunc(rest, percent)
	if more {
		s += "#" + notInPath.ReplaceAllStringFunc(fragment, percent)
	}
	return s
}

var (
	upToPath  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*`)
	notInHost = regexp.MustCompile(`%[0-9A-Fa-f]{2}|[^!$&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]`)
	notInPath = regexp.MustCompile(`%[0-9A-Fa-f]{2}|[^!$&'()*+,\-./0-9:;=?@A-Z_a-z~]`)
)

func percent(s string) string {
	if len(s) == 3 && s[0] == '%' {
		return s // encoded already
	}
	return regexp.MustCompile("..").ReplaceAllString(fmt.Sprintf("%X", s), "%$0")
}

// shown is the text that people see of HTML.
func shown(s string) string {
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(s)); ; {
		switch z.Next() {
		case html.TextToken:
			b.Write(z.Text())
		case html.ErrorToken:
			return b.String()
		}
	}
}
