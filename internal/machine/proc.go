package machine

import (
	"fmt"
	"strconv"
	"strings"
)

// mountOf finds the mount that holds a path, which is absolute and has no links, in the text of /proc/self/mountinfo
// (proc_pid_mountinfo(5)).
func mountOf(mountinfo, path string) (kind string, options []string, ok bool) {
	best := -1
	for line := range strings.Lines(mountinfo) {
		before, after, found := strings.Cut(strings.TrimSuffix(line, "\n"), " - ")
		fields, super := strings.Fields(before), strings.Fields(after)
		if !found || len(fields) < 6 || len(super) < 2 {
			continue
		}
		point := unescape(fields[4])
		inside := point == "/" || path == point || strings.HasPrefix(path, point+"/")
		if !inside || len(point) < best { // of two on one place the later hides the first
			continue
		}
		best, kind, options = len(point), super[0], strings.Split(fields[5], ",")
		if len(super) > 2 {
			options = append(options, strings.Split(super[2], ",")...)
		}
	}
	return kind, options, best >= 0
}

// unescape reads \040 and its like, which stand for blanks, line ends and backslashes.
func unescape(s string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, `\`)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if n, err := strconv.ParseUint(after[:min(3, len(after))], 8, 8); err == nil && len(after) >= 3 {
			b.WriteByte(byte(n))
			s = after[3:]
		} else {
			b.WriteByte('\\')
			s = after
		}
	}
}

// A file is one of a file system, as the kernel counts both.
type file struct {
	major, minor uint32
	inode        uint64
}

// lockOn finds who holds a lock on a file in the text of /proc/locks (proc_locks(5)). A process that is not to be seen
// from here has the id 0.
func lockOn(locks string, f file) (pid int, locked bool) {
	want := fmt.Sprintf("%02x:%02x:%d", f.major, f.minor, f.inode)
	for line := range strings.Lines(locks) {
		fields := strings.Fields(line)
		// 1: FLOCK ADVISORY WRITE 423 fe:00:1312 0 EOF; those that wait have an arrow after their number.
		if len(fields) < 6 || fields[1] == "->" || fields[5] != want {
			continue
		}
		pid, err := strconv.Atoi(fields[4])
		if err != nil || pid < 0 {
			pid = 0
		}
		return pid, true
	}
	return 0, false
}

// watchesIn counts the watches in the text of /proc/PID/fdinfo/N of an instance of inotify.
func watchesIn(fdinfo string) (n int) {
	for line := range strings.Lines(fdinfo) {
		if strings.HasPrefix(line, "inotify ") {
			n++
		}
	}
	return n
}

// availableIn reads the memory that programs may still take from the text of /proc/meminfo.
func availableIn(meminfo string) (bytes uint64, ok bool) {
	for line := range strings.Lines(meminfo) {
		rest, found := strings.CutPrefix(line, "MemAvailable:")
		if !found {
			continue
		}
		kib, err := strconv.ParseUint(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
		return kib << 10, err == nil
	}
	return 0, false
}
