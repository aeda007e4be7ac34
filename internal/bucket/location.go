package bucket

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"
)

// Open returns a [Publisher] to the objects below a prefix of a bucket. The
// address has the form s3://BUCKET or s3://BUCKET/PREFIX; all else is as in other
// programs, by the variables that getenv gives:
//
//   - AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, the address of a store that is not Amazon's;
//   - AWS_REGION or AWS_DEFAULT_REGION: where there is none, the store is asked;
//   - AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
//
// Without a key, one is looked for in the files of AWS_PROFILE, then asked of the
// machine or container that this runs on, unless AWS_EC2_METADATA_DISABLED is true.
// Nothing is asked before the first Publish.
func Open(address string, getenv func(string) string) (*Publisher, error) {
	bad := func(format string, args ...any) (*Publisher, error) {
		return nil, fmt.Errorf("the bucket is %q: "+format, append([]any{address}, args...)...)
	}
	rest, ok := strings.CutPrefix(address, "s3://")
	if !ok {
		return bad("want the form s3://name or s3://name/prefix")
	}
	name, prefix, _ := strings.Cut(rest, "/")
	if err := s3utils.CheckValidBucketName(name); err != nil || strings.ContainsAny(name, "@:?#") {
		return bad("%q is no name of a bucket: keys and endpoints are given by the environment", name)
	}
	if prefix = strings.TrimSuffix(prefix, "/"); prefix != "" {
		if path.Clean("/"+prefix) != "/"+prefix {
			return bad("%q is no prefix: want names with one slash between them", prefix)
		}
		prefix += "/"
	}
	endpoint := cmp.Or(getenv("AWS_ENDPOINT_URL_S3"), getenv("AWS_ENDPOINT_URL"), "https://s3.amazonaws.com")
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, errors.New("AWS_ENDPOINT_URL is not an address of the form https://host or https://host:port")
	}
	transport, err := minio.DefaultTransport(u.Scheme == "https")
	if err != nil {
		return nil, err
	}
	transport.ResponseHeaderTimeout = answer
	return open(name, prefix, u, &minio.Options{
		Creds:     keys(getenv),
		Region:    cmp.Or(getenv("AWS_REGION"), getenv("AWS_DEFAULT_REGION")),
		Transport: bareTags{transport},
	})
}

// answer is how long a store may take to begin its answer to a whole request.
const answer = 30 * time.Second

func open(bucket, prefix string, endpoint *url.URL, options *minio.Options) (*Publisher, error) {
	options.Secure = endpoint.Scheme == "https"
	core, err := minio.NewCore(endpoint.Host, options)
	if err != nil {
		return nil, err
	}
	return &Publisher{store: store{core: core, bucket: bucket, prefix: prefix, host: endpoint.Host}}, nil
}

// keys finds the credentials.
func keys(getenv func(string) string) *credentials.Credentials {
	if id, secret := getenv("AWS_ACCESS_KEY_ID"), getenv("AWS_SECRET_ACCESS_KEY"); id != "" && secret != "" {
		return credentials.NewStaticV4(id, secret, getenv("AWS_SESSION_TOKEN"))
	}
	chain := required{Chain: &credentials.Chain{Providers: []credentials.Provider{&credentials.FileAWSCredentials{Profile: getenv("AWS_PROFILE")}}}}
	container := cmp.Or(getenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"), getenv("AWS_CONTAINER_CREDENTIALS_FULL_URI"), getenv("AWS_WEB_IDENTITY_TOKEN_FILE"))
	if container != "" || !strings.EqualFold(getenv("AWS_EC2_METADATA_DISABLED"), "true") {
		chain.Providers = append(chain.Providers, &credentials.IAM{Client: &http.Client{Timeout: 10 * time.Second}})
	}
	return credentials.New(chain)
}

// required is a chain that fails where it finds nothing, instead of asking without
// credentials.
type required struct{ *credentials.Chain }

var errKeys = errors.New("no credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE")

func (r required) RetrieveWithCredContext(c *credentials.CredContext) (credentials.Value, error) {
	return found(r.Chain.RetrieveWithCredContext(c))
}

func (r required) Retrieve() (credentials.Value, error) { return found(r.Chain.Retrieve()) }

func found(v credentials.Value, err error) (credentials.Value, error) {
	if err == nil && v.SignerType == credentials.SignatureAnonymous {
		err = errKeys
	}
	return v, err
}
