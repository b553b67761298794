package probe

import (
	"fmt"
	"time"
)

// counter remembers counters from one look to the next.
type counter struct {
	last []float64
	at   time.Time
}

// FellError says that a counter went down, which none does: the service was
// started again, or another of its workers answered.
type FellError struct{ From, To float64 }

// Error says what happened and what it may mean.
func (e *FellError) Error() string {
	return fmt.Sprintf("a counter fell from %.10g to %.10g: the service was started again, or each of its workers "+
		"counts by itself", e.From, e.To)
}

// grew is what counters grew since the last look, and how long ago that was. What
// was counted at the same time is the same answer once more, which tells nothing.
func (c *counter) grew(now time.Time, counts ...float64) (grown []float64, passed time.Duration, err error) {
	last, at := c.last, c.at
	c.last, c.at = counts, now
	if last == nil || now.Equal(at) {
		return nil, 0, ErrFirst
	}
	for i, n := range counts {
		if n < last[i] {
			return nil, 0, &FellError{last[i], n}
		}
		grown = append(grown, n-last[i])
	}
	return grown, now.Sub(at), nil
}

// share is what one counter grew of what another, the whole, did.
func (c *counter) share(now time.Time, part, whole float64) (Value, error) {
	grown, _, err := c.grew(now, part, whole)
	if err != nil {
		return Value{}, err
	}
	if grown[1] <= 0 {
		return Value{}, ErrIdle
	}
	return Value{Number: grown[0] / grown[1], Grew: grown[0], Of: grown[1]}, nil
}

// total is what a counter grew.
func (c *counter) total(count float64) (Value, error) {
	grown, _, err := c.grew(time.Now(), count)
	if err != nil {
		return Value{}, err
	}
	return Value{Number: grown[0], Grew: grown[0]}, nil
}

// rate is what a counter grew in a second.
func (c *counter) rate(now time.Time, count float64) (Value, error) {
	grown, passed, err := c.grew(now, count)
	if err != nil {
		return Value{}, err
	}
	seconds := passed.Seconds()
	if seconds <= 0 {
		return Value{}, ErrFirst
	}
	return Value{Number: grown[0] / seconds, Grew: grown[0], Of: seconds}, nil
}
