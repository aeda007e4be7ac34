package content

import "time"

// instant returns when a stamp is, in the zone of the record, and warns about what had to be assumed.
func (r *reader) instant(s *stamp) time.Time {
	t := r.quietly(s)
	switch {
	case !s.timed:
	case !s.zoned && !r.zoneGiven:
		if !r.toldZone { // one cause, told once
			r.toldZone = true
			r.fault(Warning, RuleZoneAssumed, s.at, "%s is %s, without an offset; %s is assumed: say timezone: in crieur.yaml, or write the offset", s.key, s.text, r.zone)
		}
	case !s.zoned && (t.Hour() != s.clock.hour%24 || t.Minute() != s.clock.min):
		r.fault(Warning, RuleDate, s.at, "%s is %s, which the clocks of %s skip that day; %s is used: correct it", s.key, s.text, r.zone, t.Format("15:04"))
	case s.zoned && !s.utc && r.zoneGiven && r.zone != time.UTC && !r.ownClock(s):
		r.offsetDiffers(s, t)
	}
	return t
}

// offsetDiffers tells of an offset that is not the zone's that day, once where it is the same for several values: then the cause is one.
func (r *reader) offsetDiffers(s *stamp, used time.Time) {
	if r.toldOffset && r.offset == s.offset {
		return
	}
	r.toldOffset, r.offset = true, s.offset
	severity, advice := Warning, "correct the offset, or say clock: true for the folder in crieur.yaml if the hour as written is meant"
	if r.collection.Clock {
		severity, advice = Notice, "the hour as written, as clock: true says"
	}
	r.fault(severity, RuleOffset, s.at, "%s is %s, an offset that %s does not have that day (%s); %s is used: %s",
		s.key, s.text, r.zone, s.in(r.zone).Format("-07:00"), used.Format("15:04 -07:00"), advice)
}

// quietly is instant without the warnings.
func (r *reader) quietly(s *stamp) time.Time {
	if s.zoned && !r.collection.Clock {
		return s.fixed().In(r.zone)
	}
	return s.in(r.zone)
}
