// Package estimate turns the counts of a result into figures with what is known of their
// certainty: which slots count, what ended in them, and a quantile, mean, rate or share with
// its interval. The judge and the report take their figures here; the judge and the forecast
// of a plan split the rows of a rule here.
package estimate

import (
	"time"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
)

// Window is a stretch of a run, cut into parts of equal time. It is
// comparable. The zero value holds nothing.
type Window struct {
	result.Window
	parts int  // B; 0 counts as 1
	Apart bool // what ended behind it belongs to others; else it is the drain
}

// Parted cuts a window into as many parts as its length bears (stat.Batches), at least one.
func Parted(w result.Window) Window {
	return Window{Window: w, parts: max(1, min(stat.Batches(w.Length), w.Slots))}
}

// Span reaches from the first to the last slot in which one of the endpoints
// was asked.
func Span(r *result.Result, endpoints []*result.Endpoint) Window {
	first, last := -1, -1
	for _, ep := range endpoints {
		if n := len(ep.Slots); n > 0 {
			if first < 0 || ep.Slots[0].Slot < first {
				first = ep.Slots[0].Slot
			}
			last = max(last, ep.Slots[n-1].Slot)
		}
	}
	slot := r.Whole().Slot
	return Parted(result.NewWindow(slot, max(first, 0), time.Duration(last+1)*slot))
}

// InParts is the window in n parts, at most one for each slot.
func (w Window) InParts(n int) Window {
	w.parts = min(n, w.Slots)
	return w
}

// AsOne is the window without parts, of which no interval comes.
func (w Window) AsOne() Window {
	w.parts = 1
	return w
}

// Start is when it begins, since the start of the run.
func (w Window) Start() time.Duration { return time.Duration(w.First) * w.Slot }

// Short says whether there are too few parts to learn from how they differ.
func (w Window) Short() bool { return w.parts < stat.MinBatches }

// part finds the part of a slot. Slots before the window count into its first
// part and those behind it, the drain, into its last; inside is false for
// both.
func (w Window) part(slot int) (part int, inside bool) {
	if w.Slots == 0 {
		return 0, false
	}
	i := slot - w.First
	inside = i >= 0 && i < w.Slots
	return min(max(i, 0), w.Slots-1) * w.parts / w.Slots, inside
}

// seconds is the length of a part. Parts differ by a slot where the slots do
// not divide evenly.
func (w Window) seconds(part int) float64 {
	edge := func(part int) time.Duration {
		slots := (part*w.Slots + w.parts - 1) / w.parts
		return min(time.Duration(slots)*w.Slot, w.Length)
	}
	return (edge(part+1) - edge(part)).Seconds()
}

// MinMeasured is the shortest measured time that has stat.MinBatches parts.
const MinMeasured = 30 * time.Second
