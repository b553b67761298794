// Package probe reads the gauges of thresholds.yaml: what the machine, a
// process, a metrics page, PostgreSQL or Redis say of themselves. It knows how
// each is read and how counters become what they grew; it judges nothing.
package probe

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/config"
)

// Value is what one look at a gauge gave. Of counters it is what came since the
// look before; Grew and Of are what it was made of.
type Value struct {
	Number float64 // in the base of the gauge's unit
	Grew   float64 // what a counter grew; 0 for levels
	Of     float64 // what that is compared with; 0 for levels and totals
	// Asked is when the page was asked that the value is from, and Took how long its
	// answer took, which may belong to another gauge's look; both are known with an
	// error too. The zero time: the look asked for itself.
	Asked time.Time
	Took  time.Duration
}

// Probe is a gauge that can be read, by one goroutine at a time.
type Probe struct {
	// Read looks once. ErrFirst says that there is nothing to tell before the next
	// look, ErrIdle that nothing happened; any other error is why nothing was read, in words, without credentials.
	Read func(ctx context.Context) (Value, error)
	// Close lets go of connections; nil: there are none.
	Close func()
}

// ErrFirst says that a counter was looked at for the first time.
var ErrFirst = errors.New("a first look has nothing to compare with")

// ErrIdle says that counters did not move since the look before: 0 of 0 is no
// share.
var ErrIdle = errors.New("0 of 0: nothing was counted since the look before")

// AbsentError says that a source answered, and does not have what was asked
// for yet: it may come with the load, as the series of a label's value does. What
// the source does not know at all is another error.
type AbsentError struct{ What string }

// Error says what is missing.
func (e *AbsentError) Error() string { return e.What }

func absent(format string, args ...any) error { return &AbsentError{fmt.Sprintf(format, args...)} }

// level is a probe without state.
func level(read func(ctx context.Context) (float64, error)) Probe {
	return Probe{Read: func(ctx context.Context) (Value, error) {
		number, err := read(ctx)
		return Value{Number: number}, err
	}}
}

// unknownReading refuses a reading that the grammar has and its source does not.
func unknownReading(p config.Probe) error { return fmt.Errorf("%s has no reading %q", p.From, p.Read) }
