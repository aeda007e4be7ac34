package bucket_test

import (
	"bytes"
	"flag"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/crieur/crieur/internal/s3test"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

var (
	endpoint = flag.String("endpoint", "", "the `address` of a store that runs already, to test on as well: its bucket \"site\" is made, and emptied")
	key      = flag.String("key", "crieur", "the access `key` of all stores")
	secret   = flag.String("secret", "valmeuse-secret", "the `secret` of that key")
)

// A place is a store with a bucket called "site", and the line to it.
type place struct {
	contents
	line *s3test.Line
	url  string // of the line
	n    int    // how many of the cases to pass over for each that is tried, where each takes long
}

// contents are what is in the bucket, past the line.
type contents interface {
	Objects() map[string]s3test.Object
	Set(key, data string)
	Remove(key string)
}

func (p *place) clear() {
	for name := range p.Objects() {
		p.Remove(name)
	}
}

// process serves the line to one process, until it has ended and what it asked
// for is answered.
func (p *place) process(do func(url string)) {
	server := httptest.NewServer(p.line)
	defer server.Close()
	do(server.URL)
}

// everywhere runs a test on two stores in memory and on each of those that other people
// wrote. One that is not on the PATH skips its test, which says how to get it; where
// the environment says CI=true, it is a failure. Any other is tested by -endpoint.
func everywhere(t *testing.T, test func(t *testing.T, p *place)) {
	t.Run("memory", func(t *testing.T) {
		f, l, url := start(t)
		p := &place{f, l, url, 0}
		if testing.Short() {
			p.n = 4
		}
		test(t, p)
	})
	t.Run("bare", func(t *testing.T) {
		f, l, url := start(t)
		f.Bare = true
		test(t, &place{f, l, url, 4})
	})
	if testing.Short() {
		return // what is tested is the same
	}
	for _, s := range []struct {
		name, module string
		command      func(address, dir string) (args, env []string)
	}{
		{"versitygw", "github.com/versity/versitygw/cmd/versitygw@v1.8.0", func(address, dir string) ([]string, []string) {
			return []string{"--quiet", "--port", address, "posix", filepath.Join(dir, "data")}, []string{"ROOT_ACCESS_KEY=" + *key, "ROOT_SECRET_KEY=" + *secret}
		}},
		{"minio", "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c", func(address, dir string) ([]string, []string) {
			return []string{"server", "--quiet", "--address", address, filepath.Join(dir, "data")}, []string{"MINIO_ROOT_USER=" + *key, "MINIO_ROOT_PASSWORD=" + *secret, "MINIO_BROWSER=off", "MINIO_UPDATE=off", "HOME=" + dir}
		}},
	} {
		t.Run(s.name, func(t *testing.T) {
			program, err := exec.LookPath(s.name)
			if err != nil {
				if os.Getenv("CI") == "true" {
					t.Fatalf("not installed: go install %s", s.module)
				}
				t.Skipf("not installed: go install %s", s.module)
			}
			address, dir := freeAddress(t), t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "data"), 0o755); err != nil {
				t.Fatal(err)
			}
			args, env := s.command(address, dir)
			var said bytes.Buffer
			cmd := exec.Command(program, args...)
			cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), env...), &said, &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				cmd.Process.Kill()
				cmd.Wait()
				if t.Failed() {
					t.Logf("%s says:\n%.2000s", s.name, &said)
				}
			})
			test(t, reach(t, &url.URL{Scheme: "http", Host: address}))
		})
	}
	if *endpoint != "" {
		t.Run("endpoint", func(t *testing.T) {
			u, err := url.Parse(*endpoint)
			if err != nil {
				t.Fatal(err)
			}
			p := reach(t, u)
			p.clear()
			test(t, p)
		})
	}
}

// reach returns the place at the address of a store, when it listens.
func reach(t *testing.T, u *url.URL) *place {
	core, err := minio.NewCore(u.Host, &minio.Options{Creds: credentials.NewStaticV4(*key, *secret, ""), Region: "us-east-1", Secure: u.Scheme == "https"})
	if err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		err := core.MakeBucket(t.Context(), "site", minio.MakeBucketOptions{})
		if err == nil || minio.ToErrorResponse(err).Code == minio.BucketAlreadyOwnedByYou {
			break
		}
		if time.Since(began) > 30*time.Second {
			t.Fatalf("it cannot be reached: %v", err)
		}
	}
	proxy := httputil.NewSingleHostReverseProxy(u)
	proxy.ErrorLog = log.New(io.Discard, "", 0) // of requests that are cut
	l := &s3test.Line{Store: proxy}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	return &place{&server3{t, core}, l, server.URL, 4}
}

// freeAddress is one on this machine at which nobody listens.
func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// A server3 is the bucket of a store that somebody else wrote.
type server3 struct {
	t    *testing.T
	core *minio.Core
}

func (s *server3) Objects() map[string]s3test.Object {
	s.t.Helper()
	objects := map[string]s3test.Object{}
	for info := range s.core.ListObjectsIter(s.t.Context(), "site", minio.ListObjectsOptions{Recursive: true}) {
		if info.Err != nil {
			s.t.Fatal(info.Err)
		}
		body, _, header, err := s.core.GetObject(s.t.Context(), "site", info.Key, minio.GetObjectOptions{})
		if err != nil {
			s.t.Fatal(err)
		}
		data, err := io.ReadAll(body)
		body.Close()
		if err != nil {
			s.t.Fatal(err)
		}
		objects[info.Key] = s3test.Object{Data: data, Header: header}
	}
	return objects
}

func (s *server3) Set(key, data string) {
	s.t.Helper()
	if _, err := s.core.Client.PutObject(s.t.Context(), "site", key, bytes.NewReader([]byte(data)), int64(len(data)), minio.PutObjectOptions{ContentType: "text/plain"}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *server3) Remove(key string) {
	s.t.Helper()
	if err := s.core.RemoveObject(s.t.Context(), "site", key, minio.RemoveObjectOptions{}); err != nil {
		s.t.Fatal(err)
	}
}
