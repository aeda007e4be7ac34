package content

import "time"

// instant returns when a stamp is, in the zone of the record, and warns about what had to be assumed.
func (r *reader) instant(s *stamp) time.Time {
	t := r.quietly(s)
	switch {
	case !s.timed:
	case !s.zoned && !r.zoneGiven:
		r.fault(Warning, RuleZoneAssumed, s.at, "%s is %s, without an offset; %s is assumed: configure the timezone, or write the offset", s.key, s.text, r.zone)
	case !s.zoned && (t.Hour() != s.clock.hour%24 || t.Minute() != s.clock.min):
		r.fault(Warning, RuleDate, s.at, "%s is %s, which the clocks of %s skip that day; %s is used: correct it", s.key, s.text, r.zone, t.Format("15:04"))
	case s.zoned && !s.utc && r.zoneGiven && r.zone != time.UTC && !r.ownClock(s):
		used := s.fixed().In(r.zone)
		if r.collection.Clock {
			used = s.in(r.zone)
		}
		r.fault(Warning, RuleOffset, s.at, "%s is %s, an offset that %s does not have that day (%s); %s is used: correct the offset, or say for the folder whether the hour as written is meant (clock: true)", s.key, s.text, r.zone, s.in(r.zone).Format("-07:00"), used.Format("15:04 -07:00"))
	}
	return t
}

// quietly is instant without the warnings.
func (r *reader) quietly(s *stamp) time.Time {
	if s.zoned && !r.collection.Clock {
		return s.fixed().In(r.zone)
	}
	return s.in(r.zone)
}
