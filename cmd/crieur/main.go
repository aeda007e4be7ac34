// Crieur publishes a folder of events and articles as calendars and feeds,
// and follows every change.
//
//	crieur serve [flags] DIR      watch DIR, publish, and serve (the main job)
//	crieur build [flags] DIR      publish once and stop
//	crieur check [flags] DIR      report every fault
//	crieur check -explain RULE    say what a rule means, and what to do
//	crieur check FILE.ics ...     report what is wrong with calendars of any origin
//	crieur doctor [flags] DIR     name what will hurt on this machine, before it does
//	crieur init  [flags] DIR      write a configuration that fits what DIR contains
//	crieur history [flags] DIR    tell what was published, and move it elsewhere
//	crieur secret [flags] DIR     show the addresses of secret channels
//	crieur schema config|record   write a JSON Schema, for editors
//	crieur completion SHELL       write what a shell needs to complete all this
//	crieur man                    write the manual page
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
	exitKilled  = 128 + int(syscall.SIGTERM)
)

func main() { os.Exit(process()) }

// process is the program as a process: run, until it is told to stop.
func process() int {
	ctx := context.Background()
	if len(os.Args) > 1 && os.Args[1] == "serve" { // what does not wait is ended by signals as they are
		var stop context.CancelFunc
		ctx, stop = context.WithCancel(ctx)
		signals := make(chan os.Signal, 2)
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
		go func() {
			<-signals
			stop()
			<-signals // a second one ends the process at once
			os.Exit(exitKilled)
		}()
	}
	return run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}

// run is the program as a function.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage())
		return exitUsage
	}
	switch args[0] {
	case "-h", "-help", "--help":
		fmt.Fprint(stdout, usage())
		return exitOK
	}
	c, ok := commandNamed(args[0])
	if !ok {
		return noCommand(args[0], stderr)
	}
	return c.run(ctx, args[1:], stdout, stderr)
}

func writeVersion(args []string, stdout, stderr io.Writer) int {
	if code := parseFlags("version", nil, args, stdout, stderr); code >= 0 {
		return code
	}
	release, _ := zoneData("")
	fmt.Fprintf(stdout, "crieur %s, time zone data %s\n", version(), release)
	return exitOK
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
