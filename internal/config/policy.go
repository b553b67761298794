package config

import (
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/metric"
)

// Baseline says whether and how a run is compared with earlier ones. The zero
// value asks for no comparison.
type Baseline struct {
	On bool // the file has the section
	// Last is how many of the newest earlier runs count at most.
	Last int
	// Branch is the one whose runs count; empty: all.
	Branch string
	// AnyHost counts runs against other hosts too, such as preview environments.
	AnyHost bool
	// Confirm makes a second run where the first looks like a regression.
	Confirm bool
	// MissingStrict leaves a run undecided that has too few earlier runs to be
	// compared with, which is else passed over with a note.
	MissingStrict bool
	// Policy applies to endpoints for which no rule has its own.
	Policy RegressionPolicy
	Except []Exception
	Pos    mistake.Pos
}

// RegressionPolicy is how much worse than earlier runs an endpoint may become.
type RegressionPolicy struct {
	Regressions []Regression // file order; empty: the endpoint is not compared
	// Strict leaves an endpoint undecided whose earlier runs scatter too much to
	// show a regression of that size.
	Strict bool
}

// Regression is how much worse one metric may become.
type Regression struct {
	Metric metric.Metric
	Most   float64     // of the value of earlier runs, above 0: 0.1 allows 10 %
	Pos    mistake.Pos // zero for what the file leaves to the default
}
