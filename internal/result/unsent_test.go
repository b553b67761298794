package result_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// Older documents and journals call requests that were not sent failed ones.
// They are read as what they were, and their counts still have to agree.
func TestUnsentOfOlderDocuments(t *testing.T) {
	const head = `{"schema":"loadgate.result/1","tool":"loadgate 0.1","digest":"9f86d081884c7d65","seed":7,` +
		`"started":"2026-03-01T09:30:00Z",` +
		`"planned":{"users":1,"ramp_ns":0,"warm_up_ns":0,"duration_ns":10000000000,"timeout_ns":0},` +
		`"elapsed_ns":1000000000,"slot_ns":1000000000,"shards":[{"k":1,"n":1}],"timeline":[{"slot":0,"users":1}],` +
		`"endpoints":[{"name":"GET /items","expected":1`
	const slot = `{"slot":0,"requests":5,"failed":{"expression":3,"status":1},"latency":"gK3iBACAreIExEM",` +
		`"received_bytes":900,"phases":{}}`
	const failures = `"failures":[{"kind":"expression","detail":"no token","count":3,"first_ns":1,"last_ns":2}]`
	const all = `{"slot":0,"requests":3,"failed":{"expression":3},"received_bytes":0,"phases":{}}`
	for name, text := range map[string]string{
		"document": head + `,"slots":[` + slot + `],` + failures + `}]}`,
		"journal": `{"journal":"loadgate.journal/1","result":` + head + `}]}}` + "\n" +
			`{"slice":{"moment":{"slot":0,"users":1},"endpoints":[{"index":0,"slot":` +
			slot + `,` + failures + `}]}}` + "\n",
	} {
		r, err := decode(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := r.Endpoints[0].Slots[0]
		if got.Requests != 2 || got.Unsent != 3 || !cmp.Equal(got.Failed, map[metric.Failure]int64{metric.Status: 1}) {
			t.Errorf("%s: slot %+v; want 2 requests, one failed, and 3 unsent", name, got)
		}
		if f := r.Endpoints[0].Failures; len(f) != 1 || f[0].Count != 3 || f[0].Users != 0 {
			t.Errorf("%s: failures %+v; want the words of 3, and no number of users", name, f)
		}
	}
	r, err := decode(head + `,"slots":[` + all + `]}]}`)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Endpoints[0].Slots[0]; got.Requests != 0 || got.Unsent != 3 || got.Failed != nil {
		t.Errorf("slot %+v; want 3 unsent and nothing else", got)
	}
	for _, broken := range []string{
		strings.Replace(slot, `"expression":3`, `"expression":9`, 1),
		strings.Replace(slot, `"expression":3`, `"expression":-3`, 1),
		strings.Replace(slot, `"requests":5`, `"requests":6`, 1),
		strings.Replace(all, `"requests":3,"failed":{"expression":3}`, `"requests":0,"unsent":-1`, 1),
		strings.Replace(slot, `"requests":5`, `"requests":5,"repeats":3`, 1), // of 2 that were sent
		strings.Replace(slot, `"requests":5`, `"requests":5,"repeats":-1`, 1),
	} {
		if _, err := decode(head + `,"slots":[` + broken + `]}]}`); err == nil {
			t.Errorf("Decode took %s", broken)
		}
	}
	users := strings.Replace(failures, `"count":3`, `"count":3,"users":4`, 1)
	if _, err := decode(head + `,"slots":[` + slot + `],` + users + `}]}`); err == nil {
		t.Error("Decode took more users than requests of theirs")
	}
}

// What is joined counts the unsent and the repeats too, and the users that had them.
func TestUnsentIsJoined(t *testing.T) {
	part := func(k int) *result.Result {
		r := empty(result.Shard{K: k, N: 2})
		r.Endpoints[1].Slots = []result.Slot{{Slot: 0, Unsent: 2}, {Slot: 1, Unsent: 3}, {
			Slot: 2, Requests: 2, Failed: map[metric.Failure]int64{metric.Status: 2}, Repeats: 1,
		}}
		r.Endpoints[1].Failures = []result.Failure{{Kind: metric.Expression, Count: 5, Users: int64(k)}}
		return r
	}
	got := merge(t, part(1), part(2))
	unsent, repeats := int64(0), int64(0)
	for _, slot := range got.Endpoints[1].Slots {
		unsent, repeats = unsent+slot.Unsent, repeats+slot.Repeats
	}
	if repeats != 2 {
		t.Errorf("%d repeats, want 2", repeats)
	}
	if unsent != 10 || got.Endpoints[1].Failures[0].Users != 3 {
		t.Errorf("%d unsent, %+v; want 10 of 3 users", unsent, got.Endpoints[1].Failures)
	}
}
