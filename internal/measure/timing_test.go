package measure_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/result"
)

// told is what a header comes to.
func told(header string) []result.ServerTime {
	r := measure.NewRecorder(1, 1)
	r.Lane(0).Record(measure.Sample{Latency: time.Millisecond, Timing: []byte(header)})
	return r.Cut(0, 1).Endpoints[0].Server
}

// The examples of the W3C's Server Timing, and what frameworks and nobody's friends
// send.
func TestServerTiming(t *testing.T) {
	ms := time.Millisecond
	for header, want := range map[string][]result.ServerTime{
		"miss, db;dur=53, app;dur=47.2": {{Name: "miss", Requests: 1},
			{Name: "db", Requests: 1, Time: 53 * ms}, {Name: "app", Requests: 1, Time: 47200 * time.Microsecond}},
		"customView, dc;desc=atl":                      {{Name: "customView", Requests: 1}, {Name: "dc", Requests: 1}},
		`cache;desc="Cache Read, quick";dur=23.2`:      {{Name: "cache", Requests: 1, Time: 23200 * time.Microsecond}},
		`SQLPanel_sql_time;dur=1;desc="SQL 2 queries"`: {{Name: "SQLPanel_sql_time", Requests: 1, Time: ms, Calls: 2}},
		`db;desc="1 Statement"`:                        {{Name: "db", Requests: 1, Calls: 1}},
		"db;DUR = 5 , db;dur=7":                        {{Name: "db", Requests: 1, Time: 12 * ms}},
		`db;desc="1 query", a, db;desc="2 queries"`:    {{Name: "db", Requests: 1, Calls: 3}, {Name: "a", Requests: 1}},
		"db;dur=-1":     {{Name: "db", Requests: 1}},
		"db;dur=NaN":    {{Name: "db", Requests: 1}},
		"a b;dur=1":     nil,
		";;,,\"":        nil,
		"\x1b[2J;dur=1": nil,
		"a,b,c,d,e,f,g,h,i,j": {{Name: "a", Requests: 1}, {Name: "b", Requests: 1},
			{Name: "c", Requests: 1}, {Name: "d", Requests: 1}, {Name: "e", Requests: 1},
			{Name: "f", Requests: 1}, {Name: "g", Requests: 1}, {Name: "h", Requests: 1}},
	} {
		if diff := cmp.Diff(want, told(header)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", header, diff)
		}
	}
}

// Slices tell the sum so far, and lanes add up.
func TestServerTimingAddsUp(t *testing.T) {
	r := measure.NewRecorder(1, 2)
	for slot := range 3 {
		for lane := range 2 {
			r.Lane(lane).Record(measure.Sample{Ended: time.Duration(slot) * time.Second,
				Latency: time.Millisecond, Timing: []byte("db;dur=2, db;dur=1")})
		}
		want := []result.ServerTime{{Name: "db", Requests: int64(2 * (slot + 1)),
			Time: time.Duration(6*(slot+1)) * time.Millisecond}}
		if diff := cmp.Diff(want, r.Cut(slot, 1).Endpoints[0].Server); diff != "" {
			t.Errorf("slot %d (-want +got):\n%s", slot, diff)
		}
	}
}

func FuzzServerTiming(f *testing.F) {
	f.Add(`db;dur=53;desc="2 queries", app;dur=47.2`)
	f.Fuzz(func(t *testing.T, header string) {
		r := result.Result{Slot: time.Second, Shards: []result.Shard{{K: 1, N: 1}},
			Endpoints: []result.Endpoint{{Name: "a"}}}
		s := measure.NewRecorder(1, 1)
		s.Lane(0).Record(measure.Sample{Latency: time.Millisecond, Timing: []byte(header)})
		if err := r.Append(s.Cut(0, 1)); err != nil {
			t.Fatal(err)
		}
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
	})
}
