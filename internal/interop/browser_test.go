package interop_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A sight is what a browser saw of a page.
type sight struct {
	What, Page string
	Options    string
	Faults     []string
	Bytes      int

	Links, Fields []string
	Copy, Events  int
	Folded        []bool
	Shown         int
	Nav           bool
	Stops         []struct {
		Tag, Type, Name string
		Seen            bool
	}
	Skipped         string
	Told            []string
	File, Canonical string
	Address, Title  string
	Checked         int
}

// TestBrowser has Chromium open the pages that the daemon serves, in both
// languages: from a telephone to a desk, light and dark, printed, without script
// and with the keyboard alone, each read by axe as well, and has every address
// that a page offers answered by a calendar.
//
// Besides Debian's packages it needs two of npm's, playwright-core and axe-core:
// without them it is skipped.
func TestBrowser(t *testing.T) {
	node := program(t, "nodejs", []string{"node"}, "--version")
	chromium := program(t, "chromium", []string{"chromium"}, "--version")[0]
	dir := filepath.Join(judges(t), "browser")
	modules := filepath.Join(dir, "node_modules")
	for _, name := range []string{"playwright-core", "axe-core"} {
		if _, err := os.Stat(filepath.Join(modules, name)); err != nil {
			t.Skipf("not installed: npm install --prefix %s playwright-core axe-core", dir)
		}
	}
	command := filepath.Join(t.TempDir(), "crieur")
	if out, err := exec.Command("go", "build", "-o", command, "github.com/crieur/crieur/cmd/crieur").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	french := filepath.Join(t.TempDir(), "agenda")
	if err := os.CopyFS(french, os.DirFS(filepath.Join("..", "..", "examples", "agenda"))); err != nil {
		t.Fatal(err)
	}
	english := t.TempDir()
	for name, data := range map[string]string{
		"crieur.yaml": "title: Office of the Vale\nlanguage: en\ntimezone: Europe/London\nchoose: true\n",
		"fair.md":     "---\ntitle: Fair & market\nevent_start_date: 2027-05-08 09:00\nevent_end_date: 2027-05-08 17:30\nlieu: Corn Exchange\ncategories: [Markets]\ntags: [food, R&D]\n---\n## What there is\n\nStalls.\n",
		"council.md":  "---\ntitle: Council\nevent_start_date: 2027-06-01 18:00\nrrule: FREQ=MONTHLY;BYDAY=1TU\ncategories: [Council]\n---\nOpen to all.\n",
		"visit.md":    "---\ntitle: Visite guidée\nlanguage: fr\nevent_start_date: 2027-06-05\nstatus: cancelled\nsummary: On entre sans payer.\n---\nRendez-vous devant.\n",
		"report.md":   "---\ntitle: The year in figures\ndate: 2026-11-02\ntags: [figures]\n---\nIt was a year.\n",
	} {
		if err := os.WriteFile(filepath.Join(english, name), []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, site := range map[string]struct {
		dir   string
		pages []string
	}{
		"French":  {french, []string{"index.html", "events.html", "event/permanence-numerique-de-mezelle.html"}},
		"English": {english, []string{"index.html", "event/visite-guidee.html"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := serveDir(t, command, site.dir)
			browse := exec.Command(node[0], append([]string{filepath.Join("testdata", "browse.cjs"), base, t.TempDir()}, site.pages...)...)
			browse.Env = append(os.Environ(), "CHROMIUM="+chromium, "NODE_PATH="+modules)
			var stderr bytes.Buffer
			browse.Stderr = &stderr
			out, err := browse.Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, stderr.Bytes())
			}
			looks := 0
			for line := range bytes.Lines(out) {
				var s sight
				if err := json.Unmarshal(line, &s); err != nil {
					t.Fatalf("%v: %s", err, line)
				}
				for _, f := range s.Faults {
					t.Errorf("%s: %s %s: %s", s.Page, s.What, s.Options, f)
				}
				if looks++; s.Bytes > 50_000 {
					t.Errorf("%s has %d bytes", s.Page, s.Bytes)
				}
				s.check(t, base)
			}
			if want := len(site.pages)*14 + 1; looks != want {
				t.Errorf("%d sights, want %d", looks, want)
			}
		})
	}
}

// serveDir serves a content tree until the test is done and returns where.
func serveDir(t *testing.T, command, dir string) string {
	t.Helper()
	cmd := exec.Command(command, "serve", "-addr", "127.0.0.1:0", "-now", now.Format("2006-01-02T15:04:05Z"), dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	index := regexp.MustCompile(`(http://\S+/)index\.html`)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := index.FindStringSubmatch(lines.Text()); m != nil {
			go io.Copy(io.Discard, out)
			return m[1]
		}
	}
	t.Fatal("the daemon did not say where it serves")
	return ""
}

// check holds what was seen of a page to what people need.
func (s *sight) check(t *testing.T, base string) {
	t.Helper()
	fault := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s: %s: "+format, append([]any{s.Page, s.What}, args...)...)
	}
	calendar := func(address string) {
		t.Helper()
		if !isCalendar(address) {
			fault("no calendar is at %s", address)
		}
	}
	offers := !strings.HasPrefix(s.Page, "event/") && !strings.HasPrefix(s.Page, "article")
	switch s.What {
	case "print":
		if s.Shown == 0 || s.Nav {
			fault("%d parts are shown; and the menu: %t", s.Shown, s.Nav)
		}
	case "no script":
		if s.Copy != 0 || slices.Contains(s.Folded, false) {
			fault("%d buttons that do nothing; what is folded opens: %v", s.Copy, s.Folded)
		}
		if !offers {
			return
		}
		if s.Events == 0 || len(s.Links) != 4 || len(s.Fields) == 0 {
			fault("%d events, links %q, fields %q", s.Events, s.Links, s.Fields)
			return
		}
		calendar(s.Fields[0])
		_, rest, _ := strings.Cut(s.Fields[0], "://")
		if s.Links[0] != "webcal://"+rest {
			fault("the applications are given %s", s.Links[0])
		}
		for i, provider := range []struct{ address, key, scheme string }{
			{"https://calendar.google.com/calendar/render", "cid", "webcal"},
			{"https://outlook.office.com/calendar/0/addfromweb", "url", "http"},
			{"https://outlook.live.com/calendar/0/addfromweb", "url", "http"},
		} {
			u, err := url.Parse(s.Links[i+1])
			if err != nil {
				fault("%v", err)
				continue
			}
			got := u.Query().Get(provider.key)
			if u.RawQuery, got = "", strings.Replace(got, provider.scheme+"://", "http://", 1); u.String() != provider.address || got != s.Fields[0] {
				fault("%s gives %s to %s, want %s", s.Links[i+1], got, u, s.Fields[0])
			}
		}
	case "keyboard":
		if len(s.Stops) < 5 || s.Stops[0].Tag != "a" {
			fault("%d stops", len(s.Stops))
		}
		for i, stop := range s.Stops {
			if !stop.Seen || stop.Name == "" {
				fault("stop %d, %s %q, is not seen", i, stop.Tag, stop.Name)
			}
		}
	case "operated":
		if s.Skipped != "content" {
			fault("the first link leads to %q", s.Skipped)
		}
		if offers && (len(s.Told) < 1 || !slices.ContainsFunc(s.Told, func(l string) bool { return strings.HasPrefix(l, "copied "+base) && strings.HasSuffix(l, ".ics") })) {
			fault("%q", s.Told)
		}
	case "code":
		if s.File == "" {
			if s.Page == "index.html" || s.Page == "events.html" {
				fault("there is none")
			}
			return
		}
		zbar := program(t, "zbar-tools", []string{"zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"}, "--version")
		if got := strings.TrimSpace(string(run(t, nil, append(zbar, s.File)...))); got != s.Canonical {
			fault("it reads %q, want %q", got, s.Canonical)
		}
	case "choose":
		u, err := url.Parse(s.Address)
		if err != nil || u.Query().Get("category") == "" || s.Checked != 1 || !strings.Contains(s.Title, ":") || !strings.HasSuffix(s.Fields[0], "/events.ics?"+u.RawQuery) {
			fault("%s is called %q, offers %s, and has %d boxes ticked", s.Address, s.Title, s.Fields, s.Checked)
			return
		}
		calendar(s.Fields[0])
	}
}

// isCalendar reports whether an address is answered by a calendar.
func isCalendar(address string) bool {
	r, err := http.Get(address)
	if err != nil {
		return false
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	return err == nil && r.StatusCode == http.StatusOK && strings.HasPrefix(r.Header.Get("Content-Type"), "text/calendar") &&
		bytes.HasPrefix(data, []byte("BEGIN:VCALENDAR\r\n")) && bytes.HasSuffix(data, []byte("END:VCALENDAR\r\n"))
}
