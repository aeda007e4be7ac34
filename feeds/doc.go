// Package feeds writes lists of articles as RSS 2.0, Atom 1.0 (RFC 4287) and JSON Feed 1.1, and lists of feeds as OPML 2.0.
//
// There is one model, [Feed], and one function a format: [EncodeRSS], [EncodeAtom], [EncodeJSON]. Each checks everything first, so
// that a feed with a fault writes nothing and gives every fault ([Check]). The bytes depend on the feed alone, never on a
// clock, a zone, a map or the machine. The functions keep nothing, change nothing in what they are given, and may be called at once.
//
//	f := &feeds.Feed{
//		ID: "tag:town.example,2027:news", Title: "Town news", URL: "https://town.example/", Atom: "https://town.example/news.atom",
//		Articles: []feeds.Article{{
//			ID: "tag:town.example,2027:bridge", URL: "https://town.example/bridge", Title: "The bridge is open",
//			Content: "<p>At last.</p>", Published: day, Updated: day,
//		}},
//	}
//	err := feeds.EncodeAtom(w, f)
//
// A daemon that writes a feed again and again has an [Encoder] for it, which encodes only the articles that have changed.
// An [Archive] divides a feed that has become long into the document that readers poll and archives that are there to stay,
// [Latest] leaves only that document, and [Fit] or [Shorten] makes a document as short as it must be. Where the same articles
// are in many feeds, each is [Prepared] once, and a [Plan] knows the length and a hash of every document before it is written.
// Many programs describe a feed with github.com/gorilla/feeds; [FromGorilla] takes that description in.
//
// # What goes where
//
//	Feed          RSS channel                 Atom feed                  JSON Feed
//	ID            -                           id                         -
//	Title         title                       title                      title
//	Description   description, else Title     subtitle                   description
//	URL           link                        link rel=alternate         home_page_url
//	RSS           atom:link rel=self          link rel=related           -
//	Atom          atom:link rel=alternate     link rel=self              -
//	JSON          atom:link rel=alternate     link rel=related           feed_url
//	Language      language                    xml:lang                   language
//	Rights        copyright                   rights                     -
//	Image         image                       logo                       icon
//	Icon          -                           icon                       favicon
//	Authors       in every item               author, and every entry    in every item
//	Updated       lastBuildDate               updated                    -
//	Refresh       ttl, sy:updatePeriod        -                          -
//	Hubs          atom:link rel=hub           link rel=hub               hubs
//	Generator     generator                   generator                  -
//	Stylesheet    xml-stylesheet              xml-stylesheet             -
//	Part.Complete fh:complete                 fh:complete                -
//	Part.Archive  fh:archive                  fh:archive                 -
//	Part.Current  atom:link rel=current       link rel=current           -
//	Part.Older    atom:link rel=prev-archive  link rel=prev-archive      next_url
//	Part.Newer    atom:link rel=next-archive  link rel=next-archive      -
//
//	Article       RSS item                    Atom entry                 JSON item
//	ID            guid isPermaLink=false      id                         id
//	URL           link                        link rel=alternate         url
//	Title         title                       title                      title
//	Summary       description                 summary                    summary
//	Content       content:encoded             content type=html          content_html
//	no Content    the Summary, else the       the same                   content_text: Summary, else Title
//	              Title, as HTML
//	Authors       dc:creator "Ann, Bob"       author; of several, one    authors
//	                                          "Ann, Bob" and contributor
//	                                          for each
//	Tags          category                    category term              tags
//	Language      dc:language                 xml:lang                   language
//	Published     pubDate                     published                  date_published
//	no Published  Updated stands for it       the same                   the same
//	Updated       -                           updated                    date_modified
//	Image         media:thumbnail             media:thumbnail            image
//	Enclosure     enclosure                   link rel=enclosure         attachments
//	Source        source                      source                     -
//	Event         ev:startdate, ev:enddate,   the same                   _crieur: start, end,
//	              ev:location                                            location
//	Calendar      atom:link rel=related       link rel=related           _crieur: calendar
//
// # Decisions
//
// Where the formats leave a choice, the one was taken that the most readers understand alike:
//
//   - Titles, names and tags are plain text, in elements written with hexadecimal references (&#x26;); content is escaped HTML,
//     never CDATA.
//   - The description of RSS is HTML to most readers, and so is the summary of Atom to some. Of a Summary only what HTML, or a
//     validator, might take for a tag or a reference is escaped once more, so that "Fish & chips" stays itself for readers of
//     either kind.
//   - Every entry has a content and a date of publication, because readers differ in what they take instead.
//   - Every entry names its authors; without any, the title of the feed, since Atom must have an author. Several are one by their
//     names, joined as in RSS: of several, some readers show the first alone, or that of the feed.
//   - In Atom the sibling formats are related and not alternate, because some readers take the first alternate
//     link for the page of the feed, others the last.
//   - An enclosure of unknown length has length 0 in RSS, which must have one, and none elsewhere.
//   - Dates of entries are written in UTC. Those of an event keep their own offset, for that is what people read on the clock there.
//   - An address beyond ASCII is percent-encoded, the host too, which RFC 3986 allows and browsers understand.
//   - In HTML a ">" stays as it is, as XML allows, but for that of "]]>".
//   - The self link is left out when the address of the document is not known, although validators ask for one.
//
// # Bad input
//
// Control characters (C0 but tab and line ends, DEL, C1) and noncharacters are left out of texts, white space at their ends too, a byte that is not
// UTF-8 becomes U+FFFD, and line ends become LF. So no text makes a document malformed. HTML is not
// judged: the caller makes it safe, and its addresses absolute. Addresses and ids with control characters are faults.
//
// # JSON Feed
//
// JSON Feed has no place for an event. An item that has an Event or a Calendar carries the object "_crieur":
//
//	about      address of this explanation
//	start      when it begins: RFC 3339, or a date alone (2006-01-02) if it takes whole days
//	end        when it ends, in the same form, a last day being inclusive; absent: not known
//	location   plain text; absent: not known
//	calendar   address of an iCalendar file with this event alone; absent: none
package feeds
