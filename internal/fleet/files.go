package fleet

import (
	"bytes"
	"io/fs"
	"path"
	"time"
)

// Files are the files of a load, by names with slashes, as a file system that has nothing else.
type Files map[string][]byte

// Open implements fs.FS. The error is an *fs.PathError.
func (f Files) Open(name string) (fs.File, error) {
	content, ok := f[name]
	switch {
	case !fs.ValidPath(name):
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	case !ok:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &file{Reader: bytes.NewReader(content), name: path.Base(name)}, nil
}

// file is an open one, and what is known of it.
type file struct {
	*bytes.Reader
	name string
}

func (f *file) Stat() (fs.FileInfo, error) { return f, nil }
func (f *file) Close() error               { return nil }
func (f *file) Name() string               { return f.name }
func (f *file) Mode() fs.FileMode          { return 0o444 }
func (f *file) ModTime() time.Time         { return time.Time{} }
func (f *file) IsDir() bool                { return false }
func (f *file) Sys() any                   { return nil }
