package content

import (
	"slices"
	"strings"

	"github.com/crieur/crieur/internal/schema"
)

// Schema returns a JSON Schema (draft-07) of records, in front matter or in a file of YAML or JSON, with which editors complete
// their keys and check them while they are typed. Records may have other keys, and keys in another case.
func Schema() []byte {
	record := schema.Schema{Type: []string{schema.Object}, Properties: map[string]schema.Schema{}}
	for i := range understood {
		for _, key := range understood[i].keys {
			put(&record, key, understood[i].schema(key))
		}
	}
	ref := schema.Schema{Ref: "#/definitions/record"}
	s := schema.Schema{
		Schema: schema.Draft, Title: "Event or article",
		AnyOf:       []schema.Schema{ref, {Type: []string{schema.Array}, Items: &ref}},
		Definitions: map[string]schema.Schema{"record": record},
	}
	return s.Document()
}

// put adds the property of a key to a mapping; a dot leads into a mapping, or into the mappings of a list.
func put(to *schema.Schema, key string, s schema.Schema) {
	name, rest, nested := strings.Cut(key, ".")
	if nested {
		inner := schema.Schema{Type: []string{schema.Object, schema.Array, schema.Null}, Properties: map[string]schema.Schema{}, Hidden: true}
		put(&inner, rest, s)
		inner.Items = &schema.Schema{Properties: inner.Properties}
		s = inner
	}
	if old, ok := to.Properties[name]; ok {
		hidden := old.Hidden && s.Hidden
		if old.Hidden && !s.Hidden {
			old, s = s, old
		}
		s = old.Or(s)
		s.Hidden = hidden
	}
	to.Properties[name] = s
}

// A meaning is what is read from some keys.
type meaning struct {
	offered string // those of the keys that editors offer; who knows the others may write them
	keys    []string
	form    schema.Schema
	help    string
}

func (m *meaning) schema(key string) schema.Schema {
	s := m.form.OrNull()
	if s.Description = m.help; !slices.Contains(strings.Fields(m.offered), key) {
		first, _, _ := strings.Cut(m.offered, " ")
		s.Description, s.Hidden = "As "+first+": "+m.help, true
	}
	return s
}

// The forms of values, as far as they are judged: what is read without a warning is allowed.
var (
	anyText   = []string{schema.String, schema.Number, schema.Boolean}
	textForm  = schema.Schema{Type: anyText}
	lineForm  = schema.Schema{Type: []string{schema.String}}
	dayForm   = schema.Schema{Type: []string{schema.String, schema.Boolean, schema.Object, schema.Array}, Examples: []string{"2027-05-08 14:30", "2027-05-08"}}
	clockForm = schema.Schema{Type: lineForm.Type, Examples: []string{"14:30"}}
	flagForm  = schema.Schema{Type: []string{schema.Boolean, schema.String, schema.Integer}}
	degrees   = schema.Schema{Type: []string{schema.Number, schema.String}}
	wordsForm = schema.Schema{Type: append(anyText[:3:3], schema.Array), Items: &schema.Schema{Type: append(anyText[:3:3], schema.Object, schema.Null)}}
	partForm  = schema.Schema{Type: append(anyText[:3:3], schema.Object)}
	placeForm = parts(append(anyText[:3:3], schema.Object, schema.Array), partPlaceKeys, partStreetKeys, partPostKeys, partCityKeys, partRegionKeys, partCountryKeys)
	someone   = parts([]string{schema.String, schema.Object, schema.Array}, personName, personEmail, personURL)
	manyForm  = schema.Schema{Type: append(anyText[:3:3], schema.Array)}
	imageForm = parts([]string{schema.String, schema.Object, schema.Array}, imageParts)
	fileForm  = parts([]string{schema.String, schema.Object, schema.Array}, filePartKeys, fileTitleKeys)
	details   = parts([]string{schema.Array}, detailLabel, detailText, detailLink)
	mapForm   = schema.Schema{Type: []string{schema.Object}}
	anyForm   = schema.Schema{}
)

// parts is a value of one of these types; a mapping, or those of a list, may have these keys, of which the first of each list
// is offered.
func parts(types []string, lists ...[]string) schema.Schema {
	s := schema.Schema{Type: types, Properties: map[string]schema.Schema{}}
	for _, keys := range lists {
		for i, key := range keys {
			if p, taken := s.Properties[key]; !taken || p.Hidden {
				s.Properties[key] = schema.Schema{Hidden: i > 0}
			}
		}
	}
	if slices.Contains(types, schema.Array) {
		s.Items = &schema.Schema{Properties: s.Properties}
	}
	return s
}

// understood are all keys that a record is read from.
var understood = []meaning{
	{"title titre", titleKeys, textForm, "What the event or article is called: one line."},
	{"summary chapeau", summaryKeys, textForm, "What it is about, in a sentence or two."},
	{"body", bodyKeys, textForm, "The text of a record in a file of YAML or JSON, as Markdown."},
	{"start", startKeys, dayForm, "When the event begins: 2027-05-08 14:30, with an offset such as +02:00 if it is not in the zone of the site; 2027-05-08 for a whole day."},
	{"end", endKeys, dayForm, "When the event ends, as start; of whole days the last, included. Without it only the start is known."},
	{"starttime", startTimeKeys, clockForm, "The time at which the event begins, where start names only the day: 14:30."},
	{"endtime", endTimeKeys, clockForm, "The time at which the event ends, where end names only the day: 17:00."},
	{"hours horaires", hoursKeys, clockForm, "The hours in words, where start names only the day: de 14h à 17h30."},
	{"duration", durationKeys, schema.Schema{Type: append(anyText[:2:2], schema.Object), Examples: []string{"1h30"}}, "How long the event takes, where it has no end: 1h30, or a number of minutes."},
	{"all_day", allDayKeys, flagForm, "Whether the event is a matter of days, and its times mean nothing."},
	{"timezone", zoneKeys, schema.Schema{Type: lineForm.Type, Examples: []string{"Europe/Paris"}}, "The IANA name of the zone of this record. Default: that of the folder, else of the site."},
	{"rrule", ruleKeys, schema.Schema{Type: []string{schema.String, schema.Boolean, schema.Array}, Examples: []string{"FREQ=WEEKLY;BYDAY=TU"}}, "How the event is repeated: a recurrence rule (RFC 5545), FREQ=WEEKLY;BYDAY=TU;UNTIL=20270630."},
	{"rdate", alsoKeys, manyForm, "Days on which the event takes place besides, at the same time."},
	{"exdate", exceptKeys, manyForm, "Days of the rule on which the event does not take place."},
	{"eventinfo.dates.extra", occurrenceKeys, mapForm, "The times at which the event takes place, as keys: 2027-05-08 18:00-20:00."},
	{"eventinfo.dates.periodics", periodicKeys, anyForm, "Rules in words, each a mapping of start, end, rule, starttime, endtime and comment: last Friday of the month, every 14 days."},
	{"reminder", reminderKeys, manyForm, "How long before the start readers are reminded: 15 (minutes), 2h, 1 day, or a list."},
	{"status", statusKeys, schema.Schema{Type: append(anyText[:3:3], schema.Array), Examples: []string{"confirmed", "tentative", "cancelled"}}, "Whether the event takes place: confirmed, tentative or cancelled."},
	{"cancelled", cancelKeys, textForm, "Whether the event is cancelled: true, or why."},
	{"programme", programmeKeys, flagForm, "true: the text is a programme, whose sessions are published as a calendar beside the event."},

	{"lieu place", placeKeys, partForm, "The name of the place: Halle du Port; “en ligne” is no place."},
	{"adresse address", addressKeys, partForm, "The postal address of the place."},
	{"location", locationKeys, placeForm, "The whole place, as a text or as a mapping of its parts."},
	{"ville city", cityKeys, partForm, "The town, where no place is given."},
	{"pays country", countryKeys, partForm, "The country, where no place is given."},
	{"latitude", latitudeKeys, degrees, "Degrees north of the equator: 48.85."},
	{"longitude", longitudeKeys, degrees, "Degrees east of Greenwich: 2.35."},
	{"visio meeting_url", meetingKeys, anyForm, "The address of the online meeting."},

	{"organizer organisateur", organizerKeys, someone, "Who holds the event: a name, “Name <address>”, or a mapping of name, email and url."},
	{"contact", contactKeys, anyForm, "Whom to ask: a name, an address, a number."},
	{"authors auteur", authorKeys, someone, "Who wrote the article: names, or mappings of name, email and url."},

	{"date", publishedKeys, dayForm, "When the article was published, or the page of an event written. It is an event's start only where the configuration says date_is_start."},
	{"lastmod", updatedKeys, dayForm, "When the record was last changed."},
	{"publishdate", notBeforeKeys, dayForm, "When the record is to be published, not earlier."},
	{"expirydate", notAfterKeys, dayForm, "When the record is to be withdrawn."},
	{"published publié", shownKeys, dayForm, "false: not to be published, or to be withdrawn."},
	{"draft", []string{"draft"}, flagForm, "true: not to be published as yet, or to be withdrawn."},
	{"", hiddenKeys, anyForm, "true or private: not for others, or kept out of the lists of the website, and so not published."},
	{"", renderKeys, anyForm, "false or never: kept out of the lists of the website, and so not published."},

	{"categories", categoryKeys, wordsForm, "What kind of thing it is; each category has a channel of its own. A list, or words with commas."},
	{"tags", tagKeys, wordsForm, "What it is about; each tag has a channel of its own. A list, or words with commas."},
	{"uid", uidKeys, textForm, "The identity of the record in all calendars and feeds. Leave it out: it is given one, and keeps it."},
	{"lang", languageKeys, schema.Schema{Type: lineForm.Type, Examples: []string{"fr", "en"}}, "The language of the record, a BCP 47 tag. Default: that of the site."},
	{"permalink", permalinkKeys, textForm, "The address of the record's page on the website."},
	{"slug", slugKeys, textForm, "The name of the record in its address, in the place of the file's."},
	{"redirection", redirectKeys, textForm, "The address of the page that the record only points to."},
	{"image", imageKeys, imageForm, "The address of a picture, relative to the website or whole."},
	{"image_alt", imageAltKeys, textForm, "What the picture shows, for who cannot see it."},
	{"files fichiers", fileListKeys, fileForm, "Files that go with the record: addresses, or mappings of url and title."},
	{"file", fileKeys, anyForm, "The address of a file that goes with the record."},
	{"registration_url inscription", namesOf(linkKeys), anyForm, "The address of the page for registration, or of another page about the same."},
	{"tarif price", namesOf(factKeys), anyForm, "What is practical to know: what it costs, how to join. A text or an address."},
	{"", filmKeys, anyForm, "The name of a film on YouTube: where the event takes place, or what was recorded of it."},
	{"informations", detailKeys, details, "Practical information: mappings of label, text and link."},
	{"accès", accessKeys, anyForm, "How to get there: a text, or mappings of type and lines."},
}

// namesOf are the keys of a table of keys with their titles.
func namesOf(table []struct{ key, french, english string }) []string {
	names := make([]string, len(table))
	for i, k := range table {
		names[i] = k.key
	}
	return names
}
