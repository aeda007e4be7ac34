package main

import (
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"
)

// mostBuckets is how many addresses are remembered, twice.
const mostBuckets = 32 << 10

// cheap is what an answer that nothing has changed counts, beside a document.
const cheap = 0.01

// A throttle lets each address have so many documents a minute, and as many at
// once: a bucket of tokens. Whoever asks only for what has changed, and has it
// already, is answered all the same, unless that is absurd, a hundred times as
// often. What is remembered is bounded: of addresses that have asked long ago, nothing.
type throttle struct {
	rate    float64        // documents a minute; zero: any number
	proxies []netip.Prefix // whose X-Forwarded-For is believed

	mu          sync.Mutex
	now, before map[netip.Prefix]*tokens // those asked for lately, and a little earlier
}

// tokens are what an address has left.
type tokens struct {
	left float64
	at   time.Time
}

// behind is h behind the throttle.
func (t *throttle) behind(h http.Handler) http.Handler {
	if t.rate <= 0 {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, ok := t.address(r)
		if !ok {
			h.ServeHTTP(w, r)
			return
		}
		left := t.take(who, 1)
		_, tagged := r.Header["If-None-Match"]
		_, dated := r.Header["If-Modified-Since"]
		if left < 0 && (left < -t.rate || !tagged && !dated) {
			t.take(who, -1)
			t.refuse(w, left)
			return
		}
		answer := allowance{ResponseWriter: w}
		if left < 0 {
			answer.refuse = func() { t.refuse(w, left) }
		}
		h.ServeHTTP(&answer, r)
		switch {
		case answer.code == http.StatusNotModified, answer.refused: // which may have been made for nothing
			t.take(who, cheap-1)
		}
	})
}

// refuse answers somebody who asks too often; left is what they would have left.
func (t *throttle) refuse(w http.ResponseWriter, left float64) {
	clear(w.Header())
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(-left*60/t.rate)))))
	http.Error(w, "this address asks for more than it may; with If-None-Match it may ask for what has changed", http.StatusTooManyRequests)
}

// An allowance is an answer to one that has asked for much: where it may be refused,
// any answer is but one that nothing has changed.
type allowance struct {
	http.ResponseWriter
	refuse  func() // nil: it may not be
	refused bool
	code    int
}

// Unwrap is for [http.ResponseController].
func (w *allowance) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *allowance) WriteHeader(code int) {
	switch {
	case w.code != 0 || w.refused:
	case w.refuse != nil && code != http.StatusNotModified:
		w.refused = true
		w.refuse()
	default:
		w.code = code
		w.ResponseWriter.WriteHeader(code)
	}
}

func (w *allowance) Write(p []byte) (int, error) {
	if w.code == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.refused {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

// take takes so many tokens of an address, and returns what is left.
func (t *throttle) take(who netip.Prefix, n float64) float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.now[who]
	if b == nil {
		if b = t.before[who]; b == nil {
			b = &tokens{t.rate, time.Now()}
		}
		if t.now == nil || len(t.now) >= mostBuckets {
			t.before, t.now = t.now, map[netip.Prefix]*tokens{}
		}
		t.now[who] = b
	}
	now := time.Now()
	b.left = min(t.rate, b.left+now.Sub(b.at).Minutes()*t.rate) - n
	b.at = now
	return b.left
}

// address is where a request comes from: a host, or the network of IPv6 that it
// has. Behind proxies that are believed, and a socket in the file system, it is the
// last that is none of them. False: it is not known.
func (t *throttle) address(r *http.Request) (netip.Prefix, bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	who := peer.Addr()
	if err != nil || t.believes(who) {
		who = netip.Addr{}
		hops := strings.Split(strings.Join(r.Header["X-Forwarded-For"], ","), ",")
		for i := len(hops) - 1; i >= 0 && !who.IsValid(); i-- {
			hop, ok := parseHop(strings.TrimSpace(hops[i]))
			if !ok {
				break
			}
			if !t.believes(hop) {
				who = hop
			}
		}
	}
	who = who.Unmap().WithZone("")
	bits := 32
	if who.Is6() {
		bits = 64
	}
	p, err := who.Prefix(bits)
	return p, err == nil && who.IsValid()
}

// parseHop reads an address, with the port that some proxies add.
func parseHop(s string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		return a, true
	}
	a, err := netip.ParseAddrPort(s)
	return a.Addr(), err == nil
}

func (t *throttle) believes(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for _, p := range t.proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// parseProxies reads addresses and networks with commas between them.
func parseProxies(list string) (proxies []netip.Prefix, err error) {
	for field := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(field)
		if err != nil {
			var a netip.Addr
			if a, err = netip.ParseAddr(field); err != nil {
				return nil, fmt.Errorf("%q is no address such as 10.0.0.7, nor a network such as 10.0.0.0/8", field)
			}
			p = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen())
		}
		proxies = append(proxies, p.Masked())
	}
	return proxies, nil
}
