// Package machine tells what a machine gives the programs that run on it: file systems and the space on them, limits
// and how much of them is used, the state of its clock, and who holds a lock. It only looks, and changes nothing.
//
// It knows Linux. Elsewhere its functions return [ErrUnknown], as they do on a Linux that does not tell.
package machine

import (
	"errors"
	"fmt"
)

// ErrUnknown says that the system does not tell.
var ErrUnknown = errors.New("this system does not tell")

// A Volume is the file system that holds a path, as [VolumeOf] found it.
type Volume struct {
	Type     string   // as the system calls it: "ext4", "nfs4", "tmpfs", "fuse.sshfs"; empty: not known
	Options  []string // it was mounted with
	ReadOnly bool
	Free     uint64 // bytes that may still be written, by one who is not root
	Files    uint64 // that may still be made
	Counted  bool   // Files means something: some file systems have no such limit
}

// Inotify is what the system allows a user to watch. Each number is that of all programs of the user together, but
// for Queue.
type Inotify struct {
	Watches   int // folders
	Instances int // programs, more or less
	Queue     int // events that one program has not read yet
}

// A Use is how much of [Inotify] a user has taken.
type Use struct{ Watches, Instances int }

func unknown(err error) error { return fmt.Errorf("%w: %w", ErrUnknown, err) }
