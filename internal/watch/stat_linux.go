package watch

import (
	"io/fs"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// A dirFile is an open folder: names in it are looked at without walking its path again.
type dirFile struct {
	f  *os.File
	fd int
}

// openDir opens a folder. Anything else that has taken its place is an error, and does not block.
func openDir(name string) (dirFile, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return dirFile{}, err
	}
	return dirFile{f, int(f.Fd())}, nil
}

func (d dirFile) close()                   { d.f.Close() }
func (d dirFile) names() ([]string, error) { return d.f.Readdirnames(-1) }

func (d dirFile) lstat(name string) (key, fs.FileMode, error) { return lstatAt(d.fd, name) }

// openFile opens a regular file to read. A pipe that has taken its place does not block.
func openFile(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
}

// lstat returns the key and the type of a file, without following a link.
func lstat(name string) (key, fs.FileMode, error) { return lstatAt(unix.AT_FDCWD, name) }

func lstatAt(fd int, name string) (key, fs.FileMode, error) {
	var st unix.Stat_t
	for {
		err := unix.Fstatat(fd, name, &st, unix.AT_SYMLINK_NOFOLLOW)
		if err == nil {
			break
		}
		if err != unix.EINTR {
			return key{}, 0, &fs.PathError{Op: "lstat", Path: name, Err: err}
		}
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
	return key{
		dev:   uint64(st.Dev),
		ino:   st.Ino,
		size:  st.Size,
		mtime: st.Mtim.Nano(),
		ctime: st.Ctim.Nano(),
	}, mode, nil
}

// An identity tells one folder from another, whatever their names.
type identity struct{ dev, ino uint64 }

func (k key) identity(string) identity { return identity{k.dev, k.ino} }

// processorTime returns how much time of a processor f took.
func processorTime(f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	used := func() time.Duration {
		var r unix.Rusage
		if err := unix.Getrusage(unix.RUSAGE_THREAD, &r); err != nil {
			return 0
		}
		return time.Duration(r.Utime.Nano() + r.Stime.Nano())
	}
	before := used()
	f()
	return used() - before
}
