package crieur

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Law: what a Builder gives that looks only at the records of edited files is what a new one gives, whatever they say now:
// what another says, what they said before, something that is due later, or nothing that can be understood.
func TestRandomEditsInPlace(t *testing.T) {
	builds, inPlace, alone, added, gone, moved := 0, 0, 0, 0, 0, 0
	for seed := range seeds(*lifeSeeds) {
		seed += *lifeFrom
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 9))
			one := func(list ...string) string { return list[random.IntN(len(list))] }
			w := newWorld(t)
			orderly := seed%2 == 1 // no record has anything in common with another, as a rule
			w.config.Drafts = random.IntN(8) == 0
			w.config.Limit = 1 + random.IntN(12)
			if random.IntN(2) == 0 { // a title says where a page is, and records of d0 have none here
				w.config.Collections = []Collection{{Path: "d0", Permalink: "/agenda/:title/"}}
			}
			name := func() string { return fmt.Sprintf("d%d/r%02d.md", random.IntN(3), random.IntN(8)) }
			said := []string{}
			write := func(p string) {
				day := w.now.AddDate(0, 0, random.IntN(9)-3).Format(time.DateOnly)
				if len(said) == 0 || random.IntN(6) > 0 || orderly && random.IntN(100) > 0 {
					var s strings.Builder
					number := random.IntN(20)
					if orderly && random.IntN(400) > 0 {
						number = 100 + len(said)
					}
					fmt.Fprintf(&s, "---\ntitle: %s %d\n", one("Bal", "Marché", "Conseil"), number)
					if random.IntN(3) > 0 {
						fmt.Fprintf(&s, "event_start_date: %s %s:00\ndate: 2026-11-0%d\nlieu: Salle %d\n", day, one("10", "18"), 1+random.IntN(6), random.IntN(3))
						switch random.IntN(6) {
						case 0, 1:
							fmt.Fprintf(&s, "event_end_date: %s %s:00\n", w.now.AddDate(0, 0, random.IntN(9)-1).Format(time.DateOnly), one("09", "20"))
						case 2:
							fmt.Fprintln(&s, "rrule: FREQ=DAILY;COUNT=5")
						}
					} else {
						fmt.Fprintf(&s, "date: %s\n", day)
					}
					odd := random.IntN(12)
					if orderly && random.IntN(400) > 0 {
						odd = 12
					}
					switch odd {
					case 0:
						fmt.Fprintln(&s, one("draft: true", "expiryDate: "+day, "publishDate: "+day, "tags: ["))
					case 1, 2:
						fmt.Fprintln(&s, "uid: u"+fmt.Sprint(random.IntN(9)))
					case 3, 4, 5:
						fmt.Fprintln(&s, "chapeau-text: "+strings.Repeat(one("Un long résumé. ", "Un autre résumé. "), 8))
					}
					fmt.Fprintf(&s, "tags: [%s]\n---\nTexte %d.\n", one("a", "b", "a, b", ""), random.IntN(5))
					said = append(said, s.String())
				}
				w.write(p, said[random.IntN(len(said))])
			}
			for range 12 {
				write(name())
			}
			programme := func() { w.write("d1/journee.md", randomProgramme(random, "Journée")) }
			if random.IntN(2) == 0 {
				programme()
			}
			var b Builder
			var history *History
			var before *Site
			var changes time.Time
			for n := range int(40 * seeds(3)) {
				moves := false
				names := slices.Sorted(maps.Keys(w.files))
				edited := func() string { return names[random.IntN(len(names))] }
				switch random.IntN(80) {
				case 0:
					write(name())
				case 60, 61, 62, 63, 64, 65, 66, 67, 68, 69:
					w.remove(edited())
				case 50, 51, 52, 53, 54, 55, 56, 57, 70, 71, 72, 73, 74:
					p := fmt.Sprintf("d%d/n%03d.md", random.IntN(3), n)
					if write(p); random.IntN(4) > 0 {
						w.write(p, strings.Replace(string(w.files[p].Data), "title: ", fmt.Sprintf("title: Tout autre %d ", n), 1))
					}
					if random.IntN(8) == 0 {
						write(edited())
					}
					if random.IntN(8) == 0 {
						w.remove(edited())
					}
					if random.IntN(8) == 0 {
						w.write(fmt.Sprintf("d%d/m%03d.md", random.IntN(3), n), said[random.IntN(len(said))])
					}
				case 1:
					w.remove(edited())
				case 2: // two change places
					p, q := edited(), edited()
					w.files[p], w.files[q] = w.files[q], w.files[p]
				case 3:
					write(edited())
					write(edited())
				case 4: // nothing
				case 5:
					if w.files["d1/journee.md"] != nil {
						programme()
					}
				default:
					p := edited()
					text := string(w.files[p].Data)
					switch random.IntN(14) {
					case 10, 11, 12, 13:
						moves = true
						switch random.IntN(5) {
						case 0:
							text = strings.Replace(text, "tags: [", "tags: ["+one("a, ", "b, "), 1)
						case 1:
							text = strings.Replace(strings.Replace(text, "tags: [a, b", "tags: [b", 1), "tags: [a", "tags: [", 1)
						case 2:
							text = strings.Replace(text, "date: 2026-11-0", "date: 2026-1"+one("0", "1")+"-1", 1)
						default:
							text = strings.Replace(text, one("10:00", "18:00"), one("08:00", "10:00", "18:00", "21:00"), 1)
						}
					case 9:
						text = strings.Replace(text, one("end_date: 2026-11-2", "end_date: 2026-12-0"), "end_date: 2026-11-3", 1)
					case 0:
						text = strings.Replace(text, "title: ", "title: "+one("Grand ", "Petit "), 1)
					case 1:
						text = strings.Replace(text, "Salle ", one("Salle ", "Grande salle "), 1)
					case 2:
						write(p)
						text = string(w.files[p].Data)
					case 3:
						text = strings.Replace(text, "tags: [", "tags: [c, ", 1)
					default:
						text += "Et encore.\n"
					}
					w.write(p, text)
					said = append(said, text)
				}
				switch random.IntN(8) {
				case 0:
					w.now = w.now.Add(time.Duration(random.IntN(72)-6) * time.Hour)
				case 1: // at once
				case 2: // when something ends, or just before
					if !changes.IsZero() && random.IntN(2) == 0 {
						w.now = changes.Add(time.Duration(random.IntN(2)-1) * time.Second)
					}
				default:
					w.now = w.now.Add(time.Duration(random.IntN(300)) * time.Second / 2)
				}
				if len(w.files) == 0 {
					write(name())
				}
				if changed := w.changed(); n > 0 {
					b.Changed(changed...)
				}
				known := b.settled
				var readers sync.WaitGroup
				if before != nil {
					readers.Go(func() { madeAgain(t, before) })
				}
				site2, next2, faults2 := b.Build(w.files, w.config, history, w.now)
				readers.Wait()
				site, next, faults := Build(w.files, w.config, history, w.now)
				if a, b := listing(faults2), listing(faults); a != b {
					t.Fatalf("step %d: the faults\n%s\nwant\n%s", n, a, b)
				}
				if (site == nil) != (site2 == nil) {
					t.Fatalf("step %d: one of two has no site", n)
				}
				if site == nil {
					continue
				}
				before = site2
				sameSites(t, site2, site)
				if a, b := stored(t, next2), stored(t, next); a != b {
					t.Errorf("histories differ:\n%s", firstDiff(a, b))
				}
				if t.Failed() {
					t.Fatalf("step %d", n)
				}
				if changes = site.NextChange; b.last.looked < b.last.round {
					if alone++; next2.entries.len() > history.entries.len() {
						added++
					} else if len(site2.Gone) > 0 {
						gone++
					} else if moves {
						moved++
					}
				}
				if builds++; known != nil && b.settled != nil && reflect.ValueOf(b.settled.alike).Pointer() == reflect.ValueOf(known.alike).Pointer() {
					inPlace++
				}
				if random.IntN(10) > 0 { // else it is held
					history = next2
				}
			}
		})
	}
	said := fmt.Sprintf("of %d builds %d looked at what was edited alone, %d at the items of it alone, %d of these at new ones, %d at withdrawn ones, %d at moved ones", builds, inPlace, alone, added, gone, moved)
	if t.Log(said); !racing && (inPlace*10 < builds || alone*12 < builds || added*150 < builds || gone*150 < builds || moved*150 < builds) {
		t.Error("this shows little")
	}
}

// An edit that says what a copy says, which is left out since it is also that of another, is no edit of one record alone.
func TestEditLikeACopy(t *testing.T) {
	w := newWorld(t)
	long := "chapeau-text: " + strings.Repeat("Un long résumé. ", 8)
	w.event("a.md", "Bal", "2027-05-08 10:00", long)
	w.event("b.md", "Grand bal", "2027-05-08 10:00", long)
	w.event("c.md", "Grand bal", "2027-05-08 10:00", "lieu: Salle 1")
	var b Builder
	var history *History
	build := func() {
		t.Helper()
		history = w.buildTold(t, &b, history)
	}
	for range 3 {
		build()
	}
	if b.settled == nil {
		t.Fatal("it does not settle")
	}
	w.event("c.md", "Grand bal", "2027-05-08 10:00")
	build()
	build()
}

// buildTold builds what the builder is told of, and compares it with what a new one gives.
func (w *world) buildTold(t *testing.T, b *Builder, history *History) *History {
	t.Helper()
	w.now = w.now.Add(time.Minute)
	b.Changed(w.changed()...)
	site, next, faults := b.Build(w.files, w.config, history, w.now)
	site2, next2, faults2 := Build(w.files, w.config, history, w.now)
	if a, b := listing(faults), listing(faults2); a != b {
		t.Errorf("the faults\n%s\nwant\n%s", a, b)
	}
	if site == nil && site2 == nil {
		return history
	}
	sameSites(t, site, site2)
	if a, b := stored(t, next), stored(t, next2); a != b {
		t.Errorf("histories differ:\n%s", firstDiff(a, b))
	}
	return next
}

// The first edit after what is new looks at nothing but its record, unless what is published now decides otherwise
// than what was found.
func TestEditAfterWhatIsNew(t *testing.T) {
	ical := func(uid, title, times string) string {
		return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:" + uid + "\r\nDTSTAMP:20261101T000000Z\r\nSUMMARY:" + title + "\r\n" + times + "END:VEVENT\r\nEND:VCALENDAR\r\n"
	}
	for _, test := range []struct {
		name    string
		settles bool
		write   func(w *world)
	}{
		{"all of it", true, func(w *world) {}},
		{"no date", true, func(w *world) { w.write("a.txt", "Un texte sans date.\n") }},
		{"copies", false, func(w *world) {
			w.event("a.md", "Bal", "2027-05-08 10:00", "event_end_date: 2027-05-08 12:00")
			w.event("b.md", "Bal", "2027-05-08 10:00", "event_end_date: 2027-05-08 14:00", "uid: b")
			w.event("f.md", "Bal", "2027-05-08 10:00")
		}},
		{"an identity that is declared as well", false, func(w *world) {
			w.event("a.md", "Bal", "2027-05-08 10:00")
			_, h, _ := Build(w.files, w.config, nil, w.now)
			for id := range h.entries.all() {
				if h.entries.get(id).Path == "a.md" {
					w.write("b.ics", ical(id, "Concert", "DTSTART:20270509T100000Z\r\n"))
				}
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.event("edited.md", "Marché", "2027-05-01 10:00")
			test.write(w)
			var b Builder
			history := w.buildTold(t, &b, nil)
			if settles := b.settled != nil; settles != test.settles {
				t.Errorf("settled: %v", settles)
			}
			w.event("edited.md", "Marché", "2027-05-01 11:00")
			history = w.buildTold(t, &b, history)
			w.event("new.md", "Foire", "2027-06-01 11:00")
			w.buildTold(t, &b, history)
		})
	}
}
