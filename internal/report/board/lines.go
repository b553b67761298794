package board

import (
	"math"
	"slices"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/stat"
)

// line is one endpoint, or transaction, of a series.
type line struct {
	series      *series
	endpoint    string
	transaction bool
	p95         baseline.Series // beside the runs
	changes     []baseline.ChangePoint
}

// lines are the endpoints of the newest run, those that it shares with earlier ones included, in its order, and
// behind them those that have no figure since none of their requests succeeded. What only earlier runs have is gone,
// or has another name now.
func (s *series) lines() []line {
	var all []line
	add := func(endpoint string, transaction bool) {
		if slices.ContainsFunc(all, func(l line) bool {
			return l.endpoint == endpoint && l.transaction == transaction
		}) {
			return
		}
		l := line{series: s, endpoint: endpoint, transaction: transaction}
		l.p95 = l.beside(metric.P95)
		l.changes = l.p95.ChangePoints()
		all = append(all, l)
	}
	for _, f := range s.newest().Figures {
		add(f.Endpoint, f.Transaction)
	}
	for _, a := range s.newest().Load.Asked {
		add(a.Endpoint, a.Transaction)
	}
	return all
}

func (l line) beside(m metric.Metric) baseline.Series {
	return baseline.SeriesBeside(l.series.newest(), l.series.runs, l.endpoint, l.transaction, m)
}

func (l line) title() string {
	return named(l.endpoint) + content.Figure{Transaction: l.transaction}.Kind()
}

// values are a figure run by run, in the base of its unit; NaN: the run has none that may be compared.
func (l line) values(m metric.Metric) htmlpage.Numbers {
	of := l.p95
	if m != metric.P95 {
		of = l.beside(m)
	}
	all := make(htmlpage.Numbers, len(of.Values))
	for i, v := range of.Values {
		all[i] = math.Exp(v)
	}
	return all
}

// scaled multiplies all values.
func scaled(all htmlpage.Numbers, by float64) htmlpage.Numbers {
	all = slices.Clone(all)
	for i := range all {
		all[i] *= by
	}
	return all
}

// inBaseline is the p95 of the runs that the next one is compared with in this figure.
func (l line) inBaseline(values htmlpage.Numbers) htmlpage.Numbers {
	of, _ := l.series.past.SinceChange(l.endpoint, l.transaction, metric.P95)
	counts := map[string]bool{}
	for i, r := range l.series.past.Runs {
		counts[r.ID] = i < len(of.Values) && !math.IsNaN(of.Values[i])
	}
	all := slices.Clone(values)
	for i, r := range l.series.runs {
		if !counts[r.ID] {
			all[i] = math.NaN()
		}
	}
	return all
}

// failures is the share of failed requests run by run. A renamed endpoint has another name in older runs.
func (l line) failures(tally func(id string) (Tally, bool)) htmlpage.Numbers {
	names := []string{l.endpoint}
	for _, a := range l.series.newest().Load.Asked {
		if a.Endpoint == l.endpoint && a.Transaction == l.transaction && a.Was != "" {
			names = append(names, a.Was)
		}
	}
	all := make(htmlpage.Numbers, len(l.series.runs))
	for i, r := range l.series.runs {
		all[i] = math.NaN()
		t, ok := tally(r.ID)
		if !ok {
			continue
		}
		for _, name := range names {
			at := slices.IndexFunc(t.Counts, func(c Count) bool {
				return c.Endpoint == name && c.Transaction == l.transaction && c.Requests > 0
			})
			if at >= 0 {
				all[i] = float64(t.Counts[at].Failed) / float64(t.Counts[at].Requests)
				break
			}
		}
	}
	return all
}

// median is that of the values that there are; NaN of none.
func median(values htmlpage.Numbers) float64 {
	if m, ok := stat.Median(values); ok {
		return m
	}
	return math.NaN()
}
