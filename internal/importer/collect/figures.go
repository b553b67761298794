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

// Figures collects what files say of endpoints whose requests they do not keep. It is not
// safe for concurrent use.
type Figures struct {
	names          nameCache
	index          map[endpointName]int
	endpoints      []*summary
	total          []*result.Summary // of all requests together, by file
	uncounted      map[*result.Summary]bool
	started        time.Time // zero: unknown
	length         time.Duration
	users          []result.Moment
	causes         map[endpointName][]result.Failure
	notes          []string
	quantiles      map[endpointName][]result.Quantile // by endpoint, of files with Format.Beside
	totalQuantiles []result.Quantile                  // of all requests, in such files
}

type summary struct {
	endpointName
	all []*result.Summary // more than one: several rows or files have the name
}

// NewFigures returns figures of no endpoint, which get their names from n.
func NewFigures(n Names) *Figures {
	return &Figures{names: nameCache{n, map[nameKey]endpointName{}},
		index: map[endpointName]int{}, causes: map[endpointName][]result.Failure{},
		quantiles: map[endpointName][]result.Quantile{}, uncounted: map[*result.Summary]bool{}}
}

// Uncounted says, before Add or AddTotal, that a file has times of these requests and not how many they
// are. Without it, a summary of 0 requests has none, and its times are dropped.
func (f *Figures) Uncounted(s *result.Summary) { f.uncounted[s] = true }

// Add adds the figures of an endpoint, under the label that the tool gave it,
// or by method and address where that is empty. An error: there are too many endpoints.
func (f *Figures) Add(label, method, address string, s *result.Summary) error {
	return f.addNamed(f.names.of(label, method, address), s)
}

// addNamed is Add for a name.
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
	f.endpoints[at].all = append(f.endpoints[at].all, f.sorted(s))
	return nil
}

// AddTotal adds the figures of all requests of a file together.
func (f *Figures) AddTotal(s *result.Summary) { f.total = append(f.total, f.sorted(s)) }

// sorted puts percentiles and buckets in order, without times that no request had.
func (f *Figures) sorted(s *result.Summary) *result.Summary {
	if !f.uncounted[s] {
		dropUntimed(s)
	}
	slices.SortFunc(s.Quantiles, func(a, b result.Quantile) int { return cmp.Compare(a.Q, b.Q) })
	slices.SortStableFunc(s.Buckets, func(a, b result.Bucket) int { return cmp.Compare(a.Value, b.Value) })
	return s
}

// Fail adds failures of an endpoint with this status and these words; status 0: there was
// no answer.
func (f *Figures) Fail(label, method, address string, count int64, status int, words string) {
	if count > 0 {
		f.fail(f.names.of(label, method, address), result.Failure{
			Kind: FailureOf(status, words), Status: status, Detail: DetailOf(status, words), Count: count,
		})
	}
}

// FailUnexpected adds failures of an endpoint that were answers which the script did not accept.
func (f *Figures) FailUnexpected(label, method, address string, count int64, words string) {
	if count > 0 {
		f.fail(f.names.of(label, method, address), result.Failure{
			Kind: metric.Expectation, Detail: DetailOf(0, words), Count: count,
		})
	}
}

func (f *Figures) fail(name endpointName, failure result.Failure) {
	f.causes[name] = append(f.causes[name], failure)
}

// FailAnswered adds failures of an endpoint that were answers with a bad status, which the
// file does not name.
func (f *Figures) FailAnswered(label, method, address string, count int64, words string) {
	if count > 0 {
		f.fail(f.names.of(label, method, address), result.Failure{Kind: metric.Status, Detail: words, Count: count})
	}
}

// RanAtRate is Ran with the length that n requests have at a rate per second; rate 0 or
// less: unknown.
func (f *Figures) RanAtRate(n int64, rate float64) {
	f.Ran(time.Time{}, DurationAtRate(n, rate))
}

// Ran sets when a run began, zero if that is unknown, and how long it took. The longest
// of several files counts, as they ran at the same time. A start that is impossible is
// unknown, and so is a length above LongestRun.
func (f *Figures) Ran(started time.Time, length time.Duration) {
	if length > LongestRun {
		length = 0
	}
	if possible(started) && (f.started.IsZero() || started.Before(f.started)) {
		f.started = started
	}
	f.length = max(f.length, length)
}

// Fill puts the figures into a new Format.Document, and completes it. Rounding is
// Format.ShareRounding. An error: there is no request, or the figures contradict each other.
func (f *Figures) Fill(r *result.Result, rounding float64) error {
	r.Planned.Duration, r.Elapsed = f.length, f.length
	f.fillTimeline(r)
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
	noneAtAll := len(f.total) > 0 && !slices.ContainsFunc(f.total,
		func(s *result.Summary) bool { return s.Requests > 0 || f.uncounted[s] })
	measured := func(e result.Endpoint) bool {
		return e.Summary.Requests > 0 || len(e.Summary.Quantiles) > 0 && !noneAtAll
	}
	if !slices.ContainsFunc(r.Endpoints, measured) {
		return errors.New("there is no request in it")
	}
	byName := func(a, b result.Endpoint) int { return cmp.Compare(a.Name, b.Name) }
	slices.SortFunc(r.Endpoints, byName) // the notes of addRemainder name them in this order
	r.Source.Notes = append(r.Source.Notes, addRemainder(r, rounding)...)
	slices.SortFunc(r.Endpoints, byName)
	r.Source.Notes = append(r.Source.Notes, f.notes...)
	r.End = result.Complete
	r.Digest = digest(r)
	return r.Check()
}

// fillTimeline puts the users into a result, in slots that are long enough for a run of days.
func (f *Figures) fillTimeline(r *result.Result) {
	factor := 1
	for f.length/r.Slot > longestTimeline {
		r.Slot, factor = 2*r.Slot, 2*factor
	}
	for _, m := range f.users {
		m.Slot /= factor
		if n := len(r.Timeline); n > 0 && r.Timeline[n-1].Slot == m.Slot {
			r.Timeline[n-1] = m
			continue
		}
		r.Timeline = append(r.Timeline, m)
	}
}

// longestTimeline is how many slots a result of figures has at most: a day and a half of
// seconds would be more than a document may have.
const longestTimeline = 24 * 60 * 60

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
		r.Endpoints = append(r.Endpoints,
			result.Endpoint{Name: name, Summary: s, Failures: mergeFailures(f.causes[e.endpointName])})
	}
	return nil
}

// AddSelection is Add for some requests of an endpoint: words, after its name, say which.
// Without words it is Add.
func (f *Figures) AddSelection(label, words string, s *result.Summary) error {
	name := f.names.of(label, "", "")
	if words != "" {
		name.name += " " + words
	}
	return f.addNamed(name, s)
}

// SetUsers sets the number of users over time; moments may be in any order.
func (f *Figures) SetUsers(timeline []result.Moment) {
	slices.SortFunc(timeline, func(a, b result.Moment) int { return a.Slot - b.Slot })
	f.users = timeline
}

// SetQuantiles sets the percentiles of an endpoint whose requests another file counts.
func (f *Figures) SetQuantiles(label, method string, all []result.Quantile) {
	f.quantiles[f.names.of(label, method, "")] = all
}

// SetTotalQuantiles sets the percentiles of all requests together.
func (f *Figures) SetTotalQuantiles(all []result.Quantile) { f.totalQuantiles = all }

// Note adds a clause about what is not among the counts.
func (f *Figures) Note(words string) { f.notes = append(f.notes, words) }

// DurationAtRate is how long n requests take at a rate per second, at most LongestRun; 0 if
// the rate is not above 0.
func DurationAtRate(n int64, rate float64) time.Duration {
	if !(rate > 0) {
		return 0
	}
	return time.Duration(min(float64(n)/rate*float64(time.Second), float64(LongestRun)))
}

// NewSummary returns a summary of requests that were all timed.
func NewSummary(requests, failed int64) *result.Summary {
	return &result.Summary{Requests: requests, Failed: &failed, Latencies: requests}
}

// CountStatuses returns the sum of answers by their status, written as text, and how many
// of them failed: those outside 200 to 399, which it also adds as failures.
func (f *Figures) CountStatuses(label, method, address string,
	codes map[string]numeral.Count) (all, failed int64, err error) {
	for text, n := range textfile.ByKey(codes) {
		status, err := strconv.Atoi(text)
		if err != nil {
			return 0, 0, fmt.Errorf("%d answers of status %q: that is impossible", n, text)
		}
		all += int64(n)
		if status < 200 || status >= 400 {
			failed += int64(n)
			f.Fail(label, method, address, int64(n), max(status, 0), "")
		}
	}
	return all, failed, nil
}

// dropUntimed removes times that no request had: if there was none or none was timed, or if
// all requests failed and all times are 0, which tools write for failures that they did not time.
func dropUntimed(s *result.Summary) {
	if s.Requests == 0 { // counts that contradict this are refused by Result.Check
		s.Quantiles, s.Min, s.Mean, s.Max = nil, nil, nil, nil
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
