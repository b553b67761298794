package regress

import (
	"math"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/stat"
)

// mostlyOwn is the part of the variance between runs that single runs explain
// by their own length, from which longer runs are worth a word.
const mostlyOwn = 0.5

// finer says what would show a smaller change than one run does now; the zero value where
// what is allowed would show already.
func finer(e *evidence.Run, r *candidate, s stat.Shift) reason.Reason {
	m := r.figure.Metric
	if s.Detectable <= excess(m, r.terms.Most) {
		return reason.Reason{}
	}
	n := e.Config.Baseline.Last
	if n == 0 || n > mostUseful {
		n = mostUseful
	}
	args := worsened(m, change(m, s.Detectable))
	if n > s.Runs && s.Runs >= baseline.Fewest {
		then := worsened(m, change(m, s.DetectableWith(n)))
		then["runs"] = n
		args["more"] = reason.RecordMore.With(then)
	}
	if own := meanSquare(r.history.PastErr); !s.NoErr && own > mostlyOwn*s.ErrOne*s.ErrOne {
		args["longer"] = reason.LongerRuns.Plain()
	}
	return reason.FindLess.With(args)
}

// mostUseful is the number of earlier runs beyond which more of them add little.
const mostUseful = 20

// meanSquare is that of the numbers among the values; NaN without any.
func meanSquare(values []float64) float64 {
	squares := make([]float64, len(values))
	for i, v := range values {
		squares[i] = math.Pow(v, 2)
	}
	return evidence.Mean(squares)
}
