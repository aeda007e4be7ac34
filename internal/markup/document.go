package markup

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// A Document is a text that has been read, for those who want both its forms: most of the work of either is reading it. It takes much more
// memory than what is made of it, so it is not to be kept. Its methods may be called at once, but for Free.
type Document struct {
	builder *builder   // of root, if that was built
	root    *html.Node // every address is absolute, and nothing is left that no reader should see
	built   bool       // no HTML had to be read for it
	written bool       // people wrote HTML in it
}

// Parse reads src, whose relative addresses are resolved against base, as for [Render].
//
// The error, if any, wraps [ErrTooComplex].
func Parse(src string, f Format, base *url.URL) (*Document, error) {
	if err := checkSize(src); err != nil {
		return nil, err
	}
	src = clean(src)
	d := &Document{builder: newBuilder(), written: !writesHTML(src, f)}
	limit := maxOwnTree
	if d.written {
		limit = maxTree
	}
	var err error
	switch f {
	case Markdown:
		d.root, d.built, err = markdownTree(d.builder, endBlocks(strip(src, f)), limit)
	case HTML:
		d.root, err = readHTML(strip(src, f), limit)
	default:
		d.root, d.built = textTree(d.builder, src), true
	}
	if err != nil {
		d.Free()
		return nil, err
	}
	tidy(d.root, base)
	return d, nil
}

// Free ends the use of d, whose memory is for the next one. It need not be called.
func (d *Document) Free() {
	d.builder.room.free()
	*d = Document{}
}

// writesHTML reports whether all HTML of src is written here, and none by people: it needs no second look.
func writesHTML(src string, f Format) bool {
	return f == Text || f == Markdown && !strings.Contains(src, "<")
}

// Plain returns the text of d, as [Plain] does.
func (d *Document) Plain() string { return plain(d.root) }

// HTML returns d as safe HTML, as [Render] does.
//
// The error, if any, wraps [ErrTooComplex].
func (d *Document) HTML() (string, error) {
	out, err := write(d.root)
	switch {
	case err != nil:
		return "", err
	case d.built && isPlain(d.root):
		return out, nil
	case d.built || !d.written:
		return sanitise(out), nil
	}
	return settle(sanitise(out))
}
