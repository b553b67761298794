package identity_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/identity"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// The times between events are comparable as long as the request of their stream is the same, whatever is around it,
// and under the earlier name of its endpoint.
func TestPartsOfStreams(t *testing.T) {
	const name, step = "GET /items", "- {request: GET /items, for: 5s}\n"
	with := func(step string) identity.Parts {
		return identity.PartsOf(decode(t, strings.NewReplacer("- GET /items\n", step, "GET *", "*").Replace(load),
			thresholds.Options{}))
	}
	base := with(step)
	if base.Transactions[name+" gap"] == "" {
		t.Fatalf("the gaps have no digest: %v", base.Transactions)
	}
	for _, row := range []struct {
		step string
		same bool
	}{
		{step + "      - GET /new\n", true}, {"- {request: GET /items, for: 5s, times: 2}\n", true},
		{"- {request: GET /items, for: 6s}\n", false}, {"- {request: GET /items, events: 5, for: 5s}\n", false},
		{"- {request: GET /items, for: 5s, headers: {X-A: a}}\n", false},
	} {
		if got := with(row.step).Transactions[name+" gap"]; (got == base.Transactions[name+" gap"]) != row.same {
			t.Errorf("%s: the same: %t, want %t", row.step, !row.same, row.same)
		}
	}
	talk := with("- {request: GET /items, ws: [{send: a, expect: 'true', name: ack}, {expect: 'true', name: ack}]}\n")
	other := with("- {request: GET /items, ws: [{send: b, expect: 'true', name: ack}, {expect: 'true', name: ack}]}\n")
	if talk.Transactions[name+" ack"] == "" || talk.Transactions[name+" ack"] == other.Transactions[name+" ack"] {
		t.Errorf("messages: %v, %v", talk.Transactions, other.Transactions)
	}
	renamed := with("- {request: GET /items, name: items, was: GET /items, for: 5s}\n")
	if renamed.Was["items gap"] != name+" gap" || renamed.Transactions["items gap"] != base.Transactions[name+" gap"] {
		t.Errorf("renamed: %v, %v", renamed.Was, renamed.Transactions)
	}
}
