package watch

// Silent reports whether changes in a folder can happen without an event, so that a [Watcher] looks at it
// periodically, and names the file system that is the cause. It does not know where that is not Linux.
func Silent(dir string) (name string, silent bool) {
	d, err := openDir(dir)
	if err != nil {
		return "", false
	}
	defer d.close()
	return d.silent()
}
