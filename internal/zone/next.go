package zone

import "time"

// Next returns the first instant after t at which the offset of t's location changes, in that location; the zero Time if
// it never does.
//
// [time.Time.ZoneBounds] alone does not do: in the years of a zone's last rule it also gives bounds at which nothing
// changes, and on 31 December of leap years an end that is not later than the time asked.
func Next(t time.Time) time.Time {
	for {
		_, end := t.ZoneBounds()
		if end.IsZero() {
			return end
		}
		if !end.After(t) {
			end = t.Add(24 * time.Hour)
		}
		_, before := end.Add(-time.Second).Zone()
		if _, after := end.Zone(); before != after {
			return end
		}
		t = end
	}
}
