package plan

import (
	"iter"
	"time"
)

// smokeStream is how long a smoke run reads a stream after its first event, and pauses on a WebSocket.
const smokeStream = time.Second

// occupy adds the time in which the stream of a turn, or the pauses on its WebSocket, keep its user from other
// requests, so often in a round.
func (g *Group) occupy(t turn, often float64) {
	lasts, known := t.step.Stream.Lasts()
	switch {
	case t.step.Talk != nil:
		lasts = 0
		for _, item := range t.step.Talk.Items {
			if t.step.Most > 0 {
				item.Wait = min(item.Wait, t.step.Most)
			}
			lasts += item.Wait
		}
	case !known && t.step.Most > 0:
		lasts = t.step.Most
	case !known:
		g.endless = true
	case t.step.Most > 0:
		lasts = min(lasts, t.step.Most)
	}
	if t.wait.Pacing { // which counts from the send too
		lasts = max(0, lasts-t.wait.Expected())
	}
	g.streams += often * float64(lasts)
}

// expectBeside adds what a step of a group is to have beside its requests. Where a stream may end by the time or by
// the service, the number of times between its events is that one's choice.
func expectBeside(p *Plan, g *Group, step int, rate float64, unlimited bool) {
	for row, times := range besides(&g.Steps[step]) {
		p.Transactions[row].add(rate, g.Expected, g.share(step)*max(0, times), unlimited || times < 0)
	}
}

// besides are the rows beside the requests of a step, some more than once, and how often each request counts there; -1:
// nobody knows.
func besides(s *Step) iter.Seq2[int, float64] {
	return func(yield func(int, float64) bool) {
		for _, row := range s.Rows {
			if row >= 0 && !yield(row, 1) {
				return
			}
		}
		if s.Gap < 0 {
			return
		}
		n, known := s.Stream.Gaps()
		if !known || s.Most > 0 {
			n = -1
		}
		yield(s.Gap, float64(n))
	}
}

// besideOf is how often each request of a step counts in rows beside it that are wanted, as far as that is known.
func besideOf(p *Plan, s *Step, wanted func(name string) bool) (times float64) {
	for row, n := range besides(s) {
		if wanted(p.Transactions[row].Name) {
			times += max(0, n)
		}
	}
	return times
}
