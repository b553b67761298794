package stat_test

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/stat"
)

// A p95 needs more requests than most people expect before a pass can be shown.
func ExampleFewestForQuantile() {
	for _, p := range []float64{0.5, 0.95, 0.99} {
		fmt.Printf("p%g: %d requests\n", 100*p, stat.FewestForQuantile(p, 0.05))
	}
	// Output:
	// p50: 6 requests
	// p95: 72 requests
	// p99: 368 requests
}

// Failures that come together in one part of a run count as fewer independent
// requests than failures that are spread evenly.
func ExampleShare() {
	spread := make([]stat.Batch, 20)
	for i := range spread {
		spread[i] = stat.Batch{N: 100, Hits: 1}
	}
	burst := make([]stat.Batch, 20)
	for i := range burst {
		burst[i] = stat.Batch{N: 100}
	}
	burst[7].Hits = 20
	for _, batches := range [][]stat.Batch{spread, burst} {
		low, high, e := stat.Share(batches, 0.05)
		fmt.Printf("1%% of 2000 requests failed, worth %.0f: between %.2f%% and %.2f%%\n",
			e.Effective, 100*low, 100*high)
	}
	// Output:
	// 1% of 2000 requests failed, worth 2000: between 0.61% and 1.54%
	// 1% of 2000 requests failed, worth 87: between 0.02% and 6.00%
}
