package crieur

import (
	"fmt"
	"net/http/httptest"
	"os"
	"testing"
	"time"
)

// BenchmarkChoose is what a calendar costs with a fifth of 10,000 events chosen, or all of them: the first time, when it has
// changed and is only asked whether, and when it is there; beside writing the calendar of all.
func BenchmarkChoose(b *testing.B) {
	site, _, faults := Build(os.DirFS(generate(b, 12_500)), Config{Site: "https://www.brume.example/", Timezone: "Europe/Paris",
		Collections: []Collection{{Permalink: "/agenda/:title/"}}}, nil, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	if site == nil {
		b.Fatal(faults[0])
	}
	make := site.File("events.ics").make
	floor := 0.0
	run := func(name string, do func(i int)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				do(i)
			}
			each := b.Elapsed().Seconds() / float64(b.N)
			if name == "whole" {
				floor = each
			}
			b.ReportMetric(each/floor, "×whole")
		})
	}
	run("whole", func(int) {
		if _, err := make(); err != nil {
			b.Fatal(err)
		}
	})
	s := new(Server)
	get := func(target string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", target, nil)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	s.Set(site)
	for _, c := range [][2]string{{"a fifth", "category=Cat%C3%A9gorie+1"}, {"all", "from=1900-01-01"}} {
		name, query := c[0], c[1]
		target := "/events.ics?" + query
		tag := get(target).Header().Get("ETag")
		run(name+"/first", func(int) {
			s.Set(site)
			s.made.renew(nil)
			clear(s.made.entries)
			s.made.once, s.made.again = segment{}, segment{}
			s.made.renew(site)
			if w := get(target); w.Code != 200 {
				b.Fatal(w.Code)
			}
		})
		run(name+"/of another site, 304", func(int) {
			s.made.renew(site)
			if w := get(target, "If-None-Match", tag); w.Code != 304 {
				b.Fatal(w.Code)
			}
		})
		run(name+"/again", func(int) {
			if w := get(target); w.Code != 200 {
				b.Fatal(w.Code)
			}
		})
		run(name+"/again, 304", func(int) {
			if w := get(target, "If-None-Match", tag); w.Code != 304 {
				b.Fatal(w.Code)
			}
		})
	}
	run("feed/first", func(i int) {
		if w := get(fmt.Sprintf("/events.atom?from=%04d-01-01", 1+i%2000)); w.Code != 200 {
			b.Fatal(w.Code)
		}
	})
	run("page/first", func(i int) {
		if w := get(fmt.Sprintf("/events.html?from=%04d-01-01", 1+i%2000)); w.Code != 200 {
			b.Fatal(w.Code)
		}
	})
}
