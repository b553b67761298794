// Package verdictjson writes verdict.json and the documents that share its amounts.
package verdictjson

import (
	"io"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Schema names the version of verdict.json. Fields may be added within
// a version; none changes its meaning.
const Schema = "loadgate.verdict/1"

// document is verdict.json, for scripts. Every field is always there, but for the few that do not
// apply (docs/result.md lists them): what is not known is null or an empty text, never 0.
type document struct {
	Schema string `json:"schema"`
	// Outcome is the worst check: pass, warn, inconclusive or fail.
	Outcome verdict.Outcome `json:"outcome"`
	// ExitOutcome is Outcome after judge.inconclusive; ExitCode follows from
	// it, but for a run that was interrupted.
	ExitOutcome verdict.Outcome `json:"exit_outcome"`
	ExitCode    int             `json:"exit_code"`
	// Summary is the last line of the table.
	Summary    string   `json:"summary"`
	Confidence *float64 `json:"confidence"` // of the intervals, in (0,1)
	Run        run      `json:"run"`
	// Next is what would decide an inconclusive run.
	Next      string  `json:"next,omitempty"`
	Checks    []check `json:"checks"`
	Stages    []stage `json:"stages"` // of a load in stages, each judged alone
	Diagnosis []cause `json:"diagnosis"`
	// Excepted is what the file leaves out of its rules.
	Excepted []excepted `json:"excepted"`
	// Scaling is how many replicas to run, where a search was asked for it.
	Scaling *scaling `json:"scaling,omitempty"`
}

// cause is why a run went as it did. It changes no outcome.
type cause struct {
	because
	Title     string   `json:"title"`
	Evidence  string   `json:"evidence"` // what was measured
	Next      string   `json:"next"`     // where to look
	Endpoints []string `json:"endpoints"`
	// share of what there is too much of that it explains, in [0,1]; null: an observation
	Size *float64 `json:"size"`
	Of   string   `json:"of,omitempty"`
}

// stage is one level of a load in stages. Rate is null of users, Users
// of arrivals.
type stage struct {
	Run      *int64          `json:"run"` // of a search: which of its runs it is, from 1; null: a stage of a run
	Load     string          `json:"load,omitempty"`
	Users    *int64          `json:"users"`
	Rate     *float64        `json:"rate_per_s"`
	FromNS   int64           `json:"from_ns"`
	UntilNS  int64           `json:"until_ns"`
	WarmUp   bool            `json:"warm_up"` // lies in it, and counts for no limit
	Requests int64           `json:"requests"`
	Failures int64           `json:"failures"`
	Served   *Amount         `json:"served"`     // successes per second
	Low      *Amount         `json:"served_low"` // the lower end of the interval of served
	Mean     *Amount         `json:"mean"`       // of all successes
	P50      *Amount         `json:"p50"`
	P95      *Amount         `json:"p95"`
	Outcome  verdict.Outcome `json:"outcome"`
	Checks   []check         `json:"checks"`
}

// run says which run was judged. Digest, Seed and Started tell runs
// apart.
type run struct {
	Tool       string     `json:"tool"`
	Name       string     `json:"name"`
	Profile    string     `json:"profile"`
	Target     string     `json:"target"`
	Digest     string     `json:"digest"`
	Seed       uint64     `json:"seed"`
	Started    *time.Time `json:"started"` // UTC
	End        result.End `json:"end"`
	ElapsedNS  int64      `json:"elapsed_ns"`
	MeasuredNS int64      `json:"measured_ns"` // without the warm-up and the drain
	Users      int        `json:"users"`
	RatePerS   *float64   `json:"rate_per_s"`         // arrivals per second of an open load; null: a closed one
	Requests   int64      `json:"requests"`           // measured; failures included
	Failures   *int64     `json:"failures,omitempty"` // measured; absent: another tool's file does not say
	Shards     []shard    `json:"shards"`
	Smoke      bool       `json:"smoke"` // failures alone were judged
	// LeftOut are groups of the file that the load did not have, and Unasked the rules on what only those send, which
	// were not judged.
	LeftOut      []string `json:"left_out,omitempty"`
	SkippedLoads []string `json:"left_out_loads,omitempty"`
	Unasked      []string `json:"unasked_rules,omitempty"`
}

// shard names a part of the run. How each one ended is in the
// checks, where it matters.
type shard struct {
	K int `json:"k"`
	N int `json:"n"`
}

func shards(shards []result.Shard) []shard {
	named := make([]shard, len(shards))
	for i, s := range shards {
		named[i] = shard{s.K, s.N}
	}
	return named
}

// check is one finding. Rule is empty for a health check, Line and
// Column are 0 where no line of the file is behind it.
type check struct {
	Rule      string          `json:"rule"`
	File      string          `json:"file"`
	Line      int             `json:"line"`
	Column    int             `json:"column"`
	Subject   string          `json:"subject"`
	Endpoints []string        `json:"endpoints"`
	Load      string          `json:"load,omitempty"`
	Metric    string          `json:"metric"`
	Better    string          `json:"better"` // lower or higher: the good side of the limit; empty without a metric
	Value     *Amount         `json:"value"`
	Low       *Amount         `json:"low"`
	High      *Amount         `json:"high"`
	Limit     *Amount         `json:"limit"`
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
	Above *above `json:"above,omitempty"`
	// Of is arrivals for a percentile of what users who kept their pace would have
	// waited; else it is left out.
	Of        string `json:"of,omitempty"`
	DecidesNS int64  `json:"decides_ns,omitempty"` // duration of a run that would likely decide the check
	because
	Reason string `json:"reason"`
	Remedy string `json:"remedy"`
	// Comparison is null for a limit of the file.
	Comparison *comparison `json:"comparison"`
	// Trace is a sampled request that shows what the check is about; absent: there is none.
	Trace *traced `json:"trace,omitempty"`
}

// above is requests above a limit, and the upper end of the interval of
// their share.
type above struct {
	Count int64   `json:"count"`
	High  float64 `json:"high"`
}

// Write writes verdict.json.
func Write(w io.Writer, v content.View) error {
	doc := document{
		Schema:      Schema,
		Outcome:     v.Closing.Outcome,
		ExitOutcome: v.Closing.Final,
		ExitCode:    v.Closing.ExitCode,
		Summary:     v.Closing.Word() + ": " + v.Closing.Sentence(),
		Confidence:  known(v.Options.Confidence),
		Run:         runOf(v),
		Next:        v.Closing.Next,
		Checks:      make([]check, 0, len(v.Checks)),
		Stages:      make([]stage, 0, len(v.Stages)),
		Diagnosis:   make([]cause, 0, len(v.Causes)),
		Excepted:    exceptions(v.Left),
		Scaling:     scalingOf(v.Scaling),
	}
	for _, c := range v.Checks {
		check := checkOf(c)
		check.Trace = tracedOf(v, c)
		doc.Checks = append(doc.Checks, check)
	}
	for _, s := range v.Stages {
		doc.Stages = append(doc.Stages, stageOf(s))
	}
	for _, c := range v.Causes {
		doc.Diagnosis = append(doc.Diagnosis, cause{
			because: becauseOf(c.Because, c.Also, c.Remedies),
			Title:   c.Title, Evidence: c.Evidence, Next: c.Next,
			Endpoints: append([]string{}, c.Endpoints...), Size: sizeOf(c),
			Of: wording.Text(c.Of.Reason()),
		})
	}
	return WriteJSON(w, doc)
}

// sizeOf is how much a cause explains; nil: nobody knows.
func sizeOf(c content.Cause) *float64 {
	if !c.Size.OK {
		return nil
	}
	return finite(c.Size.Value)
}

func runOf(v content.View) run {
	r := v.Run
	run := run{
		Tool: r.Tool, Name: r.Name, Profile: r.Profile, Target: r.Target, Digest: r.Digest, Seed: r.Seed,
		End: r.End, ElapsedNS: int64(r.Elapsed), MeasuredNS: int64(r.Measured().Length),
		Users: r.Planned.Users, RatePerS: known(r.Planned.Rate), Shards: shards(r.Shards),
		Smoke: r.Planned.Smoke, LeftOut: r.Planned.LeftOut, SkippedLoads: r.Planned.SkippedLoads,
		Unasked: v.Unasked,
	}
	if !r.Started.IsZero() {
		started := r.Started.UTC()
		run.Started = &started
	}
	for _, f := range v.Endpoints {
		run.Requests += f.Requests
	}
	if n, known := content.FailuresOf(r, v.Endpoints, true); known {
		run.Failures = &n
	}
	return run
}

func stageOf(s verdict.Stage) stage {
	stage := stage{
		Run: known(int64(s.Run)), Load: s.OfLoad, FromNS: int64(s.From), UntilNS: int64(s.Until), WarmUp: s.WarmUp,
		Requests: s.Requests, Failures: s.Failed, Served: AmountOf(s.Rate), Low: AmountOf(s.RateLow),
		Mean: AmountOf(s.Mean), P50: AmountOf(s.P50), P95: AmountOf(s.P95),
		Outcome: s.Outcome(), Checks: make([]check, 0, len(s.Checks)),
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

func checkOf(c verdict.Check) check {
	better := "lower"
	switch {
	case c.Metric.Name() == "":
		better = ""
	case c.Metric.Better() == metric.Higher:
		better = "higher"
	}
	check := check{
		Rule: c.Rule, File: c.Pos.File, Line: c.Pos.Line, Column: c.Pos.Column,
		Subject: c.Subject, Endpoints: append([]string{}, c.Endpoints...), Load: c.Load,
		Metric: c.Metric.Name(), Better: better,
		Value: AmountOf(c.Got), Low: AmountOf(c.Low), High: AmountOf(c.High), Limit: AmountOf(c.Limit),
		Requests: c.Requests, Resource: c.Resource, Readings: c.Readings,
		Needed: known(c.Needed), Expected: known(c.Expected),
		Outcome: c.Outcome, Shown: c.Shown, Given: c.Given, Reason: wording.Reason(c),
		Remedy: wording.Remedy(c), Comparison: comparisonOf(c),
		DecidesNS: int64(c.Decides), because: becauseOf(c.Because, c.Also, c.Remedies),
	}
	check.Code = c.Code()
	if c.Above != nil {
		check.Above = &above{c.Above.Count, c.Above.High}
	}
	if c.OfArrivals {
		check.Of = "arrivals"
	}
	return check
}
