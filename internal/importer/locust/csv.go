// Package locust reads the CSV files and the JSON of Locust, of all its versions.
package locust

import (
	"bufio"
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// Locust counts times in buckets of two digits: below 100 ms of one, below a
// second of ten, below ten seconds of a hundred (stats.py, log). A percentile that
// it writes is such a bucket, and includes failed requests. --csv writes
// PREFIX_stats.csv, with a row for each endpoint and one for all, and files with the
// failures in words and a history; --json writes the buckets.

const (
	statsHead        = "Type,Name,Request Count,Failure Count,"
	oldStatsHead     = "Type,Name,# requests,# failures,"
	requestsHead     = "Method,Name,# requests,# failures,"
	distributionHead = "Name,# requests,50%,"
	failuresHead     = "Method,Name,Error,Occurrences"
	exceptionsHead   = "Count,Message,Traceback"
	oldHistoryHead   = "Type,Name,Timestamp,"
	historyHead      = "Timestamp,User Count,Type,Name,"
)

const advice = "run Locust with --json, which keeps what can be joined and asked anew"

func sniff(heads ...string) func(string) bool {
	return func(text string) bool {
		bare := strings.ReplaceAll(text, `"`, "")
		return slices.ContainsFunc(heads, func(head string) bool { return strings.HasPrefix(bare, head) })
	}
}

// bucket is a time of two digits.
func bucket(ms float64) (result.Reading, error) {
	step := time.Millisecond
	if ms >= 100 {
		step = time.Duration(math.Pow10(int(math.Log10(ms))-1)) * time.Millisecond
	}
	r, err := collect.Times{Unit: time.Millisecond, Step: step}.Reading(ms)
	if err != nil {
		return result.Reading{}, err
	}
	if ms >= 100 && math.Pow10(int(math.Log10(ms))) == ms {
		r.Low = r.Value - step/20 // times just below a power of ten have a digit more
	}
	return r, nil
}

// parseCount reads a count; a column without one is an error of the file.
func parseCount(r textfile.Row, name string) (int64, error) {
	n, ok := numeral.ParseCount(r.Get(name))
	if !ok {
		return 0, fmt.Errorf("%s %q is not a count", name, r.Get(name))
	}
	return n, nil
}

func readStats(in *bufio.Reader, f *collect.Figures) error {
	return textfile.EachRow(in, nil, []string{"Type", "Name", "Request Count", "Failure Count"},
		func(r textfile.Row) error {
			requests, err := parseCount(r, "Request Count")
			if err != nil {
				return err
			}
			failed, err := parseCount(r, "Failure Count")
			if err != nil {
				return err
			}
			return addRow(f, r, r.Get("Type"), requests, failed, failed > requests)
		})
}

// addRow adds a row. Apart: the requests do not include the failures.
func addRow(f *collect.Figures, r textfile.Row, method string, requests, failed int64, apart bool) error {
	timed := requests
	if apart {
		requests += failed
	}
	aggregated := isTotal(method, r.Get("Name"))
	if aggregated {
		rate, _ := numeral.Number(r.Get("Requests/s")) // absent: the length is unknown
		f.RanAtRate(timed, rate)
	}
	if requests == 0 {
		return nil
	}
	s := collect.NewSummary(requests, failed)
	s.Latencies = timed
	var extremes [3]numeral.Optional
	for i, name := range []string{"Min", "Average", "Max"} {
		column := name + " Response Time"
		text := cmp.Or(r.Get(column), r.Get(name+" response time")) // as before 1.0
		ms, err := numeral.ParseOptional(text)
		if err != nil {
			return fmt.Errorf("%s %q is not a number of milliseconds", column, text)
		}
		ms.OK = ms.OK && timed > 0
		extremes[i] = ms
	}
	err := collect.Times{Unit: time.Millisecond}.SetExtremes(s, extremes[0], extremes[1], extremes[2])
	if err != nil {
		return err
	}
	quantiles, err := quantiles(r)
	if err != nil {
		return err
	}
	s.Quantiles = quantiles
	if aggregated {
		f.AddTotal(s)
		return nil
	}
	return f.Add(r.Get("Name"), method, "", s)
}

// isTotal reports whether a row is of all requests: its name depends on the version.
func isTotal(method, name string) bool {
	return (method == "" || method == "None") && (name == "Aggregated" || name == "Total")
}

// quantiles are the percentiles of a row.
func quantiles(r textfile.Row) ([]result.Quantile, error) {
	var found []result.Quantile
	for column := range textfile.ByKey(r.Columns) {
		percent, ok := strings.CutSuffix(column, "%")
		q, err := numeral.Number(percent)
		if !ok || err != nil || q <= 0 || q >= 100 || r.Get(column) == "N/A" {
			continue // 100% is a bucket, and Max is exact
		}
		ms, err := numeral.Number(r.Get(column))
		if err != nil {
			return nil, fmt.Errorf("%s %q is not a number of milliseconds", column, r.Get(column))
		}
		reading, err := bucket(ms)
		if err != nil {
			return nil, err
		}
		found = append(found, result.Quantile{Q: q / 100, Reading: reading})
	}
	slices.SortFunc(found, func(a, b result.Quantile) int { return cmp.Compare(a.Q, b.Q) })
	return found, nil
}

func readFailures(in *bufio.Reader, f *collect.Figures) error {
	return textfile.EachRow(in, nil, []string{"Method", "Name", "Error", "Occurrences"}, func(r textfile.Row) error {
		n, err := parseCount(r, "Occurrences")
		if err != nil {
			return err
		}
		words := r.Get("Error")
		if ofScript(words) {
			f.FailUnexpected(r.Get("Name"), r.Get("Method"), "", n, words)
		} else {
			f.Fail(r.Get("Name"), r.Get("Method"), "", n, statusOf(words), words)
		}
		return nil
	})
}

// exception is how Locust writes an error that something raised, and unaccepted those that mean that the script did not
// accept an answer.
var (
	exception  = regexp.MustCompile(`^[\w.]+\(`)
	unaccepted = regexp.MustCompile(`^(CatchResponseError|AssertionError|AssertionFailedError)\(`)
)

// ofScript says whether an error is the script's own: response.failure("…"), or a failed assertion.
func ofScript(words string) bool {
	return unaccepted.MatchString(words) || !exception.MatchString(words)
}

// statusOf is the status that the words of an error begin with: HTTPError('404
// Client Error: …'); 0: none.
func statusOf(words string) int {
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

// timestamp is the time of a row of a history, in Unix seconds.
func timestamp(r textfile.Row) (int64, error) {
	at, err := strconv.ParseInt(r.Get("Timestamp"), 10, 64)
	if err != nil || at < 0 || at > 1<<40 {
		return 0, fmt.Errorf("the Timestamp %q is not a time in seconds", r.Get("Timestamp"))
	}
	return at, nil
}

// readHistory takes when the run began, how long it took, and its users:
// times in the history are of the run so far, or of ten seconds.
func readHistory(in *bufio.Reader, f *collect.Figures) error {
	var first, last int64
	users := map[int64]int{}
	err := textfile.EachRow(in, nil, []string{"Timestamp", "User Count", "Name"}, func(r textfile.Row) error {
		at, err := timestamp(r)
		if err != nil {
			return err
		}
		n, err := parseCount(r, "User Count")
		if err != nil {
			return err
		}
		if len(users) == 0 {
			first = at
		}
		first, last = min(first, at), max(last, at)
		if last-first > int64(collect.LongestRun/time.Second) {
			return fmt.Errorf("times from %d to %d are more than a run", first, last)
		}
		users[at] = int(min(n, math.MaxInt32))
		return nil
	})
	if err != nil || len(users) == 0 {
		return err
	}
	f.Ran(time.Unix(first, 0), time.Duration(last-first)*time.Second)
	var timeline []result.Moment
	for at, n := range textfile.ByKey(users) {
		timeline = append(timeline, result.Moment{Slot: int(at - first), Users: n})
	}
	f.SetUsers(timeline)
	return nil
}

// readExceptions takes how often a task of the locustfile broke off: what
// it would have sent after that is in no count of requests.
func readExceptions(in *bufio.Reader, f *collect.Figures) error {
	broken := int64(0)
	err := textfile.EachRow(in, nil, []string{"Count", "Message"}, func(r textfile.Row) error {
		n, err := parseCount(r, "Count")
		broken += n
		return err
	})
	if err == nil && broken > 0 {
		f.Note("exceptions that ended tasks of the locustfile, which are not failed requests: " + unit.Grouped(broken))
	}
	return err
}
