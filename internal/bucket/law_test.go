package bucket_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/s3test"
)

// A cut ends a process at its request n: before the store has it, or before the
// answer arrives.
type cut struct {
	n        int
	answered bool // what the store did, only the process did not learn of it
}

// publishUntil publishes as a process that ends at a cut does. It reports whether
// the cut came.
func publishUntil(t *testing.T, p *place, site *crieur.Site, c cut) (ended bool) {
	p.process(func(url string) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		p.line.Meanwhile(func(n int, what string, w http.ResponseWriter, r *http.Request) bool {
			switch {
			case n < c.n:
				return false
			case n == c.n && c.answered:
				done, stop := context.WithCancel(context.WithoutCancel(r.Context()))
				defer stop()
				p.line.Store.ServeHTTP(httptest.NewRecorder(), r.WithContext(done))
			}
			ended = true
			cancel()
			panic(http.ErrAbortHandler)
		})
		_, err := open(t, url, "s3://site/agenda").Publish(ctx, site)
		p.line.Meanwhile(nil)
		if err == nil && ended {
			t.Errorf("%+v: Publish says that all is done", c)
		}
		if err != nil && !ended {
			t.Errorf("%+v: %v", c, err)
		}
	})
	return ended
}

// TestCut holds the law: whatever request a process ends at, each object is
// the old or the new one, nothing leads to a document that was never there, and the
// next process, with the same site or another, makes everything right.
func TestCut(t *testing.T) {
	w := newTown(t, 6)
	one := w.site()
	w.write(0, "Marché de nuit")
	w.write(50, "Bal")
	w.forget(1)
	two := w.site()
	w.write(2, "Marché couvert")
	w.forget(3)
	three := w.site()
	everywhere(t, func(t *testing.T, p *place) {
		pass := 0 // of which each begins at another request, where not all are tried
		for _, answered := range []bool{false, true} {
			last := 0 // request of a publication
			for _, next := range []*crieur.Site{one, two, three} {
				n := 1 + pass%(1+p.n)
				pass++
				for ended := true; ended; n += 1 + p.n {
					c := cut{n, answered}
					p.clear()
					p.Set("agenda/autre.txt", "not ours")
					p.Set("agendas", "not below the prefix")
					if _, err := open(t, p.url, "s3://site/agenda").Publish(t.Context(), one); err != nil {
						t.Fatal(err)
					}
					ended = publishUntil(t, p, two, c)
					between(t, c, p.Objects(), one, two)
					done, err := open(t, p.url, "s3://site/agenda").Publish(t.Context(), next)
					if err != nil {
						t.Errorf("%+v: after it: %v", c, err)
					}
					if n == last && next == two && len(done.Written) > 0 {
						t.Errorf("%+v: %q are stored again, though only the list was missing", c, done.Written)
					}
					stored := p.Objects()
					equal(t, stored, "agenda/", next, "agenda/autre.txt", "agendas")
					if string(stored["agenda/autre.txt"].Data) != "not ours" {
						t.Errorf("%+v: what is not ours was changed", c)
					}
					if t.Failed() {
						t.Fatalf("after %+v", c)
					}
				}
				if last = n - 2; p.n > 0 {
					last = 0 // not known
				} else if last < 20 {
					t.Errorf("only %d requests", last)
				}
			}
		}
	})
}

// between tells whether what is stored lies between two sites.
func between(t *testing.T, c cut, stored map[string]s3test.Object, one, two *crieur.Site) {
	t.Helper()
	newer := map[string]bool{}
	for key, o := range stored {
		name, ok := strings.CutPrefix(key, "agenda/")
		if !ok || name == ".crieur.json" || name == "autre.txt" {
			continue
		}
		is := func(s *crieur.Site) bool { f := s.File(name); return f != nil && string(f.Bytes()) == string(o.Data) }
		if !is(one) && !is(two) {
			t.Errorf("%+v: %s is neither as it was nor as it will be", c, name)
		}
		newer[name] = is(two)
	}
	for i, stage := range two.Stages() {
		for _, f := range stage {
			for _, before := range slices.Concat(two.Stages()[:i]...) {
				if was := one.File(f.Name); newer[f.Name] && (was == nil || was.ETag != f.ETag) && !newer[before.Name] {
					t.Errorf("%+v: %s is new, and %s is not yet", c, f.Name, before.Name)
				}
			}
		}
	}
	for f := range one.Files() {
		if stored["agenda/"+f.Name].Data == nil && two.File(f.Name) != nil {
			t.Errorf("%+v: %s is gone", c, f.Name)
		}
	}
}
