package interop_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestProxy has nginx in front of the daemon, which listens on a socket in the file
// system: with the path of the base address kept, and taken away; compressing itself,
// which weakens entity tags.
func TestProxy(t *testing.T) {
	nginx := program(t, "nginx-light", []string{"nginx"}, "-v")
	dir := t.TempDir()
	content, socket := filepath.Join(dir, "content"), filepath.Join(dir, "socket")
	if err := os.MkdirAll(content, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"crieur.yaml": "base: https://valmeuse.example/sorties/\ntimezone: Europe/Paris\nmoved: {agenda: events}\n",
		"bal.md":      "---\ntitle: Bal\ndate: 2026-01-02\nevent_start_date: 2027-07-03 20:00\n---\n" + strings.Repeat("Sur la place. ", 50) + "\n",
	} {
		if err := os.WriteFile(filepath.Join(content, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	command := filepath.Join(dir, "crieur")
	if out, err := exec.Command("go", "build", "-o", command, "github.com/crieur/crieur/cmd/crieur").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	daemon := exec.Command(command, "serve", "-addr", "unix:"+socket, content)
	daemon.Stderr = os.Stderr
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	defer daemon.Wait()
	defer daemon.Process.Kill()
	direct := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}}
	for range 600 {
		if answer, err := direct.Get("http://localhost/events.ics"); err == nil {
			answer.Body.Close()
			break
		}
		time.Sleep(50 * time.Millisecond)
	}

	user := ""
	if os.Getuid() == 0 {
		user = "user root;" // a folder of a test is its owner's
	}
	address := freeAddress(t)
	config := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf(`%[4]s daemon off; pid %[1]s/nginx.pid; error_log %[1]s/nginx.err;
events { worker_connections 100; }
http {
	access_log off; proxy_http_version 1.1;
	server {
		listen %[2]s;
		location = /events.ics { proxy_pass http://unix:%[3]s:/events.ics; }
		location /sorties/ { proxy_pass http://unix:%[3]s; }
		location /taken/ { proxy_pass http://unix:%[3]s:/; }
		location /packed/ { proxy_pass http://unix:%[3]s:/; proxy_set_header Accept-Encoding ""; gzip on; gzip_types text/calendar; gzip_min_length 1; gzip_proxied any; }
	}
}
`, dir, address, socket, user)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	s := startServer(t, "nginx", address, filepath.Join(dir, "nginx.out"), nginx[0], "-c", config, "-p", dir)
	client := &http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	ask := func(name, coding, tag string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequest("GET", s.url+name, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", coding)
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer, string(body)
	}
	_, want := ask("/sorties/events.ics", "identity", "")
	if !strings.Contains(want, "SUMMARY:Bal") {
		t.Fatalf("the calendar is %q", want)
	}
	for _, path := range []string{"/sorties/", "/taken/", "/packed/"} {
		if page, body := ask(path, "identity", ""); page.StatusCode != 200 || !strings.Contains(body, "/sorties/events.ics") {
			t.Errorf("%s: %s, and no address of the calendar", path, page.Status)
		}
		for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
			answer, body := ask(path+"events.ics", coding, "")
			if answer.StatusCode != 200 || coding == "identity" && body != want || path == "/sorties/" && coding != "identity" && answer.Header.Get("Content-Encoding") != coding {
				t.Errorf("%s in %s: %s, %d bytes, %v", path, coding, answer.Status, len(body), answer.Header)
			}
			if again, _ := ask(path+"events.ics", coding, answer.Header.Get("ETag")); again.StatusCode != 304 {
				t.Errorf("%s in %s: with the tag %s it says %s", path, coding, answer.Header.Get("ETag"), again.Status)
			}
		}
		moved, _ := ask(path+"agenda.ics", "identity", "")
		if got := moved.Header.Get("Location"); moved.StatusCode != 301 || got != "https://valmeuse.example/sorties/events.ics" {
			t.Errorf("%s: what has moved is answered with %s to %q", path, moved.Status, got)
		}
		if out, _ := ask(path+"../../crieur.yaml", "identity", ""); out.StatusCode == 200 {
			t.Errorf("%s: the configuration is served", path)
		}
	}
}
