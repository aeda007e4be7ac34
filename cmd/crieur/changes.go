package main

import (
	"context"
	"fmt"
	"go/token"
	"iter"
	"log/slog"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/crieur/crieur"
)

// listed is how many changes of one kind a build logs one by one; the rest is
// counted.
const listed = 20

// tell logs what subscribers see differently, one line a record, and returns
// how many records that are. Of a site that is new all is, and only counted.
func (d *daemon) tell(changes iter.Seq[crieur.Change], why string) (counts changeCounts) {
	for c := range changes {
		if counts[c.What]++; d.first || counts[c.What] > listed {
			continue
		}
		place := d.place(crieur.Fault{Pos: token.Position{Filename: c.Path, Line: c.Line}}).Pos
		attrs := []slog.Attr{slog.String("record", c.Title), slog.String("at", place.String()), slog.String("why", why)}
		if c.Private {
			attrs[0], c.Fields = slog.Bool("private", true), nil
		}
		for _, f := range c.Fields {
			attrs = append(attrs, slog.Any(f.Name, newDifference(f.Old, f.New)))
		}
		d.log.LogAttrs(context.Background(), slog.LevelInfo, c.What.String(), attrs...)
	}
	for kind := crieur.Added; kind <= crieur.Removed; kind++ {
		if more := counts[kind] - listed; more > 0 && !d.first {
			d.log.Info(kind.String(), "more", more, "why", why)
		}
	}
	d.first = false
	return counts
}

// tellConfig logs what the configuration says otherwise than the old one.
func (d *daemon) tellConfig(old crieur.Config) {
	var attrs []slog.Attr
	was, is := reflect.ValueOf(old), reflect.ValueOf(d.config)
	for i := range was.NumField() {
		if name := was.Type().Field(i).Name; !reflect.DeepEqual(was.Field(i).Interface(), is.Field(i).Interface()) {
			attrs = append(attrs, slog.Any(strings.ToLower(name), newDifference(fmt.Sprint(was.Field(i)), fmt.Sprint(is.Field(i)))))
		}
	}
	if len(attrs) > 0 {
		d.log.LogAttrs(context.Background(), slog.LevelInfo, "configuration changed", attrs...)
	}
}

// changeCounts are numbers of changes, by kind.
type changeCounts [crieur.Removed + 1]int

// A difference is an old and a new value.
type difference struct {
	Old string `json:"old"`
	New string `json:"new"`
}

func (d difference) String() string { return fmt.Sprintf("%s → %s", d.Old, d.New) }

// Of long values so many bytes are shown, from a little before the first
// difference.
const (
	shownBytes = 120
	ahead      = 20
)

func newDifference(was, is string) difference {
	same := 0
	for same < min(len(was), len(is)) && was[same] == is[same] {
		same++
	}
	return difference{excerpt(was, same), excerpt(is, same)}
}

// excerpt cuts s to what stands around the byte at.
func excerpt(s string, at int) string {
	if len(s) <= shownBytes {
		return s
	}
	before, after := "", ""
	if at -= ahead; at > 0 {
		for !utf8.RuneStart(s[at]) {
			at--
		}
		s, before = s[at:], "…"
	}
	if len(s) > shownBytes {
		end := shownBytes
		for !utf8.RuneStart(s[end]) {
			end--
		}
		s, after = s[:end], "…"
	}
	return before + strings.TrimSpace(s) + after
}
