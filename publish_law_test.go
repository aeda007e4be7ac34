package crieur

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Law: before a file is put in place or removed, whatever failed before, the list on disk owns what is there and what will be; after a
// publication that ends it says what is there and nothing else.
func TestListOwnsWhatIsPublished(t *testing.T) {
	names := []string{"a.ics", "b.ics", "d/c.ics", "d/e/f.ics", "d/g.ics", "index.html", "z", "d/e/h"}
	for seed := range seeds(5) {
		random := rand.New(rand.NewPCG(seed, 1))
		dir := inMemory(t)
		p := &Publisher{Dir: dir}
		var at string
		fault := errors.New("fault")
		for n := range 60 {
			files := map[string]string{}
			for _, name := range names {
				if random.IntN(4) > 0 {
					files[name] = strings.Repeat("x", random.IntN(3)) + fmt.Sprint(random.IntN(3))
				}
			}
			fail := -1
			if random.IntN(3) == 0 {
				fail = random.IntN(40)
			}
			var mu sync.Mutex // files are written several at once
			k := 0
			lasting := random.IntN(2) == 0
			p.step = func(op, name string) error {
				mu.Lock()
				defer mu.Unlock()
				k++
				temp := strings.HasSuffix(name, tempSuffix)
				if !temp && name != manifestName && (op == "rename" || op == "remove") {
					info, err := os.Lstat(filepath.Join(dir, name))
					if err == nil && info.IsDir() {
						return nil
					}
					data, merr := os.ReadFile(filepath.Join(dir, manifestName))
					m, good, perr := parseManifest(data)
					if merr != nil || perr != nil || good != len(data) {
						t.Errorf("%s: %s %s with a list that is not whole: %v %v", at, op, name, merr, perr)
					}
					tags := m.Files[name].Tags
					if op == "rename" && !slices.Contains(tags, etag(name, []byte(files[name]))) {
						t.Errorf("%s: %s will be what the list does not own: %v", at, name, tags)
					}
					if err == nil {
						if was, _ := os.ReadFile(filepath.Join(dir, name)); !slices.Contains(tags, etag(name, was)) {
							t.Errorf("%s: %s %s is what the list does not own: %v", at, op, name, tags)
						}
					}
				}
				if fail >= 0 && (k == fail || lasting && k > fail) {
					return fault
				}
				return nil
			}
			if random.IntN(8) == 0 {
				p = &Publisher{Dir: dir, step: p.step} // another process
			}
			if random.IntN(15) == 0 { // half a line, as of a full disk
				if f, err := os.OpenFile(filepath.Join(dir, manifestName), os.O_APPEND|os.O_WRONLY, 0); err == nil {
					f.WriteString(`{"crieur":"manifest","ver`)
					f.Close()
				}
			}
			update := random.IntN(3) > 0
			at = fmt.Sprintf("seed %d step %d update %v fail %d lasting %v", seed, n, update, fail, lasting)
			publish := p.Publish
			if update {
				publish = p.Update
			}
			_, err := publish(siteOf(files))
			if err != nil {
				if fail < 0 {
					t.Fatalf("%s: %v", at, err)
				}
				continue
			}
			got := contents(t, dir)
			m, err := readManifest(os.DirFS(dir), manifestName)
			if err != nil || len(m.Files) != len(files) {
				t.Fatalf("%s: %v %v", at, m.Files, err)
			}
			for name, data := range files {
				l := m.Files[name]
				if got[name] != data || l.Name != name || len(l.Tags) != 1 || l.Tags[0] != etag(name, []byte(data)) {
					t.Fatalf("%s: %s is %q, want %q; %v", at, name, got[name], data, l)
				}
				if info, err := os.Lstat(filepath.Join(dir, name)); err == nil && l.Left != stampOf(info) {
					t.Fatalf("%s: %s stamp %v %v", at, name, l.Left, stampOf(info))
				}
			}
			for name := range got {
				if strings.HasSuffix(name, tempSuffix) {
					delete(got, name) // the sweep may have failed at it, which nobody is told
				}
			}
			if len(got) != len(files) {
				t.Fatalf("%s: %v", at, got)
			}
		}
	}
}
