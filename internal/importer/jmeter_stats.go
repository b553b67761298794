package importer

import (
	"bufio"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// JMeter's dashboard (jmeter -e -o DIR) has statistics.json, and its Aggregate
// and Summary Report can be saved as CSV: a row for each label and one for all of them,
// in whole milliseconds. The share of errors is printed, from which their number
// is taken. The percentiles of the dashboard have no names, and jmeter.properties may
// change them: they are taken for 90, 95 and 99.

const jmeterAdvice = "give the samples themselves (jmeter -l FILE), which keep every request"

// tableRounding is how far shares of failures that JMeter printed, 0.01% of a row
// and of the total, may be apart.
const tableRounding = 1e-4

type jmeterEntry struct {
	Label      string `json:"transaction"`
	Samples    count  `json:"sampleCount"`
	Errors     *count `json:"errorCount"`
	Mean       maybe  `json:"meanResTime"`
	Median     maybe  `json:"medianResTime"`
	Min        maybe  `json:"minResTime"`
	Max        maybe  `json:"maxResTime"`
	P1         maybe  `json:"pct1ResTime"`
	P2         maybe  `json:"pct2ResTime"`
	P3         maybe  `json:"pct3ResTime"`
	Throughput maybe  `json:"throughput"` // a second
}

func sniffJMeterStatistics(head string) bool {
	return object(`"sampleCount"`, `"errorCount"`, `"pct1ResTime"`)(head)
}

func readJMeterStatistics(in *bufio.Reader, f *figures) error {
	var entries map[string]jmeterEntry
	if err := whole(in, &entries); err != nil {
		return err
	}
	for label, e := range byKey(entries) {
		row := jmeterRow{
			label: label, total: label == "Total", samples: int64(e.Samples), errors: -1, rate: e.Throughput.value,
			times: map[float64]maybe{0.5: e.Median, 0.9: e.P1, 0.95: e.P2, 0.99: e.P3},
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

// jmeterRow is what JMeter says of a label, in milliseconds.
type jmeterRow struct {
	label           string
	total           bool
	samples, errors int64 // errors less than 0: not told
	rate            float64
	times           map[float64]maybe // by quantile
	min, max, mean  maybe
}

// add takes a row.
func (r jmeterRow) add(f *figures) error {
	if r.samples == 0 {
		return nil
	}
	if r.errors > r.samples {
		return fmt.Errorf("%d errors of %d samples cannot be", r.errors, r.samples)
	}
	s := withCounts(r.samples, r.errors)
	if r.errors < 0 {
		s.Failed = nil
	}
	millis := times{unit: time.Millisecond, step: time.Millisecond}
	for q, ms := range byKey(r.times) {
		if err := millis.quantile(s, q, ms); err != nil {
			return err
		}
	}
	if err := millis.extremes(s, r.min, r.mean, r.max); err != nil {
		return err
	}
	if r.total {
		f.lastedAtRate(r.samples, r.rate)
		f.together(s)
		return nil
	}
	return f.add(r.label, "", "", s)
}

// jmeterColumn is what a column of a saved table is, under the names of the
// reports and of the plugins' command line.
var jmeterColumns = []struct {
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

var jmeterTable = regexp.MustCompile(
	`(?i)^"?(label"?,"?# ?samples|libellé"?,"?# ?[ée]chantillons|sampler_label"?,"?aggregate_report_count)"?,`)

func sniffJMeterTable(head string) bool { return jmeterTable.MatchString(head) }

func readJMeterTable(in *bufio.Reader, f *figures) error {
	return eachRow(in, nil, nil, func(r row) error {
		share, samples := "", ""
		for column := range byKey(r.columns) {
			switch kind, _ := jmeterKind(column); kind {
			case "errors":
				share = r.get(column)
			case "samples":
				samples = r.get(column)
			}
		}
		failed, mark, err := jmeterShare(share)
		if err != nil {
			return err
		}
		n, ok := wholeIn(samples)
		if !ok {
			return fmt.Errorf("%q is no count of samples", samples)
		}
		one := jmeterRow{
			samples: n, errors: int64(math.Round(failed * float64(n))),
			times: map[float64]maybe{},
		}
		for column := range byKey(r.columns) {
			if err := one.take(column, r.get(column), mark); err != nil {
				return fmt.Errorf("%s: %w", column, err)
			}
		}
		one.total = one.label == "TOTAL" || one.label == "Total"
		return one.add(f)
	})
}

// take takes a column of a table whose decimals stand behind a mark; 0: it is not
// known which.
func (j *jmeterRow) take(column, text string, mark byte) error {
	kind, groups := jmeterKind(column)
	switch kind {
	case "", "samples", "errors":
		return nil
	case "label":
		j.label = text
		return nil
	case "rate":
		j.rate = jmeterRate(text, mark)
		return nil
	}
	if !strings.ContainsAny(text, "0123456789") { // N/A, NaN, a dash
		return nil
	}
	ms, err := numberIn(text, mark)
	if err != nil {
		return err
	}
	switch kind {
	case "mean":
		j.mean = sure(ms)
	case "median":
		j.times[0.5] = sure(ms)
	case "min":
		j.min = sure(ms)
	case "max":
		j.max = sure(ms)
	case "quantile":
		percent, err := strconv.ParseFloat(strings.Replace(groups[1], ",", ".", 1), 64)
		if err == nil && percent > 0 && percent < 100 {
			j.times[percent/100] = sure(ms)
		}
	}
	return nil
}

// jmeterKind is what a column is; empty: nothing that is read.
func jmeterKind(column string) (kind string, groups []string) {
	lower := strings.ToLower(strings.TrimSpace(column))
	for _, c := range jmeterColumns {
		if groups = c.match.FindStringSubmatch(lower); groups != nil {
			return c.name, groups
		}
	}
	return "", nil
}

// jmeterShare is a share of errors, 2.500% as JMeter prints it or 0.025 as it is,
// and the mark before its decimals: thousands of a share there are none.
func jmeterShare(text string) (share float64, mark byte, err error) {
	number, percent := strings.CutSuffix(strings.TrimSpace(readable(text)), "%")
	number = strings.TrimSpace(number)
	if at := strings.LastIndexAny(number, ".,"); at >= 0 {
		mark = number[at]
	}
	share, err = numberIn(number, mark)
	if percent {
		share /= 100
	}
	if err != nil || !(share >= 0 && share <= 1) {
		return 0, 0, fmt.Errorf("%q is no share of errors (Error %%)", text)
	}
	return share, mark, nil
}

// jmeterRate is a rate a second: 12.5, 12.5/sec, 30.0/min, 2.0/hour; 0: not told.
func jmeterRate(text string, mark byte) float64 {
	number, unit, _ := strings.Cut(text, "/")
	v, err := numberIn(number, mark)
	if err != nil || !(v >= 0 && v < 1e12) {
		return 0
	}
	seconds := []float64{1, 1, 60, 3600}
	return v / seconds[max(0, slices.Index([]string{"", "sec", "min", "hour"}, unit))]
}
