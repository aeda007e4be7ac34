package websub

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Whatever a hub does with a connection, it was told or it was not, soon, and
// nothing else of what it says has any effect.
func TestHostileHub(t *testing.T) {
	raw := func(answer string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			c, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			io.WriteString(c, answer)
		}
	}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it follows a redirect") }))
	defer elsewhere.Close()
	for name, c := range map[string]struct {
		hub  http.HandlerFunc
		told bool
		says string
	}{
		"good":               {raw("HTTP/1.1 204 No Content\r\n\r\n"), true, ""},
		"closes":             {raw(""), false, "EOF"},
		"half a status":      {raw("HTTP/1.1 20"), false, "malformed HTTP"},
		"no status":          {raw("Bonjour !\r\n\r\n"), false, "malformed HTTP"},
		"half a header":      {raw("HTTP/1.1 204 No Content\r\nServer: x"), false, "EOF"},
		"half a body":        {raw("HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\nMerci"), true, ""},
		"a flood of headers": {raw("HTTP/1.1 204 No Content\r\n" + strings.Repeat("X-A: "+strings.Repeat("b", 1000)+"\r\n", 1000) + "\r\n"), false, ""},
		"a flood": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					return
				}
			}
		}, true, ""},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/", http.StatusTemporaryRedirect)
		}, false, "redirects are not followed"},
		"a page": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, "<script>alert(1)</script>")
		}, false, "it answers 403 Forbidden for https://brume.example/events.atom"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(c.hub)
			defer server.Close()
			p := New(filepath.Join(t.TempDir(), "hubs.json"))
			p.Offer([]string{server.URL}, map[string]string{"https://brume.example/events.atom": "1"})
			began := time.Now()
			p.Settle(t.Context())
			if d := time.Since(began); d > 10*time.Second {
				t.Errorf("it takes %v", d)
			}
			h := p.Hubs()[0]
			if (h.Told == 1) != c.told || !strings.Contains(h.Trouble, c.says) || strings.Contains(h.Trouble, "script") || c.told != (h.Trouble == "") {
				t.Errorf("it is %+v", h)
			}
			p.Close()
		})
	}
}

// Who stops does not wait for a hub that says nothing.
func TestCloseWhileAHubIsSilent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := New(filepath.Join(t.TempDir(), "hubs.json"))
	p.Offer([]string{fmt.Sprintf("http://%s/", l.Addr())}, map[string]string{"https://brume.example/events.atom": "1"})
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	began := time.Now()
	p.Close()
	if d := time.Since(began); d > 5*time.Second {
		t.Errorf("it takes %v", d)
	}
}
