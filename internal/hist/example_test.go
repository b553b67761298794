package hist_test

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
)

// A quantile is never below the duration that was recorded, and at most 0.1 %
// or 1 µs above it. Minimum and maximum are exact.
func ExampleLatency_Quantile() {
	var l hist.Latency
	for i := range 100 {
		l.Record(time.Duration(i+1) * time.Millisecond)
	}
	p95, _ := l.Quantile(0.95)
	longest, _ := l.Max()
	fmt.Println(p95.Round(time.Millisecond), longest)

	var nothing hist.Latency
	_, ok := nothing.Quantile(0.95)
	fmt.Println("measured:", ok)
	// Output:
	// 95ms 100ms
	// measured: false
}

// Histograms of two seconds, or of two machines, add up without loss.
func ExampleSparse_Into() {
	var first, second, both hist.Latency
	first.Record(20 * time.Millisecond)
	second.Record(30 * time.Millisecond)
	for _, part := range []hist.Sparse{first.Sparse(), second.Sparse()} {
		if err := part.Into(&both); err != nil {
			fmt.Println(err)
		}
	}
	mean, _ := both.Mean()
	fmt.Println(both.Count(), mean)
	// Output: 2 25ms
}
