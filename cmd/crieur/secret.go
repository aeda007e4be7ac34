package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/crieur/crieur"
)

const secretHelp = `Shows the addresses of the secret channels of DIR, and gives a token to those that
have none. Who knows an address reads the channel, and nobody else: give it to those it
is for, over a way that others do not read. Nothing of it is in what is published, in
logs or in metrics; “crieur serve” answers it.

A channel becomes secret in crieur.yaml:

  channels:
    - name: agents
      secret: true
      path: internal    what is in this folder is nowhere else

To change an address, make another, tell everybody, and end the old ones later:

  crieur secret -new agents DIR
  crieur secret -revoke agents DIR

Tokens are kept in DIR/.crieur/tokens (see -tokens), a line each. A daemon that runs
follows that file. Calendars keep what they had when an address ends: nothing can take
that back.
`

// secrets shows the addresses of secret channels.
func secrets(args []string, stdout, stderr io.Writer) int {
	o, code := parse("secret", args, stdout, stderr)
	if code >= 0 {
		return code
	}
	fail := func(format string, args ...any) int {
		fmt.Fprintf(stderr, "crieur secret: "+format+"\n", args...)
		return exitUsage
	}
	config, faults, err := o.load()
	if text := brokenConfig(faults, err); text != "" {
		return fail("%s", text)
	}
	names := secretChannels(config)
	if len(names) == 0 {
		return fail("%s has no channel with secret: true; “crieur secret -h” shows how one is made", o.configFile())
	}
	for _, name := range []string{o.renew, o.revoke} {
		if name != "" && !slices.Contains(names, name) {
			return fail("%q is no secret channel; those of %s are %s", name, o.configFile(), strings.Join(names, ", "))
		}
	}
	file := o.tokenFile()
	tokens, err := readTokens(file)
	if err != nil {
		return fail("%v", err)
	}
	if tokens == nil {
		tokens = map[string][]string{}
	}
	before := maps.Clone(tokens)
	for _, name := range names {
		if len(tokens[name]) == 0 || name == o.renew {
			tokens[name] = append(slices.Clone(tokens[name]), strings.ToLower(rand.Text()))
		}
		if all := tokens[name]; name == o.revoke {
			tokens[name] = all[len(all)-1:]
		}
	}
	if !maps.EqualFunc(before, tokens, slices.Equal) {
		if err := writeTokens(file, tokens); err != nil {
			return fail("the tokens cannot be kept: %v", err)
		}
	}
	if openToOthers(file) {
		fmt.Fprintf(stderr, "crieur secret: %s can be read by other users of this machine; chmod 600 it\n", file)
	}
	for _, c := range config.Channels {
		if !c.Secret {
			continue
		}
		fmt.Fprintln(stdout, c.Name)
		for i, token := range tokens[c.Name] {
			if i < len(tokens[c.Name])-1 {
				fmt.Fprintf(stdout, "  until “crieur secret -revoke %s”:\n", c.Name)
			}
			for _, format := range c.Published() {
				fmt.Fprintln(stdout, "  "+secretAddress(config, token, c.Name+"."+format))
			}
		}
	}
	return exitOK
}

// secretAddress is where a document of a secret channel is answered.
func secretAddress(c crieur.Config, token, name string) string {
	base := c.Base
	if base == "" {
		base = "http://localhost:8080/"
	}
	u, err := url.Parse(base)
	if err != nil {
		return base // of which the configuration was checked
	}
	return u.JoinPath("s", token, name).String()
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
