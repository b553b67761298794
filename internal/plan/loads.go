package plan

import (
	"errors"
	"time"

	"github.com/loadgate/loadgate/internal/config"
)

// amount is a profile, or one load of it.
type amount struct {
	config.Profile
	of    string        // the profile
	load  string        // of the profile; "": it has one
	start time.Duration // since the start of the run
	first int           // number of users in the loads before it
	part  bool          // beside other loads
}

// String is what errors call it.
func (a amount) String() string {
	if a.load != "" {
		return "profile " + a.of + ", load " + a.load
	}
	return "profile " + a.of
}

// Each is every load of the plan: its Loads, or itself.
func (p *Plan) Each() []*Plan {
	if p.Loads == nil {
		return []*Plan{p}
	}
	return p.Loads
}

// Row is where an endpoint of the load is among those of the whole run and, for transactions, behind all endpoints of
// the run, of which there are so many. A load has its transactions behind its endpoints too.
func (p *Plan) Row(own, endpoints int) int {
	if own < len(p.Endpoints) {
		return p.row + own
	}
	return endpoints + p.whole + own - len(p.Endpoints)
}

// everyone is the number of users of the whole run, all loads included.
func everyone(p *Plan) int {
	if p.all > 0 {
		return p.all
	}
	return p.Users
}

// delay makes the load begin at a time of the run.
func delay(p *Plan, start time.Duration) {
	if start == 0 {
		return
	}
	p.curve = p.curve.after(start)
	p.Ramp, p.WarmUp, p.Duration = p.Ramp+start, p.WarmUp+start, p.Duration+start
}

var errLoads = errors.New("it has several loads; choose one with --only")

var errStages = errors.New("a load in stages has no one level; choose a profile with users or rate")
