package gate

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/unit"
)

// A generator that did not run for so long measured itself in that time, and
// one that did not for so much of the measured time hardly measured the service.
const (
	standstillLeast = time.Second
	standstillMost  = 0.5
)

// standstill is a stretch in which the generator's process did not run.
type standstill struct {
	at     time.Duration // since the start of the run
	length time.Duration
}

// standstillsOf finds them, and the slots that they leave nothing of: what was
// under way when the process went on is answered, or given up, in the slot
// behind. No slots pass while a machine sleeps, so those before the last one in
// which something was answered are as good as any.
func (e *evidence) standstillsOf() (found []standstill, slots map[int]bool) {
	slots = map[int]bool{}
	answered := map[int]bool{}
	for _, ep := range e.result.Endpoints {
		for _, s := range ep.Slots {
			answered[s.Slot] = true
		}
	}
	for _, m := range e.result.Timeline {
		if m.Generator == nil || m.Generator.Still < standstillLeast {
			continue
		}
		slot := e.window.Slot
		began := max(0, time.Duration(m.Slot)*slot-m.Generator.Still)
		slots[m.Slot], slots[m.Slot+1] = true, true
		first := m.Slot - 1
		for first > int(began/slot) && !answered[first] {
			slots[first] = true
			first--
		}
		slots[first] = true
		found = append(found, standstill{max(began, time.Duration(first)*slot), m.Generator.Still})
	}
	return found, slots
}

// stoodStill says whether the generator did not run in a part of the slots
// [from, to].
func (e *evidence) stoodStill(from, to int) bool {
	for slot := from; slot <= to; slot++ {
		if e.still[slot] {
			return true
		}
	}
	return false
}

// standstills tells of a generator that did not run for a while. Its seconds are
// left out of every figure.
func standstills(e *evidence) []Check {
	if len(e.standstills) == 0 {
		return nil
	}
	all, first := time.Duration(0), e.standstills[0]
	for _, s := range e.standstills {
		all += s.length
	}
	when := fmt.Sprintf("for %s at %s", unit.Of(first.length), sinceStart(first.at))
	if n := len(e.standstills); n > 1 {
		when = fmt.Sprintf("%d times, for %s in all, the first time at %s", n, unit.Of(all), sinceStart(first.at))
	}
	checks := []Check{{
		Subject: "generator", Outcome: Warn, Shown: true, Got: Measured(unit.Of(all)),
		Reason: fmt.Sprintf(
			"the generator stood still %s: it was stopped, or its machine slept; these seconds are left out",
			when),
		Remedy: "keep its machine awake, and let nothing stop loadgate; run again if much of the run is missing",
	}}
	if left := e.ran(e.window); e.window.Length > 0 && float64(left) < (1-standstillMost)*float64(e.window.Length) {
		checks = append(checks, Check{
			Subject: "run", Remedy: "run it again, on a machine that stays awake",
			Reason: fmt.Sprintf("the generator ran in only %s of %s: too little was measured", unit.Of(left),
				unit.Of(e.window.Length)),
		})
	}
	return checks
}
