package content

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// address repairs what people write as an address: an e-mail becomes mailto:, a host without a scheme gets https. It returns ""
// for what cannot be one; paths stay as they are.
func address(s string) string {
	s = strings.TrimSpace(cleanText(s))
	if first, rest, found := strings.Cut(s, " "); found && strings.HasPrefix(first, "http") && strings.HasPrefix(strings.TrimSpace(rest), "http") {
		s = first
	}
	for _, scheme := range []string{"http://", "https://"} { // "https://https://…", "http://mailto:…"
		if rest, found := strings.CutPrefix(s, scheme); found && (strings.HasPrefix(rest, "http://") || strings.HasPrefix(rest, "https://") || strings.HasPrefix(rest, "mailto:")) {
			s = rest
		}
	}
	lower := strings.ToLower(s)
	for _, scheme := range []string{"http://", "https://", "mailto:", "tel:"} {
		if strings.HasPrefix(lower, scheme) {
			if len(s) == len(scheme) || strings.ContainsAny(s, "\n<>\"") {
				return ""
			}
			return scheme + s[len(scheme):]
		}
	}
	switch {
	case s == "" || s == "null" || strings.ContainsAny(s, "\n<>\""):
		return ""
	case isEmail(s):
		return "mailto:" + s
	case strings.HasPrefix(s, "//") && isHost(s[2:]):
		return "https:" + s
	case strings.HasPrefix(s, "/"):
		return s
	case isHost(s):
		return "https://" + s
	}
	return ""
}

// isEmail reports whether s is one bare e-mail address.
func isEmail(s string) bool {
	user, host, found := strings.Cut(s, "@")
	return found && user != "" && isHost(host) && !strings.ContainsAny(s, " /:,;<>()\"\n\t") && !strings.Contains(host, "@")
}

// isHost reports whether s begins with the name of a host that has a dot, and a path at most after it.
func isHost(s string) bool {
	host, _, _ := strings.Cut(s, "/")
	host, _, _ = strings.Cut(host, "?")
	i := strings.LastIndexByte(host, '.')
	if i < 1 || len(host)-i < 3 || strings.ContainsAny(s, " \n\t") {
		return false
	}
	for _, c := range host[i+1:] {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	for label := range strings.SplitSeq(host[:i], ".") {
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
			return false
		}
	}
	return true
}

// isMeeting reports whether an address leads into an online meeting, rather than to its registration.
func isMeeting(to string) bool {
	to = strings.ToLower(to)
	_, rest, found := strings.Cut(to, "://")
	host, where, _ := strings.Cut(rest, "/")
	if !found || strings.Contains(where, "register") || strings.Contains(where, "registration") {
		return false
	}
	return slices.ContainsFunc(meetingHosts, func(h string) bool {
		if strings.HasSuffix(h, ".") {
			return strings.HasPrefix(host, h)
		}
		return host == h || strings.HasSuffix(host, "."+h)
	})
}

// readLinks reads the addresses of other pages.
func (r *reader) readLinks() {
	for e := range r.each(fieldLinks) {
		if e.value.shape != scalar {
			continue
		}
		to := address(e.value.text)
		switch {
		case to == "":
			r.fault(Warning, RuleLink, e.value.at, "%s is %s, want an address that begins with https://; it is not used", e.key, e.value.what())
			continue
		case e.name == "url" && strings.HasPrefix(to, "/"):
			continue // the record's own address
		}
		r.addLink(Link{Title: linkTitle(e.name, r.french()), URL: to})
	}
	r.readFilm()
}

// filmRE is the form of the name that a film has on YouTube.
var filmRE = regexp.MustCompile(`^[A-Za-z0-9_-]{11}$`)

// readFilm reads the name of a film: where an event takes place if that is said too, else what was recorded of it.
func (r *reader) readFilm() {
	e := r.root.entry("youtube_id")
	if e == nil || e.value.shape != scalar || !filmRE.MatchString(e.value.text) {
		return
	}
	l := Link{Title: "Video", URL: "https://www.youtube.com/watch?v=" + e.value.text}
	if r.french() {
		l.Title = "Vidéo"
	}
	r.addLink(l)
	if p := r.root.get("event_platform"); r.rec.Kind == Event && r.rec.Online == "" && r.rec.Location == "" && p != nil && strings.Contains(fold(p.text), "youtube") {
		r.rec.Online = l.URL
	}
}

// joinOnline takes the page of an event that is online and nowhere else for the way to it, unless it is where to register.
func (r *reader) joinOnline(place []string) {
	if r.rec.Kind != Event || r.rec.Online != "" || r.rec.Location != "" || !r.saysOnline(place) {
		return
	}
	for _, key := range []string{"location_url", "event_url", "link-out", "website", "url", "link", "lien"} {
		if e := r.root.entry(key); e != nil && e.value.shape == scalar {
			if to := address(e.value.text); strings.HasPrefix(to, "http") {
				r.rec.Online = to
				return
			}
		}
	}
}

// linkTitle returns the title of the links under a key, or "".
func linkTitle(key string, french bool) string {
	for _, k := range linkKeys {
		switch {
		case k.key != key:
		case french:
			return k.french
		default:
			return k.english
		}
	}
	return ""
}

func (r *reader) addLink(l Link) {
	if r.rec.Kind == Event && r.rec.Online == "" && isMeeting(l.URL) {
		r.rec.Online = l.URL
	}
	if !slices.ContainsFunc(r.rec.Links, func(o Link) bool { return o.URL == l.URL }) {
		r.rec.Links = append(r.rec.Links, l)
	}
}

// readFiles reads the image and the files that go with the record.
func (r *reader) readFiles() {
	for e := range r.each(fieldImage) {
		n := &e.value
		if n.shape == list {
			n = &n.items[0]
		}
		if n.shape == mapping {
			if e := n.first(imageParts); e != nil {
				n = &e.value
			}
		}
		if s := strings.TrimSpace(cleanText(n.text)); n.shape == scalar && s != "" && strings.ContainsAny(s, "./") && !strings.Contains(s, "\n") {
			r.rec.Image = s
			break
		}
	}
	if e := r.first(fieldImageAlt); e != nil && r.rec.Image != "" && e.value.shape == scalar {
		if alt := r.plainLine(e); !isWord(label(alt), func(l *language) []string { return l.decoration }) {
			r.rec.ImageAlt = alt
		}
	}
	for e := range r.each(fieldFiles) {
		items := r.items(e)
		for i := range items {
			n, title := &items[i], ""
			if n.shape == mapping {
				if t := n.first(fileTitleKeys); t != nil {
					title = r.plainLine(t)
				}
				f := n.first(filePartKeys)
				if f == nil {
					continue
				}
				n = &f.value
			}
			r.addFile(n, title)
		}
	}
}

// addFile keeps a file as an enclosure, or, if it is a page, as a link.
func (r *reader) addFile(n *node, title string) {
	to := strings.TrimSpace(cleanText(n.text))
	if n.shape != scalar || to == "" || to == "null" || strings.Contains(to, "\n") {
		return
	}
	name, _, _ := strings.Cut(to, "?")
	kind := mediaTypes[strings.ToLower(path.Ext(name))]
	if kind == "" && address(to) != "" && !strings.HasPrefix(to, "/uploads/") {
		r.addLink(Link{Title: title, URL: address(to)})
		return
	}
	r.rec.Enclosures = append(r.rec.Enclosures, Enclosure{URL: to, Type: kind, Title: title})
}
