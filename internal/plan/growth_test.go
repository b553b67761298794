package plan_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// What a file costs to read and to plan grows as the file does: four times the
// steps may take little more than four times the bytes. Whatever is copied for
// each step takes sixteen times as many.
func TestCostGrowsAsTheFile(t *testing.T) {
	const few, times = 500, 4
	steps := func(n int, one func(i int) string) string {
		var b strings.Builder
		b.WriteString("users:\n  g:\n    wait: 100ms\n    steps:\n")
		for i := range n {
			b.WriteString("      - " + one(i) + "\n")
		}
		return b.String()
	}
	plain := func(i int) string { return fmt.Sprintf("GET /a%d", i) }
	const all = "thresholds: {all: {endpoints: \"*\", p95: 1s}}\n"
	for _, c := range []struct {
		name string
		file func(n int) string
		bad  bool
	}{
		{name: "steps", file: func(n int) string { return steps(n, plain) + all }},
		{name: "steps in one line", file: func(n int) string {
			var list []string
			for i := range n {
				list = append(list, plain(i))
			}
			return "users: {g: {wait: 100ms, steps: [" + strings.Join(list, ", ") + "]}}\n" + all
		}},
		{name: "captures", file: func(n int) string {
			return steps(n, func(i int) string {
				return fmt.Sprintf(`{request: "GET /a%d/${c%d}", capture: {c%d: body.id}, expect: status == 200}`,
					i, max(0, i-1), i)
			}) + all
		}},
		{name: "a rule for each endpoint", file: func(n int) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, "  r%d: {endpoints: GET /a%d, p95: 1s}\n", i, i)
			}
			return steps(n, plain) + "thresholds:\n" + b.String()
		}},
		{name: "names that are unknown", bad: true, file: func(n int) string {
			return steps(n, func(i int) string {
				return fmt.Sprintf(`{request: "GET /a%d/${nobody}", capture: {c%d: body.id}}`, i, i)
			}) + all
		}},
		{name: "rules of no endpoint", bad: true, file: func(n int) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, "  r%d: {endpoints: GET /b%d, p95: 1s}\n", i, i)
			}
			return steps(n, plain) + "thresholds:\n" + b.String()
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cost := func(n int) uint64 {
				src := []byte("version: 1\ntarget: {url: \"http://127.0.0.1:8080\"}\n" +
					"profiles: {p: {users: 2, spawn_rate: 10/s, duration: 2m}}\n" + c.file(n))
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				s, err := thresholds.Decode(src, "thresholds.yaml", thresholds.Options{})
				if (err != nil) != c.bad {
					t.Fatalf("Decode: %v", err)
				}
				if err == nil {
					p, err := plan.New(s, plan.Options{})
					if err != nil {
						t.Fatal(err)
					}
					p.Forecast()
				}
				runtime.ReadMemStats(&after)
				return after.TotalAlloc - before.TotalAlloc
			}
			cost(few) // tables that are made once
			small, large := cost(few), cost(few*times)
			if ratio := float64(large) / float64(small); ratio > times*1.5 {
				t.Errorf("%d steps take %d bytes and %d take %d: %.1f times as many",
					few, small, few*times, large, ratio)
			}
		})
	}
}

// Places in a line that is a whole file stay those that people count.
func TestPlacesInALongLine(t *testing.T) {
	var list []string
	for i := range 3000 {
		list = append(list, fmt.Sprintf("{request: GET /a%d, name: ä%d}", i, i))
	}
	line := "users: {g: {wait: 100ms, steps: [" + strings.Join(list, ", ") + ", \"GET /${nobody}\"]}}"
	_, err := thresholds.Decode([]byte("version: 1\ntarget: {url: \"http://127.0.0.1:8080\"}\n"+
		"profiles: {p: {users: 2, spawn_rate: 10/s, duration: 2m}}\n"+
		line+"\nthresholds: {all: {endpoints: \"*\", p95: 1s}}\n"),
		"thresholds.yaml", thresholds.Options{})
	begin, _, _ := strings.Cut(line, "nobody")
	want := fmt.Sprintf("thresholds.yaml:4:%d: ", len([]rune(begin))+1)
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("Decode: %.200v, want it at %s", err, want)
	}
}
