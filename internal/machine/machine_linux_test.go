package machine

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/gofrs/flock"
	"golang.org/x/sys/unix"
)

// What is told of this machine is what it really gives.
func TestThisMachine(t *testing.T) {
	dir := t.TempDir()
	v, err := VolumeOf(dir)
	if err != nil || v.Type == "" || v.ReadOnly || v.Free == 0 {
		t.Errorf("the volume of %s: %+v, %v", dir, v, err)
	}
	if v, err := VolumeOf("/proc"); err != nil || v.Type != "proc" || v.Counted {
		t.Errorf("/proc: %+v, %v", v, err)
	}
	if _, err := VolumeOf(filepath.Join(dir, "nowhere")); !os.IsNotExist(err) {
		t.Errorf("no file: %v", err)
	}
	for name, f := range map[string]func() (uint64, error){"OpenFiles": OpenFiles, "Memory": Memory} {
		if n, err := f(); err != nil || n == 0 {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
	if _, err := Synchronised(); err != nil {
		t.Error(err)
	}
	if i, err := InotifyLimits(); err != nil || i.Watches <= 0 || i.Instances <= 0 || i.Queue <= 0 {
		t.Errorf("%+v, %v", i, err)
	}
}

func TestInotifyUse(t *testing.T) {
	before := useOf("self")
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC)
	if err != nil {
		t.Skip(err)
	}
	defer unix.Close(fd)
	for _, dir := range []string{t.TempDir(), t.TempDir()} {
		if _, err := unix.InotifyAddWatch(fd, dir, unix.IN_CREATE); err != nil {
			t.Skip(err)
		}
	}
	if now, want := useOf("self"), (Use{before.Watches + 2, before.Instances + 1}); now != want {
		t.Errorf("of this process: found %+v, want %+v", now, want)
	}
	if all, err := InotifyUse(); err != nil || all.Watches < 2 || all.Instances < 1 {
		t.Errorf("of this user: %+v, %v", all, err)
	}
}

func TestLockedBy(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	if _, locked, err := LockedBy(name); locked || err != nil {
		t.Errorf("no file: %v, %v", locked, err)
	}
	l := flock.New(name)
	if err := l.Lock(); err != nil {
		t.Fatal(err)
	}
	if pid, locked, err := LockedBy(name); pid != os.Getpid() || !locked || err != nil {
		t.Errorf("found process %d, %v, %v, want %d", pid, locked, err, os.Getpid())
	}
	if err := l.Unlock(); err != nil {
		t.Fatal(err)
	}
	if _, locked, err := LockedBy(name); locked || err != nil {
		t.Errorf("after: %v, %v", locked, err)
	}
}

func TestAccess(t *testing.T) {
	dir := t.TempDir()
	if err := CanWrite(dir); err != nil {
		t.Error(err)
	}
	if err := CanRead(filepath.Join(dir, "a.md"), false); !os.IsNotExist(err) {
		t.Error(err)
	}
	if os.Geteuid() == 0 {
		return // who may write anywhere
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	if err := CanWrite(dir); !os.IsPermission(err) {
		t.Error(err)
	}
}
