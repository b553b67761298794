package plan

import "time"

// stream gives a step that reads a stream the row of the times between its events. A smoke run asks every step in a
// few seconds, so that it reads no stream to its end.
func stream(p *Plan, s *Step) {
	if s.Stream == nil {
		return
	}
	s.Gap = p.transaction(s.Stream.Gap)
	p.Transactions[s.Gap].Gaps = true
	if p.Smoke {
		s.Most = smokeStream
	}
}

// smokeStream is how long a smoke run reads a stream after its first event.
const smokeStream = time.Second

// occupy adds the time in which the stream of a turn, so often in a round, keeps its user from other requests.
func (g *Group) occupy(t turn, often float64) {
	lasts, known := t.step.Stream.Lasts()
	switch {
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

// expectGaps adds the times between events that a step of a group is to have. Where a stream may end by the time or by
// the service, their number is that one's choice.
func expectGaps(p *Plan, g *Group, step int, rate float64, unlimited bool) {
	s := &g.Steps[step]
	if s.Gap < 0 {
		return
	}
	n, known := s.Stream.Gaps()
	known = known && s.Most == 0
	p.Transactions[s.Gap].add(rate, g.Expected, g.share(step)*float64(n), unlimited || !known)
}
