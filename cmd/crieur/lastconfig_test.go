package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func configured(title string) string {
	return fmt.Sprintf("title: %s\ntimezone: Europe/Paris\nbase: https://agenda.brume.example/\n", title)
}

func named(title string) func(string) bool { return has("NAME;LANGUAGE=fr:" + title + " – ") }

// Whatever becomes of the configuration file, the last good one stays in force, what else changes is followed, and so
// is the file that is good again.
func TestServeKeepsTheLastGoodConfiguration(t *testing.T) {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for what, c := range map[string]struct {
		damage func(file string)
		says   string
	}{
		"broken":      {func(file string) { must(os.WriteFile(file, []byte("title: [\n"), 0o644)) }, "crieur.yaml:"},
		"unknown key": {func(file string) { must(os.WriteFile(file, []byte("titel: x\n"), 0o644)) }, "unknown key"},
		"wrong value": {func(file string) { must(os.WriteFile(file, []byte("timezone: Europe/Brume\n"), 0o644)) }, "Europe/Brume"},
		"emptied":     {func(file string) { must(os.Truncate(file, 0)) }, "is gone or empty"},
		"removed":     {func(file string) { must(os.Remove(file)) }, "is gone or empty"},
		"unreadable":  {func(file string) { must(os.Remove(file)); must(os.Mkdir(file, 0o755)) }, "cannot be read"},
		"renamed over": {func(file string) {
			must(os.WriteFile(file+"~", []byte("titel: x\n"), 0o644))
			must(os.Rename(file+"~", file))
		}, "unknown key"},
		"a dead link": {func(file string) { must(os.Remove(file)); must(os.Symlink("nowhere", file)) }, "is gone or empty"},
		"a link to another": {func(file string) {
			must(os.WriteFile(file+".2", []byte("titel: x\n"), 0o644))
			must(os.Symlink(filepath.Base(file)+".2", file+".link"))
			must(os.Rename(file+".link", file))
		}, "unknown key"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s, admin := administered(t)
			file := filepath.Join(s.dir, "crieur.yaml")
			s.write("crieur.yaml", configured("Un"))
			s.until("the first title", "events.ics", named("Un"))
			c.damage(file)
			s.write("bal.md", strings.Replace(foire, "Foire", "Bal", 1))
			s.until("the event written after", "events.ics", has("SUMMARY:Bal"))
			_, r := s.report(admin, "POST", "/rebuild")
			if text, _ := s.get("events.ics"); !named("Un")(text) {
				t.Errorf("it goes by another:\n%s", text)
			}
			if !strings.Contains(r.Config, c.says) || !has("the last good configuration stays in force")(s.log.String()) {
				t.Errorf("it says %q, and logs\n%s", r.Config, s.log)
			}
			must(os.WriteFile(file+"~", []byte(configured("Deux")), 0o644))
			os.Remove(file)
			must(os.Rename(file+"~", file))
			s.until("the second title", "events.ics", named("Deux"))
			if _, r = s.report(admin, "POST", "/rebuild"); r.Config != "" || !has("the configuration is good again", `configuration changed title="Un → Deux"`)(s.log.String()) {
				t.Errorf("it says %q, and logs\n%s", r.Config, s.log)
			}
		})
	}
}

// What flags say is above the file, also when it changes.
func TestFlagsStayAboveTheConfiguration(t *testing.T) {
	s, _ := administered(t, "-base", "https://ailleurs.example/")
	s.write("crieur.yaml", configured("Deux"))
	s.until("the second title", "events.ics", named("Deux"))
	if text, _ := s.get("events.ics"); !has("https://ailleurs.example/events.ics")(text) {
		t.Error(text)
	}
}

// A process that begins while the file is broken goes by what the one before it went by, and follows what changes.
func TestServeBeginsWithABrokenConfiguration(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "crieur.yaml")
	os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
	os.WriteFile(file, []byte("titel: x\n"), 0o644)
	var log lockedBuffer
	if code := run(t.Context(), []string{"serve", "-addr", "127.0.0.1:0", dir}, io.Discard, &log); code != exitUsage || !has("unknown key")(log.String()) {
		t.Fatalf("with nothing to go by it ended with status %d:\n%s", code, &log)
	}
	os.WriteFile(file, []byte(configured("Un")), 0o644)
	start(t, dir).stop()

	os.WriteFile(file, []byte("titel: x\n"), 0o644)
	s := start(t, dir)
	if text, _ := s.get("events.ics"); !named("Un")(text) || !has("unknown key", "stays in force")(s.log.String()) {
		t.Errorf("%s\n%s", s.log, text)
	}
	s.write("bal.md", strings.Replace(foire, "Foire", "Bal", 1))
	s.until("the event written after", "events.ics", has("SUMMARY:Bal"))
	s.write("crieur.yaml", configured("Deux"))
	s.until("the second title", "events.ics", named("Deux"))
	s.stop()

	// Who publishes once is there to mend it.
	os.WriteFile(file, []byte("titel: x\n"), 0o644)
	if code := run(t.Context(), []string{"build", dir}, io.Discard, &log); code != exitUsage {
		t.Errorf("build ended with status %d", code)
	}

	// That there was no file is kept as well.
	os.Remove(file)
	start(t, dir).stop()
	os.WriteFile(file, []byte("titel: x\n"), 0o644)
	s = start(t, dir)
	if text, _ := s.get("events.ics"); named("Deux")(text) {
		t.Errorf("it goes by one that was removed:\n%s", text)
	}
}

// A process that begins while the file is being saved, or is gone, publishes nothing that was secret.
func TestServeBeginsWithoutItsConfiguration(t *testing.T) {
	const secret = "channels:\n  - name: agents\n    path: interne\n    secret: true\n"
	for what, c := range map[string]struct {
		more  string // of the configuration
		lose  func(file string) error
		stays bool
	}{
		"emptied":             {"", func(file string) error { return os.WriteFile(file, nil, 0o644) }, true},
		"removed":             {"", os.Remove, false},
		"emptied, and secret": {secret, func(file string) error { return os.WriteFile(file, []byte("\n"), 0o644) }, true},
		"removed, and secret": {secret, os.Remove, true},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file := filepath.Join(dir, "crieur.yaml")
			os.Mkdir(filepath.Join(dir, "interne"), 0o755)
			os.WriteFile(filepath.Join(dir, "foire.md"), []byte(foire), 0o644)
			if c.more != "" {
				os.WriteFile(filepath.Join(dir, "interne", "conseil.md"), []byte(strings.Replace(foire, "Foire", "Conseil", 1)), 0o644)
			}
			os.WriteFile(file, []byte(configured("Un")+c.more), 0o644)
			start(t, dir).stop()
			if err := c.lose(file); err != nil {
				t.Fatal(err)
			}
			s := start(t, dir)
			s.write("bal.md", strings.Replace(foire, "Foire", "Bal", 1))
			s.until("the event written after", "events.ics", has("SUMMARY:Bal"))
			text, _ := s.get("events.ics")
			if strings.Contains(text, "Conseil") {
				t.Errorf("what was secret is public:\n%s", text)
			}
			if named("Un")(text) != c.stays || has("empty", "stays in force")(s.log.String()) != c.stays {
				t.Errorf("%s\n%s", s.log, text)
			}
			s.write("crieur.yaml", configured("Deux")+c.more)
			s.until("the second title", "events.ics", named("Deux"))
		})
	}
}
