package content

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// table reads a table of comma-separated values (RFC 4180): a header whose cells are keys, then one record a row. Other tables
// lie in content trees too: only of one of events or articles the faults that are held back are told.
func (p *parser) table(held *[]Fault, report func(Fault)) {
	s := p.src
	t := s.openTable(columnNames(p.collection.Fields))
	var rows []node
	whole := false
	switch {
	case !p.isTable(t):
	case t.wide >= 0:
		report(Fault{Pos: s.position(t.wide), Rule: RuleSize, Err: fmt.Errorf("a line of more than %d cells, want fewer", maxCells)})
		return
	default:
		rows, whole = t.rows()
	}
	s.report = report
	short := p.fullYears(rows)
	if !slices.ContainsFunc(rows, p.isDated) {
		s.fault(Notice, RuleNotRecord, 0, "no table of events: its first line needs cells such as Titre and Date de début, or Title and Start, and its rows dates there; it is passed over")
		return
	}
	if columns := p.people(t.columns, rows); columns != nil {
		p.tellPeople(columns)
		return
	}
	for _, f := range *held {
		report(f)
	}
	if !whole {
		return
	}
	if slices.ContainsFunc(rows, p.hasClock) {
		p.collection.DateIsStart = true // of the rows without a time, too
	}
	p.tellColumns(t)
	p.untick(t, rows)
	if short != nil {
		s.fault(Warning, RuleTable, short.at, "the years of this table have two digits, and this date is read as %s: write it so", short.text)
	}
	p.tellDates(rows)
	s.once = []string{RuleZoneAssumed, RuleHours}
	for i := range rows {
		n := &rows[i]
		p.tellFound(n)
		if f := p.collection.Fields; f.first(n, fieldTitle) == nil && (f.first(n, fieldStart) != nil || f.first(n, fieldPublished) != nil) {
			s.fault(Error, RuleNotRecord, n.at, "this row has a date and no title, want both")
			continue
		}
		p.item(n)
	}
}

// A table is one that is being read.
type table struct {
	*rowReader
	src     *source
	columns []column
	above   bool // lines stand above the header

	fields []string        // of the columns, once the rows are read
	twice  map[string]bool // fields that a second column may give
}

// A rowReader reads rows, and knows where their cells stand.
type rowReader struct {
	*csv.Reader
	starts []int // offsets of the lines
	wide   int   // offset of the first line with more than maxCells separators, or -1
}

// maxCells is how many cells a line may have, and those in it that are between quotation marks.
const maxCells = 10 * maxKeys

// newRowReader returns a reader of a text that begins at an offset in its source.
func newRowReader(text string, from int, comma rune) *rowReader {
	r := &rowReader{csv.NewReader(strings.NewReader(text)), []int{from}, -1}
	r.Comma, r.FieldsPerRecord = comma, -1
	commas := 0
	for i := range len(text) {
		switch text[i] {
		case '\n':
			r.starts = append(r.starts, from+i+1)
			commas = 0
		case byte(comma):
			if commas++; commas > maxCells && r.wide < 0 {
				r.wide = r.starts[len(r.starts)-1]
			}
		}
	}
	return r
}

// offset is where the last row ends.
func (r *rowReader) offset() int { return r.starts[0] + int(r.InputOffset()) }

// at returns the offset of a cell of the last row.
func (r *rowReader) at(cell int) int {
	line, column := r.FieldPos(cell)
	return r.starts[line-1] + column - 1
}

// commas are the characters that part cells; a spreadsheet in French writes semicolons.
var commas = []rune{',', ';', '\t'}

// sepLine is by which Excel is told the character that parts cells.
var sepLine = regexp.MustCompile(`^(?i:sep=)([,;\t])\r?\n`)

// maxAbove is how many lines a table may have above its header: a title, the day on which it was last changed.
const maxAbove = 10

// openTable reads the header of a table: its first line, or the first that has two keys below lines of one cell or two.
func (s *source) openTable(names columnTable) *table {
	if !strings.Contains(s.text, "\n") {
		s.text = strings.ReplaceAll(s.text, "\r", "\n") // of an old Macintosh
	}
	from, with := 0, commas
	if m := sepLine.FindStringSubmatch(s.text); m != nil {
		from, with = len(m[0]), []rune(m[1])
	}
	first := s.tryHeader(from, with, names)
	best := first
	for line, t := 0, first; line < maxAbove && t.known < 2 && t.texts <= 2; line++ {
		_, rest := cutLine(s.text[t.from:])
		if rest == "" {
			break
		}
		if t = s.tryHeader(len(s.text)-len(rest), with, names); t.known >= 2 {
			best = t
		}
	}
	if best.cells == nil {
		return &table{src: s}
	}
	t := &table{rowReader: newRowReader(s.text[best.from:], best.from, best.comma), src: s, above: best.from > first.from}
	t.Read() // as it was read before
	for i, cell := range best.cells {
		t.columns = append(t.columns, column{name: names.find(cell), key: oneLine(cell), at: t.at(i)})
	}
	t.again()
	return t
}

// A tried is what a line is if it is a header. Without cells it is none.
type tried struct {
	from  int
	comma rune
	cells []string
	known int // cells that are keys
	texts int // cells that are not empty, by the separator that finds the fewest
}

// tryHeader reads the line at an offset as a header, with the separator by which most of its cells are keys.
func (s *source) tryHeader(from int, with []rune, names columnTable) tried {
	best := tried{from: from, texts: maxKeys}
	line, _ := cutLine(s.text[from:])
	for _, comma := range with {
		if strings.Count(line, string(comma)) > maxKeys {
			continue
		}
		r := csv.NewReader(strings.NewReader(s.text[from:]))
		r.Comma, r.FieldsPerRecord = comma, -1
		cells, err := r.Read()
		if err != nil || len(cells) > maxKeys {
			continue
		}
		known, texts := 0, 0
		for _, cell := range cells {
			if names.find(cell) != "" {
				known++
			}
			if isText(cell) {
				texts++
			}
		}
		best.texts = min(best.texts, texts)
		if best.cells == nil || known > best.known || known == best.known && len(cells) > len(best.cells) {
			best.comma, best.cells, best.known = comma, cells, known
		}
	}
	if best.cells == nil {
		best.texts = 0 // a line of a title that goes on
	}
	return best
}

// rows reads the rows below the header, each a mapping of its cells that are not empty. Rows that cannot be read are errors. It reports
// false if there are too many.
func (t *table) rows() (rows []node, whole bool) {
	b := builder{src: t.src}
	t.fields, t.twice = make([]string, len(t.columns)), map[string]bool{}
	for i := range t.columns {
		name := t.columns[i].field()
		_, second := t.twice[name]
		t.fields[i], t.twice[name] = name, second
	}
	for n := 0; ; n++ {
		from := t.offset()
		cells, err := t.Read()
		at := t.rowReader.at
		if errors.Is(err, csv.ErrBareQuote) {
			if r, lazy := t.lazily(from); r != nil {
				cells, at, err = lazy, r.at, nil
			}
		}
		if err == io.EOF {
			return rows, true
		}
		if n == maxRecords {
			t.src.fault(Error, RuleSize, from, "more than %d rows, want fewer: split the file", maxRecords)
			return rows, false
		}
		if err != nil {
			t.misquoted(err, from)
			continue
		}
		if !slices.ContainsFunc(cells, isText) {
			continue
		}
		if err := b.add(len(cells), at(0)); err != nil {
			t.src.syntax(err)
			return rows, false
		}
		if n := len(t.columns); len(cells) < t.named() || slices.ContainsFunc(cells[min(n, len(cells)):], isText) {
			t.src.fault(Error, RuleTable, at(0), "this row has %d cells and the header has %d, want as many: write a cell that holds %q or a line break between quotation marks", len(cells), n, t.Comma)
			continue
		}
		rows = append(rows, t.row(cells, at))
	}
}

// named is how many cells a row needs: what stands in a column without a name at the end of the header is not read.
func (t *table) named() int {
	n := len(t.columns)
	for n > 0 && t.columns[n-1].key == "" {
		n--
	}
	return n
}

func isText(cell string) bool { return strings.TrimSpace(cell) != "" }

// row makes a mapping of the cells of a row. Of two columns of one name the first that is not empty counts, but for one that hides the row.
func (t *table) row(cells []string, at func(int) int) node {
	n := node{shape: mapping, at: at(0), entries: make([]entry, 0, len(t.columns))}
	for i, c := range t.columns {
		if i >= len(cells) || !isText(cells[i]) {
			continue
		}
		e := entry{name: t.fields[i], key: c.key, at: at(i)}
		if e.name == "visibility" { // "interne", "publique" or "oui"
			e.name = "private"
			if _, said := boolean(&node{shape: scalar, text: cells[i]}); said || isWord(fold(cells[i]), func(l *language) []string { return l.shown }) {
				e.name = "published"
			}
		}
		e.value = cellValue(e.name, cells[i], e.at)
		var before *entry
		if t.twice[e.name] || slices.Contains(hidingColumns, e.name) {
			before = n.own(e.name)
		}
		switch {
		case e.name == "":
		case before == nil:
			n.names |= bit(e.name)
			n.entries = append(n.entries, e)
		case hides(&e): // Outlook has Private and Sensitivity, and one of them is enough
			*before = e
		}
	}
	return n
}

// hidingColumns are keys that say that a row is to be published, or not.
var hidingColumns = []string{"private", "draft", "published"}

// hides reports whether a cell says that its row is not to be published.
func hides(e *entry) bool {
	yes, said := boolean(&e.value)
	return said && slices.Contains(hidingColumns, e.name) && yes == (e.name != "published")
}

// cellValue is the value of a cell: a text, or a list of words with semicolons or bars between them.
func cellValue(name, cell string, at int) node {
	n := node{shape: scalar, text: strings.TrimSpace(cell), at: at}
	switch {
	case (name == "private" || name == "draft") && isHidden(&n):
		n.text = "true"
	case name == "published" && withheld(&n):
		n.text = "false"
	case name == "published" && (isMark(n.text, ticks) || isWord(fold(cell), func(l *language) []string { return l.shown })):
		n.text = "true"
	}
	if !strings.ContainsAny(cell, ";|") || !slices.Contains(categoryKeys, name) && !slices.Contains(tagKeys, name) {
		return n
	}
	words := node{shape: list, at: at}
	for _, w := range strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '|' }) {
		words.items = append(words.items, node{shape: scalar, text: w, at: at})
	}
	return words
}

// untick hides rows where a column that says which are to be published is empty, if others say yes there.
func (p *parser) untick(t *table, rows []node) {
	n := slices.IndexFunc(t.columns, func(c column) bool { return c.name == "published" || c.name == "visibility" })
	if n < 0 {
		return
	}
	c := t.columns[n]
	var empty []int
	ticked := false
	for i := range rows {
		if e := rows[i].own("published"); e != nil {
			yes, _ := boolean(&e.value)
			ticked = ticked || yes
		} else if !slices.ContainsFunc(rows[i].entries, func(e entry) bool { return hides(&e) || e.key == c.key }) {
			empty = append(empty, i)
		}
	}
	if !ticked || len(empty) == 0 {
		return
	}
	for _, i := range empty {
		n := &rows[i]
		n.names |= bit("published")
		n.entries = append(n.entries, entry{name: "published", key: c.key, at: n.at, value: node{shape: scalar, text: "false", at: n.at}})
	}
	p.src.fault(Warning, RuleTable, rows[empty[0]].at, "%s is empty here and says yes in other rows, so that the row is not published (rows like it: %d): write yes or no in each", c.key, len(empty))
}

// lazily reads again the row that begins at an offset and ends where the table was read to, and takes quotation marks inside a cell that
// does not begin with one for text: Soirée "jeux". The reader is nil if the row does not end there.
func (t *table) lazily(from int) (*rowReader, []string) {
	text := strings.TrimRight(t.src.text[from:t.offset()], "\r\n")
	r := newRowReader(text, from, t.Comma)
	r.LazyQuotes = true
	cells, err := r.Read()
	if err != nil || strings.HasPrefix(t.src.text[r.at(len(cells)-1):], `"`) && !strings.HasSuffix(text, `"`) {
		return nil, nil
	}
	return r, cells
}

// misquoted tells what is wrong with the quotation marks of a row.
func (t *table) misquoted(err error, from int) {
	at := from
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		at = t.starts[min(e.StartLine, len(t.starts))-1]
		if e.Err == csv.ErrQuote && t.offset() >= len(t.src.text) && e.Line > e.StartLine {
			t.src.fault(Error, RuleUnclosed, at, "a quotation mark that opens in this row is not closed, and all rows below are taken for one cell: close it")
			return
		}
	}
	t.src.fault(Error, RuleSyntax, at, `the quotation marks of this row are not in pairs: write a cell between two of them, and each one inside twice, "Soirée ""jeux"""`)
}
