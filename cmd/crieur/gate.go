package main

import (
	"container/list"
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// connections is how many may be open at once, at most.
const connections = 16 << 10

// A gate lets so many connections in at once. Where there is no room for
// another, the one is closed that has sent no request for the longest time: a
// reader comes back, one that only holds on does not. While all of them are
// being answered, new ones wait in the queue of the system.
type gate struct {
	mu      sync.Mutex
	free    *sync.Cond
	room    int
	wanted  int                        // listeners that wait for room
	order   *list.List                 // of *guest, the longest since its last request first
	guests  map[net.Conn]*list.Element // in order
	states  [http.StateClosed + 1]int  // how many are in each
	evicted uint64
	closing bool
}

// A guest is a connection that was let in.
type guest struct {
	conn  net.Conn
	state http.ConnState
}

// waits reports whether the guest has no request that is being answered.
func (g *guest) waits() bool { return g.state == http.StateNew || g.state == http.StateIdle }

func newGate(room int) *gate {
	g := &gate{room: room, order: list.New(), guests: map[net.Conn]*list.Element{}}
	g.free = sync.NewCond(&g.mu)
	return g
}

// shut lets those go that wait for room.
func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closing = true
	g.free.Broadcast()
}

// state is the ConnState of a server behind the gate.
func (g *gate) state(c net.Conn, s http.ConnState) {
	g.mu.Lock()
	defer g.mu.Unlock()
	e := g.guests[c]
	if e == nil {
		e = g.order.PushBack(&guest{conn: c})
		g.guests[c] = e
	} else {
		g.states[e.Value.(*guest).state]--
	}
	if s == http.StateClosed || s == http.StateHijacked {
		g.order.Remove(e)
		delete(g.guests, c)
		g.room++
		g.free.Signal()
		return
	}
	e.Value.(*guest).state = s
	g.states[s]++
	if s == http.StateIdle {
		g.order.MoveToBack(e)
		if g.wanted > 0 {
			g.evict()
		}
	}
}

// enter waits for room, which it takes.
func (g *gate) enter() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.room == 0 {
		g.evict()
	}
	g.wanted++
	for g.room == 0 && !g.closing {
		g.free.Wait()
	}
	g.wanted--
	g.room--
}

// leave gives back what enter took, for a connection that never came.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.room++
	g.free.Signal()
}

// evict closes the connection that has waited longest.
func (g *gate) evict() {
	for e := g.order.Front(); e != nil; e = e.Next() {
		if v := e.Value.(*guest); v.waits() {
			g.states[v.state]--
			v.state = http.StateClosed // and not evicted again; its server notices, and calls state
			g.states[v.state]++
			g.evicted++
			v.conn.Close()
			return
		}
	}
}

// drain waits until no connection has a request, or is so new that it may
// have one that was not read yet.
func (g *gate) drain(ctx context.Context) {
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for !g.drained() {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

func (g *gate) drained() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.states[http.StateNew]+g.states[http.StateActive] == 0
}

// counts are the connections by what they do, and those closed for others.
func (g *gate) counts() (waiting, active int, evicted uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.states[http.StateNew] + g.states[http.StateIdle], g.states[http.StateActive], g.evicted
}

// behind is l behind the gate.
func (g *gate) behind(l net.Listener) net.Listener { return gated{l, g} }

type gated struct {
	net.Listener
	gate *gate
}

// Accept implements [net.Listener].
func (l gated) Accept() (net.Conn, error) {
	l.gate.enter()
	c, err := l.Listener.Accept()
	if err != nil {
		l.gate.leave()
		return nil, err
	}
	return &joining{Conn: c}, nil
}
