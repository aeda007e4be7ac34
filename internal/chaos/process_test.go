//go:build unix

package chaos

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A process is a serve command.
type process struct {
	*exec.Cmd
	log     *buffer
	ended   chan struct{}
	excused bool // if it ends: it began without a state
}

type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// spawn begins a process that is passed the sockets of the world, as systemd
// does: requests that find nobody wait for the next one.
func (w *world) spawn() *process {
	w.Helper()
	// LISTEN_PID is known only to the process that becomes it.
	cmd := exec.Command("sh", "-c", `LISTEN_PID=$$ exec "$@"`, "sh", *program, "serve", "-out", w.out, "-state", w.state, "-tokens", w.secret.file)
	cmd.Args = append(cmd.Args, w.flags...)
	if w.releases {
		cmd.Args = append(cmd.Args, "-releases")
	}
	cmd.Args = append(cmd.Args, w.content)
	cmd.Env = append(os.Environ(), "LISTEN_FDS=2", "LISTEN_FDNAMES=public:admin")
	cmd.ExtraFiles = []*os.File{w.socket, w.admin.socket}
	cmd.SysProcAttr = bound()
	p := &process{Cmd: cmd, log: new(buffer), ended: make(chan struct{}), excused: w.broken.state.Load()}
	cmd.Stderr = p.log
	if err := cmd.Start(); err != nil {
		w.Fatal(err)
	}
	go func() {
		p.Wait()
		close(p.ended)
	}()
	return p
}

// up has a process run, unless the disks keep it from that.
func (w *world) up() {
	w.Helper()
	if w.serving == nil {
		w.serving = w.spawn()
		return
	}
	select {
	case <-w.serving.ended:
		if !w.serving.excused {
			w.violation("the process ended by itself: %v\n%s", w.serving.ProcessState, w.serving.log)
		}
		w.serving = w.spawn()
	default:
	}
}

// mended has a process run now that the disks are well: one that began without its state may have found that out before,
// and not have ended yet.
func (w *world) mended() {
	w.Helper()
	if w.serving.excused && !w.built() {
		w.keepLog(w.serving)
		w.serving = w.spawn()
	}
	w.serving.excused = false
}

// built waits until the process has built for the first time, with its state, and reports whether it has: else it has ended.
func (w *world) built() bool {
	w.Helper()
	client := w.client(false)
	client.Timeout = time.Second // who ends may leave a question to the next one
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(glance) {
		select {
		case <-w.serving.ended:
			return false
		default:
		}
		r, err := http.NewRequest(http.MethodGet, w.admin.address+"status", nil)
		w.try(err)
		data, _, err := fetch(client, r)
		var status struct{ Build struct{ At time.Time } }
		if err == nil && json.Unmarshal(data, &status) == nil && !status.Build.At.IsZero() {
			return true
		}
	}
	w.violation("%v after it began nothing is built:\n%s", patience, w.serving.log)
	return true
}

// kill ends the process as a machine that loses its power does.
func (w *world) kill() {
	w.Helper()
	w.deaths.Add(1) // odd: one is about to happen
	w.serving.Process.Kill()
	<-w.serving.ended
	w.deaths.Add(1)
	w.keepLog(w.serving)
	w.serving = nil
	w.tally.kills.Add(1)
}

// stop ends the process p gracefully.
func (w *world) stop(p *process) {
	w.Helper()
	p.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(time.Minute):
		w.violation("it does not stop:\n%s", p.log)
		w.deaths.Add(1)
		p.Process.Kill()
		<-p.ended
		w.deaths.Add(1)
	}
	// One that was told before it listened to signals ends by them.
	status, _ := p.ProcessState.Sys().(syscall.WaitStatus)
	if !p.ProcessState.Success() && status.Signal() != syscall.SIGTERM && !p.excused {
		w.violation("stopped: %v\n%s", p.ProcessState, p.log)
	}
	w.keepLog(p)
	w.tally.stops.Add(1)
}

// answers waits until the process answers requests.
func (w *world) answers() {
	w.Helper()
	r, err := w.client(false).Get(w.address + "index.html")
	if err != nil {
		w.violation("no answer: %v\n%s", err, w.serving.log)
		return
	}
	r.Body.Close()
}

// second tries to run another process on the folders of the one that runs.
func (w *world) second() {
	w.Helper()
	out, err := exec.Command(*program, "serve", "-addr", "127.0.0.1:0", "-wait", "0", "-out", w.out, "-state", w.state, w.content).CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 2 || !bytes.Contains(out, []byte("in use by process")) {
		w.violation("a second process: %v\n%s", err, out)
	}
}

// keepLog looks for what must never be in a log, and keeps the last ones.
func (w *world) keepLog(p *process) {
	for _, text := range []string{"panic:", "internal error", "cannot be made again", "goroutine "} {
		if bytes.Contains([]byte(p.log.String()), []byte(text)) {
			w.violation("the log says %q:\n%s", text, p.log)
		}
	}
	if err := w.secret.betrayed([]byte(p.log.String())); err != nil {
		w.violation("the log: %v\n%s", err, p.log)
	}
	w.logs = append(w.logs, p.log)
	w.logs = w.logs[max(0, len(w.logs)-4):]
}

// broken says what cannot be written or read now.
type broken struct{ out, state atomic.Bool }
