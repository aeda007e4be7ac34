package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crieur/crieur"
)

// A session is a serve command that runs.
type session struct {
	t    *testing.T
	dir  string
	base string
	log  *lockedBuffer
	stop func() int
}

type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// start serves dir and waits until it says where.
func start(t *testing.T, dir string, args ...string) *session {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &session{t: t, dir: dir, log: new(lockedBuffer)}
	out, in := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, append(append([]string{"serve", "-addr", "127.0.0.1:0"}, args...), dir), in, s.log)
		in.Close()
	}()
	s.stop = sync.OnceValue(func() int {
		cancel()
		return <-code
	})
	t.Cleanup(func() { s.stop() })
	lines := bufio.NewScanner(out)
	page := regexp.MustCompile(`^The page:  (https?://.*/)index\.html$`)
	for lines.Scan() {
		if m := page.FindStringSubmatch(lines.Text()); m != nil {
			s.base = m[1]
			go io.Copy(io.Discard, out)
			return s
		}
	}
	t.Fatalf("it never said where the page is:\n%s", s.log)
	return nil
}

func (s *session) write(name, data string) {
	s.t.Helper()
	p := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(data), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// told waits until the log says all of texts.
func (s *session) told(texts ...string) {
	s.t.Helper()
	for began := time.Now(); !has(texts...)(s.log.String()); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			s.t.Fatalf("the log never said %q:\n%s", texts, s.log)
		}
	}
}

func (s *session) get(name string) (string, *http.Response) {
	s.t.Helper()
	r, err := http.Get(s.base + name)
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data), r
}

// until asks for name until what is served satisfies ok.
func (s *session) until(what, name string, ok func(body string) bool) time.Duration {
	s.t.Helper()
	began := time.Now()
	for time.Since(began) < 20*time.Second {
		body, r := s.get(name)
		if r.StatusCode != 200 || body == "" || strings.HasSuffix(name, ".ics") && !strings.HasSuffix(body, "END:VCALENDAR\r\n") {
			s.t.Fatalf("%s: status %d with %d bytes", name, r.StatusCode, len(body))
		}
		if ok(body) {
			return time.Since(began)
		}
		time.Sleep(2 * time.Millisecond) // a poll, as readers do
	}
	s.t.Fatalf("%s: never seen in %s:\n%s", what, name, s.log)
	return 0
}

func has(texts ...string) func(string) bool {
	return func(body string) bool {
		for _, t := range texts {
			if !strings.Contains(body, t) {
				return false
			}
		}
		return true
	}
}

const foire = "---\ntitle: Foire\nevent_start_date: 2027-05-08 09:00:00 +02:00\ndate: 2026-01-02\n---\nSur la place.\n"

// A change, a new file, a new folder, a rename and a removal each show in
// what is served, and what subscribers see stays right throughout.
func TestServeFollowsEveryChange(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "crieur.yaml"), []byte("title: Agenda de Brume\ntimezone: Europe/Paris\n"), 0o644)
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	s := start(t, dir)
	text, r := s.get("events.ics")
	if !has("SUMMARY:Foire", "SEQUENCE:0")(text) || r.Header.Get("ETag") == "" {
		t.Fatalf("first %s", text)
	}
	uid := regexp.MustCompile(`(?m)^UID:.*$`).FindString(text)

	took := s.until("the changed title", "events.ics", func() func(string) bool {
		s.write("foire.md", strings.Replace(foire, "Foire", "Grande foire", 1))
		return has("SUMMARY:Grande foire", "SEQUENCE:1", uid)
	}())
	t.Logf("a change was served after %v", took)
	s.write("nouveau/dossier/bal.md", strings.Replace(foire, "Foire", "Bal", 1))
	s.until("the event in a new folder", "events.ics", has("SUMMARY:Bal", "SUMMARY:Grande foire"))
	if err := os.Rename(filepath.Join(dir, "foire.md"), filepath.Join(dir, "nouveau", "grande-foire.md")); err != nil {
		t.Fatal(err)
	}
	s.write("concert.md", strings.Replace(foire, "Foire", "Concert", 1))
	s.until("the event written after the rename", "events.ics", has("SUMMARY:Concert"))
	if text, _ = s.get("events.ics"); !has("SUMMARY:Grande foire", uid)(text) || strings.Contains(text, "CANCELLED") || strings.Count(text, "BEGIN:VEVENT") != 3 {
		t.Errorf("after the rename %s", text)
	}
	if err := os.Remove(filepath.Join(dir, "concert.md")); err != nil {
		t.Fatal(err)
	}
	s.until("the withdrawn event", "events.ics", has("SUMMARY:Concert", "STATUS:CANCELLED"))

	// A broken file keeps what it was; a broken configuration too.
	s.write("nouveau/dossier/bal.md", "---\ntitle: [\n---\n")
	s.write("crieur.yaml", "titel: x\n")
	s.write("theatre.md", strings.Replace(foire, "Foire", "Théâtre", 1))
	s.until("the event beside the broken file", "events.ics", has("SUMMARY:Théâtre", "SUMMARY:Bal", "NAME;LANGUAGE=fr:Agenda de Brume"))
	s.write("crieur.yaml", "title: Agenda du Val de Brume\ntimezone: Europe/Paris\nbase: https://agenda.brume.example/\n")
	s.until("the new title of the site", "events.ics", has("NAME;LANGUAGE=fr:Agenda du Val de Brume", "https://agenda.brume.example/events.ics"))
	if !has("unknown key", "last good configuration")(s.log.String()) {
		t.Errorf("the log says nothing of the configuration:\n%s", s.log)
	}

	// The folder comes to have what is served.
	served, r := s.get("events.ics")
	waitFor(t, "what is served in the folder", func() bool {
		on, err := os.ReadFile(filepath.Join(dir, "public", "events.ics"))
		return err == nil && string(on) == served
	})
	tags := func(r *http.Response) string { return r.Header.Get("ETag") + " " + r.Header.Get("Last-Modified") }
	before := tags(r)
	if code := s.stop(); code != exitOK {
		t.Errorf("stopped with status %d", code)
	}

	// After a restart readers find what they have.
	s2 := start(t, dir)
	_, r = s2.get("events.ics")
	if again := tags(r); again != before {
		t.Errorf("after a restart %s, was %s", again, before)
	}
}

// A file that is removed and written again is an edit, not a cancellation.
func TestServeWaitsForFilesThatComeBack(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	s := start(t, dir)
	before, r := s.get("events.ics")
	tag := r.Header.Get("ETag")
	if err := os.Remove(filepath.Join(dir, "foire.md")); err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); time.Since(began) < 300*time.Millisecond; {
		if now, r := s.get("events.ics"); r.Header.Get("ETag") != tag {
			t.Fatalf("after %v\n%s\nwas\n%s", time.Since(began), now, before)
		}
	}
	s.write("foire.md", foire)
	s.write("bal.md", strings.Replace(foire, "Foire", "Bal", 1))
	s.until("the event written after", "events.ics", has("SUMMARY:Bal"))
	if now, _ := s.get("events.ics"); strings.Contains(now, "CANCELLED") || strings.Contains(now, "SEQUENCE:2") {
		t.Errorf("%s", now)
	}
	// And one that does not come back is withdrawn.
	if err := os.Remove(filepath.Join(dir, "foire.md")); err != nil {
		t.Fatal(err)
	}
	s.until("the withdrawn event", "events.ics", has("SUMMARY:Foire", "STATUS:CANCELLED"))
}

// A build that fails while files are waited for is not tried again and again because of them.
func TestNothingIsWaitedForAfterAFailedBuild(t *testing.T) {
	dir := t.TempDir()
	name := func(n int) string { return filepath.Join(dir, fmt.Sprintf("foire-%d.md", n)) }
	for n := range 10 {
		os.WriteFile(name(n), fmt.Appendf(nil, "---\ntitle: Foire %d\nevent_start_date: 2027-05-08 09:00:00 +02:00\n---\n", n), 0o644)
	}
	o := &options{dir: dir, out: filepath.Join(dir, "public"), state: filepath.Join(dir, ".crieur")}
	d := daemon{options: o, log: o.logger(io.Discard), publisher: crieur.Publisher{Dir: o.out}, waits: true}
	if !d.open(t.Context()) {
		t.Fatal("it does not open")
	}
	defer d.close()
	if site, err := d.rebuild(); site == nil || err != nil {
		t.Fatal(site, err)
	}
	os.Remove(name(0))
	if site, err := d.rebuild(); site != nil || err != nil || d.look.IsZero() {
		t.Fatalf("nothing is waited for: %v, %v", site, err)
	}
	for n := range 9 {
		os.Remove(name(n))
	}
	if site, err := d.rebuild(); site != nil || err != nil || d.errors == 0 || !d.look.IsZero() {
		t.Errorf("%d errors, and files are looked for at %s: %v, %v", d.errors, d.look, site, err)
	}
}

// Nothing is built while all that has changed is files that are missing for a moment: what came of it would be waited with.
func TestMissingFilesAreAwaited(t *testing.T) {
	dir := t.TempDir()
	name := func(p string) string { return filepath.Join(dir, p) }
	for _, p := range []string{"here.md", "photo.jpg"} {
		os.WriteFile(name(p), nil, 0o644)
	}
	now := time.Now()
	one := &daemon{options: &options{dir: dir}, waits: true}
	for _, step := range []struct {
		what  string
		d     *daemon
		paths []string
		at    time.Duration
		look  time.Duration // zero: it is not waited for
	}{
		{"one is missing", one, []string{"a.md"}, 0, grace},
		{"another, too", one, []string{"b.md"}, grace / 2, grace * 3 / 2},
		{"one that was made, or moved", one, []string{"c.md", "here.md"}, grace / 2, 0},
		{"the first again, at its time", one, []string{"a.md"}, grace, grace * 3 / 2},
		{"all have been waited for", one, []string{"b.md"}, grace * 3 / 2, 0},
		{"later others", one, []string{"d.md"}, time.Hour, time.Hour + grace},
		{"and others, and others", one, []string{"e.md"}, time.Hour + longer, time.Hour + longer + grace},
		{"until it is enough", one, []string{"f.md"}, time.Hour + longer + 1, 0},
		{"no records", &daemon{options: one.options, waits: true}, []string{"gone.jpg"}, 0, 0},
		{"the configuration", &daemon{options: one.options, waits: true}, []string{name("other.yaml")}, 0, 0},
		{"nothing", &daemon{options: one.options, waits: true}, nil, 0, 0},
		{"a program that ends", &daemon{options: one.options}, []string{"a.md"}, 0, 0},
	} {
		at := now.Add(step.at)
		if got := step.d.awaits(step.paths, at); got != (step.look > 0) || got && !step.d.look.Equal(now.Add(step.look)) {
			t.Errorf("%s: waited for: %t, until %v", step.what, got, step.d.look.Sub(now))
		}
	}
	os.WriteFile(name("back.md"), nil, 0o644)
	d := &daemon{options: one.options, waits: true, missing: map[string]time.Time{"back.md": now.Add(-longer)}, look: now.Add(time.Hour)}
	if !d.awaits([]string{"a.md"}, now) || !d.look.Equal(now.Add(grace)) || len(d.missing) != 1 {
		t.Errorf("of what has come back and what is missing, %v is waited for until %v", d.missing, d.look.Sub(now))
	}
	if d.look = (time.Time{}); d.hold([]string{"a.md"}, now.Add(grace)) { // as a build does
		t.Error("what has been waited for is waited for once more")
	}
}

// What readers were shown and the folder does not hold yet is noted, for the process that comes after a crash.
func TestWhatIsShownFirstIsNoted(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	o := &options{dir: dir, out: filepath.Join(dir, "public"), state: filepath.Join(dir, ".crieur")}
	d := daemon{options: o, log: o.logger(io.Discard), publisher: crieur.Publisher{Dir: o.out}}
	ahead := func() bool {
		next := daemon{options: o, log: d.log, publisher: d.publisher}
		if !next.open(t.Context()) {
			t.Fatal("it does not open")
		}
		next.close()
		return next.ahead
	}
	if !d.open(t.Context()) || d.ahead {
		t.Fatal("something is noted of nothing")
	}
	shown := 0
	d.show = func(*crieur.Site) {
		if _, err := os.Stat(d.shownFile()); err != nil {
			t.Error("it is shown before it is noted: ", err)
		}
		shown++
	}
	d.publisher.Dir = filepath.Join(dir, "foire.md") // which is no folder
	if site, err := d.rebuild(); site == nil || err == nil || shown != 1 {
		t.Fatal(site, err, shown)
	}
	d.close()
	if !ahead() {
		t.Error("the next process does not know that readers have more than the folder")
	}
	if d.publisher.Dir = o.out; !d.open(t.Context()) {
		t.Fatal("it does not open")
	}
	if site, err := d.rebuild(); site == nil || err != nil || shown != 2 {
		t.Fatal(site, err, shown)
	}
	d.close()
	if ahead() {
		t.Error("it is noted for good")
	}
}

// The folder itself may vanish and come back.
func TestServeSurvivesTheLossOfItsFolder(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "content")
	os.Mkdir(dir, 0o755)
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	s := start(t, dir, "-out", filepath.Join(parent, "public"), "-state", filepath.Join(parent, "state"))
	before, _ := s.get("events.ics")
	if err := os.Rename(dir, dir+".away"); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for !strings.Contains(s.log.String(), "is gone") {
		if time.Now().After(deadline) {
			t.Fatalf("nothing is said of the lost folder:\n%s", s.log)
		}
		time.Sleep(5 * time.Millisecond)
	}
	if after, _ := s.get("events.ics"); after != before {
		t.Errorf("with no folder it serves\n%s", after)
	}
	if err := os.Rename(dir+".away", dir); err != nil {
		t.Fatal(err)
	}
	s.write("bal.md", strings.Replace(foire, "Foire", "Bal", 1))
	s.until("the event written after the folder came back", "events.ics", has("SUMMARY:Bal", "SUMMARY:Foire"))
}

func TestTwoDaemonsOnOneFolder(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	os.WriteFile(filepath.Join(dir, "crieur.yaml"), []byte("base: https://agenda.brume.example/\n"), 0o644)
	s := start(t, dir)
	before, _ := s.get("events.ics")
	elsewhere := t.TempDir()
	for _, second := range []struct{ args, says []string }{
		{[]string{"-wait", "0"}, []string{"in use by process", "stop it"}},
		{[]string{"-wait", "0", "-out", elsewhere}, []string{"in use by process", "stop it"}},
		{[]string{"-state", elsewhere}, []string{"there is no history of it", "give its place with -state"}},
	} {
		var log lockedBuffer
		if code := run(t.Context(), append(append([]string{"serve", "-addr", "127.0.0.1:0"}, second.args...), dir), io.Discard, &log); code != exitUsage {
			t.Errorf("%v ended with status %d", second.args, code)
		}
		if !has(second.says...)(log.String()) {
			t.Errorf("%v said:\n%s", second.args, &log)
		}
	}
	// With both elsewhere they share nothing but the content.
	s2 := start(t, dir, "-out", filepath.Join(elsewhere, "public"), "-state", filepath.Join(elsewhere, "state"))
	if now, _ := s2.get("events.ics"); now != before {
		t.Errorf("the other one serves\n%s\nwant\n%s", now, before)
	}
	s.write("foire.md", strings.Replace(foire, "Foire", "Grande foire", 1))
	s.until("the change, of the first", "events.ics", has("SUMMARY:Grande foire", "SEQUENCE:1"))
	s2.until("the change, of the second", "events.ics", has("SUMMARY:Grande foire", "SEQUENCE:1"))
}

// What is due comes out on its second, without any change of a file.
func TestServeWakesWhenSomethingIsDue(t *testing.T) {
	dir := t.TempDir()
	due := time.Now().Add(1500 * time.Millisecond).UTC()
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(strings.Replace(foire, "title", "publishDate: "+due.Format(time.RFC3339)+"\ntitle", 1)), 0o644)
	s := start(t, dir)
	s.until("the scheduled event", "events.ics", has("SUMMARY:Foire"))
	if late := time.Since(due.Truncate(time.Second)); late > time.Second+500*time.Millisecond {
		t.Errorf("it came %v late", late)
	}
}

// While everything changes, readers of the server and of the folder see whole
// documents only.
func TestReadersNeverSeeHalf(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	s := start(t, dir)
	ends := map[string]string{"events.ics": "END:VCALENDAR\r\n", "events.rss": "</rss>\n", "events.atom": "</feed>\n", "index.html": "</html>\n", "feeds.opml": "</opml>\n"}
	done := make(chan struct{})
	var readers sync.WaitGroup
	var read atomic.Int64
	check := func(where, name, text string) {
		if !strings.HasSuffix(text, ends[name]) {
			t.Errorf("%s %s ends in %q", where, name, text[max(0, len(text)-40):])
		}
		read.Add(1)
	}
	for name := range ends {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				r, err := http.Get(s.base + name)
				if err != nil {
					t.Error(err)
					return
				}
				data, err := io.ReadAll(r.Body)
				r.Body.Close()
				if err != nil || r.StatusCode != 200 {
					t.Errorf("%s: status %d, %v", name, r.StatusCode, err)
				}
				check("served", name, string(data))
				if data, err = os.ReadFile(filepath.Join(dir, "public", name)); err != nil {
					t.Error(err)
				}
				check("in the folder", name, string(data))
			}
		})
	}
	for i := range 15 {
		title := fmt.Sprintf("Foire %d", i)
		body := strings.Repeat("Un long texte. ", 1000*(i%5))
		s.write("foire.md", strings.Replace(foire, "Foire", title, 1)+body)
		s.write(fmt.Sprintf("e%d.md", i), strings.Replace(foire, "Foire", fmt.Sprintf("Bal %d", i), 1))
		s.until(title, "events.ics", has("SUMMARY:"+title+"\r\n"))
	}
	close(done)
	readers.Wait()
	t.Logf("%d documents read", read.Load())
}

// A site below a path is served there, and at the root for a proxy that takes
// the path away; a base that changes is followed.
func TestServeBelowAPath(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	os.WriteFile(filepath.Join(dir, "crieur.yaml"), []byte("base: https://www.brume.example/agenda/\n"), 0o644)
	s := start(t, dir)
	for _, name := range []string{"agenda/events.ics", "events.ics", "agenda/", "agenda", ""} {
		if _, r := s.get(name); r.StatusCode != 200 {
			t.Errorf("%q: status %d", name, r.StatusCode)
		}
	}
	s.write("crieur.yaml", "base: https://www.brume.example/sorties/\n")
	s.until("the new address", "events.ics", has("https://www.brume.example/sorties/events.ics"))
	if _, r := s.get("sorties/events.ics"); r.StatusCode != 200 {
		t.Errorf("below the new path: status %d", r.StatusCode)
	}

	// A configuration that vanishes or is emptied, as editors do on the way to
	// the next one, is no other configuration.
	before, _ := s.get("events.ics")
	if err := os.Remove(filepath.Join(dir, "crieur.yaml")); err != nil {
		t.Fatal(err)
	}
	s.write("bal.md", strings.Replace(foire, "Foire", "Bal", 1))
	s.until("the event written after", "events.ics", has("SUMMARY:Bal", "https://www.brume.example/sorties/events.ics"))
	if !has("SEQUENCE:0")(before) || !has("is gone or empty")(s.log.String()) {
		t.Errorf("%s", s.log)
	}
}

// What is held back at a start does not keep the last good site from readers.
func TestServeStartsWithWhatWasPublishedLast(t *testing.T) {
	for _, more := range [][]string{nil, {"-releases"}} {
		dir := t.TempDir()
		for i := range 8 {
			os.WriteFile(filepath.Join(dir, fmt.Sprintf("e%d.md", i)), []byte(strings.Replace(foire, "Foire", fmt.Sprintf("Fête %d", i), 1)), 0o644)
		}
		s := start(t, dir, more...)
		before, r := s.get("events.ics")
		s.stop()
		for i := range 7 {
			os.Rename(filepath.Join(dir, fmt.Sprintf("e%d.md", i)), filepath.Join(dir, fmt.Sprintf("e%d.away", i)))
		}
		s = start(t, dir, more...)
		now, again := s.get("events.ics")
		if now != before || again.Header.Get("ETag") != r.Header.Get("ETag") || again.Header.Get("Cache-Control") != "public, max-age=60, stale-if-error=86400" {
			t.Errorf("%v\n%s\nwas %v\n%s", again.Header, now, r.Header, before)
		}
		if !has("what was published last is served")(s.log.String()) {
			t.Errorf("%s", s.log)
		}
		s.until("those of some days", "events.ics?from=2000-01-01", has("SUMMARY:Fête 0", "SUMMARY:Fête 7"))
		if none, _ := s.get("events.ics?to=2000-01-01"); strings.Contains(none, "SUMMARY:") {
			t.Errorf("on no day there is\n%s", none)
		}
		for i := range 7 {
			os.Rename(filepath.Join(dir, fmt.Sprintf("e%d.away", i)), filepath.Join(dir, fmt.Sprintf("e%d.md", i)))
		}
		s.write("bal.md", strings.Replace(foire, "Foire", "Bal", 1))
		s.until("the new event", "events.ics", has("SUMMARY:Bal", "SUMMARY:Fête 0"))
		if now, _ := s.get("events.ics"); strings.Contains(now, "CANCELLED") {
			t.Errorf("%s", now)
		}
	}
}

// Readers need not wait for the first build, here one that waits for a file to come back.
func TestServeAtOnce(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	os.WriteFile(filepath.Join(dir, "bal.md"), []byte(strings.Replace(foire, "Foire", "Bal", 1)), 0o644)
	config := []byte("base: https://agenda.brume.example/\n")
	os.WriteFile(filepath.Join(dir, "crieur.yaml"), config, 0o644)
	s := start(t, dir)
	before, _ := s.get("events.ics")
	s.stop()
	if err := os.Remove(filepath.Join(dir, "bal.md")); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	asked := make(chan string)
	go func() {
		for t.Context().Err() == nil {
			if r, err := http.Get("http://" + address + "/events.ics"); err == nil {
				data, _ := io.ReadAll(r.Body)
				r.Body.Close()
				asked <- string(data)
				return
			}
			time.Sleep(time.Millisecond) // nobody listens yet
		}
	}()
	s = start(t, dir, "-addr", address)
	if first := <-asked; first != before {
		t.Errorf("the first answer is\n%s\nwant\n%s", first, before)
	}
	s.until("the withdrawal", "events.ics", has("STATUS:CANCELLED"))
	if has("what was published last")(s.log.String()) {
		t.Errorf("%s", s.log)
	}
}

// What was published before the start is what readers get until the first site, and never after it, whatever is refused.
func TestRefusedLongAfterTheStart(t *testing.T) {
	dir := t.TempDir()
	files := make([]string, 10)
	for i := range files {
		files[i] = filepath.Join(dir, fmt.Sprintf("foire-%d.md", i))
		if err := os.WriteFile(files[i], []byte(strings.Replace(foire, "Foire", fmt.Sprintf("Foire %d", i), 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	start(t, dir).stop()
	s := start(t, dir)
	s.write("foire-0.md", strings.Replace(foire, "Foire", "Brocante", 1))
	s.until("a new title", "events.ics", has("Brocante"))
	for _, name := range files[1:] {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	s.told("most of what is published would vanish")
	s.stop()
	if log := s.log.String(); has("what was published last is served")(log) {
		t.Errorf("readers have what was published before the start:\n%s", log)
	}
}
