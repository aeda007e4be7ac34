package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/watch"
)

const (
	retry    = time.Second     // until what could not be written is tried again: then twice as long, and so on
	patience = time.Minute     // and at last; and until what could not be built is
	glance   = 5 * time.Second // between looks whether what was published is still there
)

// serve watches, publishes and serves until ctx is done.
func serve(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, code := parse("serve", args, stdout, stderr)
	if code >= 0 {
		return code
	}
	log := o.logger(stderr)
	if n := memoryLimit(os.DirFS("/")); n > 0 && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(n)
	}
	sockets, err := o.listen()
	if err != nil {
		log.Error(err.Error())
		return exitUsage
	}
	defer sockets.close()
	s := newServing(o, log, sockets, stdout)
	done := make(chan struct{})
	defer close(done)
	s.pulse.work()
	go s.notify.watch(s.notify.watchdog(), s.pulse, done)
	defer s.administer()()
	if !s.open(ctx) {
		return exitUsage
	}
	defer s.close()
	s.local()
	w, err := watch.New(o.dir, watch.Options{
		Skip:   o.skip(),
		Files:  []string{o.configFile()},
		Report: func(err error) { log.Warn(err.Error()) },
	})
	if err != nil {
		log.Error(fmt.Sprintf("cannot watch %s: %v", o.dir, err))
		return exitUsage
	}
	defer w.Close()
	s.status.update(func(st *state) { st.watch = w.Stats })
	s.upload = o.newUpload(log, &s.status)
	defer s.upload.begin(ctx)()
	return s.run(ctx, w.C())
}

// serving is a daemon that also answers requests.
type serving struct {
	daemon
	sockets  sockets
	stdout   io.Writer
	handler  crieur.Server
	prefix   atomic.Value // string: the path of the base address
	http     *http.Server // nil: there is nothing to answer yet
	failed   chan error
	asked    chan chan<- struct{} // builds, by those who run it
	trouble  string               // what is wrong with anything but the content, as it was logged
	pause    time.Duration        // until it is tried again; zero: there was none
	shown    bool                 // it had none, and the folder holds what is served
	welcomed bool                 // it was printed where everything is
	upload   *upload              // into a bucket; nil: there is none

	status  status
	pulse   *pulse
	notify  *notifier
	meter   meter
	gate    *gate
	metrics *metrics
}

func newServing(o *options, log *slog.Logger, sockets sockets, stdout io.Writer) *serving {
	s := &serving{
		daemon:  daemon{options: o, log: log, publisher: crieur.Publisher{Dir: o.out, Releases: o.releases}, waits: true},
		sockets: sockets,
		stdout:  stdout,
		failed:  make(chan error, len(sockets.public)),
		asked:   make(chan chan<- struct{}),
		pulse:   &pulse{begun: time.Now()},
		notify:  newNotifier(log),
		gate:    newGate(min(connections, openFiles()*3/4)),
	}
	s.metrics = newMetrics(&s.status, s.pulse, &s.meter, s.gate)
	s.status.update(func(st *state) { st.started = time.Now() })
	return s
}

// administer answers those who run the service, until the function that it
// returns is called.
func (s *serving) administer() (end func() error) {
	a := admin{options: s.options, status: &s.status, pulse: s.pulse, metrics: s.metrics, rebuild: s.asked}
	server := a.server()
	if s.pprof && len(s.sockets.admin) == 0 {
		s.log.Warn("-pprof shows profiles on the address of -admin, which is not given")
	}
	for _, l := range s.sockets.admin {
		if exposed(l) {
			s.log.Warn(fmt.Sprintf("the admin address %s may be reached from other machines, and anybody who does reads all and may ask for builds; localhost:8081, or unix:/path, is for this one alone", l.Addr()))
		}
		go func() {
			if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				s.log.Error(fmt.Sprintf("the admin address %s is served no more: %v", l.Addr(), err))
			}
		}()
	}
	return server.Close
}

// local makes the address this process listens on the base of a site that has
// none.
func (s *serving) local() {
	if s.config.Base == "" {
		s.config.Base = s.localAddress()
	}
}

func (s *serving) localAddress() string {
	host, port, err := net.SplitHostPort(s.sockets.public[0].Addr().String())
	if err != nil {
		return "http://localhost/" // a socket in the file system
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() || ip.IsLoopback() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port) + "/"
}

func (s *serving) run(ctx context.Context, changes <-chan watch.Change) int {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	due := time.NewTimer(0) // the first build
	defer due.Stop()
	look := time.NewTicker(glance)
	defer look.Stop()
	var next time.Time // when something falls due; zero: at once, or never
	var seen time.Time // when a change of the content was noticed that is not published yet
	why, since := "start", time.Now()
	old := s.resume()
	for {
		var done chan<- struct{} // of who asked for this build
		s.pulse.beat()
		select {
		case <-ctx.Done():
			return s.stop()
		case err := <-s.failed:
			s.log.Error(fmt.Sprintf("serving ended: %v", err))
			return exitUsage
		case c := <-changes:
			since = time.Now()
			s.builder.Changed(c.Paths...)
			if c.Missing {
				text := fmt.Sprintf("the content folder %s is gone; what is published stays until it is back", s.dir)
				s.log.Error(text)
				s.status.update(func(st *state) { st.trouble, st.current = text, false })
				continue
			}
			why = describe(c)
			if seen.IsZero() {
				seen = since
			}
			s.reload()
		case <-hup:
			since, why = time.Now(), "SIGHUP"
			s.notify.reloading()
			s.reload()
		case done = <-s.asked:
			since, why = time.Now(), "asked"
			s.reload()
		case <-look.C:
			if _, err := os.Stat(filepath.Join(s.published(), ".crieur.json")); !s.shown || !errors.Is(err, fs.ErrNotExist) {
				continue
			}
			since, why = time.Now(), "removed"
			s.builder.Changed()
		case <-due.C:
			if wait := until(next, time.Now()); wait > 0 {
				due.Reset(wait) // not yet, or the clock was set
				continue
			}
			if why != "start" {
				s.builder.Changed() // nothing but what the watcher tells
			}
			if why == "" {
				since, why = time.Now(), "due"
			}
		}
		s.local()
		due.Stop()
		next = time.Time{}
		s.pulse.work()
		site, err := s.rebuild()
		s.pulse.beat()
		s.setTrouble(err)
		s.shown = site != nil && err == nil
		held := site == nil && err == nil && !s.look.IsZero()
		if !held {
			if site == nil && old != nil {
				s.log.Warn("what was published last is served until there is something newer")
				s.welcome(old)
			}
			old = nil
		}
		switch {
		case err != nil:
			due.Reset(s.pause)
		case held:
			next = s.look
			due.Reset(time.Until(next))
		case site == nil:
			due.Reset(patience)
		case !site.NextChange.IsZero() && s.now.IsZero():
			next = site.NextChange
			due.Reset(until(next, time.Now()))
		}
		if site != nil {
			s.show = nil
			s.set(site)
			if s.http == nil {
				s.start()
			}
			s.upload.offer(site, s.store.History())
			s.keepConfig()
		}
		s.record(site, err, why, since, seen)
		if site != nil && !s.welcomed {
			s.welcome(site)
		}
		if why == "SIGHUP" {
			s.notify.reloaded()
		}
		if done != nil {
			close(done)
		}
		if held {
			continue // and say why then
		}
		why = ""
		if err == nil {
			seen = time.Time{}
		}
	}
}

// record logs what a build did, and notes it for those who ask.
func (s *serving) record(site *crieur.Site, err error, why string, since, seen time.Time) {
	outcome := "refused"
	var counts changeCounts
	if s.changes != nil {
		counts = s.tell(s.changes, why)
	}
	switch {
	case site != nil:
		if n := len(s.last.Written) + len(s.last.Removed); n > 0 || why == "start" {
			s.log.Info("published", "why", why, "events", site.Events, "articles", site.Articles,
				"written", len(s.last.Written), "removed", len(s.last.Removed), "took", time.Since(since).Round(time.Millisecond).String())
		}
		if outcome = "published"; err != nil {
			outcome = "unwritten"
		}
	case err != nil:
		outcome = "unwritten"
	case !s.look.IsZero():
		outcome = "held"
	}
	s.metrics.build.Observe(s.building.Seconds())
	if s.publishing > 0 {
		s.metrics.publish.Observe(s.publishing.Seconds())
	}
	now := time.Now()
	if outcome == "published" && !seen.IsZero() {
		s.metrics.delay.Observe(now.Sub(seen).Seconds())
	}
	s.status.update(func(st *state) {
		st.config, st.trouble, st.current = s.broken, s.trouble, outcome == "published"
		st.built, st.took, st.why, st.faults = now, now.Sub(since), why, s.faults
		st.builds[slices.Index(outcomes[:], outcome)]++
		for kind, n := range counts {
			st.changes[kind] += n
		}
		if site != nil {
			st.publication = s.last
		}
		if st.current {
			st.success = now
		}
	})
	s.notify.status(s.summary())
}

// summary is what there is to know in one line.
func (s *serving) summary() string {
	st := s.status.get()
	text := "No site yet"
	if st.site != nil {
		text = fmt.Sprintf("%s and %s", count(st.site.Events, "event"), count(st.site.Articles, "article"))
	}
	if n := st.severities(); n[crieur.Error] > 0 {
		text += ", " + count(n[crieur.Error], "error")
	}
	for _, wrong := range st.wrongs() {
		text += "; " + oneLine(wrong)
	}
	return text
}

// set serves site from now on.
func (s *serving) set(site *crieur.Site) {
	if u, err := url.Parse(s.config.Base); err == nil {
		s.prefix.Store(strings.TrimSuffix(u.Path, "/"))
	}
	s.handler.Set(site)
	s.status.update(func(st *state) { st.serve(site) })
}

// resume serves what was published last, by a process before this one, until
// there is something newer: for a moment, if that can be built. It returns nil
// where this is a first start, or as good as one.
func (s *serving) resume() *crieur.Site {
	site, err := s.publisher.Last(s.store.History())
	if err != nil {
		return nil
	}
	site.Refresh = patience
	s.set(site)
	s.show = s.set
	s.start()
	return site
}

// setTrouble logs why the last publication failed, and that this is over:
// once, however often it is tried again.
func (s *serving) setTrouble(err error) {
	if err == nil {
		if s.trouble != "" {
			s.log.Info("everything is published again")
		}
		s.trouble, s.pause = "", 0
		return
	}
	s.pause = min(max(retry, 2*s.pause), patience)
	if text := err.Error(); text != s.trouble {
		s.log.Error(text + "; it is tried again until it succeeds")
		s.trouble = text
	}
}

func describe(c watch.Change) string {
	switch n := len(c.Paths); n {
	case 0:
		return "change"
	case 1:
		return c.Paths[0]
	default:
		return fmt.Sprintf("%s and %d more", c.Paths[0], n-1)
	}
}

// start answers requests, now that there is something to answer.
func (s *serving) start() {
	s.handler.Clock = s.clock
	var access *slog.Logger
	if s.access {
		access = s.log
	}
	s.http = &http.Server{
		Handler:           metered(s.mount(), &s.meter, access),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      pieceTime, // which a long answer gets again and again
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ConnState:         s.gate.state,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	for _, l := range s.sockets.public {
		go func() { s.failed <- s.http.Serve(s.gate.behind(l)) }()
	}
	s.notify.serving()
}

// mount puts the site where its base address says, whatever it is by now, and
// at the root too for a proxy that takes the path away.
func (s *serving) mount() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		prefix, _ := s.prefix.Load().(string)
		switch rest, ok := strings.CutPrefix(r.URL.Path, prefix); {
		case prefix == "" || !ok || rest != "" && rest[0] != '/':
			s.handler.ServeHTTP(w, r)
		case rest == "":
			http.Redirect(w, r, prefix+"/", http.StatusPermanentRedirect)
		default:
			http.StripPrefix(prefix, &s.handler).ServeHTTP(w, r)
		}
	})
}

// welcome prints where everything is.
func (s *serving) welcome(site *crieur.Site) {
	s.welcomed = true
	if len(site.Subscriptions) > 0 {
		fmt.Fprintln(s.stdout, "\nSubscriptions:")
	}
	for _, sub := range site.Subscriptions {
		fmt.Fprintf(s.stdout, "  %s\n", sub.Title)
		for _, a := range sub.Addresses {
			fmt.Fprintf(s.stdout, "    %s\n", a)
		}
	}
	if s.config.Base != s.localAddress() {
		fmt.Fprintf(s.stdout, "\nPublished as %s\n", s.config.Base)
	}
	fmt.Fprintf(s.stdout, "\nThe page:  %sindex.html\n\nWatching %s; Ctrl-C stops.\n", s.localAddress(), s.dir)
}

// stop ends gracefully: new requests are for the process that comes next, the
// folders are free for it, and answers under way are finished.
func (s *serving) stop() int {
	s.log.Info("stopping")
	s.status.update(func(st *state) { st.stopping = true })
	s.pulse.work()
	s.notify.stopping()
	if s.http == nil {
		return exitOK
	}
	s.gate.shut()
	s.sockets.close()
	for range s.sockets.public {
		<-s.failed
	}
	s.close() // not earlier: what the next one publishes must not be followed by what this one has
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	// Shutdown would drop what was accepted and has not been read yet.
	s.http.SetKeepAlivesEnabled(false)
	s.gate.drain(ctx)
	if err := s.http.Shutdown(ctx); err != nil {
		s.log.Warn(fmt.Sprintf("some answers were cut short: %v", err))
	}
	return exitOK
}
