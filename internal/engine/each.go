package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/plan"
)

// elements are those of the list of a step, or of the transaction that it opens.
func (w *virtualUser) elements(s *plan.Step, each *expr.Program) []any {
	value, err := each.Eval(w.env)
	list, ok := value.([]any)
	w.listless = nil
	switch {
	case err != nil:
		w.listless = w.blame(w.load.steps[s], config.EachName, each, err)
	case value == nil:
		w.listless = fmt.Errorf("each: %s is nil, and no list; where there may be none, write (%[1]s) ?? []", each)
	case !ok:
		w.listless = fmt.Errorf("each: %s is no list", each)
	}
	if w.listless != nil {
		list = []any{nil} // sent once, which fails with it
	}
	return list
}

// loop is a transaction that a user does for each element of a list. The zero value: the user is in none.
type loop struct {
	on   bool
	left []any // elements after the present one
}

// enter begins a transaction with its first step, for the first element of its list or, where the walk went back to it,
// for the next one. False: the list is empty.
func (w *virtualUser) enter(s *plan.Step) bool {
	each := s.Step.Transaction.Each
	switch {
	case each == nil:
		return true
	case !w.loop.on:
		w.loop.left = w.elements(s, each)
	}
	if w.loop.on = len(w.loop.left) > 0; w.loop.on {
		w.env.Set(config.EachName, w.loop.left[0])
		w.loop.left = w.loop.left[1:]
	}
	return w.loop.on
}

func (w *virtualUser) leaveLoop() {
	w.env.Unset(config.EachName)
	w.loop, w.listless = loop{}, nil
}

// breakOff leaves a transaction with a list for good where the user leaves: who comes back continues after it.
func (w *virtualUser) breakOff() {
	if w.loop.on {
		w.way.Leave(plan.Turn{})
		w.transaction = transaction{}
		w.leaveLoop()
	}
}

// forEach calls do for each element of the step's list, or once without one, until do returns false.
func (w *virtualUser) forEach(s *plan.Step, do func() bool) {
	if s.Each == nil {
		do()
		return
	}
	for _, one := range w.elements(s, s.Each) {
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
	if w.load.plan.Open || turn.Closes && turn.Step.Wait == nil {
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
