package collect

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// Figures collects what files say of endpoints whose requests they do not keep.
type Figures struct {
	names          nameCache
	index          map[endpointName]int
	endpoints      []*summary
	total          []*result.Summary // of all requests together, by file
	started        time.Time         // zero: not known
	length         time.Duration
	users          []result.Moment
	causes         []cause // of failures, by endpoint
	notes          []string
	quantiles      map[endpointName][]result.Quantile // by endpoint, of files that stand beside
	totalQuantiles []result.Quantile                  // of all requests, of such files
}

type summary struct {
	endpointName
	all []*result.Summary // more than one: several rows or files have the name
}

type cause struct {
	endpoint endpointName
	result.Failure
}

func NewFigures(n Names) *Figures {
	return &Figures{names: nameCache{n, map[nameKey]endpointName{}},
		index: map[endpointName]int{}, quantiles: map[endpointName][]result.Quantile{}}
}

// Add takes what a file says of an endpoint.
func (f *Figures) Add(label, method, address string, s *result.Summary) error {
	return f.addNamed(f.names.of(label, method, address), s)
}

// addNamed takes what a file says of an endpoint whose name is known.
func (f *Figures) addNamed(name endpointName, s *result.Summary) error {
	at, ok := f.index[name]
	if !ok {
		if len(f.endpoints) == mostNames {
			return tooManyNames()
		}
		at = len(f.endpoints)
		f.index[name] = at
		f.endpoints = append(f.endpoints, &summary{endpointName: name})
	}
	f.endpoints[at].all = append(f.endpoints[at].all, sorted(s))
	return nil
}

// AddTotal takes what a file says of all its requests, beside its endpoints.
func (f *Figures) AddTotal(s *result.Summary) { f.total = append(f.total, sorted(s)) }

func sorted(s *result.Summary) *result.Summary {
	dropUntimed(s)
	slices.SortFunc(s.Quantiles, func(a, b result.Quantile) int { return cmp.Compare(a.Q, b.Q) })
	slices.SortStableFunc(s.Buckets, func(a, b result.Bucket) int { return cmp.Compare(a.Value, b.Value) })
	return s
}

// Fail takes how often an endpoint failed in a way.
func (f *Figures) Fail(label, method, address string, count int64, status int, words string) {
	if count > 0 {
		f.causes = append(f.causes, cause{f.names.of(label, method, address), result.Failure{
			Kind: FailureOf(status, words), Status: status, Detail: DetailOf(status, words), Count: count,
		}})
	}
}

// FailAnswered takes how often an endpoint answered with a status that is bad, and of
// which no more is known.
func (f *Figures) FailAnswered(label, method, address string, count int64, words string) {
	if count > 0 {
		f.causes = append(f.causes, cause{f.names.of(label, method, address),
			result.Failure{Kind: metric.Status, Detail: words, Count: count}})
	}
}

// RanAtRate takes how long a run took by its requests and their rate a second;
// 0: not known.
func (f *Figures) RanAtRate(n int64, rate float64) {
	f.Ran(time.Time{}, min(DurationAtRate(n, rate), LongestRun))
}

// Ran takes when a run began, if that is known, and how long it took. Of
// several files the longest counts: they ran at the same time.
func (f *Figures) Ran(started time.Time, length time.Duration) {
	if !started.IsZero() && (f.started.IsZero() || started.Before(f.started)) {
		f.started = started
	}
	f.length = max(f.length, length)
}

// Fill puts what was collected into a document in which nothing was measured. Rounding
// is how far printed shares of failures, of a row and of the total, may be apart.
func (f *Figures) Fill(r *result.Result, rounding float64) error {
	r.Planned.Duration, r.Elapsed, r.Timeline = f.length, f.length, f.users
	if !f.started.IsZero() {
		r.Started = f.started.UTC()
	}
	if len(f.total) == 1 { // percentiles of several files cannot be joined
		r.Summary = f.total[0]
		if f.totalQuantiles != nil {
			r.Summary.Quantiles = f.totalQuantiles
		}
	}
	if len(f.endpoints) == 0 && r.Summary != nil {
		f.endpoints = append(f.endpoints, &summary{endpointName: f.names.of(AllRequests, "", ""), all: f.total})
		r.Summary = nil
	}
	if err := f.collect(r); err != nil {
		return err
	}
	told := func(e result.Endpoint) bool { return e.Summary.Requests > 0 || len(e.Summary.Quantiles) > 0 }
	if !slices.ContainsFunc(r.Endpoints, told) {
		return errors.New("there is no request in it")
	}
	byName := func(a, b result.Endpoint) int { return cmp.Compare(a.Name, b.Name) }
	slices.SortFunc(r.Endpoints, byName) // what settle says names them in this order
	r.Source.Notes = append(r.Source.Notes, addRemainder(r, rounding)...)
	slices.SortFunc(r.Endpoints, byName)
	r.Source.Notes = append(r.Source.Notes, f.notes...)
	r.End = result.Complete
	r.Digest = digest(r)
	return r.Check()
}

// collect puts the endpoints into a result, with their failures.
func (f *Figures) collect(r *result.Result) error {
	all := make([]endpointName, len(f.endpoints))
	for i, e := range f.endpoints {
		all[i] = e.endpointName
	}
	for i, name := range distinctNames(all) {
		e := f.endpoints[i]
		s := e.all[0]
		if q, ok := f.quantiles[e.endpointName]; ok {
			s.Quantiles = q
		}
		if len(e.all) > 1 {
			joined, ok := result.Join(e.all...)
			if !ok {
				return fmt.Errorf("%d rows or files are %q, and percentiles cannot be joined: %s", len(e.all), name,
					cmp.Or(r.Source.Advice, "judge them one at a time, or give each a name of its own"))
			}
			s = joined
		}
		endpoint := result.Endpoint{Name: name, Summary: s}
		for _, c := range f.causes {
			if c.endpoint == e.endpointName {
				endpoint.Failures = append(endpoint.Failures, c.Failure)
			}
		}
		endpoint.Failures = mergeFailures(endpoint.Failures)
		r.Endpoints = append(r.Endpoints, endpoint)
	}
	return nil
}

// AddSelection takes what a file says of some requests of an endpoint, as words behind
// its name tell; none: of all of them.
func (f *Figures) AddSelection(label, words string, s *result.Summary) error {
	name := f.names.of(label, "", "")
	if words != "" {
		name.name += " " + words
	}
	return f.addNamed(name, s)
}

// SetUsers takes how many users there were, in any order.
func (f *Figures) SetUsers(timeline []result.Moment) {
	slices.SortFunc(timeline, func(a, b result.Moment) int { return a.Slot - b.Slot })
	f.users = timeline
}

// SetQuantiles takes the percentiles of an endpoint that another file counts.
func (f *Figures) SetQuantiles(label, method string, all []result.Quantile) {
	f.quantiles[f.names.of(label, method, "")] = all
}

// SetTotalQuantiles takes those of all requests.
func (f *Figures) SetTotalQuantiles(all []result.Quantile) { f.totalQuantiles = all }

// Note takes what the counts of a file do not tell, as a part of a sentence.
func (f *Figures) Note(words string) { f.notes = append(f.notes, words) }

// DurationAtRate is how long n requests took at a rate.
func DurationAtRate(n int64, rate float64) time.Duration {
	if rate <= 0 {
		return 0
	}
	return time.Duration(float64(n) / rate * float64(time.Second))
}

// NewSummary is a summary of so many requests, all of whose times are known.
func NewSummary(requests, failed int64) *result.Summary {
	return &result.Summary{Requests: requests, Failed: &failed, Latencies: requests}
}

// CountStatuses counts answers by their status, written as text, and takes in those
// that failed.
func (f *Figures) CountStatuses(label, method, address string,
	codes map[string]numeral.Count) (all, failed int64, err error) {
	for text, n := range textfile.ByKey(codes) {
		status, err := strconv.Atoi(text)
		if err != nil {
			return 0, 0, fmt.Errorf("%d answers of status %q: that cannot be", n, text)
		}
		all += int64(n)
		if status < 200 || status >= 400 {
			failed += int64(n)
			f.Fail(label, method, address, int64(n), max(status, 0), "")
		}
	}
	return all, failed, nil
}

// dropUntimed takes from a summary the times of no request: where none was
// timed, and where all failed in no time at all, as tools have it that kept no
// time of them.
func dropUntimed(s *result.Summary) {
	if s.Requests == 0 {
		return
	}
	zero := func(r *result.Reading) bool { return r == nil || r.Value == 0 }
	none := s.Latencies == 0
	if s.Failed != nil && *s.Failed == s.Requests && s.Buckets == nil && zero(s.Max) && zero(s.Mean) {
		none = none || !slices.ContainsFunc(s.Quantiles, func(q result.Quantile) bool { return q.Value > 0 })
	}
	if none {
		s.Latencies, s.Quantiles, s.Min, s.Mean, s.Max = 0, nil, nil, nil, nil
	}
}
