package content

import (
	"maps"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// RateText is a rate, in events per second, in words of a unit, such as 3000/min.
func RateText(v float64, u unit.Unit) string { return unit.Quantity{Value: v, Unit: u}.String() }

// Rate is n over a time, in a unit; false when there was no time.
func Rate(n int64, span time.Duration, u unit.Unit) (unit.Quantity, bool) {
	if span <= 0 {
		return unit.Quantity{}, false
	}
	return unit.Quantity{Value: float64(n) / span.Seconds(), Unit: u}, true
}

// inUnit is a verdict with its rates in one unit.
func inUnit(v verdict.Verdict, u unit.Unit) verdict.Verdict {
	v.Checks = eachIn(v.Checks, u, checkIn)
	v.Stages = eachIn(v.Stages, u, StageIn)
	v.Causes = eachIn(v.Causes, u, func(c verdict.Cause, u unit.Unit) verdict.Cause {
		c.Because, c.Also, c.Remedies = ReasonIn(c.Because, u), eachIn(c.Also, u, ReasonIn),
			eachIn(c.Remedies, u, ReasonIn)
		return c
	})
	v.Next = ReasonIn(v.Next, u)
	return v
}

// checkIn is a check with its rates in a unit. A limit of the file stays as it was written, and so does what is said
// beside it; a gauge is no part of the load.
func checkIn(c verdict.Check, u unit.Unit) verdict.Check {
	switch {
	case c.Resource:
		return c
	case c.Metric == metric.Throughput && c.Comparison == nil && c.Limit.OK:
		u = c.Limit.Unit
	}
	c.Got, c.Low, c.High, c.Limit = valueIn(c.Got, u), valueIn(c.Low, u), valueIn(c.High, u), valueIn(c.Limit, u)
	c.Because, c.Also, c.Remedies = ReasonIn(c.Because, u), eachIn(c.Also, u, ReasonIn), eachIn(c.Remedies, u, ReasonIn)
	if c.Comparison != nil {
		k := *c.Comparison
		k.Base, k.Low, k.High, k.Again = valueIn(k.Base, u), valueIn(k.Low, u), valueIn(k.High, u), valueIn(k.Again, u)
		k.Finer = ReasonIn(k.Finer, u)
		c.Comparison = &k
	}
	return c
}

// StageIn is a stage with its rates in a unit.
func StageIn(s verdict.Stage, u unit.Unit) verdict.Stage {
	s.Rate, s.Checks = valueIn(s.Rate, u), eachIn(s.Checks, u, checkIn)
	return s
}

// ReasonIn is a reason with the rates among its arguments in a unit.
func ReasonIn(r reason.Reason, u unit.Unit) reason.Reason {
	r.Args = maps.Clone(r.Args)
	for name, value := range r.Args {
		switch v := value.(type) {
		case unit.Quantity:
			r.Args[name] = v.In(u)
		case reason.Reason:
			r.Args[name] = ReasonIn(v, u)
		case []reason.Reason:
			r.Args[name] = eachIn(v, u, ReasonIn)
		}
	}
	return r
}

func valueIn(v verdict.Value, u unit.Unit) verdict.Value {
	v.Quantity = v.In(u)
	return v
}

// eachIn is a list that shares nothing with the one that it is made of.
func eachIn[T any](all []T, u unit.Unit, in func(T, unit.Unit) T) []T {
	all = slices.Clone(all)
	for i := range all {
		all[i] = in(all[i], u)
	}
	return all
}
