package main

import (
	"time"

	"github.com/crieur/crieur"
)

// A generation is a site that readers have and the folder does not yet, with what is to be told when it has.
type generation struct {
	cause
	site   *crieur.Site
	saving time.Duration // that its history took
	builds int           // that led to it
	began  time.Time     // when it was begun to be written
}

// first reports whether it is that of the first build, and not tried again.
func (g *generation) first() bool { return g.starting() && g.builds > 0 }

// after is g, which takes the place of one that was not written.
func (g *generation) after(old *generation) *generation {
	if old == nil {
		return g
	}
	g.since, g.saving, g.builds = old.since, g.saving+old.saving, g.builds+old.builds
	if !old.seen.IsZero() {
		g.seen = old.seen
	}
	g.check, g.reloaded = g.check || old.check, g.reloaded || old.reloaded
	g.asked = append(old.asked, g.asked...)
	return g
}

// A writing is what became of a generation.
type writing struct {
	*generation
	done crieur.Publication
	took time.Duration
	err  error
}

// offer has the folder get a generation. What readers have does not wait for it, nor does the next build: while a long calendar is
// written others may be built, and of those that wait the last is written.
func (s *serving) offer(g *generation) {
	s.waiting = g.after(s.waiting)
	if s.writing == nil {
		s.write()
	}
}

// write begins to write the generation that waits.
func (s *serving) write() {
	g := s.waiting
	s.writing, s.waiting = g, nil
	s.again.Stop()
	g.began = time.Now()
	g.check = g.check || time.Since(s.checked) > recheck
	go func() {
		done, err := s.publish(g.site, g.check)
		s.written <- writing{g, done, time.Since(g.began), err}
	}()
}

// wrote tells what became of a generation, and goes on with the one that waits. One that could not be written waits itself, until it
// is tried again.
func (s *serving) wrote(w writing) {
	s.writing = nil
	s.concluded(w.err, w.check, s.waiting == nil)
	s.mended = s.unwritten.note(s.log, w.err) || s.mended
	if s.shown = w.err == nil && w.site == s.latest; s.shown && s.mended {
		s.log.Info("everything is published again")
		s.mended = false
	}
	if w.err == nil && s.upload == nil {
		s.tellHubs(w.site)
	}
	s.recordWriting(w)
	if !s.welcomed {
		s.welcome(w.site)
	}
	if w.first() {
		go makeAhead(w.site)
	}
	if w.reloaded && s.waiting != nil {
		s.waiting.reloaded, w.reloaded = true, false // it may be for that one that it was asked again
	}
	s.answer(w.err == nil && !s.refused && s.troubles() == "", w.cause)
	if w.err != nil {
		again := &generation{site: w.site, cause: cause{why: w.why, since: w.since, seen: w.seen}}
		if s.waiting == nil {
			s.waiting = again
			s.again.Reset(s.unwritten.pause)
			return
		}
		s.waiting = s.waiting.after(again)
	}
	if s.waiting != nil {
		s.write()
	}
}

// answer tells those who asked for a build that it is done, and whether all is well.
func (s *serving) answer(well bool, c cause) {
	if c.reloaded {
		s.notify.reloaded()
	}
	for _, done := range c.asked {
		done <- well && s.broken == ""
	}
}

// settle waits until nothing is written any more, and nothing waits but for a disk.
func (s *serving) settle() {
	if s.writing == nil && s.waiting != nil {
		s.write()
	}
	for s.writing != nil {
		s.wrote(<-s.written)
	}
}

// beat and work say of the loop what they say of its pulse, unless what is written beside it is stuck.
func (s *serving) beat() {
	if !s.stuck() {
		s.pulse.beat()
	}
}

func (s *serving) work() {
	if !s.stuck() {
		s.pulse.work()
	}
}

// stuck reports whether what is written will never be, as far as can be told.
func (s *serving) stuck() bool { return s.writing != nil && time.Since(s.writing.began) >= longest }
