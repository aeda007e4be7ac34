//go:build unix

package chaos

import (
	"fmt"
	"sync/atomic"
)

// A tally is what was done.
type tally struct {
	rounds, operations, kills, stops, disks, rests atomic.Int64
	answers, unchanged, ranges, cut                atomic.Int64
	read, spied                                    atomic.Int64
}

func (t *tally) String() string {
	return fmt.Sprintf("%d rounds, %d operations, %d kills, %d stops, %d faults of disks, %d comparisons; %d answers checked (%d not modified, %d ranges), %d requests cut by kills, %d files read, %d times spied",
		t.rounds.Load(), t.operations.Load(), t.kills.Load(), t.stops.Load(), t.disks.Load(), t.rests.Load(),
		t.answers.Load(), t.unchanged.Load(), t.ranges.Load(), t.cut.Load(), t.read.Load(), t.spied.Load())
}
