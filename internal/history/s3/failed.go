package s3

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"net/url"

	"github.com/minio/minio-go/v7"

	"github.com/loadgate/loadgate/internal/history/shelf"
	"github.com/loadgate/loadgate/internal/mask"
	"github.com/loadgate/loadgate/internal/safetext"
)

// longestText is how many bytes of an error of the server are shown.
const longestText = 200

// errArchived is the error of an object that a rule of its bucket moved to where nothing is read.
var errArchived = errors.New("it is archived; restore it, or prune it by a rule of the bucket")

// missed is failed for an object that need not be there.
func (f *files) missed(ctx context.Context, what string, err error) error {
	if minio.ToErrorResponse(err).Code == "NoSuchKey" {
		return fs.ErrNotExist
	}
	return f.failed(ctx, what, err)
}

// failed is what an error of the library means: a name that is taken, an object that is archived, or else something
// that the server did not do, without credentials; nil for nil.
func (f *files) failed(ctx context.Context, what string, err error) error {
	if err == nil {
		return nil
	}
	said := minio.ToErrorResponse(err)
	switch {
	case said.StatusCode == http.StatusPreconditionFailed:
		return fs.ErrExist
	case said.Code == "NoSuchKey": // also the library's name for a 404 without a reason
		return &shelf.Error{Text: what + ": the server answers 404; is the address in AWS_ENDPOINT_URL_S3 or " +
			"AWS_ENDPOINT_URL that of an S3 server?"}
	case said.Code == "InvalidObjectState":
		return errArchived
	case said.Code == "NoSuchBucket":
		return &shelf.Error{Text: "there is no such bucket"}
	}
	text := said.Error()
	switch {
	case ctx.Err() != nil:
		text = context.Cause(ctx).Error()
	case said.Code == "":
		text = cause(err).Error()
	case said.Code != text:
		text += " (" + said.Code + ")"
	}
	return &shelf.Error{Text: what + ": " + safetext.Brief(safetext.Line(mask.Text(text, f.secrets)), longestText)}
}

// cause is an error without the address, which the place says.
func cause(err error) error {
	if of, ok := errors.AsType[*net.OpError](err); ok {
		return of
	}
	if of, ok := errors.AsType[*url.Error](err); ok {
		return of.Err
	}
	return err
}
