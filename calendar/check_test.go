package calendar

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestFaults(t *testing.T) {
	day := Date{2027, time.May, 8}
	noon := time.Date(2027, time.May, 8, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name  string
		spoil func(c *Calendar, e *Event)
		want  string // the error
		cause error
	}{
		{"nothing", func(c *Calendar, e *Event) {}, "", nil},
		{"no uid", func(c *Calendar, e *Event) { e.UID = "" }, "event 1: UID: required, but missing", ErrMissing},
		{"uid with a space", func(c *Calendar, e *Event) { e.UID = "a b" }, `event 1 ("a b"): UID: "a b", want visible ASCII`, nil},
		{"uid with a newline", func(c *Calendar, e *Event) { e.UID = "a\r\nX:1" }, `event 1 ("a\r\nX:1"): UID: `, nil},
		{"long uid", func(c *Calendar, e *Event) { e.UID = strings.Repeat("u", 256) }, "UID: 256 octets long, want at most 255", nil},
		{"uid twice", func(c *Calendar, e *Event) { e.UID = "first" }, `event 1 ("first"): UID: not unique in the calendar: event 0 has it too`, ErrDuplicate},
		{"no summary", func(c *Calendar, e *Event) { e.Summary = " \n\x00" }, `event 1 ("second"): Summary: required, but missing`, ErrMissing},
		{"no time", func(c *Calendar, e *Event) { e.When = When{} }, "When: required, but missing", ErrMissing},
		{"zero start", func(c *Calendar, e *Event) { e.When = Between(time.Time{}, noon) }, "When: required, but missing", ErrMissing},
		{"ends before it starts", func(c *Calendar, e *Event) { e.When = Between(noon, noon.Add(-time.Hour)) }, "When: ends before or when it starts: end 2027-05-08T11:00:00Z, start 2027-05-08T12:00:00Z", ErrOrder},
		{"ends when it starts", func(c *Calendar, e *Event) { e.When = Between(noon, noon) }, "When: ends before or when it starts", ErrOrder},
		{"last day before the first", func(c *Calendar, e *Event) { e.When = Days(day, day.AddDays(-1)) }, "When: ends before or when it starts: last day 2027-05-07, first day 2027-05-08", ErrOrder},
		{"no last day", func(c *Calendar, e *Event) { e.When = Days(day, Date{}) }, "When: 0000-00-00 is not a day of the calendar", nil},
		{"30 February", func(c *Calendar, e *Event) { e.When = Days(Date{2027, 2, 30}, day) }, "When: 2027-02-30 is not a day of the calendar", nil},
		{"year 10000", func(c *Calendar, e *Event) { e.When = At(noon.AddDate(8000, 0, 0)) }, "When: start: year 10027, want 1 to 9999", nil},
		{"last day of 9999", func(c *Calendar, e *Event) { e.When = Days(day, Date{9999, 12, 31}) }, "When: year 10000, want 1 to 9999", nil},
		{"year 0", func(c *Calendar, e *Event) { e.When = At(noon.AddDate(-2027, 0, 0)) }, "When: start: year 0, want 1 to 9999", nil},
		{"fraction", func(c *Calendar, e *Event) { e.When = At(noon.Add(1)) }, "When: start: 2027-05-08T12:00:00.000000001Z has a fraction of a second", nil},
		{"geo", func(c *Calendar, e *Event) { e.Geo = &Geo{91, 0} }, "Geo: latitude 91, longitude 0, want at most 90 and 180 degrees", nil},
		{"geo NaN", func(c *Calendar, e *Event) { e.Geo = &Geo{0, math.NaN()} }, "Geo: latitude 0, longitude NaN", nil},
		{"url", func(c *Calendar, e *Event) { e.URL = "/agenda" }, `URL: "/agenda" is not an absolute URI`, nil},
		{"organizer", func(c *Calendar, e *Event) { e.Organizer.Email = "x" }, `Organizer: "x" is not an e-mail address`, nil},
		{"image", func(c *Calendar, e *Event) { e.Image = "i.jpg" }, `Image: "i.jpg" is not an absolute URI`, nil},
		{"conference", func(c *Calendar, e *Event) { e.Conferences = []Conference{{}} }, "Conferences: required, but missing", ErrMissing},
		{"attachment", func(c *Calendar, e *Event) {
			e.Attachments = []Attachment{{"https://a.example", "text/html; charset=utf-8"}}
		}, "Attachments: \"text/html; charset=utf-8\", want a media type without parameters", nil},
		{"status", func(c *Calendar, e *Event) { e.Status = "cancelled" }, `Status: "cancelled", want CONFIRMED, TENTATIVE or CANCELLED`, nil},
		{"transparency", func(c *Calendar, e *Event) { e.Transparency = "FREE" }, `Transparency: "FREE", want OPAQUE or TRANSPARENT`, nil},
		{"class", func(c *Calendar, e *Event) { e.Class = "open" }, `Class: "open", want PUBLIC, PRIVATE or CONFIDENTIAL`, nil},
		{"priority", func(c *Calendar, e *Event) { e.Priority = 10 }, "Priority: 10, want 1 to 9, or 0 for none", nil},
		{"color of an event", func(c *Calendar, e *Event) { e.Color = "rouge" }, `event 1 ("second"): Color: "rouge" is not a CSS3 color name`, nil},
		{"html alone", func(c *Calendar, e *Event) { e.HTML = "<p>" }, "Description: required, but missing: HTML needs its text", ErrMissing},
		{"reminder", func(c *Calendar, e *Event) { e.Reminders = []Reminder{{Before: 1}} }, "Reminders: 1ns, want whole seconds", nil},
		{"extra without X-", func(c *Calendar, e *Event) { e.Extra = []Property{{Name: "COMMENT"}} }, `Extra: property "COMMENT", want a name that begins with X-`, nil},
		{"extra with a newline", func(c *Calendar, e *Event) { e.Extra = []Property{{Name: "X-A\r\nX-B"}} }, `Extra: property "X-A\r\nX-B", want a name`, nil},
		{"extra of ours", func(c *Calendar, e *Event) { e.Extra = []Property{{Name: "x-wr-calname"}} }, "Extra: property X-WR-CALNAME is said by the fields", nil},
		{"extra parameter", func(c *Calendar, e *Event) { e.Extra = []Property{{Name: "X-A", Params: []Param{{"A B", "x"}}}} }, `Extra: X-A: parameter "A B", want a name`, nil},
		{"extra parameter twice", func(c *Calendar, e *Event) {
			e.Extra = []Property{{Name: "X-A", Params: []Param{{"B", "x"}, {"b", "y"}}}}
		}, "Extra: X-A: parameter b: not unique", ErrDuplicate},
		{"extra parameter empty", func(c *Calendar, e *Event) { e.Extra = []Property{{Name: "X-A", Params: []Param{{"B", "\n"}}}} }, "Extra: X-A: parameter B: required, but missing", ErrMissing},
		{"extra type", func(c *Calendar, e *Event) { e.Extra = []Property{{Name: "X-A", Params: []Param{{"VALUE", "MONEY"}}}} }, `Extra: X-A: "MONEY", want a value of type TEXT, URI,`, nil},
		{"extra value", func(c *Calendar, e *Event) {
			e.Extra = []Property{{Name: "X-A", Params: []Param{{"VALUE", "INTEGER"}}, Value: "1\r\nX-B:2"}}
		}, `Extra: X-A: "1\r\nX-B:2" is no value of type INTEGER`, nil},
		{"extra uri", func(c *Calendar, e *Event) {
			e.Extra = []Property{{Name: "X-A", Params: []Param{{"VALUE", "URI"}}, Value: "a"}}
		}, `Extra: X-A: "a" is not an absolute URI`, nil},
		{"extra date", func(c *Calendar, e *Event) {
			e.Extra = []Property{{Name: "X-A", Params: []Param{{"VALUE", "DATE"}}, Value: "hello"}}
		}, `Extra: X-A: "hello" is no value of type DATE`, nil},
		{"extra with a zone", func(c *Calendar, e *Event) {
			e.Extra = []Property{{Name: "X-A", Params: []Param{{"TZID", "Nowhere/Land"}}, Value: "x"}}
		}, `Extra: X-A: parameter TZID, want a value in UTC`, nil},
		{"extra of Outlook", func(c *Calendar, e *Event) {
			e.Extra = []Property{{Name: "X-MICROSOFT-CDO-ALLDAYEVENT", Value: "TRUE"}}
		}, "Extra: property X-MICROSOFT-CDO-ALLDAYEVENT is said by the fields", nil},
		{"reminder of another age", func(c *Calendar, e *Event) { e.Reminders = []Reminder{{Before: 9000 * time.Hour}} }, "Reminders: 9000h0m0s before the start, want at most a year", nil},
		{"no end", func(c *Calendar, e *Event) { e.When = Between(noon, time.Time{}) }, "When: end: required, but missing", ErrMissing},
		{"no days", func(c *Calendar, e *Event) { e.When = Days(Date{}, Date{}) }, "When: required, but missing", ErrMissing},
		{"a megabyte of name", func(c *Calendar, e *Event) { e.Organizer.Name = strings.Repeat("é", 1<<19) }, "Organizer: 1048576 octets long", nil},
		{"a megabyte of address", func(c *Calendar, e *Event) { e.URL = "https://a.example/" + strings.Repeat("é", 1<<19) }, "URL: 1048594 octets long", nil},
		{"a megabyte of value", func(c *Calendar, e *Event) {
			e.Extra = []Property{{Name: "X-A", Value: strings.Repeat("é", 1<<19)}}
		}, "Extra: X-A: 1048576 octets long", nil},
		{"a megabyte of text", func(c *Calendar, e *Event) { e.Description = strings.Repeat("é", 1<<19) }, "Description: 1048576 octets long, want at most 262144", nil},
		{"ten thousand categories", func(c *Calendar, e *Event) { e.Categories = make([]string, 10_000) }, "Categories: 10000 of them, want at most 1000", nil},
		{"floating years", func(c *Calendar, e *Event) { e.When = At(noon.AddDate(8000, 0, 0)).Floating() }, "When: start: year 10027, want 1 to 9999", nil},
		{"image of the calendar", func(c *Calendar, e *Event) { c.Image = "i.jpg" }, `calendar: Image: "i.jpg" is not an absolute URI`, nil},
		{"uid of the calendar", func(c *Calendar, e *Event) { c.UID = "a b" }, `calendar: UID: "a b", want visible ASCII`, nil},
		{"extra of the calendar", func(c *Calendar, e *Event) { c.Extra = []Property{{}} }, `calendar: Extra: property "", want a name`, nil},
		{"never updated", func(c *Calendar, e *Event) { e.Updated = time.Time{} }, "Updated: required, but missing", ErrMissing},
		{"updated with a fraction", func(c *Calendar, e *Event) { e.Updated = noon.Add(time.Millisecond) }, "Updated: 2027-05-08T12:00:00.001Z has a fraction of a second, want whole seconds", nil},
		{"sequence", func(c *Calendar, e *Event) { e.Sequence = -1 }, "Sequence: -1, want 0 to 2147483647", nil},
		{"color", func(c *Calendar, e *Event) { c.Color = "#40e0d0" }, `calendar: Color: "#40e0d0" is not a CSS3 color name`, nil},
		{"source", func(c *Calendar, e *Event) { c.Source = "events.ics" }, `calendar: Source: "events.ics" is not an absolute URI`, nil},
		{"language", func(c *Calendar, e *Event) { c.Language = "fr_FR" }, `calendar: Language: "fr_FR" is not a language tag`, nil},
		{"refresh", func(c *Calendar, e *Event) { c.Refresh = time.Millisecond }, "calendar: Refresh: 1ms, want whole seconds", nil},
		{"two faults", func(c *Calendar, e *Event) { c.URL, e.UID = "x", "" }, "calendar: URL: \"x\" is not an absolute URI\nevent 1: UID: required, but missing", ErrMissing},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &Calendar{Color: "Teal", Events: []Event{
				{UID: "first", Summary: "Un", When: Days(day, day), Updated: updated},
				{UID: "second", Summary: "Deux", When: At(noon), Updated: updated},
			}}
			tt.spoil(c, &c.Events[1])
			var b bytes.Buffer
			err := Encode(&b, c)
			if tt.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || tt.cause != nil && !errors.Is(err, tt.cause) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
			var fault *FieldError
			if !errors.As(err, &fault) || fault.Field == "" {
				t.Errorf("error %T holds no FieldError", err)
			}
			if b.Len() > 0 {
				t.Errorf("wrote %q in spite of it", b.String())
			}
			if check := Check(c); check == nil || check.Error() != err.Error() {
				t.Errorf("Check says %v, Encode %v", check, err)
			}
		})
	}
}

func TestColors(t *testing.T) {
	fields := strings.Fields(cssColors)
	for _, field := range fields {
		name, digits, _ := strings.Cut(field, "#")
		if n, err := strconv.ParseUint(digits, 16, 24); err != nil || colorCode(strings.ToUpper(name)) != fmt.Sprintf("#%06x", n) {
			t.Errorf("%s: %s is %s", field, name, colorCode(name))
		}
	}
	if n := len(fields); n != 147 {
		t.Errorf("%d colors, want 147", n)
	}
	if got := colorCode("teal"); got != "#008080" {
		t.Errorf("teal is %s", got)
	}
	for _, s := range []string{"#40e0d0", "tea", "eal", "008080", " teal", "teal aqua"} {
		if err := checkColor(s); err == nil {
			t.Errorf("%q is a color", s)
		}
	}
}

func TestWhen(t *testing.T) {
	d := Date{2027, time.December, 31}
	if got := d.AddDays(1); got != (Date{2028, time.January, 1}) || got.String() != "2028-01-01" {
		t.Errorf("the day after %s is %s", d, got)
	}
	w := Days(d, d.AddDays(1))
	if !w.AllDay() || w.Start() != d.midnight() || w.End() != d.AddDays(1).midnight() {
		t.Errorf("two days are %s to %s", w.Start(), w.End())
	}
	if !(When{}).IsZero() || w.IsZero() || At(d.midnight()).IsZero() {
		t.Error("only the zero When is zero")
	}
	order := []When{{}, Days(d, d), w, At(d.midnight()), Between(d.midnight(), d.midnight().Add(1)), At(d.midnight().Add(1))}
	for i, a := range order {
		for j, b := range order {
			if got, want := a.Compare(b), cmp.Compare(i, j); got != want {
				t.Errorf("Compare of %d and %d = %d, want %d", i, j, got, want)
			}
		}
	}
}
