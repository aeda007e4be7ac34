package crieur

import (
	"bytes"
	"compress/gzip"
	"io"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// A packer makes the compressed forms of documents, each once, when it is first
// asked for. It does so while the reader waits, and never again better: levels
// are those that cost what the best of gzip does, 30 ms for a megabyte of text.
// The highest of brotli would save another tenth for fifty times the work, and
// a document that many subscribe to changes with each edit.
//
// The zero packer is ready.
type packer struct {
	// turns bound how many are made at once: a writer takes up to 20 MB.
	turns [4]sync.Mutex
	turn  atomic.Uint32

	writers [codings][2]sync.Pool // for documents, and for large ones; a new one costs more than a short document
}

// large is the length from which a document is compressed faster: for one of 20
// MB this takes a quarter of a second.
const large = 1 << 20

// pack compresses a document.
func (p *packer) pack(c coding, f *File) ([]byte, error) {
	turn := &p.turns[p.turn.Add(1)%uint32(len(p.turns))]
	turn.Lock()
	defer turn.Unlock()
	size := 0
	if f.size >= large {
		size = 1
	}
	pool := &p.writers[c][size]
	w, _ := pool.Get().(resetter)
	if w == nil {
		w = newWriter(c, size > 0)
	}
	defer pool.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	err := f.copyTo(w)
	if err == nil {
		err = w.Close()
	}
	w.Reset(io.Discard)
	if err != nil {
		return nil, err
	}
	return bytes.Clone(b.Bytes()), nil
}

// A resetter is what the writers of all codings are.
type resetter interface {
	io.WriteCloser
	Reset(io.Writer)
}

func newWriter(c coding, large bool) resetter {
	switch c {
	case brotlied:
		if large {
			return brotli.NewWriterLevel(nil, 3)
		}
		return brotli.NewWriterLevel(nil, 5)
	case zstandard:
		level, window := zstd.SpeedBetterCompression, 1<<20
		if large {
			level, window = zstd.SpeedDefault, 8<<20 // readers need take no more (RFC 9659)
		}
		w, _ := zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithWindowSize(window), zstd.WithEncoderConcurrency(1)) // these options do not fail
		return w
	default:
		level := gzip.BestCompression
		if large {
			level = 5
		}
		w, _ := gzip.NewWriterLevel(nil, level)
		return w
	}
}

// An encoded is a document in a coding, with its length as a header field has it.
type encoded struct {
	data   []byte
	length []string
}

func newEncoded(data []byte) *encoded { return &encoded{data, []string{strconv.Itoa(len(data))}} }
