package main

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crieur/crieur"
)

// What a build does not do is left to the next: what was asked of it, and since when readers wait for a change.
func TestWhatABuildLeaves(t *testing.T) {
	p := newPress(t)
	store, err := crieur.LockStore(p.state)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	p.store = store
	if err := store.Load(); err != nil {
		t.Fatal(err)
	}
	p.config = crieur.Config{Base: agendaBase}
	p.now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) // and no other: nothing is due by itself
	noticed := time.Unix(1, 0)
	answer := make(chan bool, 2)
	p.cause = cause{why: "foire.md", since: time.Now(), seen: noticed, check: true, reloaded: true, asked: []chan<- bool{answer}}

	content := p.dir
	p.dir = filepath.Join(content, "gone")
	p.build()
	answered(t, answer, false)
	if c := p.cause; c.why != "" || !c.seen.Equal(noticed) || !c.check || c.reloaded || c.asked != nil {
		t.Errorf("a build that fails leaves %+v", c)
	}
	if !p.due.Stop() {
		t.Error("it is not tried again")
	}

	p.dir = content
	if err := os.WriteFile(filepath.Join(p.dir, "foire.md"), []byte(foire), 0o644); err != nil {
		t.Fatal(err)
	}
	p.wake(time.Now().Add(time.Hour)) // for something that this build does
	p.cause.is("again")
	p.cause.asked = append(p.cause.asked, answer)
	p.build()
	if w := p.writing; w == nil || !w.check || !w.seen.Equal(noticed) || w.why != "again" {
		t.Errorf("%+v is written", w)
	}
	p.next()
	answered(t, answer, true)
	if c := p.cause; c.why != "" || !c.seen.IsZero() || c.check || c.asked != nil {
		t.Errorf("a build that succeeds leaves %+v", c)
	}
	if p.due.Stop() {
		t.Error("it is built again without a cause")
	}
}

// A clock may be set while something is waited for: it is asked once a minute.
func TestWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &serving{due: time.NewTimer(0)}
		for wait, want := range map[time.Duration]time.Duration{time.Hour: time.Minute, time.Second: time.Second, -time.Hour: 0} {
			start := time.Now()
			s.wake(start.Add(wait))
			<-s.due.C
			if took := time.Since(start); took != want {
				t.Errorf("to wait for %v the clock is asked after %v, want %v", wait, took, want)
			}
			if !s.next.Equal(start.Add(wait)) {
				t.Errorf("%v is waited for", s.next)
			}
		}
	})
}
