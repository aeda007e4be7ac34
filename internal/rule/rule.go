// Package rule explains the rules that faults name: what each means, an example that causes it, and what to do.
//
// A rule is a file of the folder rules, NAME.txtar. Its text is paragraphs: the first says in one line what was found, the
// last what to do, those between what it means. The files after it are the example: a content tree, was/ what was published
// before it, and says what crieur says of it, which the tests write (go test -update) and hold.
package rule

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

//go:embed rules
var rules embed.FS

// A Rule is what is known of one rule. The zero Rule is none.
type Rule struct {
	Name    string // as in the faults: "date-order"
	Summary string // one line, lower case, without a full stop
	Meaning string // paragraphs of one line each; empty: the summary says it all
	Advice  string // one paragraph

	Example []txtar.File // by their paths in the content folder; empty: it cannot be shown with files of text
	Says    string       // the faults of the example, a line each
}

// All returns all rules, by name.
func All() []Rule {
	entries, err := fs.ReadDir(rules, "rules")
	if err != nil {
		return nil // the folder is part of the program
	}
	all := make([]Rule, 0, len(entries))
	for _, e := range entries {
		if r, ok := Named(strings.TrimSuffix(e.Name(), ".txtar")); ok {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b Rule) int { return strings.Compare(a.Name, b.Name) }) // "date" before "date-order"
	return all
}

// Named returns the rule of a name.
func Named(name string) (Rule, bool) {
	data, err := rules.ReadFile("rules/" + name + ".txtar")
	if err != nil {
		return Rule{}, false
	}
	archive := txtar.Parse(data)
	paragraphs := strings.Split(strings.TrimSpace(string(archive.Comment)), "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = strings.Join(strings.Fields(p), " ")
	}
	last := len(paragraphs) - 1
	r := Rule{Name: name, Summary: paragraphs[0], Advice: paragraphs[last]}
	if last > 0 {
		r.Meaning = strings.Join(paragraphs[1:last], "\n\n")
	}
	for _, f := range archive.Files {
		if f.Name == "says" {
			r.Says = strings.TrimSuffix(string(f.Data), "\n")
		} else {
			r.Example = append(r.Example, f)
		}
	}
	return r, true
}

// String returns all of r as text for people.
func (r Rule) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", r.Name, r.Summary)
	if r.Meaning != "" {
		for p := range strings.SplitSeq(r.Meaning, "\n\n") {
			fmt.Fprintf(&b, "\n%s\n", wrap(p))
		}
	}
	was := false
	for i, f := range r.Example {
		lead := "and in "
		if name, before := strings.CutPrefix(f.Name, "was/"); before {
			f.Name, was, lead = name, true, "and this was published from "
		} else if was {
			lead = "and now this stands in "
		}
		if i == 0 {
			lead = "For example, " + strings.TrimPrefix(lead, "and ")
		}
		fmt.Fprintf(&b, "\n%s%s:\n\n", lead, f.Name)
		indent(&b, strings.TrimSuffix(string(f.Data), "\n"))
	}
	if r.Says != "" {
		b.WriteString("\nCrieur says:\n\n")
		indent(&b, r.Says)
	}
	fmt.Fprintf(&b, "\n%s\n", wrap("What to do: "+r.Advice))
	return b.String()
}

func indent(b *strings.Builder, text string) {
	for line := range strings.SplitSeq(text, "\n") {
		b.WriteString(strings.TrimRight("    "+line, " ") + "\n")
	}
}

// wrap breaks a paragraph into lines that a terminal shows whole.
func wrap(p string) string {
	const width = 80
	var b strings.Builder
	n := 0
	for word := range strings.FieldsSeq(p) {
		size := len([]rune(word))
		switch {
		case n == 0:
		case n+1+size > width:
			b.WriteByte('\n')
			n = 0
		default:
			b.WriteByte(' ')
			n++
		}
		b.WriteString(word)
		n += size
	}
	return b.String()
}
