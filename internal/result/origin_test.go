package result_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/result"
)

func TestClass(t *testing.T) {
	const gib = 1 << 30
	for _, row := range []struct {
		name   string
		runner result.Runner
		want   string
	}{
		{"nothing is known", result.Runner{}, ""},
		{"by its name", result.Runner{Name: "ubuntu-large", CPU: "Xeon", Cores: 8}, "ubuntu-large"},
		{"by what it is", result.Runner{CPU: "AMD EPYC  7763 64-Core Processor ",
			Cores: 4, Memory: 16*gib - 300<<20, OS: "linux/amd64"},
			"AMD EPYC 7763 64-Core Processor, 4 cores, 16GiB, linux/amd64"},
		{"a few pages less", result.Runner{CPU: "EPYC", Memory: 16*gib - 500<<20}, "EPYC, 16GiB"},
		{"a few pages more", result.Runner{CPU: "EPYC", Memory: 16*gib + 500<<20}, "EPYC, 16GiB"},
		{"half a GiB", result.Runner{Memory: 400 << 20}, "1GiB"},
		{"one core", result.Runner{Cores: 1, OS: "linux/arm64"}, "1 core, linux/arm64"},
	} {
		if got := row.runner.Class(); got != row.want {
			t.Errorf("%s: Class = %q, want %q", row.name, got, row.want)
		}
	}
}

// Shards know of the origin what any of them knows.
func TestMergeOfOrigins(t *testing.T) {
	first, second := empty(result.Shard{K: 1, N: 2}), empty(result.Shard{K: 2, N: 2})
	runner := result.Runner{Name: "small", Cores: 2}
	for _, row := range []struct {
		name                string
		first, second, want result.Origin
	}{
		{"nothing", result.Origin{}, result.Origin{}, result.Origin{}},
		{"one knows", result.Origin{}, result.Origin{Commit: "c", Branch: "b", Runner: runner},
			result.Origin{Commit: "c", Branch: "b", Runner: runner}},
		{"each knows a part", result.Origin{Commit: "c", Runner: runner},
			result.Origin{Branch: "b"}, result.Origin{Commit: "c", Branch: "b", Runner: runner}},
	} {
		first.Origin, second.Origin = row.first, row.second
		for _, got := range []*result.Result{merge(t, first, second), merge(t, second, first)} {
			if d := gocmp.Diff(row.want, got.Origin); d != "" {
				t.Errorf("%s (-want +got):\n%s", row.name, d)
			}
		}
	}
}

func TestAMachineThatCannotBe(t *testing.T) {
	for _, runner := range []result.Runner{{Cores: -1}, {Memory: -1}} {
		r := empty(whole)
		r.Origin.Runner = runner
		if r.Check() == nil {
			t.Errorf("Check of a run on %+v = nil, want an error", runner)
		}
	}
}
