package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/machine"
)

// judged fails unless the findings are these: “level subject: part of the text”.
func judged(t *testing.T, what string, found []finding, want ...string) {
	t.Helper()
	if len(found) != len(want) {
		t.Errorf("%s: found %q, want %q", what, found, want)
		return
	}
	for i, f := range found {
		begin, part, _ := strings.Cut(want[i], ": ")
		if f.Level+" "+f.Subject != begin || !strings.Contains(f.String(), part) {
			t.Errorf("%s: found %q, want %q", what, f, want[i])
		}
		if f.Level == levelWarn && f.Remedy == "" {
			t.Errorf("%s: %q says nothing to do", what, f)
		}
	}
}

func one(f finding) []finding { return []finding{f} }

func TestJudgeBase(t *testing.T) {
	for base, want := range map[string]string{
		"https://agenda.brume.example/":      "good base: https://agenda",
		"https://agenda.brume.example:8443/": "good base: 8443",
		"":                                   "warn base: localhost:8080",
		"http://agenda.brume.example/":       "warn base: not encrypted",
		"https://localhost/agenda/":          "warn base: another machine for everybody else",
		"https://127.0.0.1:8080/":            "warn base: another machine for everybody else",
		"https://[::1]/":                     "warn base: another machine for everybody else",
		"https://192.168.1.4/":               "warn base: outside of this network",
		"https://intranet/agenda/":           "warn base: outside of this network",
		"https://nas.local/":                 "warn base: outside of this network",
		"https://203.0.113.9/":               "warn base: moves when that does",
	} {
		judged(t, base, one(judgeBase(base, nil)), want)
	}
}

func TestJudgeBaseOfABucket(t *testing.T) {
	judged(t, "none", one(judgeBase("", errors.New("give it with -base"))), "bad base: give it with -base")
}

func TestJudgePrivate(t *testing.T) {
	lives := []crieur.Life{{}, {Private: true}}
	judged(t, "nothing private", judgePrivate("state", lives[:1], func(string) bool { return true }))
	judged(t, "closed", judgePrivate("state", lives, func(string) bool { return false }))
	judged(t, "open", judgePrivate("state", lives, func(string) bool { return true }),
		"warn secret: state/history.jsonl holds what is private, and can be read by other users of this machine; chmod 600 it",
		"warn secret: state/secret holds what is private, and can be read by other users of this machine; chmod 700 it")
}

func TestJudgeZones(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	stale := []string{"America/Vancouver", "America/Edmonton"}
	for _, c := range []struct {
		config  crieur.Config
		release string
		now     time.Time
		want    string
	}{
		{crieur.Config{}, "2026f", now, "good zones: 2026f, which know Europe/Paris"},
		{crieur.Config{Timezone: "America/Vancouver"}, "2026a", now, "bad zones: present rules of America/Vancouver: their events"},
		{crieur.Config{Timezone: "Europe/Paris", Collections: []crieur.Collection{{Timezone: "America/Edmonton"}}}, "2026a", now, "bad zones: America/Edmonton"},
		{crieur.Config{Timezone: "Europe/Atlantis"}, "2026f", now, "bad zones: no data of Europe/Atlantis"},
		{crieur.Config{}, "2026a", now.AddDate(2, 0, 0), "warn zones: which are old"},
		{crieur.Config{}, "", now, "warn zones: unknown release"},
	} {
		judged(t, fmt.Sprint(c.config.Timezone, " ", c.release), one(judgeZones(c.config, c.release, stale, c.now)), c.want)
	}
}

func TestJudgeClock(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	var none time.Time
	judged(t, "right", judgeClock(now, "2026f", now.Add(-time.Hour), true, nil), "good clock: kept right")
	judged(t, "first start", judgeClock(now, "2026f", none, true, nil), "good clock: kept right")
	judged(t, "unkept", judgeClock(now, "2026f", none, false, nil), "warn clock: timedatectl set-ntp true")
	judged(t, "1970", judgeClock(time.Unix(0, 0), "2026f", none, true, nil), "bad clock: the time zone data are of 2026")
	judged(t, "set back", judgeClock(now, "2026f", now.Add(time.Hour), true, nil), "bad clock: subscribers saw a change on 2026-11-22 10:00:00 UTC already")
	judged(t, "elsewhere", judgeClock(now, "", none, false, machine.ErrUnknown), "good clock: 2026-11-22 09:00:00 UTC", "unknown clock service: does not tell")
}

func TestJudgeFolder(t *testing.T) {
	dir := t.TempDir()
	plenty := machine.Volume{Type: "ext4", Free: 1 << 40, Files: 1 << 30, Counted: true}
	with := func(change func(*machine.Volume)) machine.Volume {
		v := plenty
		change(&v)
		return v
	}
	for _, c := range []struct {
		name string
		folder
		want []string
	}{
		{"plenty", folder{volume: plenty}, []string{"good state: 1.1 TB free on ext4"}},
		{"unnamed", folder{volume: with(func(v *machine.Volume) { v.Type = "" })}, []string{"good state: 1.1 TB free"}},
		{"btrfs counts no files", folder{volume: with(func(v *machine.Volume) { v.Type, v.Files, v.Counted = "btrfs", 0, false })}, []string{"good state: btrfs"}},
		{"full", folder{volume: with(func(v *machine.Volume) { v.Free = 1 << 20 })}, []string{"bad state: 1.0 MB free on ext4, which is next to nothing"}},
		{"narrow", folder{bytes: 2 << 40, volume: with(func(v *machine.Volume) { v.Free = 20 << 20 })}, []string{"warn state: 220 GB may be needed"}},
		{"no inodes", folder{volume: with(func(v *machine.Volume) { v.Files = 7 })}, []string{"bad state: only 7 files more"}},
		{"tmpfs", folder{lasting: true, volume: with(func(v *machine.Volume) { v.Type = "tmpfs" })}, []string{"bad state: forgotten when the machine starts again"}},
		{"tmpfs is good enough for what is published", folder{volume: with(func(v *machine.Volume) { v.Type = "tmpfs" })}, []string{"good state: tmpfs"}},
		{"overlay", folder{lasting: true, volume: with(func(v *machine.Volume) { v.Type = "overlay" })}, []string{"bad state: mount a volume there"}},
		{"NFS", folder{lasting: true, volume: with(func(v *machine.Volume) { v.Type = "nfs4" })}, []string{"warn state: a lock may not hold"}},
		{"NFS without locks", folder{lasting: true, volume: with(func(v *machine.Volume) { v.Type, v.Options = "nfs", []string{"rw", "nolock"} })}, []string{"bad state: two could publish at once"}},
		{"sshfs", folder{lasting: true, volume: with(func(v *machine.Volume) { v.Type = "fuse.sshfs" })}, []string{"warn state: fuse.sshfs"}},
		{"not ours", folder{volume: plenty, writeErr: &fs.PathError{Op: "access", Path: "x", Err: syscall.EACCES}}, []string{"bad state: this user may not write there"}},
		{"read only", folder{volume: plenty, writeErr: &fs.PathError{Op: "access", Path: "x", Err: syscall.EROFS}}, []string{"bad state: ReadWritePaths="}},
		{"elsewhere", folder{writeErr: machine.ErrUnknown, volumeErr: machine.ErrUnknown}, []string{"unknown state: does not tell", "unknown state: does not tell"}},
	} {
		c.subject, c.flag, c.path, c.made = "state", "-state", dir, real(dir)
		judged(t, c.name, c.judge(), c.want...)
	}
	f := folder{subject: "out", flag: "-out", path: dir + "/new", made: real(dir), count: 3000, volume: with(func(v *machine.Volume) { v.Files = 1000 })}
	judged(t, "too few inodes for a first time", f.judge(), "warn out: about 3000 may be needed")
}

func TestJudgeWatching(t *testing.T) {
	limits := machine.Inotify{Watches: 8192, Instances: 128, Queue: 16384}
	enough := []string{"good watches: 10 folders to watch, and 8192 of 8192", "good instances: 128 of 128", "good queue: 16384"}
	judged(t, "enough", judgeWatching(tree{folders: 10}, limits, machine.Use{}, nil), enough...)
	judged(t, "too few", judgeWatching(tree{folders: 5000}, limits, machine.Use{Watches: 4000, Instances: 3}, nil),
		"warn watches: max_user_watches=1048576", "good instances: 125 of 128", "good queue: 16384")
	judged(t, "just enough", judgeWatching(tree{folders: 5000}, limits, machine.Use{Watches: 3000}, nil),
		"warn watches: which is not many", enough[1], enough[2])
	judged(t, "far too few", judgeWatching(tree{folders: 1e6}, limits, machine.Use{Watches: 9000}, nil),
		"warn watches: and 0 of 8192 watches are left to this user: the others are looked at every two seconds or more; as root: echo fs.inotify.max_user_watches=2097152", enough[1], enough[2])
	judged(t, "no instance, small queue", judgeWatching(tree{folders: 1}, machine.Inotify{Watches: 8192, Instances: 1, Queue: 100}, machine.Use{Instances: 1}, nil),
		"good watches: 1 folder", "warn instances: max_user_instances=1024", "warn queue: max_queued_events=16384")
	judged(t, "elsewhere", judgeWatching(tree{}, machine.Inotify{}, machine.Use{}, machine.ErrUnknown), "unknown watches: does not tell")
	judged(t, "events", one(judgeVolumes("site", nil, nil)), "good events: site")
	judged(t, "maybe no events", one(judgeVolumes("site", nil, machine.ErrUnknown)), "unknown events: does not tell")
	judged(t, "no events", one(judgeVolumes("site", map[string]string{"site/b": "overlay", "site": "NFS"}, nil)), "warn events: site is on NFS, site/b is on overlay, where")
}

func TestJudgeLimits(t *testing.T) {
	const gib = 1 << 30
	judged(t, "memory", one(judgeMemory(1000, 4*gib, 0, nil)), "good memory: 4.3 GB is free on this machine")
	judged(t, "control group", one(judgeMemory(1000, 4*gib, 64<<20, nil)), "bad memory: 67 MB is allowed to this program, and 1000 files of content take about 88 MB; allow more")
	judged(t, "slow", one(judgeMemory(1000, 100<<20, 0, nil)), "warn memory: building is slow")
	judged(t, "a limit over what is free", one(judgeMemory(1000, gib, 4*gib, nil)), "good memory: 1.1 GB is free")
	judged(t, "elsewhere", one(judgeMemory(1000, 0, 0, machine.ErrUnknown)), "unknown memory: does not tell")
	judged(t, "elsewhere, limited", one(judgeMemory(1000, 0, gib, machine.ErrUnknown)), "good memory: 1.1 GB is allowed")
	judged(t, "descriptors", one(judgeDescriptors(1024, nil)), "good descriptors: 1024")
	judged(t, "no limit", one(judgeDescriptors(1<<63, nil)), "good descriptors: as many")
	judged(t, "few", one(judgeDescriptors(256, nil)), "warn descriptors: LimitNOFILE")
	judged(t, "too few", one(judgeDescriptors(20, nil)), "bad descriptors: too few")
	judged(t, "elsewhere", one(judgeDescriptors(0, machine.ErrUnknown)), "unknown descriptors: does not tell")
}

func TestJudgeAddress(t *testing.T) {
	listen := func(err error) error { return &os.SyscallError{Syscall: "bind", Err: err} }
	judged(t, "free", one(judgeAddress("address", "-addr", ":80", nil, false)), "good address: :80 is free")
	judged(t, "taken", one(judgeAddress("address", "-addr", ":80", listen(syscall.EADDRINUSE), false)), "bad address: another program listens on :80")
	judged(t, "ours", one(judgeAddress("address", "-addr", ":80", listen(syscall.EADDRINUSE), true)), "good address: is in use, as it should be")
	judged(t, "low", one(judgeAddress("address", "-addr", ":80", listen(syscall.EACCES), false)), "bad address: CAP_NET_BIND_SERVICE")
	judged(t, "nonsense", one(judgeAddress("admin", "-admin", "x", errors.New("missing port"), false)), "bad admin: missing port; give another with -admin, such as -admin localhost:8081")
}

func TestJudgeHistory(t *testing.T) {
	judged(t, "none", one(judgeHistory("s", nil, fs.ErrNotExist)), "good history: none in s yet")
	judged(t, "empty", one(judgeHistory("s", new(crieur.History), nil)), "good history: 0 records in s")
	judged(t, "not ours", one(judgeHistory("s", nil, fs.ErrPermission)), "bad history: chown")
	judged(t, "damaged", one(judgeHistory("s", nil, fmt.Errorf("line 3: %w; restore the file", crieur.ErrDamaged))), "bad history: restore the file")
	judged(t, "fits", judgeOut("o", "s", nil))
	judged(t, "older", judgeOut("o", "s", crieur.ErrHistory), "bad history: remove o")
	judged(t, "unreadable", judgeOut("o", "s", fs.ErrPermission), "bad out: give another folder with -out")
	judged(t, "free", one(judgeLock("s", 0, false, nil)), "good lock: no process")
	judged(t, "held", one(judgeLock("s", 423, true, nil)), "warn lock: process 423")
	judged(t, "held elsewhere", one(judgeLock("s", 0, true, nil)), "warn lock: another container")
	judged(t, "unknown", one(judgeLock("s", 0, false, machine.ErrUnknown)), "unknown lock: does not tell")
}

func TestSize(t *testing.T) {
	for n, want := range map[uint64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 9949: "9.9 kB", 9960: "10 kB", 999_400: "999 kB", 999_600: "1.0 MB", 43e9: "43 GB", 1 << 63: "9.2 EB"} {
		if got := size(n); got != want {
			t.Errorf("%d: found %s, want %s", n, got, want)
		}
	}
}

func TestJudgeSecrets(t *testing.T) {
	c := crieur.Config{Base: "https://agenda.valmeuse.example/", Channels: []crieur.Channel{{Name: "lyon", Tag: "Lyon"}, {Name: "agents", Secret: true, Path: "interne"}}}
	plain := c
	plain.Base = "http://agenda.valmeuse.example/"
	tokens := map[string][]string{"agents": {"k7q2m4xw9t3c8v5n1h6r0p2d"}}
	closed, open := func(string) bool { return false }, func(string) bool { return true }
	judged(t, "none", judgeSecrets(crieur.Config{}, "tokens", nil, errors.New("broken"), open))
	judged(t, "good", judgeSecrets(c, "tokens", tokens, nil, closed), "good secret: 1 channel, each with a token")
	judged(t, "no token", judgeSecrets(c, "tokens", nil, nil, closed), "warn secret: the channel agents has no token, so that nobody can read it; “crieur secret” gives it one")
	judged(t, "broken", judgeSecrets(c, "tokens", nil, errors.New("tokens:3: found 1 word"), closed), "bad secret: tokens:3: found 1 word; mend that; “crieur secret -new NAME” makes a token")
	judged(t, "open", judgeSecrets(plain, "tokens", tokens, nil, open), "warn secret: tokens can be read by other users of this machine; chmod 600 it",
		"warn secret: http://agenda.valmeuse.example/ is not encrypted: everybody on the way reads the tokens, and what they open; say base: https://… and have a proxy in front")
}
