package interop_test

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// randomDifferences are what readers of calendars are known to read otherwise
// in random events.
var randomDifferences = []difference{
	{"python-icalendar khal", "Summary", asPython, takesEscapesTwice},
	{"python-icalendar", "Location", asPython, takesEscapesTwice},
	{"khal", "Location", asKhal, takesEscapesTwice + ", and then trims what is left"},
	{"python-icalendar", "Description", asPython, takesEscapesTwice},
	{"python-icalendar khal", "URL", func(want, got string) bool { return got == pythonMarks.Replace(want) }, "takes %2C, %3A, %3B and %5C for escapes of its own"},
	{"python-icalendar khal", "Start", afterPytz, pytz},
	{"python-icalendar khal", "End", afterPytz, pytz},
	{"ruby-icalendar", "Summary", asRuby, unescapes},
	{"ruby-icalendar", "Location", asRuby, unescapes},
	{"ruby-icalendar", "Description", asRuby, unescapes},
	{"ruby-icalendar", "URL", func(want, _ string) bool { return strings.Contains(want, ";") }, "splits a URL at a semicolon"},
	{"ruby-icalendar", "URL", func(want, got string) bool {
		return strings.HasPrefix(want, "HTTP:") && got == "http"+want[len("http"):]
	}, "writes the scheme of a URL in lower case"},
	{"khal", "End", func(want, _ string) bool { return want == "" }, "gives an event without an end a whole day"},
	{"khal", "Start", floating, "prints a floating time in its own zone"},
	{"khal", "End", floating, "prints a floating time in its own zone"},
}

const (
	takesEscapesTwice = "undoes the escapes of a text twice, and one kind after the other"
	pytz              = "knows no summer time after 2037"
)

func asPython(want, got string) bool { return got == pythonText(want) }

func asKhal(want, got string) bool { return got == strings.TrimSpace(pythonText(want)) }

// pythonText is what python-icalendar 4 makes of a text: it puts marks for
// escapes, which it takes away again before it undoes escapes.
func pythonText(want string) string {
	s := textEscaper.Replace(want)
	for _, mark := range [][2]string{{`\,`, "%2C"}, {`\:`, "%3A"}, {`\;`, "%3B"}, {`\\`, "%5C"}} {
		s = strings.ReplaceAll(s, mark[0], mark[1])
	}
	s = pythonMarks.Replace(s)
	for _, escape := range [][2]string{{`\N`, `\n`}, {`\n`, "\n"}, {`\,`, ","}, {`\;`, ";"}, {`\\`, `\`}} {
		s = strings.ReplaceAll(s, escape[0], escape[1])
	}
	return s
}

// asRuby reports whether got is what ruby-icalendar makes of a text: it undoes
// one kind of escape after the other.
func asRuby(want, got string) bool {
	s := textEscaper.Replace(want)
	for _, escape := range [][2]string{{`\n`, "\n"}, {`\,`, ","}, {`\;`, ";"}, {`\\`, `\`}} {
		s = strings.ReplaceAll(s, escape[0], escape[1])
	}
	return got == s
}

var (
	textEscaper = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`)
	pythonMarks = strings.NewReplacer("%2C", ",", "%3A", ":", "%3B", ";", "%5C", `\`)
)

// afterPytz reports whether got is off by what clocks change (two hours, in
// Antarctica/Troll), in a year of which pytz knows no summer time.
func afterPytz(want, got string) bool {
	w, err := time.Parse(time.RFC3339, want)
	g, err2 := time.Parse(time.RFC3339, got)
	off := g.Sub(w).Abs()
	return cmp.Or(err, err2) == nil && w.Year() > 2037 && slices.Contains([]time.Duration{30 * time.Minute, time.Hour, 2 * time.Hour}, off)
}

func floating(want, got string) bool {
	return want != "" && got == want+"Z" && !strings.HasSuffix(want, "Z")
}
