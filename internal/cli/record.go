package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/history"
	"github.com/loadgate/loadgate/internal/result"
)

// recordFlags say where runs are kept, and whether this one is.
type recordFlags struct {
	historyFlag
	record bool
}

func (f *recordFlags) add(cmd *cobra.Command) {
	f.historyFlag.add(cmd)
	cmd.Flags().BoolVar(&f.record, "record", false, "keep the run in the history, for later ones to be compared with")
}

// check finds out before a run whether it can be kept.
func (f *recordFlags) check() error {
	if !f.record {
		return nil
	}
	if err := history.Open(f.folder).Check(); err != nil {
		return failure.CouldNotRun(fmt.Errorf("record run: %w", err))
	}
	return nil
}

// keep puts a run into the history, if that was asked for and it came to its
// end. It tells which it is.
func (f *recordFlags) keep(w io.Writer, r *result.Result, v gate.Verdict) error {
	switch {
	case !f.record:
		return nil
	case r.End != result.Complete:
		say(w, "not recorded: the run did not come to its end")
		return nil
	case len(r.Shards) < r.Shards[0].N:
		say(w, "not recorded: this is a part of a run; give all shards to loadgate check --record")
		return nil
	}
	if id := f.recorded(r); id != "" {
		say(w, "recorded already, as %s", id)
		return nil
	}
	run := gate.Distill(r, v)
	id, err := history.Open(f.folder).Put(run, r)
	if err != nil {
		return failure.CouldNotRun(fmt.Errorf("record run: %w", err))
	}
	say(w, "recorded as %s in %s", id, f.folder)
	if why := run.WhyNot(); why != "" {
		say(w, "it will not be used as a baseline: %s", why)
	}
	return nil
}

// recorded is the ID under which the history has a run already; empty: it has
// not.
func (f *recordFlags) recorded(r *result.Result) string {
	runs, _ := history.Open(f.folder).List() // what cannot be read has been told
	for _, run := range runs {
		if run.Started.Equal(r.Started) && run.Seed == r.Seed && run.Digest == r.Digest {
			return run.ID
		}
	}
	return ""
}

// past is the earlier runs that a run may be compared with; nil where its file
// asks for none. It tells w of those that are left out.
func (f *historyFlag) past(env environ.Env, w io.Writer, s *config.Config, r *result.Result) *baseline.Past {
	if !s.Baseline.On {
		return nil
	}
	past := baseline.Select(f.list(env), baseline.Query{
		Run: baseline.Of(r), Branch: s.Baseline.Branch, Last: s.Baseline.Last, AnyHost: s.Baseline.AnyHost,
	})
	for _, left := range past.Left {
		say(w, "history: %s", leftText(left))
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
	return fmt.Sprintf("%d %s %s %s not count: %s", left.Runs, noun, left.Why, verb, text)
}
