package content

import "strings"

// readPeople reads the organizer, the contact and the authors.
func (r *reader) readPeople() {
	for e := range r.each(fieldOrganizer) {
		if people := r.people(&e.value); len(people) > 0 {
			r.rec.Organizer = people[0]
			break
		}
	}
	if e := r.first(fieldContact); e != nil {
		line, whole := contactLine(&e.value)
		if !whole {
			r.fault(Warning, RuleSize, e.value.at, "%s has more than %d values, or some stand too deep in it; the others are used: keep those that matter", e.key, maxContact)
		}
		r.rec.Contact = r.short(e, line)
	}
	if e := r.first(fieldAuthors); e != nil {
		r.tooMany(e, len(e.value.items), maxItems)
		r.rec.Authors = r.people(&e.value)
	}
}

// people reads a person or a list of them, each a name, an address, a "name <address>", or a mapping.
func (r *reader) people(n *node) []Person {
	switch n.shape {
	case scalar:
		if p := personOf(n.text); p != (Person{}) {
			return []Person{p}
		}
	case mapping:
		var p Person
		if e := n.first(personName); e != nil {
			p.Name = r.plainLine(e)
		}
		if e := n.first(personEmail); e != nil {
			if email, found := strings.CutPrefix(address(e.value.text), "mailto:"); found && isEmail(email) {
				p.Email = email
			} else {
				r.fault(Warning, RuleLink, e.value.at, "%s is %s, want an e-mail address; it is not used", e.key, e.value.what())
			}
		}
		if e := n.first(personURL); e != nil {
			if to := address(e.value.text); isPage(to) {
				p.URL = to
			} else {
				r.fault(Warning, RuleLink, e.value.at, "%s is %s, want an address that begins with https://; it is not used", e.key, e.value.what())
			}
		}
		if p != (Person{}) {
			return []Person{p}
		}
	case list:
		var all []Person
		for i := range n.items[:min(len(n.items), maxItems)] {
			if n.items[i].shape != list {
				all = append(all, r.people(&n.items[i])...)
			}
		}
		return all
	}
	return nil
}

func personOf(s string) Person {
	s = oneLine(cleanText(s))
	name, email, found := strings.Cut(s, "<")
	if email = strings.TrimSuffix(strings.TrimSpace(email), ">"); found && isEmail(email) {
		return Person{Name: plain(strings.TrimSpace(name)), Email: email}
	}
	switch to := address(s); {
	case s == "" || s == "null":
		return Person{}
	case strings.HasPrefix(to, "mailto:"):
		return Person{Email: strings.TrimPrefix(to, "mailto:")}
	}
	return Person{Name: cutAt(plain(s), maxLine)}
}

// maxContact is how many values of a contact stand on its line.
const maxContact = 20

// contactLine writes a contact on one line: what a text says, or the values of a mapping. It reports whether that is all.
func contactLine(n *node) (line string, whole bool) {
	var parts []string
	whole = true
	var add func(n *node, depth int)
	add = func(n *node, depth int) {
		switch {
		case n.empty():
		case depth > 3 || len(parts) == maxContact:
			whole = false
		case n.shape == scalar:
			parts = append(parts, plain(oneLine(cleanText(n.text))))
		case n.shape == list:
			for i := range n.items {
				add(&n.items[i], depth+1)
			}
		default:
			for i := range n.entries {
				add(&n.entries[i].value, depth+1)
			}
		}
	}
	add(n, 0)
	return strings.Join(parts, ", "), whole
}
