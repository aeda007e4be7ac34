package interop_test

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// A quirk is what a reader is known to make of articles otherwise: change
// makes of the article that is to be read what that reader reads, to the
// letter. A quirk that changes none of the hostile articles fails.
type quirk struct {
	readers, formats string
	why              string
	change           func(a *article)
}

// otherThan is a value that cannot be foretold, but is not this one.
func otherThan(value string) string { return "\x00" + value }

var quirks = []quirk{
	// What stands for something else.
	{"feedparser", "atom", "takes the id of an entry without a page for its address", idForLink},
	{"xml-feed", "rss", "takes the id of an entry without a page for its address", idForLink},
	{"feedparser", "atom", "takes the content for the summary, if there is no such", func(a *article) {
		if a.Summary == "" {
			if a.Summary = a.Content; !a.textual {
				a.Summary = shown(a.Content)
			}
		}
	}},

	// What a reader has no place for.
	{"newsboat", "rss atom", "keeps no tags, one date, and not the length of a file", func(a *article) {
		a.Tags, a.Updated, a.Enclosure.Length = nil, "", 0
	}},
	{"newsboat", "rss atom", "keeps no file but sounds and films", func(a *article) {
		if !strings.HasPrefix(a.Enclosure.Type, "audio/") && !strings.HasPrefix(a.Enclosure.Type, "video/") {
			a.Enclosure = attachment{}
		}
	}},
	{"sfeed", "rss atom", "keeps one date, and the address of a file alone", func(a *article) {
		a.Updated, a.Enclosure.Type, a.Enclosure.Length = "", "", 0
	}},
	{"newsboat sfeed", "rss atom", "keeps one text, the content", func(a *article) { a.Summary = "" }},
	{"sfeed", "rss atom", "tells tags in a row, with bars between them", func(a *article) {
		if len(a.Tags) > 0 {
			a.Tags = regexp.MustCompile(` *\| *`).Split(strings.Join(a.Tags, "|"), -1)
		}
	}},

	// Names, texts and addresses.
	{"feedparser", "rss atom", "takes letters of Latin-1 for bytes, if these are UTF-8", func(a *article) {
		a.Title, a.Content, a.Summary = fromLatin1(a.Title), fromLatin1(a.Content), fromLatin1(a.Summary)
	}},
	{"feedparser", "rss", "takes letters of Latin-1 for bytes in names and tags, too", func(a *article) {
		for i, name := range a.Authors {
			a.Authors[i] = fromLatin1(name)
		}
		for i, tag := range a.Tags {
			a.Tags[i] = fromLatin1(tag)
		}
	}},
	{"feedparser", "rss", "takes the first address for mail out of a name", func(a *article) { a.Authors[0] = asFeedparser(a.Authors[0]) }},
	{"gofeed", "rss json", "takes a name apart if there is an @ or a bracket in it", func(a *article) {
		for i, name := range a.Authors {
			a.Authors[i] = asGofeed(name)
		}
	}},
	{"feedparser", "rss", "takes what looks like a reference in an address for one that was escaped twice", func(a *article) {
		a.Link = references.ReplaceAllString(strings.ReplaceAll(a.Link, "&amp;", "&"), "&$1")
	}},
	{"gofeed", "atom", "writes the scheme of an address in lower case", func(a *article) {
		for _, s := range []*string{&a.ID, &a.Link} {
			if scheme, rest, ok := strings.Cut(*s, ":"); ok {
				*s = strings.ToLower(scheme) + ":" + rest
			}
		}
	}},
	{"newsboat", "rss atom", "writes addresses in their normal form", func(a *article) {
		if normal := normalForms[a.Link]; normal != "" {
			a.Link = normal
		}
	}},
	{"xml-feed", "rss", "takes a summary of 0 for none", func(a *article) {
		if a.Summary == "0" {
			a.Summary = ""
		}
	}},

	// Dates.
	{"newsboat", "rss atom", "counts the seconds since 1970 in 32 bits", func(a *article) {
		if a.Published < "1970" || a.Published > "2106-02-07T06:28:15Z" {
			a.Published = otherThan(a.Published)
		}
	}},
}

// fromLatin1 is a text that was encoded as UTF-8 twice, or is taken for one.
func fromLatin1(s string) string {
	var b []byte
	for _, r := range s {
		if r > 0xff {
			return s
		}
		b = append(b, byte(r))
	}
	if !utf8.Valid(b) {
		return s
	}
	return string(b)
}

func idForLink(a *article) {
	if a.Link == "" {
		a.Link = a.ID
	}
}

// asFeedparser is what feedparser 6 reads of dc:creator: the name, or else the
// address, which ends after four letters of the last part of the host.
func asFeedparser(name string) string {
	address := mailAddress.FindString(name)
	if address == "" {
		return name
	}
	name = strings.NewReplacer("()", "", "<>", "").Replace(strings.ReplaceAll(name, address, ""))
	name = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(name), "("), ")"))
	if name == "" {
		return address
	}
	return name
}

var references = regexp.MustCompile(`&([A-Za-z0-9_]+);`)

var mailAddress = regexp.MustCompile(`[a-zA-Z0-9_.+-]+@(\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.|([a-zA-Z0-9-]+\.)+)([a-zA-Z]{2,4}|[0-9]{1,3})\]?(\?subject=\S+)?`)

// asGofeed is what gofeed reads of a name, which may come with an address.
func asGofeed(name string) string {
	if m := addressAndName.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	if m := nameAndAddress.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	if nameOrAddress.MatchString(name) {
		return name
	}
	return ""
}

var (
	addressAndName = regexp.MustCompile(`^[^@]+@\S+\s+\(([^@]+)\)$`)
	nameAndAddress = regexp.MustCompile(`^([^@]+)\s+\([^@]+@[^)]+\)$`)
	nameOrAddress  = regexp.MustCompile(`^[^@()]+(@[^@()]+)?$`)
)

// normalForms are those of the addresses that are not in it (RFC 3986, section 6.2).
var normalForms = map[string]string{
	"https://valmeuse.example":                   "https://valmeuse.example/",
	"https://valmeuse.example/a/./b/../c":        "https://valmeuse.example/a/c",
	"https://f%C3%AAte.valmeuse.example/":        "https://xn--fte-fma.valmeuse.example/",
	"HTTPS://user:pw@VALMEUSE.EXAMPLE:443/A/%7e": "https://user:pw@valmeuse.example/A/%7e",
}
