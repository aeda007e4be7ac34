package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/crieur/crieur/internal/watch"
)

// A cause is what a build is made for, and who waits for it. The zero value is that of none.
type cause struct {
	why   string    // what it is called; empty: there is none
	since time.Time // when that was known
	seen  time.Time // when a change of the content was noticed that is not published yet; zero: none was

	check    bool          // every file of the folder is to be looked at
	reloaded bool          // the service manager asked for it
	asked    []chan<- bool // who else did
}

// is gives the next build a cause, besides those that it has.
func (c *cause) is(why string) { c.why, c.since = why, time.Now() }

// starting reports whether it is the start, and nothing came since.
func (c *cause) starting() bool { return c.why == "start" }

// run builds whenever there is a cause, until ctx is done.
func (s *serving) run(ctx context.Context, changes <-chan watch.Change, hup <-chan os.Signal) int {
	look := time.NewTicker(glance)
	defer look.Stop()
	s.cause.is("start")
	if s.old == nil {
		s.old = s.resume(s.publisher, s.store.History())
	}
	s.wake(time.Now())
	defer s.due.Stop()
	for {
		config := s.config
		waits := false // before anything is built, which would be in vain
		s.beat()
		select {
		case <-ctx.Done():
			return s.stop()
		case err := <-s.failed:
			s.log.Error(fmt.Sprintf("serving ended: %v", err))
			s.work()
			s.settle()
			return exitUsage
		case w := <-s.written:
			s.wrote(w)
			continue
		case <-s.again.C:
			s.write()
			continue
		case c := <-changes:
			s.builder.Changed(c.Paths...)
			if c.Missing {
				s.lost()
				continue
			}
			waits = !s.cause.starting() && s.awaits(c.Paths, time.Now())
			s.cause.is(describe(c))
			if s.cause.seen.IsZero() {
				s.cause.seen = s.cause.since
			}
			s.reload()
		case <-hup:
			s.cause.is("SIGHUP")
			s.cause.check, s.cause.reloaded = true, true
			s.notify.reloading()
			s.reload()
		case done := <-s.asked:
			s.cause.is("asked")
			s.cause.check, s.cause.asked = true, append(s.cause.asked, done)
			s.reload()
		case <-look.C:
			if _, err := os.Stat(filepath.Join(s.published(), ".crieur.json")); !s.shown || !errors.Is(err, fs.ErrNotExist) {
				continue
			}
			s.cause.is("removed")
			s.builder.Changed()
		case <-s.due.C:
			if until(s.next, time.Now()) > 0 {
				s.wake(s.next) // not yet, or the clock was set
				continue
			}
			if !s.cause.starting() {
				s.builder.Changed() // nothing but what the watcher tells
			}
			if s.cause.why == "" {
				s.cause.is("due")
			}
		}
		s.local()
		s.tellConfig(config)
		s.admit()
		if waits {
			s.wake(s.look)
			s.latest, s.shown = nil, false
			s.status.update(func(st *state) { st.current = false })
			continue
		}
		s.build()
	}
}

// wake has the next build begin at a time, if nothing comes before.
func (s *serving) wake(at time.Time) {
	s.next = at
	s.due.Reset(until(at, time.Now()))
}

// lost notes that there is no content folder.
func (s *serving) lost() {
	s.gone = fmt.Sprintf("the content folder %s is gone; what is published stays until it is back", s.dir)
	s.log.Error(s.gone)
	s.latest, s.shown = nil, false
	s.status.update(func(st *state) { st.trouble, st.current = s.troubles(), false })
}

// build makes the site anew. Readers have it then, and the folder gets it; what is still to be done has a time.
func (s *serving) build() {
	s.due.Stop()
	s.gone = ""
	s.work()
	site, err := s.renew()
	s.beat()
	held := site == nil && err == nil && !s.look.IsZero()
	s.latest, s.shown, s.refused = site, false, site == nil && err == nil && !held
	if !held && s.old != nil {
		if site == nil {
			s.stay()
		}
		s.old = nil
	}
	if s.unbuilt.note(s.log, err) {
		s.mended = true
	}
	outcome := ""
	switch {
	case err != nil:
		outcome = "unwritten"
		s.wake(time.Now().Add(s.unbuilt.pause))
	case held:
		outcome = "held"
		s.wake(s.look)
	case site == nil:
		outcome = "refused"
		s.wake(time.Now().Add(patience))
	case !site.NextChange.IsZero() && s.now.IsZero():
		s.wake(site.NextChange)
	}
	s.recordBuild(outcome)
	if held {
		return // and say why then
	}
	var left cause // to the next one
	if site != nil {
		s.upload.offer(site, s.store.History())
		s.keepConfig()
		s.offer(&generation{cause: s.cause, site: site, saving: s.saving, builds: 1})
	} else {
		s.answer(false, s.cause)
		left.check = s.cause.check
	}
	if err != nil {
		left.seen = s.cause.seen
	}
	s.cause = left
}

// stay has readers keep what was published last, as it is to be said today.
func (s *serving) stay() {
	s.log.Warn("what was published last is served until there is something newer")
	if site, err := s.old.Recall(s.config, s.store.History(), s.clock()); err == nil {
		s.set(site)
	}
	s.welcome(s.old)
}
