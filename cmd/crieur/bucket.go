package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/bucket"
)

const (
	audit = time.Hour        // between looks at all objects, for what others changed
	tells = 10 * time.Second // between lines of the log about one long upload
)

// openBucket finds out whether -bucket makes sense.
func (o *options) openBucket() (err error) {
	if o.bucket == "" {
		return nil
	}
	if o.drafts {
		return errors.New("-drafts shows what is not published yet, and -bucket publishes; give one of them")
	}
	o.remote, err = bucket.Open(o.bucket, os.Getenv)
	return err
}

// noBase reports whether a site for others would have this machine's address.
func (o *options) noBase(c crieur.Config) error {
	switch {
	case c.Base != "":
		return nil
	case len(c.Hubs) > 0 && !c.Drafts:
		return fmt.Errorf("hubs find the feeds by their address; give it with -base, or as base in %s", o.configFile())
	case o.remote == nil:
		return nil
	}
	return fmt.Errorf("subscribers find %s by another address, which the documents hold; give it with -base, or as base in %s", o.bucket, o.configFile())
}

// examineBucket asks the store, without changing anything; h nil: the history
// cannot be read.
func (o *options) examineBucket(h *crieur.History) finding {
	const subject = "bucket"
	if h != nil {
		o.remote.Follows = h.Follows
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	switch documents, changed, err := o.remote.Examine(ctx); {
	case errors.Is(err, crieur.ErrHistory):
		return bad(subject, err.Error(), fmt.Sprintf("restore the latest %s, give its place with -state, or publish under another prefix", o.state))
	case err != nil:
		return bad(subject, err.Error(), "mend that, or see the variables that begin with AWS_")
	case documents == 0:
		return good(subject, o.remote.String()+" can be read, and nothing is stored there yet")
	case changed > 0:
		return warn(subject, fmt.Sprintf("%d of %s in %s are not as they were left", changed, count(documents, "document"), o.remote), "“crieur build” and “crieur serve” store them again")
	default:
		return good(subject, fmt.Sprintf("%s in %s", count(documents, "document"), o.remote))
	}
}

// An upload keeps a bucket equal to the latest site, beside all else: what is
// served does not wait for it. A nil one does nothing.
type upload struct {
	to     *bucket.Publisher
	log    *slog.Logger
	latest chan offer // one
	ended  chan struct{}
	status *status
	stored func(*crieur.Site) // is told what the bucket holds; nil: nobody is

	checked time.Time // when all objects were looked at
	blind   bool      // it was told that the store is
	trouble trouble   // of the last publication
}

// An offer is a site, and the history that it was built with.
type offer struct {
	site    *crieur.Site
	history *crieur.History
}

// newUpload makes the upload of the options, nil if there is none, and has s tell
// of it.
func (o *options) newUpload(log *slog.Logger, s *status) *upload {
	if o.remote == nil {
		return nil
	}
	u := &upload{to: o.remote, log: log, latest: make(chan offer, 1), ended: make(chan struct{}), status: s}
	u.note(func(*stored) {})
	return u
}

// note tells those who ask.
func (u *upload) note(f func(*stored)) {
	u.status.update(func(st *state) {
		b := stored{in: u.to.String()}
		if st.bucket != nil {
			b = *st.bucket // which others may have
		}
		f(&b)
		st.bucket = &b
	})
}

// begin publishes what is offered from now on, until end.
func (u *upload) begin(ctx context.Context) (end func()) {
	if u == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer close(u.ended)
		u.run(ctx)
	}()
	return func() {
		cancel()
		<-u.ended
	}
}

// offer has a site published, and forgets one that waits.
func (u *upload) offer(site *crieur.Site, history *crieur.History) {
	if u == nil {
		return
	}
	select {
	case <-u.latest:
	default:
	}
	u.note(func(b *stored) {
		b.current = false
		u.latest <- offer{site, history} // at once: there is nobody else who offers
	})
}

func (u *upload) run(ctx context.Context) {
	again := time.NewTimer(audit)
	defer again.Stop()
	var now offer
	for {
		select {
		case <-ctx.Done():
			return
		case now = <-u.latest:
		case <-again.C:
			if now.site == nil {
				continue
			}
		}
		done, took, err := u.publish(ctx, now)
		if ctx.Err() != nil {
			return // what is missing is for the next process
		}
		if u.trouble.note(u.log, err) {
			u.log.Info(fmt.Sprintf("everything is in %s again", u.to))
		}
		u.note(func(b *stored) {
			b.written += len(done.Written)
			b.removed += len(done.Removed)
			if b.trouble = u.trouble.told; err == nil {
				b.current, b.success = len(u.latest) == 0, time.Now()
			}
		})
		if err == nil && u.stored != nil {
			u.stored(now.site)
		}
		if n := len(done.Written) + len(done.Removed); n > 0 {
			u.log.Info("stored", "in", u.to.String(), "written", len(done.Written), "removed", len(done.Removed), "took", took.String())
		}
		if again.Reset(audit); err != nil {
			again.Reset(u.trouble.pause)
		}
	}
}

// publish publishes once.
func (u *upload) publish(ctx context.Context, o offer) (crieur.Publication, time.Duration, error) {
	began := time.Now()
	if began.Sub(u.checked) >= audit {
		u.to.Check()
	}
	u.to.Follows = o.history.Follows
	last := began
	u.to.Progress = func(done, of int) {
		if time.Since(last) >= tells && done < of {
			last = time.Now()
			u.log.Info("storing", "in", u.to.String(), "done", done, "of", of)
		}
	}
	done, err := u.to.Publish(ctx, o.site)
	if err != nil {
		err = fmt.Errorf("not everything could be stored in the bucket: %w", err)
	} else if began.Sub(u.checked) >= audit {
		u.checked = began
	}
	if u.to.Blind() && !u.blind {
		u.blind = true
		u.log.Warn(fmt.Sprintf("the store of %s knows no conditions (If-Match): of two processes that publish there, each overwrites what the other did; let only one do so", u.to))
	}
	return done, time.Since(began).Round(time.Millisecond), err
}

// storeOnce publishes a site into the bucket, if there is one, and says so.
func (d *daemon) storeOnce(site *crieur.Site, stdout io.Writer) error {
	u := d.newUpload(d.log, new(status))
	if u == nil {
		return nil
	}
	done, _, err := u.publish(context.Background(), offer{site, d.store.History()})
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "and into %s (%s written, %d unchanged, %d removed)\n", u.to, count(len(done.Written), "object"), done.Unchanged, len(done.Removed))
	return nil
}
