package gate_test

import (
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

func TestAddresses(t *testing.T) {
	for name, tt := range map[string]struct {
		addresses []result.Address
		want      string // "": nothing is said
		outcome   verdict.Outcome
	}{
		"unknown": {},
		"one":     {addresses: []result.Address{{Address: "a:1", Requests: 0, Failed: 0, Refused: 7}}},
		"even": {addresses: []result.Address{{Address: "a:1", Requests: 50, Failed: 0, Refused: 0}, {Address: "b:1",
			Requests: 48, Failed: 0, Refused: 0}}},
		"dead": {[]result.Address{{Address: "127.0.0.2:80", Requests: 754, Failed: 0, Refused: 0},
			{Address: "127.0.0.3:80",
				Requests: 0, Failed: 0, Refused: 12}},
			"127.0.0.3:80 accepted no connection (12 attempts), 127.0.0.2:80 got all 754 requests", verdict.Warn},
		"uneven": {[]result.Address{{Address: "a:1", Requests: 90, Failed: 0, Refused: 0},
			{Address: "b:1", Requests: 10,
				Failed: 0, Refused: 0}},
			"b:1 got 10 of 100 requests; its even share is 50", verdict.Pass},
		"few": {addresses: []result.Address{{Address: "a:1", Requests: 5, Failed: 0, Refused: 0}, {Address: "b:1",
			Requests: 1, Failed: 0, Refused: 0}}},
	} {
		r := newRun(10)
		r.Addresses = tt.addresses
		got, outcome := "", verdict.Outcome(0)
		for _, c := range gate.Judge(evidence.Input{Result: &r.Result, Config: &config.Config{}}).Checks {
			if c.Subject == "addresses" {
				got, outcome = got+wording.Reason(c), c.Outcome
			}
		}
		if got != tt.want || outcome != tt.outcome {
			t.Errorf("%s: %q %v, want %q %v", name, got, outcome, tt.want, tt.outcome)
		}
	}
}
