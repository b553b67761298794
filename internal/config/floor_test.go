package config_test

import (
	"math"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
)

func TestLimitFewest(t *testing.T) {
	tests := []struct {
		metric  string
		limit   float64
		batches int
		want    int64
	}{
		{"p95", 100e6, 20, 82}, // 72 effective, statistics section 2
		{"p95", 100e6, 6, 124},
		{"p95", 100e6, 5, math.MaxInt64},
		{"success", 0.995, 20, 736},
		{"failure_rate", 0.01, 20, 368},
		{"failure_rate", 0, 20, math.MaxInt64},
		{"throughput", 5, 20, 0},
		{"max", 5, 20, 0},
		{"mean", 100e6, 20, 30},
	}
	for _, tt := range tests {
		m, ok := metric.Parse(tt.metric)
		if !ok {
			t.Fatal(tt.metric)
		}
		limit := config.Limit{Metric: m, Fail: tt.limit, HasFail: true}
		if got := limit.Fewest(tt.batches, 0.05); got != tt.want {
			t.Errorf("%s %v in %d batches: Fewest = %d, want %d", tt.metric, tt.limit, tt.batches, got, tt.want)
		}
	}
}
