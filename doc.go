// Package crieur makes a site of subscriptions from a tree of content: events
// and articles that people write as files go in, and calendars, feeds and pages
// that follow every change come out.
//
//	site, history, faults := crieur.Build(source, config, history, now)
//
// This comment is the design of the package, with the decisions it rests on.
// The command of the same name, in cmd/crieur, adds what it leaves out: the
// watching of a folder, signals, logs and flags.
//
// # What goes in
//
// Four values, and nothing else: no clock, no environment, no network, and not
// the machine's time zone.
//
//   - The content is an [fs.FS]: [os.Root.FS], which symbolic links cannot leave,
//     or an archive, an embedded folder, a database that is shown as one. Every
//     Markdown, HTML, text, YAML, JSON, CSV and iCalendar file may hold records,
//     one or many.
//   - A [Config] says what the site is called and where it is served. Its zero
//     value is complete. [ReadConfig] reads one from YAML.
//   - A [History] is what was published before. A [Store] keeps it on disk.
//   - Now decides what is due, what is over, and the date of a change.
//
// # What comes out
//
// A [Site] is immutable, an fs.FS of complete documents, and one generation of
// all of them:
//
//	index.html                     what is coming, and every subscription, for people
//	events.ics  .html .rss .atom .json
//	articles.html  .rss .atom .json
//	articles/archives/1.rss        what no longer fits in a feed, from the oldest
//	events/category/SLUG.*         one channel for each category and tag of events
//	events/tag/SLUG.*
//	articles/category/SLUG.*       and of articles
//	articles/tag/SLUG.*
//	event/SLUG.ics                 one event, to add by hand
//	event/SLUG/programme.ics       the sessions of an event whose text is a programme
//	event/SLUG.html                the page of a record that has no page elsewhere
//	article/SLUG.html
//	feeds.opml                     all feeds
//	style.css  script.js           for pages
//	feed.css                       for feeds in a browser
//
// With it come the History that includes this site and every [Fault] found,
// sorted by file and position. Readers see a Site through a [Server], which
// answers from memory, or in a folder that a [Publisher] keeps equal to it.
//
// # Pages
//
// The page of a calendar offers it as each application takes it: webcal: for
// those on the reader's own machine, pages of Google and Microsoft that ask to
// confirm, the address to copy for all others, and what to do in each. It says
// what people must know: a change does not arrive at once, and an event that was
// added by hand never changes. The QR code leads to the page and not to the
// calendar, which many telephones would import once instead of subscribing.
//
// A page is complete without its script, which copies addresses, and asks for
// nothing of other hosts. What stands on it is there for machines too: h-event and
// h-entry in the lists, schema.org's Event or NewsArticle on the page of a record,
// and the events that come next on the first. An event that has moved is
// EventRescheduled there, with the day it was announced for; what a record does not
// say, an organizer for instance, is not made up.
//
// The form of a channel's page asks the [Server] for some of its categories and
// tags, see below. Where other servers publish the files they do not answer it,
// and show the whole channel.
//
// # The steps
//
// Build goes one way, and each step has a file of its own.
//
//  1. Walk and parse (tree.go). Files are read on all processors, and each gives
//     records or faults by its own bytes alone. Each event is written as a
//     calendar, and read back with the parser of golang-ical, the first time it
//     is seen; one that does not come back equal is a fault of its file.
//  2. Reconcile (reconcile.go). Each record is matched with what history says of
//     it, and gets its identity and its revision; what stands in two places is left
//     out of one (doubles.go); a move is noted (moved.go). What nobody claims is kept
//     in its last good form, or withdrawn.
//  3. Select (channels.go). Each channel picks its records; categories and tags
//     get their slugs.
//  4. Render (render.go, pages.go, build.go). Each record takes the forms that
//     documents are made of, once for each revision, and each document is
//     written by package calendar, package feeds or internal/page.
//
// A [Builder] does the same and remembers files, records and documents that have
// not changed, so that one edit in a large tree costs little; told which files
// changed ([Builder.Changed]), it reads no others.
//
// A document is its entity tag first, and its bytes when they are wanted. What
// readers ask for again and again is in memory; the archives of feeds, the calendar
// of one event, the pages of records and very large calendars are made again
// when they are asked for, from records that never change, and weigh nothing
// until then. The tag of a calendar is a hash of the hashes of its events
// ([calendar.Sum]), so that one change among thousands does not hash the others again.
//
// # What is promised
//
//   - The same content, configuration, history and now give the same bytes, in
//     whatever order files are listed, on however many processors, built at once
//     or edit by edit. Two things are content too: the version of the zone
//     database, and the time of a file for a record that states no date.
//   - An identity never changes: not with the name or folder of a file, nor with
//     the title, date or place of a record. The UID of a calendar, the id of an
//     Atom entry and the guid of an RSS item are made from it.
//   - What has not changed is not announced again. SEQUENCE, DTSTAMP,
//     LAST-MODIFIED and Atom's updated move when what subscribers see of a record
//     moves, and never otherwise; the entity tag and Last-Modified of a document
//     move together, with its bytes.
//   - A fault takes nothing away. A record whose file turns faulty, or cannot be
//     read, stays as it was when it was last good; one that was never good is
//     left out; all others are published.
//   - A mistake does not empty a calendar. A build that would withdraw more than
//     half of the articles, of the events, or of the events to come within an hour
//     (Config.MaxRemoval), and more than four, is refused with [ErrMassRemoval].
//   - Readers see the old document or the new one, whole.
//
// # Identity
//
// A record's own uid is its identity. One without gets a name-based UUID (RFC
// 9562, version 5) of Config.ID and the path it is first seen at, with the line
// for the second and later records of a file; so two machines that begin with
// the same content agree. From then on history has it, and it is never computed
// again.
//
// A record is matched with its identity by its uid; else by the same bytes, or the
// same subject (title and, for an event, start), at the same path, or all that
// it says, of equal ones in the order of their lines; else, for a file
// of a new name, by the same bytes or the same subject elsewhere, where just one
// record and one identity fit, or the first that is the same (see Doubles); else by its path alone, where in a file of many
// records the title, the start or the line tells which is which. What is live goes
// before what was withdrawn, which comes back under its identity when it is the
// same again. A file that gets both a new name and a new title between two builds
// is a new record, unless it has a uid of its own. A uid that is added or changed
// later does not replace the one that was published, and a warning says so. Of two
// records with one uid, the one it was published from keeps it, and the other is
// left out, as an error. A record that turns from an event into an article, or back,
// stays what it was, as an error.
//
// # Doubles
//
// An event that stands in a second place is published once, and a warning names
// both. It is the same if its title, start, end, rule, place, meeting and language
// are, whatever its text, and the case, accents and signs of its title and place;
// where only one says when it ends, or where it meets, that is no difference; and
// where a summary of some length is the same, one title may say more than the other. An article
// is the same with the same title, date, language and text. So two languages of an
// event are two, and so are two with uids of their own, and one that is cancelled
// while the other is not: nothing is left out that says otherwise. Of records with
// one uid that are the same, the second is a double, and no error.
//
// What was published before stays; else what has a uid of its own is published, else
// the first by path. When that is deleted, hidden or becomes something else, the
// other goes on under its identity; while its file is faulty, its last good form stays.
// When just its title or its start is changed, it
// is the event that has moved, and the other, forgotten, stays left out, with a
// warning, until it is edited too. Two that were published both, and became the same
// later, stay: a copy calls nothing off.
//
// # Slugs
//
// Slugs are given once as well. They keep the letters of any script, without
// accents, and are told apart by a few digits of a hash where two would be equal.
// A category or a tag is the same whatever its case and spacing; it keeps its
// first spelling, and its channel stays, empty, when its last record goes.
//
// # Revisions
//
// What subscribers see of a record is hashed, its text and its page's address as
// they are sent: not where it stands, nor since when it is shown. When the hash changes, SEQUENCE goes up by one and the record is
// dated with its own lastmod where that is later than the last revision and not
// after now, else with now. A record that is new is dated with its date, else
// with the time of its file, and never after now: the first build of a folder
// with ten years of content announces it with the dates it has.
//
// A withdrawn event, whether its file is deleted, made a draft or expired, goes
// out as cancelled for Config.Retain, and then leaves. One that expires after it
// is over leaves at once, as articles always do.
//
// # Moves
//
// An event whose day, hours or place are no longer what they were when it was
// first announced says so to people, at the head of its entry in feeds and on
// pages: "New date: … (instead of …)". However often it moves, what was announced
// first is what is named, and an event that is back there says nothing. Calendars
// show the new time alone, as they do themselves.
//
// What says more or less than before does not say otherwise: an hour, an end, a
// place or its address that becomes known is no move; nor is the same instant, or
// the same hour by the clock, in another zone. Any other change is one, also an
// hour after the announcement: somebody may have read it. One that is cancelled
// says only that. One that is over when it is changed has taken place, and what it
// says from then on is announced anew.
//
// # Series
//
// An event with a rule (rrule: FREQ=WEEKLY;BYDAY=TU, RFC 5545) takes place again, less
// the days of exdate, and on those of rdate besides. A calendar holds it once, with
// its rule. Pages show the time at which it takes place now or next, and go on to
// the following one when that is over; feeds, which tell of it once, name the first.
// Both say when else it is: the rhythm in words where there are plain ones that are
// true ("every Tuesday until 29 June 2027"), else, and where few are left, the next
// days. It is over when its last time is, and one without an end never. A rule that
// calendars do not read alike, or on whose days the event does not begin, is an error,
// so that the last good form stays; a day that changes nothing is a warning, and left
// out. A series that has begun has no first day any more that could move: with
// another one it is announced anew.
//
// # Programmes
//
// An event with programme: true, or in a [Collection] of programmes, whose text says
// what takes place in it at what hours, has a calendar of these sessions beside its
// own, to which its page and the lists it stands in lead. Sessions are records, read
// from the same file, with an identity of their own and all that is promised of
// one; but they are in no other calendar, which they would flood, and in no feed,
// and do not count as events. The event itself, its calendar and its feeds, stay
// what they are without them.
//
// A session is matched with its identity among those of its event: by title and
// start, by title, by start, and several alike in their order; else by its place, if
// the programme has as many as before and its day is the same. So one that moves, moves, and one that is
// renamed is renamed. One that is gone, or whose event is withdrawn, goes out as
// cancelled like any event; but where a text in which sessions were read holds none at
// all any more and is still called a programme, they stay, and a warning says why.
// The calendar of a programme stays, if need be empty, as long as its event does.
//
// # Time
//
// A draft is hidden (unless Config.Drafts), and so is what has a publishDate to
// come, an expiryDate gone by, or, for an article, a date to come in its front
// matter. Pages part events into those ahead and those over; a whole day is over
// at midnight in the site's zone. Site.NextChange is when the next of these falls
// due, so that a daemon can wake then. A time is read in its own offset, else in
// the zone of the record, of its [Collection], of the site; where nobody configured
// the site's, each value that needs it is warned about.
//
// # Fields
//
// What a record says is found under the keys that people use for it, in French and
// English, however they spell them: event_start, "Date de début" and startDate are
// one. A [Collection] may say where something stands instead:
//
//	collections:
//	  - path: agenda
//	    fields:
//	      title: intitule
//	      start: [quand.jour, date]
//	      hours: infos[label=Horaires].texte
//	      image: photos[0].fichier
//
// The first path that leads to a value counts, and all do for what a record has many
// of: categories, tags, links, files. The list takes the place of the usual keys, so
// that what is not named in it is not read; name them too where they are still to be
// read. A path is a key, or keys with dots between them; a list is looked into from
// its first item on, unless brackets pick the item of a number, from 0, or those
// with a value, compared without regard to case, accents and the colon after it.
// A path that leads to nothing in any file is told.
//
// The fields are start, end, start_time and end_time, hours (a text that holds them),
// duration, all_day, timezone, dates (a mapping by date), rrule, rdate, exdate and
// reminder; location (the whole of it, in the place of) place, address, city and
// country; latitude, longitude, meeting (its link); title, summary, body, uid,
// language, status, cancelled; published, updated, not_before, not_after (when to
// show it); categories, tags, image, image_alt, files, links, details (labelled
// information), access, organizer, contact, authors; permalink, slug, redirect.
// Whether a record is a draft is always read from draft and published.
//
// # Channels
//
// A [Channel] is a selection by kind, category, tag and folder. Calendars hold all
// of it, past events too; feeds and lists hold the newest Config.Limit, events by
// the day they were announced and not the day they take place. Feeds other than
// those of categories and tags go on in archives (RFC 5005), whose bytes stay
// as they are until one of their records changes. A record that changes long after
// it was announced is in its feed again, so that those who poll it see it. The channels events
// and articles are left out while a site has only ever had the other kind. In
// feeds, an event's day and place stand before its text. A record that no calendar
// or feed can hold is a fault of its file, like any other.
//
// A channel whose name is changed in the configuration leaves its subscribers behind,
// unless Config.Moved says where it is now: a server sends readers there (301), in every
// format, and they remember it. Those of Config.Retired are told that there is nothing
// any more (410), and readers stop asking. Of channels that were published and are neither
// here nor in these lists a warning tells, at each build.
//
// # Secret channels
//
// A channel with secret: true is for those who know its address, an agenda of the
// staff say. What it selects is nowhere else:
//
//	channels:
//	  - name: agents
//	    secret: true
//	    path: internal
//
// The folder is the border: all below it is private, events and articles, also what
// the kind, a category or a tag keeps out of the channel, which is told. A secret channel
// without a folder makes private what has its category or tag; a tag that is misspelt
// then makes a record public, so a folder is safer. Of channels whose folders lie in one
// another the innermost alone has a record. A folder that is not there keeps all from being
// published: it may have been renamed. Upper and lower case and accents of its name do not
// matter, links make nothing public, and a file that is the same as a private one is not
// published.
//
// A record is public or private as long as it lives, and nothing public depends on
// what is private: no document, slug, label, identity or date. So one that changes sides
// leaves the one at once, even in calendars not as cancelled, since that would go on to
// say what it was; and begins anew on the other. One that comes back is
// what it was there. It is known again by its uid, bytes, title and start, text, or place;
// one that is moved while it becomes faulty is called off, and leaves when it is mended.
// Names of categories and tags that were public stay so. A private record has an identity that
// is made from its uid, and never that uid itself, which is left to a public one.
//
// Build knows no token. The documents of secret channels, [Site.Secret], say
// no address of their own, have no page and no archives, and name the records' own
// pages on the website alone; so a token is in no document, entity tag, date or
// history, and another token changes none. A programme of a private event has no calendar. A
// [Server] that has tokens ([Server.SetTokens]) answers s/TOKEN/NAME.ics, and all else below s/ as it
// answers what there never was: also a token that is no more, since clients that find
// nothing keep what they have, while one told that it is gone for ever may never
// ask again. All tokens are compared, by hashes, in a time that tells nothing. What is
// answered is not for shared caches, nor for scripts of other sites. A Publisher
// writes it into no folder that is public; with Publisher.Secret it is kept
// for the next process.
//
// Faults and changes of private records are marked ([Fault], [Change]): what they say
// is for those who write, not for logs. A history has everything.
//
// # Reading
//
// Hidden files, node_modules, the folders of site generators, and any folder that
// holds a .crieur.json, which is an output, are no content. A link is followed as
// far as the file system lets it, and never in a circle. A file of more than 4 MB,
// an empty one, and one that changes while it is read are faults. A file that was
// published from and gives no record any more is an error, not a removal: to
// withdraw, delete it or set published: false.
//
// # Tables and calendars
//
// A row of a table (.csv) is a record like any other. Rows are who they were
// when others are added, removed or sorted: by their uid, else by title and
// start, else by all that they say.
//
// A calendar (.ics) that another program wrote is read by [calendar.Decode]:
// through the parser of golang-ical, as the library's own documents are, but line
// by line, so that each fault has its place and takes one event with it, not
// all. Each VEVENT is a record: its UID is its identity, its times are in their
// zone (in that of its folder or the site where they have none, which is told),
// its description is text, or HTML where it has tags, and the page in its URL is its
// page unless several events have it. CREATED and LAST-MODIFIED date it;
// SEQUENCE is counted by crieur, as for all records.
//
// A day of a series that is not like the others (RECURRENCE-ID) is published as an
// event of its own, whose UID is that of the series and the day, and the series
// has an exception there; one that is cancelled is the exception alone. So feeds and
// pages tell of it as well, and no reader need understand more than an
// exception. RANGE=THISANDFUTURE is an error.
//
// Left out are alarms, which are those of the calendar's owner, attendees,
// comments, to-dos, documents inside the file, what says who is busy, and
// properties of single programs; one notice a file counts them, with their first lines. An
// event of a CLASS that is not PUBLIC is never published, nor is a day of its series that
// has none. Any other property that
// cannot be said is a warning, and an event that would not be true without
// it an error. What crieur published itself, which it knows by its SOURCE or by
// an identity that it gave to a record which is still there, is no content.
// A calendar may have 16 MB and 10,000 events.
//
// # Remembering and publishing
//
// A Store is a file of lines, one JSON value with its checksum each, to which a
// save adds what has changed, with a line that ends it. It is no database, since a
// history is read whole and kept in memory: so what was saved can be read with any
// editor and compared by any diff, one write and one sync make a save, and
// damage is seen wherever it is. A save that a crash cut
// short is dropped whole; any other damage is an error, never the silent beginning
// of new identities. What another program puts in the place of the file of a running
// process is overruled by what that knows. Nothing ever leaves a history. Save it
// before the site made with it is shown: then no reader knows an identity that a
// crash would forget. [Publisher.Follows] tells a history that is older than what a
// folder holds, as a backup is, or that of another site.
// It also notes, where [Builder.Warm] is told what program it is, which records
// were read from which bytes and which documents were made of what: a process that
// starts again reads the files, and parses and renders those alone that changed.
// The documents of all others are known by their tags.
// As JSON a History moves to another machine, or through a pipeline; ReadHistory
// reads one that another process has open.
//
// A Publisher writes every file under another name in the same folder, syncs, and
// renames it, subscriptions before the pages that lead to them; leaves files that
// have the right bytes alone; and removes only what it wrote itself, which it
// lists in .crieur.json, a file of lines to which each publication adds what has
// changed. What that notes of the size, the times and the inode of a file spares a new
// process reading it, as long as nobody touched it. A stranger's file is left, and reported ([ErrForeign]).
// It may end or fail at any step: what is read is whole, and the next publication
// puts all right, without anybody's help. That holds too for a list of files that is lost
// or damaged while the process goes on; one that finds it damaged at its start
// publishes nothing, and says so.
//
// With Publisher.Releases all files are of one generation for whoever resolves a link
// once: each generation is a folder, releases/HASH, of hard links to the files
// that have not changed, and the link current leads to the latest. That costs a few system
// calls for each file of the site at each change, and needs links: it is for who
// copies the site elsewhere, or reads documents that belong together. HASH is
// made from all bytes, so that a site that is as it was before is that folder again.
//
// A Server has strong entity tags, one for each coding, gzip, brotli, zstd, HEAD and
// ranges, and answers 304 for the tag of any coding. A document is compressed when it
// is first asked for so, and kept so for as long as it is itself, at levels that keep
// nobody waiting: the most thorough of brotli takes half a minute for a calendar of
// 20 MB, and saves a tenth. It answers 503 until it has a site and
// 404 for what is not in it, and asks readers back after Config.Refresh or, when
// it has a clock, at NextChange if that is sooner.
//
// With Config.Hubs, the feeds that readers poll name these WebSub hubs, in the
// document and in a Link field; archives, calendars, pages and sites with drafts do not.
// Nothing here speaks to a hub: whoever serves a [Site] tells its Hubs when the entity
// tag of one of its Topics is another, once readers get the new bytes.
//
// Browsers save what comes as RSS or Atom, or show its source. So to a browser that
// opens a feed in a tab, which it says over https (Sec-Fetch-Dest), and to nobody
// else, the same bytes come as application/xml, and are shown with their style.
//
// A feed reader that asks with A-IM: feed and an entity tag gets what is new or has
// changed since alone (226, RFC 3229), if this process has written what the tag is of and has
// not forgotten it, and if it is less than the whole. What has left a feed is told by the whole alone.
// Such answers are for who asked: whoever asks through a cache that names
// itself (Via, CDN-Loop) gets the whole, since the tag may be that of the cache.
//
// # Choosing
//
// The documents of each channel are also had with some of its records alone:
//
//	events.ics?category=music&category=theatre&tag=children&from=2027-01-01&to=2027-03-31
//
// are the events of either category, with that tag, that take place on one of these
// days. Categories and tags are given by their slugs, or by name whatever the case;
// days are those of the site's zone, the last included; for articles they are those of the
// announcement. Other keys ask nothing. What asks the same has one address, which the
// document says is its own, in Content-Location too, and one entity tag, the same
// on every machine; it has a title and a feed id of its own, no Last-Modified, which nobody
// could know, no archives and no hub.
// It is served under every spelling of it, without a redirection, which not all
// calendars follow and some follow for ever; pages are where browsers are redirected, since
// people copy what their bar shows.
//
// A name that was never known is 404, which tells whoever mistypes it and leaves a
// calendar be; one that was known stays known, with an empty calendar when its
// last event goes. A day that is none is 400. Neither can befall who has
// subscribed. Days like "today" are none: the document would change without its content,
// and so are words of the text, by which an event would leave a calendar when it is
// rewritten.
//
// An event that is called off stays as cancelled. One that moves to other days than those
// chosen stays too, if it was announced for one of them, and calendars show where
// to. One that has lost its category leaves, and calendars delete it: that is what was
// chosen. Of a series there are all times, as soon as one is in these days.
//
// What was chosen is made when it is asked for, once for all who ask for it, few at a
// time, and kept in 64 MB at most, what is asked for but once not at the cost
// of what is asked for again; of large calendars 128 MB are sent at a time, and others wait. A Site that is but what was published once
// ([Publisher.Last]) has no records: who asks for some of them waits until there are, and
// gets 503 after 25 seconds, rather than all. [Site.Recall] gives it those of the history,
// where it cannot be built again for long.
package crieur
