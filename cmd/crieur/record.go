package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/watch"
)

// recordBuild logs what subscribers see differently after a build, and notes it for those who ask. Of one that
// is to be written, the outcome is none yet.
func (s *serving) recordBuild(outcome string) {
	now := time.Now()
	if s.building > 0 {
		s.metrics.build.Observe(s.building.Seconds())
	}
	var counts changeCounts
	if s.changes != nil {
		counts = s.tell(s.changes, s.cause.why)
		s.changes = nil // it holds what is history
	}
	s.status.update(func(st *state) {
		st.config, st.trouble, st.current = s.broken, s.troubles(), false
		st.built, st.took, st.why, st.faults = now, now.Sub(s.cause.since), s.cause.why, s.faults
		if i := slices.Index(outcomes[:], outcome); i >= 0 {
			st.builds[i]++
		}
		for kind, n := range counts {
			st.changes[kind] += n
		}
	})
	s.notify.status(s.summary())
}

// recordWriting logs what was written, and notes it for those who ask.
func (s *serving) recordWriting(w writing) {
	now := time.Now()
	s.metrics.publish.Observe((w.saving + w.took).Seconds())
	outcome := "unwritten"
	if w.err == nil {
		outcome = "published"
		if !w.seen.IsZero() {
			s.metrics.delay.Observe(now.Sub(w.seen).Seconds())
		}
	}
	if n := len(w.done.Written) + len(w.done.Removed); n > 0 || w.first() {
		s.log.Info("published", "why", w.why, "events", w.site.Events, "articles", w.site.Articles,
			"written", len(w.done.Written), "removed", len(w.done.Removed), "took", now.Sub(w.since).Round(time.Millisecond).String())
	}
	s.status.update(func(st *state) {
		st.trouble, st.current, st.publication = s.troubles(), s.shown, w.done
		st.builds[slices.Index(outcomes[:], outcome)] += w.builds
		if w.err == nil {
			st.success = now
		}
	})
	s.notify.status(s.summary())
}

// troubles are what is wrong with anything but the content and the configuration.
func (s *serving) troubles() string {
	return strings.Join(slices.DeleteFunc([]string{s.gone, s.unbuilt.told, s.unwritten.told}, func(text string) bool { return text == "" }), "; ")
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
