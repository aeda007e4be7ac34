package content

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// A field is something of a record that a configuration can say the keys of.
type field uint8

const (
	fieldStart field = iota
	fieldEnd
	fieldStartTime
	fieldEndTime
	fieldHours
	fieldDuration
	fieldAllDay
	fieldTimezone
	fieldDates
	fieldPeriodic
	fieldRule
	fieldAlso
	fieldExcept
	fieldReminder

	fieldLocation
	fieldPlace
	fieldAddress
	fieldCity
	fieldCountry
	fieldLatitude
	fieldLongitude
	fieldMeeting

	fieldTitle
	fieldSummary
	fieldBody
	fieldUID
	fieldLanguage
	fieldStatus
	fieldCancelled

	fieldPublished
	fieldUpdated
	fieldNotBefore
	fieldNotAfter

	fieldCategories
	fieldTags
	fieldImage
	fieldImageAlt
	fieldFiles
	fieldLinks
	fieldDetails
	fieldAccess
	fieldOrganizer
	fieldContact
	fieldAuthors
	fieldPermalink
	fieldSlug
	fieldRedirect

	fieldCount
)

// fields are the names that a configuration has for them, each with the keys that it is read from where nothing is configured.
var fields = [fieldCount]struct {
	name  string
	usual []string
}{
	fieldStart:     {"start", startKeys},
	fieldEnd:       {"end", endKeys},
	fieldStartTime: {"start_time", startTimeKeys},
	fieldEndTime:   {"end_time", endTimeKeys},
	fieldHours:     {"hours", hoursKeys},
	fieldDuration:  {"duration", durationKeys},
	fieldAllDay:    {"all_day", allDayKeys},
	fieldTimezone:  {"timezone", zoneKeys},
	fieldDates:     {"dates", occurrenceKeys},
	fieldPeriodic:  {"periodics", periodicKeys},
	fieldRule:      {"rrule", ruleKeys},
	fieldAlso:      {"rdate", alsoKeys},
	fieldExcept:    {"exdate", exceptKeys},
	fieldReminder:  {"reminder", reminderKeys},

	fieldLocation:  {"location", locationKeys},
	fieldPlace:     {"place", placeKeys},
	fieldAddress:   {"address", addressKeys},
	fieldCity:      {"city", cityKeys},
	fieldCountry:   {"country", countryKeys},
	fieldLatitude:  {"latitude", latitudeKeys},
	fieldLongitude: {"longitude", longitudeKeys},
	fieldMeeting:   {"meeting", meetingKeys},

	fieldTitle:     {"title", titleKeys},
	fieldSummary:   {"summary", summaryKeys},
	fieldBody:      {"body", bodyKeys},
	fieldUID:       {"uid", uidKeys},
	fieldLanguage:  {"language", languageKeys},
	fieldStatus:    {"status", statusKeys},
	fieldCancelled: {"cancelled", cancelKeys},

	fieldPublished: {"published", publishedKeys},
	fieldUpdated:   {"updated", updatedKeys},
	fieldNotBefore: {"not_before", notBeforeKeys},
	fieldNotAfter:  {"not_after", notAfterKeys},

	fieldCategories: {"categories", categoryKeys},
	fieldTags:       {"tags", tagKeys},
	fieldImage:      {"image", imageKeys},
	fieldImageAlt:   {"image_alt", imageAltKeys},
	fieldFiles:      {"files", slices.Concat(fileKeys, fileListKeys)},
	fieldLinks:      {"links", namesOf(linkKeys)},
	fieldDetails:    {"details", detailKeys},
	fieldAccess:     {"access", accessKeys},
	fieldOrganizer:  {"organizer", organizerKeys},
	fieldContact:    {"contact", contactKeys},
	fieldAuthors:    {"authors", authorKeys},
	fieldPermalink:  {"permalink", slices.Concat(permalinkKeys, []string{"url"})},
	fieldSlug:       {"slug", slugKeys},
	fieldRedirect:   {"redirect", redirectKeys},
}

// FieldNames returns the names that NewFields knows, in order.
func FieldNames() []string {
	names := make([]string, fieldCount)
	for i, f := range fields {
		names[i] = f.name
	}
	slices.Sort(names)
	return names
}

// DescribeField says what the field of that name is, as the schema of front matter does of its keys; empty: there is none.
func DescribeField(name string) string {
	x, ok := fieldNamed(name)
	i := slices.IndexFunc(understood, func(m meaning) bool { return ok && m.keys[0] == fields[x].usual[0] })
	if i < 0 {
		return ""
	}
	return understood[i].help
}

func fieldNamed(name string) (x field, ok bool) {
	for i := range fields {
		if fields[i].name == name {
			return field(i), true
		}
	}
	return 0, false
}

// Fields are the paths that the records of a collection are read from, in the place of the usual keys. A nil *Fields has none.
type Fields struct {
	paths [fieldCount][]fieldPath // nil: the usual keys
}

// NewFields returns the Fields with these paths, by the name of what is read from them; the first path that leads to a value
// counts, and all of them where a record has many of a thing, such as its tags. A list that is empty is read from nothing.
//
// A path is a key, or keys with dots between them, each of which may say which items of its list are meant:
//
//	title    a.b    pictures[0].src    information[label=Opening hours].text
//
// Items are counted from 0. Keys are compared whatever their case, and values as labels are: whatever their case, accents, the
// spaces around them and the colon at their end. Without brackets all items of a list are looked into, in order.
//
// Who says where something stands means that it stands nowhere else: with location, none of place, address, city and country
// is read from its usual keys; with start, neither are dates and periodics.
func NewFields(named map[string][]string) (*Fields, error) {
	f := new(Fields)
	for _, name := range slices.Sorted(maps.Keys(named)) {
		i, ok := fieldNamed(name)
		if !ok {
			return nil, fmt.Errorf("unknown field %q, want one of %s", name, strings.Join(FieldNames(), ", "))
		}
		f.paths[i] = make([]fieldPath, len(named[name]))
		for j, s := range named[name] {
			var err error
			if f.paths[i][j], err = parsePath(s); err != nil {
				return nil, err
			}
		}
	}
	for whole, parts := range map[field][]field{fieldLocation: {fieldPlace, fieldAddress, fieldCity, fieldCountry}, fieldStart: {fieldDates, fieldPeriodic}} {
		for _, part := range parts {
			if f.names(whole) && !f.names(part) {
				f.paths[part] = []fieldPath{}
			}
		}
	}
	return f, nil
}

// names reports whether f says where a field is read from.
func (f *Fields) names(x field) bool { return f != nil && f.paths[x] != nil }

// reads reports whether a field is read from a key of the record itself, or from below it.
func (f *Fields) reads(x field, name string) bool {
	if !f.names(x) {
		return slices.Contains(fields[x].usual, name)
	}
	return slices.ContainsFunc(f.paths[x], func(p fieldPath) bool { return p.steps[0].key == name })
}

// first returns the entry of n that a field is read from, or nil.
func (f *Fields) first(n *node, x field) *entry {
	if !f.names(x) {
		return n.first(fields[x].usual)
	}
	for e := range f.each(n, x) {
		return e
	}
	return nil
}

// each returns the entries of n that a field may be read from, in order, without those that are empty.
func (f *Fields) each(n *node, x field) iter.Seq[*entry] {
	return func(yield func(*entry) bool) {
		if f.names(x) {
			for _, p := range f.paths[x] {
				if !p.walk(n, yield) {
					return
				}
			}
			return
		}
		for _, key := range fields[x].usual {
			if e := n.entry(key); e != nil && !e.value.empty() && !yield(e) {
				return
			}
		}
	}
}

// first returns the entry that a field of the record is read from, or nil.
func (r *reader) first(x field) *entry { return r.collection.Fields.first(r.root, x) }

// each returns the entries that a field of the record may be read from, in order, without those that are empty.
func (r *reader) each(x field) iter.Seq[*entry] { return r.collection.Fields.each(r.root, x) }

// named reports whether the configuration says where a field is read from.
func (r *reader) named(x field) bool { return r.collection.Fields.names(x) }

// tellFound tells Options.Found which paths of the collection lead to something in a mapping.
func (p *parser) tellFound(n *node) {
	f := p.collection.Fields
	if f == nil || p.opt.Found == nil {
		return
	}
	for _, list := range f.paths {
		for _, to := range list {
			if !to.walk(n, func(*entry) bool { return false }) {
				p.opt.Found(to.String())
			}
		}
	}
}
