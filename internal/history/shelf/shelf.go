// Package shelf says what a place has to do so that a history can live in it: it keeps
// files under names, and never changes one. It knows nothing of runs, and no place.
package shelf

import (
	"io"
	"time"
)

// The names of the files of a history end in one of these: a run, a mark.
const (
	RunSuffix  = ".run.json.gz"
	MarkSuffix = ".mark.json"
)

// Shelf is a place: a folder, a bucket, a database. Safe for concurrent use.
type Shelf interface {
	// Place is the location on one line, without credentials.
	Place() string
	// Path is how messages name a file.
	Path(name string) string
	// Begin begins to use the place. It makes nothing there, and ends in bounded time.
	Begin() (Files, error)
}

// Files are those of a place. Each call ends in bounded time. What the place as a whole could
// not do is an *Error, where the place is a server.
type Files interface {
	// Names lists the names that begin with prefix, in order; none where the place was not made yet.
	Names(prefix string) ([]string, error)
	// Fronts reads the beginnings of some files, in the order of the names. It leaves out those
	// that are no longer there.
	Fronts(names []string) ([]Front, error)
	// Open reads a whole file of so many bytes. The error is fs.ErrNotExist where there is none.
	Open(name string) (io.ReadCloser, int64, error)
	// Create keeps a file for good, all of it or nothing, and makes the place where it is
	// missing. The error is fs.ErrExist where the name is taken.
	Create(File) error
	// Remove removes a file. The error is fs.ErrNotExist where there is none.
	Remove(name string) error
	// Check makes the place where it is missing, and says why no file can be created in it.
	Check() error
	// Tidy removes what writers that died left behind, and makes it durable that files were removed.
	Tidy(now time.Time) error
	Close()
}

// Front is the beginning of a file: all of its head where the place knows how long that is.
type Front struct {
	Name    string
	Content []byte
	Size    int64 // of the whole file
	Err     error // why this file cannot be read
}

// Enough is how many bytes of a file are a front where its head's length is not known.
const Enough = 16 << 10

// File is a file to be kept.
type File struct {
	Name    string
	Content []byte
	Head    int // how many bytes of Content are its head, which a list reads
	About   About
}

// About is what a place that can be asked questions says of a file. The content is what counts.
type About struct {
	Run  string    // the ID of the run
	Time time.Time // when the run began, or the mark was made
	// Of a run; empty: not known.
	Digest, Host, Runner, Branch, Commit, Outcome string
	JSON                                          []byte // the figures of the run, or the mark
}

// Error says that a server did not do what it was asked for. Its text does not name the place,
// has one line, and holds no credentials.
type Error struct{ Text string }

func (e *Error) Error() string { return e.Text }
