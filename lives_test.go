package crieur

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
)

// A history that was exported and imported is the same one: the site built from it, at any later time, is too.
func TestHistoryAsJSON(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	w := newWorld(t)
	w.config.Limit = 4 // so that there are archives
	for n := range 40 {
		edit(random, w, n)
		w.later(time.Duration(random.IntN(48)) * time.Hour)
	}
	data, err := json.Marshal(w.history)
	if err != nil {
		t.Fatal(err)
	}
	h := new(History)
	if err := json.Unmarshal(data, h); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	if string(again) != string(data) {
		t.Error("exported again it is another")
	}
	for range 3 {
		before := w.later(20 * 24 * time.Hour)
		site, next, _ := Build(w.files, w.config, h, w.now)
		equalSites(t, before.site, site)
		h = next
	}
}

func TestHistoryAsJSONThatIsNone(t *testing.T) {
	data, err := json.Marshal(newWorld(t).build().history)
	if err != nil {
		t.Fatal(err)
	}
	for name, doc := range map[string]string{
		"nothing": `null!`, "another object": `{}`, "a list": `[]`, "cut": string(data[:len(data)/2]),
		"unknown field": strings.Replace(string(data), `"entries"`, `"entres"`, 1),
		"twice":         strings.Replace(string(data), `"entries":[]`, `"entries":[{"id":"a"},{"id":"a"}]`, 1),
		"no label":      strings.Replace(string(data), `"labels":[]`, `"labels":[null]`, 1),
		"no kind":       strings.Replace(string(data), `"entries":[]`, `"entries":[{"id":"a"}]`, 1),
		"no entry":      strings.Replace(string(data), `"entries":[]`, `"entries":[null]`, 1),
	} {
		h := new(History)
		if err := h.UnmarshalJSON([]byte(doc)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		if len(h.Lives()) > 0 {
			t.Errorf("%s: it holds something", name)
		}
	}
	if err := new(History).UnmarshalJSON([]byte(strings.Replace(string(data), `"version":1`, `"version":2`, 1))); err == nil || errors.Is(err, ErrDamaged) {
		t.Errorf("of a newer version: %v", err)
	}
}

// The lives of records are told also while a store is open, as of its last save.
func TestLives(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00", "uid: foire@brume.example")
	w.event("b.md", "Bal", "2027-05-09")
	w.event("c.md", "Visite", "2027-05-10")
	w.event("d.md", "Nuit", "2027-05-11")
	w.build()
	w.event("b.md", "Grand bal", "2027-05-09")
	w.remove("c.md")
	w.later(time.Hour)
	w.later(40 * 24 * time.Hour)
	w.remove("a.md")
	w.later(time.Hour)

	dir := t.TempDir()
	if _, err := ReadHistory(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of nothing: %v", err)
	}
	store, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Save(w.history); err != nil {
		t.Fatal(err)
	}
	h, err := ReadHistory(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range h.Lives() {
		state := "published"
		if !l.Withdrawn.IsZero() {
			state = "withdrawn"
		}
		if l.Gone {
			state = "gone"
		}
		got = append(got, strings.Join([]string{l.Path, l.Kind, l.Title, l.Name, l.Declared, state, string(rune('0' + l.Revision))}, "|"))
	}
	want := []string{
		"a.md|event|Foire|foire|foire@brume.example|withdrawn|1",
		"b.md|event|Grand bal|bal||published|1",
		"c.md|event||visite||gone|1",
		"d.md|event|Nuit|nuit||published|0",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
