package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/calendar/lint"
	"github.com/crieur/crieur/internal/rule"
)

// check reports every fault of a folder, or of calendars, or explains a rule.
func check(args []string, stdout, stderr io.Writer) int {
	o, code := parse("check", args, stdout, stderr)
	switch {
	case code >= 0:
		return code
	case o.explain != "":
		return explain(o.explain, stdout, stderr)
	case len(o.calendars) > 0:
		return checkCalendars(o, stdout, stderr)
	}
	config, faults, err := o.load()
	if err != nil {
		fmt.Fprintln(stderr, "crieur check:", err)
		return exitUsage
	}
	if len(faults) > 0 {
		o.report(stdout, stderr, o.diagnostics(faults))
		return exitUsage
	}
	src, done, err := o.source()
	if err != nil {
		fmt.Fprintln(stderr, "crieur check:", err)
		return exitUsage
	}
	defer done()
	if _, fault := zoneData(config.Timezone); fault != "" {
		fmt.Fprintln(stderr, fault)
	}
	site, _, faults := crieur.Build(src, config, nil, o.clock())
	if !o.report(stdout, stderr, o.diagnostics(faults)) {
		return exitUsage
	}
	var counts [3]int
	for _, f := range faults {
		counts[f.Severity]++
	}
	if site != nil {
		fmt.Fprintf(stderr, "%s and %s; %s, %s, %s\n", count(site.Events, "event"), count(site.Articles, "article"),
			count(counts[crieur.Error], "error"), count(counts[crieur.Warning], "warning"), count(counts[crieur.Notice], "notice"))
	}
	if counts[crieur.Error] > 0 {
		return exitContent
	}
	return exitOK
}

func (o *options) diagnostics(faults []crieur.Fault) []diagnostic {
	all := make([]diagnostic, len(faults))
	for i, f := range faults {
		f = o.place(f)
		all[i] = diagnostic{f.Pos.Filename, f.Pos.Line, f.Pos.Column, f.Severity.String(), f.Rule, oneLine(f.Err.Error()), oneLine(fmt.Sprintf("%v (%s)", f, f.Rule))}
	}
	return all
}

// oneLine joins the lines of an error that is several.
func oneLine(s string) string { return strings.ReplaceAll(s, "\n", "; ") }

// explain says what is known of a rule, of content or of calendars.
func explain(name string, stdout, stderr io.Writer) int {
	if r, ok := rule.Named(name); ok {
		fmt.Fprint(stdout, r)
		return exitOK
	}
	for _, r := range lint.Rules() {
		if r.Name == name {
			fmt.Fprintf(stdout, "%s: %s, of calendars (%s)\n\nWhat to do: %s\n", r.Name, r.Severity, r.Source, r.Advice)
			return exitOK
		}
	}
	all := rule.All()
	width := 0
	for _, r := range all {
		width = max(width, len(r.Name))
	}
	fmt.Fprintf(stderr, "crieur check: there is no rule %q; those of content are\n\n", name)
	for _, r := range all {
		fmt.Fprintf(stderr, "  %-*s  %s\n", width, r.Name, r.Summary)
	}
	fmt.Fprintf(stderr, "\nand %d more of calendars, which “crieur check FILE.ics” names.\n", len(lint.Rules()))
	return exitUsage
}
