package main

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/crieur/crieur"
)

// What changes is logged, one line a record, with what it was; what is new at first is not.
func TestServeLogsChanges(t *testing.T) {
	s, admin := administered(t)
	body := strings.Repeat("Une longue page de texte. ", 20)
	s.write("foire.md", strings.Replace(strings.Replace(foire, "Foire", "Grande foire", 1), "09:00:00", "10:00:00", 1))
	s.write("bal.md", strings.Replace(foire, "Foire", "Bal", 1)+body)
	s.until("both", "events.ics", has("SUMMARY:Grande foire", "SUMMARY:Bal"))
	s.report(admin, "POST", "/rebuild")
	s.write("bal.md", strings.Replace(foire, "Foire", "Bal", 1)+strings.Replace(body, "longue page de texte. Une longue", "longue feuille de texte. Une longue", 1))
	s.until("the longer text", "events.ics", has("feuille"))
	s.report(admin, "POST", "/rebuild")
	log := s.log.String()
	for _, want := range []string{
		` changed record="Grande foire" at=` + s.dir + `/foire.md:1 why=`,
		` title="Foire → Grande foire" start="2027-05-08T09:00:00+02:00[Europe/Paris] → 2027-05-08T10:00:00+02:00[Europe/Paris]"`,
		` new record=Bal at=` + s.dir + `/bal.md:1`,
		` text="…a place.\nUne longue page de texte.`,
		`feuille de texte.`,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(log, "new record=Foire") || strings.Count(log, "changed record=") != 2 {
		t.Error("more than that")
	}
	if t.Failed() {
		t.Log(log)
	}
}

// Of very many changes of a kind the first are listed and the rest is counted; of a site that is new, all are.
func TestManyChanges(t *testing.T) {
	changes := func(yield func(crieur.Change) bool) {
		for i := range 50 {
			c := crieur.Change{Path: fmt.Sprintf("e%02d.md", i), Line: 1, Title: fmt.Sprintf("Bal %d", i)}
			if i == 49 {
				c.What = crieur.Withdrawn
			}
			if !yield(c) {
				return
			}
		}
	}
	for _, first := range []bool{false, true} {
		var b strings.Builder
		o := &options{dir: "agenda", logFormat: "json"}
		d := daemon{options: o, log: o.logger(&b), first: first}
		counts := d.tell(changes, "e00.md and 49 more")
		if counts != (changeCounts{crieur.Added: 49, crieur.Withdrawn: 1}) {
			t.Error(counts)
		}
		log := b.String()
		if first {
			if log != "" || d.first {
				t.Errorf("of a new site it logs\n%s", log)
			}
			continue
		}
		if lines := strings.Count(log, "\n"); lines != listed+2 || !has(`"record":"Bal 19","at":"agenda/e19.md:1"`, `"msg":"new","more":29`, `"msg":"withdrawn","record":"Bal 49"`)(log) {
			t.Errorf("%d lines:\n%s", lines, log)
		}
	}
}

func FuzzDifference(f *testing.F) {
	f.Add("Sur la place.", "Sur la place de l’église.")
	f.Add(strings.Repeat("é", 300)+"a", strings.Repeat("é", 300)+"b")
	f.Add("", strings.Repeat("日本", 100))
	f.Fuzz(func(t *testing.T, was, is string) {
		if !utf8.ValidString(was) || !utf8.ValidString(is) {
			t.Skip()
		}
		d := newDifference(was, is)
		for _, s := range []string{d.Old, d.New} {
			if !utf8.ValidString(s) || len(s) > shownBytes+2*len("…") {
				t.Errorf("%q", s)
			}
		}
		if trimmed := strings.TrimSpace; trimmed(was) != trimmed(is) && strings.Join(strings.Fields(was), " ") != strings.Join(strings.Fields(is), " ") && d.Old == d.New {
			t.Errorf("%q and %q are the same: %q", was, is, d.Old)
		}
	})
}
