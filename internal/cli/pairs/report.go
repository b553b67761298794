package pairs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/loadgate/loadgate/internal/cli/delivery"
	"github.com/loadgate/loadgate/internal/cli/input"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// report judges the pairs so far and reports the verdict. A file that could not be
// written never hides it.
func (c *Command) report(ctx context.Context, s *config.Config, ended, failed error) error {
	verdict := regress.JudgePairs(regress.PairsInput{A: c.sides[0].results, B: c.sides[1].results, Config: s})
	var joined [2]*result.Result
	for i := range c.sides {
		r, err := result.Concat(c.sides[i].results...)
		if err != nil {
			if ended != nil {
				return errors.Join(
					fmt.Errorf("%winterrupted before side %s was measured; the slices of the other side are in %s",
						ended, sideNames[i], c.folder), failed)
			}
			return errors.Join(err, failed)
		}
		joined[i] = r
		failed = errors.Join(failed, output.WriteFile(filepath.Join(c.folder, sideFile(i)), r.Encode))
	}
	out := c.out
	out.Formats = append([]string{"verdict=" + filepath.Join(c.folder, output.VerdictFile)}, out.Formats...)
	slices := min(len(c.sides[0].results), len(c.sides[1].results))
	if ended == nil {
		failed = errors.Join(failed, c.stop(ctx))
	}
	return out.WriteView(c.Env, verdict, s, delivery.Outcome{Ended: ended, Failed: failed},
		func(o content.Options) content.View {
			return content.NewPairsView(joined[0], joined[1], slices, verdict, o)
		})
}

// judgeStored judges the slices of an earlier comparison.
func (c *Command) judgeStored(ctx context.Context, file string) error {
	s, err := load.ReadConfig(c.Env, file, load.AsArgument, thresholds.Options{LimitsOnly: true, Unsent: true})
	if err != nil {
		return err
	}
	c.folder = c.from
	for i := range c.sides {
		for pair := 0; ; pair++ {
			r, err := input.ReadStored(filepath.Join(c.from, sliceFile(i, pair)))
			if errors.Is(err, fs.ErrNotExist) {
				break
			}
			if err != nil {
				return err
			}
			c.sides[i].results = append(c.sides[i].results, r)
		}
		if len(c.sides[i].results) == 0 {
			return fmt.Errorf("--from %s: it has no slices of side %s", c.from, sideNames[i])
		}
	}
	return c.report(ctx, s, nil, nil)
}
