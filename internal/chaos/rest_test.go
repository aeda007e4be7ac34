//go:build unix

package chaos

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"
)

const (
	patience = time.Minute // in which everything must have come out
	glance   = 20 * time.Millisecond
)

// rest waits until all that was written is published, and compares.
func (w *world) rest() {
	w.Helper()
	for _, clear := range w.clutter {
		clear()
	}
	w.clutter = nil
	w.up()
	client := w.client(false)
	// A build that began before the last change may have read the first milestone; none has the second one.
	if !w.pass(client, func(*http.Client) error { return nil }) || !w.pass(client, w.asBuiltAnew) {
		return
	}
	w.tally.rests.Add(1)
	for _, f := range w.files {
		f.edited, f.moved = false, false
	}
}

// pass writes a milestone, and waits until it is published and all is well.
func (w *world) pass(client *http.Client, well func(*http.Client) error) bool {
	w.Helper()
	w.milestone++
	w.put("borne.md", milestone(w.milestone))
	var err error
	for end := time.Now().Add(patience); ; time.Sleep(glance) { // a poll, as readers do
		if err = w.caughtUp(client); err == nil {
			if err = well(client); err == nil {
				return true
			}
		}
		if w.failed.Load() {
			return false
		}
		if time.Now().After(end) {
			w.violation("%v after all was written: %v\n%s", patience, err, w.serving.log)
			return false
		}
	}
}

// caughtUp reports whether what is served is what was last written.
func (w *world) caughtUp(client *http.Client) error {
	if err := w.shows(client, "events.ics", false); err != nil {
		return err
	}
	return w.shows(client, w.secret.name("agents.ics"), true)
}

// shows reports whether a calendar has the events of the files that are private, or public.
func (w *world) shows(client *http.Client, name string, private bool) error {
	data, err := w.get(client, name)
	if err != nil {
		return err
	}
	d := w.seen.document(name, data)
	if d.err != nil {
		return d.err
	}
	found := map[string]event{}
	borne := fmt.Sprintf("Borne %d", w.milestone)
	passed := private
	for _, e := range d.events {
		if m := tokens.FindStringSubmatch(e.summary); m != nil && !e.cancelled {
			if _, twice := found[m[1]]; twice {
				return fmt.Errorf("%s is there twice", m[1])
			}
			found[m[1]] = e
		}
		passed = passed || e.summary == borne
	}
	if !passed {
		return fmt.Errorf("%s is not served yet", borne)
	}
	n := 0
	for _, f := range w.files {
		if !f.event || f.private != private {
			continue
		}
		n++
		switch e, ok := found[f.token]; {
		case !ok:
			return fmt.Errorf("%s (%s) is not served", f.title(), f.path)
		case e.summary != f.title():
			return fmt.Errorf("%s is served as %s", f.title(), e.summary)
		}
	}
	if len(found) != n {
		return fmt.Errorf("%s has %d events, there are %d", name, len(found), n)
	}
	return nil
}

func (w *world) get(client *http.Client, name string) ([]byte, error) {
	if err := w.ask(client, name, plain, nil); err != nil {
		w.violation("%s is served: %v", name, err)
		return nil, err
	}
	w.seen.mu.Lock()
	defer w.seen.mu.Unlock()
	return w.seen.latest[name].data, nil
}

// asBuiltAnew compares what is served, and what is in the folder, with what a build of the same content
// with a copy of the history gives.
func (w *world) asBuiltAnew(client *http.Client) error {
	dir, err := os.MkdirTemp("", "anew")
	w.try(err)
	defer os.RemoveAll(dir)
	if err := os.CopyFS(filepath.Join(dir, "state"), os.DirFS(w.state)); err != nil {
		return err // while it changes
	}
	out := filepath.Join(dir, "public")
	told, err := exec.Command(*program, "build", "-now", time.Now().UTC().Format(time.RFC3339), "-out", out, "-state", filepath.Join(dir, "state"), w.content).CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && (!ok || exit.ExitCode() != 1) { // faults there are
		return fmt.Errorf("%w\n%s", err, told)
	}
	want, err := contents(out)
	w.try(err)
	have, err := contents(w.published())
	if err != nil {
		return err
	}
	asServed := func(name string, data []byte) error {
		served, err := w.get(client, name)
		if err != nil {
			return err
		}
		if !bytes.Equal(data, served) {
			return fmt.Errorf("%s as it is served is not what a build gives: %s", name, difference(served, data))
		}
		w.seen.add(name)
		return nil
	}
	for name, data := range want {
		switch other, ok := have[name]; {
		case !ok:
			return fmt.Errorf("%s is not in the folder", name)
		case !bytes.Equal(data, other):
			return fmt.Errorf("%s in the folder is not what a build gives: %s", name, difference(other, data))
		}
		if err := asServed(name, data); err != nil {
			return err
		}
	}
	secrets, err := contents(filepath.Join(dir, "state", "secret"))
	if err != nil || len(secrets) == 0 {
		return fmt.Errorf("%d secret documents: %w", len(secrets), err)
	}
	for name, data := range secrets {
		if err := asServed(w.secret.name(path.Base(name)), data); err != nil {
			return err
		}
	}
	if err := w.secret.lies(w.out, w.state); err != nil {
		w.violation("%v", err)
	}
	for name := range have {
		if want[name] == nil {
			return fmt.Errorf("%s is in the folder, and a build does not give it", name)
		}
	}
	for _, dir := range []string{w.out, w.state} {
		err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(p, ".crieur-tmp") {
				err = fmt.Errorf("%s is left", p)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// contents are the documents in a folder.
func contents(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == ".crieur.json" {
			return err
		}
		files[name], err = fs.ReadFile(root, name)
		return err
	})
	return files, err
}

// difference shows the first line that differs.
func difference(have, want []byte) string {
	a, b := strings.SplitAfter(string(have), "\n"), strings.SplitAfter(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d is %q, want %q", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(a), len(b))
}
