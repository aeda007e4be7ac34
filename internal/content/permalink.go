package content

import (
	"fmt"
	"path"
	"strings"
	"unicode"
)

// readPermalink finds the address of the record's own page: where a redirection leads, else its permalink, else a url that is a
// path, else what the collection's pattern makes.
func (r *reader) readPermalink() {
	for e := range r.each(fieldRedirect) {
		if e.value.shape == scalar {
			if to := address(e.value.text); isPage(to) {
				r.rec.Permalink = to
				return
			}
		}
	}
	for e := range r.each(fieldPermalink) {
		if e.value.shape != scalar {
			continue
		}
		other := e.name == "url" && !r.named(fieldPermalink) // perhaps the page of somebody else
		to := cleanText(e.value.text)
		if strings.Contains(to, "{{") || strings.Contains(to, "{%") {
			r.fault(Notice, RuleLink, e.value.at, "%s is %s, which only the site's generator can fill in; it is not used: configure the permalink of this folder", e.key, e.value.what())
			continue
		}
		if !other && !strings.HasPrefix(to, "/") && !strings.Contains(to, "://") {
			if _, said := boolean(&e.value); said {
				continue
			}
			to = "/" + to
		}
		if strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") || !other && isPage(to) {
			r.rec.Permalink = pathLine(r.expand(to))
			return
		}
	}
	if r.collection.Permalink != "" {
		r.rec.Permalink = pathLine(r.expand(r.collection.Permalink))
		if !strings.HasPrefix(r.rec.Permalink, "/") && !strings.Contains(r.rec.Permalink, "://") {
			r.rec.Permalink = "/" + r.rec.Permalink
		}
	}
}

// pathLine makes an address out of what names of files can hold: valid UTF-8 without control characters.
func pathLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || r == '\u2028' || r == '\u2029' {
			return '-'
		}
		return r
	}, s)
}

// isPage reports whether an address is one of a page: absolute, or a path from the root of the site.
func isPage(to string) bool {
	return strings.HasPrefix(to, "http://") || strings.HasPrefix(to, "https://") || strings.HasPrefix(to, "/")
}

// expand fills the placeholders of a pattern, as Jekyll does (jekyllrb.com/docs/permalinks).
func (r *reader) expand(pattern string) string {
	if !strings.Contains(pattern, ":") {
		return pattern
	}
	name := stem(r.src.path)
	title := name
	date, rest, dated := fileDate(name)
	if dated && rest != "" {
		title = rest
	}
	day := r.rec.Published
	if day.IsZero() && dated {
		day = date.date()
	}
	slug := ""
	if e := r.first(fieldSlug); e != nil && e.value.shape == scalar {
		slug = cleanText(e.value.text)
	}
	of := func(s string) string {
		if slug != "" {
			return slug
		}
		return s
	}
	values := []string{
		":title", slugify(of(title), true), ":slug", slugify(of(title), false), ":name", slugify(title, false), ":basename", title,
		":contentbasename", of(title), ":filename", title, ":path", strings.TrimSuffix(r.src.path, path.Ext(r.src.path)),
		":sections", path.Dir(r.src.path), ":section", strings.TrimPrefix(strings.Split(r.src.path, "/")[0], "_"),
		":collection", strings.TrimPrefix(strings.Split(r.src.path, "/")[0], "_"), ":output_ext", ".html",
		":categories", r.categoryPath(),
	}
	if !day.IsZero() {
		values = append(values, ":year", day.Format("2006"), ":short_year", day.Format("06"), ":month", day.Format("01"), ":i_month", fmt.Sprint(int(day.Month())),
			":day", day.Format("02"), ":i_day", fmt.Sprint(day.Day()), ":y_day", fmt.Sprintf("%03d", day.YearDay()))
	}
	scheme, rest2, absolute := strings.Cut(pattern, "://")
	if !absolute {
		return collapse(expandWords(pattern, values))
	}
	return scheme + "://" + collapse(expandWords(rest2, values))
}

// expandWords replaces ":word" by the value of exactly that word.
func expandWords(pattern string, values []string) string {
	var b strings.Builder
	for pattern != "" {
		i := strings.IndexByte(pattern, ':')
		if i < 0 {
			break
		}
		b.WriteString(pattern[:i])
		end := i + 1
		for end < len(pattern) && (pattern[end] == '_' || 'a' <= pattern[end] && pattern[end] <= 'z') {
			end++
		}
		word := pattern[i:end]
		for j := 0; j < len(values); j += 2 {
			if values[j] == word {
				word = values[j+1]
				break
			}
		}
		b.WriteString(word)
		pattern = pattern[end:]
	}
	return b.String() + pattern
}

func collapse(s string) string {
	for strings.Contains(s, "//") {
		s = strings.ReplaceAll(s, "//", "/")
	}
	return s
}

func (r *reader) categoryPath() string {
	var parts []string
	for _, c := range r.rec.Categories {
		parts = append(parts, slugify(c, false))
	}
	return strings.Join(parts, "/")
}

// slugify makes the part of an address that Jekyll makes: letters, digits and, if pretty, some marks stay; pretty keeps capitals.
func slugify(s string, pretty bool) string {
	var b strings.Builder
	gap := false
	for _, c := range s {
		keep := unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.Is(unicode.Mn, c) || pretty && strings.ContainsRune("._~!$&'()+,;=@", c)
		if !keep {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		if !pretty {
			c = unicode.ToLower(c)
		}
		b.WriteRune(c)
	}
	return b.String()
}
