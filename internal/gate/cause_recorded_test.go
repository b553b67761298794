package gate_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/verdict"
)

// recordedCauses is the cause of each recorded fault, as docs/why.md has it; ""
// is none.
var recordedCauses = []struct{ name, title, size string }{
	{"sw-pool2", "db pool: connections are held idle", "100%"},
	{"sw-burn", "the process fills one core", "74.5%"},
	{"sw-drift", "everything becomes slower with time", "71%"},
	{"sw-n1", "N+1 queries at GET /api/tutors?include_metrics=true", "90%"},
	{"sw-limit", "a rate limiter", "100%"},
	{"sw-err", "", ""},
	{"fm-redis", "Redis does not answer", "100%"},
	{"fm-pg", "server connections: exhausted", "98.2%"},
	{"sw-slow", "", ""},
	{"sw-slowalerts", "", ""},
}

// TestRecordedCauses: of each fault of the recorded runs its cause is named, no
// other beside it, and none of clean runs, whose generator was late in all.
func TestRecordedCauses(t *testing.T) {
	s := recordedFile(t)
	page, err := os.ReadFile("../../docs/why.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := recordedCauses
	for _, name := range recordedClean {
		rows = append(rows, struct{ name, title, size string }{name: name})
	}
	for _, row := range rows {
		told := []string{}
		for _, c := range gate.Judge(evidence.Input{Result: recorded(t, row.name), Config: s}).Causes {
			told = append(told, fmt.Sprintf("%s %s", wording.CauseTitle(c), c.Size))
			if c.Size.OK && !strings.Contains(wording.CauseEvidence(c),
				fmt.Sprintf("; it explains %s of the %s", c.Size, wording.Text(c.Of.Reason()))) {
				t.Errorf("%s: %q does not say its size", row.name, wording.CauseEvidence(c))
			}
		}
		want := []string{}
		if row.title != "" {
			want = append(want, row.title+" "+row.size)
		}
		if strings.Join(told, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: causes %q, want %q", row.name, told, want)
		}
		line := fmt.Sprintf("| %s | %s |", map[bool]string{true: row.title, false: "none"}[row.title != ""],
			map[bool]string{true: row.size, false: "–"}[row.title != ""])
		if !strings.HasPrefix(row.name, "aa") && !hasLine(string(page), "| "+row.name+" |", line) {
			t.Errorf("docs/why.md: no row of %s that ends with %s", row.name, line)
		}
	}
}

func hasLine(text, begins, ends string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, begins) && strings.HasSuffix(line, ends) {
			return true
		}
	}
	return false
}

// TestRecordedMostAt: where failures are alike everywhere no endpoint is named
// for them.
func TestRecordedMostAt(t *testing.T) {
	s := recordedFile(t)
	for _, name := range []string{"sw-err", "fm-redis", "fm-pg", "sw-limit"} {
		v := gate.Judge(evidence.Input{Result: recorded(t, name), Config: s})
		for _, c := range v.Checks {
			if strings.Contains(wording.Reason(c), "most at") {
				t.Errorf("%s: %s", name, wording.Reason(c))
			}
		}
		for _, c := range v.Causes {
			if strings.Contains(wording.CauseEvidence(c), "most at") {
				t.Errorf("%s: %s", name, wording.CauseEvidence(c))
			}
		}
	}
}

// TestRecordedLagOfAComparison: a lag of 13 ms explains no 400 ms that a run is
// slower than earlier ones.
func TestRecordedLagOfAComparison(t *testing.T) {
	s := recordedFile(t)
	var runs []baseline.Run
	for _, name := range recordedClean[:6] {
		r := recorded(t, name)
		run, _ := regress.Distill(r, gate.Judge(evidence.Input{Result: r, Config: s}))
		runs = append(runs, run)
	}
	for _, name := range []string{"sw-slow", "sw-slowalerts"} {
		v := held(t, s, runs, recorded(t, name), nil)
		worse := 0
		for _, c := range comparisons(v) {
			if c.Outcome != verdict.Pass && c.Got.Value > 2*c.Comparison.Base.Value {
				worse++
			}
		}
		if worse == 0 || len(v.Causes) > 0 {
			t.Errorf("%s: %d figures are worse, want some; causes %+v, want none", name, worse, v.Causes)
		}
	}
}
