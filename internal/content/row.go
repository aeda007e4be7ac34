package content

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/crieur/crieur/internal/markup"
)

// row takes in a row of a table: hours, or two columns of them, a title, and what is said of it.
func (p *planner) row(b *markup.Block) {
	p.close()
	cells := b.Lines
	s, ok := p.slot(cells[0].Text)
	ok = ok && (!s.plain || p.follows(s, cells[0]))
	if !ok && b.Head { // Markdown has no table without a head, and people put a session there
		p.head = cells
		return
	}
	if !ok {
		if only := strings.TrimSpace(joined(cells[1:], "")) == ""; only {
			p.dayLine(cells[0].Text, cells[0].At, true)
		}
		return
	}
	next := 1
	if !s.hours.ranged && s.title == "" && len(cells) > 2 {
		if end, ok := p.slot(cells[1].Text); ok && !end.hours.ranged && end.title == "" {
			s.hours, next = hours{start: s.hours.start, end: end.hours.start, ranged: true}, 2
			s.bare = s.bare && end.bare
		}
	}
	it := session{at: cells[0].At, day: s.day, hours: s.hours, bare: s.bare, zone: s.zone, title: s.title, closed: true}
	var lanes []lane
	if s.title == "" {
		lanes = p.lanes(cells, next)
	}
	own := make([][][]string, len(lanes)) // what is said of the session of each
	for i, c := range cells {
		head, text := "", c.Text
		if i < len(p.head) {
			head = p.head[i].Text
		}
		if head != "" {
			text = head + p.colon() + text
		}
		isRoom := isWord(label(head), func(l *language) []string { return l.rooms })
		switch n := p.laneOf(lanes, i); {
		case i < next, c.Text == "", slices.ContainsFunc(lanes, func(l lane) bool { return l.cell == i }):
		case it.title == "" && lanes == nil && !(isRoom && slices.ContainsFunc(cells[i+1:], isSaid)):
			it.title = c.Text
		case isRoom:
			it.room = c.Text
		case n >= 0:
			own[n] = append(own[n], []string{text})
		default:
			it.text = append(it.text, []string{text})
		}
	}
	for i, l := range lanes {
		one := it
		one.at, one.title, one.text = cells[l.cell].At, cells[l.cell].Text, slices.Concat(own[i], it.text)
		if one.room = l.room; !l.day.IsZero() {
			one.day = l.day
		}
		p.begin(&one) // what stands in all rooms is one session
	}
	if it.title != "" {
		p.begin(&it)
	}
	p.close()
}

// maxLanes is how many columns a table may have whose columns are looked at so.
const maxLanes = 50

// A lane is a column of a table that has sessions of its own beside those of others: a room, or a day.
type lane struct {
	cell int
	room string
	day  time.Time
}

// laneOf returns the lane that a column with the same head as another is of: the one before it. A column of its own is of none, -1.
func (p *planner) laneOf(lanes []lane, cell int) int {
	n := -1
	if len(lanes) == 0 || cell >= len(p.head) {
		return n
	}
	head := p.head[cell].Text
	same := func(h markup.BlockLine) bool { return h.Text == head }
	if !slices.ContainsFunc(p.head[:cell], same) && !slices.ContainsFunc(p.head[cell+1:], same) {
		return n
	}
	for i, l := range lanes {
		if l.cell < cell {
			n = i
		}
	}
	return n
}

func isSaid(c markup.BlockLine) bool { return c.Text != "" }

// lanes returns those that have a session in a row: where the heads of two columns or more begin with a word for a room, or are days of the
// event. What stands in the first room and in no other, or in all of them, is for all: its lane has no room.
func (p *planner) lanes(cells []markup.BlockLine, from int) (lanes []lane) {
	if len(p.head) > maxLanes {
		return nil
	}
	first, all, days := 0, 0, 0
	alike := true
	for i, h := range p.head {
		l := lane{cell: i}
		folded := fold(cutAt(h.Text, slotHead))
		if day, rest := p.cutDay(folded); !day.IsZero() && strings.Trim(rest, " ,:.|-()") == "" {
			l.day = day
			days++
		} else if _, found := cutWord(folded, func(l *language) []string { return l.halls }); found && !isWord(label(folded), func(l *language) []string { return l.rooms }) {
			l.room = h.Text
		} else {
			continue
		}
		if all++; all == 1 {
			first = i
		}
		if i < from || i >= len(cells) || !hasWord(cells[i].Text) {
			continue
		}
		lanes = append(lanes, l)
		alike = alike && cells[i].Text == cells[lanes[0].cell].Text
	}
	switch {
	case all < 2 || days > 0 && days < all:
		return nil
	case days == 0 && alike && (len(lanes) == all || len(lanes) == 1 && lanes[0].cell == first):
		for i := range lanes {
			lanes[i].room = ""
		}
	}
	return lanes
}

// hasWord reports whether a cell says something: a cross does not.
func hasWord(s string) bool {
	letters := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters > 1
}
