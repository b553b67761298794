package result_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/result"
)

// A snapshot stays what it was while the run goes on, also where the run's slots grow, and a merge leaves the
// results alone that it sums.
func TestSnapshot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.IntRange(2, 7).Draw(t, "seconds")
		step := rapid.SampledFrom([]int{1, result.MaxSlots / 2, result.MaxSlots}).Draw(t, "step")
		at := rapid.IntRange(1, seconds-1).Draw(t, "seconds before the snapshot")
		r := empty(result.Shard{K: 1, N: 2})
		var then *result.Result
		var before string
		for i, slice := range anyTape(seconds).Draw(t, "tape").slices() {
			if i == at {
				then, before = r.Snapshot(), encode(t, r)
			}
			slice.Moment.Slot = i * step
			for j := range slice.Endpoints {
				slice.Endpoints[j].Server = []result.ServerTime{{Name: "db", Requests: int64(i)}}
			}
			if err := r.Append(slice); err != nil {
				t.Fatal(err)
			}
		}
		if after := encode(t, then); after != before {
			t.Errorf("the snapshot was\n%s\nand became\n%s", before, after)
		}

		before = encode(t, r)
		other := r.Snapshot()
		other.Shards[0].K = 2
		merge(t, r, other)
		if after := encode(t, r); after != before {
			t.Errorf("what was merged was\n%s\nand became\n%s", before, after)
		}
	})
}
