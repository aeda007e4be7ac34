package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/durable"
)

// A daemon builds and publishes one content folder, again and again.
type daemon struct {
	*options
	log       *slog.Logger
	store     *crieur.Store
	builder   crieur.Builder
	publisher crieur.Publisher
	program   string        // see program
	config    crieur.Config // the last good one

	read   bool            // there was a configuration file, and it said something
	broken string          // what is wrong with that file now; empty: the last good one is what it says
	kept   []byte          // the configuration file, as it is kept; nil: not yet
	known  map[string]bool // faults of the last build, which are not told again
	faults []crieur.Fault  // of the last build
	errors int             // of these

	told             *crieur.History         // what the last build knew
	first            bool                    // it knew of nothing
	changes          iter.Seq[crieur.Change] // of this build
	building, saving time.Duration           // that this build took

	locked  func()               // called when the folders are this process's, before anything long is read; nil: nothing is to be done
	ahead   bool                 // readers may have what the folder does not hold, see shownFile
	show    func(*crieur.Site)   // to readers, before the folder is written; nil: there are none
	waits   bool                 // for files that may come back, for a configuration to be mended, for another process to end
	missing map[string]time.Time // since when
	look    time.Time            // when to look for them again; zero: there are none
	last    crieur.Publication   // of the last build
	checked time.Time            // when every file of the folder was looked at; zero: it is to be
}

// open reads the configuration and takes the store.
func (d *daemon) open(ctx context.Context) bool {
	config, faults, err := d.load()
	d.broken = brokenConfig(faults, err)
	if d.broken == "" && !d.said {
		d.broken = d.vanished()
	}
	if d.broken != "" {
		var ok bool
		if d.waits {
			config, ok = d.lastConfig()
		}
		if !ok {
			d.complain("")
			return false
		}
		d.complain("; the last good configuration stays in force")
	}
	d.config, d.read = config, d.said || d.broken != ""
	d.program = program()
	d.builder.Warm(d.program)
	if _, fault := zoneData(config.Timezone); fault != "" {
		d.log.Warn(fault)
	}
	if d.store, err = d.take(ctx); err == nil {
		durable.Sweep(d.shownFile())
		_, none := os.Lstat(d.shownFile())
		d.ahead = !errors.Is(none, os.ErrNotExist)
		if d.locked != nil {
			d.locked()
		}
		if err = d.store.Load(); err != nil {
			d.store = nil
		}
	}
	if err != nil {
		d.log.Error(err.Error() + hint(err, "give a folder that can be written with -state"))
		return false
	}
	d.told, d.first = d.store.History(), d.store.Empty()
	if d.store.Dropped > 0 {
		d.log.Warn(fmt.Sprintf("the last save of the history in %s was cut short and is dropped (%d bytes): what it said is found again now", d.state, d.store.Dropped))
	}
	if d.drafts {
		return true // what is shown so is forgotten
	}
	// Whatever else is wrong with that folder, publishing will tell.
	if err := d.publisher.Follows(d.store.History()); errors.Is(err, crieur.ErrHistory) {
		lost := "records that have changed since would get revisions that subscribers have seen"
		if d.store.Empty() {
			lost = "every record would get a new identity"
		}
		d.log.Error(fmt.Sprintf("%v: %s. Restore the latest %s, or give its place with -state; to go on without it, remove %s", err, lost, d.state, d.out))
		d.close()
		return false
	}
	return true
}

// published is the folder that readers see.
func (d *daemon) published() string {
	if d.releases {
		return filepath.Join(d.out, "current")
	}
	return d.out
}

// hint adds advice to the error of a folder that cannot be written.
func hint(err error, advice string) string {
	if errors.Is(err, os.ErrPermission) || errors.As(err, new(*os.PathError)) {
		return "; " + advice
	}
	return ""
}

// mayNotRead adds advice to the error of what permissions forbid to read.
func mayNotRead(err error) string {
	if errors.Is(err, os.ErrPermission) {
		return "; let this user read it, and what leads to it"
	}
	return ""
}

func (d *daemon) close() {
	if d.store == nil {
		return
	}
	if err := d.store.Close(); err != nil {
		d.log.Error(err.Error())
	}
	d.store = nil
}

// take opens the store: a daemon waits until the one before it gives it up.
func (d *daemon) take(ctx context.Context) (*crieur.Store, error) {
	store, err := crieur.LockStore(d.state)
	if !errors.Is(err, crieur.ErrLocked) || !d.waits || d.wait <= 0 {
		return store, err
	}
	d.log.Info(fmt.Sprintf("%v; it is waited for, %v at most", err, d.wait))
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for end := time.After(d.wait); ; {
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("stopped while it was waited for: %w", err)
		case <-end:
			return nil, err
		case <-look.C:
		}
		if store, err = crieur.LockStore(d.state); !errors.Is(err, crieur.ErrLocked) {
			return store, err
		}
	}
}

// reload reads the configuration again; a broken one is reported, and the
// last good one stays in force.
func (d *daemon) reload() {
	config, faults, err := d.load()
	if err == nil && d.read && !d.said {
		err = fmt.Errorf("%s is gone or empty", d.configFile())
	}
	was := d.broken
	if d.broken = brokenConfig(faults, err); d.broken == "" {
		d.config, d.read = config, d.said
	}
	switch {
	case d.broken == was:
	case d.broken == "":
		d.log.Info("the configuration is good again")
	default:
		d.complain("; the last good configuration stays in force")
	}
}

// complain logs what is wrong with the configuration, one line a fault.
func (d *daemon) complain(but string) {
	for line := range strings.SplitSeq(d.broken, "\n") {
		d.log.Error(line + but)
	}
}

// brokenConfig says why a configuration cannot be used; empty: it can.
func brokenConfig(faults []crieur.Fault, err error) string {
	if err != nil {
		return err.Error()
	}
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// rebuild makes the site anew and publishes it. The site is nil when there is none
// to be published; the reasons are logged. The error is that of writing.
func (d *daemon) rebuild() (*crieur.Site, error) {
	site, err := d.renew()
	if site == nil {
		return nil, err
	}
	check := time.Since(d.checked) > recheck
	d.last, err = d.publish(site, check)
	d.concluded(err, check, true)
	return site, err
}

// publish makes the folder what a site is.
func (d *daemon) publish(site *crieur.Site, check bool) (done crieur.Publication, err error) {
	if check {
		done, err = d.publisher.Publish(site)
	} else {
		done, err = d.publisher.Update(site)
	}
	if err != nil {
		err = fmt.Errorf("not everything could be written: %w", err)
	}
	return done, err
}

// concluded notes that a site was published, if err is nil; readers have nothing newer
// if it is the latest.
func (d *daemon) concluded(err error, checked, latest bool) {
	if err != nil {
		return
	}
	if checked {
		d.checked = time.Now()
	}
	if latest && d.ahead {
		os.Remove(d.shownFile()) // else the next process waits for its history, and no harm is done
		d.ahead = false
	}
}

// renew makes the site anew and shows it. The history is on disk before
// anything that depends on it can be seen.
func (d *daemon) renew() (*crieur.Site, error) {
	d.building, d.saving, d.changes = 0, 0, nil
	src, done, err := d.source()
	if err != nil {
		return nil, err
	}
	defer done()
	d.look = time.Time{} // unless this build finds files missing
	began := time.Now()
	site, history, faults := d.builder.Build(src, d.config, d.store.History(), d.clock())
	d.building = time.Since(began)
	d.report(faults)
	if site == nil {
		return nil, nil
	}
	if site.Events+site.Articles == 0 && len(secretChannels(d.config)) == 0 {
		d.log.Warn(fmt.Sprintf("nothing in %s is an event or an article: put .md, .html, .txt or .yaml files there; “crieur check %[1]s” says what is passed over", d.dir))
	}
	if d.hold(site.Gone, time.Now()) {
		return nil, nil
	}
	began = time.Now()
	if !d.drafts {
		marked := make(chan error, 1)
		go func() { marked <- d.mark() }() // while the history is written: both wait for the disk
		err := d.store.Save(history)
		if marking := <-marked; err != nil {
			return nil, fmt.Errorf("the history cannot be saved, and nothing new is published until it can: %w", err)
		} else if marking != nil {
			return nil, fmt.Errorf("nothing new is published until the state can be written: %w", marking)
		}
	}
	d.saving = time.Since(began)
	d.changes, d.told = history.Changes(d.told), history
	if d.show != nil {
		d.show(site)
	}
	return site, nil
}

// shownFile is in the state while readers may have what the folder does not hold.
func (d *daemon) shownFile() string { return filepath.Join(d.state, "shown") }

// mark makes shownFile, if readers are to be shown something: whoever comes after
// a crash is not to go back to what the folder held before.
func (d *daemon) mark() error {
	if d.show == nil || d.ahead {
		return nil
	}
	err := durable.Replace(d.shownFile(), nil, 0o644)
	d.ahead = err == nil
	return err
}

// recheck is how often a change has the whole folder looked at, for what somebody
// else did to it; who asks for a build has it looked at, too. Of a hundred thousand
// files that takes a second or more.
const recheck = 10 * time.Minute

const (
	grace  = time.Second     // for which a file must be missing before its records are withdrawn
	longer = 5 * time.Second // after which nothing waits for more files to come back
)

// hold reports whether a site that withdraws the records of missing files is
// still to be waited with: a file that is replaced, by an editor, a copy over a
// network or git, may be missing for a moment. Only a daemon waits.
func (d *daemon) hold(gone []string, now time.Time) bool {
	missing := map[string]time.Time{}
	for _, p := range gone {
		since, known := d.missing[p]
		if !known {
			since = now
		}
		missing[p] = since
		if now.Sub(since) > longer {
			d.look = time.Time{}
			break
		}
		if at := since.Add(grace); at.After(now) && at.After(d.look) {
			d.look = at
		}
	}
	d.missing = missing
	return d.waits && !d.look.IsZero()
}

// awaits reports whether all that has changed is files which are missing, and may come back.
func (d *daemon) awaits(changed []string, now time.Time) bool {
	missing := func(p string) bool {
		_, err := os.Lstat(filepath.Join(d.dir, filepath.FromSlash(p)))
		return errors.Is(err, fs.ErrNotExist)
	}
	var gone []string
	if !d.look.IsZero() { // these are waited for already
		gone = slices.DeleteFunc(slices.Collect(maps.Keys(d.missing)), func(p string) bool { return !missing(p) })
	}
	for _, p := range changed {
		if filepath.IsAbs(p) || !content.Wanted(p) || !missing(p) {
			return false
		}
		gone = append(gone, p)
	}
	d.look = time.Time{}
	return len(changed) > 0 && d.hold(gone, now)
}

// report logs the faults that the last build did not have; of a rule, so many
// warnings and then how many more.
func (d *daemon) report(faults []crieur.Fault) {
	faults = discreet(faults)
	known := map[string]bool{}
	d.faults, d.errors = faults, 0
	notices := 0
	warnings := map[string]int{} // that are new, by rule
	for _, f := range faults {
		if f.Severity == crieur.Error {
			d.errors++
		}
		text := d.place(f).Error()
		known[text] = true
		switch {
		case d.known[text]:
			continue
		case f.Severity == crieur.Notice && d.known == nil:
			notices++
			continue
		case f.Severity == crieur.Warning:
			if warnings[f.Rule]++; warnings[f.Rule] > many {
				continue
			}
		}
		// The text says its severity itself.
		d.log.LogAttrs(context.Background(), level(f.Severity), f.Err.Error(), slog.String("at", d.place(f).Pos.String()), slog.String("rule", f.Rule))
	}
	for _, rule := range slices.Sorted(maps.Keys(warnings)) {
		if more := warnings[rule] - many; more > 0 {
			d.log.Warn(fmt.Sprintf("and %s of this rule; “crieur check -all %s” shows them", count(more, "more warning"), d.dir), slog.String("rule", rule))
		}
	}
	if notices > 0 {
		d.log.Info(fmt.Sprintf("%d notices; “crieur check %s” shows them", notices, d.dir))
	}
	d.known = known
}

// until is the time to wait for t: a minute at most, since a clock may be set
// and a machine may sleep; zero when it has come.
func until(t, now time.Time) time.Duration {
	return max(0, min(t.Sub(now), time.Minute))
}
