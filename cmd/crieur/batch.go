package main

import (
	"io"
	"sync"
	"time"
)

const (
	batchSize = 32 << 10
	batchTime = 200 * time.Millisecond
)

// A batch is a log. What is written to it is written at once, after all that was
// before; what is written to lazy may wait until there is more of it, for a moment
// at most: a write for each request would cost a tenth of answering it.
type batch struct {
	mu   sync.Mutex
	w    io.Writer
	late []byte
}

func (b *batch) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.write()
	return b.w.Write(p)
}

// flush writes what waits.
func (b *batch) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.write()
}

func (b *batch) write() {
	if len(b.late) > 0 {
		_, _ = b.w.Write(b.late) // there is no other log to say so in
		b.late = b.late[:0]
	}
}

// lazy is a batch for what may wait.
type lazy struct{ *batch }

func (l lazy) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.late) == 0 {
		time.AfterFunc(batchTime, l.flush)
	}
	if l.late = append(l.late, p...); len(l.late) >= batchSize {
		l.write()
	}
	return len(p), nil
}
