package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// selfSigned is a certificate and its key, in PEM.
func selfSigned(t *testing.T, serial int64) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "agenda.brume.example"},
		DNSNames: []string{"localhost", "agenda.brume.example"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	bare, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: bare})
}

// secureClient believes a certificate, and goes nowhere by itself.
func secureClient(cert []byte, name string) *http.Client {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(cert)
	return &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: name}, ForceAttemptHTTP2: true, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func TestServeTLS(t *testing.T) {
	keys := t.TempDir()
	cert, key := selfSigned(t, 1)
	files := []string{filepath.Join(keys, "cert.pem"), filepath.Join(keys, "key.pem")}
	os.WriteFile(files[0], cert, 0o600)
	os.WriteFile(files[1], key, 0o600)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	plain := l.Addr().String()
	l.Close()
	s := start(t, newContent(t), "-cert", files[0], "-key", files[1], "-redirect", plain)
	if !strings.HasPrefix(s.base, "https://localhost:") {
		t.Fatalf("it says it is at %s", s.base)
	}
	client := secureClient(cert, "localhost")
	answer, err := client.Get(s.base + "events.ics")
	if err != nil {
		t.Fatal(err)
	}
	data, _ := io.ReadAll(answer.Body)
	if answer.Body.Close(); answer.StatusCode != 200 || answer.Proto != "HTTP/2.0" || !bytes.HasSuffix(data, []byte("END:VCALENDAR\r\n")) {
		t.Errorf("%s over %s, %d bytes", answer.Status, answer.Proto, len(data))
	}

	// Readers are sent there from where there is no TLS.
	answer, err = client.Get("http://" + plain + "/events.ics?tag=a%20b")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	want := strings.Replace(s.base, "localhost", "127.0.0.1", 1) + "events.ics?tag=a%20b"
	if got := answer.Header.Get("Location"); answer.StatusCode != 301 || got != want {
		t.Errorf("%s to %s, want %s", answer.Status, got, want)
	}

	// Who does not speak TLS is not in the log.
	c := dial(t, strings.TrimSuffix(strings.TrimPrefix(s.base, "https://"), "/"))
	io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	reply, _ := io.ReadAll(c)
	if !bytes.HasPrefix(reply, []byte("HTTP/1.0 400 ")) {
		t.Errorf("without TLS it says %q", reply)
	}
	if s.stop(); strings.Contains(s.log.String(), "127.0.0.1:") && strings.Contains(s.log.String(), "handshake") {
		t.Error(s.log.String())
	}
}

// Readers are sent to the same address alone, whatever stands where it should.
func TestToHTTPS(t *testing.T) {
	l := httptest.NewServer(toHTTPS("8443"))
	defer l.Close()
	for target, want := range map[string]string{
		"/events.ics?tag=a%20b":              "https://agenda.brume.example:8443/events.ics?tag=a%20b",
		"//other.example/":                   "https://agenda.brume.example:8443//other.example/",
		"http://agenda.brume.example/?x":     "https://agenda.brume.example:8443/?x",
		"x:@other.example/":                  "",
		"*":                                  "",
		"x:.other.example/":                  "",
		"http://agenda.brume.example:80/a%0": "",
	} {
		c := dial(t, l.Listener.Addr().String())
		fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: agenda.brume.example:80\r\nConnection: close\r\n\r\n", target)
		answer, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if got := answer.Header.Get("Location"); got != want || (want == "") != (answer.StatusCode == 400) {
			t.Errorf("%s: %s to %q, want %q", target, answer.Status, got, want)
		}
	}
}

// A certificate is replaced by the one that its files hold later, if that is good.
func TestCertificateIsRenewed(t *testing.T) {
	dir := t.TempDir()
	var log strings.Builder
	logger := slog.New(&plainHandler{w: &log})
	c := &certificate{cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem"), log: logger, said: tellOnce{log: logger}}
	now := time.Now()
	if _, err := c.latest(now); err == nil {
		t.Error("there is none, and one was found")
	}
	serial := func() int64 {
		t.Helper()
		now = now.Add(2 * look)
		pair, err := c.latest(now)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.SerialNumber.Int64()
	}
	put := func(name string, data []byte) {
		t.Helper()
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p+".new", data, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(p+".new", p); err != nil {
			t.Fatal(err)
		}
	}
	cert1, key1 := selfSigned(t, 1)
	cert2, key2 := selfSigned(t, 2)
	put("cert.pem", cert1)
	put("key.pem", key1)
	if n := serial(); n != 1 {
		t.Errorf("the certificate is number %d", n)
	}
	put("cert.pem", cert2) // and not yet its key
	for range 3 {
		if n := serial(); n != 1 {
			t.Errorf("with another key, the certificate is number %d", n)
		}
	}
	if n := strings.Count(log.String(), "the one before stays"); n != 1 {
		t.Errorf("that was logged %d times:\n%s", n, &log)
	}
	put("key.pem", key2)
	if n := serial(); n != 2 {
		t.Errorf("renewed, the certificate is number %d", n)
	}
	if err := os.Remove(c.key); err != nil {
		t.Fatal(err)
	}
	if n := serial(); n != 2 {
		t.Errorf("without a key, the certificate is number %d", n)
	}
}

// What an authority issued before is served from the folder of -state, to the hosts
// of -acme alone.
func TestServeACME(t *testing.T) {
	dir := newContent(t)
	cert, key := selfSigned(t, 1)
	cache := filepath.Join(dir, ".crieur", "acme")
	if err := os.MkdirAll(cache, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cache, "agenda.brume.example"), append(key, cert...), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, dir, "-acme", "agenda.brume.example")
	address := strings.TrimSuffix(strings.TrimPrefix(s.base, "https://agenda.brume.example"), "/")
	get := func(name string) error {
		answer, err := secureClient(cert, name).Get("https://127.0.0.1" + address + "/events.ics")
		if err == nil {
			answer.Body.Close()
		}
		return err
	}
	if err := get("agenda.brume.example"); err != nil {
		t.Error(err)
	}
	if err := get("other.brume.example"); err == nil {
		t.Error("another host has a certificate")
	}
	if s.stop(); strings.Contains(s.log.String(), "no certificate") {
		t.Error(s.log.String())
	}
}

// An authority is asked as soon as it can be answered, since no reader waits for
// what it takes.
func TestServeAuthority(t *testing.T) {
	asked := make(chan struct{}, 100)
	directory := httptest.NewUnstartedServer(nil)
	directory.Config.ErrorLog = log.New(io.Discard, "", 0)
	directory.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			asked <- struct{}{}
		}
	}
	directory.StartTLS()
	defer directory.Close()
	start(t, newContent(t), "-acme", "agenda.brume.example", "-authority", directory.URL)
	select {
	case <-asked:
	case <-time.After(10 * time.Second):
		t.Error("nobody asked for a certificate")
	}
}

// What one authority issues is kept apart from what the usual one does.
func TestAuthority(t *testing.T) {
	cert, key := selfSigned(t, 1)
	state := t.TempDir()
	cache := filepath.Join(state, "acme")
	if err := os.MkdirAll(cache, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cache, "agenda.brume.example"), append(key, cert...), 0o600); err != nil {
		t.Fatal(err)
	}
	o := options{acme: "agenda.brume.example", authority: "https://127.0.0.1:0/directory", state: state}
	s, err := o.security(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	hello := &tls.ClientHelloInfo{ServerName: "agenda.brume.example", SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}, SupportedVersions: []uint16{tls.VersionTLS13}}
	if _, err := s.config.GetCertificate(hello); err == nil || !strings.Contains(err.Error(), o.authority) {
		t.Errorf("it says %v, want that %s cannot be reached", err, o.authority)
	}
}

func TestSecurityOptions(t *testing.T) {
	for _, c := range []struct {
		o    options
		want string
	}{
		{options{}, ""},
		{options{cert: "a"}, "a certificate needs its key: give both -cert and -key"},
		{options{cert: "a", key: "b", acme: "agenda.brume.example"}, "-acme has a certificate made, and -cert gives one; give one of them"},
		{options{acme: "agenda.brume.example,brume.example"}, ""},
		{options{acme: "*.brume.example"}, `-acme is "*.brume.example", want names of hosts such as agenda.example.org, with commas between them`},
		{options{acme: "192.0.2.1"}, `-acme is "192.0.2.1", want names of hosts such as agenda.example.org, with commas between them`},
		{options{acme: "agenda.brume.example", authority: "https://acme.brume.example/directory"}, ""},
		{options{acme: "agenda.brume.example", authority: "acme.brume.example"}, `-authority is "acme.brume.example", want the https address of an ACME directory`},
		{options{authority: "https://acme.brume.example/directory"}, "-authority makes certificates, which needs -acme"},
		{options{redirect: ":80"}, "-redirect sends readers to https, which needs -acme or -cert and -key"},
	} {
		got := ""
		if _, err := c.o.security(slog.New(slog.DiscardHandler)); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
