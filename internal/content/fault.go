package content

import "go/token"

// Severity says what became of a record because of a fault.
type Severity uint8

const (
	// Error: the record, or the file, is left out. It is the zero Severity.
	Error Severity = iota
	// Warning: the record is published, and something about it is probably not what was meant.
	Warning
	// Notice: nothing is wrong; something was assumed, or a file was passed over.
	Notice
)

// String returns "error", "warning" or "notice".
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	}
	return "notice"
}

// A Fault is something that was found in a file and its place. The column of Pos counts bytes from 1, as in Go's own messages.
type Fault struct {
	Pos      token.Position
	Severity Severity
	Rule     string // one of the Rule constants: stable, so that it can be documented and searched for
	Err      error  // what was found, what is wanted, what to do
}

// Error returns "file:line:col: message".
func (f Fault) Error() string { return f.Pos.String() + ": " + f.Err.Error() }

// Unwrap returns f.Err.
func (f Fault) Unwrap() error { return f.Err }

// The rules that faults name. Package rule explains each.
const (
	RuleSize          = "size"           // a file, a header, a body or a value is too large, too deep, or holds too much
	RuleEncoding      = "encoding"       // bytes that are not UTF-8
	RuleControl       = "control"        // control characters, removed
	RuleSyntax        = "syntax"         // YAML, TOML or JSON that cannot be read
	RuleUnclosed      = "unclosed"       // front matter without its closing line
	RuleDuplicateKey  = "duplicate-key"  // a key twice in one mapping
	RuleAlias         = "alias"          // a YAML alias that is not followed
	RuleType          = "type"           // a value of a kind that its key cannot have
	RuleTitle         = "title"          // no title: one was made
	RuleDate          = "date"           // a date or time that cannot be read
	RuleDateRange     = "date-range"     // a year that cannot be meant
	RuleDateOrder     = "date-order"     // an end that is not after the start
	RuleDateConflict  = "date-conflict"  // two values for one date that differ
	RuleConflict      = "conflict"       // two values for one thing, not a date, that differ
	RuleDateOrigin    = "date-origin"    // where the date of an article comes from, when it is not the front matter
	RuleNoStart       = "no-start"       // what looks like an event has no start
	RuleOnlyEnd       = "only-end"       // an end without a start
	RuleHours         = "hours"          // hours in text that were used, or that cannot be understood
	RuleHoursConflict = "hours-conflict" // hours in text that differ from the field
	RuleZone          = "zone"           // a zone that is not known
	RuleZoneAssumed   = "zone-assumed"   // a value without an offset, and no zone configured
	RuleOffset        = "offset"         // an offset that is not the zone's on that day
	RuleStatus        = "status"         // a status that is not known, or that was read from the title
	RuleLink          = "link"           // an address that cannot be one
	RuleRecurrence    = "recurrence"     // a repetition that cannot be, or is not understood
	RuleReminder      = "reminder"       // a reminder that is not understood
	RuleProgramme     = "programme"      // a programme that is not understood, or hours in it that are probably wrong
	RuleTable         = "table"          // a row of a table that does not fit its header, or a column that is not what its name says
	RuleNotRecord     = "not-record"     // a file that holds no record
	RuleInternal      = "internal"       // a mistake of this package, not of the file
)
