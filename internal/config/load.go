package config

import (
	"iter"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/metric"
)

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
	PickOnce               // the next row at each round; a user that finds none left leaves
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
	Name    string
	Weight  float64
	Wait    Wait // after every step that was sent and has none of its own; see Step.After
	Order   Order
	Headers []Header // as written, and that of auth; every step has them in its own Headers already
	Vars    []Var    // set once for each user, in order
	Start   []Step   // once, before the first round
	Steps   []Step   // of each round
	End     []Step   // once, after the last round
	Pos     mistake.Pos
}

// All are the steps in the order in which a user comes to them.
func (g *Group) All() iter.Seq[Step] {
	return func(yield func(Step) bool) {
		for _, list := range [][]Step{g.Start, g.Steps, g.End} {
			for _, s := range list {
				if !yield(s) {
					return
				}
			}
		}
	}
}

// Var is a value that every user of a group draws once.
type Var struct {
	Name  string
	Value *expr.Value
	Pos   mistake.Pos

	Source string // as JSON; what identity is made of
}

// Step is one request.
type Step struct {
	Endpoint string // the row it is counted in
	Was      string // what the endpoint was called in earlier runs; empty: the same
	metric.Once
	Method string
	Host   string         // to which it goes; "": the target
	Path   *expr.Template // begins with a slash; query included
	// Transaction is the one that the step belongs to; its steps are consecutive.
	// nil: none.
	Transaction *Transaction
	// Parallel is the block of its transaction whose steps are sent at the same time: they are consecutive, and have
	// the same number, from 1. 0: it is sent alone.
	Parallel int
	Times    int     // in a row, at least 1
	Weight   float64 // for Weighted
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
	Wait    *Wait         // after it; nil: see After
	Retry   Retry
	Poll    Poll
	Stream  *Stream       // nil: the answer is read as a whole
	Talk    *Talk         // nil: the request begins no WebSocket
	Each    *expr.Program // a list: the step is sent once for each of its elements, as EachName; nil: once
	Pos     mistake.Pos
}

// Transaction is several steps of a group that are measured together too. The
// group takes its place of the order as a whole.
type Transaction struct {
	Name   string
	Was    string      // what it was called in earlier runs; empty: the same
	Times  int         // in a row, at least 1
	Weight float64     // for Weighted
	Pos    mistake.Pos // of its name
	// Beside says what it is instead, where it is a row beside that of a request; empty: a transaction.
	Beside string
	// Each is a list: the transaction is done once for each of its elements, as EachName; nil: once.
	Each *expr.Program
}

// Body is what a step sends. Exactly one of JSON, Form, Text, File and
// Multipart is set.
type Body struct {
	ContentType string // never empty; the step's Headers have no Content-Type as well
	JSON        *expr.Value
	GraphQL     bool    // JSON is an operation of GraphQL, whose answer says in itself whether it failed
	Form        []Field // never empty for a form
	Text        *expr.Template
	File        []byte // not nil for a file, which may be empty
	Multipart   []Part // never empty for a multipart body
	Boundary    string // between its parts

	Source string // as JSON; what identity is made of
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

// Part is one part of a multipart body. Exactly one of Text and File is set.
type Part struct {
	Name        string
	Filename    string // "": the part is a field, not a file
	ContentType string // "": none is written
	Text        *expr.Template
	File        []byte // not nil for a file, which may be empty
}

// OnceRetry is how a step that is sent once is tried again where the file does not say: a
// user whose login fails once would be lost for the rest of the run.
var OnceRetry = Retry{Times: 3, Wait: time.Second}

// SetupName is what expressions call the values that setup steps captured: setup.NAME.
const SetupName = "setup"

// EachName is what expressions of a step or transaction with each call the element that it is done for.
const EachName = "each"

// After is the wait after a step of the group: its own, or the group's. Inside a transaction, before its last request,
// there is none but its own.
func (g *Group) After(s *Step, inside bool) Wait {
	switch {
	case s.Wait != nil:
		return *s.Wait
	case inside:
		return Wait{}
	}
	return g.Wait
}

// List is that for whose elements the step is sent, its own or its transaction's; nil: none.
func (s *Step) List() *expr.Program {
	if s.Each == nil && s.Transaction != nil {
		return s.Transaction.Each
	}
	return s.Each
}

// Profile is one amount of load: users in the closed model, arrivals in the
// open one, each with or without stages.
type Profile struct {
	Name      string
	Users     int           // closed, without stages
	SpawnRate float64       // of Users, per second
	Rate      float64       // open, without stages: arrivals per second
	Stages    []Stage       // all of one model; nil: Users or Rate
	Duration  time.Duration // includes the ramp; the sum of the stages
	Even      bool          // arrivals: even
	MaxUsers  int           // open: users at once at most; 0: not said, see DefaultMaxUsers
	Rounds    int           // closed, without stages: after which a user leaves; 0: as many as the duration allows
	WarmUp    time.Duration // left out of every figure; see HasWarmUp
	HasWarmUp bool          // false: the default of the plan
	Pace      Pace
	Groups    []Share // that the load has, with their weights; nil: all, with their own
	NoTry     bool    // try: false
	// Loads are what a run of the profile is the sum of, in the order of the file; nil: the profile is one load itself.
	// A profile with loads has no other fields but Name, NoTry and Pos.
	Loads []Load
	Pos   mistake.Pos
}

// Load is one of several loads of a profile. Its Name is that of the load, and it has no Loads.
type Load struct {
	Profile
	Start time.Duration // since the start of the run
}

// DefaultMaxUsers is how many users an open load has at most where the profile does not say.
const DefaultMaxUsers = grammar.DefaultMaxUsers

// Open says whether the load is arrivals at a rate, which the target cannot
// slow down.
func (p Profile) Open() bool { return p.Rate > 0 || len(p.Stages) > 0 && p.Stages[0].Open }

// Thinks says whether users of a group think between their requests, in some load of the profile.
func (p Profile) Thinks(group string) bool {
	if p.Loads == nil {
		return !p.Open() &&
			(p.Groups == nil || slices.ContainsFunc(p.Groups, func(s Share) bool { return s.Group == group }))
	}
	return slices.ContainsFunc(p.Loads, func(l Load) bool { return l.Thinks(group) })
}

// Share is the part of a load that a group has.
type Share struct {
	Group  string
	Weight float64 // relative to the other groups; 0: the group's own
}

// Stage is a piece of a load that changes. It begins where the one before
// ended, the first at nothing.
type Stage struct {
	Open  bool          // Rate is set, not Users
	Users int           // at its end
	Rate  float64       // at its end; arrivals per second
	Over  time.Duration // to get there in a straight line; 0: at once
	For   time.Duration // to stay there; 0: not at all
}

// Level is the stage's users, or arrivals per second.
func (s Stage) Level() float64 {
	if s.Open {
		return s.Rate
	}
	return float64(s.Users)
}

// Pace divides think times. The zero value leaves them as they are.
type Pace struct {
	Auto    bool
	All     float64            // 0: not set
	ByGroup map[string]float64 // groups that are not named keep their pace
}

// Canonical is the part as it is written, as values of JSON.
func (p Part) Canonical() any {
	text := ""
	if p.Text != nil {
		text = p.Text.String()
	}
	return []any{p.Name, p.Filename, p.ContentType, text, p.File}
}
