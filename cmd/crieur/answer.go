package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/crieur/crieur"
)

// set serves site from now on.
func (s *serving) set(site *crieur.Site) {
	if u, err := url.Parse(s.config.Base); err == nil {
		s.prefix.Store(strings.TrimSuffix(u.Path, "/"))
	}
	s.handler.Set(site)
	s.site.Store(site)
	s.status.update(func(st *state) { st.serve(site) })
}

// start answers requests, now that there is something to answer.
func (s *serving) start() {
	s.handler.Clock = s.clock
	s.http = s.server(metered(s.throttle.behind(s.mount()), &s.meter, s.requests))
	s.http.TLSConfig = s.security.config
	for _, l := range s.sockets.public {
		go func() {
			if s.security.config != nil {
				s.failed <- s.http.ServeTLS(s.gate.behind(l), "", "")
				return
			}
			s.failed <- s.http.Serve(s.gate.behind(l))
		}()
	}
	s.redirect()
	go s.security.begin()
	s.notify.serving()
}

// redirect answers where there is no TLS, if anywhere.
func (s *serving) redirect() {
	if len(s.sockets.plain) == 0 {
		return
	}
	_, port, _ := net.SplitHostPort(s.sockets.public[0].Addr().String())
	plain := s.server(s.security.proofs(toHTTPS(port)))
	for _, l := range s.sockets.plain {
		go func() {
			// It ends with the listener, and is not what the daemon is for.
			if err := plain.Serve(s.gate.behind(l)); !errors.Is(err, net.ErrClosed) {
				s.log.Warn(fmt.Sprintf("readers are not sent to https any more: %v", err))
			}
		}()
	}
}

// server is one with the limits of all.
func (s *serving) server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      pieceTime, // which a long answer gets again and again
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ConnState:         s.gate.state,
		ConnContext:       withJoining,
		ErrorLog:          slog.NewLogLogger(quiet{s.log.Handler()}, slog.LevelWarn),
	}
}

// mount puts the site where its base address says, whatever it is by now, and
// at the root too for a proxy that takes the path away.
func (s *serving) mount() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			w.Header().Set("Connection", "close") // nobody waits for what is sent to be written
		}
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

// document is the one at a path, nil if there is none: below that of the base
// address, or at the root.
func (s *serving) document(path string) *crieur.File {
	site := s.site.Load()
	if site == nil {
		return nil
	}
	prefix, _ := s.prefix.Load().(string)
	if rest, ok := strings.CutPrefix(path, prefix+"/"); ok {
		path = rest
	}
	return site.File(cmp.Or(strings.TrimPrefix(path, "/"), "index.html"))
}

// stop ends gracefully: the folder gets what readers have, and they are left.
func (s *serving) stop() int {
	s.log.Info("stopping")
	s.status.update(func(st *state) { st.stopping = true })
	s.pulse.work()
	s.notify.stopping()
	s.settle()
	s.leave()
	return exitOK
}

// leave has new requests wait for the process that comes next, gives it the folders, and finishes the answers under way.
func (s *serving) leave() {
	if s.http == nil {
		return
	}
	s.gate.shut()
	s.sockets.close()
	for range s.sockets.public {
		<-s.failed
	}
	if s.push != nil {
		s.push.Close()
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
}
