package content

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// A column of a table holds the values of a key.
type column struct {
	name string // of the key, as keys.go has it; empty: none of those
	key  string // as the header has it
	at   int
}

// field is the name by which a row has the cells of c.
func (c *column) field() string { return cmp.Or(c.name, strings.ToLower(c.key)) }

// otherNames are what people write at the head of a column for a key, beside the key itself, in the form of columnName.
var otherNames = map[string]string{
	"intitule": "title", "libelle": "title", "manifestation": "title", "evenement": "title",
	"date_et_heure_de_debut": "start", "date_heure_debut": "start", "debute_le": "start", "commence_le": "start", "start_datetime": "start", "begin": "start",
	"date_et_heure_de_fin": "end", "date_heure_fin": "end", "se_termine_le": "end", "end_datetime": "end",
	"du": "start", "au": "end",
	"jour": "date", "day": "date", "quand": "date", "when": "date", "dates": "date",
	"all_day_event": "all_day", "toute_la_journee": "all_day",
	"endroit": "lieu", "salle": "lieu", "emplacement": "lieu", "where": "lieu", "ou": "lieu",
	"commune": "city", "cp": "code_postal",
	"type": "category", "rubrique": "category", "thematique": "category", "theme": "tag", "mot_cle": "tag",
	"lien_d_inscription": "registration_url", "url_d_inscription": "registration_url", "reservation": "registration_url", "billetterie": "registration_url",
	"site_web": "website", "site_internet": "website", "site": "website", "web": "website", "lien_url": "url", "adresse_web": "url",
	"photo": "image", "visuel": "image", "url_de_l_image": "image",
	"contact_e_mail": "contact", "contact_email": "contact",
	"date_de_publication": "date_published", "publie_le": "date_published", "date_publication": "date_published",
	"prive": "private", "privee": "private", "sensitivity": "private", "critere_de_diffusion": "visibility", "visibilite": "visibility",
	"confidentiel": "private", "confidential": "private", "masque": "private", "hidden": "private", "diffusion": "visibility",
	"brouillon": "draft", "publie": "published", "publiee": "published", "publier": "published", "a_publier": "published", "publish": "published",
	"valide": "published", "validee": "published", "validation": "published", "approuve": "published", "approuvee": "published", "approved": "published", "visible": "published",
	"a_valider": "draft", "en_attente": "draft",
}

// A columnTable gives the key of a name in the form of columnName.
type columnTable map[string]string

// columnNames returns the names of all keys that a column can be the values of, those of f before others.
func columnNames(f *Fields) columnTable {
	names := columnTable{"published": "published", "draft": "draft", "private": "private", "visibility": "visibility"}
	add := func(keys ...string) {
		for _, key := range keys {
			if name := columnName(key); names[name] == "" && !strings.Contains(key, ".") {
				names[name] = key
			}
		}
	}
	for _, keys := range [][]string{
		startKeys, endKeys, startTimeKeys, endTimeKeys, hoursKeys, durationKeys, allDayKeys, zoneKeys, ruleKeys, alsoKeys, exceptKeys, reminderKeys,
		titleKeys, summaryKeys, bodyKeys, uidKeys, languageKeys, statusKeys, cancelKeys, publishedKeys, updatedKeys, notBeforeKeys, notAfterKeys,
		placeKeys, addressKeys, locationKeys, cityKeys, partPostKeys, countryKeys, latitudeKeys, longitudeKeys, meetingKeys, organizerKeys, contactKeys, authorKeys,
		accessKeys, imageKeys, imageAltKeys, fileListKeys, fileKeys, permalinkKeys, slugKeys, redirectKeys, categoryKeys, tagKeys,
	} {
		add(keys...)
	}
	for _, k := range linkKeys {
		add(k.key)
	}
	for name, key := range otherNames {
		if names[name] == "" {
			names[name] = key
		}
	}
	if f != nil {
		for _, paths := range f.paths {
			for _, p := range paths {
				names[columnName(p.steps[0].key)] = p.steps[0].key
			}
		}
	}
	return names
}

// find returns the key that a cell of a header names, or "": by the whole of it, without what stands in parentheses ("Date (JJ/MM/AAAA)"), or
// without what it is of ("Titre de l'événement").
func (t columnTable) find(cell string) string {
	if len(cell) > maxLine {
		return ""
	}
	name := columnName(cell)
	before, _, _ := strings.Cut(cell, "(")
	for _, s := range []string{name, columnName(before), cutOf(name), cutOf(columnName(before))} {
		if key := t[s]; key != "" {
			return key
		}
	}
	return ""
}

// cutOf removes from a name that it is of an event.
func cutOf(name string) string {
	for _, of := range []string{"_de_l_evenement", "_de_levenement", "_evenement", "_de_la_manifestation", "_of_the_event", "_of_event"} {
		if s, found := strings.CutSuffix(name, of); found {
			return s
		}
	}
	return strings.TrimPrefix(name, "event_")
}

// columnName folds the name of a key: "Date de début", "date_de_debut" and "DATE-DE-DEBUT" are one.
func columnName(s string) string {
	return strings.Join(strings.FieldsFunc(fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "_")
}

// keysOf returns the keys of records as the columns of a table.
func keysOf(records []node) (columns []column) {
	seen := map[string]bool{}
	for i := range records {
		for _, e := range records[i].entries {
			if !seen[e.name] && len(columns) < maxKeys {
				seen[e.name] = true
				columns = append(columns, column{name: e.name, key: e.key, at: e.at})
			}
		}
	}
	return columns
}

// again names the second of two columns for one moment: Outlook has the day in the first and the time in the second.
func (t *table) again() {
	for i := range t.columns {
		c := &t.columns[i]
		before := func(name string) bool {
			return slices.ContainsFunc(t.columns[:i], func(o column) bool { return o.name == name })
		}
		switch {
		case c.name == "" || !before(c.name):
		case slices.Contains(startKeys, c.name) && !before("starttime"):
			c.name = "starttime"
		case slices.Contains(endKeys, c.name) && !before("endtime"):
			c.name = "endtime"
		}
	}
}

// has reports whether the table has a column of one of these keys.
func (t *table) has(lists ...[]string) bool {
	for _, keys := range lists {
		if slices.ContainsFunc(t.columns, func(c column) bool { return slices.Contains(keys, c.name) }) {
			return true
		}
	}
	return false
}

// reads reports whether the table has a column that one of these fields is read from.
func (t *table) reads(f *Fields, list ...field) bool {
	for _, x := range list {
		if slices.ContainsFunc(t.columns, func(c column) bool { return c.name != "" && f.reads(x, c.name) }) {
			return true
		}
	}
	return false
}

// isTable reports whether a header is that of events, or of articles, and sets how its rows are read.
func (p *parser) isTable(t *table) bool {
	dates, f := []string{"date"}, p.collection.Fields
	eventish := p.collection.DateIsStart || p.collection.Kind == "events" || inEventFolder(p.src.path) ||
		t.reads(f, fieldStartTime, fieldHours, fieldEnd, fieldDuration)
	if placed := t.has(eventKeys) || t.reads(f, fieldPlace, fieldAddress, fieldLocation, fieldCity); placed && (f.names(fieldTitle) || !t.namesPeople()) {
		eventish = true
	}
	switch {
	case !t.reads(f, fieldTitle):
		return false
	case p.collection.Kind == "articles":
		return t.reads(f, fieldPublished)
	case t.reads(f, fieldStart):
		p.collection.Kind = "events"
	case t.has(dates) && eventish:
		p.collection.Kind, p.collection.DateIsStart = "events", true
	case t.has([]string{"date_published", "published_at", "publishdate", "publish_date", "pubdate"}), t.has(dates) && t.reads(f, fieldBody, fieldAuthors):
		p.collection.Kind = "articles"
	default:
		return false
	}
	return true
}

// namesPeople reports whether the titles of a table may be the names of people, who have addresses, too.
func (t *table) namesPeople() bool {
	return !slices.ContainsFunc(t.columns, func(c column) bool {
		return slices.Contains(titleKeys, c.name) && !slices.Contains([]string{"name", "nom"}, columnName(c.key))
	})
}

// hasClock reports whether the start of a row is only a time of day, so that its date is the day on which it takes place.
func (p *parser) hasClock(row node) bool {
	e := p.collection.Fields.first(&row, fieldStart)
	return e != nil && isClock(e) && row.own("date") != nil
}

// isDated reports whether a row has a date where its record needs one.
func (p *parser) isDated(row node) bool {
	list := []field{fieldStart, fieldPublished}
	if p.collection.Kind != "articles" && !p.collection.DateIsStart {
		list = list[:1]
	}
	for _, x := range list {
		for e := range p.collection.Fields.each(&row, x) {
			if isDated(e) {
				return true
			}
		}
	}
	return false
}

// isDated reports whether a value begins with a date, or is a time of day.
func isDated(e *entry) bool {
	text := fold(e.value.text)
	m, _, err := cutDate(text, true)
	return err == nil && m.month > 0 || isClock(e) || dayMonth.MatchString(text)
}

// tellColumns says what a header was understood as, where that is not plain, and what of it is not read.
func (p *parser) tellColumns(t *table) {
	if t.above {
		p.src.fault(Notice, RuleTable, 0, "not read: what stands above the header of the table, which is on line %d", p.src.line(t.columns[0].at))
	}
	var unread []string
	at := 0
	for i, c := range t.columns {
		switch {
		case c.name == "date" && p.collection.DateIsStart && !t.reads(p.collection.Fields, fieldStart):
			p.src.fault(Notice, RuleTable, c.at, "the column %s is read as the start of the events", c.key)
		case c.name == "" && c.key != "":
			if unread = append(unread, c.key); len(unread) == 1 {
				at = c.at
			}
		case c.name != "" && !slices.Contains(hidingColumns, c.name) && slices.ContainsFunc(t.columns[:i], func(o column) bool { return o.name == c.name }):
			p.src.fault(Warning, RuleDuplicateKey, c.at, "the column %s stands twice; of each row the first cell that is not empty is used", c.key)
		}
	}
	if unread != nil {
		p.src.fault(Notice, RuleTable, at, "not read: %s: these are no keys of events or articles", clip(strings.Join(unread, ", "), 200))
	}
}
