package bucket

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

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

	check bool // see Check
}

// String is the address.
func (p *Publisher) String() string { return p.store.String() }

// Check has the next Publish compare all objects with what they were left as, by
// a listing of the prefix: one request for a thousand objects. What others removed or
// changed is stored again, or told.
func (p *Publisher) Check() { p.check = true }

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

// A round is one publication.
type round struct {
	*Publisher
	site      *crieur.Site
	fields    map[string]fields
	unchanged int
	write     []*crieur.File // what is not as it should be, for all that is known
	stale     []string       // crieur's own that the site does not have
	listed    map[string]string
	seen      map[string]object // what is there, by the names of both
	mu        sync.Mutex
	others    []string // names where something stands that crieur did not store
}

// audit finds out which objects are not as they were left.
func (r *round) audit(ctx context.Context) (err error) {
	if r.listed, err = r.store.list(ctx); err != nil {
		return err
	}
	for name, o := range r.list.Objects {
		if r.listed[name] != o.ETag {
			r.list.pending[name] = true
		}
	}
	return nil
}

// compare finds out what is to be done.
func (r *round) compare() {
	var s crieur.Server
	s.Set(r.site)
	for f := range r.site.Files() {
		o := fieldsOf(&s, f)
		if r.list.certain(f.Name) && r.list.Objects[f.Name].Mark == o.mark {
			r.unchanged++
			continue
		}
		r.fields[f.Name] = o
		r.write = append(r.write, f)
	}
	for _, name := range slices.Sorted(maps.Keys(r.list.Files)) {
		if r.site.File(name) == nil {
			r.stale = append(r.stale, name)
		}
	}
}

// few is how many objects are looked at without a listing.
const few = 16

// look sees what is there where that is not certain, and what is to be removed,
// since that has no condition.
func (r *round) look(ctx context.Context) (err error) {
	names := slices.Clone(r.stale)
	for _, f := range r.write {
		if r.list.certain(f.Name) {
			o := r.list.Objects[f.Name]
			r.seen[f.Name] = object{etag: o.ETag, mark: o.Mark}
		} else {
			names = append(names, f.Name)
		}
	}
	if len(names) > few && r.listed == nil {
		if r.listed, err = r.store.list(ctx); err != nil {
			return err
		}
	}
	return each(len(names), func(i int) error {
		var o object
		var err error
		if _, ok := r.listed[names[i]]; ok || r.listed == nil {
			o, err = r.store.head(ctx, names[i])
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.seen[names[i]] = o
		return err
	})
}

// judge takes out of what is to be done what is done already, and what is not
// crieur's own.
func (r *round) judge() {
	r.write = slices.DeleteFunc(r.write, func(f *crieur.File) bool {
		switch seen := r.seen[f.Name]; {
		case r.same(f, seen):
			r.list.settle(f, seen)
			r.unchanged++
			return true
		case !r.replaces(f, seen):
			r.others = append(r.others, f.Name)
			r.list.forget(f.Name)
			return true
		}
		return false
	})
	r.stale = slices.DeleteFunc(r.stale, func(name string) bool {
		gone := !r.owns(name, r.seen[name])
		if gone { // or somebody else's by now
			r.list.forget(name)
		}
		return gone
	})
}

// same reports whether what was looked at is what f is stored as.
func (r *round) same(f *crieur.File, seen object) bool {
	return seen.mark == r.fields[f.Name].mark && seen.size == int64(f.Size())
}

// owns reports whether what was seen is what crieur left there, or was leaving.
func (r *round) owns(name string, seen object) bool {
	tag, _, _ := strings.Cut(seen.mark, "/")
	return seen.etag != "" && (seen.etag == r.list.Objects[name].ETag || slices.Contains(r.list.Files[name], `"`+tag+`"`))
}

// replaces reports whether f may take the place of what was seen: of nothing, of
// crieur's own, or of the same bytes.
func (r *round) replaces(f *crieur.File, seen object) bool {
	if seen.etag == "" || r.owns(f.Name, seen) {
		return true
	}
	sum := md5.Sum(f.Bytes())
	return seen.etag == hex.EncodeToString(sum[:])
}

// announce has the manifest own both what is there and what will be.
func (r *round) announce(ctx context.Context) error {
	for _, f := range r.write {
		if tags := r.list.Files[f.Name]; !slices.Contains(tags, f.ETag) {
			r.list.Files[f.Name] = append(slices.Clone(tags), f.ETag)
		}
		r.list.pending[f.Name] = true
	}
	for _, name := range r.stale {
		r.list.pending[name] = true
	}
	if t := r.modified(); t.After(r.list.Modified) {
		r.list.Modified = t
	}
	return r.save(ctx)
}

// put stores what is to be stored, those first that the others lead to.
func (r *round) put(ctx context.Context) (written []string, err error) {
	wanted := map[*crieur.File]bool{}
	for _, f := range r.write {
		wanted[f] = true
	}
	for _, stage := range r.site.Stages() {
		stage = slices.DeleteFunc(stage, func(f *crieur.File) bool { return !wanted[f] })
		err = each(len(stage), func(i int) error {
			f := stage[i]
			o, err := r.replace(ctx, f)
			r.mu.Lock()
			defer r.mu.Unlock()
			switch {
			case errors.Is(err, crieur.ErrForeign):
				r.others = append(r.others, f.Name)
				r.list.forget(f.Name)
				return nil
			case err != nil:
				return err
			}
			r.list.settle(f, o)
			written = append(written, f.Name)
			if r.Progress != nil {
				r.Progress(len(written), len(r.write))
			}
			return nil
		})
		if err != nil {
			break
		}
	}
	slices.Sort(written)
	return written, err
}

// replace puts f in the place of what was seen there, or of what is there by now.
func (r *round) replace(ctx context.Context, f *crieur.File) (object, error) {
	r.mu.Lock()
	seen := r.seen[f.Name]
	r.mu.Unlock()
	data, err := fs.ReadFile(r.site, f.Name)
	if err != nil {
		return object{}, err
	}
	for range 3 {
		o, err := r.store.put(ctx, f.Name, data, r.fields[f.Name], seen)
		if !errors.Is(err, errRace) {
			return o, err
		}
		if seen, err = r.store.head(ctx, f.Name); err != nil {
			return object{}, err
		}
		r.mu.Lock()
		ok := r.replaces(f, seen)
		r.mu.Unlock()
		if !ok {
			return object{}, crieur.ErrForeign
		}
	}
	return object{}, fmt.Errorf("%s/%s: %w", &r.store, f.Name, ErrOther)
}

// remove takes away what the site does not have.
func (r *round) remove(ctx context.Context) (removed []string, err error) {
	err = each(len(r.stale), func(i int) error {
		err := r.store.remove(ctx, r.stale[i])
		r.mu.Lock()
		defer r.mu.Unlock()
		if err == nil {
			r.list.forget(r.stale[i])
			removed = append(removed, r.stale[i])
		}
		return err
	})
	slices.Sort(removed)
	return removed, err
}

// modified is when the latest document changed.
func (r *round) modified() (last time.Time) {
	for f := range r.site.Files() {
		if f.Modified.After(last) {
			last = f.Modified
		}
	}
	return last
}

// foreign is the error for what crieur did not store, of which a few are told.
func (r *round) foreign() error {
	if len(r.others) == 0 {
		return nil
	}
	slices.Sort(r.others)
	const told = 5
	more := ""
	if n := len(r.others) - told; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	names := strings.Join(r.others[:min(told, len(r.others))], ", ")
	return fmt.Errorf("%s: %s%s: %w; remove what is there, or publish under another prefix", &r.store, names, more, crieur.ErrForeign)
}
