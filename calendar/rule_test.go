package calendar

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/teambition/rrule-go"
)

// day returns a Date written as 2006-01-02.
func day(s string) Date {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return DateOf(t)
}

func parseRule(t testing.TB, s string, start When) *Rule {
	t.Helper()
	r, err := ParseRule(s, start)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// listing writes days by month, "1997-09: 2 9; 1997-10: 7", at most n of them.
func listing(days iter.Seq[Date], n int) string {
	var b strings.Builder
	var last Date
	for d := range days {
		if n--; n < 0 {
			break
		}
		if d.Year != last.Year || d.Month != last.Month {
			if !last.IsZero() {
				b.WriteString("; ")
			}
			fmt.Fprintf(&b, "%04d-%02d:", d.Year, d.Month)
		}
		fmt.Fprintf(&b, " %d", d.Day)
		last = d
	}
	return b.String()
}

// TestPublishedRules has the examples of RFC 5545, section 3.8.5.3, that a Rule can say.
func TestPublishedRules(t *testing.T) {
	newYork := zoneNamed(t, "America/New_York")
	for _, test := range []struct{ start, rule, want string }{
		{"1997-09-02", "FREQ=DAILY;COUNT=10", "1997-09: 2 3 4 5 6 7 8 9 10 11"},
		{"1997-09-02", "FREQ=DAILY;UNTIL=19970906T000000Z", "1997-09: 2 3 4 5"},
		{"1997-09-02", "FREQ=DAILY;INTERVAL=2", "1997-09: 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30; 1997-10: 2 4 6 8 10"},
		{"1997-09-02", "FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09: 2 12 22; 1997-10: 2 12"},
		{"1998-01-01", "FREQ=DAILY;UNTIL=19990103T140000Z;BYMONTH=1", "1998-01: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20"},
		{"1998-01-30", "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", "1998-01: 30 31; 1999-01: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18"},
		{"1997-09-02", "FREQ=WEEKLY;COUNT=10", "1997-09: 2 9 16 23 30; 1997-10: 7 14 21 28; 1997-11: 4"},
		{"1997-09-02", "FREQ=WEEKLY;UNTIL=19971224T000000Z", "1997-09: 2 9 16 23 30; 1997-10: 7 14 21 28; 1997-11: 4 11 18 25; 1997-12: 2 9 16 23"},
		{"1997-09-02", "FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997-09: 2 16 30; 1997-10: 14 28; 1997-11: 11 25; 1997-12: 9 23; 1998-01: 6 20; 1998-02: 3 17; 1998-03: 3 17 31; 1998-04: 14 28; 1998-05: 12 26"},
		{"1997-09-02", "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", "1997-09: 2 4 9 11 16 18 23 25 30; 1997-10: 2"},
		{"1997-09-02", "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997-09: 2 4 9 11 16 18 23 25 30; 1997-10: 2"},
		{"1997-09-01", "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR", "1997-09: 1 3 5 15 17 19 29; 1997-10: 1 3 13 15 17 27 29 31; 1997-11: 10 12 14 24 26"},
		{"1997-09-02", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997-09: 2 4 16 18 30; 1997-10: 2 14 16"},
		{"1997-09-05", "FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997-09: 5; 1997-10: 3; 1997-11: 7; 1997-12: 5; 1998-01: 2; 1998-02: 6; 1998-03: 6; 1998-04: 3; 1998-05: 1; 1998-06: 5"},
		{"1997-09-05", "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", "1997-09: 5; 1997-10: 3; 1997-11: 7; 1997-12: 5"},
		{"1997-09-07", "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "1997-09: 7 28; 1997-11: 2 30; 1998-01: 4 25; 1998-03: 1 29; 1998-05: 3 31"},
		{"1997-09-22", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09: 22; 1997-10: 20; 1997-11: 17; 1997-12: 22; 1998-01: 19; 1998-02: 16"},
		{"1997-09-28", "FREQ=MONTHLY;COUNT=6;BYMONTHDAY=-3", "1997-09: 28; 1997-10: 29; 1997-11: 28; 1997-12: 29; 1998-01: 29; 1998-02: 26"},
		{"1997-09-02", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", "1997-09: 2 15; 1997-10: 2 15; 1997-11: 2 15; 1997-12: 2 15; 1998-01: 2 15"},
		{"1997-09-30", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "1997-09: 30; 1997-10: 1 31; 1997-11: 1 30; 1997-12: 1 31; 1998-01: 1 31; 1998-02: 1"},
		{"1997-09-10", "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "1997-09: 10 11 12 13 14 15; 1999-03: 10 11 12 13"},
		{"1997-09-02", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "1997-09: 2 9 16 23 30; 1997-11: 4 11 18 25; 1998-01: 6 13 20 27; 1998-03: 3 10 17 24 31; 1998-05: 5 12"},
		{"1997-06-10", "FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "1997-06: 10; 1997-07: 10; 1998-06: 10; 1998-07: 10; 1999-06: 10; 1999-07: 10; 2000-06: 10; 2000-07: 10; 2001-06: 10; 2001-07: 10"},
		{"1997-03-10", "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", "1997-03: 10; 1999-01: 10; 1999-02: 10; 1999-03: 10; 2001-01: 10; 2001-02: 10; 2001-03: 10; 2003-01: 10; 2003-02: 10; 2003-03: 10"},
		{"1997-03-13", "FREQ=YEARLY;UNTIL=19990401;BYMONTH=3;BYDAY=TH", "1997-03: 13 20 27; 1998-03: 5 12 19 26; 1999-03: 4 11 18 25"},
		{"1997-06-05", "FREQ=YEARLY;UNTIL=19980610;BYDAY=TH;BYMONTH=6,7,8", "1997-06: 5 12 19 26; 1997-07: 3 10 17 24 31; 1997-08: 7 14 21 28; 1998-06: 4"},
		{"1997-09-02", "FREQ=MONTHLY;UNTIL=20001231;BYDAY=FR;BYMONTHDAY=13", "1998-02: 13; 1998-03: 13; 1998-11: 13; 1999-08: 13; 2000-10: 13"},
		{"1997-09-13", "FREQ=MONTHLY;COUNT=10;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "1997-09: 13; 1997-10: 11; 1997-11: 8; 1997-12: 13; 1998-01: 10; 1998-02: 7; 1998-03: 7; 1998-04: 11; 1998-05: 9; 1998-06: 13"},
		{"1996-11-05", "FREQ=YEARLY;INTERVAL=4;COUNT=3;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11: 5; 2000-11: 7; 2004-11: 2"},
		{"1997-09-04", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09: 4; 1997-10: 7; 1997-11: 6"},
		{"1997-09-29", "FREQ=MONTHLY;COUNT=7;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09: 29; 1997-10: 30; 1997-11: 27; 1997-12: 30; 1998-01: 29; 1998-02: 26; 1998-03: 30"},
		{"1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08: 5 10 19 24"},
		{"1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08: 5 17 19 31"},
		{"2007-01-15", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007-01: 15 30; 2007-02: 15; 2007-03: 15 30"},
	} {
		start := day(test.start)
		r := parseRule(t, test.rule, At(onDay(start, 9*time.Hour, newYork)))
		if got := listing(r.days(start, start, lastDate), 20); got != test.want {
			t.Errorf("%s from %s:\n got %s\nwant %s", test.rule, test.start, got, test.want)
		}
	}
}

// randomRule returns a rule without faults and the first day of a series by it.
func randomRule(rnd *rand.Rand) (*Rule, Date) {
	one := func(n int) bool { return rnd.IntN(n) == 0 }
	for {
		r := &Rule{
			Freq:        []Frequency{Daily, Weekly, Monthly, Yearly}[rnd.IntN(4)],
			Interval:    max(0, rnd.IntN(8)-3),
			SundayFirst: one(4),
		}
		if r.Freq == Yearly && !one(3) {
			for range 1 + rnd.IntN(3) {
				r.ByMonth = append(r.ByMonth, time.Month(1+rnd.IntN(12)))
			}
		}
		if r.Freq == Monthly || len(r.ByMonth) > 0 {
			for range rnd.IntN(4) {
				r.ByMonthDay = append(r.ByMonthDay, rnd.IntN(45)-10)
			}
		}
		if one(2) {
			nth := one(2)
			for range 1 + rnd.IntN(3) {
				d := Weekday{Day: time.Weekday(rnd.IntN(7))}
				if nth {
					d.Nth = rnd.IntN(11) - 5
				}
				r.ByDay = append(r.ByDay, d)
			}
		}
		if len(r.ByDay) > 0 && one(3) {
			r.BySetPos = append(r.BySetPos, rnd.IntN(9)-4)
		}
		start := Date{2020, time.January, 1}.AddDays(rnd.IntN(3000))
		switch rnd.IntN(3) {
		case 0:
			r.Count = 1 + rnd.IntN(40)
		case 1:
			r.Until = start.AddDays(rnd.IntN(4000))
		}
		if r.err() != nil {
			continue
		}
		for d := range r.days(start, start, start.AddDays(20000)) {
			if len(r.ByDay)+len(r.ByMonthDay) > 0 || r.checkDayExists(d.Day) == nil {
				return r, d
			}
			break
		}
	}
}

// TestDaysAsRRuleGo compares the days of random rules with those that rrule-go finds, from the start on and from a day
// far from it.
func TestDaysAsRRuleGo(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	rnd := rand.New(rand.NewPCG(5545, 3310))
	for range 1500 {
		r, start := randomRule(rnd)
		opt, err := rrule.StrToROption(r.String())
		if err != nil {
			t.Fatal(err)
		}
		opt.Dtstart = start.midnight()
		other, err := rrule.NewRRule(*opt)
		if err != nil {
			t.Fatal(err)
		}
		end := start.AddDays(12000)
		var want []Date
		for _, at := range other.Between(start.midnight(), end.midnight(), true) {
			want = append(want, DateOf(at))
		}
		from := start.AddDays(rnd.IntN(8000))
		for _, from := range [...]Date{start, from} {
			i, _ := slices.BinarySearchFunc(want, from, Date.Compare)
			if got := slices.Collect(r.days(start, from, end)); !slices.Equal(got, want[i:]) {
				t.Fatalf("%s from %s, after %s:\n got %s\nwant %s", r, start, from,
					listing(slices.Values(got), 20), listing(slices.Values(want[i:]), 20))
			}
		}
	}
}

func TestRuleText(t *testing.T) {
	paris, nuuk := zoneNamed(t, "Europe/Paris"), zoneNamed(t, "America/Nuuk")
	days := Days(day("2027-03-02"), day("2027-03-02"))
	evening := At(time.Date(2027, 3, 2, 18, 30, 0, 0, paris))
	for _, test := range []struct {
		rule  Rule
		start When
		want  string
	}{
		{Rule{Freq: Daily}, days, "FREQ=DAILY"},
		{Rule{Freq: Weekly, Interval: 1, ByDay: []Weekday{{Day: time.Tuesday}}}, evening, "FREQ=WEEKLY;BYDAY=TU"},
		{Rule{Freq: Weekly, Interval: 2, Count: 10, SundayFirst: true}, evening, "FREQ=WEEKLY;INTERVAL=2;COUNT=10;WKST=SU"},
		{Rule{Freq: Monthly, ByMonthDay: []int{15, -1}}, evening, "FREQ=MONTHLY;BYMONTHDAY=-1,15"},
		{Rule{Freq: Monthly, ByDay: []Weekday{{1, time.Monday}, {-1, time.Friday}}}, evening, "FREQ=MONTHLY;BYDAY=1MO,-1FR"},
		{Rule{Freq: Yearly, ByMonth: []time.Month{9, 3}, ByDay: []Weekday{{2, time.Sunday}}}, evening, "FREQ=YEARLY;BYMONTH=3,9;BYDAY=2SU"},
		{Rule{Freq: Monthly, ByDay: []Weekday{{0, time.Monday}, {0, time.Tuesday}}, BySetPos: []int{-1}}, evening, "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1"},
		// UNTIL is of the start's form, and always after the last occurrence and before the next.
		{Rule{Freq: Daily, Until: day("2027-06-29")}, days, "FREQ=DAILY;UNTIL=20270629"},
		{Rule{Freq: Daily, Until: day("2027-06-29")}, evening, "FREQ=DAILY;UNTIL=20270629T215959Z"},
		{Rule{Freq: Daily, Until: day("2027-12-24")}, evening, "FREQ=DAILY;UNTIL=20271224T225959Z"},
		{Rule{Freq: Daily, Until: day("2027-06-29")}, evening.Floating(), "FREQ=DAILY;UNTIL=20270629T235959"},
		{Rule{Freq: Daily, Until: day("2027-06-29")}, At(time.Date(2027, 3, 2, 18, 30, 0, 0, time.UTC)), "FREQ=DAILY;UNTIL=20270629T235959Z"},
		// In Nuuk clocks jump from 23:00 on 27 March 2027 to midnight.
		{Rule{Freq: Daily, Until: day("2027-03-27")}, At(time.Date(2027, 3, 2, 22, 0, 0, 0, nuuk)), "FREQ=DAILY;UNTIL=20270328T015959Z"},
		{Rule{Freq: Daily, Until: day("2027-03-27")}, At(time.Date(2027, 3, 2, 0, 30, 0, 0, nuuk)), "FREQ=DAILY;UNTIL=20270327T023000Z"},
	} {
		if got := string(test.rule.appendTo(nil, test.start)); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

func TestRuleFaults(t *testing.T) {
	monday, tuesday := Weekday{Day: time.Monday}, Weekday{Day: time.Tuesday}
	for _, test := range []struct {
		rule Rule
		want string
	}{
		{Rule{}, "Freq: required, but missing"},
		{Rule{Freq: "HOURLY"}, `Freq: "HOURLY", want DAILY, WEEKLY, MONTHLY or YEARLY`},
		{Rule{Freq: Daily, Interval: -1}, "Interval: -1, want 0 to 32767"},
		{Rule{Freq: Daily, Count: 5001}, "Count: 5001, want 0 to 5000"},
		{Rule{Freq: Daily, Until: Date{2027, 2, 30}}, "Until: 2027-02-30 is not a day of the calendar"},
		{Rule{Freq: Daily, Count: 3, Until: day("2027-02-03")}, "Until: given together with Count, want one of them"},
		{Rule{Freq: Yearly, ByMonth: []time.Month{13, 2, 2}}, "ByMonth: 13, want 1 to 12; ByMonth: 2 is given twice"},
		{Rule{Freq: Weekly, ByMonth: []time.Month{2}}, "ByMonth: in a WEEKLY rule, which some readers do not heed, want YEARLY"},
		{Rule{Freq: Yearly, ByDay: []Weekday{{20, time.Monday}}}, "ByMonth: required, but missing: readers differ on the days of a whole year; ByDay: 20MO, want the nth to be 1 to 5 or -1 to -5"},
		{Rule{Freq: Monthly, ByMonthDay: []int{0, 32}}, "ByMonthDay: 0, want 1 to 31 or -1 to -31; ByMonthDay: 32, want 1 to 31 or -1 to -31"},
		{Rule{Freq: Weekly, ByMonthDay: []int{1}}, "ByMonthDay: in a WEEKLY rule, want MONTHLY or YEARLY"},
		{Rule{Freq: Monthly, ByMonthDay: []int{-1}, ByDay: []Weekday{monday}}, "ByMonthDay: -1, want it with MONTHLY and without ByDay, where readers understand it alike"},
		{Rule{Freq: Yearly, ByMonth: []time.Month{2}, ByMonthDay: []int{30}}, "ByMonthDay: 30, which February has not, or not every year"},
		{Rule{Freq: Weekly, ByDay: []Weekday{{Day: 7}, monday, monday}}, "ByDay: ?, want Sunday to Saturday; ByDay: MO is given twice"},
		{Rule{Freq: Weekly, ByDay: []Weekday{{1, time.Monday}}}, "ByDay: the nth weekday in a WEEKLY rule, want MONTHLY or YEARLY"},
		{Rule{Freq: Monthly, ByDay: []Weekday{tuesday, {1, time.Monday}}}, "ByDay: some with an Nth and some without, which readers understand differently"},
		{Rule{Freq: Monthly, ByDay: []Weekday{{1, time.Monday}}, ByMonthDay: []int{3}}, "ByDay: the nth weekday with ByMonthDay, want one of them"},
		{Rule{Freq: Monthly, ByDay: []Weekday{{1, time.Monday}}, BySetPos: []int{1}}, "ByDay: the nth weekday with BySetPos, want one of them"},
		{Rule{Freq: Monthly, ByDay: []Weekday{monday}, BySetPos: []int{367}}, "BySetPos: 367, want 1 to 31 or -1 to -31"},
		{Rule{Freq: Weekly, ByDay: []Weekday{monday}, BySetPos: []int{1}}, "BySetPos: want it with ByDay alone, in the months of a rule"},
		{Rule{Freq: Monthly, BySetPos: []int{1}}, "BySetPos: want it with ByDay alone, in the months of a rule"},
		{Rule{Freq: Yearly, ByMonth: []time.Month{2, 3}, ByDay: []Weekday{monday}, BySetPos: []int{1}}, "BySetPos: in more than one month, want one, since readers count in the month or in the year"},
		{Rule{Freq: Monthly, ByDay: make([]Weekday, 1e6)}, "ByDay: 1000000 values, want at most 400"},
	} {
		if err := test.rule.err(); err == nil || err.Error() != test.want {
			t.Errorf("%.200s: got %v\nwant %s", test.rule, err, test.want)
		}
	}
}

func BenchmarkRuleDays(b *testing.B) {
	start := day("2027-03-02")
	for _, r := range []*Rule{
		{Freq: Daily},
		{Freq: Weekly, ByDay: []Weekday{{Day: time.Tuesday}}},
		{Freq: Monthly, ByDay: []Weekday{{1, time.Tuesday}}},
	} {
		b.Run(r.String()+", 30 years", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for range r.days(start, start, day("2057-03-02")) {
				}
			}
		})
	}
}
