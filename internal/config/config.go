// Package config is thresholds.yaml: what to load and what must hold, decoded
// strictly and checked. It does not know how load is made or judged.
package config

import (
	"time"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/target"
	"github.com/loadgate/loadgate/internal/unit"
)

// The mistakes of a file, and their places.
type (
	// Pos is a place in a file.
	Pos = mistake.Pos
	// Error is one mistake in a file.
	Error = mistake.Error
	// Errors is every mistake of a file: what Decode returns as its error.
	Errors = mistake.Errors
)

// Config is a whole thresholds.yaml. It is immutable after Decode and safe for
// concurrent use. Lists keep the order of the file.
type Config struct {
	File    string
	Name    string
	Secrets []string // values, not names, of the environment under secret:; to be masked in every output
	// names of the environment that the file reads and that are not set; only with
	// Options.Unsent
	Unset          []string
	DefaultProfile string // "" when the file names none
	Drafted        bool   // nobody has looked yet at what its requests write: only GET and HEAD may be sent
	Target         Target
	Data           []Data
	Profiles       []Profile
	Groups         []Group
	Transactions   []*Transaction
	Rules          []Rule
	Resources      []Resource
	Baseline       Baseline
	Judge          Judge

	// Warnings are what is allowed and hardly meant, in the order of the rules;
	// Decode succeeds all the same.
	Warnings mistake.Errors

	digest string
}

// Digest identifies the load that the file describes: users, steps, data and
// target settings, not the host, profiles, limits, comments or layout. Results
// of different loads never mix.
func (s *Config) Digest() string { return s.digest }

// Target is the service under load.
type Target struct {
	URL string // absolute, http, https or http+unix (SocketURL), without a trailing slash
	// host names, IP addresses, CIDR prefixes and sockets (unix:/run/app.sock) that may be
	// dialled; never empty after Decode
	Allow   []string
	Grants  []Grant // what the file itself has under allow; no part of the digest
	Timeout time.Duration
	Connect time.Duration // part of Timeout; never 0
	MaxBody int64         // bytes of one answer
	// that of auth among them; for readiness checks: every step has them in its own Headers
	// already
	Headers []Header
	Ready   Ready
	HTTP    target.Protocol
	TLS     TLS
	NoProxy bool // proxy: none: the proxies of the environment are not asked
	Pos     mistake.Pos
}

// Header is one request header.
type Header struct {
	Name  string // as written; its case makes no difference to HTTP
	Value *expr.Template

	source string // as written, where Value's text is not; for the digest
}

// Ready says when the target may be loaded.
type Ready struct {
	Within time.Duration // 0: one attempt
	Checks []ReadyCheck
}

// ReadyCheck is one request that must succeed before the load.
type ReadyCheck struct {
	Method, Path string
	Expect       *expr.Program // nil: 2xx
	Pos          mistake.Pos
}

// Data is a table of rows that expressions read as NAME.FIELD.
type Data struct {
	Name string
	Pick Pick
	Rows []map[string]any
	Pos  mistake.Pos
}

// Pick says which row of a Data a user reads.
type Pick uint8

// The ways to pick a row.
const (
	PickUnique Pick = iota // a row a user, for the whole run
	PickNext               // the next row at each round of the user's steps
	PickRandom             // a drawn row at each round of the user's steps
)

// Order says how a group walks through its steps.
type Order uint8

// The orders.
const (
	Sequence Order = iota // all steps in the order of the file, again and again
	Weighted              // one step drawn by its weight each time
)

// Group is one kind of virtual user.
type Group struct {
	Name             string
	Weight           float64
	WaitMin, WaitMax time.Duration // think time after every step that was sent
	Order            Order
	Headers          []Header // as written, and that of auth; every step has them in its own Headers already
	Vars             []Var    // set once for each user, in order
	Start            []Step
	Steps            []Step
	Pos              mistake.Pos
}

// Var is a value that every user of a group draws once.
type Var struct {
	Name  string
	Value *expr.Value
	Pos   mistake.Pos

	source string // as JSON, for the digest
}

// Step is one request.
type Step struct {
	Endpoint string // the row it is counted in
	Was      string // what the endpoint was called in earlier runs; empty: the same
	Start    bool   // a start step: once for each user, counted apart
	Method   string
	Path     *expr.Template // begins with a slash; query included
	// Transaction is what the step is a part of; its steps stand one behind the
	// other. nil: none.
	Transaction *Transaction
	Times       int     // in a row, at least 1
	Weight      float64 // for Weighted
	// Headers are all that the step sends: its own, its group's and the
	// target's, the nearest of a name winning. A start step is without those of
	// its group that read a capture of later steps: a login cannot send the
	// token that it is about to capture.
	Headers []Header
	Body    *Body // nil: none
	When    *expr.Program
	Expect  *expr.Program // nil: 2xx
	Capture []Capture
	Follow  bool          // follow redirects to allowed hosts
	Secret  bool          // request and answer are never shown or kept
	NoTry   bool          // try: false
	Timeout time.Duration // never 0: the target's when the step has none
	Retry   Retry
	Pos     mistake.Pos

	plain string // the name that Endpoint would be without name:
	path  string // of keys, for messages
}

// Transaction is several steps of a group that are measured together too. The
// group takes its place of the order as a whole.
type Transaction struct {
	Name   string
	Was    string      // what it was called in earlier runs; empty: the same
	Times  int         // in a row, at least 1
	Weight float64     // for Weighted
	Pos    mistake.Pos // of its name

	path string // of its name, for messages
}

// Body is what a step sends. Exactly one of JSON, Form, Text, File and
// Multipart is set.
type Body struct {
	ContentType string // never empty; the step's Headers have no Content-Type beside it
	JSON        *expr.Value
	Form        []Field // never empty for a form
	Text        *expr.Template
	File        []byte // not nil for a file, which may be empty
	Multipart   []Part // never empty for a multipart body
	Boundary    string // between its parts

	source string // as JSON, for the digest
}

// Field is one pair of a form.
type Field struct {
	Name  string
	Value *expr.Template
}

// Capture keeps a value of an answer for later steps of the same user.
type Capture struct {
	Name  string
	Value *expr.Program // sees the answer; nil is a failure of kind capture
	// Forget unsets the value when its step fails; else the older one stays.
	Forget bool
	Pos    mistake.Pos
}

// Retry is how often a step that failed in a way that may pass is tried again,
// and how long after its answer. The zero value never tries again.
type Retry struct {
	Times int
	Wait  time.Duration
}

// Rule is one named promise.
type Rule struct {
	Name     string
	Patterns []string
	Profiles []string // empty: all
	Scope    Scope
	// OfRequests judges percentiles by the requests that were made, and not by
	// what users would have waited who came at their pace all the time.
	OfRequests bool
	Limits     []Limit // file order; none in a rule that has Terms only
	Terms      *Terms  // nil: says nothing about earlier runs
	Except     []Exception
	Pos        mistake.Pos
}

// Scope says whether a limit holds for each endpoint or for all together.
type Scope uint8

// The scopes. The zero value leaves it to the metric: latencies hold for each
// endpoint, shares and throughput for the rule's endpoints together.
const (
	ByMetric Scope = iota
	Combined
	Each
)

// Limit is a promise about one metric. Values are in the base of the metric's
// unit (unit.Quantity).
type Limit struct {
	Metric  metric.Metric
	Fail    float64
	HasFail bool
	Warn    float64
	HasWarn bool
	Unit    unit.Unit // as written: 500/min is judged per second and printed per minute
	Pos     mistake.Pos
}

// Judge says how undecided limits count.
type Judge struct {
	Confidence   float64 // two-sided, in (0,1); default 0.95
	Point        bool    // decide: point: compare values only
	NearStrict   bool    // near: inconclusive: "holds, not shown" is not a pass
	Inconclusive Undecided
	Extend       float64 // at most this many times the measured time, 1 to 10; 1: never
	StopOnFail   bool    // end a run early when a limit is broken beyond doubt; Decode: true unless the file says no
	StopOnPass   bool    // end a run early when every limit is shown to hold
}

// Undecided says what an inconclusive verdict does to the exit code. The zero
// value is exit code 3.
type Undecided uint8

// The choices of judge.inconclusive.
const (
	UndecidedStays Undecided = iota
	UndecidedFails
	UndecidedWarns
	UndecidedPasses
)

// Applies says whether the rule is judged in the profile.
func (r Rule) Applies(profile string) bool {
	for _, name := range r.Profiles {
		if name == profile {
			return true
		}
	}
	return len(r.Profiles) == 0
}

// MatchesTransaction says whether the rule speaks of a transaction: by its
// whole name only. Of an exception that counts it does not.
func (r Rule) MatchesTransaction(name string) bool { return r.speaks(name, false, true) }

// Matches says whether the rule speaks of an endpoint. Only * is special in a
// pattern: it stands for any text. A start step is matched only by its exact
// name, never by a pattern with a *. Of an exception that counts the rule does
// not speak.
func (r Rule) Matches(endpoint string, start bool) bool { return r.speaks(endpoint, start, false) }
