package content

import (
	"slices"
	"strings"
	"time"
)

// maxReminder is how long before an event its reminders may be.
const maxReminder = 366 * 24 * time.Hour

// maxReminders is how many reminders of an event are kept.
const maxReminders = 5

// units of time, folded, in French and English.
var units = []struct {
	names []string
	d     time.Duration
}{
	{[]string{"m", "mn", "min", "mins", "minute", "minutes"}, time.Minute},
	{[]string{"h", "hr", "hrs", "hour", "hours", "heure", "heures"}, time.Hour},
	{[]string{"d", "day", "days", "j", "jour", "jours"}, 24 * time.Hour},
	{[]string{"w", "week", "weeks", "sem", "semaine", "semaines"}, 7 * 24 * time.Hour},
}

// readReminders reads how long before the event its reader is to be reminded: 15 (minutes), "1h30", "2 jours", "P1D", or a list.
func (r *reader) readReminders() {
	e := r.first(fieldReminder)
	if e == nil {
		return
	}
	values := e.value.each()
	for i := range values {
		n := &values[i]
		if n.empty() || n.shape == scalar && slices.Contains([]string{"false", "no", "non", "none", "aucun", "off"}, fold(n.text)) {
			continue
		}
		d, ok := before(fold(n.text))
		switch {
		case n.shape != scalar || !ok:
			r.fault(Warning, RuleReminder, n.at, "%s is %s, want how long before, such as 15 (minutes), 2h or 1 day; it is not used", e.key, n.what())
		case d > maxReminder:
			r.fault(Warning, RuleReminder, n.at, "%s is %s, want at most a year; it is not used", e.key, n.what())
		case slices.Contains(r.rec.Reminders, d):
		case len(r.rec.Reminders) == maxReminders:
			r.fault(Warning, RuleReminder, n.at, "%s has more than %d values; the first are used", e.key, maxReminders)
			return
		default:
			r.rec.Reminders = append(r.rec.Reminders, d)
		}
	}
}

// before reads how long before something is, from a folded text: numbers with their units, or minutes. A sign before it, as
// in the TRIGGER of a calendar, says no more.
func before(s string) (d time.Duration, ok bool) {
	s = strings.TrimPrefix(s, "-")
	for _, word := range []string{" before", " avant"} {
		s = strings.TrimSuffix(s, word)
	}
	s, iso := strings.CutPrefix(s, "p")
	timed := false // after the T of P1DT2H
	var unit time.Duration
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimLeft(s, " ") {
		if iso && !timed {
			s, timed = strings.CutPrefix(s, "t")
		}
		n, rest, ok := cutNumber(s, 5)
		if !ok {
			return 0, false
		}
		rest = strings.TrimLeft(rest, " ")
		word := rest[:len(rest)-len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz"))]
		if iso && word != "" {
			word = word[:1]
		}
		s = rest[len(word):]
		previous := unit
		switch unit = unitOf(word); {
		case word == "" && s == "" && !iso && (previous == 0 || previous == time.Hour): // 15, 1h30
			unit = time.Minute
		case unit == 0, iso && timed != (unit < 24*time.Hour), previous != 0 && unit >= previous:
			return 0, false
		}
		d += time.Duration(n) * unit
	}
	return d, unit != 0
}

func unitOf(word string) time.Duration {
	for _, u := range units {
		if slices.Contains(u.names, word) {
			return u.d
		}
	}
	return 0
}
