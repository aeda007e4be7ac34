package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/websub"
)

// hubsName is where, in the state folder, it is kept what hubs were told.
const hubsName = "hubs.json"

// newPush is what tells hubs.
func (d *daemon) newPush() *websub.Publisher {
	p := websub.New(filepath.Join(d.state, hubsName))
	p.Report = func(hub string, err error) {
		switch {
		case hub == "" && err == nil:
			d.log.Info("what hubs were told is kept again")
		case hub == "":
			d.log.Warn(err.Error())
		case err == nil:
			d.log.Info(fmt.Sprintf("the hub %s is told of changes again", hub))
		case d.waits:
			d.log.Warn(fmt.Sprintf("the hub %s cannot be told what has changed: %v; it is tried again, ever more seldom", hub, err))
		default:
			d.log.Warn(fmt.Sprintf("the hub %s cannot be told what has changed: %v; the next time it is tried again", hub, err))
		}
	}
	return p
}

// topics are what hubs are told of: the tags of documents, by their addresses.
func topics(site *crieur.Site) map[string]string {
	tags := map[string]string{}
	for f, address := range site.Topics() {
		tags[address] = f.ETag
	}
	return tags
}

// tellHubs has hubs know of a site, which is served to everybody by now.
func (s *serving) tellHubs(site *crieur.Site) {
	s.push.Offer(site.Hubs, topics(site))
	s.status.update(func(st *state) { st.hubs = s.push.Hubs })
}

// tellHubsOnce tells hubs of a site that is in a bucket. Where there is none it is
// not known when readers get it.
func (d *daemon) tellHubsOnce(site *crieur.Site, stdout io.Writer) {
	if len(site.Hubs) == 0 {
		return
	}
	if d.remote == nil {
		d.log.Warn("the feeds name hubs, which are not told what has changed: “crieur serve” tells them, and so does “crieur build” with -bucket")
		return
	}
	p := d.newPush()
	defer p.Close()
	p.Offer(site.Hubs, topics(site))
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	p.Settle(ctx)
	for _, h := range p.Hubs() {
		if h.Told > 0 {
			fmt.Fprintf(stdout, "and the hub %s was told of %s\n", h.Address, count(int(h.Told), "feed"))
		}
	}
}
