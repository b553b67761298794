package collect

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// mostNames limits the endpoints of a file: more are addresses without names.
const mostNames = 2000

// LongestRun limits the length of a run: more is a time in another unit.
const LongestRun = 31 * 24 * time.Hour

// longestRequest limits the time of one request.
const longestRequest = 24 * time.Hour

// mostRequests limits the requests of a run, which are added up by endpoint and by second.
const mostRequests = 1 << 50

// Samples counts requests by endpoint and second, in memory that does not grow with their
// number. They may come in any order. It is not safe for concurrent use.
type Samples struct {
	names       nameCache
	index       map[endpointName]int
	endpoints   []*endpoint
	first, last time.Time // when the first request was sent and the last one ended
	count       int64
	relative    bool // see SinceStart
	notes       []string
}

type endpoint struct {
	endpointName
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

// UnknownStart is the time from which times are counted in a file that does not say when
// its run began.
var UnknownStart = time.Unix(1e9, 0)

// SinceStart sets whether times count from UnknownStart.
func (s *Samples) SinceStart(relative bool) { s.relative = relative }

// Count is the number of requests so far.
func (s *Samples) Count() int64 { return s.count }

// Note adds a clause about what is not among the requests.
func (s *Samples) Note(words string) { s.notes = append(s.notes, words) }

// NewSamples returns samples of no request, whose endpoints get their names from n.
func NewSamples(n Names) *Samples {
	return &Samples{names: nameCache{n, map[nameKey]endpointName{}}, index: map[endpointName]int{}}
}

// Add counts a request. An error says what is impossible in the file.
func (s *Samples) Add(x Sample) error {
	switch {
	case x.Latency < 0 || x.Latency > longestRequest:
		return fmt.Errorf("a request of %s is impossible", x.Latency)
	case !possible(x.Ended):
		return impossibleTime(x.Ended)
	}
	e, err := s.endpoint(s.names.of(x.Label, x.Method, x.Address))
	if err != nil {
		return err
	}
	if err := s.span(x.Ended.Add(-x.Latency), x.Ended); err != nil {
		return err
	}
	s.count++
	at := e.at(x.Ended)
	at.slot.AddCounts(result.Slot{Requests: 1, Received: boundedSize(x.Received), SentBytes: boundedSize(x.Sent)})
	if x.Failure == metric.OK {
		at.good.Record(x.Latency)
		return nil
	}
	at.bad.Record(x.Latency)
	if at.slot.Failed == nil {
		at.slot.Failed = map[metric.Failure]int64{}
	}
	at.slot.Failed[x.Failure]++
	e.fail(x)
	return nil
}

// Fold counts the requests of a histogram, all of which succeeded during an interval of
// this length.
func (s *Samples) Fold(label string, ended time.Time, length time.Duration, l *hist.Latency) error {
	switch {
	case l.Count() == 0:
		return nil
	case !possible(ended):
		return impossibleTime(ended)
	case l.Count() > mostRequests-s.count:
		return fmt.Errorf("more than %d requests are impossible", mostRequests)
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

// possible reports whether a time may be one of a run.
func possible(t time.Time) bool { return t.Year() >= 1990 && t.Year() <= 2200 }

func impossibleTime(t time.Time) error {
	return fmt.Errorf("the time %s is impossible: is it in another unit?", t.UTC().Format(time.RFC3339))
}

// boundedSize is a size in bytes, between 0 and a size that no answer exceeds: the sizes of
// millions of requests add up without overflow.
func boundedSize(n int64) int64 { return min(max(n, 0), 1<<40) }

// span extends the run to hold requests.
func (s *Samples) span(begun, ended time.Time) error {
	if s.count == 0 || begun.Before(s.first) {
		s.first = begun
	}
	if s.count == 0 || ended.After(s.last) {
		s.last = ended
	}
	if s.last.Sub(s.first) > LongestRun {
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

func (s *Samples) endpoint(name endpointName) (*endpoint, error) {
	name.method = "" // a label that the user gave holds for all of its requests
	if i, ok := s.index[name]; ok {
		return s.endpoints[i], nil
	}
	if len(s.endpoints) == mostNames {
		return nil, tooManyNames()
	}
	e := &endpoint{endpointName: name, seconds: map[int64]*second{}, kinds: map[failureKind]*failure{}}
	s.index[name] = len(s.endpoints)
	s.endpoints = append(s.endpoints, e)
	return e, nil
}

func tooManyNames() error {
	return fmt.Errorf("more than %d endpoints: give their addresses names, such as --name 'GET /api/items/*'",
		mostNames)
}

// mostKinds limits the kinds of failure of an endpoint that keep their words.
const mostKinds = 20

func (e *endpoint) fail(x Sample) {
	key := failureKind{x.Failure, x.Status, x.Detail}
	f := e.kinds[key]
	if f == nil && len(e.kinds) >= mostKinds {
		key.detail = "other causes"
		f = e.kinds[key]
	}
	if f == nil {
		f = &failure{first: x.Ended, last: x.Ended}
		e.kinds[key] = f
	}
	f.count++
	if x.Ended.Before(f.first) {
		f.first = x.Ended
	}
	if x.Ended.After(f.last) {
		f.last = x.Ended
	}
}

// failures returns the failures of an endpoint, most frequent first. A result has one
// entry for each kind and status, with the words of the most frequent.
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

// nameEndpoints gives each endpoint a name that no other has, and sorts them.
func (s *Samples) nameEndpoints() {
	all := make([]endpointName, len(s.endpoints))
	for i, e := range s.endpoints {
		all[i] = e.endpointName
	}
	for i, name := range distinctNames(all) {
		s.endpoints[i].endpointName = endpointName{name: name}
	}
	slices.SortFunc(s.endpoints, func(a, b *endpoint) int { return cmp.Compare(a.name, b.name) })
}

// Fill puts the counts into a new Format.Document, by second since the first request, and
// completes it. An error: there is no request, or the counts make no result.
func (s *Samples) Fill(r *result.Result) error {
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
		for at := range textfile.ByKey(e.seconds) {
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
