package content

// textFields are those that are read from one text, and from nothing else.
var textFields = []field{fieldPermalink, fieldSlug, fieldRedirect, fieldLanguage, fieldMeeting}

// readShapes warns about values that stand where only a text can, and about places, people and files with nothing in them that is
// understood: without a word about it, whoever wrote them would look for them in vain.
func (r *reader) readShapes() {
	for _, x := range textFields {
		if e := r.first(x); e != nil && e.value.shape != scalar {
			r.fault(Warning, RuleType, e.value.at, "%s is %s, want a text; it is not used", e.key, e.value.what())
		}
	}
	for _, f := range []struct {
		field field
		lost  bool // nothing was understood
		want  string
	}{
		{fieldLocation, r.rec.Kind == Event && r.rec.Location == "" && r.rec.Online == "" && !r.rec.HasPosition, "name, address, city"},
		{fieldOrganizer, r.rec.Organizer == Person{}, "name, email, url"},
		{fieldAuthors, len(r.rec.Authors) == 0, "name, email, url"},
		{fieldFiles, len(r.rec.Enclosures)+len(r.rec.Links) == 0, "file, url, href"},
	} {
		if !f.lost {
			continue
		}
		if e := r.first(f.field); e != nil && e.value.shape != scalar {
			r.fault(Warning, RuleType, e.value.at, "nothing in %s is understood, want %s: write a text, or these keys", e.key, f.want)
		}
	}
}
