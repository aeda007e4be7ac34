package crieur

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func TestAccepted(t *testing.T) {
	for _, c := range []struct {
		fields string // separated by |
		want   coding
	}{
		{"", plain},
		{"gzip", gzipped},
		{"gzip, deflate", gzipped},
		{"gzip, deflate, br", brotlied},
		{"gzip, deflate, br, zstd", brotlied},
		{"zstd,gzip", zstandard},
		{"gzip|br", brotlied},
		{"GZIP", gzipped},
		{"x-gzip", gzipped},
		{" gzip ;  q=1.0 , br;q=0.999", gzipped},
		{"br;q=0.5, gzip;q=0.8, zstd;q=0.8", zstandard},
		{"gzip;q=0", plain},
		{"gzip;q=0, br;q=0.001", brotlied},
		{"gzip;Q=0.000", plain},
		{"*", gzipped},
		{"*;q=0", plain},
		{"gzip;q=0, *", plain},
		{"br;q=0, *;q=0.3", gzipped},
		{"identity", plain},
		{"identity;q=0", plain},
		{"identity;q=0, gzip", gzipped},
		{"identity, gzip", gzipped},
		{"identity, gzip;q=0.5", plain},
		{"identity;q=0.5, gzip;q=0.5", gzipped},
		{"deflate, compress", plain},
		{"gzip;q=nan, br;q=inf, zstd;q=-1", plain},
		{"gzip;q=1.001", plain},
		{"gzip;q=0.1234", plain},
		{"gzip;q=10", plain},
		{"gzip;q=", plain},
		{"gzip;level=9", plain},
		{";;;,,,q=1,=,gzip;", gzipped},
		{"gzipbr", plain},
	} {
		if got := accepted(strings.Split(c.fields, "|")); got != c.want {
			t.Errorf("%q: %s, want %s", c.fields, codingNames[got], codingNames[c.want])
		}
	}
	if got := accepted(nil); got != plain {
		t.Errorf("without a field: %s", codingNames[got])
	}
}

func FuzzAccepted(f *testing.F) {
	f.Add("gzip;q=0.5, br;q=1.0, *")
	f.Fuzz(func(t *testing.T, field string) {
		c := accepted([]string{field})
		if c < plain || c >= codings {
			t.Fatal(c)
		}
		if c != plain && !strings.Contains(strings.ToLower(field), codingNames[c]) && !strings.Contains(field, "*") {
			t.Errorf("%q: %s was not asked for", field, codingNames[c])
		}
	})
}

// text is n bytes that compress as prose does.
func text(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for b.Len() < n {
		fmt.Fprintf(&b, "SUMMARY:Rencontre n° %d, salle %c\r\n", r.IntN(1e9), 'A'+rune(r.IntN(26)))
	}
	return []byte(b.String()[:n])
}

// Each coding gives the document back, at any length, made by many at once.
func TestCodingsGiveTheDocumentBack(t *testing.T) {
	var p packer
	for _, size := range []int{512, 4 << 10, 70 << 10, large - 1, large, 9 << 20} {
		if racing && size > large {
			continue
		}
		f := newFile("events.ics", text(size))
		for c := range codings {
			t.Run(fmt.Sprintf("%s/%d", codingNames[c], size), func(t *testing.T) {
				forms := make([]*encoded, 8)
				var group sync.WaitGroup
				for i := range forms {
					group.Go(func() { forms[i], _ = f.in(c, &p) })
				}
				group.Wait()
				for _, made := range forms {
					if c != plain && made != forms[0] {
						t.Fatal("it was made twice")
					}
				}
				if got := decoded(t, codingNames[c], string(forms[0].data)); got != string(f.Bytes()) {
					t.Errorf("%d bytes come back as %d others", size, len(got))
				}
				if n := len(forms[0].data); c != plain && n > size/2 {
					t.Errorf("%d bytes of %d", n, size)
				}
			})
		}
	}
}

// What few ask for does not stay in memory, in any coding.
func TestSeldomFormsAreForgotten(t *testing.T) {
	var p packer
	for name, kept := range map[string]bool{"events.ics": true, "event/foire.html": false, "article/foire.html": false, "articles/archives/1.rss": false} {
		data := text(2000)
		f := fileOf(name, etag(name, data), len(data), func() ([]byte, error) { return data, nil })
		for c := plain + 1; c < codings; c++ {
			before, err := f.in(c, &p)
			if err != nil {
				t.Fatal(err)
			}
			want := string(before.data)
			before = nil
			runtime.GC()
			if there := f.mem.forms[c].Load() != nil || f.mem.packed[c].Value() != nil; there != kept {
				t.Errorf("%s in %s is in memory: %t, want %t", name, codingNames[c], there, kept)
			}
			if after, err := f.in(c, &p); err != nil || string(after.data) != want {
				t.Errorf("%s in %s is not the same again: %v", name, codingNames[c], err)
			}
		}
	}
}
