package content

// The keys that values are read from, in order: the first that is not empty wins. All are in lower case: keys are compared
// without regard to case. A dot leads into a mapping, or into the first mapping of a list.
var (
	startKeys = []string{"event_start_date", "datestart", "start", "startdate", "start_date", "event_date", "starts", "time_start", "dateevent", "date_start",
		"start_time", "debut", "date_debut", "date_de_debut", "dtstart"}
	endKeys = []string{"event_end_date", "dateend", "end_date", "end", "enddate", "date_end", "ends", "time_end", "end_time", "fin", "date_fin", "date_de_fin", "dtend"}
	// startTimeKeys and endTimeKeys hold the time where the keys above hold only the day.
	startTimeKeys = []string{"starttime", "start_time", "heure_debut", "heure_de_debut", "start", "debut", "time", "heure"}
	endTimeKeys   = []string{"endtime", "end_time", "heure_fin", "heure_de_fin", "end", "fin"}
	hoursKeys     = []string{"horaires", "horaire", "hours", "heures", "time", "heure"}
	durationKeys  = []string{"duration", "duree", "durée"}
	allDayKeys    = []string{"all_day", "allday", "journee_entiere"}
	zoneKeys      = []string{"timezone", "time_zone", "tz", "fuseau", "eventinfo.timezone"}
	// occurrenceKeys hold mappings whose keys are dates with hours.
	occurrenceKeys = []string{"eventinfo.dates.extra"}
	ruleKeys       = []string{"rrule", "recurrence_rule"}
	alsoKeys       = []string{"rdate", "rdates"}
	exceptKeys     = []string{"exdate", "exdates"}
	// periodicKeys hold a list of rules in words, each with its first and its last day; see periodic.go.
	periodicKeys = []string{"eventinfo.dates.periodics"}
	reminderKeys = []string{"reminder", "reminders", "rappel", "rappels"}

	titleKeys    = []string{"title", "titre", "name", "nom", "event", "linktitle", "subject", "objet"}
	summaryKeys  = []string{"summary", "chapeau-text", "chapeau", "description", "deck", "abstract", "excerpt", "resume", "résumé", "intro"}
	bodyKeys     = []string{"body", "content", "contenu", "texte", "text"}
	uidKeys      = []string{"uid", "guid"}
	languageKeys = []string{"lang", "language", "langue", "locale"}
	statusKeys   = []string{"status", "statut", "event_status", "état", "etat"}
	cancelKeys   = []string{"cancelled", "canceled", "annule", "annulé", "annulee"}

	publishedKeys = []string{"date", "published_at", "date_published", "published", "publishdate", "publish_date", "pubdate", "posted", "created"}
	updatedKeys   = []string{"lastmod", "last_modified_at", "updated", "updated_at", "date_modified", "modified", "last_updated"}
	notBeforeKeys = []string{"publishdate", "publish_date", "pubdate"}
	// hiddenKeys say yes (visibility: no), shownKeys no, and renderKeys no or never, where somebody keeps a record to himself, or a generator a page out of its lists
	// (Eleventy, Hugo).
	hiddenKeys   = []string{"eleventyexcludefromcollections", "headless", "unlisted", "private", "privé", "prive", "privée", "privee", "confidentiel", "masqué", "masque", "hidden", "brouillon", "visibility"}
	shownKeys    = []string{"published", "publish", "publié", "publie", "publiée", "publiee", "validé", "valide", "validée", "validee", "approuvé", "approuve", "approved", "visible"}
	renderKeys   = []string{"build.render", "build.list", "_build.render", "_build.list"}
	notAfterKeys = []string{"expirydate", "expiry_date", "unpublishdate", "expires"}

	placeKeys   = []string{"lieu", "place", "location_name"}
	addressKeys = []string{"adresse", "address"}
	// locationKeys hold a whole place, as text or as a mapping.
	locationKeys = []string{"location", "venue", "eventinfo.location", "discord_event.location"}
	cityKeys     = []string{"city", "ville"}
	countryKeys  = []string{"country", "pays"}
	// The parts of a place that is a mapping.
	partPlaceKeys   = []string{"name", "nom", "venue_name", "venue", "title", "room", "salle"}
	partStreetKeys  = []string{"street", "address", "adresse", "venue_address", "street_address", "streetaddress", "rue", "address1"}
	partPostKeys    = []string{"postcode", "postal_code", "postalcode", "zip", "code_postal"}
	partCityKeys    = []string{"city", "ville", "locality", "addresslocality"}
	partRegionKeys  = []string{"region", "state", "département", "departement"}
	partCountryKeys = []string{"country", "pays"}
	latitudeKeys    = []string{"latitude", "lat", "geo.lat", "geo.latitude", "location.lat", "location.latitude", "venue.lat", "venue.latitude"}
	longitudeKeys   = []string{"longitude", "long", "lng", "lon", "geo.lon", "geo.long", "geo.lng", "geo.longitude", "location.long", "location.lng", "location.lon", "location.longitude",
		"venue.long", "venue.lng", "venue.lon", "venue.longitude"}

	meetingKeys = []string{"zoomurl", "zoom_url", "zoom", "visio", "lien_visio", "meeting_url", "online_url", "conference_url", "webinar_url", "conference"}

	organizerKeys = []string{"organizer", "organiser", "organisateur", "eventinfo.organizer", "event_organizer", "host", "hosts"}
	contactKeys   = []string{"contact", "contact-presse", "contact_presse", "contacts"}
	authorKeys    = []string{"authors", "author", "auteurs", "auteur"}
	personName    = []string{"name", "nom", "title"}
	personEmail   = []string{"email", "mail", "courriel"}
	personURL     = []string{"url", "website", "site", "link", "lien"}

	detailKeys    = []string{"champs_informations", "informations", "informations_pratiques", "details"}
	detailLabel   = []string{"intitule", "intitulé", "label", "libelle", "titre", "title", "name", "nom"}
	detailText    = []string{"contenu", "content", "text", "texte", "value", "valeur"}
	detailLink    = []string{"lien", "link", "url", "href"}
	accessKeys    = []string{"acces", "accès", "access"}
	imageKeys     = []string{"une-ou-diaporama.image", "featureimage", "featured_image", "primary_image", "image", "image-mise-en-avant", "cover", "thumbnail", "banner", "logo", "header.image"}
	imageParts    = []string{"src", "url", "image", "path", "filename", "file", "feature"}
	imageAltKeys  = []string{"une-ou-diaporama.alternative-textuelle", "image_alt", "image-alt", "imagealt", "image.alt", "image.caption", "cover.alt", "featureimagealt"}
	fileListKeys  = []string{"files", "fichiers", "attachments", "documents", "enclosures", "enclosure"}
	fileKeys      = []string{"communique_file", "file", "fichier", "attachment"}
	filePartKeys  = []string{"file", "fichier", "url", "href", "lien", "link", "src", "path"}
	fileTitleKeys = []string{"nom", "title", "titre", "name", "label"}

	permalinkKeys = []string{"permalink"}
	slugKeys      = []string{"slug"}
	redirectKeys  = []string{"redirection", "redirection-interne", "redirect_to", "external_url", "externalurl"}
)

// categoryKeys and tagKeys are all read, in this order; what is said twice is kept once.
var (
	categoryKeys = []string{"categories", "category", "catégories", "categorie", "catégorie", "event_type", "eventtype"}
	tagKeys      = []string{"tags", "tag", "topics", "keywords", "mots-cles", "mots-clés", "themes", "series"}
)

// linkKeys hold addresses of other pages; the title is French or English by the language of the record.
var linkKeys = []struct{ key, french, english string }{
	{"registration_url", "Inscription", "Registration"},
	{"registration", "Inscription", "Registration"},
	{"inscription", "Inscription", "Registration"},
	{"rsvp_url", "Inscription", "Registration"},
	{"rsvplink", "Inscription", "Registration"},
	{"signup.url", "Inscription", "Registration"},
	{"signup_url", "Inscription", "Registration"},
	{"form_url", "Inscription", "Registration"},
	{"ticket_url", "Billetterie", "Tickets"},
	{"event_url", "", ""},
	{"link-out", "", ""},
	{"discord_event.link", "", ""},
	{"website", "", ""},
	{"url", "", ""},
	{"link", "", ""},
	{"lien", "", ""},
	{"location_url", "", ""},
	{"source_url", "", ""},
	{"captions", "Sous-titrage", "Captions"},
	{"url_slides", "Diaporama", "Slides"},
	{"url_video", "Vidéo", "Video"},
	{"url_pdf", "PDF", "PDF"},
	{"url_code", "Code", "Code"},
}

// filmKeys hold the name of a film on YouTube.
var filmKeys = []string{"youtube_id"}

// factKeys hold what is practical to know about an event: a text or an address.
var factKeys = []struct{ key, french, english string }{
	{"price", "Tarif", "Price"},
	{"prix", "Tarif", "Price"},
	{"tarif", "Tarif", "Price"},
	{"tarifs", "Tarifs", "Prices"},
	{"tickets", "Billetterie", "Tickets"},
	{"billetterie", "Billetterie", "Tickets"},
	{"register", "Inscription", "Registration"},
	{"signup", "Inscription", "Registration"},
	{"rsvp", "Inscription", "Registration"},
	{"deets", "", ""},
}

// eventKeys are keys that only events have, so that a file with one of them and no start is missing something.
var eventKeys = []string{"lieu", "adresse", "venue", "event_url", "event_type", "eventtype", "event_organizer", "event_platform", "registration_url", "starttime", "endtime", "heure_debut",
	"all_day", "allday", "afficher_la_carte", "eventinfo", "zoomurl", "event_end_date", "date_end", "dateend", "end_date", "enddate",
	"time_end", "date_fin", "date_de_fin", "dtend", "rrule"}

// pageLayouts are those of pages that belong to the site, such as a legal notice.
var pageLayouts = []string{"page", "pages", "home", "default", "index", "static", "contact", "about", "search", "redirect"}

// eventFolders are names of folders that hold events, folded and without an underscore in front.
var eventFolders = []string{"events", "event", "evenements", "evenement", "agenda", "calendrier", "calendar", "manifestations", "conferences", "meetups", "rendez-vous", "rencontres", "commcalls", "talks",
	"veranstaltungen", "termine", "eventos", "eventi", "evenementen", "wydarzenia"}

// meetingHosts serve meetings; an address of theirs is where an event takes place, unless it is a registration.
var meetingHosts = []string{"zoom.us", "zoomgov.com", "teams.microsoft.com", "teams.live.com", "meet.google.com", "webex.com", "meet.jit.si", "visio.numerique.gouv.fr", "webconf.numerique.gouv.fr",
	"webinaire.numerique.gouv.fr", "bbb.", "bigbluebutton.", "jitsi.", "visio.", "webconf.", "whereby.com", "livestorm.co"}

// mediaTypes are those of files that articles and events bring along, by the ending of the name.
var mediaTypes = map[string]string{
	".pdf": "application/pdf", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".mp4": "video/mp4", ".webm": "video/webm",
	".odt": "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet", ".odp": "application/vnd.oasis.opendocument.presentation",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".zip":  "application/zip", ".csv": "text/csv", ".epub": "application/epub+zip", ".ics": "text/calendar",
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".svg": "image/svg+xml",
}
