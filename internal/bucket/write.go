package bucket

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur"
)

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
	if err := r.save(ctx); err != nil {
		return err
	}
	return r.probe(ctx)
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

// remove takes away what the site does not have, if it is still what crieur stored.
func (r *round) remove(ctx context.Context) (removed []string, err error) {
	err = each(len(r.stale), func(i int) error {
		name := r.stale[i]
		seen, err := r.store.head(ctx, name)
		if err != nil {
			return err
		}
		r.mu.Lock()
		owned := r.owns(name, seen)
		r.mu.Unlock()
		if owned {
			if err := r.store.remove(ctx, name); err != nil {
				return err
			}
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.list.forget(name)
		if owned {
			removed = append(removed, name)
		}
		return nil
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
