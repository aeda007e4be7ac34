package content

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// parseHeader reads an event with these lines in its front matter, and returns the records and what was told.
func parseHeader(t *testing.T, lines string) (records []Record, faults string) {
	opt := &Options{Zone: zoneNamed(t, "Europe/Paris"), Language: "fr", CheckRule: checkTuesdays}
	var told []string
	records = Parse("events/a.md", []byte("---\ntitle: Permanence\n"+lines+"\n---\nLe corps.\n"), opt, func(f Fault) {
		told = append(told, fmt.Sprintf("%s %d:%d %s: %s", f.Severity, f.Pos.Line, f.Pos.Column, f.Rule, f.Err))
	})
	return records, strings.Join(told, "\n")
}

// checkTuesdays stands for the rules of a calendar: it knows one rule, whose days are Tuesdays.
func checkTuesdays(first Span, rule string) (func(also, except []time.Time) error, error) {
	if rule != "" && rule != "FREQ=WEEKLY;BYDAY=TU" {
		return nil, errors.New("not the rule of Tuesdays")
	}
	return func(also, except []time.Time) error {
		for _, d := range also {
			if rule != "" && d.Weekday() == time.Tuesday {
				return errors.New("a Tuesday already")
			}
		}
		for _, d := range except {
			if d.Weekday() != time.Tuesday {
				return errors.New("no day of the series")
			}
		}
		if len(except) == 3 {
			return errors.New("no day is left")
		}
		return nil
	}, nil
}

func TestRepeat(t *testing.T) {
	const start = "start: 2027-03-02 18:00\nend: 2027-03-02 20:00\n" // a Tuesday
	const weekly = start + "rrule: FREQ=WEEKLY;BYDAY=TU\n"
	for _, c := range []struct{ lines, want, faults string }{
		{start, "", ""},
		{weekly, "FREQ=WEEKLY;BYDAY=TU", ""},
		{start + "rrule: RRULE:FREQ=WEEKLY;BYDAY=TU;", "FREQ=WEEKLY;BYDAY=TU", ""},
		{start + `RRule: "rrule:freq=weekly;byday=tu"`, "FREQ=WEEKLY;BYDAY=TU", ""},
		{start + "rrule: [ FREQ=WEEKLY;BYDAY=TU ]", "FREQ=WEEKLY;BYDAY=TU", ""},
		{start + "rrule: false", "", ""},
		{start + "rrule:", "", ""},
		{start + "rrule: FREQ=DAILY", "none", `error 5:8 recurrence: rrule is "FREQ=DAILY": not the rule of Tuesdays`},
		{start + "rrule: {freq: weekly}", "none", "error 5:8 recurrence: rrule is a mapping, want one text such as FREQ=WEEKLY;BYDAY=TU"},
		{start + "rrule: [A, B]", "none", "error 5:8 recurrence: rrule is a list, want one text such as FREQ=WEEKLY;BYDAY=TU"},
		{start + "rrule: " + strings.Repeat("x", 1001), "none", "error 5:8 size: rrule has 1001 characters, want at most 1000"},

		{weekly + "exdate: 2027-03-09", "FREQ=WEEKLY;BYDAY=TU except 2027-03-09", ""},
		{weekly + "exdate: 9 mars 2027", "FREQ=WEEKLY;BYDAY=TU except 2027-03-09", ""},
		{weekly + "exdate: 20270309T170000Z", "FREQ=WEEKLY;BYDAY=TU except 2027-03-09", ""},
		{weekly + "exdate: 2027-03-09 18:00", "FREQ=WEEKLY;BYDAY=TU except 2027-03-09", ""},
		{weekly + "exdate: 2027-03-09T00:00:00Z", "FREQ=WEEKLY;BYDAY=TU except 2027-03-09", ""},
		{weekly + "exdates:\n- 2027-03-16\n- 2027-03-09\n- 20270316\n-", "FREQ=WEEKLY;BYDAY=TU except 2027-03-09 2027-03-16", ""},
		{weekly + "exdate: 20270316T180000,20270309T180000", "FREQ=WEEKLY;BYDAY=TU except 2027-03-09 2027-03-16", ""},
		{weekly + "exdate: 2027-03-09\nexdates: [2027-03-16]", "FREQ=WEEKLY;BYDAY=TU except 2027-03-09 2027-03-16", ""},
		{weekly + "exdate: 2027-03-09 14:00", "FREQ=WEEKLY;BYDAY=TU except 2027-03-09", "warning 6:9 recurrence: exdate is 2027-03-09 14:00, and the event begins at 18:00; the day is taken"},
		{weekly + "exdate: 2027-03-10", "FREQ=WEEKLY;BYDAY=TU", "warning 6:9 recurrence: exdate: no day of the series; it is not used"},
		{weekly + "exdate: [2027-03-09, 2027-13-09]", "none", `error 6:22 date: exdate is "2027-13-09": there is no such day`},
		{weekly + "exdate: mardi", "none", `error 6:9 date: exdate is "mardi": want a date such as 2027-05-08 or 2027-05-08 14:30`},
		{weekly + "exdate: 0027-03-09", "none", "error 6:9 date-range: exdate is 0027-03-09, want a year from 1970 to 2200"},
		{weekly + "exdate: [2027-03-09, 2027-03-16, 2027-03-23]", "none", "error 6:34 recurrence: exdate: no day is left"},
		{start + "exdate: 2027-03-09", "", "warning 5:9 recurrence: exdate is 2027-03-09, but the event takes place once: add an rrule; it is not used"},

		{start + "rdate: 2027-04-01", " also 2027-04-01", ""},
		{start + "rdate: [2027-04-08, 1er avril 2027]", " also 2027-04-01 2027-04-08", ""},
		{weekly + "rdate: 2027-04-01 18:00:00 +02:00", "FREQ=WEEKLY;BYDAY=TU also 2027-04-01", ""},
		{weekly + "rdate: {date: 2027-04-01, time: 18h}", "FREQ=WEEKLY;BYDAY=TU also 2027-04-01", ""},
		{weekly + "rdate: 2027-04-01\nexdate: 2027-04-01", "FREQ=WEEKLY;BYDAY=TU also 2027-04-01", "warning 7:9 recurrence: exdate is 2027-04-01, a day that is added too; it is not used"},
		{weekly + "rdate: 2027-04-01 14:00", "none", "error 6:8 recurrence: rdate is 2027-04-01 14:00, and the event begins at 18:00, want the same time of day: an occurrence at another time needs a file of its own"},
		{weekly + "rdate: 2027-03-09", "FREQ=WEEKLY;BYDAY=TU", "warning 6:8 recurrence: rdate: a Tuesday already; it is not used"},
		{weekly + "rdate: 2027-03-02", "FREQ=WEEKLY;BYDAY=TU", "warning 6:8 recurrence: rdate is 2027-03-02, the day on which the event begins; it is not used"},
		{weekly + "rdate: 2027-03-01", "none", "error 6:8 recurrence: rdate is 2027-03-01, before the event begins, 2027-03-02, want a later day: begin with the first"},
		{"start: 2027-03-02\nrrule: FREQ=WEEKLY;BYDAY=TU\nexdate: 2027-03-09 14:00", "FREQ=WEEKLY;BYDAY=TU except 2027-03-09", ""},
		{start + "timezone: America/New_York\nrrule: FREQ=WEEKLY;BYDAY=TU\nexdate: 2027-03-09T23:00:00Z", "FREQ=WEEKLY;BYDAY=TU except 2027-03-09", ""},
		{weekly + "rdate: [" + strings.Repeat("2027-04-01,", 10) + "]", "FREQ=WEEKLY;BYDAY=TU also 2027-04-01", ""},
	} {
		records, faults := parseHeader(t, c.lines)
		got := "none"
		if len(records) > 0 {
			p := records[0].Repeat
			got = p.Rule
			for i, days := range [][]time.Time{p.Also, p.Except} {
				if len(days) > 0 {
					got += [...]string{" also", " except"}[i]
				}
				for _, d := range days {
					got += " " + d.Format(time.DateOnly)
				}
			}
		}
		if got != c.want || faults != c.faults {
			t.Errorf("%s\ngot  %q\nwant %q\n%s\nwant faults\n%s", c.lines, got, c.want, faults, c.faults)
		}
	}
}

// What cannot be repeated as it says is no mistake of a draft, but is not published with it either.
func TestRepeatOfADraft(t *testing.T) {
	records, faults := parseHeader(t, "start: 2027-03-02\nrrule: FREQ=DAILY\ndraft: true")
	if len(records) != 1 || !records[0].Broken || !records[0].Repeat.IsZero() || !strings.HasPrefix(faults, "notice 4:8 recurrence") {
		t.Errorf("%+v\n%s", records, faults)
	}
}

func TestRepeatWithoutStart(t *testing.T) {
	records, faults := parseHeader(t, "rrule: FREQ=WEEKLY;BYDAY=TU")
	if len(records) != 0 || !strings.HasPrefix(faults, "notice 2:1 no-start") {
		t.Errorf("%+v\n%s", records, faults)
	}
}

func TestTooManyDays(t *testing.T) {
	var list []string
	for d := time.Date(2027, 4, 7, 0, 0, 0, 0, time.UTC); len(list) < 2*maxDays; d = d.AddDate(0, 0, 1) {
		list = append(list, d.Format("20060102"))
	}
	for _, form := range []string{"[" + strings.Join(list, ", ") + "]", strings.Join(list, ",")} {
		records, faults := parseHeader(t, "start: 2027-03-02\nrdate: "+form)
		if len(records) != 0 || !strings.Contains(faults, "rdate holds more than 200 days, want fewer") || strings.Contains(faults, "\n") {
			t.Errorf("%d records, %.300s", len(records), faults)
		}
	}
}

func TestReminders(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		value string
		want  []time.Duration
	}{
		{"15", []time.Duration{15 * time.Minute}},
		{"0", []time.Duration{0}},
		{"1", []time.Duration{time.Minute}},
		{"15 min", []time.Duration{15 * time.Minute}},
		{"15 minutes avant", []time.Duration{15 * time.Minute}},
		{"1h", []time.Duration{time.Hour}},
		{"1h30", []time.Duration{90 * time.Minute}},
		{"1 heure 30", []time.Duration{90 * time.Minute}},
		{"1 jour", []time.Duration{day}},
		{"2 j", []time.Duration{2 * day}},
		{"1 day before", []time.Duration{day}},
		{"1 jour 2 heures", []time.Duration{26 * time.Hour}},
		{"1 semaine", []time.Duration{7 * day}},
		{"P1D", []time.Duration{day}},
		{"-PT15M", []time.Duration{15 * time.Minute}},
		{"P1DT2H30M", []time.Duration{26*time.Hour + 30*time.Minute}},
		{"P2W", []time.Duration{14 * day}},
		{"[15, 1 jour, 15 min]", []time.Duration{15 * time.Minute, day}},
		{"false", nil},
		{"aucun", nil},
		{"", nil},
	} {
		records, faults := parseHeader(t, "start: 2027-03-02 18:00\nreminder: "+c.value)
		if len(records) != 1 || !slices.Equal(records[0].Reminders, c.want) || faults != "" {
			t.Errorf("%q: %v\n%s", c.value, records, faults)
		}
	}
	for _, bad := range []string{"la veille", "1 mois", "P1M", "PT1D", "P", "T", "true", "h", "1h 2h", "30 min 1h", "15 20", "'-'", "400 jours", "999999", "{a: 1}", "1.5h", "1h30x"} {
		records, faults := parseHeader(t, "start: 2027-03-02 18:00\nreminder: "+bad)
		if len(records) != 1 || records[0].Reminders != nil || !strings.HasPrefix(faults, "warning 4:11 reminder: reminder is ") {
			t.Errorf("%q: %v\n%s", bad, records, faults)
		}
	}
}

// Status, zone and whole days, in all the forms that people write.
func TestStatusForms(t *testing.T) {
	for _, c := range []struct{ lines, want, faults string }{
		{"status: cancelled", "cancelled", ""},
		{"status: Canceled", "cancelled", ""},
		{"statut: annulé", "cancelled", ""},
		{"statut: Annulée", "cancelled", ""},
		{"status: tentative", "tentative", ""},
		{"statut: à confirmer", "tentative", ""},
		{"status: CONFIRMED", "confirmed", ""},
		{"status: published", "", ""},
		{"status: perhaps", "", `warning 4:9 status: status is "perhaps", want confirmed, tentative or cancelled; it is not used`},
		{"status: [cancelled]", "cancelled", ""},
		{"status: {a: b}", "", "warning 4:9 status: status is a mapping, want confirmed, tentative or cancelled; it is not used"},
		{"cancelled: true", "cancelled", ""},
		{"canceled: yes", "cancelled", ""},
		{"annulé: oui", "cancelled", ""},
		{"cancelled: false", "", ""},
		{"cancelled: non", "", ""},
		{"cancelled:", "", ""},
		{"cancelled: la salle est inondée", "cancelled", ""},
		{"status: confirmed\ncancelled: true", "cancelled", ""},
		{"all_day: peut-être", "", `warning 4:10 type: all_day is "peut-être", want true or false; it is not used`},
		{"timezone: Europe/Pariss", "", `warning 4:11 zone: timezone is "Europe/Pariss", want a name such as Europe/Paris; Europe/Paris is used`},
		{"timezone: [Europe/Paris]", "", "warning 4:11 zone: timezone is a list, want a name such as Europe/Paris; Europe/Paris is used"},
		{"uid: [a]", "", "warning 4:6 type: uid is a list, want a text; it is not used"},
	} {
		records, faults := parseHeader(t, "start: 2027-03-02 18:00\n"+c.lines)
		if len(records) != 1 || records[0].Status != c.want || faults != c.faults {
			t.Errorf("%s\ngot %v\n%s\nwant %q\n%s", c.lines, records, faults, c.want, c.faults)
		}
	}
}
