package regress

import (
	"math"

	"github.com/loadgate/loadgate/internal/metric"
)

// excess is an allowed change for the worse as AgainstPast and Pairs see it,
// whose logarithms are turned: what may fall by half may be twice as bad.
func excess(m metric.Metric, most float64) float64 {
	if m.Better() == metric.Higher {
		return 1/(1-most) - 1
	}
	return most
}

// change is the reverse of excess: a change for the worse of the metric itself.
func change(m metric.Metric, excess float64) float64 {
	if m.Better() == metric.Higher {
		return 1 - 1/(1+excess)
	}
	return excess
}

// allowed is the change of a metric's value that its terms allow.
func allowed(m metric.Metric, most float64) float64 {
	if m.Better() == metric.Higher {
		return -most
	}
	return most
}

// back is the value of a logarithm that was turned so that more is worse.
func back(m metric.Metric, log float64) float64 { return math.Exp(worse(m, []float64{log})[0]) }

// worse turns logarithms so that more is worse.
func worse(m metric.Metric, logs []float64) []float64 {
	if m.Better() == metric.Lower {
		return logs
	}
	turned := make([]float64, len(logs))
	for i, v := range logs {
		turned[i] = -v
	}
	return turned
}
