package lint

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestIsBounded holds that the time which Check takes grows with the length of the document, for documents that are
// made to take long: four times the length never takes sixteen times the time, and an octet never much.
func TestIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	needZones(t)
	const (
		head    = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:a\n"
		series  = head + event + "DTSTART:20270301T100000Z\n"
		inParis = head + "BEGIN:VTIMEZONE\n" + paris
		winter  = "BEGIN:STANDARD\nDTSTART:19961027T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
	)
	fill := strings.Repeat
	for _, c := range []struct {
		name string
		n    int
		doc  func(n int) string
	}{
		{"tags", 3000, func(n int) string { return head + event + "DESCRIPTION:" + fill("<a ", n) + "\n" + lastEnd }},
		{"escapes", 100_000, func(n int) string { return head + event + "DESCRIPTION:" + fill(`\\na`, n) + "\n" + lastEnd }},
		{"weekdays", 3000, func(n int) string {
			return series + "RRULE:FREQ=DAILY;COUNT=100000;BYDAY=MO" + fill(",MO", n) + "\nEXDATE:22000303T100000Z\n" + lastEnd
		}},
		{"alarms", 500, func(n int) string {
			return head + event + fill("X-A:\n", 10*n) + fill("BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT15M\nEND:VALARM\n", n) + lastEnd
		}},
		{"dates in a zone", 5000, func(n int) string {
			return inParis + winter + "END:STANDARD\nEND:VTIMEZONE\n" + event + "DTSTART;TZID=Europe/Paris:20270101T100000\n" +
				fill("RDATE;TZID=Europe/Paris:20270102T100000\n", n) + lastEnd
		}},
		{"parameters", 15_000, func(n int) string {
			return series + "EXDATE" + fill(";A=", n) + ":" + fill("v,", n) + "v\n" + lastEnd
		}},
		{"parts of a zone", 700, func(n int) string {
			part := "BEGIN:STANDARD\nDTSTART:19961027T030000\nTZOFFSETFROM:+0900\nTZOFFSETTO:+0900\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n"
			return head + "BEGIN:VTIMEZONE\nTZID:Asia/Tokyo\n" + fill(part, n) + "END:VTIMEZONE\n" +
				event + "DTSTART;TZID=Asia/Tokyo:20270101T100000\nRRULE:FREQ=DAILY\n" + lastEnd
		}},
		{"changes of a zone", 3000, func(n int) string {
			return inParis + winter + fill("RDATE:19971026T030000\n", n) + "END:STANDARD\nEND:VTIMEZONE\n" + event +
				"DTSTART;TZID=Europe/Paris:19980101T100000\n" + fill("EXDATE;TZID=Europe/Paris:19980102T100000\n", n) + lastEnd
		}},
		{"overrides", 1000, func(n int) string {
			override := event + "DTSTART:20270302T100000Z\nRECURRENCE-ID:20270302T100000Z\nEND:VEVENT\n"
			return head + strings.Replace(event, "UID", fill("X-A:\n", 10*n)+"UID", 1) + "DTSTART:20270301T100000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\n" +
				fill(override, n) + "END:VCALENDAR\n"
		}},
		{"starts of a series", 3000, func(n int) string {
			return inParis + winter + "END:STANDARD\nEND:VTIMEZONE\n" + event + "DTSTART;TZID=Europe/Paris:20270101T100000" +
				fill(",20270101T100000", n) + "\nRRULE:FREQ=DAILY;COUNT=1" + fill(";X-A=1", n) + "\n" + lastEnd
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			const tries = 4
			short, long := []byte(crlf(c.doc(c.n))), []byte(crlf(c.doc(4*c.n)))
			var a, b time.Duration
			for range tries { // the machine has other things to do as well
				a, b = checkTime(short), checkTime(long)
				if b < 100*time.Millisecond || b < 8*a && b < time.Duration(len(long))*30*time.Microsecond {
					return
				}
			}
			t.Errorf("%d octets take %v, %d octets %v", len(short), a, len(long), b)
		})
	}
}

// TestLongList holds that a rule with a list of too many values is refused.
func TestLongList(t *testing.T) {
	c := lintCase{old: "BYDAY=MO\n", new: "BYDAY=MO" + strings.Repeat("\n ,MO", maxValues) + "\n"}
	if got := worse(Check([]byte(c.edited(t, goodCalendar(t))))); !slices.Equal(got, []string{"rrule-value-invalid"}) {
		t.Errorf("%d values: %s", maxValues+1, got)
	}
}

func checkTime(doc []byte) time.Duration {
	start := time.Now()
	Check(doc)
	return time.Since(start)
}
