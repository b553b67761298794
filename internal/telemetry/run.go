// Package telemetry turns the seconds of a run into metrics: histograms, counters and gauges with the names and
// attributes of OpenTelemetry, as bytes of its protocol or as a page of Prometheus. It keeps what a run came to so
// far. It sends nothing, reads no clock and judges nothing.
package telemetry

import (
	"fmt"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// Run is the metrics of one run so far. It is not safe for concurrent use.
type Run struct {
	plan     *plan.Plan
	began    time.Time
	resource []attribute
	rows     []row // endpoints, and behind them transactions

	families  []*family
	ofMetric  map[string]*family
	requests  int64
	endpoints int // of rows

	told told
}

// New is the metrics of a run of p before its first second. The result is the run's, still empty, and extra are
// attributes of the environment.
func New(p *plan.Plan, r *result.Result, extra []Attribute) *Run {
	m := &Run{plan: p, began: r.Started, resource: describe(r, extra), rows: rowsOf(p, r), endpoints: len(r.Endpoints)}
	m.empty()
	return m
}

// empty takes all values out, and puts a 0 where one will be: what counts from 0 can be read as a rate at once.
func (m *Run) empty() {
	m.requests, m.ofMetric = 0, map[string]*family{}
	m.families = nil
	for _, of := range instruments {
		f := newFamily(of)
		m.families, m.ofMetric[of.name] = append(m.families, f), f
	}
	for _, r := range m.rows {
		m.family(r.of).point(r.judged()...)
	}
	m.family(lag).point()
	if m.arrivals() {
		m.family(offered).point()
		m.family(dropped).point()
	}
}

// arrivals says whether some load of the run has a rate.
func (m *Run) arrivals() bool {
	return slices.ContainsFunc(m.plan.Each(), func(p *plan.Plan) bool { return p.Open })
}

func (m *Run) family(of instrument) *family { return m.ofMetric[of.name] }

// Second adds what a second of the run added. The error is that of a damaged histogram.
func (m *Run) Second(s *result.Slice) error {
	if err := m.moment(s.Moment); err != nil {
		return err
	}
	for _, part := range s.Endpoints {
		if err := m.endpoint(part, time.Duration(s.Moment.Slot)*result.SlotLength); err != nil {
			return err
		}
	}
	return nil
}

// Whole puts the whole run, which is over, in the place of its seconds, where these did not tell all: those of a
// fleet end with its load, and requests in flight end after it.
func (m *Run) Whole(r *result.Result) error {
	m.Failures(r)
	requests := int64(0)
	for _, e := range r.Endpoints {
		for _, s := range e.Slots {
			requests += s.Requests
		}
	}
	if requests == m.requests {
		return nil
	}
	rules := m.families[len(m.families)-rulesAtEnd:]
	m.empty()
	for i, f := range rules {
		m.families[len(m.families)-rulesAtEnd+i], m.ofMetric[f.name] = f, f
	}
	for _, moment := range r.Timeline {
		if err := m.moment(moment); err != nil {
			return err
		}
	}
	for i, e := range slices.Concat(r.Endpoints, r.Transactions) {
		for _, slot := range e.Slots {
			part := result.EndpointSlice{Index: i, Slot: slot}
			if err := m.endpoint(part, time.Duration(slot.Slot)*r.Slot); err != nil {
				return err
			}
		}
	}
	m.Failures(r)
	return nil
}

// Failures takes the counts of failures from the result so far: the seconds of a fleet have none.
func (m *Run) Failures(r *result.Result) {
	for i, e := range r.Endpoints {
		if i < m.endpoints {
			m.fail(m.rows[i], e.Failures)
		}
	}
}

func (m *Run) moment(s result.Moment) error {
	m.family(users).point().value = float64(s.Users)
	if err := s.Lag.Into(m.family(lag).point().times); err != nil {
		return fmt.Errorf("lag: %w", err)
	}
	if m.arrivals() {
		m.family(offered).point().value += float64(s.Offered)
		m.family(dropped).point().value += float64(s.Dropped)
	}
	if g := s.Generator; g != nil && g.CPU != nil {
		m.family(generatorCPU).point().value = *g.CPU
	}
	return nil
}

// endpoint adds what an endpoint did in a slot that begins at a time of the run.
func (m *Run) endpoint(part result.EndpointSlice, at time.Duration) error {
	if part.Index < 0 || part.Index >= len(m.rows) {
		return fmt.Errorf("endpoint %d of %d", part.Index+1, len(m.rows))
	}
	r := m.rows[part.Index]
	f := m.family(r.of)
	if err := part.Slot.Latency.Into(f.point(r.during(at)...).times); err != nil {
		return fmt.Errorf("%s: %w", r.name, err)
	}
	if len(part.Slot.Failed) > 0 {
		failed := slices.Concat(r.during(at), r.kinds(part))
		if err := part.Slot.FailedLatency.Into(f.point(failed...).times); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	if part.Index < m.endpoints {
		m.requests += part.Slot.Requests
		m.fail(r, part.Failures)
	}
	return nil
}

// fail sets the counts of failures, each of which is of the run so far.
func (m *Run) fail(r row, counts []result.Failure) {
	for _, f := range counts {
		a := append(r.judged(), attribute{"error.type", f.Kind.String()})
		if f.Status > 0 {
			a = append(a, attribute{"http.response.status_code", int64(f.Status)})
		}
		m.family(failures).point(a...).value = float64(f.Count)
		r.seen[kindOf{f.Kind, f.Status}] = f.Count
	}
}

// kinds are the attributes of all that failed in a part of a run: its histogram does not tell kinds apart, so there
// is a kind, and a status, only where all have the same.
func (r row) kinds(part result.EndpointSlice) []attribute {
	const several = "_OTHER" // OpenTelemetry's word for a kind without a name
	if len(part.Slot.Failed) != 1 {
		return []attribute{{"error.type", several}}
	}
	var kind metric.Failure
	for k := range part.Slot.Failed {
		kind = k
	}
	all := []attribute{{"error.type", kind.String()}}
	status, grown := 0, 0
	for _, f := range part.Failures {
		if f.Kind == kind && f.Count > r.seen[kindOf{f.Kind, f.Status}] {
			status = f.Status
			grown++
		}
	}
	if grown == 1 && status > 0 {
		all = append(all, attribute{"http.response.status_code", int64(status)})
	}
	return all
}
