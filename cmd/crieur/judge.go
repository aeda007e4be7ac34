package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/crieur/crieur"
)

// A finding is one thing that doctor has looked at. Its fields are those of
// -format json, which do not change.
type finding struct {
	Level   string `json:"level"`
	Subject string `json:"subject"`
	Message string `json:"message"`
	Remedy  string `json:"remedy,omitempty"` // empty: there is nothing to do
}

const (
	levelGood    = "good"
	levelWarn    = "warn" // it runs, but not as well as it could
	levelBad     = "bad"  // it does not run, or loses something
	levelUnknown = "unknown"
)

func (f finding) String() string {
	s := fmt.Sprintf("%-4s  %s: %s", f.Level, f.Subject, f.Message)
	if f.Remedy != "" {
		s += "; " + f.Remedy
	}
	return s
}

func good(subject, message string) finding { return finding{levelGood, subject, message, ""} }
func warn(subject, message, remedy string) finding {
	return finding{levelWarn, subject, message, remedy}
}
func bad(subject, message, remedy string) finding {
	return finding{levelBad, subject, message, remedy}
}
func unknown(subject string, err error) finding {
	return finding{levelUnknown, subject, err.Error(), ""}
}

func judgeConfig(file string, said bool, faults []crieur.Fault, err error) (found []finding) {
	const subject = "configuration"
	for _, f := range faults {
		found = append(found, bad(subject, f.Error(), "“crieur schema config” says what may stand there"))
	}
	switch {
	case err != nil:
		found = append(found, bad(subject, err.Error(), "give a file that can be read with -config, or mend it"))
	case len(faults) > 0:
	case said:
		found = append(found, good(subject, file))
	default:
		found = append(found, warn(subject, "there is none, and much is guessed", "“crieur init” writes one that fits the content"))
	}
	return found
}

// judgeBase says whether others can use the address that is given to them;
// missing: there must be one.
func judgeBase(base string, missing error) finding {
	const subject = "base"
	if missing != nil {
		return bad(subject, missing.Error(), "")
	}
	advice := "say base: https://… in the configuration before people subscribe, since they keep it"
	u, err := url.Parse(base)
	if base == "" || err != nil {
		return warn(subject, "subscriptions have the address http://localhost:8080/, which is another machine for everybody else", advice)
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	switch {
	case host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback():
		return warn(subject, base+" is another machine for everybody else", advice)
	case ip != nil && (ip.IsPrivate() || ip.IsLinkLocalUnicast()) || ip == nil && !strings.Contains(host, ".") || strings.HasSuffix(host, ".local"):
		return warn(subject, base+" leads nowhere from outside of this network", advice)
	case ip != nil:
		return warn(subject, base+" is the address of a machine, and moves when that does", advice)
	case u.Scheme != "https":
		return warn(subject, base+" is not encrypted: what subscribers read can be changed on its way, and some calendars refuse it", advice)
	}
	return good(subject, base)
}

// judgeSecrets says whether secret channels are open to those they are for, and to
// nobody else. Exposed tells whether other users of the machine can read a path.
func judgeSecrets(c crieur.Config, file string, tokens map[string][]string, err error, exposed func(string) bool) (found []finding) {
	const subject = "secret"
	names := secretChannels(c)
	if len(names) == 0 {
		return nil
	}
	if err != nil {
		found = append(found, bad(subject, err.Error(), "mend that; “crieur secret -new NAME” makes a token"))
	}
	for _, name := range names {
		if err == nil && len(tokens[name]) == 0 {
			found = append(found, warn(subject, "the channel "+name+" has no token, so that nobody can read it", "“crieur secret” gives it one"))
		}
	}
	if exposed(file) {
		found = append(found, warn(subject, file+" can be read by other users of this machine", "chmod 600 it"))
	}
	if u, err := url.Parse(c.Base); err == nil && u.Scheme == "http" && u.Hostname() != "localhost" {
		found = append(found, warn(subject, c.Base+" is not encrypted: everybody on the way reads the tokens, and what they open", "say base: https://… and have a proxy in front"))
	}
	if len(found) == 0 {
		found = append(found, good(subject, count(len(names), "channel")+", each with a token"))
	}
	return found
}

// judgePrivate says whether what is remembered of secret channels is kept from other
// users of the machine, also where there is no such channel any more.
func judgePrivate(state string, lives []crieur.Life, exposed func(string) bool) (found []finding) {
	if !slices.ContainsFunc(lives, func(l crieur.Life) bool { return l.Private }) {
		return nil
	}
	for _, c := range []struct{ name, remedy string }{{"history.jsonl", "chmod 600 it"}, {"secret", "chmod 700 it"}} {
		if p := filepath.Join(state, c.name); exposed(p) {
			found = append(found, warn("secret", p+" holds what is private, and can be read by other users of this machine", c.remedy))
		}
	}
	return found
}

// judgeZones says whether the time zone data know the zones of the site.
func judgeZones(c crieur.Config, release string, stale []string, now time.Time) finding {
	const subject = "zones"
	zones := []string{c.Timezone}
	if c.Timezone == "" {
		zones[0] = "Europe/Paris"
	}
	for _, collection := range c.Collections {
		if collection.Timezone != "" && !slices.Contains(zones, collection.Timezone) {
			zones = append(zones, collection.Timezone)
		}
	}
	const remedy = "update the package tzdata, or the program, which has data of its own"
	var wrong []string
	for _, zone := range zones {
		if _, err := time.LoadLocation(zone); err != nil {
			return bad(subject, fmt.Sprintf("there are no data of %s on this machine: %v", zone, err), remedy)
		}
		if slices.Contains(stale, zone) {
			wrong = append(wrong, zone)
		}
	}
	known := "time zone data " + release
	if release == "" {
		known = "time zone data of an unknown release"
	}
	switch {
	case len(wrong) > 0:
		return bad(subject, known+", which do not know the present rules of "+strings.Join(wrong, ", ")+": their events are told with a wrong hour", remedy)
	case release == "" || now.Year()-yearOf(release) >= 2:
		return warn(subject, known+", which are old", remedy)
	}
	return good(subject, known+", which know "+strings.Join(zones, ", "))
}

// yearOf is that of a release of the zone database; 0 if there is none.
func yearOf(release string) int {
	n, _ := strconv.Atoi(release[:min(4, len(release))])
	return n
}

// judgeClock compares the clock with what was known, and what was published,
// before. A day of travel between the zones of two machines is no fault.
func judgeClock(now time.Time, release string, last time.Time, synchronised bool, err error) (found []finding) {
	const subject = "clock"
	const remedy = "set it (timedatectl set-time), and keep it right (timedatectl set-ntp true)"
	said := now.UTC().Format("2006-01-02 15:04:05 MST")
	switch {
	case now.Year() < yearOf(release):
		found = append(found, bad(subject, fmt.Sprintf("it says %s, and the time zone data are of %d", said, yearOf(release)), remedy))
	case last.After(now.Add(time.Minute)):
		found = append(found, bad(subject, fmt.Sprintf("it says %s, and subscribers saw a change on %s already: those to come would look older", said, last.UTC().Format("2006-01-02 15:04:05 MST")), remedy))
	case err == nil && !synchronised:
		found = append(found, warn(subject, said+", and nothing keeps it right", "timedatectl set-ntp true; in a container or a virtual machine its host may do so without telling"))
	case err != nil:
		found = append(found, good(subject, said), unknown("clock service", err))
	default:
		found = append(found, good(subject, said+", kept right by a time service"))
	}
	return found
}

func judgeHistory(state string, h *crieur.History, err error) finding {
	const subject = "history"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return good(subject, "there is none in "+state+" yet")
	case errors.Is(err, fs.ErrPermission):
		return bad(subject, err.Error(), "give it to the user that serves (chown -R), or give another folder with -state")
	case err != nil: // which says what to do
		return bad(subject, err.Error(), "")
	}
	lives := h.Lives()
	published := 0
	for _, l := range lives {
		if l.Withdrawn.IsZero() {
			published++
		}
	}
	return good(subject, fmt.Sprintf("%s in %s, %d of them published", count(len(lives), "record"), state, published))
}

// judgeOut says whether what is published fits the history; follows is why not.
func judgeOut(out, state string, follows error) []finding {
	switch {
	case follows == nil:
		return nil
	case errors.Is(follows, crieur.ErrHistory):
		return []finding{bad("history", follows.Error(), "restore the latest "+state+", or give its place with -state; to go on without it, remove "+out)}
	}
	return []finding{bad("out", follows.Error(), "make it readable, or give another folder with -out")}
}

func judgeLock(state string, holder int, held bool, err error) finding {
	const subject = "lock"
	switch {
	case err != nil:
		return unknown(subject, err)
	case !held:
		return good(subject, state+" is in use by no process")
	case holder == 0:
		return warn(subject, state+" is in use by a process of another container", "stop that before another is started")
	}
	return warn(subject, fmt.Sprintf("%s is in use by process %d", state, holder), "if that is the daemon, all is well; stop it before another is started")
}
