package crieur

import (
	"strings"
	"testing"
)

// Words that differ by their accents alone keep a channel each, and somebody is told.
func TestLabelsThatDifferByAccents(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Un", "2027-05-01 10:00", "categories: [Évènement, Pont]")
	w.event("b.md", "Deux", "2027-05-02 10:00", "categories: [évènement]", "tags: [Événement]")
	w.event("c.md", "Trois", "2027-05-03 10:00", "categories: [Événement]")
	w.build()
	for _, name := range []string{"events/category/evenement.ics", "events/category/pont.ics"} {
		if _, err := w.site.Open(name); err != nil {
			t.Error(err)
		}
	}
	f := w.fault("near-label")
	if f == nil {
		t.Fatal("nobody is told")
	}
	if want := `c.md:1:1: notice: the category "Événement" (records: 1) and "Évènement" (records: 2)`; !strings.HasPrefix(f.Error(), want) {
		t.Errorf("told %q, want %q", f, want)
	}
	w.event("c.md", "Trois", "2027-05-03 10:00", "categories: [Évènement]")
	w.event("b.md", "Deux", "2027-05-02 10:00", "categories: [évènement]")
	if w.build(); w.fault("near-label") != nil {
		t.Error("told although all are written alike")
	}
}

func TestAccentsOfOtherScripts(t *testing.T) {
	for _, pair := range [][2]string{{"は", "ば"}, {"и", "й"}, {"c", "ć"}} {
		same := withoutAccents(pair[0]) == withoutAccents(pair[1])
		if latin := pair[0] == "c"; same != latin {
			t.Errorf("%q and %q differ by accents alone: %v", pair[0], pair[1], same)
		}
	}
}
