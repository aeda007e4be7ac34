package crieur

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/crieur/crieur/internal/page"
)

// inForm is how many categories, and how many tags, a page lets people choose
// from: those that most of its events have. All have pages of their own.
const inForm = 30

// form lets people choose among the events of a channel's page: a [Server]
// answers with the page of what they chose, where they subscribe to it, and
// choose again. Nil: there is no choice, or perhaps nobody who answers.
func (w *pages) form(c *channel) *page.Form {
	if c.whole == nil && (c.group != "" || !w.cfg.Choose) {
		return nil
	}
	chosen, err := url.ParseQuery(strings.TrimPrefix(c.query, "?"))
	if err != nil {
		return nil
	}
	whole := c
	if c.whole != nil {
		whole = c.whole
	}
	counts := map[string]int{} // by their key in History.labels
	for _, list := range [][]*item{whole.coming, whole.past} {
		for _, it := range list {
			for _, m := range it.marks {
				counts[m.key]++
			}
		}
	}
	f := &page.Form{Action: relative(path.Base(c.Name) + ".html"), Open: c.whole != nil, From: chosen.Get("from"), To: chosen.Get("to")}
	t := &w.cfg.words.Text
	total := 0
	for _, g := range []struct{ field, legend string }{{"category", t.Categories}, {"tag", t.Tags}} {
		isChosen := func(k string) bool { return slices.Contains(chosen[g.field], w.labels[k].Slug) }
		for _, slug := range chosen[g.field] { // which may be of what is over for long
			if k := w.labelOf("events/"+g.field+"/", slug); k != "" {
				counts[k] += 0
			}
		}
		var keys []string
		for k := range counts {
			if labelSpace(k) == "events/"+g.field+"/" {
				keys = append(keys, k)
			}
		}
		slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
		rest := keys[min(len(keys), inForm):]
		keys = keys[:len(keys)-len(rest)]
		for _, k := range rest {
			if isChosen(k) {
				keys = append(keys, k)
			}
		}
		slices.SortFunc(keys, func(a, b string) int { return cmp.Compare(w.labels[a].Slug, w.labels[b].Slug) })
		choices := make([]page.Choice, len(keys))
		for i, k := range keys {
			l := w.labels[k]
			choices[i] = page.Choice{Title: l.Title, Value: l.Slug, Checked: isChosen(k)}
		}
		if len(choices) > 0 {
			f.Sets = append(f.Sets, page.ChoiceSet{Legend: g.legend, Name: g.field, Choices: choices})
		}
		total += len(choices)
	}
	if total < 2 && c.whole == nil {
		return nil
	}
	return f
}

// labelOf is the key of the category or tag that has a slug; empty: none has.
func (w *pages) labelOf(space, slug string) string {
	for k, l := range w.labels {
		if l.Slug == slug && labelSpace(k) == space {
			return k
		}
	}
	return ""
}
