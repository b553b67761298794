package gate

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// exceptions are the findings about the exceptions of a rule: those that match nothing, and
// that together they leave nothing to judge, which must not pass.
func exceptions(e *evidence.Run, rule config.Rule) []verdict.Check {
	checks := evidence.IdleExceptions(e, rule.Name, rule.Except)
	all := e.Matching(rule.Whole())
	if len(all) == 0 || len(e.Matching(rule)) > 0 {
		return checks
	}
	return append(checks, verdict.Check{
		Rule: rule.Name, Pos: rule.Pos, Subject: rule.Name, Endpoints: all.Names(), Firm: true,
		Because: reason.ExceptionsLeave.Plain(),
	})
}

// endedException finds the exception of a rule for an endpoint, or transaction, that has ended.
func endedException(e *evidence.Run, rule config.Rule) func(name string) (config.Exception, bool) {
	return func(name string) (found config.Exception, ok bool) {
		e.Rows(func(ep *result.Endpoint, transaction bool) {
			if x, has := rule.ExceptionOf(ep.Name, ep.Once.Any(), transaction); ep.Name == name && has && x.Ended {
				found, ok = x, true
			}
		})
		return found, ok
	}
}
