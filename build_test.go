package crieur

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/crieur/crieur/calendar"
)

// A world is a content tree, its history and a clock, to tell stories with.
type world struct {
	t       *testing.T
	files   fstest.MapFS
	config  Config
	now     time.Time
	builder Builder
	watcher Builder                   // is told which files changed
	found   map[string]fstest.MapFile // by the last build
	builds  int
	history *History
	site    *Site
	faults  []Fault
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, files: fstest.MapFS{}, now: at("2026-11-22T09:00:00Z"), config: Config{
		Title: "Agenda de Brume", Site: "https://www.brume.example/", Timezone: "Europe/Paris",
	}}
	w.builder.Warm("one")
	return w
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func (w *world) write(name, data string) {
	w.files[name] = &fstest.MapFile{Data: []byte(data), ModTime: at("2026-11-01T08:00:00Z")}
}

func (w *world) remove(name string) { delete(w.files, name) }

func (w *world) rename(from, to string) {
	w.files[to] = w.files[from]
	delete(w.files, from)
}

// event writes an event's file.
func (w *world) event(name, title, start string, more ...string) {
	w.write(name, "---\ntitle: "+title+"\nevent_start_date: "+start+"\ndate: 2026-11-02 10:00:00 +01:00\n"+strings.Join(append(more, "---", "Le corps."), "\n")+"\n")
}

// later lets time pass and builds.
func (w *world) later(d time.Duration) *world {
	w.now = w.now.Add(d)
	return w.build()
}

func (w *world) build() *world {
	w.t.Helper()
	site, history, faults := w.builder.Build(w.files, w.config, w.history, w.now)
	w.faults = faults
	if w.builds++; racing && w.builds > 1 { // the first tells of races; what the others come to is seen without the detector
		if site != nil {
			w.site, w.history = site, history
		}
		return w
	}
	again, next, more := Build(w.files, w.config, w.history, w.now)
	if fmt.Sprint(faults) != fmt.Sprint(more) {
		w.t.Errorf("faults differ when built anew:\n%v\n%v", faults, more)
	}
	w.watcher.Changed(w.changed()...)
	fourth, _, faultsTold := w.watcher.Build(w.files, w.config, w.history, w.now)
	if fmt.Sprint(faults) != fmt.Sprint(faultsTold) {
		w.t.Errorf("faults differ when only the changed files are read:\n%v\n%v", faults, faultsTold)
	}
	if (site == nil) != (again == nil) {
		w.t.Fatal("a site only when built anew, or only when not")
	}
	if site == nil {
		return w
	}
	madeAgain(w.t, site)
	equalSites(w.t, site, again)
	equalSites(w.t, site, fourth)
	w.equalHistories(next, history)

	var warm Builder // of a process that begins where another ended
	warm.Warm("one")
	third, latest, told := warm.Build(w.files, w.config, reload(w.t, w.history), w.now)
	if fmt.Sprint(faults) != fmt.Sprint(told) {
		w.t.Errorf("faults differ when built warm:\n%v\n%v", faults, told)
	}
	equalSites(w.t, site, third)
	w.equalHistories(latest, history)
	w.site, w.history = site, history
	return w
}

// changed are the files that are not what the last build found, and every link,
// which may lead to one.
func (w *world) changed() (names []string) {
	now := map[string]fstest.MapFile{}
	for name, f := range w.files {
		now[name] = *f
		if old, ok := w.found[name]; !ok || !bytes.Equal(old.Data, f.Data) || old.Mode != f.Mode || !old.ModTime.Equal(f.ModTime) || f.Mode&fs.ModeSymlink != 0 {
			names = append(names, name)
		}
	}
	for name := range w.found {
		if _, ok := now[name]; !ok {
			names = append(names, name)
		}
	}
	w.found = now
	return names
}

func (w *world) equalHistories(a, b *History) {
	w.t.Helper()
	if a, b := stored(w.t, a), stored(w.t, b); a != b {
		w.t.Errorf("histories differ when built anew:\n%s\n%s", a, b)
	}
}

// equalSites compares every tag, size and date of two sites; what has a tag that
// this process did not find itself is made, and compared with it.
func equalSites(t *testing.T, a, b *Site) {
	t.Helper()
	if !slices.Equal(names(a), names(b)) {
		t.Fatalf("the sites have other files:\n%v\n%v", names(a), names(b))
	}
	for _, name := range names(a) {
		x, y := a.File(name), b.File(name)
		if x.ETag != y.ETag || x.size != y.size || !x.Modified.Equal(y.Modified) {
			t.Errorf("%s: %s %d %v, and %s %d %v\n%s\n%s", name, x.ETag, x.size, x.Modified, y.ETag, y.size, y.Modified, x.Bytes(), y.Bytes())
		}
		for _, f := range []*File{x, y} {
			if f.sure {
				continue
			}
			if data, err := f.bytes(); err != nil || etag(name, data) != f.ETag || len(data) != f.size {
				t.Errorf("%s is another (%v):\n%s", name, err, data)
			}
		}
	}
	if !a.NextChange.Equal(b.NextChange) {
		t.Errorf("next changes %v and %v", a.NextChange, b.NextChange)
	}
}

// madeAgain makes every document again, and compares it with its tag and size.
func madeAgain(t *testing.T, site *Site) {
	t.Helper()
	for f := range site.Files() {
		if data, err := f.make(); err != nil || etag(f.Name, data) != f.ETag || len(data) != f.size {
			t.Errorf("%s is made otherwise from the same (%v):\n%s", f.Name, err, data)
		}
	}
}

// get is a value of the only event called title in events.ics.
func (w *world) get(title, property string) string {
	w.t.Helper()
	var found []string
	for _, block := range w.events() {
		if block["SUMMARY"] == title {
			found = append(found, block[property])
		}
	}
	if len(found) != 1 {
		w.t.Fatalf("%d events called %q:\n%s", len(found), title, w.site.File("events.ics").Bytes())
	}
	return found[0]
}

// events are the properties of each VEVENT, without parameters.
func (w *world) events() (list []map[string]string) {
	return vevent(w.site.File("events.ics"))
}

func vevent(f *File) (list []map[string]string) {
	text := strings.ReplaceAll(string(f.Bytes()), "\r\n ", "")
	for _, block := range strings.Split(text, "BEGIN:VEVENT\r\n")[1:] {
		m := map[string]string{}
		for l := range strings.SplitSeq(block, "\r\n") {
			name, value, _ := strings.Cut(l, ":")
			name, _, _ = strings.Cut(name, ";")
			if _, ok := m[name]; !ok {
				m[name] = value
			}
		}
		list = append(list, m)
	}
	return list
}

func (w *world) has(file, text string) bool {
	f := w.site.File(file)
	return f != nil && strings.Contains(string(f.Bytes()), text)
}

func (w *world) fault(rule string) *Fault {
	for _, f := range w.faults {
		if f.Rule == rule {
			return &f
		}
	}
	return nil
}

func TestAnEventMovesAndKeepsItsIdentity(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
	w.event("b.md", "Bal", "2027-05-09 09:00:00 +02:00")
	w.build()
	uid, stamp := w.get("Foire", "UID"), w.get("Foire", "DTSTAMP")
	if stamp != "20261102T090000Z" || w.get("Foire", "SEQUENCE") != "0" {
		t.Errorf("at first DTSTAMP %s, SEQUENCE %s", stamp, w.get("Foire", "SEQUENCE"))
	}
	other := fmt.Sprint(w.get("Bal", "UID"), w.get("Bal", "DTSTAMP"), w.get("Bal", "SEQUENCE"))

	w.event("a.md", "Foire", "2027-05-15 09:00:00 +02:00")
	w.later(time.Hour)
	if w.get("Foire", "UID") != uid || w.get("Foire", "SEQUENCE") != "1" || w.get("Foire", "DTSTAMP") != "20261122T100000Z" ||
		w.get("Foire", "LAST-MODIFIED") != "20261122T100000Z" || w.get("Foire", "DTSTART") != "20270515T090000" {
		t.Errorf("after the move:\n%s", w.site.File("events.ics").Bytes())
	}
	w.rename("a.md", "agenda/foire-2027.md")
	w.later(time.Hour)
	w.event("agenda/foire-2027.md", "Grande foire", "2027-05-15 09:00:00 +02:00")
	w.later(time.Hour)
	if w.get("Grande foire", "UID") != uid || w.get("Grande foire", "SEQUENCE") != "2" {
		t.Errorf("after a rename and a new title: %s", w.get("Grande foire", "UID"))
	}
	if got := fmt.Sprint(w.get("Bal", "UID"), w.get("Bal", "DTSTAMP"), w.get("Bal", "SEQUENCE")); got != other {
		t.Errorf("the other event was announced again: %s, was %s", got, other)
	}
	if n := len(w.events()); n != 2 {
		t.Errorf("%d events", n)
	}
	if !w.has("events.atom", "<id>urn:uuid:"+uid+"</id>") {
		t.Error("the feed has another identity")
	}
}

func TestAWithdrawnEventIsCancelledThenLeaves(t *testing.T) {
	for name, withdraw := range map[string]func(w *world){
		"deleted":     func(w *world) { w.remove("a.md") },
		"unpublished": func(w *world) { w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00", "published: false") },
		"expired":     func(w *world) { w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00", "expiryDate: 2026-11-22") },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00", "tags: [fête]")
			w.event("b.md", "Bal", "2027-05-09 09:00:00 +02:00")
			w.build()
			uid := w.get("Foire", "UID")
			withdraw(w)
			w.later(time.Hour)
			if w.get("Foire", "STATUS") != "CANCELLED" || w.get("Foire", "SEQUENCE") != "1" || w.get("Foire", "UID") != uid || w.get("Bal", "STATUS") != "CONFIRMED" {
				t.Fatalf("withdrawn:\n%s", w.site.File("events.ics").Bytes())
			}
			for _, name := range []string{"events/tag/fete.ics", "event/foire.ics"} {
				if !w.has(name, "STATUS:CANCELLED") {
					t.Errorf("%s does not say so", name)
				}
			}
			if !w.has("events.rss", "<title>Annulé\u00a0: Foire</title>") {
				t.Errorf("the feed does not say so:\n%s", w.site.File("events.rss").Bytes())
			}
			bytes := string(w.site.File("events.ics").Bytes())
			end := w.now.Add(30 * 24 * time.Hour)
			if !w.site.NextChange.Equal(end) {
				t.Errorf("next change %v, want %v", w.site.NextChange, end)
			}
			w.now = end.Add(-time.Second)
			if w.build(); string(w.site.File("events.ics").Bytes()) != bytes {
				t.Error("it changed again before its time")
			}
			w.later(time.Second)
			if w.has("events.ics", "Foire") || w.has("events.rss", "Foire") || w.site.File("event/foire.ics") != nil {
				t.Error("it is still there after its time")
			}
			if w.site.File("events/tag/fete.ics") == nil {
				t.Error("the channel of its tag is gone: a subscription became an error")
			}

			// And it may come back: as itself, newer than ever.
			w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00", "tags: [fête]")
			w.later(time.Hour)
			if w.get("Foire", "UID") != uid || w.get("Foire", "STATUS") != "CONFIRMED" || w.get("Foire", "SEQUENCE") != "2" {
				t.Errorf("come back:\n%s", w.site.File("events.ics").Bytes())
			}
		})
	}
}

func TestATypingErrorWithdrawsNothing(t *testing.T) {
	for name, c := range map[string]struct{ data, rule string }{
		"broken YAML":         {"---\ntitle: \"Foire\nevent_start_date: 2027-05-08 09:00:00 +02:00\n---\n", ""},
		"an impossible date":  {"---\ntitle: Foire\nevent_start_date: 2027-13-08 09:00:00 +02:00\n---\n", ""},
		"a misspelt key":      {"---\ntitle: Foire\nevent_strat_date: 2027-05-08 09:00:00 +02:00\n---\n", "kind-changed"},
		"no start any more":   {"---\ntitle: Foire\nlieu: Salle des fêtes\n---\n", "no-longer-a-record"},
		"an empty file":       {"", "empty"},
		"half a file":         {"---\ntitle: Foire\nevent_sta", ""},
		"not text":            {"\x00\x01\x02\x00", ""},
		"a file that is huge": {strings.Repeat("x", 5<<20), "unreadable"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
			w.event("b.md", "Bal", "2027-05-09 09:00:00 +02:00")
			w.build()
			before := string(w.site.File("events.ics").Bytes())
			w.write("a.md", c.data)
			w.later(time.Hour)
			if got := string(w.site.File("events.ics").Bytes()); got != before {
				t.Errorf("published\n%s\nwas\n%s", got, before)
			}
			if c.rule != "" && w.fault(c.rule) == nil {
				t.Errorf("no fault %s: %v", c.rule, w.faults)
			}
			if !slices.ContainsFunc(w.faults, func(f Fault) bool { return f.Severity == Error && f.Pos.Filename == "a.md" && f.Pos.Line > 0 }) {
				t.Errorf("no error with a position: %v", w.faults)
			}
			w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
			w.later(time.Hour)
			if got := string(w.site.File("events.ics").Bytes()); got != before {
				t.Errorf("after the repair\n%s\nwas\n%s", got, before)
			}
		})
	}
}

// What is unpublished is withdrawn, whatever else is wrong with it, and that
// is no fault.
func TestAFaultyDraftIsWithdrawn(t *testing.T) {
	for _, start := range []string{"2027-13-08", "demain", ""} {
		w := newWorld(t)
		w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
		w.event("b.md", "Bal", "2027-05-09 09:00:00 +02:00")
		w.build()
		w.event("a.md", "Foire", start, "published: false")
		w.later(time.Hour)
		if w.get("Foire", "STATUS") != "CANCELLED" || slices.ContainsFunc(w.faults, func(f Fault) bool { return f.Severity == Error }) {
			t.Errorf("%q: %v", start, w.faults)
		}
		w.config.Drafts = true
		w.later(time.Hour)
		if w.site == nil || w.get("Foire", "STATUS") != "CANCELLED" {
			t.Errorf("%q with drafts: %v", start, w.faults)
		}
	}
}

// A record that was never good is left out; the others are published.
func TestAFaultyRecordStopsNoOther(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Foire", "2027-13-08 09:00:00 +02:00")
	w.event("b.md", "Bal", "2027-05-09 09:00:00 +02:00")
	w.build()
	if len(w.events()) != 1 || w.get("Bal", "STATUS") != "CONFIRMED" {
		t.Errorf("published:\n%s", w.site.File("events.ics").Bytes())
	}
}

func TestMassRemovalIsHeldBack(t *testing.T) {
	w := newWorld(t)
	for i := range 10 {
		w.event(fmt.Sprintf("e%d.md", i), fmt.Sprintf("Fête %d", i), "2027-05-08 09:00:00 +02:00")
	}
	w.build()
	for i := range 6 {
		w.remove(fmt.Sprintf("e%d.md", i))
	}
	before := w.site
	w.later(time.Hour)
	if w.site != before {
		t.Fatal("six of ten events were withdrawn at once")
	}
	if f := &w.faults[0]; f.Rule != "mass-removal" || !errors.Is(*f, ErrMassRemoval) || !strings.Contains(f.Error(), "6 of 10") {
		t.Errorf("faults %v", w.faults)
	}
	w.config.MaxRemoval = 100
	w.later(time.Hour)
	if got := strings.Count(string(w.site.File("events.ics").Bytes()), "STATUS:CANCELLED"); got != 6 {
		t.Errorf("%d events cancelled after it was allowed", got)
	}
}

func TestScheduledPublication(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00", "publishDate: 2026-11-25 08:00:00 +01:00")
	w.write("n.md", "---\ntitle: Nouvelle\ndate: 2026-11-24 08:00:00 +01:00\n---\nTexte.\n")
	w.build()
	if w.has("events.ics", "Foire") || w.has("articles.rss", "Nouvelle") {
		t.Error("published before its time")
	}
	if want := at("2026-11-24T07:00:00Z"); !w.site.NextChange.Equal(want) {
		t.Errorf("next change %v, want %v", w.site.NextChange, want)
	}
	w.now = w.site.NextChange
	if w.build(); !w.has("articles.rss", "<pubDate>Tue, 24 Nov 2026 07:00:00 +0000</pubDate>") || w.has("events.ics", "Foire") {
		t.Error("the article is not out on its second, or the event is")
	}
	w.now = w.site.NextChange
	if w.build(); !w.has("events.ics", "Foire") {
		t.Error("the event is not out on its second")
	}
}

// A clock that was wrong and is set back makes what was over lie ahead again.
func TestTheClockIsSetBack(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Foire", "2026-11-23 09:00:00 +01:00")
	w.build()
	page := string(w.site.File("events.html").Bytes())
	w.later(48 * time.Hour)
	w.later(-48 * time.Hour) // build compares with a full build
	if got := string(w.site.File("events.html").Bytes()); got != page {
		t.Errorf("the page is\n%s\nwant\n%s", got, page)
	}
}

func TestDrafts(t *testing.T) {
	w := newWorld(t)
	w.write("n.md", "---\ntitle: Brouillon\ndate: 2026-11-20 08:00:00 +01:00\npublished: false\n---\nTexte.\n")
	w.write("p.md", "---\ntitle: Publié\ndate: 2026-11-20 08:00:00 +01:00\n---\nTexte.\n")
	w.build()
	for f := range w.site.Files() {
		if strings.Contains(string(f.Bytes()), "Brouillon") {
			t.Errorf("the draft is in %s", f.Name)
		}
	}
	w.config.Drafts = true
	if w.build(); !w.has("articles.rss", "Brouillon") {
		t.Error("the draft is not out with Drafts")
	}
}

// Every label has a channel of its own, whatever its letters.
func TestLabels(t *testing.T) {
	w := newWorld(t)
	labels := []string{"c++", "c", "C#", "R&D", "rd", "日本", "Évènement", "Événement", "<<->>", "../x", "CON", "a/b"}
	for i, l := range labels {
		w.event(fmt.Sprintf("e%d.md", i), fmt.Sprintf("Fête %d", i), "2027-05-08 09:00:00 +02:00", "tags: ['"+l+"']")
	}
	w.event("meetup.md", "Rencontre", "2027-05-08 09:00:00 +02:00", "tags: [Meetup, meetup]")
	w.build()
	calendars := map[string]string{}
	for f := range w.site.Files() {
		if strings.HasPrefix(f.Name, "events/tag/") && strings.HasSuffix(f.Name, ".ics") {
			if n := strings.Count(string(f.Bytes()), "BEGIN:VEVENT"); n != 1 {
				t.Errorf("%s has %d events", f.Name, n)
			}
			calendars[f.Name] = string(f.Bytes())
		}
	}
	if len(calendars) != len(labels)+1 {
		t.Errorf("%d calendars for %d tags: %v", len(calendars), len(labels)+1, slices.Sorted(maps.Keys(calendars)))
	}
	// A label that comes later takes nobody's name.
	w.event("new.md", "Nouvelle", "2027-05-08 09:00:00 +02:00", "tags: [ÉVÉNEMENT, 'Evenement']")
	w.later(time.Hour)
	for name, text := range calendars {
		if got := string(w.site.File(name).Bytes()); got != text && !strings.Contains(got, "Nouvelle") {
			t.Errorf("%s became another's", name)
		}
	}
}

func TestTheSameUIDTwice(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00", "uid: foire@brume.example")
	w.event("b.md", "Bal", "2027-05-09 09:00:00 +02:00", "uid: foire@brume.example")
	w.build()
	if len(w.events()) != 1 || w.get("Foire", "UID") != "foire@brume.example" {
		t.Errorf("published:\n%s", w.site.File("events.ics").Bytes())
	}
	f := w.fault("duplicate-uid")
	if f == nil || f.Pos.Filename != "b.md" || !strings.Contains(f.Error(), "a.md") {
		t.Errorf("faults %v", w.faults)
	}
}

// The same event in two files is one event, and stays it when one of them goes.
func TestTheSameEventTwice(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
	w.event("formation/a.md", "Foire", "2027-05-08 09:00:00 +02:00", "chapeau-text: Autrement dit.")
	w.event("b.md", "Foire", "2027-05-08 09:00:00 +02:00", "lieu: Ailleurs")
	w.build()
	if len(w.events()) != 2 || w.fault("double") == nil || w.fault("double").Pos.Filename != "formation/a.md" {
		t.Errorf("%v %v", w.identities(), w.faults)
	}
	before := fmt.Sprint(w.events()[0]["UID"], w.events()[1]["UID"])
	w.remove("a.md")
	w.later(time.Hour)
	if after := fmt.Sprint(w.events()[0]["UID"], w.events()[1]["UID"]); len(w.events()) != 2 || after != before || w.fault("double") != nil {
		t.Errorf("%s, was %s; %v", after, before, w.faults)
	}
}

func TestConfiguredChannels(t *testing.T) {
	w := newWorld(t)
	w.event("lyon/a.md", "Foire", "2027-05-08 09:00:00 +02:00", "categories: [Marché]")
	w.event("b.md", "Bal", "2027-05-09 09:00:00 +02:00", "tags: [danse]")
	w.config.Channels = []Channel{
		{Name: "lyon/agenda", Title: "Lyon", Path: "lyon", Formats: []string{"ics"}},
		{Name: "danse", Tag: "Danse"},
	}
	w.build()
	if !w.has("lyon/agenda.ics", "SUMMARY:Foire") || w.has("lyon/agenda.ics", "SUMMARY:Bal") || w.site.File("lyon/agenda.rss") != nil {
		t.Error("lyon/agenda is not what was configured")
	}
	if !w.has("danse.rss", "Bal") || w.has("danse.rss", "Foire") {
		t.Error("danse is not what was configured")
	}
}

func TestEmptyTree(t *testing.T) {
	w := newWorld(t).build()
	for _, name := range []string{"index.html", "events.ics", "events.rss", "articles.json", "feeds.opml"} {
		if w.site.File(name) == nil {
			t.Errorf("no %s", name)
		}
	}
	if !w.has("events.ics", "BEGIN:VTIMEZONE") {
		t.Error("an empty calendar without a component is refused by some")
	}
}

// What one record says can take nothing else with it.
func TestAnUnpublishableRecordTakesNothingWithIt(t *testing.T) {
	for _, line := range []string{
		"uid: 'réunion 12'", "uid: " + strings.Repeat("x", 400), "lang: français de France", "image: 'javascript:alert(1)'",
		"organizer: {name: A, email: 'pas une adresse'}", "authors: [{name: A, email: x@}]", "lieu: ''", "tags: [',', '\\', \"a\\u0000b\"]",
		"enclosures: [{url: /a.pdf, type: pdf}]", "timezone: Nowhere/Land", "location: {lat: 91, long: 400}",
		"uid: " + strings.Repeat("é", 100), "permalink: 'http://[::1'", "url: 'https://a b/'",
	} {
		w := newWorld(t)
		w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
		w.event("b.md", "Bal", "2027-05-09 09:00:00 +02:00")
		w.build()
		w.event("b.md", "Bal", "2027-05-09 09:00:00 +02:00", line)
		w.write("c.md", "---\ntitle: Nouvelle\ndate: 2026-11-02\n"+line+"\n---\nTexte.\n")
		w.later(time.Hour)
		if w.site == nil || !w.has("events.ics", "SUMMARY:Foire") || !w.has("events.ics", "SUMMARY:Bal") || !w.has("events.rss", "Bal") {
			t.Errorf("%s: %v", line, w.faults)
		}
	}
}

func TestConfigurationsThatCannotBe(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
	for name, change := range map[string]func(c *Config){
		"language":      func(c *Config) { c.Language = "français" },
		"timezone":      func(c *Config) { c.Timezone = "Paris" },
		"base":          func(c *Config) { c.Base = "agenda.brume.example" },
		"site":          func(c *Config) { c.Site = "ftp://brume.example" },
		"channel name":  func(c *Config) { c.Channels = []Channel{{Name: "../x"}} },
		"empty name":    func(c *Config) { c.Channels = []Channel{{}} },
		"a name twice":  func(c *Config) { c.Channels = []Channel{{Name: "a"}, {Name: "a"}} },
		"hubs":          func(c *Config) { c.Hubs = []string{"hub.example"} },
		"a folder zone": func(c *Config) { c.Collections = []Collection{{Timezone: "Local"}} },
	} {
		c := w.config
		change(&c)
		site, _, faults := Build(w.files, c, nil, w.now)
		if site != nil || len(faults) != 1 || !errors.Is(faults[0], ErrConfig) {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

func TestAFolderThatIsIgnoredIsWithdrawn(t *testing.T) {
	w := newWorld(t)
	w.event("old/a.md", "Foire", "2027-05-08 09:00:00 +02:00")
	w.event("old/new/b.md", "Bal", "2027-05-09 09:00:00 +02:00")
	w.build()
	w.config.Collections = []Collection{{Path: "old", Kind: "ignore"}, {Path: "old/new", Kind: "events"}}
	w.later(time.Hour)
	if w.get("Foire", "STATUS") != "CANCELLED" || w.get("Bal", "STATUS") != "CONFIRMED" {
		t.Errorf("%s%v", w.site.File("events.ics").Bytes(), w.faults)
	}
}

// A body that would take too long to read as Markdown is published as text.
func TestABodyTooComplex(t *testing.T) {
	w := newWorld(t)
	w.write("a.md", "---\ntitle: Foire\nevent_start_date: 2027-05-08\n---\n"+strings.Repeat("[a](b", 20000))
	w.build()
	if !w.has("events.ics", "SUMMARY:Foire") || w.fault("body") == nil {
		t.Errorf("%v", w.faults)
	}
}

// A text too long to be read at all is a mistake like any other: what was published stays.
func TestATextTooLongKeepsTheLastForm(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
	w.build()
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00", "---", strings.Repeat("trop long ", 200_000))
	w.later(time.Hour)
	if !slices.ContainsFunc(w.faults, func(f Fault) bool { return f.Severity == Error && f.Pos.Filename == "a.md" }) {
		t.Errorf("faults are %v", w.faults)
	}
	if w.get("Foire", "SEQUENCE") != "0" || !strings.Contains(w.get("Foire", "DESCRIPTION"), "Le corps.") {
		t.Error("the event did not stay as it was")
	}
}

// errFS fails to open its root.
type errFS struct{ error }

func (f errFS) Open(string) (fs.File, error) { return nil, f.error }

func TestAMissingTreeIsNoEmptyOne(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00")
	w.build()
	site, history, faults := Build(errFS{fs.ErrNotExist}, w.config, w.history, w.now)
	if site != nil || history != w.history || len(faults) != 1 || !errors.Is(faults[0], fs.ErrNotExist) {
		t.Errorf("%v, %v", site, faults)
	}
}

// Law: what Build gives does not depend on the order in which a file system
// lists, nor on the machine's zone.
func TestBuildIsDeterministic(t *testing.T) {
	w := newWorld(t)
	w.config.Timezone = ""
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 40 {
		edit(random, w, i)
	}
	w.build()
	local := time.Local
	defer func() { time.Local = local }()
	for i := range 10 {
		time.Local = time.FixedZone("elsewhere", 3600*(i-5))
		site, _, faults := Build(shuffledFS{w.files, random}, w.config, nil, w.now)
		equalSites(t, site, w.site)
		if fmt.Sprint(faults) != fmt.Sprint(w.faults) {
			t.Error("other faults")
		}
	}
}

type shuffledFS struct {
	fstest.MapFS
	random *rand.Rand
}

func (f shuffledFS) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := f.MapFS.ReadDir(name)
	f.random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list, err
}

// What the settings say of a record that subscribers see no difference of holds from the next build on, and is not announced.
func TestSettingsOfWhatIsTheSame(t *testing.T) {
	w := newWorld(t)
	w.config.Language = "en"
	w.config.Collections = []Collection{{Path: "agenda", Programme: true}}
	w.write("agenda/assises.md", "---\ntitle: Assises\nevent_start_date: 2027-06-12 09:00\nevent_end_date: 2027-06-12 18:00\n---\n* 9h : Accueil\n\n* 10h : Atelier\n")
	w.build()
	if n := len(w.sessions("")); n != 2 {
		t.Fatalf("%d sessions", n)
	}
	before := w.get("Assises", "SEQUENCE")
	w.config.Language, w.config.Collections = "fr", nil
	w.later(time.Hour)
	if page := string(w.site.File("event/assises.html").Bytes()); strings.Contains(page, `lang="en"`) {
		t.Errorf("the page is in the language that the site had:\n%s", page)
	}
	for _, e := range w.sessions("") {
		if e["STATUS"] != "CANCELLED" {
			t.Errorf("%s is still in a programme that is none any more", e["SUMMARY"])
		}
	}
	if got := w.get("Assises", "SEQUENCE"); got != before {
		t.Errorf("the event has the sequence %s, and had %s", got, before)
	}
}

// edit makes one random change of the tree.
func edit(random *rand.Rand, w *world, n int) {
	names := slices.Sorted(maps.Keys(w.files))
	names = slices.DeleteFunc(names, func(name string) bool { return name == lasting })
	pick := func() string {
		if len(names) == 0 {
			return "e0.md"
		}
		return names[random.IntN(len(names))]
	}
	tags := []string{"a", "b", "R&D", "日本"}
	rules := []string{"FREQ=WEEKLY", "FREQ=WEEKLY;COUNT=4", "FREQ=DAILY;UNTIL=20270601", "FREQ=MONTHLY;INTERVAL=2", "FREQ=YEARLY", "FREQ=WEEKLY;BYDAY=MO", "FREQ=DAILI"}
	switch k := random.IntN(15); {
	case k >= 12:
		file := fmt.Sprintf("p%d.md", n)
		if k == 14 {
			file = pick()
		}
		w.write(file, randomProgramme(random, fmt.Sprintf("Assises %d", random.IntN(100))))
	case k >= 10:
		start := time.Date(2026, 11, 20+random.IntN(200), random.IntN(24), 0, 0, 0, time.UTC)
		file := fmt.Sprintf("s%d.md", n)
		if k == 11 {
			file = pick()
		}
		w.event(file, fmt.Sprintf("Série %d", random.IntN(1000)), start.Format("2006-01-02 15:04"), "duration: 90",
			"rrule: "+rules[random.IntN(len(rules))], "exdate: "+start.AddDate(0, 0, 7*random.IntN(5)).Format(time.DateOnly), "rdate: "+start.AddDate(0, 0, 1+random.IntN(30)).Format(time.DateOnly))
	case k < 4 || len(names) < 12:
		w.event(fmt.Sprintf("e%d.md", n), fmt.Sprintf("Fête %d", random.IntN(1000)), fmt.Sprintf("2027-05-%02d %02d:00:00 +02:00", 1+random.IntN(28), random.IntN(24)),
			"tags: ["+tags[random.IntN(4)]+"]")
	case k == 4:
		w.write(fmt.Sprintf("n%d.md", n), fmt.Sprintf("---\ntitle: Nouvelle %d\ndate: 2026-%02d-02\ncategories: [%s]\n---\nTexte *%d*.\n", n, 1+random.IntN(12), tags[random.IntN(4)], n))
	case k == 5:
		w.remove(pick())
	case k == 6:
		w.rename(pick(), fmt.Sprintf("d%d/r%d.md", random.IntN(3), n))
	case k == 7:
		w.write(pick(), "---\ntitle: [cassé\n---\n")
	case k == 8:
		w.event(pick(), fmt.Sprintf("Fête %d", n), "2027-06-01")
	default:
		p := pick()
		w.write(p, string(w.files[p].Data)+"\nEncore.\n")
	}
}

// Law: after any edits an incremental build is a full one, no identity
// changes, nothing unchanged is announced again, every change is announced,
// and no document's date goes back.
func TestRandomLife(t *testing.T) {
	for seed := range seeds(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			w := newWorld(t)
			w.config.Limit = 4 // so that there are archives
			w.build()
			type seen struct{ uid, seq, stamp, rest string }
			last := map[string]seen{}
			for n := range int(20 * seeds(2)) {
				for range 1 + random.IntN(3) {
					edit(random, w, n)
				}
				old, oldHistory := w.site, w.history
				pause := 3600
				if random.IntN(8) == 0 {
					pause *= 24 * 20 // events come and go
				}
				w.later(time.Duration(random.IntN(pause)) * time.Second) // build compares with a full build
				if w.site == old {
					continue // held back
				}
				uids := map[string]bool{}
				for _, e := range append(w.events(), w.sessions("")...) {
					uid := e["UID"]
					if uids[uid] {
						t.Fatalf("%s appears twice", uid)
					}
					uids[uid] = true
					s := seen{uid, e["SEQUENCE"], e["DTSTAMP"], e["SUMMARY"] + e["DTSTART"] + e["DTEND"] + e["RRULE"] + e["RDATE"] + e["EXDATE"] + e["STATUS"] + e["DESCRIPTION"] + e["CATEGORIES"]}
					if l, ok := last[uid]; ok {
						if (s.rest != l.rest) != (s.seq != l.seq) || (s.rest != l.rest) != (s.stamp > l.stamp) {
							t.Fatalf("%s: %+v became %+v", uid, l, s)
						}
					}
					last[uid] = s
				}
				for f := range w.site.Files() {
					if o := old.File(f.Name); o != nil {
						if same := o.ETag == f.ETag; same != o.Modified.Equal(f.Modified) || f.Modified.Before(o.Modified) {
							t.Fatalf("%s: ETag %s %v became %s %v", f.Name, o.ETag, o.Modified, f.ETag, f.Modified)
						}
					}
				}
				for id, e := range oldHistory.entries.all() {
					if w.history.entries.get(id) == nil || w.history.entries.get(id).Slug != e.Slug {
						t.Fatalf("%s was forgotten", id)
					}
				}
			}
		})
	}
}

// A feed that is opened in a browser has its style, in the language of the site.
func TestFeedsHaveAStyle(t *testing.T) {
	for language, note := range map[string]string{"fr": `--note: "Ceci est un flux`, "en": `--note: "This is a feed`} {
		w := newWorld(t)
		w.config.Language, w.config.Limit = language, 3
		for n := range 20 {
			w.article(n, "Nouvelle")
			w.event(fmt.Sprintf("e%d.md", n), "Foire", fmt.Sprintf("2027-05-%02d", n+1), "tags: [fête]")
		}
		w.build()
		if !w.has("feed.css", note) {
			t.Errorf("%s: %s", language, w.site.File("feed.css").Bytes())
		}
		feeds := 0
		for f := range w.site.Files() {
			if !strings.HasSuffix(f.Name, ".rss") && !strings.HasSuffix(f.Name, ".atom") {
				continue
			}
			if feeds++; !w.has(f.Name, "?>\n<?xml-stylesheet type=\"text/css\" href=\"http://localhost:8080/feed.css\"?>\n<") {
				t.Errorf("%s has none", f.Name)
			}
		}
		if feeds < 20 {
			t.Errorf("%d feeds", feeds)
		}
	}
}

// Every calendar of a site is one the calendar package itself accepts.
func TestSiteTypes(t *testing.T) {
	w := newWorld(t)
	w.event("a.md", "Foire", "2027-05-08 09:00:00 +02:00", "tags: [fête]")
	w.build()
	for f := range w.site.Files() {
		if f.Type == "application/octet-stream" {
			t.Errorf("%s has no type", f.Name)
		}
		if strings.HasSuffix(f.Name, ".ics") && f.Type != calendar.MediaType {
			t.Errorf("%s is %s", f.Name, f.Type)
		}
	}
}

// A title that nobody sees is none.
func TestTitlesOfBlanks(t *testing.T) {
	for _, title := range []string{" \t\n", "\x01 \x02", "\u00a0", "\u00ad", "\u200b", "\u2028", "\ufeff"} {
		w := newWorld(t)
		w.config.Title = title
		w.config.Channels = []Channel{{Name: "events", Title: title}, {Name: "mairie", Title: title}}
		w.event("foire.md", "Foire", "2027-05-08")
		w.build()
		if w.site == nil {
			t.Fatalf("%q: %v", title, w.faults)
		}
		for name, want := range map[string]string{"events.ics": "X-WR-CALNAME:Agenda", "mairie.atom": ">mairie<"} {
			if got := string(w.site.File(name).Bytes()); !strings.Contains(got, want) {
				t.Errorf("%q: there is no %s in\n%s", title, want, got)
			}
		}
	}
}
