package stat_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/stat"
)

// noisy is latencies of a service on a machine with a life of its own. Requests
// are spread evenly over the run. A latency is lognormal around a level that
// moves (autoregressive from second to second), and for a part of the time many
// times as high: bursts of exponential length, each of its own height.
type noisy struct {
	name          string
	sd            float64
	memory, moves float64 // of the level: seconds, and the standard deviation of its logarithm
	part, lasts   float64 // of the time in bursts, and their mean length in seconds
	times         float64 // as slow
}

func (p noisy) run(r *rand.Rand, seconds float64, n int) (at, latency []float64) {
	keep := math.Exp(-1 / max(p.memory, 1e-9))
	level := p.moves * r.NormFloat64()
	inBurst, height, turns := p.part > 0 && r.Float64() < p.part, 0.0, 0.0
	next := func() {
		mean := p.lasts
		if !inBurst {
			mean = p.lasts * (1 - p.part) / p.part
		}
		turns += mean * r.ExpFloat64()
		height = math.Log(p.times) + .3*r.NormFloat64()
	}
	if p.part > 0 {
		next()
	}
	moved := 0.0
	for i := range n {
		now := (float64(i) + r.Float64()) * seconds / float64(n)
		for ; moved+1 <= now; moved++ {
			level = keep*level + p.moves*math.Sqrt(1-keep*keep)*r.NormFloat64()
		}
		for p.part > 0 && turns <= now {
			inBurst = !inBurst
			next()
		}
		x := p.sd*r.NormFloat64() + level
		if inBurst {
			x += height
		}
		at, latency = append(at, now), append(latency, math.Exp(x))
	}
	return at, latency
}

// judged is what the interval of the p95, and the interval together with the
// requests above the limit, say of it.
func judged(at, latency []float64, seconds, limit float64) (present, both stat.Judgement) {
	low, high, _, _ := interval(at, latency, seconds, .05)
	present = stat.AgainstCeiling(low, high, limit)
	if present != stat.Undecided {
		return present, present
	}
	batches := make([]stat.Batch, stat.Batches(time.Duration(seconds*float64(time.Second))))
	for i, now := range at {
		b := &batches[int(now/seconds*float64(len(batches)))]
		b.N++
		if latency[i] > limit {
			b.Hits++
		}
	}
	sorted := slices.Sorted(slices.Values(latency))
	value := sorted[int(math.Ceil(.95*float64(len(sorted))-1e-9))-1]
	if stat.Keeps(.95, value, limit, batches, .05).Shown {
		return present, stat.Within
	}
	return present, present
}

func TestSimulationOfMargins(t *testing.T) {
	processes := []noisy{
		{name: "independent, 0.5", sd: .5},
		{name: "independent, 1.0", sd: 1},
		{name: "memory of 2 s", sd: .4, memory: 2, moves: .3},
		{name: "memory of 6 s", sd: .4, memory: 6, moves: .3},
		{name: "memory of 19 s", sd: .4, memory: 19, moves: .3},
		{name: "memory of 6 s, 0.6", sd: .4, memory: 6, moves: .6},
		{name: "5 % in bursts of 1 s, ×10", sd: .4, part: .05, lasts: 1, times: 10},
		{name: "5 % in bursts of 3 s, ×30", sd: .4, part: .05, lasts: 3, times: 30},
		{name: "10 % in bursts of 1 s, ×10", sd: .4, part: .1, lasts: 1, times: 10},
		{name: "20 % in bursts of 3 s, ×30", sd: .4, part: .2, lasts: 3, times: 30},
		{name: "2 % in bursts of 2 s, ×20", sd: .4, part: .02, lasts: 2, times: 20},
	}
	loads := []struct {
		n       int
		seconds float64
	}{{200, 40}, {800, 40}, {2600, 40}, {2600, 300}}
	if !*long {
		processes, loads = []noisy{processes[0], processes[3], processes[8]}, loads[1:2]
	}
	wide, narrow := []float64{.1, .3, .5, .7}, []float64{1, 1.05, 1.2}
	for _, load := range loads {
		var rows [][]string
		for i, p := range processes {
			r := chance(uint64(300 + i))
			_, all := p.run(r, 40_000, 400_000)
			slices.Sort(all)
			truth := all[len(all)*95/100]
			n := times(60, 1000)
			undecided, passed := [2][4]int{}, [2][3]int{}
			for range n {
				at, latency := p.run(r, load.seconds, load.n)
				for k, ratio := range wide {
					present, both := judged(at, latency, load.seconds, truth/ratio)
					undecided[0][k] += count(present != stat.Within)
					undecided[1][k] += count(both != stat.Within)
				}
				for k, ratio := range narrow {
					present, both := judged(at, latency, load.seconds, truth/ratio)
					passed[0][k] += count(present == stat.Within)
					passed[1][k] += count(both == stat.Within)
				}
			}
			percent := func(hits []int) string {
				text := ""
				for k, h := range hits {
					if k > 0 {
						text += " / "
					}
					text += fmt.Sprintf("%.0f", 100*float64(h)/float64(n))
				}
				return text
			}
			rows = append(rows,
				[]string{p.name, percent(undecided[0][:]), percent(undecided[1][:]), percent(passed[0][:]),
					percent(passed[1][:])})
			for k := range wide {
				if undecided[1][k] > undecided[0][k] {
					t.Errorf("%s: the margin decides less at %g L", p.name, wide[k])
				}
			}
			if more := 100 * float64(passed[1][0]-passed[0][0]) / float64(n); more > 12 {
				t.Errorf("%s, %d in %g s: wrong pass at the limit rises by %.1f points",
					p.name, load.n, load.seconds, more)
			}
			// A service whose p95 is a tenth of its limit passes, whatever the machine does.
			if rare := p.part > 0 && p.part < .1; !rare && 100*undecided[1][0] > 3*n {
				t.Errorf("%s, %d in %g s: %d of %d runs at a tenth of the limit are undecided",
					p.name, load.n, load.seconds,
					undecided[1][0], n)
			}
		}
		table(fmt.Sprintf(
			"%d requests in %g s | not passed at 0.1 / 0.3 / 0.5 / 0.7 L, interval alone | with the margin "+
				"| wrong pass at 1 / 1.05 / 1.2 L, interval alone | with the margin", load.n, load.seconds), rows)
	}
}

// failing is failures of a service: a share of requests that fail by themselves,
// in clusters of so many that follow each other, or all of a stretch.
type failing struct {
	name                   string
	share                  float64
	clusterMin, clusterMax int
	stretch, of            float64 // seconds once in the run, and the share that fails in them
}

func (p failing) run(r *rand.Rand, seconds float64, n int) []stat.Batch {
	slots := make([]stat.Batch, int(seconds))
	begins := r.Float64() * (seconds - p.stretch)
	left := 0
	mean := float64(p.clusterMin+p.clusterMax) / 2
	for i := range n {
		now := (float64(i) + r.Float64()) * seconds / float64(n)
		s := &slots[min(int(now), len(slots)-1)]
		s.N++
		if left == 0 && p.share > 0 && r.Float64() < p.share/max(mean, 1)/(1-p.share*(1-1/max(mean, 1))) {
			left = p.clusterMin + r.IntN(p.clusterMax-p.clusterMin+1)
		}
		switch {
		case left > 0:
			left--
			s.Hits++
		case p.stretch > 0 && now >= begins && now < begins+p.stretch && r.Float64() < p.of:
			s.Hits++
		}
	}
	return slots
}

// judgedFailures is what the share as a sample (Share over parts of the run), as a
// fact of the run (FailureShare), and with an outage that breaks the limit
// alone, say of a limit.
func judgedFailures(slots []stat.Batch, limit float64) (sample, fact, outage stat.Judgement) {
	B := stat.Batches(time.Duration(len(slots)) * time.Second)
	parts := make([]stat.Batch, B)
	n := 0.0
	for i, s := range slots {
		b := &parts[i*B/len(slots)]
		b.N, b.Hits = b.N+s.N, b.Hits+s.Hits
		n += s.N
	}
	low, high, _ := stat.Share(parts, .05)
	sample = stat.AgainstShare(low, high, limit)
	low, high, _ = stat.FailureShare(slots, .05)
	fact = stat.AgainstShare(low, high, limit)
	outage = fact
	for _, s := range stat.Stretches(slots) {
		if s.To-s.From >= 3 && s.N >= 10 && s.Hits >= limit*n {
			outage = stat.Beyond
		}
	}
	return sample, fact, outage
}

func TestSimulationOfFailures(t *testing.T) {
	const limit = .005
	processes := []failing{
		{name: "0.1 % one by one", share: .001, clusterMin: 1, clusterMax: 1},
		{name: "0.25 % one by one", share: .0025, clusterMin: 1, clusterMax: 1},
		{name: "0.5 % one by one", share: .005, clusterMin: 1, clusterMax: 1},
		{name: "1 % one by one", share: .01, clusterMin: 1, clusterMax: 1},
		{name: "2 % one by one", share: .02, clusterMin: 1, clusterMax: 1},
		{name: "0.25 % in clusters of 2 to 5", share: .0025, clusterMin: 2, clusterMax: 5},
		{name: "0.5 % in clusters of 2 to 5", share: .005, clusterMin: 2, clusterMax: 5},
		{name: "1 % in clusters of 2 to 5", share: .01, clusterMin: 2, clusterMax: 5},
		{name: "0.25 % in clusters of 10", share: .0025, clusterMin: 10, clusterMax: 10},
		{name: "0.5 % in clusters of 10", share: .005, clusterMin: 10, clusterMax: 10},
		{name: "a second without success", stretch: 1, of: 1},
		{name: "3 s without success", stretch: 3, of: 1},
		{name: "5 s without success", stretch: 5, of: 1},
		{name: "15 s without success", stretch: 15, of: 1},
		{name: "5 s in which half fails", stretch: 5, of: .5},
		{name: "10 s in which a fifth fails", stretch: 10, of: .2},
	}
	loads := []struct {
		n       int
		seconds float64
	}{{200, 40}, {2600, 40}, {2600, 300}, {19_500, 300}, {1300, 20}}
	if !*long {
		loads = loads[1:2]
	}
	for _, load := range loads {
		var rows [][]string
		for i, p := range processes {
			r, n := chance(uint64(400+i)), times(60, 2000)
			var fails, passes [3]int
			for range n {
				var j [3]stat.Judgement
				j[0], j[1], j[2] = judgedFailures(p.run(r, load.seconds, load.n), limit)
				for k := range j {
					fails[k] += count(j[k] == stat.Beyond)
					passes[k] += count(j[k] == stat.Within)
				}
			}
			row := []string{p.name}
			for k := range fails {
				row = append(row, fmt.Sprintf("%.0f / %.0f", 100*float64(fails[k])/float64(n),
					100*float64(passes[k])/float64(n)))
			}
			rows = append(rows, row)
			if p.share > 0 && p.share <= limit/2 && 100*fails[2] > 6*n {
				t.Errorf("%s, %d in %g s: %d of %d runs at half of the limit fail",
					p.name, load.n, load.seconds, fails[2], n)
			}
			if p.stretch >= 5 && p.of == 1 && 100*fails[2] < 99*n {
				t.Errorf("%s, %d in %g s: %d of %d runs fail", p.name, load.n, load.seconds, fails[2], n)
			}
		}
		table(fmt.Sprintf(
			"failures < 0.5 %%, %d requests in %g s | as a sample: fail / pass | as a fact | with outages",
			load.n, load.seconds), rows)
	}
}
