package grammar

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// MinRegression is the smallest change that counts (statistics, section 4), and the limit
// where the file has none; DefaultLast is how many earlier runs count there.
const (
	MinRegression = 0.05
	DefaultLast   = 20
)

func baselineShape() *shape {
	fields := []field{
		{key: "last", shape: scalarOf(counts("20", 3, 1000)), doc: "How many of the newest earlier runs count.",
			def: fmt.Sprint(DefaultLast), example: "last: 20"},
		{key: "branch", shape: scalarOf(nameText), doc: "The branch whose runs count.",
			def: "all", example: "branch: main"},
		{key: "host", shape: scalarOf(enum("same", "any")),
			doc: "Which runs count: those against the same host, or against any, for environments that have a new " +
				"name each time; the verdict says how many other hosts there were. localhost, 127.0.0.1 and ::1 are " +
				"one host.", def: "same", example: "host: any"},
		{key: "confirm", shape: scalarOf(flagText),
			doc: "Run once more when something looks slower, and fail only if both runs say so.",
			def: "true", example: "confirm: false"},
		{key: "missing", shape: scalarOf(enum("pass", "inconclusive")),
			doc: "The verdict when there are fewer than 3 " +
				"earlier runs; a pass comes with a note.", def: "pass", example: "missing: inconclusive"},
	}
	fields = append(fields, termFields("p95: "+percentText(MinRegression), "false")...)
	return &shape{kind: ObjectKind, name: "baseline", fields: append(fields, field{
		key: "except", shape: exceptShape(), def: "none",
		example: "except: {endpoint: GET /api/report, reason: its data grows daily}",
		doc:     "Endpoints left out of the comparison, each with the reason.",
	})}
}

// ruleBaseline are the terms of a rule's endpoints.
func ruleBaseline() *shape {
	return choice("none or terms", scalarOf(enum("none")),
		&shape{kind: ObjectKind, name: "terms", fields: termFields("the file's", "the file's")})
}

func termFields(regression, strict string) []field {
	return []field{
		{key: "max_regression", shape: regressionShape(), doc: "How much worse a figure may become. p50, p95, p99 " +
			"and throughput are compared without an entry too, and at most warn then.",
			def: regression, example: "max_regression: {p95: 10%}"},
		{key: "strict", shape: scalarOf(flagText), doc: "Leave undecided what earlier runs are too noisy to show.",
			def: strict, example: "strict: true"},
	}
}

func regressionShape() *shape {
	s := &shape{kind: ObjectKind, name: "regression"}
	for _, m := range metric.Compared() {
		doc := "Highest rise."
		if m.Better() == metric.Higher {
			doc = "Deepest fall."
		}
		s.fields = append(s.fields, field{key: m.Name(), shape: scalarOf(changeText(m)),
			doc: doc, def: "none", example: m.Name() + ": 10%"})
	}
	return s
}

// changeText is a change of a metric: of a rate that falls less than all of
// it, of a latency that rises any number.
func changeText(m metric.Metric) *scalar {
	most := 10.0
	if m.Better() == metric.Higher {
		most = 0.9
	}
	return &scalar{name: "change", json: "string", unit: "%", example: "10%", pattern: wholeText(ratioPattern),
		parse: func(t string) (any, error) {
			share, err := unit.ParseChange(t)
			if err == nil && (share < MinRegression || share > most) {
				err = fmt.Errorf("%s is out of range; write %s to %s", t, percentText(MinRegression), percentText(most))
			}
			return share, err
		}}
}

func percentText(share float64) string { return unit.Quantity{Value: share, Unit: unit.Ratio}.String() }
