package interop_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/crieur/crieur/calendar"
)

// everything is a calendar with every kind of property and component.
func everything(t *testing.T) *calendar.Calendar {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2027, time.February, 4, 18, 30, 0, 0, paris)
	updated := now.Add(-time.Hour)
	return &calendar.Calendar{
		UID: "agenda@valmorin.example", Name: "Agenda, de <Valmorin> & \"autour\"", Description: "Deux\nlignes; C:\\Agenda", Color: "teal",
		Image: "https://valmorin.example/logo.png", URL: "https://valmorin.example/agenda/?a=1&b=<2>", Source: "https://valmorin.example/events.ics",
		Language: "fr", Refresh: 90 * time.Minute, Updated: updated, Location: paris,
		Extra: []calendar.Property{{Name: "X-CRIEUR-A", Params: []calendar.Param{{Name: "X-B", Value: "a,b;c:^d"}}, Value: "a\\, b"}},
		Events: []calendar.Event{
			{
				UID: "conseil@valmorin.example", Summary: "Conseil municipal : budget, voirie; divers", Description: "Ordre du jour :\n1. Budget, 2. Voirie\n\\n",
				HTML: "<p>Ordre du jour : <b>budget</b></p>", Location: "Mairie", Address: "1 place de la Mairie, 00000 Valmorin", Geo: &calendar.Geo{Lat: 47.2184, Lon: -1.5},
				VLocation: true, When: calendar.Between(start, start.Add(90*time.Minute)), URL: "https://valmorin.example/conseil",
				Categories: []string{"Conseil", "Vie publique"}, Organizer: calendar.Person{Name: "Mairie: \"accueil\"", Email: "mairie@valmorin.example"},
				Contact: "Accueil, 00 00 00 00 00", Image: "https://valmorin.example/conseil.jpg",
				Conferences: []calendar.Conference{{URL: "https://visio.valmorin.example/?a=1,2;3", Label: "En ligne, sans inscription"}},
				Attachments: []calendar.Attachment{{URL: "https://valmorin.example/odj.pdf", Type: "application/pdf"}},
				Reminders:   []calendar.Reminder{{Before: 90 * time.Minute}, {Text: "Maintenant, vite"}},
				Status:      calendar.Confirmed, Class: calendar.Public, Priority: 5, Color: "navy", Created: updated.Add(-time.Hour), Updated: updated, Sequence: 3,
				Extra: []calendar.Property{
					{Name: "X-CRIEUR-A", Params: []calendar.Param{{Name: "VALUE", Value: "DATE-TIME"}}, Value: "20270101T120000Z"},
					{Name: "X-CRIEUR-A", Params: []calendar.Param{{Name: "VALUE", Value: "FLOAT"}}, Value: "-1.50"},
				},
				Repeat: &calendar.Rule{Freq: calendar.Monthly, Interval: 2, Until: calendar.Date{Year: 2028, Month: time.December, Day: 31}, ByDay: []calendar.Weekday{{Nth: 1, Day: time.Thursday}}},
				Also:   []calendar.Date{{Year: 2027, Month: time.February, Day: 12}, {Year: 2027, Month: time.February, Day: 19}},
				Except: []calendar.Date{{Year: 2027, Month: time.April, Day: 1}},
				Overrides: []calendar.Override{{Day: calendar.Date{Year: 2027, Month: time.June, Day: 3}, Future: true, Event: calendar.Event{
					Summary: "Conseil municipal, à la salle des fêtes", When: calendar.At(time.Date(2027, time.June, 3, 19, 0, 0, 0, paris)),
				}}},
			},
			{
				UID: "foire@valmorin.example", Summary: "Foire", When: calendar.Days(calendar.Date{Year: 2027, Month: time.May, Day: 8}, calendar.Date{Year: 2027, Month: time.May, Day: 9}),
				Status: calendar.Cancelled, Updated: updated,
			},
			{UID: "utc@valmorin.example", Summary: "UTC", When: calendar.At(start.UTC()), Updated: updated},
		},
	}
}

// written is the file in which everything is in one notation.
func written(t *testing.T, name string, encode func(io.Writer, *calendar.Calendar) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, everything(t)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestXCalSchema holds xCal to the grammar of RFC 6321, and that to the
// example there.
func TestXCalSchema(t *testing.T) {
	rfc := filepath.Join("testdata", "rfc6321.rnc")
	jing := program(t, "jing", []string{"jing", "-c"}, "-c", rfc)
	for _, c := range [][2]string{
		{rfc, filepath.Join("..", "..", "calendar", "testdata", "rfc-example.xml")},
		{filepath.Join("testdata", "xcal.rnc"), written(t, "everything.xml", calendar.EncodeXCal)},
	} {
		if out, _, err := try(t, nil, append(jing, c[0], c[1])...); err != nil {
			t.Errorf("%v\n%s", err, tail(out))
		}
	}
}

// TestXCalText has libxml2 read a text whose characters mean something in XML.
func TestXCalText(t *testing.T) {
	xmllint := program(t, "libxml2-utils", []string{"xmllint"}, "--version")
	file := written(t, "everything.xml", calendar.EncodeXCal)
	c := everything(t)
	for path, want := range map[string]string{
		"/*/*/*[1]/*[local-name()='name']/*[local-name()='text']":                                   c.Name,
		"/*/*/*[1]/*[local-name()='description']/*[local-name()='text']":                            c.Description,
		"/*/*/*[1]/*[local-name()='url']":                                                           "https://valmorin.example/agenda/?a=1&b=%3C2%3E",
		"//*[local-name()='vevent'][1]/*/*[local-name()='description']/*[local-name()='text']":      c.Events[0].Description,
		"//*[local-name()='description']/*/*[local-name()='altrep']/*":                              "data:text/html,%3Cp%3EOrdre%20du%20jour%20%3A%20%3Cb%3Ebudget%3C%2Fb%3E%3C%2Fp%3E",
		"//*[local-name()='organizer']/*/*[local-name()='cn']/*":                                    c.Events[0].Organizer.Name,
		"//*[local-name()='x-crieur-a'][1]/*[local-name()='parameters']/*[local-name()='x-b']":      "a,b;c:^d",
		"//*[local-name()='vlocation']/*/*[local-name()='description']/*[local-name()='text']":      c.Events[0].Address,
		"//*[local-name()='vevent'][3]/*[local-name()='properties']/*[local-name()='summary']/*[1]": "UTC",
	} {
		got := string(bytes.TrimSuffix(run(t, nil, append(xmllint, "--xpath", "string("+path+")", file)...), []byte("\n")))
		if got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

// jcalDifferences are what ical.js makes otherwise of content lines than the
// calendar's jCal.
var jcalDifferences = []difference{
	{"ical.js", "Type", func(want, got string) bool { return want == "text" && got == "unknown" }, "does not know NAME and COLOR"},
	{"ical.js", "Value", func(want, got string) bool { return got == strings.ReplaceAll(want, ",", `\,`) }, "so it leaves the escapes in NAME"},
}

// TestICALJS has ical.js translate the content lines of a calendar into jCal,
// and its jCal into content lines, which must say the same. No Debian package
// has ical.js: it is looked for where developers keep such readers.
func TestICALJS(t *testing.T) {
	dir := filepath.Join(judges(t), "ical-node")
	module := filepath.Join(dir, "node_modules", "ical.js", "dist", "ical.js")
	if _, err := os.Stat(module); err != nil {
		t.Skipf("not installed: npm install --prefix %s ical.js", dir)
	}
	node := script{"ical.js", "nodejs", []string{"node", "read-jcal.mjs"}, []string{"--version"}}.find(t)
	jcal := written(t, "everything.json", calendar.EncodeJCal)
	var theirs struct{ Lines, JCal any }
	if err := json.Unmarshal(run(t, nil, append(node, module, written(t, "everything.ics", calendar.Encode), jcal)...), &theirs); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(jcal)
	if err != nil {
		t.Fatal(err)
	}
	var ours any
	if err := json.Unmarshal(data, &ours); err != nil {
		t.Fatal(err)
	}
	known := differences{list: jcalDifferences}
	want := flatten("", ours)
	for _, read := range []struct {
		what string
		got  []field
	}{{"lines", flatten("", theirs.Lines)}, {"jCal", flatten("", theirs.JCal)}} {
		if len(read.got) != len(want) {
			t.Errorf("ical.js reads %d values from %s, want %d", len(read.got), read.what, len(want))
			continue
		}
		for i, w := range want {
			known.compare(t, "ical.js", read.what+w.where, w.name, w.value, read.got[i].value)
			known.compare(t, "ical.js", read.what, "Place", w.where, read.got[i].where)
		}
	}
	known.gone(t, "ical.js")
}

// A field is a part of a property in jCal.
type field struct{ where, name, value string }

// flatten returns the parts of the properties of a jCal component.
func flatten(where string, component any) []field {
	c := component.([]any)
	where = fmt.Sprint(where, "/", c[0])
	var all []field
	for _, p := range c[1].([]any) {
		for i, part := range p.([]any) {
			value, _ := json.Marshal(part)
			name := []string{"Name", "Params", "Type", "Value"}[min(i, 3)]
			s, _ := part.(string)
			all = append(all, field{where, name, cmp.Or(s, string(value))})
		}
	}
	for _, sub := range c[2].([]any) {
		all = append(all, flatten(where, sub)...)
	}
	return all
}
