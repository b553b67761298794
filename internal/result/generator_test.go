package result_test

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/result"
)

// Of two generators the worst counts, and the sum of what is counted; what
// only one of them knows is taken from it, and what neither knows stays
// unknown.
func TestMergeGenerators(t *testing.T) {
	second := time.Second
	busy := result.Generator{
		CPU: new(0.9), CPUs: 0.5, Wakes: 10, Late: 1, Pause: 3,
		Throttle: &result.Throttle{Periods: 10, Throttled: 4, Time: 300},
		Steal:    &result.Share{Time: 10, Of: 2 * second},
	}
	idle := result.Generator{CPU: new(0.1), CPUs: 2, Wakes: 5, Pause: 7, Steal: &result.Share{Time: 30, Of: 4 * second}}
	for _, row := range []struct {
		name       string
		a, b, want *result.Generator
	}{
		{"both", &busy, &idle, &result.Generator{
			CPU: new(0.9), CPUs: 0.5, Wakes: 15, Late: 1, Pause: 7,
			Throttle: &result.Throttle{Periods: 10, Throttled: 4, Time: 300},
			Steal:    &result.Share{Time: 40, Of: 6 * second},
		}},
		{"one knows nothing of its processors", &busy, &result.Generator{Wakes: 1}, &result.Generator{
			CPU: new(0.9), CPUs: 0.5, Wakes: 11, Late: 1, Pause: 3, Throttle: busy.Throttle, Steal: busy.Steal,
		}},
		{"one knows nothing", &busy, nil, &busy},
		{"neither", nil, nil, nil},
	} {
		shards := make([]*result.Result, 2)
		for i, g := range []*result.Generator{row.a, row.b} {
			shards[i] = tape{users: []int{1}, generators: []*result.Generator{g}}.record(t,
				result.Shard{K: i + 1, N: 2})
		}
		if diff := gocmp.Diff(row.want, merge(t, shards...).Timeline[0].Generator); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}

// Readings that contradict themselves are refused, in a document and in a
// journal.
func TestImpossibleGenerators(t *testing.T) {
	for name, g := range map[string]result.Generator{
		"negative CPU":                     {CPU: new(-0.1)},
		"negative processors":              {CPUs: -1},
		"more late wakes than wakes":       {Wakes: 1, Late: 2},
		"a negative pause":                 {Pause: -1},
		"more throttled periods than all":  {Throttle: &result.Throttle{Periods: 1, Throttled: 2}},
		"negative throttled time":          {Throttle: &result.Throttle{Time: -1}},
		"more stolen than there was":       {Steal: &result.Share{Time: 2, Of: 1}},
		"waited longer than the time":      {Pressure: &result.Share{Time: 2, Of: 1}},
		"a time that has not been so long": {Pressure: &result.Share{Of: 1 << 62}},
	} {
		r := empty(whole)
		if err := r.Append(&result.Slice{Moment: result.Moment{Generator: &g}}); err == nil {
			t.Errorf("Append takes %s", name)
		}
		r.Timeline = []result.Moment{{Generator: &g}}
		if err := r.Check(); err == nil {
			t.Errorf("Check takes %s", name)
		}
	}
}

func TestShareRatio(t *testing.T) {
	for _, row := range []struct {
		share *result.Share
		want  float64
		known bool
	}{
		{nil, 0, false},
		{&result.Share{}, 0, false},
		{&result.Share{Of: 4}, 0, true},
		{&result.Share{Time: 1, Of: 4}, 0.25, true},
	} {
		if got, known := row.share.Ratio(); got != row.want || known != row.known {
			t.Errorf("Ratio of %v = %g, %v, want %g, %v", row.share, got, known, row.want, row.known)
		}
	}
}
