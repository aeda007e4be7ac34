package feeds

// historyNamespace is that of RFC 5005.
const historyNamespace = "http://purl.org/syndication/history/1.0"

// namespace is what the prefix fh stands for in a document, which declares it only if it says something with it.
func (p *Part) namespace() string {
	if p.Complete || p.Archive {
		return historyNamespace
	}
	return ""
}

// part writes the hubs of f, and what the document is of a longer feed (RFC 5005, sections 2 and 4). of returns the address
// of the format being written, whose links are called name.
func (x *xmlWriter) part(name, mediaType string, f *Feed, of func(*Addresses) string) {
	for _, hub := range f.Hubs {
		x.link(name, "hub", "", hub)
	}
	p := &f.Part
	if p.Complete {
		x.void("fh:complete")
	}
	if p.Archive {
		x.void("fh:archive")
	}
	x.link(name, "current", mediaType, of(&p.Current))
	x.link(name, "prev-archive", mediaType, of(&p.Older))
	x.link(name, "next-archive", mediaType, of(&p.Newer))
}
