package crieur

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
)

// Law: a table is a map; a copy is a map of its own; and what differs from another table is among what is said to,
// whichever of the two was made from the other.
func TestTable(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 9))
	type pair struct {
		table table[int]
		plain map[string]int
	}
	versions := []*pair{{plain: map[string]int{}}}
	few := 0
	for range 500 {
		from := versions[max(0, len(versions)-1-random.IntN(3))]
		is := &pair{from.table.copy(), maps.Clone(from.plain)}
		most := 5
		if random.IntN(50) == 0 {
			most = 2000
		}
		for range random.IntN(most) {
			key, v := fmt.Sprint(random.IntN(5000)), random.IntN(3)
			is.table.set(key, v)
			is.plain[key] = v
		}
		if random.IntN(20) == 0 { // as it is ranged over
			for key, v := range is.table.all() {
				is.table.set(key, v+1)
				is.plain[key]++
			}
		}
		versions = append(versions, is)
		for _, p := range []*pair{is, from} {
			all := map[string]int{}
			for key, v := range p.table.all() {
				if _, ok := all[key]; ok {
					t.Fatalf("%s is there twice", key)
				}
				all[key] = v
			}
			if !maps.Equal(all, p.plain) || p.table.len() != len(p.plain) {
				t.Fatalf("%d values, want %d", len(all), len(p.plain))
			}
		}
		for range 3 {
			key := fmt.Sprint(random.IntN(6000))
			v, ok := is.table.find(key)
			if want, there := is.plain[key]; v != want || ok != there || ok != is.table.has(key) || v != is.table.get(key) {
				t.Fatalf("%s is %d %v, want %d %v", key, v, ok, want, there)
			}
		}
		old := versions[max(0, len(versions)-1-random.IntN(6))]
		for _, two := range [][2]*pair{{is, old}, {old, is}} {
			is, old := two[0], two[1]
			since := maps.Collect(is.table.since(&old.table))
			if len(since) < 200 && len(is.plain) > 1000 {
				few++
			}
			for key, v := range is.plain {
				was, ok := old.plain[key]
				got, said := since[key]
				if (!ok || was != v) && !said || said && got != v {
					t.Fatalf("%s is %d, was %d (%v), and is said to be %d (%v)", key, v, was, ok, got, said)
				}
			}
		}
	}
	if few < 200 {
		t.Errorf("only %d times little had to be looked at", few)
	}
}
