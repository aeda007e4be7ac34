package main

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/watch"
)

// mode says in a word how content is watched.
func mode(s watch.Stats) string {
	switch {
	case s.Missing:
		return "missing"
	case len(s.Polled) == 0:
		return "events"
	case s.Watches == 0:
		return "polling"
	}
	return "events and polling"
}

// A statusReport is a state for programs. Its fields do not change.
type statusReport struct {
	Version    string    `json:"version"`
	Started    time.Time `json:"started"`
	Alive      bool      `json:"alive"`
	Ready      bool      `json:"ready"`
	Stopping   bool      `json:"stopping"`
	UpToDate   bool      `json:"up_to_date"`
	Config     string    `json:"config_error"`
	Trouble    string    `json:"error"`
	Generation int       `json:"generation"`
	Events     int       `json:"events"`
	Articles   int       `json:"articles"`
	Documents  int       `json:"documents"`
	Bytes      int64     `json:"bytes"`
	NextChange time.Time `json:"next_change,omitzero"`
	Build      struct {
		At      time.Time `json:"at,omitzero"`
		Seconds float64   `json:"seconds"`
		Why     string    `json:"why"`
	} `json:"build"`
	Publication struct {
		Folder    string    `json:"folder"`
		Success   time.Time `json:"last_success,omitzero"`
		Written   int       `json:"written"`
		Unchanged int       `json:"unchanged"`
		Removed   int       `json:"removed"`
	} `json:"publication"`
	Bucket   *bucketReport `json:"bucket,omitempty"`
	Hubs     []hubReport   `json:"hubs,omitempty"`
	Watch    *watchReport  `json:"watch,omitempty"`
	Requests struct {
		Total       uint64 `json:"total"`
		NotModified uint64 `json:"not_modified"`
	} `json:"requests"`
	Clients  []clientReport `json:"clients"`
	Errors   int            `json:"errors"`
	Warnings int            `json:"warnings"`
	Notices  int            `json:"notices"`
	Faults   []diagnostic   `json:"faults"`
}

type bucketReport struct {
	Address  string    `json:"address"`
	UpToDate bool      `json:"up_to_date"`
	Success  time.Time `json:"last_success,omitzero"`
	Trouble  string    `json:"error"`
	Written  int       `json:"written"` // since the start
	Removed  int       `json:"removed"`
}

type hubReport struct {
	Address  string    `json:"address"`
	Feeds    int       `json:"feeds"`
	Waiting  int       `json:"waiting"` // feeds that it was not told of yet
	Refused  int       `json:"refused"` // feeds that it does not take
	Told     uint64    `json:"told"`    // since the start
	Failures uint64    `json:"failures"`
	Success  time.Time `json:"last_success,omitzero"`
	Trouble  string    `json:"error"`
}

type watchReport struct {
	Mode      string                  `json:"mode"`
	Files     int                     `json:"files"`
	Folders   int                     `json:"folders"`
	Watches   int                     `json:"watches"`
	Polled    map[string]int          `json:"polled"` // folders, by cause
	Events    uint64                  `json:"events"`
	Overflows uint64                  `json:"overflows"`
	Failures  uint64                  `json:"failures"`
	Scans     map[watch.Reason]uint64 `json:"scans"` // by reason
	Last      time.Time               `json:"last_scan"`
	Seconds   float64                 `json:"seconds"` // of the last scan of everything
}

func (a *admin) report(w http.ResponseWriter, code int) {
	s := a.status.get()
	r := statusReport{
		Version: version(), Started: s.started, Alive: a.pulse.alive(), Ready: s.ready(), Stopping: s.stopping, UpToDate: s.current,
		Config: s.config, Trouble: s.trouble, Generation: s.generation, Documents: s.documents, Bytes: s.bytes,
		Faults: a.options.diagnostics(s.faults),
	}
	counts := s.severities()
	r.Errors, r.Warnings, r.Notices = counts[crieur.Error], counts[crieur.Warning], counts[crieur.Notice]
	if s.site != nil {
		r.Events, r.Articles, r.NextChange = s.site.Events, s.site.Articles, s.site.NextChange
	}
	r.Build.At, r.Build.Seconds, r.Build.Why = s.built, s.took.Seconds(), s.why
	p := &r.Publication
	p.Folder, p.Success = a.options.out, s.success
	p.Written, p.Unchanged, p.Removed = len(s.publication.Written), s.publication.Unchanged, len(s.publication.Removed)
	if b := s.bucket; b != nil {
		r.Bucket = &bucketReport{b.in, b.current, b.success, b.trouble, b.written, b.removed}
	}
	if s.hubs != nil {
		for _, h := range s.hubs() {
			r.Hubs = append(r.Hubs, hubReport{h.Address, h.Topics, h.Waiting, h.Refused, h.Told, h.Failures, h.Success, h.Trouble})
		}
	}
	if s.watch != nil {
		n := s.watch()
		r.Watch = &watchReport{mode(n), n.Files, n.Folders, n.Watches, n.Polled, n.Hints, n.Overflows, n.Failures, n.Looks, n.Last, n.Took.Seconds()}
	}
	a.metrics.meter.each(func(_, code, _ string, n uint64) {
		r.Requests.Total += n
		if code == "304" {
			r.Requests.NotModified += n
		}
	})
	r.Clients = a.metrics.meter.clients.reports()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	_ = enc.Encode(r) // who asked has gone
}
