// Package board is the pages of a history: an overview of every series of runs, the figures of each series over
// time, a page for each run, and two runs side by side. It knows which pages there are and what is on them; it does
// not know where runs are kept, where pages go, or who asks for them. Every text of a run is untrusted.
package board

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/result"
)

// Source is the history that a board shows.
type Source struct {
	Runs []baseline.Run // heads with their marks, in any order
	// Problems are what of the history cannot be read. The overview shows them: nobody takes for an empty history
	// what is out of reach.
	Problems []error
	// Result reads the result of a run. Its error costs that run's page its charts, and nothing else.
	Result func(id string) (*result.Result, error)
	// Tally is what TallyOf made of a run's result; false: it is not known.
	Tally func(id string) (Tally, bool)
}

// Options says how a board is made. The zero value is a board to be read, of files that lie beside each other.
type Options struct {
	// Commits is the address of the repository: a commit is at Commits/commit/ID. The zero value: commits are text.
	Commits htmlpage.Href
	// Marks is the path, relative to the board, to which a form sends what a reader says of a run: run, mark (accept
	// or reject), reason and by. Empty: there is no form.
	Marks string
	// Beside is the page from which a reader comes to the overview, with an address relative to the board. The zero
	// value: there is none.
	Beside htmlpage.Link
	// Made is whatever else decides how pages look, such as the version of the program; see Page.Key.
	Made string
}

// Board is the pages of one state of a history. It is safe for concurrent use while the functions of its Source are.
type Board struct {
	source  Source
	options Options
	series  []series
}

// New groups the runs. It reads no result.
func New(s Source, o Options) *Board {
	return &Board{source: s, options: o, series: seriesOf(s.Runs)}
}

// Page is one page of a board.
type Page struct {
	// Path is relative to the folder of the board: letters, digits, dots, dashes, underscores and slashes.
	Path string
	// Key names everything that the page is made of: two pages with one key are equal to the byte. Empty: the page
	// shows many runs, and is made anew each time.
	Key string
	// Runs are the IDs of those whose result the page is made of.
	Runs     []string
	Document func() htmlpage.Document
}

// Write writes the page.
func (p Page) Write(w io.Writer) error { return htmlpage.Write(w, p.Document()) }

// IndexPath and ComparePath are the pages that every board has.
const (
	IndexPath   = "index.html"
	ComparePath = "compare.html"
)

// key is a digest of what a page is made of.
func (b *Board) key(parts ...any) string {
	text, err := json.Marshal([]any{b.options.Made, b.options.Commits, b.options.Marks, parts})
	if err != nil { // of nothing that is given here
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// plainID is an ID that can be a file's name anywhere.
var plainID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,99}$`)

// fileName is the name of a run's pages: its ID, or a digest of one that is no plain name.
func fileName(id string) string {
	if plainID.MatchString(id) {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "run-" + hex.EncodeToString(sum[:8])
}

// RunPath is the page of a run.
func RunPath(id string) string  { return "run/" + fileName(id) + ".html" }
func pairPath(id string) string { return "compare/" + fileName(id) + ".html" }

// from leads from a page to another of the board.
func from(page, to string) htmlpage.Href {
	return htmlpage.Beside(strings.Repeat("../", strings.Count(page, "/")) + to)
}
