package main

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/agent"
)

const (
	mostReported = 1000                // numbers of subscribers that are remembered
	reportedFor  = 14 * 24 * time.Hour // after the last time that they were said
)

// clients counts answers by the families of programs that asked for them. It
// keeps nothing of any one of them: no address, no name, no time.
type clients struct {
	document func(path string) *crieur.File // that a request is for; nil: none
	counts   map[string]*clientCount        // by family

	mu       sync.Mutex
	reported map[audience]report
}

// A clientCount is what the programs of a family asked for.
type clientCount struct {
	answers [2][2]atomic.Uint64 // of requests that are conditional, or not; that nothing has changed, or others
	bytes   atomic.Uint64
	saved   [len(savers)]atomic.Uint64 // bytes, by what saved them
}

// savers are what spares bytes, beside sending each document whole and as it is: an
// answer that nothing has changed, a coding, and an answer of what has changed.
var savers = [...]string{"not_modified", "compression", "delta"}

// An audience is the people who a service fetches a document for.
type audience struct{ client, document string }

// A report is how many these are, as the service says.
type report struct {
	subscribers int
	at          time.Time
}

func newClients(document func(path string) *crieur.File) *clients {
	c := &clients{document: document, counts: map[string]*clientCount{}, reported: map[audience]report{}}
	for _, family := range agent.Families() {
		c.counts[family] = new(clientCount)
	}
	return c
}

// count counts an answer; one that is not of the site alone.
func (c *clients) count(r *http.Request, answer *response) {
	family, subscribers := agent.Parse(r.UserAgent())
	n := c.counts[family]
	code := answer.status()
	conditional, same := 0, 0
	if r.Header["If-None-Match"] != nil || r.Header["If-Modified-Since"] != nil {
		conditional = 1
	}
	if code == http.StatusNotModified {
		same = 1
	}
	n.answers[conditional][same].Add(1)
	if answer.bytes > 0 {
		n.bytes.Add(uint64(answer.bytes))
	}
	if r.Method != http.MethodGet || code != http.StatusNotModified && code != http.StatusOK && code != http.StatusIMUsed {
		return
	}
	f := c.document(r.URL.Path)
	if f == nil {
		return
	}
	if subscribers > 0 {
		c.report(audience{family, f.Name}, subscribers)
	}
	if r.URL.RawQuery != "" {
		return // which asks for less than the document
	}
	if code == http.StatusNotModified {
		n.saved[0].Add(uint64(f.Size()))
		return
	}
	h := answer.Header()
	length, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64)
	switch {
	case err != nil || answer.bytes != length || length > int64(f.Size()):
	case code == http.StatusIMUsed:
		n.saved[2].Add(uint64(f.Size()) - uint64(length))
	case h.Get("Content-Encoding") != "":
		n.saved[1].Add(uint64(f.Size()) - uint64(length))
	}
}

// report remembers how many people a service fetches a document for.
func (c *clients) report(a audience, subscribers int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if _, known := c.reported[a]; !known && len(c.reported) >= mostReported {
		if c.forget(now); len(c.reported) >= mostReported {
			return
		}
	}
	c.reported[a] = report{subscribers, now}
}

// forget drops what was not said for long.
func (c *clients) forget(now time.Time) {
	for a, r := range c.reported {
		if now.Sub(r.at) > reportedFor {
			delete(c.reported, a)
		}
	}
}

// A clientReport is a family of programs for those who ask.
type clientReport struct {
	Client      string            `json:"client"`
	Requests    uint64            `json:"requests"`
	Conditional uint64            `json:"conditional"`
	NotModified uint64            `json:"not_modified"`
	Bytes       uint64            `json:"bytes"`
	Saved       map[string]uint64 `json:"saved_bytes"`           // by what saved them
	Subscribers map[string]int    `json:"subscribers,omitempty"` // by document, as the services say
}

// reports are the families that asked for something, those that asked most first.
func (c *clients) reports() []clientReport {
	c.mu.Lock()
	c.forget(time.Now())
	people := map[string]map[string]int{}
	for a, r := range c.reported {
		if people[a.client] == nil {
			people[a.client] = map[string]int{}
		}
		people[a.client][a.document] = r.subscribers
	}
	c.mu.Unlock()
	list := []clientReport{}
	for family, n := range c.counts {
		r := clientReport{Client: family, Bytes: n.bytes.Load(), Saved: map[string]uint64{}, Subscribers: people[family]}
		for conditional := range n.answers {
			for same := range n.answers[conditional] {
				k := n.answers[conditional][same].Load()
				r.Requests += k
				r.Conditional += uint64(conditional) * k
				r.NotModified += uint64(same) * k
			}
		}
		if r.Requests == 0 {
			continue
		}
		for i, by := range savers {
			r.Saved[by] = n.saved[i].Load()
		}
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b clientReport) int {
		return cmp.Or(cmp.Compare(b.Requests, a.Requests), cmp.Compare(a.Client, b.Client))
	})
	return list
}
