package fleet

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/result"
)

// Taken is the last line of each shard that is on the disk of the run. Neighbours with the same line are one entry: how
// many shards, and the line. It goes to each worker in every second, and workers send in the order of K: a thousand of
// them need a few entries.
type Taken [][2]int

// And appends the line of the next shard.
func (t Taken) And(line int) Taken {
	if last := len(t) - 1; last >= 0 && t[last][1] == line {
		t[last][0]++
		return t
	}
	return append(t, [2]int{1, line})
}

// Of is the line of shard k, counted from 1; 0: none is safe.
func (t Taken) Of(k int) int {
	for _, run := range t {
		if k -= run[0]; k <= 0 {
			return run[1]
		}
	}
	return 0
}

func (t Taken) check() error {
	shards := 0
	for _, run := range t {
		if run[0] < 1 || run[0] > result.MostShards-shards || run[1] < 0 {
			return fmt.Errorf("line %d of %d parts after %d cannot be", run[1], run[0], shards)
		}
		shards += run[0]
	}
	return nil
}
