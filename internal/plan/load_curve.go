package plan

import (
	"iter"
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/config"
)

// loadCurve is how a load changes over the time of a run: straight legs without
// gaps from its start on. Behind the last one the level stays where that ends.
// A level is a number of users, or arrivals per second.
type loadCurve []leg

// leg is a straight piece of a load curve.
type leg struct {
	start, length time.Duration
	from, to      float64
	slope         float64 // level per second
}

// crossing is when the level passes a value that lies between its ends.
func (l leg) crossing(level float64) time.Duration {
	return l.start + time.Duration((level-l.from)/l.slope*float64(time.Second))
}

// area is the integral of the level over the first so many seconds.
func (l leg) area(seconds float64) float64 { return seconds * (l.from + l.slope*seconds/2) }

// steady is a load curve that rises to a level by so much a second, and stays.
func steady(level, perSecond float64) loadCurve {
	ramp := time.Duration(level / perSecond * float64(time.Second))
	return loadCurve{{length: ramp, to: level, slope: perSecond}, {start: ramp, from: level, to: level}}
}

// staged is the load curve of stages. A stage that is reached at once begins at
// its own level.
func staged(stages []config.Stage) loadCurve {
	var c loadCurve
	at, level := time.Duration(0), 0.0
	for _, s := range stages {
		if s.Over > 0 {
			c = append(c, leg{start: at, length: s.Over, from: level,
				to: s.Level(), slope: (s.Level() - level) / s.Over.Seconds()})
			at += s.Over
		}
		level = s.Level()
		c = append(c, leg{start: at, length: s.For, from: level, to: level})
		at += s.For
	}
	return c
}

// after is the load curve with nothing before its start.
func (c loadCurve) after(start time.Duration) loadCurve {
	later := loadCurve{{length: start}}
	for _, l := range c {
		l.start += start
		later = append(later, l)
	}
	return later
}

// highest is the highest level.
func (c loadCurve) highest() float64 {
	most := 0.0
	for _, l := range c {
		most = max(most, l.from, l.to)
	}
	return most
}

// area is the integral of the level from the start to a time: arrivals, or
// seconds of users.
func (c loadCurve) area(until time.Duration) float64 {
	sum := 0.0
	for i, l := range c {
		length := l.length
		if i == len(c)-1 {
			length = math.MaxInt64 - l.start
		}
		if part := min(until-l.start, length); part > 0 {
			sum += l.area(part.Seconds())
		}
	}
	return sum
}

// ActivePeriod is a time for which a user is there.
type ActivePeriod struct {
	From, Until time.Duration // since the start of the run
}

// always is the end of an active period that only the end of the run ends.
const always = time.Duration(math.MaxInt64)

// activePeriods are the times for which user i of a load curve of users is there,
// ascending. Users come in the order of their index, and leave in the reverse
// order: user i is there while the level is above i, and from the moment on at
// which a rising one reaches it.
func (c loadCurve) activePeriods(i int) iter.Seq[ActivePeriod] {
	return func(yield func(ActivePeriod) bool) {
		level, from, there := float64(i), time.Duration(0), false
		for _, l := range c {
			// What a stage without over does, it does at once.
			if there && level >= l.from {
				if there = false; !yield(ActivePeriod{from, l.start}) {
					return
				}
			} else if !there && level < l.from {
				there, from = true, l.start
			}
			switch {
			case !there && l.slope > 0 && level >= l.from && level < l.to:
				there, from = true, l.crossing(level)
			case there && l.slope < 0 && level >= l.to:
				if there = false; !yield(ActivePeriod{from, l.crossing(level)}) {
					return
				}
			}
		}
		if there {
			yield(ActivePeriod{from, always})
		}
	}
}
