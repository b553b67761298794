package k6script

import (
	"time"
)

// curve is a load over its time: straight lines between points. Two points at one time are a jump.
type curve []point

type point struct {
	at    time.Duration
	value float64
}

// curve is the load of a scenario: users, or requests a second.
func (b *builder) curve(sc *scenario) (c curve) {
	scale := 1.0
	if sc.open {
		scale = float64(b.requests(sc))
	}
	at := time.Duration(0)
	if len(sc.stages) == 0 {
		v := float64(sc.users)
		if sc.open {
			v = sc.rate
		}
		return curve{{at, v * scale}, {at + sc.lasts, v * scale}}
	}
	c = append(c, point{at, 0})
	for _, s := range sc.stages {
		at += s.over
		c = append(c, point{at, s.target * scale})
	}
	return c
}

// shape is a stage of thresholds.yaml: how long the way to its load takes, and how long it stays.
type shape struct {
	target      float64
	over, stays time.Duration
}

// shapes are the stages that make a load. Each begins where the one before ended, the first at 0.
func (c curve) shapes() (all []shape) {
	now := 0.0
	for i := 1; i < len(c); i++ {
		from, to := c[i-1], c[i]
		if to.at == from.at {
			continue
		}
		if from.value != now {
			all = append(all, shape{target: from.value})
			now = from.value
		}
		took := to.at - from.at
		last := len(all) - 1
		switch {
		case to.value != now:
			all = append(all, shape{target: to.value, over: took})
		case last >= 0:
			all[last].stays += took
		case now != 0:
			all = append(all, shape{target: now, stays: took})
		}
		now = to.value
	}
	for i := range all {
		if all[i].over == 0 && all[i].stays == 0 { // it jumps there, and goes on at once
			all[i].over = time.Second
		}
	}
	return all
}
