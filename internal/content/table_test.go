package content

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzTable: whatever stands in a cell, the row is read as it was written, and so is the one after it, on its line; a fault names the
// place of its cell.
func FuzzTable(f *testing.F) {
	f.Add("Bal \"masqué\", puis fête", "Salle\ndes fêtes", byte(0))
	f.Add("a;b\tc", ",,,\r\n\"", byte(1))
	f.Add("=1+1", "\u2028", byte(2))
	f.Add("M", "", byte(2))
	paris := zoneNamed(f, "Europe/Paris")
	f.Fuzz(func(t *testing.T, title, text string, sep byte) {
		want := plain(oneLine(cleanText(title)))
		if want == "" || want == "null" || len(want) > maxLine || !utf8.ValidString(title) || !utf8.ValidString(text) || strings.ContainsFunc(title+text, isOdd) || cancelledTitle(title) ||
			isSalutation.MatchString(fold(title)) { // a list of people
			t.Skip()
		}
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Comma = commas[int(sep)%len(commas)]
		w.WriteAll([][]string{{"Titre", "Texte", "Date de début"}, {title, text, "2027-05-08"}, {"Suite", "", "2027-05-09"}, {title, text, "demain"}})
		var faults []Fault
		records := Parse("a.csv", []byte(b.String()), &Options{Zone: paris, Language: "fr"}, func(f Fault) { faults = append(faults, f) })
		check(t, records, faults, []byte(b.String()))
		if len(records) != 2 || records[0].Title != want || records[1].Title != "Suite" || records[1].Line != 1+strings.Count(b.String()[:strings.Index(b.String(), "\nSuite")+1], "\n") {
			t.Errorf("%q is read as %v, faults %v", b.String(), records, faults)
		}
		at := strings.LastIndex(b.String(), "demain")
		if !slices.ContainsFunc(faults, func(f Fault) bool {
			return f.Rule == RuleDate && f.Pos.Offset == at && f.Pos.Line == strings.Count(b.String(), "\n") && f.Pos.Column == at-strings.LastIndex(b.String()[:at], "\n")
		}) {
			t.Errorf("%q has no fault at %d: %v", b.String(), at, faults)
		}
	})
}

func isOdd(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || 0x7F <= r && r < 0xA0 || r == '\uFEFF'
}

// TestColumns: what people write at the head of a column, and the key that it is.
func TestColumns(t *testing.T) {
	names := columnNames(nil)
	for cell, want := range map[string]string{
		"Titre": "titre", " TITRE  de l'évènement ": "titre", "Nom de la manifestation": "nom", "Date de début": "date_de_debut", "date_debut": "date_debut", "DATE-DE-FIN": "date_de_fin",
		"Heure de début": "heure_de_debut", "Date (JJ/MM/AAAA)": "date", "Catégories": "categories", "Mots-clés": "mots-cles", "Résumé": "resume", "Code postal": "code_postal",
		"Journée entière": "journee_entiere", "All day event": "all_day", "Event start date": "event_start_date", "Start Date": "start_date", "chapeau-text": "chapeau-text", "U.I.D.": "",
		"Tarif": "", "": "", "()": "", "Where": "lieu", "Lien d’inscription": "registration_url", strings.Repeat("x", 2000): "",
	} {
		if got := names.find(cell); got != want {
			t.Errorf("the column %q is %q, want %q", cell, got, want)
		}
	}
	for name, key := range otherNames {
		if columnName(name) != name || names[columnName(key)] == "" && names[name] != key {
			t.Errorf("%q for %q can never be found", name, key)
		}
	}
}
