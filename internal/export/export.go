// Package export writes the users of a plan as a script for another tool, so that
// nobody is locked in and fleets that run that tool can make the load. It knows
// those tools' languages; it measures nothing.
package export

import (
	"io"

	"github.com/loadgate/loadgate/internal/plan"
)

// Tool is one that scripts are written for.
type Tool struct {
	Name string // as in loadgate export NAME
	Run  string // the command that runs such a script; FILE is its name
	// Write writes the script. Differences that matter are in it as comments, and
	// returned. An error is one of the plan: something that the tool cannot do.
	Write func(w io.Writer, p *plan.Plan) (differences []string, err error)
}

// Tools lists the tools. Each call returns a new slice.
func Tools() []Tool {
	return []Tool{
		{Name: "k6", Run: "k6 run --out json=k6.json.gz FILE && loadgate check k6.json.gz", Write: writeK6},
		{Name: "locust", Run: "locust -f FILE --headless --csv r && loadgate check r_stats.csv", Write: writeLocust},
	}
}
