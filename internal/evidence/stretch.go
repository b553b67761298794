package evidence

import (
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// Freeze is a stretch of the measured time in which next to nothing was
// answered while requests waited.
type Freeze struct {
	Group    Group
	Every    bool // the whole service
	From, To int  // slots since the start of the run; its answers come in slot to, or the one behind
	Probed   bool // loadgate's own probe was read all the while, and blocks the service
	Waited   int64
	Longest  time.Duration
}

// OfService says whether it is the service's own.
func (f Freeze) OfService() bool { return !f.Probed }

// Any is every freeze.
func (f Freeze) Any() bool { return true }

func (f Freeze) overlaps(other Freeze) bool { return f.From <= other.To && other.From <= f.To }

// touches says whether it is one of a group's: of the whole service, or of one of
// its endpoints.
func (f Freeze) touches(g Group) bool { return f.Every || f.Group.Meets(g) }

// last is the slot in which the last of its answers may come.
func (f Freeze) last() int { return f.To + 1 }

// add counts what of a slot waited at least so long.
func (f *Freeze) add(slot result.Slot, least, timeout time.Duration) {
	var l hist.Latency
	if slot.Sent().Into(&l) != nil {
		return // the tally has reported it
	}
	f.Waited += l.Beyond(least)
	if longest, ok := l.Max(); ok && longest > least {
		f.Longest = max(f.Longest, longest)
	}
	if n := slot.Failed[metric.Timeout]; n > 0 && timeout > least {
		f.Waited, f.Longest = f.Waited+n, max(f.Longest, timeout)
	}
}

// Outage is a stretch of the measured time in which most requests of some
// endpoints failed.
type Outage struct {
	Group    Group
	Every    bool // all requests of the run together
	From, To int  // slots since the start of the run
	Requests int64
	Failed   int64
}

// Lasts says whether it is an outage, and no blip.
func (o Outage) Lasts(slot time.Duration) bool {
	return time.Duration(o.To-o.From)*slot >= outageTime && o.Requests >= outageRequests
}

func (o Outage) overlaps(other Outage) bool { return o.From < other.To && other.From < o.To }

// joinedTo adds one stretch to those found. join takes another stretch into it, and says whether
// it did; those that it did not take stay as they are.
func joinedTo[T any](found []T, one T, join func(one *T, other T) bool) []T {
	var apart []T
	for _, other := range found {
		if !join(&one, other) {
			apart = append(apart, other)
		}
	}
	return append(apart, one)
}
