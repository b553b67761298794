package verdictjson

import (
	"time"

	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// because is why something is so, for scripts: codes that stay as they are while words change.
type because struct {
	Code     reason.Code    `json:"code"` // docs/codes.md lists them
	Args     map[string]any `json:"args"`
	Also     []given        `json:"also"`     // further facts
	Remedies []given        `json:"remedies"` // what to do, where that is not what the code says by itself
}

// given is a reason with its arguments.
type given struct {
	Code reason.Code    `json:"code"`
	Args map[string]any `json:"args"`
}

func becauseOf(why reason.Reason, also, remedies []reason.Reason) because {
	return because{why.Code, argsOf(why.Args), givenOf(also), givenOf(remedies)}
}

func givenOf(reasons []reason.Reason) []given {
	all := make([]given, 0, len(reasons))
	for _, r := range reasons {
		all = append(all, given{r.Code, argsOf(r.Args)})
	}
	return all
}

// argsOf are arguments as documents have them: quantities and times as amounts, reasons with
// their own arguments.
func argsOf(args reason.Args) map[string]any {
	all := map[string]any{}
	for name, value := range args {
		switch v := value.(type) {
		case unit.Quantity:
			all[name] = AmountOf(verdict.Measured(v))
		case time.Duration:
			all[name] = AmountOf(verdict.Measured(unit.Of(v)))
		case float64:
			all[name] = finite(v)
		case time.Time:
			all[name] = v.UTC()
		case []string:
			all[name] = append([]string{}, v...)
		case reason.Reason:
			all[name] = given{v.Code, argsOf(v.Args)}
		case []reason.Reason:
			all[name] = givenOf(v)
		default:
			all[name] = v
		}
	}
	return all
}
