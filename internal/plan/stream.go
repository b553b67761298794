package plan

import (
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
	s := &g.Steps[step]
	for _, row := range s.Rows {
		if row >= 0 {
			p.Transactions[row].add(rate, g.Expected, g.share(step), unlimited)
		}
	}
	if s.Gap < 0 {
		return
	}
	n, known := s.Stream.Gaps()
	known = known && s.Most == 0
	p.Transactions[s.Gap].add(rate, g.Expected, g.share(step)*float64(n), unlimited || !known)
}
