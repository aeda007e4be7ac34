package watch

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestGitAtWork(t *testing.T) {
	top := t.TempDir()
	at := func(name string) string { return filepath.Join(top, filepath.FromSlash(name)) }
	for _, dir := range []string{"a/.git", "a/content", "b", "c/content", "real/.git/worktrees/c"} {
		if err := os.MkdirAll(at(dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"c/.git":                           "gitdir: ../real/.git/worktrees/c\n",
		"a/.git/index.lock":                "",
		"real/.git/worktrees/c/index.lock": "",
	} {
		if err := os.WriteFile(at(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	for _, test := range []struct {
		dir  string
		now  time.Time
		want bool
	}{
		{"a", now, true},
		{"a/content", now, true},
		{"c/content", now, true},
		{"real", now, false},
		{"b", now, false},
		{"a", now.Add(gitPatience + time.Second), false},
		{"a", now.Add(-time.Hour), false},
	} {
		if got := gitAtWork(at(test.dir), test.now); got != test.want {
			t.Errorf("%s at %v: got %v, want %v", test.dir, test.now.Sub(now), got, test.want)
		}
	}
}

// While git is at work nothing is told; then all is, at once.
func TestGitLock(t *testing.T) {
	s := watchTree(t, Options{Skip: hidden}, "a.md", "b.md", ".git/index.lock")
	s.write("a.md", "2")
	time.Sleep(100 * ms) // longer than quiet
	s.write("b.md", "2")
	select {
	case c := <-s.w.C():
		t.Fatalf("told of %q while git was at work", c.Paths)
	case <-time.After(100 * ms):
	}
	s.remove(".git/index.lock")
	if c := s.next(); len(c.Paths) != 2 {
		t.Errorf("told of %q, want both files", c.Paths)
	}
}
