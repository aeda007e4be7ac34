package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReplicas: several processes with the same content and history, each on a
// machine of its own, answer the same, byte for byte and tag for tag, and so does a
// bucket; readers may be led to any.
func TestReplicas(t *testing.T) {
	objects, _ := store(t)
	content := func() string {
		dir := t.TempDir()
		os.WriteFile(filepath.Join(dir, "crieur.yaml"), []byte("base: https://agenda.brume.example/\ntimezone: Europe/Paris\n"), 0o644)
		for i, title := range []string{"Foire", "Bal", "Marché"} {
			os.WriteFile(filepath.Join(dir, string(rune('a'+i))+".md"), []byte(strings.Replace(foire, "Foire", title, 1)), 0o644)
		}
		return dir
	}
	first := content()
	s := start(t, first)
	s.write("a.md", strings.Replace(foire, "Foire", "Grande foire", 1))
	s.until("the change", "events.ics", has("SUMMARY:Grande foire", "SEQUENCE:1"))
	if s.stop() != exitOK {
		t.Fatal(s.log)
	}

	var replicas []*session
	for i := range 3 {
		dir := content()
		os.WriteFile(filepath.Join(dir, "a.md"), []byte(strings.Replace(foire, "Foire", "Grande foire", 1)), 0o644)
		if err := os.CopyFS(filepath.Join(dir, ".crieur"), os.DirFS(filepath.Join(first, ".crieur"))); err != nil {
			t.Fatal(err)
		}
		var args []string
		if i == 0 {
			args = []string{"-bucket", "s3://site"}
		}
		replicas = append(replicas, start(t, dir, args...))
	}
	waitFor(t, "the bucket", func() bool {
		o := objects.Objects()
		return o["index.html"].Data != nil && !strings.Contains(string(o[".crieur.json"].Data), `"pending"`)
	})
	stored := objects.Objects()
	delete(stored, ".crieur.json")
	if len(stored) < 10 {
		t.Errorf("only %d documents are stored", len(stored))
	}
	for name, o := range stored {
		for i, r := range replicas {
			body, answer := r.get(name)
			tag := strings.TrimSuffix(strings.Trim(answer.Header.Get("ETag"), `"`), "-gz") // http.Get asks for gzip
			if mark := o.Header.Get("X-Amz-Meta-Crieur"); body != string(o.Data) || !strings.HasPrefix(mark, tag+"/") || tag == "" {
				t.Errorf("%s of %d has %d bytes and the tag %s, the bucket %d and %s", name, i, len(body), tag, len(o.Data), mark)
			}
			again, _ := http.NewRequest("GET", replicas[(i+1)%len(replicas)].base+name, nil)
			again.Header.Set("If-None-Match", answer.Header.Get("ETag"))
			other, err := http.DefaultClient.Do(again)
			if err != nil {
				t.Fatal(err)
			}
			if other.Body.Close(); other.StatusCode != http.StatusNotModified {
				t.Errorf("%s: another process says %s, want 304", name, other.Status)
			}
		}
	}
}
