package plan

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Prospect is what a run can make of a rule's limit.
type Prospect uint8

// Forecast says whether a run will decide one limit of one rule.
type Forecast struct {
	Rule    string
	Users   string // groups that the rule is about; "": all
	Load    string // of several, the one that is judged; "": the run has one
	Pos     mistake.Pos
	Limit   config.Limit
	Subject string // the endpoint or part with the least evidence
	// Endpoints are those of Subject, and Scope says how they are judged.
	Endpoints []string
	Scope     verdict.Scope
	// Expected is the number of requests that Subject should get, and Total
	// that of the rule; Unlimited when Subject's users do not think and so send
	// as fast as they are answered.
	Expected, Total float64
	Unlimited       bool
	// Chance, in [0,1], is that of a pass being shown for a service at Margin
	// of the limit; for shares, one without failures.
	Chance   float64
	Prospect Prospect
	// Because is what is missing, and Remedy what would raise the chance, in the advice of its
	// code. Both are the zero value where nothing is missing.
	Because, Remedy reason.Reason
}
