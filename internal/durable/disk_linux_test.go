package durable

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

var inside = flag.Bool("inside", false, "used by a test to run itself in a namespace")

// On a full disk the file stays as it was, and comes when there is room.
func TestReplaceOnAFullDisk(t *testing.T) {
	if !*inside {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-inside")
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		}
		out, err := cmd.CombinedOutput()
		_, ran := errors.AsType[*exec.ExitError](err)
		switch {
		case err != nil && !ran, strings.Contains(string(out), "--- SKIP"):
			t.Skipf("no disk can be had here: %v\n%s", err, out)
		case err != nil:
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("nothing can be mounted here: ", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	name := filepath.Join(dir, "file")
	if err := Replace(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Replace(name, make([]byte, 100<<10), 0o644); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk is %v", err)
	}
	says(t, name, "old", 0o600)
	holds(t, dir, "file")
	if err := Replace(name, []byte("new"), 0o600); err != nil {
		t.Error(err)
	}
	says(t, name, "new", 0o600)
}
