package importer

import (
	"bufio"
	"strings"
	"time"
)

// Before 0.14 Locust's --csv wrote PREFIX_requests.csv and, beside it, the
// percentiles in PREFIX_distribution.csv, whose names have the method in front.
// Before failures a second were a column too, failed requests were not
// among the requests.

func readLocustRequests(in *bufio.Reader, f *figures) error {
	return readLocustOld(in, f, "Method")
}

func readLocustOldStats(in *bufio.Reader, f *figures) error { return readLocustOld(in, f, "Type") }

func readLocustOld(in *bufio.Reader, f *figures, method string) error {
	return eachRow(in, nil, []string{method, "Name", "# requests", "# failures"}, func(r row) error {
		requests, err := locustCount(r, "# requests")
		if err != nil {
			return err
		}
		failed, err := locustCount(r, "# failures")
		if err != nil {
			return err
		}
		among := false
		for column := range byKey(r.columns) {
			among = among || column == "Requests Failed/s" || column == "Failures/s"
		}
		return addLocust(f, r, r.get(method), requests, failed, !among || failed > requests)
	})
}

// readLocustOldHistory takes when a run began and how long it took.
func readLocustOldHistory(in *bufio.Reader, f *figures) error {
	var first, last int64
	err := eachRow(in, nil, []string{"Name", "Timestamp"}, func(r row) error {
		at, err := locustMoment(r)
		if err != nil {
			return err
		}
		if first == 0 {
			first = at
		}
		first, last = min(first, at), max(last, at)
		return nil
	})
	if length := last - first; err == nil && first > 0 && length < int64(longestFile/time.Second) {
		f.lasted(time.Unix(first, 0), time.Duration(length)*time.Second)
	}
	return err
}

// readLocustDistribution takes the percentiles of endpoints that another file
// has.
func readLocustDistribution(in *bufio.Reader, f *figures) error {
	return eachRow(in, nil, []string{"Name", "# requests"}, func(r row) error {
		quantiles, err := locustQuantiles(r)
		if err != nil || quantiles == nil {
			return err
		}
		method, name, ok := strings.Cut(r.get("Name"), " ")
		if !ok {
			method, name = "", r.get("Name")
		}
		if locustTotal(method, name) {
			f.setTotalQuantiles(quantiles)
			return nil
		}
		f.setQuantiles(name, method, quantiles)
		return nil
	})
}
