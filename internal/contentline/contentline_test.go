package contentline_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/crieur/crieur/internal/contentline"
)

func one(t *testing.T, doc string) (contentline.Line, error) {
	t.Helper()
	var got []contentline.Line
	var fault error
	for l, err := range contentline.Lines([]byte(doc)) {
		got = append(got, l)
		fault = err
	}
	if len(got) != 1 {
		t.Fatalf("%q gives %d lines, want 1", doc, len(got))
	}
	return got[0], fault
}

func TestLine(t *testing.T) {
	type param = contentline.Param
	for _, c := range []struct {
		doc    string
		name   string
		params []param
		value  string
	}{
		{"SUMMARY:Fair", "SUMMARY", nil, "Fair"},
		{"summary:\r\n", "SUMMARY", nil, ""},
		{"URL:https://valmorin.example/a:b;c", "URL", nil, "https://valmorin.example/a:b;c"},
		{"\ufeffBEGIN:VCALENDAR\n", "BEGIN", nil, "VCALENDAR"},
		{"DESCRIPTION:a\r\n b\r\n\tc\n  d", "DESCRIPTION", nil, "abc d"},
		{"DESCRIPTION:a\r\n \r\n b", "DESCRIPTION", nil, "ab"},
		{"SUM\r\n MARY;X\r\n =1:é", "SUMMARY", []param{{Name: "X", Values: []string{"1"}, Index: 8}}, "é"},
		{`X-A;tzid="Europe/Paris":v`, "X-A", []param{{Name: "TZID", Values: []string{"Europe/Paris"}, Quoted: true, Index: 4}}, "v"},
		{`X-A;B=x,"y;:,",:v`, "X-A", []param{{Name: "B", Values: []string{"x", "y;:,", ""}, Index: 4}}, "v"},
		{`X-A;B=^'a^n^^n^';C="d":v`, "X-A", []param{
			{Name: "B", Values: []string{"\"a\n^n\""}, Index: 4}, {Name: "C", Values: []string{"d"}, Quoted: true, Index: 17}}, "v"},
	} {
		l, err := one(t, c.doc)
		if err != nil || l.Name != c.name || l.Value != c.value || !reflect.DeepEqual(l.Params, c.params) {
			t.Errorf("%q: %+v, %v", c.doc, l, err)
		}
	}
}

func TestNoLine(t *testing.T) {
	for _, c := range [][2]string{
		{"SUMMARY", `line 1: "SUMMARY" is no content line, want a colon after the name`},
		{"SUM MARY:x", `line 1: " " in the name of a property, want letters, digits and hyphens`},
		{":x", `line 1: ":" in the name of a property, want letters, digits and hyphens`},
		{" x", `line 1: " " in the name of a property, want letters, digits and hyphens`},
		{"A;B:x", `line 1: ":" in the name of a parameter, want name=value`},
		{"A;B=x", `line 1: the line ends within its parameters, want a colon before the value`},
		{`A;B="x:y`, `line 1: a quotation mark of parameter B is not closed`},
		{`A;B="x"y:z`, `line 1: "y" after a quoted value of parameter B, want a comma, semicolon or colon`},
		{`A;B="x"`, `line 1: the line ends within its parameters, want a colon before the value`},
	} {
		l, err := one(t, c[0])
		var fault *contentline.Error
		if !errors.As(err, &fault) || err.Error() != c[1] {
			t.Errorf("%q: %v, want %s", c[0], err, c[1])
		}
		if l.Text == "" || l.Name != "" {
			t.Errorf("%q comes as %+v", c[0], l)
		}
	}
}

func TestNumbersAndOffsets(t *testing.T) {
	const doc = "A:1\r\n 2\n\nno line\r\nB:3\n"
	var got []string
	for l, err := range contentline.Lines([]byte(doc)) {
		if !strings.HasPrefix(doc[l.Offset:], l.Text[:3]) {
			t.Errorf("%q is not at %d", l.Text, l.Offset)
		}
		got = append(got, string(rune('0'+l.Number))+l.Text)
		if (err != nil) != (l.Text == "no line") {
			t.Errorf("%q: %v", l.Text, err)
		}
	}
	if want := []string{"1A:12", "4no line", "5B:3"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func outline(cs []*contentline.Component) string {
	var b strings.Builder
	for _, c := range cs {
		b.WriteString(c.Name)
		for _, l := range c.Lines {
			b.WriteString(" " + l.Text)
		}
		if len(c.Components) > 0 {
			b.WriteString("(" + outline(c.Components) + ")")
		}
	}
	return b.String()
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ doc, want, fault string }{
		{"", "", ""},
		{"BEGIN:VCALENDAR\nA:1\nbegin:vevent\nB:2\nEND:VEVENT\nC:3\nEND:VCALENDAR\n", "VCALENDAR A:1 C:3(VEVENT B:2)", ""},
		{"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "VCALENDAR(VEVENT)", "line 3: END:VCALENDAR, but the VEVENT of line 2 is still open"},
		{"BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR\n", "VCALENDAR", "line 2: END:VEVENT without its BEGIN"},
		{"A:1\nBEGIN:VCALENDAR\nA 2\n", "VCALENDAR", "line 1: A outside any component\n" +
			"line 3: \" \" in the name of a property, want letters, digits and hyphens\nline 3: the document ends, but the VCALENDAR of line 2 is still open"},
	} {
		cs, err := contentline.Parse([]byte(c.doc))
		fault := ""
		if err != nil {
			fault = err.Error()
		}
		if got := outline(cs); got != c.want || fault != c.fault {
			t.Errorf("%q: %s\n%s", c.doc, got, fault)
		}
	}
	if _, err := contentline.Parse([]byte(strings.Repeat("BEGIN:A\n", 1000))); err == nil {
		t.Error("a thousand components, each inside the other, are no fault")
	}
}

// However much is wrong, a hundred errors are told, then how much more there is.
func TestParseTellsEnough(t *testing.T) {
	tree, err := contentline.Parse([]byte("BEGIN:VCALENDAR\n" + strings.Repeat("x\n", 5000) + "rrule ;x\nEND:VEVENT\nEND:VCALENDAR\n"))
	list := err.(interface{ Unwrap() []error }).Unwrap()
	if len(list) != 101 || list[100].Error() != "line 102: here and below, 4902 more faults like those above" {
		t.Errorf("%d errors, the last is %v", len(list), list[len(list)-1])
	}
	if u := tree[0].Unread; !slices.Equal(u, []string{"X", "RRULE"}) {
		t.Errorf("%.100q unread, want an X and an RRULE", u)
	}
}

func TestText(t *testing.T) {
	if got := contentline.Unescape(`a\, b\; c\nd\Ne\\nf\x\`); got != "a, b; c\nd\ne\\nf\\x\\" {
		t.Errorf("%q", got)
	}
	if got := contentline.Split(`a\,b,c\\,d,`, ','); !slices.Equal(got, []string{`a\,b`, `c\\`, "d", ""}) {
		t.Errorf("%q", got)
	}
}

// FuzzLines holds the laws of reading: every byte of a document is in one line at most, in order, a line begins with
// its name and ends with its value, and what is read again from its Text is the same.
func FuzzLines(f *testing.F) {
	for _, s := range []string{
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "A;B=\"x\",y:z\r\n w", "\ufeffA:1\n\n \nB", "A;B=^n:\xff", " \r\n \r\n", "A:\r\r\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		number, end := 0, 0
		for l, err := range contentline.Lines(data) {
			if l.Number <= number || l.Offset < end || l.Offset+len(l.Text) > len(data) {
				t.Fatalf("line %d at %d of length %d comes after line %d, which ends at %d", l.Number, l.Offset, len(l.Text), number, end)
			}
			number, end = l.Number, l.Offset+len(l.Text)
			if err != nil {
				continue
			}
			if !strings.EqualFold(l.Name, l.Text[:len(l.Name)]) || !strings.HasSuffix(l.Text, ":"+l.Value) {
				t.Fatalf("%q read as name %q, value %q", l.Text, l.Name, l.Value)
			}
			for _, p := range l.Params {
				if len(p.Values) == 0 || !strings.EqualFold(p.Name, l.Text[p.Index:p.Index+len(p.Name)]) {
					t.Fatalf("%q read with parameter %+v", l.Text, p)
				}
			}
			for again, err := range contentline.Lines([]byte(l.Text)) {
				if err != nil || again.Name != l.Name || again.Value != l.Value || !reflect.DeepEqual(again.Params, l.Params) {
					t.Fatalf("%q read again as %+v, %v", l.Text, again, err)
				}
			}
		}
		_, _ = contentline.Parse(data)
		for _, part := range contentline.Split(string(data), ',') {
			contentline.Unescape(part)
		}
		if strings.Join(contentline.Split(string(data), ','), ",") != string(data) {
			t.Fatal("the parts are not the whole")
		}
	})
}
