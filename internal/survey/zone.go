package survey

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/crieur/crieur/internal/zone"
)

// A Zone is where the events take place.
type Zone struct {
	Name string // IANA name, never empty
	Sure bool   // the files say so, or their language is mostly spoken in it; otherwise it is a question
	Why  string // what was found, in a sentence
}

// Evidence is what the times of files say about their zone.
type evidence struct {
	offsets  []offset
	utc      int            // times with Z or UTC
	comments int            // files with a comment that says UTC beside a time
	assumed  int            // records with a time that says nothing
	posts    map[string]int // postal codes by their zone
}

// An offset is that of one time.
type offset struct {
	day     time.Time // UTC
	seconds int
}

var (
	timeRE    = regexp.MustCompile(`\b(\d{4}-\d{2}-\d{2})[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)? ?(Z|UTC|[+-]\d{2}:?\d{2})?`)
	commentRE = regexp.MustCompile(`(?i):\d{2}['"]? +# *(?:UTC|GMT)\b`)
	utcKeyRE  = regexp.MustCompile(`(?m)^\s*utc_\w+: *["']?\d`)
)

// read adds what a header says.
func (e *evidence) read(header []byte) {
	if commentRE.Match(header) {
		e.comments++
	}
	e.utc += len(utcKeyRE.FindAll(header, -1))
	for _, m := range timeRE.FindAllSubmatch(header, -1) {
		day, err := time.Parse(time.DateOnly, string(m[1]))
		switch z := string(m[2]); {
		case err != nil || z == "" || day.Year() < 1970:
		case z == "Z" || z == "UTC":
			e.utc++
		default:
			var hours, minutes int
			if n, _ := fmt.Sscanf(z[1:3]+" "+z[len(z)-2:], "%d %d", &hours, &minutes); n == 2 {
				o := offset{day, hours*3600 + minutes*60}
				if z[0] == '-' {
					o.seconds = -o.seconds
				}
				e.offsets = append(e.offsets, o)
			}
		}
	}
}

func (e *evidence) add(f *evidence) {
	e.offsets = append(e.offsets, f.offsets...)
	e.utc += f.utc
	e.comments += f.comments
	e.assumed += f.assumed
	if e.posts == nil {
		e.posts = map[string]int{}
	}
	for name, n := range f.posts {
		e.posts[name] += n
	}
}

// candidates are zones that a site may be in, the likelier first among those with the same offsets.
var candidates = []string{
	"Europe/Paris", "Europe/London", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Halifax", "Europe/Helsinki",
	"Asia/Tokyo", "Asia/Kolkata", "Asia/Shanghai", "Asia/Dubai", "Asia/Singapore", "Europe/Istanbul", "America/Sao_Paulo",
	"Australia/Sydney", "Australia/Brisbane", "Pacific/Auckland", "Pacific/Noumea", "Indian/Reunion", "America/Martinique",
}

// languageZones are those of languages that are mostly spoken in one zone, which comes first; those of French overseas follow.
var languageZones = map[string][]string{
	"fr": {"Europe/Paris", "Indian/Reunion", "America/Martinique", "America/Cayenne", "America/Miquelon", "Pacific/Noumea", "Pacific/Tahiti", "Indian/Mayotte", "Pacific/Wallis"},
	"de": {"Europe/Berlin"}, "it": {"Europe/Rome"}, "nl": {"Europe/Amsterdam"}, "pl": {"Europe/Warsaw"}, "cs": {"Europe/Prague"}, "da": {"Europe/Copenhagen"},
	"sv": {"Europe/Stockholm"}, "fi": {"Europe/Helsinki"}, "hu": {"Europe/Budapest"}, "el": {"Europe/Athens"}, "ro": {"Europe/Bucharest"}, "ja": {"Asia/Tokyo"}, "ko": {"Asia/Seoul"},
}

// postZones are the zones of French postal codes that are not those of the mainland, by how they begin.
var postZones = map[string]string{
	"971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne", "974": "Indian/Reunion", "975": "America/Miquelon", "976": "Indian/Mayotte",
	"977": "America/St_Barthelemy", "978": "America/Marigot", "986": "Pacific/Wallis", "987": "Pacific/Tahiti", "988": "Pacific/Noumea",
}

// postRE is a French postal code before the name of a town.
var postRE = regexp.MustCompile(`\b(\d{3})\d\d(?: +|[;,\t]"?)\p{Lu}`)

// readPlaces counts the postal codes of a file by their zone; those of the mainland have none.
func (e *evidence) readPlaces(data []byte) {
	if e.posts == nil {
		e.posts = map[string]int{}
	}
	for _, m := range postRE.FindAllSubmatch(data, -1) {
		e.posts[postZones[string(m[1])]]++
	}
}

// overseas returns the zone in which most postal codes of a site in French are, if that is not the mainland. It is a question if they are few
// beside the times that depend on it: the one event that takes place far away may be the only one whose address is written out.
func (e *evidence) overseas() (z Zone, ok bool) {
	all, most := 0, 0
	for _, name := range slices.Sorted(maps.Keys(e.posts)) {
		if all += e.posts[name]; e.posts[name] > most {
			most, z.Name = e.posts[name], name
		}
	}
	z.Sure, z.Why = 2*most >= e.assumed, fmt.Sprintf("%d of %d postal codes are there", most, all)
	if !z.Sure {
		z.Why = fmt.Sprintf("is it %s? %s, but the records whose times say nothing are more: %d; until it is said, Europe/Paris is assumed and each is warned about", z.Name, z.Why, e.assumed)
	}
	return z, z.Name != "" && 2*most > all
}

// zone decides on a zone: that of the generator's settings; that of the places of a site in French, if its times can be of it; that whose offsets the times have; UTC where they say so; else that of the
// language, which is a guess.
func (e *evidence) zone(s *Survey) Zone {
	if s.Site.Timezone != "" {
		return Zone{s.Site.Timezone, true, "from " + s.Site.From}
	}
	base, _, _ := cut(s.Language)
	own := languageZones[base]
	if z, ok := e.overseas(); ok && base == "fr" {
		if _, fits := e.fits(z.Name, false); fits {
			return z
		}
	}
	if len(e.offsets) > 0 {
		names := slices.Concat(own, candidates)
		for _, template := range []bool{false, true} {
			for _, name := range names {
				if why, ok := e.fits(name, template); ok {
					return Zone{name, true, why}
				}
			}
		}
	}
	switch {
	case e.comments > 0 && e.comments >= e.assumed:
		return Zone{"UTC", true, fmt.Sprintf("comments beside the times of %d files say UTC; records whose times say nothing: %d", e.comments, e.assumed)}
	case e.utc > 0 && e.assumed == 0 && len(e.offsets) == 0:
		return Zone{"UTC", true, fmt.Sprintf("all times are given in UTC: %d. If the events take place in one zone, say it: they are shown in it", e.utc)}
	case own != nil:
		return Zone{own[0], true, fmt.Sprintf("a guess from the language: is it right? Records with times that say nothing: %d", e.assumed)}
	case e.assumed == 0 && len(e.offsets) == 0:
		return Zone{"Europe/London", false, "no time of day was found that needs one"}
	}
	return Zone{"Europe/London", false, fmt.Sprintf("which one is it? Nothing in the files says it. Records with times that need one: %d; until it is said, Europe/Paris is assumed and each is warned about", e.assumed)}
}

// fits reports whether nine of ten times have the offset of a zone; with a template's, which is that of winter all year long, those of
// winter must have it.
func (e *evidence) fits(name string, template bool) (why string, ok bool) {
	loc, err := zone.Load(name)
	if err != nil {
		return "", false
	}
	right, shifted := e.fit(loc)
	why = fmt.Sprintf("%d of %d times carry its offset", right, len(e.offsets))
	if !template {
		return why, right*10 >= len(e.offsets)*9
	}
	return fmt.Sprintf("%s, %d carry in summer that of its winter", why, shifted), right > 0 && (right+shifted)*10 >= len(e.offsets)*9 && e.winter(loc)
}

// fit counts the times that have the offset of a zone on their day, and those of its summer that have that of its winter.
func (e *evidence) fit(loc *time.Location) (right, shifted int) {
	for _, o := range e.offsets {
		now, winter := offsetsOf(loc, o.day)
		switch o.seconds {
		case now:
			right++
		case winter:
			shifted++
		}
	}
	return right, shifted
}

// winter reports whether the times of winter, at least, have the offset of a zone: summer time is what programs and people forget.
func (e *evidence) winter(loc *time.Location) bool {
	n, right := 0, 0
	for _, o := range e.offsets {
		if now, winter := offsetsOf(loc, o.day); now == winter {
			if n++; o.seconds == now {
				right++
			}
		}
	}
	return n > 0 && right*10 >= n*9
}

// offsetsOf returns the offset of a zone on a day and in the winter of its year.
func offsetsOf(loc *time.Location, day time.Time) (now, winter int) {
	_, now = day.Add(12 * time.Hour).In(loc).Zone()
	_, january := time.Date(day.Year(), 1, 1, 12, 0, 0, 0, time.UTC).In(loc).Zone()
	_, july := time.Date(day.Year(), 7, 1, 12, 0, 0, 0, time.UTC).In(loc).Zone()
	return now, min(january, july)
}

// readClock finds out whether the offsets of a folder are a template's: right for one half of the year and the same in the other.
func (f *Folder) readClock(loc *time.Location) {
	right, shifted := f.evidence.fit(loc)
	f.Offsets = len(f.evidence.offsets)
	f.Wrong = f.Offsets - right
	f.Clock = f.Wrong >= 2 && f.Wrong*5 >= f.Offsets && shifted*10 >= f.Wrong*9
}
