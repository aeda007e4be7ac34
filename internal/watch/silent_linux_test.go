package watch

import (
	"fmt"
	"testing"

	"golang.org/x/sys/unix"
)

func TestSilentName(t *testing.T) {
	for magic, want := range map[uint32]string{
		unix.EXT4_SUPER_MAGIC:  "",
		unix.TMPFS_MAGIC:       "",
		unix.XFS_SUPER_MAGIC:   "",
		unix.BTRFS_SUPER_MAGIC: "",
		0x6969:                 "NFS",
		0xff534d42:             "SMB",
		0xfe534d42:             "SMB",
		0x01021997:             "9p",
		0x65735546:             "FUSE",
		0x794c7630:             "overlay",
		0x00c36400:             "Ceph",
	} {
		if got := silentName(magic); got != want {
			t.Errorf("%#x: got %q, want %q", magic, got, want)
		}
	}
	d, err := openDir("/proc")
	if err != nil {
		t.Skip(err)
	}
	defer d.close()
	if name, ok := d.silent(); ok {
		t.Errorf("/proc is said to be %s", name)
	}
}

// A file system without events appears over a watched folder, and goes.
func TestSilentMounted(t *testing.T) {
	if !*mounts {
		inNamespace(t, "-mounts")
		return
	}
	var r told
	s := watchTree(t, Options{Poll: 100 * ms, Report: r.report}, "sub/a.md", "../lower/b.md", "../upper/c.md", "../work/w")
	s.remove("../work/w")
	data := "lowerdir=" + s.path("../lower") + ",upperdir=" + s.path("../upper") + ",workdir=" + s.path("../work")
	if err := unix.Mount("none", s.path("sub"), "overlay", 0, data); err != nil {
		t.Skip(err)
	}
	s.wait("sub/a.md", "sub/b.md", "sub/c.md")
	for i := range 3 {
		s.write("../lower/b.md", fmt.Sprint(i))
		s.wait("sub/b.md")
	}
	if got := s.w.Stats().Polled["overlay"]; got != 1 {
		t.Errorf("%d folders are polled as overlay, want 1", got)
	}
	s.do(unix.Unmount(s.path("sub"), unix.MNT_DETACH))
	s.wait("sub/a.md", "sub/b.md", "sub/c.md")
	s.write("sub/a.md", "2")
	s.wait("sub/a.md")
	if got := s.w.Stats().Polled; len(got) > 0 {
		t.Errorf("%v are still polled", got)
	}
	if len(r.errs) != 1 {
		t.Errorf("reported: %v, want one thing", r.errs)
	}
}
