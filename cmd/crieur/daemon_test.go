package main

import (
	"errors"
	"fmt"
	"go/token"
	"strings"
	"testing"

	"github.com/crieur/crieur"
)

// What is told a hundred times does not bury what is told once, errors are told all, and nothing is told twice.
func TestReport(t *testing.T) {
	var out strings.Builder
	o := &options{dir: "content"}
	d := &daemon{options: o, log: o.logger(&out)}
	var faults []crieur.Fault
	add := func(n int, severity crieur.Severity, rule string) {
		for i := range n {
			faults = append(faults, crieur.Fault{Pos: token.Position{Filename: fmt.Sprintf("%s%d.md", rule, i), Line: 1}, Severity: severity, Rule: rule, Err: errors.New("this is so")})
		}
	}
	told := func() (lines int, text string) {
		out.Reset()
		d.report(faults)
		return strings.Count(out.String(), "\n"), out.String()
	}
	add(10, crieur.Warning, "few")
	add(100, crieur.Warning, "often")
	add(50, crieur.Error, "wrong")
	if n, text := told(); n != 10+10+50+1 || !strings.Contains(text, "and 90 more warnings of this rule; “crieur check -all content” shows them") || d.errors != 50 {
		t.Errorf("%d lines:\n%s", n, text)
	}
	if n, text := told(); n != 0 {
		t.Errorf("again:\n%s", text)
	}
	add(1, crieur.Warning, "later")
	if n, text := told(); n != 1 || !strings.Contains(text, "later0.md") {
		t.Errorf("one more:\n%s", text)
	}
}
