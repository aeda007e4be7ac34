package calendar

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// A form is a notation other than content lines.
type form struct {
	ext    string
	encode func(io.Writer, *Calendar) error
	new    func(io.Writer) notation
	read   func([]byte) ([]told, error)
}

var (
	jcalForm = form{".json", EncodeJCal, func(w io.Writer) notation { return newJCal(w) }, readJCal}
	xcalForm = form{".xml", EncodeXCal, func(w io.Writer) notation { return newXCal(w) }, readXCal}
	forms    = []form{jcalForm, xcalForm}
)

// TestRFCExamples transcodes the example of RFC 7265, appendix B.2, and RFC 6321, appendix B.2, without their slips.
func TestRFCExamples(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("testdata", "rfc-example.ics"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range forms {
		var b bytes.Buffer
		if err := transcode(f.new(&b), doc); err != nil {
			t.Fatal(err)
		}
		compareGolden(t, "rfc-example"+f.ext, b.Bytes())
	}
}

func compareGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
	}
}

// TestPropertyForms has each type of value, and the examples of RFC 6321 and RFC 7265, sections 3 and 5.
func TestPropertyForms(t *testing.T) {
	for _, c := range []struct{ line, jcal, xcal string }{
		{`ATTACH;ENCODING=BASE64;VALUE=BINARY:SGVsbG8gV29ybGQh`,
			`["attach",{"encoding":"BASE64"},"binary","SGVsbG8gV29ybGQh"]`,
			`<attach><parameters><encoding><text>BASE64</text></encoding></parameters><binary>SGVsbG8gV29ybGQh</binary></attach>`},
		{`X-NON-SMOKING;VALUE=BOOLEAN:TRUE`, `["x-non-smoking",{},"boolean",true]`, `<x-non-smoking><boolean>true</boolean></x-non-smoking>`},
		{`X-NON-SMOKING;VALUE=BOOLEAN:PERHAPS`, `["x-non-smoking",{},"boolean","perhaps"]`, `<x-non-smoking><boolean>perhaps</boolean></x-non-smoking>`},
		{`ATTENDEE;RSVP=TRUE;DELEGATED-TO="mailto:a@valmorin.example","mailto:b@valmorin.example":mailto:c@valmorin.example`,
			`["attendee",{"rsvp":"TRUE","delegated-to":["mailto:a@valmorin.example","mailto:b@valmorin.example"]},"cal-address","mailto:c@valmorin.example"]`,
			`<attendee><parameters><rsvp><boolean>true</boolean></rsvp><delegated-to><cal-address>mailto:a@valmorin.example</cal-address>` +
				`<cal-address>mailto:b@valmorin.example</cal-address></delegated-to></parameters><cal-address>mailto:c@valmorin.example</cal-address></attendee>`},
		{`DTSTART;X-SLACK=30.3;VALUE=DATE:20110512`, `["dtstart",{"x-slack":"30.3"},"date","2011-05-12"]`,
			`<dtstart><parameters><x-slack><unknown>30.3</unknown></x-slack></parameters><date>2011-05-12</date></dtstart>`},
		{`DTEND;TZID=Europe/Berlin:20111017T130000`, `["dtend",{"tzid":"Europe/Berlin"},"date-time","2011-10-17T13:00:00"]`,
			`<dtend><parameters><tzid><text>Europe/Berlin</text></tzid></parameters><date-time>2011-10-17T13:00:00</date-time></dtend>`},
		{`DTSTAMP:20121017T120000Z`, `["dtstamp",{},"date-time","2012-10-17T12:00:00Z"]`, `<dtstamp><date-time>2012-10-17T12:00:00Z</date-time></dtstamp>`},
		{`DTSTAMP:tomorrow`, `["dtstamp",{},"date-time","tomorrow"]`, `<dtstamp><date-time>tomorrow</date-time></dtstamp>`},
		{`EXDATE;VALUE=DATE:20270101,20270102`, `["exdate",{},"date","2027-01-01","2027-01-02"]`, `<exdate><date>2027-01-01</date><date>2027-01-02</date></exdate>`},
		{`DURATION:P1D`, `["duration",{},"duration","P1D"]`, `<duration><duration>P1D</duration></duration>`},
		{`TRIGGER:-PT15M`, `["trigger",{},"duration","-PT15M"]`, `<trigger><duration>-PT15M</duration></trigger>`},
		{`X-GRADE;VALUE=FLOAT:1.3`, `["x-grade",{},"float",1.3]`, `<x-grade><float>1.3</float></x-grade>`},
		{`X-GRADE;VALUE=FLOAT:NaN`, `["x-grade",{},"float","NaN"]`, `<x-grade><float>NaN</float></x-grade>`},
		{`GEO:37.386013;-122.082932`, `["geo",{},"float",[37.386013,-122.082932]]`, `<geo><latitude>37.386013</latitude><longitude>-122.082932</longitude></geo>`},
		{`PERCENT-COMPLETE:42`, `["percent-complete",{},"integer",42]`, `<percent-complete><integer>42</integer></percent-complete>`},
		{`FREEBUSY;FBTYPE=FREE:19970308T160000Z/P1D,19970309T160000Z/19970309T170000Z`,
			`["freebusy",{"fbtype":"FREE"},"period",["1997-03-08T16:00:00Z","P1D"],["1997-03-09T16:00:00Z","1997-03-09T17:00:00Z"]]`,
			`<freebusy><parameters><fbtype><text>FREE</text></fbtype></parameters><period><start>1997-03-08T16:00:00Z</start><duration>P1D</duration></period>` +
				`<period><start>1997-03-09T16:00:00Z</start><end>1997-03-09T17:00:00Z</end></period></freebusy>`},
		{`RRULE:FREQ=YEARLY;COUNT=5;BYDAY=-1SU,2MO;BYMONTH=10`, `["rrule",{},"recur",{"freq":"YEARLY","count":5,"byday":["-1SU","2MO"],"bymonth":10}]`,
			`<rrule><recur><freq>YEARLY</freq><count>5</count><byday>-1SU</byday><byday>2MO</byday><bymonth>10</bymonth></recur></rrule>`},
		{`RRULE:FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1,15,-1;UNTIL=20131001`,
			`["rrule",{},"recur",{"freq":"MONTHLY","interval":2,"bymonthday":[1,15,-1],"until":"2013-10-01"}]`,
			`<rrule><recur><freq>MONTHLY</freq><until>2013-10-01</until><interval>2</interval><bymonthday>1</bymonthday><bymonthday>15</bymonthday>` +
				`<bymonthday>-1</bymonthday></recur></rrule>`},
		{`RRULE:BYMONTH=5L;RSCALE=HEBREW;UNTIL=20131001T120000Z;FREQ=YEARLY;<;X`,
			`["rrule",{},"recur",{"bymonth":"5L","rscale":"HEBREW","until":"2013-10-01T12:00:00Z","freq":"YEARLY"}]`,
			`<rrule><recur><rscale>HEBREW</rscale><freq>YEARLY</freq><until>2013-10-01T12:00:00Z</until><bymonth>5L</bymonth></recur></rrule>`},
		{`COMMENT;ALTREP="cid:1":a\, b\; c\nd\\ne <&>"` + "\ufffe\u2028",
			`["comment",{"altrep":"cid:1"},"text","a, b; c\nd\\ne <&>\"` + "\ufffe\u2028" + `"]`,
			`<comment><parameters><altrep><uri>cid:1</uri></altrep></parameters><text>a, b; c&#xA;d\ne &lt;&amp;&gt;&#34;` + "\ufffd\u2028" + `</text></comment>`},
		{`CATEGORIES:A\,B,C`, `["categories",{},"text","A,B","C"]`, `<categories><text>A,B</text><text>C</text></categories>`},
		{`REQUEST-STATUS:3.7;Invalid calendar user;ATTENDEE:mailto:x@valmorin.example`,
			`["request-status",{},"text",["3.7","Invalid calendar user","ATTENDEE:mailto:x@valmorin.example"]]`,
			`<request-status><code>3.7</code><description>Invalid calendar user</description><data>ATTENDEE:mailto:x@valmorin.example</data></request-status>`},
		{`X-TIME;VALUE=TIME:123000Z`, `["x-time",{},"time","12:30:00Z"]`, `<x-time><time>12:30:00Z</time></x-time>`},
		{`CONFERENCE;VALUE=URI;LABEL="A^'^^":https://valmorin.example/a,b;c`, `["conference",{"label":"A\"^"},"uri","https://valmorin.example/a,b;c"]`,
			`<conference><parameters><label><text>A&#34;^</text></label></parameters><uri>https://valmorin.example/a,b;c</uri></conference>`},
		{`TZOFFSETTO:+1245`, `["tzoffsetto",{},"utc-offset","+12:45"]`, `<tzoffsetto><utc-offset>+12:45</utc-offset></tzoffsetto>`},
		{`TZOFFSETTO:-001521`, `["tzoffsetto",{},"utc-offset","-00:15:21"]`, `<tzoffsetto><utc-offset>-00:15:21</utc-offset></tzoffsetto>`},
		{`X-COFFEE-DATA:Stenophylla;Guinea\,Africa`, `["x-coffee-data",{},"unknown","Stenophylla;Guinea\\,Africa"]`,
			`<x-coffee-data><unknown>Stenophylla;Guinea\,Africa</unknown></x-coffee-data>`},
		{`X-COFFEE-DATA;VALUE=TEXT:Stenophylla\;Guinea\,Africa`, `["x-coffee-data",{},"text","Stenophylla;Guinea,Africa"]`,
			`<x-coffee-data><text>Stenophylla;Guinea,Africa</text></x-coffee-data>`},
		{`1ST;VALUE=2ND;3="4<":5`, `["1st",{"3":"4<"},"2nd","5"]`, `<x-1st><parameters><x-3><unknown>4&lt;</unknown></x-3></parameters><x-2nd>5</x-2nd></x-1st>`},
		{`X-A;VALUE="<":1`, `["x-a",{},"unknown","1"]`, `<x-a><unknown>1</unknown></x-a>`},
		{`REFRESH-INTERVAL:P1D`, `["refresh-interval",{},"unknown","P1D"]`, `<refresh-interval><unknown>P1D</unknown></refresh-interval>`},
	} {
		for _, f := range []struct {
			form
			want string
		}{
			{jcalForm, `["vcalendar",[` + c.jcal + "],[]]\n"},
			{xcalForm, xml.Header + `<icalendar xmlns="urn:ietf:params:xml:ns:icalendar-2.0"><vcalendar><properties>` + c.xcal + "</properties></vcalendar></icalendar>\n"},
		} {
			var b bytes.Buffer
			if err := transcode(f.new(&b), []byte("BEGIN:VCALENDAR\r\n"+c.line+"\r\nEND:VCALENDAR\r\n")); err != nil {
				t.Errorf("%s: %v", c.line, err)
			}
			if got := b.String(); got != f.want {
				t.Errorf("%s: got\n%s\nwant\n%s", c.line, got, f.want)
			}
			if _, err := f.read(b.Bytes()); err != nil {
				t.Errorf("%s: %v", c.line, err)
			}
		}
	}
}

func TestFormsCheckFirst(t *testing.T) {
	for _, f := range forms {
		var b bytes.Buffer
		err := f.encode(&b, &Calendar{Events: []Event{{UID: "a"}}})
		if fault := (*FieldError)(nil); !errors.As(err, &fault) || b.Len() > 0 {
			t.Errorf("%s: error %v with %d octets written", f.ext, err, b.Len())
		}
		if err := f.encode(&failingWriter{100}, manyEvents(t, 1000)); !errors.Is(err, errFull) {
			t.Errorf("%s: writer fails: error %v, want %v", f.ext, err, errFull)
		}
	}
}

// TestFormsSayTheSame holds the law of FuzzForms for the calendars of TestGolden.
func TestFormsSayTheSame(t *testing.T) {
	for _, g := range goldens(t) {
		checkForms(t, g.cal)
	}
}

// checkForms holds that jCal and xCal have the properties of the content lines, in their order, with the same texts.
func checkForms(t *testing.T, c *Calendar) {
	t.Helper()
	lines, err := readLines([]byte(encode(t, c)))
	if err != nil {
		t.Fatal(err)
	}
	var read [][]told
	for _, f := range forms {
		var b bytes.Buffer
		if err := f.encode(&b, c); err != nil {
			t.Fatal(err)
		}
		got, err := f.read(b.Bytes())
		if err != nil {
			t.Fatalf("%s: %v in\n%s", f.ext, err, b.Bytes())
		}
		if len(got) != len(lines) {
			t.Fatalf("%s has %d properties, want %d:\n%s", f.ext, len(got), len(lines), b.Bytes())
		}
		read = append(read, got)
	}
	for i, want := range lines {
		j, x := read[0][i], read[1][i]
		if want.values == nil { // no text
			want.values = j.values
		}
		if !reflect.DeepEqual(j, want) {
			t.Errorf("jCal has %q, want %q", j, want)
		}
		for _, list := range [][]string{want.params, want.values} {
			for k := range list {
				list[k] = strings.NewReplacer("\ufffe", "\ufffd", "\uffff", "\ufffd").Replace(list[k])
			}
		}
		if x.kind == "" {
			x.kind = want.kind
		}
		if !reflect.DeepEqual(x, want) {
			t.Errorf("xCal has %q, want %q", x, want)
		}
	}
}

// Whatever is in the fields of an event, jCal and xCal say what the content lines say, or nothing as Encode.
func FuzzForms(f *testing.F) {
	f.Add("Conseil", "Ordre du jour :\n1. Budget, 2. <Voirie> & \"divers\"", "https://valmorin.example/é", "Conseil|Fête, foire", "Mairie")
	f.Add("x\r\nEND:VEVENT\r\n", "\\n\\,\x00\x1b]]>", "urn:x", "\\;\"", "^n\"\\")
	f.Add("\ufffe\uffff\ufeff", "\xff\xfe\u2028\u0085", "https://valmorin.example/\ufffe?a=<b>&c", "|", "\u202e\u0301")
	f.Fuzz(func(t *testing.T, summary, description, url, categories, name string) {
		c := &Calendar{Name: name, Events: []Event{{
			UID: "u", Summary: summary, Description: description, Location: summary, URL: url, Categories: strings.Split(categories, "|"),
			Organizer: Person{name, "mairie@valmorin.example"}, When: Days(Date{2027, 5, 8}, Date{2027, 5, 8}), Updated: updated,
			Geo: &Geo{47.2, -1.5}, Contact: description, Conferences: []Conference{{"https://valmorin.example/", name}},
			Address: name, VLocation: true, Reminders: []Reminder{{Text: name}, {Before: time.Hour}},
		}}}
		if e := &c.Events[0]; !isEmpty(description) && !isEmpty(name) {
			e.HTML = description
			e.Extra = []Property{{Name: "X-A", Params: []Param{{"X-B", name}}, Value: description}}
			e.Also, e.Except = []Date{{2027, 5, 15}}, []Date{{2027, 5, 22}}
			e.Repeat = &Rule{Freq: Weekly, Interval: 2, Until: Date{2028, 1, 1}, ByDay: []Weekday{{Day: time.Saturday}, {Day: time.Sunday}}}
			e.Overrides = []Override{{Day: Date{2027, 6, 5}, Event: Event{Summary: name, When: Days(Date{2027, 6, 6}, Date{2027, 6, 6})}}}
		}
		if Encode(io.Discard, c) == nil {
			checkForms(t, c)
			return
		}
		for _, f := range forms {
			var b bytes.Buffer
			if err := f.encode(&b, c); err == nil || b.Len() > 0 {
				t.Fatalf("%s: error %v with %d octets written, where Encode has a fault", f.ext, err, b.Len())
			}
		}
	})
}

// Whatever a content line is, jCal is JSON with one property, and xCal is XML with one.
func FuzzTranscode(f *testing.F) {
	for _, line := range []string{
		"X-A;VALUE=RECUR:FREQ=<;A;1=2,;BYDAY=", "GEO:1;2;3", "GEO:", "RDATE;VALUE=PERIOD:/,P/+P", "X-A;VALUE=FLOAT:+1e999", "1;2=3,\"<\";VALUE=-:\\",
		"TZOFFSETTO:+", "DTSTART:20270101T000000ZZ", "CATEGORIES:\\,,\\", "REQUEST-STATUS:;;;", "X-A;VALUE=INTEGER:-", "A:\x01\xff",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		doc := []byte("BEGIN:VCALENDAR\n" + line + "\nEND:VCALENDAR\n")
		if lines, err := readLines(doc); err != nil || len(lines) != 1 {
			return // no line, or several
		}
		for _, f := range forms {
			var b bytes.Buffer
			if err := transcode(f.new(&b), doc); err != nil {
				t.Fatal(err)
			}
			if got, err := f.read(b.Bytes()); err != nil || len(got) != 1 {
				t.Fatalf("%s: %d properties, %v in\n%s", f.ext, len(got), err, b.Bytes())
			}
		}
	})
}

// BenchmarkForms writes 10,000 events in each notation, of which BenchmarkEncode has the content lines.
func BenchmarkForms(b *testing.B) {
	c := manyEvents(b, 10_000)
	for _, f := range forms {
		b.Run(f.ext[1:], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f.encode(io.Discard, c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
