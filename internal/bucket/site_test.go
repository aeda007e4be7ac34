package bucket_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/bucket"
	"github.com/crieur/crieur/internal/s3test"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// A town writes records, and builds one site after another from them.
type town struct {
	t       testing.TB
	files   fstest.MapFS
	config  crieur.Config
	history *crieur.History
	now     time.Time
}

func newTown(t testing.TB, events int) *town {
	w := &town{t: t, files: fstest.MapFS{}, config: crieur.Config{Base: "https://valmeuse.example/", Timezone: "Europe/Paris"}, now: now}
	for i := range events {
		w.write(i, "Marché de Valmeuse")
	}
	return w
}

func (w *town) write(i int, title string) {
	day := now.AddDate(0, 0, 10+i%300).Format(time.DateOnly)
	w.files[fmt.Sprintf("_evenements/%04d.md", i)] = &fstest.MapFile{Data: []byte(fmt.Sprintf("---\ntitle: %s %d\nevent_start_date: %s 09:00\n---\nSur la place.\n", title, i, day))}
}

// forget has the next site as if a record had never been.
func (w *town) forget(i int) {
	delete(w.files, fmt.Sprintf("_evenements/%04d.md", i))
	w.history = nil
}

// site builds what the town publishes now, a minute after the last.
func (w *town) site() *crieur.Site {
	w.t.Helper()
	w.now = w.now.Add(time.Minute)
	var b crieur.Builder
	site, history, faults := b.Build(w.files, w.config, w.history, w.now)
	if site == nil {
		w.t.Fatal("no site: ", faults)
	}
	w.history = history
	return site
}

// environment is that of a process that publishes to the server.
func environment(url string) func(string) string {
	return func(name string) string {
		return map[string]string{
			"AWS_ENDPOINT_URL": url, "AWS_REGION": "us-east-1",
			"AWS_ACCESS_KEY_ID": *key, "AWS_SECRET_ACCESS_KEY": *secret,
		}[name]
	}
}

// open returns a new process's publisher to the server.
func open(t testing.TB, url, address string) *bucket.Publisher {
	t.Helper()
	p, err := bucket.Open(address, environment(url))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// start serves a fake by a line.
func start(t testing.TB) (*s3test.Store, *s3test.Line, string) {
	f := s3test.NewStore(nil)
	l := &s3test.Line{Store: f}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	return f, l, server.URL
}

// equal compares what is stored below a prefix with a site; foreign are keys that
// the site has nothing to do with.
func equal(t testing.TB, stored map[string]s3test.Object, prefix string, site *crieur.Site, foreign ...string) {
	t.Helper()
	want := slices.Clone(foreign)
	for f := range site.Files() {
		want = append(want, prefix+f.Name)
		o := stored[prefix+f.Name]
		if !bytes.Equal(o.Data, f.Bytes()) {
			t.Errorf("%s has %d bytes that are not those of the site, %d", f.Name, len(o.Data), len(f.Bytes()))
		}
		if mark := o.Header.Get("X-Amz-Meta-Crieur"); !strings.HasPrefix(mark, strings.Trim(f.ETag, `"`)+"/") {
			t.Errorf("%s is marked %q, want its tag %s", f.Name, mark, f.ETag)
		}
	}
	want = append(want, prefix+".crieur.json")
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(stored)); !slices.Equal(got, want) {
		t.Errorf("keys %v\nwant %v", got, want)
	}
	var list struct {
		Files   map[string][]string
		Pending []string
	}
	if err := json.Unmarshal(stored[prefix+".crieur.json"].Data, &list); err != nil {
		t.Fatal(err)
	}
	for f := range site.Files() {
		if !slices.Equal(list.Files[f.Name], []string{f.ETag}) {
			t.Errorf("%s is listed as %q, want %q", f.Name, list.Files[f.Name], f.ETag)
		}
		delete(list.Files, f.Name)
	}
	if len(list.Files)+len(list.Pending) > 0 {
		t.Errorf("the list also holds %v, and %v is pending", list.Files, list.Pending)
	}
}
