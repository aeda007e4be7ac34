package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// What may wait is written together, in order with what may not.
func TestBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var writes []string
		b := &batch{w: writerFunc(func(p []byte) { writes = append(writes, string(p)) })}
		late := lazy{b}
		is := func(what string, want ...string) {
			t.Helper()
			b.mu.Lock()
			defer b.mu.Unlock()
			if got := strings.Join(writes, "|"); got != strings.Join(want, "|") {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
			writes = nil
		}
		late.Write([]byte("a"))
		late.Write([]byte("b"))
		is("at once")
		time.Sleep(batchTime)
		synctest.Wait()
		is("a moment later", "ab")
		late.Write([]byte("c"))
		b.Write([]byte("d"))
		is("before something urgent", "c", "d")
		late.Write([]byte(strings.Repeat("e", batchSize)))
		is("a lot", strings.Repeat("e", batchSize))
		late.Write([]byte("f"))
		b.flush()
		is("at the end", "f")
		time.Sleep(batchTime)
		synctest.Wait()
		is("when nothing waits")
	})
}

type writerFunc func(p []byte)

func (f writerFunc) Write(p []byte) (int, error) { f(p); return len(p), nil }
