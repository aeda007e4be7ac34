//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What is exported to goes on to be what it is: a pipe, a device, a link.
func TestExportReplacesNoDevice(t *testing.T) {
	dir := t.TempDir()
	site := filepath.Join(dir, "site")
	if err := os.Mkdir(site, 0o755); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"build", site}, &out, &errs); code != exitOK {
		t.Fatal(errs.String())
	}
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	read := make(chan string)
	go func() {
		f, err := os.OpenFile(pipe, os.O_RDONLY, 0)
		if err != nil {
			read <- err.Error()
			return
		}
		defer f.Close()
		data, _ := io.ReadAll(f)
		read <- string(data)
	}()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink("file", link); err != nil {
		t.Skip(err)
	}
	for _, file := range []string{pipe, link} {
		if code := run(t.Context(), []string{"history", "-export", file, site}, &out, &errs); code != exitOK {
			t.Fatal(errs.String())
		}
	}
	if info, err := os.Lstat(pipe); err != nil || info.Mode().IsRegular() {
		t.Fatalf("the pipe is %v, %v", info, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode().IsRegular() {
		t.Errorf("the link is %v, %v", info, err)
	}
	if got := <-read; !strings.Contains(got, `"crieur history"`) {
		t.Errorf("the pipe gave %q", got)
	}
}

// A file that is full is no success.
func TestAFailedWriteIsTold(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.md"), []byte("---\ntitle: Foire\nstart: 2027-05-08\n---\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"build", dir}, &out, &errs); code != exitOK {
		t.Fatal(errs.String())
	}
	for _, args := range [][]string{{"schema", "config"}, {"schema", "record"}, {"history", dir}, {"history", dir, "a.md"}, {"history", "-export", "-", dir}, {"check", dir}, {"check", "-format", "sarif", dir}} {
		errs.Reset()
		if code := run(t.Context(), args, full{}, &errs); code == exitOK || !strings.Contains(errs.String(), io.ErrShortWrite.Error()) {
			t.Errorf("%v: %d, %s", args, code, &errs)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
