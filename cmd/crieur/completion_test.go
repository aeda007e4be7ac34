package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tool is the path of a program that a test needs, which Debian has in a
// package. Where it is missing the test is skipped, and fails with CI=true.
func tool(t *testing.T, name, pkg string) string {
	t.Helper()
	p, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatalf("%s is not here: apt-get install %s", name, pkg)
	}
	if err != nil {
		t.Skipf("%s is not here: apt-get install %s", name, pkg)
	}
	return p
}

// said is what a call of the program writes.
func said(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(context.Background(), args, &out, &errs); code != exitOK {
		t.Fatalf("crieur %q: status %d: %s", args, code, errs.String())
	}
	return out.String()
}

// Every shell completes every command, and every flag of it.
func TestCompletionIsWhole(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		script := said(t, "completion", shell)
		for _, c := range commands() {
			if !strings.Contains(script, c.name) {
				t.Errorf("%s: command %s is missing", shell, c.name)
			}
			if c.flags == nil {
				continue
			}
			c.flags().VisitAll(func(f *flag.Flag) {
				if !strings.Contains(script, "-"+f.Name) && !strings.Contains(script, "-o "+f.Name) {
					t.Errorf("%s: flag -%s of %s is missing", shell, f.Name, c.name)
				}
			})
		}
	}
}

// completions are lines that are being typed, and what the shell offers then.
var completions = []struct {
	line string // the last word is the one to complete
	want []string
}{
	{"crieur se", []string{"secret", "serve"}},
	{"crieur sch", []string{"schema"}},
	{"crieur check -f", []string{"-format"}},
	{"crieur check -format ", []string{"json", "sarif", "text"}},
	{"crieur check -explain date-ord", []string{"date-order"}},
	{"crieur serve -log-format j", []string{"json"}},
	{"crieur serve -state ", []string{"agenda/", "public/"}},
	{"crieur serve a", []string{"agenda/"}},
	{"crieur serve -now 2026-01-01 ag", []string{"agenda/"}},
	{"crieur build -config c", []string{"crieur.yaml"}},
	{"crieur schema ", []string{"config", "record"}},
	{"crieur completion f", []string{"fish"}},
	{"crieur help ve", []string{"version"}},
}

// place is a folder with the files that completions are about.
func place(t *testing.T) string {
	dir := t.TempDir()
	for _, name := range []string{"agenda", "public"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "crieur.yaml"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestCompletionOfBash(t *testing.T) {
	bash := tool(t, "bash", "bash")
	dir := place(t)
	more := append(slices.Clone(completions), []struct {
		line string
		want []string
	}{
		{"crieur check -format = s", []string{"sarif"}}, // bash makes three words of -format=s
		{"crieur check -format =", []string{"json", "sarif", "text"}},
		{"crieur check --format j", []string{"json"}},
	}...)
	for _, c := range more {
		// What readline would set, and then ask.
		script := said(t, "completion", "bash") + `
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_crieur
for w in "${COMPREPLY[@]}"; do if [[ -d $w ]]; then echo "$w/"; else echo "$w"; fi; done`
		cmd := exec.Command(bash, append([]string{"--norc", "-u", "-c", script, "bash"}, strings.Split(c.line, " ")...)...)
		cmd.Dir = dir
		compare(t, cmd, c.line, c.want)
	}
}

func TestCompletionOfFish(t *testing.T) {
	fish := tool(t, "fish", "fish")
	dir := place(t)
	for _, c := range completions {
		cmd := exec.Command(fish, "--no-config", "-c", said(t, "completion", "fish")+"complete -C "+quote(c.line))
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "HOME="+dir)
		compare(t, cmd, c.line, c.want)
	}
}

// Of zsh, which completes only where people type, what its own functions are
// asked for is compared.
func TestCompletionOfZsh(t *testing.T) {
	zsh := tool(t, "zsh", "zsh")
	script := `compdef() { :; }
` + said(t, "completion", "zsh") + `
_describe() { print -rl -- ${(P)2} }
_arguments() { print -rl -- "$@" }
words=("$@") CURRENT=$#
_crieur`
	for line, want := range map[string]string{
		"crieur ":              "schema:write a JSON Schema of crieur.yaml, or of records, for editors",
		"crieur check -format": "-format=[write the report as text|json|sarif]:text|json|sarif:(text json sarif)",
		"crieur serve -out":    "-out=[the folder to publish into (default DIR/public)]:folder:_files -/",
		"crieur build x":       "*:folder:_files -/",
		"crieur serve -now":    `-now=[a fixed time instead of the clock's\: 2026-11-22 or 2026-11-22T09\:00\:00+01\:00]:time: `,
		"crieur schema c":      `*:config|record:(config record)`,
	} {
		out, err := exec.Command(zsh, append([]string{"-f", "-c", script, "zsh"}, strings.Split(line, " ")...)...).CombinedOutput()
		if err != nil || !slices.Contains(strings.Split(string(out), "\n"), want) {
			t.Errorf("%s: want %s, found %v\n%s", line, want, err, out)
		}
	}
}

// compare runs a shell that prints what it would offer, a line each.
func compare(t *testing.T, cmd *exec.Cmd, line string, want []string) {
	t.Helper()
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil || errs.Len() > 0 {
		t.Fatalf("%s: %v\n%s", line, err, errs.String())
	}
	var got []string
	for l := range strings.Lines(string(out)) {
		word, _, _ := strings.Cut(strings.TrimSpace(l), "\t")
		got = append(got, word)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s: offered %q, want %q", line, got, want)
	}
}
