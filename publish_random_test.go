package crieur

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// Law: whatever is published, killed, restarted and put in the way, in
// whatever order: nobody else's file is touched, every file that is seen is
// whole, and after a publication that ends everything is there but what
// strangers keep from it.
func TestRandomPublications(t *testing.T) {
	names := []string{"index.html", "a.ics", "b.ics", "d/a.ics", "d/b.ics", "d/e/a.ics", "d/e/b.ics", "f/a.ics"}
	strangers := []string{"notes.txt", "d/notes.txt", "b.ics", "d/b.ics", "f", "d/e", "a.ics/x", "g/h/i"}
	for seed := range seeds(3) {
		random := rand.New(rand.NewPCG(seed, 1))
		dir := inMemory(t)
		foreign := map[string]string{}
		p := &Publisher{Dir: dir}
		touched := false // since the last time that all was looked at
		for n := range 250 {
			at := fmt.Sprintf("seed %d, step %d", seed, n)
			act := random.IntN(8)
			touched = touched || act < 3
			switch act {
			case 0: // somebody puts a file there
				name := strangers[random.IntN(len(strangers))]
				file := filepath.Join(dir, name)
				m, _ := readManifest(os.DirFS(dir), manifestName)
				if _, ours := m.Files[name]; ours {
					break // it would be taken for what crieur wrote, and mended
				}
				if _, err := os.Lstat(file); err == nil || os.MkdirAll(filepath.Dir(file), 0o755) != nil {
					break
				}
				data := fmt.Sprintf("foreign %d", n)
				if err := os.WriteFile(file, []byte(data), 0o644); err != nil {
					t.Fatal(err)
				}
				foreign[name] = data
			case 1: // and takes it away
				for name := range foreign {
					os.Remove(filepath.Join(dir, name))
					for d := path.Dir(name); d != "."; d = path.Dir(d) {
						os.Remove(filepath.Join(dir, d)) // if it is empty
					}
					delete(foreign, name)
					break
				}
			case 2: // or one of ours
				name := names[random.IntN(len(names))]
				if _, theirs := foreign[name]; !theirs {
					os.Remove(filepath.Join(dir, name))
				}
			case 3:
				p = &Publisher{Dir: dir}
			}
			files := map[string]string{}
			for _, name := range names {
				if random.IntN(4) > 0 {
					files[name] = fmt.Sprintf("%s %d", name, random.IntN(3))
				}
			}
			kill := random.IntN(120)
			p.step = (&steps{fail: func(i int, _ string) error {
				if i >= kill {
					return errors.New("dead")
				}
				return nil
			}}).step
			publish, update := p.Publish, random.IntN(2) == 0
			if update {
				publish = p.Update
			}
			all := !update || !p.sure
			_, err := publish(siteOf(files))
			got := contents(t, dir)
			for name, data := range foreign {
				if got[name] != data {
					t.Fatalf("%s: the foreign %s is %q", at, name, got[name])
				}
				delete(got, name)
			}
			if err != nil && strings.Contains(err.Error(), "dead") {
				p = &Publisher{Dir: dir}
				for name, data := range got {
					if !strings.HasSuffix(name, tempSuffix) && !strings.HasPrefix(data, name+" ") {
						t.Fatalf("%s: %s is %q", at, name, data)
					}
				}
				continue
			}
			if touched = touched && !all; touched {
				continue // it did not have to see that
			}
			blocked := 0
			maps.DeleteFunc(files, func(name, _ string) bool {
				for f := range foreign {
					if f == name || strings.HasPrefix(name, f+"/") || strings.HasPrefix(f, name+"/") {
						blocked++
						return true
					}
				}
				return false
			})
			if !maps.Equal(got, files) {
				t.Fatalf("%s: published %v, want %v, beside %v", at, got, files, foreign)
			}
			if (err != nil) != (blocked > 0) || err != nil && !errors.Is(err, ErrForeign) {
				t.Fatalf("%s: %d files are kept from being published: %v", at, blocked, err)
			}
		}
	}
}
