// Package collect takes what the readers of formats find, requests or a tool's own
// figures, and makes a result of it: under the names that rules speak of, with failures by
// kind, and with what the file leaves open as notes. It opens no file and knows no tool.
package collect

import (
	"bufio"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/result"
)

// Keeps says how much of its requests a format keeps.
type Keeps uint8

// What a format keeps. The zero value is the least.
const (
	Percentiles Keeps = iota // figures of the tool's own: nothing can be joined or asked anew
	Buckets                  // counts of latencies: files join, and any percentile can be asked
	Requests                 // every request with its time: judged as loadgate's own
)

// Format is one format.
type Format struct {
	Name     string // as in --format NAME
	Tool     string // whose it is
	Keeps    Keeps
	Failures result.Failures
	// Advice says how the tool is asked for a file that tells more; empty: it has
	// none.
	Advice string
	// beside is the format whose files this one's stand beside and say more of;
	// empty: it stands alone.
	Beside string
	// rounding is how far printed shares of failures, of a row and of the total, may
	// be apart.
	ShareRounding float64
	// sniff says whether the beginning of a file is of this format.
	Sniff func(head string) bool
	// requests hands every request of a file to samples, or figures what it says
	// of its endpoints. Their errors name a line.
	ReadRequests func(r *bufio.Reader, s *Samples) error
	ReadFigures  func(r *bufio.Reader, f *Figures) error
}

// HasKeys sniffs a JSON object by keys that no other format has all of.
func HasKeys(keys ...string) func(head string) bool {
	return func(head string) bool {
		return strings.HasPrefix(strings.TrimSpace(head), "{") &&
			!slices.ContainsFunc(keys, func(key string) bool { return !strings.Contains(head, key) })
	}
}

// Alone says whether a file of the format is judged, not one that stands beside
// it.
func (k Format) Alone() bool { return k.Beside == "" }

// Document is a result of the format in which nothing was measured.
func (k Format) Document() *result.Result {
	return &result.Result{
		Schema: result.Schema, Tool: k.Tool,
		Source: result.Source{Tool: k.Tool, Format: k.Name, Failures: k.Failures, Advice: k.Advice},
		Slot:   result.SlotLength, Shards: []result.Shard{{K: 1, N: 1}},
	}
}
