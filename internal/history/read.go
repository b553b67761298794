package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/history/shelf"
	"github.com/loadgate/loadgate/internal/result"
)

// atOnce is how many fronts of files are in memory.
const atOnce = 256

// fronts reads the beginnings of the files whose names end in suffix.
func (s *Store) fronts(files shelf.Files, names []string, suffix string, use func(shelf.Front)) error {
	var chosen []string
	for _, name := range names {
		if strings.HasSuffix(name, suffix) {
			chosen = append(chosen, name)
		}
	}
	for some := range slices.Chunk(chosen, atOnce) {
		fronts, err := files.Fronts(some)
		if err != nil {
			return fmt.Errorf("read history %s: %w", s.Place(), withoutPath(err))
		}
		for _, front := range fronts {
			use(front)
		}
	}
	return nil
}

// heads reads the heads of all runs, and complains about those that cannot be read.
func (s *Store) heads(files shelf.Files, names []string,
	complain func(error)) (runs []baseline.Run, err error) {
	err = s.fronts(files, names, runSuffix, func(front shelf.Front) {
		id := strings.TrimSuffix(front.Name, runSuffix)
		d, err := decoded{}, front.Err
		if err == nil {
			d, err = decode(bytes.NewReader(front.Content), front.Size, id, false)
		}
		if errors.Is(err, errCut) && int64(len(front.Content)) < front.Size { // a head of many endpoints
			d, err = s.reopened(files, id)
		}
		switch {
		case errors.Is(err, fs.ErrNotExist): // another process has pruned it
		case err != nil:
			complain(s.unused("run", front.Name, err))
		default:
			runs = append(runs, d.run)
		}
	})
	return runs, err
}

// reopened reads a head that is longer than a front.
func (s *Store) reopened(files shelf.Files, id string) (decoded, error) {
	file, size, err := files.Open(id + runSuffix)
	if err != nil {
		return decoded{}, err
	}
	defer file.Close()
	return decode(file, size, id, false)
}

// whole reads all of a run, and its file.
func (s *Store) whole(files shelf.Files, id string) (d decoded, text []byte, err error) {
	name := id + runSuffix
	file, size, err := files.Open(name)
	if err != nil {
		return d, nil, s.unused("run", name, err)
	}
	defer file.Close()
	var kept bytes.Buffer
	d, err = decode(io.TeeReader(io.LimitReader(file, largestHead+result.MaxDocument), &kept), size, id, true)
	if err != nil {
		return d, nil, s.unused("run", name, err)
	}
	return d, kept.Bytes(), nil
}

// unused is the line about a file that is not used.
func (s *Store) unused(what, name string, err error) error {
	return fmt.Errorf("%s %s is not used: %w", what, s.shelf.Path(name), withoutPath(err))
}
