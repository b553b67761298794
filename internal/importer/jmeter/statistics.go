package jmeter

import (
	"bufio"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/charset"
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
)

// JMeter's dashboard (jmeter -e -o DIR) has statistics.json, and its Aggregate
// and Summary Report can be saved as CSV: a row for each label and one for all of them,
// in whole milliseconds. The number of errors follows from their printed
// share. The percentiles of the dashboard have no names, and jmeter.properties may
// change them: they are taken for 90, 95 and 99.

const advice = "give the samples themselves (jmeter -l FILE), which keep every request"

// tableRounding is how far shares of failures that JMeter printed, 0.01% of a row
// and of the total, may be apart.
const tableRounding = 1e-4

type entry struct {
	Label      string           `json:"transaction"`
	Samples    numeral.Count    `json:"sampleCount"`
	Errors     *numeral.Count   `json:"errorCount"`
	Mean       numeral.Optional `json:"meanResTime"`
	Median     numeral.Optional `json:"medianResTime"`
	Min        numeral.Optional `json:"minResTime"`
	Max        numeral.Optional `json:"maxResTime"`
	P1         numeral.Optional `json:"pct1ResTime"`
	P2         numeral.Optional `json:"pct2ResTime"`
	P3         numeral.Optional `json:"pct3ResTime"`
	Throughput numeral.Optional `json:"throughput"` // a second
}

func sniffStatistics(head string) bool {
	return collect.HasKeys(`"sampleCount"`, `"errorCount"`, `"pct1ResTime"`)(head)
}

func readStatistics(in *bufio.Reader, f *collect.Figures) error {
	var entries map[string]entry
	if err := textfile.DecodeJSON(in, &entries); err != nil {
		return err
	}
	for label, e := range textfile.ByKey(entries) {
		row := summaryRow{
			label: label, total: label == "Total", samples: int64(e.Samples), errors: -1, rate: e.Throughput.Value,
			times: map[float64]numeral.Optional{0.5: e.Median, 0.9: e.P1, 0.95: e.P2, 0.99: e.P3},
			min:   e.Min, max: e.Max, mean: e.Mean,
		}
		if e.Errors != nil {
			row.errors = int64(*e.Errors)
		}
		if err := row.add(f); err != nil {
			return fmt.Errorf("%s: %w", label, err)
		}
	}
	return nil
}

// summaryRow is the figures of a label, in milliseconds.
type summaryRow struct {
	label           string
	total           bool
	samples, errors int64 // errors below 0: unknown
	rate            float64
	times           map[float64]numeral.Optional // by quantile
	min, max, mean  numeral.Optional
}

// add takes a row.
func (r summaryRow) add(f *collect.Figures) error {
	if r.samples == 0 {
		return nil
	}
	if r.errors > r.samples {
		return fmt.Errorf("%d errors of %d samples are impossible", r.errors, r.samples)
	}
	s := collect.NewSummary(r.samples, r.errors)
	if r.errors < 0 {
		s.Failed = nil
	}
	millis := collect.Times{Unit: time.Millisecond, Step: time.Millisecond}
	for q, ms := range textfile.ByKey(r.times) {
		if err := millis.AddQuantile(s, q, ms); err != nil {
			return err
		}
	}
	if err := millis.SetExtremes(s, r.min, r.mean, r.max); err != nil {
		return err
	}
	if r.total {
		f.RanAtRate(r.samples, r.rate)
		f.AddTotal(s)
		return nil
	}
	return f.Add(r.label, "", "", s)
}

// jmeterColumn is what a column of a saved table is, under the names of the
// reports and of the plugins' command line.
var tableColumns = []struct {
	name  string
	match *regexp.Regexp
}{
	{"label", regexp.MustCompile(`^((sampler_)?label|libellé)$`)},
	{"samples", regexp.MustCompile(`^(# ?samples|# ?[ée]chantillons|aggregate_report_count)$`)},
	{"mean", regexp.MustCompile(`^(average|moyenne)$`)},
	{"median", regexp.MustCompile(`^((aggregate_report_)?median|médiane)$`)},
	{"quantile", regexp.MustCompile(`^(?:aggregate_report_)?(\d+(?:[.,]\d+)?)(?:%[ _]line|e?(?:%|ème)? ?centile)$`)},
	{"min", regexp.MustCompile(`^((aggregate_report_)?min|minimum)$`)},
	{"max", regexp.MustCompile(`^((aggregate_report_)?max|maximum)$`)},
	{"errors", regexp.MustCompile(`^(error ?%|% ?erreurs?|aggregate_report_error%)$`)},
	{"rate", regexp.MustCompile(`^(throughput|débit|aggregate_report_rate)$`)},
}

var tableHead = regexp.MustCompile(
	`(?i)^"?(label"?,"?# ?samples|libellé"?,"?# ?[ée]chantillons|sampler_label"?,"?aggregate_report_count)"?,`)

func sniffTable(head string) bool { return tableHead.MatchString(head) }

func readTable(in *bufio.Reader, f *collect.Figures) error {
	return textfile.EachRow(in, nil, nil, func(r textfile.Row) error {
		share, samples := "", ""
		for column := range textfile.ByKey(r.Columns) {
			switch kind, _ := columnKind(column); kind {
			case "errors":
				share = r.Get(column)
			case "samples":
				samples = r.Get(column)
			}
		}
		failed, mark, err := parseShare(share)
		if err != nil {
			return err
		}
		n, ok := numeral.Integer(samples)
		if !ok {
			return fmt.Errorf("%q is not a count of samples", samples)
		}
		one := summaryRow{
			samples: n, errors: int64(math.Round(failed * float64(n))),
			times: map[float64]numeral.Optional{},
		}
		for column := range textfile.ByKey(r.Columns) {
			if err := one.setColumn(column, r.Get(column), mark); err != nil {
				return fmt.Errorf("%s: %w", column, err)
			}
		}
		one.total = one.label == "TOTAL" || one.label == "Total"
		return one.add(f)
	})
}

// setColumn sets the figure of a column, in a table with this decimal mark; 0: the mark is
// unknown.
func (j *summaryRow) setColumn(column, text string, mark byte) error {
	kind, groups := columnKind(column)
	switch kind {
	case "", "samples", "errors":
		return nil
	case "label":
		j.label = text
		return nil
	case "rate":
		j.rate = parseRate(text, mark)
		return nil
	}
	if !strings.ContainsAny(text, "0123456789") { // N/A, NaN, a dash
		return nil
	}
	ms, err := numeral.Decimal(text, mark)
	if err != nil {
		return err
	}
	switch kind {
	case "mean":
		j.mean = numeral.Some(ms)
	case "median":
		j.times[0.5] = numeral.Some(ms)
	case "min":
		j.min = numeral.Some(ms)
	case "max":
		j.max = numeral.Some(ms)
	case "quantile":
		percent, err := numeral.Number(strings.Replace(groups[1], ",", ".", 1))
		if err == nil && percent > 0 && percent < 100 {
			j.times[percent/100] = numeral.Some(ms)
		}
	}
	return nil
}

// columnKind is what a column is; empty: nothing that is read.
func columnKind(column string) (kind string, groups []string) {
	lower := strings.ToLower(strings.TrimSpace(column))
	for _, c := range tableColumns {
		if groups = c.match.FindStringSubmatch(lower); groups != nil {
			return c.name, groups
		}
	}
	return "", nil
}

// parseShare is a share of errors, 2.500% as JMeter prints it or 0.025 as it is,
// and the mark before its decimals: thousands of a share there are none.
func parseShare(text string) (share float64, mark byte, err error) {
	number, percent := strings.CutSuffix(strings.TrimSpace(charset.Readable(text)), "%")
	number = strings.TrimSpace(number)
	if at := strings.LastIndexAny(number, ".,"); at >= 0 {
		mark = number[at]
	}
	share, err = numeral.Decimal(number, mark)
	if percent {
		share /= 100
	}
	if err != nil || !(share >= 0 && share <= 1) {
		return 0, 0, fmt.Errorf("%q is not a share of errors (Error %%)", text)
	}
	return share, mark, nil
}

// parseRate is a rate a second: 12.5, 12.5/sec, 30.0/min, 2.0/hour; 0: unknown.
func parseRate(text string, mark byte) float64 {
	number, unit, _ := strings.Cut(text, "/")
	v, err := numeral.Decimal(number, mark)
	if err != nil || !(v >= 0 && v < 1e12) {
		return 0
	}
	seconds := []float64{1, 1, 60, 3600}
	return v / seconds[max(0, slices.Index([]string{"", "sec", "min", "hour"}, unit))]
}
