package diagnose

import (
	"math"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// nearlyAll is the share of a pool from which it is exhausted.
const nearlyAll = 0.95

// idleUse is the share of what a pool's connections, or one core, could do below
// which they do next to nothing.
const (
	idleUse  = 0.2
	idleCore = 0.5
)

// full is a pool whose connections are all in use for a part of the run.
type full struct {
	*result.Resource
	looks, all int          // readings with nearly all connections in use, of those that count
	slots      map[int]bool // that these readings stand for
	theirs     bool         // the connections that the server allows, whoever has them
}

// pools are the pools that are full in a tenth of the readings.
func pools(e *evidence.Run) []full {
	var found []full
	for i := range e.Result.Resources {
		r := &e.Result.Resources[i]
		name := strings.ToLower(r.Name + " " + r.Read)
		if r.Unit != unit.Ratio || r.Kind != metric.Level || !strings.Contains(name, "connection") &&
			!strings.Contains(name,
				"pool") {
			continue
		}
		f := full{Resource: r, slots: map[int]bool{}, theirs: r.From == metric.FromPostgres && poolOf(e, r.Name) == 0}
		for i, reading := range r.Readings {
			if !reading.Measured() || reading.At < e.Window.Start() {
				continue
			}
			f.all++
			if *reading.Value < nearlyAll {
				continue
			}
			f.looks++
			until := reading.At + r.Every
			if i+1 < len(r.Readings) {
				until = r.Readings[i+1].At
			}
			e.Cover(f.slots, reading.At, until)
		}
		if f.looks >= 2 && float64(f.looks) >= 0.1*float64(f.all) {
			found = append(found, f)
		}
	}
	return found
}

// poolOf is how many connections the file says that a pool has; 0: it does not.
func poolOf(e *evidence.Run, name string) int {
	for _, r := range e.Config.Resources {
		if r.Name == name {
			return r.Pool
		}
	}
	return 0
}

// poolExhausted is a pool whose connections are all in use.
func poolExhausted(e *evidence.Run, x *surplus) []verdict.Cause {
	var found []verdict.Cause
	for _, f := range pools(e) {
		if _, held := idlyHeld(e, f); held {
			continue // which says more
		}
		c := verdict.Cause{Because: reason.PoolExhausted.With(f.args()), Also: waitsFor(e, "pool")}
		if f.theirs {
			c.Remedies = []reason.Reason{reason.SeeHolders.Plain(), c.Because}
		}
		found = append(found, observed(c, x.within(func(slot int) bool { return f.slots[slot] })...))
	}
	return found
}

// heldConnections is a pool whose connections are all in use and do nothing: what
// holds them is not a statement, and not the processor.
func heldConnections(e *evidence.Run, x *surplus) []verdict.Cause {
	var found []verdict.Cause
	for _, f := range pools(e) {
		c, held := idlyHeld(e, f)
		if !held {
			continue
		}
		found = append(found, observed(c, x.within(func(slot int) bool { return f.slots[slot] })...))
	}
	return found
}

// args are how much of the run a pool is full.
func (f full) args() reason.Args {
	return reason.Args{
		"pool": f.Name, "full": f.looks, "readings": f.all, "from": evidence.Share(nearlyAll),
	}
}

// idlyHeld says whether the connections of a full pool do next to nothing: while it
// was full statements took little of the time of its connections, of which there
// is one at least, and the service's process little of one core.
func idlyHeld(e *evidence.Run, f full) (c verdict.Cause, held bool) {
	var statements time.Duration
	for _, s := range e.Result.Statements {
		statements += s.Time
	}
	whole := time.Duration(len(f.slots)) * e.Window.Slot * time.Duration(max(1, inUse(e)))
	used := float64(statements) / float64(whole)
	if f.theirs || statements == 0 || whole == 0 || used > idleUse {
		return c, false
	}
	args := f.args()
	args["statements"], args["taken"], args["share"] = statements, whole, evidence.Share(used)
	c.Because = reason.ConnectionsHeldIdle.With(args)
	if core, _, ok := coreUse(e); ok {
		if core.usual > idleCore {
			return c, false
		}
		c.Also = append(c.Also, reason.CoreUse.With(reason.Args{"share": evidence.Share(core.usual)}))
	}
	c.Also = append(c.Also, waitsFor(e, "pool")...)
	return c, true
}

// inUse is how many connections of the service's pool the database usually saw at
// work or in a transaction; 0: not known.
func inUse(e *evidence.Run) int {
	for i := range e.Result.Resources {
		r := &e.Result.Resources[i]
		if pool := poolOf(e, r.Name); r.From == metric.FromPostgres && pool > 0 {
			usual, _ := stat.Median(counting(e, r))
			return int(math.Round(usual * float64(pool)))
		}
	}
	return 0
}

// counting are the values of the readings in the measured time.
func counting(e *evidence.Run, r *result.Resource) (values []float64) {
	for _, reading := range r.Readings {
		if reading.Measured() && reading.At >= e.Window.Start() {
			values = append(values, *reading.Value)
		}
	}
	return values
}

// waitsFor is how long answers said that they waited for something; nothing where
// they do not say.
func waitsFor(e *evidence.Run, name string) []reason.Reason {
	var sum time.Duration
	var n int64
	for _, ep := range e.Endpoints {
		for _, t := range ep.Server {
			if strings.Contains(strings.ToLower(t.Name), name) {
				sum, n = sum+t.Time, n+t.Requests
			}
		}
	}
	if n == 0 {
		return nil
	}
	return []reason.Reason{reason.PoolWait.With(reason.Args{"wait": sum / time.Duration(n)})}
}
