package content

import (
	"strings"
	"time"
)

// A wrong year is off by so many at most: further back lies what is remembered ("8 mai 1945").
const maxYearsOff = 2

// checkYear warns about an event whose title, summary or picture gives the day it begins or ends on in another year, and nowhere in its
// own: people copy last year's page.
func (r *reader) checkYear() {
	if r.rec.Kind != Event || r.when.IsZero() {
		return
	}
	var other moment
	where := fieldCount // none
	for _, said := range []struct {
		where field
		text  string
	}{{fieldTitle, r.rec.Title}, {fieldSummary, r.rec.Summary}, {fieldImageAlt, r.rec.ImageAlt}} {
		if !strings.Contains(said.text, "20") && !strings.Contains(said.text, "19") {
			continue
		}
		for m := range datesIn(said.text, r.french()) {
			for _, t := range []time.Time{r.when.Start, r.when.End} {
				if t.IsZero() || m.day != t.Day() || m.month != int(t.Month()) {
					continue
				}
				switch off := m.year - t.Year(); {
				case off == 0:
					return
				case where == fieldCount && -maxYearsOff <= off && off <= maxYearsOff:
					other, where = m, said.where
				}
			}
		}
	}
	if where == fieldCount {
		return
	}
	key, at := "the text", r.root.at
	if e := r.first(where); e != nil {
		key, at = e.key, e.value.at
	}
	r.fault(Warning, RuleDateConflict, at, "%s says %s, but the event begins on %s; that is used: correct one of them", key, other, r.when.Start.Format(time.DateOnly))
}
