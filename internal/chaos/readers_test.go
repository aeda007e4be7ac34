//go:build unix

package chaos

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// client asks for bytes as they are sent.
func (w *world) client(keep bool) *http.Client {
	return &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: !keep}}
}

// readHTTP asks for documents until the world ends.
func (w *world) readHTTP(n int, random *rand.Rand) {
	client := w.client(n%2 == 0)
	defer client.CloseIdleConnections()
	for tick := time.NewTicker(*pace); ; {
		select {
		case <-w.done:
			tick.Stop()
			return
		case <-tick.C:
		}
		name := w.seen.pick(random)
		if err := w.ask(client, name, random.IntN(6), random); err != nil {
			w.violation("%s is served: %v", name, err)
			return
		}
	}
}

// The ways to ask for a document.
const (
	plain = iota
	zipped
	conditional
	headOnly
	ranged
)

// ask asks for a document and checks the answer.
func (w *world) ask(client *http.Client, name string, way int, random *rand.Rand) error {
	before := w.seen.floor(name)
	from := &w.broken.out // where a process that has just begun reads it
	if w.secret.open(name) {
		from = &w.broken.state
	}
	deaths, forbidden := w.deaths.Load(), from.Load()
	method := http.MethodGet
	if way == headOnly {
		method = http.MethodHead
	}
	r, err := http.NewRequestWithContext(context.Background(), method, w.address+name, nil)
	if err != nil {
		return err
	}
	begin := 0
	switch {
	case way == zipped:
		r.Header.Set("Accept-Encoding", "gzip")
	case way == conditional && before.latest.tag != "":
		r.Header.Set("If-None-Match", before.latest.tag)
	case way == ranged && len(before.latest.data) > 1:
		begin = random.IntN(len(before.latest.data) - 1)
		r.Header.Set("Range", fmt.Sprintf("bytes=%d-", begin))
		r.Header.Set("If-Range", before.latest.tag)
	}
	data, answer, err := fetch(client, r)
	if err != nil {
		if now := w.deaths.Load(); now != deaths || deaths%2 == 1 {
			w.tally.cut.Add(1)
			return nil
		}
		return err
	}
	w.tally.answers.Add(1)
	if err := w.secret.kept(name, answer, data); err != nil {
		return err
	}
	tag := answer.Header.Get("ETag")
	modified, _ := http.ParseTime(answer.Header.Get("Last-Modified"))
	switch code := answer.StatusCode; {
	case (code == http.StatusNotFound || code == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") != "") && w.seen.mayBeGone(name):
		return nil
	case code == http.StatusServiceUnavailable && (forbidden || from.Load()):
		return nil // it can neither be read nor be made yet
	case code == http.StatusNotModified && way == conditional:
		w.tally.unchanged.Add(1)
		if tag != before.latest.tag {
			return fmt.Errorf("not modified is %s, asked for %s", tag, before.latest.tag)
		}
		return nil
	case code == http.StatusPartialContent && way == ranged:
		w.tally.ranges.Add(1)
		if tag != before.latest.tag || !bytes.Equal(data, before.latest.data[begin:]) {
			return fmt.Errorf("the range from %d of %s, of %s, has %d bytes, want %d", begin, before.latest.tag, tag, len(data), len(before.latest.data)-begin)
		}
		return nil
	case code != http.StatusOK:
		return fmt.Errorf("status %d: %q", code, data)
	case tag == "":
		return errors.New("it has no tag")
	}
	if way == headOnly {
		if tag == before.latest.tag && answer.ContentLength != int64(len(before.latest.data)) {
			return fmt.Errorf("it is announced with %d bytes, and has %d", answer.ContentLength, len(before.latest.data))
		}
		return nil
	}
	if answer.ContentLength != int64(len(data)) {
		return fmt.Errorf("it is announced with %d bytes, and has %d", answer.ContentLength, len(data))
	}
	if answer.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err == nil {
			data, err = io.ReadAll(z)
		}
		if err != nil {
			return err
		}
		tag = strings.TrimSuffix(tag, `-gz"`) + `"`
	}
	return w.seen.served(name, tag, modified, data, before)
}

// fetch reads an answer to its end.
func fetch(client *http.Client, r *http.Request) ([]byte, *http.Response, error) {
	answer, err := client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	return data, answer, err
}

// published is the folder that readers see.
func (w *world) published() string {
	if w.releases {
		return filepath.Join(w.out, "current")
	}
	return w.out
}

// readFiles reads the folder until the world ends.
func (w *world) readFiles(random *rand.Rand) {
	sequence := map[string]map[string]int{}
	for tick := time.NewTicker(*pace); ; {
		select {
		case <-w.done:
			tick.Stop()
			return
		case <-tick.C:
		}
		name := w.seen.pick(random)
		if w.secret.open(name) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(w.published(), filepath.FromSlash(name)))
		w.tally.read.Add(1)
		switch {
		case errors.Is(err, fs.ErrNotExist) && w.seen.mayBeGone(name):
			continue
		case err != nil:
			w.violation("in the folder: %v", err)
			return
		}
		d := w.seen.document(name, data)
		if err = d.err; err == nil {
			err = errors.Join(w.seen.identities(d), w.secret.betrayed(data))
		}
		if err != nil {
			w.violation("in the folder, %s: %v", name, err)
			return
		}
		before := sequence[name]
		if before == nil {
			before = map[string]int{}
			sequence[name] = before
		}
		for uid, e := range d.events {
			if e.sequence < before[uid] {
				w.violation("in the folder, %s: SEQUENCE of %s (%s) is %d, was %d", name, uid, e.summary, e.sequence, before[uid])
				return
			}
			before[uid] = e.sequence
		}
	}
}
