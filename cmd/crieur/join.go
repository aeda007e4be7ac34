package main

import (
	"context"
	"net"
)

// A joining is a connection that sends the head of an answer together with its
// body. Package net/http writes the first 4 KB on their own, which costs a system
// call, and wakes the reader twice.
type joining struct {
	net.Conn
	holds bool
	head  []byte
}

// held is how much is held back at most.
const held = 8 << 10

// join has what is written next wait for what is written after it.
func (c *joining) join() {
	if c != nil {
		c.holds = true
	}
}

// part writes what still waits.
func (c *joining) part() {
	if c == nil {
		return
	}
	c.holds = false
	if len(c.head) > 0 {
		_, _ = c.Conn.Write(c.head) // the next write fails too
		c.head = c.head[:0]
	}
}

func (c *joining) Write(p []byte) (int, error) {
	if c.holds && len(c.head) == 0 && len(p) <= held {
		c.head = append(c.head, p...)
		return len(p), nil
	}
	if len(c.head) == 0 {
		return c.Conn.Write(p)
	}
	both := net.Buffers{c.head, p}
	n, err := both.WriteTo(c.Conn)
	n -= int64(len(c.head))
	c.head = c.head[:0]
	return int(max(0, n)), err
}

type joiningKey struct{}

// withJoining is the ConnContext of a server whose connections join.
func withJoining(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, joiningKey{}, c)
}

// joiningOf is the connection of a request; nil: it does not join, as one with TLS,
// which HTTP/2 writes to from elsewhere.
func joiningOf(ctx context.Context) *joining {
	c, _ := ctx.Value(joiningKey{}).(*joining)
	return c
}
