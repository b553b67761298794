package stat_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/loadgate/loadgate/internal/stat"
)

// The simulations are the proof that the verdicts err as seldom as
// docs/statistics.md says, and its section "What was simulated" is their
// output. Everything is seeded, so a figure never differs; the bounds in the
// short form are far wider than its error.
//
// Services of runs. Requests come at a rate per second, independently of each
// other. A latency is lognormal with a standard deviation of the logarithms of
// 0.5. On top of that, either a level moves (standard deviation of its logarithm
// 0.15, or 0.3 where a row says so; its memory is the time in which the
// correlation falls to 1/e), or every 20 s a pause of 0.4 s holds whatever
// arrives in it until its end. The limit is the true p95, where every verdict
// against it is wrong.
//
// Earlier runs (history_simulation_test.go). The logarithm of an endpoint's
// value in a run is its own level, plus a normal part that all endpoints of the
// run share, plus a normal part of its own; CV is the standard deviation of
// both together. 5 % of runs on a slow machine: those are 30 % slower.
var long = flag.Bool("long", false, "simulate as often as docs/statistics.md does, and print its tables")

// times is how often something is simulated.
func times(short, full int) int {
	if *long {
		return full
	}
	return short
}

// table prints rows as Markdown, in the long form only.
func table(head string, rows [][]string) {
	if !*long {
		return
	}
	columns := strings.Count(head, "|") + 1
	fmt.Printf("\n| %s |\n|%s\n", head, strings.Repeat(" --- |", columns))
	for _, row := range rows {
		fmt.Printf("| %s |\n", strings.Join(row, " | "))
	}
}

// share is hits of n in percent, printed, and checked to be in [low, high].
func share(t *testing.T, what string, hits, n int, low, high float64) string {
	t.Helper()
	percent := 100 * float64(hits) / float64(n)
	if percent < low || percent > high {
		t.Errorf("%s: %d of %d, %.1f %%, want %g to %g %%", what, hits, n, percent, low, high)
	}
	return fmt.Sprintf("%.1f", percent)
}

func chance(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 95)) }

// service is what is measured in a run.
type service struct {
	name          string
	seconds, rate float64
	memory        float64 // of the level, in seconds; 0: it does not move
	levelSD       float64 // of its logarithm
	pause, every  float64 // seconds
	rise          float64 // of the logarithm over the run
	line          float64 // rise of the value over the run, as a share of its beginning
}

const (
	ownSD = .5
	tick  = .1 // seconds between moves of the level
)

// run makes the requests of a run in order of arrival: seconds and latencies.
func (s service) run(r *rand.Rand) (at, latency []float64) {
	moved, level := 0.0, 0.0
	keep := 0.0
	if s.memory > 0 {
		keep = math.Exp(-tick / s.memory)
		level = s.levelSD * r.NormFloat64()
	}
	phase := r.Float64() * s.every
	for now := r.ExpFloat64() / s.rate; now < s.seconds; now += r.ExpFloat64() / s.rate {
		for ; s.memory > 0 && moved+tick <= now; moved += tick {
			level = keep*level + s.levelSD*math.Sqrt(1-keep*keep)*r.NormFloat64()
		}
		x := .1 * math.Exp(ownSD*r.NormFloat64()+level+s.rise*now/s.seconds) * (1 + s.line*now/s.seconds)
		if s.every > 0 {
			x += max(0, s.pause-math.Mod(now+phase, s.every))
		}
		at, latency = append(at, now), append(latency, x)
	}
	return at, latency
}

// p95 is the true one: the mean of the distribution over the phases of the pause.
func (s service) p95() float64 {
	sd := ownSD
	if s.memory > 0 {
		sd = math.Hypot(ownSD, s.levelSD)
	}
	below := func(x float64) float64 { return distuv.UnitNormal.CDF(math.Log(x/.1) / sd) }
	all := func(x float64) float64 {
		if s.every == 0 {
			return below(x)
		}
		const parts = 1000
		sum := 0.0
		for i := range parts {
			if u := s.pause * (float64(i) + .5) / parts; u < x {
				sum += below(x - u)
			}
		}
		return (1-s.pause/s.every)*below(x) + s.pause/s.every*sum/parts
	}
	low, high := .05, 5.0
	for range 60 {
		if x := (low + high) / 2; all(x) < .95 {
			low = x
		} else {
			high = x
		}
	}
	return low
}

// interval is the one of p95 of what arrived before end, by the batches and as
// if the requests were independent. An end that does not exist is infinite.
func interval(at, latency []float64, end, alpha float64) (low, high, plainLow, plainHigh float64) {
	n, _ := slices.BinarySearch(at, end)
	sorted := slices.Sorted(slices.Values(latency[:n]))
	q := sorted[int(math.Ceil(.95*float64(n)-1e-9))-1]
	batches := make([]stat.Batch, stat.Batches(time.Duration(end*float64(time.Second))))
	for i, now := range at[:n] {
		b := &batches[int(now/end*float64(len(batches)))]
		b.N++
		if latency[i] > q {
			b.Hits++
		}
	}
	value := func(effective float64) (low, high float64) {
		low, high = math.Inf(-1), math.Inf(1)
		r := stat.QuantileRanks(.95, int64(n), effective, alpha)
		if r.Lower > 0 {
			low = sorted[r.Lower-1]
		}
		if r.Upper > 0 {
			high = sorted[r.Upper-1]
		}
		return low, high
	}
	low, high = value(stat.Effective(batches, alpha).Effective)
	plainLow, plainHigh = value(float64(n))
	return low, high, plainLow, plainHigh
}

func TestSimulationOfIntervals(t *testing.T) {
	var rows [][]string
	for i, row := range []struct {
		service
		low, plainHigh, fail float64 // bounds in percent
	}{
		{service{name: "independent, 300 s, 20/s", seconds: 300, rate: 20}, 93, 100, 5},
		{service{name: "level with a memory of 3 s, 300 s, 20/s", seconds: 300, rate: 20, memory: 3, levelSD: .15},
			91, 90, 6},
		{service{name: "level with a memory of 19 s, 600 s, 20/s", seconds: 600, rate: 20, memory: 19, levelSD: .15},
			82, 70, 12},
		{service{name: "level of 0.3 with a memory of 3 s, 300 s, 20/s",
			seconds: 300, rate: 20, memory: 3, levelSD: .3}, 88, 70, 8},
		{service{name: "level of 0.3 with a memory of 19 s, 600 s, 20/s",
			seconds: 600, rate: 20, memory: 19, levelSD: .3}, 80, 50, 12},
		{service{name: "pause of 0.4 s every 20 s, 300 s, 20/s", seconds: 300, rate: 20, pause: .4, every: 20},
			93, 100, 5},
	} {
		r, truth, n := chance(uint64(i)), row.p95(), times(40, 4000)
		var covered, plain, failed, plainFailed int
		for range n {
			at, latency := row.run(r)
			low, high, plainLow, plainHigh := interval(at, latency, row.seconds, .05)
			covered += count(low <= truth && truth <= high)
			plain += count(plainLow <= truth && truth <= plainHigh)
			failed += count(low > truth)
			plainFailed += count(plainLow > truth)
		}
		rows = append(rows, []string{row.name,
			share(t, row.name+": covered", covered, n, row.low, 100),
			share(t, row.name+": covered by the plain interval", plain, n, 0, row.plainHigh),
			share(t, row.name+": wrong fail", failed, n, 0, row.fail),
			share(t, row.name+": wrong fail of the plain interval", plainFailed, n, 0, 50)})
	}
	table("run | covered | covered by the plain formula | wrong fail at the limit | by the plain formula", rows)
}

func count(hit bool) int {
	if hit {
		return 1
	}
	return 0
}

func TestSimulationOfLooks(t *testing.T) {
	var rows [][]string
	for i, row := range []service{
		{name: "independent, 600 s, 20/s", seconds: 600, rate: 20},
		{name: "level with a memory of 3 s, 600 s, 20/s", seconds: 600, rate: 20, memory: 3, levelSD: .15},
		{name: "pause of 0.4 s every 20 s, 600 s, 20/s", seconds: 600, rate: 20, pause: .4, every: 20},
	} {
		r, truth, n := chance(uint64(10+i)), row.p95(), times(2, 1000)
		most := 5.0
		if !*long {
			most = 50
		}
		var planned, often int
		for range n {
			at, latency := row.run(r)
			fails := func(end, alpha float64) bool {
				low, _, _, _ := interval(at, latency, end, alpha)
				return low > truth
			}
			looked := false
			for _, part := range []float64{8, 4, 2, 1} {
				looked = looked || fails(row.seconds/part, .05/4)
			}
			planned += count(looked)
			looked = false
			for end := 60.0; end <= row.seconds && !looked; end += 10 {
				looked = fails(end, .05)
			}
			often += count(looked)
		}
		rows = append(rows, []string{row.name,
			share(t, row.name+": four looks", planned, n, 0, most),
			share(t, row.name+": every 10 s", often, n, 0, 60)})
	}
	table("run | four looks, α/4 each | every 10 s, α each", rows)
}

// slots are the logarithms of the medians of 30 equal slots.
func (s service) slots(at, latency []float64) []float64 {
	parts := make([][]float64, stat.TrendSlots(time.Duration(s.seconds*float64(time.Second))))
	for i, now := range at {
		j := int(now / s.seconds * float64(len(parts)))
		parts[j] = append(parts[j], latency[i])
	}
	w := make([]float64, len(parts))
	for j, part := range parts {
		slices.Sort(part)
		w[j] = math.Log(part[(len(part)-1)/2])
	}
	return w
}

func TestSimulationWithinARun(t *testing.T) {
	var rows [][]string
	for i, row := range []struct {
		service
		low, high float64
	}{
		{service{name: "independent"}, 0, 2},
		{service{name: "level with a memory of 3 s", memory: 3, levelSD: .15}, 0, 4},
		{service{name: "level with a memory of 19 s", memory: 19, levelSD: .15}, 0, 10},
		{service{name: "independent, rising by 20 %", rise: math.Log(1.2)}, 95, 100},
		{service{name: "memory of 3 s, rising by 20 %", memory: 3, levelSD: .15, rise: math.Log(1.2)}, 8, 100},
		{service{name: "memory of 19 s, rising by 20 %", memory: 19, levelSD: .15, rise: math.Log(1.2)}, 0, 60},
		{service{name: "independent, from 100 ms to 480 ms in a straight line", line: 3.8}, 95, 100},
		{service{name: "memory of 3 s, the same", memory: 3, levelSD: .15, line: 3.8}, 95, 100},
		{service{name: "memory of 19 s, the same", memory: 19, levelSD: .15, line: 3.8}, 40, 100},
		{service{name: "independent, 60 s, 200/s, the same", seconds: 60, rate: 200, line: 3.8}, 95, 100},
		{service{name: "memory of 3 s, 60 s, 200/s", seconds: 60, rate: 200, memory: 3, levelSD: .15}, 0, 5},
		{service{name: "memory of 3 s, from 100 ms to 480 ms by a share each second", memory: 3, levelSD: .15,
			rise: math.Log(4.8)}, 95, 100},
	} {
		if row.seconds == 0 {
			row.seconds, row.rate = 600, 20
		}
		r, n := chance(uint64(20+i)), times(30, 2000)
		var trend, curved, settling int
		for range n {
			w := row.slots(row.run(r))
			seen := func(d stat.Drift,
				_ bool) int {
				return count(d.P < stat.WithinError && d.Rise >= stat.LatencyRise)
			}
			trend += seen(stat.LatencyTrend(w))
			curved += seen(stat.Trend(w))
			s, ok := stat.Settling(w[:stat.SettlingFirst], w[len(w)-min(stat.SettlingLast, len(w)-stat.SettlingFirst):])
			settling += count(ok && s.P < stat.WithinError && s.Ratio >= 1+stat.SettlingRise)
		}
		rows = append(rows, []string{row.name,
			share(t, row.name+": trend", trend, n, row.low, row.high),
			share(t, row.name+": trend by logarithms alone", curved, n, 0, 100),
			share(t, row.name+": warm-up", settling, n, 0, 15)})
	}
	table("600 s, 20/s | trend reported | by logarithms alone | long warm-up reported", rows)
}
