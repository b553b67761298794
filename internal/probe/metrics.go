package probe

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/loadgate/loadgate/internal/config"
)

func openMetrics(p config.Probe, w *World) (Probe, error) {
	var seen counter
	return onPage(p, w, func(asked time.Time, answer Answer) (Value, error) {
		s, err := newScrape(answer.Body, p.Labels)
		if err != nil {
			return Value{}, err
		}
		if p.Read == "histogram" {
			return s.quantile(asked, &seen, p)
		}
		part, whole, err := s.partOf(p)
		switch {
		case err != nil:
			return Value{}, err
		case p.Read == "counter" && p.Of != nil:
			return seen.share(asked, part, whole)
		case p.Read == "counter":
			return seen.rate(asked, part)
		case p.Of == nil:
			number, err := finite(part*p.Scale, p.Metric[0])
			return Value{Number: number}, err
		case whole <= 0:
			return Value{}, absent("%s is %g, so there is nothing to be a part of", strings.Join(p.Of, " + "), whole)
		}
		return Value{Number: part / whole}, nil
	}), w.reach(p.URL)
}

// partOf is the sums of the part and of its whole, where it is one of something.
func (s scrape) partOf(p config.Probe) (part, whole float64, err error) {
	if part, err = s.sum(p.Metric); err != nil || p.Of == nil {
		return part, 0, err
	}
	whole, err = s.sum(p.Of)
	return part, whole, err
}

// scrape is one look at a metrics page.
type scrape struct {
	families map[string]*dto.MetricFamily
	labels   map[string]string
}

func newScrape(text []byte, labels map[string]string) (scrape, error) {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		return scrape{}, fmt.Errorf("the page is not in Prometheus' text format: %w", err)
	}
	return scrape{families, labels}, nil
}

// series are those of a name with the labels that are asked for.
func (s scrape) series(name string) ([]*dto.Metric, error) {
	family := s.families[name]
	var found []*dto.Metric
	for _, m := range family.GetMetric() {
		if s.labelled(m) {
			found = append(found, m)
		}
	}
	switch {
	case family == nil:
		return nil, fmt.Errorf("the page has no metric %s%s", name, near(name, s.names()))
	case found == nil:
		return nil, s.unlabelled(name, family)
	}
	return found, nil
}

// names are those that may be asked for.
func (s scrape) names() []string {
	var names []string
	for name, family := range s.families {
		names = append(names, name)
		for _, suffix := range suffixes {
			if isSpread(family) {
				names = append(names, name+suffix)
			}
		}
	}
	return names
}

// suffixes are of the two counters that a histogram and a summary are as well.
var suffixes = []string{"_count", "_sum"}

func isSpread(f *dto.MetricFamily) bool {
	return f.GetType() == dto.MetricType_HISTOGRAM || f.GetType() == dto.MetricType_SUMMARY
}

// unlabelled says that a metric has no series with the labels. A label that none
// of its series has is a mistake; a value may come with the load, as may the first
// series of all.
func (s scrape) unlabelled(name string, family *dto.MetricFamily) error {
	known := map[string]bool{}
	values := map[string][]string{}
	for _, m := range family.GetMetric() {
		for _, l := range m.GetLabel() {
			known[l.GetName()] = true
			values[l.GetName()] = append(values[l.GetName()], l.GetValue())
		}
	}
	for _, label := range slices.Sorted(maps.Keys(s.labels)) {
		if !known[label] && len(family.GetMetric()) > 0 {
			return fmt.Errorf("no series of %s has a label %s%s",
				name, label, near(label, slices.Collect(maps.Keys(known))))
		}
	}
	for _, label := range slices.Sorted(maps.Keys(s.labels)) {
		if value := s.labels[label]; len(values[label]) > 0 && !slices.Contains(values[label], value) {
			return absent("no series of %s has %s=%q%s", name, label, value, near(value, values[label]))
		}
	}
	return absent("no series of %s has these labels", name)
}

func (s scrape) labelled(m *dto.Metric) bool {
	for name, value := range s.labels {
		if !slices.ContainsFunc(m.GetLabel(),
			func(l *dto.LabelPair) bool { return l.GetName() == name && l.GetValue() == value }) {
			return false
		}
	}
	return true
}

// sum adds up all series of several names.
func (s scrape) sum(names []string) (float64, error) {
	sum := 0.0
	for _, name := range names {
		base, suffix := s.spread(name)
		found, err := s.series(base)
		if err != nil {
			return 0, err
		}
		for _, m := range found {
			switch {
			case suffix != "":
				sum += part(m, suffix)
			case m.Gauge != nil:
				sum += m.GetGauge().GetValue()
			case m.Counter != nil:
				sum += m.GetCounter().GetValue()
			case m.Untyped != nil:
				sum += m.GetUntyped().GetValue()
			default:
				return 0, fmt.Errorf("%s is a histogram or summary; write histogram, or its _count or _sum", name)
			}
		}
	}
	return finite(sum, names[0])
}

// spread splits the name of a counter that belongs to a histogram or a summary,
// which the page has under one name; suffix "": it is a name of its own.
func (s scrape) spread(name string) (base, suffix string) {
	for _, suffix := range suffixes {
		base, ok := strings.CutSuffix(name, suffix)
		if ok && s.families[name] == nil && isSpread(s.families[base]) {
			return base, suffix
		}
	}
	return name, ""
}

// part is one of the counters of a histogram or summary.
func part(m *dto.Metric, suffix string) float64 {
	switch {
	case m.Histogram != nil && suffix == "_count":
		return float64(m.GetHistogram().GetSampleCount())
	case m.Histogram != nil:
		return m.GetHistogram().GetSampleSum()
	case suffix == "_count":
		return float64(m.GetSummary().GetSampleCount())
	}
	return m.GetSummary().GetSampleSum()
}

// quantile is one of what a histogram counted since the look before, by the
// interpolation of Prometheus' histogram_quantile: evenly within a bucket, and
// in the last one, which has no upper edge, its lower edge.
func (s scrape) quantile(asked time.Time, seen *counter, p config.Probe) (Value, error) {
	counts := map[float64]float64{}
	for _, name := range p.Metric {
		found, err := s.series(name)
		if err != nil {
			return Value{}, err
		}
		for _, m := range found {
			if m.Histogram == nil {
				return Value{}, fmt.Errorf("%s is not a histogram", name)
			}
			for _, b := range m.GetHistogram().GetBucket() {
				counts[b.GetUpperBound()] += float64(b.GetCumulativeCount())
			}
		}
	}
	var edges, cumulative []float64
	for edge := range counts {
		edges = append(edges, edge)
	}
	slices.Sort(edges)
	for _, edge := range edges {
		cumulative = append(cumulative, counts[edge])
	}
	if len(edges) < 2 {
		return Value{}, absent("%s has no buckets", p.Metric[0])
	}
	if seen.last != nil && len(seen.last) != len(cumulative) {
		seen.last = nil // it has other buckets now
	}
	grown, _, err := seen.grew(asked, cumulative...)
	if err != nil {
		return Value{}, err
	}
	all := grown[len(grown)-1]
	if all <= 0 {
		return Value{}, ErrIdle
	}
	rank := p.Level * all
	i, _ := slices.BinarySearch(grown, rank)
	i = min(i, len(grown)-1)
	low, before := 0.0, 0.0
	if i > 0 {
		low, before = edges[i-1], grown[i-1]
	}
	if math.IsInf(edges[i], 1) {
		return Value{Number: low * p.Scale}, nil
	}
	return Value{Number: (low + (edges[i]-low)*(rank-before)/(grown[i]-before)) * p.Scale}, nil
}
