package result

import (
	"slices"
	"time"
)

// Planned is what the run was asked to do.
type Planned struct {
	Users    int           `json:"users"`
	Ramp     time.Duration `json:"ramp_ns"`
	WarmUp   time.Duration `json:"warm_up_ns"`
	Duration time.Duration `json:"duration_ns"` // ramp and warm-up included; an extension too
	Timeout  time.Duration `json:"timeout_ns"`
	// Rate is the highest number of arrivals per second, and MaxUsers how many
	// users they may need, of an open load, which has no Users. 0: a closed load.
	Rate     float64 `json:"rate_per_s,omitempty"`
	MaxUsers int     `json:"max_users,omitempty"`
	// Stages are the levels of a load in stages, ascending, without the way from
	// one to the next; nil: the load has one level.
	Stages []Stage `json:"stages,omitempty"`
	// Groups are the kinds of user, in the order of the file; nil: not known.
	Groups []Group `json:"groups,omitempty"`
	// Bounded says that users leave by themselves, after their rounds or rows: the run ends when all have left, and its
	// Duration is then as long as it took.
	Bounded bool `json:"bounded,omitempty"`
	// Rounds is after how many of them each user leaves; 0: no number of rounds bounds them.
	Rounds int `json:"rounds,omitempty"`
	// Load is the load of a profile with several that this is, by its name; "": the profile has one, or this is the
	// sum.
	Load string `json:"load,omitempty"`
	// SkippedLoads are the loads of the profile that the run did not have, by choice.
	SkippedLoads []string `json:"left_out_loads,omitempty"`
	// Start is when a load beside others begins, since the start of the run; 0: with it.
	Start time.Duration `json:"start_ns,omitempty"`
	// Connections is how long users keep a connection, as the file has it; empty: as long as the service does.
	Connections string `json:"connections,omitempty"`
	// Hosts are the services beside the target to which steps went, in the order of the file; nil: none.
	Hosts []Host `json:"hosts,omitempty"`
	// LeftOut are the groups of the file that the run did not have, by choice.
	LeftOut []string `json:"left_out,omitempty"`
	// Smoke marks a run of a few seconds of which failures alone are judged.
	Smoke bool `json:"smoke,omitempty"`
	// Looks is how often the plan judges the run, its end included; the more looks,
	// the more evidence a broken limit needs. 0: once.
	Looks int `json:"looks,omitempty"`
	// Loads are what the run is the sum of, in the order of the file; nil: there is one load. The fields above are
	// then of all loads: the most users at once, the highest rate if all are open, and the time from the first start
	// to the last end. Each has its own Stages and Groups.
	Loads []OneLoad `json:"loads,omitempty"`
	// LostShards is how many shards may end early, where a machine is lost, without making
	// a pass inconclusive: it becomes a warning. 0: none.
	LostShards int `json:"lost_shards,omitempty"`
}

// Host is a service beside the target.
type Host struct {
	Name string `json:"name"` // that steps call it by
	URL  string `json:"url"`  // without credentials
}

// Load is what Digest is of, in parts: runs of an edited file can be compared
// where a part stayed as it was. The zero value: not known, as of older
// documents and other tools.
type Load struct {
	// Course is the digest of the profile: its name and model, its times and
	// stages, not its users and rates where those stay at one level.
	Course string `json:"course,omitempty"`
	// Around is the digest of what decides how often each request is sent: users,
	// weights, think times, pace, the order of steps, and what users start with.
	Around string `json:"around,omitempty"`
	// Measured is the time in which the Expected requests of an endpoint are
	// expected, in nanoseconds: of an extension it knows nothing.
	Measured time.Duration `json:"measured_ns,omitempty"`
}

// Stage is a stretch of a run at one level of load: so many users, or arrivals
// per second.
type Stage struct {
	Users int     `json:"users,omitempty"`
	Rate  float64 `json:"rate_per_s,omitempty"`
	// From and Until are times since the start of the run, in nanoseconds.
	From  time.Duration `json:"from_ns"`
	Until time.Duration `json:"until_ns"`
}

// Group is a kind of virtual user: its expected requests, and how it divides
// them.
type Group struct {
	Name  string `json:"name"`
	Users int    `json:"users,omitempty"` // 0 in an open load, which makes them as they are needed
	// ThinkMin and ThinkMax bound the time between two steps, before Pace
	// divides it; both 0: the group sends as fast as it is answered.
	ThinkMin time.Duration `json:"think_min_ns,omitempty"`
	ThinkMax time.Duration `json:"think_max_ns,omitempty"`
	// ThinkMean is its mean; 0: the middle of the two. Pacing counts it from the start of a step, not from its end.
	ThinkMean time.Duration `json:"think_mean_ns,omitempty"`
	Pacing    bool          `json:"pacing,omitempty"`
	Pace      float64       `json:"pace,omitempty"`
	// Streams is how long streams of events occupy a user after a step, in the mean of all its steps, in addition to
	// that; 0: the group reads none, or how long is not known.
	Streams time.Duration `json:"streams_ns,omitempty"`
	// Expected is how many requests the plan expects from the group in the measured
	// time, without start steps; 0: it has no users here, or it does not think, and
	// the number is not known.
	Expected float64 `json:"expected"`
	Parts    []Part  `json:"parts"`
}

// Part is the share of a group's requests that one endpoint has, in [0,1].
type Part struct {
	Endpoint string  `json:"endpoint"`
	Share    float64 `json:"share"`
}

// alike says whether two groups are the same kind of user, in any number.
func (g Group) alike(other Group) bool {
	return g.Name == other.Name && g.ThinkMin == other.ThinkMin && g.ThinkMax == other.ThinkMax &&
		g.ThinkMean == other.ThinkMean && g.Pacing == other.Pacing && g.Pace == other.Pace &&
		g.Streams == other.Streams && slices.Equal(g.Parts, other.Parts)
}

func (g Group) possible() bool {
	return countable(int64(g.Users)) && possible(g.ThinkMin) && possible(g.ThinkMean) && possible(g.Streams) &&
		g.ThinkMin <= g.ThinkMax && possible(g.ThinkMax) && amount(g.Pace) && amount(g.Expected) &&
		!slices.ContainsFunc(g.Parts, func(p Part) bool { return !(p.Share >= 0 && p.Share <= 1+1e-9) })
}

// amount says whether a number of something can be.
func amount(n float64) bool { return n >= 0 && n <= most }

// simultaneous says whether two shards were to do the same at the same time.
func (p Planned) simultaneous(other Planned) bool {
	return p.Start == other.Start && p.Bounded == other.Bounded && (p.Bounded || p.Duration == other.Duration) &&
		p.WarmUp == other.WarmUp &&
		p.Smoke == other.Smoke &&
		p.LostShards == other.LostShards && slices.EqualFunc(p.Stages, other.Stages,
		func(a, b Stage) bool { return a.From == b.From && a.Until == b.Until }) &&
		slices.EqualFunc(p.Loads, other.Loads,
			func(a, b OneLoad) bool { return a.Planned.simultaneous(b.Planned) })
}

// alike says whether two plans have the same kinds of user.
func (p Planned) alike(other Planned) bool {
	return p.Connections == other.Connections && p.Load == other.Load &&
		slices.Equal(p.LeftOut, other.LeftOut) && slices.Equal(p.SkippedLoads, other.SkippedLoads) &&
		slices.EqualFunc(p.Hosts, other.Hosts, func(a, b Host) bool { return a.Name == b.Name }) &&
		slices.EqualFunc(p.Groups, other.Groups, Group.alike) && slices.EqualFunc(p.Loads, other.Loads,
		func(a, b OneLoad) bool { return a.Planned.alike(b.Planned) })
}

// add joins what two shards were asked to do; they are simultaneous.
func (p *Planned) add(other Planned) {
	p.Users += other.Users
	p.Rate += other.Rate
	p.MaxUsers += other.MaxUsers
	p.Ramp, p.Duration = max(p.Ramp, other.Ramp), max(p.Duration, other.Duration)
	for i := range p.Stages {
		p.Stages[i].Users += other.Stages[i].Users
		p.Stages[i].Rate += other.Stages[i].Rate
	}
	for i := range p.Groups {
		p.Groups[i].Users += other.Groups[i].Users
		p.Groups[i].Expected += other.Groups[i].Expected
	}
	for i := range p.Loads {
		p.Loads[i].Planned.add(other.Loads[i].Planned)
	}
}

// clone shares nothing with p that add changes.
func (p Planned) clone() Planned {
	p.Stages, p.Groups, p.Loads = slices.Clone(p.Stages), slices.Clone(p.Groups), slices.Clone(p.Loads)
	for i := range p.Loads {
		p.Loads[i].Planned = p.Loads[i].Planned.clone()
	}
	return p
}

func (p Planned) possible() bool {
	last := time.Duration(0)
	for _, s := range p.Stages {
		if s.From < last || s.Until < s.From || !possible(s.Until) || !countable(int64(s.Users)) || !amount(s.Rate) {
			return false
		}
		last = s.Until
	}
	for _, g := range p.Groups {
		if !g.possible() {
			return false
		}
	}
	for i, l := range p.Loads {
		again := func(other OneLoad) bool { return other.Planned.Load == l.Planned.Load }
		if l.Planned.Load == "" || len(l.Planned.Loads) > 0 || l.Planned.Duration > p.Duration ||
			!possible(l.Load.Measured) || !l.Planned.possible() || slices.ContainsFunc(p.Loads[:i], again) {
			return false
		}
	}
	return possible(p.Start) && p.Start <= p.WarmUp &&
		possible(p.Duration) && possible(p.WarmUp) && possible(p.Ramp) && possible(p.Timeout) &&
		countable(int64(p.Users)) && countable(int64(p.MaxUsers)) && countable(int64(p.Rounds)) && amount(p.Rate) &&
		p.LostShards >= 0 && p.LostShards <= MostShards
}
