// Package collect turns what the readers of formats find, requests or a tool's own figures,
// into a result: under the names that rules use, with failures by kind, and with notes on
// what the file leaves open. It opens no file and knows no tool.
package collect

import (
	"bufio"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/result"
)

// Keeps is how much a format keeps of each request.
type Keeps uint8

// How much a format keeps. The zero value is the least.
const (
	Percentiles Keeps = iota // the tool's own figures: files cannot be joined, nor other percentiles computed
	Buckets                  // counts of latencies: files can be joined, and any percentile computed
	Requests                 // every request with its time: judged like loadgate's own results
)

// Format is a format of files, and how it is read. It has either ReadRequests or
// ReadFigures.
type Format struct {
	Name     string // as in --format NAME
	Tool     string // that writes it
	Keeps    Keeps
	Failures result.Failures
	// Advice is how to get a file with more in it from the tool; empty: there is no
	// such file.
	Advice string
	// Beside names the format that a file of this one adds to. Such a file is read
	// together with the other, which the tool writes next to it, and is not judged
	// alone. Empty: it is judged alone.
	Beside string
	// ShareRounding is the largest difference that rounding makes between two printed
	// shares of failures, as a fraction; 0: counts are printed, not shares.
	ShareRounding float64
	// Sniff reports whether a file that begins like this, or a document with these
	// keys, has this format.
	Sniff func(head string) bool
	// ReadRequests adds every request of a file, ReadFigures what the file says of its
	// endpoints. An error names the line.
	ReadRequests func(r *bufio.Reader, s *Samples) error
	ReadFigures  func(r *bufio.Reader, f *Figures) error
}

// HasKeys returns a Sniff for a JSON object with all of these keys.
func HasKeys(keys ...string) func(head string) bool {
	return func(head string) bool {
		return strings.HasPrefix(strings.TrimSpace(head), "{") &&
			!slices.ContainsFunc(keys, func(key string) bool { return !strings.Contains(head, key) })
	}
}

// Alone reports whether a file of the format is judged by itself.
func (f Format) Alone() bool { return f.Beside == "" }

// Document returns a new result of the format without a request.
func (f Format) Document() *result.Result {
	return &result.Result{
		Schema: result.Schema, Tool: f.Tool,
		Source: result.Source{Tool: f.Tool, Format: f.Name, Failures: f.Failures, Advice: f.Advice},
		Slot:   result.SlotLength, Shards: []result.Shard{{K: 1, N: 1}},
	}
}
