//go:build unix

package content

import (
	"syscall"
	"time"
)

// cpuTime is the time for which processors were busy with this process: unlike that of a clock, it is not longer on a busy machine.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
