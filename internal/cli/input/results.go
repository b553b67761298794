// Package input reads what a command is given: results of loadgate and of other tools,
// packed or not, and other files or addresses. It judges nothing.
package input

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/regular"
	"github.com/loadgate/loadgate/internal/result"
)

// ReadStored reads a result of a folder, which somebody may have packed: NAME, or
// NAME.gz.
func ReadStored(name string) (*result.Result, error) {
	r, err := ReadResult(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return r, err
	}
	if packed, missing := ReadResult(name + ".gz"); !errors.Is(missing, fs.ErrNotExist) {
		return packed, missing
	}
	return nil, err
}

// ReadResult reads one of loadgate's own results, or journals, which may be packed; in a
// folder, its result.json.
func ReadResult(name string) (*result.Result, error) {
	name, err := FileIn(name, output.ResultFile)
	if err != nil {
		return nil, err
	}
	f, err := regular.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read result %s: %w", name, failure.WithoutPath(err))
	}
	defer f.Close()
	in, err := Unpack(f)
	if err != nil {
		return nil, fmt.Errorf("read result %s: %w", name, failure.WithoutPath(err))
	}
	return result.Decode(in, name)
}

// FileIn is a file, or, of a folder, the one in it that a command reads.
func FileIn(path, name string) (string, error) {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return path, nil // what is wrong with it, its reader says
	}
	file := filepath.Join(path, name)
	if _, err := os.Stat(file); err != nil {
		return "", fmt.Errorf("read %s: it is a folder, and there is no %s in it; write the name of a file", path, name)
	}
	return file, nil
}

// fileLimit is how much is read of a file that goes into a comment or tells
// of an event, in bytes; of an event, GitHub sends no more.
const fileLimit = 25 << 20

// ReadBounded reads a file up to fileLimit.
func ReadBounded(name string) ([]byte, error) {
	f, err := regular.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, fileLimit))
}
