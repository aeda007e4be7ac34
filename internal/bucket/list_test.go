package bucket_test

import (
	"strings"
	"testing"
)

// TestList holds: whatever the list says, nothing breaks, and what it does not name
// is left alone.
func TestList(t *testing.T) {
	f, _, url := start(t)
	site := newTown(t, 1).site()
	if _, err := open(t, url, "s3://site/agenda").Publish(t.Context(), site); err != nil {
		t.Fatal(err)
	}
	good := f.Objects()
	whole := string(good["agenda/.crieur.json"].Data)
	for _, c := range []struct {
		list string
		fit  bool
	}{
		{whole, true},
		{whole[:len(whole)/2], false},
		{"", false},
		{"null", false},
		{"{}", false},
		{`{"crieur":"manifest","version":1}`, true},
		{`{"crieur":"manifest","version":2}`, false},
		{`{"crieur":"manifest","version":2,"lines":1}` + "\n" + `["index.html","x"]` + "\n", false}, // that of a folder
		{`{"crieur":"manifest","version":1,"files":null,"objects":null,"pending":["index.html",""]}`, true},
		{strings.Replace(whole, `"files":`, `"nothing":`, 1), true},
		{`{"crieur":"manifest","version":1,"files":{"":["x"]}}`, false},
		{`{"crieur":"manifest","version":1,"files":{"../autre.txt":["x"]}}`, false},
		{`{"crieur":"manifest","version":1,"files":{"autre.txt":null},"objects":{"autre.txt":{}}}`, true},
		{`{"crieur":"manifest","version":1,"files":{"a\u0000b?c%zz":["x"]}}`, true},
		{`{"crieur":"manifest","version":1,"files":{"index.html":[]},"objects":{"index.html":{"etag":"","mark":""}}}`, true},
	} {
		f.Reset(good)
		f.Set("agenda/autre.txt", "not ours")
		f.Set("autre.txt", "not ours")
		f.Set("agenda/.crieur.json", c.list)
		_, err := open(t, url, "s3://site/agenda").Publish(t.Context(), site)
		if c.fit {
			if err != nil {
				t.Errorf("%s: %v", c.list, err)
			}
			equal(t, f.Objects(), "agenda/", site, "agenda/autre.txt", "autre.txt")
			continue
		}
		if err == nil || !strings.Contains(err.Error(), "this list of published objects") {
			t.Errorf("%s: error %v", c.list, err)
		}
		for name, o := range good {
			if name != "agenda/.crieur.json" && string(f.Objects()[name].Data) != string(o.Data) {
				t.Errorf("%s: %s has changed", c.list, name)
			}
		}
	}
}
