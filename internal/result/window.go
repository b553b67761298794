package result

import "time"

// Window is a stretch of a run in whole slots. It is comparable; the zero
// value holds nothing.
type Window struct {
	Slot   time.Duration // length of one slot
	First  int           // number of the first slot
	Slots  int
	Length time.Duration // what of the slots belongs to the run; the last may be cut
}

// Measured is the time that counts: the run as it took place, not as planned,
// without the slots that begin in the warm-up. Requests that ended in the drain
// were sent before and count with the last slot, except in rates: those count what
// ended in each second.
func (r *Result) Measured() Window {
	slot := max(r.Slot, 1) // a document that never went through Check must not divide by zero
	return NewWindow(slot, int(ceil(r.Planned.WarmUp, slot)), r.Until())
}

// Whole is the run with its warm-up, without the drain.
func (r *Result) Whole() Window { return NewWindow(max(r.Slot, 1), 0, r.Until()) }

// Until is how long the run sent requests: as planned, or less.
func (r *Result) Until() time.Duration {
	if r.Planned.Duration > 0 {
		return min(r.Elapsed, r.Planned.Duration)
	}
	return r.Elapsed
}

// Silent says whether requests were sent and none got any answer: the run found
// out nothing about its target.
func (r *Result) Silent() bool {
	unheard := false
	for _, e := range r.Endpoints {
		for _, s := range e.Slots {
			answered, silent := s.Answers()
			if answered > 0 {
				return false
			}
			unheard = unheard || silent > 0
		}
	}
	return unheard
}

// NewWindow reaches from a slot to a time since the start of the run.
func NewWindow(slot time.Duration, first int, end time.Duration) Window {
	length := max(0, end-time.Duration(first)*slot)
	return Window{Slot: slot, First: first, Slots: int(ceil(length, slot)), Length: length}
}

// Holds says whether a slot is inside.
func (w Window) Holds(slot int) bool { return slot >= w.First && slot < w.First+w.Slots }

func ceil(d, unit time.Duration) int64 { return int64((d + unit - 1) / unit) }
