package chaos

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// inNamespace runs the test that calls it once more, in a user and mount namespace of its own, where it may
// mount disks. It reports whether there are such.
func inNamespace(t *testing.T) bool {
	runtime.LockOSThread() // the thread whose death ends it
	defer runtime.UnlockOSThread()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=0", "-inside", "-program", *program, fmt.Sprintf("-rounds=%d", *rounds), fmt.Sprintf("-seed=%d", *seed), "-pace", pace.String())
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		Pdeathsig:   syscall.SIGKILL,
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if testing.Verbose() {
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	}
	err := cmd.Run()
	switch _, ran := errors.AsType[*exec.ExitError](err); {
	case err != nil && !ran:
		t.Logf("no user namespaces here, so that disks do not fail: %v", err)
		return false
	case err != nil:
		t.Fatalf("%v\n%s", err, &out)
	}
	return true
}

// bound has a process run as a user whom permissions bind, but for the test
// itself outside of a namespace.
func bound() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // see newWorld
	if *inside {
		attr.Cloneflags = syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 1000, HostID: 0, Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 1000, HostID: 0, Size: 1}}
	}
	return attr
}

// mount makes dir a small disk, if that is possible here.
func (w *world) mount(dir string) bool {
	if !*inside {
		return false
	}
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=12m,mode=755"); err != nil {
		w.Logf("nothing can be mounted here, so that disks do not fail: %v", err)
		return false
	}
	w.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return true
}

// spoil has a disk fail until it is mended.
func (w *world) spoil() (mend func()) {
	w.Helper()
	w.tally.disks.Add(1)
	out, state := filepath.Dir(w.out), filepath.Dir(w.state)
	must := func(err error) {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
	}
	forbid := func(dir string, mode os.FileMode, flags ...interface{ Store(bool) }) func() {
		info, err := os.Stat(dir)
		if err != nil {
			return func() {} // nothing is published yet
		}
		for _, f := range flags {
			f.Store(true)
		}
		must(os.Chmod(dir, mode))
		return func() {
			must(os.Chmod(dir, info.Mode().Perm()))
			for _, f := range flags {
				f.Store(false)
			}
		}
	}
	full := func(dir string) func() {
		ballast := filepath.Join(dir, "ballast")
		must(fill(ballast))
		return func() { must(os.Remove(ballast)) }
	}
	folder := []os.FileMode{0o555, 0}[w.random.IntN(2)]
	switch w.random.IntN(6) {
	case 0:
		w.what.Store("full output")
		return full(out)
	case 1:
		w.what.Store("full state")
		return full(state)
	case 2:
		w.what.Store("read-only output")
		must(remount(out, syscall.MS_RDONLY))
		return func() { must(remount(out, 0)) }
	case 3:
		w.what.Store("forbidden output")
		return forbid(w.out, folder, &w.broken.out)
	case 4:
		w.what.Store("forbidden folder of the output")
		dir := filepath.Join(w.out, "event")
		if w.releases {
			dir = filepath.Join(w.out, "releases")
		}
		return forbid(dir, folder, &w.broken.out)
	}
	w.what.Store("forbidden state")
	w.built() // with its state
	return forbid(w.state, folder, &w.broken.state)
}

// remount waits for those who are writing.
func remount(dir string, flags uintptr) error {
	for end := time.Now().Add(time.Minute); ; {
		err := syscall.Mount("none", dir, "tmpfs", syscall.MS_REMOUNT|flags, "")
		if !errors.Is(err, syscall.EBUSY) || time.Now().After(end) {
			return err
		}
	}
}

// fill writes a file until the disk that it is on is full.
func fill(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	for size := 1 << 20; size > 0; size /= 4 {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			return err
		}
	}
	return nil
}
