package verdict

import (
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
)

// LoadOf is a load as an argument of a reason: a number of users, or a rate of arrivals.
func LoadOf(load float64, open bool) reason.Reason {
	if open {
		return reason.Load.With(reason.Args{"rate": unit.Quantity{Value: load, Unit: unit.PerSecond}})
	}
	return reason.Load.With(reason.Args{"users": int(load)})
}
