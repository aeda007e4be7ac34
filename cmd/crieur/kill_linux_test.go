package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/crieur/crieur"
)

var everyKill = flag.Bool("every-kill", false, "of TestKilledAtEverySystemCall: all of them, and not some of each kind")

// Law: a process may be killed, truly, at any system call that changes a file. Every published file is whole, the
// history knows what is seen, and the next run repairs all without help, and announces nothing twice.
func TestKilledAtEverySystemCall(t *testing.T) {
	if *inside {
		os.Exit(run(context.Background(), flag.Args(), os.Stdout, os.Stderr))
	}
	if testing.Short() || racing {
		t.Skip("it takes some seconds, and minutes under the race detector, which has nothing to see in what is killed")
	}
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("install strace to run this: ", err)
	}
	if out, err := exec.Command(strace, "-qq", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here: %v, %s", err, out)
	}
	for _, mode := range []string{"in place", "releases"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			k := newKilled(t, mode == "releases")
			kills := 0
			for _, call := range []string{"openat", "mkdirat", "write", "pwrite64", "fsync", "renameat,renameat2", "linkat", "symlinkat", "unlinkat", "ftruncate", "flock", "close"} {
				step := 6
				switch {
				case *everyKill:
					step = 1
				case call == "openat", call == "close":
					step = 40 // most of them are of files that are read
				}
				for n := 1; k.at(strace, call, n); n += step {
					kills++
				}
			}
			t.Logf("killed %d times", kills)
			if kills < 15 {
				t.Error("hardly ever killed")
			}
		})
	}
}

type killed struct {
	*testing.T
	base     string // published once, and changed since
	releases bool
	old      map[string]string // what was published
	new      map[string]string // what a run at this time publishes
	newer    map[string]string // or the next
}

const (
	firstRun  = "2026-11-20T09:00:00Z"
	killedRun = "2026-11-21T09:00:00Z"
	nextRun   = "2026-11-22T09:00:00Z"
)

func newKilled(t *testing.T, releases bool) *killed {
	k := &killed{T: t, base: t.TempDir(), releases: releases}
	write := func(name, data string) {
		t.Helper()
		p := filepath.Join(k.base, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(p), 0o755), os.WriteFile(p, []byte(data), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write("content/foire.md", strings.Replace(foire, "---\n", "---\ntags: [marché]\n", 1))
	write("content/bal.md", strings.Replace(foire, "Foire", "Bal", 1))
	write("content/crieur.yaml", "timezone: Europe/Paris\nsite: https://www.brume.example/\n")
	write("public/foreign.txt", "foreign")
	k.build(k.base, firstRun)
	k.old = k.published(k.base)
	write("content/foire.md", strings.Replace(foire, "Foire", "Grande foire", 1))
	write("content/concert.md", strings.Replace(strings.Replace(foire, "Foire", "Concert", 1), "---\n", "---\ntags: [musique]\n", 1))
	for _, ref := range []struct {
		files *map[string]string
		now   string
	}{{&k.new, killedRun}, {&k.newer, nextRun}} {
		dir := k.copied()
		k.build(dir, ref.now)
		*ref.files = k.published(dir)
	}
	if maps.Equal(k.old, k.new) || maps.Equal(k.new, k.newer) {
		t.Fatal("nothing is different")
	}
	return k
}

func (k *killed) args(dir, now string) []string {
	args := []string{"build", "-now", now, "-out", filepath.Join(dir, "public"), "-state", filepath.Join(dir, "state")}
	if k.releases {
		args = append(args, "-releases")
	}
	return append(args, filepath.Join(dir, "content"))
}

func (k *killed) build(dir, now string) {
	k.Helper()
	var out lockedBuffer
	if code := run(k.Context(), k.args(dir, now), &out, &out); code != exitOK {
		k.Fatalf("status %d\n%s", code, &out)
	}
}

func (k *killed) copied() string {
	k.Helper()
	dir := k.TempDir()
	if err := os.CopyFS(dir, os.DirFS(k.base)); err != nil {
		k.Fatal(err)
	}
	return dir
}

// published is what readers of the folder see.
func (k *killed) published(dir string) map[string]string {
	k.Helper()
	files := map[string]string{}
	root := filepath.Join(dir, "public")
	if k.releases {
		root = filepath.Join(root, "current")
	}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), ".") || name == "foreign.txt" {
			return err
		}
		data, err := os.ReadFile(filepath.Join(root, name))
		files[name] = string(data)
		return err
	})
	if err != nil {
		k.Fatal(err)
	}
	return files
}

// at kills a build at the nth system call of that name, in one of its threads, and reports whether it came to that.
func (k *killed) at(strace, call string, n int) bool {
	k.Helper()
	dir := k.copied()
	defer os.RemoveAll(dir)
	at := fmt.Sprintf("%s %d", call, n)
	trace := exec.Command(strace, "-f", "-qq", "-o", os.DevNull, "-e", "trace="+call, "-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, n), "--",
		os.Args[0], "-test.run=^TestKilledAtEverySystemCall$", "-inside", "--")
	trace.Args = append(trace.Args, k.args(dir, killedRun)...)
	out, err := trace.CombinedOutput()
	died := false
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		status, _ := exit.Sys().(syscall.WaitStatus)
		died = status.Signal() == syscall.SIGKILL || status.ExitStatus() == 128+int(syscall.SIGKILL)
	}
	if err != nil && !died {
		k.Fatalf("%s: %v\n%s", at, err, out)
	}

	seen := k.published(dir)
	anew := false
	for name, data := range seen {
		old, ok := k.old[name]
		switch {
		case ok && data == old:
		case data != k.new[name]:
			k.Fatalf("%s: %s is neither as before nor as after:\n%s", at, name, data)
		default:
			anew = true
		}
	}
	for name := range k.old {
		if _, stays := k.new[name]; stays && seen[name] == "" {
			k.Fatalf("%s: %s is gone", at, name)
		}
	}
	if k.releases && !maps.Equal(seen, k.old) && !maps.Equal(seen, k.new) {
		k.Fatalf("%s: two generations at once", at)
	}
	if _, err := crieur.ReadHistory(filepath.Join(dir, "state")); err != nil {
		k.Fatalf("%s: %v", at, err)
	}

	k.build(dir, nextRun)
	switch again := k.published(dir); {
	case maps.Equal(again, k.new):
	case anew || !maps.Equal(again, k.newer):
		k.Fatalf("%s: after the next run: %v", at, slices.Sorted(maps.Keys(again)))
	}
	if data, err := os.ReadFile(filepath.Join(dir, "public", "foreign.txt")); string(data) != "foreign" {
		k.Fatalf("%s: the foreign file: %v", at, err)
	}
	filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || strings.HasSuffix(name, ".crieur-tmp") {
			k.Errorf("%s: left: %s, %v", at, name, err)
		}
		return nil
	})
	return died
}
