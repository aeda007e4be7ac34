package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/crieur/crieur/internal/rule"
)

const completionHelp = `Writes what a shell needs to complete the commands and flags of crieur, and the
values of flags. For the shell that runs:

  source <(crieur completion bash)
  source <(crieur completion zsh)
  crieur completion fish | source

and for all to come, where the shell looks by itself:

  crieur completion bash >~/.local/share/bash-completion/completions/crieur
  crieur completion zsh >"${fpath[1]}/_crieur"
  crieur completion fish >~/.config/fish/completions/crieur.fish
`

// completion writes the script of a shell. It is made from the flags as they
// are declared.
func completion(args []string, stdout, stderr io.Writer) int {
	if code := parseFlags("completion", nil, args, stdout, stderr); code >= 0 {
		return code
	}
	scripts := map[string]func(*bytes.Buffer){"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}
	if len(args) != 1 || scripts[args[0]] == nil {
		fmt.Fprintln(stderr, "crieur completion: want bash, zsh or fish; “crieur completion -h” shows how it is called")
		return exitUsage
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Made by “crieur completion %s”.\n\n", args[0])
	scripts[args[0]](&b)
	if _, err := stdout.Write(b.Bytes()); err != nil {
		fmt.Fprintln(stderr, "crieur completion:", err)
		return exitUsage
	}
	return exitOK
}

// A value is what a flag or an argument may be.
type value struct {
	name          string
	files, folder bool     // it is a path
	words         []string // it is one of these
}

// valueOf tells a value by its name, as usage texts say it.
func valueOf(name string) value {
	v := value{name: name}
	switch name {
	case "file":
		v.files = true
	case "folder":
		v.folder = true
	case "command":
		for _, c := range commands() {
			v.words = append(v.words, c.name)
		}
		for _, g := range guides() {
			v.words = append(v.words, g.name)
		}
	case "rule":
		for _, r := range rule.All() {
			v.words = append(v.words, r.Name)
		}
		slices.Sort(v.words)
	default:
		if strings.Contains(name, "|") {
			v.words = strings.Split(name, "|")
		}
	}
	return v
}

// A flagged is a flag as completion and the manual see it.
type flagged struct {
	name, usage string
	value       value // its name is empty where the flag takes none
}

func (c command) flagged() (all []flagged) {
	if c.flags == nil {
		return nil
	}
	c.flags().VisitAll(func(f *flag.Flag) {
		name, usage := flag.UnquoteUsage(f)
		all = append(all, flagged{f.Name, usage, valueOf(name)})
	})
	return all
}

func bashCompletion(b *bytes.Buffer) {
	b.WriteString(`_crieur() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} flags='' words='' kind=''
	if [[ $cur == = ]]; then
		cur=
	elif [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD-2]}
	fi
	COMPREPLY=()
`)
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	fmt.Fprintf(b, "\tif [[ $COMP_CWORD -eq 1 ]]; then\n\t\tmapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")\n\t\treturn\n\tfi\n", strings.Join(names, " "))
	b.WriteString("\tcase ${COMP_WORDS[1]} in\n")
	set := func(v value) string {
		switch {
		case v.files:
			return "kind=file"
		case v.folder:
			return "kind=directory"
		case v.words != nil:
			return "words='" + strings.Join(v.words, " ") + "'"
		}
		return "return"
	}
	for _, c := range commands() {
		fmt.Fprintf(b, "\t%s)\n", c.name)
		flags := "-h"
		var cases strings.Builder
		for _, f := range c.flagged() {
			flags += " -" + f.name
			if f.value.name != "" {
				fmt.Fprintf(&cases, "\t\t-%s | --%[1]s) %s ;;\n", f.name, set(f.value))
			}
		}
		fmt.Fprintf(b, "\t\tflags='%s'\n\t\tcase $prev in\n%s\t\t*) %s ;;\n\t\tesac\n\t\t;;\n", flags, cases.String(), strings.Replace(set(valueOf(c.value)), "return", ":", 1))
	}
	b.WriteString(`	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$cur")
	elif [[ -n $words ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	elif [[ -n $kind ]]; then
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -A "$kind" -- "$cur")
	fi
}
complete -F _crieur crieur
`)
}

func zshCompletion(b *bytes.Buffer) {
	body := bytes.Clone(b.Bytes())
	b.Reset()
	fmt.Fprintf(b, "#compdef crieur\n%s", body)
	b.WriteString("_crieur() {\n\tlocal -a commands=(\n")
	for _, c := range commands() {
		fmt.Fprintf(b, "\t\t%s\n", quote(c.name+":"+c.uses[0].what))
	}
	b.WriteString("\t)\n\tif (( CURRENT == 2 )); then\n\t\t_describe command commands\n\t\treturn\n\tfi\n\tshift words\n\t(( CURRENT-- ))\n\tcase $words[1] in\n")
	plain := strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, ":", `\:`)
	action := func(v value) string {
		switch {
		case v.files:
			return "_files"
		case v.folder:
			return "_files -/"
		case v.words != nil:
			return "(" + strings.Join(v.words, " ") + ")"
		}
		return " "
	}
	for _, c := range commands() {
		fmt.Fprintf(b, "\t%s)\n\t\t_arguments \\\n\t\t\t'-h[explain the command]'", c.name)
		for _, f := range c.flagged() {
			spec := "-" + f.name
			if f.value.name != "" {
				spec += "=[" + plain.Replace(f.usage) + "]:" + plain.Replace(f.value.name) + ":" + action(f.value)
			} else {
				spec += "[" + plain.Replace(f.usage) + "]"
			}
			fmt.Fprintf(b, " \\\n\t\t\t%s", quote(spec))
		}
		if v := valueOf(c.value); v.name != "" {
			fmt.Fprintf(b, " \\\n\t\t\t%s", quote("*:"+plain.Replace(v.name)+":"+action(v)))
		}
		b.WriteString("\n\t\t;;\n")
	}
	b.WriteString("\tesac\n}\nif [[ $funcstack[1] == _crieur ]]; then\n\t_crieur \"$@\"\nelse\n\tcompdef _crieur crieur\nfi\n")
}

func fishCompletion(b *bytes.Buffer) {
	b.WriteString("complete -c crieur -f\n")
	// What may stand where a flag or an argument ends.
	after := func(v value) string {
		switch {
		case v.files:
			return " -F"
		case v.folder:
			return " -a '(__fish_complete_directories)'"
		case v.words != nil:
			return " -a " + quote(strings.Join(v.words, " "))
		}
		return ""
	}
	for _, c := range commands() {
		fmt.Fprintf(b, "\ncomplete -c crieur -n __fish_use_subcommand -a %s -d %s\n", c.name, quote(c.uses[0].what))
		begin := fmt.Sprintf("complete -c crieur -n '__fish_seen_subcommand_from %s'", c.name)
		for _, f := range c.flagged() {
			fmt.Fprintf(b, "%s -o %s -d %s", begin, f.name, quote(f.usage))
			if f.value.name != "" {
				if !f.value.files {
					b.WriteString(" -f")
				}
				fmt.Fprintf(b, " -r%s", after(f.value))
			}
			b.WriteByte('\n')
		}
		if arguments := after(valueOf(c.value)); arguments != "" {
			fmt.Fprintf(b, "%s%s\n", begin, arguments)
		}
	}
}

// quote makes a text one word of a shell. None of ours has a backslash.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
