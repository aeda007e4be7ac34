package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/calendar"
	"github.com/crieur/crieur/calendar/lint"
)

// calendars returns the arguments if all of them are calendars, of any
// origin, rather than a folder of content.
func calendars(args []string) []string {
	for _, name := range args {
		if !strings.EqualFold(filepath.Ext(name), ".ics") {
			return nil
		}
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			return nil
		}
	}
	return args
}

// checkCalendars reports what is wrong with calendars, and which programs
// mind.
func checkCalendars(o *options, stdout, stderr io.Writer) int {
	var found []diagnostic
	var counts [lint.Error + 1]int
	for _, name := range o.calendars {
		data, err := os.ReadFile(name)
		if err != nil {
			fmt.Fprintln(stderr, "crieur check:", err)
			return exitUsage
		}
		for _, f := range lint.Check(data) {
			counts[f.Severity]++
			severity := f.Severity.String()
			if f.Severity == lint.Note {
				severity = crieur.Notice.String()
			}
			found = append(found, diagnostic{name, f.Line, f.Column, severity, f.Rule, f.Message, fmt.Sprintf("%s:%s", name, f)})
		}
	}
	if !o.report(stdout, stderr, found) {
		return exitUsage
	}
	fmt.Fprintf(stderr, "%s; %s, %s, %s\n", count(len(o.calendars), "calendar"),
		count(counts[lint.Error], "error"), count(counts[lint.Warning], "warning"), count(counts[lint.Note], "note"))
	if counts[lint.Error] > 0 {
		return exitContent
	}
	return exitOK
}

// zoneData returns the release of the zone database in use, and what is wrong
// with it for a site in a zone; "" if nothing is.
func zoneData(timezone string) (release, fault string) {
	release, stale := calendar.ZoneData()
	if release == "" {
		release = "of an unknown release"
	}
	if !slices.Contains(stale, timezone) {
		return release, ""
	}
	return release, fmt.Sprintf("the time zone data of this machine (%s) do not know the present rules of %s: its events are told with a wrong hour; update the package tzdata", release, timezone)
}
