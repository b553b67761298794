package evidence

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/stat"
)

// freezesOf finds the freezes of the service, and those of single endpoints at other times.
func freezesOf(e *Run) []Freeze {
	if e.Summed || e.Window.Slots == 0 {
		return nil
	}
	asked := working(e)
	service := frozen(e, asked, true)
	found := slices.Clone(service)
	for _, ep := range asked {
		for _, f := range frozen(e, Group{ep}, false) {
			if !slices.ContainsFunc(service, f.overlaps) {
				found = append(found, f)
			}
		}
	}
	return found
}

// frozen are the freezes of a group taken together: seconds without answers
// behind which answers came that had waited for as long. Without those nobody
// had asked.
func frozen(e *Run, g Group, every bool) []Freeze {
	answers := make([]float64, e.Window.Slots)
	for i, s := range e.Tally(g, e.Window, estimate.Intended).Seconds {
		answers[i] = float64(s.Requests - s.Failed)
	}
	var found []Freeze
	for _, s := range stat.Idle(answers) {
		f := Freeze{Group: g, Every: every, From: e.Window.First + s.From, To: e.Window.First + s.To}
		f.Probed = lookedAt(e, f.From, f.To)
		if stoodStill(e, f.From, f.To) {
			continue
		}
		least := time.Duration(f.To-f.From) * e.Window.Slot / 2
		if timeout := e.Result.Planned.Timeout; timeout > 0 {
			least = min(least, timeout/2) // nobody waits longer
		}
		for _, ep := range g {
			for _, slot := range ep.Slots {
				if slot.Slot < f.From || slot.Slot > f.last() {
					continue
				}
				f.add(slot, least, e.Result.Planned.Timeout)
			}
		}
		if f.Waited > 0 {
			found = append(found, f)
		}
	}
	return found
}

// JoinFreezes takes together the freezes of single endpoints that overlap, each endpoint once.
func JoinFreezes(freezes []Freeze) []Freeze {
	var joined []Freeze
	for _, f := range freezes {
		joined = joinedTo(joined, f, func(f *Freeze, other Freeze) bool {
			if f.Every || other.Every || f.Probed != other.Probed || !f.overlaps(other) {
				return false
			}
			f.From, f.To = min(other.From, f.From), max(other.To, f.To)
			f.Waited, f.Longest = f.Waited+other.Waited, max(f.Longest, other.Longest)
			f.Group = f.Group.with(other.Group)
			return true
		})
	}
	return joined
}

// Reason is when it was, since the start of the run, and who waited for how long: users in
// a closed load, of whom each waits for one answer, or requests.
func (f Freeze) Reason(e *Run) reason.Reason {
	from, until := f.span(e)
	args := reason.Args{"from": from, "until": until, "longest": f.Longest}
	users := e.Users(time.Duration(f.From) * e.Window.Slot)
	if e.Result.Planned.Rate == 0 && f.Waited <= int64(users) {
		args["users"] = f.Waited
	} else {
		args["requests"] = f.Waited
	}
	return reason.Frozen.With(args)
}

func (f Freeze) span(e *Run) (from, until time.Duration) {
	slot := e.Window.Slot
	from, until = time.Duration(f.From)*slot, time.Duration(f.To)*slot
	// The answers that it ended with were asked for before its first whole second.
	if f.Longest > until-from {
		from = max(0, from-min(slot, f.Longest-(until-from)))
	}
	return from, until
}

// WorthTelling is the shortest wait of a freeze that has a line of its own: a
// busy machine makes shorter ones.
const WorthTelling = 2 * time.Second
