package main

import (
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

// The unit and the container call serve as it can be called.
func TestPackagedCalls(t *testing.T) {
	read := func(name, line string) string {
		text, err := os.ReadFile("packaging/" + name)
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile("(?m)^" + line + "(.+)$").FindSubmatch(text)
		if m == nil {
			t.Fatalf("%s has no line that begins with %s", name, line)
		}
		return string(m[1])
	}
	var words []string
	if err := json.Unmarshal([]byte(read("Containerfile", "CMD ")), &words); err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string][]string{
		"the container": words,
		"the unit":      strings.Fields(strings.Replace(read("crieur@.service", "ExecStart=/usr/bin/crieur "), "$CRIEUR_FLAGS ", "", 1)),
		"its flags":     append(append([]string{"serve"}, strings.Fields(strings.Trim(read("crieur.default", "#CRIEUR_FLAGS="), `"`))...), "DIR"),
	} {
		o := new(options)
		flags := o.flags(call[0])
		if err := flags.Parse(call[1:]); err != nil || flags.NArg() != 1 {
			t.Errorf("%s: crieur %q: %v, and %d arguments", name, call, err, flags.NArg())
		}
		flags.Visit(func(f *flag.Flag) {
			if strings.HasPrefix(f.Value.String(), "-") {
				t.Errorf("%s: -%s is %q", name, f.Name, f.Value)
			}
		})
	}
}
