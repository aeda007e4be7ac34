package crieur

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestReadConfig(t *testing.T) {
	c, faults := ReadConfig("crieur.yaml", []byte(`
title: Agenda du Val
base: https://agenda.example.org/val
timezone: Europe/Paris
retain: 45d
refresh: 90m
ignore: [brouillons]
hubs:
  - https://hub.example/
  - https://autre.example/hub
collections:
  - path: _evenements/
    kind: events
    permalink: /agenda/:title/
    programme: true
    fields:
      title: intitule
      hours: ["infos[nom=Horaires].contenu", horaires]
      image: []
channels:
  - name: lyon/agenda
    tag: lyon
    formats: [ics, rss]
`))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if got := fmt.Sprintf("%q", c.Collections[0].Fields); got != `map["hours":["infos[nom=Horaires].contenu" "horaires"] "image":[] "title":["intitule"]]` {
		t.Errorf("fields %s", got)
	}
	if c.Title != "Agenda du Val" || c.Retain != 45*24*time.Hour || c.Refresh != 90*time.Minute ||
		c.Collections[0].Path != "_evenements" || !c.Collections[0].Programme || c.Channels[0].Formats[1] != "rss" || c.Ignore[0] != "brouillons" || len(c.Hubs) != 2 {
		t.Errorf("read %+v", c)
	}
}

func TestReadConfigFaults(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"unknown key", "titel: x\n", `crieur.yaml:1:1: bad configuration: unknown key "titel", want one of author, base,`},
		{"no mapping", "- a\n", "crieur.yaml:1:1: bad configuration: found a list, want keys such as title: or timezone:"},
		{"zone", "title: a\ntimezone: Paris\n", `crieur.yaml:2:11: bad configuration: found "Paris", want the IANA name`},
		{"the machine's zone", "timezone: Local\n", `crieur.yaml:1:11: bad configuration: found "Local", want the IANA name`},
		{"address", "base: agenda.example.org\n", `crieur.yaml:1:7: bad configuration: found "agenda.example.org", want an address`},
		{"hubs", "hubs: [https://hub.example/, hub.example, https://hub.example/]\n", "crieur.yaml:1:30: bad configuration: found \"hub.example\", want an address such as https://www.example.org/"},
		{"hub twice", "hubs: [https://hub.example/, https://hub.example/]\n", `crieur.yaml:1:30: bad configuration: address "https://hub.example/" stands twice`},
		{"one hub", "hubs: https://hub.example/\n", `crieur.yaml:1:7: bad configuration: found "https://hub.example/", want a list`},
		{"twice", "title: a\ntitle: b\n", `crieur.yaml:2:1: bad configuration: key "title" stands twice`},
		{"number", "limit: many\n", `crieur.yaml:1:8: bad configuration: found "many", want a whole number from 1 to`},
		{"duration", "refresh: 10s\n", `crieur.yaml:1:10: bad configuration: found "10s", want a duration`},
		{"syntax", "title: [a\n", "crieur.yaml:"},
		{"unknown field", "collections:\n  - fields:\n      titel: [a]\n", `crieur.yaml:3:7: bad configuration: unknown key "titel", want one of access, address,`},
		{"no fields", "collections:\n  - fields: [a]\n", `crieur.yaml:2:13: bad configuration: found a list, want keys such as`},
		{"faulty path", "collections:\n  - fields:\n      title: [a, 'b[c']\n", `crieur.yaml:3:18: bad configuration: path "b[c": a bracket is not closed, want a path such as`},
		{"faulty single path", "collections:\n  - fields: {title: a.}\n", `crieur.yaml:2:21: bad configuration: path "a.": a key is missing`},
		{"no path", "collections:\n  - fields: {title: [{a: b}]}\n", `crieur.yaml:2:22: bad configuration: found a mapping, want the path of a key`},
		{"field twice", "collections:\n  - fields: {title: a, title: b}\n", `crieur.yaml:2:24: bad configuration: key "title" stands twice`},
		{"channel without name", "channels:\n  - tag: a\n", "crieur.yaml:2:5: bad configuration: a channel has no name"},
		{"channel out of the site", "channels:\n  - name: ../a\n", `crieur.yaml:2:11: bad configuration: channel name "../a" is not a plain path`},
		{"channel twice", "channels: [{name: a}, {name: a}]\n", `crieur.yaml:1:30: bad configuration: channel name "a" stands twice`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, faults := ReadConfig("crieur.yaml", []byte(c.in))
			if len(faults) == 0 {
				t.Fatal("no fault")
			}
			if got := faults[0].Error(); !strings.HasPrefix(got, c.want) {
				t.Errorf("fault\n%s\nwant\n%s", got, c.want)
			}
			if !errors.Is(faults[0], ErrConfig) {
				t.Error("the cause is not ErrConfig")
			}
		})
	}
}

func TestReadEmptyConfig(t *testing.T) {
	for _, in := range []string{"", "# nothing\n", "---\n"} {
		if _, faults := ReadConfig("crieur.yaml", []byte(in)); len(faults) > 0 {
			t.Errorf("%q: %v", in, faults)
		}
	}
}

// What a collection names is read, in its folder only; a path that leads to
// nothing in any of its files is told.
func TestCollectionFields(t *testing.T) {
	w := newWorld(t)
	w.config.Collections = []Collection{{Path: "agenda", Fields: map[string][]string{
		"title": {"intitule", "nom_long"}, "start": {"quand.jour"}, "hours": {"infos[nom=Horaires].contenu"}, "location": {"ou"},
	}}, {Path: "vide", Fields: map[string][]string{"title": {"x"}}}}
	const data = "---\nintitule: Foire\ntitle: Autre\nquand: {jour: 2027-05-08}\ninfos:\n- {nom: Tarif, contenu: gratuit}\n- {nom: 'HORAIRES :', contenu: 14h-18h}\nou: Halle\nlieu: Mairie\n---\n"
	w.write("agenda/a.md", data)
	w.write("b.md", data+"\nTexte.\n")
	w.build()
	if len(w.events()) != 1 || w.get("Foire", "DTSTART") != "20270508T140000" || w.get("Foire", "DTEND") != "20270508T180000" || w.get("Foire", "LOCATION") != "Halle" {
		t.Errorf("%v\n%v", w.events(), w.faults)
	}
	var unused []string
	for _, f := range w.faults {
		if f.Rule == "unused-field" {
			unused = append(unused, f.Error())
		}
	}
	if len(unused) != 1 || !strings.Contains(unused[0], `notice: fields of the collection "agenda": no file has a value under nom_long, from which title is read`) {
		t.Errorf("%q", unused)
	}
	w.config.Collections[0].Fields["title"] = []string{"a["}
	if err := w.config.Check(); !errors.Is(err, ErrConfig) {
		t.Errorf("%v, want %v", err, ErrConfig)
	}
}
