package crieur

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/crieur/crieur/internal/content"
)

// Severity says what a fault did.
type Severity uint8

const (
	Error   Severity = iota // something is not published as it stands
	Warning                 // something was published on an assumption
	Notice                  // something worth knowing, nothing wrong
)

// String returns "error", "warning" or "notice".
func (s Severity) String() string { return content.Severity(s).String() }

// A Fault is something wrong, or worth knowing, at a place in the content or
// in the configuration.
//
// Pos.Filename is slash-separated and relative to the content tree; it is
// empty for what concerns the whole site. Lines and columns count from 1,
// columns in bytes, as in package go/token.
type Fault struct {
	Pos      token.Position
	Severity Severity
	Rule     string // the stable name of the rule that fired: “crieur check -explain” tells of it
	Err      error

	// Private is set for a fault of a file that holds what is for secret channels
	// alone, which Err may quote: it is for those who write, and not for a log
	// that others read.
	Private bool
}

// Error returns "file:line:col: message", with "warning: " or "notice: "
// before the message of what is no error.
func (f Fault) Error() string {
	s := f.Err.Error()
	if f.Severity != Error {
		s = f.Severity.String() + ": " + s
	}
	pos := f.Pos
	if strings.ContainsFunc(pos.Filename, unicode.IsControl) || !utf8.ValidString(pos.Filename) {
		pos.Filename = strconv.Quote(pos.Filename) // a fault is one line
	}
	if p := pos.String(); p != "-" {
		s = p + ": " + s
	}
	return s
}

// Unwrap returns the cause, for [errors.Is] and [errors.As].
func (f Fault) Unwrap() error { return f.Err }

func sortFaults(faults []Fault) {
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(
			cmp.Compare(a.Pos.Filename, b.Pos.Filename),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			cmp.Compare(a.Severity, b.Severity),
			cmp.Compare(a.Err.Error(), b.Err.Error()),
		)
	})
}

func fromContent(f content.Fault) Fault {
	return Fault{Pos: f.Pos, Severity: Severity(f.Severity), Rule: f.Rule, Err: f.Err}
}

// faultAt makes a fault of a whole file.
func faultAt(file string, severity Severity, rule, format string, args ...any) Fault {
	f := Fault{Severity: severity, Rule: rule, Err: fmt.Errorf(format, args...)}
	if file != "" {
		f.Pos = token.Position{Filename: file, Line: 1, Column: 1}
	}
	return f
}
