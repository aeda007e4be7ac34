package crieur

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
)

// A key opens a secret channel. Of its token a hash is kept, so that what is
// compared has one length.
type key struct {
	channel string
	sum     [sha256.Size]byte
}

// SetTokens gives each secret channel, by its name, the tokens that open it: the
// channel called agents is answered at s/TOKEN/agents.ics for each of them, and nowhere
// else. There may be several, while readers change from one to the next. It
// replaces what was set before; where the error is not nil, it changes nothing.
//
// A token is 22 to 128 letters without accents, digits, hyphens and underscores, made by
// chance: [crypto/rand.Text] gives one. Two channels cannot have the same.
func (s *Server) SetTokens(tokens map[string][]string) error {
	var keys []key
	var errs []error
	seen := map[string]bool{}
	for _, channel := range slices.Sorted(maps.Keys(tokens)) {
		for i, token := range tokens[channel] {
			err := checkToken(token)
			if err == nil && seen[token] {
				err = errors.New("it is that of another channel, or stands twice")
			}
			if err != nil {
				errs = append(errs, fmt.Errorf("token %d of the secret channel %q: %w", i+1, channel, err)) // which is not to be read
			}
			seen[token] = true
			keys = append(keys, key{channel, sha256.Sum256([]byte(token))})
		}
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	s.keys.Store(&keys)
	return nil
}

const tokenChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// checkToken reports why a token could be guessed, or cannot be in an address.
func checkToken(token string) error {
	const least, most, different = 22, 128, 8 // 22 characters of 64 are 132 bits
	chars := map[rune]bool{}
	for _, r := range token {
		chars[r] = true
	}
	switch {
	case len(token) < least:
		return fmt.Errorf("it has %d characters, want %d or more, made by chance", len(token), least)
	case len(token) > most:
		return fmt.Errorf("it has %d characters, want %d at most", len(token), most)
	case strings.ContainsFunc(token, func(r rune) bool { return !strings.ContainsRune(tokenChars, r) }):
		return errors.New("it holds more than letters without accents, digits, hyphens and underscores")
	case len(chars) < different:
		return errors.New("it is not made by chance")
	}
	return nil
}

// opened returns the secret document that an address leads to, of which s/ was
// taken away; nil for a wrong token as for one that is right for something else.
func (s *Server) opened(site *Site, rest string) *File {
	keys := s.keys.Load()
	if keys == nil || site.secret == nil {
		return nil
	}
	token, name, _ := strings.Cut(rest, "/")
	channel := channelOf(slices.Values(*keys), token)
	if channel == "" || strings.TrimSuffix(name, path.Ext(name)) != channel {
		return nil
	}
	return site.secret.File(secretDir + name)
}

// channelOf returns the channel that a token opens, empty if none. It compares
// all keys whole, whatever they are, so that the time it takes tells nothing.
func channelOf(keys iter.Seq[key], token string) (channel string) {
	sum := sha256.Sum256([]byte(token))
	for k := range keys {
		if subtle.ConstantTimeCompare(sum[:], k.sum[:]) == 1 {
			channel = k.channel
		}
	}
	return channel
}

// A discreet answer is one of a secret document: caches keep it for its reader
// alone, no other site's script reads it, no search engine lists it.
type discreet struct{ http.ResponseWriter }

// Unwrap is for [http.ResponseController].
func (w discreet) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w discreet) WriteHeader(code int) {
	h := w.Header()
	caching := "private, no-cache" // it may be kept, and is asked for each time
	if h.Get("Cache-Control") == "no-store" {
		caching = "private, no-store"
	}
	h.Set("Cache-Control", caching)
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Referrer-Policy", "no-referrer")
	for _, field := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Expose-Headers", "Link"} {
		h.Del(field)
	}
	w.ResponseWriter.WriteHeader(code)
}
