package crieur

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// Feeds that readers poll name the hubs of the site, in the document and beside
// it; archives, calendars, pages and drafts do not.
func TestHubs(t *testing.T) {
	files := fstest.MapFS{"foire.md": {Data: []byte("---\ntitle: Foire\nevent_start_date: 2027-05-08\ndate: 2026-01-02\ntags: [Place]\n---\nSur la place.\n")}}
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	config := Config{Base: "https://agenda.brume.example/ville", Timezone: "Europe/Paris", Hubs: []string{"https://hub.example/", `https://autre.exämple/a "b">`}}
	site, _, faults := Build(files, config, nil, now)
	if site == nil {
		t.Fatal(faults)
	}
	const google, other = "https://hub.example/", "https://autre.xn--exmple-cua/a%20%22b%22%3E"
	if !slices.Equal(site.Hubs, []string{google, other}) {
		t.Fatalf("the hubs are %q", site.Hubs)
	}
	var names []string
	var server Server
	server.Set(site)
	for f, address := range site.Topics() {
		names = append(names, f.Name)
		if address != "https://agenda.brume.example/ville/"+f.Name {
			t.Errorf("%s is known as %s", f.Name, address)
		}
		text := string(f.Bytes())
		for _, want := range []string{"https://hub.example/", "https://autre.xn--exmple-cua/a%20%22b%22%3E", address} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not name %s", f.Name, want)
			}
		}
		want := "<" + google + `>; rel="hub", <` + other + `>; rel="hub", <` + address + `>; rel="self"`
		for _, method := range []string{"GET", "HEAD"} {
			if got := request(t, &server, method, "/"+f.Name).Header.Get("Link"); got != want {
				t.Errorf("%s %s has Link %s\nwant %s", method, f.Name, got, want)
			}
		}
	}
	if want := strings.Fields("events.atom events.json events.rss events/tag/place.atom events/tag/place.json events/tag/place.rss"); !slices.Equal(names, want) {
		t.Errorf("topics are %q, want %q", names, want)
	}
	for f := range site.Files() {
		if link := request(t, &server, "GET", "/"+f.Name).Header.Get("Link"); strings.Contains(link, "hub") != slices.Contains(names, f.Name) {
			t.Errorf("%s has Link %q", f.Name, link)
		}
	}

	config.Drafts = true
	if site, _, _ = Build(files, config, nil, now); len(site.Hubs) > 0 || len(maps.Collect(site.Topics())) > 0 || strings.Contains(string(site.File("events.atom").Bytes()), "hub.example") {
		t.Error("drafts have hubs")
	}
	config.Drafts, config.Hubs = false, nil
	if site, _, _ = Build(files, config, nil, now); len(maps.Collect(site.Topics())) > 0 {
		t.Error("without hubs there are topics")
	}
}
