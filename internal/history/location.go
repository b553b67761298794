package history

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/history/folder"
	"github.com/loadgate/loadgate/internal/history/postgres"
	"github.com/loadgate/loadgate/internal/history/s3"
	"github.com/loadgate/loadgate/internal/history/shelf"
	"github.com/loadgate/loadgate/internal/safetext"
)

// patience is how long a server may take for one request: then the command goes on without it.
const patience = 30 * time.Second

// Open returns the store in a folder, s3://bucket/prefix or postgres://…, which the first Put
// makes if it is not there. What is wrong with the location is the error of each use; Parse
// tells it at once.
func Open(location string) *Store {
	s, err := Parse(location)
	if err != nil {
		return &Store{nowhere{scheme(location), err}}
	}
	return s
}

// Parse is Open for callers that can refuse a location. The error is one line without credentials.
func Parse(location string) (*Store, error) {
	var place shelf.Shelf
	var err error
	switch begin := scheme(location); {
	case begin == "":
		return &Store{folder.Folder(location)}, nil
	case begin == s3.Scheme:
		place, err = s3.Parse(location, patience)
	case slices.Contains(postgres.Schemes(), begin):
		place, err = postgres.Parse(location, patience)
	default:
		err = fmt.Errorf("no history can be at %s; write a folder, s3://BUCKET/PREFIX or "+
			"postgres://USER@HOST:5432/DATABASE", safetext.Quoted(begin, 20))
	}
	if err != nil {
		return nil, err
	}
	return &Store{place}, nil
}

// scheme is the beginning of a URL; empty: it is a folder.
func scheme(location string) string {
	name, _, ok := strings.Cut(location, "://")
	if !ok || strings.ContainsAny(name, `/\`) {
		return ""
	}
	return strings.ToLower(name) + "://"
}

// nowhere is a location that is none.
type nowhere struct {
	scheme string
	err    error
}

func (n nowhere) Place() string               { return n.scheme + "…" }
func (n nowhere) Path(name string) string     { return n.Place() + " " + name }
func (n nowhere) Begin() (shelf.Files, error) { return nil, n.err }
