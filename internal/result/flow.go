package result

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
)

// Flow is what one of several loads of a run did in one slot.
type Flow struct {
	Users   int         `json:"users"`         // active at the end of the slot
	Lag     hist.Sparse `json:"lag,omitempty"` // as in Moment
	Offered int64       `json:"offered,omitempty"`
	Dropped int64       `json:"dropped,omitempty"`
}

// sumFlows adds load to load. The number of users is what users makes of both. Neither list is changed.
func sumFlows(a, b []Flow, users func(a, b int) int) ([]Flow, error) {
	if len(a) < len(b) {
		a = slices.Concat(a, make([]Flow, len(b)-len(a)))
	}
	sum := slices.Clone(a)
	for i, other := range b {
		f := &sum[i]
		lag, err := hist.Sum(f.Lag, other.Lag)
		if err != nil {
			return nil, err
		}
		f.Users, f.Lag = users(f.Users, other.Users), lag
		f.Offered, f.Dropped = f.Offered+other.Offered, f.Dropped+other.Dropped
	}
	return sum, nil
}

func (f Flow) countable() bool {
	return countable(int64(f.Users)) && countable(f.Offered) && countable(f.Dropped) && f.Dropped <= f.Offered
}

// headcount is how many users there were at the end of a slot, and of each of several loads.
type headcount struct {
	all   int
	loads []int // nil: there is one load
}

func headcountOf(m Moment) headcount {
	h := headcount{all: m.Users}
	for _, f := range m.Loads {
		h.loads = append(h.loads, f.Users)
	}
	return h
}

// withoutUsers is the moment without its users. It shares nothing with m that changes.
func (m Moment) withoutUsers() Moment {
	m.Users, m.Loads = 0, slices.Clone(m.Loads)
	for i := range m.Loads {
		m.Loads[i].Users = 0
	}
	return m
}

// add counts users in.
func (m *Moment) add(h headcount) {
	m.Users += h.all
	for i, users := range h.loads[:min(len(h.loads), len(m.Loads))] {
		m.Loads[i].Users += users
	}
}

// OneLoad is one of several loads of a run.
type OneLoad struct {
	Load Load `json:"load,omitzero"`
	// Planned has the name of the load and no Loads. All its times are since the start of the run: its WarmUp and Ramp
	// include the time before its Start, and its Duration is when the load ends.
	Planned Planned `json:"planned"`
}

// Alone is one of the loads of a run as if the run had nothing else: its rows without the name of the load, its
// users, and its end. Times stay those of the run, and what is of the run as a whole, such as resources, is there
// too. The result shares with r what nobody changes. Load is an index in Planned.Loads.
func (r *Result) Alone(load int) *Result {
	one := r.Planned.Loads[load]
	alone := *r
	alone.Planned, alone.Load = one.Planned, one.Load
	alone.Planned.Looks, alone.Planned.LostShards = r.Planned.Looks, r.Planned.LostShards
	if end := one.Planned.Duration; r.Elapsed >= end { // it is over, whatever became of the others
		alone.Elapsed, alone.End = end, Complete
	}
	alone.Endpoints = ofLoad(r.Endpoints, one.Planned.Load)
	alone.Transactions = ofLoad(r.Transactions, one.Planned.Load)
	alone.Timeline = nil
	for _, m := range r.Timeline {
		if time.Duration(m.Slot)*r.Slot >= alone.Elapsed && alone.End == Complete {
			break
		}
		flow := Flow{}
		if load < len(m.Loads) {
			flow = m.Loads[load]
		}
		alone.Timeline = append(alone.Timeline, Moment{Slot: m.Slot, Users: flow.Users, Lag: flow.Lag,
			Offered: flow.Offered, Dropped: flow.Dropped, Generator: m.Generator})
	}
	return &alone
}

// Labelled is a run of several loads whose rows are called as reports call them: by the endpoint and the load. It
// shares all else with r.
func (r *Result) Labelled() *Result {
	if len(r.Planned.Loads) == 0 && !slices.ContainsFunc(r.rows(), apart) {
		return r
	}
	named := *r
	named.Endpoints, named.Transactions = slices.Clone(r.Endpoints), slices.Clone(r.Transactions)
	for _, e := range named.rows() {
		e.Name = e.Place.Label(e.Name)
	}
	return &named
}

// ofLoad are the rows of one load, without its name.
func ofLoad(rows []Endpoint, load string) []Endpoint {
	var own []Endpoint
	for _, e := range rows {
		if e.Place.Load == load {
			e.Place.Load = ""
			own = append(own, e)
		}
	}
	return own
}
