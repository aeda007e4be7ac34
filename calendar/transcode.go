package calendar

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/crieur/crieur/internal/contentline"
)

// A notation writes a calendar in another form than content lines. Names of components are in lower case.
type notation interface {
	begin(component string)
	property(l *contentline.Line)
	components(some bool)            // the properties of the open component are complete; some: others are in it
	end(component string, some bool) // some: components said so
	finish() error                   // the first error of all writes
}

// encodeAs writes c in another notation. [Encode] alone decides what is written, and checks everything before n learns
// of it; its lines are then read again, each with the type of its value.
func encodeAs(n notation, c *Calendar) error {
	var b bytes.Buffer
	if err := Encode(&b, c); err != nil {
		return err
	}
	return transcode(n, b.Bytes())
}

// transcode writes doc, in which each BEGIN has its END, in another notation.
func transcode(n notation, doc []byte) error {
	var open []bool // the components that are open, and whether there are others in each
	for l, err := range contentline.Lines(doc) {
		if err != nil {
			return fmt.Errorf("reading content lines: %w", err)
		}
		top := len(open) - 1
		switch l.Name {
		case "BEGIN":
			if top >= 0 && !open[top] {
				n.components(true)
				open[top] = true
			}
			n.begin(strings.ToLower(l.Value))
			open = append(open, false)
		case "END":
			if !open[top] {
				n.components(false)
			}
			n.end(strings.ToLower(l.Value), open[top])
			open = open[:top]
		default:
			n.property(&l)
		}
	}
	return n.finish()
}
