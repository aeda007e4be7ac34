// Package zone finds time zones by their IANA names, each once.
//
// A zone that is loaded twice is two values to Go, and reading one takes a
// file; a site names the same few again and again.
package zone

import (
	"fmt"
	"sync"
	"time"
)

// zones holds what was found: a memo of time.LoadLocation, whose answers do
// not change while a program runs. It grows with the names that exist, since
// names that do not are not kept.
var zones sync.Map // string → known

// A known zone is one that was found.
type known struct {
	loc   *time.Location
	rules func() string // see Rules
}

// Load returns the zone of that name, always the same value. Unlike
// [time.LoadLocation] it knows neither the machine's zone nor one without a
// name. It may be called by several goroutines at once.
func Load(name string) (*time.Location, error) {
	if name == "UTC" {
		return time.UTC, nil
	}
	if z, ok := zones.Load(name); ok {
		return z.(known).loc, nil
	}
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("%q names no time zone", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	z, _ := zones.LoadOrStore(name, known{loc, sync.OnceValue(func() string { return rules(loc) })})
	return z.(known).loc, nil
}
