package result_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/result"
)

// What decodes keeps every promise of Check, is written and read again as it
// is, and merges.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(pinned))
	f.Add([]byte(replaceAll(pinned, `"slots":[`, `"slots":null,"was":[`)))
	f.Add([]byte(replaceAll(replaceAll(pinned, `"planned":{"users":5`,
		`"planned":{"users":0,"rate_per_s":50,"max_users":9,"stages":[{"rate_per_s":5,"from_ns":0,"until_ns":9}]`),
		`"users":2`, `"users":2,"offered":50,"dropped":3`)))
	text := journal(f, empty(whole), small().slices(), result.Complete)
	f.Add([]byte(text))
	f.Add([]byte(replaceAll(text, `"slot":2`, `"slot":9000000000`)))
	f.Add([]byte(replaceAll(text, `{"end"`, `{"planned_duration_ns":1}`+"\n"+`{"end"`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := result.Decode(bytes.NewReader(data), "fuzz")
		if err != nil {
			if r != nil {
				t.Fatalf("Decode = %v and an error", r)
			}
			return
		}
		if err := r.Check(); err != nil {
			t.Fatalf("Decode took what Check refuses: %v", err)
		}
		text := encode(t, r)
		back, err := result.Decode(strings.NewReader(text), "again")
		if err != nil {
			t.Fatalf("Decode of what was encoded: %v\n%s", err, text)
		}
		if again := encode(t, back); again != text {
			t.Fatalf("encoded again:\n%s\nwant\n%s", again, text)
		}
		other := *back
		r.Shards, other.Shards = []result.Shard{{K: 1, N: 2}}, []result.Shard{{K: 2, N: 2}}
		requests, failures := total(r)
		if got, lost := total(merge(t, r, &other)); got != 2*requests || lost != 2*failures {
			t.Fatalf("merged with itself: %d requests, %d failures, want twice %d, %d", got, lost, requests, failures)
		}
	})
}

func replaceAll(text, old, new string) string {
	if !strings.Contains(text, old) {
		panic("no " + old)
	}
	return strings.ReplaceAll(text, old, new)
}
