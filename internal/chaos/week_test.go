//go:build unix

package chaos

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

var changes = flag.Int("changes", 160, "how many `times` TestWeek changes something")

const (
	weekBatch  = 20  // changes that are made at once, and waited for
	weekRecord = 100 // changes after which some records go, and others come
	weekConfig = 140 // changes after which the configuration is another
	weekLabel  = 400 // changes after which there is a tag that nobody has used before
)

// Law: a daemon that has followed changes for long weighs no more than one that has
// followed some, but for what is remembered of records and tags that are new. The
// long form is
//
//	go test ./internal/chaos -run Week -changes 5000 -timeout 0 -v
func TestWeek(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	random := rand.New(rand.NewPCG(*seed, 7))
	w := newWorld(t, random, new(tally), false)
	w.seen.fleeting = true
	w.flags = []string{"-pprof"}
	w.begin()
	crowd := rand.New(rand.NewPCG(*seed, 8))
	w.readers.Go(func() { w.crowd(crowd) })
	var weights []weight
	for done := 0; done < *changes && !w.failed.Load(); {
		for range weekBatch {
			done++
			w.week(done)
		}
		w.settle()
		if done == *changes/4 || len(weights) == 0 && done > *changes/4 || done > *changes/2 && len(weights) == 1 {
			weights = append(weights, w.weigh())
		}
	}
	w.rest()
	weights = append(weights, w.weigh())
	for _, x := range weights {
		t.Log(x)
	}
	t.Logf("seed %d: %v", *seed, w.tally)
	w.end()
	if t.Failed() {
		return
	}
	if before, after := weights[len(weights)-2], weights[len(weights)-1]; !after.like(before) {
		t.Errorf("it has grown")
	}
}

// settle waits until all that was written is served.
func (w *world) settle() {
	w.Helper()
	client := w.client(false)
	for range 2 { // see rest
		if !w.pass(client, func(*http.Client) error { return nil }) {
			return
		}
	}
	for _, f := range w.files {
		f.edited, f.moved = false, false
	}
}

// week is the change number n.
func (w *world) week(n int) {
	w.Helper()
	w.tally.operations.Add(1)
	switch {
	case n%weekRecord == 0:
		for range 6 {
			i := w.random.IntN(len(w.files))
			f := w.files[i]
			w.try(os.Remove(w.at(f.path)))
			w.files = append(w.files[:i], w.files[i+1:]...)
			w.seen.remove(f.token)
			w.create()
		}
		return
	case n%weekConfig == 0:
		k := n / weekConfig % 3
		w.put("crieur.yaml", fmt.Sprintf("%sretain: 1m\ndescription: Version %d\n", strings.Replace(config, "channels:\n", fmt.Sprintf("channels:\n  - name: marches%d\n    tag: marché\n", k), 1), n))
		if n%(2*weekConfig) == 0 {
			w.serving.Process.Signal(syscall.SIGHUP)
		}
		return
	}
	f := w.files[w.random.IntN(len(w.files))]
	if n%weekLabel == 0 {
		f.label = fmt.Sprintf("thème %d", n)
	}
	switch k := w.random.IntN(10); {
	case f.moved:
	case k < 4 || n%weekLabel == 0:
		w.edit(f)
		w.replace(f.path, f.text())
	case k < 7: // to another day, with another tag
		f.body = w.random.IntN(1000)
		w.edit(f)
		w.replace(f.path, f.text())
	case k < 8 && !f.damaged && !f.edited: // else nobody can tell which it was
		to := w.place(f.event, f.private)
		w.try(os.MkdirAll(filepath.Dir(w.at(to)), 0o755))
		w.try(os.Rename(w.at(f.path), w.at(to)))
		f.path, f.moved = to, true
	case k < 9 && !f.edited:
		f.damaged = true
		w.put(f.path, "---\ntitle: [\n---\n")
	}
}

// crowd are readers of all kinds, who choose parts of calendars: each in a few ways, so that those which are kept, in
// 64 MB at most, are soon as many as they get, and what else is kept can be told.
func (w *world) crowd(random *rand.Rand) {
	client := w.client(true)
	defer client.CloseIdleConnections()
	agents := []string{"Feedly/1.0 (+http://feedly.example; %d subscribers)", "Mozilla/5.0 (X11; Linux) Firefox/%d", "Lecteur-%d", "iOS/%d dataaccessd/1.0", "Google-Calendar-Importer %d"}
	for tick := time.NewTicker(2 * *pace); ; {
		select {
		case <-w.done:
			tick.Stop()
			return
		case <-tick.C:
		}
		name := []string{"events.ics", "events.atom", "events.json", "inconnu-%d.ics", "event/%d.ics"}[random.IntN(5)]
		if strings.Contains(name, "%") {
			name = fmt.Sprintf(name, random.IntN(1e6))
		}
		query := url.Values{}
		for key, values := range map[string][]string{"tag": {"marché", "fête"}, "from": {"2030-02-03", "2032-05-06"}, "to": {"2031-05-20", "2033-05-04"}} {
			if random.IntN(2) == 0 {
				query.Set(key, values[random.IntN(len(values))])
			}
		}
		r, err := http.NewRequest(http.MethodGet, w.address+name+"?"+query.Encode(), nil)
		if err != nil {
			w.violation("%v", err)
			return
		}
		r.Header.Set("User-Agent", fmt.Sprintf(agents[random.IntN(len(agents))], random.IntN(1e6)))
		r.Header.Set("If-None-Match", fmt.Sprintf(`"%d"`, random.Uint64()))
		r.Header.Set("A-IM", "feed")
		data, answer, err := fetch(client, r)
		if err != nil || answer.StatusCode >= 500 {
			w.violation("%s: %v, %v", r.URL, answer, err)
			return
		}
		w.tally.answers.Add(1)
		if answer.StatusCode == http.StatusOK && strings.HasPrefix(name, "events.ics") {
			if d := parse(name, data); d.err != nil {
				w.violation("%s: %v", r.URL, d.err)
				return
			}
		}
	}
}

// A weight is what a process holds on to.
type weight struct {
	heap, rss               int // bytes, after all that can be freed is
	goroutines, descriptors int
	history, manifest       int // bytes
	records                 int // that were ever known
	files, bytes            int // published
	state                   int // bytes
}

func (x weight) String() string {
	return fmt.Sprintf("heap %d KB, resident %d MB, %d goroutines, %d descriptors; state %d KB, of it history %d KB; .crieur.json %d KB; %d records known, %d files published, %d KB",
		x.heap>>10, x.rss>>20, x.goroutines, x.descriptors, x.state>>10, x.history>>10, x.manifest>>10, x.records, x.files, x.bytes>>10)
}

// What may be added for each record and each document that is new: an identity is kept for ever, and so is
// each document, since somebody may follow it.
const (
	heapOfNew    = 6 << 10
	historyOfNew = 4 << 10
	journal      = 2 << 20 // lines that are overtaken are dropped when they are as many as the others, and a megabyte more
	connections  = 12      // of readers, who come and go
)

// like reports whether a process weighs what it did before.
func (x weight) like(before weight) bool {
	added := max(0, x.records-before.records) + max(0, x.files-before.files)
	return x.heap < before.heap+before.heap/4+2<<20+added*heapOfNew &&
		x.goroutines <= before.goroutines+connections && x.descriptors <= before.descriptors+connections &&
		x.history < 2*before.history+journal+added*historyOfNew && x.manifest < 2*before.manifest+journal+added*historyOfNew
}

func (w *world) weigh() (x weight) {
	w.Helper()
	pid := w.serving.Process.Pid
	number := func(path, pattern string) int {
		w.Helper()
		r, err := w.client(false).Get(w.admin.address + path)
		w.try(err)
		defer r.Body.Close()
		var b bytes.Buffer
		_, err = b.ReadFrom(r.Body)
		w.try(err)
		m := regexp.MustCompile(pattern).FindSubmatch(b.Bytes())
		if m == nil {
			w.Fatalf("%s says no %s", path, pattern)
		}
		n, err := strconv.Atoi(string(m[1]))
		w.try(err)
		return n
	}
	number("debug/pprof/heap?gc=1&debug=1", `# HeapAlloc = (\d+)`) // what was weakly held goes now
	x.heap = number("debug/pprof/heap?gc=1&debug=1", `# HeapAlloc = (\d+)`)
	x.goroutines = number("debug/pprof/goroutine?debug=1", `total (\d+)`)
	if status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)); err == nil { // on Linux
		if m := regexp.MustCompile(`VmRSS:\s+(\d+)`).FindSubmatch(status); m != nil {
			x.rss, _ = strconv.Atoi(string(m[1]))
			x.rss <<= 10
		}
		open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
		w.try(err)
		x.descriptors = len(open)
	}
	size := func(dir string) (files, bytes int) {
		w.try(filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				files++
				if info, err := d.Info(); err == nil {
					bytes += int(info.Size())
				}
			}
			return err
		}))
		return files, bytes
	}
	x.files, x.bytes = size(w.out)
	_, x.state = size(w.state)
	_, x.history = size(filepath.Join(w.state, "history.jsonl"))
	_, x.manifest = size(filepath.Join(w.out, ".crieur.json"))
	lives, err := exec.Command(*program, "history", "-state", w.state, w.content).Output()
	w.try(err)
	x.records = bytes.Count(lives, []byte("\n"))
	return x
}
