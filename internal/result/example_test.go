package result_test

import (
	"bytes"
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
)

// second is a slice in which one endpoint answered one request.
func second(slot int, latency time.Duration) *result.Slice {
	var l hist.Latency
	l.Record(latency)
	return &result.Slice{Moment: result.Moment{Slot: slot, Users: 1}, Endpoints: []result.EndpointSlice{
		{Slot: result.Slot{Slot: slot, Requests: 1, Latency: l.Sparse()}}}}
}

// A run writes its journal second by second. A journal without its last line,
// as after a crash, is a run that was cut short.
func ExampleDecode() {
	r := &result.Result{Schema: result.Schema, Slot: result.SlotLength, Shards: []result.Shard{{K: 1, N: 1}},
		Started: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC), Endpoints: []result.Endpoint{{Name: "GET /items"}}}
	var file bytes.Buffer
	journal := result.NewJournal(&file, r)
	journal.Slice(second(0, 20*time.Millisecond))
	journal.Slice(second(1, 30*time.Millisecond))

	read, err := result.Decode(&file, "journal.ndjson")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(read.End, read.Elapsed, len(read.Endpoints[0].Slots))
	// Output: cut 2s 2
}

// The shards of a run add up exactly, in any order. Two documents of the same
// shard do not.
func ExampleMerge() {
	shard := func(k int) *result.Result {
		r := &result.Result{Schema: result.Schema, Digest: "9f86d081884c7d65", Seed: 7,
			Started: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC), Slot: result.SlotLength,
			Planned: result.Planned{Users: 1, Duration: time.Second}, Shards: []result.Shard{{K: k, N: 2}},
			Endpoints: []result.Endpoint{{Name: "GET /items", Expected: 1}}}
		if err := r.Append(second(0, 20*time.Millisecond)); err != nil {
			fmt.Println(err)
		}
		return r
	}
	whole, err := result.Merge(shard(2), shard(1))
	fmt.Println(whole.Endpoints[0].Slots[0].Requests, whole.Planned.Users, err)

	_, err = result.Merge(shard(1), shard(1))
	fmt.Println(err)
	// Output:
	// 2 2 <nil>
	// merge results: shard 1 of 2 is given twice
}
