package bucket

import (
	"context"
	"io/fs"
	"sync"

	"github.com/crieur/crieur"
)

// A Publisher keeps the objects below a prefix of a bucket equal to the latest
// Site. It is for one goroutine. [Open] makes one.
type Publisher struct {
	// Follows is asked of a list of documents that another process stored, in
	// a folder without the documents, whether to go on from there; nil: always.
	Follows func(fs.FS) error

	// Progress is told how many of the documents that are to be stored are; nil
	// is not. It is called by one goroutine at a time.
	Progress func(done, of int)

	store store
	list  *manifest // what this process knows to be stored; nil: not read yet
	etag  string    // the store's, of the manifest there; empty: there is none
	saved []byte    // that manifest

	check  bool // see Check
	probed bool // the store was tried for whether it ignores conditions
}

// String is the address.
func (p *Publisher) String() string { return p.store.String() }

// Check has the next Publish compare all objects with what they were left as, by
// a listing of the prefix: one request for a thousand objects. What others removed or
// changed is stored again, or told.
func (p *Publisher) Check() { p.check = true }

// Blind reports whether the store was found to know no conditions, when something was
// to be written: of two processes that publish there, each may then overwrite what
// the other did.
func (p *Publisher) Blind() bool { return p.store.plain.Load() }

// Publish makes the objects equal to site. An object that is not crieur's own is
// left alone and reported with [crieur.ErrForeign], and all others are stored. After
// any other error, each object is as it was or as it will be, and the next call goes
// on from there.
func (p *Publisher) Publish(ctx context.Context, site *crieur.Site) (done crieur.Publication, err error) {
	if err := p.read(ctx); err != nil {
		return done, err
	}
	r := round{Publisher: p, site: site, fields: map[string]fields{}, seen: map[string]object{}}
	if p.check {
		if err := r.audit(ctx); err != nil {
			return done, err
		}
	}
	r.compare()
	if err := r.look(ctx); err != nil {
		return done, err
	}
	r.judge()
	done.Unchanged = r.unchanged
	if len(r.write)+len(r.stale) > 0 {
		if err := r.announce(ctx); err != nil {
			return done, err
		}
		done.Written, err = r.put(ctx)
		if err == nil {
			done.Removed, err = r.remove(ctx)
		}
		if err != nil {
			return done, err
		}
	}
	p.list.Modified = r.modified()
	if err := p.save(ctx); err != nil {
		return done, err
	}
	p.check = false
	return done, r.foreign()
}

// Examine tells how many documents are stored, and how many of these are not as they
// were left. Nothing is changed.
func (p *Publisher) Examine(ctx context.Context) (documents, changed int, err error) {
	if err := p.read(ctx); err != nil {
		return 0, 0, err
	}
	listed, err := p.store.list(ctx)
	if err != nil {
		return 0, 0, err
	}
	for name := range p.list.Files {
		if o, ok := p.list.Objects[name]; !ok || listed[name] != o.ETag {
			changed++
		}
	}
	return len(p.list.Files), changed, nil
}

// A round is one publication.
type round struct {
	*Publisher
	site      *crieur.Site
	fields    map[string]fields
	unchanged int
	write     []*crieur.File // what is not as it should be, for all that is known
	stale     []string       // crieur's own that the site does not have
	listed    map[string]string
	seen      map[string]object // what is there in the places of write
	mu        sync.Mutex
	others    []string // names where something stands that crieur did not store
}
