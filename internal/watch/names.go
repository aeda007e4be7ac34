package watch

import "strings"

// temporary reports whether editors and other tools give a file this name for a moment only.
func temporary(name string) bool {
	switch {
	case name == "4913": // vim tries whether it can make files
	case strings.HasSuffix(name, "~"): // backups
	case strings.HasPrefix(name, ".#"): // emacs: a dangling link while a buffer is changed
	case strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#"): // emacs: saved without being asked
	case strings.HasSuffix(name, ".tmp"):
	case len(name) > 5 && name[0] == '.' && name[len(name)-4:len(name)-1] == ".sw": // vim: .name.swp
	default:
		return false
	}
	return true
}

// swapped reports whether a name is one of those through which Kubernetes swaps the files of a volume: the files
// themselves are links that lead over it.
func swapped(name string) bool { return strings.HasPrefix(name, "..") }
