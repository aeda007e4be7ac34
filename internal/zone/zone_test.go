package zone

import "testing"

func TestLoad(t *testing.T) {
	a, err := Load("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := Load("Europe/Paris"); a != b || a.String() != "Europe/Paris" {
		t.Errorf("%v, then %v", a, b)
	}
	for _, name := range []string{"", "Local", "Paris", "../../etc/passwd", "europe"} {
		if z, err := Load(name); err == nil {
			t.Errorf("%q is %v", name, z)
		}
	}
}

func TestRules(t *testing.T) {
	paris := Rules("Europe/Paris")
	if paris == "" || paris != Rules("Europe/Paris") {
		t.Errorf("Europe/Paris has the rules %q, then %q", paris, Rules("Europe/Paris"))
	}
	for _, name := range []string{"Europe/London", "Africa/Casablanca", "Pacific/Kiritimati"} {
		if other := Rules(name); other == "" || other == paris {
			t.Errorf("%s has the rules %q", name, other)
		}
	}
	for _, name := range []string{"", "UTC", "Paris"} {
		if got := Rules(name); got != "" {
			t.Errorf("%q has the rules %q", name, got)
		}
	}
}

func BenchmarkRules(b *testing.B) {
	loc, err := Load("Europe/Paris")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		rules(loc)
	}
}
