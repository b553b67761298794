package gate

import (
	"time"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
)

// window is a stretch of a run, in whole slots, cut into parts of equal time.
// It is comparable. The zero value holds nothing.
type window struct {
	slot   time.Duration // length of one slot
	first  int           // number of the first slot
	slots  int
	length time.Duration // what of the slots belongs to the run; the last may be cut
	parts  int           // B; at least 1
}

// measured is the measured time: what is left of the run as it was, not as it
// was planned, when the slots that begin in the warm-up and the drain behind
// the planned end are taken away.
func measured(r *result.Result) window {
	slot := slotOf(r)
	return newWindow(slot, int(ceil(r.Planned.WarmUp, slot)), until(r))
}

// whole is the run with its warm-up, without the drain.
func whole(r *result.Result) window { return newWindow(slotOf(r), 0, until(r)) }

// span reaches from the first to the last slot in which one of the endpoints
// was asked.
func span(r *result.Result, endpoints []*result.Endpoint) window {
	first, last := -1, -1
	for _, ep := range endpoints {
		if n := len(ep.Slots); n > 0 {
			if first < 0 || ep.Slots[0].Slot < first {
				first = ep.Slots[0].Slot
			}
			last = max(last, ep.Slots[n-1].Slot)
		}
	}
	slot := slotOf(r)
	return newWindow(slot, max(first, 0), time.Duration(last+1)*slot)
}

func newWindow(slot time.Duration, first int, end time.Duration) window {
	length := max(0, end-time.Duration(first)*slot)
	slots := int(ceil(length, slot))
	return window{
		slot: slot, first: first, slots: slots, length: length,
		parts: max(1, min(stat.Batches(length), slots)),
	}
}

// until is where the run ended: as planned, or earlier.
func until(r *result.Result) time.Duration {
	if r.Planned.Duration > 0 {
		return min(r.Elapsed, r.Planned.Duration)
	}
	return r.Elapsed
}

// slotOf keeps a document that never went through result.Check from dividing
// by zero.
func slotOf(r *result.Result) time.Duration {
	if r.Slot > 0 {
		return r.Slot
	}
	return result.SlotLength
}

func ceil(d, unit time.Duration) int64 { return int64((d + unit - 1) / unit) }

// short says whether there are too few parts to learn from how they differ.
func (w window) short() bool { return w.parts < stat.MinBatches }

// part finds the part of a slot. Slots before the window count into its first
// part and those behind it, the drain, into its last; inside is false for
// both.
func (w window) part(slot int) (part int, inside bool) {
	if w.slots == 0 {
		return 0, false
	}
	i := slot - w.first
	inside = i >= 0 && i < w.slots
	return min(max(i, 0), w.slots-1) * w.parts / w.slots, inside
}

// seconds is the length of a part. Parts differ by a slot where the slots do
// not divide evenly.
func (w window) seconds(part int) float64 {
	edge := func(part int) time.Duration {
		slots := (part*w.slots + w.parts - 1) / w.parts
		return min(time.Duration(slots)*w.slot, w.length)
	}
	return (edge(part+1) - edge(part)).Seconds()
}

// minMeasured is the shortest measured time that has stat.MinBatches parts.
const minMeasured = 30 * time.Second
