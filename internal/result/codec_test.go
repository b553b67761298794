package result_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/result"
)

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyShards(t, rapid.IntRange(1, 3).Draw(t, "shards"))[0]
		text := encode(t, want)
		got, err := result.Decode(iotest.OneByteReader(strings.NewReader(text)), "run.json")
		if err != nil {
			t.Fatalf("Decode: %v", err)
		}
		if d := diff(want, got); d != "" {
			t.Fatalf("round trip (-want +got):\n%s", d)
		}
		if again := encode(t, got); again != text {
			t.Fatalf("encoded again:\n%s\nwant\n%s", again, text)
		}
	})
}

// pinned is a document of version 1. It must be read, and written, for as
// long as the version is.
const pinned = `{"schema":"loadgate.result/1","tool":"loadgate test","name":"shop","profile":"light",` +
	`"target":"http://localhost:8000",` +
	`"digest":"9f86d081884c7d65","seed":7,"started":"2026-03-01T09:30:00Z",` +
	`"planned":{"users":5,"ramp_ns":1000000000,"warm_up_ns":2000000000,"duration_ns":10000000000,` +
	`"timeout_ns":5000000000},` +
	`"end":"lost","elapsed_ns":3000000000,"slot_ns":1000000000,"shards":[{"k":1,"n":1}],` +
	`"timeline":[{"slot":0,"users":1,"lag":"AMCEPcCEPQDQDw"},{"slot":1,"users":2,"lag":"AAAAAA"},{"slot":2,"users":2,` +
	`"lag":"AAAAAQI"}],` +
	`"endpoints":[{"name":"POST /login","start":true,"expected":2,"slots":[{"slot":0,"requests":1,` +
	`"latency":"gLSJEwCAtIkTxGM",` +
	`"received_bytes":120,"sent_bytes":60,"connects":1,"phases":{}}]},` +
	`{"name":"GET /items","expected":40.5,"slots":[` +
	`{"slot":0,"requests":1,"latency":"gK3iBACAreIExEM","from_send":"wKilBADAqKUEykE","received_bytes":900,` +
	`"phases":{}},` +
	`{"slot":1,"requests":1,"latency":"gLbcBQCAttwFuEc","received_bytes":900,"phases":{}},` +
	`{"slot":2,"requests":1,"failed":{"status":1},"failed_latency":"wI23AQDAjbcBuCc","received_bytes":0,` +
	`"phases":{}}],` +
	`"failures":[{"kind":"status","status":503,"detail":"503 Service Unavailable","count":1,"first_ns":2500000000,` +
	`"last_ns":2500000000,"sample":"busy"}]},` +
	`{"name":"POST /login","expected":3,"slots":[{"slot":2,"requests":1,"latency":"gOHrFwCA4esXtGg",` +
	`"received_bytes":0,"phases":{"first_byte_ns":45000000}}]}]}` + "\n"

func TestPinnedDocument(t *testing.T) {
	r := small().record(t, whole)
	if err := r.Finish(result.Lost); err != nil {
		t.Fatal(err)
	}
	if got := encode(t, r); got != pinned {
		t.Errorf("Encode =\n%s\nwant\n%s", got, pinned)
	}
	got, err := decode(pinned)
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(r, got); d != "" {
		t.Errorf("Decode (-want +got):\n%s", d)
	}
}

// A document that knows of no arrivals and no stages, as the pinned one, is of
// a closed load at one level; this is how they are written down.
func TestPinnedArrivals(t *testing.T) {
	played := small()
	played.arrivals = []arrivals{{50, 0}, {49, 3}}
	r := played.record(t, whole)
	r.Planned.Users, r.Planned.Rate, r.Planned.MaxUsers = 0, 50, 200
	r.Planned.Stages = []result.Stage{{Rate: 12.5, Until: 4 * time.Second},
		{Rate: 50, From: 5 * time.Second, Until: 10 * time.Second}}
	text := encode(t, r)
	for _, want := range []string{
		`"rate_per_s":50,"max_users":200,"stages":[{"rate_per_s":12.5,"from_ns":0,"until_ns":4000000000},` +
			`{"rate_per_s":50,"from_ns":5000000000,"until_ns":10000000000}]`,
		`,"offered":50},{"slot":1,`,
		`,"offered":49,"dropped":3},{"slot":2,`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("Encode does not say %s in\n%s", want, text)
		}
	}
	if n := strings.Count(text, "offered") + strings.Count(text, "dropped"); n != 3 {
		t.Errorf("offered and dropped stand %d times, want only where there was any:\n%s", n, text)
	}
	got, err := decode(text)
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(r, got); d != "" {
		t.Errorf("round trip (-want +got):\n%s", d)
	}
	old, err := decode(pinned)
	if err != nil {
		t.Fatal(err)
	}
	if p := old.Planned; p.Rate != 0 || p.MaxUsers != 0 || p.Stages != nil || old.Timeline[0].Offered != 0 {
		t.Errorf("a document without arrivals and stages: %+v, %+v", p, old.Timeline[0])
	}
}

func TestDecodeRefuses(t *testing.T) {
	change := func(old, new string) string { return replaced(t, pinned, old, new) }
	planned := func(more string) string { return change(`"planned":{`, `"planned":{`+more+",") }
	const impossible = "planned: times, users or shares that cannot be"
	for _, row := range []struct {
		name, text, want string
	}{
		{"an empty file", "", "the file is empty"},
		{"an empty file, more or less", strings.Repeat(" \n", 20), "the file is empty"},
		{"a newer schema", change("loadgate.result/1", "loadgate.result/2"),
			`schema "loadgate.result/2" is newer than this loadgate, which reads "loadgate.result/1"; update loadgate`},
		{"a newer schema that this one cannot read",
			`{"schema":"loadgate.result/12","end":17,"slots":{"a":[]},"endpoints":{}}`,
			`schema "loadgate.result/12" is newer than this loadgate, which reads "loadgate.result/1"; update ` +
				`loadgate`},
		{"something else", `{"metrics": {"http_reqs": 12}, "root_group": {}}`,
			`not a loadgate result: schema "", want "loadgate.result/1"`},
		{"another schema", change("loadgate.result/1", "loadgate.baseline/1"),
			`not a loadgate result: schema "loadgate.baseline/1", want "loadgate.result/1"`},
		{"no JSON", "Type,Name,Request Count\n",
			"not a loadgate result: invalid character 'T' looking for beginning of value"},
		{"no object", "[1, 2, 3, 4, 5]",
			"not a loadgate result: json: cannot unmarshal array into Go value of type result.Result"},
		{"null", "null", `not a loadgate result: schema "", want "loadgate.result/1"`},
		{"half a document", pinned[:len(pinned)/2], "the document is cut off; judge the journal next to it instead"},
		{"text behind it", pinned + "x", "not a loadgate result: text after the document"},
		{"two documents", pinned + pinned, "not a loadgate result: text after the document"},
		{"an unknown end", change(`"end":"lost"`, `"end":"won"`), `not a loadgate result: unknown end of a run "won"`},
		{"a damaged histogram", change("gLbcBQCAttwFuEc", "gLbcBQCAttwF4F0C"),
			"not a loadgate result: damaged histogram"},

		{"a negative time", change(`"elapsed_ns":3000000000`, `"elapsed_ns":-1`), "elapsed_ns: -1 cannot be"},
		{"more slots than a run has", change(`"elapsed_ns":3000000000`, `"elapsed_ns":900000000000000000`),
			"elapsed_ns: 900000000000000000 is more than 131072 slots of 1s"},
		{"a negative plan", change(`"warm_up_ns":2000000000`, `"warm_up_ns":-2`),
			"planned: times, users or shares that cannot be"},
		{"a negative timeout", change(`"timeout_ns":5000000000`, `"timeout_ns":-5`),
			"planned: times, users or shares that cannot be"},
		{"a plan beyond time", change(`"duration_ns":10000000000`, `"duration_ns":9223372036854775807`),
			"planned: times, users or shares that cannot be"},
		{"a slot beyond time", change(`"slot_ns":1000000000`, `"slot_ns":8589934592000000000`),
			"slot_ns: 8589934592000000000 is not a second, doubled any number of times"},
		{"a slot of no length", change(`"slot_ns":1000000000`, `"slot_ns":0`),
			"slot_ns: 0 is not a second, doubled any number of times"},
		{"a slot of half a second", change(`"slot_ns":1000000000`, `"slot_ns":500000000`),
			"slot_ns: 500000000 is not a second, doubled any number of times"},
		{"a slot of three seconds", change(`"slot_ns":1000000000`, `"slot_ns":3000000000`),
			"slot_ns: 3000000000 is not a second, doubled any number of times"},
		{"no shard", change(`[{"k":1,"n":1}]`, `[]`), "shards: empty; a whole run is shard 1 of 1"},
		{"shard 2 of 1", change(`{"k":1,"n":1}`, `{"k":2,"n":1}`), "shards: 2 of 1 does not fit"},
		{"shards without end", change(`{"k":1,"n":1}`, `{"k":1,"n":9000000000000}`),
			"shards: 1 of 9000000000000 does not fit"},
		{"shard 0", change(`{"k":1,"n":1}`, `{"k":0,"n":1}`), "shards: 0 of 1 does not fit"},
		{"shards of different numbers", change(`{"k":1,"n":1}`, `{"k":1,"n":2},{"k":2,"n":3}`),
			"shards: 2 of 3 does not fit"},
		{"a start that is wrong by less than nothing", change(`{"k":1,"n":1}`, `{"k":1,"n":1,"start_error_ns":-1}`),
			"shards: 1 of 1: start_error_ns: -1 cannot be"},
		{"a shard twice", change(`{"k":1,"n":1}`, `{"k":1,"n":2},{"k":1,"n":2}`), "shards: 1 of 2 is there twice"},

		{"a timeline out of order", change(`{"slot":1,"users":2`, `{"slot":0,"users":2`),
			"timeline: slot 0 is out of order or has a count that cannot be"},
		{"a negative slot", change(`{"slot":0,"users":1`, `{"slot":-1,"users":1`),
			"timeline: slot -1 is out of order or has a count that cannot be"},
		{"a moment beyond time", change(`{"slot":2,"users":2`, `{"slot":9223372037,"users":2`),
			"timeline: slot 9223372037 is out of order or has a count that cannot be"},
		{"negative users", change(`{"slot":1,"users":2`, `{"slot":1,"users":-2`),
			"timeline: slot 1 is out of order or has a count that cannot be"},

		{"negative arrivals", change(`{"slot":1,"users":2`, `{"slot":1,"offered":-1,"users":2`),
			"timeline: slot 1 is out of order or has a count that cannot be"},
		{"fewer than no arrivals dropped", change(`{"slot":1,"users":2`, `{"slot":1,"dropped":-1,"users":2`),
			"timeline: slot 1 is out of order or has a count that cannot be"},
		{"more arrivals dropped than came",
			change(`{"slot":1,"users":2`, `{"slot":1,"offered":3,"dropped":4,"users":2`),
			"timeline: slot 1 is out of order or has a count that cannot be"},
		{"arrivals without number", change(`{"slot":1,"users":2`, `{"slot":1,"offered":9007199254740993,"users":2`),
			"timeline: slot 1 is out of order or has a count that cannot be"},

		{"a negative rate", planned(`"rate_per_s":-1`), impossible},
		{"a rate without end", planned(`"rate_per_s":1e300`), impossible},
		{"fewer than no users at most", planned(`"max_users":-1`), impossible},
		{"a group of fewer than no users", planned(`"groups":[{"users":-1}]`), impossible},
		{"a think time that ends before it begins", planned(`"groups":[{"think_min_ns":2,"think_max_ns":1}]`),
			impossible},
		{"more than all of a group", planned(`"groups":[{"parts":[{"endpoint":"GET /","share":1.5}]}]`), impossible},
		{"a stage that ends before it begins", planned(`"stages":[{"users":1,"from_ns":2,"until_ns":1}]`), impossible},
		{"a stage before the start", planned(`"stages":[{"users":1,"from_ns":-2,"until_ns":1}]`), impossible},
		{"a stage beyond time", planned(`"stages":[{"users":1,"from_ns":0,"until_ns":9223372036854775807}]`),
			impossible},
		{"stages over each other",
			planned(`"stages":[{"users":1,"from_ns":0,"until_ns":5},{"users":2,"from_ns":4,"until_ns":9}]`),
			impossible},
		{"stages out of order",
			planned(`"stages":[{"users":1,"from_ns":5,"until_ns":9},{"users":2,"from_ns":0,"until_ns":5}]`),
			impossible},
		{"a stage of fewer than no users", planned(`"stages":[{"users":-1,"from_ns":0,"until_ns":5}]`), impossible},
		{"a stage of a negative rate", planned(`"stages":[{"rate_per_s":-0.5,"from_ns":0,"until_ns":5}]`), impossible},

		{"an endpoint that is null", change(`"endpoints":[`, `"endpoints":[null,`), "endpoints: row 1 has no name"},
		{"an endpoint twice", change(`"name":"GET /items"`, `"name":"POST /login"`),
			`endpoints: "POST /login" is there twice`},
		{"negative expectations", change(`"expected":40.5`, `"expected":-1`),
			`endpoint "GET /items": expected: -1 cannot be`},
		{"slots out of order", change(`{"slot":1,"requests":1,"latency"`, `{"slot":0,"requests":1,"latency"`),
			`endpoint "GET /items": slot 0 is out of order`},
		{"a negative count", change(`"received_bytes":900`, `"received_bytes":-900`),
			`endpoint "GET /items": slot 0: count of -900`},
		{"a negative phase", change(`"first_byte_ns":45000000`, `"first_byte_ns":-1`),
			`endpoint "POST /login": slot 2: phases: -1 cannot be`},
		{"more requests than there are", change(`"slot":1,"requests":1`, `"slot":1,"requests":2`),
			`endpoint "GET /items": slot 1: 2 requests, but 1 latencies and 0 failures`},
		{"more failures than there are", change(`"failed":{"status":1}`, `"failed":{"status":2}`),
			`endpoint "GET /items": slot 2: 1 requests, but 0 latencies and 2 failures`},
		{"a negative number of failures", change(`"failed":{"status":1}`, `"failed":{"status":-1}`),
			`endpoint "GET /items": slot 2: failures of kind status: -1`},
		{"a failure that is none", change(`"failed":{"status":1}`, `"failed":{"ok":1}`),
			`endpoint "GET /items": slot 2: failures of kind ok: 1`},
		{"latencies of no failure",
			change(`"failed":{"status":1},"failed_latency"`, `"latency":"wI23AQDAjbcBuCc","failed_latency"`),
			`endpoint "GET /items": slot 2: failed_latency: 1 latencies of 0 failures`},
		{"latencies from the send of no request",
			change(`"failed":{"status":1},"failed_latency"`, `"failed":{"status":1},"from_send"`),
			`endpoint "GET /items": slot 2: from_send: 1 latencies of 0`},
		{"a failure that ended before it began", change(`"last_ns":2500000000`, `"last_ns":2400000000`),
			`endpoint "GET /items": failure status: counts or times that cannot be`},
		{"a kind of failure that is none", change(`"kind":"status"`, `"kind":"ok"`),
			`endpoint "GET /items": failure ok: counts or times that cannot be`},
		{"a failure twice",
			change(`"failures":[{`, `"failures":[{"kind":"status","status":503,"count":0,"first_ns":0,"last_ns":0},{`),
			`endpoint "GET /items": failure status with status 503 is there twice`},
	} {
		got, err := decode(row.text)
		if want := "read result run.json: " + row.want; err == nil || err.Error() != want {
			t.Errorf("%s: Decode = %v, %v, want %s", row.name, got, err, want)
		}
	}
}

func TestDecodePassesOnReadErrors(t *testing.T) {
	cause := errors.New("is a directory")
	for _, row := range []struct {
		name string
		r    io.Reader
	}{
		{"at once", iotest.ErrReader(cause)},
		{"in a document", io.MultiReader(strings.NewReader(pinned[:500]), iotest.ErrReader(cause))},
		{"in a journal", io.MultiReader(strings.NewReader(journal(t, empty(whole), nil, result.Complete)),
			iotest.ErrReader(cause))},
	} {
		if _, err := result.Decode(row.r, "run.json"); !errors.Is(err, cause) {
			t.Errorf("%s: Decode = %v, want %v", row.name, err, cause)
		}
	}
}

func TestEncodePassesOnWriteErrors(t *testing.T) {
	disk := &fullDisk{err: errors.New("no space left on device")}
	if err := small().record(t, whole).Encode(disk); !errors.Is(err, disk.err) {
		t.Errorf("Encode = %v, want %v", err, disk.err)
	}
}

func TestEndNames(t *testing.T) {
	var zero result.End
	if zero != result.Cut {
		t.Errorf("the zero End is %s, want cut", zero)
	}
	for _, end := range []result.End{result.Cut, result.Complete, result.Interrupted, result.Lost} {
		text, err := end.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back result.End
		if err := back.UnmarshalText(text); err != nil || back != end {
			t.Errorf("UnmarshalText(%s) = %s, %v", text, back, err)
		}
	}
	if got := result.End(9).String(); got != "End(9)" {
		t.Errorf("End(9) = %s", got)
	}
}

// Ten minutes of twenty endpoints fit into 4 MB, whether few requests keep
// every second or many take a coarser time; nothing else is lost.
func TestSize(t *testing.T) {
	for _, row := range []struct {
		name string
		rate int           // requests per second of each endpoint
		lag  time.Duration // mean
		slot time.Duration // the longest
	}{
		{"on time", 25, 0, time.Second},
		{"late", 25, time.Millisecond, 2 * time.Second},
		{"2,000 a second", 100, 50 * time.Microsecond, 8 * time.Second},
	} {
		r := tenMinutes(t, row.rate, row.lag)
		before := requestsOf(r)
		if err := r.Finish(result.Complete); err != nil {
			t.Fatal(err)
		}
		size := len(encode(t, r))
		t.Logf("%s: %d bytes, slots of %s", row.name, size, r.Slot)
		if size > 4_000_000 || r.Slot > row.slot {
			t.Errorf("%s: %d bytes in slots of %s, want at most 4,000,000 in slots of %s",
				row.name, size, r.Slot, row.slot)
		}
		if err := r.Check(); err != nil || requestsOf(r) != before || before != int64(600*20*row.rate) {
			t.Errorf("%s: %d requests, before %d: %v", row.name, requestsOf(r), before, err)
		}
	}
}

func requestsOf(r *result.Result) (n int64) {
	for _, e := range r.Endpoints {
		for _, s := range e.Slots {
			n += s.Requests
		}
	}
	return n
}

func tenMinutes(t *testing.T, rate int, lag time.Duration) *result.Result {
	const seconds, endpoints = 600, 20
	chance := rand.New(rand.NewPCG(1, 2))
	r := empty(whole)
	r.Endpoints = nil
	for i := range endpoints {
		r.Endpoints = append(r.Endpoints, result.Endpoint{Name: fmt.Sprintf("GET /items/%d", i)})
	}
	recorder := measure.NewRecorder(endpoints, 1)
	for second := range seconds {
		for i := range endpoints * rate {
			recorder.Lane(0).Record(measure.Sample{
				Endpoint: i % endpoints, Ended: time.Duration(second) * time.Second,
				Latency:  time.Duration(80 * math.Exp(.5*chance.NormFloat64()) * float64(time.Millisecond)),
				Lag:      time.Duration(chance.ExpFloat64() * float64(lag)),
				Received: 2048, Phases: result.Phases{FirstByte: 70 * time.Millisecond, Body: time.Millisecond},
			})
		}
		if err := r.Append(recorder.Cut(second, 100)); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// Another tool's file that speaks of loadgate is still another tool's.
func TestOwn(t *testing.T) {
	for head, want := range map[string]bool{
		"": true, `{"sch`: true, `{"journal":"loadg`: true,
		`{"schema":"loadgate.result/1","tool":"x"`: true, `{"journal":"loadgate.journal/1",`: true,
		"{\n  \"schema\": \"loadgate.result/2\"":                                                            true,
		`{"type":"Point","metric":"http_req_duration","data":{"tags":{"url":"http://loadgate.example/a"}}}`: false,
		"GET /a\n": false, `{"schema":"diary"}`: false,
	} {
		if got := result.Own([]byte(head)); got != want {
			t.Errorf("Own(%q) = %t, want %t", head, got, want)
		}
	}
}
