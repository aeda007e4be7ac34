package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/durable"
)

// tokenFile is where the tokens of secret channels are, a line each: the name of
// the channel, and the token.
func (o *options) tokenFile() string {
	if o.tokens != "" {
		return o.tokens
	}
	return filepath.Join(o.state, "tokens")
}

// tokensInContent reports whether that file would be published.
func (o *options) tokensInContent() bool {
	rel, ok := relative(o.dir, o.tokenFile())
	if !ok || strings.HasPrefix(filepath.Base(rel), ".") {
		return false
	}
	return content.Wanted(rel) && !slices.ContainsFunc(o.own(), func(p string) bool { return strings.HasPrefix(rel, p+"/") })
}

// readTokens reads a file of tokens. One that is not there holds none. The error
// never quotes what it found.
func readTokens(name string) (map[string][]string, error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	tokens := map[string][]string{}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		words := strings.Fields(line)
		if len(words) != 2 {
			return nil, fmt.Errorf("%s:%d: found %s, want the name of a channel and a token", name, n, count(len(words), "word"))
		}
		tokens[words[0]] = append(tokens[words[0]], words[1])
	}
	if err := new(crieur.Server).SetTokens(tokens); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return tokens, nil
}

const tokensHead = `# The tokens of secret channels, which open them to everybody who knows one.
# “crieur secret” makes them. Keep this file from others, and out of repositories.
`

// writeTokens replaces a file of tokens by one that this user alone can read.
func writeTokens(name string, tokens map[string][]string) error {
	var b strings.Builder
	b.WriteString(tokensHead)
	for _, channel := range sortedKeys(tokens) {
		for _, token := range tokens[channel] {
			fmt.Fprintf(&b, "%s %s\n", channel, token)
		}
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return durable.Replace(name, []byte(b.String()), 0o600)
}

// openToOthers reports whether other users of this machine can read a file.
func openToOthers(name string) bool {
	info, err := os.Stat(name)
	return err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0
}

// secretChannels are the names of those that are configured.
func secretChannels(c crieur.Config) (names []string) {
	for _, ch := range c.Channels {
		if ch.Secret {
			names = append(names, ch.Name)
		}
	}
	return names
}

// admit has the tokens answered that are in the file now, and says what is wrong
// with them, once. A file that cannot be read, or believed, takes no token away.
func (s *serving) admit() {
	names := secretChannels(s.config)
	if len(names) == 0 {
		s.handler.SetTokens(nil)
		s.tokenTrouble = ""
		return
	}
	name := s.tokenFile()
	tokens, err := readTokens(name)
	var wrong []string
	switch {
	case err != nil:
		wrong = append(wrong, fmt.Sprintf("the tokens of secret channels cannot be read, and those in force stay: %v", err))
	default:
		admitted := maps.Clone(tokens)
		maps.DeleteFunc(admitted, func(channel string, _ []string) bool { return !slices.Contains(names, channel) })
		s.handler.SetTokens(admitted) // which readTokens has tried
		for _, channel := range names {
			if len(tokens[channel]) == 0 {
				wrong = append(wrong, fmt.Sprintf("the secret channel %s has no token, so that nobody can read it; “crieur secret %s” gives it one", channel, s.dir))
			}
		}
		for _, channel := range sortedKeys(tokens) {
			if !slices.Contains(names, channel) {
				wrong = append(wrong, fmt.Sprintf("%s has a token of %q, which is no secret channel", name, channel))
			}
		}
	}
	if openToOthers(name) {
		wrong = append(wrong, fmt.Sprintf("%s can be read by other users of this machine; chmod 600 it", name))
	}
	if text := strings.Join(wrong, "\n"); text != s.tokenTrouble {
		for _, line := range wrong {
			s.log.Warn(line)
		}
		s.tokenTrouble = text
	}
}

// errPrivate stands for what a fault says of a file that holds what is private.
var errPrivate = errors.New("something is wrong here, and to say it might tell what is private; “crieur check” does")

// discreet are faults as those may see them who read logs.
func discreet(faults []crieur.Fault) []crieur.Fault {
	list := slices.Clone(faults)
	for i := range list {
		if list[i].Private {
			list[i].Err = errPrivate
		}
	}
	return list
}

// withoutToken is the path of a request without what may be a token, right or
// mistyped: what follows s, but for the name of the document.
func withoutToken(path string) string {
	if !strings.Contains(path, "/s/") && !strings.Contains(path, "/S/") {
		return path
	}
	const shortest = 22 // of a token, which may stand where the name does
	parts, seen := strings.Split(path, "/"), false
	for i, part := range parts {
		if !strings.EqualFold(part, "s") {
			continue
		}
		for j := i + 1; j < len(parts); j++ {
			name, _, document := strings.Cut(parts[j], ".")
			if parts[j] != "" && !(seen && j == len(parts)-1 && document && len(name) < shortest) {
				parts[j], seen = "…", true
			}
		}
		break
	}
	return strings.Join(parts, "/")
}
