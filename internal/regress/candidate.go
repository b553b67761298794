package regress

import (
	"math"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/stat"
)

// candidate is an endpoint, or transaction, that is compared with its own past; or
// several endpoints that are too rare to be compared alone.
type candidate struct {
	subject     string
	endpoints   evidence.Group
	transaction bool
	figure      estimate.Figure
	terms       config.Regression
	gated       bool
	strict      bool
	again       float64 // the confirmation run's value; NaN: it is not used
	history     stat.History
	// sure is the same with what the lag of late generators leaves of the new
	// values: see excuse. It is history where no generator was late.
	sure stat.History
}

func orNaN(v float64) float64 {
	if v == 0 {
		return math.NaN()
	}
	return v
}
