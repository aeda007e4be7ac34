package locale

import "fmt"

// Text holds the words of the pages. The names say where they stand.
type Text struct {
	Skip, Menu, Note                                     string
	Coming, Past, NoneComing, Latest, More, NoArticles   string
	Home, Trail, Zone                                    string
	Subscribe, SubscribeHow, SubscribeApp, Delay         string
	Address, Copy, Copied, Scan, ScanCode, Google        string
	AppsHow, Alike, Subscriptions                        string
	Choose, ChooseHow, ChooseGo, Categories, Tags        string
	Days, FromDay, ToDay                                 string // of what is chosen
	NoChoice, NoChoiceHow                                string // what is asked for is not there
	Apps                                                 []App
	Follow, FollowHow, FeedsOf, FeedAddress, OtherFeeds  string
	Feeds, FeedsHow, AllFeeds, All, ByCategory, ByTag    string
	ArticlesByCategory, ArticlesByTag, Labels            string
	AddHow, AddAlso                                      string
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

// An App is what somebody subscribes to a calendar with, and how.
type App struct{ Name, How string }

var french = Locale{
	Tag:      "fr",
	weekdays: [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	short:    [7]string{"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."},
	months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin",
		"juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	first:  "1er",
	clock:  "%d\u00a0h\u00a0%02d",
	whole:  "%d\u00a0h",
	fromTo: "du %s au %s",
	from:   "à partir du %s",
	until:  "jusqu’au %s",
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
		Home: "Accueil", Trail: "Vous êtes ici", Zone: "Fuseau horaire",
		Subscribe:    "S’abonner à l’agenda",
		SubscribeHow: "Abonnez-vous une fois\u00a0: les événements, leurs changements et leurs annulations arrivent ensuite d’eux-mêmes dans votre calendrier.",
		SubscribeApp: "Ouvrir dans mon calendrier",
		Delay:        "Un changement n’arrive pas aussitôt\u00a0: Outlook relit l’agenda toutes les quelques heures, Google parfois une fois par jour. Le jour même, c’est cette page qui fait foi.",
		Address:      "Adresse de l’abonnement",
		Copy:         "Copier l’adresse", Copied: "Adresse copiée",
		Google: "Google Agenda", Scan: "Sur votre téléphone\u00a0: ouvrez cette page avec l’appareil photo.", ScanCode: "Code QR de l’adresse de cette page\u00a0: %s",
		AppsHow: "Comment faire, application par application", Alike: "N’importez pas le fichier\u00a0: une copie importée ne change plus.",
		Subscriptions: "Abonnements",
		Choose:        "N’en suivre qu’une partie", ChooseGo: "Voir cet agenda", Categories: "Catégories", Tags: "Mots-clés",
		Days: "Dates", FromDay: "Du", ToDay: "Au",
		NoChoice: "sélection introuvable", NoChoiceHow: "Ce qui est demandé n’existe pas, ou n’existe plus, ou finit avant de commencer. Voici tout.",
		ChooseHow: "Cochez ce qui vous intéresse\u00a0: la page suivante montre ces événements, et donne l’adresse d’un calendrier qui n’aura que ceux-là. Si vous cochez des catégories et des mots-clés, il faut les deux.",
		Apps: []App{
			{"Apple Calendrier (iPhone, iPad, Mac)", "Touchez «\u00a0Ouvrir dans mon calendrier\u00a0», puis «\u00a0S’abonner\u00a0». Si rien ne s’ouvre sur un Mac\u00a0: dans Calendrier, menu «\u00a0Fichier\u00a0», «\u00a0Nouvel abonnement à un calendrier\u00a0», puis collez l’adresse. Sur iPhone et iPad\u00a0: «\u00a0Calendriers\u00a0», «\u00a0Ajouter un calendrier\u00a0», «\u00a0Ajouter un calendrier avec abonnement\u00a0»."},
			{"Outlook sur le web, nouvel Outlook, Outlook.com", "Suivez le lien «\u00a0Microsoft 365\u00a0» pour un compte professionnel, «\u00a0Outlook.com\u00a0» pour un compte personnel, vérifiez le nom, puis «\u00a0Importer\u00a0». Si rien ne s’ouvre\u00a0: dans le calendrier, «\u00a0Ajouter un calendrier\u00a0», «\u00a0S’abonner à partir du web\u00a0», puis collez l’adresse."},
			{"Outlook classique pour Windows", "Dans le calendrier, onglet «\u00a0Accueil\u00a0», choisissez «\u00a0Ajouter un calendrier\u00a0», «\u00a0À partir d’Internet\u00a0», puis collez l’adresse. À la question qui suit, répondez «\u00a0Oui\u00a0»."},
			{"Google Agenda", "Suivez le lien sur un ordinateur et confirmez\u00a0: l’application du téléphone ne sait pas s’abonner, mais elle montrera l’agenda ensuite. Si Google refuse le lien\u00a0: à gauche, «\u00a0Autres agendas\u00a0», «\u00a0+\u00a0», «\u00a0À partir de l’URL\u00a0», puis collez l’adresse."},
			{"Thunderbird", "Menu «\u00a0Fichier\u00a0», «\u00a0Nouveau\u00a0», «\u00a0Agenda\u00a0», puis «\u00a0Sur le réseau\u00a0». Collez l’adresse et laissez vide le nom d’utilisateur."},
			{"Nextcloud", "Dans Agenda, «\u00a0Nouvel agenda\u00a0», «\u00a0Nouvel abonnement par lien (lecture seule)\u00a0», puis collez l’adresse."},
			{"Une autre application", "Cherchez «\u00a0s’abonner\u00a0», «\u00a0agenda par URL\u00a0», «\u00a0ICS\u00a0» ou «\u00a0iCalendar\u00a0», puis collez l’adresse. Sur Android sans compte Google, une application telle que ICSx⁵ convient."},
		},
		Follow:      "Suivre par un flux",
		FollowHow:   "Un flux donne la liste des publications à un lecteur de flux, à une messagerie ou à un outil de veille, qui signale ensuite ce qui est nouveau. Copiez-y cette adresse\u00a0; il n’y a pas de compte à créer.",
		FeedsOf:     "Cet agenda est aussi un flux, pour un lecteur de flux ou un outil de veille",
		FeedAddress: "Adresse du flux",
		OtherFeeds:  "Le même flux, si votre outil demande un autre format",
		Feeds:       "Tous les abonnements",
		FeedsHow:    "Choisissez ce que vous voulez suivre\u00a0: chaque page donne l’adresse du calendrier et celle du flux.",
		AllFeeds:    "Tous les flux en un fichier (OPML), pour un lecteur de flux",
		FeedNote:    "Ceci est un flux\u00a0: copiez l’adresse de cette page dans votre lecteur de flux, et les nouveautés y arriveront d’elles-mêmes.",
		FeedPage:    "À lire aussi en page web\u00a0:",
		All:         "Tout", ByCategory: "Agenda, par catégorie", ByTag: "Agenda, par mot-clé",
		ArticlesByCategory: "Actualités, par catégorie", ArticlesByTag: "Actualités, par mot-clé", Labels: "Catégories et mots-clés",
		AddHow: "C’est une copie de cet événement\u00a0: s’il change, elle ne change pas.", AddAlso: "Pour recevoir les changements, abonnez-vous à l’agenda",
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
	short:    [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
	months: [12]string{"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"},
	first:  "1",
	clock:  "%d:%02d",
	whole:  "%d:00",
	fromTo: "%s to %s",
	from:   "from %s",
	until:  "until %s",
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
		Home: "Home", Trail: "You are here", Zone: "Time zone",
		Subscribe:    "Subscribe to the calendar",
		SubscribeHow: "Subscribe once: events, changes and cancellations then reach your calendar by themselves.",
		SubscribeApp: "Open in my calendar",
		Delay:        "A change does not arrive at once: Outlook looks every few hours, Google sometimes once a day. On the day itself, go by this page.",
		Address:      "Address of the subscription",
		Copy:         "Copy the address", Copied: "Address copied",
		Google: "Google Calendar", Scan: "On your phone: open this page with the camera.", ScanCode: "QR code of the address of this page: %s",
		AppsHow: "How to do it, application by application", Alike: "Do not import the file: an imported copy does not change any more.",
		Subscriptions: "Subscriptions",
		Choose:        "Follow only a part", ChooseGo: "Show this calendar", Categories: "Categories", Tags: "Tags",
		Days: "Dates", FromDay: "From", ToDay: "To",
		NoChoice: "no such selection", NoChoiceHow: "What is asked for does not exist, or no longer does, or ends before it begins. Here is everything.",
		ChooseHow: "Tick what interests you: the page that follows shows these events, and gives the address of a calendar with them alone. If you tick categories and tags, an event must have both.",
		Apps: []App{
			{"Apple Calendar (iPhone, iPad, Mac)", "Choose “Open in my calendar”, then “Subscribe”. If nothing opens on a Mac: in Calendar, menu “File”, “New Calendar Subscription”, then paste the address. On iPhone and iPad: “Calendars”, “Add Calendar”, “Add Subscription Calendar”."},
			{"Outlook on the web, new Outlook, Outlook.com", "Follow the link “Microsoft 365” with an account from work, “Outlook.com” with one of your own, check the name, then “Import”. If nothing opens: in the calendar, “Add calendar”, “Subscribe from web”, then paste the address."},
			{"Classic Outlook for Windows", "In the calendar, tab “Home”, choose “Add Calendar”, “From Internet”, then paste the address. Answer “Yes” to the question that follows."},
			{"Google Calendar", "Follow the link on a computer and confirm: the application on the phone cannot subscribe, but it will show the calendar afterwards. If Google refuses the link: at the left, “Other calendars”, “+”, “From URL”, then paste the address."},
			{"Thunderbird", "Menu “File”, “New”, “Calendar”, then “On the Network”. Paste the address and leave the user name empty."},
			{"Nextcloud", "In Calendar, “New calendar”, “New subscription from link (read-only)”, then paste the address."},
			{"Another application", "Look for “subscribe”, “calendar from URL”, “ICS” or “iCalendar”, then paste the address. On Android without a Google account, an application such as ICSx⁵ does it."},
		},
		Follow:      "Follow as a feed",
		FollowHow:   "A feed gives the list of what is published to a feed reader, a mail program or a monitoring tool, which then tells you what is new. Copy this address into it; there is no account to create.",
		FeedsOf:     "This calendar is a feed as well, for a feed reader or a monitoring tool",
		FeedAddress: "Address of the feed",
		OtherFeeds:  "The same feed, if your tool asks for another format",
		Feeds:       "All subscriptions",
		FeedsHow:    "Choose what you want to follow: each page gives the address of the calendar and that of the feed.",
		AllFeeds:    "All feeds in one file (OPML), for a feed reader",
		FeedNote:    "This is a feed: copy the address of this page into your feed reader, and what is new will arrive there by itself.",
		FeedPage:    "Also to be read as a web page:",
		All:         "Everything", ByCategory: "Events, by category", ByTag: "Events, by tag",
		ArticlesByCategory: "News, by category", ArticlesByTag: "News, by tag", Labels: "Categories and tags",
		AddHow: "This is a copy of the event: if the event changes, the copy does not.", AddAlso: "To be told of changes, subscribe to the calendar",
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
