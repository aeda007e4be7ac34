package crieur

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// document makes a document of ch, of which something was chosen, in a format.
func (c *chooser) document(ch *channel, format string) (*File, error) {
	f, err := c.make(ch, format)
	if err == nil {
		f.Name += ch.query
	}
	return f, err
}

func (c *chooser) make(ch *channel, format string) (*File, error) {
	name := ch.Name + "." + format
	w := &writer{Builder: new(Builder), pages: c.pages, now: c.now, next: c.next} // whose faults are told already
	w.uuids = !slices.ContainsFunc(ch.items, func(it *item) bool { return !it.uuid })
	switch format {
	case "ics":
		j := c.cfg.channelCalendar(ch, "", c.cfg.preparedAll(ch.items))
		f, _, err := j.file(false)
		return f, err
	case "html":
		w.split(ch)
		data, err := c.channelPage(ch)
		if err != nil {
			return nil, err
		}
		return newFile(name, data), nil
	}
	j := c.cfg.feedForm(w.division(ch).docs[0]).job(name, format)
	f, _, err := j.file(false)
	return f, err
}

// choose answers a request whose query asks for some of the records of a channel.
// It returns false where it asks for all, or for another document.
//
// Whatever the spelling of a query, the answer is there, and says in Content-Location
// what its own address is: not every calendar follows a redirection, and
// none gains by one. Browsers are sent there, since people copy what their bar
// shows.
func (s *Server) choose(w http.ResponseWriter, r *http.Request, site *Site, f *File) bool {
	query := r.URL.RawQuery
	if !asks(query) {
		return false
	}
	if site.last {
		// All records in the place of a few would fill a calendar.
		if site = s.await(r.Context()); site == nil {
			w.Header().Set("Retry-After", "5")
			http.Error(w, "the records are being read", http.StatusServiceUnavailable)
			return true
		}
		name := f.Name
		if f = site.File(name); f == nil {
			s.absent(w, r, site, name)
			return true
		}
	}
	if site.chooser == nil {
		return false
	}
	format := strings.TrimPrefix(path.Ext(f.Name), ".")
	ch := site.chooser.channels[strings.TrimSuffix(f.Name, "."+format)]
	if ch == nil || !ch.has(format) {
		return false
	}
	q, err := site.chooser.read(ch, query)
	if err != nil {
		s.refuse(w, r, site, f, ch, err)
		return true
	}
	canonical := q.String()
	address := (&url.URL{Path: path.Base(f.Name)}).String() + canonical // relative to that of the request
	switch {
	case format == "html" && "?"+query != canonical:
		w.Header().Set("Location", address)
		w.WriteHeader(http.StatusSeeOther)
		return true
	case canonical == "":
		return false
	}
	chosen, err := s.made.get(r.Context(), site, f.Name+canonical, func() (*File, error) {
		return site.chooser.document(site.chooser.choose(ch, q), format)
	})
	if err != nil {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "this document cannot be made now", http.StatusServiceUnavailable)
		return true
	}
	chosen = s.since(r, site, chosen)
	if r.Method == http.MethodGet && !notModified(r, chosen, false) {
		in := plain
		if chosen.compresses() && !isRange(r.Header.Get("Range")) {
			in = accepted(r.Header["Accept-Encoding"])
		}
		done := s.made.ready(r.Context(), chosen, in, &s.packer)
		if done == nil {
			return true // nobody waits any more
		}
		defer done()
	}
	w.Header().Set("Content-Location", address)
	s.document(w, r, site, chosen)
	return true
}

// refuse says what is wrong with a query. Nobody has ever subscribed to it, so that no calendar
// sees this: names are never forgotten. People get the page of all that they can choose from.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, site *Site, f *File, ch *channel, err error) {
	code := http.StatusBadRequest
	switch {
	case errors.Is(err, errNoSuchLabel):
		code = http.StatusNotFound
	case errors.Is(err, errQueryLong):
		code = http.StatusRequestURITooLong
	}
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h["Access-Control-Allow-Origin"] = anyone
	if isPage(f) {
		all := channel{Channel: ch.Channel, group: "choice", whole: ch, items: ch.items, amiss: true}
		again, err := s.made.get(r.Context(), site, "refused "+f.Name, func() (*File, error) { return site.chooser.document(&all, "html") })
		if err == nil {
			h.Set("Content-Type", again.Type)
			h["Content-Security-Policy"], h["Referrer-Policy"] = pagePolicy, noReferrer
			w.WriteHeader(code)
			if r.Method != http.MethodHead {
				w.Write(again.Bytes())
			}
			return
		}
	}
	http.Error(w, err.Error(), code)
}

// patience is how long a request waits for the records of the site. A calendar
// that gets an error may not ask again, and few wait less.
const patience = 25 * time.Second

// await waits for a site with its records, and returns nil when that takes too
// long.
func (s *Server) await(ctx context.Context) *Site {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		given := s.coming.wait()
		if site := s.site.Load(); !site.last {
			return site
		}
		select {
		case <-given:
		case <-ctx.Done():
			return nil
		}
	}
}

// A signal is waited for by many at once.
type signal struct {
	mu sync.Mutex
	c  chan struct{} // nil: nobody waits
}

// wait returns what is closed when the signal is given next.
func (s *signal) wait() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.c == nil {
		s.c = make(chan struct{})
	}
	return s.c
}

func (s *signal) give() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.c != nil {
		close(s.c)
		s.c = nil
	}
}
