package content

import "github.com/crieur/crieur/internal/markup"

// twentyFour reports whether a block begins a line with hours that are of twenty-four: "14:00", "09:30".
func (p *planner) twentyFour(b markup.Block) bool {
	for _, l := range b.Lines {
		if s, ok := p.slot(l.Text); ok && s.bare && (l.Text[0] == '0' || s.hours.start.hour > 12 || s.hours.end.hour > 12) {
			return true
		}
	}
	return false
}

// afterNoon decides what hours mean that do not say in which half of the day they are ("11:00", then "1:30"), in a programme that has none
// of twenty-four, and is not in French, which has them always: they are after noon where the event takes place then and not
// before, or where they would go back otherwise. An end is after its start.
func (p *planner) afterNoon(s *session) {
	if !p.twelve || !s.bare {
		return
	}
	h := s.hours
	later := h.start
	later.hour += 12
	back := false // the one above is later
	if n := len(p.sessions); n > 0 && later.hour < 20 && p.sessions[n-1].day.Equal(s.day) {
		above := p.sessions[n-1].hours.start.seconds()
		back = h.start.seconds() < above && above <= later.seconds()
	}
	if h.start.hour > 0 && h.start.hour < 12 && p.within(s.day, later) && (back || !p.within(s.day, h.start)) {
		h.start = later
	}
	if h.nextDay() && h.end.hour < 12 && h.end.hour+12 > h.start.hour {
		h.end.hour += 12
	}
	if h != s.hours && !p.toldTwelve {
		p.toldTwelve = true
		p.fault(Warning, p.body.place(p.src.text, s.at), "%s is taken for %s, after noon, and so are such hours below: write %s", s.hours, h, h)
	}
	s.hours = h
}
