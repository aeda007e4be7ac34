package crieur

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// A long calendar is published, and compressed, without all of it in memory; the bytes are the same.
func TestLongCalendar(t *testing.T) {
	src := fstest.MapFS{}
	body := strings.Repeat("Une phrase qui ne dit pas grand-chose. ", 200)
	for i := range 400 {
		text := fmt.Sprintf("---\ntitle: Rencontre n° %d\nevent_start_date: 2027-03-%02d 09:00\n---\n%s", i, 1+i%28, body)
		src[fmt.Sprintf("r%03d.md", i)] = &fstest.MapFile{Data: []byte(text)}
	}
	site, _, faults := Build(src, Config{Site: "https://www.brume.example/", Timezone: "Europe/Paris", Channels: []Channel{{Name: "events", Formats: []string{"ics"}}}}, nil, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	if site == nil {
		t.Fatal(faults)
	}
	f := site.File("events.ics")
	if f.size <= 2*mostKept {
		t.Fatalf("%d bytes: this is no long calendar", f.size)
	}
	allocated := func(do func()) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		do()
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	var publisher Publisher
	publisher.Dir = t.TempDir()
	if _, err := publisher.Publish(site); err != nil {
		t.Fatal(err)
	}
	*f.mem = memory{}
	d, err := openDisk(t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.root.Close()
	n := allocated(func() { err = (&output{disk: d}).fresh(f) })
	if err != nil || n > uint64(f.size)/4 {
		t.Errorf("to write %d bytes, %d were allocated: %v", f.size, n, err)
	}
	var packer packer
	for c := plain + 1; c < codings; c++ {
		made, err := f.in(c, &packer)
		if err != nil {
			t.Fatal(err)
		}
		if f.mem.held() != nil {
			t.Fatal("it is in memory")
		}
		whole, err := packer.pack(c, newFile("events.ics", f.Bytes()))
		if err != nil || !bytes.Equal(made.data, whole) {
			t.Errorf("%s: %d bytes, of the same document in one piece %d: %v", codingNames[c], len(made.data), len(whole), err)
		}
		if got := decoded(t, codingNames[c], string(made.data)); got != string(f.Bytes()) {
			t.Errorf("%s: %d bytes come back as %d others", codingNames[c], f.size, len(got))
		}
		*f.mem = memory{}
	}
	written, err := d.root.ReadFile(tempName("events.ics"))
	if err != nil || !bytes.Equal(written, f.Bytes()) {
		t.Errorf("%d bytes were written, want %d: %v", len(written), f.size, err)
	}
}

// What is written piece by piece is what was to be written, however it comes.
func TestSteady(t *testing.T) {
	data := make([]byte, 2*piece+piece/2)
	for i := range data {
		data[i] = byte(i * i >> 8)
	}
	for _, size := range []int{len(data), piece + 1, 300_001} {
		f, err := os.Create(filepath.Join(t.TempDir(), "f"))
		if err != nil {
			t.Fatal(err)
		}
		s := &steady{f: f}
		for part := range slices.Chunk(data, size) {
			if n, err := s.Write(part); n != len(part) || err != nil {
				t.Fatal(n, err)
			}
		}
		if s.n >= piece {
			t.Errorf("in writes of %d bytes the last %d are not durable", size, s.n)
		}
		if got, err := os.ReadFile(f.Name()); err != nil || !bytes.Equal(got, data) {
			t.Errorf("in writes of %d bytes it is another: %v", size, err)
		}
		f.Close()
		if n, err := s.Write(data); n != 0 || err == nil {
			t.Errorf("%d bytes of a file that is closed", n)
		}
	}
}
