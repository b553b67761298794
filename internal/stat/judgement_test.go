package stat_test

import (
	"math"
	"testing"

	"github.com/loadgate/loadgate/internal/stat"
)

func TestJudgements(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	type against func(low, high, limit float64) stat.Judgement
	for _, row := range []struct {
		name             string
		judge            against
		low, high, limit float64
		want             stat.Judgement
	}{
		{"latency across", stat.AgainstCeiling, 100, 300, 200, stat.Undecided},
		{"latency within", stat.AgainstCeiling, 100, 199, 200, stat.Within},
		{"latency up to its limit", stat.AgainstCeiling, 100, 200, 200, stat.Within},
		{"latency beyond", stat.AgainstCeiling, 201, 300, 200, stat.Beyond},
		{"latency from its limit on", stat.AgainstCeiling, 200, 300, 200, stat.Undecided},
		{"latency without an upper end", stat.AgainstCeiling, 100, inf, 200, stat.Undecided},
		{"latency without an upper end, beyond", stat.AgainstCeiling, 201, inf, 200, stat.Beyond},
		{"latency without ends", stat.AgainstCeiling, -inf, inf, 200, stat.Undecided},
		{"latency without ends or limit", stat.AgainstCeiling, -inf, inf, inf, stat.Undecided},
		{"latency unknown", stat.AgainstCeiling, nan, nan, 200, stat.Undecided},
		{"ends that lie on the other side of infinity", stat.AgainstCeiling, inf, -inf, 200, stat.Undecided},

		{"share across", stat.AgainstShare, .001, .01, .005, stat.Undecided},
		{"share within", stat.AgainstShare, .001, .0049, .005, stat.Within},
		{"share up to its limit", stat.AgainstShare, .001, .005, .005, stat.Undecided},
		{"share from its limit on", stat.AgainstShare, .005, .01, .005, stat.Beyond},
		{"share without evidence", stat.AgainstShare, 0, 1, .005, stat.Undecided},
		{"share without evidence, limit 0", stat.AgainstShare, 0, 1, 0, stat.Undecided},
		{"share without evidence, limit 1", stat.AgainstShare, 0, 1, 1, stat.Undecided},
		{"no failure, limit 0", stat.AgainstShare, 0, .003682, 0, stat.Undecided},
		{"one failure, limit 0", stat.AgainstShare, .000025, .0055, 0, stat.Beyond},
		{"share unknown", stat.AgainstShare, nan, nan, .005, stat.Undecided},

		{"rate across", stat.AgainstFloor, 7, 9, 8, stat.Undecided},
		{"rate within", stat.AgainstFloor, 8, 9, 8, stat.Within},
		{"rate beyond", stat.AgainstFloor, 7, 7.9, 8, stat.Beyond},
		{"rate up to its floor", stat.AgainstFloor, 7, 8, 8, stat.Undecided},
		{"rate unknown", stat.AgainstFloor, nan, nan, 8, stat.Undecided},
	} {
		if got := row.judge(row.low, row.high, row.limit); got != row.want {
			t.Errorf("%s: judge(%g, %g, %g) = %v, want %v", row.name, row.low, row.high, row.limit, got, row.want)
		}
	}
	if got := (*new(stat.Judgement)).String(); got != "undecided" {
		t.Errorf("the zero judgement is %q, want undecided", got)
	}
}

func TestTimeFactor(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, row := range []struct {
		name                string
		value, bound, limit float64
		want                float64
		ok                  bool
	}{
		{"the interval is twice as wide as the room", 100, 400, 200, 4, true},
		{"and on the other side", 400, 100, 200, 4, true},
		{"decided already", 100, 200, 400, .25, true},
		{"no upper end", 100, inf, 200, 0, false},
		{"no lower end", 100, 0, 200, 0, false},
		{"unknown end", 100, nan, 200, 0, false},
		{"the value is the limit", 200, 400, 200, 0, false},
		{"no latency", 0, 400, 200, 0, false},
		{"no limit", 100, 400, 0, 0, false},
	} {
		got, ok := stat.TimeFactor(row.value, row.bound, row.limit)
		if ok != row.ok || math.Abs(got-row.want) > 1e-12 {
			t.Errorf("%s: TimeFactor(%g, %g, %g) = %g, %v, want %g, %v",
				row.name, row.value, row.bound, row.limit, got, ok, row.want, row.ok)
		}
	}
}
