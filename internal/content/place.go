package content

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// readPlace reads where an event takes place, and returns what was written for it. What is only said to be online is no
// place.
func (r *reader) readPlace() (written []string) {
	parts := []string{r.part(r.first(fieldPlace)), r.part(r.first(fieldAddress))}
	if parts[0] == "" && parts[1] == "" {
		parts = nil
		for e := range r.each(fieldLocation) {
			if parts = r.placeParts(e); len(parts) > 0 {
				break
			}
		}
	}
	place := joinPlace(parts)
	if place == "" && !r.saysOnline(parts) {
		parts = []string{r.part(r.first(fieldCity)), r.part(r.first(fieldCountry))}
		if online(parts[0]) {
			parts = parts[:1]
		}
		place = joinPlace(parts)
	}
	if place != "" && !r.named(fieldLocation) && !r.saysOnline(parts) && address(place) == "" { // whose town may have a key of its own
		parts = append(parts, strings.TrimSpace(r.part(r.root.first(partPostKeys))+" "+r.part(r.first(fieldCity))), r.part(r.first(fieldCountry)))
	}
	r.setPlace(parts)
	if e := cmp.Or(r.first(fieldPlace), r.first(fieldAddress)); e != nil {
		r.placesAgree(e)
	}
	r.readPosition()
	if r.rec.Online == "" {
		if e := r.first(fieldMeeting); e != nil && e.value.shape == scalar {
			if to := address(e.value.text); isPage(to) {
				r.rec.Online = to
			} else {
				r.fault(Warning, RuleLink, e.value.at, "%s is %s, want the address of the meeting, that begins with https://; it is not used", e.key, e.value.what())
			}
		}
	}
	return parts
}

// setPlace makes the place of its parts; one that is an address is where an event takes place online.
func (r *reader) setPlace(parts []string) {
	for i, part := range parts {
		if to := address(part); isPage(to) && to[0] != '/' {
			r.rec.Online, parts[i] = to, ""
		}
	}
	r.rec.Location = cutAt(joinPlace(parts), maxLine)
}

// keepWords puts what was written for a place and names none ("100% en ligne", "adresse à venir") among the details, so
// that readers learn it; a link to the meeting says it better.
func (r *reader) keepWords(parts []string) {
	for i, p := range parts {
		if p == "" || containsFold(r.rec.Location, p) || !strings.ContainsFunc(p, isWritten) ||
			r.rec.Online != "" && online(p) || slices.Contains(parts[:i], p) {
			continue
		}
		r.rec.Details = slices.Insert(r.rec.Details, 0, Detail{Text: p})
	}
}

func (r *reader) saysOnline(parts []string) bool {
	for _, p := range parts {
		if online(p) {
			return true
		}
	}
	return false
}

// part returns one part of a place as one line, with commas for line breaks.
func (r *reader) part(e *entry) string {
	if e == nil {
		return ""
	}
	if e.value.shape == mapping {
		return joinPlace(r.placeParts(e))
	}
	if text := strings.TrimSpace(e.value.text); filePathRE.MatchString(text) {
		r.fault(Warning, RuleType, e.value.at, "%s is %s, the name of a file, want the place itself; it is not used", e.key, e.value.what())
		return ""
	}
	return r.placeLine(e, r.text(e))
}

// filePathRE is the form of the path of another page or record.
var filePathRE = regexp.MustCompile(`^[\w.-]+(/[\w.-]+)+\.(md|markdown|html?|ya?ml|json)$`)

// isWritten reports whether r says something: a place may be a number ("104").
func isWritten(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// placeLine makes one line of the lines of an address that e gave.
func (r *reader) placeLine(e *entry, s string) string {
	r.tooMany(e, 1+strings.Count(s, "\n")+strings.Count(s, "<br"), maxItems)
	return r.short(e, placeLine(s))
}

// placeLine makes one line of the first lines of an address.
func placeLine(s string) string {
	if strings.Contains(s, "<br") {
		s = strings.NewReplacer("<br>", "\n", "<br/>", "\n", "<br />", "\n").Replace(s)
	}
	all := strings.SplitN(s, "\n", maxItems+1)
	var lines []string
	for _, line := range all[:min(len(all), maxItems)] {
		if line = strings.Trim(plain(oneLine(line)), " ,;"); line != "" && line != "null" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, ", ")
}

// placeParts returns the parts of a place that is a text or a mapping.
func (r *reader) placeParts(e *entry) []string {
	n := &e.value
	if n.shape == list && len(n.items) > 0 {
		n = &n.items[0]
	}
	if n.shape == scalar {
		return []string{r.placeLine(e, cleanText(n.text))}
	}
	city := r.part(n.first(partCityKeys))
	if post := r.part(n.first(partPostKeys)); post != "" {
		city = strings.TrimSpace(post + " " + city)
	}
	return []string{r.part(n.first(partPlaceKeys)), r.part(n.first(partStreetKeys)), city, r.part(n.first(partRegionKeys)), r.part(n.first(partCountryKeys))}
}

// joinPlace joins the parts of a place, without those that are said already, are not known yet, or are no place.
func joinPlace(parts []string) string {
	var kept []string
	for _, p := range parts {
		folded := fold(p)
		if folded == "" || online(folded) || len(parts) > 1 && mixed(folded) || isWord(label(folded), func(l *language) []string { return l.toCome }) || !strings.ContainsFunc(p, isWritten) {
			continue
		}
		said := false
		for i, k := range kept {
			switch {
			case containsFold(k, p):
				said = true
			case containsFold(p, k):
				kept[i], said = p, true
			}
		}
		if !said {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ", ")
}

// containsFold reports whether s says t, as whole words.
func containsFold(s, t string) bool {
	switch {
	case s == t, strings.HasPrefix(s, t+", "), strings.HasSuffix(s, ", "+t):
		return true
	case len(t) > 2*len(s):
		return false
	}
	s, t = fold(s), fold(t)
	if !strings.Contains(s, firstWord(t)) {
		return false // as most places are
	}
	return strings.Contains(" "+wordsOnly(s)+" ", " "+wordsOnly(t)+" ")
}

// firstWord returns the first word of s.
func firstWord(s string) string {
	s = s[max(0, strings.IndexFunc(s, isWritten)):]
	if i := strings.IndexFunc(s, func(r rune) bool { return !isWritten(r) }); i >= 0 {
		s = s[:i]
	}
	return s
}

func wordsOnly(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// online reports whether a text in the place of a place says only that there is none: "100% en ligne", "Virtual".
func online(place string) bool {
	s := strings.TrimRight(fold(place), " .!")
	if s == "" {
		return false
	}
	for i := range languages {
		for _, w := range languages[i].hybrid {
			if strings.Contains(s, w) {
				return false
			}
		}
	}
	if isWord(s, func(l *language) []string { return l.onlineOnly }) {
		return true
	}
	for {
		if _, found := cutWord(s, func(l *language) []string { return l.online }); found {
			return !strings.ContainsAny(s, "0123456789") || !strings.Contains(s, ",")
		}
		if i := strings.IndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") {
			return online(s[i+1 : len(s)-1])
		}
		rest, found := cutWord(s, func(l *language) []string { return l.fillers })
		if !found {
			return false
		}
		s = strings.TrimLeft(rest, " :-,")
		if s == "" {
			return false
		}
	}
}

// mixed reports whether a text in the place of a place says only that there is one, and that one can be online as well: "en présentiel et en ligne".
func mixed(place string) bool {
	s, some := fold(place), false
	for s != "" {
		rest := s
		for _, words := range []func(*language) []string{
			func(l *language) []string { return l.hybrid }, func(l *language) []string { return l.online }, func(l *language) []string { return l.fillers },
			func(l *language) []string { return l.joining }} {
			if after, found := cutWord(rest, words); found {
				rest, some = after, true
			}
		}
		if rest = strings.TrimLeft(rest, " ,:/+-"); rest == s {
			return false
		}
		s = rest
	}
	return some
}

// readPosition reads latitude and longitude, in degrees.
func (r *reader) readPosition() {
	lat, lon := r.first(fieldLatitude), r.first(fieldLongitude)
	if lat == nil || lon == nil {
		return
	}
	a, errA := strconv.ParseFloat(strings.TrimSpace(lat.value.text), 64)
	b, errB := strconv.ParseFloat(strings.TrimSpace(lon.value.text), 64)
	if errA != nil || errB != nil || !(a >= -90 && a <= 90) || !(b >= -180 && b <= 180) {
		r.fault(Warning, RuleType, lat.value.at, "the position is %s, %s, want degrees such as 48.85, 2.35; it is not used", lat.value.what(), lon.value.what())
		return
	}
	r.rec.Latitude, r.rec.Longitude, r.rec.HasPosition = a, b, true
}
