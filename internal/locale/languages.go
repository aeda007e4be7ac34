package locale

import "fmt"

// Text holds the words of the pages. The names say where they stand.
type Text struct {
	Skip, Menu, Note                                     string
	Coming, Past, NoneComing, Latest, More, NoArticles   string
	Subscribe, SubscribeHow, SubscribeApp                string
	Address, GoogleHow, OutlookHow, PhoneHow             string
	Feeds, FeedsHow, All, ByCategory, ByTag              string
	FeedNote, FeedPage                                   string // of a feed in a browser
	Calendar, Download, Where, When, Online              string
	AddProgramme, SubscribeProgramme, ProgrammeHow       string // the calendar of an event's sessions
	ProgrammeOf                                          string // its title
	Name, Formats                                        string
	Cancelled, Tentative, Published, Updated             string
	Links, Files, Generated                              string
	AllEvents, AllArticles, EventsIn, ArticlesIn, Tagged string
	TaggedArticles                                       string
	CancelledPrefix, TentativePrefix                     string
	NewDate, NewDates, NewHours, NewPlace, Originally    string
	Untitled                                             string // title of a site that has none
	Colon                                                string // between a label and what it labels
}

var french = Locale{
	Tag:      "fr",
	weekdays: [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin",
		"juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	first:  "1er",
	clock:  "%d\u00a0h\u00a0%02d",
	whole:  "%d\u00a0h",
	fromTo: "du %s au %s",
	hours:  "de %s à %s",
	at:     "à %s",
	joined: "%s, %s",

	insteadDay:  "au lieu du %s",
	insteadSpan: "au lieu %s",
	insteadHour: "au lieu de %s",

	rhythms: rhythms{
		each:     [4]string{"tous les jours", "toutes les semaines", "tous les mois", "tous les ans"},
		every:    [4]string{"tous les %s jours", "toutes les %s semaines", "tous les %s mois", "tous les %s ans"},
		numbers:  []string{"deux", "trois", "quatre"},
		weekdays: "tous les %s", plural: "s", workdays: "%s, du lundi au vendredi",
		ordinals: map[int]string{1: "le premier", 2: "le deuxième", 3: "le troisième", 4: "le quatrième", 5: "le cinquième", -1: "le dernier", -2: "l’avant-dernier"},
		the:      "le ", on: "%s, %s",
		ofMonth: "%s du mois", monthly: "%s de chaque mois", ofThe: "%s %s", nthOf: "%s de %s", nthOfA: "%s d’%s", lastDay: "le dernier jour",
		day: func(n int) string {
			if n == 1 {
				return "le 1er"
			}
			return fmt.Sprintf("le %d", n)
		},
		and: " et ", then: ", puis ", until: " jusqu’au %s", also: ", et aussi ", others: "à d’autres dates",
		except: ", sauf %s", exceptSome: ", sauf certains jours",
	},

	Text: Text{
		Skip: "Aller au contenu", Menu: "Menu principal", Note: "À savoir",
		Coming: "À venir", Past: "Événements passés", NoneComing: "Aucun événement à venir pour le moment.",
		Latest: "Dernières actualités", More: "Tout voir", NoArticles: "Aucun article pour le moment.",
		Subscribe:    "S’abonner à l’agenda",
		SubscribeHow: "Abonnez-vous une fois\u00a0: les événements, leurs changements et leurs annulations arrivent ensuite d’eux-mêmes dans votre calendrier.",
		SubscribeApp: "S’abonner avec mon application de calendrier",
		Address:      "Adresse de l’abonnement, à copier\u00a0:",
		GoogleHow:    "Google Agenda\u00a0: «\u00a0Autres agendas\u00a0», «\u00a0À partir de l’URL\u00a0», puis collez l’adresse.",
		OutlookHow:   "Outlook\u00a0: «\u00a0Ajouter un calendrier\u00a0», «\u00a0S’abonner à partir du web\u00a0», puis collez l’adresse.",
		PhoneHow:     "Apple Calendrier, Thunderbird et la plupart des autres\u00a0: le bouton ci-dessus suffit.",
		Feeds:        "Tous les abonnements",
		FeedsHow:     "Un flux (RSS, Atom ou JSON) se lit avec un lecteur de flux\u00a0: copiez l’adresse du flux dans votre lecteur. Un calendrier (.ics) s’ajoute à votre application de calendrier.",
		FeedNote:     "Ceci est un flux\u00a0: copiez l’adresse de cette page dans votre lecteur de flux, et les nouveautés y arriveront d’elles-mêmes.",
		FeedPage:     "À lire aussi en page web\u00a0:",
		All:          "Tout", ByCategory: "Par catégorie", ByTag: "Par mot-clé",
		Calendar: "Calendrier", Download: "Ajouter à mon calendrier",
		AddProgramme: "Ajouter le programme", SubscribeProgramme: "S’abonner au programme", ProgrammeOf: "Programme – %s",
		ProgrammeHow: "Chaque session est un événement à part dans votre calendrier\u00a0: si elle change d’heure ou de titre, elle y change aussi.",
		Where:        "Lieu", When: "Date", Online: "En ligne", Name: "Abonnement", Formats: "Formats",
		Cancelled: "Annulé", Tentative: "À confirmer", Published: "Publié le", Updated: "mis à jour le",
		Links: "Liens", Files: "Documents", Generated: "Page produite par",
		AllEvents: "Agenda", AllArticles: "Actualités",
		EventsIn: "Agenda – %s", ArticlesIn: "Actualités – %s", Tagged: "Agenda – mot-clé %s", TaggedArticles: "Actualités – mot-clé %s",
		CancelledPrefix: "Annulé\u00a0: ", TentativePrefix: "À confirmer\u00a0: ",
		NewDate: "Nouvelle date", NewDates: "Nouvelles dates", NewHours: "Nouvel horaire", NewPlace: "Nouveau lieu", Originally: "initialement",
		Untitled: "Agenda et actualités",
		Colon:    "\u00a0: ",
	},
}

var english = Locale{
	Tag:      "en",
	weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	months: [12]string{"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"},
	first:  "1",
	clock:  "%d:%02d",
	whole:  "%d:00",
	fromTo: "%s to %s",
	hours:  "%s to %s",
	at:     "at %s",
	joined: "%s, %s",

	insteadDay:  "instead of %s",
	insteadSpan: "instead of %s",
	insteadHour: "instead of %s",

	rhythms: rhythms{
		each:     [4]string{"every day", "every week", "every month", "every year"},
		every:    [4]string{"every %s days", "every %s weeks", "every %s months", "every %s years"},
		numbers:  []string{"two", "three", "four"},
		weekdays: "every %s", workdays: "%s, Monday to Friday",
		ordinals: map[int]string{1: "the first", 2: "the second", 3: "the third", 4: "the fourth", 5: "the fifth", -1: "the last", -2: "the last but one"},
		on:       "%s on %s",
		ofMonth:  "on %s of the month", monthly: "on %s of every month", ofThe: "%s of %s", nthOf: "%s of %s", nthOfA: "%s of %s", lastDay: "the last day",
		day: func(n int) string {
			ending := "th"
			if n/10 != 1 && n%10 >= 1 && n%10 <= 3 {
				ending = []string{"st", "nd", "rd"}[n%10-1]
			}
			return fmt.Sprintf("the %d%s", n, ending)
		},
		and: " and ", before: "on ", then: ", then ", until: " until %s", also: ", and also ", others: "on other dates",
		except: ", except %s", exceptSome: ", except on some days",
	},

	Text: Text{
		Skip: "Skip to content", Menu: "Main menu", Note: "Note",
		Coming: "Coming up", Past: "Past events", NoneComing: "No event is announced at the moment.",
		Latest: "Latest news", More: "See all", NoArticles: "No article yet.",
		Subscribe:    "Subscribe to the calendar",
		SubscribeHow: "Subscribe once: events, changes and cancellations then reach your calendar by themselves.",
		SubscribeApp: "Subscribe with my calendar application",
		Address:      "Address of the subscription, to copy:",
		GoogleHow:    "Google Calendar: “Other calendars”, “From URL”, then paste the address.",
		OutlookHow:   "Outlook: “Add calendar”, “Subscribe from web”, then paste the address.",
		PhoneHow:     "Apple Calendar, Thunderbird and most others: the button above is enough.",
		Feeds:        "All subscriptions",
		FeedsHow:     "A feed (RSS, Atom or JSON) is read with a feed reader: copy its address into your reader. A calendar (.ics) is added to your calendar application.",
		FeedNote:     "This is a feed: copy the address of this page into your feed reader, and what is new will arrive there by itself.",
		FeedPage:     "Also to be read as a web page:",
		All:          "Everything", ByCategory: "By category", ByTag: "By tag",
		Calendar: "Calendar", Download: "Add to my calendar",
		AddProgramme: "Add the programme", SubscribeProgramme: "Subscribe to the programme", ProgrammeOf: "Programme – %s",
		ProgrammeHow: "Each session is an event of its own in your calendar: if its time or its title changes, it changes there too.",
		Where:        "Place", When: "Date", Online: "Online", Name: "Subscription", Formats: "Formats",
		Cancelled: "Cancelled", Tentative: "To be confirmed", Published: "Published on", Updated: "updated on",
		Links: "Links", Files: "Documents", Generated: "Page made by",
		AllEvents: "Events", AllArticles: "News",
		EventsIn: "Events – %s", ArticlesIn: "News – %s", Tagged: "Events – tag %s", TaggedArticles: "News – tag %s",
		CancelledPrefix: "Cancelled: ", TentativePrefix: "To be confirmed: ",
		NewDate: "New date", NewDates: "New dates", NewHours: "New time", NewPlace: "New place", Originally: "originally",
		Untitled: "Events and news",
		Colon:    ": ",
	},
}
