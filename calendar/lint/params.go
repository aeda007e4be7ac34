package lint

import (
	"slices"
	"strings"

	"github.com/crieur/crieur/internal/contentline"
)

// A paramSpec says what the values of a parameter are.
type paramSpec struct {
	kind   string // of the values: text, uri, enum, token, type, language, boolean, integer, zone
	values string // of an enum, which has no others; of a token, those that are registered
	list   bool   // many values, between commas
}

// paramSpecs are those of the registry: RFC 5545, section 3.2, and what RFC 6638, 7986, 8607, 9073 and 9253 add.
var paramSpecs = map[string]paramSpec{
	"ALTREP":              {kind: "uri"},
	"CN":                  {kind: "text"},
	"CUTYPE":              {kind: "token", values: "INDIVIDUAL GROUP RESOURCE ROOM UNKNOWN"},
	"DELEGATED-FROM":      {kind: "uri", list: true},
	"DELEGATED-TO":        {kind: "uri", list: true},
	"DIR":                 {kind: "uri"},
	"ENCODING":            {kind: "enum", values: "8BIT BASE64"},
	"FMTTYPE":             {kind: "type"},
	"FBTYPE":              {kind: "token", values: "FREE BUSY BUSY-UNAVAILABLE BUSY-TENTATIVE"},
	"LANGUAGE":            {kind: "language"},
	"MEMBER":              {kind: "uri", list: true},
	"PARTSTAT":            {kind: "token", values: "NEEDS-ACTION ACCEPTED DECLINED TENTATIVE DELEGATED COMPLETED IN-PROCESS"},
	"RANGE":               {kind: "enum", values: "THISANDFUTURE"},
	"RELATED":             {kind: "enum", values: "START END"},
	"RELTYPE":             {kind: "token", values: "PARENT CHILD SIBLING SNOOZE FINISHTOSTART FINISHTOFINISH STARTTOFINISH STARTTOSTART DEPENDS-ON REFID CONCEPT FIRST NEXT"},
	"ROLE":                {kind: "token", values: "CHAIR REQ-PARTICIPANT OPT-PARTICIPANT NON-PARTICIPANT"},
	"RSVP":                {kind: "boolean"},
	"SENT-BY":             {kind: "uri"},
	"TZID":                {kind: "text"},
	"VALUE":               {kind: "text"},
	"DISPLAY":             {kind: "token", values: "BADGE GRAPHIC FULLSIZE THUMBNAIL", list: true},
	"EMAIL":               {kind: "email"},
	"FEATURE":             {kind: "token", values: "AUDIO CHAT FEED MODERATOR PHONE SCREEN VIDEO", list: true},
	"LABEL":               {kind: "text"},
	"DERIVED":             {kind: "boolean"},
	"ORDER":               {kind: "integer"},
	"SCHEMA":              {kind: "uri"},
	"LINKREL":             {kind: "text"},
	"GAP":                 {kind: "duration"},
	"SCHEDULE-AGENT":      {kind: "token", values: "SERVER CLIENT NONE"},
	"SCHEDULE-FORCE-SEND": {kind: "token", values: "REQUEST REPLY"},
	"SCHEDULE-STATUS":     {kind: "text", list: true},
	"MANAGED-ID":          {kind: "text"},
	"SIZE":                {kind: "integer"},
	"FILENAME":            {kind: "text"},
}

// params looks at the parameters of a property (RFC 5545, section 3.2).
func (l *linter) params(n *component, p *contentline.Line) {
	for i := range p.Params {
		q := &p.Params[i]
		if i < maxParams && slices.ContainsFunc(p.Params[:i], func(before contentline.Param) bool { return before.Name == q.Name }) {
			l.report("parameter-twice", n, p, q.Index, "parameter %s twice, want it once", q.Name)
		}
		l.paramSyntax(n, p, q)
		spec, known := paramSpecs[q.Name]
		if !known {
			l.unregisteredParam(n, p, q)
			continue
		}
		if len(q.Values) > 1 && !spec.list {
			l.report("parameter-list", n, p, q.Index, "parameter %s has %d values, want one: quote a value that holds a comma", q.Name, len(q.Values))
			continue
		}
		for _, value := range q.Values {
			l.param(n, p, q, spec, value)
		}
		if of, registered := propertySpecs[p.Name]; registered && q.Name != "VALUE" && !slices.Contains(strings.Fields(of.params), q.Name) {
			l.meaningless(n, p, q)
		}
	}
}

// maxParams is how many parameters of one property are compared with one another.
const maxParams = 64

// paramSyntax looks at how a parameter is written.
func (l *linter) paramSyntax(n *component, p *contentline.Line, q *contentline.Param) {
	raw := rawParam(p, q)
	if raw == "" && q.Name != "" {
		l.report("parameter-empty", n, p, q.Index, "parameter %s has no value", q.Name)
	}
	if !strings.ContainsAny(raw, `"\^`) {
		return
	}
	quoted := false
	for i := range len(raw) {
		switch raw[i] {
		case '"':
			if !quoted && i > 0 && raw[i-1] != ',' {
				l.report("parameter-quote", n, p, q.Index, "a quotation mark within a value of parameter %s, want ^' (RFC 6868) or none", q.Name)
				return
			}
			quoted = !quoted
		case '\\':
			if !isExtension(q.Name) && i+1 < len(raw) && strings.IndexByte(`\;,:"nN`, raw[i+1]) >= 0 {
				l.report("parameter-backslash", n, p, q.Index, "a backslash in parameter %s, where it escapes nothing: want the value in quotes", q.Name)
				return
			}
		case '^':
			if i+1 == len(raw) || strings.IndexByte("n^'", raw[i+1]) < 0 && raw[max(0, i-1)] != '^' {
				l.report("parameter-caret", n, p, q.Index, "a caret in parameter %s that escapes nothing, want ^^ (RFC 6868)", q.Name)
				return
			}
		}
	}
}

// rawParam returns the values of a parameter as they are written.
func rawParam(p *contentline.Line, q *contentline.Param) string {
	rest := p.Text[q.Index+len(q.Name)+1:]
	quoted := false
	for i := range len(rest) {
		switch c := rest[i]; {
		case c == '"' && (quoted || i == 0 || rest[i-1] == ','):
			quoted = !quoted
		case (c == ';' || c == ':') && !quoted:
			return rest[:i]
		}
	}
	return rest
}

func (l *linter) unregisteredParam(n *component, p *contentline.Line, q *contentline.Param) {
	switch {
	case isExtension(q.Name):
	case q.Name == "CHARSET":
		l.report("parameter-charset", n, p, q.Index, "parameter CHARSET, which iCalendar does not have: it is in UTF-8")
	default:
		l.report("parameter-unknown", n, p, q.Index, "%s is no parameter that is registered, and its name does not begin with X-", excerpt(q.Name))
	}
}

// meaningless looks at a parameter of a property that it says nothing about.
func (l *linter) meaningless(n *component, p *contentline.Line, q *contentline.Param) {
	if q.Name == "TZID" {
		l.report("tzid-misplaced", n, p, q.Index, "TZID of %s, which is not in local time", p.Name)
		return
	}
	if q.Name == "ENCODING" || q.Name == "LANGUAGE" || q.Name == "LABEL" || q.Name == "ORDER" {
		return
	}
	l.report("parameter-misplaced", n, p, q.Index, "parameter %s has no meaning for %s", q.Name, p.Name)
}

// param looks at one value of a parameter.
func (l *linter) param(n *component, p *contentline.Line, q *contentline.Param, spec paramSpec, value string) {
	wrong := func(rule, want string) {
		l.report(rule, n, p, q.Index, "parameter %s is %q, want %s", q.Name, excerpt(value), want)
	}
	switch spec.kind {
	case "uri":
		if uriFault(value) != "" && !(q.Name == "DIR" || strings.HasPrefix(value, "/")) {
			wrong("parameter-uri", "a URI in quotes")
		} else if !q.Quoted {
			wrong("parameter-unquoted", "it in quotes")
		}
	case "enum":
		if !isOneOf(spec.values, value) {
			wrong("parameter-value-wrong", alternatives(spec.values))
		}
	case "boolean":
		if !isOneOf("TRUE FALSE", value) {
			wrong("parameter-value-wrong", "TRUE or FALSE")
		}
	case "token":
		l.paramToken(n, p, q, spec, value)
	case "type":
		if !isMediaType(mediaType(value)) {
			wrong("parameter-media-type", "a media type such as text/plain")
		}
	case "language":
		if !isLanguage(value) {
			wrong("parameter-language", "a language tag such as fr (RFC 5646)")
		}
	case "integer":
		if value == "" || strings.Trim(value, "0123456789") != "" {
			wrong("parameter-value-wrong", "a whole number")
		}
	case "email":
		if !strings.Contains(value, "@") || strings.HasPrefix(strings.ToLower(value), "mailto:") {
			wrong("parameter-email", "an e-mail address without mailto:")
		}
	case "duration":
		if _, reason := readDuration(value); reason != "" {
			wrong("parameter-value-wrong", "a duration such as P5D")
		}
	}
}

// paramToken looks at a value that is one of a registry, or anybody's that begins with X-.
func (l *linter) paramToken(n *component, p *contentline.Line, q *contentline.Param, spec paramSpec, value string) {
	values := spec.values
	if q.Name == "PARTSTAT" {
		switch n.name {
		case "VEVENT":
			values = "NEEDS-ACTION ACCEPTED DECLINED TENTATIVE DELEGATED"
		case "VJOURNAL":
			values = "NEEDS-ACTION ACCEPTED DECLINED"
		}
	}
	switch {
	case isOneOf(values, value) || isExtension(strings.ToUpper(value)):
	case !isName(value):
		l.report("parameter-value-wrong", n, p, q.Index, "parameter %s is %q, want %s", q.Name, excerpt(value), alternatives(values))
	default:
		l.report("parameter-value-unknown", n, p, q.Index, "parameter %s is %q, want %s", q.Name, excerpt(value), alternatives(values))
	}
}

// inlineData looks at whether VALUE=BINARY and ENCODING=BASE64 come together (RFC 5545, section 3.1.3).
func (l *linter) inlineData(n *component, p *contentline.Line, kind string) {
	encoded := strings.EqualFold(p.Param("ENCODING"), "BASE64")
	switch {
	case kind == "BINARY" && !encoded:
		l.report("binary-without-base64", n, p, paramIndex(p, "VALUE"), "VALUE=BINARY without ENCODING=BASE64")
	case kind != "BINARY" && encoded:
		l.report("base64-without-binary", n, p, paramIndex(p, "ENCODING"), "ENCODING=BASE64 without VALUE=BINARY")
	}
}

// mediaType returns a media type without its parameters.
func mediaType(value string) string {
	value, _, _ = strings.Cut(value, ";")
	return strings.TrimSpace(value)
}

// isOneOf reports whether value is one of the words of a list, in whatever case.
func isOneOf(list, value string) bool {
	for word := range strings.FieldsSeq(list) {
		if strings.EqualFold(word, value) {
			return true
		}
	}
	return false
}

// alternatives returns the words of a list as they stand in a sentence.
func alternatives(list string) string {
	words := strings.Fields(list)
	if len(words) < 2 {
		return list
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
