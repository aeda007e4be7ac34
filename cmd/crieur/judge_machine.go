package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"syscall"

	"github.com/crieur/crieur/internal/machine"
)

// What publishing takes, measured with 1,000 to 100,000 events of a kilobyte of
// text, in bytes and files a file of content: generous, since records differ.
const (
	outputBytes  = 20 << 10
	outputFiles  = 3
	historyBytes = 5 << 10 // twice what it holds, to be written anew

	leastMemory = 35 << 10 // below which building takes for ever
	easyMemory  = 70 << 10
	programSize = 50 << 20
)

// judgeReading says whether the content can be read.
func judgeReading(dir string, t tree, root bool) (found []finding) {
	const subject = "content"
	switch {
	case t.unreadable > 0:
		more := ""
		if n := t.unreadable - len(t.unread); n > 0 {
			more = fmt.Sprintf(" and %d more", n)
		}
		found = append(found, bad(subject, fmt.Sprintf("this user may not read %s%s", strings.Join(t.unread, ", "), more), "as their owner: chmod -R a+rX "+dir))
	case t.files == 0:
		found = append(found, warn(subject, "nothing in "+dir+" looks like events or articles", "put .md, .html, .txt or .yaml files there"))
	default:
		found = append(found, good(subject, fmt.Sprintf("%s in %s, %s", count(t.files, "file"), count(t.folders, "folder"), size(uint64(t.bytes)))))
	}
	if root {
		found = append(found, warn("user", "this is root, who may read and write everything: what is said of permissions and limits is said of root", "call it as the user that serves: sudo -u crieur crieur doctor …"))
	}
	return found
}

// judgeVolumes says whether changes of the content are seen at once; err: it is
// not known on what the content is.
func judgeVolumes(dir string, silent map[string]string, err error) finding {
	const subject = "events"
	switch {
	case err != nil:
		return unknown(subject, err)
	case len(silent) == 0:
		return good(subject, "the system tells of changes in "+dir)
	}
	var places []string
	for _, p := range slices.Sorted(maps.Keys(silent)) {
		places = append(places, p+" is on "+silent[p])
	}
	return warn(subject, strings.Join(places, ", ")+", where files can change without an event: it is looked at every two seconds or more", "keep the content on a local disk if changes should show at once")
}

// judge says whether what goes into the folder can be written, and stays.
func (f *folder) judge() (found []finding) {
	other := "give another folder with " + f.flag
	switch {
	case errors.Is(f.writeErr, machine.ErrUnknown):
		found = append(found, unknown(f.subject, f.writeErr))
	case errors.Is(f.writeErr, syscall.EROFS):
		found = append(found, bad(f.subject, f.made+" is on a file system that is mounted to be read only", other+", or, under systemd, name it in ReadWritePaths="))
	case f.writeErr != nil:
		found = append(found, bad(f.subject, "this user may not write there: "+f.writeErr.Error(), "give it to the user that serves (chown), or "+other))
	}
	v := f.volume
	if f.volumeErr != nil {
		return append(found, unknown(f.subject, f.volumeErr))
	}
	enough := fmt.Sprintf("%s: %s free", f.path, size(v.Free))
	if v.Type != "" {
		enough += " on " + v.Type
	}
	before := len(found)
	if f.lasting {
		found = append(found, judgeLasting(f.path, v)...)
	}
	needed := uint64(f.bytes)
	if f.made == real(f.path) {
		needed /= 10 // most of it is there
	}
	const least = 16 << 20
	switch {
	case v.Free < least:
		found = append(found, bad(f.subject, enough+", which is next to nothing: what is new is not published on a full disk", "make room, or "+other))
	case v.Free < needed:
		found = append(found, warn(f.subject, enough+", and about "+size(needed)+" may be needed", "make room, or "+other))
	}
	switch {
	case !v.Counted:
	case v.Files < 100:
		found = append(found, bad(f.subject, fmt.Sprintf("%s: only %d files more can be made on this file system", f.path, v.Files), "remove files there, or "+other))
	case f.made != real(f.path) && v.Files < uint64(f.count):
		found = append(found, warn(f.subject, fmt.Sprintf("%s: only %d files more can be made on this file system, and about %d may be needed", f.path, v.Files, f.count), "remove files there, or "+other))
	}
	if len(found) == before && f.writeErr == nil {
		found = append(found, good(f.subject, enough))
	}
	return found
}

// judgeLasting says whether what is remembered stays, and is one's own.
func judgeLasting(path string, v machine.Volume) []finding {
	const subject = "state"
	switch kind := v.Type; {
	case kind == "tmpfs" || kind == "ramfs":
		return []finding{bad(subject, path+" is on "+kind+": what was published is forgotten when the machine starts again, and every record gets a new identity", "give a folder on a disk with -state")}
	case kind == "overlay":
		return []finding{bad(subject, path+" is on overlay: what was published is forgotten when the container is removed, and every record gets a new identity", "mount a volume there, or give one with -state")}
	case strings.HasPrefix(kind, "nfs") && (slices.Contains(v.Options, "nolock") || slices.Contains(v.Options, "local_lock=flock") || slices.Contains(v.Options, "local_lock=all")):
		return []finding{bad(subject, path+" is on NFS, mounted so that other machines do not see its lock: two could publish at once", "mount it without nolock and local_lock, or give a folder on a local disk with -state")}
	case strings.HasPrefix(kind, "nfs"), kind == "cifs", kind == "smb3", kind == "9p", kind == "ceph", kind == "afs", strings.HasPrefix(kind, "fuse"), kind == "vboxsf":
		return []finding{warn(subject, path+" is on "+kind+", where a lock may not hold between machines, and a crash may lose what was written", "give a folder on a local disk with -state")}
	}
	return nil
}

// judgeWatching says whether every folder can be watched.
func judgeWatching(t tree, limits machine.Inotify, use machine.Use, err error) (found []finding) {
	const subject = "watches"
	if err != nil {
		return []finding{unknown(subject, err)}
	}
	const around = 16 // folders above the tree, and of the configuration
	need := t.folders + around
	left := max(0, limits.Watches-use.Watches)
	enough := 1 << 20
	for enough < 2*(need+use.Watches) {
		enough *= 2
	}
	remedy := fmt.Sprintf("as root: echo fs.inotify.max_user_watches=%d >/etc/sysctl.d/60-crieur.conf && sysctl --system", enough)
	said := fmt.Sprintf("%s to watch, and %d of %d watches are left to this user", count(t.folders, "folder"), left, limits.Watches)
	switch {
	case left < need:
		found = append(found, warn(subject, said+": the others are looked at every two seconds or more", remedy))
	case left < need+need/2:
		found = append(found, warn(subject, said+", which is not many", remedy))
	default:
		found = append(found, good(subject, said))
	}
	said = fmt.Sprintf("%d of %d instances of inotify are left to this user", max(0, limits.Instances-use.Instances), limits.Instances)
	if limits.Instances-use.Instances < 1 {
		found = append(found, warn("instances", said+": nothing can be watched, and all is looked at every two seconds or more", "as root: echo fs.inotify.max_user_instances=1024 >/etc/sysctl.d/60-crieur-instances.conf && sysctl --system"))
	} else {
		found = append(found, good("instances", said))
	}
	const queue = 16384 // what the kernel has unless it is told otherwise
	said = fmt.Sprintf("the system keeps %d events that were not read yet", limits.Queue)
	if limits.Queue < queue {
		found = append(found, warn("queue", said+", and some are lost when many files change at once: then everything is looked at", fmt.Sprintf("as root: echo fs.inotify.max_queued_events=%d >/etc/sysctl.d/60-crieur-queue.conf && sysctl --system", queue)))
	} else {
		found = append(found, good("queue", said))
	}
	return found
}

// judgeMemory compares what a site of so many files takes with what there is;
// limit 0: only the machine ends it.
func judgeMemory(files int, free uint64, limit int64, err error) finding {
	const subject = "memory"
	if err != nil && limit == 0 {
		return unknown(subject, err)
	}
	there, of := free, "free on this machine"
	if limit > 0 && (err != nil || uint64(limit) < free) {
		there, of = uint64(limit), "allowed to this program"
	}
	least, easy := uint64(programSize+files*leastMemory), uint64(programSize+files*easyMemory)
	said := fmt.Sprintf("%s is %s", size(there), of)
	switch {
	case there < least:
		return bad(subject, fmt.Sprintf("%s, and %s of content take about %s", said, count(files, "file"), size(least)), "allow more (MemoryMax= under systemd, --memory of a container), or publish the content in parts")
	case there < easy:
		return warn(subject, fmt.Sprintf("%s, and %s of content take up to %s: building is slow with less", said, count(files, "file"), size(easy)), "allow more (MemoryMax= under systemd, --memory of a container)")
	}
	return good(subject, said)
}

func judgeDescriptors(limit uint64, err error) finding {
	const subject = "descriptors"
	const remedy = "raise it (LimitNOFILE=65536 under systemd, ulimit -n elsewhere)"
	said := fmt.Sprintf("%d files and connections may be open at once", limit)
	if limit > 1<<30 {
		said = "as many files and connections as there are may be open at once"
	}
	switch {
	case err != nil:
		return unknown(subject, err)
	case limit < 64:
		return bad(subject, said+", which is too few", remedy)
	case limit < 1024:
		return warn(subject, said+": more readers than that have to wait", remedy)
	}
	return good(subject, said)
}

// judgeAddress says whether serve can listen where the flag says; held: a
// process uses the state.
func judgeAddress(subject, flag, address string, err error, held bool) finding {
	other := "give another with " + flag + ", such as " + flag + " localhost:8081"
	switch {
	case err == nil:
		return good(subject, address+" is free")
	case errors.Is(err, syscall.EADDRINUSE) && held:
		return good(subject, address+" is in use, as it should be if the process that uses the state is the daemon")
	case errors.Is(err, syscall.EADDRINUSE):
		return bad(subject, "another program listens on "+address, "stop that, or "+other)
	case errors.Is(err, syscall.EACCES) && !strings.HasPrefix(address, "unix:"):
		return bad(subject, "this user may not listen on "+address, "let systemd do so (crieur@.socket), allow it (AmbientCapabilities=CAP_NET_BIND_SERVICE), or "+other)
	}
	return bad(subject, "cannot listen on "+address+": "+err.Error(), other)
}

// size says bytes for people.
func size(n uint64) string {
	const units = "kMGTPE"
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	f := float64(n) / 1000
	i := 0
	for ; f >= 999.5 && i < len(units)-1; i++ {
		f /= 1000
	}
	if f < 9.95 {
		return fmt.Sprintf("%.1f %cB", f, units[i])
	}
	return fmt.Sprintf("%.0f %cB", f, units[i])
}
