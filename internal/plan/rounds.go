package plan

import (
	"errors"
	"time"

	"github.com/loadgate/loadgate/internal/config"
)

var errRounds = errors.New("its users leave when their rounds are done, so it has no level that stays; choose a " +
	"profile without rounds, and data without pick: once")

// Bounded says whether users leave by themselves, after their rounds or when their rows are used up.
func (p *Plan) Bounded() bool { return p.Rounds > 0 || onlyRows(p) > 0 }

// onlyRows is how many rows the shortest table has that is read only once; 0: there is none.
func onlyRows(p *Plan) int {
	least := 0
	for _, d := range p.Config.Data {
		if n := len(d.Rows); d.Pick == config.PickOnce && (least == 0 || n < least) {
			least = n
		}
	}
	return least
}

// roundsOf is how many rounds user i makes at most; 0: as many as the time allows.
func roundsOf(p *Plan, i int) int {
	n := p.Rounds
	if rows := onlyRows(p); rows > 0 {
		// Users take turns without asking each other: user i has the rows i, i + users, and so on.
		if turns := (rows - i + p.Users - 1) / p.Users; n == 0 || turns < n {
			n = turns
		}
	}
	return n
}

// bound is how many requests the users of a group make in all their rounds; false: they have no bound.
func bound(p *Plan, group int) (requests float64, ok bool) {
	if !p.Bounded() {
		return 0, false
	}
	for _, i := range p.members[group] {
		requests += float64(roundsOf(p, i)) * p.Groups[group].requests
	}
	return requests, true
}

// until is when the last user is expected to leave, by think times alone: no later than the duration, after which
// whoever is still there leaves.
func until(p *Plan) time.Duration {
	if !p.Bounded() {
		return p.Duration
	}
	var last time.Duration
	for g := range p.Groups {
		for _, i := range p.members[g] {
			thinking := time.Duration(float64(roundsOf(p, i))*p.Groups[g].requests) * p.Groups[g].meanWait()
			last = max(last, firstActivePeriod(p, i).From+thinking)
		}
	}
	return min(last, p.Duration)
}
