package engine

import (
	"sync"

	"github.com/loadgate/loadgate/internal/result"
)

// readings are those that no slice holds yet.
type readings struct {
	mu  sync.Mutex
	all []result.ResourceSlice
}

func (r *readings) add(one result.ResourceSlice) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, one)
}

func (r *readings) cut() []result.ResourceSlice {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.all
	r.all = nil
	return all
}

// arrivals counts the arrivals that were due and those that were dropped. Safe for
// concurrent use: both are counted at once, so no slot has more dropped than due.
type arrivals struct {
	mu           sync.Mutex
	due, dropped int64
}

func (c *arrivals) add(due, dropped int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.due, c.dropped = c.due+due, c.dropped+dropped
}

// cut returns the counts since the last cut.
func (c *arrivals) cut() (due, dropped int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	due, dropped = c.due, c.dropped
	c.due, c.dropped = 0, 0
	return due, dropped
}
