package stat_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/loadgate/loadgate/internal/stat"
)

// closed is users who ask, wait, think and ask again, of a service of a few
// workers that takes its requests in order. A worker needs a lognormal time;
// its level may move, or be many times as high in bursts; and for a while all
// of them may stand still.
type closed struct {
	name                string
	users, workers      int
	thinkMin, thinkMax  float64 // seconds
	service, sd         float64
	memory, levelSD     float64 // of the level, as in service
	burst, times        float64 // mean length in seconds, and how many times as slow
	part                float64 // of the time in bursts
	seconds             float64
	frozenAt, frozenFor float64
}

// cycle is the usual time from one request of a user to its next.
func (c closed) cycle() float64 { return (c.thinkMin+c.thinkMax)/2 + c.service }

// answered is what ended in one second.
type answered []stat.Wait

// run answers until the seconds are over, and returns what ended in each.
func (c closed) run(r *rand.Rand) []answered {
	think := func() float64 { return c.thinkMin + (c.thinkMax-c.thinkMin)*r.Float64() }
	seconds := make([]answered, int(c.seconds))
	next := make([]float64, c.users) // when each user asks
	for i := range next {
		next[i] = think()
	}
	free := make([]float64, c.workers) // when each worker is free
	level, moved, keep := c.levelSD*r.NormFloat64(), 0.0, math.Exp(-tick/max(c.memory, tick))
	inBurst, turns := false, 0.0
	if c.part > 0 {
		inBurst = r.Float64() < c.part
		turns = r.ExpFloat64() * c.lasts(inBurst)
	}
	for {
		user := 0
		for i := range next {
			if next[i] < next[user] {
				user = i
			}
		}
		asked := next[user]
		worker := 0
		for i := range free {
			if free[i] < free[worker] {
				worker = i
			}
		}
		begins := max(asked, free[worker])
		if begins >= c.seconds {
			return seconds
		}
		for ; c.memory > 0 && moved+tick <= begins; moved += tick {
			level = keep*level + c.levelSD*math.Sqrt(1-keep*keep)*r.NormFloat64()
		}
		for c.part > 0 && turns < begins {
			inBurst = !inBurst
			turns += r.ExpFloat64() * c.lasts(inBurst)
		}
		takes := c.service * math.Exp(c.sd*r.NormFloat64()+level)
		if inBurst {
			takes *= c.times
		}
		ends := begins + takes
		if until := c.frozenAt + c.frozenFor; c.frozenFor > 0 && begins < until && ends > c.frozenAt {
			ends += until - max(begins, c.frozenAt)
		}
		free[worker] = ends
		if at := int(ends); at < len(seconds) {
			seconds[at] = append(seconds[at], stat.Wait{Latency: ends - asked, Count: 1, Cycle: c.cycle()})
		}
		next[user] = ends + think()
	}
}

func (c closed) lasts(inBurst bool) float64 {
	if inBurst {
		return c.burst
	}
	return c.burst * (1 - c.part) / c.part
}

// frozenRule is the rule of the gate: the arrivals of the stretches in which
// nothing was answered break the limit alone.
func frozenRule(seconds []answered, p, limit float64) (broken, frozen bool) {
	var all []stat.Wait
	answers := make([]float64, len(seconds))
	for t, s := range seconds {
		all = append(all, s...)
		answers[t] = float64(len(s))
	}
	q, ok := stat.ArrivalsQuantile(all, p)
	if !ok || q <= limit {
		return false, false
	}
	counted := make([]stat.Batch, len(seconds))
	for t, s := range seconds {
		_, counted[t].N = stat.ArrivalsAbove(s, limit)
	}
	for _, stretch := range stat.Idle(answers) {
		for t := stretch.From; t <= min(stretch.To+1, len(seconds)-1); t++ { // its answers may take until then
			counted[t].Hits, _ = stat.ArrivalsAbove(seconds[t], limit)
		}
	}
	low, _, _ := stat.FailureShare(counted, .05)
	return true, low > 1-p
}

// truth is the quantile of arrivals of a service in the long run.
func (c closed) truth(r *rand.Rand, p float64) float64 {
	c.seconds = 4000
	q, _ := stat.ArrivalsQuantile(slices.Concat(c.run(r)...), p)
	return q
}

func TestSimulationOfFreezes(t *testing.T) {
	demo := closed{users: 20, workers: 4, thinkMin: .1, thinkMax: .3, service: .002, sd: .5}
	at := func(share float64, c closed) closed { // so busy are its workers
		busy := share * float64(c.workers) / float64(c.users)
		c.service = busy * (c.thinkMin + c.thinkMax) / 2 / (1 - busy)
		return c
	}
	var rows [][]string
	seed := uint64(100)
	lengths, loads, mostWrong := []float64{40, 300}, []float64{.3, .6, .9}, 5.0
	if !*long {
		lengths, loads, mostWrong = lengths[:1], loads[1:2], 20
	}
	for _, seconds := range lengths {
		for _, load := range loads {
			for _, noise := range []closed{
				{name: "independent"},
				{name: "level of 0.4 with a memory of 6 s", memory: 6, levelSD: .4},
				{name: "2 % of the time 20 times slower, for 2 s", burst: 2, times: 20, part: .02},
				{name: "10 % of the time 10 times slower, for 1 s", burst: 1, times: 10, part: .1},
				{name: "5 % of the time 30 times slower, for 3 s", burst: 3, times: 30, part: .05},
			} {
				seed++
				c := at(load, demo)
				c.memory, c.levelSD, c.burst, c.times, c.part = noise.memory,
					noise.levelSD, noise.burst, noise.times, noise.part
				c.seconds = seconds
				r := chance(seed)
				limit := c.truth(r, .95) / .7
				n, wrong, warned := times(10, 200), 0, 0
				for range n {
					broken, frozen := frozenRule(c.run(r), .95, limit)
					wrong, warned = wrong+count(frozen), warned+count(broken)
				}
				name := fmt.Sprintf("%g s at %g %% of saturation, %s", seconds, 100*load, noise.name)
				rows = append(rows,
					[]string{name, share(t, name+": wrong", wrong, n, 0, mostWrong), share(t, name+": warned",
						warned, n, 0, 100)})
			}
		}
	}
	table("clean run, limit = true p95 of arrivals / 0.7 | failed as frozen | warned", rows)
	rows = nil
	for _, row := range []struct{ seconds, frozen, limit, p float64 }{
		{40, 2, .1, .95}, {40, 4, 1, .95}, {40, 8, 1, .95}, {40, 2, 1, .99},
		{300, 4, .1, .99}, {300, 8, 1, .99}, {300, 16,
			.1, .95},
		{40, 2, 1, .95}, {300, 8, 1, .95},
	} {
		for _, load := range loads {
			seed++
			c := at(load, demo)
			c.seconds, c.frozenFor = row.seconds, row.frozen
			r := chance(seed)
			n, found := times(10, 200), 0
			for range n {
				c.frozenAt = 2 + r.Float64()*(c.seconds-c.frozenFor-4)
				_, frozen := frozenRule(c.run(r), row.p, row.limit)
				found += count(frozen)
			}
			name := fmt.Sprintf("%g s of %g s, p%g < %g s (%.1f %% of arrivals wait longer), at %g %%",
				row.frozen, row.seconds,
				100*row.p,
				row.limit, 100*(row.frozen-row.limit)/row.seconds, 100*load)
			least, most := 0.0, 100.0
			switch longer := (row.frozen - row.limit) / row.seconds; {
			case longer > 1.25*(1-row.p): // of arrivals wait too long, and that is told
				least = 95
			case longer < .8*(1-row.p):
				most = 10
			}
			rows = append(rows, []string{name, share(t, name, found, n, least, most)})
		}
	}
	table("frozen for | failed", rows)
}
