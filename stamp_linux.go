package crieur

import (
	"io/fs"
	"syscall"
)

func stampOf(info fs.FileInfo) stamp {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return stamp{}
	}
	return stamp{s.Size, s.Mtim.Nano(), s.Ctim.Nano(), int64(s.Ino)}
}
