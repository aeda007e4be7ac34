package crieur

import (
	linked "container/list"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
)

// A shelf keeps documents of a site that are made when they are asked for: as
// many as it has room for, each made once, however many ask for it at a time,
// and few of them at a time, so that whoever asks for something new again and
// again does not keep others waiting for what is there. What was asked for once
// makes room for what is asked for again, and never the other way. The zero shelf is empty.
type shelf struct {
	mu          sync.Mutex
	site        *Site
	entries     map[string]*shelved
	once, again segment
	making      turns // most documents are known before they are written
	writing     turns // and compressed, which takes far longer
	sending     int   // bytes of large documents that are being sent
	sent        signal
}

// Room for documents, in bytes.
const (
	onceRoom  = 16 << 20
	againRoom = 48 << 20
	sendRoom  = 128 << 20 // large ones that are being sent
)

// A shelved document is one that was made, or is being made.
type shelved struct {
	key    string
	site   *Site         // nil: of one before, from which it is to be made again
	done   chan struct{} // closed when it is made
	file   *File
	err    error
	weight int
	place  *linked.Element // nil: it is being made
	in     *segment
}

// A segment is a part of a shelf, what was asked for last at its front.
type segment struct {
	list linked.List
	size int
}

// errAbandoned says that who was to make a document has gone.
var errAbandoned = errors.New("nobody waits for it any more")

// get returns the document of a site that is called key, which make makes.
func (s *shelf) get(ctx context.Context, site *Site, key string, make func() (*File, error)) (*File, error) {
	for {
		e, before := s.find(site, key)
		if before != nil {
			return s.fill(ctx, e, before, make)
		}
		select {
		case <-e.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if !errors.Is(e.err, errAbandoned) {
			return e.file, e.err
		}
	}
}

// find returns a document, and, if the caller is to make it, what it was before.
func (s *shelf) find(site *Site, key string) (e, before *shelved) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entries == nil {
		s.entries = map[string]*shelved{}
	}
	e, before = s.entries[key], new(shelved)
	if e != nil && e.place != nil {
		s.put(e, &s.again)
		before = e
	}
	if e != nil && e.site == site {
		return e, nil
	}
	if e != nil {
		s.take(e)
	}
	e = &shelved{key: key, site: site, done: make(chan struct{}), in: before.in}
	s.entries[key] = e
	return e, before
}

// fill makes a document, and keeps it if its site is still the one that is served.
func (s *shelf) fill(ctx context.Context, e, before *shelved, make func() (*File, error)) (*File, error) {
	if !s.making.take(ctx, func() { e.file, e.err = recovered(make) }) {
		e.err = errAbandoned
	}
	if e.err == nil && before.file != nil && before.file.ETag == e.file.ETag && before.file.base == e.file.base {
		e.file.mem = before.file.mem // which may have it, and compressed
	}
	s.mu.Lock()
	switch {
	case s.entries[e.key] != e:
	case e.err != nil || s.site != e.site:
		delete(s.entries, e.key)
	default:
		e.weight = e.file.weight()
		to := &s.once
		if e.in != nil {
			to = e.in
		}
		s.put(e, to)
	}
	s.mu.Unlock()
	close(e.done)
	return e.file, e.err
}

// weight is about how much memory f takes with its name, which may be a long query
// and is in the key too, and with its compressed forms, which are all that is kept of
// a large one.
func (f *File) weight() int {
	n := 1000 + 4*len(f.Name)
	if f.size > mostKept {
		return n + f.size/2
	}
	return n + 2*f.size
}

// Turns are taken by as many at a time as leave processors to others.
type turns struct {
	once  sync.Once
	slots chan struct{}
}

// take does something that takes time when it is its turn, and returns false if ctx
// ends before.
func (t *turns) take(ctx context.Context, do func()) bool {
	t.once.Do(func() { t.slots = make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)) })
	select {
	case t.slots <- struct{}{}:
		defer func() { <-t.slots }()
		do()
		return true
	case <-ctx.Done():
		return false
	}
}

// ready has a document made in the coding that it is asked for in, before it is
// sent, and returns what is to be called when it was; nil: ctx has ended. Large ones are
// sent a few at a time: readers that take their time each hold on to one.
func (s *shelf) ready(ctx context.Context, f *File, in coding, p *packer) (done func()) {
	n := f.size
	switch {
	case n <= mostKept:
		n = 0
	case in != plain:
		n /= 8
	}
	if n > 0 && !s.enter(ctx, n) {
		return nil
	}
	var body *encoded
	made := false
	defer func() {
		if !made {
			s.leave(n)
		}
	}()
	made = f.mem.forms[in].Load() != nil || s.writing.take(ctx, func() { body, _ = f.in(in, p) }) // whose error is met again
	if !made {
		return nil
	}
	return func() {
		runtime.KeepAlive(body)
		s.leave(n)
	}
}

// enter waits until so many bytes may be sent: if need be until nothing is.
func (s *shelf) enter(ctx context.Context, n int) bool {
	for {
		sent := s.sent.wait()
		s.mu.Lock()
		free := s.sending == 0 || s.sending+n <= sendRoom
		if free {
			s.sending += n
		}
		s.mu.Unlock()
		if free {
			return true
		}
		select {
		case <-sent:
		case <-ctx.Done():
			return false
		}
	}
}

func (s *shelf) leave(n int) {
	if n == 0 {
		return
	}
	s.mu.Lock()
	s.sending -= n
	s.mu.Unlock()
	s.sent.give()
}

// recovered is make, whose panic is an error.
func recovered(make func() (*File, error)) (f *File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	return make()
}

// put puts e at the front of a segment.
func (s *shelf) put(e *shelved, to *segment) {
	if e.place != nil {
		e.in.list.Remove(e.place)
		e.in.size -= e.weight
	}
	e.in, e.place = to, to.list.PushFront(e)
	to.size += e.weight
	s.evict()
}

// take takes e from the shelf.
func (s *shelf) take(e *shelved) {
	if e.place != nil {
		e.in.list.Remove(e.place)
		e.in.size -= e.weight
		e.place = nil
	}
	if s.entries[e.key] == e {
		delete(s.entries, e.key)
	}
}

// evict makes room.
func (s *shelf) evict() {
	for s.once.size > onceRoom {
		s.take(s.once.list.Back().Value.(*shelved))
	}
	for s.again.size > againRoom {
		s.take(s.again.list.Back().Value.(*shelved))
	}
}

// renew has all documents made again for another site when they are asked for;
// nothing of the one before is held on to but their bytes.
func (s *shelf) renew(site *Site) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.site = site
	for key, e := range s.entries {
		if e.place == nil {
			delete(s.entries, key)
			continue
		}
		e.site = nil
		e.file = &File{ETag: e.file.ETag, base: e.file.base, mem: e.file.mem}
	}
}
