package plan_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/plan"
)

const shop = `
  buyer:
    wait: 1s..3s
    steps: [{request: GET /items, times: 3}, POST /cart]
`

const lottery = `
  player:
    wait: 100ms..200ms
    order: weighted
    steps:
      - {request: GET /five, weight: 5}
      - {request: GET /three, weight: 3}
      - {request: GET /half, weight: 0.5}
`

// The walk of a seed is part of the product: "--seed 7" must mean the same
// load in every version. Whoever changes it changes every repeated run.
func TestJourneysArePinned(t *testing.T) {
	for _, row := range []struct {
		name string
		file string
		user int
		want []turn
	}{
		{"in sequence", shop, 3, []turn{
			{"GET /items", 1202141030, 0}, {"GET /items", 2373678852, 0}, {"GET /items", 2147657875, 0},
			{"POST /cart", 1292362730, 0}, {"GET /items", 1576845162, 1},
		}},
		{"by weight", lottery, 0, []turn{
			{"GET /half", 182249589, 0}, {"GET /five", 121966005, 1}, {"GET /five", 126160497, 2},
			{"GET /five", 141850424, 3}, {"GET /three", 141046151, 4}, {"GET /five", 167580621, 5},
		}},
	} {
		p := newPlan(t, file(t, row.file), plan.Options{Seed: 7})
		if d := cmp.Diff(row.want, walk(p.User(row.user), len(row.want))); d != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, d)
		}
	}
}

func TestJourneysAreRepeatable(t *testing.T) {
	for _, text := range []string{shop, lottery} {
		s := file(t, text)
		first := newPlan(t, s, plan.Options{Seed: 42})
		again := newPlan(t, s, plan.Options{Seed: 42})
		more := newPlan(t, s, plan.Options{Seed: 42, Users: 11})
		other := newPlan(t, s, plan.Options{Seed: 43})
		seen := map[time.Duration]int{}
		for i := range first.Users {
			want := walk(first.User(i), 30)
			// What a user draws for its values does not change its walk.
			first.User(i).Chance().Uint64()
			for _, row := range []struct {
				name string
				got  []turn
			}{
				{"again", walk(first.User(i), 30)},
				{"of an equal plan", walk(again.User(i), 30)},
				{"with one user more", walk(more.User(i), 30)},
			} {
				if d := cmp.Diff(want, row.got); d != "" {
					t.Fatalf("user %d, %s (-want +got):\n%s", i, row.name, d)
				}
			}
			if cmp.Equal(want, walk(other.User(i), 30)) {
				t.Errorf("user %d walks alike with another seed", i)
			}
			if by, ok := seen[want[0].Wait]; ok {
				t.Errorf("users %d and %d wait alike", by, i)
			}
			seen[want[0].Wait] = i
			if a, b := first.User(i).Chance().Uint64(), more.User(i).Chance().Uint64(); a != b {
				t.Errorf("user %d draws %d, with one user more %d", i, a, b)
			}
		}
	}
}

func TestTimesAreInARow(t *testing.T) {
	p := newPlan(t, file(t, shop), plan.Options{Seed: 1})
	got := walk(p.User(0), 12)
	for i, turn := range got {
		want := "GET /items"
		if i%4 == 3 {
			want = "POST /cart"
		}
		if turn.Step != want || turn.Round != i/4 {
			t.Errorf("turn %d = %s in round %d, want %s in round %d", i, turn.Step, turn.Round, want, i/4)
		}
	}
}

// A walk can be left and is endless.
func TestRoundsOfWeightedSteps(t *testing.T) {
	p := newPlan(t, file(t, lottery), plan.Options{Seed: 1})
	for i, turn := range walk(p.User(0), 50) {
		if turn.Round != i {
			t.Fatalf("turn %d is in round %d; every drawn step is a round", i, turn.Round)
		}
	}
}

// Pearson's test against the weights: with three steps, chi-square has two
// degrees of freedom and is above 18.42 once in ten thousand; the seed is
// fixed.
func TestWeightedFrequencies(t *testing.T) {
	const n = 20000
	p := newPlan(t, file(t, lottery), plan.Options{Seed: 11})
	counts := map[string]float64{}
	for _, turn := range walk(p.User(4), n) {
		counts[turn.Step]++
	}
	chi := 0.0
	for step, weight := range map[string]float64{"GET /five": 5, "GET /three": 3, "GET /half": .5} {
		want := n * weight / 8.5
		chi += (counts[step] - want) * (counts[step] - want) / want
	}
	if chi > 18.42 {
		t.Errorf("frequencies %v: chi-square = %.1f, want at most 18.42", counts, chi)
	}
}

func TestWaits(t *testing.T) {
	for _, row := range []struct {
		name      string
		pace      *config.Pace
		low, high time.Duration
	}{
		{"as written", nil, time.Second, 3 * time.Second},
		{"four times as fast", &config.Pace{All: 4}, 250 * time.Millisecond, 750 * time.Millisecond},
		{"half as fast", &config.Pace{All: .5}, 2 * time.Second, 6 * time.Second},
		{"by group", &config.Pace{ByGroup: map[string]float64{"buyer": 10}},
			100 * time.Millisecond, 300 * time.Millisecond},
		{"another group", &config.Pace{ByGroup: map[string]float64{"seller": 10}}, time.Second, 3 * time.Second},
	} {
		const n = 5000
		p := newPlan(t, file(t, shop), plan.Options{Seed: 5, Pace: row.pace})
		var waits []time.Duration
		sum := 0.0
		for _, turn := range walk(p.User(1), n) {
			waits = append(waits, turn.Wait)
			sum += float64(turn.Wait)
		}
		least, most := slices.Min(waits), slices.Max(waits)
		if least < row.low || most > row.high {
			t.Errorf("%s: waits %v ... %v, want %v ... %v", row.name, least, most, row.low, row.high)
		}
		// The mean of n even draws has a standard error of spread/sqrt(12 n);
		// the ends are missed by spread/n on average.
		spread := float64(row.high - row.low)
		if mean, want := sum/n, float64(row.low+row.high)/2; math.Abs(mean-want) > 4*spread/math.Sqrt(12*n) {
			t.Errorf("%s: mean wait %v, want %v", row.name, time.Duration(mean), time.Duration(want))
		}
		if float64(least-row.low) > 10*spread/n || float64(row.high-most) > 10*spread/n {
			t.Errorf("%s: waits %v ... %v do not reach %v ... %v", row.name, least, most, row.low, row.high)
		}
	}
}

func TestWaitsOfOneLength(t *testing.T) {
	p := newPlan(t, file(t, "  g: {wait: 2s, steps: [GET /]}\n  h: {wait: 0s, steps: [GET /]}"), plan.Options{})
	for i := range 2 {
		u := p.User(i)
		want := map[string]time.Duration{"g": 2 * time.Second}[u.Group.Name]
		for _, turn := range walk(u, 20) {
			if turn.Wait != want {
				t.Fatalf("wait of %s = %v, want %v", u.Group.Name, turn.Wait, want)
			}
		}
	}
}

// The try-out draws other values than the run, as the same user.
func TestSample(t *testing.T) {
	p := newPlan(t, weighted(t, 1, 1, .001), plan.Options{Seed: 3})
	for i := range p.Groups[:2] {
		sample, ok := p.Sample(i)
		if !ok || sample.Group != &p.Groups[i] {
			t.Fatalf("Sample(%d) = %v, %t, want a user of that group", i, sample, ok)
		}
		first := p.User(sample.Index)
		if sample.Spawn != first.Spawn || sample.Chance().Uint64() == first.Chance().Uint64() {
			t.Errorf("Sample(%d) draws what user %d draws", i, first.Index)
		}
		if got, want := sample.Seq(), first.Index+1_000_000*p.Users; got != want {
			t.Errorf("Sample(%d).Seq() = %d, want %d", i, got, want)
		}
		if d := cmp.Diff(walk(first, 5), walk(sample, 5)); d != "" {
			t.Errorf("Sample(%d) walks another way (-run +sample):\n%s", i, d)
		}
	}
	if u, ok := p.Sample(2); ok {
		t.Errorf("Sample of a group without users = %v, true", u)
	}
}

// Numbers of seq() are unique: user i counts from i in steps of the users.
func TestSeq(t *testing.T) {
	p := newPlan(t, file(t, shop), plan.Options{})
	for i := range p.Users {
		if got := p.User(i).Seq(); got != i {
			t.Errorf("User(%d).Seq() = %d", i, got)
		}
	}
}

// No two users, and none of a user's streams, draw alike.
func TestStreamsAreApart(t *testing.T) {
	p := newPlan(t, weighted(t, 1, 1), plan.Options{Seed: 9})
	seen := map[uint64]int{}
	check := func(chance *rand.Rand, who int) {
		if v := chance.Uint64(); seen[v] != 0 {
			t.Errorf("stream %d draws what stream %d drew", who, seen[v])
		} else {
			seen[v] = who
		}
	}
	for i := range p.Users {
		check(p.User(i).Chance(), i+1)
	}
	for i := range p.Groups {
		u, _ := p.Sample(i)
		check(u.Chance(), 100+i)
	}
}
