package content

import (
	"slices"
	"strings"
	"time"
)

// Keys that name one thing cannot both be right when they differ. Others may well differ: a name beside a title, a description
// beside a summary, an organizer beside a host. What a configuration names is a list by preference, and nothing is said of it.

// agree warns about values of a field under other keys than that of e, which is used. Only as many of its usual keys are compared
// as mean the same.
func (r *reader) agree(e *entry, x field, same int) {
	if r.named(x) || e == nil || e.value.shape != scalar || !slices.Contains(fields[x].usual[:same], e.name) {
		return
	}
	for _, key := range fields[x].usual[:same] {
		if o := r.root.entry(key); o != nil && o.name != e.name && !o.value.empty() && o.value.shape == scalar && fold(o.value.text) != fold(e.value.text) {
			r.conflict(o, e)
		}
	}
}

// conflict warns that the value of e is not used, since used says otherwise.
func (r *reader) conflict(e, used *entry) {
	r.fault(Warning, RuleConflict, e.value.at, "%s is %s, but %s on line %d is %s; %s is used: delete the other", e.key, e.value.what(), used.key, r.src.line(used.at), used.value.what(), used.key)
}

// durationAgrees warns about a duration that is not from the start to the end, which is used.
func (r *reader) durationAgrees(start, end time.Time, e *stamp) {
	d := r.first(fieldDuration)
	if d == nil {
		return
	}
	if said, err := duration(&d.value); err == nil && said > 0 && !start.Add(said).Equal(end) {
		r.fault(Warning, RuleDateConflict, d.value.at, "%s is %s, but %s is %s, after %s; %s is used: delete the other", d.key, said, e.key, e.text, end.Sub(start), e.key)
	}
}

// timeIsGiven warns about an event that is published as days, says that it is none, and gives no time. (One that says that it is
// a matter of days may give a time: that is of no use, but does no harm.)
func (r *reader) timeIsGiven(s *stamp) {
	if d := r.first(fieldAllDay); d != nil && !s.timed {
		r.fault(Warning, RuleDateConflict, d.value.at, "%s is %s, but %s is %s, without a time; the event is published as whole days: add the time", d.key, d.value.what(), s.key, s.text)
	}
}

// placesAgree warns about a place in one text that is not that of the parts in other keys, which are used.
func (r *reader) placesAgree(used *entry) {
	o := r.first(fieldLocation)
	if o == nil || r.rec.Location == "" || o.value.shape != scalar || r.named(fieldLocation) {
		return
	}
	if said := placeLine(cleanText(o.value.text)); address(said) == "" && joinPlace([]string{said}) != "" && !sameWords(said, r.rec.Location) {
		r.conflict(o, used)
	}
}

// sameWords reports whether one text says all the words of the other, in any order.
func sameWords(a, b string) bool {
	x, y := strings.Fields(wordsOnly(fold(a))), strings.Fields(wordsOnly(fold(b)))
	if len(x) > len(y) {
		x, y = y, x
	}
	for _, word := range x {
		if !slices.Contains(y, word) {
			return false
		}
	}
	return true
}
