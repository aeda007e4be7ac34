package calendar

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// Documents in the style of other programs: NAME.ics is read as NAME.txt says, with its faults first. What was read is
// written, and read again as the same.
func TestDecodeFiles(t *testing.T) {
	zoneNamed(t, "Europe/Paris")
	files, err := filepath.Glob(filepath.Join("testdata", "read", "*.ics"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, error %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".ics"), func(t *testing.T) {
			doc, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c, err := Decode(strings.NewReader(string(doc)))
			got := describe(c)
			if err != nil {
				got = err.Error() + "\n\n" + got
			}
			golden := strings.TrimSuffix(file, ".ics") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("read as\n%s\nwant\n%s", got, want)
			}
			if err := Check(c); err != nil {
				t.Fatal(err)
			}
			sameAfterDecode(t, "what was read", c)
			for i := range c.Events {
				if err := ReadBack(&c.Events[i]); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// describe returns every field that is set, one on each line.
func describe(c *Calendar) string {
	var b strings.Builder
	if c != nil {
		describeFields(&b, "", reflect.ValueOf(*c))
	}
	return b.String()
}

func describeFields(b *strings.Builder, indent string, v reflect.Value) {
	for i := range v.NumField() {
		name, field := v.Type().Field(i).Name, v.Field(i)
		if field.IsZero() {
			continue
		}
		switch x := field.Interface().(type) {
		case []Event:
			for _, e := range x {
				fmt.Fprintf(b, "%sEvent\n", indent)
				describeFields(b, indent+"\t", reflect.ValueOf(e))
			}
		case []Override:
			for _, o := range x {
				fmt.Fprintf(b, "%sOverride %s", indent, o.Day)
				if o.Future {
					b.WriteString(" and later")
				}
				b.WriteByte('\n')
				describeFields(b, indent+"\t", reflect.ValueOf(o.Event))
			}
		case When:
			fmt.Fprintf(b, "%s%s: %s\n", indent, name, describeWhen(x))
		case *Geo:
			fmt.Fprintf(b, "%s%s: %v\n", indent, name, *x)
		case time.Time:
			fmt.Fprintf(b, "%s%s: %s\n", indent, name, x.Format(time.RFC3339))
		case string:
			fmt.Fprintf(b, "%s%s: %q\n", indent, name, x)
		case []string:
			fmt.Fprintf(b, "%s%s: %q\n", indent, name, x)
		default:
			fmt.Fprintf(b, "%s%s: %v\n", indent, name, x)
		}
	}
}

func describeWhen(w When) string {
	format := "2006-01-02 15:04"
	kind := " " + w.Start().Location().String()
	switch {
	case w.AllDay():
		return w.first.String() + " to " + w.last.String()
	case w.IsFloating():
		kind = " floating"
	}
	s := w.Start().Format(format)
	if !w.End().IsZero() {
		s += " to " + w.End().Format(format)
	}
	return s + kind
}
