package content

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// ContrastText is a contrast in words.
type ContrastText struct{ A, B, Ratio, Difference string }

// Contrasted words a contrast.
func Contrasted(c regress.Contrast) ContrastText {
	return ContrastText{measurementText(c.A), measurementText(c.B), ratioText(c), differenceText(c)}
}

// Differs says whether there is more to say of the two than that they are alike.
func Differs(c regress.Contrast) bool {
	return !c.A.Value.OK || !c.B.Value.OK || c.Difference != regress.Same
}

// DifferenceOutcome colours a difference.
func DifferenceOutcome(c regress.Contrast) verdict.Outcome {
	switch {
	case !c.A.Value.OK || !c.B.Value.OK:
		return verdict.Inconclusive
	case c.Difference == regress.Worse:
		return verdict.Fail
	}
	return verdict.Pass
}

// Unlike is what makes two runs unlike, a sentence each.
func Unlike(a, b *result.Result) []string {
	var found []string
	if a.Digest != b.Digest {
		found = append(found, "they are of different loads: users, steps or profile differ, and figures with them")
	}
	if one, other := a.Origin.Runner.Class(), b.Origin.Runner.Class(); one != other {
		found = append(found, fmt.Sprintf("they were made on different classes of runner: %q and %q", one, other))
	}
	for i, r := range []*result.Result{a, b} {
		if r.End != result.Complete {
			found = append(found, fmt.Sprintf("%c did not come to its end: %s", 'A'+i, EndText(r.End)))
		}
	}
	return found
}

// differenceText is how B stands to A, in a word that fits the metric.
func differenceText(c regress.Contrast) string {
	switch {
	case !c.A.Value.OK || !c.B.Value.OK:
		return "only one of them"
	case c.Difference == regress.Worse && c.Metric.Latency():
		return "slower"
	case c.Difference == regress.Better && c.Metric.Latency():
		return "faster"
	case c.Difference == regress.Worse:
		return "worse"
	case c.Difference == regress.Better:
		return "better"
	}
	return "–"
}

func measurementText(m regress.Measurement) string {
	if !m.Value.OK {
		return "–"
	}
	value := unit.Amount(m.Value.Quantity)
	low, high := "", ""
	if m.Low.OK {
		low = unit.Amount(m.Low.Quantity)
	}
	if m.High.OK {
		high = unit.Amount(m.High.Quantity)
	}
	return value + IntervalText(value, low, high)
}

func ratioText(c regress.Contrast) string {
	if !c.Ratio.OK {
		return "–"
	}
	text := fmt.Sprintf("%.2f", c.Ratio.Value)
	if c.Low.OK && c.High.OK {
		text += fmt.Sprintf(" (%.2f–%.2f)", c.Low.Value, c.High.Value)
	}
	return text
}
