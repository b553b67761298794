package workers

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// What one machine makes: a request takes so much of a processor, more than docs/benchmarks.md measured; at most half
// of the processors are used, so that requests leave in time; and an address has ports for some more users than these.
const (
	ofProcessor = 100 * time.Microsecond
	busyMost    = 0.5
	usersMost   = 10_000
)

// Sizing says what a number of workers, or auto, makes of a load. Cores are those of each machine.
func Sizing(p *plan.Plan, text string, cores int) (string, error) {
	if text == "auto" {
		return enough(p, cores), nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > result.MostShards {
		return "", fmt.Errorf("--workers %s: write 1 to %d, or auto", usage.Quote(text), result.MostShards)
	}
	if err := (&Flags{count: n}).CheckParts(p); err != nil {
		return "", err
	}
	users, rate, known := demand(p)
	made := fmt.Sprintf("%s, each with at most %s", unit.Counted(n, "worker"),
		unit.Counted(int(math.Ceil(float64(users)/float64(n))), "user"))
	if known {
		made += " and some " + unit.Amount(unit.Quantity{Value: rate / float64(n), Unit: p.Config.Rates(p.Profile)})
	}
	if p.Config.Judge.Extend > 1 {
		made += "; judge.extend is not used"
	}
	return made, nil
}

// enough says how many machines are enough.
func enough(p *plan.Plan, cores int) string {
	users, rate, known := demand(p)
	byUsers := math.Ceil(float64(users) / usersMost)
	if !known {
		return "a group has no think time, so its requests are not known in advance; one machine has enough for " +
			unit.Counted(usersMost, "user")
	}
	byRate := math.Ceil(rate * ofProcessor.Seconds() / (busyMost * float64(cores)))
	n := int(max(1, byUsers, byRate))
	per := unit.Quantity{Value: busyMost * float64(cores) / ofProcessor.Seconds(), Unit: unit.PerSecond}
	return fmt.Sprintf("about %s with %s: one makes some %s and %s", unit.Counted(n, "machine"),
		unit.Counted(cores, "core"), unit.Amount(per), unit.Counted(usersMost, "user"))
}

// demand is how many users a load has at most at once, and how many requests it then makes in a second. Not known:
// users send as fast as they are answered.
func demand(p *plan.Plan) (users int, rate float64, known bool) {
	expected := 0.0
	for _, g := range p.Groups {
		if !p.Open && g.Users > 0 && g.WaitMax == 0 {
			return p.Share, 0, false
		}
		expected += g.Expected
	}
	planned := p.Result("", time.Time{}).Planned
	rate = expected / p.Measured().Seconds()
	if len(planned.Stages) > 0 {
		rate *= overMean(planned.Stages, p.WarmUp, p.Duration)
	}
	return max(planned.Users, planned.MaxUsers), rate, true
}

// overMean is the highest level of stages as a multiple of what they have on average between two times. From one level
// to the next the load changes in a straight line.
func overMean(stages []result.Stage, from, until time.Duration) float64 {
	level := func(s result.Stage) float64 { return float64(s.Users) + s.Rate }
	var highest, sum float64
	before, since, i := 0.0, time.Duration(0), 0
	for at := time.Duration(0); at < until; at += time.Second {
		for i < len(stages)-1 && at >= stages[i].Until {
			before, since, i = level(stages[i]), stages[i].Until, i+1
		}
		now := level(stages[i])
		highest = max(highest, now)
		if s := stages[i]; at < s.From && s.From > since {
			now = before + (now-before)*float64(at-since)/float64(s.From-since)
		}
		if at >= from {
			sum += now
		}
	}
	if sum == 0 {
		return 1
	}
	return highest * (until - from).Seconds() / sum
}
