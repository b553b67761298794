// Package plan turns a thresholds.yaml into a timetable: who walks through
// which steps, when, and what that is expected to measure. It is a pure
// function of the file, the options and the seed; it sends nothing and knows
// no answer.
package plan

import (
	"iter"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
)

// Plan is the timetable of a run or of one of its shards. Expected counts, the
// share and Active are the shard's; all else is the whole run's. It is immutable
// and safe for concurrent use.
type Plan struct {
	Config  *config.Config
	Profile string
	Load    string        // of a profile with several, where the plan is of one of them; "": else
	Start   time.Duration // of a load beside others, since the start of the run; all its times begin there too
	// Loads are the timetables of several loads that the run is the sum of, each with its own groups, rows, levels and
	// times; nil: there is one load. Of several, the plan itself has the Users of all, the time from the first start to
	// the last end, and all rows.
	Loads     []*Plan
	Rounds    int      // after which a user leaves; 0: as many as the time allows
	Skipped   []string // loads of the profile that the options left out
	Seed      uint64
	Digest    string         // of the load, profile and options included; the same for all shards
	Open      bool           // arrivals at a rate; else users
	Users     int            // of the whole run, at most: of a load curve, of arrivals
	Shard     Shard          // 1/1: the whole run
	Share     int            // users of the shard, at most
	SpawnRate float64        // users per second; 0: an open load, or one with stages
	Rate      float64        // arrivals per second of the whole run; 0: a closed load, or one with stages
	Stages    []config.Stage // of the whole run; nil: one level
	Even      bool           // arrivals come at equal distances
	Ramp      time.Duration  // until the last user has started; of stages, until the first is reached
	WarmUp    time.Duration  // left out of the figures
	Duration  time.Duration  // ramp and warm-up included
	Try       bool           // every step is sent once before the load
	Smoke     bool           // a smoke run: see Options
	Groups    []Group        // file order; with Options.Sparse, groups without a user too
	Endpoints []Endpoint     // in the order in which the file names them first
	// Transactions are the rows of transactions, in the order of the file: their
	// Expected and Rate count whole ones, whose requests are the endpoints'. Among them are the rows of the
	// times between the events of streams.
	Transactions []Endpoint

	options  Options   // of New
	amount   amount    // that it was made of
	row      int       // where its Endpoints begin among those of all loads
	whole    int       // the same of its Transactions
	all      int       // users of all loads; 0: it is the only one
	curve    loadCurve // of users, or of arrivals per second
	auto     bool      // its paces are those that its rules need
	maxUsers int       // as written; 0: not
	weight   float64   // sum of the groups' weights
	groupOf  []int     // by user, of a closed load
	members  [][]int   // by group: its users of the shard, ascending
	places   places
	mine     []int // users of the shard, ascending
}

// Group is a group of the file with its share of the users.
type Group struct {
	*config.Group
	Users int     // of the whole run; 0 in an open load, whose users come as they are needed
	Pace  float64 // think times are divided by it
	// Expected is how many requests the group's users of the shard should send
	// in the measured time, and Unpaced the same at pace 1; 0 where it does not
	// think.
	Expected, Unpaced float64
	Start, Steps, End []Step // before the first round, in each, and after the last

	items    []item    // in the order of the file
	turns    []turn    // one round of a sequence: all turns of all items
	turnsOf  []float64 // by step: those that a round, or a drawn item, has in the mean
	weight   float64   // sum of the items' weights
	requests float64   // that a round, or a drawn item, takes in the mean
	joined   float64   // those of them that are sent at the same time as another one, and need no arrival
	waiting  float64   // nanoseconds of think time at pace 1 that it takes in the mean
	streams  float64   // nanoseconds of streams beside that, which no pace divides
	endless  bool      // it has a stream that lasts as long as the service likes
}

// All are the steps in the order in which a user comes to them.
func (g *Group) All() iter.Seq[*Step] {
	return func(yield func(*Step) bool) {
		for _, list := range [][]Step{g.Start, g.Steps, g.End} {
			for i := range list {
				if !yield(&list[i]) {
					return
				}
			}
		}
	}
}

// Step is a step of the file with the rows it is counted in.
type Step struct {
	*config.Step
	Endpoint    int // index in Plan.Endpoints
	Transaction int // index in Plan.Transactions; -1: none
	Gap         int // index in Plan.Transactions, of the times between the events of its stream; -1: it has none
	// Rows are indices in Plan.Transactions, of the items of its WebSocket; -1: it is not measured.
	Rows []int
	// Most is how long its stream is read after the first event at most, and each pause of its WebSocket; 0: as long as
	// the file says.
	Most time.Duration
}

// Endpoint is a row of the result.
type Endpoint struct {
	Name string
	metric.Place
	// Rate is what all users of the shard together offer once all have started,
	// per second, think times alone considered; of arrivals and stages, the mean
	// over the measured time. Unlimited where a group does not think.
	Rate float64
	// Expected is how many requests the measured time should hold; for a start
	// endpoint, the whole run, and 0 in an open load, whose number of users is not
	// known in advance.
	Expected  float64
	Unlimited bool
}

// add counts a share of a group's rate and requests.
func (e *Endpoint) add(rate, requests, share float64, unlimited bool) {
	e.Rate += rate * share
	e.Expected += requests * share
	e.Unlimited = e.Unlimited || unlimited
}

// Measured is the time that counts: duration without warm-up.
func (p *Plan) Measured() time.Duration { return p.Duration - p.WarmUp }

// Drain is how long requests may take that are under way when the load ends, and after them the end steps with their
// repeats, for which there is a minute at most. A new user of an open load has a timeout for each of its start steps
// too.
func (p *Plan) Drain() (longest time.Duration) {
	for _, load := range p.Each() {
		longest = max(longest, drainOf(load))
	}
	return longest
}

func drainOf(p *Plan) time.Duration {
	steps, leaving := 1, time.Duration(0)
	for i := range p.Groups {
		g := &p.Groups[i]
		leaving = max(leaving, g.leaving())
		if p.Open {
			steps = max(steps, 1+len(g.Start))
		}
	}
	return p.Timeout()*time.Duration(steps) + min(leaving, mostLeaving)
}

// mostLeaving bounds the time for end steps: with their repeats they may wait for a service that is gone.
const mostLeaving = time.Minute

// leaving is how long the end steps of a user may take, each sent for one element of its list.
func (g *Group) leaving() (longest time.Duration) {
	for _, s := range g.End {
		longest += s.Timeout + time.Duration(s.Retry.Times)*(s.Retry.Wait+s.Timeout)
		if s.Poll.Until != nil {
			longest += s.Poll.Within
		}
	}
	return longest
}

// Timeout is the longest that any request of the plan may take.
func (p *Plan) Timeout() time.Duration {
	longest := p.Config.Target.Timeout
	for _, load := range p.Each() {
		for _, g := range load.Groups {
			for s := range g.All() {
				longest = max(longest, s.Timeout)
			}
		}
	}
	return longest
}

// warmUp is what the profile says, with rounds none where it says nothing, or min(max(30 s, ramp + 10 s), a quarter of
// the run): long enough for every user to have started, never most of a short
// run.
func warmUp(profile config.Profile, ramp, duration time.Duration) time.Duration {
	if profile.HasWarmUp || profile.Rounds > 0 {
		return profile.WarmUp
	}
	return min(max(30*time.Second, ramp+10*time.Second), duration/4).Round(time.Second)
}

// lasting is the duration of a run that measures so long: a longer run may
// have a longer warm-up.
func (p *Plan) lasting(measured time.Duration) time.Duration {
	d := measured
	// The warm-up grows by a quarter of what the run does, so that each round
	// is nearer by a factor of four; to the second, from years away.
	for range 16 {
		d = warmUp(p.amount.Profile, p.Ramp-p.Start, d) + measured
	}
	return d
}

// Options override the file. The zero value takes everything from it.
type Options struct {
	Profile   string  // "": the default profile, else the only one
	Users     int     // 0: the profile's
	SpawnRate float64 // users per second; 0: the profile's
	Rate      float64 // arrivals per second; 0: the profile's
	// that an open load may have on this machine where its profile does not say; 0:
	// config.DefaultMaxUsers
	MostUsers int
	Duration  time.Duration // 0: the profile's
	WarmUp    time.Duration // 0: the profile's
	Pace      *config.Pace  // nil: the profile's
	Seed      uint64        // the same for all shards of a run
	// groups and loads: of those of the profile, only these, without those; nil: all
	Only, Skip []string
	Shard      Shard // the users to walk; zero: all
	Sparse     bool  // groups may be without a user, as in a search that begins with few
	// Smoke makes a load of SmokeTime that asks every step once, as far as that time
	// allows: failures alone are judged. Duration and WarmUp are not asked.
	Smoke bool
	// LostShards is how many of the shards may end early, where a machine is lost, without
	// making a pass inconclusive.
	LostShards int
	// Cut makes a slice of that load, as Plan.Slice does; zero: the whole load.
	Cut Cut
}

// Cut says which slice of a load is made: how long it is, how much of its beginning is not measured, and its number.
type Cut struct {
	Length, Dropped time.Duration
	Number          int
}

// turn is a step when its time has come.
type turn struct {
	step   *Step
	wait   config.Wait // after it, before a pace divides it
	opens  bool        // the first of its transaction
	closes bool        // the last of its transaction
	joins  bool        // the next one is sent at the same time
}

// item is what a group's order moves by: a step, or a transaction as a whole.
type item struct {
	turns  []turn
	weight float64 // for Weighted
	first  *Step
	times  int // in a row
}

// places are where the rows are by their names: in Endpoints and in Transactions.
type places struct{ endpoints, transactions rowsByName }
