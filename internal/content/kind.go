package content

import (
	"fmt"
	"slices"
	"strings"
)

// An occurrence is one time at which an event takes place, or a series of them.
type occurrence struct {
	Span
	line      int // of its own, or 0
	cancelled bool
	remark    string // one line
	repeat    Repeat
	rule      periodicRule // that repeat is made of
}

// readKind decides what the record is. It reports false if it is none, or none that can be published.
func (r *reader) readKind() ([]occurrence, bool) {
	if r.collection.Kind == "articles" {
		return nil, true
	}
	if e := r.first(fieldDates); e != nil && e.value.shape == mapping || r.first(fieldPeriodic) != nil {
		r.rec.Kind = Event
		all := r.occurrences()
		return all, len(all) > 0
	}
	start, startOK := r.stamp(fieldStart, fieldStartTime)
	if !startOK {
		return nil, false
	}
	if start == nil && r.collection.Kind != "events" && !r.looksLikeEvent() {
		return nil, true
	}
	end, endOK := r.stamp(fieldEnd, fieldEndTime)
	switch {
	case start != nil:
		r.rec.Kind = Event
		if !endOK {
			return nil, false
		}
		span, ok := r.span(start, end)
		return []occurrence{{Span: span}}, ok && r.readRepeat(span)
	case end != nil:
		return nil, r.onlyEnd(end)
	case endOK:
		at := r.root.at
		if e := r.first(fieldTitle); e != nil {
			at = e.at
		}
		r.fault(Notice, RuleNoStart, at, "this looks like an event and has no start, so it is not published: add start: 2027-05-08 14:00, or start: 2027-05-08 for a whole day%s", r.dateAdvice())
	}
	return nil, false
}

// dateIsStart reports whether the date is part of what the start is read from: where the collection says so, and where the start
// is only a time of day, which needs a day.
func (r *reader) dateIsStart() bool {
	e := r.first(fieldStartTime)
	return r.collection.DateIsStart || e != nil && isClock(e) && (!slices.Contains(hoursKeys, e.name) || r.named(fieldStartTime))
}

// dateAdvice says what to do when date, or that in the name of the file, may be meant as the start.
func (r *reader) dateAdvice() string {
	e := r.root.first([]string{"date"})
	if e == nil {
		if day, _, ok := fileDate(stem(r.src.path)); ok {
			return fmt.Sprintf("; if the date in the name of the file (%s) is the start, say date_is_start: true for this folder in crieur.yaml", day)
		}
	}
	if e == nil || e.value.shape != scalar {
		return ""
	}
	if _, err := parseMoment(e.value.text, r.french()); err != nil {
		return ""
	}
	return fmt.Sprintf("; if date (%s) is the start, say date_is_start: true for this folder in crieur.yaml", clip(e.value.text, 30))
}

// looksLikeEvent reports whether the record has what only events have, or stands among events.
func (r *reader) looksLikeEvent() bool {
	if inEventFolder(r.src.path) || r.root.first(eventKeys) != nil {
		return true
	}
	e, _ := r.hoursText(nil)
	return e != nil
}

// onlyEnd judges a record with an end and no start: a mistake, unless its date is the start after all. It reports whether the
// record may still be an article.
func (r *reader) onlyEnd(end *stamp) bool {
	if e := r.root.first([]string{"date"}); e != nil && e.value.shape == scalar {
		date, err := parseMoment(e.value.text, r.french())
		if days := end.date().Sub(date.date()).Hours() / 24; err == nil && days >= 0 && days <= 31 {
			r.fault(Notice, RuleNoStart, e.at, "%s is given and no start, so this is not published as an event: add start: %s%s", end.key, clip(e.value.text, 30), r.dateAdvice())
			return false
		}
	}
	r.fault(Error, RuleOnlyEnd, end.at, "%s is %s and there is no start, want both: add start: 2027-05-08 14:00", end.key, end.text)
	return false
}

// occurrences reads the dates of an event that are written as keys with hours, "2025-02-27 18:00-20:00: remark", and as rules in words;
// those that are cancelled, and those that were moved to another day. It returns none if one of the latter two is not understood: it would
// be announced on a day on which it does not take place.
func (r *reader) occurrences() []occurrence {
	for _, x := range []field{fieldRule, fieldAlso, fieldExcept} {
		if e := r.first(x); e != nil {
			r.fault(Warning, RuleRecurrence, e.at, "%s is given beside a list of dates; it is not used", e.key)
		}
	}
	var all []occurrence
	if e := r.first(fieldDates); e != nil && e.value.shape == mapping {
		for i := range e.value.entries {
			if o, ok := r.occurrence(&e.value.entries[i]); ok {
				all = append(all, o)
			}
		}
	}
	if e := r.first(fieldPeriodic); e != nil {
		all = append(all, r.periodics(e)...)
	}
	if !r.cancel(all) {
		return nil
	}
	return r.move(all)
}

// occurrence reads one date with hours from the key of an entry.
func (r *reader) occurrence(e *entry) (occurrence, bool) {
	s := &stamp{key: "date", text: e.key, at: e.at}
	day, rest, err := cutDate(fold(e.key), r.french())
	h, _, hok := cutHours(strings.TrimLeft(rest, " ,t"))
	switch {
	case err != nil || day.year <= 0 || !day.exists() || rest != "" && !hok:
		r.fault(Error, RuleDate, e.at, "%q is no date, want the form 2027-05-08 18:00-20:00", clip(e.key, 60))
		return occurrence{}, false
	case rest != "" && !h.valid():
		r.fault(Error, RuleDateOrder, e.at, "%q ends at %s, which is not after %s, want an end after the start", clip(e.key, 60), h.end, h.start)
		return occurrence{}, false
	}
	if !r.plausible(day, s) {
		return occurrence{}, false
	}
	o := occurrence{line: r.src.line(e.at), remark: remark(&e.value)}
	if rest == "" {
		o.Span = days(day.date(), day.date())
	} else {
		s.moment = day.on(h.start)
		r.instant(s)
		o.Span = r.hoursSpan(s, h)
	}
	return o, true
}

// remark returns what is said of a date, or "".
func remark(n *node) string {
	if n.shape != scalar || n.empty() {
		return ""
	}
	if _, said := boolean(n); said {
		return ""
	}
	return cutAt(plain(oneLine(cleanText(n.text))), maxLine)
}
