package content

import (
	"fmt"
	"strings"
	"testing"
)

// numbered writes n lines, each with its number.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// TestBad shows what is said of files that cannot be read as they were meant: where it is, what was found, what was wanted, what to do.
func TestBad(t *testing.T) {
	type file struct{ name, path, data, want string }
	front := func(lines string) string { return "---\ntitle: Foire\n" + lines + "---\nLe texte.\n" }
	for _, c := range []file{
		// Front matter that never closes.
		{"never closed", "a.md", "---\ntitle: Foire\nstart: 2027-05-08\n\nLe texte.\n",
			"a.md:4:1: error unclosed: the front matter that begins with --- on line 1 never closes, want a line --- after its last key"},
		{"closed by too much", "a.md", "---\ntitle: Foire\n----\nLe texte.\n",
			`a.md:3:1: error unclosed: the front matter that begins with --- on line 1 is not closed by "----", want a line of --- and nothing else`},
		{"closed by dashes of another kind", "a.md", "---\ntitle: Foire\n———\nLe texte.\n",
			`a.md:3:1: error unclosed: the front matter that begins with --- on line 1 is not closed by "———", want a line of --- and nothing else`},
		{"closed as another language", "a.md", "+++\ntitle = \"Foire\"\n---\n",
			`a.md:3:1: error unclosed: the front matter that begins with +++ on line 1 is not closed by "---", want a line of +++ and nothing else`},
		{"JSON never closed", "a.json", "{\"title\": \"Foire\",\n",
			"a.json:2:1: error unclosed: JSON: the value that begins on line 1 is not closed, want } or ]"},

		// 10,000 keys.
		{"keys in front matter", "a.md", front(numbered(10_000, "k%d: 1\n")),
			"a.md:2:1: error size: the front matter has 88903 bytes, want at most 65536: move the text below it"},
		{"keys in YAML", "a.yml", numbered(10_000, "k%d: 1\n"),
			"a.yml:1001:1: error size: more than 1000 keys in one mapping, want fewer"},
		{"keys in JSON", "a.json", "{" + numbered(10_000, `"k%d": 1, `) + `"z": 1}`,
			"a.json:1:10892: error size: more than 1000 keys in one mapping, want fewer"},
		{"keys in TOML", "a.md", "+++\n" + numbered(5_000, "k%d = 1\n") + "+++\n",
			"a.md:1002:1: error size: more than 1000 keys in one mapping, want fewer"},
		{"a key that is a text", "a.yml", strings.Repeat("mot ", 10_000) + ": 1\n",
			"a.yml:1:1: error syntax: YAML: mapping values are not allowed in this context: a key of 40000 bytes, want at most 1000"},
		{"a quoted key that is a text", "a.json", `{"` + strings.Repeat("mot ", 10_000) + `": 1}`,
			"a.json:1:2: error size: a key of 40000 bytes, want at most 1000"},

		// Keys of the wrong type.
		{"start is a mapping", "a.md", front("start: {a: b}\n"),
			"a.md:3:8: error date: start is a mapping: want a date such as 2027-05-08 14:30, or a mapping with date and time"},
		{"end is a list", "a.md", front("start: 2027-05-08\nend: [a, b]\n"),
			"a.md:4:6: error date: end is a list: want one date"},
		{"title is a list", "a.md", "---\ntitle: [Foire, Fête]\ndate: 2027-05-08\n---\n",
			"a.md:2:8: warning type: title is a list, want a text; it is not used\na.md:2:1: notice title: no title is given, so the name of the file is used, \"A\": add title: …"},
		{"lieu is a list", "a.md", front("start: 2027-05-08\nlieu: [Halle]\n"),
			"a.md:4:7: warning type: lieu is a list, want a text; it is not used"},
		{"location has keys of its own", "a.md", front("start: 2027-05-08\nlocation: {x: Halle}\n"),
			"a.md:4:11: warning type: nothing in location is understood, want name, address, city: write a text, or these keys"},
		{"too many to ask", "a.md", front("start: 2027-05-08\ncontact: [" + numbered(21, "%d, ") + "]\n"),
			"a.md:4:10: warning size: contact has more than 20 values, or some stand too deep in it; the others are used: keep those that matter"},
		{"too deep to ask", "a.md", front("start: 2027-05-08\ncontact: {a: {b: {c: {d: 1}}}, e: 2}\n"),
			"a.md:4:10: warning size: contact has more than 20 values, or some stand too deep in it; the others are used: keep those that matter"},
		{"a contact that is a text", "a.md", front("start: 2027-05-08\ncontact: " + strings.Repeat("mot ", 400) + "\n"),
			"a.md:4:10: warning size: contact has 1599 characters, want at most 1000; it is cut"},
		{"tags are a mapping", "a.md", front("date: 2027-05-08\ntags: {a: b}\n"),
			"a.md:4:7: warning type: tags is a mapping, want a list of words; it is not used"},
		{"draft is no boolean", "a.md", front("date: 2027-05-08\ndraft: peut-être\n"),
			`a.md:4:8: warning type: draft is "peut-être", want true or false; it is not used`},
		{"permalink is a list", "a.md", front("date: 2027-05-08\npermalink: [/a/]\n"),
			"a.md:4:12: warning type: permalink is a list, want a text; it is not used"},
		{"status is a number", "a.md", front("start: 2027-05-08\nstatus: 7\n"),
			`a.md:4:9: warning status: status is "7", want confirmed, tentative or cancelled; it is not used`},
		{"a list for a header", "a.md", "---\n- a\n- b\n---\n",
			"a.md:2:1: error type: the front matter is a list, want lines of the form key: value"},
		{"a word for a header", "a.md", "---\ntitle\n---\n",
			`a.md:2:1: error type: the front matter is "title", want lines of the form key: value`},
		{"a key that is a list", "a.md", front("? [a]\n: b\n"),
			"a.md:3:3: error type: a key is a list, a mapping or an alias, want a word"},

		// Anchors and merges.
		{"anchors", "a.md", front("base: &b {lieu: Halle, start: 2027-05-08}\n<<: *b\nend: 2027-05-09\n"),
			""},
		{"no anchor", "a.md", front("start: *d\n"),
			"a.md:3:8: error syntax: YAML: unknown anchor 'd' referenced: no value above is marked &d: mark it, or write the value out; if it is a text, it needs quotation marks: start: '*d'"},
		{"an alias of itself", "a.md", front("a: &a [*a]\n"),
			"a.md:3:8: error alias: alias *a stands inside the value it repeats: write the value out"},
		{"a merge of itself", "a.md", front("a: &a {<<: *a}\n"),
			"a.md:3:12: error alias: alias *a stands inside the value it repeats: write the value out"},
		{"a merge of a word", "a.md", front("date: 2027-05-08\n<<: [mot, {tags: Port}]\n"),
			`a.md:4:6: warning type: << is "mot", want an alias of a mapping; nothing is merged: write the keys out`},
		{"aliases", "a.md", front("a: &a x\nb: [" + strings.Repeat("*a, ", 200) + "]\n"),
			"a.md:4:405: error alias: more than 100 aliases (*a), want fewer: write the values out"},
		{"aliases of a text", "a.yml", "a: &a " + strings.Repeat("mot ", 25_000) + "\nb: [*a, *a, *a]\n",
			"a.yml:2:13: error alias: aliases repeat more than 262144 bytes of text (*a), want less: write the values out, or split the file"},
		{"laughs", "a.md", front("a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n" +
			"d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"),
			"a.md:7:26: error size: more than 100000 values, want fewer: split the file"},

		// Tabs.
		{"a tab before a key", "a.md", front("\tstart: 2027-05-08\n"),
			"a.md:3:1: error syntax: YAML: found a tab character that violates indentation: the line is indented with a tab, want spaces"},
		{"a tab before an item", "a.md", front("tags:\n\t- a\n"),
			"a.md:4:1: error syntax: YAML: found character that cannot start any token: the line is indented with a tab, want spaces"},
		{"tabs after colons", "a.md", "---\ntitle:\tFoire\t2027\ndate:\t2027-05-08\n---\n",
			""},

		// A title of a million characters.
		{"a long title in front matter", "a.md", "---\ntitle: " + strings.Repeat("a", 1_000_000) + "\n---\n",
			"a.md:2:1: error size: the front matter has 1000008 bytes, want at most 65536: move the text below it"},
		{"a long title", "a.yml", "title: " + strings.Repeat("a", 1_000_000) + "\ndate: 2027-05-08\n",
			"a.yml:1:8: warning size: title has 1000000 characters, want at most 1000; it is cut"},

		// A date in the year 7, and other dates that cannot be meant.
		{"year 7", "a.md", front("start: 0007-08-31 23:09:21 +00:09\n"),
			"a.md:3:8: error date-range: start is 0007-08-31 23:09:21 +00:09, want a year from 1970 to 2200"},
		{"end in year 9", "a.md", front("start: 2027-05-08\nend: 0009-05-08\n"),
			"a.md:4:6: error date-range: end is 0009-05-08, want a year from 1970 to 2200"},
		{"an article of year 7", "2027-01-01-a.md", front("date: 0007-08-31\n"),
			"2027-01-01-a.md:3:7: warning date-range: date is 0007-08-31, want a year from 1970 to 2200; it is not used\n" +
				"2027-01-01-a.md:2:1: notice date-origin: no date is given, so that in the name of the file is used: 2027-01-01"},
		{"year 20270", "a.md", front("start: 20270-05-08\n"),
			`a.md:3:8: error date: start is "20270-05-08": want a date such as 2027-05-08 or 2027-05-08 14:30`},
		{"30 February", "a.md", front("start: 2027-02-30\n"),
			`a.md:3:8: error date: start is "2027-02-30": there is no such day`},

		// Two documents in one file.
		{"two of Markdown", "a.md", front("date: 2027-05-08\n") + "---\ntitle: Fête\ndate: 2027-05-09\n---\n",
			"a.md:7:1: warning not-record: a second front matter begins here, and is published as text: a file of text holds one record, want each in a file of its own"},
		{"two of JSON", "a.json", `{"title": "A", "date": "2027-05-08"} {"title": "B"}`,
			`a.json:1:37: error syntax: JSON: "{\"title\": \"B\"}" after the end of the value, want one value a file: several records are a list, [{…}, {…}]`},
		{"two of YAML are two records", "a.yml", "title: A\ndate: 2027-05-08\n---\ntitle: B\ndate: 2027-05-09\n",
			""},

		// Names of files.
		{"a name with a line break", "a\nb.md", front("date: 2027-05-08\n"), ""},
		{"a name that is not UTF-8", "a\xff.md", "---\ndate: 2027-05-08\n---\n",
			"a\xff.md:2:1: notice title: no title is given, so the name of the file is used, \"A\": add title: …"},

		// Bytes.
		{"Latin-1", "a.md", front("date: 2027-05-08\npage: \xe9cole\n"),
			"a.md:4:7: warning encoding: byte 0xE9 is not UTF-8; the file is read as Windows-1252: convert it with iconv -f WINDOWS-1252 -t UTF-8"},
		{"two encodings", "a.md", front("date: 2027-05-08\npage: école \xe9cole\n"),
			"a.md:4:14: warning encoding: byte 0xE9 is not UTF-8 (1 in the file, shown as \uFFFD): save the file again as UTF-8"},
		{"a zero byte", "a.md", front("date: 2027-05-08\npage: a\x00b\n"),
			"a.md:4:8: warning control: control character U+0000 (1 in the file), read as a space: delete it"},

		// What people do to YAML and JSON.
		{"a colon in a value", "a.md", "---\ntitle: Foire: le retour\n---\n",
			"a.md:2:13: error syntax: YAML: mapping values are not allowed in this context: a value with a colon and a space needs quotation marks: title: 'Foire: le retour'"},
		{"text after a quotation", "a.md", "---\ntitle: \"Foire\" du pont\n---\n",
			`a.md:2:8: error syntax: YAML: did not find expected key: text follows the closing quotation mark: inside '…' an apostrophe is written twice, title: '"Foire" du pont'`},
		{"an apostrophe in apostrophes", "a.md", front("lieu: 'l'école'\n"),
			"a.md:3:7: error syntax: YAML: did not find expected key: text follows the closing quotation mark: inside '…' an apostrophe is written twice, lieu: 'l''école'"},
		{"a list left open", "a.md", front("tags: [a, b\ndate: 2027-05-08\n"),
			"a.md:3:7: error syntax: YAML: did not find expected ',' or ']': what opens with [ is not closed; if it is a text, it needs quotation marks: tags: '[a, b'"},
		{"a line too far right", "a.md", front("  date: 2027-05-08\n"),
			"a.md:3:3: error syntax: YAML: mapping values are not allowed in this context: the line is indented more than the one above it, want it to begin below that"},
		{"a comma too many", "a.json", `{"title": "Foire",}`,
			"a.json:1:19: error syntax: JSON: invalid character '}' looking for beginning of object key string: delete the comma before it"},
		{"apostrophes in JSON", "a.json", `{"title": 'Foire'}`,
			`a.json:1:11: error syntax: JSON: invalid character '\'' looking for beginning of value: texts and keys stand in double quotation marks, "…"`},
		{"a text without quotation marks", "a.md", "+++\ntitle = Foire\n+++\n",
			`a.md:2:9: error syntax: TOML: unexpected character U+0046 'F' at start of value; want key = "text", with dates and numbers unquoted`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var told []string
			var faults []Fault
			records := Parse(c.path, []byte(c.data), &Options{Zone: zoneNamed(t, "Europe/Paris"), Language: "fr"}, func(f Fault) {
				faults = append(faults, f)
				told = append(told, fmt.Sprintf("%s: %s %s: %v", f.Pos, f.Severity, f.Rule, f.Err))
			})
			check(t, records, faults, []byte(c.data))
			if got := strings.Join(told, "\n"); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if refused := strings.Contains(c.want, ": error "); refused == (len(records) > 0) {
				t.Errorf("%d records", len(records))
			}
		})
	}
}
