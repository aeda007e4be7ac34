package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/crieur/crieur"
)

// A press is a serving of which a test does what its loop would, one thing after the other.
type press struct {
	*serving
	t   *testing.T
	log *lockedBuffer
	out string
}

func newPress(t *testing.T) *press {
	t.Helper()
	dir := t.TempDir()
	p := &press{t: t, log: new(lockedBuffer), out: filepath.Join(dir, "out", "public")}
	o := &options{dir: dir, out: p.out, state: filepath.Join(dir, "state")}
	p.serving = newServing(o, o.logger(p.log), sockets{}, io.Discard)
	p.publisher.Dir, p.publisher.Secret, p.welcomed = p.out, "", true
	p.push = p.newPush()
	t.Cleanup(p.push.Close)
	if err := os.Mkdir(o.state, 0o755); err != nil {
		t.Fatal(err)
	}
	return p
}

// built is a generation with an event of that title, the latest, which somebody waits for.
func (p *press) built(title, why string) (g *generation, answer chan bool) {
	p.t.Helper()
	src := fstest.MapFS{"foire.md": {Data: []byte(strings.Replace(foire, "Foire", title, 1))}}
	site, _, faults := crieur.Build(src, crieur.Config{Base: agendaBase, Hubs: []string{"http://127.0.0.1:1/"}}, nil, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	if site == nil {
		p.t.Fatal(faults)
	}
	answer = make(chan bool, 2)
	p.latest, p.shown = site, false
	return &generation{cause: cause{why: why, since: time.Now(), asked: []chan<- bool{answer}}, site: site, builds: 1}, answer
}

func (p *press) next() {
	p.t.Helper()
	select {
	case w := <-p.written:
		p.wrote(w)
	case <-time.After(20 * time.Second):
		p.t.Fatal("nothing is written")
	}
}

func (p *press) holds(title string) {
	p.t.Helper()
	data, err := os.ReadFile(filepath.Join(p.out, "events.ics"))
	if err != nil || !strings.Contains(string(data), "SUMMARY:"+title) {
		p.t.Errorf("the folder does not hold %s: %v\n%s", title, err, data)
	}
}

func (p *press) said(text string, times int) {
	p.t.Helper()
	if n := strings.Count(p.log.String(), text); n != times {
		p.t.Errorf("%q was said %d times, want %d:\n%s", text, n, times, p.log)
	}
}

func (p *press) builds(outcome string) int {
	for i, o := range outcomes {
		if o == outcome {
			return p.status.get().builds[i]
		}
	}
	return 0
}

func answered(t *testing.T, answer chan bool, want bool) {
	t.Helper()
	select {
	case got := <-answer:
		if got != want || len(answer) > 0 {
			t.Errorf("who asked is told %t, want %t, and %d times more", got, want, len(answer))
		}
	default:
		t.Error("who asked is not answered")
	}
}

// Of those that are built while one is written the last is written, for all of them; and it is noted that readers have more
// than the folder until that has the last.
func TestTheLastGenerationIsWritten(t *testing.T) {
	p := newPress(t)
	if err := p.mark(); err != nil {
		t.Fatal(err)
	}
	noted := func() bool { _, err := os.Stat(p.shownFile()); return err == nil }
	one, askedOne := p.built("Une", "one.md")
	one.reloaded = true
	p.offer(one)
	two, askedTwo := p.built("Deux", "two.md")
	two.check, two.seen = true, time.Unix(1, 0)
	p.offer(two)
	three, askedThree := p.built("Trois", "three.md")
	three.seen = time.Unix(2, 0)
	p.offer(three)
	if w := p.waiting; p.writing != one || w.site != three.site || !w.check || w.builds != 2 || !w.seen.Equal(time.Unix(1, 0)) || !w.since.Equal(two.since) {
		t.Errorf("%+v waits", w)
	}
	if p.status.get().hubs != nil {
		t.Error("hubs are told before anything is written")
	}
	p.next()
	p.holds("Une")
	answered(t, askedOne, true)
	if !noted() || p.shown || len(askedTwo) > 0 || p.status.get().hubs == nil {
		t.Errorf("after the first: noted %t, shown %t, answered %d", noted(), p.shown, len(askedTwo))
	}
	if !p.writing.reloaded {
		t.Error("who asked twice for the configuration is answered after the first")
	}
	p.next()
	p.holds("Trois")
	answered(t, askedTwo, true)
	answered(t, askedThree, true)
	if noted() || !p.shown || p.writing != nil || p.waiting != nil || p.builds("published") != 3 {
		t.Errorf("at last: noted %t, shown %t, %d published", noted(), p.shown, p.builds("published"))
	}
	p.said("published why=", 2)
	p.said("everything is published again", 0)
}

// What cannot be written is told once, is tried again as it is, and makes room for what is built meanwhile.
func TestAGenerationIsTriedAgain(t *testing.T) {
	p := newPress(t)
	obstacle := filepath.Dir(p.out)
	put := func() {
		t.Helper()
		if err := errors.Join(os.RemoveAll(obstacle), os.WriteFile(obstacle, nil, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	put()
	one, asked := p.built("Une", "start")
	p.offer(one)
	p.next()
	answered(t, asked, false)
	if p.waiting == nil || p.waiting.site != one.site || p.writing != nil || p.shown || p.status.get().hubs != nil || p.builds("unwritten") != 1 {
		t.Fatalf("%+v waits; shown %t, %d unwritten", p.waiting, p.shown, p.builds("unwritten"))
	}
	if !p.again.Stop() {
		t.Error("it is not tried again")
	}
	first := p.unwritten.pause
	p.write() // as when that time has come
	p.next()
	p.said("not everything could be written", 1)
	p.said("published why=start", 1)
	if p.unwritten.pause <= first || p.builds("unwritten") != 1 {
		t.Errorf("it is tried again after %v, then after %v; %d unwritten", first, p.unwritten.pause, p.builds("unwritten"))
	}

	os.Remove(obstacle)
	two, asked := p.built("Deux", "two.md")
	p.offer(two)
	if p.again.Stop() {
		t.Error("what is written now is tried again besides")
	}
	p.next()
	p.holds("Deux")
	answered(t, asked, true)
	p.said("everything is published again", 1)
	if p.waiting != nil || p.unwritten.told != "" || p.builds("published") != 1 {
		t.Errorf("%+v waits; %q; %d published", p.waiting, p.unwritten.told, p.builds("published"))
	}

	// One that fails while another waits is not tried again.
	put()
	three, _ := p.built("Trois", "three.md")
	p.offer(three)
	four, _ := p.built("Quatre", "four.md")
	p.offer(four)
	p.next()
	if p.writing != four || p.again.Stop() {
		t.Errorf("%+v is written", p.writing)
	}
	p.next()
	os.Remove(obstacle)
	p.settle()
	p.holds("Quatre")
}

// That everything is published again is said when it is, and once.
func TestPublishedAgainIsTrue(t *testing.T) {
	p := newPress(t)
	one, _ := p.built("Une", "one.md")
	p.unwritten.note(p.daemon.log, errors.New("the folder is full"))
	p.unbuilt.note(p.daemon.log, errors.New("the state is full"))
	p.latest = nil
	asked := make(chan bool, 1)
	one.asked = []chan<- bool{asked}
	p.offer(one)
	p.next()
	answered(t, asked, false)
	p.said("everything is published again", 0)
	if s := p.status.get(); s.current || s.trouble != "the state is full" {
		t.Errorf("%t, %q", s.current, s.trouble)
	}
	p.unbuilt.note(p.daemon.log, nil)
	two, _ := p.built("Deux", "two.md")
	p.offer(two)
	p.next()
	p.said("everything is published again", 1)
	three, _ := p.built("Trois", "three.md")
	p.offer(three)
	p.next()
	p.said("everything is published again", 1)
}

// Neither is alive: a loop that does not go round, nor one beside which something is stuck.
func TestStuckWriting(t *testing.T) {
	p := newPress(t)
	for _, say := range []func(){p.beat, p.work} {
		for ago, want := range map[time.Duration]bool{0: true, longest: false} {
			p.pulse.allow(-time.Second, false)
			p.writing = &generation{began: time.Now().Add(-ago)}
			if say(); p.pulse.alive() != want {
				t.Errorf("%v after it began to be written, the loop is alive: %t", ago, !want)
			}
		}
	}
}
