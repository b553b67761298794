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
	// Run is the command that makes the plan's load with a script, and judges what it measured.
	Run func(file string, p *plan.Plan) string
	// Write writes the script. Differences that matter are in it as comments, and
	// returned. An error is one of the plan: something that the tool cannot do.
	Write func(w io.Writer, p *plan.Plan) (differences []string, err error)
}

// Tools lists the tools. Each call returns a new slice.
func Tools() []Tool {
	return []Tool{
		{Name: "k6", Run: runK6, Write: writeK6},
		{Name: "locust", Run: runLocust, Write: writeLocust},
	}
}
