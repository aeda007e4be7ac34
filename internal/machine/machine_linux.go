package machine

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// VolumeOf returns the file system that holds a path, which exists.
func VolumeOf(path string) (v Volume, err error) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return v, &fs.PathError{Op: "statfs", Path: path, Err: err}
	}
	v.ReadOnly = st.Flags&unix.ST_RDONLY != 0
	v.Free = st.Bavail * uint64(st.Bsize)
	v.Files, v.Counted = st.Ffree, st.Files > 0
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return v, nil // the rest is known
	}
	if path, err = filepath.Abs(path); err != nil {
		return v, err
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return v, err
	}
	v.Type, v.Options, _ = mountOf(string(mounts), path)
	return v, nil
}

// CanRead returns nil if this process may read the file or the folder, and the error of reading it otherwise.
func CanRead(path string, folder bool) error {
	mode := uint32(unix.R_OK)
	if folder {
		mode |= unix.X_OK
	}
	return access(path, mode)
}

// CanWrite returns nil if this process may make files in the folder, and the error of doing so otherwise.
func CanWrite(folder string) error { return access(folder, unix.W_OK|unix.X_OK) }

func access(path string, mode uint32) error {
	if err := unix.Faccessat(unix.AT_FDCWD, path, mode, unix.AT_EACCESS); err != nil {
		return &fs.PathError{Op: "access", Path: path, Err: err}
	}
	return nil
}

// InotifyLimits returns what this user is allowed.
func InotifyLimits() (i Inotify, err error) {
	for name, to := range map[string]*int{
		"fs/inotify/max_user_watches":   &i.Watches,
		"fs/inotify/max_user_instances": &i.Instances,
		"fs/inotify/max_queued_events":  &i.Queue,
	} {
		if *to, err = setting(name); err != nil {
			return Inotify{}, unknown(err)
		}
	}
	// Those of the user namespace, which a container may have.
	if n, err := setting("user/max_inotify_watches"); err == nil {
		i.Watches = min(i.Watches, n)
	}
	if n, err := setting("user/max_inotify_instances"); err == nil {
		i.Instances = min(i.Instances, n)
	}
	return i, nil
}

func setting(name string) (int, error) {
	data, err := os.ReadFile(filepath.Join("/proc/sys", name))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(bytes.TrimSpace(data)))
}

// InotifyUse returns what the programs of this user have taken, as far as they let themselves be looked at, but for
// those with an id in except.
func InotifyUse(except ...int) (u Use, err error) {
	processes, err := os.ReadDir("/proc")
	if err != nil {
		return u, unknown(err)
	}
	for _, p := range processes {
		pid, err := strconv.Atoi(p.Name())
		if err != nil || slices.Contains(except, pid) {
			continue
		}
		info, err := p.Info()
		if err != nil {
			continue // it has ended
		}
		owner, ok := info.Sys().(*syscall.Stat_t)
		if !ok || owner.Uid != uint32(os.Geteuid()) {
			continue
		}
		part := useOf(p.Name())
		u.Watches += part.Watches
		u.Instances += part.Instances
	}
	return u, nil
}

// useOf is what one process has taken; nothing if it has ended, or may not be looked at.
func useOf(pid string) (u Use) {
	open, _ := os.ReadDir(filepath.Join("/proc", pid, "fd"))
	for _, fd := range open {
		if to, err := os.Readlink(filepath.Join("/proc", pid, "fd", fd.Name())); err != nil || to != "anon_inode:inotify" {
			continue
		}
		u.Instances++
		if text, err := os.ReadFile(filepath.Join("/proc", pid, "fdinfo", fd.Name())); err == nil {
			u.Watches += watchesIn(string(text))
		}
	}
	return u
}

// OpenFiles returns how many files and connections this process may have open at once.
func OpenFiles() (uint64, error) {
	var r unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &r); err != nil {
		return 0, unknown(err)
	}
	return r.Cur, nil
}

// Memory returns how many bytes programs may still take before the machine has none.
func Memory() (uint64, error) {
	data, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, unknown(err)
	}
	n, ok := availableIn(string(data))
	if !ok {
		return 0, ErrUnknown
	}
	return n, nil
}

// Synchronised reports whether something, a time service say, keeps the clock right.
func Synchronised() (bool, error) {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	if err != nil {
		return false, unknown(err)
	}
	return state != unix.TIME_ERROR && t.Status&unix.STA_UNSYNC == 0, nil
}

// LockedBy returns which process has a lock on a file, without trying to take it. The id is 0 if that process is not
// to be seen from here, as from a container.
func LockedBy(path string) (pid int, locked bool, err error) {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); errors.Is(err, unix.ENOENT) {
		return 0, false, nil
	} else if err != nil {
		return 0, false, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	locks, err := os.ReadFile("/proc/locks")
	if err != nil {
		return 0, false, unknown(err)
	}
	pid, locked = lockOn(string(locks), file{unix.Major(uint64(st.Dev)), unix.Minor(uint64(st.Dev)), st.Ino})
	return pid, locked, nil
}
