package calendar

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseRule(t *testing.T) {
	paris := zoneNamed(t, "Europe/Paris")
	days := Days(day("2027-03-02"), day("2027-03-02"))
	evening := At(time.Date(2027, 3, 2, 18, 30, 0, 0, paris))
	for _, test := range []struct {
		text  string
		start When
		want  string // the rule for whole days
	}{
		{"FREQ=WEEKLY;BYDAY=TU", evening, "FREQ=WEEKLY;BYDAY=TU"},
		{"freq=weekly;byday=tu,+1th;", evening, "error: the nth weekday in a WEEKLY rule"},
		{"BYDAY=+1TH;freq=monthly;", evening, "FREQ=MONTHLY;BYDAY=1TH"},
		{"FREQ=WEEKLY;BYDAY=MO, TU,\tTH", evening, "FREQ=WEEKLY;BYDAY=MO,TU,TH"},
		{"FREQ=WEEKLY;INTERVAL=1;WKST=MO", evening, "FREQ=WEEKLY"},
		{"FREQ=WEEKLY;WKST=SA", evening, "FREQ=WEEKLY"},
		{"FREQ=WEEKLY;INTERVAL=2;WKST=SA", evening, "error: WKST: SA, want MO or SU"},
		{"FREQ=WEEKLY;INTERVAL=2;WKST=SU", evening, "FREQ=WEEKLY;INTERVAL=2;WKST=SU"},
		{"FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=2", days, "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=2"},
		// UNTIL of any form becomes the last day that it includes.
		{"FREQ=DAILY;UNTIL=20270629", days, "FREQ=DAILY;UNTIL=20270629"},
		{"FREQ=DAILY;UNTIL=20270629T000000Z", days, "FREQ=DAILY;UNTIL=20270629"},
		{"FREQ=DAILY;UNTIL=20270629", evening, "FREQ=DAILY;UNTIL=20270629"},
		{"FREQ=DAILY;UNTIL=20270629T160000Z", evening, "FREQ=DAILY;UNTIL=20270628"},
		{"FREQ=DAILY;UNTIL=20270629T163000Z", evening, "FREQ=DAILY;UNTIL=20270629"},
		{"FREQ=DAILY;UNTIL=20270629T183000", evening, "FREQ=DAILY;UNTIL=20270629"},
		{"FREQ=DAILY;UNTIL=20270629T182959", evening, "FREQ=DAILY;UNTIL=20270628"},
		{"FREQ=DAILY;UNTIL=20270629T182959Z", evening.Floating(), "FREQ=DAILY;UNTIL=20270628"},
		{"FREQ=DAILY;UNTIL=2027-06-29", evening, `error: UNTIL: "2027-06-29", want a date such as 20270629`},
		// The start's own time says nothing new.
		{"FREQ=DAILY;BYHOUR=18;BYMINUTE=30;BYSECOND=0", evening, "FREQ=DAILY"},
		{"FREQ=DAILY;BYHOUR=9", evening, "error: BYHOUR: 9, want the start's own, 18, or none"},
		{"FREQ=DAILY;BYHOUR=18,19", evening, "error: BYHOUR: 18,19, want the start's own"},
		{"FREQ=DAILY;BYHOUR=0", days, "error: BYHOUR: 0, want"},
		// The same days, said as all readers know it.
		{"FREQ=DAILY;BYMONTH=1", days, "FREQ=YEARLY;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA"},
		{"FREQ=DAILY;BYMONTH=1;BYDAY=MO", days, "FREQ=YEARLY;BYMONTH=1;BYDAY=MO"},
		{"FREQ=DAILY;BYMONTHDAY=-1,15", days, "FREQ=MONTHLY;BYMONTHDAY=-1,15"},
		{"FREQ=DAILY;BYMONTHDAY=15,1;BYMONTH=7,5", days, "FREQ=YEARLY;BYMONTH=5,7;BYMONTHDAY=1,15"},
		{"FREQ=WEEKLY;BYMONTH=9,3", evening, "FREQ=YEARLY;BYMONTH=3,9;BYDAY=TU"},
		{"FREQ=MONTHLY;COUNT=3;BYMONTH=3;BYDAY=1TU", evening, "FREQ=YEARLY;COUNT=3;BYMONTH=3;BYDAY=1TU"},
		{"FREQ=MONTHLY;BYMONTH=3,4;BYDAY=TU;BYSETPOS=1", evening, "error: ByMonth: in a MONTHLY rule"},
		{"FREQ=WEEKLY;INTERVAL=2;BYMONTH=3", evening, "error: ByMonth: in a WEEKLY rule"},
		// What a Rule cannot say.
		{"FREQ=HOURLY", evening, "error: FREQ: HOURLY is more often than daily, want DAILY or less"},
		{"FREQ=FORTNIGHTLY", evening, `error: Freq: "FORTNIGHTLY", want DAILY`},
		{"FREQ=YEARLY;BYWEEKNO=20", evening, "error: BYWEEKNO: readers differ on the day, want BYMONTH or BYDAY"},
		{"FREQ=YEARLY;BYYEARDAY=1,100,200", evening, "error: BYYEARDAY: few readers know it"},
		{"FREQ=YEARLY;BYEASTER=1", evening, "error: BYEASTER: not a part of a rule"},
		{"FREQ=YEARLY;BYDAY=20MO", evening, "error: BYDAY: 20MO, want the nth to be 1 to 5 or -1 to -5"},
		{"FREQ=YEARLY;BYDAY=MO", evening, "error: ByMonth: required, but missing"},
		{"FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1", evening, "error: BySetPos: want it with ByDay alone"},
		{"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", evening, "error: ByMonthDay: 30, which February has not"},
		{"", evening, `error: "", want NAME=VALUE`},
		{"INTERVAL=2", evening, "error: Freq: required, but missing"},
		{"FREQ=DAILY; COUNT=3", evening, "error:  COUNT: not a part"},
		{"FREQ=DAILY;COUNT=0", evening, "error: COUNT: 0, want 1 or more"},
		{"FREQ=DAILY;COUNT=three", evening, `error: COUNT: "THREE", want a number`},
		{"FREQ=DAILY;FREQ=DAILY", evening, "error: FREQ is given twice"},
		{"FREQ=WEEKLY;BYDAY=DI", evening, `error: BYDAY: "DI", want MO, TU`},
		{"FREQ=MONTHLY;BYDAY=0TU", evening, `error: BYDAY: "0TU", want a weekday`},
		{"FREQ=DAILY;COUNT=3;BYDAY=", evening, `error: "BYDAY=", want NAME=VALUE`},
	} {
		r, err := ParseRule(test.text, test.start)
		if want, ok := strings.CutPrefix(test.want, "error: "); ok {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, %v, want an error with %q", test.text, r, err, want)
			}
			continue
		}
		if err != nil {
			t.Error(err)
		} else if r.String() != test.want {
			t.Errorf("%s: got %s, want %s", test.text, r, test.want)
		}
	}
}

// All causes are told, not only the first, on one line.
func TestParseRuleCauses(t *testing.T) {
	_, err := ParseRule("FREQ=MINUTELY;BYWEEKNO=3;COUNT=x", When{})
	if err == nil || strings.Count(err.Error(), "; ") != 2 || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want three causes", err)
	}
}

// A rule of any length is refused at once, by an error that can be read.
func TestParseRuleOfAnyLength(t *testing.T) {
	var weekdays strings.Builder
	for i := range 500_000 {
		fmt.Fprintf(&weekdays, ",%dMO", 1+i)
	}
	for _, s := range []string{
		"FREQ=MONTHLY;BYDAY=" + weekdays.String()[1:],
		"FREQ=MONTHLY;BYDAY=" + strings.Repeat("9", 1e6) + "MO",
		"FREQ=MONTHLY;BYMONTHDAY=1" + strings.Repeat(",1", 1e6),
		"FREQ=DAILY" + strings.Repeat(";X", 1e6),
		"FREQ=DAILY;" + strings.Repeat("X", 1e6) + "=1",
		"FREQ=DAILY;BYHOUR=" + strings.Repeat("1", 1e6),
		"FREQ=" + strings.Repeat("X", 1e6),
		"FREQ=DAILY;UNTIL=" + strings.Repeat("1", 1e6),
	} {
		if _, err := ParseRule(s, When{}); err == nil || len(err.Error()) > 500 {
			t.Errorf("%.40s…: %.600v, want a short error", s, err)
		}
	}
}

// Reading what was written gives the same rule, whatever it was read from first.
func FuzzParseRule(f *testing.F) {
	for _, s := range []string{
		"FREQ=WEEKLY;INTERVAL=2;COUNT=10;BYDAY=TU,TH;WKST=SU", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY;BYMONTH=12,3;BYDAY=-1SU",
		"FREQ=DAILY;UNTIL=20271031T013000Z", "FREQ=MONTHLY;BYMONTHDAY=31,-1;UNTIL=99991231", "freq=daily;bymonth=1;byhour=1;", "FREQ=DAILY;UNTIL=00010101T000000",
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "BYDAY=;=;FREQ", "FREQ=WEEKLY;BYDAY=+53ſU",
	} {
		f.Add(s, int64(1803000600), byte(0))
		f.Add(s, int64(-62135596800), byte(1))
		f.Add(s, int64(253402300799), byte(2))
	}
	paris := zoneNamed(f, "Europe/Paris")
	f.Fuzz(func(t *testing.T, s string, seconds int64, kind byte) {
		start := At(time.Unix(seconds, 0).In(paris))
		switch kind % 3 {
		case 1:
			start = start.Floating()
		case 2:
			start = Days(start.day(), start.day())
		}
		r, err := ParseRule(s, start)
		if err != nil {
			return
		}
		if again, err := ParseRule(r.String(), start); err != nil || !reflect.DeepEqual(r, again) {
			t.Errorf("%q: %+v was read back as %+v, %v", s, r, again, err)
		}
		if start.check() != nil || checkTime(r.lastInstant(start)) != nil {
			return
		}
		if again, err := ParseRule(string(r.appendTo(nil, start)), start); err != nil || !reflect.DeepEqual(r, again) {
			t.Errorf("%q: %s was read back as %+v, %v", s, r.appendTo(nil, start), again, err)
		}
		first := start.day()
		for d := range r.days(first, first, first.AddDays(1000)) {
			if d.Compare(first) < 0 || r.Count == 0 && !r.has(start.day(), d) {
				t.Errorf("%q: has the day %s", s, d)
			}
			first = d
		}
		if !slices.IsSorted(r.ByMonth) {
			t.Errorf("%q: months %v", s, r.ByMonth)
		}
	})
}
