package content

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// A practical is one entry of a list of practical information.
type practical struct {
	node  *node
	label *entry // nil: none
	text  *entry // nil: none
}

// practicals returns the entries of the list of practical information.
func (r *reader) practicals() []practical {
	e := r.first(fieldDetails)
	if e == nil || e.value.shape != list {
		return nil
	}
	all := make([]practical, 0, min(len(e.value.items), maxItems))
	for i := range e.value.items[:cap(all)] {
		if n := &e.value.items[i]; n.shape == mapping {
			all = append(all, practical{n, n.first(detailLabel), n.first(detailText)})
		}
	}
	return all
}

// is reports whether the label of p is one of the words that words picks.
func (p practical) is(words func(*language) []string) bool {
	return p.label != nil && p.label.value.shape == scalar && isWord(label(p.label.value.text), words)
}

func (p practical) isHours() bool {
	return p.is(func(l *language) []string { return l.hoursLabels })
}

func (p practical) isDate() bool { return p.is(func(l *language) []string { return l.dateLabels }) }

// written returns the text of p, or "".
func (p practical) written() string {
	if p.text == nil || p.text.value.shape != scalar {
		return ""
	}
	return p.text.value.text
}

// datedHours reads a date, which may lack its year, and hours after it: "mardi 8 octobre 2024 de 09h00 à 12h30".
func datedHours(s string, dayFirst bool) (day moment, h hours, timed, ok bool) {
	day, rest, err := cutDate(fold(s), dayFirst)
	if err != nil || day.month == 0 {
		return day, h, false, false
	}
	rest = strings.Trim(strings.TrimLeft(rest, " ,.:|-("), " ,.)")
	if rest == "" {
		return day, h, false, true
	}
	h, ok = parseHours(rest)
	return day, h, ok, ok
}

// dated reads a date with its year and hours that end: "15/05/2027 9h-12h".
func (r *reader) dated(e *entry) (day moment, h hours, ok bool) {
	if e.value.shape != scalar {
		return day, h, false
	}
	day, h, timed, ok := datedHours(e.value.text, r.french())
	return day, h, ok && timed && h.ranged && day.year > 0 && day.exists()
}

// names reports whether the label of p begins with the day of a stamp: "15 décembre à Paris".
func (p practical) names(s *stamp, dayFirst bool) bool {
	if s == nil || p.label == nil || p.label.value.shape != scalar {
		return false
	}
	m, _, err := cutDate(fold(p.label.value.text), dayFirst)
	return err == nil && m.month == s.month && m.day == s.day && (m.year == noYear || m.year == s.year)
}

// hoursText returns the first text with hours that are understood: a key of its own, or practical information labelled so, or with the
// day that s names, if it is not nil.
func (r *reader) hoursText(s *stamp) (*entry, hours) {
	if r.named(fieldHours) {
		return r.namedHours()
	}
	if s != nil && s.hours != nil {
		_, h, _ := r.dated(s.hours)
		return s.hours, h
	}
	if e := r.first(fieldHours); e != nil && e.value.shape == scalar {
		if h, ok := parseHours(e.value.text); ok {
			return e, h
		}
	}
	all := r.practicals()
	for _, p := range all {
		if p.isHours() {
			if h, ok := parseHours(p.written()); ok {
				return p.text, h
			}
		}
	}
	for _, p := range all {
		if p.isDate() || p.isHours() {
			if _, h, timed, ok := datedHours(p.written(), r.french()); ok && timed {
				return p.text, h
			}
		}
	}
	for _, p := range all {
		if p.names(s, r.french()) {
			if h, ok := parseHours(p.written()); ok {
				return p.text, h
			}
		}
	}
	return nil, hours{}
}

// namedHours returns the first text with hours that are understood under the paths that the configuration names for them.
func (r *reader) namedHours() (*entry, hours) {
	for e := range r.each(fieldHours) {
		if h, ok := parseHours(e.value.text); ok && e.value.shape == scalar {
			return e, h
		}
		if _, h, timed, ok := datedHours(e.value.text, r.french()); ok && timed && e.value.shape == scalar {
			return e, h
		}
	}
	return nil, hours{}
}

// readDetails keeps the practical information that is not date or hours of the event already.
func (r *reader) readDetails() {
	r.keepHours()
	if e := r.first(fieldDetails); e != nil {
		r.tooMany(e, len(e.value.items), maxItems)
	}
	for _, p := range r.practicals() {
		if said := r.rec.Kind == Event && r.said(p); !said {
			if _, _, _, dated := datedHours(p.written(), r.french()); r.rec.Kind == Event && p.isHours() && !dated {
				r.unclearHours(p.text)
			}
			r.addDetail(p)
		}
		r.addDebris(p.node)
	}
	if r.rec.Kind == Event {
		r.addFacts()
	}
	for e := range r.each(fieldAccess) {
		switch e.value.shape {
		case scalar:
			r.keepDetail(Detail{Label: "Accès", Text: r.plainLine(e)})
		case list:
			items := r.items(e)
			for i := range items {
				r.addAccess(&items[i])
			}
		}
	}
}

// keepHours keeps what a key for hours says beyond the time of the event: "9h-12h et 14h-17h", or the hours of each of several days.
func (r *reader) keepHours() {
	e := r.first(fieldHours)
	if r.rec.Kind != Event || e == nil || e.value.shape != scalar {
		return
	}
	if h, ok := parseHours(e.value.text); ok && r.saidHours(h) {
		return
	}
	if _, err := parseMoment(e.value.text, r.french()); err == nil {
		return // a time that the start has taken
	}
	name := "Hours"
	if r.french() {
		name = "Horaires"
	}
	r.unclearHours(e)
	r.keepDetail(Detail{Label: name, Text: r.plainLine(e)})
}

// unclearHours says that a text was to give the hours which the event lacks, and is not understood.
func (r *reader) unclearHours(e *entry) {
	if e == nil || e.value.shape != scalar || !r.when.AllDay && !r.when.End.IsZero() || !strings.ContainsAny(e.value.text, "0123456789") {
		return
	}
	if _, ok := parseHours(e.value.text); !ok {
		r.fault(Notice, RuleHours, e.value.at, "%s is %q, which is not understood as hours such as 14h - 17h30: subscribers read it as text; give the start and the end their hours", e.key, clip(e.value.text, 60))
	}
}

func (r *reader) addDetail(p practical) {
	var d Detail
	if p.label != nil {
		d.Label = strings.TrimRight(r.plainLine(p.label), " :")
	}
	text := ""
	if p.text != nil {
		text = r.line(p.text)
	}
	if e := p.node.first(detailLink); e != nil && e.value.shape == scalar {
		if d.URL = address(e.value.text); d.URL == "" {
			r.fault(Warning, RuleLink, e.value.at, "%s is %s, want an address that begins with https://, or an e-mail address; it is not used", e.key, e.value.what())
		}
	}
	if d.URL == "" {
		d.URL = strayAddress(p.node)
	}
	if to := address(text); to == "" || strings.HasPrefix(to, "/") {
		d.Text = plain(text)
	} else if d.URL == "" || d.URL == to {
		d.URL = to
	} else {
		d.Text = text
	}
	if p.is(func(l *language) []string { return l.contactLabels }) && r.rec.Contact == "" {
		r.rec.Contact = d.Text
		if d.Text == "" {
			r.rec.Contact = strings.TrimPrefix(d.URL, "mailto:")
		}
	}
	r.keepDetail(d)
}

// addFacts keeps what single keys say: what it costs, how to join, and of a talk the event that it belongs to.
func (r *reader) addFacts() {
	for _, k := range factKeys {
		e := r.root.entry(k.key)
		if e == nil || e.value.empty() || e.value.shape != scalar {
			continue
		}
		if _, said := boolean(&e.value); said {
			continue // that there is one, not which
		}
		d := Detail{Label: k.english, Text: cutAt(placeLine(r.text(e)), maxLine)}
		if r.french() {
			d.Label = k.french
		}
		if to := address(e.value.text); isPage(to) {
			d.Text, d.URL = "", to
		}
		r.keepDetail(d)
	}
	if title, e := r.first(fieldTitle), r.root.entry("event"); title != nil && e != nil && title != e && e.value.shape == scalar && !e.value.empty() {
		label := "Event"
		if r.french() {
			label = "Événement"
		}
		if d := (Detail{Label: label, Text: r.plainLine(e)}); !containsFold(r.rec.Title, d.Text) {
			r.keepDetail(d)
		}
	}
}

// addDebris keeps what stands under a key that is none of ours, such as an editor's "Key", unless it says nothing.
func (r *reader) addDebris(n *node) {
	for i := range n.entries {
		e := &n.entries[i]
		if e.value.shape != scalar || e.value.empty() || slices.Contains(detailLabel, e.name) || slices.Contains(detailText, e.name) || slices.Contains(detailLink, e.name) {
			continue
		}
		if text := r.plainLine(e); fold(text) != fold(e.key) && address(e.value.text) == "" && strings.ContainsFunc(text, unicode.IsLetter) {
			if _, said := boolean(&e.value); !said {
				r.keepDetail(Detail{Text: text})
			}
		}
	}
}

// strayAddress returns an address under a key that is none of ours, such as one an editor left behind.
func strayAddress(n *node) string {
	for i := range n.entries {
		v := &n.entries[i].value
		if v.shape != scalar {
			continue
		}
		if to := address(v.text); strings.HasPrefix(to, "mailto:") || strings.Contains(v.text, "://") && isPage(to) {
			return to
		}
	}
	return ""
}

func (r *reader) keepDetail(d Detail) {
	if d == (Detail{}) {
		return
	}
	r.rec.Details = append(r.rec.Details, d)
	if r.rec.Kind == Event && r.rec.Online == "" && strings.HasPrefix(d.URL, "http") && (isMeeting(d.URL) || online(d.Label)) {
		r.rec.Online = d.URL
	}
}

// addAccess keeps one way to get there: "Métro: Lignes 1 et 11", or a sentence.
func (r *reader) addAccess(n *node) {
	kind := n.first([]string{"type", "mode", "nom", "name"})
	if kind == nil {
		return
	}
	var lines []string
	if e := n.first([]string{"lignes", "lines"}); e != nil && e.value.shape == list {
		items := r.items(e)
		for i := range items {
			item := &items[i]
			if name := item.first([]string{"nom", "name"}); name != nil {
				item = &name.value
			}
			if item.shape == scalar && !item.empty() {
				lines = append(lines, plain(oneLine(cleanText(item.text))))
			}
		}
	}
	if len(lines) == 0 {
		r.keepDetail(Detail{Label: "Accès", Text: r.plainLine(kind)})
		return
	}
	r.keepDetail(Detail{Label: strings.TrimRight(r.plainLine(kind), " :"), Text: strings.Join(lines, ", ")})
}

// said reports whether a text with date or hours says no more than the event's time does. What it says otherwise is warned about.
func (r *reader) said(p practical) bool {
	text := p.written()
	if text == "" {
		return false
	}
	if p.isHours() {
		if h, ok := parseHours(text); ok {
			return r.saidHours(h)
		}
	}
	if !p.isDate() && !p.isHours() {
		return false
	}
	day, h, timed, ok := datedHours(text, r.french())
	if !ok {
		return false
	}
	first := r.when.Start
	if day.month != int(first.Month()) || day.day != first.Day() || day.year != noYear && day.year != first.Year() {
		r.fault(Warning, RuleDateConflict, p.text.value.at, "%s says %q, but the event begins on %s; that is used: correct one of them", p.label.key, clip(text, 40), first.Format(time.DateOnly))
		return false
	}
	if name, said := weekdayOf(fold(text)); said && name != first.Weekday() {
		r.fault(Warning, RuleDateConflict, p.text.value.at, "%s says %q, but %s is a %s: correct one of them", p.label.key, clip(text, 40), first.Format(time.DateOnly), first.Weekday())
	}
	return (!timed || r.saidHours(h)) && (!r.when.AllDay || r.when.End.Equal(first))
}

// saidHours reports whether hours are those of the event.
func (r *reader) saidHours(h hours) bool {
	if r.when.AllDay || !at(r.when.Start, h.start) {
		return false
	}
	return !h.ranged || at(r.when.End, h.end) && r.when.End.Sub(r.when.Start) < 24*time.Hour
}

func at(t time.Time, c clock) bool {
	return !t.IsZero() && t.Hour() == c.hour%24 && t.Minute() == c.min
}
