package crieur

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var (
	lifeFrom  = flag.Uint64("life", 0, "first `seed` of the random lives of builders")
	lifeSeeds = flag.Uint64("lives", 2, "`number` of random lives of builders")
)

// Law: whatever a Builder has built before, from whatever history, configuration and time, refused builds among them, what it
// gives is what a new one gives, to every fault, date and tag.
func TestRandomBuilders(t *testing.T) {
	for seed := range seeds(*lifeSeeds) {
		seed += *lifeFrom
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 8))
			w := newWorld(t)
			w.config = wide(random)
			w.write("prive/.gitkeep", "")
			builders := make([]follower, 3)
			histories := []*History{nil}
			for n := range int(20 * seeds(3)) {
				for range random.IntN(4) {
					editWide(random, w, n)
				}
				if random.IntN(10) == 0 {
					w.config = wide(random)
				}
				pause := time.Duration(random.IntN(7200)) * time.Second
				switch random.IntN(12) {
				case 0:
					pause *= 24 * 10 // events come and go
				case 1:
					pause = -pause // the clock is set
				case 2:
					pause = 0
				}
				w.now = w.now.Add(pause)
				history := histories[len(histories)-1]
				if random.IntN(10) == 0 {
					history = histories[random.IntN(len(histories))]
				} else if random.IntN(12) == 0 {
					history = reload(t, history)
				}
				var src fs.FS = w.files
				broken := random.IntN(25) == 0
				if broken {
					src = errFS{fs.ErrPermission}
				}
				site, next, faults := Build(src, w.config, history, w.now)
				for i := range builders {
					if random.IntN(3) == 0 {
						continue // it sees the next one
					}
					at := fmt.Sprintf("step %d, builder %d", n, i)
					site2, next2, faults2 := builders[i].build(src, w, history, i > 0)
					if broken && i > 0 {
						continue // it need not look at what it was not told of
					}
					if a, b := listing(faults2), listing(faults); a != b {
						t.Fatalf("%s: the faults\n%s\nwant\n%s", at, a, b)
					}
					if (site == nil) != (site2 == nil) {
						t.Fatalf("%s: one of two has no site", at)
					}
					if site == nil {
						if next2 != history && history != nil {
							t.Fatalf("%s: another history", at)
						}
						continue
					}
					sameSites(t, site2, site)
					if a, b := stored(t, next2), stored(t, next); a != b {
						t.Errorf("%s: histories differ:\n%s", at, firstDiff(a, b))
					}
					if t.Failed() {
						t.Fatalf("%s, %+v", at, w.config)
					}
					if random.IntN(2) == 0 {
						site, next = site2, next2
					}
				}
				if site != nil && random.IntN(8) > 0 { // else it is held
					if random.IntN(10) == 0 {
						madeAgain(t, site)
					}
					histories = append(histories, next)
				}
			}
			if n := histories[len(histories)-1].entries.len(); n < 10 {
				t.Fatalf("only %d entries: this shows little", n)
			}
		})
	}
}

// A follower is a Builder, and what it has seen of the files.
type follower struct {
	Builder
	seen world
}

func (f *follower) build(src fs.FS, w *world, history *History, told bool) (*Site, *History, []Fault) {
	f.seen.files = w.files
	changed := f.seen.changed()
	if told {
		f.Changed(changed...)
	}
	return f.Build(src, w.config, history, w.now)
}

func listing(faults []Fault) string {
	var b strings.Builder
	for _, f := range faults {
		fmt.Fprintln(&b, f.Rule, f.Private, f)
	}
	return b.String()
}

// stored is a history as it is kept, but for what only some programs leave.
func stored(t *testing.T, h *History) string {
	h = h.clone()
	h.made = ""
	for name, v := range h.outputs.all() {
		v.Key = ""
		h.outputs.set(name, v)
	}
	for id, e := range h.entries.all() {
		e := *e
		e.Whole = false
		h.entries.set(id, &e)
	}
	data, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(data), "},{", "},\n{")
}

func firstDiff(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + "\n" + y[i]
		}
	}
	return ""
}

// sameSites compares all that a site has.
func sameSites(t *testing.T, a, b *Site) {
	t.Helper()
	equalSites(t, a, b)
	equalSites(t, a.Secret(), b.Secret())
	topics := func(s *Site) map[string]string {
		all := map[string]string{}
		for f, address := range s.Topics() {
			all[f.Name] = address
		}
		return all
	}
	if !slices.Equal(a.Gone, b.Gone) || !reflect.DeepEqual(a.Subscriptions, b.Subscriptions) || a.Events != b.Events || a.Articles != b.Articles ||
		a.Refresh != b.Refresh || !slices.Equal(a.Hubs, b.Hubs) || !maps.Equal(topics(a), topics(b)) || a.drafts != b.drafts {
		t.Errorf("%v %v %d %d, and %v %v %d %d", a.Gone, a.Subscriptions, a.Events, a.Articles, b.Gone, b.Subscriptions, b.Events, b.Articles)
	}
	for f := range a.Files() {
		if o := b.File(f.Name); o != nil && !f.sure && !bytes.Equal(f.Bytes(), o.Bytes()) {
			t.Errorf("%s has other bytes", f.Name)
		}
	}
	for name, c := range a.chooser.channels {
		o := b.chooser.channels[name]
		if o == nil || len(c.items) != len(o.items) || len(c.coming) != len(o.coming) || len(c.past) != len(o.past) || c.Title != o.Title {
			t.Errorf("the channel %s to choose from is another", name)
		}
	}
}

// wide is a random configuration of one site, also with what configured knows nothing of.
func wide(random *rand.Rand) Config {
	c := configured(random)
	c.MaxRemoval = []int{100, 100, 0}[random.IntN(3)]
	if c.Limit == 0 && random.IntN(2) == 0 {
		c.Limit = 3
	}
	for _, change := range []func(){
		func() { c.Channels = append(c.Channels, Channel{Name: "interne", Path: "prive", Secret: true}) },
		func() {
			c.Channels = append(c.Channels, Channel{Name: "bureau", Tag: "b", Kind: "articles", Secret: true})
		},
		func() { c.Channels = append(c.Channels, Channel{Name: "large", Category: "é", Limit: 2}) },
		func() { c.Hubs = []string{"https://hub.brume.example/"} },
		func() { c.Moved = map[string]string{"events/tag/a": "large"} },
		func() { c.Retired = []string{"articles"} },
		func() {
			if !slices.ContainsFunc(c.Channels, func(o Channel) bool { return o.Name == "events" }) {
				c.Channels = append(c.Channels, Channel{Name: "events", Path: "d1"})
			}
		},
		func() { c.Retain = 5 * 24 * time.Hour },
	} {
		if random.IntN(3) == 0 {
			change()
		}
	}
	return c
}

// editWide makes one random change of the tree, also of what editMore knows nothing of.
func editWide(random *rand.Rand, w *world, n int) {
	if len(w.files) == 0 {
		w.write("prive/.gitkeep", "")
	}
	one := func(list ...string) string { return list[random.IntN(len(list))] }
	day := func(from, days int) string {
		return w.now.AddDate(0, 0, from+random.IntN(days)).Format(time.DateOnly)
	}
	dir := one("d0", "d1", "d2", "prive")
	name := fmt.Sprintf("%s/w%d.md", dir, random.IntN(8))
	labels := "tags: [" + one("a", "b", "é", "e", "A", "a, é", "") + "]\ncategories: [" + one("é", "E", "x", "") + "]"
	uid := "uid: " + one("''", "a@brume.example", "https://brume.example/a", "https://brume.example/éé", "https://brume.example/%C3%A9é", "https://brume.example/é%C3%A9", "urn:x:a", "URN:x:a", "urn:x:a",
		"0b0e0c6a-613f-4c55-9d0e-7c7269656575", "0B0E0C6A-613F-4C55-9D0E-7C7269656575", "urn:uuid:0b0e0c6a-613f-4c55-9d0e-7c7269656575")
	switch random.IntN(14) {
	case 0, 1:
		w.event(name, "Large "+one("a", "b"), day(-3, 12)+" 1"+one("0", "1")+":00", labels, uid, one("draft: true", "draft: false", "draft: false"))
	case 2:
		w.event(name, "Rond", day(-3, 6)+" 10:00", labels, "rrule: "+one("FREQ=DAILY", "FREQ=DAILY;COUNT=3", "FREQ=WEEKLY"), one("expiryDate: ", "publishDate: ", "lastmod: ")+day(-3, 9))
	case 3:
		w.write(name, "---\ntitle: Nouvelle "+one("a", "b")+"\ndate: "+day(-5, 7)+"\n"+labels+"\n"+uid+"\n"+one("expiryDate: ", "lastmod: ")+day(-5, 9)+"\n---\nTexte "+one("", "long", strings.Repeat("long ", 300))+".\n")
	case 4:
		w.write(name, strings.ReplaceAll(randomProgramme(random, "Journée"), "date: 2026-11-02", "expiryDate: "+day(-2, 6)+"\ndate: 2026-11-02"))
	case 5: // the same in a second place
		names := slices.Sorted(maps.Keys(w.files))
		w.files[name] = w.files[names[random.IntN(len(names))]]
		if strings.HasSuffix(name, ".gitkeep") {
			w.remove(name)
		}
	case 6:
		rows := "titre;début;tags\n"
		for range 1 + random.IntN(4) {
			rows += "Rang " + one("1", "2") + ";" + day(-2, 5) + " 20:00;" + one("a", "b") + "\n"
		}
		w.write(dir+"/rangs.csv", rows)
	case 7, 8: // an edit that leaves all in place
		for range 1 + random.IntN(3) {
			names := slices.Sorted(maps.Keys(w.files))
			p := names[random.IntN(len(names))]
			if strings.HasSuffix(p, ".md") {
				w.write(p, string(w.files[p].Data)+"\nEt encore "+fmt.Sprint(random.IntN(4))+".\n")
			}
		}
	case 9:
		if f := w.files[name]; f != nil {
			again := *f
			again.ModTime = again.ModTime.Add(time.Hour)
			w.files[name] = &again
		}
	case 10:
		if random.IntN(6) == 0 { // the folder of a secret channel goes
			maps.DeleteFunc(w.files, func(p string, _ *fstest.MapFile) bool { return strings.HasPrefix(p, "prive/") })
		} else {
			w.write("prive/.gitkeep", "")
		}
	case 11:
		w.remove(name)
	default:
		if len(w.files) > 40 {
			names := slices.Sorted(maps.Keys(w.files))
			w.remove(names[random.IntN(len(names))])
			return
		}
		editMore(random, w, n)
	}
}
