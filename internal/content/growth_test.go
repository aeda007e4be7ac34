package content

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// upTo writes lines or items, each with its number, until they are n bytes.
func upTo(n int, format string) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		if strings.Contains(format, "%") {
			fmt.Fprintf(&b, format, i)
		} else {
			b.WriteString(format)
		}
	}
	return b.String()
}

// rows writes mappings of 900 keys until they are n bytes.
func rows(n int, open, format, end string) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, open, i)
		for k := range 900 {
			fmt.Fprintf(&b, format, k)
		}
		b.WriteString(end)
	}
	return b.String()
}

// growing are files that take long, or much memory, for their size: what was the worst of each kind of hundreds that were tried. Without the
// limits and the care that is taken, most take quadratic time: seconds for a quarter of a megabyte, and a minute for a whole one.
var growing = []struct {
	name, path string
	data       func(n int) string
}{
	{"values on one line", "a.yml", func(n int) string { return "a: [" + upTo(n, "1,") + "]\n" }},
	{"values on one line, with accents", "a.yml", func(n int) string { return "a: [" + upTo(n, "é,") + "]\n" }},
	{"mappings on one line", "a.yml", func(n int) string { return "a: [" + upTo(n, "{a: 1},") + "]\n" }},
	{"an anchor at the end of a line", "a.yml", func(n int) string {
		return "a: [" + upTo(n, "x ") + ", &a y]\nb: [" + strings.Repeat("*a,", 99) + "]\n"
	}},
	{"aliases of a list", "a.yml", func(n int) string {
		return "a: &a [" + upTo(n/100, "x,") + "]\nb: [" + strings.Repeat("*a,", 90) + "]\n"
	}},
	{"aliases of a body", "a.yml", func(n int) string {
		return "- title: a\n  start: 2027-01-01\n  body: &a " + upTo(n/100, "x ") + "\n" + strings.Repeat("- {title: b, start: 2027-01-01, body: *a}\n", 90)
	}},
	{"merges", "a.yml", func(n int) string {
		return "a: &a {" + numbered(900, "k%d: 1,") + "}\nb:\n" + strings.Repeat("- {<<: *a}\n", min(90, n/11))
	}},
	{"anchors", "a.yml", func(n int) string { return "a:\n" + upTo(n, "- &a%d x\n") }},
	{"tags", "a.yml", func(n int) string { return "a: [" + upTo(n, "!!str x,") + "]\n" }},
	{"directives", "a.yml", func(n int) string { return upTo(n, "%%TAG !a%d! b\n") + "---\na: 1\n" }},
	{"documents", "a.yml", func(n int) string { return upTo(n, "---\n{title: a, start: 2027-01-01}\n") }},
	{"empty documents", "a.yml", func(n int) string { return upTo(n, "--- x\n") }},
	{"comments", "a.yml", func(n int) string { return upTo(n, "k%d: 1 # x\n") }},
	{"lists in lists", "a.yml", func(n int) string { return "a:\n" + upTo(n, strings.Repeat("- ", 60)+"1\n") }},
	{"brackets in brackets", "a.yml", func(n int) string {
		return "a: [" + upTo(n, strings.Repeat("[", 50)+strings.Repeat("]", 50)+",") + "]\n"
	}},
	{"stairs", "a.yml", func(n int) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			b.WriteString(strings.Repeat(" ", i) + "a:\n")
		}
		return b.String()
	}},
	{"block of text", "a.yml", func(n int) string { return "a: |\n" + upTo(n, "  x\n") }},
	{"blank lines", "a.yml", func(n int) string { return "a: >\n" + upTo(n, "\n") + "  x\n" }},
	{"quoted lines", "a.yml", func(n int) string { return `a: "` + upTo(n, "x\n") }},
	{"escapes", "a.yml", func(n int) string { return `a: "` + upTo(n, `\U0001F600`) + `"` }},
	{"carriage returns", "a.yml", func(n int) string { return "a: 1" + upTo(n, "\r") }},
	{"tabs", "a.yml", func(n int) string { return "a:" + upTo(n, "\t") + "x\n" }},
	{"long lines before a mistake", "a.yml", func(n int) string {
		return upTo(n, "k%d: "+strings.Repeat("x", n/150)+"\n") + "x: \"\n"
	}},
	{"long lines after a mistake", "a.yml", func(n int) string {
		return "a: b: c\n" + upTo(n, "k%d: ["+strings.Repeat("x,", n/300)+"]\n")
	}},
	{"keys of mappings", "a.yml", func(n int) string { return rows(n, "m%d:\n", "  k%03d: 1\n", "") }},
	{"keys of records", "a.yml", func(n int) string {
		return rows(n, "- title: x%d\n  start: 2027-01-01\n", "  k%03d: 1\n", "")
	}},
	{"keys of objects", "a.json", func(n int) string { return "{" + rows(n, `"m%d":{`, `"k%03d":1,`, `"z":1},`) + `"z":1}` }},
	{"records", "a.yml", func(n int) string { return upTo(n, "- title: x%d\n  start: 2027-01-01 14:00\n  lieu: a\n") }},
	{"records with mistakes", "a.json", func(n int) string {
		return `[` + upTo(n, `{"title":"x%d","start":"y"},`) + `{"title":"x","date":"2027-01-01"}]`
	}},
	{"numbers", "a.json", func(n int) string { return `{"a":[` + upTo(n, "1e1,") + `1]}` }},
	{"a number", "a.json", func(n int) string { return `{"title":"x","date":"2027-01-01","a":` + upTo(n, "1") + `}` }},
	{"objects in objects", "a.json", func(n int) string { return upTo(n, `{"a":`) }},
	{"TOML in TOML", "a.md", func(n int) string { return "+++\na = " + upTo(min(n, maxHeader-100), "{a=") + "\n+++\n" }},
	{"dotted keys", "a.md", func(n int) string {
		return "+++\n" + upTo(min(n, maxHeader-200), strings.Repeat("a.", 50)+"b%d = 1\n") + "+++\n"
	}},

	{"tags of a record", "a.yml", func(n int) string { return "title: x\ndate: 2027-01-01\ntags: '" + upTo(n, "%d,") + "'\n" }},
	{"files of a record", "a.yml", func(n int) string { return "title: x\ndate: 2027-01-01\nfiles: [" + upTo(n, "a.fr/%d,") + "]\n" }},
	{"details of a record", "a.yml", func(n int) string {
		return "title: x\ndate: 2027-01-01\ndetails: [" + upTo(n, "{label: a%d, link: a.fr/%[1]d},") + "]\n"
	}},
	{"lines of a place", "a.yml", func(n int) string { return "title: x\nstart: 2027-01-01\nlieu: \"" + upTo(n, `a\n`) + "\"\n" }},
	{"words of a place", "a.yml", func(n int) string { return "title: x\nstart: 2027-01-01\nlieu: " + upTo(n, "en ligne et ") + "\n" }},
	{"a date of ligatures", "a.yml", func(n int) string { return "title: x\nstart: " + upTo(n, "\uFDFA") + "\n" }},
	{"hours without end", "a.yml", func(n int) string { return "title: x\nstart: 2027-01-01\nhoraires: " + upTo(n, "14h-18h ") + "\n" }},
	{"dates of an event", "a.md", func(n int) string {
		return "---\ntitle: x\neventinfo: {dates: {extra: {2027-01-01: x, 2027-01-02: x}}}\n---\n" + upTo(min(n, maxBody-100), "mot ")
	}},
	{"titles of marks", "a.yml", func(n int) string {
		return upTo(n, "- {title: '"+strings.Repeat("![a](", 50)+"', start: 2027-01-01}\n")
	}},

	{"cells", "a.csv", func(n int) string { return "title,start\n" + upTo(n, ",") + "\n" }},
	{"columns", "a.csv", func(n int) string { return "title,start" + upTo(n, ",") + "\n" }},
	{"rows of many columns", "a.csv", func(n int) string {
		return "title,start" + numbered(min(988, n/8), ",c%d") + "\n" + upTo(n, "a,2027-05-08"+strings.Repeat(",x", min(988, n/8))+"\n")
	}},
	{"rows", "a.csv", func(n int) string { return "title,start\n" + upTo(n, "a,2027-05-08\n") }},
	{"rows of marks", "a.csv", func(n int) string { return "title,start\n" + upTo(n, strings.Repeat("![a](", 50)+",2027-05-08\n") }},
	{"a programme", "a.md", func(n int) string {
		return "---\ntitle: x\nstart: 2027-05-08 09:00\nend: 2027-05-28 18:00\nprogramme: true\n---\n" + upTo(n-100, "* 9h-10h : a\n  * 9h-9h30 : b\n    * 9h : c\n")
	}},

	{"lines that are no title", "a.md", func(n int) string { return upTo(n, "**\n") }},
	{"long lines that are no title", "a.md", func(n int) string { return upTo(n, strings.Repeat("![a](", 800)+"\n") }},
	{"headings that say nothing", "a.md", func(n int) string { return upTo(n, "# "+strings.Repeat("<b>", 1000)+"\n") }},
	{"a heading of HTML", "a.html", func(n int) string { return "---\ndate: 2027-01-01\n---\n<h1>" + upTo(n, "[a](b ") + "</h1>" }},
	{"years", "a.txt", func(n int) string { return "Un titre.\n" + upTo(n, "5 mars 2027 ") }},
	{"years of ligatures", "a.txt", func(n int) string { return "Un titre.\n" + upTo(n, strings.Repeat("\uFDFA", 8)+"2027 ") }},
	{"bytes that are not UTF-8", "a.md", func(n int) string { return "é" + upTo(n, "\xff") }},
	{"controls", "a.md", func(n int) string { return upTo(n, "\x01a") }},
	{"front matter without end", "a.md", func(n int) string { return "---\n" + upTo(n, "a: 1\n\n") }},
	{"front matter again", "a.md", func(n int) string { return "---\ntitle: a\n" + upTo(n, "---\ntitle: a\n") }},
}

// racing is whether the race detector is on. Pools forget at random what is put into them then, so that memory cannot be measured, and all is slow.
var racing bool

// TestGrowth reads them at several sizes up to a megabyte, since what is refused for its size is worst a little below. The goal is 250 ms and
// 64 MB on a quiet machine; since a busy one is slow, what fails is processor time that grows faster than the file, and much of it.
func TestGrowth(t *testing.T) {
	if racing {
		t.Skip("neither time nor memory says anything under the race detector")
	}
	measure := func(path string, data []byte) (took time.Duration, allocated uint64) {
		took = time.Hour
		var before, after runtime.MemStats
		for range 3 {
			runtime.ReadMemStats(&before)
			begin := cpuTime()
			Parse(path, data, nil, func(Fault) {})
			took = min(took, cpuTime()-begin)
			runtime.ReadMemStats(&after)
			if took < 100*time.Millisecond {
				break
			}
		}
		return took, after.TotalAlloc - before.TotalAlloc
	}
	sizes := []int{62_500, 190_000, 500_000, 1_000_000}
	for _, c := range growing {
		t.Run(c.name, func(t *testing.T) {
			var small time.Duration // for the first 1/16
			for _, n := range sizes {
				took, allocated := measure(c.path, []byte(c.data(n)))
				if small == 0 {
					small = took
				}
				if took > time.Second && took > 2*small*time.Duration(n)/62_500 {
					t.Errorf("%d bytes took %v, and the first 62,500 of them %v", n, took, small)
				}
				// All that is allocated, of which most is garbage before long: what is there at once is 64 MB at most.
				if allocated > 128<<20 {
					t.Errorf("%d bytes: allocated %d MB", n, allocated>>20)
				}
				t.Logf("%d bytes: %v, %d MB allocated", n, took, allocated>>20)
			}
		})
	}
}
