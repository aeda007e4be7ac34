package content

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A Repeat says when an event takes place again. The zero Repeat is never.
type Repeat struct {
	// Rule is a recurrence rule (RFC 5545, section 3.3.10) in upper case, without its name: "FREQ=WEEKLY;BYDAY=TU". Empty: none.
	Rule string
	// Also and Except are days, midnight UTC, in order and each once: those on which the event takes place besides, at the same
	// time of day, and those of the rule on which it does not.
	Also, Except []time.Time
}

// IsZero reports whether p is never.
func (p Repeat) IsZero() bool { return p.Rule == "" && len(p.Also) == 0 && len(p.Except) == 0 }

// maxDays is how many days a key of a Repeat may hold.
const maxDays = 200

// A namedDay is one of the days of a Repeat and where it was written.
type namedDay struct {
	day  time.Time
	key  string
	text string
	at   int
}

// readRepeat reads how an event that takes place at first is repeated. It reports false if that cannot be published: a day that
// is not what was meant is worse than the last good form.
func (r *reader) readRepeat(first Span) bool {
	p, ok := r.repeat(first)
	if ok {
		r.rec.Repeat = p
	}
	return ok
}

func (r *reader) repeat(first Span) (p Repeat, ok bool) {
	rule, ok := r.rule()
	also, ok1 := r.days(fieldAlso, first)
	except, ok2 := r.days(fieldExcept, first)
	if !ok || !ok1 || !ok2 || rule == nil && len(also)+len(except) == 0 {
		return p, ok && ok1 && ok2
	}
	if rule != nil {
		p.Rule = ruleText(rule)
	}
	check := func(also, except []time.Time) error { return nil }
	if r.opt.CheckRule != nil {
		var err error
		if check, err = r.opt.CheckRule(first, p.Rule); err != nil && rule != nil {
			r.fault(Error, RuleRecurrence, rule.value.at, "%s is %s: %w", rule.key, rule.value.what(), err)
			return p, false
		} else if err != nil {
			r.fault(Error, RuleRecurrence, r.root.at, "this cannot be repeated: %w", err)
			return p, false
		}
	}
	begin := dayOf(first.Start)
	for _, d := range also {
		switch err := check([]time.Time{d.day}, nil); {
		case d.day.Before(begin):
			r.fault(Error, RuleRecurrence, d.at, "%s is %s, before the event begins, %s, want a later day: begin with the first", d.key, d.text, begin.Format(time.DateOnly))
			return p, false
		case d.day.Equal(begin):
			r.fault(Warning, RuleRecurrence, d.at, "%s is %s, the day on which the event begins; it is not used", d.key, d.text)
		case err != nil:
			r.fault(Warning, RuleRecurrence, d.at, "%s: %w; it is not used", d.key, err)
		default:
			p.Also = append(p.Also, d.day)
		}
	}
	slices.SortFunc(p.Also, time.Time.Compare)
	var last namedDay
	for _, d := range except {
		if p.Rule == "" && len(p.Also) == 0 {
			r.fault(Warning, RuleRecurrence, d.at, "%s is %s, but the event takes place once: add an rrule; it is not used", d.key, d.text)
		} else if slices.Contains(p.Also, d.day) {
			r.fault(Warning, RuleRecurrence, d.at, "%s is %s, a day that is added too; it is not used", d.key, d.text)
		} else if err := check(p.Also, []time.Time{d.day}); err != nil {
			r.fault(Warning, RuleRecurrence, d.at, "%s: %w; it is not used", d.key, err)
		} else {
			p.Except, last = append(p.Except, d.day), d
		}
	}
	slices.SortFunc(p.Except, time.Time.Compare)
	if len(p.Except) > 0 {
		if err := check(p.Also, p.Except); err != nil {
			r.fault(Error, RuleRecurrence, last.at, "%s: %w", last.key, err)
			return p, false
		}
	}
	return p, true
}

// rule returns the entry of the recurrence rule, or nil if there is none.
func (r *reader) rule() (*entry, bool) {
	e := r.first(fieldRule)
	if e == nil {
		return nil, true
	}
	if yes, said := boolean(&e.value); said && !yes {
		return nil, true
	}
	if e.value.shape == list && len(e.value.items) == 1 {
		e = &entry{key: e.key, name: e.name, at: e.at, value: e.value.items[0]}
	}
	switch {
	case e.value.shape != scalar:
		r.fault(Error, RuleRecurrence, e.value.at, "%s is %s, want one text such as FREQ=WEEKLY;BYDAY=TU", e.key, e.value.what())
		return nil, false
	case utf8.RuneCountInString(e.value.text) > maxLine:
		r.fault(Error, RuleSize, e.value.at, "%s has %d characters, want at most %d", e.key, utf8.RuneCountInString(e.value.text), maxLine)
		return nil, false
	}
	r.agree(e, fieldRule, len(ruleKeys))
	return e, true
}

// ruleText is a rule in the form of Repeat.
func ruleText(e *entry) string {
	s := strings.ToUpper(oneLine(cleanText(e.value.text)))
	return strings.TrimRight(strings.TrimSpace(strings.TrimPrefix(s, "RRULE:")), ";")
}

// days reads the days of a field: each a date or a date with its time, a list of them, or several in a text, with commas.
func (r *reader) days(x field, first Span) ([]namedDay, bool) {
	var all []namedDay
	good := true
	add := func(e *entry, n *node, text string) bool {
		if len(all) == maxDays {
			r.fault(Error, RuleSize, n.at, "%s holds more than %d days, want fewer", e.key, maxDays)
			good = false
			return false
		}
		d, ok := r.dayOfSeries(x, e, n, text, first)
		good = good && ok
		if ok && !slices.ContainsFunc(all, func(o namedDay) bool { return o.day.Equal(d.day) }) {
			all = append(all, d)
		}
		return ok
	}
	for e := range r.each(x) {
		values := e.value.each()
		for i := range values {
			n := &values[i]
			if n.empty() {
				continue
			}
			parts := []string{n.text}
			if _, err := r.moment(n); err != nil && n.shape == scalar {
				parts = strings.SplitN(n.text, ",", maxDays+2)
			}
			for _, text := range parts {
				if !add(e, n, strings.TrimSpace(text)) {
					return nil, false
				}
			}
		}
	}
	return all, good
}

// dayOfSeries reads one day of a Repeat from text, which is that of n or a part of it.
func (r *reader) dayOfSeries(x field, e *entry, n *node, text string, first Span) (namedDay, bool) {
	s := &stamp{key: e.key, text: clip(text, 40), at: n.at}
	var err error
	if n.shape == scalar {
		s.moment, err = parseMoment(dashed(text), r.french())
	} else {
		s.moment, err = r.moment(n)
		s.text = s.String()
	}
	if err != nil {
		r.fault(Error, RuleDate, n.at, "%s is %q: %w", e.key, s.text, err)
		return namedDay{}, false
	}
	if !r.plausible(s.moment, s) {
		return namedDay{}, false
	}
	d := namedDay{day: s.date(), key: e.key, text: s.text, at: n.at}
	if s.midnight() || first.AllDay {
		return d, true
	}
	t := r.quietly(s)
	d.day = dayOf(t)
	if t.Hour() == first.Start.Hour() && t.Minute() == first.Start.Minute() {
		return d, true
	}
	if x == fieldAlso {
		r.fault(Error, RuleRecurrence, n.at, "%s is %s, and the event begins at %s, want the same time of day: an occurrence at another time needs a file of its own", e.key, s.text, first.Start.Format("15:04"))
		return d, false
	}
	r.fault(Warning, RuleRecurrence, n.at, "%s is %s, and the event begins at %s; the day is taken", e.key, s.text, first.Start.Format("15:04"))
	return d, true
}

// dashed writes 20270508 and 20270508T140000Z, as in calendars, in the form 2027-05-08T14:00:00Z.
func dashed(s string) string {
	digits := func(s string) bool {
		return s != "" && strings.Trim(s, "0123456789") == ""
	}
	day, clock, timed := strings.Cut(strings.ToUpper(strings.TrimSpace(s)), "T")
	if len(day) != 8 || !digits(day) {
		return s
	}
	day = day[:4] + "-" + day[4:6] + "-" + day[6:]
	zone := ""
	if strings.HasSuffix(clock, "Z") {
		clock, zone = clock[:len(clock)-1], "Z"
	}
	if !timed {
		return day
	}
	if len(clock) != 6 || !digits(clock) {
		return s
	}
	return day + "T" + clock[:2] + ":" + clock[2:4] + ":" + clock[4:] + zone
}

// dayOf returns midnight UTC of the day of t in its own zone.
func dayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
