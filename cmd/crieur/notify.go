package main

import (
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	systemd "github.com/coreos/go-systemd/v22/daemon"
)

// A notifier tells the service manager how the service is, as sd_notify does.
// Without one it tells nobody.
type notifier struct {
	log    *slog.Logger
	tell   func(state string) error
	ready  atomic.Bool // was told
	failed atomic.Bool
}

func newNotifier(log *slog.Logger) *notifier {
	return &notifier{log: log, tell: func(state string) error {
		_, err := systemd.SdNotify(false, state)
		return err
	}}
}

func (n *notifier) send(lines ...string) {
	if err := n.tell(strings.Join(lines, "\n")); err != nil && !n.failed.Swap(true) {
		n.log.Warn(fmt.Sprintf("the service manager cannot be told how the service is: %v", err))
	}
}

// serving says that requests are answered.
func (n *notifier) serving() {
	if !n.ready.Swap(true) {
		n.send(systemd.SdNotifyReady)
	}
}

// reloading says that what follows was asked for, until reloaded.
func (n *notifier) reloading() {
	if n.ready.Load() {
		n.send(systemd.SdNotifyReloading, strings.TrimSuffix(systemd.SdNotifyMonotonicUsec(), "\n"))
	}
}

func (n *notifier) reloaded() {
	if n.ready.Load() {
		n.send(systemd.SdNotifyReady)
	}
}

func (n *notifier) stopping() { n.send(systemd.SdNotifyStopping, "STATUS=Stopping") }

// status is one line for people.
func (n *notifier) status(text string) { n.send("STATUS=" + oneLine(text)) }

// watchdog is the time within which the service manager wants to hear of the
// loop; zero: it does not.
func (n *notifier) watchdog() time.Duration {
	interval, err := systemd.SdWatchdogEnabled(false)
	if err != nil {
		n.log.Warn(fmt.Sprintf("the watchdog of the service manager is not understood, and is left alone: %v", err))
	}
	return interval
}

// watch keeps a watchdog from acting while the loop is alive, and the start
// from being given up while it is busy, until done is closed.
func (n *notifier) watch(interval time.Duration, p *pulse, done <-chan struct{}) {
	period := silence / 2
	if interval > 0 {
		period = min(period, interval/2)
	}
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for seldom := false; ; {
		select {
		case <-done:
			return
		case <-ticker.C:
		}
		if !p.alive() {
			continue
		}
		if interval > 0 {
			n.send(systemd.SdNotifyWatchdog)
		}
		switch ready := n.ready.Load(); {
		case !ready && p.busy.Load():
			n.send(fmt.Sprintf("EXTEND_TIMEOUT_USEC=%d", (2 * silence).Microseconds()))
		case ready && interval == 0:
			return // the start was not given up, and nobody asks for more
		case ready && !seldom:
			seldom = true
			ticker.Reset(max(period, interval/4)) // so that one that comes late is not the last
		}
	}
}
