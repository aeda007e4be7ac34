package watch

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// A step is a name whose making, removal or change can make a path lead elsewhere: a symbolic link on the way, the
// last name, or the first that does not exist.
type step struct{ dir, name string }

const maxLinks = 40 // as Linux has it

// resolve follows the symbolic links of name, relative to the folder dir, which has none in it. It returns the path
// without links, and every step on the way, also when there is nothing at its end and it returns an error.
func resolve(dir, name string) (real string, steps []step, err error) {
	rest := split(name)
	links := 0
	for len(rest) > 0 {
		name := rest[0]
		rest = rest[1:]
		if name == ".." {
			dir = filepath.Dir(dir)
			continue
		}
		here := filepath.Join(dir, name)
		info, err := os.Lstat(here)
		if err != nil {
			steps = append(steps, step{dir, name})
			return filepath.Join(append([]string{here}, rest...)...), steps, err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			if len(rest) == 0 {
				steps = append(steps, step{dir, name})
			}
			dir = here
			continue
		}
		steps = append(steps, step{dir, name})
		if links++; links > maxLinks {
			return here, steps, &fs.PathError{Op: "resolve", Path: here, Err: syscall.ELOOP}
		}
		target, err := os.Readlink(here)
		if err != nil {
			return here, steps, err
		}
		if filepath.IsAbs(target) {
			dir, target = top(target)
		}
		rest = append(split(target), rest...)
	}
	return dir, steps, nil
}

// top splits an absolute path into the folder above all and the path from there.
func top(name string) (dir, rest string) {
	volume := filepath.VolumeName(name)
	return volume + string(filepath.Separator), name[len(volume):]
}

func split(name string) []string {
	return strings.FieldsFunc(filepath.Clean(name), func(r rune) bool { return r == filepath.Separator })
}

// within reports whether name is dir or lies in it. Both are clean and absolute.
func within(dir, name string) bool {
	return name == dir || strings.HasPrefix(name, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
}
