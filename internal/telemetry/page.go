package telemetry

import (
	"fmt"
	"io"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"github.com/loadgate/loadgate/internal/hist"
)

// bounds are those of the plain buckets, in seconds, which a page of text has: OpenTelemetry's own for HTTP.
var bounds = []float64{.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10}

// Page writes the metrics as a page that Prometheus reads, in the form that the Accept of a request asks for. The
// form in protobuf has native histograms, with the buckets of Message; text has a few plain buckets. Begin is given the
// page's Content-Type.
func (m *Run) Page(accept string, begin func(contentType string) io.Writer) error {
	format := expfmt.NegotiateAccept(map[string][]string{"Accept": {accept}},
		expfmt.NewFormat(expfmt.TypeTextPlain), expfmt.NewFormat(expfmt.TypeProtoDelim))
	w := expfmt.NewEncoder(begin(string(format)), format)
	for _, f := range m.exposed() {
		if err := w.Encode(f); err != nil {
			return fmt.Errorf("write %s: %w", f.GetName(), err)
		}
	}
	return nil
}

// exposed are the families under the names that Prometheus gives them when they are pushed.
func (m *Run) exposed() []*dto.MetricFamily {
	described := &dto.MetricFamily{Name: new("target_info"), Help: new("Which run it is, and of what."),
		Type:   new(dto.MetricType_GAUGE),
		Metric: []*dto.Metric{{Label: labels(m.resource), Gauge: &dto.Gauge{Value: new(1.0)}}}}
	all := []*dto.MetricFamily{described}
	for _, f := range m.families {
		if len(f.points) == 0 {
			continue
		}
		out := &dto.MetricFamily{Name: new(f.exposedName()), Help: new(f.help), Type: new(f.exposedType())}
		for _, p := range f.points {
			metric := &dto.Metric{Label: labels(p.attributes)}
			switch f.kind {
			case histogram:
				metric.Histogram = spread(p.times)
			case counter:
				metric.Counter = &dto.Counter{Value: new(p.value)}
			case gauge:
				metric.Gauge = &dto.Gauge{Value: new(p.value)}
			}
			out.Metric = append(out.Metric, metric)
		}
		all = append(all, out)
	}
	return all
}

// exposedName is the name with Prometheus' suffixes for units and counters.
func (i instrument) exposedName() string {
	name := underscored(i.name)
	switch {
	case i.unit == "s":
		name += "_seconds"
	case i.unit == "1" && i.kind == gauge:
		name += "_ratio"
	}
	if i.kind == counter {
		name += "_total"
	}
	return name
}

func (i instrument) exposedType() dto.MetricType {
	return [...]dto.MetricType{gauge: dto.MetricType_GAUGE, counter: dto.MetricType_COUNTER,
		histogram: dto.MetricType_HISTOGRAM}[i.kind]
}

// underscored is a name as Prometheus had to write it before it took every character.
func underscored(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
}

// labels are attributes as Prometheus writes them; of two names that become the same there is the first.
func labels(attributes []attribute) []*dto.LabelPair {
	var all []*dto.LabelPair
	seen := map[string]bool{}
	for _, a := range attributes {
		name := underscored(a.key)
		switch {
		case name == "":
			continue
		case name[0] >= '0' && name[0] <= '9', strings.HasPrefix(name, "__"): // such as __name__, which is Prometheus'
			name = "key_" + name
		}
		if seen[name] {
			continue
		}
		seen[name] = true
		all = append(all, &dto.LabelPair{Name: &name, Value: new(a.String())})
	}
	return all
}

// spread is a distribution in native buckets and in plain ones.
func spread(l *hist.Latency) *dto.Histogram {
	x := newExponential(l)
	h := &dto.Histogram{SampleCount: &x.count, SampleSum: &x.sum,
		Schema: new(int32(scale)), ZeroThreshold: new(0.0), ZeroCount: new(uint64(0))}
	below := make([]uint64, len(bounds)) // a bucket that reaches beyond a bound counts as above it
	l.EachUpper(func(high time.Duration, count int64) {
		for i, bound := range bounds {
			if high.Seconds() <= bound {
				below[i] += uint64(count)
			}
		}
	})
	for i, bound := range bounds {
		h.Bucket = append(h.Bucket, &dto.Bucket{UpperBound: new(bound), CumulativeCount: new(below[i])})
	}
	// Native buckets are written in stretches without an empty one, each count as the difference from the one before.
	// The bucket of number i here has number i+1 there.
	lowest, counts := x.dense()
	before, last := int64(0), int32(0)
	for i, n := range counts {
		if n == 0 {
			continue
		}
		number := lowest + int32(i) + 1
		if len(h.PositiveSpan) == 0 || number != last+1 {
			gap := number - last - 1
			if len(h.PositiveSpan) == 0 {
				gap = number
			}
			h.PositiveSpan = append(h.PositiveSpan, &dto.BucketSpan{Offset: new(gap), Length: new(uint32(0))})
		}
		*h.PositiveSpan[len(h.PositiveSpan)-1].Length++
		h.PositiveDelta = append(h.PositiveDelta, int64(n)-before)
		before, last = int64(n), number
	}
	if len(counts) == 0 { // an empty native histogram has to look like one
		h.PositiveSpan = []*dto.BucketSpan{{Offset: new(int32(0)), Length: new(uint32(0))}}
	}
	return h
}
