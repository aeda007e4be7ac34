package main

import (
	"fmt"
	"path/filepath"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/websub"
)

// hubsName is where, in the state folder, it is kept what hubs were told.
const hubsName = "hubs.json"

// newPush is what tells hubs.
func (s *serving) newPush() *websub.Publisher {
	p := websub.New(filepath.Join(s.state, hubsName))
	p.Report = func(hub string, err error) {
		switch {
		case hub == "" && err == nil:
			s.log.Info("what hubs were told is kept again")
		case hub == "":
			s.log.Warn(err.Error())
		case err == nil:
			s.log.Info(fmt.Sprintf("the hub %s is told of changes again", hub))
		default:
			s.log.Warn(fmt.Sprintf("the hub %s cannot be told what has changed: %v; it is tried again, ever more seldom", hub, err))
		}
	}
	return p
}

// tellHubs has hubs know of a site, which is served to everybody by now.
func (s *serving) tellHubs(site *crieur.Site) {
	topics := map[string]string{}
	for f, address := range site.Topics() {
		topics[address] = f.ETag
	}
	s.push.Offer(site.Hubs, topics)
	s.status.update(func(st *state) { st.hubs = s.push.Hubs })
}
