package main

import (
	"flag"
	"os/exec"
	"strings"
	"testing"
)

// The manual has each command, and each flag of it.
func TestManualIsWhole(t *testing.T) {
	page := said(t, "man")
	for _, c := range commands() {
		_, rest, ok := strings.Cut(page, "\n.SS crieur "+c.name+"\n")
		if !ok {
			t.Errorf("command %s is missing", c.name)
			continue
		}
		section, _, _ := strings.Cut(rest, "\n.S")
		if c.flags == nil {
			continue
		}
		c.flags().VisitAll(func(f *flag.Flag) {
			if !strings.Contains(section, `\fB\-`+roff(f.Name)+`\fR`) {
				t.Errorf("%s: flag -%s is missing", c.name, f.Name)
			}
		})
	}
}

func TestRoff(t *testing.T) {
	for text, want := range map[string]string{
		`a\nb`:           `a\enb`,
		".B text":        `\&.B text`,
		"a\n.SH b":       "a\n\\&.SH b",
		"'br":            `\(aqbr`,
		"-now `x` ~ ^ …": `\-now \(gax\(ga \(ti \(ha ...`,
	} {
		if got := roff(text); got != want {
			t.Errorf("%q: found %q, want %q", text, got, want)
		}
	}
}

// Two programs that show manuals find nothing to say against it.
func TestManualIsClean(t *testing.T) {
	page := said(t, "man")
	for _, check := range []struct {
		name, pkg string
		args      []string
	}{
		{"mandoc", "mandoc", []string{"-Tlint", "-Wall"}},
		{"groff", "groff-base", []string{"-man", "-Tutf8", "-Kutf8", "-wall", "-z"}},
	} {
		t.Run(check.name, func(t *testing.T) {
			cmd := exec.Command(tool(t, check.name, check.pkg), check.args...)
			cmd.Stdin = strings.NewReader(page)
			out, err := cmd.CombinedOutput()
			var complaints []string
			for line := range strings.Lines(string(out)) {
				// Tests are built without the commit's day.
				if !strings.Contains(line, "missing date") {
					complaints = append(complaints, line)
				}
			}
			if len(complaints) > 0 || err != nil && len(out) == 0 {
				t.Errorf("%v\n%s", err, strings.Join(complaints, ""))
			}
		})
	}
}
