package plan

import (
	"math"
	"time"
)

// What one machine makes at most. A request takes less of a processor than costOfRequest (docs/benchmarks.md); half of
// the processors stay free, so that requests leave in time; and a machine has more ports towards one address than
// UsersOfMachine.
const (
	UsersOfMachine = 10_000
	costOfRequest  = 100 * time.Microsecond
	busyShare      = 0.5
)

// RateOfMachine is how many requests per second a machine with this number of cores makes at most, about.
func RateOfMachine(cores int) float64 { return busyShare * float64(cores) / costOfRequest.Seconds() }

// Peak is the whole load at its highest level: how many users it has at most, and how many requests per second they
// make on average. The rate is not known where users send as fast as they are answered.
func (p *Plan) Peak() (users int, rate float64, known bool) {
	if p.Loads != nil {
		known = true
		for _, part := range p.Loads {
			_, most, ok := part.Peak()
			rate, known = rate+most, known && ok
		}
		return p.Users, rate, known
	}
	expected := 0.0
	for _, g := range p.Groups {
		if !p.Open && g.Users > 0 && g.AsFastAsAnswered() {
			return p.Users, 0, false
		}
		expected += g.Expected
	}
	measured := p.curve.area(p.Duration) - p.curve.area(p.WarmUp)
	if measured <= 0 {
		return p.Users, 0, false
	}
	return p.Users, expected * p.Level() / measured, true
}

// Machines is about how many machines with this number of cores make the load at its highest level, by its users alone
// where its rate is not known.
func (p *Plan) Machines(cores int) int {
	users, rate, _ := p.Peak()
	return int(max(1, math.Ceil(float64(users)/UsersOfMachine), math.Ceil(rate/RateOfMachine(cores))))
}
