package watch

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// benchTree makes files in folders of fifty.
func benchTree(b *testing.B, files int) string {
	root := b.TempDir()
	for i := range files {
		dir := filepath.Join(root, fmt.Sprintf("folder%04d", i/50))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("2027-05-08-event-%02d.md", i%50)), []byte("text"), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return root
}

var sizes = []int{10_000, 100_000}

// A look at files of which none has changed. Walk is its floor, to walk; walk+info the floor with what it needs, the
// times of each file; part a look at one folder that hints named, as in a large tree.
func BenchmarkRescan(b *testing.B) {
	for _, files := range sizes {
		root := benchTree(b, files)
		w, err := newWatcher(root, Options{})
		if err != nil {
			b.Fatal(err)
		}
		defer w.hints.close()
		w.delivered = w.scanner.scan(nil, Start)
		w.latest = w.delivered
		b.Run(fmt.Sprintf("files=%d/look", files), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w.look(Safety)
			}
		})
		b.Run(fmt.Sprintf("files=%d/part", files), func(b *testing.B) {
			w.scanner.large = 0
			b.ReportAllocs()
			for b.Loop() {
				w.hints.named.add(filepath.Join(root, "folder0007"))
				w.look(Hint)
			}
		})
		for _, info := range []bool{false, true} {
			name := "walk"
			if info {
				name = "walk+info"
			}
			b.Run(fmt.Sprintf("files=%d/%s", files, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					err := filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
						if err == nil && info {
							_, err = d.Info()
						}
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// All that is looked at once where nothing can be watched, part by part, when none of it has changed. Info is the floor:
// the times of each file.
func BenchmarkPoll(b *testing.B) {
	root := benchTree(b, sizes[0])
	w, err := newWatcher(root, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer w.hints.close()
	w.hints.open = func() (*fsnotify.Watcher, error) { return nil, syscall.EMFILE }
	time.Sleep(settledAge + time.Second)
	w.delivered = w.scanner.scan(nil, Start)
	w.latest = w.delivered
	b.Run("round", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for range pollParts {
				w.look(Poll)
			}
		}
	})
	b.Run("info", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, f := range w.latest.folders {
				for _, e := range f.entries {
					if _, _, err := lstat(filepath.Join(f.real, e.name)); err != nil {
						b.Fatal(err)
					}
				}
			}
		}
	})
}

// From a change in a tree at rest to its delivery; Quiet is 30 ms of it.
func BenchmarkLatency(b *testing.B) {
	for _, files := range append([]int{1}, sizes...) {
		b.Run(fmt.Sprint("files=", files), func(b *testing.B) {
			root := benchTree(b, files)
			w, err := New(root, Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer w.Close()
			for i := 0; b.Loop(); i++ {
				if err := os.WriteFile(filepath.Join(root, "a.md"), fmt.Append(nil, i), 0o644); err != nil {
					b.Fatal(err)
				}
				<-w.C()
			}
		})
	}
}
