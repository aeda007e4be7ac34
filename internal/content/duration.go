package content

import (
	"strconv"
	"strings"
	"time"
)

// duration returns how long the record says it takes, or 0: a mapping of days, hours and minutes, "2h", "1h30", "PT2H", or minutes.
func (r *reader) duration() time.Duration {
	e := r.root.first(durationKeys)
	if e == nil {
		return 0
	}
	if e.value.shape == mapping {
		var d time.Duration
		for _, unit := range []struct {
			keys []string
			d    time.Duration
		}{{[]string{"weeks", "semaines"}, 7 * 24 * time.Hour}, {[]string{"days", "jours"}, 24 * time.Hour}, {[]string{"hours", "heures"}, time.Hour}, {[]string{"minutes"}, time.Minute}} {
			if n := e.value.first(unit.keys); n != nil {
				v, err := strconv.ParseFloat(n.value.text, 64)
				if err != nil || v < 0 || v > 10000 {
					r.fault(Warning, RuleDate, n.value.at, "%s is %s, want a number; it is not used", n.key, n.value.what())
					continue
				}
				d += time.Duration(v * float64(unit.d))
			}
		}
		return d.Round(time.Second)
	}
	text := strings.TrimPrefix(fold(e.value.text), "pt")
	if c, rest, ok := cutClock(text); ok && (rest == "" || rest == "m") {
		return time.Duration(c.seconds()) * time.Second
	}
	n, rest, ok := cutNumber(text, 4)
	if rest = strings.TrimSpace(rest); ok && (rest == "" || rest == "m" || strings.HasPrefix(rest, "min")) {
		return time.Duration(n) * time.Minute
	}
	r.fault(Warning, RuleDate, e.value.at, "%s is %s, want the form 1h30; it is not used", e.key, e.value.what())
	return 0
}

// durationDays returns how many days the record says it takes, or 0.
func (r *reader) durationDays() int {
	if e := r.root.first(durationKeys); e == nil || e.value.shape != mapping {
		return 0
	}
	return int(r.duration() / (24 * time.Hour))
}
