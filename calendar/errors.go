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
	Event int    // index in Calendar.Events; -1: the calendar itself
	UID   string // of the event; may be empty
	Field string // name of the field in Event or Calendar
	Err   error  // the cause
}

func (e *FieldError) Error() string {
	switch {
	case e.Event < 0:
		return fmt.Sprintf("calendar: %s: %v", e.Field, e.Err)
	case e.UID == "":
		return fmt.Sprintf("event %d: %s: %v", e.Event, e.Field, e.Err)
	}
	return fmt.Sprintf("event %d (%q): %s: %v", e.Event, e.UID, e.Field, e.Err)
}

func (e *FieldError) Unwrap() error { return e.Err }

// faults gathers the faults of a calendar.
type faults []error

func (f *faults) add(event int, uid, field string, err error) {
	if err != nil {
		*f = append(*f, &FieldError{event, uid, field, err})
	}
}

// err returns the faults as one error, whose Unwrap gives them all, or nil if there are none.
func (f faults) err() error { return errors.Join(f...) }
