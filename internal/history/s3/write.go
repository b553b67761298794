package s3

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/loadgate/loadgate/internal/history/shelf"
)

// The object that says what the others are. Creating it shows what cannot be seen otherwise without leaving something
// behind: that objects may be created, and that the server keeps the name of one that is there.
const (
	sign     = ".loadgate"
	signText = "loadgate keeps its history of runs here: docs/history.md\n"
)

// make creates the sign, or finds that it is there.
func (f *files) make() error {
	err := f.create(sign, []byte(signText))
	if err == nil { // it was not there: now it is, or the server did not look
		err = f.create(sign, []byte(signText))
	}
	switch {
	case err == nil:
		return &shelf.Error{Text: "the server ignores If-None-Match, so that one writer could overwrite the run of " +
			"another; use one that has conditional writes"}
	case errors.Is(err, fs.ErrExist):
		return nil
	}
	return err
}

// Check creates the sign, which no run needs.
func (f *files) Check() error { return f.made() }

// Create keeps an object. One that is there already with the same content is the one that a lost answer was about: it
// was kept by an earlier try of this request.
func (f *files) Create(made shelf.File) error {
	if err := f.made(); err != nil {
		return err
	}
	err := f.create(made.Name, made.Content)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	there, size, unread := f.Open(made.Name)
	if unread != nil {
		return err
	}
	defer there.Close()
	content, unread := io.ReadAll(io.LimitReader(there, int64(len(made.Content))+1))
	if unread == nil && size == int64(len(made.Content)) && bytes.Equal(content, made.Content) {
		return nil
	}
	return err
}

func (f *files) create(name string, content []byte) error {
	ctx, cancel := f.within()
	defer cancel()
	var options minio.PutObjectOptions
	options.SetMatchETagExcept("*")
	options.ContentType = contentType(name)
	sum := sha256.Sum256(content)
	for {
		_, err := f.core.PutObject(ctx, f.bucket, f.prefix+name, bytes.NewReader(content), int64(len(content)),
			"", hex.EncodeToString(sum[:]), options)
		if minio.ToErrorResponse(err).Code != "ConditionalRequestConflict" {
			return f.failed(ctx, "write "+name, err)
		}
		// Another writer is at the same name in this moment: only after it can the server say who was first.
		if err := pause(ctx); err != nil {
			return f.failed(ctx, "write "+name, err)
		}
	}
}

func pause(ctx context.Context) error {
	const moment = 100 * time.Millisecond
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(moment):
		return nil
	}
}

func contentType(name string) string {
	switch {
	case name == sign:
		return "text/plain"
	case len(name) > len(shelf.MarkSuffix) && name[len(name)-len(shelf.MarkSuffix):] == shelf.MarkSuffix:
		return "application/json"
	}
	return "application/gzip"
}

// Remove removes an object. S3 does not say whether there was one.
func (f *files) Remove(name string) error {
	ctx, cancel := f.within()
	defer cancel()
	return f.missed(ctx, "remove "+name,
		f.core.RemoveObject(ctx, f.bucket, f.prefix+name, minio.RemoveObjectOptions{}))
}

// Tidy has nothing to do: an object is there as a whole or not at all.
func (f *files) Tidy(time.Time) error { return nil }
