package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/calendar"
	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/machine"
	"github.com/crieur/crieur/internal/watch"
)

const doctorHelp = `Looks at DIR and at this machine, and names what would hurt “crieur serve” there,
before it does, each with what to do; one finding a line:

  good  zones: time zone data 2026f, which know Europe/Paris
  warn  watches: 5000 folders to watch, and 4300 watches are left to this user: ...
  bad   state: /run/crieur is on tmpfs: what was published is forgotten when ...

bad is what keeps it from running, or loses something; warn what makes it worse than
it could be; unknown what this system does not tell. The exit status is 1 if anything
is bad. Nothing is changed, and a daemon may go on meanwhile. -format json writes one
object a line: {"level":"warn","subject":"watches","message":"...","remedy":"..."}

Call it as the user that serves, with the same folders and addresses:

  sudo -u crieur crieur doctor -state /var/lib/crieur/agenda/state DIR
`

// doctor names what will hurt before it does. What the faults of the content
// are, check says.
func doctor(args []string, stdout, stderr io.Writer) int {
	o, code := parse("doctor", args, stdout, stderr)
	if code >= 0 {
		return code
	}
	found := o.examine()
	out := bufio.NewWriter(stdout)
	var err error
	levels := map[string]int{}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, f := range found {
		f.Message, f.Remedy = oneLine(f.Message), oneLine(f.Remedy)
		levels[f.Level]++
		if o.format == "json" {
			err = errors.Join(err, enc.Encode(f))
		} else {
			fmt.Fprintln(out, f)
		}
	}
	if err = errors.Join(err, out.Flush()); err != nil {
		fmt.Fprintln(stderr, "crieur doctor:", err)
		return exitUsage
	}
	fmt.Fprintf(stderr, "%d good, %d warn, %d bad, %d unknown\n", levels[levelGood], levels[levelWarn], levels[levelBad], levels[levelUnknown])
	if levels[levelBad] > 0 {
		return exitContent
	}
	return exitOK
}

// examine looks at everything, and changes nothing.
func (o *options) examine() (found []finding) {
	add := func(f ...finding) { found = append(found, f...) }

	var reading sync.WaitGroup
	var h *crieur.History
	var historyErr error
	reading.Go(func() { h, historyErr = crieur.ReadHistory(o.state) })
	t := o.measure()
	reading.Wait()

	config, faults, err := o.load()
	add(judgeConfig(o.configFile(), o.said, faults, err)...)
	add(judgeBase(config.Base, o.noBase(config)))
	tokens, tokensErr := readTokens(o.tokenFile())
	add(judgeSecrets(config, o.tokenFile(), tokens, tokensErr, openToOthers)...)
	release, stale := calendar.ZoneData()
	add(judgeZones(config, release, stale, time.Now()))
	synchronised, err := machine.Synchronised()
	add(judgeClock(time.Now(), release, lastChange(h), synchronised, err)...)

	add(judgeHistory(o.state, h, historyErr))
	if errors.Is(historyErr, fs.ErrNotExist) {
		h = new(crieur.History)
	}
	if h != nil {
		add(judgePrivate(o.state, h.Lives(), openToOthers)...)
		p := crieur.Publisher{Dir: o.out, Releases: o.releases}
		add(judgeOut(o.out, o.state, p.Follows(h))...)
	}
	if o.remote != nil {
		add(o.examineBucket(h))
	}
	holder, held, err := machine.LockedBy(filepath.Join(o.state, lockFile))
	add(judgeLock(o.state, holder, held, err))

	add(judgeReading(o.dir, t, os.Geteuid() == 0)...)
	_, err = machine.VolumeOf(o.dir)
	add(judgeVolumes(o.dir, t.silent, err))
	for _, f := range []folder{
		{subject: "out", flag: "-out", path: o.out, bytes: t.files * outputBytes, count: t.files * outputFiles},
		{subject: "state", flag: "-state", path: o.state, bytes: t.files * historyBytes, count: 10, lasting: true},
	} {
		f.lookAt()
		add(f.judge()...)
	}

	limits, limitsErr := machine.InotifyLimits()
	var except []int
	if held && holder > 0 {
		except = append(except, holder) // what is needed is not what it has
	}
	use, useErr := machine.InotifyUse(except...)
	add(judgeWatching(t, limits, use, cmp.Or(limitsErr, useErr))...)
	free, err := machine.Memory()
	add(judgeMemory(t.files, free, memoryLimit(os.DirFS("/")), err))
	descriptors, err := machine.OpenFiles()
	add(judgeDescriptors(descriptors, err))
	add(judgeAddress("address", "-addr", o.addr, listens(o.addr), held))
	if o.admin != "" {
		add(judgeAddress("admin", "-admin", o.admin, listens(o.admin), held))
	}
	return found
}

// lockFile is the file in the state that a process which uses it has locked.
const lockFile = "lock"

// lastChange is when subscribers last saw one.
func lastChange(h *crieur.History) (last time.Time) {
	if h == nil {
		return last
	}
	for _, l := range h.Lives() {
		if l.Updated.After(last) {
			last = l.Updated
		}
	}
	return last
}

// A tree is what a daemon would have to do with.
type tree struct {
	folders, files int // files are those that can be content
	bytes          int64
	unread         []string          // what this user may not read: the first few
	unreadable     int               // how many those are
	silent         map[string]string // folders whose changes may give no event: on which file system
}

// measure walks over the content as the daemon does.
func (o *options) measure() tree {
	t := tree{silent: map[string]string{}}
	skip := o.skip()
	seen := map[string]bool{} // volumes, as far as they can be told apart
	refused := func(p string) {
		const most = 3
		if t.unreadable++; len(t.unread) < most {
			t.unread = append(t.unread, p)
		}
	}
	root := real(o.dir) // which may be a link
	filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(root, p)
		named := filepath.Join(o.dir, rel)
		rel = filepath.ToSlash(rel)
		switch {
		case relErr != nil || rel != "." && skip(rel, d.IsDir()):
			if d.IsDir() {
				return fs.SkipDir
			}
		case err != nil:
			if !errors.Is(err, fs.ErrNotExist) {
				refused(named)
			}
		case d.IsDir():
			t.folders++
			if name, silent := watch.Silent(p); silent && !seen[name] {
				seen[name], t.silent[named] = true, name
			}
		case d.Type().IsRegular() && content.Wanted(path.Clean(rel)):
			t.files++
			if info, err := d.Info(); err == nil {
				t.bytes += info.Size()
			}
			if err := machine.CanRead(p, false); errors.Is(err, fs.ErrPermission) {
				refused(named)
			}
		}
		return nil
	})
	return t
}

// A folder is one that is written.
type folder struct {
	subject, flag, path string
	bytes, count        int  // what publishing for the first time may need
	lasting             bool // what is in it must outlive everything

	made      string // itself, or what is there of the way to it
	writeErr  error
	volume    machine.Volume
	volumeErr error
}

// lookAt finds what there is of the folder.
func (f *folder) lookAt() {
	f.made = real(f.path)
	for {
		info, err := os.Stat(f.made)
		if err == nil && !info.IsDir() {
			f.writeErr = fmt.Errorf("%s is not a folder", f.made)
			break
		}
		if up := filepath.Dir(f.made); errors.Is(err, fs.ErrNotExist) && up != f.made {
			f.made = up
			continue
		}
		f.writeErr = err
		break
	}
	if f.writeErr == nil {
		f.writeErr = machine.CanWrite(f.made)
	}
	f.volume, f.volumeErr = machine.VolumeOf(f.made)
}

// listens tries whether an address can be listened on, as open does, and leaves
// all as it is.
func listens(address string) error {
	if file, ok := strings.CutPrefix(address, "unix:"); ok {
		if c, err := net.Dial("unix", file); err == nil {
			c.Close()
			return syscall.EADDRINUSE
		}
		if err := machine.CanWrite(filepath.Dir(file)); err != nil && !errors.Is(err, machine.ErrUnknown) {
			return err
		}
		return nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return l.Close()
}
