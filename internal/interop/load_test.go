package interop_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

var (
	loadTime   = flag.Duration("load", 0, "the `time` of each run of TestLoad; zero: it is skipped")
	loadRounds = flag.Int("rounds", 5, "how many `runs` of TestLoad each server has in each case")
)

// TestLoad compares what the daemon answers in a second with what nginx and Caddy
// do, on the same files of its output folder, in turn: each logs every request to a
// file, and the daemon counts them. It reports medians, and their ratios: of what
// each answers in a second, which the program that asks has its part in, and of the
// time of the processor that it takes for an answer, which holds on a busy machine
// too.
func TestLoad(t *testing.T) {
	if *loadTime == 0 {
		t.Skip("it measures, for a while: give the time of each run with -load 3s")
	}
	for _, name := range []string{"wrk", "nginx"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skip(err)
		}
	}
	dir := t.TempDir()
	var servers []server
	daemon := startDaemon(t, filepath.Join(dir, "content"), 100)
	servers = append(servers, daemon)
	public := filepath.Join(dir, "content", "public")
	compressFile(t, filepath.Join(public, "events.ics"))
	servers = append(servers, startNginx(t, dir, public))
	if _, err := exec.LookPath("caddy"); err == nil {
		servers = append(servers, startCaddy(t, dir, public))
	}
	for _, c := range []struct{ name, coding string }{{"full", ""}, {"gzip", "gzip"}, {"304", ""}, {"304, compressed", "gzip"}} {
		rates, costs := make([][]float64, len(servers)), make([][]float64, len(servers))
		for range *loadRounds {
			for i, s := range servers {
				rate, cost := s.load(t, strings.HasPrefix(c.name, "304"), c.coding)
				rates[i], costs[i] = append(rates[i], rate), append(costs[i], cost)
			}
		}
		for i, s := range servers {
			rate, cost := median(rates[i]), median(costs[i])
			t.Logf("%-16s %-7s %7.0f a second (%.0f to %.0f), %5.1f µs of processor each; crieur answers %.2f times as many, and %.2f for the same time of processor", c.name, s.name,
				rate, slices.Min(rates[i]), slices.Max(rates[i]), cost, median(rates[0])/rate, cost/median(costs[0]))
		}
	}
	for _, s := range servers {
		t.Logf("%s: %s of memory", s.name, s.memory(t))
	}

	const idle = 10_000
	var connections []net.Conn
	for i := range idle {
		c, err := net.Dial("tcp", strings.TrimPrefix(daemon.url, "http://"))
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		defer c.Close()
		connections = append(connections, c)
		if i%2 == 0 { // one that was answered, and stays; the others send half a header
			fmt.Fprint(c, "HEAD /events.ics HTTP/1.1\r\nHost: a\r\n\r\n")
		} else {
			fmt.Fprint(c, "GET /events.ics HTTP/1.1\r\nHost: a\r\nX: ")
		}
	}
	rate, cost := daemon.load(t, true, "gzip")
	t.Logf("beside %d connections that are idle or send slowly: %.0f a second, %.1f µs of processor each, %s of memory", len(connections), rate, cost, daemon.memory(t))
}

// A server is one that listens on this machine.
type server struct {
	name, url string
	process   *os.Process
}

var (
	perSecond = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)
	inAll     = regexp.MustCompile(`([0-9]+) requests in `)
)

// load has 32 connections ask for the calendar. It returns how often a second it is
// answered, and how many microseconds of the processor an answer takes.
func (s server) load(t *testing.T, conditional bool, coding string) (rate, cost float64) {
	t.Helper()
	args := []string{"-t", "1", "-c", "32", "-d", strconv.Itoa(int(max(*loadTime, time.Second)/time.Second)) + "s"}
	r, err := http.NewRequest("GET", s.url+"/events.ics", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "identity")
	if coding != "" {
		args = append(args, "-H", "Accept-Encoding: "+coding)
		r.Header.Set("Accept-Encoding", coding)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	size, _ := io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	if answer.StatusCode != 200 || answer.Header.Get("Content-Encoding") != coding || size < 5000 || answer.Header.Get("ETag") == "" {
		t.Fatalf("%s: %s, %d bytes, %v", s.name, answer.Status, size, answer.Header)
	}
	if conditional {
		args = append(args, "-H", "If-None-Match: "+answer.Header.Get("ETag"))
	}
	before := s.processor(t)
	out, err := exec.Command("wrk", append(args, s.url+"/events.ics")...).CombinedOutput()
	m := perSecond.FindSubmatch(out)
	if err != nil || m == nil || bytes.Contains(out, []byte("Non-2xx")) && !conditional {
		t.Fatalf("%s: %v\n%s", s.name, err, out)
	}
	rate, _ = strconv.ParseFloat(string(m[1]), 64)
	n, _ := strconv.ParseFloat(string(inAll.FindSubmatch(out)[1]), 64)
	return rate, float64((s.processor(t) - before).Microseconds()) / n
}

// processor is the time that the process and its children have had.
func (s server) processor(t *testing.T) (sum time.Duration) {
	t.Helper()
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(data), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 13 || filepath.Base(filepath.Dir(name)) != strconv.Itoa(s.process.Pid) && fields[1] != strconv.Itoa(s.process.Pid) {
			continue
		}
		for _, ticks := range fields[11:13] {
			n, _ := strconv.Atoi(ticks)
			sum += time.Duration(n) * time.Second / 100
		}
	}
	return sum
}

// memory is what the process has in memory now.
func (s server) memory(t *testing.T) string {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Pid))
	if err != nil {
		return "an unknown amount"
	}
	_, rest, _ := strings.Cut(string(data), "VmRSS:")
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(line)
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// startDaemon serves so many events of two kilobytes each.
func startDaemon(t *testing.T, dir string, events int, args ...string) server {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("La salle ouvre une demi-heure avant, et l’inscription est gratuite. ", 25)
	for i := range events {
		data := fmt.Sprintf("---\ntitle: Rencontre n° %d\ndate: 2026-01-02\nevent_start_date: %d-%02d-%02d 09:00:00 +01:00\nlieu: Salle %d\n---\n%s\n", i, 2020+i%8, 1+i%3, 1+i%28, i%40, text)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("r%06d.md", i)), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "crieur.yaml"), []byte("base: https://agenda.brume.example/\ntimezone: Europe/Paris\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	command := filepath.Join(t.TempDir(), "crieur")
	if out, err := exec.Command("go", "build", "-o", command, "github.com/crieur/crieur/cmd/crieur").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	address := freeAddress(t)
	return startServer(t, "crieur", address, filepath.Join(t.TempDir(), "log"), append(append([]string{command, "serve", "-addr", address, "-admin", freeAddress(t), "-access-log"}, args...), dir)...)
}

func startNginx(t *testing.T, dir, root string) server {
	t.Helper()
	address := freeAddress(t)
	config := filepath.Join(dir, "nginx.conf")
	user := ""
	if os.Getuid() == 0 {
		user = "user root;" // a folder of a test is its owner's
	}
	text := fmt.Sprintf(`%[4]s daemon off; worker_processes auto; pid %[1]s/nginx.pid; error_log %[1]s/nginx.err;
events { worker_connections 16384; }
http {
	access_log %[1]s/nginx.log;
	types { text/calendar ics; text/html html; }
	sendfile on; tcp_nopush on; keepalive_requests 100000000; gzip_static on; gzip_vary on; open_file_cache max=1000;
	server { listen %[2]s; root %[3]s; }
}
`, dir, address, root, user)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return startServer(t, "nginx", address, filepath.Join(dir, "nginx.out"), "nginx", "-c", config, "-p", dir)
}

func startCaddy(t *testing.T, dir, root string) server {
	t.Helper()
	address := freeAddress(t)
	config := filepath.Join(dir, "Caddyfile")
	text := fmt.Sprintf("{\n\tadmin off\n\tauto_https off\n}\nhttp://%s {\n\troot * %s\n\tfile_server {\n\t\tprecompressed gzip\n\t}\n\tlog {\n\t\toutput file %s/caddy.log {\n\t\t\troll_disabled\n\t\t}\n\t}\n}\n", address, root, dir)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", dir)
	return startServer(t, "caddy", address, filepath.Join(dir, "caddy.out"), "caddy", "run", "--config", config)
}

// startServer runs a command that listens until the test ends.
func startServer(t *testing.T, name, address, log string, command ...string) server {
	t.Helper()
	out, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
		out.Close()
	})
	s := server{name, "http://" + address, cmd.Process}
	for range 600 {
		if answer, err := http.Get(s.url + "/events.ics"); err == nil {
			answer.Body.Close()
			return s
		}
		time.Sleep(50 * time.Millisecond)
	}
	said, _ := os.ReadFile(log)
	t.Fatalf("%s does not answer: %s", name, said)
	return s
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// compressFile writes the gzip form of a file beside it, for servers that take it
// from there.
func compressFile(t *testing.T, name string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	w.Write(data)
	w.Close()
	if err := os.WriteFile(name+".gz", b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d bytes, %d compressed", filepath.Base(name), len(data), b.Len())
}
