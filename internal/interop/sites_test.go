package interop_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/crieur/crieur"
	"github.com/crieur/crieur/calendar"
)

// An event is what a reader understands of a VEVENT.
type event struct {
	UID, Summary, Description, Location, URL, Status string
	RecurrenceID                                     string // as Start
	Start, End                                       string // 2027-05-08, or 2027-05-08T07:00:00Z; the end of a day is the day after it
	Zone                                             string // of the start: a TZID, UTC, floating, or none for days
	Sequence                                         int
	Categories                                       []string

	repeats bool // which few readers tell, and not as events that take place once
}

// An entry is what a reader understands of an entry of a feed.
type entry struct {
	ID, Title, Link string
	Date            string // 2027-05-08T07:00:00Z
}

// A site is a content tree that was built, as files, with what stood in it.
type site struct {
	name     string
	dir      string
	site     *crieur.Site
	events   map[string]event // by UID
	sessions map[string]event // of programmes, likewise
	entries  map[string]entry // by ID; of events, too
}

// now is when every site is built.
var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// files returns the documents of a site with one of the extensions, sorted.
func (s *site) files(extensions ...string) []string {
	var names []string
	for f := range s.site.Files() {
		if slices.Contains(extensions, filepath.Ext(f.Name)) {
			names = append(names, s.path(f.Name))
		}
	}
	return names
}

func (s *site) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// where is the short name of a file of the site.
func (s *site) where(file string) string {
	rel, err := filepath.Rel(s.dir, file)
	if err != nil {
		rel = file
	}
	return s.name + "/" + filepath.ToSlash(rel)
}

// main are the feeds of all events and of all articles, in one format. Readers
// that know entries by their ID hold each once, so these share none.
func (s *site) main(extension string) []string {
	return []string{s.path("events" + extension), s.path("articles" + extension)}
}

// sites are all that the readers are asked about.
func sites(t *testing.T) []*site {
	t.Helper()
	return []*site{
		agenda(t),
		hostileSite(t),
		timesSite(t),
		countedSite(t, "empty", 0),
		countedSite(t, "one", 1),
		countedSite(t, "many", 100),
	}
}

// newSite builds a content tree, once for each of its states.
func newSite(t *testing.T, name string, config crieur.Config, states ...*tree) *site {
	t.Helper()
	config.Base = "https://" + name + ".example/"
	config.Title = "Essai « " + name + " »"
	config.Timezone = "Europe/Paris"
	s := &site{name: name, dir: filepath.Join(t.TempDir(), name)}
	var history *crieur.History
	for i, state := range states {
		var faults []crieur.Fault
		s.site, history, faults = crieur.Build(state.files, config, history, now.Add(time.Duration(i)*time.Hour))
		for _, f := range faults {
			if f.Severity == crieur.Error {
				t.Fatalf("%s: %v", name, f)
			}
		}
		s.events, s.entries = state.events, state.entries
	}
	s.write(t)
	return s
}

func (s *site) write(t *testing.T) {
	t.Helper()
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(s.dir, s.site); err != nil {
		t.Fatal(err)
	}
}

// agenda is the example. What stood in it is what our own readers of events
// and encoding/json find.
func agenda(t *testing.T) *site {
	t.Helper()
	source := os.DirFS(filepath.Join("..", "..", "examples", "agenda"))
	data, err := os.ReadFile(filepath.Join("..", "..", "examples", "agenda", "crieur.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	config, faults := crieur.ReadConfig("crieur.yaml", data)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	s := &site{name: "agenda", dir: filepath.Join(t.TempDir(), "agenda"), sessions: map[string]event{}, entries: map[string]entry{}}
	s.site, _, _ = crieur.Build(source, config, nil, now)
	if s.site == nil {
		t.Fatal("the example was not built")
	}
	s.write(t)

	s.events = eventsOf(t, s.site.File("events.ics"))
	for f := range s.site.Files() {
		if strings.HasSuffix(f.Name, "/programme.ics") {
			maps.Copy(s.sessions, eventsOf(t, f))
		}
	}
	for _, name := range []string{"events.json", "articles.json"} {
		for _, e := range readJSONFeed(t, s.path(name)) {
			s.entries[e.ID] = e
		}
	}
	if len(s.events) < 12 || len(s.sessions) < 5 || len(s.entries) < 20 {
		t.Fatalf("the example holds %d events, %d sessions and %d entries", len(s.events), len(s.sessions), len(s.entries))
	}
	return s
}

// eventsOf are the events of a calendar, as our own reader has them.
func eventsOf(t *testing.T, f *crieur.File) map[string]event {
	t.Helper()
	parsed, err := ics.ParseCalendar(strings.NewReader(string(f.Bytes())))
	if err != nil {
		t.Fatal(err)
	}
	c, err := calendar.FromICS(parsed)
	if err != nil {
		t.Fatal(err)
	}
	events := map[string]event{}
	for _, e := range c.Events {
		v := event{UID: e.UID, Summary: e.Summary, Description: e.Description, Location: e.Location, URL: e.URL, Status: string(e.Status), Sequence: e.Sequence, Categories: e.Categories, repeats: e.Repeat != nil}
		if e.When.AllDay() {
			v.Start, v.End = e.When.Start().Format(time.DateOnly), e.When.End().AddDate(0, 0, 1).Format(time.DateOnly)
		} else {
			v.Start = instant(e.When.Start())
			if !e.When.End().IsZero() {
				v.End = instant(e.When.End())
			}
		}
		events[e.UID] = v
	}
	return events
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// A tree is content of our own making, with what readers are to understand.
type tree struct {
	files   fstest.MapFS
	events  map[string]event
	entries map[string]entry
}

func newTree() *tree {
	return &tree{fstest.MapFS{}, map[string]event{}, map[string]entry{}}
}

func (tr *tree) clone() *tree {
	return &tree{maps.Clone(tr.files), maps.Clone(tr.events), maps.Clone(tr.entries)}
}

type fields map[string]any

// uid gives every record an identifier of its own, the same in calendars and
// feeds.
func uid(kind, n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", kind, n) }

const (
	anEvent = iota + 1
	anArticle
)

// add writes a record with front matter in JSON, which can say any text.
func (tr *tree) add(kind, n int, f fields, body string) (id, address, date string) {
	id = uid(kind, n)
	address = "https://pages.example/" + id
	published := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Hour)
	f["uid"], f["permalink"], f["date"] = id, address, published.Format(time.RFC3339)
	front, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		panic(err) // strings, numbers and lists of them
	}
	tr.files[fmt.Sprintf("%d-%04d.md", kind, n)] = &fstest.MapFile{Data: append(append(front, "\n\n"...), body...)}
	return id, address, instant(published)
}

// article adds an article whose title is to be read as want.
func (tr *tree) article(n int, title, want string, more fields) {
	f := fields{"title": title}
	for k, v := range more {
		f[k] = v
	}
	id, address, date := tr.add(anArticle, n, f, "Un texte.\n")
	tr.entries["urn:uuid:"+id] = entry{"urn:uuid:" + id, want, address, date}
}

// event adds an event; want holds what is to be read, but for what can be told
// from n and the rest.
func (tr *tree) event(n int, f fields, body string, want event) {
	id, address, date := tr.add(anEvent, n, f, body)
	want.UID, want.URL, want.Description = id, address, strings.TrimSpace(body)
	if want.Status == "" {
		want.Status = "CONFIRMED"
	}
	tr.events[id] = want
	title := want.Summary
	switch want.Status {
	case "CANCELLED":
		title = "Annulé\u00a0: " + title
	case "TENTATIVE":
		title = "À confirmer\u00a0: " + title
	}
	tr.entries["urn:uuid:"+id] = entry{"urn:uuid:" + id, title, address, date}
}

// without is the tree when the event n has gone from it: it goes out as
// cancelled.
func (tr *tree) without(n int) {
	delete(tr.files, fmt.Sprintf("%d-%04d.md", anEvent, n))
	e := tr.events[uid(anEvent, n)]
	e.Status = "CANCELLED"
	e.Sequence++
	tr.events[e.UID] = e
	a := tr.entries["urn:uuid:"+e.UID]
	a.Title = "Annulé\u00a0: " + a.Title
	tr.entries[a.ID] = a
}

// hostile are texts that have broken calendars and feeds, and how each is to
// be read as a title, as a place and as a category. An empty title is the text
// itself; an empty place or category is the title.
var hostile = []struct{ text, title, place, category string }{
	{text: `Virgule, point-virgule; deux-points: "guillemets" et 'apostrophes'`, category: `Virgule‚ point-virgule； deux-points: ”guillemets” et 'apostrophes'`},
	{text: `C:\nouveau\\dossier\N`, title: `C:\nouveau\dossier\N`, category: `C:∖nouveau∖dossier∖N`},
	{text: `^n ^' ^^`},
	{text: `]]> fin de section`},
	{text: `Pain & beurre et R&D`},
	{text: `Tom &amp; Jerry`, title: `Tom & Jerry`},
	{text: `1 < 2 et 3 > 2`},
	{text: "une\r\nSUMMARY:deux\r\nEND:VEVENT", title: "une SUMMARY:deux END:VEVENT", place: "une, SUMMARY:deux, END:VEVENT"},
	{text: "avant\rATTENDEE:mailto:x@y.example", title: "avant ATTENDEE:mailto:x@y.example", place: "avant, ATTENDEE:mailto:x@y.example"},
	{text: "bip\u0007 et\u0000 rien\u007f", title: "bip et rien"},
	{text: "ligne\u2028séparée\u2029ici", title: "ligne séparée ici", place: "ligne, séparée, ici"},
	{text: "  au large  ", title: "au large"},
	{text: "👩‍👩‍👧‍👦 famille 🇫🇷 drapeau e\u0301 accent"},
	{text: "שלום עולם مرحبا"},
	{text: strings.Repeat("日本語", 60)},
	{text: strings.Repeat("x", 74) + "é"},
	{text: strings.Repeat("mot ", 60) + "fin"},
	{text: "BEGIN:VCALENDAR"},
	{text: "<!DOCTYPE html><script>alert(1)</script>Après", title: "Après"},
	{text: "${HOME} %s %0D%0A"},
	{text: "=SOMME(A1:A3)"},
}

func hostileSite(t *testing.T) *site {
	t.Helper()
	tr := newTree()
	for i, h := range hostile {
		title := cmp.Or(h.title, h.text)
		tr.article(i, h.text, title, fields{"tags": []string{h.text}})
		tr.event(i, fields{"title": h.text, "lieu": h.text, "categories": []string{h.text}, "event_start_date": "2027-05-08"}, "",
			event{Summary: title, Location: cmp.Or(h.place, title), Categories: []string{cmp.Or(h.category, title)}, Start: "2027-05-08", End: "2027-05-09"})
	}
	return newSite(t, "hostile", crieur.Config{}, tr)
}

// times are events of every kind, and when readers are to see them begin and
// end.
var times = []struct {
	zone, status           string
	start, end             string
	wantStart, wantEnd     string
	wantStatus, saysOfZone string
}{
	{start: "2027-05-08", wantStart: "2027-05-08", wantEnd: "2027-05-09"},
	{start: "2027-05-08", end: "2027-05-10", wantStart: "2027-05-08", wantEnd: "2027-05-11"},
	{start: "2028-02-29", wantStart: "2028-02-29", wantEnd: "2028-03-01"},
	{start: "2027-12-31", end: "2028-01-01", wantStart: "2027-12-31", wantEnd: "2028-01-02"},
	{start: "2027-06-26 21:00", end: "2027-06-27 00:30", wantStart: "2027-06-26T19:00:00Z", wantEnd: "2027-06-26T22:30:00Z", saysOfZone: "Europe/Paris"},
	{start: "2027-03-27T22:00:00+01:00", end: "2027-03-28T04:00:00+02:00", wantStart: "2027-03-27T21:00:00Z", wantEnd: "2027-03-28T02:00:00Z", saysOfZone: "Europe/Paris"},
	{start: "2027-10-31T02:30:00+01:00", wantStart: "2027-10-31T01:30:00Z"}, // the second 02:30 of that night
	{start: "1975-07-14T10:00:00+01:00", end: "1975-07-14T11:00:00+01:00", wantStart: "1975-07-14T09:00:00Z", wantEnd: "1975-07-14T10:00:00Z"},
	{start: "2027-01-15T23:59:59Z", end: "2027-01-16T00:00:01Z", wantStart: "2027-01-15T23:59:59Z", wantEnd: "2027-01-16T00:00:01Z"},
	{start: "2027-01-15 09:00", wantStart: "2027-01-15T08:00:00Z", saysOfZone: "Europe/Paris"},
	{zone: "America/New_York", start: "2027-03-14 09:00", end: "2027-03-14 10:00", wantStart: "2027-03-14T13:00:00Z", wantEnd: "2027-03-14T14:00:00Z", saysOfZone: "America/New_York"},
	{zone: "America/Santiago", start: "2027-09-10 09:00", wantStart: "2027-09-10T12:00:00Z"},
	{zone: "Africa/Casablanca", start: "2027-07-10T09:00:00+01:00", wantStart: "2027-07-10T08:00:00Z"},
	{zone: "Africa/Cairo", start: "2027-07-10 09:00", wantStart: "2027-07-10T06:00:00Z"},
	{zone: "Asia/Tokyo", start: "2027-05-08 09:00", wantStart: "2027-05-08T00:00:00Z", saysOfZone: "Asia/Tokyo"},
	{zone: "Asia/Kathmandu", start: "2027-05-08 09:00", wantStart: "2027-05-08T03:15:00Z", saysOfZone: "Asia/Kathmandu"},
	{zone: "Australia/Lord_Howe", start: "2027-01-08 09:00", wantStart: "2027-01-07T22:00:00Z", saysOfZone: "Australia/Lord_Howe"},
	{zone: "Europe/Dublin", start: "2027-07-08 09:00", wantStart: "2027-07-08T08:00:00Z", saysOfZone: "Europe/Dublin"},
	{zone: "Pacific/Kiritimati", start: "2027-07-08 09:00", wantStart: "2027-07-07T19:00:00Z", saysOfZone: "Pacific/Kiritimati"},
	{status: "cancelled", start: "2027-05-09", wantStart: "2027-05-09", wantEnd: "2027-05-10", wantStatus: "CANCELLED"},
	{status: "tentative", start: "2027-05-09 18:00", wantStart: "2027-05-09T16:00:00Z", wantStatus: "TENTATIVE"},
}

// timesSite publishes the times, then again when one event was renamed, one
// was called off and one has gone.
func timesSite(t *testing.T) *site {
	t.Helper()
	first := newTree()
	for i, when := range times {
		title := fmt.Sprintf("Moment %d", i)
		f := fields{"title": title, "event_start_date": when.start}
		for key, v := range map[string]string{"event_end_date": when.end, "timezone": when.zone, "status": when.status} {
			if v != "" {
				f[key] = v
			}
		}
		first.event(i, f, "", event{Summary: title, Start: when.wantStart, End: when.wantEnd, Status: when.wantStatus})
	}
	first.article(0, "Un article", "Un article", nil)
	second := first.clone()
	second.event(1, fields{"title": "Moment renommé", "event_start_date": "2027-05-08", "event_end_date": "2027-05-10"}, "",
		event{Summary: "Moment renommé", Start: "2027-05-08", End: "2027-05-11", Sequence: 1})
	second.event(4, fields{"title": "Moment 4", "event_start_date": "2027-06-26 21:00", "event_end_date": "2027-06-27 00:30", "status": "annulé"}, "",
		event{Summary: "Moment 4", Start: times[4].wantStart, End: times[4].wantEnd, Status: "CANCELLED", Sequence: 1})
	second.without(9)
	return newSite(t, "times", crieur.Config{}, first, second)
}

// countedSite holds n events and n articles.
func countedSite(t *testing.T, name string, n int) *site {
	t.Helper()
	tr := newTree()
	for i := range n {
		title := fmt.Sprintf("Numéro %d", i)
		labels := []string{fmt.Sprintf("étiquette %d", i%7)}
		start := time.Date(2026, 12, 1, 8, 30, 0, 0, time.UTC).AddDate(0, 0, i)
		tr.article(i, title, title, fields{"tags": labels})
		tr.event(i, fields{"title": title, "lieu": "Salle " + labels[0], "tags": labels, "event_start_date": start.Format(time.RFC3339), "event_end_date": start.Add(time.Hour).Format(time.RFC3339)},
			strings.Repeat("Une ligne du programme, puis une autre.\n\n", i%5),
			event{Summary: title, Location: "Salle " + labels[0], Categories: labels, Start: instant(start), End: instant(start.Add(time.Hour))})
	}
	return newSite(t, name, crieur.Config{Limit: 1000}, tr)
}
