package crieur

import (
	"encoding/json"
	"html/template"
	"regexp"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/markup"
)

// What pages say to machines in the words of schema.org. Only what is known is
// said: a record that names no organizer has none.
type (
	linkedEvent struct {
		Context   string       `json:"@context,omitempty"`
		Type      string       `json:"@type"`
		Name      string       `json:"name"`
		About     string       `json:"description,omitempty"`
		URL       string       `json:"url"`
		Start     string       `json:"startDate"`
		End       string       `json:"endDate,omitempty"`
		Previous  string       `json:"previousStartDate,omitempty"`
		Status    string       `json:"eventStatus"`
		Mode      string       `json:"eventAttendanceMode,omitempty"`
		Location  []any        `json:"location,omitempty"`
		Organizer *linkedAgent `json:"organizer,omitempty"`
		Image     string       `json:"image,omitempty"`
		Language  string       `json:"inLanguage,omitempty"`
		Keywords  []string     `json:"keywords,omitempty"`
	}
	linkedArticle struct {
		Context   string        `json:"@context,omitempty"`
		Type      string        `json:"@type"`
		Headline  string        `json:"headline"`
		About     string        `json:"description,omitempty"`
		URL       string        `json:"url"`
		Published string        `json:"datePublished,omitempty"`
		Modified  string        `json:"dateModified,omitempty"`
		Authors   []linkedAgent `json:"author,omitempty"`
		Publisher *linkedAgent  `json:"publisher,omitempty"`
		Image     string        `json:"image,omitempty"`
		Language  string        `json:"inLanguage,omitempty"`
		Section   []string      `json:"articleSection,omitempty"`
		Keywords  []string      `json:"keywords,omitempty"`
	}
	linkedAgent struct {
		Type  string `json:"@type"`
		Name  string `json:"name,omitempty"`
		Email string `json:"email,omitempty"`
		URL   string `json:"url,omitempty"`
	}
	linkedPlace struct {
		Type    string     `json:"@type"`
		Name    string     `json:"name,omitempty"`
		Address any        `json:"address,omitempty"` // a linkedAddress, or text
		Geo     *linkedGeo `json:"geo,omitempty"`
		URL     string     `json:"url,omitempty"`
	}
	linkedAddress struct {
		Type     string `json:"@type"`
		Street   string `json:"streetAddress,omitempty"`
		Code     string `json:"postalCode,omitempty"`
		Locality string `json:"addressLocality,omitempty"`
	}
	linkedGeo struct {
		Type string  `json:"@type"`
		Lat  float64 `json:"latitude"`
		Lon  float64 `json:"longitude"`
	}
	linkedGraph struct {
		Context string `json:"@context"`
		Graph   []any  `json:"@graph"`
	}
)

const schemaOrg = "https://schema.org"

// linked is what a page says of records: of one, or of those in a list.
func (w *pages) linked(items ...*item) (template.JS, error) {
	if len(items) == 0 {
		return "", nil
	}
	var v any
	if len(items) == 1 {
		v = w.linkedRecord(items[0], schemaOrg)
	} else {
		g := linkedGraph{Context: schemaOrg}
		for _, it := range items {
			g.Graph = append(g.Graph, w.linkedRecord(it, ""))
		}
		v = g
	}
	data, err := json.Marshal(v) // which writes < as \u003c, so that nothing in it ends the element
	return template.JS(data), err
}

func (w *pages) linkedRecord(it *item, context string) any {
	r := it.Record
	about := strings.ReplaceAll(it.summary(), "\n", " ")
	image := w.cfg.asset(r, r.Image)
	if !isWeb(image) {
		image = ""
	}
	if it.Kind == content.Article {
		a := linkedArticle{Context: context, Type: "NewsArticle", Headline: r.Title, About: about, URL: it.page,
			Published: it.Published.In(w.cfg.zone).Format(time.RFC3339), Modified: later(it.Updated, it.Published).In(w.cfg.zone).Format(time.RFC3339),
			Image: image, Language: r.Language, Section: r.Categories, Keywords: r.Tags}
		for _, p := range r.Authors {
			a.Authors = append(a.Authors, w.linkedAgent("Person", r, p))
		}
		if !w.cfg.untitled {
			a.Publisher = &linkedAgent{Type: "Organization", Name: w.cfg.Title, URL: w.cfg.website.String()}
		}
		return a
	}
	when := w.when(it)
	e := linkedEvent{Context: context, Type: "Event", Name: r.Title, About: about, URL: it.page,
		Status: schemaOrg + "/EventScheduled", Image: image, Language: r.Language, Keywords: categories(r)}
	e.Start, e.End = machine(when)
	_, gone := w.times[it]
	switch {
	case it.cancelled():
		e.Status = schemaOrg + "/EventCancelled"
	case it.First != nil && it.newWhen.Label != "" && !gone:
		e.Status = schemaOrg + "/EventRescheduled"
		e.Previous, _ = machine(it.First.When)
	}
	if r.Location != "" || r.HasPosition {
		e.Mode = schemaOrg + "/OfflineEventAttendanceMode"
		e.Location = append(e.Location, linkedVenue(r))
	}
	if u := markup.Absolute(r.Online, w.cfg.recordURL(r)); isWeb(u) {
		if e.Mode = schemaOrg + "/OnlineEventAttendanceMode"; e.Location != nil {
			e.Mode = schemaOrg + "/MixedEventAttendanceMode"
		}
		e.Location = append(e.Location, linkedPlace{Type: "VirtualLocation", URL: u})
	}
	if r.Organizer != (content.Person{}) {
		o := w.linkedAgent("Organization", r, r.Organizer)
		e.Organizer = &o
	}
	return e
}

func (w *pages) linkedAgent(kind string, r *content.Record, p content.Person) linkedAgent {
	a := linkedAgent{Type: kind, Name: p.Name, Email: p.Email}
	if u := markup.Absolute(p.URL, w.cfg.recordURL(r)); isWeb(u) {
		a.URL = u
	}
	return a
}

// linkedVenue is the place of an event. Its parts are told apart where they are
// written as in "Halle aux Grains, 4 place du Marché, 99120 Brume": a name, a
// street that begins with its number, a code and a town.
func linkedVenue(r *content.Record) linkedPlace {
	p := linkedPlace{Type: "Place"}
	if r.HasPosition {
		p.Geo = &linkedGeo{"GeoCoordinates", r.Latitude, r.Longitude}
	}
	if r.Location == "" {
		return p
	}
	p.Name, p.Address = r.Location, r.Location
	if m := venue.FindStringSubmatch(r.Location); m != nil {
		p.Address = linkedAddress{Type: "PostalAddress", Street: m[2], Code: m[3], Locality: m[4]}
		if m[1] != "" {
			p.Name = m[1]
		}
	}
	return p
}

var venue = regexp.MustCompile(`^(?:(.+?), )?(?:(\d[^,]*), )?(\d{5}) ([^\d,]+)$`)

// machine writes the start and the end of an event as HTML and schema.org do:
// its own days, or its own clock with the offset from UTC. The last of several
// days is one of them. The end is empty if it is not known, or no other.
func machine(w content.Span) (start, end string) {
	layout := time.RFC3339
	if w.AllDay {
		layout = time.DateOnly
	}
	start = w.Start.Format(layout)
	if w.End.IsZero() {
		return start, ""
	}
	if end = w.End.In(w.Start.Location()).Format(layout); end == start {
		end = ""
	}
	return start, end
}
