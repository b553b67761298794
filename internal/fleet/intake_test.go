package fleet_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/fleet"
)

// Lines that are lost, doubled and out of order on their way are read once each and in their order, as long
// as what is asked for again is sent again.
func TestIntakeIsWhole(t *testing.T) {
	const workers, lines = 4, 60
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 19))
		in := fleet.NewIntake(workers, 20*time.Millisecond)
		read := make([]int, workers+1)
		type message struct{ k, number int }
		var way []message
		deliver := func(now time.Duration) {
			r.Shuffle(len(way), func(a, b int) { way[a], way[b] = way[b], way[a] })
			for _, m := range way {
				if r.IntN(4) == 0 {
					continue // lost
				}
				for range 1 + r.IntN(2) {
					next, err := in.Line(m.k, m.number, now)
					if err != nil {
						t.Fatalf("seed %d: %v", seed, err)
					}
					if !next {
						continue
					}
					if read[m.k]++; read[m.k] != m.number {
						t.Fatalf("seed %d: line %d of part %d was read as number %d", seed, m.number, m.k, read[m.k])
					}
					if m.number == lines {
						if err := in.End(m.k); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			way = way[:0]
		}
		second := 0
		for ; !in.Whole() && second < 2000; second++ {
			now := time.Duration(second) * time.Second
			for k := 1; k <= workers; k++ {
				if second < lines {
					way = append(way, message{k, second + 1})
				}
				if from, ask := in.Missing(k, now); ask {
					for n := from; n <= min(second+1, lines); n++ {
						way = append(way, message{k, n})
					}
				}
			}
			deliver(now)
		}
		for k := 1; k <= workers; k++ {
			if read[k] != lines || in.Taken(k) != lines {
				t.Fatalf("seed %d: %d of %d lines of part %d after %d s", seed, read[k], lines, k, second)
			}
		}
	}
}

// Taken has the line of each shard, and few runs where neighbours are as far.
func TestTaken(t *testing.T) {
	lines := []int{7, 7, 7, 6, 6, 0, 7}
	var taken fleet.Taken
	for _, line := range lines {
		taken = taken.And(line)
	}
	if want := (fleet.Taken{{3, 7}, {2, 6}, {1, 0}, {1, 7}}); !slices.Equal(taken, want) {
		t.Errorf("%v is taken as %v", lines, taken)
	}
	for i, line := range lines {
		if got := taken.Of(i + 1); got != line {
			t.Errorf("part %d: %d", i+1, got)
		}
	}
	if got := taken.Of(len(lines) + 1); got != 0 {
		t.Errorf("a part that is not there: %d", got)
	}
}

// A worker is suspect before it is lost, and a suspect that comes back is live again.
func TestPresence(t *testing.T) {
	in := fleet.NewIntake(2, 100*time.Millisecond)
	say := func(k, number int, now time.Duration) {
		t.Helper()
		if _, err := in.Line(k, number, now); err != nil {
			t.Fatal(err)
		}
	}
	is := func(k int, now time.Duration, want fleet.Presence) {
		t.Helper()
		if got := in.Presence(k, now); got != want {
			t.Errorf("part %d at %s is %d, want %d", k, now, got, want)
		}
	}
	is(1, time.Hour, fleet.Absent)
	is(3, 0, fleet.Absent)
	say(1, 1, 0)
	is(1, 3*time.Second, fleet.Live)
	is(1, 3100*time.Millisecond, fleet.Suspect)
	if from, ask := in.Missing(1, 3100*time.Millisecond); !ask || from != 2 {
		t.Errorf("a silent worker is asked for line %d, %v", from, ask)
	}
	if _, ask := in.Missing(1, 4*time.Second); ask {
		t.Error("it is asked again within a second")
	}
	is(1, 15100*time.Millisecond, fleet.Lost)
	say(1, 2, 16*time.Second)
	is(1, 16*time.Second, fleet.Live)
	if err := in.End(1); err != nil {
		t.Fatal(err)
	}
	is(1, time.Hour, fleet.Ended)
	if in.Whole() {
		t.Error("part 2 has said nothing")
	}
	if _, err := in.Line(1, 3, 0); err == nil {
		t.Error("a line behind the end")
	}
	for _, err := range []error{in.End(2), in.End(3)} {
		if err == nil {
			t.Error("the end of nothing")
		}
	}
	if _, err := in.Line(3, 1, 0); err == nil {
		t.Error("a line of part 3 of 2")
	}
}
