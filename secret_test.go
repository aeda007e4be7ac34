package crieur

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const aToken, otherToken = "k7q2m4xw9t3c8v5n1h6r0p2d", "Zz9-Yy8_Xx7Ww6Vv5Uu4Tt3Ss2"

var secretConfig = Config{
	Title: "Agenda de Valmeuse", Base: "https://agenda.valmeuse.example/", Timezone: "Europe/Paris",
	Channels: []Channel{
		{Name: "agents", Secret: true, Path: "interne"},
		{Name: "notes", Secret: true, Path: "interne", Kind: "articles"},
		{Name: "direction", Secret: true, Path: "interne/direction"},
		{Name: "presse", Secret: true, Tag: "embargo"},
	},
}

var secretNow = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func file(text string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(text), ModTime: secretNow.Add(-time.Hour)}
}

// secretTree is a small agenda, public and internal.
func secretTree() fstest.MapFS {
	return fstest.MapFS{
		"agenda/bal.md":             file("---\ntitle: Bal\nstart: 2027-05-08 21:00\ntags: [danse]\n---\nOuvert à tous\n"),
		"agenda/inauguration.md":    file("---\ntitle: Inauguration MARQUE1\nstart: 2027-06-01 10:00\ntags: [embargo]\n---\n"),
		"interne/reunion.md":        file("---\ntitle: Réunion MARQUE2\nstart: 2027-03-02 09:00\nlieu: Salle MARQUE3\ncategories: [MARQUE4]\n---\nMARQUE5\n"),
		"interne/note.md":           file("---\ntitle: Note MARQUE6\ndate: 2026-11-02\n---\nMARQUE7\n"),
		"interne/direction/plan.md": file("---\ntitle: Plan MARQUE8\nstart: 2027-04-02 09:00\n---\n"),
	}
}

func secretDoc(t *testing.T, s *Site, name string) string {
	t.Helper()
	f := s.Secret().File(name)
	if f == nil {
		t.Fatalf("no %s among the secret documents %v", name, names(s.Secret()))
	}
	return string(f.Bytes())
}

// holdsNothing reports what of a site that is public has the text.
func holdsNothing(t *testing.T, s *Site, text string) {
	t.Helper()
	for f := range s.Files() {
		if strings.Contains(f.Name, strings.ToLower(text)) || bytes.Contains(bytes.ReplaceAll(f.Bytes(), []byte("\r\n "), nil), []byte(text)) {
			t.Errorf("%s holds %s", f.Name, text)
		}
	}
	if subs, _ := json.Marshal(s.Subscriptions); bytes.Contains(subs, []byte(text)) {
		t.Errorf("the subscriptions hold %s", text)
	}
}

func TestSecretChannels(t *testing.T) {
	site, _, faults := Build(secretTree(), secretConfig, nil, secretNow)
	if site == nil {
		t.Fatal(faults)
	}
	for i := range 8 {
		holdsNothing(t, site, fmt.Sprint("MARQUE", i+1))
	}
	for name, want := range map[string]string{
		"s/agents.ics": "MARQUE2 MARQUE3 MARQUE4 MARQUE5", "s/agents.rss": "MARQUE2 MARQUE3 MARQUE4 MARQUE5",
		"s/agents.atom": "MARQUE2 MARQUE3 MARQUE4 MARQUE5", "s/agents.json": "MARQUE2 MARQUE3 MARQUE4 MARQUE5",
		"s/notes.rss": "MARQUE6 MARQUE7", "s/direction.ics": "MARQUE8", "s/presse.ics": "MARQUE1",
	} {
		text := secretDoc(t, site, name)
		for i := range 8 {
			mark := fmt.Sprint("MARQUE", i+1)
			if has, want := strings.Contains(text, mark), strings.Contains(want, mark); has && !want {
				t.Errorf("%s holds %s", name, mark)
			}
		}
		for mark := range strings.FieldsSeq(want) {
			if !strings.Contains(text, mark) {
				t.Errorf("%s has no %s:\n%s", name, mark, text)
			}
		}
		if strings.Contains(text, "example/s/") || strings.Contains(text, "example/event/") {
			t.Errorf("%s names an address that is nowhere:\n%s", name, text)
		}
	}
	if got := site.Secret().File("s/agents.html"); got != nil {
		t.Error("a secret channel has a page")
	}
	if site.Events != 1 || site.Articles != 0 {
		t.Errorf("%d events and %d articles are counted", site.Events, site.Articles)
	}
}

// TestSecretNoTrace is the law that nothing public depends on what is private: all
// is the same as it would be without.
func TestSecretNoTrace(t *testing.T) {
	whole := secretTree()
	public := fstest.MapFS{"interne/.gitkeep": file(""), "interne/direction/.gitkeep": file(""), "agenda/bal.md": whole["agenda/bal.md"]}
	a, _, _ := Build(whole, secretConfig, nil, secretNow)
	b, _, _ := Build(public, secretConfig, nil, secretNow)
	sameSite(t, a, b)
}

func sameSite(t *testing.T, a, b *Site) {
	t.Helper()
	if !slices.Equal(names(a), names(b)) {
		t.Fatalf("documents %v\nand %v", names(a), names(b))
	}
	for f := range a.Files() {
		g := b.File(f.Name)
		if f.ETag != g.ETag || !f.Modified.Equal(g.Modified) || !bytes.Equal(f.Bytes(), g.Bytes()) {
			t.Errorf("%s is %s of %v and %s of %v", f.Name, f.ETag, f.Modified, g.ETag, g.Modified)
		}
	}
}

// TestSecretUID holds that a private record keeps its identity by its uid, and that
// a public one may have that uid itself, whichever came first.
func TestSecretUID(t *testing.T) {
	text := "---\ntitle: Réunion\nstart: 2027-03-02 09:00\nuid: r1@valmeuse.example\n---\n"
	public := "---\ntitle: Fête\nstart: 2027-03-09 09:00\nuid: r1@valmeuse.example\n---\n"
	config := secretConfig
	config.Channels = config.Channels[:1]
	tree := fstest.MapFS{"interne/a.md": file(text)}
	site, h, _ := Build(tree, config, nil, secretNow)
	first := secretDoc(t, site, "s/agents.ics")
	tree["interne/autre/b.md"] = file(strings.Replace(text, "Réunion", "Séance", 1))
	tree["fete.md"] = file(public)
	delete(tree, "interne/a.md")
	site, _, faults := Build(tree, config, h, secretNow.Add(time.Hour))
	if doc := string(site.File("events.ics").Bytes()); !strings.Contains(doc, "UID:r1@valmeuse.example\r\n") {
		t.Errorf("the public event has another identity:\n%s", doc)
	}
	doc := secretDoc(t, site, "s/agents.ics")
	if !strings.Contains(doc, "Séance") || !strings.Contains(doc, "SEQUENCE:1\r\n") || strings.Contains(doc, "Réunion") || strings.Contains(doc, "r1@") {
		t.Errorf("renamed, moved and retitled, it is another:\n%s\n%s", first, doc)
	}
	if len(faults) > 0 {
		t.Error(faults)
	}
}

// TestSecretDue holds that caches of what is public are told nothing of when
// something private falls due, and that it does.
func TestSecretDue(t *testing.T) {
	tree := secretTree()
	tree["interne/plus-tard.md"] = file("---\ntitle: Plus tard\nstart: 2027-03-02 09:00\npublishDate: 2026-11-22 12:00\n---\n")
	site, _, faults := Build(tree, secretConfig, nil, secretNow)
	if due := time.Date(2026, 11, 22, 11, 0, 0, 0, time.UTC); !site.NextChange.Equal(due) {
		t.Errorf("it is due at %v, want %v: %v", site.NextChange, due, faults)
	}
	server := &Server{Clock: func() time.Time { return secretNow.Add(2*time.Hour - time.Minute) }}
	server.Set(site)
	w := httptest.NewRecorder()
	server.ServeHTTP(w, httptest.NewRequest("GET", "/events.ics", nil))
	if got := w.Header().Get("Cache-Control"); !strings.Contains(got, "max-age=3600") {
		t.Errorf("Cache-Control is %q", got)
	}
}

func TestSecretRefused(t *testing.T) {
	for name, c := range map[string]Channel{
		"everything": {Name: "agents", Secret: true},
		"dot":        {Name: "agents", Secret: true, Path: "./"},
		"rooted":     {Name: "agents", Secret: true, Path: "/interne"},
		"outside":    {Name: "agents", Secret: true, Path: "../interne"},
		"slash":      {Name: "rh/agents", Secret: true, Path: "interne"},
		"events":     {Name: "events", Secret: true, Path: "interne"},
		"page":       {Name: "agents", Secret: true, Path: "interne", Formats: []string{"ics", "html"}},
		"only page":  {Name: "agents", Secret: true, Path: "interne", Formats: []string{"html"}},
		"own":        {Name: "s/agents"},
	} {
		if err := (Config{Channels: []Channel{c}}).Check(); err == nil {
			t.Errorf("%s: %+v is taken", name, c)
		}
	}
	for _, text := range []string{"secret: true", "secret: true\n  path: .", "secret: yes\n  path: interne"} {
		if _, faults := ReadConfig("crieur.yaml", []byte("channels:\n- name: agents\n  "+text+"\n")); len(faults) != 1 {
			t.Errorf("%q: %v", text, faults)
		}
	}
}

// TestSecretFolder holds that a folder which is spelt in another way is private
// all the same, and one that is not there keeps all from being published.
func TestSecretFolder(t *testing.T) {
	const secret = "---\ntitle: MARQUE\nstart: 2027-03-02 09:00\n---\n"
	for at, path := range map[string]string{
		"interne/a.md": "interne/", "Interne/a.md": "interne", "interne/b/c/a.md": "./interne", "évé/a.md": "e\u0301ve\u0301", "_data/rh.yaml": "_data/rh.yaml", "a/b/c.md": "a/b",
	} {
		text := secret
		if strings.HasSuffix(at, ".yaml") {
			text = "- {title: MARQUE, start: 2027-03-02 09:00}\n"
		}
		config := Config{Timezone: "Europe/Paris", Channels: []Channel{{Name: "agents", Secret: true, Path: path}}}
		site, _, faults := Build(fstest.MapFS{at: file(text)}, config, nil, secretNow)
		if site == nil {
			t.Fatalf("%s: %v", at, faults)
		}
		holdsNothing(t, site, "MARQUE")
		if !strings.Contains(secretDoc(t, site, "s/agents.ics"), "MARQUE") {
			t.Errorf("%s is not in the channel of %s", at, path)
		}
	}
	for _, path := range []string{"intern", "internes", "interne/x", "a.md"} {
		config := Config{Channels: []Channel{{Name: "agents", Secret: true, Path: path}}}
		site, _, faults := Build(fstest.MapFS{"interne/a.md": file(secret)}, config, nil, secretNow)
		if site != nil || len(faults) != 1 || faults[0].Rule != "secret-folder" {
			t.Errorf("%s: a site is made, with %v", path, faults)
		}
	}
	for p, want := range map[string]bool{"a": true, "a/b": true, "ab": false, "b/a": false, "": false, "A/x": true} {
		if inside(p, "a") != want {
			t.Errorf("inside(%q, a) is %v", p, !want)
		}
	}
	if inside("a", "a/b") || !inside("a/b", "a/b") || !inside("a/B/c", "a/b") || inside("a/bc", "a/b") {
		t.Error("inside is wrong about two levels")
	}
}

// TestSecretLinks holds that a link makes nothing public, and nothing private.
func TestSecretLinks(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		p := filepath.Join(dir, name)
		os.MkdirAll(filepath.Dir(p), 0o755)
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("interne/reunion.md", "---\ntitle: MARQUE\nstart: 2027-03-02 09:00\n---\n")
	write("interne/fond/plan.md", "---\ntitle: Plan MARQUE\nstart: 2027-03-03 09:00\n---\n")
	write("agenda/bal.md", "---\ntitle: Bal\nstart: 2027-05-08 21:00\n---\n")
	write("data/rh/conseil.md", "---\ntitle: Conseil MARQUE\nstart: 2027-05-09 21:00\n---\n")
	for link, to := range map[string]string{
		"agenda/tout": "../interne", "agenda/fond": "../interne/fond", "agenda/seul.md": "../interne/reunion.md", "interne/public": "../agenda", "rh": "data/rh",
	} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	config := Config{Timezone: "Europe/Paris", Channels: []Channel{{Name: "agents", Secret: true, Path: "interne"}, {Name: "rh", Secret: true, Path: "rh"}}}
	site, _, faults := Build(root.FS(), config, nil, secretNow)
	if site == nil {
		t.Fatal(faults)
	}
	holdsNothing(t, site, "MARQUE")
	if n := strings.Count(secretDoc(t, site, "s/agents.ics"), "BEGIN:VEVENT"); n != 2 {
		t.Errorf("%d events of 2 for agents: %v", n, faults)
	}
	if !strings.Contains(secretDoc(t, site, "s/rh.ics"), "Conseil") || !strings.Contains(string(site.File("events.ics").Bytes()), "SUMMARY:Bal") {
		t.Error("what is linked is lost: ", faults)
	}
}

// TestSecretSides follows a record from one side to the other and back.
func TestSecretSides(t *testing.T) {
	const text = "---\ntitle: Réunion MARQUE\nstart: 2027-03-02 09:00\n---\nMARQUE\n"
	const bal = "---\ntitle: Bal\nstart: 2027-05-08 21:00\n---\n"
	type world = fstest.MapFS
	public := world{"agenda/r.md": file(text), "agenda/bal.md": file(bal), "interne/.gitkeep": file("")}
	private := world{"interne/r.md": file(text), "agenda/bal.md": file(bal)}
	edited := world{"interne/r.md": file(strings.Replace(text, "09:00", "10:00", 1)), "agenda/bal.md": file(bal)}
	tagged := world{"agenda/r.md": file(strings.Replace(text, "start", "tags: [embargo]\nstart", 1)), "agenda/bal.md": file(bal), "interne/.gitkeep": file("")}
	config := secretConfig
	config.Channels = []Channel{{Name: "agents", Secret: true, Path: "interne"}, {Name: "presse", Secret: true, Tag: "embargo"}}
	uid := func(doc string) string {
		_, rest, _ := strings.Cut(doc, "UID:")
		id, _, _ := strings.Cut(rest, "\r\n")
		return id
	}
	for name, other := range map[string]world{"moved": private, "tagged": tagged} {
		var b Builder
		var h *History
		now := secretNow
		var site *Site
		step := func(w world) {
			t.Helper()
			var faults []Fault
			now = now.Add(time.Hour)
			if site, h, faults = b.Build(w, config, h, now); site == nil {
				t.Fatal(name, faults)
			}
		}
		channel := map[string]string{"moved": "s/agents.ics", "tagged": "s/presse.ics"}[name]
		step(public)
		first := uid(string(site.File("events.ics").Bytes()))
		step(other)
		holdsNothing(t, site, "MARQUE")
		holdsNothing(t, site, first)
		second := uid(secretDoc(t, site, channel))
		if second == first || second == "" {
			t.Errorf("%s: the private event has the identity %q, the public one had %q", name, second, first)
		}
		if name == "moved" {
			step(edited)
			holdsNothing(t, site, "MARQUE")
			if doc := secretDoc(t, site, channel); uid(doc) != second || !strings.Contains(doc, "SEQUENCE:1") {
				t.Errorf("an edit is no edit:\n%s", doc)
			}
			step(other)
		}
		step(public)
		if doc := secretDoc(t, site, channel); strings.Contains(doc, "MARQUE") {
			t.Errorf("%s: what is public again is in\n%s", name, doc)
		}
		if doc := string(site.File("events.ics").Bytes()); uid(doc) != first || !strings.Contains(doc, "MARQUE") {
			t.Errorf("%s: it came back with another identity:\n%s", name, doc)
		}
	}
}

// TestSecretTurnedFaulty holds that a fault keeps nothing public that has
// turned private.
func TestSecretTurnedFaulty(t *testing.T) {
	config := Config{Base: "https://agenda.valmeuse.example/", Timezone: "Europe/Paris"}
	tree := fstest.MapFS{"interne/a.yaml": file("- {title: MARQUE1, start: 2027-03-02 09:00}\n- {title: MARQUE2, start: 2027-03-03 09:00}\n")}
	_, h, _ := Build(tree, config, nil, secretNow)
	config.Channels = []Channel{{Name: "agents", Secret: true, Path: "interne"}}
	tree["interne/a.yaml"] = file("- {title: MARQUE1, start: 2027-03-02 09:00, end: MARQUE3}\n- {title: MARQUE2, start: 2027-13-45 09:00}\n")
	site, _, faults := Build(tree, config, h, secretNow.Add(time.Hour))
	if site == nil {
		t.Fatal(faults)
	}
	holdsNothing(t, site, "MARQUE")
	if len(faults) == 0 {
		t.Error("no fault")
	}
	for _, f := range faults {
		if strings.Contains(f.Error(), "MARQUE") && !f.Private {
			t.Errorf("the fault is not private: %v", f)
		}
	}
}

// TestSecretLaw holds, for random worlds and what becomes of them, that no marked
// word of what is private is in anything public, with one builder as with a new one.
func TestSecretLaw(t *testing.T) {
	for seed := range seeds(15) {
		r := rand.New(rand.NewPCG(seed, 7))
		tree := fstest.MapFS{"interne/.gitkeep": file(""), "interne/direction/.gitkeep": file("")}
		var marks map[string]bool // of what is private now
		var b Builder
		var h *History
		now := secretNow
		for step := range 12 {
			for range 1 + r.IntN(3) {
				secretEdit(r, tree)
			}
			before, public := marks, map[string]bool{}
			marks = map[string]bool{}
			for name, f := range tree {
				text := string(f.Data)
				private := strings.HasPrefix(name, "interne/") || strings.Contains(text, "embargo")
				for word := range strings.FieldsSeq(text) {
					switch {
					case !strings.HasPrefix(word, "MARQUE"):
					case !private:
						public[word] = true
					case before[word] || !strings.Contains(text, "start: x"): // what is moved and broken at once is not known again
						marks[word] = true
					}
				}
			}
			now = now.Add(time.Duration(r.IntN(72)) * time.Hour)
			site, next, faults := b.Build(tree, secretConfig, h, now)
			again, _, _ := Build(tree, secretConfig, h, now)
			if site == nil {
				t.Fatal(seed, faults)
			}
			sameSite(t, site, again)
			sameSite(t, site.Secret(), again.Secret())
			for _, f := range faults {
				for mark := range marks {
					if !public[mark] && !f.Private && strings.Contains(f.Err.Error(), mark) {
						t.Errorf("seed %d: %v", seed, f)
					}
				}
			}
			for c := range next.Changes(h) {
				if text := fmt.Sprint(c.Title, c.Fields); !c.Private && slices.ContainsFunc(slices.Collect(maps.Keys(marks)), func(mark string) bool { return !public[mark] && c.What != Removed && strings.Contains(text, mark) }) {
					t.Errorf("seed %d: %v", seed, c)
				}
			}
			h = next
			for mark := range marks {
				if !public[mark] {
					holdsNothing(t, site, mark)
				}
			}
			if step < 11 {
				continue
			}
			alone := maps.Clone(tree)
			maps.DeleteFunc(alone, func(name string, f *fstest.MapFile) bool {
				return path.Ext(name) == ".md" && (strings.HasPrefix(name, "interne/") || strings.Contains(string(f.Data), "embargo"))
			})
			a, _, _ := Build(tree, secretConfig, nil, now)
			b, _, _ := Build(alone, secretConfig, nil, now)
			if sameSite(t, a, b); !a.publicChange().Equal(b.publicChange()) {
				t.Errorf("seed %d: caches are told of %v, without what is private of %v", seed, a.publicChange(), b.publicChange())
			}
			dir := t.TempDir()
			p := Publisher{Dir: filepath.Join(dir, "public"), Secret: filepath.Join(dir, "state", "secret")}
			if _, err := p.Publish(site); err != nil {
				t.Fatal(err)
			}
			fs.WalkDir(os.DirFS(p.Dir), ".", func(name string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				data, err := os.ReadFile(filepath.Join(p.Dir, name))
				for mark := range marks {
					if !public[mark] && (bytes.Contains(data, []byte(mark)) || strings.Contains(name, strings.ToLower(mark))) {
						t.Errorf("seed %d: %s holds %s", seed, name, mark)
					}
				}
				return err
			})
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
	}
}

// secretEdit writes, moves, copies, breaks or removes a file, by chance.
func secretEdit(r *rand.Rand, tree fstest.MapFS) {
	folders := []string{"agenda", "interne", "interne/direction", "notes"}
	names := slices.DeleteFunc(slices.Sorted(func(yield func(string) bool) {
		for n := range tree {
			if !yield(n) {
				return
			}
		}
	}), func(n string) bool { return path.Ext(n) == "" || path.Base(n) == ".gitkeep" })
	name := func() string { return fmt.Sprintf("%s/f%d.md", folders[r.IntN(len(folders))], r.IntN(6)) }
	if len(names) == 0 || r.IntN(3) == 0 {
		mark := fmt.Sprintf("MARQUE%06d", r.IntN(1e6))
		text := fmt.Sprintf("---\ntitle: Titre %s\nstart: 2027-0%d-10 %02d:00\nlieu: Lieu %s x\n", mark, 1+r.IntN(9), 8+r.IntN(10), mark)
		if r.IntN(4) == 0 {
			text = fmt.Sprintf("---\ntitle: Titre %s\ndate: 2026-11-%02d\n", mark, 1+r.IntN(20))
		}
		if r.IntN(4) == 0 {
			text += "uid: u" + mark + "@valmeuse.example\n"
		}
		if r.IntN(4) == 0 {
			text += "tags: [embargo]\n"
		}
		tree[name()] = file(text + "---\nTexte " + mark + " !\n")
		return
	}
	from := names[r.IntN(len(names))]
	f := tree[from]
	switch r.IntN(6) {
	case 0:
		delete(tree, from)
	case 1, 2:
		delete(tree, from)
		tree[name()] = f
	case 3:
		tree[from] = file(strings.Replace(string(f.Data), "Titre", "Autre titre", 1))
	case 4:
		tree[from] = file(strings.Replace(string(f.Data), "tags: [embargo]\n", "", 1))
	case 5:
		tree[from] = file(strings.Replace(string(f.Data), "start: ", "start: x", 1))
	}
}

func TestServerSecret(t *testing.T) {
	site, _, _ := Build(secretTree(), secretConfig, nil, secretNow)
	server := &Server{Clock: func() time.Time { return secretNow.Add(time.Hour) }}
	server.Set(site)
	if err := server.SetTokens(map[string][]string{"agents": {aToken, otherToken}, "direction": {"d1rection" + aToken}}); err != nil {
		t.Fatal(err)
	}
	ask := func(method, target string, header http.Header) *http.Response {
		r := httptest.NewRequest(method, target, nil)
		if header != nil {
			r.Header = header
		}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		return w.Result()
	}
	for _, tok := range []string{aToken, otherToken} {
		r := ask("GET", "/s/"+tok+"/agents.ics", nil)
		body, _ := io.ReadAll(r.Body)
		if r.StatusCode != 200 || string(body) != secretDoc(t, site, "s/agents.ics") || bytes.Contains(body, []byte(tok)) {
			t.Fatalf("%v:\n%s", r, body)
		}
		for field, want := range map[string]string{
			"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer", "Access-Control-Allow-Origin": "", "Content-Type": "text/calendar; charset=utf-8", "X-Content-Type-Options": "nosniff",
		} {
			if got := r.Header.Get(field); got != want {
				t.Errorf("%s is %q, want %q", field, got, want)
			}
		}
		r = ask("GET", "/s/"+tok+"/agents.ics", http.Header{"If-None-Match": {r.Header.Get("ETag")}})
		if r.StatusCode != 304 || r.Header.Get("Cache-Control") != "private, no-cache" || r.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("again: %v", r)
		}
	}
	if r := ask("GET", "/s/"+aToken+"/agents.ics?category=x&from=2027-01-01", nil); r.StatusCode != 200 || r.ContentLength != int64(site.Secret().File("s/agents.ics").Size()) {
		t.Errorf("with a query: %v", r)
	}
	if r := ask("GET", "/s/"+aToken+"/agents.rss", http.Header{"A-Im": {"feed"}, "If-None-Match": {`"x"`}}); r.StatusCode != 200 || r.Header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("a delta: %v", r)
	}
	if r := ask("HEAD", "/s/"+aToken+"/agents.rss", nil); r.StatusCode != 200 || r.ContentLength <= 0 {
		t.Errorf("HEAD: %v", r)
	}
	if r := ask("GET", "/s/"+aToken+"/agents.ics", http.Header{"Range": {"bytes=0-3"}}); r.StatusCode != 206 || r.Header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("a range: %v", r)
	}
	if r := ask("OPTIONS", "/s/"+aToken+"/agents.ics", nil); r.StatusCode != 204 || r.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("OPTIONS: %v", r)
	}

	// Whatever is wrong is answered like what there never was.
	for _, target := range []string{
		"/s/" + aToken, "/s/" + aToken + "/", "/s/" + aToken + "/agents", "/s/" + aToken + "/agents.ics/", "/s/" + aToken + "/agents.html", "/s/" + aToken + "/direction.ics", "/s/" + aToken + "/notes.rss",
		"/s/" + strings.ToUpper(aToken) + "/agents.ics", "/s/" + aToken[1:] + "/agents.ics", "/s/" + aToken + "x/agents.ics", "/s//agents.ics", "/s/agents.ics", "/s", "/s/", "/s/%00/agents.ics",
		"/s/" + aToken + "/../agents.ics", "/s/" + aToken + "//agents.ics", "/s/" + aToken + "/s/agents.ics", "/S/" + aToken + "/agents.ics", "//s/" + aToken + "/agents.ics", "/s/" + aToken + "%20/agents.ics", "/s/./" + aToken + "/agents.ics",
		"/s/" + aToken + "/Agents.ics", "/s/" + aToken + "/agents.ICS", "/s/" + aToken + "/.crieur.json", "/s/" + strings.Repeat("a", 10000) + "/agents.ics", "/s/" + aToken + "," + otherToken + "/agents.ics",
	} {
		for _, method := range []string{"GET", "HEAD", "OPTIONS", "POST", "PROPFIND"} {
			for _, header := range []http.Header{nil, {"Range": {"bytes=0-1"}}, {"If-None-Match": {"*"}}, {"Accept-Encoding": {"gzip"}}, {"If-Match": {"*"}}} {
				got, want := ask(method, target, header), ask(method, "/nothing.ics", header)
				a, _ := io.ReadAll(got.Body)
				b, _ := io.ReadAll(want.Body)
				if got.StatusCode != want.StatusCode || fmt.Sprint(got.Header) != fmt.Sprint(want.Header) || !bytes.Equal(a, b) {
					t.Errorf("%s %s: %d %v %q\nwant %d %v %q", method, target, got.StatusCode, got.Header, a, want.StatusCode, want.Header, b)
				}
			}
		}
	}

	// One that is taken away opens nothing, and changes no document.
	before := site.Secret().File("s/agents.ics").ETag
	if err := server.SetTokens(map[string][]string{"agents": {otherToken}}); err != nil {
		t.Fatal(err)
	}
	if r := ask("GET", "/s/"+aToken+"/agents.ics", nil); r.StatusCode != 404 {
		t.Errorf("a token that is no more opens: %v", r)
	}
	if r := ask("GET", "/s/"+otherToken+"/agents.ics", nil); r.Header.Get("ETag") != before {
		t.Errorf("the tag is %s, it was %s", r.Header.Get("ETag"), before)
	}
	for _, bad := range []map[string][]string{
		{"agents": {"short"}}, {"agents": {strings.Repeat("a", 30)}}, {"agents": {aToken + "/x"}}, {"agents": {aToken + "é"}}, {"agents": {strings.Repeat(aToken, 9)}}, {"agents": {aToken}, "rh": {aToken}}, {"agents": {""}},
	} {
		err := server.SetTokens(bad)
		if err == nil {
			t.Errorf("%v is taken", bad)
			continue
		}
		if v := bad["agents"][0]; v != "" && strings.Contains(err.Error(), v) {
			t.Errorf("the error tells the aToken: %v", err)
		}
	}
	if r := ask("GET", "/s/"+otherToken+"/agents.ics", nil); r.StatusCode != 200 {
		t.Errorf("bad tokens took the good ones away: %v", r)
	}
}

// TestTokenComparison holds that all keys are compared, wherever the right one is.
func TestTokenComparison(t *testing.T) {
	var s Server
	tokens := map[string][]string{}
	for i := range 9 {
		tokens[fmt.Sprint("c", i)] = []string{fmt.Sprint(aToken, i)}
	}
	if err := s.SetTokens(tokens); err != nil {
		t.Fatal(err)
	}
	keys := *s.keys.Load()
	for _, tok := range []string{aToken + "0", aToken + "4", aToken + "8", "", "x", aToken, strings.Repeat("k", 1<<16)} {
		n := 0
		all := func(yield func(key) bool) {
			for _, k := range keys {
				if n++; !yield(k) {
					return
				}
			}
		}
		channel := channelOf(all, tok)
		if rest, ok := strings.CutPrefix(tok, aToken); (channel != "") != (ok && rest != "") || n != len(keys) {
			t.Errorf("%d of %d keys are compared; the channel is %q", n, len(keys), channel)
		}
	}
}

// A history that holds what is private is for one user of the machine, from the first
// private record on and when it is written anew.
func TestSecretHistory(t *testing.T) {
	dir := t.TempDir()
	store, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	mode := func() fs.FileMode {
		info, err := os.Stat(filepath.Join(dir, historyName))
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	save := func(c Config) {
		_, h, _ := Build(secretTree(), c, store.History(), secretNow)
		if err := store.Save(h); err != nil {
			t.Fatal(err)
		}
	}
	public := secretConfig
	public.Channels = nil
	save(public)
	if mode()&0o044 == 0 {
		t.Errorf("one that is public has %v", mode())
	}
	save(secretConfig)
	if mode() != 0o600 {
		t.Errorf("after a private record: %v", mode())
	}
	if err := os.Remove(filepath.Join(dir, historyName)); err != nil {
		t.Fatal(err)
	}
	save(secretConfig)
	if mode() != 0o600 {
		t.Errorf("written anew: %v", mode())
	}
}

// TestLastSecret holds that what is secret is there again after a restart, for
// one user of the machine, or nothing at all.
func TestLastSecret(t *testing.T) {
	dir := t.TempDir()
	p := Publisher{Dir: filepath.Join(dir, "public"), Secret: filepath.Join(dir, "state", "secret")}
	site, h, _ := Build(secretTree(), secretConfig, nil, secretNow)
	if _, err := p.Publish(site); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(p.Secret); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is %v, %v", info.Mode(), err)
	}
	if manifest, _ := os.ReadFile(filepath.Join(p.Dir, ".crieur.json")); bytes.Contains(manifest, []byte("agents")) {
		t.Errorf("the list of public files is\n%s", manifest)
	}
	last, err := (&Publisher{Dir: p.Dir, Secret: p.Secret}).Last(h)
	if err != nil {
		t.Fatal(err)
	}
	sameSite(t, site, last)
	sameSite(t, site.Secret(), last.Secret())
	if err := os.RemoveAll(p.Secret); err != nil {
		t.Fatal(err)
	}
	if last, err := (&Publisher{Dir: p.Dir, Secret: p.Secret}).Last(h); err == nil {
		t.Errorf("a site without its secret documents: %v", names(last.Secret()))
	}

	// A channel that is no more leaves nothing there.
	if _, err := p.Publish(site); err != nil {
		t.Fatal(err)
	}
	config := secretConfig
	config.Channels = nil
	tree := secretTree()
	for name := range tree {
		if strings.HasPrefix(name, "interne") {
			delete(tree, name)
		}
	}
	site, h, faults := Build(tree, config, h, secretNow.Add(time.Hour))
	if site == nil {
		t.Fatal(faults)
	}
	if _, err := p.Publish(site); err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(p.Secret); len(entries) != 1 {
		t.Errorf("the folder of secret documents still holds %v", entries)
	}
	if _, err := (&Publisher{Dir: p.Dir, Secret: p.Secret}).Last(h); err != nil {
		t.Error(err)
	}
}
