package evidence

// Shares of the arrivals that may be missing: more is a flag against the
// generator (statistics, section 8), and much more is another load.
const (
	DroppedFlag = 0.001
	DroppedMost = 1 - OfferedLate
)

// arrivals are those of an open load in the measured time.
type arrivals struct{ Due, Missing int64 }

func (a arrivals) Share() float64 { return float64(a.Missing) / float64(max(a.Due, 1)) }

// Arrived counts what was due; what the generator never came to is counted in
// the drain.
func (e *Run) Arrived() arrivals {
	var a arrivals
	for _, m := range e.Result.Timeline {
		if e.Still[m.Slot] {
			continue
		}
		if e.Window.Holds(m.Slot) || m.Slot >= e.Window.First && !e.Window.Apart {
			a.Due, a.Missing = a.Due+m.Offered, a.Missing+m.Dropped
		}
	}
	return a
}
