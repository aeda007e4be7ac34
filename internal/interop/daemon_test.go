package interop_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A daemon is crieur itself, which serves a folder that is edited.
type daemon struct {
	*testing.T
	dir, base string

	mu  sync.Mutex
	log bytes.Buffer
}

// Write implements [io.Writer], for the log.
func (d *daemon) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log.Write(p)
}

// newDaemon serves a folder with an event and an article.
func newDaemon(t *testing.T, program string) *daemon {
	t.Helper()
	d := &daemon{T: t, dir: t.TempDir()}
	d.write("crieur.yaml", "title: Agenda de Valmeuse\ntimezone: Europe/Paris\nlanguage: fr\n")
	d.write("foire.md", foire)
	d.write("fontaine.md", fontaine)
	cmd := exec.Command(program, "serve", "-addr", "127.0.0.1:0", "-access-log", "-log-format", "json", d.dir)
	cmd.Stderr = d
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if page, ok := strings.CutPrefix(lines.Text(), "The page:  "); ok {
			d.base = strings.TrimSuffix(page, "index.html")
			go io.Copy(io.Discard, out)
			return d
		}
	}
	t.Fatalf("it does not serve:\n%s", d.said())
	return nil
}

const (
	foire    = "---\ntitle: Foire de printemps\nevent_start_date: 2027-05-08 09:00\nevent_end_date: 2027-05-08 18:00\ndate: 2026-01-02\nplace: La halle\n---\nSur la place.\n"
	bal      = "---\ntitle: Bal\nevent_start_date: 2027-06-01\ndate: 2026-01-04\n---\nOn danse.\n"
	fontaine = "---\ntitle: La fontaine coule\ndate: 2026-01-03\n---\nDe nouveau.\n"
	marche   = "---\ntitle: Le marché est déplacé\ndate: 2026-01-05\n---\nDevant la gare.\n"
)

func (d *daemon) write(name, text string) {
	d.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name), []byte(text), 0o644); err != nil {
		d.Fatal(err)
	}
}

func (d *daemon) remove(name string) {
	d.Helper()
	if err := os.Remove(filepath.Join(d.dir, name)); err != nil {
		d.Fatal(err)
	}
}

// serves waits until a document is ok.
func (d *daemon) serves(name string, ok func(document string) bool) {
	d.Helper()
	d.until(name, func() bool {
		r, err := http.Get(d.base + name)
		if err != nil {
			d.Fatal(err)
		}
		defer r.Body.Close()
		data, err := io.ReadAll(r.Body)
		return err == nil && ok(string(data))
	})
}

// until waits for something, half a minute at most.
func (d *daemon) until(what string, ok func() bool) {
	d.Helper()
	for began := time.Now(); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > 30*time.Second {
			d.Fatalf("%s: never as it should be\n%s", what, d.said())
		}
	}
}

// said is the log, without the requests of the test itself.
func (d *daemon) said() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var b strings.Builder
	for line := range strings.Lines(d.log.String()) {
		if !strings.Contains(line, "Go-http-client") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func contains(text string) func(string) bool {
	return func(document string) bool { return strings.Contains(document, text) }
}

func lacks(text string) func(string) bool {
	return func(document string) bool { return !strings.Contains(document, text) }
}

// statuses are those of the answers to an agent, in order.
func (d *daemon) statuses(agent string) (list []int) {
	d.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	for line := range bytes.Lines(d.log.Bytes()) {
		var l struct {
			Msg, Agent string
			Status     int
		}
		if err := json.Unmarshal(line, &l); err == nil && l.Msg == "request" && strings.HasPrefix(l.Agent, agent) {
			list = append(list, l.Status)
		}
	}
	return list
}

// answered waits for the answers to an agent to have had these statuses: requests
// are logged a little later.
func (d *daemon) answered(agent string, want ...int) {
	d.Helper()
	d.until(agent, func() bool { return len(d.statuses(agent)) >= len(want) })
	if got := d.statuses(agent); !slices.Equal(got, want) {
		d.Errorf("%s was answered with %v, want %v", agent, got, want)
	}
}

// A held is a record as a reader has it.
type held struct{ ID, Title, Text, Start, Status string }

func heldOf(t *testing.T, line []byte) (got struct {
	Status  int
	Entries []held
}) {
	t.Helper()
	if err := json.Unmarshal(line, &got); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	return got
}

// titles are those of entries, in their order.
func titles(list []held) string {
	var all []string
	for _, e := range list {
		all = append(all, e.Title)
	}
	return strings.Join(all, ", ")
}
