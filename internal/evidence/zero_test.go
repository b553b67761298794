package evidence_test

import (
	"math"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// An open load that ended with its warm-up has no time by which arrivals could be divided.
func TestDroppedArrivalsWithoutTime(t *testing.T) {
	r := runOf(10, nil, nil)
	r.Planned.Rate, r.Planned.WarmUp, r.Planned.Duration = 5, 10*time.Second, time.Minute
	r.End = result.Interrupted
	r.Timeline = append(r.Timeline, result.Moment{Slot: 10, Offered: 5, Dropped: 5})
	for _, c := range gate.Judge(evidence.Input{Result: r, Config: &config.Config{}}).Checks {
		for name, value := range c.Because.Args {
			if q, ok := value.(unit.Quantity); ok && (math.IsInf(q.Value, 0) || math.IsNaN(q.Value)) {
				t.Errorf("%s: %s is %v", c.Because.Code, name, q.Value)
			}
		}
	}
}

// watched is the checks of one gauge that must not grow.
func watched(most float64, value func(second int) float64) map[reason.Code]reason.Args {
	r := runOf(600, nil, nil)
	gauge := result.Resource{Name: "queue", Kind: metric.Level, Every: time.Second}
	for second := range 600 {
		v := value(second)
		gauge.Readings = append(gauge.Readings, result.GaugeReading{At: time.Duration(second) * time.Second, Value: &v})
	}
	r.Resources = []result.Resource{gauge}
	limit := config.Resource{Name: "queue", NoGrowth: true, HasMax: most > 0, Max: most}
	found := map[reason.Code]reason.Args{}
	file := &config.Config{Resources: []config.Resource{limit}}
	for _, c := range gate.Resources(evidence.Gather(evidence.Input{Result: r, Config: file})) {
		found[c.Because.Code] = c.Because.Args
	}
	return found
}

// A gauge that is always 0 was read often enough to see that it does not grow.
func TestZeroDoesNotGrow(t *testing.T) {
	if found := watched(0, func(int) float64 { return 0 }); found[reason.ResourceGrowthUnknown] != nil {
		t.Errorf("600 readings of 0: %v", found)
	}
}

// The time until a limit that is centuries away is longer than a duration can be.
func TestFarLimitOfAGrowingGauge(t *testing.T) {
	args := watched(1e9, func(second int) float64 { return 1 + float64(second)/6000 })[reason.ResourceGrows]
	if args == nil {
		t.Fatal("the gauge does not grow")
	}
	if left, ok := args["left"].(time.Duration); ok && left <= 0 {
		t.Errorf("the limit is reached in %v", left)
	}
}
