// Package progress shows a run while it goes on: one line that changes on a terminal, and
// a plain line every ten seconds elsewhere.
package progress

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// speakEvery is how often, in seconds, a run speaks where no line can be
// overwritten.
const speakEvery = 10

// Line tells people what a run is doing: one line that changes on a
// terminal, a plain line every ten seconds elsewhere.
type Line struct {
	w    io.Writer // io.Discard: silent
	plan *plan.Plan
	live *mpb.Progress // nil: plain lines
	bar  *mpb.Bar
	text atomic.Pointer[string] // the live line, read by the bar's own goroutine

	latency  hist.Latency
	recent   []int64 // requests of the last seconds
	failures int64
	failing  string
}

// New shows the run of a plan on w; io.Discard: nowhere.
func New(w io.Writer, p *plan.Plan) *Line {
	out := &Line{w: w, plan: p}
	if !console.IsTerminal(w) {
		return out
	}
	start := ""
	out.text.Store(&start)
	// The bar draws itself twice a second: the machine belongs to the load.
	out.live = mpb.New(mpb.WithOutput(w), mpb.WithWidth(24), mpb.WithRefreshRate(time.Second/2))
	out.bar = out.live.New(int64(p.Duration/result.SlotLength),
		mpb.BarStyle().Lbound("").Filler("━").Tip("━").Padding("─").Rbound(""),
		mpb.BarRemoveOnComplete(),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return *out.text.Load() })),
	)
	return out
}

// Second takes in one second of the run, and whether a rule is broken by now, if that may be asked.
func (p *Line) Second(s *result.Slice, r *result.Result, judged *experiment.SoFar) {
	if p.w == io.Discard {
		return
	}
	requests := int64(0)
	for _, e := range s.Endpoints {
		if e.Index >= len(r.Endpoints) {
			continue // a transaction, whose requests are there already
		}
		requests += e.Slot.Requests
		p.failures += e.Slot.Failures()
		if err := e.Slot.Latency.Into(&p.latency); err != nil {
			panic("progress: " + err.Error()) // the recorder wrote these bytes
		}
	}
	if p.recent = append(p.recent, requests); len(p.recent) > speakEvery {
		p.recent = p.recent[1:]
	}
	second := s.Moment.Slot + 1
	if judged != nil {
		p.failing = ""
		if c, ok := judged.FirstFailing(); ok {
			p.failing = console.Clean(fmt.Sprintf("  failing: %s, %s %s",
				c.Rule, c.Metric.Name(), c.Got.In(c.Limit.Unit)))
		}
	}
	status := p.status(s.Moment.Users, r)
	switch {
	case p.live != nil:
		p.text.Store(&status)
		p.bar.SetTotal(int64(r.Planned.Duration/result.SlotLength), false)
		p.bar.SetCurrent(int64(min(second, int(r.Planned.Duration/result.SlotLength)-1)))
	case second%speakEvery == 0:
		console.Print(p.w, "%s", status)
	}
}

// End takes the live line away.
func (p *Line) End() {
	if p.live != nil {
		p.bar.Abort(true)
		p.live.Wait()
	}
}

// status is the run in one line.
func (p *Line) status(users int, r *result.Result) string {
	sum := int64(0)
	for _, n := range p.recent {
		sum += n
	}
	rate := unit.Quantity{Value: float64(sum) / float64(len(p.recent)), Unit: p.plan.Config.Rates(p.plan.Profile)}
	text := fmt.Sprintf("%s of %s  %s  %s  %d failed", unit.Clock(r.Elapsed),
		unit.Clock(r.Planned.Duration), unit.Counted(users, "user"), unit.Amount(rate), p.failures)
	if p95, ok := p.latency.Quantile(0.95); ok {
		text += "  p95 " + unit.Of(p95).String()
	}
	return text + p.failing
}
