package coordinator

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
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
		if err := next.read(kept, c.now()); err != nil {
			return errors.Join(err, next.close())
		}
		c.mu.Lock()
		c.round = next
		c.mu.Unlock()
		c.tell()
		return c.load(ctx, hooks, p, w, r)
	}
}

// read takes the lines that are kept of all journals. One core adds them up while the others decode the next ones.
func (r *round) read(kept func(k int) (io.ReadCloser, error), now time.Duration) error {
	var reading sync.WaitGroup
	defer reading.Wait()
	enough := make(chan struct{})
	defer close(enough)
	var ahead []<-chan keptLine // of journal k and those after it
	for k := 1; k <= len(r.journals); k++ {
		for next := k + len(ahead); next <= len(r.journals) && len(ahead) < runtime.GOMAXPROCS(0); next++ {
			in, err := kept(next)
			if err != nil {
				return err
			}
			ahead = append(ahead, readKept(&reading, in, enough))
		}
		r.intake.Heard(k, now) // it gets as long to come back as any other
		number := 0
		for line := range ahead[0] {
			number++
			if err := r.resume(k, number, line, now); err != nil {
				return fmt.Errorf("resume: journal of worker %d, line %d: %w", k, number, err)
			}
		}
		ahead = ahead[1:]
	}
	return nil
}

// resume takes one line that is kept.
func (r *round) resume(k, number int, of keptLine, now time.Duration) error {
	if of.err != nil {
		return of.err
	}
	if _, err := r.intake.Line(k, number, now); err != nil {
		return err
	}
	if err := r.running.Take(k, of.line); err != nil {
		return err
	}
	r.saved[k-1] = number
	r.took(k)
	return nil
}

// keptLine is a line of a journal, or why no more can be read.
type keptLine struct {
	line result.Line
	err  error
}

// linesAhead is how many lines of a journal may wait until they are added: they are some kilobytes each.
const linesAhead = 256

// readKept reads and closes a journal beside its caller, up to the last whole line or until enough is closed.
func readKept(reading *sync.WaitGroup, in io.ReadCloser, enough <-chan struct{}) <-chan keptLine {
	kept := make(chan keptLine, linesAhead)
	reading.Go(func() {
		defer close(kept)
		defer in.Close()
		lines := bufio.NewReader(in)
		for {
			text, err := lines.ReadBytes('\n')
			if err == io.EOF {
				return
			}
			var next keptLine
			if next.err = err; err == nil {
				next.line, next.err = result.ReadLine(text)
			}
			select {
			case kept <- next:
			case <-enough:
				return
			}
			if next.err != nil {
				return
			}
		}
	})
	return kept
}
