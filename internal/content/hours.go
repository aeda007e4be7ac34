package content

import "strings"

// hours are a time of day and, if ranged, another, as people write them: "14h - 17h30".
type hours struct {
	start, end clock
	ranged     bool
}

func (h hours) String() string {
	if h.ranged {
		return h.start.String() + "-" + h.end.String()
	}
	return h.start.String()
}

// nextDay reports whether the hours end on the day after they begin. See valid.
func (h hours) nextDay() bool { return h.ranged && h.end.seconds() <= h.start.seconds() }

// valid refuses hours that end before they begin, except in the small hours of the next day.
func (h hours) valid() bool {
	return !h.nextDay() || h.end.hour <= 6 && h.start.hour >= 12
}

// parseHours reads one range of hours, or one hour, that is the whole of a text but for a note in parentheses:
//
//	hours = [from] hour to hour | [opening] hour
//	hour  = 1*2DIGIT ("h" / "heures") [2DIGIT] | 1*2DIGIT ":" 2DIGIT | 1*2DIGIT ("am" / "pm") | noon | midnight
//	to    = "-" / "–" / "à" / "to" / …
//
// A first hour may leave out what the second says: "14-16h", "2-4 pm". Two ranges in one text are not understood: nobody can say which is meant.
func parseHours(s string) (hours, bool) {
	s = fold(s)
	if i := strings.IndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") {
		s = s[:i]
	}
	h, rest, ok := cutHours(strings.Trim(s, " []"))
	return h, ok && strings.Trim(rest, " .!") == "" && h.valid()
}

func cutHours(s string) (h hours, rest string, ok bool) {
	if after, found := cutWord(s, func(l *language) []string { return l.from }); found {
		s = strings.TrimLeft(after, ": ")
		if after, found := cutWord(s, func(l *language) []string { return l.from }); found {
			s = after
		}
	}
	if after, found := cutWord(s, func(l *language) []string { return l.opening }); found {
		s = after
	}
	h.start, rest, ok = cutClock(s)
	bare := false
	if !ok {
		if h.start.hour, rest, ok = cutNumber(s, 2); !ok || h.start.hour > 24 {
			return h, s, false
		}
		bare = true
	}
	between := rest
	after, found := cutTo(rest)
	if !found {
		return h, rest, !bare
	}
	h.end, rest, ok = cutClock(after)
	if !ok && !bare && !strings.Contains(s[:len(s)-len(between)], "m") { // "10h-11"
		h.end.min, h.end.sec = 0, 0
		if h.end.hour, rest, ok = cutNumber(after, 2); ok {
			tight := strings.HasPrefix(between, "-") && after == between[1:] && strings.TrimLeft(rest, " ,") != rest // "10h-11, …"
			ok = h.start.seconds() < h.end.seconds() && h.end.hour <= 24 && (tight || endsHours(rest))
		}
	}
	if !ok {
		return h, rest, false
	}
	h.ranged = true
	if later(s, between) && !halfDay(after, rest) && h.end.hour < 12 && h.end.hour+12 > h.start.hour { // "2 pm to 3:00"
		h.end.hour += 12
	}
	if afternoon(after, rest) && h.start.hour < 12 && h.start.hour+12 < h.end.hour+1 && !halfDay(s, after) {
		h.start.hour += 12
	}
	return h, rest, true
}

// endsHours reports whether what follows a number says that it is an hour: nothing, or a mark that a title follows.
func endsHours(rest string) bool {
	rest = strings.TrimLeft(rest, " ")
	return rest == "" || strings.ContainsAny(rest[:1], ":|])") || strings.HasPrefix(rest, "- ")
}

// afternoon reports whether an hour, read from s up to rest, was said to be after noon.
func afternoon(s, rest string) bool {
	said := s[:len(s)-len(rest)]
	return strings.HasSuffix(said, "pm") || strings.HasSuffix(said, "p.m.") || strings.HasSuffix(said, "p.m")
}

// later reports whether an hour, read from s up to rest, was said to be noon or after it.
func later(s, rest string) bool {
	said := strings.TrimRight(s[:len(s)-len(rest)], " ")
	return afternoon(said, "") || said == "noon" || said == "midday"
}

// halfDay reports whether the hour that s begins with says itself in which half of the day it is.
func halfDay(s, after string) bool {
	said := s[:len(s)-len(after)]
	return strings.Contains(said, "am") || strings.Contains(said, "a.m") || strings.Contains(said, "pm") || strings.Contains(said, "p.m") || strings.Contains(said, "h")
}

// cutTo reads what stands between two hours.
func cutTo(s string) (rest string, found bool) {
	s = strings.TrimLeft(s, " ")
	for _, sep := range []string{"->", "-", "/", "→"} {
		if after, ok := strings.CutPrefix(s, sep); ok {
			return strings.TrimLeft(after, " "), true
		}
	}
	return cutWord(s, func(l *language) []string { return l.to })
}

// cutClock reads a time of day from the front of a folded text.
func cutClock(s string) (c clock, rest string, ok bool) {
	s = strings.TrimLeft(s, " ")
	if rest, found := cutWord(s, func(l *language) []string { return l.noon }); found {
		return clock{hour: 12}, rest, true
	}
	if rest, found := cutWord(s, func(l *language) []string { return l.midnight }); found {
		return clock{}, rest, true
	}
	c.hour, rest, ok = cutNumber(s, 2)
	if !ok {
		return c, s, false
	}
	said := false
	if after, found := strings.CutPrefix(rest, ":"); found {
		if c.min, rest, ok = cutNumber(after, 2); !ok {
			return c, s, false
		}
		if sec, after, ok := cutNumber(strings.TrimPrefix(rest, ":"), 2); ok && rest[0] == ':' {
			c.sec, rest = sec, after
			if after, found := strings.CutPrefix(rest, "."); found {
				if _, rest, ok = cutNumber(after, 9); !ok {
					return c, s, false
				}
			}
		}
		said = true
	} else if after, found := cutUnit(rest); found {
		rest, said = after, true
		if min, after, ok := cutNumber(strings.TrimLeft(rest, " "), 2); ok && len(strings.TrimLeft(rest, " "))-len(after) == 2 {
			c.min, rest = min, strings.TrimPrefix(after, "min")
		}
	}
	if dot, found := strings.CutPrefix(rest, "."); found && !said { // "9.30am"
		min, after, ok := cutNumber(dot, 2)
		if _, _, half := cutHalf(after, c.hour); ok && half && len(dot)-len(after) == 2 {
			c.min, rest = min, after
		}
	}
	if after, hour, found := cutHalf(rest, c.hour); found {
		c.hour, rest, said = hour, after, true
	}
	if c.hour > 24 || c.min > 59 || c.sec > 60 || c.hour == 24 && (c.min > 0 || c.sec > 0) {
		return c, s, false
	}
	return c, rest, said
}

// cutUnit reads "h", "heures".
func cutUnit(s string) (rest string, found bool) {
	s = strings.TrimLeft(s, " ")
	for i := range languages {
		for _, unit := range languages[i].hour {
			if after, ok := strings.CutPrefix(s, unit); ok && (after == "" || after[0] < 'a' || after[0] > 'z') {
				return after, true
			}
		}
	}
	return s, false
}

// cutHalf reads "am" or "pm" after an hour of twelve.
func cutHalf(s string, hour int) (rest string, h int, found bool) {
	s = strings.TrimLeft(s, " ")
	for _, half := range []string{"a.m.", "am", "p.m.", "pm"} {
		after, ok := strings.CutPrefix(s, half)
		if !ok || hour < 1 || hour > 12 || after != "" && 'a' <= after[0] && after[0] <= 'z' {
			continue
		}
		hour %= 12
		if half[0] == 'p' {
			hour += 12
		}
		return after, hour, true
	}
	return s, hour, false
}
