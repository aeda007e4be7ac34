package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
)

const manHelp = `Writes the manual page of crieur, to look at or to install:

  crieur man | man -l -
  crieur man >/usr/local/share/man/man1/crieur.1
`

// manual writes the manual page. It is made from the help of the commands.
func manual(args []string, stdout, stderr io.Writer) int {
	if code := parseFlags("man", nil, args, stdout, stderr); code >= 0 {
		return code
	}
	if len(args) > 0 {
		fmt.Fprintf(stderr, "crieur man: want no argument, found %q\n", args[0])
		return exitUsage
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, ".\\\" Made by “crieur man”.\n.TH CRIEUR 1 \"%s\" crieur \"User commands\"\n", madeOn())
	b.WriteString(".SH NAME\ncrieur \\- publish a folder of events and articles as calendars and feeds\n.SH SYNOPSIS\n")
	for i, c := range commands() {
		for j, u := range c.uses {
			if i+j > 0 {
				b.WriteString(".br\n")
			}
			fmt.Fprintf(&b, ".B crieur %s\n", roff(c.name))
			if u.args != "" {
				fmt.Fprintf(&b, "%s\n", roff(u.args))
			}
		}
	}
	b.WriteString(".SH DESCRIPTION\n")
	paragraphs(&b, manualBegin)
	b.WriteString(".SH COMMANDS\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, ".SS crieur %s\n", roff(c.name))
		if c.help == "" {
			fmt.Fprintf(&b, "%s.\n", roff(sentence(c.uses[0].what)))
		} else {
			paragraphs(&b, c.help)
		}
		if c.flags == nil {
			continue
		}
		c.flags().VisitAll(func(f *flag.Flag) {
			value, usage := flag.UnquoteUsage(f)
			fmt.Fprintf(&b, ".TP\n\\fB\\-%s\\fR", roff(f.Name))
			if value != "" {
				fmt.Fprintf(&b, " \\fI%s\\fR", roff(value))
			}
			if f.DefValue != "" && f.DefValue != "false" {
				usage += " (default " + f.DefValue + ")"
			}
			fmt.Fprintf(&b, "\n%s", wrap(usage))
		})
	}
	b.WriteString(manualEnd)
	if _, err := stdout.Write(b.Bytes()); err != nil {
		fmt.Fprintln(stderr, "crieur man:", err)
		return exitUsage
	}
	return exitOK
}

const manualBegin = `crieur reads events and articles from the files in a folder: Markdown, HTML or text with
front matter, YAML, JSON, tables (.csv), and calendars (.ics). It publishes them as
calendars (iCalendar) and feeds (RSS, Atom, JSON Feed), with pages for people, and follows
every change. No configuration is needed to begin with. Flags come before the folder.
`

const manualEnd = `.SH EXIT STATUS
.TP
0
All went well.
.TP
1
The content has errors, or doctor found something bad.
.TP
2
A wrong call, a broken configuration, or a folder that cannot be read or
written.
.SH FILES
.TP
.I DIR/crieur.yaml
The configuration;
.B crieur init
writes one with comments, and
.B crieur schema config
its schema.
.TP
.I DIR/public
What is published.
.TP
.I DIR/.crieur
What was published: the identities and revisions that subscribers know. Keep it.
.TP
.I /srv/crieur/NAME
The content of the service crieur@NAME, which the Debian package brings:
.B systemctl enable \-\-now crieur@NAME
starts it.
.TP
.I /var/lib/crieur/NAME
What it published, in
.IR public ,
and its
.IR state .
.TP
.I /etc/default/crieur
Its flags, and in
.I /etc/default/crieur\-NAME
those of one site.
.SH ENVIRONMENT
.TP
.BR AWS_ENDPOINT_URL ", " AWS_REGION
Where the bucket of
.B \-bucket
is; without an endpoint it is Amazon\(aqs.
.TP
.BR AWS_ACCESS_KEY_ID ", " AWS_SECRET_ACCESS_KEY ", " AWS_SESSION_TOKEN ", " AWS_PROFILE
The keys to it; without, those that the files in
.I ~/.aws
or the machine give.
.TP
.B ZONEINFO
A folder, or a zip file, of time zone data to use before those of the system.
.SH STANDARDS
RFC 5545, RFC 7986 (iCalendar), RFC 4287 (Atom), RSS 2.0, JSON Feed 1.1.
`

// madeOn is the day of the commit that this program was built from, if it is
// known.
func madeOn() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if day, _, ok := strings.Cut(s.Value, "T"); ok && s.Key == "vcs.time" {
				return day
			}
		}
	}
	return ""
}

// paragraphs writes text as a help has it: its indented lines stay as they are.
func paragraphs(b *bytes.Buffer, text string) {
	for i, p := range strings.Split(strings.TrimSpace(text), "\n\n") {
		switch {
		case strings.HasPrefix(p, "  "):
			b.WriteString(".PP\n.RS 4\n.nf\n")
			for line := range strings.SplitSeq(p, "\n") {
				fmt.Fprintf(b, "%s\n", roff(strings.TrimPrefix(line, "  ")))
			}
			b.WriteString(".fi\n.RE\n")
			continue
		case i > 0:
			b.WriteString(".PP\n")
		}
		b.WriteString(wrap(p))
	}
}

// wrap breaks text into the short lines that a source of roff should have.
func wrap(text string) string {
	const most = 72
	var b strings.Builder
	n := 0
	for word := range strings.FieldsSeq(text) {
		switch {
		case n == 0:
		case n+1+len(word) > most:
			b.WriteByte('\n')
			n = 0
		default:
			b.WriteByte(' ')
			n++
		}
		b.WriteString(word)
		n += len(word)
	}
	return roff(b.String()) + "\n"
}

// roff writes text so that nothing in it is an instruction.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "~", `\(ti`, "^", `\(ha`, "…", "...").Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
