package content

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// What the names of columns tell of whom a table is about, word by word, in the form of columnName.
var (
	// ownWords name what somebody has and nothing that takes place.
	ownWords = []string{"prenom", "prenoms", "firstname", "lastname", "surname", "forename", "fullname", "naissance", "birth", "birthday", "birthdate", "dob", "born", "civilite", "sexe", "gender",
		"nationalite", "nationality", "salaire", "salary", "remuneration", "wage", "embauche", "hired", "hire", "matricule", "iban", "conges", "absence", "password"}
	// ownNames are whole names of such columns, perhaps after one of counting.
	ownNames = []string{"first_name", "last_name", "given_name", "family_name", "full_name", "nom_de_famille", "ne_le", "nee_le", "job", "job_title", "poste", "fonction",
		"employee", "employe", "salarie", "agent", "adherent", "adherente", "membre", "member", "abonne", "subscriber", "patient", "eleve", "student", "beneficiaire", "usager", "licencie", "demandeur", "applicant",
		"lieu_de_travail", "workplace"}
	counting = []string{"n_", "no_", "id_", "numero_", "nom_du_", "nom_de_l_"}
	// reachWords name by what somebody is reached, and homeWords where somebody lives; not so with placeWords.
	reachWords = []string{"email", "mail", "mel", "courriel", "telephone", "tel", "phone", "mobile", "portable", "gsm"}
	homeWords  = []string{"adresse", "address", "street", "rue", "domicile"}
	placeWords = []string{"lieu", "salle", "venue", "place", "evenement", "event", "manifestation", "inscription", "reservation", "registration", "web", "internet", "url"}
	// hostWords name who makes an event, and askWords who is to be asked: any column may be theirs.
	hostWords = []string{"organisateur", "organisatrice", "organizer", "organiser", "animateur", "animatrice", "intervenant", "intervenante", "speaker", "host", "auteur", "author", "artiste", "artist"}
	askWords  = []string{"contact", "contacts", "responsable", "referent", "referente"}
	// eventNames are columns that people do not have, beside those of places; a location may be an office.
	eventNames = []string{"venue", "registration_url", "registration", "inscription", "tarif", "tarifs", "prix", "price", "prices"}
)

// isSalutation is how the name of somebody begins, folded, or what stands before it.
var isSalutation = regexp.MustCompile(`^(?:m|mr|mme|mlle|mrs|ms|dr)\.?(?: \pL|$)`)

// A trait is what a column tells of whom a table is about.
type trait uint8

const (
	noTrait trait = iota
	ofEvents
	ofSomebody
	reached
	housed
)

// A tally counts the cells of a column that are not empty.
type tally struct{ all, reach, salute int }

// tallies counts the cells of rows, by the names of their columns.
func tallies(rows []node) map[string]tally {
	all := map[string]tally{}
	for i := range rows {
		for j := range rows[i].entries {
			e := &rows[i].entries[j]
			n := all[e.name]
			n.all++
			if reachesSomebody(e.value.text) {
				n.reach++
			}
			if slices.Contains(titleKeys, e.name) && isSalutation.MatchString(fold(e.value.text)) {
				n.salute++
			}
			all[e.name] = n
		}
	}
	return all
}

// reachesSomebody reports whether a cell is an e-mail address or a telephone number.
func reachesSomebody(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case '0' <= r && r <= '9':
			digits++
		case !strings.ContainsRune(" .-()+/", r):
			return isEmail(s)
		}
	}
	return 9 <= digits && digits <= 15 && strings.ContainsAny(s[:1], "0+(")
}

// trait judges a column by its name, and by its cells.
func (c *column) trait(cells tally) trait {
	name := columnName(c.key)
	words := strings.Split(name, "_")
	has := func(list []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
	}
	rest := name
	for _, s := range counting {
		rest = strings.TrimPrefix(rest, s)
	}
	switch {
	case has(askWords) && 2*cells.reach <= cells.all:
		return noTrait
	case has(askWords):
		return reached
	case has(hostWords), slices.Contains(placeKeys, c.name), slices.Contains(eventNames, c.name), slices.Contains(eventNames, name):
		return ofEvents
	case has(ownWords), slices.Contains(ownNames, rest), 2*cells.salute > cells.all:
		return ofSomebody
	case has(placeWords):
		return noTrait
	case has(reachWords), c.name == "" && 2*cells.reach > cells.all:
		return reached
	case has(homeWords):
		return housed
	}
	return noTrait
}

// people returns the columns by which rows seem to be people: staff, members, who has registered. Where they live is nobody's business,
// so that in doubt they are. A configuration that names the file, or the key of the title, knows better.
func (p *parser) people(columns []column, rows []node) []column {
	f := p.collection.Fields
	if f.names(fieldTitle) || strings.Trim(p.collection.Path, "/") == p.src.path {
		return nil
	}
	var by [housed + 1][]column
	var title string // the head of what is read as the title
	named, described, located := false, false, false
	cells, rank := tallies(rows), len(titleKeys)
	for i := range columns {
		c := &columns[i]
		x := c.trait(cells[c.field()])
		by[x] = append(by[x], *c)
		described = described || f.reads(fieldSummary, c.name)
		located = located || slices.Contains(locationKeys, c.name)
		named = named || c.name == "name" || c.name == "nom"
		if n := slices.Index(titleKeys, c.name); n >= 0 && n < rank {
			before, _, _ := strings.Cut(c.key, "(")
			rank, title = n, columnName(before)
		}
	}
	titled := title == "title" || title == "titre" // or "Mr"
	told := !titled && title != "name" && title != "nom"
	events := len(by[ofEvents]) > 0
	tell := slices.Concat(by[ofSomebody], by[reached], by[housed])
	switch {
	case len(by[ofSomebody]) > 0:
		if events && (titled || told) { // with whom to ask
			return nil
		}
		return tell
	case events, told, titled && !named, p.collection.Kind != "articles" && described,
		(len(by[reached]) == 0 || located && inEventFolder(p.src.path)) && slices.ContainsFunc(rows, p.isTimed): // among events, what has an hour and a place is one
		return nil
	}
	return tell
}

// isTimed reports whether a row says at what time of the day its event begins.
func (p *parser) isTimed(row node) bool {
	timed := func(e *entry) bool {
		if e == nil {
			return false
		}
		m, err := parseMoment(e.value.text, true)
		_, isHours := parseHours(e.value.text)
		return isHours || err == nil && m.timed
	}
	for _, x := range []field{fieldStart, fieldStartTime, fieldHours} {
		if timed(p.collection.Fields.first(&row, x)) {
			return true
		}
	}
	return p.collection.DateIsStart && timed(row.own("date"))
}

// tellPeople says that a file is passed over because it may be one of people.
func (p *parser) tellPeople(columns []column) {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.key
	}
	kind := cmp.Or(p.collection.Kind, "events")
	p.src.fault(Warning, RuleNotRecord, columns[0].at, "this may be a list of people (%s), so nothing of it is published: take it out of the folder; if it is one of %s, say so under collections: in crieur.yaml, with path: %s and kind: %s",
		clip(strings.Join(names, ", "), 100), kind, p.src.path, kind)
}
