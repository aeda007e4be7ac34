package interop_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/crieur/crieur/calendar"
	"github.com/emersion/go-ical"
)

// A line is a content line as a parser gives it: without folds and escapes.
type line struct {
	name, value string
	params      map[string]string // those that hold text
}

// text returns a line of a property, or none if nothing is in it.
func text(name, value string) []line {
	if value == "" {
		return nil
	}
	return []line{{name: name, value: value}}
}

// lines are those of an event, in their order. A line without a value may have
// any, or, if it is a time, that of the event.
func lines(e *calendar.Event) []line {
	list := []line{{name: "UID", value: e.UID}, {name: "DTSTAMP"}, instantLine("DTSTART", e.When, e.When.Start())}
	add := func(ok bool, l line) {
		if ok {
			list = append(list, l)
		}
	}
	v := one(e)
	if v.End != "" {
		end := e.When.End()
		if e.When.AllDay() {
			end = end.AddDate(0, 0, 1)
		}
		add(true, instantLine("DTEND", e.When, end))
	}
	add(!e.Created.IsZero(), line{name: "CREATED"})
	list = append(list, line{name: "LAST-MODIFIED"}, line{name: "SEQUENCE", value: strconv.Itoa(e.Sequence)})
	list = append(list, text("SUMMARY", v.Summary)...)
	add(v.Description != "", line{"DESCRIPTION", v.Description, params("ALTREP", e.HTML)})
	list = append(list, text("LOCATION", v.Location)...)
	if e.Geo != nil {
		add(true, line{name: "GEO"})
		title := e.Location
		if cleanLine(title) == "" {
			title = e.Address
		}
		apple := params("X-TITLE", title)
		maps.Copy(apple, params("X-ADDRESS", e.Address))
		add(v.Location != "", line{name: "X-APPLE-STRUCTURED-LOCATION", params: apple})
	}
	list = append(list, text("URL", v.URL)...)
	list = append(list, text("CATEGORIES", strings.Join(v.Categories, ","))...)
	add(e.Organizer.Email != "", line{"ORGANIZER", "mailto:" + e.Organizer.Email, params("CN", e.Organizer.Name)})
	list = append(list, text("CONTACT", cleanText(e.Contact))...)
	list = append(list, text("IMAGE", cleanURI(e.Image))...)
	for _, c := range e.Conferences {
		add(true, line{"CONFERENCE", cleanURI(c.URL), params("LABEL", c.Label)})
	}
	for _, a := range e.Attachments {
		add(true, line{"ATTACH", cleanURI(a.URL), map[string]string{"FMTTYPE": a.Type}})
	}
	list = append(list, text("CLASS", string(e.Class))...)
	add(e.Priority > 0, line{name: "PRIORITY", value: strconv.Itoa(e.Priority)})
	list = append(list, text("COLOR", e.Color)...)
	list = append(list, text("STATUS", string(e.Status))...)
	add(e.When.AllDay() || e.Transparency == calendar.Transparent, line{name: "TRANSP", value: "TRANSPARENT"})
	add(true, line{name: "X-MICROSOFT-CDO-BUSYSTATUS"})
	for _, p := range e.Extra {
		add(cleanText(p.Value) != "", line{p.Name, cleanText(p.Value), params(p.Params[0].Name, p.Params[0].Value)})
	}
	return list
}

// instantLine is a line whose value is a time in the form of w.
func instantLine(name string, w calendar.When, t time.Time) line {
	l := line{name: name, params: map[string]string{}}
	switch {
	case w.AllDay():
		l.value, l.params["VALUE"] = t.Format("20060102"), "DATE"
	case w.IsFloating():
		l.value = t.Format("20060102T150405")
	default:
		l.value, l.params["TZID"] = t.In(w.Start().Location()).Format("20060102T150405"), t.UTC().Format("20060102T150405Z")
	}
	return l
}

// params is a parameter that holds text, if any.
func params(name, value string) map[string]string {
	if name == "ALTREP" {
		return map[string]string{name: cleanText(value)}
	}
	return map[string]string{name: strings.ReplaceAll(cleanLine(value), `\`, "\u2216")}
}

// checkBytes reports lines that are too long, empty, or not UTF-8.
func checkBytes(t *testing.T, doc []byte) {
	t.Helper()
	for len(doc) > 0 {
		n := bytes.IndexByte(doc, '\n')
		if n < 1 || doc[n-1] != '\r' || n == 1 || n > 76 || bytes.IndexByte(doc[:n-1], '\r') >= 0 {
			t.Fatalf("not a content line: %q", doc[:max(0, n)])
		}
		doc = doc[n+1:]
	}
}

// decode reads a calendar with go-ical.
func decode(t *testing.T, doc []byte) *ical.Calendar {
	t.Helper()
	cal, err := ical.NewDecoder(bytes.NewReader(doc)).Decode()
	if err != nil {
		t.Fatalf("go-ical: %v in\n%s", err, doc)
	}
	return cal
}

func count(c *ical.Component) (n int) {
	for _, list := range c.Props {
		n += len(list)
	}
	return n
}

// compareComponent compares the properties of a component with those wanted.
func compareComponent(t *testing.T, reader string, c *ical.Component, want []line) {
	t.Helper()
	if count(c) != len(want) {
		t.Fatalf("%s: %d lines, want %d:\n%v\n%v", reader, count(c), len(want), c.Props, want)
	}
	for i, l := range want {
		if i == 0 || want[i-1].name != l.name {
			n := i
			for n < len(want) && want[n].name == l.name {
				n++
			}
			compareProps(t, c.Props, l.name, want[i:n])
		}
	}
}

// compareProps compares the properties of one name.
func compareProps(t *testing.T, props ical.Props, name string, want []line) {
	t.Helper()
	var got []line
	for _, p := range props[name] {
		l := line{name: name, value: p.Value, params: map[string]string{}}
		switch name {
		case "CATEGORIES":
			list, err := p.TextList()
			if err != nil {
				t.Fatal(err)
			}
			l.value = strings.Join(list, ",")
		case "URL", "IMAGE", "CONFERENCE", "ATTACH", "ORGANIZER":
		default:
			if s, err := p.Text(); err == nil {
				l.value = s
			}
		}
		for key, value := range p.Params {
			l.params[key] = strings.Join(value, ",")
		}
		got = append(got, l)
	}
	compareLines(t, "go-ical", got, want)
}

// compareLines compares lines that were read with those wanted.
func compareLines(t *testing.T, reader string, got, want []line) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: lines\n%v\nwant\n%v", reader, got, want)
	}
	for i, w := range want {
		g := got[i]
		if g.name != w.name {
			t.Fatalf("%s: line %d is %s, want %s", reader, i, g.name, w.name)
		}
		if tzid, ok := w.params["TZID"]; ok && g.params["TZID"] == "" {
			w.value = tzid // told in UTC
		}
		if w.value != "" && g.value != w.value {
			t.Fatalf("%s: %s is %q, want %q", reader, g.name, g.value, w.value)
		}
		for name, value := range w.params {
			if name != "TZID" && paramText(name, g.params[name]) != value {
				t.Fatalf("%s: %s of %s is %q, want %q", reader, name, g.name, g.params[name], value)
			}
		}
	}
}

// paramText is the text that a parameter holds.
func paramText(name, value string) string {
	if doc, ok := strings.CutPrefix(value, "data:text/html,"); ok && name == "ALTREP" {
		doc, err := url.PathUnescape(doc)
		if err != nil {
			return fmt.Sprint(err)
		}
		return doc
	}
	return carets.Replace(value)
}

var carets = strings.NewReplacer("^^", "^", "^'", `"`, "^n", "\n")
