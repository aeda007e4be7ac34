package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
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
	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		log.Error(fmt.Sprintf("cannot listen on %s: %v; give another address with -addr, such as -addr :8081", o.addr, err))
		return exitUsage
	}
	defer listener.Close()
	s := &serving{
		daemon:   daemon{options: o, log: log, publisher: crieur.Publisher{Dir: o.out, Releases: o.releases}, waits: true},
		listener: listener,
		stdout:   stdout,
	}
	if !s.open() {
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
	s.upload = o.newUpload(log)
	defer s.upload.begin(ctx)()
	return s.run(ctx, w.C())
}

// serving is a daemon that also answers requests.
type serving struct {
	daemon
	listener net.Listener
	stdout   io.Writer
	handler  crieur.Server
	prefix   atomic.Value // string: the path of the base address
	http     *http.Server
	failed   chan error
	told     string        // the trouble that the last publication had
	pause    time.Duration // until it is tried again; zero: there was none
	shown    bool          // it had none, and the folder holds what is served
	welcomed bool          // it was printed where everything is
	upload   *upload       // into a bucket; nil: there is none
}

// local makes the address this process listens on the base of a site that has
// none.
func (s *serving) local() {
	if s.config.Base == "" {
		s.config.Base = s.localAddress()
	}
}

func (s *serving) localAddress() string {
	host, port, err := net.SplitHostPort(s.listener.Addr().String())
	if ip := net.ParseIP(host); err != nil || ip == nil || ip.IsUnspecified() || ip.IsLoopback() {
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
	s.failed = make(chan error, 1)
	why, since := "start", time.Now()
	old := s.resume()
	for {
		select {
		case <-ctx.Done():
			return s.stop()
		case err := <-s.failed:
			s.log.Error(fmt.Sprintf("serving ended: %v", err))
			return exitUsage
		case c := <-changes:
			since = time.Now()
			if c.Missing {
				s.log.Error(fmt.Sprintf("the content folder %s is gone; what is published stays until it is back", s.dir))
				continue
			}
			why = describe(c)
			s.reload()
		case <-hup:
			since, why = time.Now(), "SIGHUP"
			s.reload()
		case <-look.C:
			if _, err := os.Stat(filepath.Join(s.published(), ".crieur.json")); !s.shown || !errors.Is(err, fs.ErrNotExist) {
				continue
			}
			since, why = time.Now(), "removed"
		case <-due.C:
			if wait := until(next, time.Now()); wait > 0 {
				due.Reset(wait) // not yet, or the clock was set
				continue
			}
			if why == "" {
				since, why = time.Now(), "due"
			}
		}
		s.local()
		due.Stop()
		next = time.Time{}
		site, err := s.rebuild()
		s.trouble(err)
		s.shown = site != nil && err == nil
		if held := site == nil && err == nil && !s.look.IsZero(); !held {
			if site == nil && old != nil {
				s.log.Warn("what was published last is served until there is something newer")
				s.welcome(old)
			}
			old = nil
		}
		switch {
		case err != nil:
			due.Reset(s.pause)
		case site == nil && !s.look.IsZero():
			next = s.look
			due.Reset(time.Until(next))
			continue // and say why then
		case site == nil:
			due.Reset(patience)
		case !site.NextChange.IsZero() && s.now.IsZero():
			next = site.NextChange
			due.Reset(until(next, time.Now()))
		}
		if site != nil {
			s.show = nil
			s.set(site)
			s.upload.offer(site, s.store.History())
			if n := len(s.last.Written) + len(s.last.Removed); n > 0 || why == "start" {
				s.log.Info("published", "why", why, "events", site.Events, "articles", site.Articles,
					"written", len(s.last.Written), "removed", len(s.last.Removed), "took", time.Since(since).Round(time.Millisecond).String())
			}
			if s.http == nil {
				s.start()
			}
			if !s.welcomed {
				s.welcome(site)
			}
		}
		why = ""
	}
}

// set serves site from now on.
func (s *serving) set(site *crieur.Site) {
	if u, err := url.Parse(s.config.Base); err == nil {
		s.prefix.Store(strings.TrimSuffix(u.Path, "/"))
	}
	s.handler.Set(site)
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

// trouble logs why the last publication failed, and that this is over: once,
// however often it is tried again.
func (s *serving) trouble(err error) {
	if err == nil {
		if s.told != "" {
			s.log.Info("everything is published again")
		}
		s.told, s.pause = "", 0
		return
	}
	s.pause = min(max(retry, 2*s.pause), patience)
	if text := err.Error(); text != s.told {
		s.log.Error(text + "; it is tried again until it succeeds")
		s.told = text
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
	s.http = &http.Server{
		Handler:           s.mount(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      5 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	go func() { s.failed <- s.http.Serve(s.listener) }()
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

// stop ends gracefully: answers under way are finished, new ones refused.
func (s *serving) stop() int {
	s.log.Info("stopping")
	if s.http == nil {
		return exitOK
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil && !errors.Is(err, http.ErrServerClosed) {
		s.log.Warn(fmt.Sprintf("some answers were cut short: %v", err))
	}
	return exitOK
}
