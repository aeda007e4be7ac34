package crieur

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// One file that would be published again and again, or in many lists, costs what its size allows, and no more.
func TestAmplified(t *testing.T) {
	dates := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "%d-%02d-%02d 10:00-11:00: x, ", 2027+i/336, 1+i/28%12, 1+i%28)
		}
		return "eventinfo: {dates: {extra: {" + b.String() + "}}}\n"
	}
	tags := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "mot%d, ", i)
		}
		return "tags: [" + b.String() + "]\n"
	}
	long := strings.Repeat("mot ", 240_000)
	for _, c := range []struct {
		name, data, fault string
		records, bytes    int // at most
	}{
		{"dates", "---\ntitle: Marché\n" + dates(900) + "---\n" + long, "a.md:2:1: the text of 959999 bytes would be published 900 times", 0, 100_000},
		{"tags", "---\ntitle: Marché\ndate: 2026-11-01\n" + tags(1000) + "---\n" + long, "the text of 959999 bytes has 50 categories and tags", 1, 64 << 20},
		{"tags of a short text", "---\ntitle: Marché\ndate: 2026-11-01\n" + tags(1000) + "---\n", "tags has more than 50 values; the first 50 are used", 1, 4 << 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			site, _, faults := Build(fstest.MapFS{"a.md": {Data: []byte(c.data)}}, Config{Base: "https://www.brume.example/"}, nil, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
			if !strings.Contains(fmt.Sprint(faults), c.fault) {
				t.Errorf("faults %.300v, want %s", faults, c.fault)
			}
			if n := site.Events + site.Articles; n != c.records {
				t.Errorf("%d records, want %d", n, c.records)
			}
			size := 0
			for f := range site.Files() {
				size += len(f.Bytes())
			}
			if size > c.bytes {
				t.Errorf("a site of %d bytes, want at most %d", size, c.bytes)
			}
		})
	}
}
