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
// answers with the page of what they chose, where they subscribe to it. Nil:
// there is no choice.
func (w *pages) form(c *channel) *page.Form {
	if c.group != "" && c.whole == nil {
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
	f := &page.Form{Action: relative(path.Base(c.Name) + ".html"), Open: c.whole != nil}
	t := &w.cfg.words.Text
	total := 0
	for _, g := range []struct{ field, legend string }{{"category", t.Categories}, {"tag", t.Tags}} {
		var keys []string
		for k := range counts {
			if labelSpace(k) == "events/"+g.field+"/" {
				keys = append(keys, k)
			}
		}
		slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
		keys = keys[:min(len(keys), inForm)]
		slices.SortFunc(keys, func(a, b string) int { return cmp.Compare(w.labels[a].Slug, w.labels[b].Slug) })
		choices := make([]page.Choice, len(keys))
		for i, k := range keys {
			l := w.labels[k]
			choices[i] = page.Choice{Title: l.Title, Value: l.Slug, Checked: slices.Contains(chosen[g.field], l.Slug)}
		}
		if len(choices) > 0 {
			f.Sets = append(f.Sets, page.ChoiceSet{Legend: g.legend, Name: g.field, Choices: choices})
		}
		total += len(choices)
	}
	if total < 2 {
		return nil
	}
	return f
}
