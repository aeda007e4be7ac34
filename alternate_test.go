package crieur

import (
	"testing"
	"testing/fstest"
)

// A page names the calendar and the feeds of what it shows in its header.
func TestServerNamesAlternates(t *testing.T) {
	c := Config{Base: agenda, Timezone: "Europe/Paris", Channels: []Channel{{Name: "lyon/日本", Formats: []string{"html", "ics", "json"}}, {Name: "seule", Formats: []string{"html"}}}}
	site, _, faults := Build(fstest.MapFS{"bal.md": {Data: []byte(bal)}}, c, nil, elsewhereNow)
	if site == nil {
		t.Fatal(faults)
	}
	var s Server
	s.Set(site)
	const events = `<events.ics>; rel="alternate"; type="text/calendar", <events.rss>; rel="alternate"; type="application/rss+xml", ` +
		`<events.atom>; rel="alternate"; type="application/atom+xml", <events.json>; rel="alternate"; type="application/feed+json"`
	for target, want := range map[string]string{
		"/":                             events,
		"/events.html":                  events,
		"/event/bal.html":               `<bal.ics>; rel="alternate"; type="text/calendar"`,
		"/lyon/%E6%97%A5%E6%9C%AC.html": `<%E6%97%A5%E6%9C%AC.ics>; rel="alternate"; type="text/calendar", <%E6%97%A5%E6%9C%AC.json>; rel="alternate"; type="application/feed+json"`,
		"/seule.html":                   "",
		"/events.ics":                   "",
		"/style.css":                    "",
	} {
		r := request(t, &s, "GET", target)
		if got := r.Header.Get("Link"); got != want || r.StatusCode != 200 {
			t.Errorf("%s: %d, Link %s, want %s", target, r.StatusCode, got, want)
		}
	}
}
