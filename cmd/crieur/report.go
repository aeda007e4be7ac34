package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/crieur/crieur"
)

// A diagnostic is a fault as check reports it, of a folder or of a calendar.
// Its fields are those of -format json, which do not change.
type diagnostic struct {
	File     string `json:"file"`     // as it can be opened from here; empty: the whole site
	Line     int    `json:"line"`     // from 1; 0: the whole site
	Column   int    `json:"column"`   // from 1, in bytes; 0: the whole site
	Severity string `json:"severity"` // "error", "warning" or "notice"
	Rule     string `json:"rule"`
	Message  string `json:"message"`

	text string // the line of -format text
}

// report writes diagnostics in the format that was asked for, and reports
// whether all of it was written.
func (o *options) report(stdout, stderr io.Writer, all []diagnostic) bool {
	out := bufio.NewWriter(stdout)
	var err error
	switch o.format {
	case "json":
		err = writeLines(out, all)
	case "sarif":
		err = o.writeSARIF(out, all)
	default:
		o.writeText(out, all)
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		fmt.Fprintln(stderr, "crieur check:", err)
	}
	return err == nil
}

// writeLines writes one JSON object a line.
func writeLines(w io.Writer, all []diagnostic) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, d := range all {
		if err := enc.Encode(d); err != nil {
			return err
		}
	}
	return nil
}

// Of a rule that fired more than many times, so many warnings and notices are
// shown, unless all are asked for.
const (
	many  = 10
	shown = 5
)

// writeText writes one line a fault, and at the end how many were left out:
// what is told a hundred times may not bury what is told once.
func (o *options) writeText(w io.Writer, all []diagnostic) {
	type group struct{ severity, rule string }
	times := map[group]int{}
	for _, d := range all {
		times[group{d.Severity, d.Rule}]++
	}
	var order []group // of those cut, as they came
	written := map[group]int{}
	for _, d := range all {
		g := group{d.Severity, d.Rule}
		cut := !o.all && d.Severity != crieur.Error.String() && times[g] > many
		if written[g]++; cut && written[g] > shown {
			if written[g] == shown+1 {
				order = append(order, g)
			}
			continue
		}
		fmt.Fprintln(w, d.text)
	}
	for _, g := range order {
		fmt.Fprintf(w, "… and %s of rule %s: -all shows them, -explain %s says what to do\n", count(times[g]-shown, "more "+g.severity), g.rule, g.rule)
	}
}
