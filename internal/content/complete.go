package content

import (
	"cmp"
	"fmt"
	"go/token"
	"strings"
	"time"
	"unicode/utf8"
)

// Text makes the bytes of a file into safe text, as Parse does: UTF-8, without control characters, and with every line where it was. It
// reports false when they are no text.
func Text(name string, data []byte, report func(Fault)) (string, bool) {
	s, ok := newSource(name, data, report)
	return s.text, ok
}

// Complete makes of an event that another reader found in a file, whose Path, Line and When are set, the record that Parse would have
// made of it: texts on one line and within their limits, a place that is one, and what o says of its folder. It tells what is
// wrong at the Line, and reports false if the event cannot be published.
func (o *Options) Complete(rec Record, report func(Fault)) (Record, bool) {
	p := &parser{opt: o, collection: o.Collection(rec.Path)}
	r := reader{parser: p, rec: rec, zone: p.zone(), lang: o.Language}
	pos := token.Position{Filename: rec.Path, Line: rec.Line, Column: 1}
	tell := func(severity Severity, rule, format string, args ...any) {
		report(Fault{Pos: pos, Severity: severity, Rule: rule, Err: fmt.Errorf(format, args...)})
	}
	if y := rec.When.Start.Year(); y < firstYear || y > lastYear {
		tell(Error, RuleDateRange, "the event begins in %d, want a year from %d to %d", y, firstYear, lastYear)
		return rec, false
	}
	if n := len(rec.Body); n > maxBody {
		tell(Error, RuleSize, "the text has %d bytes, want at most %d", n, maxBody)
		return rec, false
	}
	line := func(text *string) {
		*text = oneLine(cleanText(*text))
		if n := utf8.RuneCountInString(*text); n > maxLine {
			tell(Warning, RuleSize, "%q has %d characters, want at most %d; it is cut", clip(*text, 40), n, maxLine)
			*text = cutAt(*text, maxLine)
		}
	}
	for _, text := range []*string{&r.rec.Title, &r.rec.Contact, &r.rec.Organizer.Name, &r.rec.Location} {
		line(text)
	}
	for i := range r.rec.Categories {
		line(&r.rec.Categories[i])
	}
	if r.rec.Title == "" {
		r.rec.Title = titleOf(rec.Path)
		tell(Notice, RuleTitle, "no title is given, so the name of the file is used, %q", clip(r.rec.Title, 60))
	}
	if w := &r.rec.When; !w.AllDay && rec.Repeat.IsZero() && (w.Start.Location() == time.UTC || w.Start.Location().String() == "") {
		w.Start = w.Start.In(r.zone) // of an instant alone the zone is where it is read
		if !w.End.IsZero() {
			w.End = w.End.In(r.zone)
		}
	}
	for _, t := range []*time.Time{&r.rec.Published, &r.rec.Updated} {
		if y := t.Year(); y < firstYear || y > lastYear { // of a program that does not know
			*t = time.Time{}
		}
	}
	if r.rec.Published.IsZero() {
		r.rec.Origin = ""
	}
	r.rec.Language = r.lang
	r.rec.Draft = r.rec.Draft || strings.Contains("/"+rec.Path, "/_drafts/")
	if r.rec.Status == "" && cancelledTitle(r.rec.Title) {
		r.rec.Status = "cancelled"
		tell(Notice, RuleStatus, "the title says that the event is cancelled, so it is published as cancelled")
	}
	r.rec.Links = nil
	for _, l := range rec.Links {
		r.addLink(l)
	}
	meeting := r.rec.Online
	parts := []string{placeLine(r.rec.Location)}
	r.setPlace(parts)
	if to := r.rec.Online; meeting != "" && to != meeting {
		r.addLink(Link{URL: to})
	}
	r.rec.Online = cmp.Or(meeting, r.rec.Online)
	r.keepWords(parts)
	return r.rec, true
}
