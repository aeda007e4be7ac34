package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/durable"
)

const historyHelp = `Lists what was published from DIR: each record's state, revision, last change, file
and title. With a RECORD, which is an identity, a file, or the name of its page, it
tells the life of that one. Nothing is changed, and a daemon may go on meanwhile.

  crieur history DIR _evenements/fete.md

To move to another machine, or to keep what was published through a pipeline:

  crieur history -export history.json DIR
  crieur history -import history.json DIR    where nothing was published yet
`

// telling are the flags of history.
type telling struct{ state, export, imported string }

func (t *telling) flags() *flag.FlagSet {
	flags := flag.NewFlagSet("history", flag.ContinueOnError)
	flags.StringVar(&t.state, "state", "", "the `folder` that remembers what was published (default DIR/.crieur)")
	flags.StringVar(&t.export, "export", "", "write all of it as JSON to a `file` that you alone can read; - is the standard output")
	flags.StringVar(&t.imported, "import", "", "begin with what a `file` of -export holds")
	return flags
}

// history lists, explains, exports or imports what was published.
func history(args []string, stdout, stderr io.Writer) int {
	var t telling
	flags := t.flags()
	if code := parseFlags("history", flags, args, stdout, stderr); code >= 0 {
		return code
	}
	fail := func(format string, args ...any) int {
		fmt.Fprintf(stderr, "crieur history: "+format+"\n", args...)
		return exitUsage
	}
	if n := flags.NArg(); n < 1 || n > 2 || n == 2 && t.export+t.imported != "" || t.export != "" && t.imported != "" {
		return fail("want a folder, and at most one record or one of -export and -import; “crieur history -h” shows how it is called")
	}
	dir := t.state
	if dir == "" {
		dir = filepath.Join(flags.Arg(0), ".crieur")
	}
	if t.imported != "" {
		if err := importHistory(dir, t.imported); err != nil {
			return fail("%v", err)
		}
		fmt.Fprintf(stdout, "%s holds what %s held\n", dir, t.imported)
		return exitOK
	}
	h, err := crieur.ReadHistory(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return fail("nothing was published with %s yet: “crieur build” and “crieur serve” do so; give another folder with -state", dir)
	}
	if err != nil {
		return fail("%v", err)
	}
	switch {
	case t.export != "":
		err = exportHistory(h, t.export, stdout)
	case flags.NArg() == 2:
		lives := livesOf(h, flags.Arg(1))
		if len(lives) == 0 {
			return fail("%s was never published; “crieur history %s” lists what was", flags.Arg(1), flags.Arg(0))
		}
		err = tellLives(stdout, lives)
	default:
		err = listLives(stdout, h)
	}
	if err != nil {
		return fail("%v", err)
	}
	return exitOK
}

func importHistory(dir, file string) (err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	h := new(crieur.History)
	if err := json.Unmarshal(data, h); err != nil {
		return fmt.Errorf("%s: %w; give a file that -export wrote", file, err)
	}
	store, err := crieur.OpenStore(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if !store.Empty() {
		return fmt.Errorf("%s remembers what was published already, and stays as it is; give another folder with -state", dir)
	}
	return store.Save(h)
}

// exportHistory writes a file whole or not at all, which this user alone can read: it holds what is for secret
// channels too. A device or a pipe is written as it is.
func exportHistory(h *crieur.History, file string, stdout io.Writer) error {
	data, err := json.MarshalIndent(h, "", " ")
	if err != nil {
		return err
	}
	data = append(data, '\n')
	if file == "-" {
		_, err := stdout.Write(data)
		return err
	}
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
		return os.WriteFile(file, data, 0)
	}
	return durable.Replace(real(file), data, 0o600)
}

func listLives(w io.Writer, h *crieur.History) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, l := range h.Lives() {
		fmt.Fprintf(t, "%s\t%s\tr%d\t%s\t%s\t%s\n", condition(l), l.Kind, l.Revision, l.Updated.UTC().Format(time.RFC3339), l.Path, l.Title)
	}
	return t.Flush()
}

// condition says in a word what subscribers see of a record.
func condition(l crieur.Life) string {
	switch {
	case l.Withdrawn.IsZero() && l.Private:
		return "private"
	case l.Withdrawn.IsZero():
		return "published"
	case l.Gone:
		return "gone"
	}
	return "cancelled"
}

// livesOf are those of the records that a name stands for.
func livesOf(h *crieur.History, name string) []crieur.Life {
	page := strings.TrimSuffix(strings.TrimSuffix(name, ".html"), ".ics")
	return slices.DeleteFunc(h.Lives(), func(l crieur.Life) bool {
		return name != l.ID && name != l.Declared && filepath.ToSlash(filepath.Clean(name)) != l.Path && page != l.Kind+"/"+l.Name
	})
}

func tellLives(w io.Writer, lives []crieur.Life) error {
	for i, l := range lives {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := tellLife(w, l); err != nil {
			return err
		}
	}
	return nil
}

func tellLife(w io.Writer, l crieur.Life) error {
	day := func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 MST") }
	title := l.Title
	if title == "" {
		title = cmp.Or(l.Name, l.ID)
	}
	fmt.Fprintln(w, title)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "  %s\t%s\n", l.Kind, condition(l))
	switch {
	case l.Private && l.Declared != "":
		fmt.Fprintf(t, "  identity\t%s, made from its own uid %s\n", l.ID, l.Declared)
	case l.Declared == "":
		fmt.Fprintf(t, "  identity\t%s, given when it was first seen\n", l.ID)
	case l.Declared == l.ID:
		fmt.Fprintf(t, "  identity\t%s, its own uid\n", l.ID)
	default:
		fmt.Fprintf(t, "  identity\t%s, given before the file had the uid %s\n", l.ID, l.Declared)
	}
	fmt.Fprintf(t, "  file\t%s:%d\n", l.Path, l.Line)
	if l.Name != "" {
		fmt.Fprintf(t, "  page\t%s/%s\n", l.Kind, l.Name)
	}
	fmt.Fprintf(t, "  announced\t%s\n", day(l.Published))
	fmt.Fprintf(t, "  revision\t%d, since %s\n", l.Revision, day(l.Updated))
	if !l.Withdrawn.IsZero() {
		fmt.Fprintf(t, "  withdrawn\t%s\n", day(l.Withdrawn))
	}
	return t.Flush()
}
