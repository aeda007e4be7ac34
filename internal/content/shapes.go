package content

import "slices"

// textKeys are keys that hold one text, and cannot hold anything else.
var textKeys = slices.Concat(permalinkKeys, slugKeys, redirectKeys, languageKeys, meetingKeys, fileKeys, []string{"image_alt", "latitude", "longitude", "url"})

// readShapes warns about values that stand where only a text can, and about places, people and files with nothing in them that is
// understood: without a word about it, whoever wrote them would look for them in vain.
func (r *reader) readShapes() {
	for _, key := range textKeys {
		if e := r.root.entry(key); e != nil && !e.value.empty() && e.value.shape != scalar {
			r.fault(Warning, RuleType, e.value.at, "%s is %s, want a text; it is not used", e.key, e.value.what())
		}
	}
	for _, missing := range []struct {
		is   bool // nothing was understood
		keys []string
		want string
	}{
		{r.rec.Kind == Event && r.rec.Location == "" && r.rec.Online == "" && !r.rec.HasPosition, locationKeys[:2], "name, address, city"},
		{r.rec.Organizer == Person{}, organizerKeys[:3], "name, email, url"},
		{len(r.rec.Authors) == 0, authorKeys, "name, email, url"},
		{len(r.rec.Enclosures)+len(r.rec.Links) == 0, fileListKeys, "file, url, href"},
	} {
		if e := r.root.first(missing.keys); missing.is && e != nil && e.value.shape != scalar {
			r.fault(Warning, RuleType, e.value.at, "nothing in %s is understood, want %s: write a text, or these keys", e.key, missing.want)
		}
	}
}
