package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/durable"
)

// lastConfigName is where, in the state folder, the last good configuration is
// kept, for a process that begins while the file is broken.
const lastConfigName = "crieur.yaml.last"

// lastConfig is what a process before this one kept; false: none did, or
// it is good no more.
func (d *daemon) lastConfig() (crieur.Config, bool) {
	data, err := os.ReadFile(filepath.Join(d.state, lastConfigName))
	if err != nil {
		return crieur.Config{}, false
	}
	c, faults, err := d.understand(data)
	return c, err == nil && len(faults) == 0
}

// vanished says why a process may not begin without a configuration file, or with an
// empty one, where one was kept: a file that is empty is being saved, and without one
// all that was secret would be public. Empty: it may.
func (d *daemon) vanished() string {
	name := filepath.Join(d.state, lastConfigName)
	data, err := os.ReadFile(name)
	last, good := d.lastConfig()
	_, gone := os.Stat(d.configFile())
	switch {
	case err != nil || !good || len(bytes.TrimSpace(data)) == 0:
		return ""
	case len(secretChannels(last)) > 0:
		return fmt.Sprintf("%s is gone or empty, and what it kept secret would be public; to go on without it, remove %s", d.configFile(), name)
	case gone == nil:
		return fmt.Sprintf("%s is empty; to go on without it, remove it", d.configFile())
	}
	return ""
}

// keepConfig keeps the configuration, of which a site was made. That there was
// none is kept as well.
func (d *daemon) keepConfig() {
	if d.broken != "" || d.drafts || d.kept != nil && bytes.Equal(d.kept, d.text) {
		return
	}
	name := filepath.Join(d.state, lastConfigName)
	durable.Sweep(name) // the state is this process's
	if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, d.text) {
		d.kept = append([]byte{}, d.text...)
		return
	}
	if err := durable.Replace(name, d.text, 0o600); err != nil {
		d.log.Warn(fmt.Sprintf("the configuration cannot be kept, so a process that begins while it is broken will not begin: %v", err))
	}
	d.kept = append([]byte{}, d.text...)
}
