package bucket_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/bucket"
	"github.com/crieur/crieur/internal/s3test"
)

func TestPublish(t *testing.T) { everywhere(t, publishes) }

func publishes(t *testing.T, at *place) {
	f, l, url := at.contents, at.line, at.url
	f.Set("autre.txt", "not ours")
	w := newTown(t, 40)
	first := w.site()
	p := open(t, url, "s3://site")
	done, err := p.Publish(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, f.Objects(), "", first, "autre.txt")
	if len(done.Written) == 0 || !slices.IsSorted(done.Written) || len(done.Removed) > 0 || done.Unchanged > 0 {
		t.Errorf("published %+v", done)
	}
	log := l.Requests()
	if log[0] != "GET .crieur.json" || log[1] != "LIST" || log[2] != "PUT .crieur.json" || log[len(log)-1] != "PUT .crieur.json" {
		t.Errorf("requests %q", log)
	}
	documents := slices.DeleteFunc(slices.Clone(log), func(s string) bool { return strings.HasSuffix(s, " .crieur.json") })
	if i := slices.Index(documents, "PUT index.html"); i < len(documents)-2 {
		t.Errorf("index.html is number %d of %d requests", i, len(documents))
	}

	t.Run("unchanged", func(t *testing.T) {
		for _, p := range []*bucket.Publisher{p, open(t, url, "s3://site/")} {
			done, err := p.Publish(t.Context(), w.site())
			if err != nil || len(done.Written)+len(done.Removed) > 0 || done.Unchanged == 0 {
				t.Errorf("published %+v, %v", done, err)
			}
			if log := l.Requests(); !slices.Equal(log, []string{"GET .crieur.json"}) {
				t.Errorf("requests %q", log)
			}
		}
	})

	t.Run("changed", func(t *testing.T) {
		w.write(7, "Marché de nuit")
		second := w.site()
		done, err := p.Publish(t.Context(), second)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, f.Objects(), "", second, "autre.txt")
		log := l.Requests()
		if puts := slices.DeleteFunc(slices.Clone(log), func(s string) bool { return !strings.HasPrefix(s, "PUT ") }); len(puts) != len(done.Written)+2 {
			t.Errorf("%d objects in %q", len(done.Written), puts)
		}
		w.forget(8)
		if done, err = p.Publish(t.Context(), w.site()); err != nil || !slices.Contains(done.Removed, "event/marche-de-valmeuse-8.ics") || !slices.IsSorted(done.Removed) {
			t.Errorf("removed %q, %v", done.Removed, err)
		}
	})

	t.Run("headers", func(t *testing.T) {
		w.config.Refresh = 2 * 3600e9
		site := w.site()
		if _, err := p.Publish(t.Context(), site); err != nil {
			t.Fatal(err)
		}
		var server crieur.Server
		server.Set(site)
		stored := f.Objects()
		equal(t, stored, "", site, "autre.txt")
		for f := range site.Files() {
			answer := httptest.NewRecorder()
			server.ServeHTTP(answer, httptest.NewRequest("GET", "/"+f.Name, nil))
			for _, name := range []string{"Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding"} {
				if got, want := stored[f.Name].Header.Get(name), answer.Result().Header.Get(name); got != want {
					t.Errorf("%s: %s is %q, want %q", f.Name, name, got, want)
				}
			}
		}
		if got := stored["events.ics"].Header.Get("Cache-Control"); got != "public, max-age=7200, stale-if-error=86400" {
			t.Errorf("Cache-Control of events.ics is %q", got)
		}
	})

	t.Run("prefix", func(t *testing.T) {
		site := w.site()
		before := f.Objects()
		if _, err := open(t, url, "s3://site/un/deux").Publish(t.Context(), site); err != nil {
			t.Fatal(err)
		}
		below := map[string]s3test.Object{}
		for key, o := range f.Objects() {
			if strings.HasPrefix(key, "un/deux/") {
				below[key] = o
			} else if string(before[key].Data) != string(o.Data) {
				t.Errorf("%s changed", key)
			}
		}
		equal(t, below, "un/deux/", site)
	})
}

// TestCheck: what others removed or changed is found by a listing.
func TestCheck(t *testing.T) { everywhere(t, checks) }

func checks(t *testing.T, at *place) {
	f, l, url := at.contents, at.line, at.url
	if memory, ok := f.(*s3test.Store); ok {
		memory.Page = 10
	}
	w := newTown(t, 40)
	site := w.site()
	p := open(t, url, "s3://site")
	if _, err := p.Publish(t.Context(), site); err != nil {
		t.Fatal(err)
	}
	f.Remove("events.ics")
	l.Requests()
	if done, err := p.Publish(t.Context(), site); err != nil || len(done.Written) > 0 {
		t.Fatalf("published %+v, %v", done, err)
	}
	p.Check()
	if done, err := p.Publish(t.Context(), site); err != nil || !slices.Equal(done.Written, []string{"events.ics"}) {
		t.Fatalf("published %+v, %v", done, err)
	}
	equal(t, f.Objects(), "", site)
	l.Requests()
	if _, err := p.Publish(t.Context(), site); err != nil {
		t.Fatal(err)
	}
	if log := l.Requests(); len(log) != 1 {
		t.Errorf("a look at everything is followed by %q", log)
	}

	f.Set("events.rss", "somebody else's")
	p.Check()
	if done, err := p.Publish(t.Context(), site); !isForeign(err, "events.rss") || len(done.Written) > 0 {
		t.Errorf("published %+v, %v", done, err)
	}
	if o := f.Objects()["events.rss"]; string(o.Data) != "somebody else's" {
		t.Error("what somebody else stored is overwritten")
	}
	if list := string(f.Objects()[".crieur.json"].Data); strings.Contains(list, `"events.rss"`) {
		t.Error("what somebody else stored is listed")
	}
	f.Remove("events.rss")
	if _, err := p.Publish(t.Context(), site); err != nil {
		t.Error(err)
	}
	equal(t, f.Objects(), "", site)

	if memory, ok := f.(*s3test.Store); ok {
		memory.Corrupt("events.rss", "half of it")
		p.Check()
		if _, err := p.Publish(t.Context(), site); err != nil {
			t.Error(err)
		}
		equal(t, f.Objects(), "", site)
	}
}

// TestForeign: what crieur did not store is neither replaced nor removed, on
// stores that ignore conditions too.
func TestForeign(t *testing.T) {
	for _, kind := range []string{"", "lax", "old"} {
		for _, many := range []int{1, 40} {
			f, _, url := start(t)
			f.Lax, f.Old = kind == "lax", kind == "old"
			w := newTown(t, many)
			site := w.site()
			f.Set("index.html", "my own page")
			f.Set("feeds.opml", string(site.File("feeds.opml").Bytes())) // the same bytes, copied there
			p := open(t, url, "s3://site")
			for range 2 {
				if _, err := p.Publish(t.Context(), site); !isForeign(err, "index.html") {
					t.Errorf("error %v", err)
				}
			}
			if blind := kind != ""; p.Blind() != blind {
				t.Errorf("%q: blind is %v", kind, p.Blind())
			}
			stored := f.Objects()
			if string(stored["index.html"].Data) != "my own page" {
				t.Error("index.html is overwritten")
			}
			if stored["feeds.opml"].Header.Get("Content-Type") == "text/plain" {
				t.Error("feeds.opml has not got its type")
			}
			f.Remove("index.html")
			if _, err := p.Publish(t.Context(), site); err != nil {
				t.Error(err)
			}
			equal(t, f.Objects(), "", site)

			// A document becomes somebody else's, and then goes from the site.
			const stale = "event/marche-de-valmeuse-0.ics"
			f.Set(stale, "mine now")
			w.forget(0)
			site = w.site()
			if _, err := p.Publish(t.Context(), site); err != nil {
				t.Error(err)
			}
			equal(t, f.Objects(), "", site, stale)
		}
	}
}

func isForeign(err error, name string) bool {
	return err != nil && strings.Contains(err.Error(), name) && strings.Contains(err.Error(), crieur.ErrForeign.Error())
}

// TestForeignMeanwhile: what somebody stores after a look at what is there is not
// overwritten.
func TestForeignMeanwhile(t *testing.T) {
	f, l, url := start(t)
	l.Meanwhile(func(_ int, what string, _ http.ResponseWriter, _ *http.Request) bool {
		if what == "PUT .crieur.json" && len(f.Objects()) == 0 {
			f.Set("index.html", "my own page")
		}
		return false
	})
	p, site := open(t, url, "s3://site"), newTown(t, 3).site()
	if _, err := p.Publish(t.Context(), site); !isForeign(err, "index.html") {
		t.Errorf("error %v", err)
	}
	if got := string(f.Objects()["index.html"].Data); got != "my own page" {
		t.Errorf("index.html is %.40q", got)
	}
	f.Remove("index.html")
	if _, err := p.Publish(t.Context(), site); err != nil {
		t.Error(err)
	}
	equal(t, f.Objects(), "", site)

	// Nor is it removed, however late it comes.
	const stale = "event/marche-de-valmeuse-0.ics"
	l.Meanwhile(func(_ int, what string, _ http.ResponseWriter, _ *http.Request) bool {
		if what == "PUT index.html" {
			f.Set(stale, "mine now")
		}
		return false
	})
	w := newTown(t, 3)
	w.forget(0)
	site = w.site()
	if _, err := p.Publish(t.Context(), site); err != nil {
		t.Error(err)
	}
	equal(t, f.Objects(), "", site, stale)
}

// TestCopied: a bucket that somebody copied, without the metadata, is still crieur's.
func TestCopied(t *testing.T) {
	f, _, url := start(t)
	w := newTown(t, 3)
	if _, err := open(t, url, "s3://site").Publish(t.Context(), w.site()); err != nil {
		t.Fatal(err)
	}
	for name, o := range f.Objects() {
		f.Set(name, string(o.Data))
	}
	w.write(9, "Bal")
	w.forget(0)
	site := w.site()
	if _, err := open(t, url, "s3://site").Publish(t.Context(), site); err != nil {
		t.Fatal(err)
	}
	stored := f.Objects()
	for name, o := range stored {
		if file := site.File(name); file != nil && string(o.Data) != string(file.Bytes()) || file == nil && name != ".crieur.json" {
			t.Errorf("%s is not as it should be", name)
		}
	}
}

// TestFolder: a copy of the bucket is a folder that is gone on from.
func TestFolder(t *testing.T) {
	f, _, url := start(t)
	w := newTown(t, 3)
	if _, err := open(t, url, "s3://site").Publish(t.Context(), w.site()); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, o := range f.Objects() {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, o.Data, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	w.write(1, "Bal")
	w.forget(2)
	done, err := crieur.Publish(dir, w.site())
	if err != nil || len(done.Written) == 0 || len(done.Removed) == 0 || done.Unchanged == 0 {
		t.Errorf("published %+v, %v", done, err)
	}
}

// TestLost: a process that goes on knows what it stored without the list.
func TestLost(t *testing.T) {
	f, _, url := start(t)
	w := newTown(t, 3)
	p := open(t, url, "s3://site")
	if _, err := p.Publish(t.Context(), w.site()); err != nil {
		t.Fatal(err)
	}
	f.Remove(".crieur.json")
	w.write(1, "Marché d’hiver")
	site := w.site()
	if _, err := p.Publish(t.Context(), site); err != nil {
		t.Fatal(err)
	}
	equal(t, f.Objects(), "", site)
	f.Set(".crieur.json", "{")
	if _, err := p.Publish(t.Context(), site); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a damaged list: %v", err)
	}
}
