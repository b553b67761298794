package estimate

import (
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// A generator that did not run for so long measured itself in that time, and
// one that did not for so much of the measured time hardly measured the service.
const (
	standstillLeast = time.Second
	StandstillMost  = 0.5 // of the measured time
)

// Standstill is a stretch in which the generator's process did not run.
type Standstill struct {
	At     time.Duration // since the start of the run
	Length time.Duration
}

// Standstills finds them, and the slots that they leave nothing of: what was
// under way when the process went on is answered, or given up, in the slot
// behind. No slots pass while a machine sleeps, so those before the last one in
// which something was answered are as good as any.
func Standstills(r *result.Result) (found []Standstill, slots map[int]bool) {
	slots = map[int]bool{}
	answered := map[int]bool{}
	for _, ep := range r.Endpoints {
		for _, s := range ep.Slots {
			answered[s.Slot] = true
		}
	}
	for _, m := range r.Timeline {
		if m.Generator == nil || m.Generator.Still < standstillLeast {
			continue
		}
		slot := r.Whole().Slot
		began := max(0, time.Duration(m.Slot)*slot-m.Generator.Still)
		slots[m.Slot], slots[m.Slot+1] = true, true
		first := m.Slot - 1
		for first > int(began/slot) && !answered[first] {
			slots[first] = true
			first--
		}
		slots[first] = true
		found = append(found, Standstill{max(began, time.Duration(first)*slot), m.Generator.Still})
	}
	return found, slots
}
