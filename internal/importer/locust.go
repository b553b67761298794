package importer

import (
	"bufio"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// Locust counts times in buckets of two digits: below 100 ms of one, below a
// second of ten, below ten seconds of a hundred (stats.py, log). What it writes
// of a percentile is such a bucket; failed requests are in it. --csv writes
// PREFIX_stats.csv, with a row for each endpoint and one for all of them, and
// beside it the failures in words and a history; --json writes the buckets.

const (
	locustStats    = "Type,Name,Request Count,Failure Count,"
	locustFailures = "Method,Name,Error,Occurrences"
	locustHistory  = "Timestamp,User Count,Type,Name,"
)

const locustAdvice = "run Locust with --json, which keeps what can be joined and asked anew"

func sniffLocust(head string) func(string) bool {
	return func(text string) bool { return strings.HasPrefix(strings.ReplaceAll(text, `"`, ""), head) }
}

// locustBucket is a time of two digits.
func locustBucket(ms float64) (result.Reading, error) {
	d, err := inMS(ms)
	if err != nil {
		return result.Reading{}, err
	}
	step := time.Millisecond
	if ms >= 100 {
		step = time.Duration(math.Pow10(int(math.Log10(ms))-1)) * time.Millisecond
	}
	r := rounded(d, step)
	if ms >= 100 && math.Pow10(int(math.Log10(ms))) == ms {
		r.Low = d - step/20 // times just below a power of ten have a digit more
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
		timed := requests
		if failed > requests { // they are beside the requests, not among them
			requests += failed
		}
		aggregated := r.get("Type") == "" && r.get("Name") == "Aggregated"
		if aggregated {
			rate, _ := strconv.ParseFloat(r.get("Requests/s"), 64) // absent: how long it took is not known
			f.lasted(time.Time{}, span(requests, rate))
		}
		if requests == 0 {
			return nil
		}
		s := withCounts(requests, failed)
		s.Latencies = timed
		for _, one := range []struct {
			column string
			into   **result.Reading
		}{{"Min Response Time", &s.Min}, {"Max Response Time", &s.Max}, {"Average Response Time", &s.Mean}} {
			if ms, err := strconv.ParseFloat(r.get(one.column), 64); err == nil {
				d, err := inMS(ms)
				if err != nil {
					return err
				}
				exact := result.Exactly(d)
				*one.into = &exact
			}
		}
		for column := range r.columns {
			percent, ok := strings.CutSuffix(column, "%")
			q, err := strconv.ParseFloat(percent, 64)
			if !ok || err != nil || q <= 0 || q >= 100 || r.get(column) == "N/A" {
				continue // 100% is a bucket, and Max is exact
			}
			ms, err := strconv.ParseFloat(r.get(column), 64)
			if err != nil {
				return fmt.Errorf("%s %q is no number of milliseconds", column, r.get(column))
			}
			reading, err := locustBucket(ms)
			if err != nil {
				return err
			}
			s.Quantiles = append(s.Quantiles, result.Quantile{Q: q / 100, Reading: reading})
		}
		if aggregated {
			f.together(s)
			return nil
		}
		return f.add(r.get("Name"), r.get("Type"), "", s)
	})
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

// readLocustHistory takes when the run began, how long it took, and its users:
// what the history says of times is of the whole run so far, or of ten seconds.
func readLocustHistory(in *bufio.Reader, f *figures) error {
	var first, last int64
	users := map[int64]int{}
	err := eachRow(in, nil, []string{"Timestamp", "User Count", "Name"}, func(r row) error {
		at, err := strconv.ParseInt(r.get("Timestamp"), 10, 64)
		if err != nil || at < 0 || at > 1<<40 {
			return fmt.Errorf("the Timestamp %q is no time in seconds", r.get("Timestamp"))
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
	f.users = nil
	for at, n := range users {
		f.users = append(f.users, result.Moment{Slot: int(at - first), Users: n})
	}
	slices.SortFunc(f.users, func(a, b result.Moment) int { return a.Slot - b.Slot })
	return nil
}

// locustEntry is an endpoint as --json has it.
type locustEntry struct {
	Name    string
	Method  string
	Start   float64          `json:"start_time"`
	Last    float64          `json:"last_request_timestamp"`
	Count   count            `json:"num_requests"`
	Failed  count            `json:"num_failures"`
	Max     float64          `json:"max_response_time"`
	Min     *float64         `json:"min_response_time"`
	Total   float64          `json:"total_response_time"`
	Buckets map[string]count `json:"response_times"`
}

func sniffLocustJSON(head string) bool {
	return strings.HasPrefix(strings.TrimSpace(head), "[") && strings.Contains(head, `"num_requests"`) && strings.Contains(head, `"start_time"`)
}

func readLocustJSON(in *bufio.Reader, f *figures) error {
	var entries []locustEntry
	if err := whole(in, &entries); err != nil {
		return err
	}
	var start, last float64
	for _, e := range entries {
		if e.Failed > e.Count { // as in the CSV
			e.Count += e.Failed
		}
		s := withCounts(int64(e.Count), int64(e.Failed))
		if e.Count == 0 {
			continue
		}
		s.Latencies, s.Buckets = 0, []result.Bucket{}
		for text, n := range e.Buckets {
			ms, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return fmt.Errorf("%s: %d times of %q ms: that cannot be", e.Name, n, text)
			}
			reading, err := locustBucket(ms)
			if err != nil {
				return fmt.Errorf("%s: %w", e.Name, err)
			}
			s.Buckets = append(s.Buckets, result.Bucket{Reading: reading, Count: int64(n)})
			s.Latencies += int64(n)
		}
		if s.Latencies > 0 {
			if err := exactTimes(s, e); err != nil {
				return fmt.Errorf("%s: %w", e.Name, err)
			}
		}
		if err := f.add(e.Name, e.Method, "", s); err != nil {
			return err
		}
		if start == 0 || e.Start < start {
			start = e.Start
		}
		last = max(last, e.Last)
	}
	if start > 0 && last > start {
		f.lasted(time.UnixMilli(int64(start*1000)), time.Duration((last-start)*float64(time.Second)))
	}
	return nil
}

// exactTimes are those that Locust does not round.
func exactTimes(s *result.Summary, e locustEntry) error {
	longest, err := inMS(e.Max)
	if err != nil {
		return err
	}
	mean, err := inMS(e.Total / float64(s.Latencies))
	if err != nil {
		return err
	}
	most, average := result.Exactly(longest), result.Exactly(mean)
	s.Max, s.Mean = &most, &average
	if e.Min != nil {
		least, err := inMS(*e.Min)
		if err != nil {
			return err
		}
		shortest := result.Exactly(least)
		s.Min = &shortest
	}
	return nil
}
