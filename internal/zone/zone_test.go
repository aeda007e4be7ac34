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
