package bucket_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/crieur/crieur/internal/s3test"
)

// TestQuotes: a tag loses its quotes for a store that was seen to want it so, and for no other: one that refuses a
// tag once, though it is right, is asked again as the standard says.
func TestQuotes(t *testing.T) {
	for _, c := range []struct {
		name   string
		bare   bool
		status int // of one refusal; 0: there is none
		code   string
		tells  int // status for a tag without quotes; 0: it takes it
		plain  bool
	}{
		{name: "standard"},
		{name: "Ceph", bare: true, plain: true},
		{name: "a tag refused once", status: 412, code: "PreconditionFailed"},
		{name: "a tag refused once, and any without quotes", status: 412, code: "PreconditionFailed", tells: 400},
		{name: "busy with the object", status: 409, code: "ConditionalRequestConflict"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, l, url := start(t)
			f.Bare = c.bare
			w := newTown(t, 2)
			p := open(t, url, "s3://site")
			if _, err := p.Publish(t.Context(), w.site()); err != nil {
				t.Fatal(err)
			}
			var last atomic.Bool // whether the last tag had quotes
			refused := c.status == 0
			l.Meanwhile(func(_ int, what string, w http.ResponseWriter, r *http.Request) bool {
				tag := r.Header.Get("If-Match")
				if r.Method != http.MethodPut || tag == "" {
					return false
				}
				quoted := strings.HasPrefix(tag, `"`)
				last.Store(quoted)
				switch {
				case !refused && what == "PUT events.ics":
					refused = true
					s3test.Refuse(w, c.status, c.code)
				case !quoted && c.tells != 0:
					s3test.Refuse(w, c.tells, "InvalidArgument")
				default:
					return false
				}
				return true
			})
			for _, title := range []string{"Marché de nuit", "Marché de jour"} {
				w.write(1, title)
				site := w.site()
				if _, err := p.Publish(t.Context(), site); err != nil {
					t.Fatal(err)
				}
				equal(t, f.Objects(), "", site)
			}
			if last.Load() == c.plain {
				t.Errorf("the last tag has quotes: %v", last.Load())
			}
		})
	}
}

// TestQuotesWithoutConditions: a store that takes no conditions any more is sent none, in whatever form.
func TestQuotesWithoutConditions(t *testing.T) {
	f, _, url := start(t)
	f.Bare = true
	w := newTown(t, 2)
	p := open(t, url, "s3://site")
	for i, title := range []string{"Marché de nuit", "Marché de jour", "Marché du soir"} {
		f.Old = i == 2
		w.write(1, title)
		site := w.site()
		if _, err := p.Publish(t.Context(), site); err != nil {
			t.Fatal(title, err)
		}
		equal(t, f.Objects(), "", site)
	}
}
