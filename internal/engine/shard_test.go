package engine_test

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// varied uses everything that tells users apart: numbers, rows, drawn values,
// drawn steps and pauses, captures, and ids of traces.
const varied = `version: 1
name: test
trace: {propagate: w3c, sample: 40%}
target: {url: http://localhost:1, timeout: 10s}
profiles:
  p: {users: 24, spawn_rate: 7.3/s, duration: 20s, warm_up: 5s, try: false}
data:
  own: {file: rows.csv, pick: unique}
  turn: {file: rows.csv, pick: next}
  some: {file: rows.csv, pick: random}
users:
  buyer:
    weight: 3
    wait: 200ms..900ms
    vars: {number: '${ seq() }'}
    start: [{request: POST /login, json: {name: '${ own.name }', number: '${ number }'}, capture: {token: body.token}}]
    steps:
      - {request: 'GET /items/${ int(1, 1000) }', headers: {X-Turn: '${ turn.name }', X-Token: '${ token }'}, times: 2}
      - {request: 'POST /items', json: {id: '${ seq() }', like: '${ some.name }'}}
  looker:
    weight: 2
    wait: 100ms..2s
    order: weighted
    steps: [{request: GET /items, weight: 3}, {request: GET /offers, weight: 0.7}]
  single:
    weight: 0.3
    wait: 1s
    steps: [GET /rare]
thresholds:
  all: {endpoints: "*", success: 99%}
`

// steady answers a request by what it is: the whole run and its shards are
// answered alike. One in seven fails, and none ends on a whole second.
func steady(q sent, x *client.Exchange) time.Duration {
	h := fnv.New64a()
	fmt.Fprintln(h, q)
	n := h.Sum64()
	x.Body = fmt.Appendf(nil, `{"token": "t%d"}`, q.User)
	x.Received = int64(n % 10_000)
	switch {
	case q.Method == "POST" && q.Target == "/login":
	case n%7 == 0:
		x.Status = 500 + int(n%3)
	case n%53 == 0:
		x.Status, x.Failure, x.Detail = 0, metric.Reset, "broke"
	}
	return time.Duration(n%1_500_000)*time.Microsecond + 137
}

// observed is a run and what its target saw of it.
type observed struct {
	result   *result.Result
	requests []sent
}

// observe makes a run in a bubble of its own.
func observe(t *testing.T, s *config.Config, o plan.Options) (seen observed) {
	t.Helper()
	o.Sparse = true
	p, err := plan.New(s, o)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		target := newService(steady)
		seen.result = walk(t, context.Background(), p, target, engine.Engine{})
		seen.requests = target.requests()
	})
	return seen
}

// byUser orders what came from different users at the same time.
func byUser(all []sent) []sent {
	return slices.SortedFunc(slices.Values(all), func(a, b sent) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.User, b.User))
	})
}

// The shards of a run send what the whole run sends, and measured and merged
// they are the whole run: every count and every bucket of every endpoint, in
// every second.
func TestShardsAreTheWhole(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("name\n")
	for i := range 60 {
		fmt.Fprintf(&rows, "n%d\n", i)
	}
	s, err := thresholds.Decode([]byte(varied), "thresholds.yaml", thresholds.Options{
		Files: fstest.MapFS{"rows.csv": {Data: []byte(rows.String())}},
	})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		o := plan.Options{
			Seed: rapid.Uint64().Draw(rt, "seed"), Users: rapid.IntRange(1, 60).Draw(rt, "users"),
			Duration: time.Duration(rapid.IntRange(6, 20).Draw(rt, "seconds")) * time.Second,
		}
		n := rapid.IntRange(1, min(6, o.Users)).Draw(rt, "shards")
		whole := observe(t, s, o)
		var shards []*result.Result
		var requests []sent
		for k := 1; k <= n; k++ {
			o.Shard = plan.Shard{K: k, N: n}
			shard := observe(t, s, o)
			shards = append(shards, shard.result)
			requests = append(requests, shard.requests...)
		}
		if d := gocmp.Diff(byUser(whole.requests), byUser(requests)); d != "" {
			rt.Fatalf("%d shards send something else (-whole +shards):\n%s", n, d)
		}
		merged, err := result.Merge(rapid.Permutation(shards).Draw(rt, "order")...)
		if err != nil {
			rt.Fatal(err)
		}
		if len(merged.Shards) != n {
			rt.Fatalf("%v of %d shards", merged.Shards, n)
		}
		merged.Shards = whole.result.Shards
		if d := gocmp.Diff(whole.result, merged, sums, anyOrder, cmpopts.EquateEmpty()); d != "" {
			rt.Fatalf("%d shards measure something else (-whole +shards):\n%s", n, d)
		}
	})
}

// sums compares what was expected: sums in another order differ in their last
// bits. All that was counted is compared exactly.
var sums = gocmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(a, b) })

// anyOrder compares failures as sets: they stand in the order in which their
// kinds came up first.
var anyOrder = cmpopts.SortSlices(func(a, b result.Failure) bool {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Status, b.Status)) < 0
})
