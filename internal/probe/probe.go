// Package probe reads the gauges of thresholds.yaml: what the machine, a
// process, a metrics page, PostgreSQL or Redis say of themselves. It knows how
// each is read and how counters become what they grew; it judges nothing.
package probe

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/target"
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

// World is how probes reach what they read. Those that read the same place share
// what it answers, and their connections: ten gauges of one page ask for it once.
// Its fields are not changed once a probe is open.
type World struct {
	// Fetch asks a path of the target, or a whole URL, that is on the allow list.
	Fetch func(ctx context.Context, url string) (Answer, error)
	// Allow says which hosts may be dialled.
	Allow target.AllowList
	// Getenv reads the environment, of which commands see a part; nil: nothing is set.
	Getenv func(name string) (value string, set bool)
	// Port is that of the target on this machine; 0: it is elsewhere.
	Port int
	// Root is the machine's, where control groups are looked for; nil: that of this
	// one.
	Root fs.FS

	mu        sync.Mutex
	pages     map[string]*page
	databases map[string]*database
	servers   map[string]*redisServer
}

// shared returns what a map has of a key, made where it has none.
func shared[T any](w *World, of *map[string]*T, key string, make func() (*T, error)) (*T, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if found := (*of)[key]; found != nil {
		return found, nil
	}
	made, err := make()
	if err != nil {
		return nil, err
	}
	if *of == nil {
		*of = map[string]*T{}
	}
	(*of)[key] = made
	return made, nil
}

// kinds is the table of all probes; spec has their keys.
func kinds() map[string]func(config.Probe, *World) (Probe, error) {
	return map[string]func(config.Probe, *World) (Probe, error){
		"host":       openHost,
		"process":    openProcess,
		"cgroup":     openCgroup,
		"metrics":    openMetrics,
		"prometheus": openPrometheus,
		"postgres":   openPostgres,
		"redis":      openRedis,
		"command":    openCommand,
		"json":       openJSON,
	}
}

// Open makes a probe ready. Nothing is read and nothing is dialled yet, so that
// what is down may come up again; the error is one of what the file says.
func (w *World) Open(p config.Probe) (Probe, error) {
	open, ok := kinds()[p.From]
	if !ok {
		return Probe{}, fmt.Errorf("there is no probe %q", p.From)
	}
	return open(p, w)
}

// level is a probe without state.
func level(read func(ctx context.Context) (float64, error)) Probe {
	return Probe{Read: func(ctx context.Context) (Value, error) {
		number, err := read(ctx)
		return Value{Number: number}, err
	}}
}

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
