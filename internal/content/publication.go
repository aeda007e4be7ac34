package content

import (
	"slices"
	"strings"
	"time"
)

// readDraft reads whether the record is to be published at all.
func (r *reader) readDraft() {
	for _, key := range shownKeys {
		e := r.root.entry(key)
		if e == nil || e.value.empty() {
			continue
		}
		yes, said := boolean(&e.value)
		switch _, err := parseMoment(e.value.text, true); {
		case said && !yes, withheld(&e.value):
			r.rec.Draft = true
		case !said && err != nil && e.value.shape == scalar && key != shownKeys[0] && !isWord(fold(e.value.text), func(l *language) []string { return l.shown }):
			r.fault(Warning, RuleType, e.value.at, "%s is %s, want true or false; it is not used", e.key, e.value.what())
		}
	}
	if n := r.status(); n != nil && isWord(fold(n.text), func(l *language) []string { return l.draft }) {
		r.rec.Draft = true
	}
	if e := r.root.entry("draft"); e != nil && !e.value.empty() {
		yes, said := boolean(&e.value)
		switch {
		case yes, isHidden(&e.value):
			r.rec.Draft = true
		case !said:
			r.fault(Warning, RuleType, e.value.at, "%s is %s, want true or false; it is not used", e.key, e.value.what())
		}
	}
	for _, key := range hiddenKeys {
		e := r.root.entry(key)
		if e == nil || e.value.empty() {
			continue
		}
		yes, said := boolean(&e.value)
		if key == "visibility" {
			yes = said && !yes
		}
		switch {
		case yes, isHidden(&e.value):
			r.rec.Draft = true
		case !said && e.value.shape == scalar && !isWord(fold(e.value.text), func(l *language) []string { return l.shown }):
			r.fault(Warning, RuleType, e.value.at, "%s is %s, want true or false; it is not used", e.key, e.value.what())
		}
	}
	for _, key := range renderKeys {
		if n := r.root.get(key); n != nil && slices.Contains([]string{"never", "false"}, fold(n.text)) {
			r.rec.Draft = true
		}
	}
	for folder := range strings.SplitSeq(r.src.path, "/") {
		if folder == "_drafts" {
			r.rec.Draft = true
		}
	}
}

// hidden are the words by which a record says that it is not for others, as Outlook does, or not yet.
var hidden = []string{"private", "personal", "confidential", "internal", "prive", "privee", "personnel", "confidentiel", "interne", "masque", "masquee", "hidden", "unlisted", "members", "membres", "adherents", "draft", "brouillon", "x"}

// isHidden reports whether the value of a key that says what is hidden does so in a word.
func isHidden(n *node) bool { return n.shape == scalar && slices.Contains(hidden, fold(n.text)) }

// crosses are marks that say no, and ticks marks that say yes, without what makes pictures of them.
var (
	crosses = []string{"✗", "✘", "✖", "❌", "☒", "☐", "-", "?", "/"}
	ticks   = []string{"x", "X", "✓", "✔", "☑", "✅"}
)

// isMark reports whether a text is one of these marks.
func isMark(s string, marks []string) bool {
	return slices.Contains(marks, strings.TrimSuffix(s, "\ufe0f"))
}

// withheld reports whether a value says that a record is not to be published, or not yet: "en attente", "brouillon".
func withheld(n *node) bool {
	said := fold(n.text)
	return isMark(said, crosses) || isWord(said, func(l *language) []string { return l.draft }) || isWord(said, func(l *language) []string { return l.tentative })
}

// status returns what a record says of its status, or nil.
func (r *reader) status() *node {
	e := r.first(fieldStatus)
	switch {
	case e == nil:
		return nil
	case e.value.shape == list && len(e.value.items) == 1:
		return &e.value.items[0]
	}
	return &e.value
}

// readPublication reads when the record may be published.
func (r *reader) readPublication() {
	r.rec.Updated = r.time(fieldUpdated)
	r.rec.NotBefore = r.time(fieldNotBefore)
	r.rec.NotAfter = r.time(fieldNotAfter)
}

// generated are values that Eleventy replaces by dates of its own.
var generated = []string{"git last modified", "git created", "last modified", "created"}

// time reads the first entry of a field that holds a date.
func (r *reader) time(x field) time.Time {
	for e := range r.each(x) {
		if t := r.timeOf(e); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// timeOf reads a date, or returns zero; a date without a time is midnight in the zone of the record.
func (r *reader) timeOf(e *entry) time.Time {
	if _, said := boolean(&e.value); said {
		return time.Time{}
	}
	s := &stamp{key: e.key, text: clip(e.value.text, 40), at: e.value.at}
	var err error
	if s.moment, err = r.moment(&e.value); err != nil {
		if !slices.Contains(generated, fold(e.value.text)) {
			r.fault(Warning, RuleDate, e.value.at, "%s is %s: %w; it is not used", e.key, e.value.what(), err)
		}
		return time.Time{}
	}
	if !s.plausible() {
		r.fault(Warning, RuleDateRange, e.value.at, "%s is %s, want a year from %d to %d; it is not used", e.key, s.text, firstYear, lastYear)
		return time.Time{}
	}
	return r.instant(s)
}

// readPublished finds the date of an article: in the front matter, else in the name of the file.
func (r *reader) readPublished() {
	if r.rec.Published = r.time(fieldPublished); !r.rec.Published.IsZero() {
		r.rec.Origin = "front matter"
	} else if !r.publishedInName() && !r.isSitePage() {
		r.fault(Notice, RuleDateOrigin, r.root.at, "no date is given, neither here nor in the name of the file: add date: 2027-05-08; until then the record is dated when it is first seen")
	}
	r.readPermalink()
}

// isSitePage reports whether what has no date is not an article but a page of the site, by its layout.
func (r *reader) isSitePage() bool {
	n := r.root.get("layout")
	return n != nil && r.rec.Origin == "" && r.collection.Kind != "articles" && slices.Contains(pageLayouts, fold(n.text))
}

func (r *reader) publishedInName() bool {
	m, _, ok := fileDate(stem(r.src.path))
	if !ok {
		return false
	}
	r.rec.Published, r.rec.Origin = m.in(r.zone), "file name"
	if slices.Contains(strings.Split(r.src.path, "/"), "_posts") {
		return true // where Jekyll wants the date in the name
	}
	r.fault(Notice, RuleDateOrigin, r.root.at, "no date is given, so that in the name of the file is used: %s", m)
	return true
}

// readEventPublished reads when the page of an event was written. A date that only repeats a time of the event says nothing of it.
func (r *reader) readEventPublished(spans []occurrence) {
	for e := range r.each(fieldPublished) {
		if e.name == "date" && r.collection.DateIsStart {
			continue
		}
		t := r.timeOf(e)
		repeats := func(s occurrence) bool {
			midnight := t.Hour() == 0 && t.Minute() == 0
			return t.Equal(s.Start) || t.Equal(s.End) || midnight && (sameDay(t, s.Start) || sameDay(t, s.End))
		}
		if !t.IsZero() && !slices.ContainsFunc(spans, repeats) {
			r.rec.Published, r.rec.Origin = t, "front matter"
			break
		}
	}
	r.readPermalink()
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

// readStatus reads whether an event takes place.
func (r *reader) readStatus() {
	if n := r.status(); n != nil {
		switch status := fold(n.text); {
		case isWord(status, func(l *language) []string { return l.cancelled }):
			r.rec.Status = "cancelled"
		case isWord(status, func(l *language) []string { return l.confirmed }):
			r.rec.Status = "confirmed"
		case isWord(status, func(l *language) []string { return l.tentative }):
			r.rec.Status = "tentative"
		case r.rec.Kind == Event && !isWord(status, func(l *language) []string { return l.shown }) && !isWord(status, func(l *language) []string { return l.draft }):
			e := r.first(fieldStatus)
			r.fault(Warning, RuleStatus, e.value.at, "%s is %s, want confirmed, tentative or cancelled; it is not used", e.key, e.value.what())
		}
	}
	if r.rec.Kind == Article {
		r.rec.Status = ""
		return
	}
	for e := range r.each(fieldCancelled) {
		yes, said := boolean(&e.value)
		if status := r.first(fieldStatus); status != nil && said && !yes && r.rec.Status == "cancelled" {
			r.fault(Warning, RuleConflict, e.value.at, "%s is %s, but %s on line %d is %s; the event is published as cancelled: correct one of them", e.key, e.value.what(), status.key, r.src.line(status.at), status.value.what())
		}
		if yes || !said {
			r.rec.Status = "cancelled"
		}
	}
	if r.rec.Status == "" && cancelledTitle(r.rec.Title) {
		r.rec.Status = "cancelled"
		at := 0
		if e := r.first(fieldTitle); e != nil {
			at = e.value.at
		}
		r.fault(Notice, RuleStatus, at, "the title says that the event is cancelled, so it is published as cancelled: add status: cancelled")
	}
}

// cancelledTitle reports whether a title begins or ends with "[Annulé]", "(cancelled)" or "Annulé :".
func cancelledTitle(title string) bool {
	if !strings.ContainsAny(title, "[](:!-–—‑‐‒−") {
		return false
	}
	s := fold(title)
	is := func(word string) bool {
		return isWord(strings.Trim(word, " !"), func(l *language) []string { return l.cancelled })
	}
	for _, pair := range []string{"[]", "()"} {
		if i := strings.IndexByte(s, pair[1]); i > 0 && s[0] == pair[0] && is(s[1:i]) {
			return true
		}
		if i := strings.LastIndexByte(s, pair[0]); i >= 0 && s[len(s)-1] == pair[1] && is(s[i+1:len(s)-1]) {
			return true
		}
	}
	for _, sep := range []string{":", " - ", "! "} {
		if before, _, found := strings.Cut(s, sep); found && is(before) {
			return true
		}
	}
	return false
}
