package gate

import (
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// tornDown warns of what teardown left behind.
func tornDown(e *evidence.Run) []verdict.Check { return LeftBehind(e.Result.Teardown) }

// LeftBehind warns of each teardown step that failed: what it should have removed is there still. It says nothing of
// the service under load.
func LeftBehind(teardown []result.Sent) (checks []verdict.Check) {
	for _, s := range teardown {
		if s.OK() {
			continue
		}
		args := reason.Args{"step": s.Endpoint}
		if s.Detail != "" {
			args["detail"] = s.Detail
		}
		checks = append(checks, verdict.Check{
			Subject: "teardown", Outcome: verdict.Warn, Shown: true, Because: reason.TeardownFailed.With(args),
		})
	}
	return checks
}
