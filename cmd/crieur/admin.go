package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/pprof"
	"time"
)

// An admin answers those who run the service, on an address of their own.
type admin struct {
	options *options
	status  *status
	pulse   *pulse
	metrics *metrics
	rebuild chan<- chan<- bool // asks the loop for a build, which says whether all is as it should be when it is done
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

const adminIndex = `GET  /healthz  whether the loop that follows the content goes round
GET  /readyz   whether a site is served
GET  /status   all that is known, as JSON
GET  /metrics  the same, for Prometheus
POST /rebuild  read the configuration and all content again, and publish; answers when that is done
`

func (a *admin) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, adminIndex) })
	mux.HandleFunc("GET /healthz", a.healthz)
	mux.HandleFunc("GET /readyz", a.readyz)
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) { a.report(w, http.StatusOK) })
	mux.Handle("GET /metrics", a.metrics.handler())
	mux.HandleFunc("POST /rebuild", a.again)
	if a.options.pprof {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	// A page that the administrator reads may not ask in their name.
	return http.NewCrossOriginProtection().Handler(mux)
}

// server is one for the handler.
func (a *admin) server() *http.Server {
	return &http.Server{
		Handler:           a.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
}

func (a *admin) healthz(w http.ResponseWriter, _ *http.Request) {
	if over := a.pulse.overdue(); over > 0 {
		http.Error(w, fmt.Sprintf("the loop that follows the content is stuck: it should have gone round %v ago", over.Round(time.Millisecond)), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

func (a *admin) readyz(w http.ResponseWriter, _ *http.Request) {
	s := a.status.get()
	code, text := http.StatusOK, "ok"
	switch {
	case s.stopping:
		code, text = http.StatusServiceUnavailable, "stopping"
	case s.site == nil:
		code, text = http.StatusServiceUnavailable, "there is no site yet"
	}
	if s.watch != nil {
		text += "\nwatching: " + mode(s.watch())
	}
	for _, wrong := range s.wrongs() {
		text += "\nwrong: " + oneLine(wrong)
	}
	w.WriteHeader(code)
	fmt.Fprintln(w, text)
}

// again asks for a build, and waits for it.
func (a *admin) again(w http.ResponseWriter, r *http.Request) {
	done := make(chan bool, 1)
	select {
	case a.rebuild <- done:
	case <-r.Context().Done():
		return
	}
	select {
	case ok := <-done:
		code := http.StatusOK
		if !ok {
			code = http.StatusInternalServerError
		}
		a.report(w, code)
	case <-r.Context().Done():
	}
}
