package bucket

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"github.com/crieur/crieur"
)

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

// look sees what is there where that is not certain.
func (r *round) look(ctx context.Context) (err error) {
	var names []string
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

// judge takes out of what is to be stored what is there already, and what would
// replace what is not crieur's own.
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
