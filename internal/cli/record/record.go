// Package record keeps runs in the history and chooses the earlier runs that a new one is
// compared with. It knows where a run comes from: commit, branch and class of machine.
package record

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Flags say where runs are kept, and whether this one is.
type Flags struct {
	HistoryFlag
	Record bool
}

// Add adds --history and --record.
func (f *Flags) Add(cmd *cobra.Command) {
	f.HistoryFlag.Add(cmd)
	cmd.Flags().BoolVar(&f.Record, "record", false,
		"keep the run in the history, so that later runs are compared with it")
}

// Check finds out before a run whether it can be kept.
func (f *Flags) Check() error {
	if !f.Record {
		return nil
	}
	if err := f.Open().Check(); err != nil {
		return failure.CouldNotRun(fmt.Errorf("record run: %w", err))
	}
	return nil
}

// Keep puts a run of a file into the history, if that was asked for and it came to its
// end. It tells which it is.
func (f *Flags) Keep(w io.Writer, s *config.Config, r *result.Result, v verdict.Verdict) error {
	switch {
	case !f.Record:
		return nil
	case r.End != result.Complete:
		console.Print(w, "not recorded: the run did not finish")
		return nil
	case len(r.Shards) < r.Shards[0].N:
		console.Print(w, "not recorded: this is one shard of a run; give all shards to loadgate check --record")
		return nil
	}
	if id := f.recorded(r); id != "" {
		console.Print(w, "recorded already, as %s", id)
		return nil
	}
	run, why := regress.Distill(r, v)
	run.Why, run.AnyHost = wording.Text(why), s.Baseline.AnyHost
	id, err := f.Open().Put(run, r)
	if err != nil {
		return failure.CouldNotRun(fmt.Errorf("record run: %w", err))
	}
	console.Print(w, "recorded as %s in %s", id, f.Place())
	if not := run.WhyNot(); not.Given() {
		console.Print(w, "it will not be used as a baseline: %s", wording.Text(not))
	}
	return nil
}

// recorded is the ID under which the history has a run already; empty: it has
// not.
func (f *Flags) recorded(r *result.Result) string {
	runs, _ := f.Open().At(r.Started) // what cannot be read has been reported
	for _, run := range runs {
		if run.Started.Equal(r.Started) && run.Seed == r.Seed && run.Digest == r.Digest {
			return run.ID
		}
	}
	return ""
}

// Past is the earlier runs that a run may be compared with; nil where its file
// asks for none. It writes to w which ones are left out.
func (f *HistoryFlag) Past(env environ.Env, w io.Writer, s *config.Config, r *result.Result) *baseline.Past {
	if !s.Baseline.On {
		return nil
	}
	run := baseline.Of(r)
	run.AnyHost = s.Baseline.AnyHost
	past := baseline.Select(f.list(env), baseline.Query{Run: run, Branch: s.Baseline.Branch, Last: s.Baseline.Last})
	for _, left := range past.Left {
		console.Print(w, "history: %s", leftText(left))
	}
	return past
}

// leftText names runs that do not count, the newest of many.
func leftText(left baseline.Left) string {
	const named = 3
	noun, verb := "runs", "do"
	if left.Runs == 1 {
		noun, verb = "run", "does"
	}
	text := strings.Join(left.IDs[max(0, len(left.IDs)-named):], ", ")
	if more := len(left.IDs) - named; more > 0 {
		text += fmt.Sprintf(" and %d older", more)
	}
	return fmt.Sprintf("%d %s %s %s not count: %s", left.Runs, noun, wording.Text(left.Why.Plain()), verb, text)
}
