package engine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/target"
)

// tick is the time within which a think time may end: a request sent no later
// than this after its intended start counts as sent on time, and its latency
// runs from the send. Timers wake up to a millisecond late, which is the
// runtime's doing and not the target's. Never longer: users would march in step,
// and the target's latency would show it.
const tick = 2 * time.Millisecond

// virtualUser is one virtual user on its way: its own connection, values and
// source of chance. It is used by one goroutine.
type virtualUser struct {
	plan.User
	load *load
	doer Doer
	lane *measure.Lane
	env  *expr.Env

	way         *plan.Walk
	transaction transaction              // the transaction that it is in
	round       int                      // of the way
	endRound    func()                   // of the doer; nil: it does not ask
	header      func(name string) string // of the answer in x
	timer       *time.Timer              // of its think times; nil in an open load
	tick        time.Duration            // lag that counts as none
	req         client.Request
	x           client.Exchange
	path        []byte
	body        []byte
	chance      *rand.Rand
	tracer      plan.Tracer
	private     []string      // names that secret steps captured; their values are not shown
	pending     bool          // the answer in x is good, and not yet what until waits for
	ended       time.Time     // when the last of its end steps was
	listless    error         // each has no list; its step is not sent
	stream      *stream       // nil: it has read none
	loop        loop          // the transaction that it does for each element of a list
	unset       error         // a var that could not be set; no step is sent then
	held        []int         // rows of which a request was not sent
	block       *block        // that it works in for the user; nil: it is the user
	until       time.Duration // when it leaves, since the start of the run
}

func newVirtualUser(r *load, u plan.User) *virtualUser {
	w := &virtualUser{
		User: u, load: r, doer: r.Dial(u.Index), lane: r.recorder.Lane(u.Place), way: u.Walk(), chance: u.Chance(),
		tracer: u.Tracer(), until: math.MaxInt64,
	}
	w.header = w.x.Header
	if !r.plan.Open {
		w.tick = tick
		w.timer = time.NewTimer(time.Hour)
		w.timer.Stop()
	}
	w.env = expr.NewEnv(w.chance, time.Now, u.Seq(), u.Population())
	if keeper, ok := w.doer.(interface{ EndRound() }); ok && r.plan.Config.Target.Connections.Keep == target.KeepRound {
		w.endRound = keeper.EndRound
	}
	if holder, ok := w.doer.(interface{ Cookie(name string) string }); ok {
		w.env.SetCookies(holder.Cookie)
	}
	w.setUp(r.Setup)
	w.rows(0)
	for _, v := range u.Group.Vars {
		value, err := v.Value.Eval(w.env)
		if err != nil {
			w.unset = fmt.Errorf("vars.%s: %w", v.Name, err)
			break
		}
		w.env.Set(v.Name, value)
	}
	return w
}

// setUp shows a user what setup captured.
func (w *virtualUser) setUp(v Values) {
	if v.All != nil {
		w.env.Set(config.SetupName, v.All)
	}
}

// rows sets the rows of the data tables for a round: the unique ones at the
// first only.
func (w *virtualUser) rows(round int) {
	for _, d := range w.load.plan.Config.Data {
		at := w.Index
		switch d.Pick {
		case config.PickUnique:
			if round > 0 {
				continue
			}
		case config.PickNext, config.PickOnce:
			// Users take turns without asking each other: user + round × users.
			at = (w.Index + round*w.Population()) % len(d.Rows)
		case config.PickRandom:
			at = w.chance.IntN(len(d.Rows))
		}
		w.env.Set(d.Name, d.Rows[at])
	}
}

func (w *virtualUser) close() { w.doer.Close() }

// forget unsets what a step that failed would have captured, where the file does
// not want the older value kept.
func (w *virtualUser) forget(s *step) {
	for _, c := range s.Capture {
		if c.Forget {
			w.env.Unset(c.Name)
		}
	}
}

// hide masks the secrets of the file and those that secret steps captured.
func (w *virtualUser) hide(text string) string { return w.hideHead(text, len(text)) }

// hideHead returns at most limit bytes of a text, with secrets masked before the
// cut.
func (w *virtualUser) hideHead(text string, limit int) string {
	captured := w.load.Setup.hidden()
	for _, name := range w.private {
		if value, ok := w.env.Get(name); ok {
			captured = appendTexts(captured, value)
		}
	}
	return w.load.plan.Config.MaskHead(text, limit, captured...)
}

// holds says whether a request of a row is the first that the user did not
// send.
func (w *virtualUser) holds(row int) bool {
	if b := w.block; b != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		w = b.user
	}
	if slices.Contains(w.held, row) {
		return false
	}
	w.held = append(w.held, row)
	return true
}
