package telemetry

import (
	"time"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	metricspb "go.opentelemetry.io/proto/otlp/metrics/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	"google.golang.org/protobuf/proto"
)

// Temporality says what a value counts. The zero value counts from the start of the run.
type Temporality uint8

// The temporalities.
const (
	Cumulative Temporality = iota // since the start of the run
	Delta                         // since the message before
)

// told is what the last message came to, for the next one that counts from there.
type told struct {
	at     time.Time
	times  map[string]exponential
	values map[string]float64
}

// Message is the metrics at a time as an export request of OTLP in protobuf. With Delta each message counts from the
// one before, whether that arrived or not.
func (m *Run) Message(at time.Time, t Temporality) ([]byte, error) {
	from := m.began
	now := told{at, map[string]exponential{}, map[string]float64{}}
	if t == Delta && !m.told.at.IsZero() {
		from = m.told.at
	}
	scope := &metricspb.ScopeMetrics{Scope: &commonpb.InstrumentationScope{Name: "loadgate"}}
	e := encoder{t: t, from: uint64(from.UnixNano()), at: uint64(at.UnixNano()), before: m.told, now: now}
	for _, f := range m.families {
		if len(f.points) > 0 {
			scope.Metrics = append(scope.Metrics, e.metric(f))
		}
	}
	m.told = now
	// A request of the collector's service has the wire form of this message.
	return proto.Marshal(&metricspb.MetricsData{ResourceMetrics: []*metricspb.ResourceMetrics{{
		Resource: &resourcepb.Resource{Attributes: encode(m.resource)}, ScopeMetrics: []*metricspb.ScopeMetrics{scope},
	}}})
}

// encoder writes the points of one message.
type encoder struct {
	t           Temporality
	from, at    uint64
	before, now told
}

func (e encoder) metric(f *family) *metricspb.Metric {
	metric := &metricspb.Metric{Name: f.name, Unit: f.unit, Description: f.help}
	temporality := metricspb.AggregationTemporality_AGGREGATION_TEMPORALITY_CUMULATIVE
	if e.t == Delta {
		temporality = metricspb.AggregationTemporality_AGGREGATION_TEMPORALITY_DELTA
	}
	switch f.kind {
	case histogram:
		h := &metricspb.ExponentialHistogram{AggregationTemporality: temporality}
		for _, p := range f.points {
			h.DataPoints = append(h.DataPoints, e.histogram(f, p))
		}
		metric.Data = &metricspb.Metric_ExponentialHistogram{ExponentialHistogram: h}
	case counter:
		metric.Data = &metricspb.Metric_Sum{Sum: &metricspb.Sum{
			AggregationTemporality: temporality, IsMonotonic: true, DataPoints: e.numbers(f)}}
	case gauge:
		metric.Data = &metricspb.Metric_Gauge{Gauge: &metricspb.Gauge{DataPoints: e.numbers(f)}}
	}
	return metric
}

func (e encoder) histogram(f *family, p point) *metricspb.ExponentialHistogramDataPoint {
	x, key := newExponential(p.times), f.name+keyOf(p.attributes)
	e.now.times[key] = x
	if e.t == Delta {
		x = x.minus(e.before.times[key])
	}
	lowest, counts := x.dense()
	out := &metricspb.ExponentialHistogramDataPoint{
		Attributes: encode(p.attributes), StartTimeUnixNano: e.from, TimeUnixNano: e.at,
		Count: x.count, Sum: &x.sum, Scale: scale,
		Positive: &metricspb.ExponentialHistogramDataPoint_Buckets{Offset: lowest, BucketCounts: counts},
	}
	if low, ok := p.times.Min(); ok && e.t == Cumulative {
		high, _ := p.times.Max()
		out.Min, out.Max = new(low.Seconds()), new(high.Seconds())
	}
	return out
}

func (e encoder) numbers(f *family) []*metricspb.NumberDataPoint {
	var all []*metricspb.NumberDataPoint
	for _, p := range f.points {
		value := p.value
		out := &metricspb.NumberDataPoint{Attributes: encode(p.attributes), TimeUnixNano: e.at}
		if f.kind == counter {
			key := f.name + keyOf(p.attributes)
			e.now.values[key] = value
			out.StartTimeUnixNano = e.from
			if e.t == Delta {
				value = max(0, value-e.before.values[key])
			}
		}
		out.Value = &metricspb.NumberDataPoint_AsDouble{AsDouble: value}
		all = append(all, out)
	}
	return all
}

func encode(attributes []attribute) []*commonpb.KeyValue {
	var all []*commonpb.KeyValue
	for _, a := range attributes {
		value := &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: a.String()}}
		if n, ok := a.value.(int64); ok {
			value.Value = &commonpb.AnyValue_IntValue{IntValue: n}
		}
		all = append(all, &commonpb.KeyValue{Key: a.key, Value: value})
	}
	return all
}
