package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

var inside = flag.Bool("inside", false, "used by tests to run themselves in a namespace")

// inNamespace runs the test that calls it once more, in a user and mount namespace of its own, where it is
// the user of that number: root, who may mount, or another, whom permissions bind.
func inNamespace(t *testing.T, user int) {
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-inside")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: user, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: user, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	switch _, ran := errors.AsType[*exec.ExitError](err); {
	case err != nil && !ran:
		t.Skipf("no user namespaces here: %v", err)
	case err != nil:
		t.Fatalf("%v\n%s", err, out)
	case strings.Contains(string(out), "--- SKIP"):
		t.Skipf("%s", out)
	}
	t.Logf("%s", out)
}

// mount makes dir a small disk.
func mount(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skip("nothing can be mounted here: ", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
}

// fill writes a file until the disk that it is on is full.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 16; size > 0; size /= 2 {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
}

// same waits until the folder holds what is served, and nothing that was not finished.
func (s *session) same(out string) {
	s.t.Helper()
	var differs error
	for began := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		if differs = s.differs(out); differs == nil {
			return
		}
		if time.Since(began) > 20*time.Second {
			s.t.Fatal(differs)
		}
	}
}

func (s *session) differs(out string) error {
	for _, name := range []string{"events.ics", "events.rss", "index.html", "event/foire.ics"} {
		served, _ := s.get(name)
		if on, err := os.ReadFile(filepath.Join(out, name)); err != nil || string(on) != served {
			return fmt.Errorf("%s is served with %d bytes and has %d in the folder: %v", name, len(served), len(on), err)
		}
	}
	return filepath.WalkDir(out, func(p string, _ os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(p, ".crieur-tmp") {
			err = fmt.Errorf("left: %s", p)
		}
		return err
	})
}

var long = strings.Repeat("Un long texte, de quoi remplir un disque. ", 1000)

// On a full disk the last good site stays, the fault is told once, and what is new comes when there is room, without
// any further change. What cannot be remembered is not shown; what can, is served, if not written.
func TestServeOnAFullDisk(t *testing.T) {
	if !*inside {
		inNamespace(t, 0)
		return
	}
	for what, stateIsFull := range map[string]bool{"state and output": true, "output": false} {
		t.Run(what, func(t *testing.T) {
			parent := t.TempDir()
			dir, disk := filepath.Join(parent, "content"), filepath.Join(parent, "disk")
			mount(t, disk)
			os.Mkdir(dir, 0o755)
			os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
			out, state := filepath.Join(disk, "public"), filepath.Join(parent, "state")
			if stateIsFull {
				state = filepath.Join(disk, "state")
			}
			s := start(t, dir, "-out", out, "-state", state)
			before, _ := s.get("events.ics")
			s.same(out)
			ballast := filepath.Join(disk, "ballast")
			fill(t, ballast)
			s.write("foire.md", strings.Replace(foire, "Foire", "Grande foire", 1)+long)
			s.told("no space left on device", "tried again")
			if stateIsFull {
				s.told("the history cannot be saved")
				if now, _ := s.get("events.ics"); now != before {
					t.Errorf("what is not remembered is shown:\n%s", now)
				}
				s.same(out)
			} else {
				s.until("what could not be written", "events.ics", has("SUMMARY:Grande foire"))
				if on, err := os.ReadFile(filepath.Join(out, "events.ics")); err != nil || string(on) != before {
					t.Errorf("the folder has %d bytes: %v", len(on), err)
				}
			}
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
			s.told("everything is published again")
			now, _ := s.get("events.ics")
			if !has("SUMMARY:Grande foire", "SEQUENCE:1")(now) {
				t.Errorf("%s", now)
			}
			s.same(out)
			if n := strings.Count(s.log.String(), "no space left"); n > 2 {
				t.Errorf("it is told %d times:\n%s", n, s.log)
			}
			if !stateIsFull {
				return
			}
			// A process that starts now serves what the last one did.
			before, r := s.get("events.ics")
			s.stop()
			fill(t, ballast)
			s.write("bal.md", strings.Replace(foire, "Foire", "Bal", 1)+long)
			s = start(t, dir, "-out", out, "-state", state)
			s.told("what was published last is served")
			now, again := s.get("events.ics")
			if now != before || again.Header.Get("ETag") != r.Header.Get("ETag") || again.Header.Get("Last-Modified") != r.Header.Get("Last-Modified") {
				t.Errorf("after a restart it serves\n%s\nwas\n%s", now, before)
			}
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
			s.until("the new event", "events.ics", has("SUMMARY:Bal", "SUMMARY:Grande foire"))
		})
	}
}

// The same where nothing may be written any more.
func TestServeIntoAReadOnlyFolder(t *testing.T) {
	if !*inside {
		inNamespace(t, 0)
		return
	}
	parent := t.TempDir()
	dir, out := filepath.Join(parent, "content"), filepath.Join(parent, "public")
	mount(t, out)
	os.Mkdir(dir, 0o755)
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	remount := func(flags uintptr) {
		t.Helper()
		if err := syscall.Mount("none", out, "tmpfs", syscall.MS_REMOUNT|flags, ""); err != nil {
			t.Fatal(err)
		}
	}
	remount(syscall.MS_RDONLY)
	s := start(t, dir, "-out", out, "-state", filepath.Join(parent, "state"))
	s.told("read-only file system")
	s.until("what could not be written", "events.ics", has("SUMMARY:Foire"))
	remount(0)
	s.told("everything is published again")
	s.same(out)
	before, _ := s.get("events.ics")
	remount(syscall.MS_RDONLY)
	s.write("foire.md", strings.Replace(foire, "Foire", "Grande foire", 1))
	s.until("the change", "events.ics", has("SUMMARY:Grande foire"))
	if on, err := os.ReadFile(filepath.Join(out, "events.ics")); err != nil || string(on) != before {
		t.Errorf("the folder has %q, %v", on, err)
	}
	twice := func(text string) {
		t.Helper()
		for began := time.Now(); strings.Count(s.log.String(), text) < 2; time.Sleep(5 * time.Millisecond) {
			if time.Since(began) > 20*time.Second {
				t.Fatal(s.log)
			}
		}
	}
	twice("read-only file system") // which is tried after readers have the change
	remount(0)
	twice("everything is published again")
	s.same(out)
}

// A folder whose permissions are lost is no reason to stop, and is taken up again when they are back.
func TestServeWithoutPermission(t *testing.T) {
	if !*inside {
		inNamespace(t, 1000)
		return
	}
	if os.Getuid() == 0 {
		t.Skip("nothing is forbidden to root")
	}
	parent := t.TempDir()
	dir, out, state := filepath.Join(parent, "content"), filepath.Join(parent, "public"), filepath.Join(parent, "state")
	os.Mkdir(dir, 0o755)
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	s := start(t, dir, "-out", out, "-state", state)
	s.same(out)
	for i, lost := range []struct {
		folder string
		mode   os.FileMode
	}{{out, 0o555}, {out, 0}, {filepath.Join(out, "event"), 0o555}, {filepath.Join(out, "event"), 0}} {
		title := "Foire " + string(rune('a'+i))
		before, _ := os.ReadFile(filepath.Join(out, "events.ics"))
		if err := os.Chmod(lost.folder, lost.mode); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chmod(lost.folder, 0o755) })
		s.write("foire.md", strings.Replace(foire, "Foire", title, 1))
		s.until(title, "events.ics", has("SUMMARY:"+title))
		for began := time.Now(); strings.Count(s.log.String(), "permission denied") < i+1; time.Sleep(5 * time.Millisecond) {
			if time.Since(began) > 20*time.Second {
				t.Fatalf("%v of %s is not told:\n%s", lost.mode, lost.folder, s.log)
			}
		}
		if strings.Contains(s.log.String(), "not written by crieur") {
			t.Errorf("%s", s.log)
		}
		if lost.folder == out && lost.mode != 0 {
			if on, err := os.ReadFile(filepath.Join(out, "events.ics")); err != nil || string(on) != string(before) {
				t.Errorf("the folder has %q, %v", on, err)
			}
		}
		if err := os.Chmod(lost.folder, 0o755); err != nil {
			t.Fatal(err)
		}
		for began := time.Now(); strings.Count(s.log.String(), "everything is published again") < i+1; time.Sleep(5 * time.Millisecond) {
			if time.Since(began) > 20*time.Second {
				t.Fatalf("%s is not taken up again:\n%s", lost.folder, s.log)
			}
		}
		s.same(out)
	}
	// The memory of what was published may not be read: nothing is begun anew.
	if code := s.stop(); code != exitOK {
		t.Error(code)
	}
	if err := os.Chmod(filepath.Join(state, "history.jsonl"), 0); err != nil {
		t.Fatal(err)
	}
	var log lockedBuffer
	if code := run(t.Context(), []string{"build", "-out", out, "-state", state, dir}, io.Discard, &log); code != exitUsage || !has("permission denied", "-state")(log.String()) {
		t.Errorf("status %d\n%s", code, &log)
	}
	os.Chmod(filepath.Join(state, "history.jsonl"), 0o644)
}

// What is removed while it is served is there again within seconds.
func TestServeMakesItsFolderAgain(t *testing.T) {
	for _, releases := range []bool{false, true} {
		t.Run(map[bool]string{false: "in place", true: "releases"}[releases], func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			out := filepath.Join(dir, "public")
			gone, args := out, []string(nil)
			if releases {
				gone, args = filepath.Join(out, "current"), []string{"-releases"}
			}
			os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
			s := start(t, dir, args...)
			if err := os.RemoveAll(gone); err != nil {
				t.Fatal(err)
			}
			s.told("why=removed")
			if releases {
				out = gone
			}
			s.same(out)
			// A list of files that is lost or damaged makes no stranger of what was written.
			for i, damage := range []func(string) error{os.Remove, func(name string) error { return os.WriteFile(name, []byte("{"), 0o644) }} {
				if err := damage(filepath.Join(dir, "public", ".crieur.json")); err != nil {
					t.Fatal(err)
				}
				title := "Foire " + string(rune('a'+i))
				whole := filepath.Join(t.TempDir(), "foire.md") // else it might be seen empty, which is told
				err := os.WriteFile(whole, []byte(strings.Replace(foire, "Foire", title, 1)), 0o644)
				if err == nil {
					err = os.Rename(whole, filepath.Join(dir, "foire.md"))
				}
				if err != nil {
					t.Fatal(err)
				}
				s.until(title, "events.ics", has("SUMMARY:"+title))
				s.same(out)
			}
			if strings.Contains(s.log.String(), "error") {
				t.Errorf("%s", s.log)
			}
		})
	}
}
