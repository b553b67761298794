package target_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/target"
)

func TestConnections(t *testing.T) {
	for text, want := range map[string]target.Connections{
		"per user": {}, "per round": {Keep: target.KeepRound}, "per request": {Keep: target.KeepRequest},
		"max 30s": {MaxAge: 30 * time.Second}, "max 1m30s": {MaxAge: 90 * time.Second},
		"pool 1": {Pool: 1}, "pool 20": {Pool: 20},
	} {
		got, err := target.ParseConnections(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("ParseConnections(%q) = %+v (%s), %v, want %+v", text, got, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"per page": "write per user", "max 30": "unit", "max 10ms": "too short", "": "write per user", "30s": "max 30s",
		"pool": "pool 20", "pool 0": "from 1", "pool 1.5": "number", "pool 100001": "to 100000", "pool -1": "from 1",
	} {
		if got, err := target.ParseConnections(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseConnections(%q) = %+v, %v, want %s", text, got, err, want)
		}
	}
}

// The parts of a pool add up to the whole, and differ by one connection at most.
func TestConnectionsOf(t *testing.T) {
	for pool := 1; pool < 30; pool++ {
		for n := 1; n <= pool; n++ {
			sum, least, most := 0, pool, 0
			for k := 1; k <= n; k++ {
				part := target.Connections{Pool: pool}.Of(k, n).Pool
				sum, least, most = sum+part, min(least, part), max(most, part)
			}
			if sum != pool || least < 1 || most-least > 1 {
				t.Errorf("pool %d in %d parts: %d, from %d to %d", pool, n, sum, least, most)
			}
		}
	}
	round := target.Connections{Keep: target.KeepRound}
	if got := round.Of(1, 3); got != round {
		t.Errorf("per round in parts is %s", got)
	}
}
