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
	"os"
	"os/signal"
	"path"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/watch"
	"github.com/crieur/crieur/internal/websub"
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
	lines := &batch{w: stderr}
	defer lines.flush()
	log := o.logger(lines)
	if n := memoryLimit(os.DirFS("/")); n > 0 && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(n)
	}
	security, err := o.security(log)
	if err != nil {
		log.Error(err.Error())
		return exitUsage
	}
	sockets, err := o.listen()
	if err != nil {
		log.Error(err.Error())
		return exitUsage
	}
	defer sockets.close()
	s := newServing(o, log, sockets, stdout)
	s.security = security
	if o.access {
		s.requests = o.logger(lazy{lines}).Handler()
	}
	done := make(chan struct{})
	defer close(done)
	s.pulse.work()
	if os.Getenv("NOTIFY_SOCKET") != "" {
		go s.notify.watch(s.notify.watchdog(), s.pulse, done)
	}
	defer s.administer()()
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	s.locked = func() {
		s.local()
		p := s.publisher
		if len(secretChannels(s.config)) == 0 {
			p.Secret = ""
		}
		s.admit()
		if !s.ahead {
			s.old = s.resume(p, nil)
		}
	}
	if !s.open(ctx) {
		if ctx.Err() != nil {
			return exitOK // it was told to stop before its turn came
		}
		s.leave() // readers may have what was published last
		return exitUsage
	}
	defer s.close()
	s.push = s.newPush()
	defer s.push.Close()
	w, err := s.follow(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		return s.stop()
	case err != nil:
		log.Error(fmt.Sprintf("cannot watch %s: %v%s", o.dir, err, mayNotRead(err)))
		s.leave()
		return exitUsage
	}
	defer w.Close()
	s.status.update(func(st *state) { st.watch = w.Stats })
	s.upload = o.newUpload(log, &s.status)
	if s.upload != nil {
		s.upload.stored = s.tellHubs
	}
	defer s.upload.begin(ctx)()
	return s.run(ctx, w.C(), hup)
}

// follow watches the content. Where readers have something already, a folder that
// is not there is waited for, as one that goes later is.
func (s *serving) follow(ctx context.Context) (w *watch.Watcher, err error) {
	look := time.NewTicker(retry)
	defer look.Stop()
	for told := false; ; told = true {
		w, err = watch.New(s.dir, watch.Options{
			Skip:   s.skip(),
			Files:  []string{s.configFile(), s.tokenFile()},
			Report: func(err error) { s.log.Warn(err.Error()) },
		})
		if s.old == nil || !errors.Is(err, fs.ErrNotExist) {
			return w, err
		}
		if !told {
			s.log.Error(fmt.Sprintf("the content folder %s is gone; what is published stays until it is back", s.dir))
		}
		s.pulse.beat()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-look.C:
		}
	}
}

// serving is a daemon that also answers requests.
type serving struct {
	daemon
	sockets  sockets
	security security
	stdout   io.Writer
	handler  crieur.Server
	prefix   atomic.Value                // string: the path of the base address
	site     atomic.Pointer[crieur.Site] // that is served
	http     *http.Server                // nil: there is nothing to answer yet
	failed   chan error
	asked    chan chan<- bool  // builds, by those who run it, who are told whether all is as it should be then
	old      *crieur.Site      // what is served until there is something newer, see resume; nil: nothing
	welcomed bool              // it was printed where everything is
	upload   *upload           // into a bucket; nil: there is none
	push     *websub.Publisher // to hubs

	cause cause       // of the next build
	due   *time.Timer // until that, if nothing comes before
	next  time.Time   // when that is

	gone      string       // what is to be told of the content folder, while it is; empty: it is there
	unbuilt   trouble      // with the content folder, or the history
	mended    bool         // it is over, and that is not told yet
	unwritten trouble      // with the folder that is published into
	latest    *crieur.Site // that the last build made; nil: none
	refused   bool         // it made none, because of what is in the content
	writing   *generation  // is written into that folder; nil: nothing is
	waiting   *generation  // comes next; nil: nothing does
	written   chan writing // what was
	again     *time.Timer  // until what could not be written is tried again
	shown     bool         // the folder holds the latest

	tokenTrouble string // what is wrong with the tokens of secret channels, as it was logged

	status   status
	pulse    *pulse
	notify   *notifier
	meter    meter
	requests slog.Handler // logs them; nil: they are not
	gate     *gate
	throttle throttle
	metrics  *metrics
}

func newServing(o *options, log *slog.Logger, sockets sockets, stdout io.Writer) *serving {
	s := &serving{
		daemon:   daemon{options: o, log: log, publisher: o.publisher(), waits: true},
		sockets:  sockets,
		stdout:   stdout,
		failed:   make(chan error, len(sockets.public)),
		asked:    make(chan chan<- bool),
		pulse:    &pulse{begun: time.Now()},
		notify:   newNotifier(log),
		gate:     newGate(min(connections, openFiles()*3/4)),
		throttle: throttle{rate: float64(o.rate), proxies: o.proxies},
		written:  make(chan writing, 1),
		again:    time.NewTimer(0),
		due:      time.NewTimer(0),
	}
	s.again.Stop()
	s.due.Stop()
	s.show = s.reveal
	s.meter.clients = newClients(s.document)
	s.metrics = newMetrics(&s.status, s.pulse, &s.meter, s.gate)
	s.status.update(func(st *state) { st.started = time.Now() })
	return s
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
	if s.security.config == nil {
		return "http://" + net.JoinHostPort(host, port) + "/"
	}
	if s.acme != "" {
		host, _, _ = strings.Cut(s.acme, ",")
	}
	if port != "443" {
		host = net.JoinHostPort(host, port)
	}
	return "https://" + host + "/"
}

// resume serves what was published last, by a process before this one, until
// there is something newer: for a moment, if that can be built. It returns nil
// where this is a first start, or as good as one.
func (s *serving) resume(p crieur.Publisher, h *crieur.History) *crieur.Site {
	if s.drafts {
		return nil // what the folder holds may be without them
	}
	site, err := p.Last(h)
	if err != nil {
		return nil
	}
	site.Refresh = patience
	s.reveal(site)
	return site
}

// reveal has readers get a site from now on.
func (s *serving) reveal(site *crieur.Site) {
	s.set(site)
	if s.http == nil {
		s.start()
	}
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
	if names := secretChannels(s.config); len(names) > 0 {
		fmt.Fprintf(s.stdout, "  and for those who know their address: %s (“crieur secret %s” shows it)\n", strings.Join(names, ", "), s.dir)
	}
	if s.config.Base != s.localAddress() {
		fmt.Fprintf(s.stdout, "\nPublished as %s\n", s.config.Base)
	}
	fmt.Fprintf(s.stdout, "\nThe page:  %sindex.html\n\nWatching %s; Ctrl-C stops.\n", s.localAddress(), s.dir)
}

// makeAhead makes the documents that have all records, so that neither the first
// reader nor the first change has to wait for them.
func makeAhead(site *crieur.Site) {
	for f := range site.Files() {
		if path.Dir(f.Name) == "." {
			f.Bytes()
		}
	}
}
