package s3

import (
	"context"
	"fmt"

	"github.com/minio/minio-go/v7"
)

// atOnce is how many fronts are asked for at once: each is a request, which waits more than it takes.
const atOnce = 32

// files are the objects, while they are used.
type files struct {
	*Bucket
	core    minio.Core
	secrets []string
	made    func() error
	close   func()
}

func (f *files) Close() { f.close() }

// within is the context of one request.
func (f *files) within() (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(context.Background(), f.patience,
		fmt.Errorf("no answer within %s", f.patience))
}
