package machine

import (
	"slices"
	"testing"
)

const mounts = `27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
30 27 0:27 / /tmp rw - tmpfs tmpfs rw,size=4k
41 27 0:40 / /srv/agenda ro,relatime shared:3 - nfs4 files:/agenda rw,vers=4.2,local_lock=none
42 27 0:41 / /srv/a\040b rw - fuse.sshfs host: rw
43 41 0:42 / /srv/agenda rw - ext4 /dev/vdb rw
not a mount
`

func TestMountOf(t *testing.T) {
	for path, want := range map[string]string{
		"/":              "ext4",
		"/srv":           "ext4",
		"/srv/agendas":   "ext4",
		"/tmp/x/y":       "tmpfs",
		"/srv/a b/c":     "fuse.sshfs",
		"/srv/agenda":    "ext4", // mounted over the other
		"/srv/agenda/en": "ext4",
	} {
		if kind, _, ok := mountOf(mounts, path); !ok || kind != want {
			t.Errorf("%s: found %q, %v, want %q", path, kind, ok, want)
		}
	}
	_, options, _ := mountOf(mounts[:len(mounts)-len("not a mount\n")], "/tmp")
	if want := []string{"rw", "rw", "size=4k"}; !slices.Equal(options, want) {
		t.Errorf("options: found %q, want %q", options, want)
	}
	if _, _, ok := mountOf("", "/"); ok {
		t.Error("a mount was found in nothing")
	}
}

func TestUnescape(t *testing.T) {
	for text, want := range map[string]string{
		``: ``, `/a`: `/a`, `/a\040b\134`: `/a b\`, `\04`: `\04`, `\999`: `\999`, `\012x`: "\nx",
	} {
		if got := unescape(text); got != want {
			t.Errorf("%q: found %q, want %q", text, got, want)
		}
	}
}

func TestLockOn(t *testing.T) {
	const locks = `1: POSIX  ADVISORY  READ  301 fe:00:77 128 128
2: FLOCK  ADVISORY  WRITE 423 fe:00:1312 0 EOF
2: -> FLOCK  ADVISORY  WRITE 555 fe:00:1313 0 EOF
3: FLOCK  ADVISORY  WRITE 0 00:2a:5 0 EOF
4: OFDLCK ADVISORY  WRITE -1 08:01:6 0 EOF
`
	for f, want := range map[file]int{
		{0xfe, 0, 1312}: 423,
		{0xfe, 0, 77}:   301,
		{0, 0x2a, 5}:    0, // of another container
		{8, 1, 6}:       0,
		{0xfe, 0, 1313}: -1, // it only waits
		{0xfd, 0, 1312}: -1,
	} {
		pid, locked := lockOn(locks, f)
		if locked != (want >= 0) || locked && pid != want {
			t.Errorf("%v: found %d, %v, want %d", f, pid, locked, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	if n := watchesIn("pos:\t0\nflags:\t02004000\ninotify wd:2 ino:9 sdev:1\ninotify wd:1 ino:8 sdev:1\n"); n != 2 {
		t.Errorf("found %d watches, want 2", n)
	}
	if n, ok := availableIn("MemTotal:       8000 kB\nMemAvailable:   2048 kB\n"); !ok || n != 2<<20 {
		t.Errorf("found %d, %v, want 2 MiB", n, ok)
	}
	if _, ok := availableIn("MemTotal: 8000 kB\n"); ok {
		t.Error("memory was found where there is no line of it")
	}
}
