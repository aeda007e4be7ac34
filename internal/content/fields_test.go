package content

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// What a configuration names is read there, and nowhere else.
func TestFields(t *testing.T) {
	day := "start: 2027-05-08\n"
	at := "start: 2027-05-08 14:00\n"
	untested := FieldNames()
	for _, c := range []struct{ field, path, yaml, want string }{
		{"start", "quand", "quand: 2027-06-01 10:00\nstart: 2027-05-08 14:00\n", "2027-06-01 10:00"},
		{"start", "seance.debut", "seance: {debut: 2027-06-01 10:00}\neventinfo: {dates: {extra: {2027-01-01 18:00-20:00: }}}\n", "2027-06-01 10:00"},
		{"end", "jusque", at + "jusque: 2027-05-08 17:00\nend: 2027-05-08 15:00\n", "2027-05-08 14:00-17:00"},
		{"start_time", "ouverture", day + "ouverture: 9h30\nstarttime: 8h\n", "2027-05-08 09:30"},
		{"end_time", "fermeture", at + "fermeture: 18h\nendtime: 17h\n", "2027-05-08 14:00-18:00"},
		{"hours", "infos[nom=ouvert].texte", day + "horaires: 9h-10h\ninfos:\n- {nom: Fermé, texte: 12h-13h}\n- {nom: 'OUVERT : ', texte: 14h-17h}\n", "2027-05-08 14:00-17:00"},
		{"hours", "infos[nom=Date].texte", day + "infos: [{nom: Date, texte: samedi 8 mai 2027 de 14h à 17h}]\n", "2027-05-08 14:00-17:00"},
		{"hours", "", day + "champs_informations: [{intitule: Horaires, contenu: 14h-17h}]\n", "2027-05-08"},
		{"duration", "longueur", at + "longueur: 2h\nduration: 1h\n", "2027-05-08 14:00-16:00"},
		{"all_day", "entier", at + "entier: true\n", "2027-05-08"},
		{"dates", "seances", "seances: {2027-05-08 14:00-16:00: }\n", "2027-05-08 14:00-16:00"},
		{"periodics", "cours", "cours: [{start: 2027-05-08, end: 2027-05-08, rule: every day, starttime: 14:00, endtime: 16:00}]\n", "2027-05-08 14:00-16:00"},
		{"timezone", "heure_de", at + "heure_de: Indian/Reunion\ntimezone: Europe/Paris\n", "Indian/Reunion"},
		{"rrule", "regle", at + "regle: FREQ=WEEKLY\nrrule: FREQ=DAILY\n", "FREQ=WEEKLY"},
		{"rdate", "aussi", at + "rrule: FREQ=WEEKLY\naussi: 2027-05-09\nrdate: 2027-05-10\n", "also [2027-05-09]"},
		{"exdate", "sauf", at + "rrule: FREQ=WEEKLY\nsauf: 2027-05-15\nexdate: 2027-05-22\n", "except [2027-05-15]"},
		{"reminder", "alerte", at + "alerte: 2h\nreminder: 1h\n", "[2h0m0s]"},
		{"location", "ou", at + "ou: Halle aux grains\nlieu: Mairie\nville: Brume\n", "Halle aux grains"},
		{"location", "ou", at + "ou: null\nlieu: Mairie\nville: Brume\n", "place ;"},
		{"place", "salle", at + "salle: Halle aux grains\nlieu: Mairie\nadresse: 1 quai Neuf\n", "Halle aux grains, 1 quai Neuf"},
		{"address", "rue", at + "lieu: Mairie\nrue: 2 rue Haute\nadresse: 1 quai Neuf\n", "Mairie, 2 rue Haute"},
		{"city", "commune", at + "commune: Brume\ncity: Merle\n", "place Brume"},
		{"country", "etat", at + "ville: Brume\netat: Valmeuse\ncountry: Merlie\n", "place Brume, Valmeuse"},
		{"latitude", "gps[0]", at + "gps: [48.5, 2.5]\nlat: 1\nlong: 2.5\n", "48.5, 2.5"},
		{"longitude", "gps[1]", at + "gps: [48.5, 2.5]\nlat: 48.5\nlong: 1\n", "48.5, 2.5"},
		{"meeting", "salon", at + "salon: https://salon.example/1\nvisio: https://visio.example/2\n", "https://salon.example/1"},
		{"title", "intitule", "intitule: Foire\ntitle: Autre\n", `title "Foire"`},
		{"summary", "accroche", "accroche: Venez\nsummary: Autre\n", `summary "Venez"`},
		{"body", "recit", "recit: Il était une fois\n", `body "Il était une fois"`},
		{"uid", "cle", "cle: x@brume.example\nuid: y@brume.example\n", "x@brume.example"},
		{"language", "en_langue", "en_langue: en\nlang: fr\n", "language en"},
		{"status", "etat", at + "etat: provisoire\nstatus: confirmed\n", "tentative"},
		{"cancelled", "supprime", at + "supprime: oui\n", "cancelled"},
		{"published", "mise_en_ligne", "mise_en_ligne: 2026-05-01\ndate: 2026-05-02\n", "published 2026-05-01"},
		{"updated", "revu", "revu: 2026-05-03\nlastmod: 2026-05-04\n", "updated 2026-05-03"},
		{"not_before", "des", "des: 2026-05-03\npublishdate: 2026-05-04\n", "from 2026-05-03"},
		{"not_after", "retrait", "retrait: 2026-05-03\nexpirydate: 2026-05-04\n", "until 2026-05-03"},
		{"categories", "genres[].nom", "", "path"},
		{"categories", "genres.nom", "genres: [{nom: Fête}, {nom: Bal}]\ncategories: [Autre]\n", "[Fête Bal]"},
		{"tags", "mots", "mots: [quai, port]\ntags: [autre]\n", "[quai port]"},
		{"image", "photos[1].fichier", "photos: [{fichier: /a.jpg}, {fichier: /b.jpg}]\nimage: /c.jpg\n", "/b.jpg"},
		{"image_alt", "legende", "image: /c.jpg\nlegende: Le quai\nimage_alt: Autre\n", "Le quai"},
		{"files", "pieces", "pieces: [/a.pdf, {url: /b.pdf}]\nfiles: [/c.pdf]\n", "[/a.pdf /b.pdf]"},
		{"links", "boutons.lien", "boutons: [{lien: a.example}, {lien: b.example}]\nlien: c.example\n", "[https://a.example https://b.example]"},
		{"details", "pratique", "pratique: [{intitule: Tarif, contenu: gratuit}]\ninformations: [{intitule: Autre, contenu: rien}]\n", "[Tarif: gratuit]"},
		{"access", "trajet", "trajet: Bus 6\nacces: Bus 7\n", "[Accès: Bus 6]"},
		{"organizer", "par.qui", at + "par: {qui: Port de Merle}\norganizer: Autre\n", "by Port de Merle"},
		{"contact", "joindre", "joindre: port@brume.example\ncontact: autre@brume.example\n", "port@brume.example"},
		{"authors", "plume", "plume: Ana\nauthor: Bo\n", "[Ana]"},
		{"permalink", "adresse_web", "adresse_web: /foire/\npermalink: /autre/\n", "at /foire/"},
		{"slug", "court", "permalink: /x/:slug/\ncourt: foire\nslug: autre\n", "at /x/foire/"},
		{"redirect", "vers", "vers: https://ailleurs.example/\nredirection: https://autre.example/\n", "at https://ailleurs.example/"},
	} {
		untested = slices.DeleteFunc(untested, func(name string) bool { return name == c.field })
		t.Run(c.field+" "+c.path, func(t *testing.T) {
			named := map[string][]string{c.field: {c.path}}
			if c.path == "" {
				named[c.field] = nil
			}
			f, err := NewFields(named)
			if c.want == "path" {
				if err == nil {
					t.Error("no error")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			opt := &Options{Zone: zoneNamed(t, "Europe/Paris"), Language: "fr", Collections: []Collection{{Fields: f}}}
			var faults []Fault
			all := Parse("a.md", []byte("---\n"+c.yaml+"---\n"), opt, func(f Fault) { faults = append(faults, f) })
			if len(all) != 1 {
				t.Fatalf("%d records, %v", len(all), faults)
			}
			if got := said(&all[0]); !strings.Contains(got, c.want) {
				t.Errorf("%s, want %s in it; %v", got, c.want, faults)
			}
		})
	}
	if len(untested) > 0 {
		t.Errorf("no case for %v", untested)
	}
}

// said is all that a record says, on one line.
func said(r *Record) string {
	var b strings.Builder
	for _, s := range []struct {
		before string
		t      time.Time
	}{{"published", r.Published}, {"updated", r.Updated}, {"from", r.NotBefore}, {"until", r.NotAfter}} {
		if !s.t.IsZero() {
			fmt.Fprintf(&b, "%s %s; ", s.before, s.t.Format(time.DateOnly))
		}
	}
	if r.Kind == Event {
		if b.WriteString(r.When.Start.Format(time.DateOnly)); !r.When.AllDay {
			b.WriteString(r.When.Start.Format(" 15:04"))
		}
		if !r.When.AllDay && !r.When.End.IsZero() {
			b.WriteString(r.When.End.Format("-15:04"))
		}
		fmt.Fprintf(&b, "; %v; place %s; ", r.When.Start.Location(), r.Location)
		days := func(list []time.Time) (all []string) {
			for _, d := range list {
				all = append(all, d.Format(time.DateOnly))
			}
			return all
		}
		fmt.Fprintf(&b, "%s also %v except %v; %v; ", r.Repeat.Rule, days(r.Repeat.Also), days(r.Repeat.Except), r.Reminders)
	}
	var links, details, files, authors []string
	for _, l := range r.Links {
		links = append(links, l.URL)
	}
	for _, d := range r.Details {
		details = append(details, d.Label+": "+d.Text)
	}
	for _, e := range r.Enclosures {
		files = append(files, e.URL)
	}
	for _, p := range r.Authors {
		authors = append(authors, p.Name)
	}
	fmt.Fprintf(&b, "title %q; summary %q; body %q; %s; language %s; %s; %v %v; %v; %s; ", r.Title, r.Summary, r.Body, r.UID, r.Language, r.Status, r.Latitude, r.Longitude, r.Online, r.Contact)
	fmt.Fprintf(&b, "%v; %v; %v, %v; %s %s; %v; %v; %v; by %s; %v; at %s", r.Categories, r.Tags, r.Latitude, r.Longitude, r.Image, r.ImageAlt, links, details, files, r.Organizer.Name, authors, r.Permalink)
	return b.String()
}

func TestPath(t *testing.T) {
	const source = "a: {b: un, c: [deux, trois]}\nl:\n- {k: X, v: quatre}\n- {k: ' x :', v: cinq}\n- {k: Été, v: six}\n- v: ''\nn: [[{v: sept}]]\nTop Key: huit\nm: {k: x, v: neuf}\n"
	for _, c := range []struct{ path, want string }{
		{"a.b", "un"}, {"A.B", "un"}, {" top key ", "huit"}, {"a.c", "a list"}, {"a.c[1]", "trois"}, {"a.c[2]", ""}, {"a.b[0]", "un"}, {"a.b[1]", ""},
		{"l.v", "quatre cinq six"}, {"l[0].v", "quatre"}, {"l[3].v", ""}, {"l[k=x].v", "quatre cinq"}, {"l[K = 'ete'].v", "six"}, {`l[k="x"].k`, "X x :"}, {"l[k=absent].v", ""},
		{"l[k=x]", "a mapping a mapping"}, {"n.v", ""}, {"n[0].v", "sept"}, {"m[k=x].v", "neuf"}, {"m[k=y].v", ""}, {"absent.b", ""}, {"a.b.c", ""},
	} {
		p, err := parsePath(c.path)
		if err != nil {
			t.Fatal(err)
		}
		src, _ := newSource("a.yaml", []byte(source), func(f Fault) { t.Error(f) })
		docs, err := src.readAllYAML()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		p.walk(&docs[0], func(e *entry) bool {
			text := strings.TrimSpace(e.value.text)
			if e.value.shape != scalar {
				text = e.value.what()
			}
			got = append(got, text)
			return true
		})
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s leads to %q, want %q", c.path, s, c.want)
		}
	}
}

func TestPathFaults(t *testing.T) {
	for path, want := range map[string]string{
		"": "a key is missing", "a.": "a key is missing", ".a": "a key is missing", "a..b": "a key is missing", "[0]": "a key is missing",
		"a[0": "a bracket is not closed", "a[x]": "[x] is neither", "a[]": "[] is neither", "a[-1]": "[-1] is neither", "a[=x]": "[=x] is neither", "a[k=]": "[k=] is neither",
		"a[0]b": `"b" cannot stand there`, "a]": `"]" cannot stand there`, "a[0][1]": `"[1]" cannot stand there`,
	} {
		if _, err := parsePath(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", path, err, want)
		}
	}
	if _, err := NewFields(map[string][]string{"titel": {"a"}}); err == nil || !strings.Contains(err.Error(), "access, address,") {
		t.Errorf("%v, want the names there are", err)
	}
	for _, name := range FieldNames() {
		if DescribeField(name) == "" {
			t.Errorf("nothing is said of %s", name)
		}
	}
	if DescribeField("titel") != "" || !slices.IsSorted(FieldNames()) {
		t.Error("the names are not in order")
	}
}

// The columns of a table that a configuration names are read, and are a table's by that.
func TestFieldsOfATable(t *testing.T) {
	f, err := NewFields(map[string][]string{"title": {"Nom de la manif"}, "start": {"quand"}, "location": {"salle"}})
	if err != nil {
		t.Fatal(err)
	}
	opt := &Options{Zone: zoneNamed(t, "Europe/Paris"), Language: "fr", Collections: []Collection{{Fields: f}}}
	all := Parse("a.csv", []byte("Titre;NOM DE LA MANIF;Quand;Lieu;Salle\nAutre;Foire;08/05/2027;Mairie;Halle\n"), opt, func(f Fault) {
		if f.Severity == Error {
			t.Error(f)
		}
	})
	if len(all) != 1 || !strings.Contains(said(&all[0]), "2027-05-08; UTC; place Halle;") || all[0].Title != "Foire" {
		t.Errorf("%+v", all)
	}
}

// Every path that leads somewhere is told, and no other.
func TestFieldsFound(t *testing.T) {
	f, err := NewFields(map[string][]string{"title": {"titre", "titel"}, "start": {"quand"}})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	opt := &Options{Collections: []Collection{{Path: "a", Fields: f}}, Found: func(path string) { found = append(found, path) }}
	for _, name := range []string{"a/1.md", "b/1.md"} {
		Parse(name, []byte("---\ntitre: x\nquand: demain\n---\n"), opt, func(Fault) {})
	}
	Parse("a/2.yaml", []byte("titre: x\n"), opt, func(Fault) {})
	slices.Sort(found)
	if got := strings.Join(found, " "); got != "quand titre titre" {
		t.Errorf("found %s", got)
	}
}
