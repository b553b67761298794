package export_test

import (
	"strings"
	"testing"
)

const onLoads = `version: 1
target: {url: "http://localhost:8000"}
profiles:
  p:
    loads:
      - {name: browse, users: 4, spawn_rate: 4/s, duration: 60s, warm_up: 0s, groups: [g]}
      - {name: spike, rate: 8/s, start: 20s, duration: 30s, warm_up: 0s, max_users: 40}
users:
  g: {wait: 1s, weight: 3, steps: [GET /a]}
  h: {steps: [GET /b]}
thresholds: {sound: {endpoints: "*", success: 99%}}
`

// Several loads are scenarios of k6, each with its own start. Locust has one load.
func TestLoads(t *testing.T) {
	text, notes, err := written(t, "k6", onLoads)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		`browse_g: { executor: "ramping-vus"`, `target: 4 }, { duration: "59000ms", target: 4 }`,
		`spike_g: { startTime: "20000ms", executor: "constant-arrival-rate", rate: 6000, duration: "30000ms"`,
		`spike_h: { startTime: "20000ms", executor: "constant-arrival-rate", rate: 2000,`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("no %s in\n%s", part, text)
		}
	}
	if !strings.Contains(strings.Join(notes, "\n"), "rules with loads are not judged") {
		t.Errorf("notes %q", notes)
	}
	if _, _, err := written(t, "locust", onLoads); err == nil || !strings.Contains(err.Error(), "--only browse") {
		t.Errorf("locust: %v", err)
	}
}
