package s3

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/minio/minio-go/v7"

	"github.com/loadgate/loadgate/internal/history/shelf"
)

// Names lists the objects, a thousand a request.
func (f *files) Names(prefix string) ([]string, error) {
	ctx, cancel := f.within()
	defer cancel()
	var names []string
	for object := range f.core.Client.ListObjectsIter(ctx, f.bucket,
		minio.ListObjectsOptions{Prefix: f.prefix + prefix}) {
		if object.Err != nil {
			return nil, f.failed(ctx, "list", object.Err)
		}
		name := strings.TrimPrefix(object.Key, f.prefix)
		if strings.HasSuffix(name, shelf.RunSuffix) || strings.HasSuffix(name, shelf.MarkSuffix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Fronts asks for a range of each object. The first error of the server ends all.
func (f *files) Fronts(names []string) ([]shelf.Front, error) {
	fronts := make([]shelf.Front, len(names))
	work := make(chan int)
	stop, giveUp := context.WithCancelCause(context.Background())
	defer giveUp(nil)
	var group sync.WaitGroup
	for range min(atOnce, len(names)) {
		group.Go(func() {
			for i := range work {
				var err error
				if fronts[i], err = f.front(names[i]); err != nil {
					giveUp(err)
				}
			}
		})
	}
	for i := range names {
		select {
		case work <- i:
			continue
		case <-stop.Done():
		}
		break
	}
	close(work)
	group.Wait()
	if err := context.Cause(stop); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(fronts, func(front shelf.Front) bool { return errors.Is(front.Err, fs.ErrNotExist) }), nil
}

// front reads the beginning of an object. The error is one of the server as a whole.
func (f *files) front(name string) (shelf.Front, error) {
	front := shelf.Front{Name: name}
	var options minio.GetObjectOptions
	if err := options.SetRange(0, shelf.Enough-1); err != nil {
		return front, err
	}
	body, size, err := f.get(name, options)
	if _, server := errors.AsType[*shelf.Error](err); server {
		return front, err
	}
	if err != nil {
		front.Err = err
		return front, nil
	}
	defer body.Close()
	front.Size = size
	front.Content, err = io.ReadAll(io.LimitReader(body, shelf.Enough))
	return front, err
}

// Open asks for a whole object.
func (f *files) Open(name string) (io.ReadCloser, int64, error) {
	return f.get(name, minio.GetObjectOptions{})
}

// get asks for an object or a part of it, and says how long the whole is.
func (f *files) get(name string, options minio.GetObjectOptions) (io.ReadCloser, int64, error) {
	ctx, cancel := f.within()
	got, info, header, err := f.core.GetObject(ctx, f.bucket, f.prefix+name, options)
	if err != nil {
		defer cancel()
		if minio.ToErrorResponse(err).StatusCode == http.StatusRequestedRangeNotSatisfiable {
			return io.NopCloser(strings.NewReader("")), 0, nil // it is empty
		}
		return nil, 0, f.missed(ctx, "read "+name, err)
	}
	size := info.Size
	if _, whole, ok := strings.Cut(header.Get("Content-Range"), "/"); ok {
		if size, err = strconv.ParseInt(whole, 10, 64); err != nil {
			cancel()
			_ = got.Close() // the error counts
			return nil, 0, &shelf.Error{Text: "the server does not say how long " + name + " is"}
		}
	}
	return &body{got, f, ctx, cancel, name}, size, nil
}

// body is what the server sends of an object: an error on the way is one of the server, and says nothing of
// the object.
type body struct {
	from   io.ReadCloser
	files  *files
	ctx    context.Context
	cancel context.CancelFunc
	name   string
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = b.files.failed(b.ctx, "read "+b.name, err)
	}
	return n, err
}

func (b *body) Close() error {
	b.cancel()
	return b.from.Close()
}
