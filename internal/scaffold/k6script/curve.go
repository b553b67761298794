package k6script

import (
	"slices"
	"time"
)

// curve is a load over time: straight lines between points, and 0 before the first and after the
// last. Two points at one time are a jump.
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
	at := sc.begins
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

// before and after are the values on both sides of a time.
func (c curve) before(t time.Duration) float64 {
	for i := 1; i < len(c); i++ {
		if from, to := c[i-1], c[i]; from.at < t && t <= to.at {
			return from.value + (to.value-from.value)*float64(t-from.at)/float64(to.at-from.at)
		}
	}
	return 0
}

func (c curve) after(t time.Duration) float64 {
	for i := 1; i < len(c); i++ {
		if from, to := c[i-1], c[i]; from.at <= t && t < to.at {
			return from.value + (to.value-from.value)*float64(t-from.at)/float64(to.at-from.at)
		}
	}
	return 0
}

// times are those at which two curves bend.
func (c curve) times(other curve) (all []time.Duration) {
	for _, p := range slices.Concat(c, other) {
		all = append(all, p.at)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// plus is the sum of two loads.
func (c curve) plus(other curve) (sum curve) {
	for _, t := range c.times(other) {
		for _, v := range []float64{c.before(t) + other.before(t), c.after(t) + other.after(t)} {
			if last := len(sum) - 1; last >= 0 && sum[last] == (point{t, v}) {
				continue
			}
			sum = append(sum, point{t, v})
		}
	}
	return sum
}

// area is how much load a curve is in all.
func (c curve) area() (sum float64) {
	for i := 1; i < len(c); i++ {
		sum += (c[i-1].value + c[i].value) / 2 * (c[i].at - c[i-1].at).Seconds()
	}
	return sum
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
