package feeds

import (
	"cmp"
	"crypto/sha1"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	gorilla "github.com/gorilla/feeds"
)

// FromGorilla returns the feed that g describes, so that a program on gorilla/feeds writes valid documents by changing one call:
//
//	err := g.WriteRss(w)                           // before
//	err := feeds.EncodeRSS(w, feeds.FromGorilla(g)) // after
//
// The same g gives the same feed, always; what g does not say is found as follows.
//
//   - An item without an Id takes its link, which is what most readers did until now. An Id that is no absolute URI, and an item with
//     neither, get a name-based UUID: of the feed's link and the Id, or of the feed's link, the title (else the description) and the date of creation.
//   - An item's Updated, else Created, else the feed's Created, else 1970-01-01T00:00:00Z, is its date.
//   - An item without a Title is called by the beginning of its description, or by its address.
//   - A Description with markup is the content of an item that has no Content, and its text is the summary.
//   - A link that is relative is resolved against the feed's.
//   - A Source stands for a link that is missing. An enclosure of unknown length has length 0.
//
// Content is written as it is. What remains wrong, such as a feed without a link or two items with one id, is
// for [Check] and the Encode functions to report. A nil g gives an empty feed.
func FromGorilla(g *gorilla.Feed) *Feed {
	f := new(Feed)
	if g == nil {
		return f
	}
	if l := g.Link; l != nil {
		f.URL = strings.TrimSpace(l.Href)
		if l.Rel == "self" {
			f.Atom = f.URL
		}
	}
	f.ID = f.URL
	if checkURI(g.Id) == nil {
		f.ID = g.Id
	}
	f.Title = cmp.Or(line(g.Title), f.URL)
	f.Description, _ = plainText(cmp.Or(g.Description, g.Subtitle))
	f.Rights = g.Copyright
	f.Authors = fromAuthor(g.Author)
	f.Updated = g.Updated
	base, err := url.Parse(f.URL)
	if err != nil {
		base = new(url.URL)
	}
	if g.Image != nil {
		f.Image = resolve(base, g.Image.Url)
	}
	if f.Updated.IsZero() && len(g.Items) == 0 {
		f.Updated = g.Created
	}
	f.Articles = make([]Article, 0, len(g.Items))
	for _, item := range g.Items {
		if item != nil {
			f.Articles = append(f.Articles, fromItem(g, item, base))
		}
	}
	return f
}

func fromItem(g *gorilla.Feed, item *gorilla.Item, base *url.URL) Article {
	a := Article{Content: item.Content, Authors: fromAuthor(item.Author), Published: item.Created}
	if item.Link != nil {
		a.URL = resolve(base, item.Link.Href)
	}
	if a.URL == "" && item.Source != nil {
		a.URL = resolve(base, item.Source.Href)
	}
	summary, markup := plainText(item.Description)
	if markup && a.Content == "" {
		a.Content = item.Description
	}
	a.Summary = summary
	a.Title = cmp.Or(line(item.Title), beginning(line(summary), 80), a.URL, "…")

	a.Updated = time.Unix(0, 0)
	for _, t := range [...]time.Time{item.Updated, item.Created, g.Created} {
		if !t.IsZero() {
			a.Updated = t
			break
		}
	}
	switch {
	case checkURI(item.Id) == nil:
		a.ID = item.Id
	case item.Id != "":
		a.ID = nameUUID(base.String(), item.Id)
	case a.URL != "":
		a.ID = a.URL
	default:
		a.ID = nameUUID(base.String(), cmp.Or(item.Title, item.Description), item.Created.UTC().Format(time.RFC3339Nano))
	}
	if e := item.Enclosure; e != nil && e.Url != "" {
		a.Enclosure = &Enclosure{URL: resolve(base, e.Url)}
		if isMediaType(e.Type) {
			a.Enclosure.Type = e.Type
		}
		if n, err := strconv.ParseInt(strings.TrimSpace(e.Length), 10, 64); err == nil && n > 0 {
			a.Enclosure.Length = n
		}
	}
	return a
}

func fromAuthor(author *gorilla.Author) []Person {
	if author == nil {
		return nil
	}
	p := Person{Name: author.Name}
	if isEmail(author.Email) {
		p.Email = author.Email
	}
	if p.name() == "" {
		return nil
	}
	return []Person{p}
}

// resolve returns ref as an absolute address, or as it is if it is none.
func resolve(base *url.URL, ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" || checkURI(ref) == nil {
		return ref
	}
	u, err := base.Parse(ref)
	if err != nil {
		return ref
	}
	return u.String()
}

// nameUUID returns the version 5 UUID (RFC 9562, section 5.5) of the parts, as a URN in the namespace of URLs.
func nameUUID(parts ...string) string {
	h := sha1.New()
	h.Write([]byte("\x6b\xa7\xb8\x11\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8"))
	h.Write([]byte(strings.Join(parts, "\n")))
	u := h.Sum(nil)[:16]
	u[6] = u[6]&0x0F | 0x50
	u[8] = u[8]&0x3F | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// plainText returns the text of s, and whether s has markup. Text without markup stays as it is.
func plainText(s string) (text string, markup bool) {
	if !isMarkup(s) {
		return s, false
	}
	var b strings.Builder
	for s != "" {
		i := strings.IndexByte(s, '<')
		if i < 0 || !startsTag(s[i+1:]) {
			i++
			if i == 0 {
				i = len(s)
			}
			b.WriteString(s[:i])
			s = s[i:]
			continue
		}
		b.WriteString(s[:i])
		name, rest := cutTag(s[i+1:])
		switch strings.ToLower(name) {
		case "script", "style":
			_, rest, _ = strings.Cut(rest[endOf(name, rest):], ">")
		case "a", "abbr", "b", "code", "em", "i", "small", "span", "strong", "sub", "sup", "u":
		default:
			b.WriteByte(' ')
		}
		s = rest
	}
	return line(html.UnescapeString(b.String())), true
}

// endOf returns where the end tag of an element begins, or the length of s if it has none.
func endOf(name, s string) int {
	for i := 0; ; i++ {
		n := strings.Index(s[i:], "</")
		if n < 0 {
			return len(s)
		}
		if i += n; len(s)-i >= len("</")+len(name) && strings.EqualFold(s[i+len("</"):i+len("</")+len(name)], name) {
			return i
		}
	}
}

func isMarkup(s string) bool {
	for i := range len(s) {
		if s[i] == '<' && startsTag(s[i+1:]) || s[i] == '&' && startsReference(s[i+1:]) {
			return true
		}
	}
	return false
}

// cutTag cuts s, which follows a "<", into the name of the tag and what comes after it.
func cutTag(s string) (name, rest string) {
	if comment, ok := strings.CutPrefix(s, "!--"); ok {
		_, rest, _ = strings.Cut(comment, "-->")
		return "", rest
	}
	var quote byte
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			rest = s[i+1:]
			s = s[:i]
			if n := strings.IndexAny(strings.TrimPrefix(s, "/"), " \t\r\n/"); n >= 0 {
				return strings.TrimPrefix(s, "/")[:n], rest
			}
			return strings.TrimPrefix(s, "/"), rest
		}
	}
	return "", ""
}

// beginning returns s, a line, or its first words and "…" if it has more than n characters.
func beginning(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	cut := string([]rune(s)[:n])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + "…"
}
