package crieur

import (
	"net/url"
	"path"
	"strings"
)

// alternates is the field Link of a page: the calendar and the feeds of what it shows,
// for programs that look for them without reading it (RFC 8288). They are named from the
// page, which may be served below any path.
func (s *Site) alternates(page *File) []string {
	bases := []string{strings.TrimSuffix(page.Name, ".html")}
	if page.Name == "index.html" {
		bases = []string{"events", "articles"}
	}
	var links []string
	for _, base := range bases {
		for _, format := range eventFormats {
			f := s.File(base + "." + format)
			if f == nil || f.Name == page.Name || f.Type == page.Type {
				continue
			}
			kind, _, _ := strings.Cut(f.Type, ";")
			to := &url.URL{Path: path.Base(f.Name)}
			links = append(links, "<"+to.String()+`>; rel="alternate"; type="`+kind+`"`)
		}
	}
	if links == nil {
		return nil
	}
	return []string{strings.Join(links, ", ")}
}
