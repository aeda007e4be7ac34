package feeds

import (
	"bytes"
	"io"
	"math"
)

// flushAt is how much of a document is gathered before it is written.
const flushAt = 64 << 10

// indent is the white space before the deepest lines of a document.
const indent = "                "

// An output gathers a document, and keeps the first error of its writer.
type output struct {
	w      io.Writer
	buf    []byte
	err    error
	byline []byte // the authors of the feed, as an article that names none has them
}

func (o *output) out() *output { return o }

// flush writes what is gathered, and returns the first error of all writes.
func (o *output) flush() error {
	o.write(o.buf)
	o.buf = o.buf[:0]
	return o.err
}

func (o *output) write(p []byte) {
	if o.err != nil || len(p) == 0 {
		return
	}
	n, err := o.w.Write(p)
	if o.err = err; err == nil && n < len(p) {
		o.err = io.ErrShortWrite
	}
}

// aside returns what write writes, apart from the document.
func (o *output) aside(write func()) []byte {
	start := len(o.buf)
	write()
	text := bytes.Clone(o.buf[start:])
	o.buf = o.buf[:start]
	return text
}

// sign writes the authors of an article by write, or those of the feed if it names none.
func (o *output) sign(a *Article, write func([]Person)) {
	if named(a.Authors) {
		write(a.Authors)
	} else {
		o.buf = append(o.buf, o.byline...)
	}
}

// A document is a feed being written in one format: its head, its articles, its tail.
type document interface {
	head(f *Feed)
	// article writes one article with what separates it from the one before, sep octets.
	// It depends on the article and the feed's authors alone, so that the same octets can be written again.
	article(a *Article)
	sep() int
	tail()
	out() *output
}

// writeDocument checks f and writes it as d.
func writeDocument(w io.Writer, f *Feed, d document) error {
	if err := Check(f); err != nil {
		return err
	}
	o := d.out()
	o.w = w
	most := flushAt // of what is gathered
	if b, ok := w.(*bytes.Buffer); ok {
		b.Grow(f.size())
		o.buf, most = b.AvailableBuffer(), math.MaxInt // it is gathered where it is to be
	} else {
		o.buf = make([]byte, 0, flushAt+flushAt/4)
	}
	d.head(f)
	for i := range f.Articles {
		start := len(o.buf)
		d.article(&f.Articles[i])
		if i == 0 {
			o.buf = append(o.buf[:start], o.buf[start+d.sep():]...)
		}
		if len(o.buf) >= most && o.flush() != nil {
			return o.err
		}
	}
	d.tail()
	return o.flush()
}

// size is about how many octets a document of f has.
func (f *Feed) size() int {
	n := 4096
	for i := range f.Articles {
		a := &f.Articles[i]
		n += 800 + len(a.Title) + len(a.Summary) + len(a.Content) + len(a.Content)/8 // what is escaped takes more
	}
	return n
}
