package content

import (
	"slices"
	"testing"
)

// Keys that say the same as one of keys.go, and keys that only look so.
func TestSpelt(t *testing.T) {
	for key, want := range map[string]string{
		"event_start": "start", "event-start": "start", "eventStart": "start", "Event Start": "start", "startsAt": "start", "starts_on": "start", "start-date": "startdate",
		"begin": "start", "debutEvenement": "debut", "début_de_l_évènement": "debut", "date-de-début": "date_de_debut", "eventdate": "event_date", "eventDateTime": "event_date",
		"event_end": "end", "end-date": "end_date", "fin de l’événement": "fin", "finish": "end",
		"event_title": "title", "eventName": "name", "event_location": "location", "event-venue": "venue", "Lieu de l'événement": "lieu", "event_description": "description",
		"event_time": "time", "event_hours": "hours", "Mots clés": "mots-cles", "imageAlt": "image_alt",

		"event_published": "", "eventLang": "", "evenement_date": "event_date",
		"startup": "", "starter": "", "start_of_sale": "", "registration_start": "", "inscription_debut": "", "birthdate": "", "date_of_birth": "", "weekend": "", "backend": "",
		"find_event": "", "titled event": "", "fin_d_évènement": "fin",
		"event": "event", "events": "", "eventually": "", "": "", "é": "", "published_date": "", "layout": "",
	} {
		if got := spelt(key); got != want {
			t.Errorf("%q is read as %q, want %q", key, got, want)
		}
	}
}

// A record with keys that keys.go has not is read as one that has them.
func TestRespell(t *testing.T) {
	front := func(title, start, end, place string) string {
		return "---\n" + title + ": Fête\n" + start + ": 2027-05-08 09:00\n" + end + ": 2027-05-08 10:00\n" + place + ": Salle bleue\n---\nVenez.\n"
	}
	usual := Parse("a.md", []byte(front("title", "start", "end", "location")), nil, func(f Fault) { t.Error(f) })
	for _, keys := range [][4]string{
		{"event_title", "event_start", "event_end", "event_location"},
		{"Title", "Start Date", "End Date", "Location"},
		{"eventTitle", "eventStart", "eventEnd", "eventLocation"},
		{"titre", "date-de-début", "date-de-fin", "lieu"},
		{"title", "begin", "finish", "event-venue"},
	} {
		got := Parse("a.md", []byte(front(keys[0], keys[1], keys[2], keys[3])), nil, func(f Fault) { t.Error(keys, f) })
		if len(got) != 1 || got[0].Title != usual[0].Title || got[0].When != usual[0].When || got[0].Location != usual[0].Location {
			t.Errorf("%q: %+v", keys, got)
		}
	}
	// One that stands as keys.go has it comes first, whatever the order.
	both := Parse("a.md", []byte("---\ntitle: Fête\nevent_start: 2027-05-09\nstart: 2027-05-08\n---\n"), nil, func(Fault) {})
	if len(both) != 1 || both[0].When.Start.Day() != 8 {
		t.Errorf("%+v", both)
	}
	// And two that say otherwise are told.
	for _, front := range []string{"start: 2027-05-09\nevent_start: 2027-05-10", "event-date: 2027-05-09\neventDate: 2027-05-10", "start: 2027-05-09\nend: 2027-05-10\nfinish: 2027-05-11"} {
		var rules []string
		got := Parse("a.md", []byte("---\ntitle: Fête\n"+front+"\n---\n"), nil, func(f Fault) { rules = append(rules, f.Rule) })
		if len(got) != 1 || got[0].When.Start.Day() != 9 || !slices.Equal(rules, []string{RuleDateConflict}) {
			t.Errorf("%s: %+v %q", front, got, rules)
		}
	}
	// Unless it is empty there.
	form := Parse("a.md", []byte("---\ntitle: Fête\nstart:\nevent_start: 2027-05-08\n---\n"), nil, func(f Fault) { t.Error(f) })
	if len(form) != 1 || form[0].Kind != Event {
		t.Errorf("%+v", form)
	}
	// What begins an article may be no time, and what begins an event that has no other date is to be one.
	for front, want := range map[string]int{"date: 2026-05-08\nbegin: Chapter 3\nfinish: Chapter 5": 1, "date: 2026-05-08\nstart-at: 3": 1, "begin: soon": 0} {
		if got := Parse("a.md", []byte("---\ntitle: Fête\n"+front+"\n---\n"), nil, func(Fault) {}); len(got) != want || want == 1 && got[0].Kind != Article {
			t.Errorf("%s: %+v", front, got)
		}
	}
	// What a configuration names is not taken for something else.
	fields, err := NewFields(map[string][]string{"summary": {"event_start"}})
	if err != nil {
		t.Fatal(err)
	}
	named := Parse("a.md", []byte("---\ntitle: Fête\ndate: 2027-05-01\nevent_start: 2027-05-09\n---\n"), &Options{Collections: []Collection{{Fields: fields}}}, func(Fault) {})
	if len(named) != 1 || named[0].Kind != Article || named[0].Summary != "2027-05-09" {
		t.Errorf("%+v", named)
	}
}
