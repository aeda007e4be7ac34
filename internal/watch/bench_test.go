package watch

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// benchTree makes 10,000 files in 200 folders.
func benchTree(b *testing.B) string {
	root := b.TempDir()
	for d := range 200 {
		dir := filepath.Join(root, fmt.Sprintf("folder%03d", d))
		if err := os.Mkdir(dir, 0o755); err != nil {
			b.Fatal(err)
		}
		for f := range 50 {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("2027-05-08-event-%02d.md", f)), []byte("text"), 0o644); err != nil {
				b.Fatal(err)
			}
		}
	}
	return root
}

// A look at 10,000 files of which none has changed.
func BenchmarkRescan(b *testing.B) {
	w, err := newWatcher(benchTree(b), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer w.hints.close()
	w.delivered = w.scanner.scan(nil, Start)
	w.latest = w.delivered
	b.ReportAllocs()
	for b.Loop() {
		w.look(Hint)
	}
}

// The floor of BenchmarkRescan: only to walk.
func BenchmarkWalkDir(b *testing.B) {
	root := benchTree(b)
	b.ReportAllocs()
	for b.Loop() {
		err := filepath.WalkDir(root, func(string, fs.DirEntry, error) error { return nil })
		if err != nil {
			b.Fatal(err)
		}
	}
}

// The floor of BenchmarkRescan with what it needs: to walk and ask for the times of each file.
func BenchmarkWalkDirInfo(b *testing.B) {
	root := benchTree(b)
	b.ReportAllocs()
	for b.Loop() {
		err := filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
			if err == nil {
				_, err = d.Info()
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// From a change in a tree at rest to its delivery; Quiet is 30 ms of it.
func BenchmarkLatency(b *testing.B) {
	for _, size := range []string{"1", "10000"} {
		b.Run("files="+size, func(b *testing.B) {
			root := b.TempDir()
			if size == "10000" {
				root = benchTree(b)
			}
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
