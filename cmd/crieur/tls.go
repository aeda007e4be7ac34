package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// A security is how requests and answers are kept from others on their way. The
// zero security leaves that to a proxy.
type security struct {
	config *tls.Config                     // nil: none
	proofs func(http.Handler) http.Handler // answers an authority that asks over http whether this is the host
	hosts  []string                        // to have certificates made for
}

// security takes the certificate of -cert and -key, or has one made for -acme.
func (o *options) security(log *slog.Logger) (s security, err error) {
	s.proofs = func(h http.Handler) http.Handler { return h } // there are none
	switch {
	case o.acme != "" && (o.cert != "" || o.key != ""):
		return s, errors.New("-acme has a certificate made, and -cert gives one; give one of them")
	case (o.cert != "") != (o.key != ""):
		return s, errors.New("a certificate needs its key: give both -cert and -key")
	case o.cert != "":
		c := &certificate{cert: o.cert, key: o.key, log: log, said: tellOnce{log: log}}
		if _, err := c.latest(time.Now()); err != nil {
			return s, err
		}
		s.config = &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.latest(time.Now()) }}
	case o.acme != "":
		hosts := strings.Split(o.acme, ",")
		for _, h := range hosts {
			if net.ParseIP(h) != nil || !strings.Contains(h, ".") || strings.ContainsAny(h, ":/ *") {
				return s, fmt.Errorf("-acme is %q, want names of hosts such as agenda.example.org, with commas between them", o.acme)
			}
		}
		client, cache, err := o.issuer()
		if err != nil {
			return s, err
		}
		m := &autocert.Manager{Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(hosts...), Client: client, Cache: cache}
		s.config, s.proofs, s.hosts = m.TLSConfig(), m.HTTPHandler, hosts
		told := tellOnce{log: log}
		s.config.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			cert, err := m.GetCertificate(hello)
			if err != nil && m.HostPolicy(hello.Context(), hello.ServerName) == nil {
				told.tell(fmt.Sprintf("no certificate was made for %s: %v", hello.ServerName, err))
			}
			return cert, err
		}
	case o.authority != "":
		return s, errors.New("-authority makes certificates, which needs -acme")
	case o.redirect != "":
		return s, errors.New("-redirect sends readers to https, which needs -acme or -cert and -key")
	}
	return s, nil
}

// begin has certificates made before the first reader comes, who would not wait so
// long, and those renewed that nobody asks for. What fails is told.
func (s *security) begin() {
	for _, h := range s.hosts {
		_, _ = s.config.GetCertificate(&tls.ClientHelloInfo{ServerName: h, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}})
	}
}

// issuer is who makes certificates, and where they are kept: those of -authority apart,
// since nobody else may believe them.
func (o *options) issuer() (*acme.Client, autocert.DirCache, error) {
	cache := filepath.Join(o.state, "acme")
	if o.authority == "" {
		return nil, autocert.DirCache(cache), nil
	}
	u, err := url.Parse(o.authority)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" {
		return nil, "", fmt.Errorf("-authority is %q, want the https address of an ACME directory", o.authority)
	}
	return &acme.Client{DirectoryURL: o.authority}, autocert.DirCache(filepath.Join(cache, u.Hostname())), nil
}

// look is how long a certificate is taken for the one in its files.
const look = time.Second

// A certificate is in two files, which another program renews.
type certificate struct {
	cert, key string
	log       *slog.Logger
	said      tellOnce

	mu     sync.Mutex
	looked time.Time
	files  [2]os.FileInfo // when it was read; nil: it was not
	pair   *tls.Certificate
}

// latest is what the files hold, or held when they were last good: they are two,
// and for a moment one may not belong to the other.
func (c *certificate) latest(now time.Time) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pair != nil && now.Sub(c.looked) < look {
		return c.pair, nil
	}
	c.looked = now
	files, err := c.stat()
	if err == nil {
		if c.pair != nil && same2(files, c.files) {
			return c.pair, nil
		}
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(c.cert, c.key); err == nil {
			if c.pair != nil {
				c.log.Info("the certificate was renewed", "until", pair.Leaf.NotAfter.Format(time.DateOnly))
			}
			c.pair, c.files = &pair, files
			c.said.tell("")
			return c.pair, nil
		}
	}
	err = fmt.Errorf("the certificate of %s and %s cannot be used: %w", c.cert, c.key, err)
	if c.pair == nil {
		return nil, err
	}
	c.said.tell(err.Error() + "; the one before stays")
	return c.pair, nil
}

func (c *certificate) stat() (files [2]os.FileInfo, err error) {
	for i, name := range []string{c.cert, c.key} {
		if files[i], err = os.Stat(name); err != nil {
			return files, err
		}
	}
	return files, nil
}

// same2 reports whether two files are what they were.
func same2(a, b [2]os.FileInfo) bool {
	for i := range a {
		if b[i] == nil || !os.SameFile(a[i], b[i]) || a[i].Size() != b[i].Size() || !a[i].ModTime().Equal(b[i].ModTime()) {
			return false
		}
	}
	return true
}

// toHTTPS sends those who ask over http to the same address with https.
func toHTTPS(port string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if host == "" || strings.ContainsAny(host, "/\\@?# ") {
			http.Error(w, "the request names no host", http.StatusBadRequest)
			return
		}
		target := r.URL.RequestURI()
		if !strings.HasPrefix(target, "/") { // behind the host it would be another one
			http.Error(w, "the request names no document", http.StatusBadRequest)
			return
		}
		if port != "" && port != "443" {
			host = net.JoinHostPort(strings.Trim(host, "[]"), port)
		}
		w.Header().Set("Location", "https://"+host+target)
		w.WriteHeader(http.StatusMovedPermanently)
	})
}

// tellOnce logs an error that comes again and again when it is another.
type tellOnce struct {
	log  *slog.Logger
	mu   sync.Mutex
	last string
}

func (t *tellOnce) tell(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if text != "" && text != t.last {
		t.log.Error(text)
	}
	t.last = text
}

// A quiet log has not what anybody on the network can have written there, with
// their address.
type quiet struct{ slog.Handler }

func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	if strings.HasPrefix(r.Message, "http: TLS handshake error") {
		return nil
	}
	return q.Handler.Handle(ctx, r)
}
