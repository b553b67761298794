package importer

import (
	"bufio"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// Locust counts times in buckets of two digits: below 100 ms of one, below a
// second of ten, below ten seconds of a hundred (stats.py, log). What it writes
// of a percentile is such a bucket; failed requests are in it. --csv writes
// PREFIX_stats.csv, with a row for each endpoint and one for all of them, and
// beside it the failures in words and a history; --json writes the buckets.

const (
	locustStats      = "Type,Name,Request Count,Failure Count,"
	locustOldStats   = "Type,Name,# requests,# failures,"
	locustRequests   = "Method,Name,# requests,# failures,"
	locustParts      = "Name,# requests,50%,"
	locustFailures   = "Method,Name,Error,Occurrences"
	locustErrors     = "Count,Message,Traceback"
	locustOldHistory = "Type,Name,Timestamp,"
	locustHistory    = "Timestamp,User Count,Type,Name,"
)

const locustAdvice = "run Locust with --json, which keeps what can be joined and asked anew"

func sniffLocust(heads ...string) func(string) bool {
	return func(text string) bool {
		bare := strings.ReplaceAll(text, `"`, "")
		return slices.ContainsFunc(heads, func(head string) bool { return strings.HasPrefix(bare, head) })
	}
}

// locustBucket is a time of two digits.
func locustBucket(ms float64) (result.Reading, error) {
	step := time.Millisecond
	if ms >= 100 {
		step = time.Duration(math.Pow10(int(math.Log10(ms))-1)) * time.Millisecond
	}
	r, err := times{unit: time.Millisecond, step: step}.reading(ms)
	if err != nil {
		return result.Reading{}, err
	}
	if ms >= 100 && math.Pow10(int(math.Log10(ms))) == ms {
		r.Low = r.Value - step/20 // times just below a power of ten have a digit more
	}
	return r, nil
}

// locustCount reads a count; a column without one is an error of the file.
func locustCount(r row, name string) (int64, error) {
	n, err := strconv.ParseInt(r.get(name), 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s %q is no count", name, r.get(name))
	}
	return n, nil
}

func readLocustStats(in *bufio.Reader, f *figures) error {
	return eachRow(in, nil, []string{"Type", "Name", "Request Count", "Failure Count"}, func(r row) error {
		requests, err := locustCount(r, "Request Count")
		if err != nil {
			return err
		}
		failed, err := locustCount(r, "Failure Count")
		if err != nil {
			return err
		}
		return addLocust(f, r, r.get("Type"), requests, failed, failed > requests)
	})
}

// addLocust takes a row. Apart: the failures are beside the requests, not among
// them.
func addLocust(f *figures, r row, method string, requests, failed int64, apart bool) error {
	timed := requests
	if apart {
		requests += failed
	}
	aggregated := locustTotal(method, r.get("Name"))
	if aggregated {
		rate, _ := strconv.ParseFloat(r.get("Requests/s"), 64) // absent: how long it took is not known
		f.lastedAtRate(timed, rate)
	}
	if requests == 0 {
		return nil
	}
	s := withCounts(requests, failed)
	s.Latencies = timed
	exact := func(column, old string) maybe { // old: before 1.0
		ms, err := strconv.ParseFloat(cmp.Or(r.get(column), r.get(old)), 64)
		return maybe{ms, err == nil && timed > 0}
	}
	err := times{unit: time.Millisecond}.extremes(s, exact("Min Response Time", "Min response time"),
		exact("Average Response Time", "Average response time"), exact("Max Response Time", "Max response time"))
	if err != nil {
		return err
	}
	quantiles, err := locustQuantiles(r)
	if err != nil {
		return err
	}
	s.Quantiles = quantiles
	if aggregated {
		f.together(s)
		return nil
	}
	return f.add(r.get("Name"), method, "", s)
}

// locustTotal says whether a row is of all requests: every version calls it in
// its way.
func locustTotal(method, name string) bool {
	return (method == "" || method == "None") && (name == "Aggregated" || name == "Total")
}

// locustQuantiles are the percentiles of a row.
func locustQuantiles(r row) ([]result.Quantile, error) {
	var found []result.Quantile
	for column := range byKey(r.columns) {
		percent, ok := strings.CutSuffix(column, "%")
		q, err := strconv.ParseFloat(percent, 64)
		if !ok || err != nil || q <= 0 || q >= 100 || r.get(column) == "N/A" {
			continue // 100% is a bucket, and Max is exact
		}
		ms, err := strconv.ParseFloat(r.get(column), 64)
		if err != nil {
			return nil, fmt.Errorf("%s %q is no number of milliseconds", column, r.get(column))
		}
		reading, err := locustBucket(ms)
		if err != nil {
			return nil, err
		}
		found = append(found, result.Quantile{Q: q / 100, Reading: reading})
	}
	slices.SortFunc(found, func(a, b result.Quantile) int { return cmp.Compare(a.Q, b.Q) })
	return found, nil
}

func readLocustFailures(in *bufio.Reader, f *figures) error {
	return eachRow(in, nil, []string{"Method", "Name", "Error", "Occurrences"}, func(r row) error {
		n, err := locustCount(r, "Occurrences")
		if err != nil {
			return err
		}
		words := r.get("Error")
		f.fail(r.get("Name"), r.get("Method"), "", n, statusIn(words), words)
		return nil
	})
}

// statusIn is the status that the words of an error begin with: HTTPError('404
// Client Error: …'); 0: none.
func statusIn(words string) int {
	_, rest, ok := strings.Cut(words, "HTTPError(")
	if !ok {
		return 0
	}
	digits, _, _ := strings.Cut(strings.TrimLeft(rest, `'"`), " ")
	status, err := strconv.Atoi(digits)
	if err != nil || status < 100 || status > 599 {
		return 0
	}
	return status
}

// locustMoment is the time of a row of a history, in Unix seconds.
func locustMoment(r row) (int64, error) {
	at, err := strconv.ParseInt(r.get("Timestamp"), 10, 64)
	if err != nil || at < 0 || at > 1<<40 {
		return 0, fmt.Errorf("the Timestamp %q is no time in seconds", r.get("Timestamp"))
	}
	return at, nil
}

// readLocustHistory takes when the run began, how long it took, and its users:
// what the history says of times is of the whole run so far, or of ten seconds.
func readLocustHistory(in *bufio.Reader, f *figures) error {
	var first, last int64
	users := map[int64]int{}
	err := eachRow(in, nil, []string{"Timestamp", "User Count", "Name"}, func(r row) error {
		at, err := locustMoment(r)
		if err != nil {
			return err
		}
		n, err := locustCount(r, "User Count")
		if err != nil {
			return err
		}
		if len(users) == 0 {
			first = at
		}
		first, last = min(first, at), max(last, at)
		if last-first > int64(longestFile/time.Second) {
			return fmt.Errorf("times from %d to %d are more than a run", first, last)
		}
		users[at] = int(min(n, math.MaxInt32))
		return nil
	})
	if err != nil || len(users) == 0 {
		return err
	}
	f.lasted(time.Unix(first, 0), time.Duration(last-first)*time.Second)
	var timeline []result.Moment
	for at, n := range byKey(users) {
		timeline = append(timeline, result.Moment{Slot: int(at - first), Users: n})
	}
	f.setUsers(timeline)
	return nil
}

// readLocustExceptions takes how often a task of the locustfile broke off: what
// it would have sent after that is in no count of requests.
func readLocustExceptions(in *bufio.Reader, f *figures) error {
	broken := int64(0)
	err := eachRow(in, nil, []string{"Count", "Message"}, func(r row) error {
		n, err := locustCount(r, "Count")
		broken += n
		return err
	})
	if err == nil && broken > 0 {
		f.note("exceptions that ended tasks of the locustfile, which are no failed requests: " + unit.Grouped(broken))
	}
	return err
}
