package content

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/crieur/crieur/internal/markup"
	"github.com/crieur/crieur/internal/zone"
)

// A reader makes one record from one mapping.
type reader struct {
	*parser
	root      *node
	rec       Record
	zone      *time.Location
	zoneGiven bool // by the record, the collection or a configured site
	lang      string
	when      Span // of an event: its first
	body      written

	utc        *bool // that the comments say UTC, once it was asked
	toldZone   bool  // that a zone was assumed
	toldOffset bool  // that an offset, the last one told, is not the zone's
	offset     int
}

// reader returns a reader of the mapping root, which begins at an offset.
func (p *parser) reader(root *node, at int) reader {
	return reader{parser: p, root: root, rec: Record{Path: p.src.path, Line: p.src.line(at)}}
}

// read fills the record and keeps it, unless an error leaves it out.
func (r *reader) read() {
	r.readDraft()
	r.src.draft = r.rec.Draft
	defer func() { r.src.draft = false }()
	r.readLanguage()
	r.readZone()
	spans, ok := r.readKind()
	if !ok {
		if r.rec.Draft { // it is to be withdrawn all the same
			r.rec.Broken = true
			r.readTexts()
			r.records = append(r.records, r.rec)
		}
		return
	}
	if len(spans) > 0 {
		r.when = spans[0].Span
	}
	r.readTexts()
	if !r.readsWell(len(spans)) {
		return
	}
	r.readPublication()
	r.readStatus()
	place := r.readPlace()
	r.readPeople()
	r.readDetails()
	r.readLinks()
	r.joinOnline(place)
	r.keepWords(place)
	r.readFiles()
	r.checkYear()
	r.readShapes()
	if r.rec.Kind == Article {
		if r.readPublished(); r.isSitePage() {
			r.fault(Notice, RuleNotRecord, r.root.entry("layout").at, "its layout is that of a page of the site and it has no date, so it is not published as an article: if it is one, add date: 2027-05-08")
			return
		}
		r.noProgramme()
		r.records = append(r.records, r.rec)
		return
	}
	r.readReminders()
	r.readEventPublished(spans)
	for i, s := range spans {
		rec := r.rec
		rec.When = s.Span
		if s.line > 0 {
			rec.Line = s.line
		}
		if s.cancelled {
			rec.Status = "cancelled"
		}
		if !s.repeat.IsZero() {
			rec.Repeat = s.repeat
		}
		if s.remark != "" {
			rec.Details = append(rec.Details[:len(rec.Details):len(rec.Details)], Detail{Text: s.remark})
		}
		if rec.UID != "" && len(spans) > 1 {
			rec.UID += "-" + s.Start.Format("20060102T1504")
		}
		var sessions []Record
		if i == 0 {
			sessions = r.readProgramme(&rec, len(spans))
		}
		r.records = append(append(r.records, rec), sessions...)
	}
}

// readsWell judges how often the body would be shown: once for each time of the record, and again in the lists of each of its labels.
// It reports false if it would be too often, and takes away labels that would make it so.
func (r *reader) readsWell(times int) bool {
	size := max(times, 1) * len(r.rec.Body)
	if times > 1 && size > maxBody {
		r.fault(Error, RuleSize, r.root.at, "the text of %d bytes would be published %d times, once for each date, want at most %d bytes in all: write less, or leave dates to files of their own", len(r.rec.Body), times, maxBody)
		return false
	}
	if labels := len(r.rec.Categories) + len(r.rec.Tags); labels*size > maxShown {
		n := maxShown / size
		r.rec.Categories = r.rec.Categories[:min(len(r.rec.Categories), n)]
		r.rec.Tags = r.rec.Tags[:min(len(r.rec.Tags), n-len(r.rec.Categories))]
		r.fault(Warning, RuleSize, r.root.at, "the text of %d bytes has %d categories and tags, each with lists that hold the text; the first %d are used: write less, or label it less", len(r.rec.Body), labels, n)
	}
	return true
}

func (r *reader) fault(severity Severity, rule string, at int, format string, args ...any) {
	r.src.fault(severity, rule, at, format, args...)
}

func (r *reader) readLanguage() {
	r.lang = cmp.Or(r.collection.Language, r.opt.Language)
	if e := r.first(fieldLanguage); e != nil && e.value.shape == scalar {
		if lang := r.line(e); languageRE.MatchString(lang) {
			r.lang = lang
		} else {
			r.fault(Warning, RuleType, e.value.at, "%s is %s, want a tag such as fr or en-GB; %s is used", e.key, e.value.what(), r.lang)
		}
	}
	r.rec.Language = r.lang
}

// languageRE is the form of a language tag (BCP 47), whether or not there is such a language.
var languageRE = regexp.MustCompile(`^[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*$`)

func (r *reader) french() bool { return strings.HasPrefix(strings.ToLower(r.lang), "fr") }

// readZone finds the zone of the record's times: its own, else that of the folder, else that of the site.
func (r *reader) readZone() {
	r.zone = r.parser.zone()
	r.zoneGiven = !r.opt.ZoneAssumed || r.collection.Zone != nil
	e := r.first(fieldTimezone)
	if e == nil {
		return
	}
	name := strings.TrimSpace(e.value.text)
	loc, err := zone.Load(name)
	if offset, ok := utcOffset(name); err != nil && ok {
		loc, err = time.FixedZone("", offset), nil
	}
	if e.value.shape != scalar || err != nil {
		r.fault(Warning, RuleZone, e.value.at, "%s is %s, want a name such as Europe/Paris; %s is used", e.key, e.value.what(), r.zone)
		return
	}
	r.zone, r.zoneGiven = loc, true
	r.agree(e, fieldTimezone, len(zoneKeys))
}

// utcOffset reads an offset that is given as a zone, "UTC -7" or "GMT+05:30", in seconds.
func utcOffset(s string) (seconds int, ok bool) {
	m := utcOffsetRE.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	hours, _ := strconv.Atoi(m[2])
	minutes, _ := strconv.Atoi(m[3])
	if seconds = hours*3600 + minutes*60; m[1] != "+" {
		seconds = -seconds
	}
	return seconds, hours <= 14 && minutes < 60
}

var utcOffsetRE = regexp.MustCompile(`^(?i:utc|gmt)? ?([+\-\x{2212}]) ?(\d\d?)(?::?(\d\d))?$`)

// text returns the text of a value of several lines, or "" with a warning if it is no text.
func (r *reader) text(e *entry) string {
	if e == nil || e.value.empty() {
		return ""
	}
	if e.value.shape != scalar {
		r.fault(Warning, RuleType, e.value.at, "%s is %s, want a text; it is not used", e.key, e.value.what())
		return ""
	}
	return cleanText(e.value.text)
}

// line returns the text of a value that is meant to be one line.
func (r *reader) line(e *entry) string {
	return r.short(e, oneLine(r.text(e)))
}

// short cuts one line that a value gave, with a warning, if it is too long for one.
func (r *reader) short(e *entry, s string) string {
	if n := utf8.RuneCountInString(s); n > maxLine {
		r.fault(Warning, RuleSize, e.value.at, "%s has %d characters, want at most %d; it is cut", e.key, n, maxLine)
		s = cutAt(s, maxLine)
	}
	return s
}

// plainLine returns one line of plain text of a value that may hold Markdown, HTML or entities.
func (r *reader) plainLine(e *entry) string { return plain(r.line(e)) }

func plain(s string) string {
	if !strings.ContainsAny(s, "*_`[]<>&\\{}~#|") {
		return s
	}
	return markup.Line(s)
}

// boolean returns whether a value says yes, and whether it says yes or no at all.
func boolean(n *node) (yes, said bool) {
	if n == nil || n.shape != scalar {
		return false, false
	}
	switch fold(n.text) {
	case "true", "yes", "oui", "on", "vrai", "1":
		return true, true
	case "false", "no", "non", "off", "faux", "0":
		return false, true
	}
	return false, false
}

// words returns the texts of all values of a field, each a list, or a text with commas, without repetition.
func (r *reader) words(x field) []string {
	var all []string
	add := func(s string) {
		s = plain(oneLine(cleanText(s)))
		if s != "" && s != "null" && s != "une" && !slices.ContainsFunc(all, func(t string) bool { return strings.EqualFold(s, t) }) {
			all = append(all, cutAt(s, maxLine))
		}
	}
	for e := range r.each(x) {
		switch e.value.shape {
		case scalar:
			words := strings.SplitN(e.value.text, ",", maxLabels+1)
			r.tooMany(e, len(words), maxLabels)
			for _, s := range words[:min(len(words), maxLabels)] {
				add(s)
			}
		case list:
			items := e.value.items
			r.tooMany(e, len(items), maxLabels)
			for i := range items[:min(len(items), maxLabels)] {
				item := &items[i]
				if item.shape == mapping {
					if name := item.first(personName); name != nil {
						item = &name.value
					}
				}
				if item.shape == scalar {
					add(item.text)
				}
			}
		default:
			r.fault(Warning, RuleType, e.value.at, "%s is %s, want a list of words; it is not used", e.key, e.value.what())
		}
	}
	return all
}

// items returns the items of a list, or the value itself; those above maxItems are left out, with a warning.
func (r *reader) items(e *entry) []node {
	items := e.value.each()
	r.tooMany(e, len(items), maxItems)
	return items[:min(len(items), maxItems)]
}

// tooMany warns if n values are more than a record keeps.
func (r *reader) tooMany(e *entry, n, limit int) {
	if n > limit {
		r.fault(Warning, RuleSize, e.value.at, "%s has more than %d values; the first %[2]d are used: keep those that matter", e.key, limit)
	}
}

// cleanText removes what escapes in quotation marks can bring in: control characters and other line breaks than "\n".
func cleanText(s string) string {
	clean := true
	for i := 0; i < len(s) && clean; i++ {
		switch c := s[i]; {
		case c == '\r', c < ' ' && c != '\n' && c != '\t', c == 0x7F:
			clean = false
		case c == 0xC2: // U+0080 to U+009F
			clean = i+1 < len(s) && s[i+1] >= 0xA0
		case c == 0xEF:
			clean = !strings.HasPrefix(s[i:], "\uFEFF")
		case c == 0xE2:
			clean = !strings.HasPrefix(s[i:], "\u2028") && !strings.HasPrefix(s[i:], "\u2029")
		}
	}
	if !clean {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.Map(func(r rune) rune {
			switch {
			case r == '\r', r == '\u0085', r == '\u2028', r == '\u2029':
				return '\n'
			case r < ' ' && r != '\n' && r != '\t', r >= 0x7F && r < 0xA0, r == '\uFEFF':
				return -1
			}
			return r
		}, s)
	}
	return strings.TrimSpace(s)
}

// oneLine makes one line of s, with single spaces between its words; no-break spaces stay what they are.
func oneLine(s string) string {
	previous := ' '
	for _, r := range s {
		if isBreak(r) && (r != ' ' || previous == ' ') {
			return strings.Join(strings.FieldsFunc(s, isBreak), " ")
		}
		previous = r
	}
	return strings.TrimSuffix(s, " ") // as most are
}

// isBreak reports whether r is white space where a line may be broken.
func isBreak(r rune) bool {
	return unicode.IsSpace(r) && r != '\u00A0' && r != '\u2007' && r != '\u202F'
}

// cutAt cuts s at a word to at most n runes, and says so with an ellipsis.
func cutAt(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	end, count := 0, 0
	for i := range s {
		if count == n-1 {
			end = i
			break
		}
		count++
	}
	s = s[:end]
	if i := strings.LastIndexByte(s, ' '); i > len(s)/2 {
		s = s[:i]
	}
	return strings.TrimRight(s, " ,;:-–") + "…"
}
