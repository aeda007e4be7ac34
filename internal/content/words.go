package content

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A language holds the words that a prose is understood by, folded (see fold). To add a language, add a value to languages.
type language struct {
	months   [12][]string
	weekdays []string // the seven from Monday on, then short forms and what stands before a day as well
	ordinals []string // after the number of a day: 1er, 1st
	of       []string // between day and month
	at       []string // between a date and a time
	from     []string // before a range of hours; the longest first
	opening  []string // before an hour that only begins: "à partir de 14h"
	to       []string // between two hours
	hour     []string // after the number of an hour; the longest first
	noon     []string
	midnight []string

	day      []string // the days of an event, by number: "Jour 1"
	nth      []string // the first of them, and so on, where they are told in words
	dayParts []string // after the name of a day
	amount   []string // after a number of hours that is how long something takes
	ourTime  []string // after an hour: that it is told by the clocks of the place
	rooms    []string // the head of a column, in a programme, that says where
	halls    []string // before the name of a place in a building

	hoursLabels   []string // labels of a text that holds hours
	dateLabels    []string // labels of a text that holds a date
	contactLabels []string // labels of whom to ask

	online     []string // "en ligne": what is said in the place of a place
	onlineOnly []string // the same, when it is the whole text
	fillers    []string // words that may stand before or between those
	hybrid     []string // words that say there is a place nevertheless
	joining    []string // words between those
	toCome     []string // a place that is not known yet

	decoration []string // lines of a text copied from a page that belong to the page: "Image décorative", "Partager"
	published  []string // before the date of a text: "Publié le"
	cancelled  []string
	confirmed  []string
	tentative  []string
	draft      []string
	shown      []string // that it is published
}

var languages = []language{
	{ // French
		months: [12][]string{{"janvier", "janv", "jan"}, {"fevrier", "fevr", "fev"}, {"mars"}, {"avril", "avr"}, {"mai"}, {"juin"},
			{"juillet", "juil"}, {"aout"}, {"septembre", "sept", "sep"}, {"octobre", "oct"}, {"novembre", "nov"}, {"decembre", "dec"}},
		weekdays: []string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lun", "mar", "mer", "jeu", "ven", "sam", "dim", "le"},
		ordinals: []string{"er", "e", "eme"},
		at:       []string{"a", "des"},
		from:     []string{"horaires", "horaire", "entre", "de"},
		opening:  []string{"a partir de", "a compter de", "debut a", "des", "a"},
		to:       []string{"jusqu'a", "jusqu'au", "et", "a", "au"},
		hour:     []string{"heures", "heure", "h"},
		noon:     []string{"midi"},
		midnight: []string{"minuit"},
		day:      []string{"jour", "journee"},
		nth:      []string{"premier", "deuxieme", "troisieme", "quatrieme", "cinquieme"},
		dayParts: []string{"matin", "matinee", "apres-midi", "soir", "soiree"},
		amount:   []string{"de", "d'"},
		ourTime:  []string{"heure de paris", "heure francaise", "heure locale", "heures locales"},
		rooms:    []string{"salle", "lieu", "espace", "salles", "lieux"},
		halls:    []string{"salle", "grande salle", "petite salle", "amphi", "grand amphi", "petit amphi", "amphitheatre", "auditorium", "espace", "studio", "scene", "grande scene", "petite scene", "plateau", "parcours", "piste"},

		hoursLabels:   []string{"horaires", "horaire", "heures", "heure", "quand", "debut", "debut de l'atelier", "debut de la formation"},
		dateLabels:    []string{"date", "dates", "date et horaires", "date et heure", "jour", "quand"},
		contactLabels: []string{"contact", "contacts", "nous contacter", "question", "questions", "une question", "des questions", "renseignements", "contact presse"},

		online:     []string{"en ligne", "en distanciel", "a distance", "en visioconference", "en visio", "en webinaire", "par visioconference", "visioconference", "evenement virtuel", "numerique"},
		onlineOnly: []string{"webinaire", "distanciel", "visio", "virtuel", "internet", "zoom", "teams", "jitsi", "youtube", "discord", "webconference", "webconf"},
		fillers: []string{"100%", "100", "%", "evenement", "webinaire", "atelier", "formation", "conference", "session", "reunion", "rencontre", "forum", "entierement", "uniquement",
			"exclusivement", "seulement", "totalement", "lieu", "se tiendra", "sera", "un", "une", "tout"},
		hybrid:  []string{"presentiel", "en presentiel", "sur place", "hybride"},
		joining: []string{"et", "ou", "en"},
		toCome: []string{"adresse communiquee prochainement", "adresse a venir", "lieu a venir", "a venir", "a preciser", "a confirmer", "a definir", "a determiner", "communique prochainement",
			"lieu communique prochainement", "bientot"},

		decoration: []string{"image decorative", "image", "photo", "logo", "partager", "partager l'article", "imprimer", "sommaire", "menu", "accueil", "retour", "lire la suite", "a lire aussi", "actualites",
			"actualite", "agenda", "aller au contenu", "temps de lecture", "copier le lien", "telecharger"},
		published: []string{"publie le", "mis a jour le", "mis en ligne le", "modifie le"},
		cancelled: []string{"annule", "annulee", "annules", "annulees", "annulation"},
		confirmed: []string{"confirme", "confirmee", "maintenu", "maintenue"},
		tentative: []string{"provisoire", "a confirmer", "envisage", "envisagee", "en attente"},
		draft: []string{"brouillon", "non publie", "non publiee", "non valide", "non validee", "pas encore", "a valider", "a relire", "en relecture", "en attente de relecture", "en attente de validation",
			"en cours de validation", "en cours de redaction", "depublie", "depubliee", "refuse", "refusee", "rejete", "rejetee", "prive", "privee", "masque", "masquee"},
		shown: []string{"publie", "publiee", "valide", "validee", "approuve", "approuvee", "visible", "public", "publique", "tous publics", "tout public", "tous", "en ligne"},
	},
	{ // English
		months: [12][]string{{"january", "jan"}, {"february", "feb"}, {"march", "mar"}, {"april", "apr"}, {"may"}, {"june", "jun"},
			{"july", "jul"}, {"august", "aug"}, {"september", "sept", "sep"}, {"october", "oct"}, {"november", "nov"}, {"december", "dec"}},
		weekdays: []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "on", "the"},
		ordinals: []string{"st", "nd", "rd", "th"},
		of:       []string{"of"},
		at:       []string{"at", "from"},
		from:     []string{"between", "hours", "from", "time"},
		opening:  []string{"starting at", "starts at", "from", "at"},
		to:       []string{"until", "till", "and", "to"},
		hour:     []string{"hours", "hour", "hrs"},
		noon:     []string{"noon", "midday"},
		midnight: []string{"midnight"},
		day:      []string{"day"},
		nth:      []string{"first", "second", "third", "fourth", "fifth"},
		dayParts: []string{"morning", "afternoon", "evening"},
		amount:   []string{"of"},
		ourTime:  []string{"local time"},
		rooms:    []string{"room", "place", "venue", "location"},
		halls:    []string{"room", "main room", "hall", "main hall", "stage", "main stage", "track", "stream", "auditorium", "theatre"},

		hoursLabels:   []string{"hours", "time", "times", "opening hours", "when"},
		dateLabels:    []string{"date", "dates", "day", "date and time", "when"},
		contactLabels: []string{"contact", "contact us", "contacts", "question", "questions", "any questions", "press contact", "information", "enquiries"},

		online:     []string{"online", "virtual", "virtually", "remote", "remotely", "by video conference", "videoconference", "video conference", "teleconference"},
		onlineOnly: []string{"webinar", "internet", "zoom", "microsoft teams", "google meet", "webex", "web", "livestream", "live stream", "community call (teleconference)"},
		fillers:    []string{"100%", "100", "%", "event", "webinar", "workshop", "training", "conference", "session", "meeting", "meetup", "fully", "entirely", "only", "an", "a", "the"},
		hybrid:     []string{"in person", "in-person", "on site", "onsite", "hybrid", "and online", "or online"},
		joining:    []string{"and", "or"},
		toCome:     []string{"tbd", "tba", "tbc", "to be announced", "to be confirmed", "to be decided", "to be determined", "coming soon"},

		decoration: []string{"decorative image", "share", "print", "contents", "home", "back", "read more", "news", "skip to content", "reading time", "copy link", "download"},
		published:  []string{"published on", "published", "updated on", "posted on"},
		cancelled:  []string{"cancelled", "canceled"},
		confirmed:  []string{"confirmed"},
		tentative:  []string{"tentative", "provisional", "waiting"},
		draft:      []string{"draft", "pending", "pending review", "in review", "unpublished", "not published", "rejected", "private", "hidden"},
		shown:      []string{"published", "approved", "public", "everyone", "ok"},
	},
}

// maxFold is the longest text, in bytes, that can be a word, a date or hours.
const maxFold = 1 << 10

// fold returns s in lower case without accents, with plain spaces, dashes and apostrophes and no spaces around it, to be compared with words.
// A text that is too long for one stays as it is.
func fold(s string) string {
	if len(s) > maxFold || isFolded(s) {
		return s
	}
	var room [64]byte
	b := room[:0]
	space := false
	for _, r := range s {
		c := plainRune(r)
		switch {
		case c == 0:
			return foldAny(s)
		case c == ' ':
			space = true
			continue
		case space && len(b) > 0:
			b = append(b, ' ')
		}
		space = false
		b = utf8.AppendRune(b, c)
	}
	return string(b)
}

// isFolded reports whether s, of ASCII, is folded already, as most dates, hours and addresses are.
func isFolded(s string) bool {
	previous := byte(' ')
	for _, c := range []byte(s) {
		if c < ' ' || c >= 0x7F || 'A' <= c && c <= 'Z' || c == ' ' && previous == ' ' {
			return false
		}
		previous = c
	}
	return s == "" || previous != ' '
}

// latin1 has the plain letters of U+00C0 to U+00FF; those that have none are 0.
const latin1 = "aaaaaa\x00ceeeeiiii\x00nooooo\x00\x00uuuuy\x00\x00aaaaaa\x00ceeeeiiii\x00nooooo\x00\x00uuuuy\x00y"

// plainRune returns the folded form of a rune of French or English text, or 0 if it is not one of those.
func plainRune(r rune) rune {
	switch {
	case r == ' ', '\t' <= r && r <= '\r', r == 0xA0, r == 0x2009, r == 0x202F:
		return ' '
	case 'A' <= r && r <= 'Z':
		return r + 'a' - 'A'
	case r < 0x80:
		return r
	case 0xC0 <= r && r <= 0xFF:
		return rune(latin1[r-0xC0])
	case r == '’', r == 'ʼ', r == '‘':
		return '\''
	case r == '–', r == '—', r == '‑', r == '‐', r == '‒', r == '−':
		return '-'
	case r == '«', r == '»', r == '“', r == '”', r == '€', r == 'œ', r == '°':
		return r
	}
	return 0
}

// foldAny is fold for any text.
func foldAny(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		if c := plainRune(r); c != 0 {
			return c
		}
		return r
	}, norm.NFKD.String(s))
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}

// label folds a label for comparison: without the colon or question mark that may end it.
func label(s string) string { return strings.TrimRight(fold(s), " :?!.") }

// isWord reports whether a folded text is one of the words that words picks from a language.
func isWord(s string, words func(*language) []string) bool {
	for i := range languages {
		if slices.Contains(words(&languages[i]), s) {
			return true
		}
	}
	return false
}

// cutWord removes the longest of the words from the front of a folded text, if a word of them stands there and ends there.
func cutWord(s string, words func(*language) []string) (rest string, found bool) {
	best := 0
	if s == "" {
		return s, false
	}
	for i := range languages {
		for _, w := range words(&languages[i]) {
			if w[0] == s[0] && len(w) > best && strings.HasPrefix(s, w) && endsWord(w, s[len(w):]) {
				best = len(w)
			}
		}
	}
	return strings.TrimLeft(s[best:], " "), best > 0
}

// endsWord reports whether w is over where rest begins.
func endsWord(w, rest string) bool {
	if rest == "" {
		return true
	}
	letter := func(c byte) bool { return 'a' <= c && c <= 'z' || c >= 0x80 }
	return !letter(w[len(w)-1]) || !letter(rest[0]) && rest[0] != '-' && rest[0] != '\''
}

// weekdayOf returns the day of the week that a folded text begins with. Short forms are not read: "mar" is March, too.
func weekdayOf(s string) (day time.Weekday, found bool) {
	word, _, _ := strings.Cut(s, " ")
	word = strings.TrimRight(word, ".,")
	for i := range languages {
		if d := slices.Index(languages[i].weekdays[:7], word); d >= 0 {
			return time.Weekday((d + 1) % 7), true
		}
	}
	return 0, false
}

// monthOf returns the month that a folded word names, or 0.
func monthOf(word string) int {
	word = strings.TrimRight(word, ".,")
	for i := range languages {
		for m, names := range languages[i].months {
			if slices.Contains(names, word) {
				return m + 1
			}
		}
	}
	return 0
}
