package cli_test

import (
	"context"
	"strings"
	"testing"
)

// A profile that no rule speaks of has nothing to decide, and is no pass.
func TestPlanWithoutARule(t *testing.T) {
	text := strings.NewReplacer("profiles: {p:", "profiles: {q: {users: 1, spawn_rate: 1/s, duration: 5m}, p:",
		`endpoints: "*"`, `profiles: [q], endpoints: "*"`).Replace(file)
	var out strings.Builder
	code, said := run(context.Background(), &out, nil, "plan", write(t, "thresholds.yaml", text), "--profile", "p")
	if code != 3 || !strings.Contains(out.String(), "no rule applies to this profile") ||
		strings.Contains(out.String(), "LEAST EVIDENCE") {
		t.Errorf("plan = %d\n%s%s", code, out.String(), said)
	}
}
