package grammar

import (
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// rule takes its metric keys from the table of metrics.
func ruleShape() *shape {
	s := &shape{kind: ObjectKind, name: "rule", fields: []field{
		{key: "endpoints", shape: oneOrMore(scalarOf(patternText)),
			required: true, doc: "Endpoints the rule applies to; * " +
				"matches any text, but no start or end step.", example: `endpoints: ["GET /api/*", POST /login]`},
		{key: "except", shape: exceptShape(), def: "none",
			example: "except: {endpoint: GET /api/report, reason: slow export, until: 2026-03-01}",
			doc:     "Endpoints the rule leaves out, each with the reason."},
		{key: "profiles", shape: oneOrMore(scalarOf(nameText)),
			doc: "Profiles in which the rule is judged.", def: "all", example: "profiles: [peak]"},
		{key: "loads", shape: oneOrMore(scalarOf(nameText)), def: "all", example: "loads: [spike]",
			doc: "Loads of a profile with several on which the rule is judged."},
		{key: "users", shape: oneOrMore(scalarOf(nameText)), def: "all together", example: "users: [student]",
			doc: "Groups of users whose requests the rule is about, all of them together."},
		{key: "combine", shape: scalarOf(flagText), doc: "Judge all endpoints together, latency too.",
			def: "false", example: "combine: true"},
		{key: "each", shape: scalarOf(flagText), doc: "Judge every endpoint alone, success and throughput too.",
			def: "false", example: "each: true"},
		{
			key: "of", shape: scalarOf(enum("arrivals", "requests")), def: "arrivals", example: "of: requests",
			doc: "arrivals: judge percentiles also by the waits of users who would have kept their pace while the " +
				"service stalled; requests: by requests alone.",
		},
		{key: "baseline", shape: ruleBaseline(), doc: "How these endpoints are compared with earlier runs, if not " +
			"as the baseline section says; none: not at all.",
			def: "as the file says", example: "baseline: {max_regression: {p95: 20%}}"},
	}}
	docs := map[metric.Metric]string{
		metric.Mean:        "Highest mean response time.",
		metric.Max:         "Highest response time of all.",
		metric.FailureRate: "Highest share of requests that fail.",
		metric.Success:     "Lowest share of requests that succeed.",
		metric.Throughput:  "Lowest rate of successful requests.",
	}
	firstMean, firstMax := metric.FirstByte(metric.Mean), metric.FirstByte(metric.Max)
	docs[firstMean] = "Highest mean time to the first byte, from when the request was sent."
	docs[firstMax] = "Longest time to the first byte of all."
	for _, m := range []metric.Metric{metric.Mean, metric.Max, metric.FailureRate, metric.Success, metric.Throughput,
		firstMean, firstMax} {
		limit := limitShape(m)
		s.fields = append(s.fields, field{key: m.Name(), shape: limit,
			doc: docs[m], def: "none", example: m.Name() + ": " + limit.choices[0].scalar.example})
	}
	s.pattern = wholeText(`(?:time_to_first_byte_)?p[0-9]{1,2}(?:\.[0-9]+)?`)
	s.rest = &field{key: "p95, p50, p99.9, …", shape: limitShape(metric.P95),
		doc: "Highest response time at that percentile; " +
			"time_to_first_byte_p95 and so on: highest time to the first byte.",
		def: "none", example: "p95: {warn: 150ms, fail: 200ms}"}
	return s
}

// limit is one value, or one that warns and one that fails.
func limitShape(m metric.Metric) *shape {
	value := limits(m.Unit(), m.Better())
	return choice("limit ("+value.name+")", scalarOf(value),
		&shape{kind: ObjectKind, name: value.name + " limits", fields: []field{
			{key: "warn", shape: scalarOf(value), doc: "Crossing this limit is a warning, never more.",
				def: "none", example: "warn: " + value.example},
			{key: "fail", shape: scalarOf(value), doc: "Crossing this limit fails the run.",
				def: "none", example: "fail: " + value.example},
		}})
}

func judgeShape() *shape {
	return &shape{kind: ObjectKind, name: "judge", fields: []field{
		{key: "confidence", shape: scalarOf(confidenceText), doc: "Confidence level of the intervals, two-sided.",
			def: unit.Quantity{Value: DefaultConfidence, Unit: unit.Ratio}.String(), example: "confidence: 99%"},
		{key: "near", shape: scalarOf(enum("warn", "inconclusive")), doc: "What a value within its limit counts as " +
			"when its interval crosses the limit.", def: "warn", example: "near: inconclusive"},
		{key: "inconclusive", shape: scalarOf(enum("fail", "warn", "pass")),
			doc: "How an undecided verdict counts.", def: "exit code 3", example: "inconclusive: fail"},
		{key: "extend", shape: scalarOf(factorText),
			doc: "Measure up to this many times as long while a rule is undecided.", def: "1x", example: "extend: 2x"},
		{key: "stop_on_fail", shape: scalarOf(flagText), doc: "End the run early when a limit is broken beyond doubt.",
			def: "true", example: "stop_on_fail: false"},
		{key: "stop_on_pass", shape: scalarOf(flagText), doc: "End the run early when every limit is shown to hold.",
			def: "false", example: "stop_on_pass: true"},
		{key: "decide", shape: scalarOf(enum("interval", "point")),
			doc: "point: compare values alone, without intervals.", def: "interval", example: "decide: point"},
	}}
}
