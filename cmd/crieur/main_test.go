package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// racing is whether the race detector is on, with which memory says nothing.
var racing bool

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"crieur": func() { os.Exit(process()) },
	})
}

// TestScripts runs the stories in testdata: each is a command line session.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata", RequireExplicitExec: true, RequireUniqueNames: true,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"zone": writeZone},
	})
}

// writeZone makes a file of zone data: zone FILE RULE, which is as in $TZ.
func writeZone(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(name), 0o755))
	// RFC 9636: twice a header and one type of local time, that of rules to come being at the end.
	block := "TZif2" + strings.Repeat("\x00", 15+4*4) + "\x00\x00\x00\x01\x00\x00\x00\x04" + "\x00\x00\x0e\x10\x00\x00" + "CET\x00"
	ts.Check(os.WriteFile(name, []byte(block+block+"\n"+args[1]+"\n"), 0o644))
}
