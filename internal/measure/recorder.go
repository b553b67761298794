package measure

import (
	"slices"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/trace"
)

// Recorder collects the samples of a run in lanes and hands them out slot by
// slot. Cut is for one goroutine; the lanes are safe for concurrent use.
//
// Note: a recorder a user would be the simplest and costs gigabytes at
// thousands of users; a channel to one recorder makes every user wait for it.
type Recorder struct {
	endpoints int
	lanes     []*Lane
	failures  []map[kind]*tally // by endpoint, over the whole run
	server    [][]result.ServerTime
	exemplars [][]result.Exemplar // by endpoint, over the whole run
}

// kind is the key by which failures are counted.
type kind struct {
	failure metric.Failure
	status  int
}

// tally is a kind of failure so far.
type tally = result.Failure

// NewRecorder returns a recorder for that many endpoints, with transactions,
// and lanes; both are at least 1.
func NewRecorder(endpoints, lanes int) *Recorder {
	r := &Recorder{endpoints: endpoints, failures: make([]map[kind]*tally, endpoints),
		server: make([][]result.ServerTime, endpoints), exemplars: make([][]result.Exemplar, endpoints)}
	for range max(lanes, 1) {
		r.lanes = append(r.lanes, &Lane{endpoints: endpoints})
	}
	return r
}

// Lane returns the lane of user i.
func (r *Recorder) Lane(i int) *Lane { return r.lanes[i%len(r.lanes)] }

// Lane counts the samples of some users. It is safe for concurrent use; its
// lock is the only one on the path of a request.
type Lane struct {
	endpoints  int
	firstBytes []bool // by endpoint: its times to the first byte are kept; nil: those of none

	mu     sync.Mutex
	firsts []map[kind]time.Duration // by endpoint: when the first failure of a kind ended; nil: none did
	open   []*slot                  // ascending, not yet cut
	cut    int                      // slots below were handed out
}

// slot is one lane's part of one slot of time.
type slot struct {
	number int
	lag    hist.Latency
	counts []counts // by endpoint
}

// counts is one endpoint's part of a slot.
type counts struct {
	slot                      result.Slot
	latency, fromSend, failed hist.Latency
	firstByte                 *hist.Latency // nil: none was kept
	differs                   bool
	failures                  map[kind]*tally
	server                    []result.ServerTime
	exemplars                 []result.Exemplar
}

// Record counts one sample in the slot in which it ended; one that comes
// after its slot was handed out counts in the oldest that was not.
func (l *Lane) Record(s Sample) {
	l.mu.Lock()
	at := l.slot(max(int(s.Ended/result.SlotLength), l.cut))
	if !s.Transaction && s.Failure.Sent() {
		at.lag.Record(s.Lag)
	}
	c := &at.counts[s.Endpoint]
	c.add(s)
	if l.firstBytes != nil && s.Failure == metric.OK && l.firstBytes[s.Endpoint] {
		c.addFirstByte(s.Phases.FirstByte)
	}
	if s.Failure != metric.OK {
		l.tell(s)
	}
	l.mu.Unlock()
}

// Tells says whether a failure of a kind was recorded that ended earlier than the
// given time: then the detail and the body of this one are not kept, and its sample
// may go without them.
func (l *Lane) Tells(endpoint int, failure metric.Failure, status int, ended time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.firsts == nil {
		return false
	}
	first, ok := l.firsts[endpoint][kind{failure, status}]
	return ok && first < ended
}

// tell notes a failure whose words are kept.
func (l *Lane) tell(s Sample) {
	if l.firsts == nil {
		l.firsts = make([]map[kind]time.Duration, l.endpoints)
	}
	if l.firsts[s.Endpoint] == nil {
		l.firsts[s.Endpoint] = map[kind]time.Duration{}
	}
	k := kind{s.Failure, s.Status}
	if first, ok := l.firsts[s.Endpoint][k]; !ok || s.Ended < first {
		l.firsts[s.Endpoint][k] = s.Ended
	}
}

// slot finds or opens a slot; nearly always it is the last one.
func (l *Lane) slot(number int) *slot {
	i := len(l.open)
	for i > 0 && l.open[i-1].number > number {
		i--
	}
	if i > 0 && l.open[i-1].number == number {
		return l.open[i-1]
	}
	l.open = slices.Insert(l.open, i, &slot{number: number, counts: make([]counts, l.endpoints)})
	return l.open[i]
}

func (c *counts) add(s Sample) {
	if !s.Failure.Sent() {
		c.slot.Unsent++
		c.fail(s)
		return
	}
	if s.Repeat {
		c.slot.Repeats++
	}
	if len(s.Timing) > 0 {
		c.server = addTiming(c.server, s.Timing)
	}
	if s.Trace != (trace.ID{}) {
		c.exemplars = result.AddExemplar(c.exemplars, result.Exemplar{
			Trace: s.Trace, At: s.Ended, Latency: s.Latency, Status: s.Status, Failure: s.Failure,
		})
	}
	one := result.Slot{
		Requests: 1, Received: s.Received, SentBytes: s.Sent,
		Connects: int64(s.Connects), Retries: int64(s.Retries), Hops: int64(s.Hops),
	}
	if !s.Transaction { // those of its requests are counted with them
		one.Phases = s.Phases
	}
	c.slot.AddCounts(one)
	if s.Failure != metric.OK {
		c.fail(s)
		return
	}
	lag := s.Lag
	if lag <= max(slight, s.Latency/slightPart) {
		lag = 0
	}
	if lag > 0 {
		c.part()
	}
	c.latency.Record(s.Latency)
	if c.differs {
		c.fromSend.Record(s.Latency - lag)
	}
}

// Lag that is not taken off a latency from the send: at most this long, or this
// part of the latency. Arrivals are never sent at the very nanosecond, and to
// keep two views that say the same would double a document.
const (
	slight     = 100 * time.Microsecond
	slightPart = 100
)

// part begins to keep the latencies from the send apart. Until a request is
// late they are those from the intended start.
func (c *counts) part() {
	if !c.differs {
		c.differs = true
		c.fromSend.Merge(&c.latency)
	}
}

// sent are the latencies from the send.
func (c *counts) sent() *hist.Latency {
	if c.differs {
		return &c.fromSend
	}
	return &c.latency
}

func (c *counts) fail(s Sample) {
	f := result.Failure{
		Kind: s.Failure, Status: s.Status, Cause: s.Cause, Detail: s.Detail, Location: s.Location, Count: 1,
		First: s.Ended, Last: s.Ended, Sample: s.Body,
	}
	switch {
	case s.Failure.Sent():
		c.failed.Record(s.Latency)
	case s.Held:
		f.Users = 1
	}
	if c.failures == nil {
		c.failures = map[kind]*tally{}
	}
	add(c.failures, f)
}

// add joins a failure to those of its kind; words and sample are the first
// one's.
func add(all map[kind]*tally, f result.Failure) {
	k := kind{f.Kind, f.Status}
	have := all[k]
	if have == nil {
		all[k] = &f
		return
	}
	if f.Before(*have) {
		have.SayAs(f)
	}
	have.Last = max(have.Last, f.Last)
	have.Count += f.Count
	have.Users += f.Users
}

// take hands out every slot up to number, oldest first.
func (l *Lane) take(number int) []*slot {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = number + 1
	n := 0
	for n < len(l.open) && l.open[n].number <= number {
		n++
	}
	taken := slices.Clone(l.open[:n])
	l.open = slices.Delete(l.open, 0, n)
	return taken
}

// Cut hands out the slot of that number, with everything older that came
// late, and closes it. Numbers ascend. Users is how many were active at its
// end.
func (r *Recorder) Cut(number, users int) *result.Slice {
	sum := &slot{number: number, counts: make([]counts, r.endpoints)}
	for _, lane := range r.lanes {
		for _, part := range lane.take(number) {
			sum.merge(part)
		}
	}
	out := &result.Slice{Moment: result.Moment{Slot: number, Users: users, Lag: sum.lag.Sparse()}}
	for i := range sum.counts {
		if c := &sum.counts[i]; c.slot.Requests > 0 || c.slot.Unsent > 0 {
			out.Endpoints = append(out.Endpoints, result.EndpointSlice{
				Index: i, Slot: c.fold(number), Failures: r.grow(i, c.failures), Server: r.addServerTimes(i, c.server),
				Exemplars: r.addExemplars(i, c.exemplars),
			})
		}
	}
	return out
}

// CutAll hands out everything that has not been handed out, as one slot: the
// requests that ended while the users were stopped. It is for when nothing is
// recorded any more.
func (r *Recorder) CutAll(number, users int) *result.Slice {
	last := number
	for _, lane := range r.lanes {
		lane.mu.Lock()
		if n := len(lane.open); n > 0 {
			last = max(last, lane.open[n-1].number)
		}
		lane.mu.Unlock()
	}
	s := r.Cut(last, users)
	s.Moment.Slot, s.Drain = number, true
	for i := range s.Endpoints {
		s.Endpoints[i].Slot.Slot = number
	}
	return s
}

func (s *slot) merge(part *slot) {
	s.lag.Merge(&part.lag)
	for i := range part.counts {
		from, to := &part.counts[i], &s.counts[i]
		if from.slot.Requests == 0 && from.slot.Unsent == 0 {
			continue
		}
		to.slot.AddCounts(from.slot)
		if from.differs {
			to.part()
		}
		if to.differs {
			to.fromSend.Merge(from.sent())
		}
		to.latency.Merge(&from.latency)
		to.failed.Merge(&from.failed)
		to.mergeFirstBytes(from)
		for _, t := range from.server {
			to.server = result.AddServerTime(to.server, t)
		}
		for _, e := range from.exemplars {
			to.exemplars = result.AddExemplar(to.exemplars, e)
		}
		for _, f := range from.failures {
			if to.failures == nil {
				to.failures = map[kind]*tally{}
			}
			add(to.failures, *f)
		}
	}
}

// fold turns the counts into a slot of the document.
func (c *counts) fold(number int) result.Slot {
	out := c.slot
	out.Slot = number
	out.Latency = c.latency.Sparse()
	out.FailedLatency = c.failed.Sparse()
	if c.differs {
		out.FromSend = c.fromSend.Sparse()
	}
	if c.firstByte != nil {
		out.FirstByte = c.firstByte.Sparse()
	}
	for k, f := range c.failures {
		if !k.failure.Sent() {
			continue // counted as unsent
		}
		if out.Failed == nil {
			out.Failed = map[metric.Failure]int64{}
		}
		out.Failed[k.failure] += f.Count
	}
	return out
}

// addServerTimes adds a slot's server times to the endpoint's over the whole run,
// and returns the sum; nil when there is nothing new.
func (r *Recorder) addServerTimes(endpoint int, grown []result.ServerTime) []result.ServerTime {
	if len(grown) == 0 {
		return nil
	}
	for _, t := range grown {
		r.server[endpoint] = result.AddServerTime(r.server[endpoint], t)
	}
	return slices.Clone(r.server[endpoint])
}

// addExemplars adds a slot's exemplars to the endpoint's over the whole run, and returns those that are among them
// then.
func (r *Recorder) addExemplars(endpoint int, of []result.Exemplar) []result.Exemplar {
	for _, e := range of {
		r.exemplars[endpoint] = result.AddExemplar(r.exemplars[endpoint], e)
	}
	return slices.DeleteFunc(of, func(e result.Exemplar) bool { return !slices.Contains(r.exemplars[endpoint], e) })
}

// grow adds a slot's failures to the endpoint's over the whole run and returns
// those that grew, in a fixed order.
func (r *Recorder) grow(endpoint int, grown map[kind]*tally) []result.Failure {
	if len(grown) == 0 {
		return nil
	}
	if r.failures[endpoint] == nil {
		r.failures[endpoint] = map[kind]*tally{}
	}
	var out []result.Failure
	for k, f := range grown {
		add(r.failures[endpoint], *f)
		out = append(out, *r.failures[endpoint][k])
	}
	slices.SortFunc(out, func(a, b result.Failure) int {
		if a.Kind != b.Kind {
			return int(a.Kind) - int(b.Kind)
		}
		return a.Status - b.Status
	})
	return out
}
