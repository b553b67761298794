package engine

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/loadgate/loadgate/internal/plan"
)

// openUsers are the users of an open load, made as they are needed.
type openUsers struct {
	load  *load
	users errgroup.Group
	made  int

	mu   sync.Mutex
	idle map[*plan.Group][]*openUser // who was last busy stands last
}

// openUser is a user that takes a step at each arrival that is given to it.
type openUser struct {
	*virtualUser
	due chan time.Time // an arrival's; closed when no more come
}

// arrive gives each arrival, at its time, to an idle user of its group. Neither a
// slow target nor a slow user delays later arrivals: an arrival is dropped where
// all users are busy and no more may be added. So are arrivals that were due
// while the generator's process stood still: sent together when it goes on, they
// would be a burst that nobody asked for.
//
// Note: the user that was busy last goes first. Round robin would keep every user
// in use that a slow moment ever needed, each so seldom that servers close its
// connection, and every later request would pay for a new one.
func (l *load) arrive(walking, flying context.Context) error {
	timer := newPlainTimer()
	if l.ArrivalTimer != nil {
		timer = l.ArrivalTimer(walking)
	}
	defer timer.Close()
	v := openUsers{load: l, idle: map[*plan.Group][]*openUser{}}
	planned := l.until
	over := time.Duration(-1) // when the load ended; before: not yet
	late := 0
	seen, woke := l.start, l.start // the last reading of the clock; the end of the last standstill
	for a := range l.plan.Arrivals() {
		if a.At >= planned && over < 0 {
			select {
			case planned = <-l.extended:
			case <-walking.Done():
			}
		}
		if over < 0 && (!timer.Wait(walking, l.start.Add(a.At)) || walking.Err() != nil) {
			over = min(planned, time.Since(l.start))
		}
		switch {
		case over < 0:
			due, now := l.start.Add(a.At), time.Now()
			if now.Sub(seen) >= standstill && now.Sub(due) >= standstill {
				woke = now
			}
			seen = now
			if !due.Before(woke) && v.take(walking, flying, a) {
				l.arrivals.add(1, 0)
			} else {
				l.arrivals.add(1, 1)
			}
			continue
		case a.At >= over: // not due any more
		case late < mostCounted:
			late++
			continue
		default:
			late += int(l.plan.Due(a.At, over))
		}
		break
	}
	l.arrivals.add(int64(late), int64(late))
	<-walking.Done()
	v.leave()
	return v.users.Wait()
}

// mostCounted is how many arrivals, due and never come to, are counted one by
// one at the end; there may be a thousand times as many as could be sent.
const mostCounted = 1 << 20

// take gives an arrival to a user; false when there is none.
func (v *openUsers) take(walking, flying context.Context, a plan.Arrival) bool {
	due := v.load.start.Add(a.At)
	if u := v.pop(a.Group); u != nil {
		u.due <- due // it waits for nothing: there is room
		return true
	}
	user, ok := v.user(a.Group)
	if !ok {
		return false
	}
	v.users.Go(func() error {
		v.visit(walking, flying, user, due)
		return nil
	})
	return true
}

// user returns a new user: one more, or where there may be no more, one in the
// place of a user that waits for nothing in another group, of which most do, and that has no end steps.
func (v *openUsers) user(group *plan.Group) (plan.User, bool) {
	if v.made < v.load.plan.Share {
		v.made++
		return v.load.plan.Visitor(v.made-1, group), true
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	var most *plan.Group
	for i := range v.load.plan.Groups {
		g := &v.load.plan.Groups[i]
		// One with end steps would still send them, with the numbers and the row of who takes its place.
		if len(g.End) == 0 && len(v.idle[g]) > len(v.idle[most]) {
			most = g
		}
	}
	if most == nil {
		return plan.User{}, false
	}
	gone := v.idle[most][0]
	v.idle[most] = v.idle[most][1:]
	close(gone.due)
	return gone.After(group, gone.env.Drawn()), true
}

// pop takes the user of a group that was last busy; nil: none waits for
// nothing.
func (v *openUsers) pop(g *plan.Group) *openUser {
	v.mu.Lock()
	defer v.mu.Unlock()
	idle := v.idle[g]
	if len(idle) == 0 {
		return nil
	}
	v.idle[g] = idle[:len(idle)-1]
	return idle[len(idle)-1]
}

// push puts a user back; false when the load has ended.
func (v *openUsers) push(u *openUser) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.idle == nil {
		return false
	}
	v.idle[u.Group] = append(v.idle[u.Group], u)
	return true
}

// visit is the life of one user, from the arrival that it was made for.
func (v *openUsers) visit(walking, flying context.Context, user plan.User, due time.Time) {
	u := &openUser{newVirtualUser(v.load, user), make(chan time.Time, 1)}
	defer u.close()
	v.load.active.Add(1)
	due = u.begin(walking, flying, due) // what was due before the end is sent, whenever its user is ready
	for more := true; more; {
		u.next(walking, flying, due)
		v.load.active.Add(-1)
		if !v.push(u) {
			break
		}
		if due, more = <-u.due; more {
			v.load.active.Add(1)
		}
	}
	u.end(flying)
}

// leave ends all users that wait, and each other one when it is no longer busy.
func (v *openUsers) leave() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, idle := range v.idle {
		for _, u := range idle {
			close(u.due)
		}
	}
	v.idle = nil
}
