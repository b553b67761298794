package fleet

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/result"
)

// Taken is by shard the last line that is safe, as runs of neighbours that have the same one: how many shards, and
// the line. Workers send in the order of K, so that of a thousand has a few runs, and goes to a thousand each second.
type Taken [][2]int

// And is of the shards of t, and of the next one.
func (t Taken) And(line int) Taken {
	if last := len(t) - 1; last >= 0 && t[last][1] == line {
		t[last][0]++
		return t
	}
	return append(t, [2]int{1, line})
}

// Of is the last line of shard k that is safe; 0: none is.
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
