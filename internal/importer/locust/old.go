package locust

import (
	"bufio"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/textfile"
)

// Before 0.14 Locust's --csv wrote PREFIX_requests.csv, and the percentiles to
// PREFIX_distribution.csv, whose names have the method in front.
// Before failures a second were a column too, failed requests were not
// among the requests.

func readRequests(in *bufio.Reader, f *collect.Figures) error {
	return readOld(in, f, "Method")
}

func readOldStats(in *bufio.Reader, f *collect.Figures) error { return readOld(in, f, "Type") }

func readOld(in *bufio.Reader, f *collect.Figures, method string) error {
	return textfile.EachRow(in, nil, []string{method, "Name", "# requests", "# failures"}, func(r textfile.Row) error {
		requests, err := parseCount(r, "# requests")
		if err != nil {
			return err
		}
		failed, err := parseCount(r, "# failures")
		if err != nil {
			return err
		}
		among := false
		for column := range textfile.ByKey(r.Columns) {
			among = among || column == "Requests Failed/s" || column == "Failures/s"
		}
		return addRow(f, r, r.Get(method), requests, failed, !among || failed > requests)
	})
}

// readOldHistory takes when a run began and how long it took.
func readOldHistory(in *bufio.Reader, f *collect.Figures) error {
	var first, last int64
	err := textfile.EachRow(in, nil, []string{"Name", "Timestamp"}, func(r textfile.Row) error {
		at, err := timestamp(r)
		if err != nil {
			return err
		}
		if first == 0 {
			first = at
		}
		first, last = min(first, at), max(last, at)
		return nil
	})
	if length := last - first; err == nil && first > 0 && length < int64(collect.LongestRun/time.Second) {
		f.Ran(time.Unix(first, 0), time.Duration(length)*time.Second)
	}
	return err
}

// readDistribution takes the percentiles of endpoints that another file
// has.
func readDistribution(in *bufio.Reader, f *collect.Figures) error {
	return textfile.EachRow(in, nil, []string{"Name", "# requests"}, func(r textfile.Row) error {
		quantiles, err := quantiles(r)
		if err != nil || quantiles == nil {
			return err
		}
		method, name, ok := strings.Cut(r.Get("Name"), " ")
		if !ok {
			method, name = "", r.Get("Name")
		}
		if isTotal(method, name) {
			f.SetTotalQuantiles(quantiles)
			return nil
		}
		f.SetQuantiles(name, method, quantiles)
		return nil
	})
}
