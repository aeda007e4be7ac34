package crieur

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"testing/fstest"
	"time"
	"weak"
)

func siteOf(files map[string]string) *Site {
	m := map[string]*File{}
	for name, data := range files {
		m[name] = newFile(name, []byte(data))
	}
	return newSite(sortedFiles(m))
}

func names(s *Site) (names []string) {
	for f := range s.Files() {
		names = append(names, f.Name)
	}
	return names
}

// contents are the files in a folder but the list of them.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		if rel != manifestName {
			files[filepath.ToSlash(rel)] = string(data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestSiteIsAFileSystem(t *testing.T) {
	if err := fstest.TestFS(testSite(), "index.html", "event/foire.ics", "日本.rss"); err != nil {
		t.Error(err)
	}
}

// A reader who follows a link finds what it leads to.
func TestPublishOrder(t *testing.T) {
	names := []string{"feed.css", "events/archives/1.rss", "events.rss", "events.html", "index.html"}
	for i, name := range names[1:] {
		if rank(newFile(names[i], nil)) >= rank(newFile(name, nil)) {
			t.Errorf("%s is not written before %s", names[i], name)
		}
	}
}

func TestPublish(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	one := map[string]string{"index.html": "i", "events.ics": "e", "event/a.ics": "a", "event/b.ics": "b", "tag/x.rss": "x"}
	done, err := Publish(dir, siteOf(one))
	if err != nil || len(done.Written) != 5 {
		t.Fatal(done, err)
	}
	if got := contents(t, dir); !maps.Equal(got, one) {
		t.Errorf("published %v", got)
	}

	// Nothing changed: nothing is touched.
	old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for name := range one {
		if err := os.Chtimes(filepath.Join(dir, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	os.WriteFile(filepath.Join(dir, "tag", "foreign.txt"), []byte("f"), 0o644)
	two := map[string]string{"index.html": "i", "events.ics": "e2", "event/a.ics": "a"}
	done, err = Publish(dir, siteOf(two))
	if err != nil || !slices.Equal(done.Written, []string{"events.ics"}) || !slices.Equal(done.Removed, []string{"event/b.ics", "tag/x.rss"}) || done.Unchanged != 2 {
		t.Fatal(done, err)
	}
	for _, name := range []string{"index.html", "event/a.ics"} {
		if info, _ := os.Stat(filepath.Join(dir, name)); !info.ModTime().Equal(old) {
			t.Errorf("%s was touched", name)
		}
	}
	two["tag/foreign.txt"] = "f"
	if got := contents(t, dir); !maps.Equal(got, two) {
		t.Errorf("published %v", got)
	}

	// A folder left empty goes.
	if _, err := Publish(dir, siteOf(map[string]string{"index.html": "i"})); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "event")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the folder of removed files is left:", err)
	}
}

func TestPublishLeavesForeignFilesAlone(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "index.html"), []byte("somebody's"), 0o644)
	os.WriteFile(filepath.Join(dir, "events.ics"), []byte("e"), 0o644)
	done, err := Publish(dir, siteOf(map[string]string{"index.html": "ours", "events.ics": "e", "events.rss": "r"}))
	if !errors.Is(err, ErrForeign) {
		t.Errorf("error %v, want ErrForeign", err)
	}
	if !slices.Equal(done.Written, []string{"events.rss"}) {
		t.Errorf("wrote %v, want all but the foreign file", done.Written)
	}
	if got := contents(t, dir)["index.html"]; got != "somebody's" {
		t.Errorf("the foreign file is %q now", got)
	}
	// What crieur wrote and somebody changed is not deleted either.
	os.WriteFile(filepath.Join(dir, "events.rss"), []byte("edited"), 0o644)
	if _, err := Publish(dir, siteOf(map[string]string{"events.ics": "e"})); err != nil {
		t.Error(err)
	}
	if got := contents(t, dir)["events.rss"]; got != "edited" {
		t.Errorf("the edited file is %q now", got)
	}
}

func TestPublishRepairs(t *testing.T) {
	dir := t.TempDir()
	p := Publisher{Dir: dir}
	site := siteOf(map[string]string{"a.ics": "aa", "b.ics": "bb", "c.ics": "cc"})
	if _, err := p.Publish(site); err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(dir, "a.ics"))
	os.WriteFile(filepath.Join(dir, "b.ics"), []byte("xx"), 0o644)
	os.Chtimes(filepath.Join(dir, "b.ics"), time.Time{}, time.Unix(1, 0))
	done, err := p.Publish(site)
	if err != nil || !slices.Equal(done.Written, []string{"a.ics", "b.ics"}) {
		t.Error(done, err)
	}
}

// Update looks at what is another document now, and at all else only where it cannot know.
func TestUpdate(t *testing.T) {
	dir := t.TempDir()
	p := Publisher{Dir: dir}
	damage := func() {
		if err := os.WriteFile(filepath.Join(dir, "b.ics"), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		does             string
		before           func()
		publish          func(*Site) (Publication, error)
		files            map[string]string
		written, removed []string
		unchanged        int
	}{
		{"the first call looks at all", func() {}, p.Update, map[string]string{"a.ics": "1", "b.ics": "1", "d/c.ics": "1", "e.ics": "1"}, []string{"a.ics", "b.ics", "d/c.ics", "e.ics"}, nil, 0},
		{"what is the same is not looked at", damage, p.Update, map[string]string{"a.ics": "2", "b.ics": "1", "d/f.ics": "1", "e.ics": "1"}, []string{"a.ics", "d/f.ics"}, []string{"d/c.ics"}, 2},
		{"Publish sees it", func() {}, p.Publish, map[string]string{"a.ics": "2", "b.ics": "1", "d/f.ics": "1", "e.ics": "1"}, []string{"b.ics"}, nil, 3},
		{"and what has changed is seen", damage, p.Update, map[string]string{"a.ics": "2", "b.ics": "3"}, []string{"b.ics"}, []string{"d/f.ics", "e.ics"}, 1},
		{"another process has published", func() {
			damage()
			if _, err := Publish(dir, siteOf(map[string]string{"a.ics": "9"})); err != nil {
				t.Fatal(err)
			}
			damage()
			os.Remove(filepath.Join(dir, "b.ics"))
		}, p.Update, map[string]string{"a.ics": "2", "b.ics": "3"}, []string{"a.ics", "b.ics"}, nil, 0},
		{"the list is lost", func() { damage(); os.Remove(filepath.Join(dir, manifestName)) }, p.Update, map[string]string{"a.ics": "2"}, nil, nil, 1},
	} {
		step.before()
		done, err := step.publish(siteOf(step.files))
		if want := (Publication{step.written, step.removed, step.unchanged}); err != nil || !reflect.DeepEqual(done, want) {
			t.Errorf("%s: %+v, %v, want %+v", step.does, done, err, want)
		}
		m, err := readManifest(os.DirFS(dir), manifestName)
		if names := slices.Sorted(maps.Keys(m.Files)); err != nil || !slices.Equal(names, slices.Sorted(maps.Keys(step.files))) {
			t.Errorf("%s: the list has %v: %v", step.does, names, err)
		}
	}

	fault := errors.New("no room")
	p.step = func(op, name string) error {
		if op == "rename" && name == "a.ics" {
			return fault
		}
		return nil
	}
	if _, err := p.Update(siteOf(map[string]string{"a.ics": "4", "c.ics": "1"})); !errors.Is(err, fault) {
		t.Fatal(err)
	}
	p.step = nil
	os.Remove(filepath.Join(dir, "c.ics")) // whatever became of it
	if _, err := p.Update(siteOf(map[string]string{"a.ics": "4", "c.ics": "1"})); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, dir); got["a.ics"] != "4" || got["c.ics"] != "1" {
		t.Errorf("after a fault the folder holds %v", got)
	}
}

// A stranger's file where a folder must be keeps only what would be in it
// from being published.
func TestPublishForeignFileWhereAFolderMustBe(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "event"), []byte("somebody's"), 0o644)
	_, err := Publish(dir, siteOf(map[string]string{"event/a.ics": "a", "events.ics": "e"}))
	if !errors.Is(err, ErrForeign) {
		t.Error(err)
	}
	if got := contents(t, dir); !maps.Equal(got, map[string]string{"event": "somebody's", "events.ics": "e"}) {
		t.Errorf("%v", got)
	}
}

func TestPublishOutOfTheFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "event")); err != nil {
		t.Fatal(err)
	}
	if _, err := Publish(dir, siteOf(map[string]string{"event/a.ics": "a"})); err == nil {
		t.Error("published through a link that leads out of the folder")
	}
	if got := contents(t, outside); len(got) > 0 {
		t.Errorf("written outside: %v", got)
	}
}

func TestPublishAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	if _, err := Publish(dir, siteOf(map[string]string{"a.ics": "a"})); err != nil {
		t.Fatal(err)
	}
	// A folder where a temporary file must go: that file cannot be written.
	if err := os.MkdirAll(filepath.Join(dir, tempName("b.ics"), "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Publish(dir, siteOf(map[string]string{"a.ics": "a2", "b.ics": "b"})); err == nil {
		t.Fatal("no error")
	}
	if got := contents(t, dir)["a.ics"]; got != "a" {
		t.Errorf("a.ics is %q: one file was published without the other", got)
	}
	os.RemoveAll(filepath.Join(dir, tempName("b.ics")))
	if _, err := Publish(dir, siteOf(map[string]string{"a.ics": "a2", "b.ics": "b"})); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, dir); !maps.Equal(got, map[string]string{"a.ics": "a2", "b.ics": "b"}) {
		t.Errorf("published %v", got)
	}
}

func TestPublishDamagedManifest(t *testing.T) {
	dir := t.TempDir()
	site := siteOf(map[string]string{"a.ics": "a"})
	if _, err := Publish(dir, site); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"", "{", `{"crieur":"manifest","version":2}`, "null"} {
		os.WriteFile(filepath.Join(dir, manifestName), []byte(s), 0o644)
		if _, err := Publish(dir, siteOf(nil)); !errors.Is(err, errManifest) {
			t.Errorf("manifest %q was believed: %v", s, err)
		}
		if got := contents(t, dir); len(got) != 1 {
			t.Errorf("left %v", got)
		}
	}
}

// What a build made is held on to until it is published, and made again for who asks then.
func TestPublishLetsGo(t *testing.T) {
	w := newWorld(t)
	w.event("foire.md", "Foire", "2027-05-08")
	site, _, _ := w.builder.Build(w.files, w.config, nil, w.now)
	made := site.fresh.Value()
	if made == nil || len(*made.Load()) == 0 {
		t.Fatal("nothing is held")
	}
	dir := t.TempDir()
	if _, err := Publish(dir, site); err != nil {
		t.Fatal(err)
	}
	if made.Load() != nil {
		t.Error("it is still held")
	}
	runtime.GC()
	got := contents(t, dir)
	for f := range site.Files() {
		if data := string(f.Bytes()); data != got[f.Name] {
			t.Errorf("%s is %.100q, and was published as %.100q", f.Name, data, got[f.Name])
		}
	}
}

// A list that was added to and could not be made durable is, before anything is put in place.
func TestListIsMadeDurable(t *testing.T) {
	dir := t.TempDir()
	p := Publisher{Dir: dir}
	if _, err := p.Publish(siteOf(map[string]string{"a.ics": "1"})); err != nil {
		t.Fatal(err)
	}
	fault := errors.New("EIO")
	p.step = func(op, name string) error {
		if op == "sync" && name == manifestName {
			return fault
		}
		return nil
	}
	if _, err := p.Publish(siteOf(map[string]string{"a.ics": "1", "b.ics": "1"})); !errors.Is(err, fault) {
		t.Fatal(err)
	}
	durable := false
	p.step = func(op, name string) error {
		if op == "sync" && (name == manifestName || name == tempName(manifestName)) {
			durable = true
		}
		if op == "rename" && name == "b.ics" && !durable {
			t.Error("b.ics is put in place, and the list that owns it was never made durable")
		}
		return nil
	}
	if _, err := p.Publish(siteOf(map[string]string{"a.ics": "1", "b.ics": "1"})); err != nil {
		t.Fatal(err)
	}
}

// The call after an error looks at all, also where the folder could not be opened.
func TestUpdateAfterAnError(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	p := Publisher{Dir: dir}
	s := siteOf(map[string]string{"a.ics": "1", "b.ics": "1"})
	if _, err := p.Update(s); err != nil {
		t.Fatal(err)
	}
	os.Rename(dir, dir+".away")
	os.WriteFile(dir, nil, 0o644)
	if _, err := p.Update(s); err == nil {
		t.Fatal("no error")
	}
	os.Remove(dir)
	os.Remove(filepath.Join(dir+".away", "b.ics"))
	os.Rename(dir+".away", dir)
	if _, err := p.Update(s); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, dir); got["b.ics"] != "1" {
		t.Errorf("the call after an error looked at nothing: %v", got)
	}
}

// Likewise where the error is that of the secret folder, in both.
func TestUpdateAfterAnErrorOfSecrets(t *testing.T) {
	p := Publisher{Dir: t.TempDir(), Secret: filepath.Join(t.TempDir(), "s")}
	s := siteOf(map[string]string{"a.ics": "1", "b.ics": "1"})
	s.secret = siteOf(map[string]string{"s/a.ics": "1"})
	if _, err := p.Update(s); err != nil {
		t.Fatal(err)
	}
	os.Rename(p.Secret, p.Secret+".away")
	os.WriteFile(p.Secret, nil, 0o644)
	if _, err := p.Update(s); err == nil {
		t.Fatal("no error")
	}
	os.Remove(p.Secret)
	os.Rename(p.Secret+".away", p.Secret)
	os.Remove(filepath.Join(p.Secret, "s/a.ics"))
	os.Remove(filepath.Join(p.Dir, "b.ics"))
	if _, err := p.Update(s); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, p.Dir); got["b.ics"] != "1" {
		t.Errorf("public: the call after an error looked at nothing: %v", got)
	}
	if got := contents(t, p.Secret); got["s/a.ics"] != "1" {
		t.Errorf("secret: the call after an error looked at nothing: %v", got)
	}
}

// A Publisher that is given other folders publishes there.
func TestPublishElsewhere(t *testing.T) {
	p := Publisher{Dir: t.TempDir(), Secret: t.TempDir()}
	s := siteOf(map[string]string{"a.ics": "1"})
	s.secret = siteOf(map[string]string{"s/a.ics": "1"})
	if _, err := p.Update(s); err != nil {
		t.Fatal(err)
	}
	p.Dir, p.Secret = t.TempDir(), t.TempDir()
	if _, err := p.Update(s); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{filepath.Join(p.Dir, "a.ics"), filepath.Join(p.Secret, "s/a.ics")} {
		if _, err := os.Stat(f); err != nil {
			t.Error(err)
		}
	}
}

// A list of version 1 that somebody edited is no reason to panic.
func TestLastOfAListWithoutTags(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "index.html"), []byte("x"), 0o644)
	os.WriteFile(filepath.Join(dir, manifestName), []byte(`{"crieur":"manifest","version":1,"files":{"index.html":[]}}`), 0o644)
	defer func() {
		if p := recover(); p != nil {
			t.Error(p)
		}
	}()
	(&Publisher{Dir: dir}).Last(nil)
}

// A Publisher does not hold on to what it has published.
func TestPublisherHoldsNoSite(t *testing.T) {
	for _, releases := range []bool{false, true} {
		p := Publisher{Dir: t.TempDir(), Releases: releases}
		s := siteOf(map[string]string{"a.ics": "1"})
		if _, err := p.Publish(s); err != nil {
			t.Fatal(err)
		}
		wp := weak.Make(s)
		s = nil
		runtime.GC()
		if wp.Value() != nil {
			t.Errorf("releases %v: the site is held", releases)
		}
		runtime.KeepAlive(&p)
	}
}

// A site that is only served does not hold on to the builder that made it.
func TestSiteHoldsNoBuilder(t *testing.T) {
	w := newWorld(t)
	w.event("foire.md", "Foire", "2027-05-08")
	b := new(Builder)
	p := weak.Make(b)
	site, h, _ := b.Build(w.files, w.config, nil, w.now)
	b = nil
	runtime.GC()
	if p.Value() != nil {
		t.Error("the builder is held by its site, which was not published")
	}
	runtime.KeepAlive(h)
	runtime.KeepAlive(site)
}
