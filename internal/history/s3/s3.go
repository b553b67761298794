// Package s3 keeps the files of a history as objects of an S3 bucket. Credentials come from the
// standard environment alone. It knows nothing of what is in the files.
package s3

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7/pkg/s3utils"

	"github.com/loadgate/loadgate/internal/safetext"
)

// Scheme begins the location of a bucket.
const Scheme = "s3://"

// Bucket is a bucket, and what the names of all its objects for one history begin with.
type Bucket struct {
	bucket, prefix string // prefix is empty, or ends with a slash
	patience       time.Duration
}

// Parse reads s3://bucket/prefix. A request that takes longer than patience is given up. The
// error is one line, which holds no credentials.
func Parse(location string, patience time.Duration) (*Bucket, error) {
	const form = "write s3://BUCKET/PREFIX"
	u, err := url.Parse(location)
	switch {
	case err != nil:
		return nil, errors.New("it is not a URL; " + form)
	case u.User != nil:
		return nil, errors.New("credentials do not belong in the URL of a bucket; set AWS_ACCESS_KEY_ID and " +
			"AWS_SECRET_ACCESS_KEY, and " + form)
	case u.RawQuery != "" || u.Fragment != "" || u.Port() != "":
		return nil, errors.New("only a bucket and a prefix belong in it; " + form +
			", and set AWS_ENDPOINT_URL_S3 and AWS_REGION for where it is")
	case u.Host == "":
		return nil, errors.New("it names no bucket; " + form)
	}
	if err := s3utils.CheckValidBucketName(u.Host); err != nil {
		return nil, fmt.Errorf("%s cannot be the name of a bucket; %s", safetext.Quoted(u.Host, 63), form)
	}
	b := &Bucket{bucket: u.Host, patience: patience}
	if prefix := strings.Trim(u.Path, "/"); prefix != "" {
		if path.Clean("/"+prefix) != "/"+prefix {
			return nil, errors.New("its prefix has an empty or dotted part; " + form)
		}
		b.prefix = prefix + "/"
	}
	return b, nil
}

// Place is the location.
func (b *Bucket) Place() string { return strings.TrimSuffix(Scheme+b.bucket+"/"+b.prefix, "/") }

// Path is the location of an object.
func (b *Bucket) Path(name string) string { return b.Place() + "/" + name }
