// Package ui is the page from which a developer starts, changes and stops runs. Each run is a command of loadgate
// with the arguments that the page shows, so that a pipeline can do the same; the page itself measures and judges
// nothing.
package ui

import (
	"context"
	"io"

	"github.com/loadgate/loadgate/internal/cli/site"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/result"
)

// Command runs one command of loadgate until it ends, and returns its exit code. A run is shown by watcher; nil:
// nobody.
type Command func(ctx context.Context, args []string, stdout, stderr io.Writer, watcher Watcher) int

// Watcher sees a run and its verdict, as session.Watcher does.
type Watcher interface {
	Begin(p *plan.Plan, r *result.Result)
	Second(s *result.Slice, r *result.Result, judged *experiment.SoFar)
	End(err error)
	Verdict(v content.View)
}

// Options are what the page may do, fixed when it is started.
type Options struct {
	File    string   // thresholds.yaml, as an argument; empty: the demo's own
	Common  []string // arguments of every command, such as --demo
	Folder  string   // of the runs
	Config  *config.Config
	Command Command
	Board   *site.Served // of earlier runs
	// CheckHost says whether a host may be loaded.
	CheckHost func(host string) error
}
