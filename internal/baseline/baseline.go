// Package baseline is earlier runs, distilled to what a comparison needs: a
// few figures a run, and which runs a new one may be compared with. It knows no
// formula of the comparison and does not know where runs are kept.
package baseline

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// Run is one run, distilled. The zero value is a run of which nothing is known
// and which serves no comparison.
type Run struct {
	ID      string    `json:"id"`      // in its history
	Started time.Time `json:"started"` // UTC
	Tool    string    `json:"tool"`    // loadgate and its version
	Name    string    `json:"name,omitempty"`
	Profile string    `json:"profile,omitempty"`
	Target  string    `json:"target,omitempty"` // without credentials
	// AnyHost says that the run is compared with runs against other hosts too, as its file wanted it.
	AnyHost bool   `json:"any_host,omitempty"`
	Digest  string `json:"digest"`        // of the load, profile included
	Load    Load   `json:"load,omitzero"` // the same in parts
	// Loads are those of a run with several, and Load is empty; nil: it has one.
	Loads  []OneLoad     `json:"loads,omitempty"`
	Seed   uint64        `json:"seed"`
	End    result.End    `json:"end"`
	Origin result.Origin `json:"origin,omitzero"`
	// Verdict is the outcome that decided the exit code: pass, warn, inconclusive
	// or fail.
	Verdict string `json:"verdict"`
	// Base says whether the run is a baseline for later ones, and Why, in a few
	// words, what speaks against it.
	Base    Base     `json:"base,omitempty"`
	Why     string   `json:"why,omitempty"`
	Figures []Figure `json:"figures"`
	// Marks are what people said of the run later, in the order of time; the
	// last one holds.
	Marks []Mark `json:"-"`
}

// Base says whether later runs may use a run as a baseline, apart from people's
// marks. The zero value is that of older documents: their verdict decides.
type Base string

// Whether a run may be a baseline.
const (
	Fit      Base = "fit"      // nothing failed, and its generator kept its timetable
	Failed   Base = "failed"   // a check failed
	Unjudged Base = "unjudged" // the run as a whole could not be judged
	Late     Base = "late"     // its generator was so late that its figures are its own
)

// Figure is one value of one endpoint or transaction.
type Figure struct {
	Endpoint    string        `json:"endpoint"`
	Transaction bool          `json:"transaction,omitempty"` // not an endpoint
	Metric      metric.Metric `json:"metric"`
	Value       float64       `json:"value"` // in the base of the metric's unit, above 0
	// Err is the standard error of the value's natural logarithm, from its
	// interval within the run; 0: unknown.
	Err      float64 `json:"err,omitempty"`
	Requests int64   `json:"requests"` // that the value rests on
	// Sent is the same value from the actual send, which does not know what the
	// generator was late by; 0: not known, or no latency.
	Sent float64 `json:"sent,omitempty"`
	// Unsure marks a figure whose own check was undecided: it is shown, and not
	// compared with later ones.
	Unsure bool `json:"unsure,omitempty"`
}

// Mark is what somebody said of a run.
type Mark struct {
	Accepted bool      `json:"accepted"` // false: rejected
	Reason   string    `json:"reason"`   // never empty
	By       string    `json:"by,omitempty"`
	At       time.Time `json:"at"` // UTC
	// Told is set where nobody judged the run: an alert was sent, and Reason is what it said.
	Told *Told `json:"told,omitempty"`
}

// Mark is the mark that holds; false if there is none.
func (r Run) Mark() (Mark, bool) {
	for _, m := range slices.Backward(r.Marks) {
		if m.Told == nil {
			return m, true
		}
	}
	return Mark{}, false
}

// Of is the head of a run's distillate: all but its ID, verdict and figures.
func Of(r *result.Result) Run {
	return Run{
		Started: r.Started, Tool: r.Tool, Name: r.Name, Profile: r.Profile, Target: r.Target,
		Digest: r.Digest, Load: loadOf(r), Loads: loadsOf(r), Seed: r.Seed, End: r.End, Origin: r.Origin,
	}
}

// Whole says whether the run came to its planned end: only such runs are kept
// and compared.
func (r Run) Whole() bool { return r.End == result.Complete }
