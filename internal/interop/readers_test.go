package interop_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// absent skips the test for want of a Debian package, or fails it on the
// machine that is to have them all.
func absent(t *testing.T, packages string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("not installed: apt-get install --no-install-recommends %s", packages)
	}
	t.Skipf("not installed: apt-get install --no-install-recommends %s", packages)
}

// inCI returns the names of the packages that .ci/run installs.
var inCI = sync.OnceValues(func() ([]string, error) {
	text, err := os.ReadFile("../../.ci/run")
	if err != nil {
		return nil, err
	}
	_, list, _ := strings.Cut(string(text), "\npackages=(")
	list, _, ok := strings.Cut(list, ")")
	if !ok {
		return nil, errors.New(".ci/run has no list of packages")
	}
	return strings.Fields(list), nil
})

// program returns command, its name resolved, if the probe, which is command
// with other arguments, succeeds. It fails a test whose packages are missing from
// the list of .ci/run, even where they happen to be installed.
func program(t *testing.T, packages string, command []string, probe ...string) []string {
	t.Helper()
	list, err := inCI()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range strings.Fields(packages) {
		if !slices.Contains(list, p) {
			t.Fatalf(".ci/run does not install %s", p)
		}
	}
	names := command[:1]
	if names[0] == "python3" {
		// A Python of its own on the PATH does not see Debian's packages.
		names = []string{"python3", "/usr/bin/python3"}
	}
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if exec.CommandContext(t.Context(), path, probe...).Run() == nil {
			return append([]string{path}, command[1:]...)
		}
	}
	absent(t, packages)
	return nil
}

// judges is the folder of what no Debian package has.
func judges(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("CRIEUR_JUDGES"); dir != "" {
		return dir
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip(err)
	}
	return filepath.Join(cache, "crieur-judges")
}

// A script is a reader that is a library, with the program in testdata that
// makes it speak.
type script struct {
	name, packages string
	command        []string
	probe          []string // succeeds where the library is installed
}

// find returns the command to which file names are added.
func (s script) find(t *testing.T) []string {
	t.Helper()
	command := slices.Clone(s.command)
	last := len(command) - 1
	command[last] = filepath.Join("testdata", command[last])
	return program(t, s.packages, command, s.probe...)
}

// run returns what a command prints, and fails the test with the command.
func run(t *testing.T, stdin io.Reader, command ...string) []byte {
	t.Helper()
	out, _, err := try(t, stdin, command...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// try runs a command, away from the user's settings, zone and language, and
// returns what it printed on its output and beside it.
func try(t *testing.T, stdin io.Reader, command ...string) (out, log []byte, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	home := t.TempDir()
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + home, "TZ=Asia/Tokyo", "LC_ALL=C.UTF-8", "PYTHONDONTWRITEBYTECODE=1"}
	cmd.Stdin = stdin
	var o, l bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &l
	if err = cmd.Run(); err != nil {
		err = fmt.Errorf("%s: %w\n%s", filepath.Base(command[0]), err, tail(l.Bytes()))
	}
	return o.Bytes(), l.Bytes(), err
}

func tail(b []byte) []byte { return b[max(0, len(b)-2000):] }

// A reading is what a reader made of one file.
type reading[V any] struct {
	File   string
	Values []V
	Faults []string
}

// read gives files to a script and returns what it read from each.
func read[V any](t *testing.T, command []string, files []string) []reading[V] {
	t.Helper()
	out := run(t, nil, slices.Concat(command, files)...)
	var all []reading[V]
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var r reading[V]
		err := dec.Decode(&r)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", command[len(command)-1], err)
		}
		if len(all) == len(files) || r.File != files[len(all)] {
			t.Fatalf("%s speaks of %s out of turn", command[len(command)-1], r.File)
		}
		all = append(all, r)
	}
	if len(all) < len(files) {
		t.Errorf("%s said nothing of %s", command[len(command)-1], files[len(all)])
	}
	return all
}

// A difference is a value that one reader is known to read otherwise.
type difference struct {
	reader string
	field  string
	when   func(want, got string) bool
	why    string
}

// differences holds a list of known differences both ways.
type differences struct {
	list []difference
	seen map[int]int
}

// compare reports a value that is not the one wanted, unless that is known.
func (d *differences) compare(t *testing.T, reader, where, field, want, got string) {
	t.Helper()
	if want == got {
		return
	}
	for i, k := range d.list {
		if k.field == field && slices.Contains(strings.Fields(k.reader), reader) && k.when(want, got) {
			if d.seen == nil {
				d.seen = map[int]int{}
			}
			d.seen[i]++
			return
		}
	}
	t.Errorf("%s: %s: %s is %q, want %q", reader, where, field, got, want)
}

// gone reports the differences of a reader that were not met.
func (d *differences) gone(t *testing.T, reader string) {
	t.Helper()
	for i, k := range d.list {
		if slices.Contains(strings.Fields(k.reader), reader) && d.seen[i] == 0 {
			t.Errorf("%s no longer differs in %s (%s): take it off the list", reader, k.field, k.why)
		}
	}
}
