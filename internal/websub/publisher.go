package websub

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A Publisher tells hubs which documents have changed.
type Publisher struct {
	// Transport carries what is told, and what is answered. Nil: one of HTTP.
	Transport http.RoundTripper

	// Report is told when a hub cannot be told, once, and with a nil error that
	// it can again; hub is empty where it is the file that cannot be used. It
	// may be called by several goroutines. Nil: nobody is told.
	Report func(hub string, err error)

	file    string
	ctx     context.Context // until Close
	end     context.CancelFunc
	running sync.WaitGroup

	mu   sync.Mutex
	hubs map[string]*hub              // by address
	kept map[string]map[string]string // of those that were not offered yet: what the file says

	unsaved atomic.Bool
	saving  sync.Mutex
	unkept  bool // the file cannot be written, and Report knows
}

// New returns a Publisher that remembers in a file what each hub was told. Where
// there is none hubs are told of everything.
func New(file string) *Publisher {
	p := &Publisher{file: file}
	p.ctx, p.end = context.WithCancel(context.Background())
	return p
}

// Offer says what is published from now on: the entity tag of each document, by
// its address, and the hubs that are to know. It does not wait for them. What is
// not in topics any more is forgotten. The bytes must be there to be fetched.
func (p *Publisher) Offer(hubs []string, topics map[string]string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ctx.Err() != nil {
		return
	}
	if p.hubs == nil {
		p.hubs = map[string]*hub{}
		var err error
		if p.kept, err = load(p.file); err != nil {
			p.report("", err)
		}
	}
	for address, h := range p.hubs {
		if !slices.Contains(hubs, address) {
			h.end()
			delete(p.hubs, address)
		}
	}
	for _, address := range hubs {
		h := p.hubs[address]
		if h == nil {
			ctx, end := context.WithCancel(p.ctx)
			h = newHub(p, address, p.kept[address], end)
			delete(p.kept, address)
			p.hubs[address] = h
			p.running.Go(func() { h.run(ctx) })
		}
		h.offer(topics)
	}
}

// Settle waits until each hub was told of everything that it takes, or is in
// trouble, or ctx is done.
func (p *Publisher) Settle(ctx context.Context) {
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for slices.ContainsFunc(p.Hubs(), func(h Hub) bool { return h.Waiting > 0 && h.Trouble == "" }) {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// Close ends what is under way, and writes down what was told.
func (p *Publisher) Close() {
	p.mu.Lock()
	p.end()
	p.mu.Unlock()
	p.running.Wait()
	p.save()
}

// A Hub is what there is to know of a hub.
type Hub struct {
	Address  string
	Topics   int       // documents that it is to know of
	Waiting  int       // of these, that it was not told of yet
	Refused  int       // of these, that it does not take: it is told of them when they change again
	Told     uint64    // how often it took what it was told, since the start
	Failures uint64    // how often it did not
	Success  time.Time // when it did last; zero: not since the start
	Trouble  string    // why it does not; empty: it does
}

// Hubs returns what there is to know of each hub, sorted by address.
func (p *Publisher) Hubs() []Hub {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]Hub, 0, len(p.hubs))
	for _, h := range p.hubs {
		list = append(list, h.is())
	}
	slices.SortFunc(list, func(a, b Hub) int { return cmp.Compare(a.Address, b.Address) })
	return list
}

func (p *Publisher) report(hub string, err error) {
	if p.Report != nil {
		p.Report(hub, err)
	}
}

func (p *Publisher) transport() http.RoundTripper {
	if p.Transport != nil {
		return p.Transport
	}
	return web
}

// web is the transport of publishers that were given none.
var web = &http.Transport{
	Proxy:                  http.ProxyFromEnvironment,
	MaxIdleConnsPerHost:    1,
	IdleConnTimeout:        time.Minute,
	MaxResponseHeaderBytes: 16 << 10,
	ForceAttemptHTTP2:      true,
}
