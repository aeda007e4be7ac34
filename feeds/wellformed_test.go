package feeds

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// wellFormed reports what keeps doc from being XML of the kind that we write: no comments, no CDATA, no entities but the
// five of XML. It is quick, so that it can be asked very often; TestWellFormed has encoding/xml judge it.
func wellFormed(doc []byte) error {
	if !utf8.Valid(doc) {
		return errors.New("not UTF-8")
	}
	for i := 0; i < len(doc); i++ {
		switch c := doc[i]; {
		case c < ' ' && c != '\n' && c != '\t', c == 0x7F:
			return fmt.Errorf("control character %#x", c)
		case c == 0xEF && i+2 < len(doc) && doc[i+1] == 0xBF && doc[i+2] >= 0xBE:
			return errors.New("noncharacter")
		}
	}
	s := string(doc)
	for strings.HasPrefix(s, "<?") {
		_, rest, ok := strings.Cut(s, "?>\n")
		if !ok {
			return errors.New("an instruction without an end")
		}
		s = rest
	}
	var open []string
	for s != "" {
		at := strings.IndexByte(s, '<')
		if at < 0 {
			at = len(s)
		}
		text := s[:at]
		if err := references(text); err != nil {
			return err
		}
		if strings.Contains(text, "]]>") {
			return errors.New("]]> in a text")
		}
		if len(open) == 0 && strings.TrimSpace(text) != "" {
			return fmt.Errorf("text %.20q outside of the root", text)
		}
		if s = s[at:]; s == "" {
			break
		}
		tag, rest, ok := cutMarkup(s[1:])
		if !ok {
			return fmt.Errorf("a tag without an end: %.40q", s)
		}
		s = rest
		if name, isEnd := strings.CutPrefix(tag, "/"); isEnd {
			if len(open) == 0 || open[len(open)-1] != name {
				return fmt.Errorf("</%s> ends %q", name, open)
			}
			if open = open[:len(open)-1]; len(open) == 0 && strings.TrimSpace(s) != "" {
				return errors.New("something after the root")
			}
			continue
		}
		tag, void := strings.CutSuffix(tag, "/")
		name, attrs, _ := strings.Cut(tag, " ")
		if !isXMLName(name) {
			return fmt.Errorf("element %q", name)
		}
		seen := ""
		for attrs != "" {
			key, value, ok := strings.Cut(attrs, `="`)
			value, rest, ok2 := strings.Cut(value, `"`)
			if !ok || !ok2 || !isXMLName(key) || strings.ContainsAny(value, "<\n\t") || strings.Contains(seen, " "+key+" ") {
				return fmt.Errorf("attributes %.60q of %s", attrs, name)
			}
			if err := references(value); err != nil {
				return err
			}
			seen += " " + key + " "
			attrs = strings.TrimPrefix(rest, " ")
		}
		if !void {
			open = append(open, name)
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("%q are not ended", open)
	}
	return nil
}

// cutMarkup cuts s after the ">" that ends a tag.
func cutMarkup(s string) (tag, rest string, ok bool) {
	quoted := false
	for i := range len(s) {
		switch s[i] {
		case '"':
			quoted = !quoted
		case '>':
			if !quoted {
				return s[:i], s[i+1:], true
			}
		}
	}
	return s, "", false
}

func isXMLName(s string) bool {
	for i := range len(s) {
		if !isLetter(s[i]) && (i == 0 || s[i] != ':' && s[i] != '-') {
			return false
		}
	}
	return s != ""
}

func references(s string) error {
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			return nil
		}
		s = s[i+1:]
		name, _, ok := strings.Cut(s, ";")
		switch {
		case !ok:
		case name == "amp", name == "lt", name == "gt", name == "quot", name == "#x26", name == "#x3C", name == "#x3E", name == "#x9", name == "#xA":
			continue
		}
		return fmt.Errorf("reference %.10q", s)
	}
}

func TestWellFormed(t *testing.T) {
	for _, doc := range []string{
		`<a/>`, `<a></a>`, `<a b="c" d="&quot;>"><e:f/>&amp;&#x26;]] ></a>`, "<?xml version=\"1.0\"?>\n<a>é\t\n</a>\n",
	} {
		if err := wellFormed([]byte(doc)); err != nil || byXML(doc) != nil {
			t.Errorf("%s: %v, and by encoding/xml %v", doc, err, byXML(doc))
		}
	}
	for _, doc := range []string{
		`<a>`, `</a>`, `<a></b>`, `<a b=c/>`, `<a b="<"/>`, `<a>&b</a>`, `<a>&b;</a>`, `<a>]]></a>`, "<a>\x07</a>", "<a>\xff</a>", "<a>\xef\xbf\xbe</a>",
		`<a/>b`, `b<a/>`, `<a></a>b`, `<a`, `<a>&</a>`, `<1/>`, `<a b="&"/>`,
	} {
		if wellFormed([]byte(doc)) == nil {
			t.Errorf("%q is well-formed", doc)
		}
	}
	for name, a := range hostile(t) {
		f := bare()
		f.Articles = []Article{a}
		for _, e := range encoders[:2] {
			doc := encode(t, e.encode, f)
			if err, other := wellFormed(doc), byXML(string(doc)); err != nil || other != nil {
				t.Errorf("%s.%s: %v, and by encoding/xml %v", name, e.name, err, other)
			}
		}
	}
}

func byXML(doc string) error {
	for d := xml.NewDecoder(strings.NewReader(doc)); ; {
		switch _, err := d.Token(); err {
		case nil:
		case io.EOF:
			return nil
		default:
			return err
		}
	}
}

// No field makes a document malformed. Unlike [FuzzEncode] it asks for no more, of more fields, and quickly.
func FuzzWellFormed(f *testing.F) {
	for _, s := range []string{"", "a", "Titre & <b>co</b> ]]> &amp;", "\x00\x07\u0085\r\n\ufffe\xff\xed\xa0\x80", "]\x01]\u0085>]]\x7f>", "https://a.example/é?a=b&c#d", "fr-CA", "a/b; c=\"d\"", "ann@a.example", "\\\"\u2028"} {
		f.Add(s, s, s, s, int64(1), uint16(0xFFFF))
		f.Add(s, "https://valmeuse.example/"+s, "tag:valmeuse.example,2027:"+s, "en", int64(-62167219200), uint16(0x5555))
	}
	f.Fuzz(func(t *testing.T, text, address, id, word string, seconds int64, which uint16) {
		on := func(bit int) bool { return which>>bit&1 == 1 }
		at := time.Unix(seconds%400_000_000_000, 0)
		feed := &Feed{ID: id, Title: text, Description: text, URL: address, Rights: text, Updated: at, Refresh: time.Duration(seconds), Generator: word}
		a := Article{ID: id, Title: text, Updated: at}
		if on(0) {
			feed.RSS, feed.Atom, feed.JSON, feed.Hubs = address, address, address, []string{address}
		}
		if on(1) {
			feed.Part = Part{Complete: on(2), Archive: on(3), Current: Addresses{address, address, address}, Older: Addresses{address, address, address}}
		}
		if on(4) {
			feed.Image, feed.Icon, feed.Stylesheet, a.Image, a.Calendar, a.URL = address, address, address, address, address, address
		}
		if on(5) {
			feed.Language, a.Language = word, word
		}
		if on(6) {
			feed.Authors = []Person{{Name: text, Email: word, URI: address}}
		}
		if on(7) {
			a.Authors = []Person{{Name: word}, {Name: text, URI: address}}
		}
		if on(8) {
			a.Summary = text
		}
		if on(9) {
			a.Content = text + word
		}
		if on(10) {
			a.Tags = []string{text, word, address}
		}
		if on(11) {
			a.Enclosure = &Enclosure{URL: address, Type: word, Length: seconds}
		}
		if on(12) {
			a.Source = &Source{Title: text, URL: address, Updated: at}
		}
		if on(13) {
			a.Event = &Event{Start: at.In(time.FixedZone("", int(seconds%1500)*60)), End: at, AllDay: on(14), Location: text}
			a.Published = at
		}
		feed.Articles = []Article{a, {ID: "tag:valmeuse.example,2027:other", Title: word, Updated: at}}
		for _, e := range encoders {
			var b bytes.Buffer
			switch err := e.encode(&b, feed); {
			case err != nil && b.Len() > 0:
				t.Fatalf("%s: %d octets of a feed with faults: %v", e.name, b.Len(), err)
			case err != nil:
			case e.name == "json":
				if !json.Valid(b.Bytes()) || !utf8.Valid(b.Bytes()) {
					t.Fatalf("not JSON:\n%s", &b)
				}
			default:
				if err := wellFormed(b.Bytes()); err != nil {
					t.Fatalf("%s: %v\n%s", e.name, err, &b)
				}
			}
		}
	})
}
