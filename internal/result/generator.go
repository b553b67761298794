package result

import "time"

// Generator is what making the load cost in one slot, for the gate to know
// whether the generator was the limit. Of several slots or shards it is the
// worst of what is a share of one process, and the sum of what is counted. A
// pointer that is nil was not known, or does not exist there; it is never 0.
type Generator struct {
	// CPU is the processor time used, as a share of CPUs.
	CPU *float64 `json:"cpu_ratio,omitempty"`
	// CPUs is how many processors the process may use at once: GOMAXPROCS, or
	// the quota of its cgroup where that is less. 0: not known.
	CPUs float64 `json:"cpus,omitempty"`
	// Wakes counts goroutines that became ready, Late those of them that
	// waited 1 ms or more for a processor.
	Wakes int64 `json:"wakes"`
	Late  int64 `json:"late_wakes,omitempty"`
	// Pause is the longest time that the process stood still for garbage
	// collection, in nanoseconds, rounded down to its bucket.
	Pause time.Duration `json:"gc_pause_ns,omitempty"`
	// Still is how much longer than it should be the time between two readings
	// of the process's own clocks was, in nanoseconds: it was stopped, or its
	// machine slept, for a time that ended in the slot. From 100 ms on.
	Still time.Duration `json:"still_ns,omitempty"`
	// Throttle is what the quota of the process's cgroup did to it; nil: there
	// is no quota, or it is not known.
	Throttle *Throttle `json:"throttle,omitempty"`
	// Steal is the time that the host took from the machine's processors, of
	// all their time.
	Steal *Share `json:"steal,omitempty"`
	// Pressure is the time in which something in the process's cgroup, or on
	// its machine, was ready to run and waited for a processor.
	Pressure *Share `json:"pressure,omitempty"`
}

// Read says whether the process was read: every reading has the number of its processors, or else what they did.
// That it stood still is known without a reading.
func (g *Generator) Read() bool { return g != nil && (g.CPUs > 0 || g.CPU != nil || g.Wakes > 0) }

// Throttle counts the periods of a CPU quota.
type Throttle struct {
	Periods   int64 `json:"periods"`
	Throttled int64 `json:"throttled_periods,omitempty"` // in which the quota was used up
	// Time is how long the cgroup was then held still, in nanoseconds, added
	// up over processors.
	Time time.Duration `json:"throttled_ns,omitempty"`
}

// Share is a part of some time, both in nanoseconds, so that shares of slots
// and shards can be added.
type Share struct {
	Time time.Duration `json:"ns"`
	Of   time.Duration `json:"of_ns"`
}

// Ratio is the share in [0,1]; false when there was no time.
func (s *Share) Ratio() (float64, bool) {
	if s == nil || s.Of <= 0 {
		return 0, false
	}
	return float64(s.Time) / float64(s.Of), true
}

// worse joins what two slots or shards cost; nil where nothing is known. What
// it is given stays as it is.
func (g *Generator) worse(other *Generator) *Generator {
	switch {
	case g == nil:
		return other
	case other == nil:
		return g
	}
	cpus := min(g.CPUs, other.CPUs)
	if cpus == 0 { // the other one's, where one is not known
		cpus = g.CPUs + other.CPUs
	}
	return &Generator{
		CPU:      either(g.CPU, other.CPU, func(a, b float64) float64 { return max(a, b) }),
		CPUs:     cpus,
		Wakes:    g.Wakes + other.Wakes,
		Late:     g.Late + other.Late,
		Pause:    max(g.Pause, other.Pause),
		Still:    max(g.Still, other.Still),
		Throttle: either(g.Throttle, other.Throttle, Throttle.plus),
		Steal:    either(g.Steal, other.Steal, Share.plus),
		Pressure: either(g.Pressure, other.Pressure, Share.plus),
	}
}

// either joins two readings; where one is not known it is the other.
func either[T any](a, b *T, join func(a, b T) T) *T {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return new(join(*a, *b))
}

func (t Throttle) plus(other Throttle) Throttle {
	return Throttle{t.Periods + other.Periods, t.Throttled + other.Throttled, sum(t.Time, other.Time)}
}

func (s Share) plus(other Share) Share { return Share{sum(s.Time, other.Time), sum(s.Of, other.Of)} }

// sum stays among the times that a document is believed.
func sum(a, b time.Duration) time.Duration { return min(a+b, longest) }

// possible says whether the readings can be: parts are no more than their
// whole. Nothing known is possible.
func (g *Generator) possible() bool {
	if g == nil {
		return true
	}
	sane := func(v float64) bool { return v >= 0 && v <= 1e6 }
	return (g.CPU == nil || sane(*g.CPU)) && sane(g.CPUs) &&
		countable(g.Wakes) && g.Late >= 0 && g.Late <= g.Wakes && possible(g.Pause) && possible(g.Still) &&
		g.Throttle.possible() && g.Steal.possible() && g.Pressure.possible()
}

func (t *Throttle) possible() bool {
	return t == nil || countable(t.Periods) && t.Throttled >= 0 && t.Throttled <= t.Periods && possible(t.Time)
}

func (s *Share) possible() bool {
	return s == nil || possible(s.Of) && s.Time >= 0 && s.Time <= s.Of
}
