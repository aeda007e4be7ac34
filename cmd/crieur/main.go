// Crieur publishes a folder of events and articles as calendars and feeds,
// and follows every change.
//
//	crieur serve [flags] DIR      watch DIR, publish, and serve (the main job)
//	crieur build [flags] DIR      publish once and stop
//	crieur check [flags] DIR      report every fault
//	crieur check -explain RULE    say what a rule means, and what to do
//	crieur check FILE.ics ...     report what is wrong with calendars of any origin
//	crieur init  [flags] DIR      write a configuration that fits what DIR contains
//	crieur history [flags] DIR    tell what was published, and move it elsewhere
//	crieur schema config|record   write a JSON Schema, for editors
//	crieur version
//
// “crieur COMMAND -h” explains the flags of each. The exit status is 0 when
// all went well, 1 when the content has errors, 2 for a wrong call, a broken
// configuration, or a folder that cannot be read or written.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	_ "time/tzdata" // for machines that have no zones of their own
)

const (
	exitOK      = 0
	exitContent = 1
	exitUsage   = 2
)

const usage = `crieur publishes a folder of events and articles as calendars and feeds.

usage:

  crieur serve [flags] DIR    watch DIR, publish, and serve on :8080 (the main job)
  crieur build [flags] DIR    publish once into DIR/public and stop
  crieur check [flags] DIR    report every fault, one a line; exit 1 if any is an error
  crieur check -explain RULE  say what a rule means, and what to do
  crieur check FILE.ics ...   report what is wrong with calendars of any origin
  crieur init  [flags] DIR    write a commented crieur.yaml that fits what DIR contains
  crieur history DIR          tell what was published, and move it to another machine
  crieur schema KIND          write a JSON Schema of crieur.yaml (config) or of records (record), for editors
  crieur version

“crieur COMMAND -h” explains the flags. DIR is a folder of Markdown, HTML, text
or YAML files; no configuration is needed to begin with.
`

func main() {
	ctx := context.Background()
	if len(os.Args) > 1 && os.Args[1] == "serve" { // what does not wait is ended by signals as they are
		var stop context.CancelFunc
		ctx, stop = signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
		context.AfterFunc(ctx, stop) // a second signal ends the process at once
	}
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program as a function.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return exitUsage
	}
	command, args := args[0], args[1:]
	switch command {
	case "serve":
		return serve(ctx, args, stdout, stderr)
	case "build":
		return build(args, stdout, stderr)
	case "check":
		return check(args, stdout, stderr)
	case "init":
		return initialize(args, stdout, stderr)
	case "history":
		return history(args, stdout, stderr)
	case "schema":
		return writeSchema(args, stdout, stderr)
	case "version":
		release, _ := zoneData("")
		fmt.Fprintf(stdout, "crieur %s, time zone data %s\n", version(), release)
		return exitOK
	case "help", "-h", "-help", "--help":
		fmt.Fprint(stdout, usage)
		return exitOK
	}
	fmt.Fprintf(stderr, "crieur: unknown command %q\n\n%s", command, usage)
	return exitUsage
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown version)"
	}
	v := info.Main.Version
	if v == "" {
		v = "(devel)"
	}
	return v + " " + info.GoVersion
}
