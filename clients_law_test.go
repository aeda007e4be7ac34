package crieur

import (
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

var editScripts = flag.Int("scripts", 300, "`number` of random edit scripts after which the models of clients poll")

// Law: whatever is edited, and however seldom a client polls, after a poll it holds exactly what is published. The clients are
// models of what real ones do with an answer: when they ask with which validator, what makes them take a record that they
// know already, and what they forget. Each is stricter than the last in one way, so that all have to be pleased at once.
func TestClientsHoldWhatIsPublished(t *testing.T) {
	const lifetime = 50 // scripts of one site
	polls, fresh := 0, 0
	for seed := range seeds(uint64((*editScripts + lifetime - 1) / lifetime)) {
		random := rand.New(rand.NewPCG(seed, 6))
		w := newWorld(t)
		w.config.Limit = 6
		server := &Server{Clock: func() time.Time { return w.now }}
		clients := []client{
			{name: "Thunderbird", file: "events.ics", read: vevents, etag: true, takes: always},
			{name: "GNOME", file: "events.ics", read: vevents, etag: true, takes: otherKey, keepsAll: true},
			{name: "ICSx5", file: "events.ics", read: vevents, etag: true, since: true, takes: laterModified},
			{name: "by Last-Modified alone", file: "events.ics", read: vevents, since: true, takes: laterModified},
			{name: "by SEQUENCE", file: "events.ics", read: vevents, etag: true, takes: higherSequence},
			{name: "a programme, by SEQUENCE", file: "event/assises/programme.ics", read: vevents, etag: true, takes: higherSequence},
			{name: "a programme, by Last-Modified", file: "event/assises/programme.ics", read: vevents, since: true, takes: laterModified},
			{name: "Atom by updated", file: "events.atom", read: atomEntries, etag: true, takes: otherKey},
			{name: "Atom of articles", file: "articles.atom", read: atomEntries, since: true, takes: laterKey},
			{name: "JSON by date_modified", file: "events.json", read: jsonItems, etag: true, takes: laterKey},
		}
		for n := range lifetime {
			for range 1 + random.IntN(3) {
				edit(random, w, n)
			}
			if random.IntN(2) == 0 {
				w.write(lasting, randomProgramme(random, "Assises"))
			}
			pause := 3600
			if random.IntN(8) == 0 {
				pause *= 24 * 20
			}
			w.now = w.now.Add(time.Duration(random.IntN(pause)) * time.Second)
			if random.IntN(10) == 0 {
				w.builder = Builder{} // a restart, at times of another version
				w.builder.Warm(fmt.Sprint(random.IntN(3)))
				w.history = reload(t, w.history)
			}
			site, history, _ := w.builder.Build(w.files, w.config, w.history, w.now)
			if site == nil {
				continue // held back
			}
			w.site, w.history = site, history
			server.Set(site)
			for i := range clients {
				c := &clients[i]
				if random.IntN(3) == 0 {
					continue // asleep
				}
				polls++
				if c.poll(t, server) {
					fresh++
				}
				if diff := c.diff(t, w.site); diff != "" {
					t.Fatalf("site %d, after %d scripts, %s: %s", seed, n+1, c.name, diff)
				}
			}
		}
	}
	if fresh < polls/4 || fresh == polls {
		t.Errorf("%d of %d polls brought something new", fresh, polls)
	}
}

// A client subscribes to one document.
type client struct {
	name, file  string
	read        func(t *testing.T, doc []byte) map[string]published
	etag, since bool                          // sends If-None-Match, If-Modified-Since
	takes       func(old, new published) bool // whether it takes a record that it knows
	keepsAll    bool                          // when the document is empty

	tag, modified string // of the last answer
	held          map[string]published
}

// A published record is what a document says of it: what clients compare, and all of it.
type published struct {
	key, modified, text string
	sequence            int
}

func always(old, new published) bool         { return true }
func otherKey(old, new published) bool       { return new.key != old.key }
func laterKey(old, new published) bool       { return new.key > old.key }
func laterModified(old, new published) bool  { return new.modified > old.modified }
func higherSequence(old, new published) bool { return new.sequence > old.sequence }

// poll asks for the document, and reports whether there was a new one.
func (c *client) poll(t *testing.T, server http.Handler) bool {
	r := httptest.NewRequest("GET", "/"+c.file, nil)
	if c.etag && c.tag != "" {
		r.Header.Set("If-None-Match", c.tag)
	}
	if c.since && c.modified != "" {
		r.Header.Set("If-Modified-Since", c.modified)
	}
	answer := httptest.NewRecorder()
	server.ServeHTTP(answer, r)
	switch answer.Code {
	case http.StatusNotModified:
		return false
	case http.StatusOK:
	default:
		if c.tag != "" || answer.Code != http.StatusNotFound { // nobody has subscribed to what never was
			t.Fatalf("%s: %d", c.file, answer.Code)
		}
		return false
	}
	c.tag, c.modified = answer.Header().Get("ETag"), answer.Header().Get("Last-Modified")
	now := c.read(t, answer.Body.Bytes())
	if len(now) == 0 && c.keepsAll {
		return true
	}
	held := make(map[string]published, len(now))
	for id, record := range now {
		if old, known := c.held[id]; known && !c.takes(old, record) {
			record = old
		}
		held[id] = record
	}
	c.held = held
	return true
}

// diff says how what the client holds differs from what is published, or nothing.
func (c *client) diff(t *testing.T, site *Site) string {
	if c.tag == "" && site.File(c.file) == nil {
		return ""
	}
	now := c.read(t, site.File(c.file).Bytes())
	if maps.Equal(now, c.held) || len(now) == 0 && c.keepsAll {
		return ""
	}
	for id, record := range now {
		if old, ok := c.held[id]; !ok {
			return "it lacks " + id
		} else if old != record {
			return fmt.Sprintf("it holds\n%s\nwhere there is\n%s", old.text, record.text)
		}
	}
	return fmt.Sprintf("it holds %d records, of which only %d are published", len(c.held), len(now))
}

// vevents reads the events of a calendar by their UID; of several with one UID the first is the master.
func vevents(t *testing.T, doc []byte) map[string]published {
	all := map[string]published{}
	text := strings.ReplaceAll(string(doc), "\r\n ", "")
	for i, block := range strings.Split(text, "BEGIN:VEVENT\r\n") {
		if i == 0 {
			continue
		}
		block, _, _ = strings.Cut(block, "END:VEVENT")
		line := func(name string) string {
			_, rest, _ := strings.Cut("\r\n"+block, "\r\n"+name+":")
			value, _, _ := strings.Cut(rest, "\r\n")
			return value
		}
		uid := line("UID")
		if _, twice := all[uid]; twice || uid == "" {
			t.Fatalf("%q is the UID of two events", uid)
		}
		p := published{key: line("DTSTAMP") + "-" + line("LAST-MODIFIED") + "-" + line("SEQUENCE"), modified: line("LAST-MODIFIED"), text: block}
		fmt.Sscan(line("SEQUENCE"), &p.sequence)
		all[uid] = p
	}
	return all
}

func atomEntries(t *testing.T, doc []byte) map[string]published {
	var feed struct {
		Entries []struct {
			ID      string `xml:"id"`
			Updated string `xml:"updated"`
			Text    string `xml:",innerxml"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(doc, &feed); err != nil {
		t.Fatal(err)
	}
	all := map[string]published{}
	for _, e := range feed.Entries {
		if _, twice := all[e.ID]; twice {
			t.Fatalf("%q is the id of two entries", e.ID)
		}
		all[e.ID] = published{key: e.Updated, text: e.Text}
	}
	return all
}

func jsonItems(t *testing.T, doc []byte) map[string]published {
	var feed struct{ Items []json.RawMessage }
	if err := json.Unmarshal(doc, &feed); err != nil {
		t.Fatal(err)
	}
	all := map[string]published{}
	for _, raw := range feed.Items {
		var item struct {
			ID       string
			Modified string `json:"date_modified"`
		}
		if err := json.Unmarshal(raw, &item); err != nil {
			t.Fatal(err)
		}
		if _, twice := all[item.ID]; twice {
			t.Fatalf("%q is the id of two items", item.ID)
		}
		all[item.ID] = published{key: item.Modified, text: string(raw)}
	}
	return all
}
