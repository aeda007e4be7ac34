package crieur

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"
)

// reopen saves the world's history and reads it back, as a restart does.
func (w *world) reopen(dir string) {
	w.t.Helper()
	s, err := OpenStore(dir)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := s.Save(w.history); err != nil {
		w.t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		w.t.Fatal(err)
	}
	if s, err = OpenStore(dir); err != nil {
		w.t.Fatal(err)
	}
	defer s.Close()
	w.history, w.builder = s.History(), Builder{}
}

// A restart changes no byte and no date, whatever the zones and the states of
// the records.
func TestStoreKeepsEverything(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00", "tags: [R&D, 日本]")
	w.event("b.md", "Bal", "2027-05-09")
	w.event("c.md", "Visite", "2027-05-09 10:00", "timezone: Asia/Tokyo")
	w.event("d.md", "Lancement", "2027-05-09T10:00:00Z", "uid: d@brume.example")
	w.event("e.md", "Ailleurs", "2027-05-09 10:00:00 -03:30")
	w.write("n.md", "---\ntitle: Nouvelle\ndate: 2026-11-02\n---\nTexte.\n")
	w.build()
	w.remove("c.md")
	w.later(time.Hour)
	before := w.site
	for range 3 {
		w.reopen(dir)
		w.build()
		equalSites(t, before, w.site)
	}
	w.event("b.md", "Bal", "2027-05-10")
	w.later(time.Hour)
	before = w.site
	w.reopen(dir)
	w.build()
	equalSites(t, before, w.site)
	if w.get("Bal", "SEQUENCE") != "1" {
		t.Error("the revision was forgotten")
	}
}

// saves makes a history of two saves, and returns its file and where the
// first ends.
func saves(t *testing.T) (data []byte, first int) {
	t.Helper()
	dir := t.TempDir()
	w := newWorld(t)
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
	w.build()
	w.reopen(dir)
	name := filepath.Join(dir, historyName)
	one, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	w.event("a.md", "Grande foire", "2027-05-08 09:00:00 +02:00")
	w.later(time.Hour)
	w.reopen(dir)
	if data, err = os.ReadFile(name); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(data, one) {
		t.Fatal("the second save did not add to the first")
	}
	return data, len(one)
}

// Cut anywhere, the file is the last whole save, or an error: never a new
// beginning.
func TestStoreCutAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	data, first := saves(t)
	for n := range len(data) {
		h, good, _, err := readHistory(bytes.NewReader(data[:n]))
		switch {
		case n < first:
			if !errors.Is(err, ErrDamaged) {
				t.Fatalf("cut to %d bytes: %v", n, err)
			}
		case err != nil || good != int64(first) || h.entries.len() != 1:
			t.Fatalf("cut to %d bytes: %v, %d good", n, err, good)
		}
	}
}

// With any byte changed it is an error, but where that undoes the end of the
// last save, as a crash would.
func TestStoreByteChangedAnywhere(t *testing.T) {
	data, first := saves(t)
	last := bytes.LastIndexByte(data[:len(data)-1], '\n') + 1
	step := 1
	if racing {
		step = 7
	}
	for n := 0; n < len(data); n += step {
		for _, flip := range []byte{0x01, 0x80} {
			bad := bytes.Clone(data)
			bad[n] ^= flip
			_, good, _, err := readHistory(bytes.NewReader(bad))
			if err == nil && !(n >= last-1 && good == int64(first)) {
				t.Fatalf("byte %d changed by %#x is believed", n, flip)
			}
			if err == nil || errors.Is(err, ErrDamaged) {
				continue
			}
			t.Fatalf("byte %d changed by %#x: %v", n, flip, err)
		}
	}
}

func TestStoreOfTheFuture(t *testing.T) {
	dir := t.TempDir()
	var b bytes.Buffer
	writeLine(&b, line{Format: historyFormat, Version: 9})
	os.WriteFile(filepath.Join(dir, historyName), b.Bytes(), 0o644)
	_, err := OpenStore(dir)
	if err == nil || errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "use a newer crieur") {
		t.Error(err)
	}
	if got, _ := os.ReadFile(filepath.Join(dir, historyName)); !bytes.Equal(got, b.Bytes()) {
		t.Error("it was changed")
	}
}

func TestStoreIsForOneProcess(t *testing.T) {
	dir := t.TempDir()
	s, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = OpenStore(dir)
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("the second one: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = OpenStore(dir); err != nil {
		t.Fatal("after the first is closed: ", err)
	}
	s.Close()
}

// The file does not grow for ever.
func TestStoreIsWrittenAnew(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	dir := t.TempDir()
	s, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w := newWorld(t)
	text := strings.Repeat("Un long texte. ", 4000)
	for i := range 60 {
		w.event("a.md", fmt.Sprintf("Foire %d", i), "2027-05-08 09:00:00 +02:00", "chapeau-text: "+fmt.Sprint(i))
		w.files["a.md"].Data = append(w.files["a.md"].Data, text...)
		site, h, _ := w.builder.Build(w.files, w.config, s.History(), w.now.Add(time.Duration(i)*time.Minute))
		if site == nil {
			t.Fatal("no site")
		}
		if err := s.Save(h); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, historyName))
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > 1<<20+10*len(text) {
		t.Errorf("%d bytes for one event of %d", len(data), len(text))
	}
	h, _, _, err := readHistory(bytes.NewReader(data))
	if err != nil || h.entries.len() != 1 || h.outputs.get("events.ics").Hash != s.History().outputs.get("events.ics").Hash {
		t.Errorf("%v", err)
	}
}

// A folder that is deleted under a running process is made again, whole.
func TestStoreDeletedUnderIt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	s, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w := newWorld(t)
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
	w.event("b.md", "Bal", "2027-05-09 09:00:00 +02:00")
	w.build()
	if err := s.Save(w.history); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	w.event("a.md", "Grande foire", "2027-05-08 09:00:00 +02:00")
	w.later(time.Hour)
	if err := s.Save(w.history); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, historyName))
	if err != nil {
		t.Fatal(err)
	}
	if h, _, _, err := readHistory(bytes.NewReader(data)); err != nil || h.entries.len() != 2 {
		t.Errorf("%v", err)
	}
}

// A history that says nothing can be saved, too.
func TestStoreOfNothing(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		s, err := OpenStore(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Save(new(History)); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A save that fails, before, in or after its bytes, is none, or all of it; and
// the next one does not build on what is not known to be on the disk.
func TestStoreAfterAFailure(t *testing.T) {
	for _, fails := range []string{"append", "half", "sync"} {
		dir := t.TempDir()
		s, err := OpenStore(dir)
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t)
		w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
		w.build()
		if err := s.Save(w.history); err != nil {
			t.Fatal(err)
		}
		first := w.history
		name := filepath.Join(dir, historyName)
		var did []string
		s.step = func(op, _ string) error {
			did = append(did, op)
			if op == "append" && fails == "half" {
				f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
				if err != nil {
					return err
				}
				defer f.Close()
				f.WriteString("00000000 {\"half\": ")
			}
			if op == fails || op == "append" && fails == "half" {
				return syscall.ENOSPC
			}
			return nil
		}
		w.event("a.md", "Grande foire", "2027-05-08 09:00:00 +02:00")
		w.later(time.Hour)
		if err := s.Save(w.history); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", fails, err)
		}
		h, err := ReadHistory(dir)
		if err != nil || h.outputs.get("events.ics") != first.outputs.get("events.ics") || s.History() != first {
			t.Errorf("%s: after the failure the history is another, %v", fails, err)
		}
		fails, did = fails+", and then nothing", nil
		if err := s.Save(w.history); err != nil {
			t.Errorf("%s: %v", fails, err)
		}
		if anew := slices.Contains(did, "rename"); anew != strings.HasPrefix(fails, "sync") {
			t.Errorf("%s: the next save did %v", fails, did)
		}
		if h, err = ReadHistory(dir); err != nil || h.outputs.get("events.ics") != w.history.outputs.get("events.ics") {
			t.Errorf("%s: %v", fails, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A backup that is put in the place of the file of a running process, by
// another file or in the same one, is overruled by what the process knows.
func TestStoreReplacedUnderIt(t *testing.T) {
	for _, how := range []string{"another file", "the same file"} {
		dir := t.TempDir()
		s, err := OpenStore(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		w := newWorld(t)
		name := filepath.Join(dir, historyName)
		var backup []byte
		for _, title := range []string{"Foire", "Grande foire", "Très grande foire"} {
			w.event("a.md", title, "2027-05-08 09:00:00 +02:00")
			w.later(time.Hour)
			if title == "Très grande foire" {
				if how == "another file" {
					os.Remove(name)
				}
				if err := os.WriteFile(name, backup, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Save(w.history); err != nil {
				t.Fatal(err)
			}
			if backup == nil {
				if backup, err = os.ReadFile(name); err != nil {
					t.Fatal(err)
				}
			}
		}
		if h, err := ReadHistory(dir); err != nil || h.outputs.get("events.ics") != w.history.outputs.get("events.ics") {
			t.Errorf("%s: %v", how, err)
		}
	}
}

// A history that has not changed is on the disk, too, when saving it succeeds: whatever became of the file since, and of
// a save that failed.
func TestStoreSavesWhatHasNotChanged(t *testing.T) {
	for _, how := range []string{"removed", "replaced", "failed"} {
		dir := t.TempDir()
		s, err := OpenStore(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		w := newWorld(t)
		name := filepath.Join(dir, historyName)
		w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
		w.build()
		if err := s.Save(w.history); err != nil {
			t.Fatal(err)
		}
		backup, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		w.event("a.md", "Grande foire", "2027-05-08 09:00:00 +02:00")
		w.later(time.Hour)
		if err := s.Save(w.history); err != nil {
			t.Fatal(err)
		}
		last := w.history
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
		switch how {
		case "replaced":
			if err := os.WriteFile(name, backup, 0o644); err != nil {
				t.Fatal(err)
			}
		case "failed": // once it is in its place
			s.step = func(op, name string) error {
				if op == "sync" && name == "." {
					return errors.New("no")
				}
				return nil
			}
			w.event("a.md", "Très grande foire", "2027-05-08 09:00:00 +02:00")
			w.later(time.Hour)
			if err := s.Save(w.history); err == nil {
				t.Fatal("it does not fail")
			}
			s.step = nil
		}
		if err := s.Save(last); err != nil {
			t.Fatal(err)
		}
		if h, err := ReadHistory(dir); err != nil || h.outputs.get("events.ics") != last.outputs.get("events.ics") {
			t.Errorf("%s: the file has another history, %v", how, err)
		}
	}
}

// A store that is taken and not loaded yet has no history, and takes none.
func TestLockedAndNotLoaded(t *testing.T) {
	dir := t.TempDir()
	store, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, h, _ := Build(fstest.MapFS{"a.md": {Data: []byte("---\ntitle: A\ndate: 2026-01-02\n---\n")}}, Config{}, nil, time.Unix(1.8e9, 0))
	if err := errors.Join(store.Save(h), store.Close()); err != nil {
		t.Fatal(err)
	}
	if store, err = LockStore(dir); err != nil {
		t.Fatal(err)
	}
	if err := store.Save(new(History)); err == nil || len(store.History().Lives()) > 0 {
		t.Errorf("saved before it was loaded: %v", err)
	}
	if _, err := LockStore(dir); !errors.Is(err, ErrLocked) {
		t.Errorf("taken twice: %v", err)
	}
	if err := store.Load(); err != nil || len(store.History().Lives()) != 1 {
		t.Errorf("%v: %v", err, store.History().Lives())
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}
