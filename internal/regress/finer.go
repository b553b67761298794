package regress

import (
	"fmt"
	"math"
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/stat"
)

// mostlyOwn is the part of the variance between runs that single runs explain
// by their own length, from which longer runs are worth a word.
const mostlyOwn = 0.5

// finer says what would show a smaller change than one run does now; empty where
// what is allowed would show already.
func finer(e *evidence.Run, r *candidate, s stat.Shift) string {
	m := r.figure.Metric
	if s.Detectable <= excess(m, r.terms.Most) {
		return ""
	}
	var ways []string
	n := e.Config.Baseline.Last
	if n == 0 || n > mostUseful {
		n = mostUseful
	}
	if n > s.Runs && s.Runs >= baseline.Fewest {
		then := signed(m, change(m, s.DetectableWith(n)))
		ways = append(ways, fmt.Sprintf("record more runs (about %s with %d)", then, n))
	}
	if own := meanSquare(r.course.PastErr); !s.NoErr && own > mostlyOwn*s.ErrOne*s.ErrOne {
		ways = append(ways, "run longer (the scatter is mostly within single runs)")
	}
	ways = append(ways, "compare two builds on one machine with loadgate ab")
	return fmt.Sprintf("to find less than %s: %s", signed(m, change(m, s.Detectable)), strings.Join(ways, ", or "))
}

// mostUseful is the number of earlier runs beyond which more of them add little.
const mostUseful = 20

// signed is a change for the worse with its sign.
func signed(m metric.Metric, share float64) string {
	if m.Better() == metric.Higher {
		return "−" + evidence.Rise(share)
	}
	return "+" + evidence.Rise(share)
}

// meanSquare is that of the numbers among the values; NaN without any.
func meanSquare(values []float64) float64 {
	squares := make([]float64, len(values))
	for i, v := range values {
		squares[i] = math.Pow(v, 2)
	}
	return evidence.Mean(squares)
}
