package crieur

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/crieur/crieur/internal/content"
)

// rows are the events of a calendar in the order of its document, without what
// changes with every build: title, start, place and UID.
func (w *world) rows() (list []string) {
	for _, e := range w.events() {
		if e["STATUS"] == "CONFIRMED" {
			list = append(list, strings.Join([]string{e["SUMMARY"], e["DTSTART"], e["LOCATION"], e["UID"]}, " "))
		}
	}
	slices.Sort(list)
	return list
}

// A table is sorted, and gets rows at its top, in its middle and at its end:
// those that were there stay who they are, also where two are alike but for
// their place, or altogether.
func TestIdentityOfRows(t *testing.T) {
	const header = "Titre;Date;Lieu\n"
	rows := []string{
		"Conseil;2027-05-08;Mairie\n", "Marché;2027-05-09;Place Neuve\n", "Marché;2027-05-09;Pont\n", "Marché;2027-05-16;Pont\n",
		"Permanence;2027-05-10;\n", "Permanence;2027-05-10;\n", "Bal;2027-06-01;Salle\n",
	}
	added := "Nouveau;2027-04-01;Mairie\n"
	for name, edited := range map[string][]string{
		"a row at the top":                  append([]string{added}, rows...),
		"an equal title at the top":         append([]string{"Marché;2027-04-01;Pont\n"}, rows...),
		"a row in the middle":               slices.Insert(slices.Clone(rows), 3, added),
		"blank lines":                       append([]string{"\n", ";;\n"}, rows...),
		"turned round":                      func() []string { r := slices.Clone(rows); slices.Reverse(r); return r }(),
		"a third that is alike, at the top": append([]string{"Marché;2027-05-09;Quai\n"}, rows...),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.write("agenda.csv", header+strings.Join(rows, ""))
			w.build()
			before := w.rows()
			w.write("agenda.csv", header+strings.Join(edited, ""))
			w.later(time.Hour)
			after := w.rows()
			for _, row := range before {
				if !slices.Contains(after, row) {
					t.Errorf("%s\nis gone from\n%s", row, strings.Join(after, "\n"))
				}
			}
			for _, e := range w.events() {
				if e["STATUS"] != "CONFIRMED" || e["SEQUENCE"] != "0" {
					t.Errorf("announced again: %v", e)
				}
			}
		})
	}
}

// A row that is edited stays the event that it was: its title, or its day.
func TestIdentityOfEditedRows(t *testing.T) {
	for _, edit := range [][2]string{{"Marché de mai", "Marché"}, {"2027-05-09", "2027-05-10"}, {"Place Neuve", "Pont"}} {
		w := newWorld(t)
		table := "Titre;Date;Lieu\nConseil;2027-05-08;Mairie\nMarché de mai;2027-05-09;Place Neuve\n"
		w.write("agenda.csv", table)
		w.build()
		uid := w.get("Marché de mai", "UID")
		w.write("agenda.csv", strings.Replace(table, edit[0], edit[1], 1))
		w.later(time.Hour)
		if !strings.Contains(fmt.Sprint(w.events()), uid) || len(w.rows()) != 2 {
			t.Errorf("%v: %v", edit, w.rows())
		}
	}
}

// icsEvent is a VEVENT with these lines beside its UID.
func icsEvent(uid string, lines ...string) string {
	return "BEGIN:VEVENT\r\nUID:" + uid + "\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\n"
}

func icsFile(parts ...string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(parts, "") + "END:VCALENDAR\r\n")
}

func readCalendar(t testing.TB, config Config, data []byte) (records []content.Record, faults []string) {
	cfg, err := config.settings(new(History))
	if err != nil {
		t.Fatal(err)
	}
	records = cfg.readCalendar("club.ics", data, func(f content.Fault) {
		faults = append(faults, fromContent(f).Error())
	})
	return records, faults
}

// What the properties of one event become in a record, and what is told.
func TestCalendarEvent(t *testing.T) {
	const start = "DTSTART;TZID=Europe/Paris:20270508T090000"
	for name, tt := range map[string]struct {
		lines        []string
		want, faults string // parts, with " | " between them
	}{
		"times in a zone":          {[]string{start, "DURATION:PT1H", "SUMMARY:a"}, "T09:00:00+02:00 | T10:00:00+02:00", ""},
		"UTC":                      {[]string{"DTSTART:20270508T090000Z", "SUMMARY:a"}, "T11:00:00+02:00", ""},
		"no zone":                  {[]string{"DTSTART:20270508T090000", "SUMMARY:a"}, "T09:00:00+02:00", "club.ics:3:1: notice: times of this calendar are in no zone"},
		"an unknown zone":          {[]string{"DTSTART;TZID=Valmeuse:20270508T090000", "SUMMARY:a"}, "", `club.ics:5:1: DTSTART is "20270508T090000": unknown time zone "Valmeuse"; the event is left out`},
		"days":                     {[]string{"DTSTART;VALUE=DATE:20270508", "DTEND;VALUE=DATE:20270510", "SUMMARY:a"}, `"AllDay":true,"Start":"2027-05-08T00:00:00Z","End":"2027-05-09T00:00:00Z"`, ""},
		"ends before it starts":    {[]string{start, "DTEND;TZID=Europe/Paris:20270508T080000", "SUMMARY:a"}, "", "club.ics:6:1: DTSTART: ends before or when it starts"},
		"cancelled":                {[]string{start, "SUMMARY:a", "STATUS:CANCELLED"}, `"Status":"cancelled"`, ""},
		"tentative":                {[]string{start, "SUMMARY:a", "STATUS:TENTATIVE"}, `"Status":"tentative"`, ""},
		"cancelled in words":       {[]string{start, "SUMMARY:[Annulé] a"}, `"Status":"cancelled"`, "notice: the title says that the event is cancelled"},
		"another status":           {[]string{start, "SUMMARY:a", "STATUS:NEEDS-ACTION"}, `"Status":""`, `club.ics:7:1: warning: STATUS: "NEEDS-ACTION", want one of`},
		"no title":                 {[]string{start}, `"Club"`, "notice: no title is given"},
		"a long title":             {[]string{start, "SUMMARY:" + strings.Repeat("mot ", 500)}, "mot…", "club.ics:3:1: warning: \"mot mot"},
		"text":                     {[]string{start, "SUMMARY:*a*", `DESCRIPTION:1 < 2\n*b*`}, `"Title":"*a*" | "Body":"1 < 2\n*b*","Format":0`, ""},
		"text of Google":           {[]string{start, "SUMMARY:a", `DESCRIPTION:b\nc <b>d</b>`}, `"Body":"b<br>\nc <b>d</b>","Format":2`, ""},
		"HTML alone":               {[]string{start, "SUMMARY:a", "X-ALT-DESC;FMTTYPE=text/html:<p>b</p>"}, `"Body":"<p>b</p>","Format":2`, ""},
		"a place":                  {[]string{start, "SUMMARY:a", `LOCATION:Salle\, 1 rue du Pont`, "GEO:48.5;-2.5"}, `"Location":"Salle, 1 rue du Pont","Latitude":48.5,"Longitude":-2.5,"HasPosition":true`, ""},
		"online":                   {[]string{start, "SUMMARY:a", "LOCATION:En ligne"}, `"Location":"" | "Text":"En ligne"`, ""},
		"a meeting":                {[]string{start, "SUMMARY:a", "LOCATION:https://zoom.us/j/1"}, `"Location":"" | "Online":"https://zoom.us/j/1"`, ""},
		"a meeting as its page":    {[]string{start, "SUMMARY:a", "CONFERENCE;VALUE=URI:https://meet.jit.si/x"}, `"Online":"https://meet.jit.si/x"`, ""},
		"a page":                   {[]string{start, "SUMMARY:a", "URL:https://club.example/a"}, `"Permalink":"https://club.example/a"`, ""},
		"no address":               {[]string{start, "SUMMARY:a", "URL:a b"}, `"Permalink":""`, "club.ics:7:1: warning: URL"},
		"people":                   {[]string{start, "SUMMARY:a", "ORGANIZER;CN=Ana:mailto:ana@club.example", "CONTACT:Bob"}, `"Name":"Ana","Email":"ana@club.example" | "Contact":"Bob"`, ""},
		"who comes":                {[]string{start, "SUMMARY:a", "ATTENDEE:mailto:ana@club.example"}, "", "club.ics:7:1: notice: not published: ATTENDEE (1, first on line 7)"},
		"files":                    {[]string{start, "SUMMARY:a", "ATTACH;FMTTYPE=application/pdf:https://club.example/a.pdf", "ATTACH;VALUE=BINARY;ENCODING=BASE64:AAAA"}, `"Type":"application/pdf"`, "club.ics:8:1: notice: not published: ATTACH (1,"},
		"reminders":                {[]string{start, "SUMMARY:a", "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT5M", "END:VALARM"}, `"Title":"a"`, "club.ics:7:1: notice: not published: VALARM (1,"},
		"private":                  {[]string{start, "SUMMARY:a", "CLASS:CONFIDENTIAL"}, `"Draft":true,"Broken":true`, "club.ics:3:1: notice: not published: events that are not public by their CLASS (1,"},
		"of the future":            {[]string{"DTSTART:99980508T090000Z", "SUMMARY:a"}, "", "club.ics:3:1: the event begins in 9998"},
		"a rule":                   {[]string{start, "SUMMARY:a", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/Paris:20270515T090000"}, "FREQ=WEEKLY;COUNT=3 | 2027-05-15T00:00:00Z", ""},
		"a rule without a zone":    {[]string{"DTSTART:20270508T090000", "SUMMARY:a", "RRULE:FREQ=WEEKLY"}, "T09:00:00+02:00 | FREQ=WEEKLY", "in no zone"},
		"a rule in UTC":            {[]string{"DTSTART:20270508T090000Z", "SUMMARY:a", "RRULE:FREQ=WEEKLY"}, "T09:00:00Z | FREQ=WEEKLY", ""},
		"a rule of hours":          {[]string{start, "SUMMARY:a", "RRULE:FREQ=HOURLY"}, "", "club.ics:7:1: RRULE"},
		"a rule for ever":          {[]string{start, "SUMMARY:a", "RRULE:FREQ=YEARLY;COUNT=300"}, "", "club.ics:3:1: RRULE has COUNT=300, which takes more than 200 years"},
		"a first day too many":     {[]string{start, "SUMMARY:a", "RRULE:FREQ=WEEKLY;BYDAY=TU"}, "", "is not a day of the rule"},
		"days besides":             {[]string{start, "SUMMARY:a", "RDATE;TZID=Europe/Paris:20270601T090000"}, "2027-06-01", ""},
		"no line":                  {[]string{start, "SUMMARY:a", "que dire"}, `"Title":"a"`, `club.ics:7:1: warning: " " in the name of a property`},
		"no line, where it counts": {[]string{start + "x y", "SUMMARY:a"}, "", "club.ics:5:1: DTSTART"},
	} {
		t.Run(name, func(t *testing.T) {
			records, faults := readCalendar(t, Config{Timezone: "Europe/Paris"}, icsFile(icsEvent("1@club.example", tt.lines...)))
			told := strings.Join(faults, "\n")
			var b strings.Builder
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			if err := e.Encode(records); err != nil {
				t.Fatal(err)
			}
			text := b.String()
			if tt.want == "" && strings.Contains(told, "left out") && len(records) > 0 {
				t.Errorf("a record: %s", text)
			}
			for part := range strings.SplitSeq(tt.want, " | ") {
				if part != "" && !strings.Contains(text, part) {
					t.Errorf("%s\nwant %s", text, part)
				}
			}
			if (tt.faults == "") != (told == "") || !strings.Contains(told, tt.faults) {
				t.Errorf("faults %s\nwant %s", told, tt.faults)
			}
		})
	}
}

// A series whose days differ: each of these is an event of its own, and the
// series goes on without them.
func TestCalendarSeries(t *testing.T) {
	const series, start = "RRULE:FREQ=WEEKLY;COUNT=3", "DTSTART:20270508T090000Z"
	override := func(day, start string, more ...string) string {
		return icsEvent("1", append([]string{"RECURRENCE-ID:" + day + "T090000Z", "DTSTART:" + start, "SUMMARY:autre"}, more...)...)
	}
	for name, tt := range map[string]struct {
		doc          []byte
		want, faults string // UID, title, start, exceptions and days besides of each record
	}{
		"one moved": {icsFile(icsEvent("1", start, series, "SUMMARY:a"), override("20270515", "20270516T100000Z")),
			"1 a 2027-05-08 -[2027-05-15] +[]; 1-20270515 autre 2027-05-16 -[] +[]", ""},
		"one called off":     {icsFile(icsEvent("1", start, series, "SUMMARY:a"), override("20270515", "20270515T090000Z", "STATUS:CANCELLED")), "1 a 2027-05-08 -[2027-05-15] +[]", ""},
		"the first moved":    {icsFile(icsEvent("1", start, series, "SUMMARY:a"), override("20270508", "20270509T090000Z")), "1 a 2027-05-08 -[2027-05-08] +[]; 1-20270508 autre 2027-05-09 -[] +[]", ""},
		"the override first": {icsFile(override("20270515", "20270516T100000Z"), icsEvent("1", start, series, "SUMMARY:a")), "1 a 2027-05-08 -[2027-05-15] +[]; 1-20270515 autre 2027-05-16 -[] +[]", ""},
		"all of them": {icsFile(icsEvent("1", start, series, "SUMMARY:a"), override("20270508", "20270508T100000Z"), override("20270515", "20270515T100000Z"), override("20270522", "20270522T100000Z")),
			"1-20270508 autre 2027-05-08 -[] +[]; 1-20270515 autre 2027-05-15 -[] +[]; 1-20270522 autre 2027-05-22 -[] +[]", ""},
		"a day besides that moved": {icsFile(icsEvent("1", start, "RDATE:20270601T090000Z,20270602T090000Z", "SUMMARY:a"), override("20270601", "20270603T090000Z")),
			"1 a 2027-05-08 -[] +[2027-06-02]; 1-20270601 autre 2027-06-03 -[] +[]", ""},
		"all the days besides":      {icsFile(icsEvent("1", start, "RDATE:20270601T090000Z", "SUMMARY:a"), override("20270601", "20270603T090000Z")), "1 a 2027-05-08 -[] +[]; 1-20270601 autre 2027-06-03 -[] +[]", ""},
		"of no series":              {icsFile(icsEvent("1", start, "SUMMARY:a"), override("20270508", "20270509T090000Z")), "1 autre 2027-05-09 -[] +[]", ""},
		"without its series":        {icsFile(override("20270508", "20270509T090000Z")), "1 autre 2027-05-09 -[] +[]", ""},
		"two without their series":  {icsFile(override("20270508", "20270509T090000Z"), override("20270515", "20270516T090000Z")), "", "club.ics:5:1: a RECURRENCE-ID, but the series is not there"},
		"this and the later ones":   {icsFile(icsEvent("1", start, series, "SUMMARY:a"), icsEvent("1", "RECURRENCE-ID;RANGE=THISANDFUTURE:20270515T090000Z", "DTSTART:20270515T100000Z", "SUMMARY:b")), "", "club.ics:9:1: RECURRENCE-ID has RANGE=THISANDFUTURE"},
		"a faulty one":              {icsFile(icsEvent("1", start, series, "SUMMARY:a"), override("20270515", "20270230T090000Z")), "", "club.ics:12:1: DTSTART"},
		"two revisions":             {icsFile(icsEvent("1", start, "SUMMARY:a", "SEQUENCE:1"), icsEvent("1", start, "SUMMARY:b", "SEQUENCE:2")), "1 b 2027-05-08 -[] +[]", `club.ics:4:1: warning: UID "1"`},
		"none that has a name":      {icsFile(icsEvent("", start, "SUMMARY:a"), icsEvent("", "DTSTART:x", "SUMMARY:a"), icsEvent("", start, "SUMMARY:a")), " a 2027-05-08 -[] +[];  a 2027-05-08 -[] +[]", `club.ics:10:1: DTSTART is "x"`},
		"a name that cannot be one": {icsFile(icsEvent("à b", start, "SUMMARY:a")), uuid5("uid\nà b") + " a 2027-05-08 -[] +[]", "club.ics:3:1: warning: UID"},
	} {
		t.Run(name, func(t *testing.T) {
			records, faults := readCalendar(t, Config{Timezone: "Europe/Paris"}, tt.doc)
			days := func(list []time.Time) (days []string) {
				for _, d := range list {
					days = append(days, d.Format(time.DateOnly))
				}
				return days
			}
			var got []string
			for _, r := range records {
				got = append(got, fmt.Sprint(r.UID, " ", r.Title, " ", r.When.Start.Format(time.DateOnly), " -", days(r.Repeat.Except), " +", days(r.Repeat.Also)))
			}
			slices.Sort(got)
			if s := strings.Join(got, "; "); s != tt.want {
				t.Errorf("%s\nwant %s", s, tt.want)
			}
			if told := strings.Join(faults, "\n"); (tt.faults == "") != (told == "") || !strings.Contains(told, tt.faults) {
				t.Errorf("faults %s\nwant %s", told, tt.faults)
			}
		})
	}
}

// Calendars of a size that nobody means, and those that hold naive readers for
// long: all end soon, with a word about it.
func TestCalendarBombs(t *testing.T) {
	many := func(n int, part func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(part(i))
		}
		return b.String()
	}
	const start = "DTSTART:20270101T090000Z"
	day := func(i int) string { return at("2027-01-01T09:00:00Z").AddDate(0, 0, i).Format("20060102T150405Z") }
	each := func(lines ...string) func(int) string {
		return func(i int) string { return icsEvent(fmt.Sprint(i), append([]string{start}, lines...)...) }
	}
	for name, tt := range map[string]struct {
		doc  []byte
		want string
	}{
		"events":        {icsFile(many(12_000, each())), "more than 10000 events"},
		"no ends":       {icsFile(strings.Repeat("BEGIN:VEVENT\r\n", 100_000)), "more than 10000 events"},
		"rules":         {icsFile(many(9_000, each("RRULE:FREQ=DAILY;COUNT=20000"))), "COUNT=20000"},
		"rare days":     {icsFile(many(3_000, each("RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=1;COUNT=900"))), "rules with a COUNT that take about"},
		"rare months":   {icsFile(many(3_000, each("RRULE:FREQ=MONTHLY;INTERVAL=1000;BYDAY=1FR;COUNT=5000"))), "rules with a COUNT that take about"},
		"exceptions":    {icsFile(icsEvent("1", start, "RRULE:FREQ=DAILY", many(20_000, func(i int) string { return "EXDATE:" + day(i) + "\r\n" }))), "EXDATE"},
		"days":          {icsFile(icsEvent("1", start, many(20_000, func(i int) string { return "RDATE:" + day(i) + "\r\n" }))), "RDATE"},
		"zones":         {icsFile(many(20_000, func(i int) string { return fmt.Sprintf("BEGIN:VTIMEZONE\r\nTZID:%d\r\nEND:VTIMEZONE\r\n", i) })), "20000 time zones"},
		"no lines":      {icsFile(strings.Repeat("x\r\n", 200_000)), "no content line"},
		"parameters":    {icsFile(icsEvent("1", start, "X-A"+strings.Repeat(";a=b", 200_000)+":1")), "X-A (1,"},
		"names":         {icsFile(icsEvent("1", start, many(50_000, func(i int) string { return fmt.Sprintf("X-%d:1\r\n", i) }))), "and 980 more"},
		"text":          {icsFile(icsEvent("1", start, "DESCRIPTION:"+strings.Repeat("mot ", 300_000))), "the text has"},
		"folds":         {icsFile(icsEvent("1", start, "SUMMARY:"+strings.Repeat("a\r\n ", 300_000))), "300000 characters"},
		"warnings":      {icsFile(many(9_000, each("SUMMARY:a", "GEO:x"))), "more than 200 warnings"},
		"UTF-16":        {[]byte("\xff\xfeB\x00"), "UTF-16"},
		"no calendar":   {[]byte("bonjour"), "no calendar"},
		"none in it":    {icsFile(), "no event"},
		"another kind":  {[]byte("BEGIN:VCARD\r\nFN:Ana\r\nEND:VCARD\r\n"), "no calendar"},
		"a broken rune": {icsFile(icsEvent("1", start, "SUMMARY:\xc3")), "byte 0xC3 is not UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			_, faults := readCalendar(t, Config{}, tt.doc)
			if d := time.Since(begin); d > 5*time.Second && !racing { // generous, for slow machines
				t.Errorf("took %v", d)
			}
			if !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, tt.want) }) {
				t.Errorf("%d faults: %.300s\nwant %s", len(faults), faults, tt.want)
			}
		})
	}
}

// A fold inside a character is none of the text, and old files are Windows-1252.
func TestCalendarText(t *testing.T) {
	for _, doc := range []string{"SUMMARY:F\xc3\r\n \xaate", "SUMMARY:F\xeate", "SUMMARY:Fête"} {
		records, _ := readCalendar(t, Config{Timezone: "Europe/Paris"}, icsFile(icsEvent("1", "DTSTART:20270101T090000Z", doc)))
		if len(records) != 1 || records[0].Title != "Fête" {
			t.Errorf("%q is read as %v", doc, records)
		}
	}
}

// FuzzCalendar: whatever is in a calendar file, records and faults have their
// place in it, and a record that can be verified is published.
func FuzzCalendar(f *testing.F) {
	f.Add(icsFile(icsEvent("1", "DTSTART;TZID=Europe/Paris:20270105T183000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=9", "SUMMARY:a"),
		icsEvent("1", "RECURRENCE-ID:20270112T173000Z", "DTSTART:20270113T180000", "SUMMARY:b")))
	f.Add(icsFile(icsEvent("1", "DTSTART;VALUE=DATE:20270105", "RDATE;VALUE=PERIOD:20270105T100000Z/PT1H", "DESCRIPTION:<b>a</b>", "CLASS:PRIVATE", "URL:x:")))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 10_000 {
			t.Skip()
		}
		cfg, err := Config{Timezone: "Europe/Paris"}.settings(new(History))
		if err != nil {
			t.Fatal(err)
		}
		lines := 1 + strings.Count(string(data), "\n") + strings.Count(string(data), "\r")
		records := cfg.readCalendar("a.ics", data, func(f content.Fault) {
			if f.Rule == "" || f.Err == nil || f.Pos.Line < 1 || f.Pos.Line > lines {
				t.Errorf("fault %+v", f)
			}
		})
		for _, r := range records {
			if r.Title == "" || strings.ContainsAny(r.Title+r.Location, "\r\n") || r.Line < 1 || r.Line > lines || r.When.IsZero() || r.UID != "" && strings.ContainsAny(r.UID, " ,;") {
				t.Errorf("record %+v", r)
			}
			text, _ := cfg.forms(&r)
			if cfg.verify(&r, text) == nil && r.When.End.Before(r.When.Start) && !r.When.End.IsZero() {
				t.Errorf("published from %v to %v", r.When.Start, r.When.End)
			}
		}
	})
}

// What crieur publishes is no content, wherever somebody puts it.
func TestOwnCalendarIsNoContent(t *testing.T) {
	w := newWorld(t)
	w.config.Base = "https://agenda.brume.example/"
	w.event("foire.md", "Foire", "2027-05-08 09:00:00 +02:00")
	w.build()
	published := string(w.site.File("events.ics").Bytes())
	for _, c := range [][2]string{
		{"as it is", published},
		{"without its source", strings.ReplaceAll(published, "SOURCE;VALUE=URI:", "X-SOURCE:")},
		{"of another address", strings.ReplaceAll(published, "https://agenda.brume.example/", "https://www.brume.example/agenda/")},
	} {
		t.Run(c[0], func(t *testing.T) {
			w.write("copie/a.ics", c[1])
			w.write("a.ics", c[1])
			w.later(time.Hour)
			if events := w.events(); len(events) != 1 || events[0]["SEQUENCE"] != "0" || w.fault("output") == nil {
				t.Errorf("%v, faults %v", events, w.faults)
			}
		})
	}
	// In the place of the file the last is the same event.
	w.remove("foire.md")
	w.remove("copie/a.ics")
	w.later(time.Hour)
	if events := w.events(); len(events) != 1 || events[0]["STATUS"] != "CONFIRMED" {
		t.Errorf("%v, faults %v", events, w.faults)
	}
}

// An event of a calendar that is private from now on is withdrawn, and is in
// no preview; one that turns faulty stays.
func TestCalendarWithdraws(t *testing.T) {
	const start = "DTSTART:20270508T090000Z"
	w := newWorld(t)
	w.write("club.ics", string(icsFile(icsEvent("a", start, "SUMMARY:Alpha"), icsEvent("b", start, "SUMMARY:Beta"))))
	w.build()
	w.write("club.ics", string(icsFile(icsEvent("a", start, "SUMMARY:Alpha", "CLASS:PRIVATE"), icsEvent("b", "DTSTART:x", "SUMMARY:Beta"))))
	w.later(time.Hour)
	if w.get("Alpha", "STATUS") != "CANCELLED" || w.get("Beta", "STATUS") != "CONFIRMED" {
		t.Error(w.identities())
	}
	w.config.Drafts = true
	w.later(time.Hour)
	if w.get("Alpha", "STATUS") != "CANCELLED" {
		t.Error(w.identities())
	}
	w.write("club.ics", string(icsFile(icsEvent("b", start, "SUMMARY:Beta"))))
	w.later(60 * 24 * time.Hour)
	if fmt.Sprint(w.identities()) != "map[Beta:b]" {
		t.Error(w.identities())
	}
}

// Some programs give every event of a calendar another UID each time they
// write it: that is told once, and the events stay what they are.
func TestCalendarOfNewUIDs(t *testing.T) {
	const may, june = "DTSTART:20270508T090000Z", "DTSTART:20270605T090000Z"
	w := newWorld(t)
	for i, want := range []string{"", "club.ics:3:1: notice: 2 events of this calendar have other UIDs than those that they were published with", "club.ics:3:1: notice: 2 events"} {
		w.write("club.ics", string(icsFile(icsEvent(fmt.Sprint("a", i), may, "SUMMARY:Alpha"), icsEvent(fmt.Sprint("b", i), june, "SUMMARY:Beta"))))
		w.later(time.Hour)
		var told []string
		for _, f := range w.faults {
			if f.Rule == "uid-changed" {
				told = append(told, fmt.Sprint(f.Pos, ": ", f.Severity, ": ", f.Err))
			}
		}
		if got := strings.Join(told, "\n"); !strings.HasPrefix(got, want) || (got == "") != (want == "") || strings.Contains(got, "\n") {
			t.Errorf("told %q, want %q", got, want)
		}
		if got := fmt.Sprint(w.identities()); got != "map[Alpha:a0 Beta:b0]" {
			t.Errorf("published as %s", got)
		}
	}
	w.write("club.ics", string(icsFile(icsEvent("a3", may, "SUMMARY:Alpha"), icsEvent("b2", june, "SUMMARY:Beta"))))
	if f := w.later(time.Hour).fault("uid-changed"); f == nil || f.Severity != Warning || f.Pos.Line != 3 {
		t.Errorf("of one event alone: %v", f)
	}
}

// An event without a text is the same in every kind of file.
func TestAnEventThatMovesToATable(t *testing.T) {
	w := newWorld(t)
	w.write("a.md", "---\ntitle: Foire\nstart: 2027-05-08 14:00\n---\n")
	w.build()
	before := fmt.Sprint(w.events())
	w.remove("a.md")
	w.write("agenda.csv", "Titre;Début\nFoire;08/05/2027 14:00\n")
	if after := fmt.Sprint(w.later(time.Hour).events()); after != before {
		t.Errorf("announced again:\n%s\n%s", after, before)
	}
}

// A day of a private series is private, unless it says that it is not.
func TestADayOfAPrivateSeries(t *testing.T) {
	for class, want := range map[string]int{"": 0, "CLASS:CONFIDENTIAL": 0, "CLASS:PUBLIC": 1} {
		w := newWorld(t)
		w.write("club.ics", string(icsFile(
			icsEvent("s", "DTSTART:20270508T090000Z", "RRULE:FREQ=WEEKLY;COUNT=5", "SUMMARY:Bureau", "CLASS:PRIVATE"),
			icsEvent("s", "RECURRENCE-ID:20270515T090000Z", "DTSTART:20270515T110000Z", "SUMMARY:Bureau", cmp.Or(class, "STATUS:CONFIRMED")))))
		if got := w.build().rows(); len(got) != want {
			t.Errorf("%q: published %v, want %d", class, got, want)
		}
	}
}

// What says anywhere that it is private is, also in a line that cannot be read.
func TestAPrivateEvent(t *testing.T) {
	for class, want := range map[string]int{"CLASS:PUBLIC": 1, "class: public ": 1, "CLASS:X-INTERNE": 0, "CLASS;:PRIVATE": 0, "CLASS:PUBLIC\r\nCLASS:PRIVATE": 0, "CLASS:PRIVATE\r\nCLASS:PUBLIC": 0, "CLASS:": 0} {
		w := newWorld(t)
		w.write("club.ics", string(icsFile(
			icsEvent("a", "DTSTART:20270508T090000Z", "SUMMARY:Bureau", class),
			icsEvent("b", "DTSTART:20270509T090000Z", "SUMMARY:Foire"))))
		if got := w.build().rows(); len(got) != want+1 {
			t.Errorf("%q: published %v, want %d", class, got, want+1)
		}
	}
}
