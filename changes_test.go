package crieur

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/crieur/crieur/internal/content"
)

// told is a line for each change, as a log would have it.
func told(h, old *History) string {
	var b strings.Builder
	for c := range h.Changes(old) {
		fmt.Fprintf(&b, "%s:%d %s %s", c.Path, c.Line, c.What, c.Title)
		for _, f := range c.Fields {
			fmt.Fprintf(&b, " %s: %q, %q", f.Name, f.Old, f.New)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// What is read from disk differs from what was kept in nothing that is seen.
func TestChangesAfterARestart(t *testing.T) {
	w := newWorld(t)
	w.write("lettre.md", "---\ntitle: Lettre\ndate: 2026-06-02\n---\nBonjour.\n")
	w.build()
	before := reload(t, w.history)
	w.history = before
	w.write("lettre.md", "---\ntitle: Deuxième lettre\ndate: 2026-06-02\n---\nBonjour.\n")
	w.later(time.Hour)
	if got, want := told(w.history, before), `lettre.md:1 changed Deuxième lettre title: "Lettre", "Deuxième lettre"`+"\n"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestChanges(t *testing.T) {
	w := newWorld(t)
	var before *History
	step := func(what, want string) {
		t.Helper()
		w.later(time.Hour)
		if got := told(w.history, before); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", what, got, want)
		}
		before = w.history
	}
	w.event("foire.md", "Foire", "2027-05-08 09:00:00 +02:00")
	w.event("bal.md", "Bal", "2027-06-20 21:00:00 +02:00")
	w.write("lettre.md", "---\ntitle: Lettre\ndate: 2026-11-02\n---\nBonjour.\n")
	step("first", "bal.md:1 new Bal\nfoire.md:1 new Foire\nlettre.md:1 new Lettre\n")
	step("nothing", "")
	w.event("foire.md", "Grande foire", "2027-05-09 10:00:00 +02:00", "location: Halle", "tags: [marché, fête]")
	w.rename("bal.md", "2027/bal.md")
	step("edited, and renamed",
		`foire.md:1 changed Grande foire title: "Foire", "Grande foire" start: "2027-05-08T09:00:00+02:00[Europe/Paris]", "2027-05-09T10:00:00+02:00[Europe/Paris]" location: "", "Halle" tags: "", "marché, fête"`+"\n")
	w.event("2027/bal.md", "Bal", "2027-06-20 21:00:00 +02:00", "status: cancelled")
	w.remove("lettre.md")
	step("cancelled, and removed", `2027/bal.md:1 changed Bal status: "", "cancelled"`+"\nlettre.md:1 removed Lettre\n")
	w.remove("foire.md")
	step("withdrawn", "foire.md:1 withdrawn Grande foire\n")
	w.event("foire.md", "Grande foire", "2027-05-09", "location: Halle", "tags: [marché, fête]")
	step("written again, for a day", "foire.md:1 restored Grande foire\n")
	w.remove("foire.md")
	step("withdrawn again", "foire.md:1 withdrawn Grande foire\n")
	w.now = w.now.Add(40 * 24 * time.Hour)
	step("retained no longer", "foire.md:1 removed Grande foire\n")
	step("and that was all", "")
	if again := told(reload(t, w.history), before); again != "" {
		t.Errorf("read again from disk: %s", again)
	}
}

// A listener that ends early is told no more.
func TestChangesAreLazy(t *testing.T) {
	w := newWorld(t)
	for n := range 10 {
		w.event(fmt.Sprintf("e%d.md", n), fmt.Sprintf("Bal %d", n), "2027-06-20 21:00:00 +02:00")
	}
	n := 0
	for range w.build().history.Changes(nil) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Error(n)
	}
}

// Law: whatever makes the fingerprint of a record another one is told.
func TestEveryVisibleFieldIsTold(t *testing.T) {
	w := newWorld(t)
	cfg, err := w.config.settings(new(History))
	if err != nil {
		t.Fatal(err)
	}
	record := func(kind content.Kind) *content.Record {
		return &content.Record{Kind: kind, Title: "Foire", Body: "Sur la place.", HasPosition: true, Published: at("2026-11-01T08:00:00Z"), When: content.Span{Start: at("2027-05-08T09:00:00Z")}}
	}
	different := 0
	for _, kind := range []content.Kind{content.Event, content.Article} {
		paths := leaves(reflect.TypeFor[content.Record](), nil)
		for _, p := range paths {
			a, b := record(kind), record(kind)
			name := alter(reflect.ValueOf(b).Elem(), p)
			seen := cfg.fingerprint(a, "") != cfg.fingerprint(b, "")
			var names []string
			for _, f := range fieldChanges(a, b) {
				names = append(names, f.Name)
			}
			if seen && len(names) == 0 {
				t.Errorf("%s: another %s is seen, and not told", kind, name)
			}
			if seen {
				different++
			}
		}
	}
	if different < 40 {
		t.Errorf("only %d fields are seen", different)
	}
}

// leaves are the ways to the values in a struct that are none themselves.
func leaves(t reflect.Type, path []int) (all [][]int) {
	for i := range t.NumField() {
		f, p := t.Field(i), append(slices.Clone(path), i)
		if f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[time.Time]() {
			all = append(all, leaves(f.Type, p)...)
			continue
		}
		all = append(all, p)
	}
	return all
}

// alter gives the value at path another one, and returns its name.
func alter(v reflect.Value, path []int) string {
	field := v.FieldByIndex(path)
	other(field)
	return v.Type().FieldByIndex(path).Name
}

func other(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + int64(time.Minute))
	case reflect.Uint8:
		v.SetUint(v.Uint() + 1)
	case reflect.Float64:
		v.SetFloat(v.Float() + 1)
	case reflect.Slice:
		e := reflect.New(v.Type().Elem()).Elem()
		other(e)
		v.Set(reflect.Append(v, e))
	case reflect.Struct:
		if t, ok := v.Interface().(time.Time); ok {
			if t.IsZero() {
				t = at("2027-05-08T09:00:00Z")
			}
			v.Set(reflect.ValueOf(t.AddDate(0, 0, 1)))
			return
		}
		for i := range v.NumField() {
			other(v.Field(i))
		}
	default:
		panic("crieur: a field of kind " + v.Kind().String())
	}
}
