package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/bucket"
	"github.com/crieur/crieur/internal/content"
)

// options are the flags and arguments of a command.
type options struct {
	dir, config, out, state, addr, base, bucket, logFormat string

	calendars       []string // to check, instead of dir
	format, explain string   // of check
	all             bool     // of check: every fault, however often its rule fired

	drafts   bool
	releases bool
	remote   *bucket.Publisher // of bucket; nil: there is none
	fixed    string            // -now, as it was given
	now      time.Time         // zero: the clock
	said     bool              // the configuration was there, and not empty, when it was last read
	text     []byte            // of the configuration, when it was last read

	admin  string // of serve: an address for those who run it; empty: none
	pprof  bool   // of serve: profiles there
	access bool   // of serve: log every request

	cert, key, acme, authority, redirect string // of serve: see security

	wait time.Duration // of serve: for a process before this one to end
	rate int           // of serve: documents a minute that an address may have; zero: any number

	proxies []netip.Prefix // of serve: whose X-Forwarded-For is believed

	tokens        string // a file, of secret channels; empty: in the state
	renew, revoke string // of secret: the channel that gets another token, or loses its old ones
}

// What each command does, in a few lines, before its flags.
const (
	serveHelp = `Reads the events and articles in DIR, publishes them as calendars and feeds, and
serves them. Every change in DIR is published within a moment. The same files are
kept in DIR/public (see -out), for any other web server. What was published, which
identities and revisions records have, is kept in DIR/.crieur (see -state): keep it.

Stop it with Ctrl-C. A fault in a file is logged with its place; what was published
from that file stays. What cannot be written, to a full disk say, is logged, and tried
again until it can.

A configuration that is broken is logged, and the last good one stays in force until
it is mended. SIGHUP has everything read again.

With -admin ADDR there is a second address, for those who run it: /healthz, /readyz,
/status (JSON), /metrics (Prometheus), and POST /rebuild. Keep it from the public:
localhost:8081, or unix:/run/crieur/admin. Both tell by families of programs, and of
nobody, who asks: how often, how much of that is for what has changed only, what was
sent and saved, and for how many subscribers services say that they ask.

With -rate N each address may have N documents a minute, and more is answered with 429
and Retry-After; to poll for what has changed is hardly counted. Behind a proxy, give its
address with -proxies, unless it comes through a unix socket.

With -cert and -key, or -acme, it speaks TLS itself, on -addr :443 say; else leave that
to a proxy in front, which may keep the path of the base address or take it away.

Under systemd, sockets that it passes take the place of -addr, and of -admin where they
are named admin; readiness, reloads, status and the watchdog are told to it. A process
that is replaced by another is waited for (-wait): no request is refused meanwhile where
the socket is passed. GOMEMLIMIT follows the limit of the control group, unless it is set.

With -releases all files change at once: DIR/public/current is a link to the latest of
the folders in DIR/public/releases, for a web server to take as its root.

With -bucket the documents are kept in a bucket of any store that speaks S3, too, for a
CDN to serve; the folder is kept as well. What others stored there is left alone.

  export AWS_ENDPOINT_URL=https://s3.example AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=...
  crieur serve -base https://agenda.example/ -bucket s3://agenda DIR

Feeds name the WebSub hubs of the configuration (hubs:), and each hub is told when a feed
has changed, as soon as that is served (with -bucket: stored there), so that those who
subscribe with it need not poll. Nothing waits for a hub; one that does not answer is told
later, by the next process if need be.
`

	buildHelp = `Publishes once what is in DIR into DIR/public (see -out), and stops. The exit
status is 1 when some content has errors; all the rest is published nevertheless.

Records keep their identities and revisions in DIR/.crieur (see -state). In a
pipeline that begins with a fresh clone, keep that folder from run to run, or give
the time of the content, so that equal content gives equal bytes:

  crieur build -now "$(git log -1 --format=%cI)" DIR
`

	checkHelp = `Reports every fault in DIR and its configuration, one a line, sorted by file,
with the name of the rule that fired at its end:

  _evenements/a.md:7:19: event_end_date 2021-03-02 00:30 is before ... (date-order)
  _evenements/b.md:4:8: warning: start is 2021-03-02 09:00, ... (zone-assumed)

The exit status is 1 when any is an error. Nothing is written. Of a warning that
comes more than ten times the first five are shown; errors are shown all, and -all
shows everything. -format json writes one object a line, for other programs:

  {"file":"_evenements/a.md","line":7,"column":19,"severity":"error",
   "rule":"date-order","message":"event_end_date ..."}

What concerns the whole site has no file, and line 0; columns count bytes. -format
sarif writes SARIF 2.1.0, for the code scanning of a forge: call it from the root of
the repository, since the files are named from there. Both are always complete.

“crieur check -explain RULE” says what a rule means, shows an example that causes it,
and says what to do.

Given calendars of any origin instead of a folder, it says what is wrong with them
and which programs mind:

  agenda.ics:8:18: error: DTEND is 2027-05-08, the same day as DTSTART, want ...
`

	initHelp = `Looks at what DIR contains and writes a configuration that fits it, with comments,
into DIR/crieur.yaml (see -config). An existing file is left alone.
`
)

const defaultAddr = ":8080"

// flags declares the flags of a command. A value whose name has bars is one of
// these words.
func (o *options) flags(command string) *flag.FlagSet {
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.StringVar(&o.config, "config", "", "the configuration `file` (default DIR/crieur.yaml, if there is one)")
	if command != "init" && command != "doctor" && command != "secret" {
		flags.BoolVar(&o.drafts, "drafts", false, "publish drafts too, to look at them: into DIR/.crieur/drafts, and without remembering it")
		flags.StringVar(&o.fixed, "now", "", "a fixed `time` instead of the clock's: 2026-11-22 or 2026-11-22T09:00:00+01:00")
	}
	if command != "init" {
		flags.StringVar(&o.base, "base", "", "the `address` the subscriptions are served under (default that of the configuration, else http://localhost:8080/)")
	}
	if command == "serve" || command == "build" || command == "doctor" {
		flags.StringVar(&o.out, "out", "", "the `folder` to publish into (default DIR/public)")
		flags.StringVar(&o.bucket, "bucket", "", "publish into a bucket of S3 as well: `s3://name/prefix`; endpoint, region and keys are taken from AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and the like")
		flags.BoolVar(&o.releases, "releases", false, "publish all files at once: into a new folder of OUT/releases, to which the link OUT/current then leads")
	}
	if command == "serve" || command == "build" || command == "doctor" || command == "secret" {
		flags.StringVar(&o.state, "state", "", "the `folder` that remembers what was published (default DIR/.crieur)")
	}
	if command == "serve" || command == "doctor" || command == "secret" {
		flags.StringVar(&o.tokens, "tokens", "", "the `file` with the tokens of secret channels (default tokens in the folder of -state)")
	}
	if command == "secret" {
		flags.StringVar(&o.renew, "new", "", "give another token to this `channel`, and leave those it has in force")
		flags.StringVar(&o.revoke, "revoke", "", "leave this `channel` the newest of its tokens alone")
	}
	if command == "serve" || command == "build" {
		flags.StringVar(&o.logFormat, "log-format", "text", "write the log as `text|json`")
	}
	if command == "serve" || command == "doctor" {
		flags.StringVar(&o.addr, "addr", defaultAddr, "the `address` to listen on: host:port, or unix:/path of a socket")
		flags.StringVar(&o.admin, "admin", "", "another `address`, for those who run it: whether it is well, what it knows, metrics (default none)")
	}
	if command == "serve" {
		flags.BoolVar(&o.pprof, "pprof", false, "profiles of the program on the -admin address too")
		flags.StringVar(&o.cert, "cert", "", "answer over TLS with the certificate in this `file`, in PEM, and those that it is renewed with")
		flags.StringVar(&o.key, "key", "", "the `file` of the key of -cert")
		flags.StringVar(&o.acme, "acme", "", "answer over TLS as these `hosts`, with commas between them, with certificates from Let’s Encrypt, whose terms are accepted by that; they are kept in the folder of -state")
		flags.StringVar(&o.authority, "authority", "", "have the certificates of -acme made by another authority: the `address` of its ACME directory; what it makes is kept apart")
		flags.StringVar(&o.redirect, "redirect", "", "another `address` on which readers are sent to https, such as :80")
		flags.BoolVar(&o.access, "access-log", false, "log every request")
		flags.IntVar(&o.rate, "rate", 0, "how `many` documents a minute one address may have, beside what it has already (default any number)")
		flags.Func("proxies", "the `addresses` of proxies, or their networks, with commas between them, whose X-Forwarded-For says for -rate who asks (a proxy on a unix socket is believed)", func(list string) (err error) {
			o.proxies, err = parseProxies(list)
			return err
		})
		flags.DurationVar(&o.wait, "wait", 15*time.Second, "the `duration` to wait for a process that uses the same folders to end")
	}
	if command == "doctor" {
		flags.StringVar(&o.format, "format", "text", "write the findings as `text|json`")
	}
	if command == "check" {
		flags.StringVar(&o.format, "format", "text", "write the report as `text|json|sarif`")
		flags.BoolVar(&o.all, "all", false, "show every warning and notice, however often its rule fired")
		flags.StringVar(&o.explain, "explain", "", "explain a `rule` and stop; a name that is none lists them all")
	}
	return flags
}

// parse reads the arguments of a command. The int is the exit status where
// there is nothing more to do, else -1.
func parse(command string, args []string, stdout, stderr io.Writer) (*options, int) {
	o := &options{}
	flags := o.flags(command)
	if code := parseFlags(command, flags, args, stdout, stderr); code >= 0 {
		return nil, code
	}
	fail := func(format string, args ...any) (*options, int) {
		fmt.Fprintf(stderr, "crieur %s: %s\n", command, fmt.Sprintf(format, args...))
		return nil, exitUsage
	}
	if command == "check" {
		if o.calendars = calendars(flags.Args()); o.explain != "" || len(o.calendars) > 0 {
			return o, -1
		}
	}
	if i := slices.IndexFunc(flags.Args(), func(a string) bool { return strings.HasPrefix(a, "-") }); i > 0 {
		return fail("%s comes after %s; give flags before the folder", flags.Arg(i), flags.Arg(0))
	}
	if flags.NArg() != 1 {
		return fail("want one folder, found %d arguments; “crieur %s -h” shows how it is called", flags.NArg(), command)
	}
	o.dir = filepath.Clean(flags.Arg(0))
	switch info, err := os.Stat(o.dir); {
	case errors.Is(err, fs.ErrNotExist):
		return fail("there is no folder %s; give the folder that holds the content", o.dir)
	case err != nil:
		return fail("%v", err)
	case !info.IsDir():
		return fail("%s is not a folder; give the folder that holds the content", o.dir)
	}
	if o.fixed != "" {
		for _, layout := range []string{time.RFC3339, time.DateOnly} {
			if t, err := time.Parse(layout, o.fixed); err == nil {
				o.now = t
			}
		}
		if o.now.IsZero() {
			return fail("-now is %q, want the form 2026-11-22 or 2026-11-22T09:00:00+01:00", o.fixed)
		}
	}
	if err := o.openBucket(); err != nil {
		return fail("%v", err)
	}
	if o.state == "" {
		o.state = filepath.Join(o.dir, ".crieur")
	}
	switch {
	case o.out != "":
	case o.drafts:
		o.out = filepath.Join(o.state, "drafts") // what is published stays as it is
	default:
		o.out = filepath.Join(o.dir, "public")
	}
	for name, folder := range map[string]string{"-out": o.out, "-state": o.state} {
		if same(folder, o.dir) || contains(folder, o.dir) {
			return fail("the folder %s holds the content; give another with %s", folder, name)
		}
		if file := o.hidden(folder); file != "" && (command == "serve" || command == "build") {
			return fail("%s is content, and would be published no more if the folder %s were used for something else; give another with %s", file, folder, name)
		}
	}
	if o.tokensInContent() {
		return fail("%s is content, and would be published; give another file with -tokens", o.tokenFile())
	}
	if same(o.state, o.out) || contains(o.out, o.state) {
		return fail("the folder %s is published, and what is remembered may not be in it; give another with -state", o.out)
	}
	return o, -1
}

// own are the folders that this program writes, as far as they are in that of
// the content: by their names, and by where these lead.
func (o *options) own() (paths []string) {
	for _, folder := range []string{o.out, o.state} {
		if p, ok := below(o.dir, folder); ok {
			paths = append(paths, p)
		}
		if p, ok := relative(o.dir, folder); ok && !slices.Contains(paths, p) {
			paths = append(paths, p)
		}
	}
	return paths
}

// hidden is a file that is written by people, in a folder below the content
// that this program did not write yet and would pass over from then on.
func (o *options) hidden(folder string) (file string) {
	rel, ok := relative(o.dir, folder)
	if _, err := os.Lstat(filepath.Join(folder, ".crieur.json")); !ok || err == nil {
		return ""
	}
	root := real(folder) // a link is not walked
	filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // what cannot be read is not content yet
		}
		inside, err := filepath.Rel(root, p)
		if err != nil || !d.Type().IsRegular() || !content.Wanted(path.Join(rel, filepath.ToSlash(inside))) {
			return nil
		}
		// The others are what site generators write, too.
		if slices.Contains([]string{".md", ".markdown", ".yaml", ".yml", ".csv"}, strings.ToLower(filepath.Ext(p))) {
			file = filepath.Join(folder, inside)
			return fs.SkipAll
		}
		return nil
	})
	return file
}

// skip takes what this program writes, and hidden files, out of what is
// watched.
func (o *options) skip() func(rel string, dir bool) bool {
	own := o.own()
	return func(rel string, dir bool) bool {
		return strings.HasPrefix(path.Base(rel), ".") ||
			slices.ContainsFunc(own, func(p string) bool { return rel == p || strings.HasPrefix(rel, p+"/") })
	}
}

// same reports whether a and b are one folder.
func same(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}

// contains reports whether the folder b is below the folder a.
func contains(a, b string) bool {
	rel, ok := relative(a, b)
	return ok && rel != "."
}

// relative is the path of b below a, if it is, wherever links lead.
func relative(a, b string) (string, bool) {
	a, err1 := filepath.Abs(a)
	b, err2 := filepath.Abs(b)
	if err1 != nil || err2 != nil {
		return "", false
	}
	return below(real(a), real(b))
}

// below is the path of b below a, by their names.
func below(a, b string) (string, bool) {
	a, err1 := filepath.Abs(a)
	b, err2 := filepath.Abs(b)
	rel, err := filepath.Rel(a, b)
	if errors.Join(err1, err2, err) != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// real follows the symbolic links of a path, as far as it exists.
func real(p string) string {
	if r, err := filepath.EvalSymlinks(p); err == nil {
		return r
	}
	dir, base := filepath.Split(filepath.Clean(p))
	if dir = filepath.Clean(dir); dir == filepath.Clean(p) {
		return p
	}
	return filepath.Join(real(dir), base)
}

// clock tells the time of a build.
func (o *options) clock() time.Time {
	if !o.now.IsZero() {
		return o.now
	}
	return time.Now()
}

// configFile is the file to read; it need not exist if it was not asked for.
func (o *options) configFile() string {
	if o.config != "" {
		return o.config
	}
	return filepath.Join(o.dir, "crieur.yaml")
}

// load reads the configuration and lays the flags over it.
func (o *options) load() (crieur.Config, []crieur.Fault, error) {
	data, err := os.ReadFile(o.configFile())
	o.text, o.said = data, err == nil && len(bytes.TrimSpace(data)) > 0
	if err != nil && !(errors.Is(err, fs.ErrNotExist) && o.config == "") {
		return crieur.Config{}, nil, fmt.Errorf("the configuration cannot be read: %w%s", err, mayNotRead(err))
	}
	return o.understand(data)
}

// understand is what a configuration file says, with the flags over it.
func (o *options) understand(data []byte) (c crieur.Config, faults []crieur.Fault, err error) {
	c, faults = crieur.ReadConfig(o.configFile(), data)
	if o.base != "" {
		c.Base = o.base
	}
	c.Drafts = c.Drafts || o.drafts
	// The address that serve listens on is no identity.
	c.ID = cmp.Or(c.ID, c.Site, c.Base, "crieur")
	if len(faults) == 0 {
		if err := cmp.Or(c.Check(), o.noBase(c)); err != nil {
			return c, nil, err
		}
	}
	c.Ignore = append(c.Ignore, o.own()...)
	return c, faults, nil
}

// source opens the content, so that nothing outside of it can be read.
func (o *options) source() (fs.FS, func() error, error) {
	root, err := os.OpenRoot(o.dir)
	if err != nil {
		return nil, nil, fmt.Errorf("the content folder cannot be read: %w%s", err, mayNotRead(err))
	}
	return root.FS(), root.Close, nil
}

// place makes the positions of content faults paths that an editor can open;
// those of the configuration are already.
func (o *options) place(f crieur.Fault) crieur.Fault {
	if f.Pos.Filename != "" && f.Rule != "config" {
		f.Pos.Filename = filepath.Join(o.dir, filepath.FromSlash(f.Pos.Filename))
	}
	return f
}

func (o *options) logger(w io.Writer) *slog.Logger {
	if o.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(&plainHandler{w: w})
}
