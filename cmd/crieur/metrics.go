package main

import (
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/crieur/crieur"
)

// metrics are what Prometheus asks for: what the status says, what requests
// were answered, and how long things take.
type metrics struct {
	status *status
	pulse  *pulse
	meter  *meter
	gate   *gate

	build, publish, delay prometheus.Histogram
}

func newMetrics(s *status, p *pulse, m *meter, g *gate) *metrics {
	seconds := func(name, help string) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: prometheus.ExponentialBuckets(0.005, 2, 14)}) // to 41 s
	}
	return &metrics{
		status: s, pulse: p, meter: m, gate: g,
		build:   seconds("crieur_build_duration_seconds", "Time to make a site of the content."),
		publish: seconds("crieur_publish_duration_seconds", "Time to save the history and to write the documents, until they are on disk."),
		delay:   seconds("crieur_change_delay_seconds", "Time from when a change of the content was noticed until it was published."),
	}
}

func (m *metrics) handler() http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(m, m.build, m.publish, m.delay, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{})
}

// Describe implements [prometheus.Collector]: what there is, Collect says.
func (m *metrics) Describe(chan<- *prometheus.Desc) {}

// Collect implements [prometheus.Collector].
func (m *metrics) Collect(ch chan<- prometheus.Metric) {
	add := func(kind prometheus.ValueType, name, help string, v float64, labels []string) {
		names, values := []string{}, []string{}
		for pair := range slices.Chunk(labels, 2) {
			names, values = append(names, pair[0]), append(values, pair[1])
		}
		ch <- prometheus.MustNewConstMetric(prometheus.NewDesc("crieur_"+name, help, names, nil), kind, v, values...)
	}
	gauge := func(name, help string, v float64, labels ...string) {
		add(prometheus.GaugeValue, name, help, v, labels)
	}
	counter := func(name, help string, v float64, labels ...string) {
		add(prometheus.CounterValue, name, help, v, labels)
	}

	s := m.status.get()
	release, _, _ := strings.Cut(version(), " ")
	gauge("build_info", "The version of this program; always 1.", 1, "version", release, "goversion", runtime.Version())
	gauge("ready", "Whether a site is served.", yes(s.ready()))
	gauge("alive", "Whether the loop that follows the content goes round.", yes(m.pulse.alive()))
	gauge("up_to_date", "Whether what is served and published is what the last build made.", yes(s.current))
	gauge("config_last_reload_successful", "Whether the configuration in force is that of the file.", yes(s.config == ""))
	gauge("generation", "Sites that were served since the start, each different from the one before.", float64(s.generation))
	if s.site != nil {
		gauge("records", "Records that are published.", float64(s.site.Events), "kind", "event")
		gauge("records", "Records that are published.", float64(s.site.Articles), "kind", "article")
		gauge("documents", "Documents of the site.", float64(s.documents))
		gauge("document_bytes", "Bytes of all documents of the site, not compressed.", float64(s.bytes))
	}
	for i, n := range s.severities() {
		gauge("faults", "Faults that the last build found.", float64(n), "severity", crieur.Severity(i).String())
	}
	gauge("last_success_timestamp_seconds", "When a build was last published whole.", seconds(s.success))
	if s.site != nil {
		gauge("next_change_timestamp_seconds", "When the site changes next without a change of the content; 0: never.", seconds(s.site.NextChange))
	}
	for i, outcome := range outcomes {
		counter("builds_total", "Builds, by what became of them; one that was written at a later try is unwritten.", float64(s.builds[i]), "outcome", outcome)
	}
	for kind := crieur.Added; kind <= crieur.Removed; kind++ {
		counter("changes_total", "Records that subscribers saw differently.", float64(s.changes[kind]), "change", kind.String())
	}

	if b := s.bucket; b != nil {
		gauge("bucket_up_to_date", "Whether the bucket holds what is served.", yes(b.current))
		gauge("bucket_last_success_timestamp_seconds", "When the bucket held what was served last.", seconds(b.success))
		counter("bucket_objects_written_total", "Objects that were stored in the bucket.", float64(b.written))
		counter("bucket_objects_removed_total", "Objects that were removed from the bucket.", float64(b.removed))
	}
	if s.hubs != nil {
		for _, h := range s.hubs() {
			gauge("hub_feeds", "Feeds that a WebSub hub is to know of.", float64(h.Topics), "hub", h.Address)
			gauge("hub_waiting_feeds", "Feeds that have changed, which a hub was not told yet.", float64(h.Waiting), "hub", h.Address)
			gauge("hub_refused_feeds", "Feeds that have changed, of which a hub does not want to know.", float64(h.Refused), "hub", h.Address)
			counter("hub_pings_total", "Changes of feeds that a hub was told of, and took or did not.", float64(h.Told), "hub", h.Address, "outcome", "taken")
			counter("hub_pings_total", "Changes of feeds that a hub was told of, and took or did not.", float64(h.Failures), "hub", h.Address, "outcome", "failed")
			gauge("hub_last_success_timestamp_seconds", "When a hub last took what it was told; 0: not since the start.", seconds(h.Success), "hub", h.Address)
		}
	}
	if s.watch != nil {
		w := s.watch()
		gauge("watch_files", "Files that are watched.", float64(w.Files))
		gauge("watch_folders", "Folders that are watched.", float64(w.Folders))
		gauge("watch_content_missing", "Whether the content folder is not there.", yes(w.Missing))
		gauge("watch_watches", "Folders that the system is asked to tell changes of.", float64(w.Watches))
		for _, cause := range slices.Sorted(maps.Keys(w.Polled)) {
			gauge("watch_polled_folders", "Folders that are looked at periodically, by cause.", float64(w.Polled[cause]), "cause", cause)
		}
		counter("watch_events_total", "Events that the system told of.", float64(w.Hints))
		counter("watch_overflows_total", "How often the system lost events.", float64(w.Overflows))
		counter("watch_failures_total", "How often a folder could not be watched.", float64(w.Failures))
		for reason, n := range w.Looks {
			counter("watch_scans_total", "Looks at the content, by reason.", float64(n), "reason", string(reason))
		}
		gauge("watch_scan_duration_seconds", "How long the last look at the whole content took.", w.Took.Seconds())
	}

	m.meter.each(func(kind, code, coding string, n uint64) {
		counter("http_requests_total", "Answers, by kind of document, status and coding.", float64(n), "kind", kind, "code", code, "coding", coding)
	})
	for i, kind := range kinds {
		counter("http_response_bytes_total", "Bytes of answers, without their headers, by kind of document.", float64(m.meter.bytes[i].Load()), "kind", kind)
	}
	buckets, n, sum := m.meter.took.cumulative()
	ch <- prometheus.MustNewConstHistogram(prometheus.NewDesc("crieur_http_request_duration_seconds", "Time in which requests were answered, until the last byte was taken.", nil, nil), n, sum, buckets)
	if m.meter.clients != nil {
		for _, r := range m.meter.clients.reports() {
			counter("client_requests_total", "Requests, by the family of programs that sent them.", float64(r.Requests), "client", r.Client)
			counter("client_conditional_requests_total", "Requests for what has changed, if it has, by the family of programs that sent them.", float64(r.Conditional), "client", r.Client)
			counter("client_not_modified_total", "Answers that nothing has changed, by the family of programs that asked.", float64(r.NotModified), "client", r.Client)
			counter("client_response_bytes_total", "Bytes of answers, without their headers, by the family of programs that asked.", float64(r.Bytes), "client", r.Client)
			for by, n := range r.Saved {
				counter("client_saved_bytes_total", "Bytes that were not sent, beside whole documents that are not compressed, by the family of programs that asked and by what saved them.", float64(n), "client", r.Client, "by", by)
			}
			people := 0
			for _, n := range r.Subscribers {
				people += n
			}
			if people > 0 {
				gauge("client_subscribers", "For how many subscribers services say that they ask, all documents together.", float64(people), "client", r.Client)
			}
		}
	}
	waiting, active, evicted := m.gate.counts()
	gauge("http_connections", "Open connections.", float64(waiting), "state", "waiting")
	gauge("http_connections", "Open connections.", float64(active), "state", "active")
	counter("http_connections_evicted_total", "Connections without a request that were closed to make room for others.", float64(evicted))
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// seconds is t as metrics have it; 0 for the zero time.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
