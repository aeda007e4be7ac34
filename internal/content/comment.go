package content

import (
	"strings"
	"time"
)

// commentSaysUTC reports whether a comment beside a time of the header says that times are in UTC ("dateStart: 2027-05-08T16:00:00 # UTC"):
// then all of the record are that say nothing else, since nobody writes some of its times in one zone and some in another. A timezone of
// its own says it better.
func (r *reader) commentSaysUTC() bool {
	if r.utc == nil {
		said := r.first(fieldTimezone) == nil && r.readComments()
		r.utc = &said
	}
	return *r.utc
}

func (r *reader) readComments() bool {
	for i := range r.root.entries {
		e := &r.root.entries[i]
		if e.value.shape != scalar || !r.isTime(e) || e.value.at+len(e.value.text) > len(r.src.text) {
			continue
		}
		line, _ := cutLine(r.src.text[e.value.at+len(e.value.text):])
		_, comment, found := strings.Cut(line, " #")
		if !found {
			continue
		}
		word, _, _ := strings.Cut(strings.TrimLeft(fold(comment), "# "), " ")
		if word = strings.TrimRight(word, "!.,:;"); word != "utc" && word != "gmt" {
			continue
		}
		if r.zone != time.UTC {
			r.fault(Notice, RuleZone, e.value.at, "the comment beside %s says UTC, so the times here without an offset are taken for UTC: write 2027-05-08T14:00:00Z, or timezone: UTC", e.key)
		}
		return true
	}
	return false
}

// isTime reports whether a value gives a time of day, with its day or not.
func (r *reader) isTime(e *entry) bool {
	m, err := parseMoment(e.value.text, r.french())
	return err == nil && m.timed || isClock(e)
}
