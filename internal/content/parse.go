package content

// Wanted reports whether a file of this path can hold records.
func Wanted(path string) bool { return path != "" }

// Parse reads the records of one file.
func Parse(path string, data []byte, opt *Options, report func(Fault)) []Record { return nil }
