package importer

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// mostNames is how many endpoints a file may have: more are addresses that were
// not given names.
const mostNames = 2000

// longestFile is how long a run may be; more is a time in another unit.
const longestFile = 31 * 24 * time.Hour

// samples counts requests by endpoint and second, in any order.
type samples struct {
	names       kept
	index       map[named]int
	endpoints   []*endpoint
	first, last time.Time // when the first request was sent and the last one ended
	count       int64
	relative    bool // times are since the start of the run, which is not known
	notes       []string
}

type endpoint struct {
	named
	seconds map[int64]*second // by Unix second of the end
	kinds   map[failureKind]*failure
}

type second struct {
	slot      result.Slot
	good, bad hist.Latency
}

type failureKind struct {
	kind   metric.Failure
	status int
	detail string
}

type failure struct {
	count       int64
	first, last time.Time
}

// unknownStart stands for the start of a run whose times are since it.
var unknownStart = time.Unix(1e9, 0)

// sinceStart says whether times are since the start of the run, which is not known:
// they are counted from unknownStart then.
func (s *samples) sinceStart(relative bool) { s.relative = relative }

// counted is how many requests there are so far.
func (s *samples) counted() int64 { return s.count }

// note takes what the requests of a file do not tell, as a part of a sentence.
func (s *samples) note(words string) { s.notes = append(s.notes, words) }

func newSamples(n Names) *samples {
	return &samples{names: kept{n, map[asked]named{}}, index: map[named]int{}}
}

// add counts a request. An error is one of the file.
func (s *samples) add(x sample) error {
	switch {
	case x.latency < 0 || x.latency > 24*time.Hour:
		return fmt.Errorf("a request of %s cannot be", x.latency)
	case x.ended.Year() < 1990 || x.ended.Year() > 2200:
		return fmt.Errorf("the time %s cannot be: is it in another unit?", x.ended.UTC().Format(time.RFC3339))
	}
	e, err := s.endpoint(s.names.of(x.label, x.method, x.address))
	if err != nil {
		return err
	}
	if err := s.span(x.ended.Add(-x.latency), x.ended); err != nil {
		return err
	}
	s.count++
	at := e.at(x.ended)
	at.slot.AddCounts(result.Slot{Requests: 1, Received: max(x.received, 0), SentBytes: max(x.sent, 0)})
	if x.failure == metric.OK {
		at.good.Record(x.latency)
		return nil
	}
	at.bad.Record(x.latency)
	if at.slot.Failed == nil {
		at.slot.Failed = map[metric.Failure]int64{}
	}
	at.slot.Failed[x.failure]++
	e.fail(x)
	return nil
}

// fold takes in what succeeded within a stretch of time that ended then.
func (s *samples) fold(label string, ended time.Time, length time.Duration, l *hist.Latency) error {
	if l.Count() == 0 {
		return nil
	}
	e, err := s.endpoint(s.names.of(label, "", ""))
	if err != nil {
		return err
	}
	if err := s.span(ended.Add(-length), ended); err != nil {
		return err
	}
	s.count += l.Count()
	at := e.at(ended.Add(-length / 2)) // not in the second that begins where it ends
	at.slot.AddCounts(result.Slot{Requests: l.Count()})
	at.good.Merge(l)
	return nil
}

// span stretches the run to hold a request, or many.
func (s *samples) span(begun, ended time.Time) error {
	if s.count == 0 || begun.Before(s.first) {
		s.first = begun
	}
	if s.count == 0 || ended.After(s.last) {
		s.last = ended
	}
	if s.last.Sub(s.first) > longestFile {
		return fmt.Errorf("requests from %s to %s are more than a run",
			s.first.UTC().Format(time.DateOnly), s.last.UTC().Format(time.DateOnly))
	}
	return nil
}

// at is the second in which a time lies.
func (e *endpoint) at(t time.Time) *second {
	at := e.seconds[t.Unix()]
	if at == nil {
		at = &second{}
		e.seconds[t.Unix()] = at
	}
	return at
}

func (s *samples) endpoint(name named) (*endpoint, error) {
	name.method = "" // a label that the user gave holds for all of its requests
	if i, ok := s.index[name]; ok {
		return s.endpoints[i], nil
	}
	if len(s.endpoints) == mostNames {
		return nil, tooManyNames()
	}
	e := &endpoint{named: name, seconds: map[int64]*second{}, kinds: map[failureKind]*failure{}}
	s.index[name] = len(s.endpoints)
	s.endpoints = append(s.endpoints, e)
	return e, nil
}

func tooManyNames() error {
	return fmt.Errorf("more than %d endpoints: give their addresses names, such as --name 'GET /api/items/*'",
		mostNames)
}

// mostKinds is how many kinds of failure of an endpoint are told apart by their
// words.
const mostKinds = 20

func (e *endpoint) fail(x sample) {
	key := failureKind{x.failure, x.status, x.detail}
	f := e.kinds[key]
	if f == nil && len(e.kinds) >= mostKinds {
		key.detail = "other causes"
		f = e.kinds[key]
	}
	if f == nil {
		f = &failure{first: x.ended, last: x.ended}
		e.kinds[key] = f
	}
	f.count++
	if x.ended.Before(f.first) {
		f.first = x.ended
	}
	if x.ended.After(f.last) {
		f.last = x.ended
	}
}

// failures are the kinds of an endpoint, the most frequent first. A result tells
// them apart by kind and status; the words are those of the most frequent.
func (e *endpoint) failures(start time.Time) []result.Failure {
	var found []result.Failure
	for key, f := range e.kinds {
		found = append(found, result.Failure{
			Kind: key.kind, Status: key.status, Detail: key.detail, Count: f.count,
			First: max(f.first.Sub(start), 0), Last: max(f.last.Sub(start), 0),
		})
	}
	return mergeFailures(found)
}

// nameEndpoints gives the endpoints the names that part them, and their order.
func (s *samples) nameEndpoints() {
	all := make([]named, len(s.endpoints))
	for i, e := range s.endpoints {
		all[i] = e.named
	}
	for i, name := range apart(all) {
		s.endpoints[i].named = named{name: name}
	}
	slices.SortFunc(s.endpoints, func(a, b *endpoint) int { return cmp.Compare(a.name, b.name) })
}

// fill puts what was counted into a document in which nothing was measured, second by
// second since the first request.
func (s *samples) fill(r *result.Result) error {
	if s.count == 0 {
		return errors.New("there is no request in it")
	}
	start := s.first.Truncate(time.Second)
	length := s.last.Sub(start)
	r.Planned.Duration, r.Source.Notes = length, s.notes
	if !s.relative {
		r.Started = start.UTC()
	}
	s.nameEndpoints()
	moments := map[int64][]int{}
	for i, e := range s.endpoints {
		r.Endpoints = append(r.Endpoints, result.Endpoint{Name: e.name})
		for at := range byKey(e.seconds) {
			moments[at] = append(moments[at], i)
		}
	}
	for _, at := range slices.Sorted(maps.Keys(moments)) {
		slot := int(at - start.Unix())
		slice := &result.Slice{Moment: result.Moment{Slot: slot}}
		slices.Sort(moments[at])
		for _, i := range moments[at] {
			one := s.endpoints[i].seconds[at]
			one.slot.Slot, one.slot.Latency, one.slot.FailedLatency = slot, one.good.Sparse(), one.bad.Sparse()
			slice.Endpoints = append(slice.Endpoints, result.EndpointSlice{Index: i, Slot: one.slot})
		}
		if err := r.Append(slice); err != nil {
			return err
		}
	}
	for i, e := range s.endpoints {
		r.Endpoints[i].Failures = e.failures(start)
	}
	r.Digest = digest(r)
	if err := r.Finish(result.Complete); err != nil {
		return err
	}
	return r.Check()
}
