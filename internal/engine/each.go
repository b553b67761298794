package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/plan"
)

// elements are what a step with each is sent for; false: it has no such list.
func (w *virtualUser) elements(s *plan.Step) (list []any, ok bool) {
	if s.Each == nil {
		return nil, false
	}
	value, err := s.Each.Eval(w.env)
	list, ok = value.([]any)
	w.listless = nil
	switch {
	case err != nil:
		w.listless = w.blame(w.run.steps[s], config.EachName, s.Each, err)
	case value == nil:
		w.listless = fmt.Errorf("each: %s is nil, and no list; where there may be none, write (%[1]s) ?? []", s.Each)
	case !ok:
		w.listless = fmt.Errorf("each: %s is no list", s.Each)
	}
	if w.listless != nil {
		list = []any{nil} // sent once, which fails with it
	}
	return list, true
}

// forEach calls do for each element of the step's list, or once without one, until do returns false.
func (w *virtualUser) forEach(s *plan.Step, do func() bool) {
	list, ok := w.elements(s)
	if !ok {
		do()
		return
	}
	for _, one := range list {
		w.env.Set(config.EachName, one)
		if !do() {
			break
		}
	}
	w.env.Unset(config.EachName)
	w.listless = nil
}

// turn sends a step, or one request after the other for each element of its list; false when all was left out. From is
// when the last of them was due.
func (w *virtualUser) turn(walking, flying context.Context, turn plan.Turn, intended time.Time) (
	from time.Time, sent bool) {
	if turn.Step.Each == nil { // apart: users of ordinary steps need no larger stack
		return intended, w.step(walking, flying, turn.Step, intended)
	}
	return w.turns(walking, flying, turn, intended)
}

// turns is turn for a step with a list. There is no wait between its requests where there is none in a transaction.
func (w *virtualUser) turns(walking, flying context.Context, turn plan.Turn, intended time.Time) (
	from time.Time, sent bool) {
	if w.run.plan.Open || turn.Closes && turn.Step.Wait == nil {
		turn.Wait, turn.Pacing = 0, false
	}
	first := true
	w.x.Unsent(time.Now()) // of an empty list nothing is sent
	w.forEach(turn.Step, func() bool {
		if !first {
			if intended = w.due(turn, intended); !w.pause(walking, intended) {
				w.cutOff(turn.Step, true)
				return false
			}
		}
		first = false
		sent = w.step(walking, flying, turn.Step, intended) || sent
		return true
	})
	return intended, sent
}

// due is when the request after the one just sent is due.
func (w *virtualUser) due(turn plan.Turn, intended time.Time) time.Time {
	if turn.Pacing {
		return later(w.x.Done, intended.Add(turn.Wait))
	}
	return w.x.Done.Add(turn.Wait)
}
