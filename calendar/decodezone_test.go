package calendar

import (
	"strings"
	"testing"
	"time"

	"github.com/crieur/crieur/internal/contentline"
)

func TestZoneNames(t *testing.T) {
	zoneNamed(t, "Europe/Paris")
	var z zoneFinder
	for name, want := range map[string]string{
		"Europe/Paris":                         "Europe/Paris",
		"UTC":                                  "UTC",
		"Romance Standard Time":                "Europe/Paris",
		"/mozilla.org/20050126_1/Europe/Paris": "Europe/Paris",
		"/freeassociation.sourceforge.net/Europe/Paris":        "Europe/Paris",
		"/freeassociation.sourceforge.net/Tzfile/Europe/Paris": "Europe/Paris",
		"/vendor.example/1/America/Argentina/Buenos_Aires":     "America/Argentina/Buenos_Aires",
		"/Europe/Paris":          "Europe/Paris",
		"":                       "",
		"/":                      "",
		"Local":                  "",
		"../etc/passwd":          "",
		"Europe/Valmorin":        "",
		strings.Repeat("x", 1e6): "",
	} {
		got := ""
		if loc, err := z.named(name); err == nil {
			got = loc.String()
		}
		if got != want {
			t.Errorf("zone %.60q is %q, want %q", name, got, want)
		}
	}
}

// A VTIMEZONE of an unknown name tells the same hours as the zone whose rules it holds, and a series finds that zone.
func TestZoneByBlock(t *testing.T) {
	for _, name := range []string{"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Europe/Dublin", "Asia/Tokyo"} {
		loc := zoneNamed(t, name)
		start := time.Date(2027, time.January, 11, 10, 0, 0, 0, loc)
		doc := encode(t, &Calendar{Events: []Event{{
			UID: "1", Summary: "x", When: At(start), Updated: updated, Repeat: &Rule{Freq: Weekly},
		}}})
		doc = strings.ReplaceAll(doc, name, "Somewhere")
		tree, err := contentline.Parse([]byte(doc))
		if err != nil {
			t.Fatal(err)
		}
		var z zoneFinder
		z.read(tree[0])
		for clock := time.Date(2010, time.January, 1, 0, 30, 0, 0, time.UTC); clock.Year() < 2040; clock = clock.Add(41 * time.Hour) {
			want := onDay(DateOf(clock), timeOfDay(clock), loc)
			got, err := z.local("Somewhere", clock, false)
			if err != nil || !got.Equal(want) {
				t.Fatalf("%s: %s is %s, want %s, error %v", name, clock.Format(localLayout), got, want, err)
			}
		}
		w := decode(t, doc).Events[0].When
		if !w.Start().Equal(start) || w.checkRepeatable() != nil {
			t.Errorf("%s: the series starts at %s in %s, want %s", name, w.Start(), w.Start().Location(), start)
		}
	}
}

func TestZoneBlocks(t *testing.T) {
	zoneNamed(t, "Europe/Paris")
	for _, tt := range []struct {
		name, lines, want string // of 12 July 2027, 10:00
	}{
		{"fixed", "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0115\nTZOFFSETTO:+0115\nEND:STANDARD", "08:45"},
		{"before its first change", "BEGIN:STANDARD\nDTSTART:20300101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0200\nEND:STANDARD", "07:00"},
		{"dates", "BEGIN:STANDARD\nDTSTART:20200101T000000\nRDATE:20270101T000000,20280101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0500\nEND:STANDARD\n" +
			"BEGIN:DAYLIGHT\nDTSTART:20270601T000000\nTZOFFSETFROM:+0500\nTZOFFSETTO:+0600\nEND:DAYLIGHT", "04:00"},
		{"a rule that has ended", "BEGIN:DAYLIGHT\nDTSTART:20000326T020000\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20260329T010000Z\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\n" +
			"BEGIN:STANDARD\nDTSTART:20001029T030000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD", "09:00"},
		{"days of a month", "BEGIN:DAYLIGHT\nDTSTART:20070311T020000\nRRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0400\nEND:DAYLIGHT", "14:00"},
		{"another location", "X-LIC-LOCATION:Europe/Paris\nBEGIN:STANDARD\nEND:STANDARD", "08:00"},
		{"empty", "", ""},
		{"hourly", "BEGIN:STANDARD\nDTSTART:19700101T000000\nRRULE:FREQ=DAILY\nTZOFFSETFROM:+0115\nTZOFFSETTO:+0115\nEND:STANDARD", ""},
		{"offset", "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+01:15\nTZOFFSETTO:+0115\nEND:STANDARD", ""},
	} {
		tree, err := contentline.Parse([]byte("BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Somewhere\n" + tt.lines + "\nEND:VTIMEZONE\nEND:VCALENDAR\n"))
		if err != nil {
			t.Fatal(err)
		}
		var z zoneFinder
		z.read(tree[0])
		got := ""
		if at, err := z.local("Somewhere", time.Date(2027, time.July, 12, 10, 0, 0, 0, time.UTC), false); err == nil {
			got = at.UTC().Format("15:04")
		}
		if got != tt.want {
			t.Errorf("%s: 10:00 is %s in UTC, want %s", tt.name, got, tt.want)
		}
	}
}
