package locust

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
)

// tally adds up slots in Locust's way: failures are in the counts and in
// the times. A request that was not sent is in neither.
type tally struct {
	requests, failures, received int64
	latency                      hist.Latency
}

func (t *tally) merge(other *tally) {
	t.requests += other.requests
	t.failures += other.failures
	t.received += other.received
	t.latency.Merge(&other.latency)
}

func (t *tally) add(s result.Slot) error {
	t.requests += s.Requests
	t.failures += s.Failures()
	t.received += s.Received
	if err := s.Latency.Into(&t.latency); err != nil {
		return err
	}
	return s.FailedLatency.Into(&t.latency)
}

// times are the median, average, least and largest time in milliseconds; 0
// where there is none, as in Locust.
func (t *tally) times() []string {
	median, _ := t.latency.Quantile(0.5)
	mean, _ := t.latency.Mean()
	least, _ := t.latency.Min()
	largest, _ := t.latency.Max()
	return []string{wholeMilliseconds(median), milliseconds(mean), milliseconds(least), milliseconds(largest)}
}

// quantiles are Locust's percentile columns, N/A before the first request.
func (t *tally) quantiles() []string {
	cells := make([]string, 0, len(quantiles))
	for _, p := range quantiles {
		d, ok := t.latency.Quantile(p.q)
		if !ok {
			cells = append(cells, "N/A")
			continue
		}
		cells = append(cells, wholeMilliseconds(d))
	}
	return cells
}

// content is the average number of bytes of an answer.
func (t *tally) content() string {
	if t.requests == 0 {
		return "0"
	}
	return plainFloat(float64(t.received) / float64(t.requests))
}

func milliseconds(d time.Duration) string { return plainFloat(float64(d) / float64(time.Millisecond)) }

// wholeMilliseconds rounds to the nearest: Locust's percentiles are integers,
// and scripts read them as such.
func wholeMilliseconds(d time.Duration) string {
	return strconv.FormatFloat(math.Round(float64(d)/float64(time.Millisecond)), 'f', 0, 64)
}

// entry is one row of _stats.csv.
type entry struct {
	method, name string
	tally        *tally
}

// entries adds up every endpoint that was requested, by name and then
// method as Locust sorts them, and all of them together. A start step counts
// with the step of the same name: Locust knows no difference.
func entries(r *result.Result) (entries []entry, total *tally, err error) {
	if r.Summarised() {
		return nil, nil, errors.New("it takes requests, and another tool kept only figures of them")
	}
	total = new(tally)
	for _, e := range r.Endpoints {
		if !slices.ContainsFunc(e.Slots, func(s result.Slot) bool { return s.Requests > 0 }) {
			continue
		}
		method, name := nameOf(e.Name)
		at := slices.IndexFunc(entries, func(x entry) bool { return x.method == method && x.name == name })
		if at < 0 {
			at = len(entries)
			entries = append(entries, entry{method, name, new(tally)})
		}
		for _, slot := range e.Slots {
			if err := entries[at].tally.add(slot); err != nil {
				return nil, nil, err
			}
		}
	}
	for _, e := range entries {
		total.merge(e.tally)
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.method, b.method))
	})
	return entries, total, nil
}

// span is the time from the start to the last request: what Locust
// divides by.
func span(r *result.Result) time.Duration {
	last := -1
	for _, e := range r.Endpoints {
		if n := len(e.Slots); n > 0 {
			last = max(last, e.Slots[n-1].Slot)
		}
	}
	span := time.Duration(last+1) * r.Slot
	if r.Elapsed > 0 {
		span = min(span, r.Elapsed)
	}
	return span
}

// second is what one row of the history adds.
type second struct {
	users int
	slots []result.Slot // of all endpoints
}

// seconds spreads the run over its slots, the empty ones included. A
// slot without a moment keeps the number of users of the one before.
func seconds(r *result.Result) []second {
	var seconds []second
	at := func(slot int) *second {
		for len(seconds) <= slot {
			seconds = append(seconds, second{users: -1})
		}
		return &seconds[slot]
	}
	for _, m := range r.Timeline {
		at(m.Slot).users = m.Users
	}
	for _, e := range r.Endpoints {
		for _, s := range e.Slots {
			second := at(s.Slot)
			second.slots = append(second.slots, s)
		}
	}
	users := 0
	for i := range seconds {
		if seconds[i].users < 0 {
			seconds[i].users = users
		}
		users = seconds[i].users
	}
	return seconds
}

// current is the rate of requests and of failures per second over the last
// ten seconds, Locust's window.
func current(seconds []second, slot time.Duration) (requests, failures float64) {
	if slot <= 0 {
		return 0, 0
	}
	window := max(1, int(10*time.Second/slot))
	recent := seconds[max(0, len(seconds)-window):]
	for _, s := range recent {
		for _, part := range s.slots {
			requests += float64(part.Requests)
			failures += float64(part.Failures())
		}
	}
	span := (time.Duration(len(recent)) * slot).Seconds()
	return requests / span, failures / span
}
