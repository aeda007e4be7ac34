package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/crieur/crieur"
)

// build publishes once.
func build(args []string, stdout, stderr io.Writer) int {
	o, code := parse("build", args, stdout, stderr)
	if code >= 0 {
		return code
	}
	log := o.logger(stderr)
	d := &daemon{options: o, log: log, publisher: o.publisher()}
	if !d.open(context.Background()) {
		return exitUsage
	}
	defer d.close()
	switch site, err := d.rebuild(); {
	case err != nil:
		log.Error(err.Error())
		return exitUsage
	case site == nil:
		return exitContent
	default:
		fmt.Fprintf(stdout, "%s and %s published into %s (%s written, %d unchanged, %d removed)\n",
			count(site.Events, "event"), count(site.Articles, "article"), o.out, count(len(d.last.Written), "file"), d.last.Unchanged, len(d.last.Removed))
		if names := secretChannels(d.config); len(names) > 0 {
			fmt.Fprintf(stdout, "secret, and not among these: %s; “crieur serve” answers it\n", strings.Join(names, ", "))
		}
		d.keepConfig()
		if err := d.storeOnce(site, stdout); err != nil {
			log.Error(err.Error())
			return exitUsage
		}
		d.tellHubsOnce(site, stdout)
	}
	if d.errors > 0 {
		return exitContent
	}
	return exitOK
}

// publisher is the one of the options.
func (o *options) publisher() crieur.Publisher {
	p := crieur.Publisher{Dir: o.out, Releases: o.releases}
	if !o.drafts {
		p.Secret = filepath.Join(o.state, "secret")
	}
	return p
}

// count says how many: "1 file", "2 files".
func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

func level(s crieur.Severity) slog.Level {
	switch s {
	case crieur.Error:
		return slog.LevelError
	case crieur.Warning:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}
