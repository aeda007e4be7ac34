package interop_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"
	"github.com/mmcdole/gofeed"
)

// TestSubscribers has programs subscribe to what crieur serves, and looks at what
// they hold while the content is edited: what is new, what has not changed, what was
// moved or edited, cancelled or withdrawn.
func TestSubscribers(t *testing.T) {
	crieur := filepath.Join(t.TempDir(), "crieur")
	if out, err := exec.Command("go", "build", "-o", crieur, "../../cmd/crieur").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, test := range map[string]func(*testing.T, string){
		"newsboat": newsboatSubscribes, "feedparser": feedparserSubscribes, "khal": khalSubscribes, "evolution-data-server": evolutionSubscribes, "Go": goSubscribes,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, crieur)
		})
	}
}

// newsboat keeps what was taken out of a feed. It remembers tags from the second
// time on that it gets a feed.
func newsboatSubscribes(t *testing.T, crieur string) {
	program(t, "newsboat", []string{"newsboat"}, "-v")
	command := script{"newsboat", "python3", []string{"python3", "poll-newsboat.py"}, []string{"-c", "import sqlite3"}}.find(t)
	d := newDaemon(t, crieur)
	dir := t.TempDir()
	poll := func(want string) []held {
		t.Helper()
		list := heldOf(t, run(t, nil, append(command, d.base+"articles.rss", dir)...)).Entries
		if got := titles(list); got != want {
			t.Errorf("newsboat holds %q, want %q", got, want)
		}
		return list
	}
	poll("La fontaine coule")
	poll("La fontaine coule")
	poll("La fontaine coule")
	d.answered("newsboat", 200, 200, 304)

	d.write("marche.md", marche)
	d.serves("articles.rss", contains("Le marché"))
	before := poll("La fontaine coule, Le marché est déplacé")
	d.write("marche.md", strings.Replace(marche, "la gare", "l’église", 1))
	d.serves("articles.rss", contains("l’église"))
	after := poll("La fontaine coule, Le marché est déplacé")
	if before[0] != after[0] || before[1].ID != after[1].ID || !strings.Contains(after[1].Text, "l’église") {
		t.Errorf("an edited article is another: %q, %q", before, after)
	}
	d.answered("newsboat", 200, 200, 304, 226, 226)

	d.remove("fontaine.md")
	d.serves("articles.rss", lacks("fontaine"))
	if again := poll("La fontaine coule, Le marché est déplacé"); !slices.Equal(again, after) {
		t.Errorf("after a removal it holds %q", again)
	}
	poll("La fontaine coule, Le marché est déplacé")
	d.answered("newsboat", 200, 200, 304, 226, 226, 200, 304)
}

// feedparser is asked as rss2email does, and gets what has changed alone.
func feedparserSubscribes(t *testing.T, crieur string) {
	command := script{"feedparser", "python3-feedparser", []string{"python3", "poll-feedparser.py"}, []string{"-c", "import feedparser"}}.find(t)
	d := newDaemon(t, crieur)
	memory := filepath.Join(t.TempDir(), "memory")
	poll := func(status int, want string) []held {
		t.Helper()
		got := heldOf(t, run(t, nil, append(command, d.base+"events.atom", memory)...))
		if titles(got.Entries) != want || got.Status != status {
			t.Errorf("feedparser gets %d %q, want %d %q", got.Status, titles(got.Entries), status, want)
		}
		return got.Entries
	}
	first := poll(200, "Foire de printemps")
	poll(304, "")
	d.write("bal.md", bal)
	d.serves("events.atom", contains("Bal"))
	poll(226, "Bal")
	poll(304, "")
	d.write("foire.md", strings.Replace(foire, "09:00", "10:30", 1))
	d.serves("events.atom", contains("Nouvel horaire"))
	moved := poll(226, "Foire de printemps")
	if len(first)*len(moved) != 1 || first[0].ID != moved[0].ID || !strings.Contains(moved[0].Text, "10\u00a0h\u00a030") {
		t.Errorf("an event that was moved is another: %q, %q", first, moved)
	}
	d.remove("bal.md")
	d.serves("events.atom", contains("Annulé"))
	if gone := poll(226, "Annulé\u00a0: Bal"); len(gone) == 1 && gone[0].ID == first[0].ID {
		t.Errorf("two events are one: %q", gone)
	}
	poll(304, "")
}

// khal shows what vdirsyncer copies, which asks for no tags.
func khalSubscribes(t *testing.T, crieur string) {
	khal := []string{findKhal(t)}
	sync := program(t, "vdirsyncer", []string{"vdirsyncer"}, "--version")
	d := newDaemon(t, crieur)
	dir := t.TempDir()
	file := func(name, text string) string {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	events := filepath.Join(dir, "events")
	sync = append(sync, "-c", file("vdirsyncer", fmt.Sprintf(`[general]
status_path = %q
[pair agenda]
a = "held"
b = "published"
collections = null
conflict_resolution = "b wins"
[storage held]
type = "filesystem"
path = %q
fileext = ".ics"
[storage published]
type = "http"
url = %q
`, filepath.Join(dir, "status"), events, d.base+"events.ics")))
	khal = append(khal, "-c", file("khal", fmt.Sprintf(`[calendars]
[[agenda]]
path = %s
readonly = True
[locale]
timeformat = %%H:%%M
dateformat = %%Y-%%m-%%d
longdateformat = %%Y-%%m-%%d
datetimeformat = %%Y-%%m-%%d %%H:%%M
longdatetimeformat = %%Y-%%m-%%d %%H:%%M
local_timezone = Europe/Paris
default_timezone = Europe/Paris
[sqlite]
path = %s
`, events, filepath.Join(dir, "khal.db"))), "list", "--day-format", "", "--format", "{start-long-full} | {title} | {location} | {status}", "2027-01-01", "2028-01-01")
	shows := func(want ...string) {
		t.Helper()
		run(t, nil, append(sync, "sync")...)
		var got []string
		for line := range strings.Lines(string(run(t, nil, khal...))) {
			got = append(got, strings.TrimSpace(line))
		}
		if !slices.Equal(got, want) {
			t.Errorf("khal shows %q, want %q", got, want)
		}
	}
	run(t, strings.NewReader("y\n"), append(sync, "discover")...)
	shows("2027-05-08 09:00 | Foire de printemps | La halle | CONFIRMED")
	if out, log, err := try(t, nil, append(sync, "sync")...); err != nil || strings.Contains(string(out)+string(log), "item") {
		t.Errorf("nothing has changed, and vdirsyncer says %s%s %v", out, log, err)
	}
	d.write("bal.md", bal)
	d.serves("events.ics", contains("SUMMARY:Bal"))
	shows("2027-05-08 09:00 | Foire de printemps | La halle | CONFIRMED", "2027-06-01 00:00 | Bal |  | CONFIRMED")
	d.write("foire.md", strings.Replace(foire, "2027-05-08 09:00", "2027-05-08 10:30", 1))
	d.serves("events.ics", contains("T103000"))
	shows("2027-05-08 10:30 | Foire de printemps | La halle | CONFIRMED", "2027-06-01 00:00 | Bal |  | CONFIRMED")
	d.write("foire.md", strings.Replace(foire, "title:", "cancelled: true\ntitle:", 1))
	d.serves("events.ics", contains("STATUS:CANCELLED"))
	shows("2027-05-08 09:00 | Foire de printemps | La halle | CANCELLED", "2027-06-01 00:00 | Bal |  | CONFIRMED")
	d.remove("bal.md")
	d.serves("events.ics", lacks("STATUS:CONFIRMED"))
	shows("2027-05-08 09:00 | Foire de printemps | La halle | CANCELLED", "2027-06-01 00:00 | Bal |  | CANCELLED")
}

// evolution-data-server asks only for what has changed.
func evolutionSubscribes(t *testing.T, crieur string) {
	const packages = "evolution-data-server gir1.2-ecal-2.0 gir1.2-edataserver-1.2 python3-gi dbus-daemon"
	python := script{"evolution-data-server", packages, []string{"python3", "follow-eds.py"}, []string{"-c", "import gi; gi.require_version('ECal', '2.0'); gi.require_version('EDataServer', '1.2')"}}.find(t)
	bus := program(t, packages, []string{"dbus-run-session", "--"}, "--version")
	d := newDaemon(t, crieur)
	home := t.TempDir()
	cmd := exec.CommandContext(t.Context(), bus[0], slices.Concat(bus[1:], python, []string{d.base + "events.ics"})...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_RUNTIME_DIR=" + home, "XDG_CONFIG_HOME=" + home + "/.config", "XDG_CACHE_HOME=" + home + "/.cache",
		"XDG_DATA_HOME=" + home + "/.local/share", "GIO_USE_VFS=local", "GSETTINGS_BACKEND=memory", "TZ=Asia/Tokyo", "LC_ALL=C.UTF-8"}
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	cmd.Stderr = d
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}()
	lines := bufio.NewScanner(out)
	holds := func(want ...string) {
		t.Helper()
		var got []string
		d.until(fmt.Sprint(want), func() bool {
			io.WriteString(in, "again\n")
			if !lines.Scan() {
				t.Fatalf("it has ended: %v\n%s", lines.Err(), d.said())
			}
			got = nil
			for _, e := range heldOf(t, lines.Bytes()).Entries {
				got = append(got, e.Start+" "+e.Title+" "+e.Status)
			}
			slices.Sort(got)
			return slices.Equal(got, want)
		})
	}
	holds("20270508T090000 Foire de printemps confirmed")
	holds("20270508T090000 Foire de printemps confirmed")
	d.until("304", func() bool { return slices.Contains(d.statuses("Evolution/"), 304) })
	d.write("bal.md", bal)
	d.serves("events.ics", contains("SUMMARY:Bal"))
	holds("20270508T090000 Foire de printemps confirmed", "20270601 Bal confirmed")
	d.write("foire.md", strings.Replace(foire, "2027-05-08 09:00", "2027-05-08 10:30", 1))
	holds("20270508T103000 Foire de printemps confirmed", "20270601 Bal confirmed")
	d.write("foire.md", strings.Replace(foire, "title:", "cancelled: true\ntitle:", 1))
	holds("20270508T090000 Foire de printemps cancelled", "20270601 Bal confirmed")
	d.remove("bal.md")
	holds("20270508T090000 Foire de printemps cancelled", "20270601 Bal cancelled")
	ok := 0
	for _, status := range d.statuses("Evolution/") {
		if status == 200 {
			ok++
		}
	}
	if ok > 12 {
		t.Errorf("it was sent the calendar %d times for five changes", ok)
	}
}

// The fetchers of the two Go libraries that most programs have: what they get by an
// address is what is published.
func goSubscribes(t *testing.T, crieur string) {
	d := newDaemon(t, crieur)
	d.write("bal.md", bal)
	d.serves("events.ics", contains("SUMMARY:Bal"))
	c, err := ics.ParseCalendarFromUrl(d.base + "events.ics")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range c.Events() {
		start, err := e.GetStartAt()
		if err != nil {
			t.Error(err)
		}
		got = append(got, fmt.Sprint(e.GetProperty(ics.ComponentPropertySummary).Value, " ", start.UTC().Format("2006-01-02 15:04")))
	}
	slices.Sort(got)
	if want := []string{"Bal 2027-06-01 00:00", "Foire de printemps 2027-05-08 07:00"}; !slices.Equal(got, want) {
		t.Errorf("golang-ical has %q, want %q", got, want)
	}
	for _, format := range []string{"rss", "atom", "json"} {
		f, err := gofeed.NewParser().ParseURL(d.base + "articles." + format)
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		if len(f.Items) != 1 || f.Items[0].Title != "La fontaine coule" || !strings.Contains(f.Items[0].Content, "De nouveau.") || f.FeedLink != d.base+"articles."+format {
			t.Errorf("gofeed has of %s %s", format, f)
		}
	}
	if _, err := ics.ParseCalendarFromUrl(d.base + "nothing.ics"); err == nil {
		t.Error("golang-ical reads a calendar that is not there")
	}
}
