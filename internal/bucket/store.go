package bucket

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/minio/minio-go/v7"
)

// A store is the objects of a bucket whose names begin with prefix, which is
// empty or ends with a slash. It asks again, for some seconds, what a store cannot
// answer now.
type store struct {
	core                 *minio.Core
	bucket, prefix, host string
	plain                atomic.Bool // it is known to take no conditions, or to ignore them
	bare                 atomic.Bool // it is known to want a tag that is to match without quotes
}

// An object is what is known of one; the zero one does not exist.
type object struct {
	etag string // the store's
	mark string // see fields
	size int64
}

var (
	errSame = errors.New("it has not changed")
	errRace = errors.New("it is not what was expected")
	errTag  = fmt.Errorf("%w: the store says so of its tag", errRace)
)

// markName is the name of the metadata field of a mark.
const markName = "Crieur"

func (s *store) String() string {
	return strings.TrimSuffix("s3://"+s.bucket+"/"+s.prefix, "/")
}

// within bounds a request and its repetitions: what is slower than 16 KiB/s is
// taken for dead.
func within(ctx context.Context, size int) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, 4*answer+time.Duration(size>>14)*time.Second)
}

// get reads an object, unless its tag is known.
func (s *store) get(ctx context.Context, name, known string) (data []byte, etag string, err error) {
	ctx, cancel := within(ctx, 32<<20)
	defer cancel()
	var o minio.GetObjectOptions
	if known != "" {
		if err := o.SetMatchETagExcept(known); err != nil {
			return nil, "", err
		}
	}
	body, info, _, err := s.core.GetObject(ctx, s.bucket, s.prefix+name, o)
	if err != nil {
		return nil, "", s.fault("reading", name, err)
	}
	defer body.Close()
	if data, err = io.ReadAll(body); err != nil {
		return nil, "", s.fault("reading", name, err)
	}
	return data, info.ETag, nil
}

// head looks at an object.
func (s *store) head(ctx context.Context, name string) (object, error) {
	ctx, cancel := within(ctx, 0)
	defer cancel()
	info, err := s.core.StatObject(ctx, s.bucket, s.prefix+name, minio.StatObjectOptions{})
	if err = s.fault("looking at", name, err); errors.Is(err, fs.ErrNotExist) {
		return object{}, nil
	}
	return object{info.ETag, info.UserMetadata[markName], info.Size}, err
}

// put stores data if there is now what was seen; if not, the error is errRace. To a
// store that knows no conditions it says none.
func (s *store) put(ctx context.Context, name string, data []byte, f fields, seen object) (object, error) {
	bare := s.bare.Load()
	o, err := s.putIf(ctx, name, data, f, seen, bare)
	if bare || seen.etag == "" || !errors.Is(err, errTag) {
		return o, err
	}
	// Ceph takes the quotes for a part of the tag, and refuses what is there as another.
	if now, _ := s.head(ctx, name); now.etag != seen.etag {
		return o, err
	}
	again, wrong := s.putIf(ctx, name, data, f, seen, true)
	if wrong != nil {
		return o, err // the others refuse a tag without them
	}
	s.bare.Store(true)
	return again, nil
}

// putIf is put where it is known whether tags are bare.
func (s *store) putIf(ctx context.Context, name string, data []byte, f fields, seen object, bare bool) (object, error) {
	ctx, cancel := within(ctx, len(data))
	defer cancel()
	o := minio.PutObjectOptions{
		ContentType:          f.kind,
		CacheControl:         f.cache,
		ContentDisposition:   f.disposition,
		DisableContentSha256: true, // in chunks, since it is given for the whole
	}
	if f.mark != "" {
		o.UserMetadata = map[string]string{markName: f.mark}
	}
	plain, sending := s.plain.Load(), ctx
	switch {
	case plain:
	case seen.etag == "":
		o.SetMatchETagExcept("*")
	case bare:
		sending = context.WithValue(ctx, bareTag{}, seen.etag)
	default:
		o.SetMatchETag(seen.etag)
	}
	sum := sha256.Sum256(data)
	info, err := s.core.PutObject(sending, s.bucket, s.prefix+name, bytes.NewReader(data), int64(len(data)), "", hex.EncodeToString(sum[:]), o)
	if !plain && minio.ToErrorResponse(err).StatusCode == http.StatusNotImplemented {
		s.plain.Store(true)
		return s.putIf(ctx, name, data, f, seen, bare)
	}
	if err = s.fault("writing", name, err); errors.Is(err, fs.ErrNotExist) {
		err = errRace // some say so of a condition on what is gone
	}
	return object{info.ETag, f.mark, int64(len(data))}, err
}

// A bareTag is the key of a tag that a request to write has in its context.
type bareTag struct{}

// bareTags sends these tags without quotes, as the client cannot. They are not signed.
type bareTags struct{ http.RoundTripper }

func (b bareTags) RoundTrip(r *http.Request) (*http.Response, error) {
	if tag, ok := r.Context().Value(bareTag{}).(string); ok && r.Method == http.MethodPut {
		r = r.Clone(r.Context())
		r.Header.Set("If-Match", tag)
	}
	return b.RoundTripper.RoundTrip(r)
}

// remove takes an object away.
func (s *store) remove(ctx context.Context, name string) error {
	ctx, cancel := within(ctx, 0)
	defer cancel()
	err := s.fault("removing", name, s.core.RemoveObject(ctx, s.bucket, s.prefix+name, minio.RemoveObjectOptions{}))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// list returns the tags of all objects.
func (s *store) list(ctx context.Context) (map[string]string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tags := map[string]string{}
	owner := false
	for info := range s.core.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix, Recursive: true, FetchOwner: &owner}) {
		if info.Err != nil {
			return nil, s.fault("listing", "", info.Err)
		}
		tags[strings.TrimPrefix(info.Key, s.prefix)] = strings.Trim(info.ETag, `"`)
	}
	return tags, ctx.Err()
}

// fault is the error of a request in words, or one of errSame, errRace and
// fs.ErrNotExist.
func (s *store) fault(doing, name string, err error) error {
	if err == nil {
		return nil
	}
	r := minio.ToErrorResponse(err)
	where := fmt.Sprintf("%s s3://%s/%s%s", doing, s.bucket, s.prefix, name)
	switch {
	case r.Code == minio.NoSuchBucket:
		return fmt.Errorf("%s: there is no bucket %s at %s; make it, or give another name or AWS_ENDPOINT_URL", where, s.bucket, s.host)
	case r.StatusCode == http.StatusNotModified:
		return errSame
	case r.StatusCode == http.StatusNotFound:
		return fs.ErrNotExist
	case r.StatusCode == http.StatusPreconditionFailed:
		return errTag
	case r.Code == "ConditionalRequestConflict":
		return errRace
	case r.Code == minio.AccessDenied:
		return fmt.Errorf("%s: access is denied; the key needs s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject there", where)
	case r.StatusCode != 0:
		return fmt.Errorf("%s: %s: %w", where, http.StatusText(r.StatusCode), err)
	}
	return fmt.Errorf("%s: %w", where, err)
}
