package content

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/crieur/crieur/internal/markup"
)

// maxTried is how many lines of a text are tried as its title.
const maxTried = 100

// maxTitle is how many runes of a first sentence may become a title.
const maxTitle = 140

// plain reads a file without front matter: an article, if it is text.
func (p *parser) plain(format markup.Format) {
	s := p.src
	text := s.body(0)
	switch {
	case text == "":
		s.fault(Notice, RuleNotRecord, 0, "the file is empty, so nothing is published")
		return
	case format == markup.HTML:
		s.fault(Notice, RuleNotRecord, 0, "a page of HTML without front matter is not published: begin it with a line ---, title: …, and a line ---")
		return
	case p.collection.Kind == "events", p.collection.Kind == "" && inEventFolder(s.path):
		s.fault(Notice, RuleNoStart, 0, "a text without front matter among events is not published: begin it with a line ---, title: …, start: 2027-05-08 14:00, and a line ---")
		return
	case !p.bodyFits(0):
		return
	}
	r := p.reader(&node{shape: mapping}, 0)
	r.readLanguage()
	r.readZone()
	r.readPublication()
	r.rec.Body, r.rec.Format = text, format
	if format == markup.Markdown {
		r.rec.Title = firstHeading(text, format)
	}
	if r.rec.Title == "" {
		r.rec.Title = plainTitle(text, format)
	}
	if r.rec.Title == "" {
		r.rec.Title = titleOf(s.path)
		s.fault(Notice, RuleTitle, 0, "no line of the text can be its title, so the name of the file is used: %q", clip(r.rec.Title, 60))
	}
	if !r.publishedInName() {
		if m, found := latestDate(text, r.french()); found {
			r.rec.Published, r.rec.Origin = m.in(r.zone), "text"
			s.fault(Notice, RuleDateOrigin, 0, "no date is given, so the latest in the text is used: %s; to give another begin the file with a line ---, date: …, and a line ---", m)
		} else {
			s.fault(Notice, RuleDateOrigin, 0, "no date is given and none stands in the text: begin the file with a line ---, date: 2027-05-08, and a line ---; until then it is dated when it is first seen")
		}
	}
	r.readPermalink()
	p.records = append(p.records, r.rec)
}

// plainTitle returns the first line of a text that can be a title: a sentence, not what a page has around its text, nor a date.
func plainTitle(text string, format markup.Format) string {
	tried := 0
	for line := range strings.Lines(text) {
		if line = oneLine(cutAt(line, maxLine)); line == "" {
			continue
		}
		if tried++; tried > maxTried {
			break
		}
		if format == markup.Markdown {
			line = markup.Line(line)
		}
		if isTitle(line) {
			return shorten(strings.TrimSuffix(line, "."), maxTitle)
		}
	}
	return ""
}

func isTitle(line string) bool {
	letters, marks := 0, 0
	for _, c := range line {
		switch {
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			letters++
		case !unicode.IsSpace(c):
			marks++
		}
	}
	first, _ := utf8.DecodeRuneInString(line)
	if letters < 3 || marks > letters || strings.ContainsRune("•*-–—·|>", first) || address(line) != "" {
		return false
	}
	said := label(line)
	if isWord(said, func(l *language) []string { return l.decoration }) {
		return false
	}
	if after, found := cutWord(said, func(l *language) []string { return l.published }); found {
		said = after
	}
	if m, rest, err := cutDate(said, true); err == nil && m.month > 0 && rest == "" {
		return false
	}
	return true
}

// shorten cuts a text to at most n runes: after its first sentence, else after its first clause that is not short, neither within
// quotation marks, else at a word.
func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	sentence, clause, open, count := 0, 0, 0, 0
	previous := rune(0)
	for i, c := range s {
		if count++; count > n {
			break
		}
		switch {
		case strings.ContainsRune("“«(", c):
			open++
		case strings.ContainsRune("”»)", c):
			open--
		case sentence == 0 && c == ' ' && count > n/4 && open <= 0 && strings.ContainsRune(".!?…", previous):
			sentence = i
		case clause == 0 && strings.ContainsRune(",;", c) && count > n/4 && open <= 0:
			clause = i
		}
		previous = c
	}
	switch {
	case sentence > 0:
		return strings.TrimSuffix(strings.TrimSpace(s[:sentence]), ".")
	case clause > 0:
		return strings.TrimSpace(s[:clause])
	}
	return cutAt(s, n)
}

// latestDate returns the latest full date that stands in a text.
func latestDate(text string, dayFirst bool) (latest moment, found bool) {
	for m := range datesIn(text, dayFirst) {
		if !found || m.date().After(latest.date()) {
			latest, found = m, true
		}
	}
	return latest, found
}

// datesIn yields the full dates that stand in a text: in words, or as 2027-05-08 or 08/05/2027.
func datesIn(text string, dayFirst bool) iter.Seq[moment] {
	return func(yield func(moment) bool) {
		var before [2]string
		for word := range strings.FieldsSeq(text) {
			word = strings.Trim(word, ",;:.!?()[]«»“”\"'")
			if hasYear(word) {
				var m moment
				var rest string
				ok := false
				if len(word) > 4 {
					date, rest, err := cutDate(fold(word), dayFirst)
					m, ok = date, err == nil && date.year > 0 && date.month > 0 && (rest == "" || rest[0] == 't')
				} else if isDayMonth(before[0], before[1]) {
					date := fold(before[0] + " " + before[1] + " " + word)
					if m, rest, ok = cutDayMonth(date); !ok || m.year < 0 {
						m, rest, ok = cutMonthDay(date)
					}
					ok = ok && rest == ""
				}
				if ok && m.exists() && m.plausible() && !yield(m) {
					return
				}
			}
			before[0], before[1] = before[1], word
		}
	}
}

// isDayMonth reports whether two words may be a day and a month, or a month and a day.
func isDayMonth(a, b string) bool {
	isDay := func(s string) bool { return s != "" && '0' <= s[0] && s[0] <= '9' }
	return len(a)+len(b) < 30 && (isDay(a) || isDay(b))
}

// hasYear reports whether four digits stand at the beginning or at the end of a word that may be a date.
func hasYear(word string) bool {
	if len(word) < 4 || len(word) > 30 || strings.ContainsFunc(word, func(r rune) bool { return plainRune(r) == 0 }) {
		return false
	}
	_, _, first := cutNumber(word[:4], 4)
	_, _, last := cutNumber(word[len(word)-4:], 4)
	return first && strings.Trim(word[:4], "0123456789") == "" || last && strings.Trim(word[len(word)-4:], "0123456789") == ""
}
