package content

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// duration returns how long the record says it takes, or 0.
func (r *reader) duration() time.Duration {
	e := r.first(fieldDuration)
	if e == nil {
		return 0
	}
	d, err := duration(&e.value)
	if err != nil {
		r.fault(Warning, RuleDate, e.value.at, "%s is %s, %w; it is not used", e.key, e.value.what(), err)
	}
	return d
}

// duration reads how long something takes: a mapping of days, hours and minutes, "2h", "1h30", "PT2H", or minutes.
func duration(value *node) (time.Duration, error) {
	if value.shape == mapping {
		var d time.Duration
		for _, unit := range []struct {
			keys []string
			d    time.Duration
		}{{[]string{"weeks", "semaines"}, 7 * 24 * time.Hour}, {[]string{"days", "jours"}, 24 * time.Hour}, {[]string{"hours", "heures"}, time.Hour}, {[]string{"minutes"}, time.Minute}} {
			if n := value.first(unit.keys); n != nil {
				v, err := strconv.ParseFloat(n.value.text, 64)
				if err != nil || v < 0 || v > 10000 {
					return 0, fmt.Errorf("%s is %s, want a number", n.key, n.value.what())
				}
				d += time.Duration(v * float64(unit.d))
			}
		}
		return d.Round(time.Second), nil
	}
	text := strings.TrimPrefix(fold(value.text), "pt")
	if c, rest, ok := cutClock(text); ok && (rest == "" || rest == "m") {
		return time.Duration(c.seconds()) * time.Second, nil
	}
	n, rest, ok := cutNumber(text, 4)
	if rest = strings.TrimSpace(rest); ok && (rest == "" || rest == "m" || strings.HasPrefix(rest, "min")) {
		return time.Duration(n) * time.Minute, nil
	}
	return 0, errors.New("want the form 1h30")
}

// durationDays returns how many days the record says it takes, or 0.
func (r *reader) durationDays() int {
	if e := r.first(fieldDuration); e == nil || e.value.shape != mapping {
		return 0
	}
	return int(r.duration() / (24 * time.Hour))
}
