package watch

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

const ms = time.Millisecond

// looks runs a watcher on a fake clock, with hints at the given times, and returns when it looked, until the end.
// Looks at a part are negative.
func looks(t *testing.T, opt Options, end time.Duration, look func() state, hints ...time.Duration) (at []time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		w := &Watcher{scanner: &scanner{}, dirty: make(chan struct{}, 1), stop: make(chan struct{})}
		p := newPace(opt)
		start := time.Now()
		p.scanned(start, start, Start, state{})
		w.done.Go(func() {
			w.run(p, func(why Reason) state {
				when := time.Since(start)
				if !why.whole() {
					when = -when
				}
				at = append(at, when)
				return look()
			})
		})
		for _, h := range hints {
			time.Sleep(h - time.Since(start))
			select {
			case w.dirty <- struct{}{}:
			default:
			}
		}
		time.Sleep(end - time.Since(start))
		w.Close()
	})
	return at
}

func every(step, end time.Duration) (times []time.Duration) {
	for at := step; at <= end; at += step {
		times = append(times, at)
	}
	return times
}

func TestPace(t *testing.T) {
	rest := func() state { return state{} }
	then := func(states ...state) func() state {
		return func() state {
			if len(states) == 0 {
				return state{}
			}
			s := states[0]
			states = states[1:]
			return s
		}
	}
	slow := func() state { time.Sleep(400 * ms); return state{} }
	large := func() func() state { // the first look takes a while, the others are at parts
		n := 0
		return func() state {
			if n++; n == 1 {
				time.Sleep(20 * ms)
				return state{}
			}
			return state{part: n < 5}
		}
	}
	racy, polled, hard := state{racy: true}, state{polled: true}, state{polled: true, work: 192 * ms}
	for _, test := range []struct {
		name  string
		opt   Options
		end   time.Duration
		look  func() state
		hints []time.Duration
		want  []time.Duration
	}{
		{"no hint", Options{}, 59 * time.Second, rest, nil, nil},
		{"the safety scan", Options{}, 121 * time.Second, rest, nil, []time.Duration{60 * time.Second, 120 * time.Second}},
		{"one hint", Options{}, time.Second, rest, []time.Duration{7 * ms}, []time.Duration{37 * ms}},
		{"quiet begins anew", Options{}, time.Second, rest, []time.Duration{10 * ms, 35 * ms, 60 * ms}, []time.Duration{90 * ms}},
		{"two batches", Options{}, time.Second, rest, []time.Duration{10 * ms, 50 * ms}, []time.Duration{40 * ms, 80 * ms}},
		{"a storm", Options{}, 2 * time.Second, rest, every(7*ms, time.Second), []time.Duration{507 * ms, 1011 * ms}},
		{"set", Options{Quiet: 5 * ms, Max: 21 * ms, Safety: 100 * ms}, 150 * ms, rest, every(4*ms, 30*ms), []time.Duration{25 * ms, 33 * ms, 133 * ms}},
		{"too fresh", Options{}, time.Second, then(racy, racy, racy), []time.Duration{1 * ms}, []time.Duration{31 * ms, -56 * ms, -106 * ms, -206 * ms}},
		{"too fresh, and a hint", Options{}, time.Second, then(racy), []time.Duration{1 * ms, 50 * ms}, []time.Duration{31 * ms, 80 * ms}},
		{"polled", Options{}, time.Second, then(polled, polled), []time.Duration{1 * ms}, []time.Duration{31 * ms, -506 * ms, -981 * ms}},
		{"polled with much work", Options{}, 1200 * ms, then(polled, hard, hard), []time.Duration{1 * ms}, []time.Duration{31 * ms, -506 * ms, -1106 * ms}},
		{"polled as often as was asked, with much work", Options{Poll: 200 * ms}, 300 * ms, then(polled, hard, hard), []time.Duration{1 * ms}, []time.Duration{31 * ms, -81 * ms, -131 * ms, -181 * ms}},
		{"parts of a large tree, then the rest", Options{}, time.Second, large(), []time.Duration{1 * ms, 100 * ms, 131 * ms, 162 * ms},
			[]time.Duration{31 * ms, 130 * ms, 161 * ms, 192 * ms, 232 * ms}},
		{"slow looks leave half of the time", Options{}, 3 * time.Second, slow, every(10*ms, 1495*ms), []time.Duration{510 * ms, 1410 * ms, 2210 * ms}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := looks(t, test.opt, test.end, test.look, test.hints...)
			if !slices.Equal(got, test.want) {
				t.Errorf("looked at %v, want %v", got, test.want)
			}
		})
	}
}
