package report

import (
	"encoding/json"
	"io"
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// VerdictSchema names the version of verdict.json. Fields may be added within
// a version; none changes its meaning.
const VerdictSchema = "loadgate.verdict/1"

// verdictDocument is verdict.json, for scripts. Every field is always there:
// what is not known is null or an empty text, never 0.
type verdictDocument struct {
	Schema string `json:"schema"`
	// Outcome is the worst check: pass, warn, inconclusive or fail.
	Outcome verdict.Outcome `json:"outcome"`
	// ExitOutcome is Outcome after judge.inconclusive; ExitCode follows from
	// it, but for a run that was interrupted.
	ExitOutcome verdict.Outcome `json:"exit_outcome"`
	ExitCode    int             `json:"exit_code"`
	// Summary is the last line of the table.
	Summary    string     `json:"summary"`
	Confidence *float64   `json:"confidence"` // of the intervals, in (0,1)
	Run        verdictRun `json:"run"`
	// Next is what would decide an inconclusive run.
	Next      string         `json:"next,omitempty"`
	Checks    []verdictCheck `json:"checks"`
	Stages    []verdictStage `json:"stages"` // of a load in stages, each judged alone
	Diagnosis []verdictCause `json:"diagnosis"`
	// Excepted is what the file leaves out of its rules.
	Excepted []verdictExcepted `json:"excepted"`
}

// verdictCause is why a run went as it did. It changes no outcome.
type verdictCause struct {
	Title     string   `json:"title"`
	Evidence  string   `json:"evidence"` // what was measured
	Next      string   `json:"next"`     // where to look
	Endpoints []string `json:"endpoints"`
	// share of what there is too much of that it explains, in [0,1]; null: an observation
	Size *float64 `json:"size"`
	Of   string   `json:"of,omitempty"`
}

// verdictStage is one level of a load in stages. Rate is null of users, Users
// of arrivals.
type verdictStage struct {
	Run      *int64          `json:"run"` // of a search: which of its runs it is, from 1; null: a stage of a run
	Users    *int64          `json:"users"`
	Rate     *float64        `json:"rate_per_s"`
	FromNS   int64           `json:"from_ns"`
	UntilNS  int64           `json:"until_ns"`
	WarmUp   bool            `json:"warm_up"` // lies in it, and counts for no limit
	Requests int64           `json:"requests"`
	Failures int64           `json:"failures"`
	Served   *verdictAmount  `json:"served"` // successes per second
	Mean     *verdictAmount  `json:"mean"`   // of all successes
	P50      *verdictAmount  `json:"p50"`
	P95      *verdictAmount  `json:"p95"`
	Outcome  verdict.Outcome `json:"outcome"`
	Checks   []verdictCheck  `json:"checks"`
}

// verdictRun says which run was judged. Digest, Seed and Started tell runs
// apart.
type verdictRun struct {
	Tool       string         `json:"tool"`
	Name       string         `json:"name"`
	Profile    string         `json:"profile"`
	Target     string         `json:"target"`
	Digest     string         `json:"digest"`
	Seed       uint64         `json:"seed"`
	Started    *time.Time     `json:"started"` // UTC
	End        result.End     `json:"end"`
	ElapsedNS  int64          `json:"elapsed_ns"`
	MeasuredNS int64          `json:"measured_ns"` // without the warm-up and the drain
	Users      int            `json:"users"`
	RatePerS   *float64       `json:"rate_per_s"`         // arrivals per second of an open load; null: a closed one
	Requests   int64          `json:"requests"`           // measured; failures included
	Failures   *int64         `json:"failures,omitempty"` // measured; absent: another tool's file does not say
	Shards     []verdictShard `json:"shards"`
	Smoke      bool           `json:"smoke"` // failures alone were judged
}

// verdictShard names a part of the run. How each one ended is told in the
// checks, where it matters.
type verdictShard struct {
	K int `json:"k"`
	N int `json:"n"`
}

func verdictShards(shards []result.Shard) []verdictShard {
	named := make([]verdictShard, len(shards))
	for i, s := range shards {
		named[i] = verdictShard{s.K, s.N}
	}
	return named
}

// verdictCheck is one finding. Rule is empty for a health check, Line and
// Column are 0 where no line of the file is behind it.
type verdictCheck struct {
	Rule      string          `json:"rule"`
	File      string          `json:"file"`
	Line      int             `json:"line"`
	Column    int             `json:"column"`
	Subject   string          `json:"subject"`
	Endpoints []string        `json:"endpoints"`
	Metric    string          `json:"metric"`
	Better    string          `json:"better"` // lower or higher: the good side of the limit; empty without a metric
	Value     *verdictAmount  `json:"value"`
	Low       *verdictAmount  `json:"low"`
	High      *verdictAmount  `json:"high"`
	Limit     *verdictAmount  `json:"limit"`
	Requests  int64           `json:"requests"` // that the value rests on
	Resource  bool            `json:"resource"` // of a gauge beside the load, which has readings and no requests
	Readings  int             `json:"readings"`
	Needed    *int64          `json:"needed"`   // requests that would show a pass; null: enough or unknown
	Expected  *float64        `json:"expected"` // requests that the plan expected
	Outcome   verdict.Outcome `json:"outcome"`
	Shown     bool            `json:"shown"` // false for a pass or warning by value alone
	// the value is another tool's; low and high are what its rounding hides
	Given bool `json:"given,omitempty"`
	// Above is the requests that exceeded the limit, where these and not the
	// interval show that it is kept.
	Above *verdictAbove `json:"above,omitempty"`
	// Of is arrivals for a percentile of what users who kept their pace would have
	// waited; else it is left out.
	Of        string `json:"of,omitempty"`
	DecidesNS int64  `json:"decides_ns,omitempty"` // duration of a run that would likely decide the check
	Reason    string `json:"reason"`
	Remedy    string `json:"remedy"`
	// Comparison is null for a limit of the file.
	Comparison *verdictComparison `json:"comparison"`
}

// verdictAbove is requests above a limit, and the upper end of the interval of
// their share.
type verdictAbove struct {
	Count int64   `json:"count"`
	High  float64 `json:"high"`
}

// verdictAmount is a quantity in the base of its dimension, whatever unit the
// file was written in: ns, ratio, per_second, bytes or count.
type verdictAmount struct {
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

func writeVerdict(w io.Writer, v View) error {
	doc := verdictDocument{
		Schema:      VerdictSchema,
		Outcome:     v.Closing.Outcome,
		ExitOutcome: v.Closing.Final,
		ExitCode:    v.Closing.ExitCode,
		Summary:     v.Closing.Word() + ": " + v.Closing.Sentence(),
		Confidence:  known(v.options.Confidence),
		Run:         runOf(v),
		Next:        v.Closing.next,
		Checks:      make([]verdictCheck, 0, len(v.checks)),
		Stages:      make([]verdictStage, 0, len(v.Stages)),
		Diagnosis:   make([]verdictCause, 0, len(v.Causes)),
		Excepted:    verdictExceptions(v.left),
	}
	for _, c := range v.checks {
		doc.Checks = append(doc.Checks, checkOf(c))
	}
	for _, s := range v.Stages {
		doc.Stages = append(doc.Stages, stageOf(s))
	}
	for _, c := range v.Causes {
		doc.Diagnosis = append(doc.Diagnosis, verdictCause{
			Title: c.Title, Evidence: c.Evidence, Next: c.Next,
			Endpoints: append([]string{}, c.Endpoints...), Size: sizeOf(c),
			Of: string(c.Of),
		})
	}
	return writeJSON(w, doc)
}

// sizeOf is how much a cause explains; nil: nobody knows.
func sizeOf(c verdict.Cause) *float64 {
	if !c.Size.OK {
		return nil
	}
	return known(c.Size.Value)
}

func runOf(v View) verdictRun {
	r := v.run
	run := verdictRun{
		Tool: r.Tool, Name: r.Name, Profile: r.Profile, Target: r.Target, Digest: r.Digest, Seed: r.Seed,
		End: r.End, ElapsedNS: int64(r.Elapsed), MeasuredNS: int64(r.Measured().Length),
		Users: r.Planned.Users, RatePerS: known(r.Planned.Rate), Shards: verdictShards(r.Shards),
		Smoke: r.Planned.Smoke,
	}
	if !r.Started.IsZero() {
		started := r.Started.UTC()
		run.Started = &started
	}
	for _, f := range v.Endpoints {
		run.Requests += f.Requests
	}
	if n, known := failuresOf(r, v.Endpoints, true); known {
		run.Failures = &n
	}
	return run
}

func stageOf(s verdict.Stage) verdictStage {
	stage := verdictStage{
		Run: known(int64(s.Run)), FromNS: int64(s.From), UntilNS: int64(s.Until), WarmUp: s.WarmUp,
		Requests: s.Requests, Failures: s.Failed, Served: amountOf(s.Rate),
		Mean: amountOf(s.Mean), P50: amountOf(s.P50), P95: amountOf(s.P95),
		Outcome: s.Outcome(), Checks: make([]verdictCheck, 0, len(s.Checks)),
	}
	// None at all is a level too.
	if s.Open {
		stage.Rate = &s.Stage.Rate
	} else {
		stage.Users = new(int64(s.Users))
	}
	for _, c := range s.Checks {
		stage.Checks = append(stage.Checks, checkOf(c))
	}
	return stage
}

func checkOf(c verdict.Check) verdictCheck {
	better := "lower"
	switch {
	case c.Metric.Name() == "":
		better = ""
	case c.Metric.Better() == metric.Higher:
		better = "higher"
	}
	check := verdictCheck{
		Rule: c.Rule, File: c.Pos.File, Line: c.Pos.Line, Column: c.Pos.Column,
		Subject: c.Subject, Endpoints: append([]string{}, c.Endpoints...),
		Metric: c.Metric.Name(), Better: better,
		Value: amountOf(c.Got), Low: amountOf(c.Low), High: amountOf(c.High), Limit: amountOf(c.Limit),
		Requests: c.Requests, Resource: c.Resource, Readings: c.Readings,
		Needed: known(c.Needed), Expected: known(c.Expected),
		Outcome: c.Outcome, Shown: c.Shown, Given: c.Given, Reason: c.Reason,
		Remedy: c.Remedy, Comparison: comparisonOf(c),
		DecidesNS: int64(c.Decides),
	}
	if c.Above != nil {
		check.Above = &verdictAbove{c.Above.Count, c.Above.High}
	}
	if c.OfArrivals {
		check.Of = "arrivals"
	}
	return check
}

func amountOf(v verdict.Value) *verdictAmount {
	if !v.OK || math.IsNaN(v.Value) || math.IsInf(v.Value, 0) {
		return nil
	}
	return &verdictAmount{v.Value, v.Unit.Base()}
}

// known is nil for the zero that stands for unknown.
func known[N int64 | float64](n N) *N {
	if n == 0 || math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return nil
	}
	return &n
}

// writeJSON writes a document for scripts, and for people who look into it.
func writeJSON(w io.Writer, doc any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(doc)
}
