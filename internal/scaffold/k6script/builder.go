package k6script

import (
	"cmp"
	"time"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/k6script/walk"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
)

// builder makes a draft of what was read.
type builder struct {
	*walk.Script
	draft     *draft.Draft
	scenarios []*scenario
	made      []made
}

// made is a request of the script with its step.
type made struct {
	call     *walk.Call
	scenario *scenario
	step     *draft.Step
}

// scenario is one of the script: what it runs and how much of it.
type scenario struct {
	name     string
	exec     string
	env      map[string]string
	alone    bool // the script has no scenarios: its options are one
	open     bool // arrivals, and not users
	users    int
	rate     float64 // rounds a second
	stages   []stage
	lasts    time.Duration // 0: it is not said
	begins   time.Duration
	each     int    // rounds of each user; 0: it is not said, or they are shared
	rounds   string // how many rounds end it, in words; empty: time does
	maxUsers int
	looks    []string
	group    *draft.Group
}

// stage is a part of a load that changes: to a number of users or rounds a second.
type stage struct {
	target float64
	over   time.Duration
}

// groupName is the name of the group that does what a scenario does.
func (sc *scenario) groupName() string {
	if sc.alone {
		return "user"
	}
	return secrets.Line(sc.name)
}

// busiest is the highest of the stages, or what is constant.
func (sc *scenario) busiest() float64 {
	most := cmp.Or(sc.rate, float64(sc.users))
	for _, s := range sc.stages {
		most = max(most, s.target)
	}
	return most
}

// requests are how many requests a round of a scenario has.
func (b *builder) requests(sc *scenario) int {
	n := 0
	for _, s := range sc.group.Steps {
		if !s.Commented {
			n += max(s.Times, 1)
		}
	}
	return max(n, 1)
}
