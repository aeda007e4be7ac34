package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A command is what the first argument names. All that is said of it, by -h,
// in the manual and by a shell that completes, is made from this.
type command struct {
	name  string
	uses  []use
	help  string               // what it does, in paragraphs; what is indented is typed, or shown, as it is
	flags func() *flag.FlagSet // nil: it has none
	value string               // what its first argument is: see values
	run   func(ctx context.Context, args []string, stdout, stderr io.Writer) int
}

// A use is one way to call a command, and what it does then.
type use struct{ args, what string }

// commands are all there are, as “crieur help” lists them.
func commands() []command {
	flags := func(name string) func() *flag.FlagSet {
		return func() *flag.FlagSet { return new(options).flags(name) }
	}
	still := func(run func(args []string, stdout, stderr io.Writer) int) func(context.Context, []string, io.Writer, io.Writer) int {
		return func(_ context.Context, args []string, stdout, stderr io.Writer) int { return run(args, stdout, stderr) }
	}
	return []command{
		{"serve", []use{{"[flags] DIR", "watch DIR, publish, and serve on :8080 (the main job)"}}, serveHelp, flags("serve"), "folder", serve},
		{"build", []use{{"[flags] DIR", "publish once into DIR/public and stop"}}, buildHelp, flags("build"), "folder", still(build)},
		{"check", []use{
			{"[flags] DIR", "report every fault, one a line; exit 1 if any is an error"},
			{"-explain RULE", "say what a rule means, and what to do"},
			{"FILE.ics ...", "report what is wrong with calendars of any origin"},
		}, checkHelp, flags("check"), "file", still(check)},
		{"doctor", []use{{"[flags] DIR", "name what will hurt on this machine before it does; exit 1 if anything is bad"}}, doctorHelp, flags("doctor"), "folder", still(doctor)},
		{"init", []use{{"[flags] DIR", "write a commented crieur.yaml that fits what DIR contains"}}, initHelp, flags("init"), "folder", still(initialize)},
		{"history", []use{{"[flags] DIR [RECORD]", "tell what was published, and move it to another machine"}}, historyHelp, func() *flag.FlagSet { return new(telling).flags() }, "folder", still(history)},
		{"secret", []use{{"[flags] DIR", "show the addresses of secret channels, and make their tokens"}}, secretHelp, flags("secret"), "folder", still(secrets)},
		{"schema", []use{{"config|record", "write a JSON Schema of crieur.yaml, or of records, for editors"}}, schemaHelp, nil, "config|record", still(writeSchema)},
		{"completion", []use{{"bash|zsh|fish", "write what a shell needs to complete commands and flags"}}, completionHelp, nil, "bash|zsh|fish", still(completion)},
		{"man", []use{{"", "write the manual page"}}, manHelp, nil, "", still(manual)},
		{"version", []use{{"", "say which version this is, and which time zone data it uses"}}, "", nil, "", still(writeVersion)},
		{"help", []use{{"[COMMAND|GUIDE]", "explain a command and its flags, or show a guide"}}, helpHelp(), nil, "command", still(explainCommand)},
	}
}

// commandNamed finds a command.
func commandNamed(name string) (command, bool) {
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		return command{}, false
	}
	return all[i], true
}

// usage says how the program is called.
func usage() string {
	const indent = "  crieur "
	var b strings.Builder
	b.WriteString("crieur publishes a folder of events and articles as calendars and feeds.\n\nusage:\n\n")
	width := 0
	for _, c := range commands() {
		for _, u := range c.uses {
			width = max(width, len(c.name)+1+len(u.args))
		}
	}
	for _, c := range commands() {
		for _, u := range c.uses {
			fmt.Fprintf(&b, "%s%-*s  %s\n", indent, width, strings.TrimSuffix(c.name+" "+u.args, " "), u.what)
		}
	}
	b.WriteString(`
“crieur COMMAND -h” explains the flags; “crieur help writing”, rediger, operating and
library are guides. DIR is a folder of Markdown, HTML, text
or YAML files; no configuration is needed to begin with.
`)
	return b.String()
}

// usage says how the command is called, what it does, and what its flags are.
func (c command) usage() string {
	var b bytes.Buffer
	for i, u := range c.uses {
		fmt.Fprintf(&b, "%-6s %s\n", []string{"usage:", ""}[min(i, 1)], strings.TrimSuffix("crieur "+c.name+" "+u.args, " "))
	}
	if c.help == "" {
		fmt.Fprintf(&b, "\n%s.\n", sentence(c.uses[0].what))
	} else {
		fmt.Fprintf(&b, "\n%s", c.help)
	}
	if c.flags != nil {
		b.WriteString("\nflags:\n")
		flags := c.flags()
		flags.SetOutput(&b)
		flags.PrintDefaults()
	}
	return b.String()
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// parseFlags reads the flags of a command; flags nil: it has none. The int is
// the exit status where there is nothing more to do, else -1.
func parseFlags(name string, flags *flag.FlagSet, args []string, stdout, stderr io.Writer) int {
	if flags == nil {
		flags = flag.NewFlagSet(name, flag.ContinueOnError)
	}
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	if err == nil {
		flags.VisitAll(func(f *flag.Flag) {
			if of := words(f); of != nil && !slices.Contains(of, f.Value.String()) {
				err = fmt.Errorf("-%s is %q, want %s", f.Name, f.Value, alternatives(of))
			}
		})
	}
	switch {
	case err == nil:
		return -1
	case errors.Is(err, flag.ErrHelp):
		c, _ := commandNamed(name)
		fmt.Fprint(stdout, c.usage())
		return exitOK
	}
	fmt.Fprintf(stderr, "crieur %s: %v; “crieur %[1]s -h” shows how it is called\n", name, err)
	return exitUsage
}

// words are those that the value of a flag may be, if its usage names them:
// `text|json`.
func words(f *flag.Flag) []string {
	if value, _ := flag.UnquoteUsage(f); strings.Contains(value, "|") {
		return strings.Split(value, "|")
	}
	return nil
}

// alternatives joins words: “text, json or sarif”.
func alternatives(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// explainCommand is “crieur help”.
func explainCommand(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		fmt.Fprint(stdout, usage())
		return exitOK
	}
	if text, ok := guideNamed(args[0]); ok {
		fmt.Fprint(stdout, text)
		return exitOK
	}
	c, ok := commandNamed(args[0])
	if !ok {
		return noCommand(args[0], stderr)
	}
	fmt.Fprint(stdout, c.usage())
	return exitOK
}

func helpHelp() string {
	return "Explains a command and its flags, as “crieur COMMAND -h” does, or shows a guide:\n\n" + listGuides()
}

func noCommand(name string, stderr io.Writer) int {
	fmt.Fprintf(stderr, "crieur: unknown command %q\n\n%s", name, usage())
	return exitUsage
}
