package content

import (
	"bytes"
	"path"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/markup"
)

// Parse reads the records of one file, whose path is relative to the content tree, with slashes. Every fault is given to report, in
// the order found, and the records that are good are returned, in the order written. A file that holds no record is a Notice,
// not an Error. Parse does not keep data, and may be called from several goroutines at once, if report may.
func Parse(name string, data []byte, opt *Options, report func(Fault)) (records []Record) {
	if opt == nil {
		opt = &Options{}
	}
	p := parser{opt: opt, collection: opt.Collection(name)}
	if p.collection.Kind == "ignore" {
		return nil
	}
	kind := extensions[strings.ToLower(path.Ext(name))]
	var held []Fault
	tell := report
	if kind == tableFile {
		tell = func(f Fault) { held = append(held, f) }
	}
	src, ok := newSource(name, data, tell)
	p.src = src
	if !ok {
		for _, f := range held { // of a table of anything
			f.Severity = Warning
			report(f)
		}
		return nil
	}
	defer func() {
		if v := recover(); v != nil {
			src.report = report
			src.fault(Error, RuleInternal, 0, "this file is not understood because of a mistake in the program (%v): please report it, with the file", v)
			records = nil
		}
	}()
	if kind != yamlFile && kind >= jsonFile && IsTemplate(data) {
		src.report = report
		src.fault(Notice, RuleNotRecord, 0, "this begins with front matter, as a template that a generator fills does; it is passed over")
		return nil
	}
	switch kind {
	case yamlFile, jsonFile:
		p.dataFile()
	case tableFile:
		p.table(&held, report)
	case calendarFile:
		src.fault(Notice, RuleNotRecord, 0, "a calendar is not read here")
	case htmlFile:
		p.page(markup.HTML)
	case textFile:
		p.page(markup.Text)
	default:
		p.page(markup.Markdown)
	}
	return p.records
}

// IsTemplate reports whether a file of data begins as a page does, with front matter, so that a generator fills it: one of its feeds.
func IsTemplate(data []byte) bool {
	line, _, _ := bytes.Cut(bytes.TrimPrefix(data, []byte("\ufeff")), []byte("\n"))
	return string(bytes.TrimRight(line, " \t\r")) == "---"
}

// A parser reads one file.
type parser struct {
	src        *source
	opt        *Options
	collection Collection
	records    []Record
}

// zone returns the zone of records that say none.
func (p *parser) zone() *time.Location {
	switch {
	case p.collection.Zone != nil:
		return p.collection.Zone
	case p.opt.Zone != nil:
		return p.opt.Zone
	}
	return time.UTC
}

// page reads a file of text, with or without front matter.
func (p *parser) page(format markup.Format) {
	s := p.src
	h := s.header()
	if h.syntax == "" {
		p.plain(format)
		return
	}
	root, body, ok := s.readHeader(h)
	if !ok {
		return
	}
	if format == markup.Text {
		format = markup.Markdown // who writes front matter writes Markdown below it
	}
	if !p.bodyFits(body) {
		return
	}
	s.second(body)
	p.respell(&root)
	r := p.reader(&root, 0)
	r.rec.Body, r.rec.Format = s.body(body), format
	r.body = written{s.text[body:], body, true}
	p.tellFound(&root)
	if !r.named(fieldBody) || r.readBody() {
		r.read()
	}
}

// readBody reads the text of a record that stands under a key. It reports false if that is too long.
func (r *reader) readBody() bool {
	e := r.first(fieldBody)
	if e == nil || e.value.shape != scalar {
		return true
	}
	r.rec.Body, r.rec.Format = strings.TrimSpace(cleanText(e.value.text)), markup.Markdown
	if len(r.rec.Body) > maxBody {
		r.fault(Error, RuleSize, e.value.at, "%s has %d bytes, want at most %d: split it", e.key, len(r.rec.Body), maxBody)
		return false
	}
	r.body = written{text: r.rec.Body, at: e.value.at}
	return true
}

func (p *parser) bodyFits(from int) bool {
	if n := len(p.src.text) - from; n > maxBody {
		p.src.fault(Error, RuleSize, from, "the text has %d bytes, want at most %d: split it", n, maxBody)
		return false
	}
	return true
}

// dataFile reads a file of YAML or JSON: one record, a list of them, or a mapping that holds such a list.
func (p *parser) dataFile() {
	s := p.src
	var docs []node
	var err error
	if strings.EqualFold(path.Ext(s.path), ".json") {
		var n node
		var end int
		if n, end, err = s.readJSON(0); err == nil {
			docs = []node{n}
			if rest := strings.TrimSpace(s.text[end:]); rest != "" {
				err = syntaxErrorf(end, RuleSyntax, "JSON: %q after the end of the value, want one value a file: several records are a list, [{…}, {…}]", clip(rest, 20))
			}
		}
	} else if n := separators(s.text); n > maxNodes {
		err = syntaxErrorf(0, RuleSize, "more than %d values, want fewer: split the file", maxNodes)
	} else {
		docs, err = s.readAllYAML()
	}
	if err != nil {
		s.syntax(err)
		return
	}
	var found []*node
	for i := range docs {
		found = append(found, recordsIn(&docs[i])...)
	}
	if len(found) > maxRecords {
		s.fault(Error, RuleSize, found[maxRecords].at, "more than %d records, want fewer: split the file", maxRecords)
		return
	}
	var records []node
	for _, n := range found {
		p.respell(n)
		p.tellFound(n)
		if p.isRecord(n) {
			records = append(records, *n)
		}
	}
	if columns := p.people(keysOf(records), records); columns != nil {
		p.tellPeople(columns)
		return
	}
	good := len(records)
	for _, n := range found {
		if !p.isRecord(n) {
			if good > 0 {
				s.fault(Error, RuleNotRecord, n.at, "this item is no record, as others here are: it needs a title, and a start or a date; look for a misspelt key")
			}
			continue
		}
		p.item(n)
	}
	if good == 0 {
		s.fault(Notice, RuleNotRecord, 0, "no record in this file: a record is a mapping with a title and a start or a date, or a list of such mappings")
	}
}

// item reads a record of a file that may hold many.
func (p *parser) item(n *node) {
	if r := p.reader(n, n.at); r.readBody() {
		r.read()
	}
}

// separators counts what YAML can separate values and comments with: an upper bound of their number, found without reading them.
func separators(text string) int {
	n := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\n', ',', '[', '{', '?', '#':
			n++
		case '-':
			if strings.HasPrefix(text[i:], "- ") {
				n++
			}
		}
	}
	return n
}

// recordsIn returns the mappings of a document that may be records.
func recordsIn(doc *node) []*node {
	switch doc.shape {
	case list:
		found := make([]*node, 0, len(doc.items))
		for i := range doc.items {
			if doc.items[i].shape == mapping {
				found = append(found, &doc.items[i])
			}
		}
		return found
	case mapping:
		if len(doc.entries) == 1 && doc.entries[0].value.shape == list {
			return recordsIn(&doc.entries[0].value)
		}
		return []*node{doc}
	}
	return nil
}

// isRecord reports whether a mapping of a data file is a record: such files hold all sorts of things.
func (p *parser) isRecord(n *node) bool {
	f := p.collection.Fields
	title := f.first(n, fieldTitle)
	if title == nil {
		return false
	}
	if f.first(n, fieldStart) != nil || f.first(n, fieldEnd) != nil || f.first(n, fieldDates) != nil {
		return true
	}
	titled := f.names(fieldTitle) || n.first(titleKeys[:2]) != nil || p.collection.Kind == "events" || inEventFolder(p.src.path)
	return titled && f.first(n, fieldPublished) != nil
}
