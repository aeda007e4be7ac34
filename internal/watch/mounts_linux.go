package watch

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
)

const mountTable = "/proc/self/mountinfo"

// watchMounts calls changed when something is mounted or unmounted in a folder or above it: what it covers gives no
// event. Where this cannot be known, the safety scan finds it.
func watchMounts(dir string, changed func()) (stop func()) {
	table, err := os.Open(mountTable) // before it is read, so that what comes later is not lost
	if err != nil {
		return func() {}
	}
	ready, err := table.SyscallConn()
	if err != nil {
		table.Close()
		return func() {}
	}
	before := mountsAt(dir)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			// The kernel says that the table can be read when it has changed. Its contents come from a file of its
			// own: what was read of this one stays.
			waited := false
			err := ready.Read(func(uintptr) bool {
				defer func() { waited = true }()
				return waited
			})
			if err != nil {
				return
			}
			if now := mountsAt(dir); now != before {
				before = now
				changed()
			}
		}
	}()
	return func() {
		table.Close()
		<-stopped
	}
}

// mountsAt returns the lines of the table of mounts that concern a folder.
func mountsAt(dir string) string {
	data, err := os.ReadFile(mountTable)
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	unescape := strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)
	var found strings.Builder
	for line := range bytes.Lines(data) {
		if fields := bytes.Fields(line); len(fields) > 4 {
			point := unescape.Replace(string(fields[4]))
			if within(dir, point) || within(point, dir) {
				found.Write(line)
			}
		}
	}
	return found.String()
}
