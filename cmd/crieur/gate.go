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
	waiting *list.List                 // of net.Conn without a request, the longest first
	places  map[net.Conn]*list.Element // in waiting
	states  map[http.ConnState]int
	now     map[net.Conn]http.ConnState
	closed  uint64 // to make room
	closing bool
}

func newGate(room int) *gate {
	g := &gate{room: room, waiting: list.New(), places: map[net.Conn]*list.Element{}, states: map[http.ConnState]int{}, now: map[net.Conn]http.ConnState{}}
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
	if e := g.places[c]; e != nil {
		g.waiting.Remove(e)
		delete(g.places, c)
	}
	if was, ok := g.now[c]; ok {
		g.states[was]--
	}
	switch s {
	case http.StateClosed, http.StateHijacked:
		delete(g.now, c)
		g.room++
		g.free.Signal()
		return
	case http.StateNew, http.StateIdle:
		g.places[c] = g.waiting.PushBack(c)
	}
	g.now[c] = s
	g.states[s]++
	if g.wanted > 0 && s == http.StateIdle {
		g.evict()
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
	if e := g.waiting.Front(); e != nil {
		c := e.Value.(net.Conn)
		g.waiting.Remove(e)
		delete(g.places, c)
		g.closed++
		c.Close() // its server notices, and calls state
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
func (g *gate) counts() (waiting, active int, closed uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.states[http.StateNew] + g.states[http.StateIdle], g.states[http.StateActive], g.closed
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
	}
	return c, err
}
