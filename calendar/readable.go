package calendar

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// readable returns e as it comes back from what [Encode] writes: with cleaned texts, and with nothing that is not
// written, or is written in another field.
func (e *Event) readable() Event {
	r := *e
	r.Summary = cleanLine(e.Summary)
	r.Description = clean(e.Description)
	r.HTML = clean(e.HTML)
	r.readablePlace(e)
	r.URL, r.Image = uri(e.URL), uri(e.Image)
	r.Categories = slices.Clip(cleanCategories(e.Categories))
	r.Contact = clean(e.contact())
	r.Organizer.Name = cleanParam(e.Organizer.Name)
	if e.Organizer.Email == "" {
		r.Organizer = Person{}
	}
	r.Conferences, r.Attachments, r.Reminders = nil, nil, nil
	for _, c := range e.Conferences {
		r.Conferences = append(r.Conferences, Conference{uri(c.URL), cleanParam(c.Label)})
	}
	for _, a := range e.Attachments {
		r.Attachments = append(r.Attachments, Attachment{uri(a.URL), a.Type})
	}
	for _, m := range e.Reminders {
		if m.Text = cleanLine(m.Text); m.Text == r.Summary {
			m.Text = ""
		}
		r.Reminders = append(r.Reminders, m)
	}
	if r.Transparency = ""; r.busy() != e.busy() {
		r.Transparency = e.Transparency
	}
	r.Created, r.Updated = e.Created.UTC(), e.Updated.UTC()
	r.Extra = readableExtra(e.Extra)
	r.Overrides = slices.Clone(e.Overrides)
	for i := range r.Overrides {
		one := &r.Overrides[i].Event
		*one = one.readable()
		one.UID, one.Updated, one.Sequence = "", time.Time{}, 0
	}
	return r
}

// readablePlace sets the place of r, which is that of e: the address apart only if it is written apart.
func (r *Event) readablePlace(e *Event) {
	r.Location, r.Address = cleanLine(e.place()), ""
	name, address := cleanLine(e.placeName()), cleanLine(e.Address)
	r.VLocation = e.VLocation && r.Location != ""
	if e.Geo != nil {
		r.Geo = &Geo{rounded(e.Geo.Lat), rounded(e.Geo.Lon)}
	}
	if address == "" || e.Geo == nil && !e.VLocation {
		return
	}
	if apart := r.isAt(name, address); !apart && e.Geo != nil {
		r.Address = cleanParam(e.Address)
	}
}

// rounded returns degrees as they are written.
func rounded(degrees float64) float64 {
	f, _ := strconv.ParseFloat(string(appendDegrees(nil, degrees)), 64)
	return f
}

// cleanParam returns s as the value of a parameter is read.
func cleanParam(s string) string { return strings.ReplaceAll(cleanLine(s), `\`, backslashInParam) }

// readableExtra returns the properties of list as they are read; a text of which nothing is left is not written.
func readableExtra(list []Property) []Property {
	var read []Property
	for _, p := range list {
		params := p.Params
		p.Name, p.Params = strings.ToUpper(p.Name), nil
		for _, q := range params {
			p.Params = append(p.Params, Param{strings.ToUpper(q.Name), cleanParam(q.Value)})
		}
		switch p.valueType() {
		case "", "TEXT":
			if p.Value = clean(p.Value); p.Value == "" {
				continue
			}
		case "URI", "CAL-ADDRESS":
			p.Value = uri(p.Value)
		}
		read = append(read, p)
	}
	return read
}
