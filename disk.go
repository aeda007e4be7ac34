package crieur

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"syscall"

	"github.com/crieur/crieur/internal/durable"
)

// tempSuffix ends the names of files that are being written.
const tempSuffix = ".crieur-tmp"

func tempName(name string) string {
	dir, base := path.Split(name)
	return dir + "." + base + tempSuffix
}

// A disk is a folder that is changed step by step, so that a process may end
// between any two. All that publishing and saving change, they change with it.
type disk struct {
	root *os.Root
	step func(op, name string) error // for tests: asked before each step, which it can make fail; nil: none

	private bool // the files that are written are for this user alone
}

// openDisk opens the folder dir, which is made, durably, if need be.
func openDisk(dir string, step func(op, name string) error) (disk, error) {
	if err := makeFolder(dir); err != nil {
		return disk{}, err
	}
	root, err := os.OpenRoot(dir)
	return disk{root: root, step: step}, err
}

func makeFolder(dir string) error {
	parent := filepath.Dir(dir)
	switch info, err := os.Stat(dir); {
	case err == nil && !info.IsDir():
		return &fs.PathError{Op: "mkdir", Path: dir, Err: syscall.ENOTDIR}
	case !errors.Is(err, fs.ErrNotExist) || parent == dir:
		return err
	}
	if err := makeFolder(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		if _, gone := os.Stat(dir); errors.Is(err, fs.ErrExist) && gone != nil {
			return fmt.Errorf("%s is a link that leads nowhere; make the folder that it leads to, or remove it: %w", dir, gone)
		}
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	f, err := os.Open(parent)
	if errors.Is(err, fs.ErrPermission) {
		return nil // it may be passed through only
	}
	return durable.SyncFolder(f, err)
}

// do is a step.
func (d disk) do(op, name string, f func() error) error {
	if d.step != nil {
		if err := d.step(op, name); err != nil {
			return &fs.PathError{Op: op, Path: name, Err: err}
		}
	}
	return f()
}

// temp has write write, durably, the file that is to become name.
func (d disk) temp(name string, write func(io.Writer) error) error {
	name = tempName(name)
	d.remove(name) // left by a process that died
	var f *os.File
	mode := fs.FileMode(0o644)
	if d.private {
		mode = 0o600
	}
	err := d.do("create", name, func() (err error) {
		f, err = d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		return err
	})
	if err != nil {
		return err
	}
	err = d.do("write", name, func() error { return write(&steady{f: f}) })
	if err == nil {
		err = d.do("sync", name, f.Sync)
	}
	return errors.Join(err, f.Close())
}

// A steady writer makes a long file durable piece by piece. All at once would have what others make durable meanwhile, the history
// of the next build, wait for all of it: file systems with a journal write in order.
type steady struct {
	f *os.File
	n int // bytes since the last piece
}

const piece = 8 << 20

func (s *steady) Write(p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		m := 0
		m, err = s.f.Write(p[n:min(n+piece, len(p))])
		n += m
		if s.n += m; s.n >= piece && err == nil {
			s.n, err = 0, s.f.Sync()
		}
	}
	return n, err
}

// replace makes data the content of the file called name, whole and durably.
func (d disk) replace(name string, data []byte) error {
	err := d.temp(name, func(w io.Writer) error { _, err := w.Write(data); return err })
	if err == nil {
		err = d.rename(tempName(name), name)
	}
	if err != nil {
		d.remove(tempName(name))
		return err
	}
	return d.sync(path.Dir(name))
}

// append adds data to the end of a file, durably.
func (d disk) append(name string, data []byte) error {
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	err = d.do("append", name, func() error { _, err := f.Write(data); return err })
	if err == nil {
		err = d.do("sync", name, f.Sync)
	}
	return errors.Join(err, f.Close())
}

func (d disk) mkdirAll(name string) error {
	if info, err := d.root.Lstat(name); err == nil && info.IsDir() {
		return nil
	}
	return d.do("mkdir", name, func() error { return d.root.MkdirAll(name, 0o755) })
}

func (d disk) rename(from, to string) error {
	return d.do("rename", to, func() error { return d.root.Rename(from, to) })
}

func (d disk) link(from, to string) error {
	return d.do("link", to, func() error { return d.root.Link(from, to) })
}

func (d disk) symlink(target, name string) error {
	return d.do("symlink", name, func() error { return d.root.Symlink(target, name) })
}

func (d disk) remove(name string) error {
	return d.do("remove", name, func() error { return d.root.Remove(name) })
}

// sync makes durable which files the folder called name holds.
func (d disk) sync(name string) error {
	return d.do("sync", name, func() error { return durable.SyncFolder(d.root.Open(name)) })
}
