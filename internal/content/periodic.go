package content

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A periodic rule is one in words: "last Friday of the month", "every 14 days", "le premier mardi du mois".
type periodicRule struct {
	ordinal  int          // of the weekday in the month; -1 is the last, -2 the last but one
	weekday  time.Weekday // with ordinal, or of every week
	interval int          // in days, or zero
}

// ordinals of a weekday in a month, and the words that stand around it, folded.
var (
	monthOrdinals = map[string]int{
		"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1, "penultimate": -2, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5,
		"premier": 1, "deuxieme": 2, "troisieme": 3, "quatrieme": 4, "cinquieme": 5, "dernier": -1, "avant-dernier": -2, "1er": 1, "2e": 2, "3e": 3, "4e": 4, "5e": 5,
	}
	everyWords = []string{"every", "each", "chaque", "tous", "toutes"}
	dayWords   = map[string]int{"day": 1, "days": 1, "jour": 1, "jours": 1, "week": 7, "weeks": 7, "semaine": 7, "semaines": 7}
	linkWords  = []string{"the", "le", "les", "of", "du", "de", "chaque", "every", "each", "month", "mois"}
)

// parsePeriodic reads a rule in words.
func parsePeriodic(text string) (p periodicRule, ok bool) {
	words := strings.Fields(fold(text))
	for len(words) > 1 && slices.Contains(linkWords, words[0]) && !slices.Contains(everyWords, words[0]) {
		words = words[1:]
	}
	if len(words) >= 2 && slices.Contains(everyWords, words[0]) {
		words = slices.DeleteFunc(words[1:], func(w string) bool { return w == "les" })
		number := 1
		if n, rest, found := cutNumber(words[0], 3); found && rest == "" && len(words) > 1 {
			number, words = n, words[1:]
		}
		if unit := dayWords[words[0]]; unit > 0 && len(words) == 1 && number > 0 {
			return periodicRule{interval: number * unit}, true
		}
		if day, found := weekdayOf(strings.TrimSuffix(words[0], "s")); found && len(words) == 1 && number == 1 {
			return periodicRule{weekday: day}, true
		}
	}
	if len(words) < 3 || monthOrdinals[words[0]] == 0 {
		return p, false
	}
	day, found := weekdayOf(words[1])
	for _, w := range words[2:] {
		found = found && slices.Contains(linkWords, w)
	}
	return periodicRule{ordinal: monthOrdinals[words[0]], weekday: day}, found
}

// rule returns p as a recurrence rule.
func (p periodicRule) rule() string {
	day := strings.ToUpper(p.weekday.String()[:2])
	switch {
	case p.ordinal != 0:
		return fmt.Sprintf("FREQ=MONTHLY;BYDAY=%d%s", p.ordinal, day)
	case p.interval > 0 && p.interval%7 == 0:
		return fmt.Sprintf("FREQ=WEEKLY;INTERVAL=%d", p.interval/7)
	case p.interval > 0:
		return fmt.Sprintf("FREQ=DAILY;INTERVAL=%d", p.interval)
	}
	return "FREQ=WEEKLY;BYDAY=" + day
}

// fits reports whether p takes place on a day; one with an interval does on the day it is counted from.
func (p periodicRule) fits(day time.Time) bool {
	switch {
	case p.interval > 0:
		return true
	case day.Weekday() != p.weekday:
		return false
	case p.ordinal > 0:
		return (day.Day()-1)/7+1 == p.ordinal
	case p.ordinal < 0:
		end := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
		return (end-day.Day())/7+1 == -p.ordinal
	}
	return true
}

// on reports whether a rule that takes place first on a day does so on another.
func (p periodicRule) on(first, day time.Time) bool {
	return !day.Before(first) && p.fits(day) && (p.interval == 0 || int(day.Sub(first).Hours()/24)%p.interval == 0)
}

// maxPeriodics is how many rules in words a record may hold.
const maxPeriodics = 50

// periodics reads a list of rules in words.
func (r *reader) periodics(e *entry) []occurrence {
	var all []occurrence
	rules := e.value.each()
	if len(rules) > maxPeriodics {
		r.fault(Error, RuleSize, rules[maxPeriodics].at, "%s holds more than %d rules, want fewer", e.key, maxPeriodics)
		return nil
	}
	for _, n := range rules {
		if o, ok := r.periodic(e.key, &n); ok {
			all = append(all, o)
		}
	}
	return all
}

// periodic reads one rule with its first and its last day and its hours. A fault leaves it out: it would be announced on wrong days.
func (r *reader) periodic(key string, n *node) (o occurrence, ok bool) {
	from, rule := n.first([]string{"start", "debut", "from"}), n.first([]string{"rule", "regle"})
	if from == nil || rule == nil {
		r.fault(Error, RuleRecurrence, n.at, "an item of %s lacks a start or a rule, want both: start: 2027-05-07, rule: first Friday of the month", key)
		return o, false
	}
	p, ok := parsePeriodic(rule.value.text)
	if !ok {
		r.fault(Error, RuleRecurrence, rule.value.at, "%s is %s, want a rule such as \"last Friday of the month\" or \"every 14 days\"", rule.key, rule.value.what())
		return o, false
	}
	s := &stamp{key: from.key, text: clip(from.value.text, 40), at: from.value.at}
	var err error
	if s.moment, err = r.moment(&from.value); err != nil {
		r.fault(Error, RuleDate, s.at, "%s is %s: %w", s.key, from.value.what(), err)
		return o, false
	}
	if !r.plausible(s.moment, s) {
		return o, false
	}
	for day := s.date(); ; day = day.AddDate(0, 0, 1) {
		if p.fits(day) {
			s.year, s.month, s.day = day.Year(), int(day.Month()), day.Day()
			break
		}
	}
	o.line, o.remark = r.src.line(n.at), ""
	if c := n.first([]string{"comment", "remarque"}); c != nil {
		o.remark = remark(&c.value)
	}
	if o.Span, ok = r.periodicSpan(n, s); !ok {
		return o, false
	}
	o.rule, o.repeat.Rule = p, p.rule()
	if until := n.first([]string{"end", "fin", "until"}); until != nil {
		m, err := r.moment(&until.value)
		last := m.date()
		switch {
		case err != nil:
			r.fault(Error, RuleDate, until.value.at, "%s is %s: %w", until.key, until.value.what(), err)
			return o, false
		case last.Before(s.date()):
			r.fault(Error, RuleDateOrder, until.value.at, "%s %s is before the first day of the rule, %s, want a later one", until.key, clip(until.value.text, 40), s.date().Format(time.DateOnly))
			return o, false
		case o.AllDay:
			o.repeat.Rule += ";UNTIL=" + last.Format("20060102")
		default:
			end := time.Date(last.Year(), last.Month(), last.Day(), 23, 59, 59, 0, o.Start.Location())
			o.repeat.Rule += ";UNTIL=" + end.UTC().Format("20060102T150405Z")
		}
	}
	if r.opt.CheckRule != nil {
		if _, err := r.opt.CheckRule(o.Span, o.repeat.Rule); err != nil {
			r.fault(Error, RuleRecurrence, rule.value.at, "%s is %s: %w", rule.key, rule.value.what(), err)
			return o, false
		}
	}
	return o, true
}

// periodicSpan returns when a rule takes place first: on the day of s, at its hours if it gives some.
func (r *reader) periodicSpan(n *node, s *stamp) (Span, bool) {
	start, end := n.first(startTimeKeys[:4]), n.first(endTimeKeys[:4]) // without those that hold the day
	if start == nil && !s.timed {
		return days(s.date(), s.date()), true
	}
	h := hours{start: s.clock}
	for _, part := range []struct {
		e  *entry
		to *clock
	}{{start, &h.start}, {end, &h.end}} {
		if part.e == nil {
			continue
		}
		c, rest, ok := cutClock(fold(part.e.value.text))
		if !ok || rest != "" {
			r.fault(Error, RuleDate, part.e.value.at, "%s is %s, want the form 14:30", part.e.key, part.e.value.what())
			return Span{}, false
		}
		*part.to = c
	}
	if h.ranged = end != nil; !h.valid() {
		r.fault(Error, RuleDateOrder, end.value.at, "%s is %s, which is not after %s, want an end after the start", end.key, h.end, h.start)
		return Span{}, false
	}
	s.moment = s.on(h.start)
	r.instant(s)
	return r.hoursSpan(s, h), true
}

// cancel marks the dates that are cancelled, each with its reason, and takes them out of the series. It reports false if one is no date.
func (r *reader) cancel(all []occurrence) (ok bool) {
	e := r.root.entry("eventinfo.dates.cancelled")
	if e == nil || e.value.shape != mapping {
		return true
	}
	good := true
	for i := range e.value.entries {
		c := &e.value.entries[i]
		day, ok := r.dayKey(c.key, c.at)
		if !ok {
			good = false
			continue
		}
		if o := on(all, day); o != nil {
			o.cancelled = true
			if reason := remark(&c.value); reason != "" {
				o.remark = reason
			}
		} else if !r.except(all, day) {
			r.fault(Warning, RuleRecurrence, c.at, "%s is cancelled, and the event does not take place then", day.Format(time.DateOnly))
		}
	}
	return good
}

// move gives the dates that were moved their new day and hours: "2027-05-04->2027-05-05 19:00-20:00: remark". It returns none if one is not
// understood.
func (r *reader) move(all []occurrence) []occurrence {
	e := r.root.entry("eventinfo.dates.changes")
	if e == nil || e.value.shape != mapping {
		return all
	}
	good := true
	for i := range e.value.entries {
		c := &e.value.entries[i]
		before, after, found := strings.Cut(c.key, "->")
		if !found {
			r.fault(Warning, RuleRecurrence, c.at, "%q is no change, want the form 2027-05-04->2027-05-05 19:00-20:00; it is not used", clip(c.key, 60))
			continue
		}
		day, ok := r.dayKey(before, c.at)
		moved, ok2 := r.occurrence(&entry{key: strings.TrimSpace(after), at: c.at, value: c.value})
		switch o := on(all, day); {
		case !ok || !ok2:
			good = false
		case o != nil:
			o.Span = moved.Span
			if moved.remark != "" {
				o.remark = moved.remark
			}
		case r.except(all, day):
			all = append(all, moved)
		default:
			r.fault(Warning, RuleRecurrence, c.at, "%s is moved, and the event does not take place then; it is not used", day.Format(time.DateOnly))
		}
	}
	if !good {
		return nil
	}
	return all
}

// dayKey reads a day that is the key of an entry.
func (r *reader) dayKey(key string, at int) (time.Time, bool) {
	m, err := parseMoment(key, r.french())
	if err != nil {
		r.fault(Error, RuleDate, at, "%q is no date: %w", clip(key, 60), err)
		return time.Time{}, false
	}
	return m.date(), true
}

// on returns the single occurrence on a day, or nil.
func on(all []occurrence, day time.Time) *occurrence {
	for i := range all {
		if o := &all[i]; o.repeat.IsZero() && dayOf(o.Start).Equal(day) {
			return o
		}
	}
	return nil
}

// except takes a day out of the series that takes place then.
func (r *reader) except(all []occurrence, day time.Time) bool {
	for i := range all {
		o := &all[i]
		if o.repeat.Rule == "" || slices.Contains(o.repeat.Except, day) || len(o.repeat.Except) == maxDays || !o.rule.on(dayOf(o.Start), day) {
			continue
		}
		without := append(slices.Clone(o.repeat.Except), day)
		slices.SortFunc(without, time.Time.Compare)
		if r.opt.CheckRule != nil {
			check, err := r.opt.CheckRule(o.Span, o.repeat.Rule)
			if err != nil || check(nil, []time.Time{day}) != nil || check(nil, without) != nil {
				continue
			}
		}
		o.repeat.Except = without
		return true
	}
	return false
}
