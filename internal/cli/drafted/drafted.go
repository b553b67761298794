// Package drafted writes a first thresholds.yaml, and says what to look at and what comes next.
package drafted

import (
	"fmt"
	"io"
	"strings"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/unit"
)

// File is where a draft is written to.
type File struct {
	Path  string // -: standard output
	Force bool   // a file that is there is replaced
}

// Write writes a draft, and says what to look at.
func (f File) Write(env environ.Env, d *draft.Draft) error {
	text, err := d.Encode()
	if err != nil {
		return err
	}
	if err := output.WriteNew(env, f.Path, f.Force, text); err != nil || f.Path == "-" {
		return err
	}
	s, err := thresholds.Decode(text, f.Path, thresholds.Options{LimitsOnly: true, Unsent: true})
	if err != nil {
		return err
	}
	return f.printNext(env, d, s)
}

// printNext says what was written, what to look at, and what comes next.
func (f File) printNext(env environ.Env, d *draft.Draft, s *config.Config) error {
	var out strings.Builder
	steps, limits := len(s.Setup)+len(s.Teardown), 0
	for _, g := range s.Groups {
		steps += len(g.Start) + len(g.Steps) + len(g.End)
	}
	for _, r := range s.Rules {
		limits += len(r.Limits)
	}
	fmt.Fprintf(&out, "%s: %s, %s, %s\n", console.Clean(f.Path), unit.Counted(len(s.Groups), "group"),
		unit.Counted(steps, "request"), unit.Counted(limits, "limit"))
	for _, look := range d.Looks() {
		fmt.Fprintf(&out, "  look: %s\n", console.Clean(look))
	}
	next := "loadgate try, then loadgate plan, then loadgate run"
	if len(s.Groups) == 0 {
		next = "loadgate check RESULT"
	}
	if f.Path != "thresholds.yaml" {
		next += ", each with " + console.Clean(f.Path)
		if len(s.Groups) == 0 {
			next = "loadgate check RESULT --thresholds " + console.Clean(f.Path)
		}
	}
	fmt.Fprintf(&out, "next: %s\n", next)
	if flags := load.AllowFlags(s.Target, nil); flags != "" && len(s.Groups) > 0 {
		fmt.Fprintf(&out, "  try and run need your permission for a host beyond this machine: %s\n",
			console.Clean(flags))
	}
	_, err := io.WriteString(env.Stdout, out.String())
	return console.WriteError(err)
}
