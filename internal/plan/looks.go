package plan

import (
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// firstLook is the measured time before which a look would find warm caches
// and luck.
const firstLook = 60 * time.Second

// Looks are the times since the start at which a run may end early, ascending:
// after an eighth, a quarter and half of the measured time. Empty where the
// file wants none; values without intervals cannot be judged twice, a shard sees
// too little to end the whole run, and stages and several loads
// are there to be seen to the last.
func (p *Plan) Looks() []time.Duration {
	judge := p.Config.Judge
	if p.Shard.N > 1 || p.Loads != nil || p.Bounded() || len(p.Stages) > 0 || judge.Point ||
		!judge.StopOnFail && !judge.StopOnPass {
		return nil
	}
	var at []time.Duration
	for _, part := range []time.Duration{8, 4, 2} {
		if measured := (p.Measured() / part).Round(result.SlotLength); measured >= firstLook {
			at = append(at, p.WarmUp+measured)
		}
	}
	return at
}
