package jmeter

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// A transaction controller is a sample of its own, which JMeter writes after the
// requests that it holds. Where those are in the file, it is left out. Where they
// are not ("Generate parent sample"), it counts as one request: nothing else shows
// their failures. A thread sends one request after another, so its samples that
// began within the time of a controller are the controller's.

// transactionMessage begins the message of a transaction controller.
const transactionMessage = "Number of samples in transaction"

var transactionCount = regexp.MustCompile(`^` + transactionMessage + ` : (\d+)`)

// mostRecent is how many samples of a thread are remembered, and how many controllers wait
// for their requests.
const mostRecent = 64

// errTransactions is a file of controllers without their requests.
var errTransactions = errors.New("it has transaction controllers only, and no request of theirs: " +
	"clear \"Generate parent sample\" in them")

type controllers struct {
	samples *collect.Samples
	// blind: the file does not name threads. sorted: samples may come in the order
	// in which they began.
	blind, sorted bool
	threads       map[string]*recent
	left, counted int64 // controllers that were left out, and that were counted
}

// recent is what a thread did lately.
type recent struct {
	requests []period
	open     []controller // their requests may follow
}

type period struct {
	begun, ended int64 // Unix milliseconds
	part         bool  // by its name it may be a subsample of a request
}

// controller is a sample of one that holds so many requests.
type controller struct {
	collect.Sample
	ended  time.Time // with its pauses
	holds  int       // requests that it had
	inside int       // of those in the file
}

func newControllers(s *collect.Samples) *controllers {
	return &controllers{samples: s, threads: map[string]*recent{}}
}

// holds is how many requests a message says that a controller has; false: it is
// the message of a request.
func holds(message string) (n int, ok bool) {
	if !strings.HasPrefix(message, transactionMessage) {
		return 0, false
	}
	n = 1
	if m := transactionCount.FindStringSubmatch(message); m != nil {
		n, _ = strconv.Atoi(m[1])
	}
	return n, true
}

func (c *controllers) thread(name string) (*recent, error) {
	t := c.threads[name]
	if t == nil {
		if len(c.threads) == mostThreads {
			if err := c.flush(); err != nil {
				return nil, err
			}
			clear(c.threads)
		}
		t = &recent{}
		c.threads[strings.Clone(name)] = t
	}
	return t, nil
}

// request takes the time of a request of a thread.
func (c *controllers) request(thread string, x collect.Sample) error {
	t, err := c.thread(thread)
	if err != nil {
		return err
	}
	begun := x.Ended.Add(-x.Latency)
	rest := t.open[:0]
	for _, one := range t.open {
		if !begun.Before(one.begun()) && begun.Before(one.ended) {
			one.inside++
		}
		switch {
		case one.inside >= one.holds:
			c.left++
		case !begun.Before(one.ended):
			if err := c.settle(one); err != nil {
				return err
			}
		default:
			rest = append(rest, one)
		}
	}
	t.open = rest
	if len(t.requests) == mostRecent {
		t.requests = append(t.requests[:0], t.requests[mostRecent/2:]...)
	}
	t.requests = append(t.requests, period{begun.UnixMilli(), x.Ended.UnixMilli(), lastNumber(x.Label) != ""})
	return nil
}

// controller takes a controller that holds n requests, and paused for so long, which
// its latency leaves out.
func (c *controllers) controller(thread string, x collect.Sample, n int, paused time.Duration) error {
	t, err := c.thread(thread)
	if err != nil {
		return err
	}
	one := controller{Sample: x.Clone(), ended: x.Ended.Add(paused), holds: n}
	for _, r := range t.requests {
		if r.begun >= one.begun().UnixMilli() {
			one.inside++
		}
	}
	switch {
	case one.inside >= min(n, mostRecent/2), c.blind && one.inside > 0:
		c.left++
		return nil
	case c.blind || !c.sorted:
		return c.settle(one)
	case len(t.open) == mostRecent: // its requests would have come
		if err := c.settle(t.open[0]); err != nil {
			return err
		}
		t.open = slices.Delete(t.open, 0, 1)
	}
	t.open = append(t.open, one)
	return nil
}

// around reports whether a sample spans earlier ones of its thread: then it is not a
// request.
func (c *controllers) around(thread string, x collect.Sample) bool {
	t := c.threads[thread]
	if t == nil || c.blind {
		return false
	}
	begun, ended := x.Ended.Add(-x.Latency).UnixMilli(), x.Ended.UnixMilli()
	for _, r := range t.requests {
		if !r.part && r.ended > r.begun && r.begun >= begun && r.ended <= ended {
			return true
		}
	}
	return false
}

// settle counts a controller whose requests are not in the file.
func (c *controllers) settle(one controller) error {
	if one.inside > 0 {
		return fmt.Errorf("the transaction %q has %d samples, and %d of them in the file: "+
			"clear \"Generate parent sample\" in it, and save all samples", one.Label, one.holds, one.inside)
	}
	c.counted++
	if one.Failure != metric.OK && one.Status == 0 {
		one.Failure = metric.Expectation // its requests are unknown
	}
	return c.samples.Add(one.Sample)
}

// flush counts controllers behind which no request came.
func (c *controllers) flush() error {
	for _, t := range textfile.ByKey(c.threads) {
		for _, one := range t.open {
			if err := c.settle(one); err != nil {
				return err
			}
		}
		t.open = nil
	}
	return nil
}

// note adds notes on controllers that count as requests, and on those that were left out
// without certainty.
func (c *controllers) note() {
	if c.counted > 0 {
		c.samples.Note(fmt.Sprintf("transaction controllers whose requests are not in it, "+
			"each counted as one request: %s", unit.Grouped(c.counted)))
	}
	if c.blind && c.left > 0 {
		c.samples.Note(
			fmt.Sprintf("transaction controllers that were left out, since requests "+
				"lie within their time, and without names of threads it is unknown whose these are: %s",
				unit.Grouped(c.left)))
	}
}

func (c controller) begun() time.Time { return c.Sample.Ended.Add(-c.Latency) }
