package calendar

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestReadBack(t *testing.T) {
	for _, g := range goldens(t) {
		for i := range g.cal.Events {
			if err := ReadBack(&g.cal.Events[i]); err != nil {
				t.Errorf("%s: %v", g.name, err)
			}
		}
	}
}

// A fault in what was written is found, field by field.
func TestReadBackFindsFaults(t *testing.T) {
	paris := zoneNamed(t, "Europe/Paris")
	start := time.Date(2027, time.February, 4, 18, 30, 0, 0, paris)
	e := &Event{
		UID: "u", Summary: "Conseil", Description: "Ordre du jour", Location: "Salle", When: Between(start, start.Add(time.Hour)),
		URL: "https://valmorin.example/", Categories: []string{"Conseil", "Vie publique"}, Status: Confirmed, Updated: updated, Sequence: 2,
	}
	good := encode(t, &Calendar{Events: []Event{*e}})
	if err := e.compare([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ old, new, field string }{
		{"UID:u", "UID:v", "UID"},
		{"SUMMARY:Conseil", "SUMMARY:Conseil ", "Summary"},
		{"DESCRIPTION:Ordre", "DESCRIPTION:", "Description"},
		{"LOCATION:", "LOCATION;LANGUAGE=fr:Grande ", "Location"},
		{"URL:https", "URL:http", "URL"},
		{"CATEGORIES:Conseil,", "CATEGORIES:", "Categories"},
		{"STATUS:CONFIRMED", "STATUS:TENTATIVE", "Status"},
		{"SEQUENCE:2", "SEQUENCE:3", "Sequence"},
		{"DTSTAMP:2026", "DTSTAMP:2025", "Updated"},
		{"LAST-MODIFIED:2026", "LAST-MODIFIED:2025", "Updated"},
		{":20270204T183000", ":20270204T173000", "When"},
		{":20270204T193000", ":20270204T200000", "When"},
		{"DTSTART;TZID=Europe/Paris:", "DTSTART;TZID=Europe/Berlin:", "When"},
		{"DTSTART;TZID=Europe/Paris:", "DTSTART:", "When"},
	} {
		err := e.compare([]byte(strings.Replace(good, tt.old, tt.new, 1)))
		var fault *FieldError
		if !errors.As(err, &fault) || fault.Field != tt.field {
			t.Errorf("%s instead of %s: error %v, want one of field %s", tt.new, tt.old, err, tt.field)
		}
	}
	series := &Event{
		UID: "s", Summary: "Chorale", Description: "Texte", HTML: "<p>Texte</p>", Location: "Salle", Address: "1 place de la Mairie", Geo: &Geo{47, -1},
		When: Between(start, start.Add(time.Hour)), Updated: updated, Repeat: &Rule{Freq: Weekly, Count: 9},
		Also: []Date{DateOf(start).AddDays(1)}, Except: []Date{DateOf(start).AddDays(7)},
		Overrides: []Override{{Day: DateOf(start).AddDays(14), Event: Event{Summary: "Concert", When: Days(DateOf(start), DateOf(start))}}},
		Reminders: []Reminder{{Before: time.Hour}}, Class: Private, Priority: 3, Color: "teal", Created: updated,
		Organizer: Person{"La mairie", "mairie@valmorin.example"}, Contact: "Accueil", Image: "https://valmorin.example/i.png",
		Conferences: []Conference{{"https://valmorin.example/c", "Visio"}}, Attachments: []Attachment{{"https://valmorin.example/a", "text/html"}},
		Extra: []Property{{"X-A", []Param{{"X-P", "p"}, {"X-O", "o"}}, "v"}}, Transparency: Transparent,
	}
	if err := ReadBack(series); err != nil {
		t.Fatal(err)
	}
	good = encode(t, &Calendar{Events: []Event{*series}})
	for _, tt := range []struct{ old, new, field string }{
		{"RRULE:FREQ=WEEKLY;COUNT=9", "RRULE:FREQ=WEEKLY;COUNT=8", "Repeat"},
		{"RDATE;TZID=Europe/Paris:20270205", "RDATE;TZID=Europe/Paris:20270206", "Also"},
		{"RDATE;TZID=Europe/Paris:20270205T183000", "RDATE;TZID=Europe/Paris:20270205T190000", "Overrides"},
		{"EXDATE;TZID=Europe/Paris:20270211", "EXDATE;TZID=Europe/Paris:20270225", "Except"},
		{"RECURRENCE-ID;TZID=Europe/Paris:20270218", "RECURRENCE-ID;TZID=Europe/Paris:20270225", "Overrides[0].Day"},
		{"RECURRENCE-ID;", "RECURRENCE-ID;RANGE=THISANDFUTURE;", "Overrides[0].Future"},
		{"SUMMARY:Concert", "SUMMARY:Chorale", "Overrides[0].Summary"},
		{"TRIGGER:-PT1H", "TRIGGER:PT1H", "Reminders"},
		{"text/html,%3Cp%3E", "text/html,%3Cb%3E", "HTML"},
		{"LOCATION:Salle", "LOCATION:Halle", "Location"},
		{"GEO:47", "GEO:48", "Geo"},
		{"CLASS:PRIVATE", "CLASS:PUBLIC", "Class"},
		{"PRIORITY:3", "PRIORITY:4", "Priority"},
		{"COLOR:teal", "COLOR:red", "Color"},
		{"CREATED:2026", "CREATED:2025", "Created"},
		{"CN=La", "CN=Sa", "Organizer"},
		{"CONTACT:", "CONTACT:x", "Contact"},
		{"IMAGE;VALUE=URI:https", "IMAGE;VALUE=URI:http", "Image"},
		{"LABEL=Visio", "LABEL=Vision", "Conferences"},
		{"FMTTYPE=text/html:", "FMTTYPE=text/plain:", "Attachments"},
		{"X-A;X-P=p", "X-A;X-P=q", "Extra"},
		{"TRANSP:TRANSPARENT\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "Transparency"},
	} {
		if !strings.Contains(good, tt.old) {
			t.Errorf("%s is not in\n%s", tt.old, good)
		}
		err := series.compare([]byte(strings.Replace(good, tt.old, tt.new, 1)))
		if fault, ok := errors.AsType[*FieldError](err); !ok || fault.Field != tt.field {
			t.Errorf("%s instead of %s: error %v, want one of field %s", tt.new, tt.old, err, tt.field)
		}
	}
	for _, doc := range []string{"", "BEGIN:VCALENDAR\r\n", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"} {
		if e.compare([]byte(doc)) == nil {
			t.Errorf("%q reads back as the event", doc)
		}
	}
}

// Whatever the model says is read back by golang-ical as it was meant, and FromICS takes in what ToICS gives out.
func TestReadBackGenerated(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	for seed := range uint64(100) {
		c := newGenerator(t, seed).calendar(5)
		for i := range c.Events {
			if err := ReadBack(&c.Events[i]); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
		cal, err := ToICS(c)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		back, err := FromICS(cal)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for i, e := range arranged(t, c) {
			var f faults
			want := e.readable()
			want.compareWith(&back.Events[i], e.UID, "", &f)
			if err := f.err(); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
	}
}
