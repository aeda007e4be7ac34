//go:build unix

package chaos

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// marker is in the title, the place and a tag of each record of the secret channel, and nowhere else.
const marker = "huisclos"

// A secret is what only those who were told may read.
type secret struct {
	token string
	file  string // of tokens
}

// An admin is where those who run the program ask how it is.
type admin struct {
	address string
	socket  *os.File
}

func newSecret(t *testing.T, random *rand.Rand, dir string) secret {
	s := secret{file: filepath.Join(dir, "tokens")}
	for range 26 {
		s.token += string("abcdefghijklmnopqrstuvwxyz234567"[random.IntN(32)])
	}
	if err := os.WriteFile(s.file, fmt.Appendln(nil, "agents", s.token), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

// name is the path of a document of the channel.
func (s secret) name(document string) string { return "s/" + s.token + "/" + document }

// open reports whether a path is one for those who know it.
func (s secret) open(name string) bool { return strings.HasPrefix(name, s.name("")) }

// betrayed reports what of the secret is in data.
func (s secret) betrayed(data []byte) error {
	for _, text := range []string{marker, s.token} {
		if i := bytes.Index(bytes.ToLower(data), []byte(text)); i >= 0 {
			return fmt.Errorf("it tells what is secret: %q", data[max(0, i-40):min(len(data), i+60)])
		}
	}
	return nil
}

// kept checks an answer: those that tell something are kept by nobody in between, and all others tell nothing. One
// that cannot be read as it is was asked for as such.
func (s secret) kept(name string, answer *http.Response, data []byte) error {
	if s.open(name) {
		if c := answer.Header.Get("Cache-Control"); answer.StatusCode == http.StatusOK && !strings.Contains(c, "private") && !strings.Contains(c, "no-store") {
			return fmt.Errorf("caches may keep what is secret: %q", c)
		}
		return nil
	}
	var head bytes.Buffer
	err := answer.Header.Write(&head)
	return errors.Join(err, s.betrayed(head.Bytes()), s.betrayed(data))
}

// lies reports what is secret in a file that other users may read.
func (s secret) lies(dirs ...string) error {
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			switch {
			case err != nil:
				return err
			case d.IsDir() && info.Mode().Perm()&0o077 == 0:
				return fs.SkipDir
			case !d.Type().IsRegular() || info.Mode().Perm()&0o077 == 0:
				return nil
			}
			data, err := os.ReadFile(p)
			if err == nil {
				err = s.betrayed(data)
			}
			if err != nil {
				return fmt.Errorf("%s, which is %v: %w", p, info.Mode(), err)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readAdmin asks how the process is until the world ends.
func (w *world) readAdmin() {
	w.askNow(20**pace, func() (string, string) {
		return w.admin.address, []string{"status", "metrics", "readyz"}[time.Now().UnixNano()%3]
	})
}

// spy asks for what is secret without knowing the token until the world ends.
func (w *world) spy(random *rand.Rand) {
	w.askNow(10**pace, func() (string, string) {
		wrong := []byte(w.secret.token)
		wrong[random.IntN(len(wrong))] ^= 1
		return w.address, []string{
			"s/", "s/agents.ics", "agents.ics", "interne/", "s/secret/agents.ics", "event/reunion-" + marker + ".ics",
			"s/" + string(wrong) + "/agents.ics", "s/" + w.secret.token[:25] + "/agents.ics", "s/agents/" + w.secret.token + ".ics",
			"events.ics?tag=" + marker, "../state/crieur/secret/s/agents.ics",
		}[random.IntN(11)]
	})
}

// askNow asks for addresses and checks that what is answered tells nothing. What names the secret is not answered, but
// repeated, maybe. A process that does not answer is for others to find.
func (w *world) askNow(every time.Duration, next func() (address, name string)) {
	client := w.client(false)
	for tick := time.NewTicker(every); ; {
		select {
		case <-w.done:
			tick.Stop()
			return
		case <-tick.C:
		}
		address, name := next()
		r, err := http.NewRequest(http.MethodGet, address+name, nil)
		if err != nil {
			w.violation("%s: %v", name, err)
			return
		}
		data, answer, err := fetch(client, r)
		if err != nil {
			continue
		}
		w.tally.spied.Add(1)
		switch err := w.secret.betrayed(data); {
		case err != nil && w.secret.betrayed([]byte(name)) == nil:
			w.violation("%s: %v", name, err)
			return
		case answer.StatusCode == http.StatusOK && w.secret.betrayed([]byte(name)) != nil:
			w.violation("%s is answered", name)
			return
		}
	}
}
