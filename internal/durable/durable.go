// Package durable writes files of which whoever reads them finds the old content or the new, whole, also after the
// machine has lost its power.
package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// tempSuffix ends the names of files that are being written.
const tempSuffix = ".crieur-tmp"

// Replace makes data the content of the file called name, which gets the permissions perm whatever it had. When it
// returns nil, that is on disk; when it fails, the file is as it was, or nil but not durably. A symbolic link is
// replaced, not what it leads to. Several processes may replace one file: the last one wins. One that dies meanwhile
// may leave a file that [Sweep] removes.
func Replace(name string, data []byte, perm fs.FileMode) error {
	dir, base := filepath.Split(name)
	dir = filepath.Clean(dir)
	f, err := os.CreateTemp(dir, "."+base+".*"+tempSuffix)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(perm)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	d, err := os.Open(dir)
	if errors.Is(err, fs.ErrPermission) {
		return nil // it may be written and passed through only
	}
	return SyncFolder(d, err)
}

// Sweep removes what processes that died while they replaced the file called name have left. It is for who knows
// that nobody else is replacing it.
func Sweep(name string) {
	dir, base := filepath.Split(name)
	entries, _ := os.ReadDir(filepath.Clean(dir))
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "."+base+".") && strings.HasSuffix(e.Name(), tempSuffix) {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// SyncFolder makes durable which files the folder d holds, and closes it. It takes the results of an Open, and
// returns its error.
func SyncFolder(d *os.File, err error) error {
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) || os.PathSeparator == '\\' {
		err = nil // not every file system knows what it means to sync a folder
	}
	return errors.Join(err, d.Close())
}
