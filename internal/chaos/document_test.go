//go:build unix

package chaos

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A document is what one of any kind says.
type document struct {
	err    error             // it is not whole, or not well formed
	events map[string]event  // of a calendar, by UID
	ids    map[string]string // by the tokens in titles
}

type event struct {
	sequence  int
	summary   string
	cancelled bool
}

var tokens = regexp.MustCompile(`n° (\d{4}),`)

// parse checks all that can be seen of a document alone.
func parse(name string, data []byte) (d document) {
	d.events, d.ids = map[string]event{}, map[string]string{}
	switch {
	case len(data) == 0:
		d.err = errors.New("it is empty")
	case !utf8.Valid(data):
		d.err = errors.New("it is not UTF-8")
	case path.Ext(name) == ".ics":
		d.err = d.calendar(string(data))
	case path.Ext(name) == ".json":
		if !json.Valid(data) {
			d.err = errors.New("it is no JSON")
		}
	case path.Ext(name) == ".html":
		if !bytes.HasPrefix(data, []byte("<!doctype html>")) && !bytes.HasPrefix(data, []byte("<!DOCTYPE html>")) || !bytes.HasSuffix(data, []byte("</html>\n")) {
			d.err = errors.New("it does not begin and end as a page")
		}
	case path.Ext(name) == ".css":
		if bytes.Count(data, []byte("{")) != bytes.Count(data, []byte("}")) || data[len(data)-1] != '\n' {
			d.err = errors.New("it is cut short")
		}
	case path.Ext(name) == ".atom":
		d.err = d.atom(data)
	default:
		d.err = wellFormed(data)
	}
	return d
}

func wellFormed(data []byte) error {
	for dec := xml.NewDecoder(bytes.NewReader(data)); ; {
		if _, err := dec.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func (d *document) atom(data []byte) error {
	var feed struct {
		Entries []struct {
			ID    string `xml:"id"`
			Title string `xml:"title"`
		} `xml:"entry"`
	}
	if err := errors.Join(xml.Unmarshal(data, &feed), wellFormed(data)); err != nil {
		return err
	}
	once := map[string]bool{}
	for _, e := range feed.Entries {
		if once[e.ID] || e.ID == "" {
			return fmt.Errorf("id %q is there twice, or missing", e.ID)
		}
		once[e.ID] = true
		d.identify(e.Title, e.ID)
	}
	return nil
}

func (d *document) identify(title, id string) {
	if m := tokens.FindStringSubmatch(title); m != nil {
		d.ids[m[1]] = strings.TrimPrefix(id, "urn:uuid:")
	}
}

func (d *document) calendar(text string) error {
	rest, ok := strings.CutSuffix(text, "\r\n")
	if !ok {
		return errors.New("its last line is cut short")
	}
	for line := range strings.SplitSeq(rest, "\r\n") {
		if len(line) > 75 || line == "" || strings.ContainsAny(line, "\r\n") {
			return fmt.Errorf("line %q", line)
		}
	}
	var open []string
	var e event
	var uid string
	for line := range strings.SplitSeq(strings.ReplaceAll(rest, "\r\n ", ""), "\r\n") {
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return fmt.Errorf("line %q has no value", line)
		}
		name, _, _ = strings.Cut(name, ";")
		inEvent := len(open) == 2 && open[1] == "VEVENT"
		switch {
		case name == "BEGIN":
			open = append(open, value)
			if value == "VEVENT" {
				e, uid = event{}, ""
			}
		case name == "END":
			if len(open) == 0 || open[len(open)-1] != value {
				return fmt.Errorf("END:%s ends %v", value, open)
			}
			open = open[:len(open)-1]
			if value != "VEVENT" {
				continue
			}
			if _, twice := d.events[uid]; twice || uid == "" {
				return fmt.Errorf("UID %q is there twice, or missing", uid)
			}
			d.events[uid] = e
			d.identify(e.summary, uid)
		case inEvent && name == "UID":
			uid = value
		case inEvent && name == "SUMMARY":
			e.summary = strings.ReplaceAll(value, `\,`, ",")
		case inEvent && name == "STATUS":
			e.cancelled = value == "CANCELLED"
		case inEvent && name == "SEQUENCE":
			n, err := strconv.Atoi(value)
			if err != nil {
				return err
			}
			e.sequence = n
		}
	}
	if len(open) > 0 || !strings.HasPrefix(text, "BEGIN:VCALENDAR\r\n") {
		return fmt.Errorf("%v has no end", open)
	}
	return nil
}
