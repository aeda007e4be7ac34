package crieur

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// sized is a document of so many bytes.
func sized(n int) func() (*File, error) {
	return func() (*File, error) { return &File{ETag: fmt.Sprint(n), size: n, mem: new(memory)}, nil }
}

func TestShelfMakesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s shelf
		site := new(Site)
		s.renew(site)
		var made atomic.Int32
		slow := func() (*File, error) {
			made.Add(1)
			time.Sleep(time.Second)
			return sized(1000)()
		}
		for range 100 {
			go func() {
				if f, err := s.get(t.Context(), site, "a", slow); err != nil || f.size != 1000 {
					t.Error(f, err)
				}
			}()
		}
		time.Sleep(time.Minute)
		if made.Load() != 1 {
			t.Errorf("made %d times", made.Load())
		}
		if _, err := s.get(t.Context(), site, "b", func() (*File, error) { panic("oops") }); err == nil {
			t.Error("a panic is no error")
		}
		if _, err := s.get(t.Context(), site, "b", sized(1)); err != nil {
			t.Error("an error is kept: ", err)
		}
	})
}

// Who leaves before a document is made does not take it from those who still wait.
func TestShelfIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s shelf
		site := new(Site)
		s.renew(site)
		s.get(t.Context(), site, "first", sized(1))
		for i := range cap(s.making.slots) { // nothing else is made for an hour
			go s.get(t.Context(), site, fmt.Sprint(i), func() (*File, error) {
				time.Sleep(time.Hour)
				return sized(1)()
			})
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		go func() {
			if _, err := s.get(ctx, site, "a", sized(1)); err == nil {
				t.Error("who has gone got it")
			}
		}()
		synctest.Wait()
		done := make(chan error)
		go func() {
			_, err := s.get(t.Context(), site, "a", sized(1))
			done <- err
		}()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// Law: whatever is asked for, a shelf holds what it says and no more than it has room for; what is asked for again is
// not given up for what is asked for once.
func TestShelfIsBounded(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 10))
	var s shelf
	site := new(Site)
	s.renew(site)
	get := func(key string, n int) (fresh bool) {
		_, err := s.get(t.Context(), site, key, func() (*File, error) {
			fresh = true
			return sized(n)()
		})
		if err != nil {
			t.Fatal(err)
		}
		return fresh
	}
	get("popular", 100_000)
	get("popular", 100_000)
	for i := range 20_000 {
		get(fmt.Sprint("once ", i), random.IntN(500_000))
		if random.IntN(3) == 0 {
			get(fmt.Sprint("often ", random.IntN(40)), 300_000)
		}
		if random.IntN(500) == 0 {
			site = new(Site)
			s.renew(site)
			get("popular", 100_000)
		}
		if random.IntN(10) == 0 && get("popular", 100_000) {
			t.Fatalf("after %d others it is made again", i)
		}
	}
	for _, segment := range []*segment{&s.once, &s.again} {
		size := 0
		for e := segment.list.Front(); e != nil; e = e.Next() {
			size += e.Value.(*shelved).weight
		}
		if size != segment.size || size == 0 || size > againRoom {
			t.Errorf("it has %d bytes and says %d", size, segment.size)
		}
	}
	if s.once.size > onceRoom || len(s.entries) != s.once.list.Len()+s.again.list.Len() {
		t.Errorf("%d bytes that were asked for once, %d documents", s.once.size, len(s.entries))
	}
}

// For another site all is made again, and what is the same as before is in memory still; nothing else of the site
// before is held on to.
func TestShelfForAnotherSite(t *testing.T) {
	var s shelf
	one, two := new(Site), new(Site)
	s.renew(one)
	before, _ := s.get(t.Context(), one, "a", sized(1000))
	s.renew(two)
	if e := s.entries["a"]; e.site != nil || e.file == before {
		t.Error("the site before is held on to")
	}
	again, _ := s.get(t.Context(), two, "a", sized(1000))
	if again == before || again.mem != before.mem {
		t.Error("what is the same has other memory")
	}
	s.renew(one)
	other, _ := s.get(t.Context(), one, "a", sized(1001))
	if other.mem == before.mem {
		t.Error("what is another has the same memory")
	}
	if _, err := s.get(t.Context(), two, "late", sized(1)); err != nil || s.entries["late"] != nil {
		t.Error("what is made of a site that is served no more is kept: ", err)
	}
	if _, err := s.get(t.Context(), one, "bad", func() (*File, error) { return nil, errors.New("bad") }); err == nil || s.entries["bad"] != nil {
		t.Error("an error is kept")
	}
}

// Law: however many ask for large documents, those that are being sent at a time have room; each gets its turn.
func TestLargeDocumentsAreSentFewAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s shelf
		var sending, most, sent atomic.Int64
		for i := range 200 {
			n := mostKept + 1 + i%7*10<<20
			go func() {
				f := newFile("events.ics", nil)
				f.size = n
				done := s.ready(t.Context(), f, plain, new(packer))
				if done == nil {
					t.Error("it has no turn")
					return
				}
				most.Store(max(most.Load(), sending.Add(int64(n))))
				time.Sleep(time.Second) // a slow reader
				sending.Add(int64(-n))
				sent.Add(1)
				done()
			}()
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if most.Load() > sendRoom || sent.Load() != 200 || s.sending != 0 {
			t.Errorf("%d bytes at a time, %d were sent, %d are said to be", most.Load(), sent.Load(), s.sending)
		}
		ctx, cancel := context.WithCancel(t.Context())
		f := newFile("events.ics", nil)
		f.size = sendRoom
		done := s.ready(ctx, f, plain, new(packer))
		cancel()
		if s.ready(ctx, f, plain, new(packer)) != nil {
			t.Error("who has gone has a turn")
		}
		if done(); s.sending != 0 {
			t.Errorf("%d bytes are said to be sent", s.sending)
		}
	})
}
