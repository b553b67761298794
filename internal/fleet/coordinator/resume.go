package coordinator

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/link"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// Resume leads the workers of a hub whose coordinator is gone: the hub is again where it was, with the same secret, and
// the workers join it by themselves. Continue goes on with their round.
func Resume(conn *link.Conn, o Options, from State) (*Coordinator, error) {
	if from.Run == "" || from.Round.Number < 1 || len(from.Members) != o.Workers {
		return nil, errors.New("resume: no round has begun")
	}
	return lead(conn, o, from)
}

// Continue is the machine that goes on with the round of a resumed run. Kept opens what the coordinator before had kept
// of the journal of worker k, without a torn last line; what follows goes to w.Journal.
func (c *Coordinator) Continue(w Watch, kept func(k int) (io.ReadCloser, error)) experiment.Machine {
	return func(ctx context.Context, hooks experiment.Hooks, p *plan.Plan, r *result.Result) error {
		if p.Digest != c.round.Digest {
			return errors.New("resume: the file describes another load than the run that began")
		}
		next, err := c.open(c.round.Round, w, r)
		if err != nil {
			return err
		}
		next.begun, next.intake = true, fleet.NewIntake(c.o.Workers, 0)
		for k := 1; k <= c.o.Workers; k++ {
			if err := next.read(k, kept, c.now()); err != nil {
				return errors.Join(err, next.close())
			}
		}
		c.mu.Lock()
		c.round = next
		c.mu.Unlock()
		c.tell()
		return c.load(ctx, hooks, p, w, r)
	}
}

// read takes the lines of a worker's journal that are kept.
func (r *round) read(k int, kept func(k int) (io.ReadCloser, error), now time.Duration) error {
	in, err := kept(k)
	if err != nil {
		return err
	}
	defer in.Close()
	r.intake.Heard(k, now) // it gets as long to come back as any other
	lines := bufio.NewReader(in)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return nil
		}
		if err == nil {
			_, err = r.intake.Line(k, number, now)
		}
		if err == nil {
			err = r.running.Line(k, line)
		}
		if err != nil {
			return fmt.Errorf("resume: journal of worker %d, line %d: %w", k, number, err)
		}
		r.saved[k-1] = number
		r.seen = max(r.seen, r.running.Elapsed(k))
		if _, ended := r.running.Ended(k); ended {
			_ = r.intake.End(k) // the line was just taken
		}
	}
}
