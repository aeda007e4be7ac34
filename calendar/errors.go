package calendar

import (
	"errors"
	"fmt"
)

// Causes that a program may want to tell apart, by [errors.Is].
var (
	ErrMissing   = errors.New("required, but missing")
	ErrOrder     = errors.New("ends before or when it starts")
	ErrDuplicate = errors.New("not unique in the calendar")
)

// A FieldError says what is wrong with one field, and of which event.
type FieldError struct {
	Event int    // index in Calendar.Events, or in what was read: see [Decode]; -1: the calendar itself
	UID   string // of the event; may be empty
	Field string // name of the field in Event or Calendar; empty: none, as of a line that cannot be read
	Line  int    // of the document that was read, from 1; zero: unknown
	Err   error  // the cause
}

func (e *FieldError) Error() string {
	s := "calendar: "
	if e.Event >= 0 {
		s = fmt.Sprintf("event %d: ", e.Event)
		if e.UID != "" {
			s = fmt.Sprintf("event %d (%q): ", e.Event, e.UID)
		}
	}
	if e.Line > 0 {
		s = fmt.Sprintf("line %d: %s", e.Line, s)
	}
	if e.Field != "" {
		s += e.Field + ": "
	}
	return s + e.Err.Error()
}

func (e *FieldError) Unwrap() error { return e.Err }

// faults gathers the faults of a calendar.
type faults []error

func (f *faults) add(event int, uid, field string, err error) {
	if err != nil {
		*f = append(*f, &FieldError{Event: event, UID: uid, Field: field, Err: err})
	}
}

// unique adds a fault if an event before this one has its UID; seen are those before it.
func (f *faults) unique(seen map[string]int, event int, uid string) {
	if first, ok := seen[uid]; ok && uid != "" {
		f.add(event, uid, "UID", fmt.Errorf("%w: event %d has it too", ErrDuplicate, first))
	} else {
		seen[uid] = event
	}
}

// err returns the faults as one error, whose Unwrap gives them all, or nil if there are none.
func (f faults) err() error { return errors.Join(f...) }
