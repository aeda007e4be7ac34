package crieur

import "time"

// Recall returns a site that [Publisher.Last] gave with the records that h says
// were published, so that a [Server] answers who asks for some of them, as
// it would with the site that h was saved with, if config is that of then. It is for
// when that cannot be built again for long: nothing else of the site is
// another.
func (s *Site) Recall(config Config, h *History, now time.Time) (*Site, error) {
	if h == nil {
		h = new(History)
	}
	cfg, err := config.settings(h)
	if err != nil {
		return nil, err
	}
	b := new(Builder)
	items, sessions := b.publishable(cfg, h, new(tree), new(reconcile))
	items, _ = parted(items)
	channels := cfg.channels(h, items)
	w := b.writer(cfg, h, h, now)
	w.items, w.list, w.sessions = items, channels, sessions
	w.look()
	for _, c := range channels {
		w.split(c)
	}
	recalled := *s
	recalled.chooser, recalled.elsewhere, recalled.last = w.chooser(channels), cfg.elsewhere, false
	return &recalled, nil
}
