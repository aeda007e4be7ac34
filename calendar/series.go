package calendar

// An Override is one occurrence of a series that differs from the others (RFC 5545, section 3.8.4.4): moved, changed,
// or, with the Status [Cancelled], called off.
//
// The Event stands for the whole occurrence: nothing is taken from the series but the UID and, if they are zero,
// Updated and Sequence. It cannot be a series itself. Readers look for changes at the series first, so whoever
// changes an override also moves Updated and Sequence of the series.
type Override struct {
	Day    Date // the day on which the series has the occurrence, in the zone of its start
	Future bool // it holds for the later ones too (RANGE=THISANDFUTURE), which few readers know
	Event  Event
}

// isSeries reports whether e takes place more than once.
func (e *Event) isSeries() bool { return e.Repeat != nil || len(e.Also) > 0 }
