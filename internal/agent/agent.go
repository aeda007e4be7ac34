// Package agent tells by the User-Agent of a request what kind of program sent it,
// and for how many people.
//
// Programs are told by the names of products that they give (RFC 9110, section
// 10.1.5), wherever in the field these stand: calendars and readers that claim to be
// a browser name themselves in its comment. There are few families, always the same, so
// that counting by them takes bounded room and tells of nobody. What cannot be
// told is Other.
package agent

import (
	"slices"
	"strings"
)

// Other is the family of programs that are not known.
const Other = "other"

// families are the families of programs, by names of products as they are written.
var families = map[string]string{
	"Google-Calendar-Importer": "google-calendar",
	"dataaccessd":              "apple-calendar", // iOS, and macOS since 10.13
	"CalendarAgent":            "apple-calendar", // macOS
	"CalendarStore":            "apple-calendar", // Mac OS X to 10.7
	"remindd":                  "apple-calendar",
	"Outlook":                  "outlook", // in Microsoft Office/16.0 (...; Microsoft Outlook 16.0.1; Pro)
	"Outlook-iOS":              "outlook",
	"Outlook-Android":          "outlook",
	"Exchange":                 "outlook",
	"ExchangeServicesClient":   "outlook",
	"Thunderbird":              "thunderbird",
	"Lightning":                "thunderbird",
	"ICSx5":                    "icsx5",
	"ICSdroid":                 "icsx5",
	"DAVx5":                    "davx5",
	"Nextcloud":                "nextcloud",
	"NextCloud-News":           "nextcloud",
	"Nextcloud-News":           "nextcloud",
	"NextCloud":                "nextcloud",
	"Evolution":                "evolution",
	"KIO":                      "kde", // KOrganizer, Akregator, Merkuro
	"vdirsyncer":               "vdirsyncer",
	"Home-Assistant":           "home-assistant",
	"HomeAssistant":            "home-assistant",

	"Feedly":                 "feedly",
	"FeedlyBot":              "feedly",
	"inoreader.com":          "inoreader",
	"Inoreader":              "inoreader",
	"NewsBlur":               "newsblur",
	"Feedbin":                "feedbin",
	"theoldreader.com":       "the-old-reader",
	"BazQux":                 "bazqux",
	"Feedfetcher-Google":     "google-feeds",
	"FeedFetcher-Google":     "google-feeds",
	"FreshRSS":               "freshrss",
	"Miniflux":               "miniflux",
	"Tiny":                   "tiny-tiny-rss", // Tiny Tiny RSS/1.11
	"tt-rss":                 "tiny-tiny-rss",
	"CommaFeed":              "commafeed",
	"newsboat":               "newsboat",
	"Newsboat":               "newsboat",
	"newsbeuter":             "newsboat",
	"Liferea":                "liferea",
	"Akregator":              "akregator",
	"NetNewsWire":            "netnewswire",
	"Reeder":                 "reeder",
	"RSSGuard":               "rss-guard",
	"rssguard":               "rss-guard",
	"Feeder":                 "feeder",
	"SimplePie":              "feed-library",
	"UniversalFeedParser":    "feed-library",
	"feedparser":             "feed-library",
	"Gofeed":                 "feed-library",
	"rss2email":              "feed-library",
	"PubSubHubbub":           "hub",
	"AppEngine-Google":       "hub", // Google's fetches so
	"Superfeedr":             "hub",
	"superfeedr.com":         "hub",
	"Switchboard":            "hub",
	"facebookexternalhit":    "bot",
	"Slackbot-LinkExpanding": "bot",

	"curl":              "program",
	"Wget":              "program",
	"Go-http-client":    "program",
	"python-requests":   "program",
	"Python-urllib":     "program",
	"python-httpx":      "program",
	"aiohttp":           "program",
	"okhttp":            "program",
	"axios":             "program",
	"node-fetch":        "program",
	"undici":            "program",
	"node":              "program",
	"Java":              "program",
	"Apache-HttpClient": "program",
	"GuzzleHttp":        "program",
	"PHP":               "program",
	"Ruby":              "program",
	"libwww-perl":       "program",

	"Firefox": "browser", "FxiOS": "browser", "Chrome": "browser", "CriOS": "browser", "Chromium": "browser",
	"Safari": "browser", "Edg": "browser", "OPR": "browser", "Trident": "browser",
}

// weak are the families that others stand behind: a reader with the words of a
// browser, or of the library it was made with.
func weak(family string) bool {
	return family == "browser" || family == "program" || family == "feed-library"
}

// Families returns all of them, sorted.
func Families() []string {
	list := []string{"bot", Other}
	for _, f := range families {
		list = append(list, f)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// most is how much of a field is looked at.
const most = 512

// Parse returns the family of the program with that User-Agent, and how many people
// it says that it asks for; 0: it does not say.
func Parse(field string) (family string, subscribers int) {
	field = field[:min(len(field), most)]
	before := ""
	for i := 0; i < len(field); {
		begin := i
		for i < len(field) && ofToken[field[i]] {
			i++
		}
		token := field[begin:i]
		i++
		switch {
		case len(token) < 3, token[0] < 'A': // a version
		case family == "" || weak(family):
			if f := families[token]; f != "" {
				if family == "" || !weak(f) {
					family = f
				}
			} else if isBot(token) {
				family = "bot"
			}
		}
		switch token {
		case "subscribers", "subscriber", "readers", "reader":
			if n, ok := number(before); ok {
				subscribers = n
			}
		}
		if token != "" {
			before = token
		}
	}
	if family == "" {
		family = Other
	}
	return family, subscribers
}

// ofToken are the bytes of words.
var ofToken = func() (set [256]bool) {
	for c := range 256 {
		set[c] = '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '-' || c == '.'
	}
	return set
}()

// isBot reports whether a word is the name of a crawler, as they are given.
func isBot(token string) bool {
	switch token[len(token)-1] {
	case 't', 'T':
		return ends(token, "bot")
	case 'r', 'R':
		return ends(token, "spider") || ends(token, "crawler")
	}
	return false
}

func ends(token, with string) bool {
	return len(token) >= len(with) && strings.EqualFold(token[len(token)-len(with):], with)
}

// number reads a number of people; more than ten million are none.
func number(s string) (n int, ok bool) {
	if s == "" || len(s) > 8 {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = 10*n + int(s[i]-'0')
	}
	return n, n <= 10_000_000
}
