package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/crieur/crieur"
)

// examined is what doctor says of a folder with these flags.
func examined(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(context.Background(), append([]string{"doctor", "-addr", "127.0.0.1:0"}, args...), &out, &errs); code == exitUsage {
		t.Fatalf("crieur doctor %q: %s", args, errs.String())
	}
	return out.String()
}

// says fails unless a report has all of these.
func says(t *testing.T, report string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(report, w) {
			t.Errorf("want %q in\n%s", w, report)
		}
	}
}

// small is a content folder.
func small(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"a.md", "b/b.md", "c/c.md"} {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte("---\ntitle: a\ndate: 2027-01-01\n---\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A process that uses the state is named, and not disturbed.
func TestDoctorNamesTheHolder(t *testing.T) {
	dir := small(t)
	state := filepath.Join(dir, ".crieur")
	store, err := crieur.OpenStore(state)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	says(t, examined(t, dir), fmt.Sprintf("warn  lock: %s is in use by process %d", state, os.Getpid()))
}

// A socket that somebody listens on is in use, and one that nobody does is free.
func TestDoctorOfSockets(t *testing.T) {
	dir := small(t)
	file := filepath.Join(dir, ".s")
	l, err := net.Listen("unix", file)
	if err != nil {
		t.Skip(err)
	}
	says(t, examined(t, "-admin", "unix:"+file, dir), "bad   admin: another program listens on unix:"+file+"; stop that, or give another with -admin")
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()
	says(t, examined(t, "-admin", "unix:"+file, dir), "good  admin: unix:"+file+" is free")
}

// What root of a namespace can do to itself is told: a disk of memory, that is
// full, one that is read only, and few watches.
func TestDoctorOfDisksAndWatches(t *testing.T) {
	if !*inside {
		inNamespace(t, 0)
		return
	}
	dir, disk, frozen := small(t), t.TempDir(), t.TempDir()
	mount(t, disk)
	fill(t, filepath.Join(disk, "full"))
	mount(t, frozen)
	if err := syscall.Mount("none", frozen, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("/proc/sys/user/max_inotify_watches", []byte("2"), 0); err != nil {
		t.Skip("this namespace cannot be limited: ", err)
	}
	says(t, examined(t, "-state", filepath.Join(disk, "state"), "-out", filepath.Join(frozen, "out"), dir),
		"is on tmpfs: what was published is forgotten",
		"bad   state: "+disk+"/state: 0 B free on tmpfs, which is next to nothing",
		"bad   out: "+real(frozen)+" is on a file system that is mounted to be read only",
		"warn  watches: 3 folders to watch, and ", "of 2 watches are left to this user: the others are looked at every two seconds",
		"warn  user: this is root",
	)
}

// A file system whose changes may give no event is told.
func TestDoctorOfEvents(t *testing.T) {
	if !*inside {
		inNamespace(t, 0)
		return
	}
	lower, disk, merged := small(t), t.TempDir(), t.TempDir()
	mount(t, disk)
	upper, work := filepath.Join(disk, "upper"), filepath.Join(disk, "work")
	for _, d := range []string{upper, work} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mount("none", merged, "overlay", 0, "userxattr,lowerdir="+lower+",upperdir="+upper+",workdir="+work); err != nil {
		t.Skip("no overlay here: ", err)
	}
	defer syscall.Unmount(merged, syscall.MNT_DETACH)
	says(t, examined(t, merged), "warn  events: "+merged+" is on overlay, where files can change without an event",
		"bad   state: "+merged+"/.crieur is on overlay: what was published is forgotten when the container is removed")
}

// What permissions forbid is told, of the user who asks.
func TestDoctorOfPermissions(t *testing.T) {
	if !*inside {
		inNamespace(t, 1000)
		return
	}
	dir := small(t)
	for name, mode := range map[string]os.FileMode{"b/b.md": 0, "c": 0o311, "": 0o555} {
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(dir, 0o755); os.Chmod(filepath.Join(dir, "c"), 0o755) })
	report := examined(t, dir)
	says(t, report,
		"bad   content: this user may not read "+dir+"/b/b.md, "+dir+"/c; as their owner: chmod -R a+rX",
		"bad   out: this user may not write there: access "+real(dir)+": permission denied; give it to the user that serves (chown), or give another folder with -out",
		"bad   state: this user may not write there",
	)
	if strings.Contains(report, "this is root") {
		t.Error("it takes this for root")
	}
	// Who checks is told what to do, too.
	config := filepath.Join(t.TempDir(), "crieur.yaml")
	if err := os.WriteFile(config, nil, 0); err != nil {
		t.Fatal(err)
	}
	var said lockedBuffer
	run(t.Context(), []string{"check", dir}, &said, &said)
	run(t.Context(), []string{"check", "-config", config, dir}, &said, &said)
	run(t.Context(), []string{"init", "-config", config + ".new", dir}, &said, &said)
	if err := os.Chmod(dir, 0o311); err != nil {
		t.Fatal(err)
	}
	run(t.Context(), []string{"check", dir}, &said, &said)
	says(t, said.String(),
		"b.md:1:1: this file cannot be read: permission denied; let this user read it, and what leads to it; ",
		"c:1:1: this folder cannot be read: permission denied; let this user read it, and what leads to it; ",
		"crieur.yaml: permission denied; let this user read it, and what leads to it",
		"crieur init: openat b/b.md: permission denied; let this user read it, and what leads to it",
		"crieur check: the content folder cannot be read: open "+dir+": permission denied; let this user read it, and what leads to it",
	)
}
