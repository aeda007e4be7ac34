package main

import (
	"cmp"
	"log/slog"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// What requests are counted by. What has no place is counted with the last.
var (
	kinds   = [...]string{"ics", "rss", "atom", "json", "html", "opml", "css", "other"}
	codes   = [...]int{200, 304, 404, 206, 226, 204, 301, 308, 400, 405, 410, 412, 416, 429, 503, 0}
	codings = [...]string{"identity", "gzip", "br", "zstd", "other"}
)

const (
	piece     = 128 << 10   // bytes of an answer that a reader must take
	pieceTime = time.Minute // within so long: 2 KB a second
)

// A meter counts the answers to requests.
type meter struct {
	requests [len(kinds)][len(codes)][len(codings)]atomic.Uint64
	bytes    [len(kinds)]atomic.Uint64
	took     histogram
	clients  *clients // nil: who asks is not counted
}

// each calls f for what was asked for at least once.
func (m *meter) each(f func(kind, code, coding string, n uint64)) {
	for k := range kinds {
		for c := range codes {
			for e := range codings {
				if n := m.requests[k][c][e].Load(); n > 0 {
					code := "other"
					if codes[c] != 0 {
						code = strconv.Itoa(codes[c])
					}
					f(kinds[k], code, codings[e], n)
				}
			}
		}
	}
}

// metered counts what h answers, gives readers time by the piece, and logs
// requests if access is not nil: neither what stands behind a question mark
// nor who asked, since that is nobody's business.
func metered(h http.Handler, m *meter, access slog.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := response{ResponseWriter: w, conn: joiningOf(r.Context())}
		began := time.Now()
		h.ServeHTTP(&answer, r)
		took := time.Since(began)
		coding := w.Header().Get("Content-Encoding")
		m.count(r.URL.Path, answer.status(), coding, answer.bytes)
		m.took.observe(took)
		if m.clients != nil {
			m.clients.count(r, &answer)
		}
		if access != nil {
			line := slog.NewRecord(began, slog.LevelInfo, "request", 0)
			line.AddAttrs(slog.String("method", r.Method), slog.String("path", withoutToken(r.URL.Path)),
				slog.Int("status", answer.status()), slog.String("coding", coding), slog.Int64("bytes", answer.bytes),
				slog.Float64("seconds", took.Seconds()), slog.String("agent", r.UserAgent()))
			_ = access.Handle(r.Context(), line) // there is no other log to say so in
		}
	})
}

func (m *meter) count(name string, code int, coding string, bytes int64) {
	k := among(kinds[:], kindOf(name))
	m.requests[k][among(codes[:], code)][among(codings[:], cmp.Or(coding, codings[0]))].Add(1)
	m.bytes[k].Add(uint64(bytes))
}

// kindOf tells documents by the ends of their names.
func kindOf(name string) string {
	if name == "" || strings.HasSuffix(name, "/") {
		return "html"
	}
	return strings.TrimPrefix(path.Ext(name), ".")
}

// among is where v is in list, in which the last stands for all others.
func among[T comparable](list []T, v T) int {
	if i := slices.Index(list, v); i >= 0 {
		return i
	}
	return len(list) - 1
}

// A response remembers what was answered, and moves the deadline for the
// reader of a long answer as it is taken.
type response struct {
	http.ResponseWriter
	code  int
	bytes int64
	taken int // since the deadline was set
	conn  *joining
}

func (w *response) status() int {
	if w.code == 0 {
		return http.StatusOK
	}
	return w.code
}

// Unwrap is for [http.ResponseController].
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *response) WriteHeader(code int) {
	if w.code == 0 && code >= 200 {
		w.code = code
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *response) Write(p []byte) (n int, err error) {
	if len(p) > held/2 && w.bytes == 0 {
		w.conn.join()
		defer func() {
			_ = http.NewResponseController(w.ResponseWriter).Flush()
			w.conn.part()
		}()
	}
	for {
		part := p[n:min(len(p), n+piece)]
		if w.taken += len(part); w.taken > piece {
			w.taken = len(part)
			// One that has no deadlines needs none.
			_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(time.Now().Add(pieceTime))
		}
		written, err := w.ResponseWriter.Write(part)
		n += written
		w.bytes += int64(written)
		if err != nil || n == len(p) {
			return n, err
		}
	}
}
