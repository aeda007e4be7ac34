// Package contentline reads the content lines of iCalendar documents (RFC 5545, section 3.1).
//
// It reads what can be read: lines may end with LF, names may be in lower case, and a line that is none does not stop
// the others. It knows nothing of properties: values are as written, with their escapes.
package contentline

import "fmt"

// An Error says which line cannot be read, and why.
type Error struct {
	Line   int    // number of the physical line, from 1
	Name   string // of the property, upper case; empty: it cannot be read either
	Reason string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }
