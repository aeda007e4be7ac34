package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/watch"
)

// record logs what a build did, and notes it for those who ask.
func (s *serving) record(site *crieur.Site, err error, why string, since, seen time.Time) {
	now := time.Now()
	outcome := s.outcome(site, err)
	if s.building > 0 {
		s.metrics.build.Observe(s.building.Seconds())
	}
	if s.publishing > 0 {
		s.metrics.publish.Observe(s.publishing.Seconds())
	}
	if outcome == "published" && !seen.IsZero() {
		s.metrics.delay.Observe(now.Sub(seen).Seconds())
	}
	var counts changeCounts
	if s.changes != nil {
		counts = s.tell(s.changes, why)
		s.changes = nil // it holds what is history
	}
	if site != nil {
		if n := len(s.last.Written) + len(s.last.Removed); n > 0 || why == "start" {
			s.log.Info("published", "why", why, "events", site.Events, "articles", site.Articles,
				"written", len(s.last.Written), "removed", len(s.last.Removed), "took", now.Sub(since).Round(time.Millisecond).String())
		}
	}
	s.status.update(func(st *state) {
		st.config, st.trouble, st.current = s.broken, s.trouble, outcome == "published"
		st.built, st.took, st.why, st.faults = now, now.Sub(since), why, s.faults
		st.builds[slices.Index(outcomes[:], outcome)]++
		for kind, n := range counts {
			st.changes[kind] += n
		}
		if site != nil {
			st.publication = s.last
		}
		if st.current {
			st.success = now
		}
	})
	s.notify.status(s.summary())
}

// outcome is what became of a build, in a word of outcomes.
func (s *serving) outcome(site *crieur.Site, err error) string {
	switch {
	case err != nil:
		return "unwritten"
	case site != nil:
		return "published"
	case !s.look.IsZero():
		return "held"
	}
	return "refused"
}

// summary is what there is to know in one line.
func (s *serving) summary() string {
	st := s.status.get()
	text := "No site yet"
	if st.site != nil {
		text = fmt.Sprintf("%s and %s", count(st.site.Events, "event"), count(st.site.Articles, "article"))
	}
	if n := st.severities(); n[crieur.Error] > 0 {
		text += ", " + count(n[crieur.Error], "error")
	}
	for _, wrong := range st.wrongs() {
		text += "; " + oneLine(wrong)
	}
	return text
}

// setTrouble logs why the last publication failed, and that this is over:
// once, however often it is tried again.
func (s *serving) setTrouble(err error) {
	if err == nil {
		if s.trouble != "" {
			s.log.Info("everything is published again")
		}
		s.trouble, s.pause = "", 0
		return
	}
	s.pause = min(max(retry, 2*s.pause), patience)
	if text := err.Error(); text != s.trouble {
		s.log.Error(text + "; it is tried again until it succeeds")
		s.trouble = text
	}
}

func describe(c watch.Change) string {
	switch n := len(c.Paths); n {
	case 0:
		return "change"
	case 1:
		return c.Paths[0]
	default:
		return fmt.Sprintf("%s and %d more", c.Paths[0], n-1)
	}
}
