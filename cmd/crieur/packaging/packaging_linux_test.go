package packaging

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

var whole = flag.Bool("deb", false, "build the Debian package, twice, and try it")

// need is the path of a program, which Debian has in a package.
func need(t *testing.T, name, pkg string) string {
	t.Helper()
	p, err := exec.LookPath(name)
	if err != nil && *whole {
		t.Fatalf("%s is not here: apt-get install %s", name, pkg)
	}
	if err != nil {
		t.Skipf("%s is not here: apt-get install %s", name, pkg)
	}
	return p
}

// do runs a program to its end, and returns what it says.
func do(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
	return string(out)
}

// The service may do little more than what it needs: systemd 252 says 1.1, of
// 10, which is everything.
func TestUnitIsHardened(t *testing.T) {
	do(t, need(t, "systemd-analyze", "systemd"), "security", "--offline=true", "--threshold=15", "./crieur@.service")
}

// built is the package, in a folder of its own.
func built(t *testing.T) string {
	t.Helper()
	if !*whole {
		t.Skip("go test ./cmd/crieur/packaging -deb builds the package")
	}
	need(t, "dpkg-deb", "dpkg")
	dir := t.TempDir()
	t.Setenv("DPKG_DEB_COMPRESSOR_LEVEL", "0") // which is fast
	do(t, "./deb", dir)
	found, err := filepath.Glob(filepath.Join(dir, "*.deb"))
	if err != nil || len(found) != 1 {
		t.Fatalf("found %q, %v, want one package", found, err)
	}
	return found[0]
}

// The package is the same each time it is built, has these files, and is
// nothing that Debian's own checker minds; it comes and goes without a trace.
func TestDebianPackage(t *testing.T) {
	pkg := built(t)
	t.Run("reproducible", func(t *testing.T) {
		again := built(t)
		first, err1 := os.ReadFile(pkg)
		second, err2 := os.ReadFile(again)
		if err := cmp.Or(err1, err2); err != nil {
			t.Fatal(err)
		}
		if filepath.Base(pkg) != filepath.Base(again) || !bytes.Equal(first, second) {
			t.Errorf("%s and %s are not the same bytes", pkg, again)
		}
	})
	t.Run("files", func(t *testing.T) {
		var got []string
		for line := range strings.Lines(do(t, "dpkg-deb", "--contents", pkg)) {
			f := strings.Fields(line)
			if len(f) < 6 || strings.HasSuffix(f[5], "/") {
				continue
			}
			got = append(got, f[0]+" "+f[1]+" "+f[5])
		}
		want := strings.Fields(`etc/default/crieur usr/bin/crieur usr/lib/systemd/system/crieur@.service usr/lib/systemd/system/crieur@.socket usr/lib/sysusers.d/crieur.conf
			usr/share/bash-completion/completions/crieur usr/share/doc/crieur/changelog.Debian.gz usr/share/doc/crieur/changelog.gz usr/share/doc/crieur/copyright
			usr/share/fish/vendor_completions.d/crieur.fish usr/share/lintian/overrides/crieur usr/share/man/man1/crieur.1.gz usr/share/zsh/vendor-completions/_crieur`)
		for i, name := range want {
			mode := "-rw-r--r--"
			if name == "usr/bin/crieur" {
				mode = "-rwxr-xr-x"
			}
			want[i] = mode + " root/root ./" + name
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
	t.Run("lintian", func(t *testing.T) {
		if out := do(t, need(t, "lintian", "lintian"), "--fail-on", "error,warning", "--allow-root", pkg); out != "" {
			t.Log(out)
		}
	})
	t.Run("installs, removes, purges", func(t *testing.T) {
		if os.Geteuid() != 0 {
			t.Skip("only root can install")
		}
		out, err := exec.Command(need(t, "unshare", "util-linux"), "--mount", "--propagation", "private", "testdata/install.sh", pkg).CombinedOutput()
		if e, ok := err.(*exec.ExitError); ok && e.ExitCode() == 77 {
			t.Skipf("nothing can be mounted here: %s", out)
		}
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
	t.Run("serves", func(t *testing.T) { testService(t, pkg) })
	t.Run("system calls", func(t *testing.T) { testSystemCalls(t, pkg) })
}

// testService has a real service manager run the units of the package.
func testService(t *testing.T, pkg string) {
	if os.Geteuid() != 0 {
		t.Skip("only root can start a service manager")
	}
	need(t, "curl", "curl")
	unshare, result := need(t, "unshare", "util-linux"), t.TempDir()
	example, err := filepath.Abs("../../../examples/agenda")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, unshare, "--mount", "--pid", "--fork", "--kill-child", "--uts", "--ipc", "--net", "--cgroup", "--propagation", "private", "testdata/boot.sh", pkg, example, result)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	runErr := cmd.Run()
	if _, err := os.Stat(filepath.Join(result, "booted")); err != nil {
		t.Skipf("no service manager can be started here: %v\n%s", runErr, said.Bytes())
	}
	if _, err := os.Stat(filepath.Join(result, "passed")); err != nil {
		log, _ := os.ReadFile(filepath.Join(result, "log"))
		t.Errorf("%s\n%s", said.Bytes(), log)
	}
}

// testSystemCalls has the program serve, publish a change and stop, and fails
// if it makes a system call that the service may not.
func testSystemCalls(t *testing.T, pkg string) {
	strace, analyze := need(t, "strace", "strace"), need(t, "systemd-analyze", "systemd")
	root, site := t.TempDir(), filepath.Join(t.TempDir(), "agenda")
	do(t, "dpkg-deb", "--extract", pkg, root)
	if err := os.CopyFS(site, os.DirFS("../../../examples/agenda")); err != nil {
		t.Fatal(err)
	}
	calls := filepath.Join(root, "calls")
	var log bytes.Buffer
	output := filepath.Join(root, "output")
	out, err := os.Create(output)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := exec.Command(strace, "--follow-forks", "--quiet=all", "--signal=none", "-o", calls, filepath.Join(root, "usr/bin/crieur"), "serve", "-addr", "127.0.0.1:0", site)
	cmd.Stdout, cmd.Stderr = out, &log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	until := func(what string, done func() bool) {
		t.Helper()
		for began := time.Now(); !done(); time.Sleep(20 * time.Millisecond) {
			if time.Since(began) > time.Minute {
				t.Fatalf("%s: not after a minute", what)
			}
		}
	}
	var address string
	until("an address", func() bool {
		said, _ := os.ReadFile(output)
		if m := regexp.MustCompile(`The page:  (http://\S+/)index\.html\n`).FindSubmatch(said); m != nil {
			address = string(m[1])
		}
		return address != ""
	})
	if err := os.WriteFile(filepath.Join(site, "_evenements", "visite.md"), []byte("---\ntitle: Une visite imprévue\nevent_start_date: 2027-09-18\n---\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	until("the change", func() bool {
		res, err := http.Get(address + "events.ics")
		if err != nil {
			return false
		}
		defer res.Body.Close()
		var b bytes.Buffer
		b.ReadFrom(res.Body)
		return strings.Contains(b.String(), "visite")
	})
	syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	trace, err := os.ReadFile(calls)
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\d+ +([a-z0-9_]+)\(`).FindAllSubmatch(trace, -1) {
		made[string(m[1])] = true
	}
	if len(made) < 20 || !made["inotify_add_watch"] {
		t.Fatalf("only %d system calls were seen: %v", len(made), made)
	}
	allowed := callsOf(t, analyze, "@system-service")
	for _, not := range []string{"@privileged", "@resources"} {
		for name := range callsOf(t, analyze, not) {
			delete(allowed, name)
		}
	}
	var refused []string
	for name := range made {
		if name != "execve" && !allowed[name] { // that of strace itself
			refused = append(refused, name)
		}
	}
	slices.Sort(refused)
	if len(refused) > 0 {
		t.Errorf("the service may not call %v", refused)
	}
	fmt.Fprintf(os.Stderr, "%d system calls made, all of %d allowed\n", len(made), len(allowed))
}

// callsOf are the system calls of a group, as the service manager knows them.
func callsOf(t *testing.T, analyze, group string) map[string]bool {
	t.Helper()
	calls := map[string]bool{}
	for line := range strings.Lines(do(t, analyze, "syscall-filter", group)) {
		name := strings.TrimSpace(line)
		switch {
		case name == "" || name[0] == '#' || name == group:
		case name[0] == '@':
			for n := range callsOf(t, analyze, name) {
				calls[n] = true
			}
		default:
			calls[name] = true
		}
	}
	if len(calls) == 0 {
		t.Fatalf("the group %s is empty", group)
	}
	return calls
}
