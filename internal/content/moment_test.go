package content

import (
	"fmt"
	"strings"
	"testing"
)

func TestParseMoment(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"2027-05-08", "2027-05-08"},
		{"2027/5/8", "2027-05-08"},
		{"2027-05-08 14:00:00 +01:00", "2027-05-08 14:00 +3600"},
		{"2027-05-08 14:00:00 -0500", "2027-05-08 14:00 -18000"},
		{"2027-05-08 8:00:00 Z", "2027-05-08 08:00 Z"},
		{"2027-05-08T8:00:00", "2027-05-08 08:00"},
		{"2027-05-08T14:00:00.000Z", "2027-05-08 14:00 Z"},
		{"2027-05-08 24:00", "2027-05-09 00:00"},
		{"29 June 2027", "2027-06-29"},
		{"5 mars 2027", "2027-03-05"},
		{"1er\u00a0août 2027", "2027-08-01"},
		{"Mardi 05 mars 2027", "2027-03-05"},
		{"le 2 juin 2027 à 16h30", "2027-06-02 16:30"},
		{"June 29th, 2027 at 2 pm", "2027-06-29 14:00"},
		{"Sat, 08 May 2027 14:00:00 +0200", "2027-05-08 14:00 +7200"},
		{"25/11/2027", "2027-11-25"},
		{"05/06/2027", "2027-06-05"},
		{"11/25/2027", "2027-11-25"},
		{"MARDI 5 DÉCEMBRE 2027", "2027-12-05"},

		{"", "want a date"},
		{"bientôt", "want a date"},
		{"5 mars", "want a year"},
		{"2027-02-30", "no such day"},
		{"2027-13-01", "no such day"},
		{"2027-05-08 25:00", "no time"},
		{"2027-05-08 14:00 CEST", "no offset"},
		{"2027-05-08 14:00 +99:00", "no offset"},
		{"20270508", "want a date"},
	} {
		m, err := parseMoment(c.in, true)
		got := m.String()
		switch {
		case err != nil:
			got = err.Error()
		case m.utc:
			got += " Z"
		case m.zoned:
			got += fmt.Sprintf(" %+d", m.offset)
		}
		if err == nil && got != c.want || err != nil && !strings.Contains(got, c.want) {
			t.Errorf("parseMoment(%q) = %s, want %s", c.in, got, c.want)
		}
	}
	if _, err := parseMoment("05/06/2027", false); err == nil {
		t.Error("05/06/2027 was understood without knowing the language")
	}
}

func TestParseHours(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"14h-18h", "14:00-18:00"},
		{"14h - 17h30", "14:00-17:30"},
		{"9h30-17h", "09:30-17:00"},
		{"8h30 - 17h45", "08:30-17:45"},
		{"14h30 – 16h45 ", "14:30-16:45"},
		{"16h30 à 18h", "16:30-18:00"},
		{"de 12h à 13h30", "12:00-13:30"},
		{"de 9h00 à 18h00", "09:00-18:00"},
		{"De 9h à 18h", "09:00-18:00"},
		{"12h15 - 12H45", "12:15-12:45"},
		{"14h\u202f–\u202f16h", "14:00-16:00"},
		{"9\u00a0h\u00a030 – 12 h", "09:30-12:00"},
		{"9h30", "09:30"},
		{"à partir de 14h", "14:00"},
		{"à 9 heure 30", "09:30"},
		{"[14h-14h30]", "14:00-14:30"},
		{"de 10h à midi", "10:00-12:00"},
		{"20h - minuit", "20:00-00:00"},
		{"20h30-2h", "20:30-02:00"},
		{"entre 9h et 11h", "09:00-11:00"},
		{"9h-17h (heure de Paris)", "09:00-17:00"},
		{"14-16h", "14:00-16:00"},
		{"18:00-20:00", "18:00-20:00"},
		{"10:25 to 11:15", "10:25-11:15"},
		{"2 pm - 4 pm", "14:00-16:00"},
		{"2-4 pm", "14:00-16:00"},
		{"11am to 1:30pm", "11:00-13:30"},
		{"10-11:30 a.m.", "10:00-11:30"},
		{"11-1 pm", "11:00-13:00"},
		{"from 9:00 until noon", "09:00-12:00"},

		{"De 10h à 11h, de 14h à 15h ou de 16h à 17h", ""},
		{"18h-9h", ""},
		{"18h-18h", ""},
		{"25h-26h", ""},
		{"14", ""},
		{"14-16", ""},
		{"toute la journée", ""},
		{"6 septembre à minuit", ""},
		{"avant vendredi 27 janvier à midi", ""},
		{"", ""},
	} {
		h, ok := parseHours(c.in)
		got := ""
		if ok {
			got = h.String()
		}
		if got != c.want {
			t.Errorf("parseHours(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// TestDatedHours has every form of a date with hours that the labels of dates were seen to hold.
func TestDatedHours(t *testing.T) {
	for _, c := range []struct{ in, day, hours string }{
		{"Lundi 6 décembre 2027", "12-06", ""},
		{"Mardi 13 décembre", "12-13", ""},
		{"mardi 17 septembre 2027 de 09h00 à 12h30", "09-17", "09:00-12:30"},
		{"Mercredi 1er décembre, 17h-18h", "12-01", "17:00-18:00"},
		{"les 8 et 9 avril 2027", "", ""},
		{"du 14 au 15 mai 2027", "", ""},
		{"jusqu’au 2 décembre 2027", "", ""},
	} {
		day, h, timed, ok := datedHours(c.in, true)
		if got := day.date().Format("01-02"); ok != (c.day != "") || ok && got != c.day {
			t.Errorf("datedHours(%q) = %s, %v, want %q", c.in, got, ok, c.day)
		}
		if timed != (c.hours != "") || timed && h.String() != c.hours {
			t.Errorf("datedHours(%q) has the hours %v, want %q", c.in, h, c.hours)
		}
	}
}

func TestOnline(t *testing.T) {
	for _, place := range []string{"100% en ligne", "100 % en ligne", "En ligne", "Webinaire 100% en ligne", "Evènement 100% en ligne sous forme de webinaire", "Virtual", "online",
		"Événement 100% en ligne : en direct sur la chaîne de la ville", "Visioconférence", "Community call (teleconference)", "Online, hosted by the institute", "Zoom"} {
		if !online(place) {
			t.Errorf("%q is taken for a place", place)
		}
	}
	for _, place := range []string{"", "Port-Merle", "En présentiel et en ligne", "Chicago, Illinois, USA, and online", "Bentham House (+ online)", "Salle Zoom", "12 rue du Port",
		"Formation continue, université", "Lieu de la transformation"} {
		if online(place) {
			t.Errorf("%q is not taken for a place", place)
		}
	}
}

func TestAddress(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/x ":         "https://a.example/x",
		"inscriptions.a.example":       "https://inscriptions.a.example",
		"www.a.example/x?y":            "https://www.a.example/x?y",
		"HTTP://a.example":             "http://a.example",
		"moi@a.example":                "mailto:moi@a.example",
		"http://mailto:moi@a.example":  "mailto:moi@a.example",
		"/uploads/a.pdf":               "/uploads/a.pdf",
		"//a.example/x":                "https://a.example/x",
		"https://a.ex/x http://b.ex/y": "https://a.ex/x",
		"LIEN":                         "",
		"null":                         "",
		"javascript:alert(1)":          "",
		"Cliquez ici":                  "",
		"M. Dupré, maire":              "",
		"14h30":                        "",
		"":                             "",
	} {
		if got := address(in); got != want {
			t.Errorf("address(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWanted(t *testing.T) {
	for path, want := range map[string]bool{
		"a.md": true, "_evenements/a.markdown": true, "a.TXT": true, "_data/events.yml": true, "events.json": true, "blog/x/index.md": true, "<<a>>: b.md": true,
		"_drafts/a.md": true,
		"":             false, "a": false, "a.old": false, "a.md.old": false, "a.md~": false, ".a.md": false, ".a.md.swp": false, "#a.md#": false, ".#a.md": false, "a.png": false,
		"README.md": false, "docs/readme.markdown": false, "CHANGELOG.md": false, "LICENSE.txt": false, "_index.md": false, "x/_index.md": false, "index.md": false, "x/index.html": false,
		"node_modules/a/b.md": false, "_site/a.html": false, "_layouts/a.html": false, ".git/a.md": false, "x/.hidden/a.md": false, "layouts/a.html": false, "package.json": false,
		"crieur.yaml": false, "_config.yml": false, "robots.txt": false, "~$lettre.md": false,
	} {
		if got := Wanted(path); got != want {
			t.Errorf("Wanted(%q) = %v, want %v", path, got, want)
		}
	}
}

// TestFold holds the quick way of folding to the thorough one.
func TestFold(t *testing.T) {
	for _, s := range []string{"", "  À l’Été\u202f–  ŒUVRE ", "E\u0301te\u0301", "100\u00a0%", "İstanbul", "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ", "9h‑10h", "\xff"} {
		if got, want := fold(s), foldAny(s); got != want {
			t.Errorf("fold(%q) = %q, want %q", s, got, want)
		}
	}
}
