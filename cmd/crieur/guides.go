package main

import (
	"embed"
	"fmt"
	"strings"
)

// The guides, which README links and “crieur help” shows.
//
//go:embed guides/*.md
var guideFiles embed.FS

// A guide is a text of a few screens for some of those who use crieur.
type guide struct{ name, what string }

// guides are all there are, as “crieur help” lists them.
func guides() []guide {
	return []guide{
		{"writing", "how to write events and articles"},
		{"rediger", "le même guide, en français"},
		{"operating", "how to run crieur, for years"},
		{"library", "how a Go program uses it"},
	}
}

// guideNamed returns the text of a guide.
func guideNamed(name string) (text string, ok bool) {
	data, err := guideFiles.ReadFile("guides/" + name + ".md")
	return string(data), err == nil
}

// listGuides says how each guide is called.
func listGuides() string {
	var b strings.Builder
	for _, g := range guides() {
		fmt.Fprintf(&b, "  crieur help %-9s  %s\n", g.name, g.what)
	}
	return b.String()
}
