package wording

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/reason"
)

// where are the places of a code, as the page has them.
func where(code reason.Code, o origin) string {
	var places []string
	for i, there := range []bool{o.cause, o.check, o.plan} {
		if there {
			places = append(places, []string{"cause", "check", "plan"}[i])
		}
	}
	_, ofCommand := commandWords[code]
	switch w := all[code]; {
	case len(places) > 0:
		return strings.Join(places, ", ")
	case ofCommand:
		return "command"
	case w.says == "":
		return "remedy"
	}
	return "part"
}

// advice is what to do about a code, as the page has it.
func advice(code reason.Code, o origin) string {
	if todo := readable(all[code].todo); todo != "" || !o.advised || !o.check && !o.cause {
		return todo
	}
	return "`remedies`"
}

// The page says where a code occurs: of one of each kind that is known, and of all in the reports
// that tests keep.
func TestWhere(t *testing.T) {
	of := origins(t)
	for code, want := range map[reason.Code]string{
		reason.LimitBroken: "check", reason.Kept: "check", reason.WarningBroken: "check", reason.ServiceFroze: "check",
		reason.LimitOutage: "check", reason.CacheCold: "cause", reason.RateLimiter: "cause, check",
		reason.PlanTooShort: "plan",
		reason.Interval:     "part", reason.Status401: "part", reason.FirstAnswer: "part", reason.RunAgain: "remedy",
		reason.NotRun: "command", reason.NotFinished: "command",
	} {
		if got := where(code, of[code]); got != want {
			t.Errorf("%s occurs as %q, want %q", code, got, want)
		}
	}
	for _, code := range []reason.Code{reason.LimitBroken, reason.AllFailed, reason.PatternUnmatched,
		reason.TooFewRequests, reason.LimitNear} {
		if got := advice(code, of[code]); got != "`remedies`" {
			t.Errorf("what to do about %s is %q", code, got)
		}
	}
	type coded struct {
		Code   reason.Code `json:"code"`
		Checks []coded     `json:"checks"`
	}
	files, err := filepath.Glob("../../../testdata/golden/*.json")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, file := range files {
		var doc struct {
			Checks, Stages, Diagnosis []coded
		}
		text, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, &doc)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range doc.Stages {
			doc.Checks = append(doc.Checks, s.Checks...)
		}
		for _, c := range doc.Checks {
			if seen++; !of[c.Code].check {
				t.Errorf("%s has a check with the code %s, which no check has", file, c.Code)
			}
		}
		for _, c := range doc.Diagnosis {
			if seen++; !of[c.Code].cause && c.Code != reason.ForeignNote { // which fixtures say anything with
				t.Errorf("%s has a cause with the code %s, which no cause has", file, c.Code)
			}
		}
	}
	if seen < 20 {
		t.Errorf("%d codes in the reports", seen)
	}
}
