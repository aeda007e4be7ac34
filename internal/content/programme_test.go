package content

import (
	"runtime"
	"strings"
	"testing"
)

// TestProgrammeGrows: what a session of many lines costs is by their number, not by its square.
func TestProgrammeGrows(t *testing.T) {
	cost := func(lines int) uint64 {
		page := "---\ntitle: Foire\nstart: 2027-05-08 09:00\nprogramme: true\n---\n- 9h Ouverture\n" + strings.Repeat("  et la suite du programme\n", lines)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if records := Parse("a.md", []byte(page), nil, func(Fault) {}); len(records) != 2 {
			t.Fatalf("%d records, want the event and a session", len(records))
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	cost(10)
	if one, four := cost(4000), cost(16000); four > 8*one {
		t.Errorf("four times the lines take %.1f times the memory", float64(four)/float64(one))
	}
}
