//go:build !linux

package machine

// VolumeOf returns the file system that holds a path, which exists.
func VolumeOf(path string) (Volume, error) { return Volume{}, ErrUnknown }

// CanRead returns nil if this process may read the file or the folder, and the error of reading it otherwise.
func CanRead(path string, folder bool) error { return ErrUnknown }

// CanWrite returns nil if this process may make files in the folder, and the error of doing so otherwise.
func CanWrite(folder string) error { return ErrUnknown }

// InotifyLimits returns what this user is allowed.
func InotifyLimits() (Inotify, error) { return Inotify{}, ErrUnknown }

// InotifyUse returns what the programs of this user have taken, as far as they let themselves be looked at, but for
// those with an id in except.
func InotifyUse(except ...int) (Use, error) { return Use{}, ErrUnknown }

// OpenFiles returns how many files and connections this process may have open at once.
func OpenFiles() (uint64, error) { return 0, ErrUnknown }

// Memory returns how many bytes programs may still take before the machine has none.
func Memory() (uint64, error) { return 0, ErrUnknown }

// Synchronised reports whether something, a time service say, keeps the clock right.
func Synchronised() (bool, error) { return false, ErrUnknown }

// LockedBy returns which process has a lock on a file, without trying to take it. The id is 0 if that process is not
// to be seen from here, as from a container.
func LockedBy(path string) (pid int, locked bool, err error) { return 0, false, ErrUnknown }
