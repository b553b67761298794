package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// severalLoads decodes the varied file with a profile of these loads.
func severalLoads(t *testing.T, loads string) *config.Config {
	t.Helper()
	text := strings.Replace(varied, "p: {users: 24, spawn_rate: 7.3/s, duration: 20s, warm_up: 5s, try: false}",
		"p: {try: false, loads: ["+loads+"]}", 1)
	var rows strings.Builder
	rows.WriteString("name\n")
	for i := range 80 {
		fmt.Fprintf(&rows, "n%d\n", i)
	}
	s, err := thresholds.Decode([]byte(text), "thresholds.yaml", thresholds.Options{
		Files: fstest.MapFS{"rows.csv": {Data: []byte(rows.String())}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The shards of a run of several loads are the whole run, too, while it goes on and once they are merged.
func TestShardsOfSeveralLoads(t *testing.T) {
	s := severalLoads(t, `{name: base, users: 9, spawn_rate: 3.7/s, duration: 8s, warm_up: 2s},
		{name: steps, stages: [{users: 8, over: 2s, for: 1300ms}, {users: 2, for: 1500ms}], start: 2200ms, groups: [buyer]},
		{name: one, users: 1, spawn_rate: 1/s, duration: 3s, start: 3100ms, groups: [single, looker]}`)
	rapid.Check(t, func(rt *rapid.T) {
		o := plan.Options{Seed: rapid.Uint64().Draw(rt, "seed")}
		n := rapid.IntRange(1, 4).Draw(rt, "shards")
		whole := observe(t, s, o)
		var shards []*result.Result
		var requests []sent
		for k := 1; k <= n; k++ {
			o.Shard = plan.Shard{K: k, N: n}
			shard := observe(t, s, o)
			shards, requests = append(shards, shard.result), append(requests, shard.requests...)
		}
		if d := gocmp.Diff(byUser(whole.requests), byUser(requests)); d != "" {
			rt.Fatalf("%d shards send something else (-whole +shards):\n%s", n, d)
		}
		merged, err := result.Merge(rapid.Permutation(shards).Draw(rt, "order")...)
		if err != nil {
			rt.Fatal(err)
		}
		merged.Shards = whole.result.Shards
		if d := gocmp.Diff(whole.result, merged, sums, anyOrder, cmpopts.EquateEmpty()); d != "" {
			rt.Fatalf("%d shards measure something else (-whole +shards):\n%s", n, d)
		}
	})
}

// Each load begins and ends at its own time, with users and rows of its own. Alone it is what it did.
func TestSeveralLoads(t *testing.T) {
	s := severalLoads(t, `{name: base, users: 6, spawn_rate: 6/s, duration: 12s, warm_up: 3s, groups: [looker]},
		{name: spike, max_users: 60, rate: 8/s, arrivals: even, start: 4s, duration: 4s, warm_up: 1s,
		groups: [looker, single]}`)
	p, err := plan.New(s, plan.Options{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	var r *result.Result
	synctest.Test(t, func(t *testing.T) {
		r = walk(t, context.Background(), p, newService(steady), engine.Engine{})
	})
	if r.End != result.Complete || r.Elapsed != 12*time.Second {
		t.Errorf("ended %v after %s", r.End, r.Elapsed)
	}
	base, spike := r.Alone(0), r.Alone(1)
	if base.Elapsed != 12*time.Second || spike.Elapsed != 8*time.Second || spike.End != result.Complete {
		t.Errorf("base took %s, spike %s and ended %v", base.Elapsed, spike.Elapsed, spike.End)
	}
	if got := spike.Measured(); got.First != 5 || got.Length != 3*time.Second {
		t.Errorf("spike is measured in %+v", got)
	}
	names := func(r *result.Result) (names []string) {
		for _, e := range r.Endpoints {
			names = append(names, e.Place.Label(e.Name))
		}
		return names
	}
	if got := strings.Join(names(r), ", "); got !=
		"GET /items (base), GET /offers (base), GET /items (spike), GET /offers (spike), GET /rare (spike)" {
		t.Errorf("rows %s", got)
	}
	if got := strings.Join(names(spike), ", "); got != "GET /items, GET /offers, GET /rare" {
		t.Errorf("rows of spike alone %s", got)
	}
	offered, sent := int64(0), int64(0)
	for _, m := range spike.Timeline {
		offered += m.Offered - m.Dropped
		if m.Slot < 3 && (m.Users > 0 || m.Offered > 0) {
			t.Errorf("spike has %d users and %d arrivals in second %d", m.Users, m.Offered, m.Slot)
		}
	}
	for _, e := range spike.Endpoints {
		for _, slot := range e.Slots {
			sent += slot.Requests
			if slot.Slot < 4 {
				t.Errorf("%s of spike was sent in second %d", e.Name, slot.Slot)
			}
		}
	}
	if offered != 32 || sent != 32 {
		t.Errorf("spike has %d arrivals and %d requests, want 32", offered, sent)
	}
	for i, m := range r.Timeline {
		if sum := m.Loads[0].Users + m.Loads[1].Users; sum != m.Users {
			t.Errorf("second %d: %d users, and %d by load", i, m.Users, sum)
		}
		if m.Slot >= 2 && m.Slot < 11 && m.Loads[0].Users != 6 {
			t.Errorf("second %d: %d users of base", i, m.Loads[0].Users)
		}
	}
	if err := r.Check(); err != nil {
		t.Error(err)
	}
	if !slices.ContainsFunc(base.Endpoints, func(e result.Endpoint) bool { return e.Expected > 0 }) {
		t.Error("nothing is expected of base")
	}
}
