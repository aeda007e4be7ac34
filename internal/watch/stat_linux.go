package watch

import (
	"io/fs"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// A dirFile is an open folder, its descriptor: names in it are looked at without walking its path again.
type dirFile int

// openDir opens a folder. Anything else that has taken its place is an error, and does not block.
func openDir(name string) (dirFile, error) {
	fd, err := again(func() (int, error) {
		return unix.Open(name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	})
	if err != nil {
		return -1, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return dirFile(fd), nil
}

func (d dirFile) close() { unix.Close(int(d)) }

func (d dirFile) key() (key, error) {
	var st unix.Stat_t
	if _, err := again(func() (int, error) { return 0, unix.Fstat(int(d), &st) }); err != nil {
		return key{}, os.NewSyscallError("fstat", err)
	}
	return keyOf(&st), nil
}

func (d dirFile) names() (names []string, err error) {
	buf := make([]byte, 16<<10)
	for {
		n, err := again(func() (int, error) { return unix.ReadDirent(int(d), buf) })
		if err != nil {
			return nil, os.NewSyscallError("getdents", err)
		}
		if n == 0 {
			return names, nil
		}
		_, _, names = unix.ParseDirent(buf[:n], -1, names)
	}
}

func (d dirFile) lstat(name string) (key, fs.FileMode, error) { return lstatAt(int(d), name) }

// again calls f until no signal has interrupted it.
func again(f func() (int, error)) (n int, err error) {
	for {
		if n, err = f(); err != unix.EINTR {
			return n, err
		}
	}
}

// openFile opens a regular file to read. A pipe that has taken its place does not block.
func openFile(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
}

// lstat returns the key and the type of a file, without following a link.
func lstat(name string) (key, fs.FileMode, error) { return lstatAt(unix.AT_FDCWD, name) }

func lstatAt(fd int, name string) (key, fs.FileMode, error) {
	var st unix.Stat_t
	if _, err := again(func() (int, error) {
		return 0, unix.Fstatat(fd, name, &st, unix.AT_SYMLINK_NOFOLLOW)
	}); err != nil {
		return key{}, 0, &fs.PathError{Op: "lstat", Path: name, Err: err}
	}
	mode := fs.ModeIrregular
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		mode = 0
	case unix.S_IFDIR:
		mode = fs.ModeDir
	case unix.S_IFLNK:
		mode = fs.ModeSymlink
	}
	return keyOf(&st), mode, nil
}

func keyOf(st *unix.Stat_t) key {
	return key{
		dev:   uint64(st.Dev),
		ino:   st.Ino,
		size:  st.Size,
		mtime: st.Mtim.Nano(),
		ctime: st.Ctim.Nano(),
	}
}

// An identity tells one folder from another, whatever their names.
type identity struct{ dev, ino uint64 }

func (k key) identity(string) identity { return identity{k.dev, k.ino} }

// processorTime returns how much time of a processor f took.
func processorTime(f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	used := func() time.Duration { // getrusage(2) may be late by a tick of the clock, which is longer than many a look
		var t unix.Timespec
		if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
			return 0
		}
		return time.Duration(t.Nano())
	}
	before := used()
	f()
	return used() - before
}
