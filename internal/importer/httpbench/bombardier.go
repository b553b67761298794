package httpbench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/result"
)

// bombardier prints text for people, and JSON with --format json, in
// microseconds; percentiles only with --latencies. Both are of one address, and
// count answers by the first digit of their status; "others" had none. What newer
// versions print about 2xx alone is ignored.

const bombardierAdvice = "run bombardier with --latencies"

var (
	bombardierHead    = regexp.MustCompile(`(?m)^Bombarding (\S+) (?:for (\S+)|with \d+ request)`)
	bombardierTimes   = regexp.MustCompile(`^\s*Latency\s+([0-9.]+)(us|ms|s|m|h)\s+\S+\s+([0-9.]+)(us|ms|s|m|h)`)
	bombardierRate    = regexp.MustCompile(`^\s*Reqs/sec\s+([0-9.]+)`)
	bombardierPart    = regexp.MustCompile(`^\s*Latency Distribution(?: \((.*)\))?\s*$`)
	bombardierCodes   = regexp.MustCompile(`1xx - (\d+), 2xx - (\d+), 3xx - (\d+), 4xx - (\d+), 5xx - (\d+)`)
	bombardierOthers  = regexp.MustCompile(`^\s*others - (\d+)`)
	bombardierErrors  = regexp.MustCompile(`^\s*Errors:`)
	bombardierError   = regexp.MustCompile(`^\s+(.*\S)\s+- (\d+)\s*$`)
	bombardierEnd     = regexp.MustCompile(`^Throughput:\s+\S+B/s$|^\{.*\}$`) // of the last line
	bombardierTheJSON = []byte(`{"spec":`)
)

func sniffBombardier(head string) bool { return bombardierHead.MatchString(head) }

func sniffBombardierJSON(head string) bool {
	return collect.HasKeys(`"spec"`, `"numberOfConnections"`, `"result"`)(head) ||
		collect.HasKeys(`"spec"`, `"req2xx"`)(head)
}

type bombardierReport struct {
	Spec struct {
		Method string
		URL    string
	}
	Result struct {
		Seconds                numeral.Optional `json:"timeTakenSeconds"`
		Req1xx, Req2xx, Req3xx numeral.Count
		Req4xx, Req5xx, Others numeral.Count
		Errors                 []struct {
			Description string
			Count       numeral.Count
		}
		Latency struct {
			Mean, Max   numeral.Optional
			Percentiles numeral.Numbers
		}
	}
}

// bombardierCounts are answers by the first digit of their status.
type bombardierCounts struct {
	codes  [5]int64
	others int64
}

// add takes what was counted of an address, with the causes that the file names.
func (c bombardierCounts) add(f *collect.Figures, method, address string,
	s *result.Summary, causes map[string]int64) error {
	answered := int64(0)
	failed, unexplained := c.others, c.others
	for i, n := range c.codes {
		answered += n
		if i != 1 && i != 2 {
			failed += n
			f.FailAnswered("", method, address, n, fmt.Sprintf("%dxx", i+1))
		}
	}
	for words, n := range textfile.ByKey(causes) {
		n = min(n, unexplained)
		f.Fail("", method, address, n, 0, words)
		unexplained -= n
	}
	f.Fail("", method, address, unexplained, 0, "no answer")
	s.Requests, s.Failed, s.Latencies = answered+c.others, &failed, answered+c.others
	return f.Add("", method, address, s)
}

func readBombardierJSON(in *bufio.Reader, f *collect.Figures) error {
	var v bombardierReport
	if err := textfile.DecodeJSON(in, &v); err != nil {
		return err
	}
	return v.take(f)
}

func (v *bombardierReport) take(f *collect.Figures) error {
	r := v.Result
	s := &result.Summary{}
	micros := collect.Times{Unit: time.Microsecond, Step: time.Microsecond}
	for text, us := range textfile.ByKey(r.Latency.Percentiles) {
		percent, err := numeral.Number(text)
		if err != nil || !(percent > 0 && percent < 100) {
			continue
		}
		if err := micros.AddQuantile(s, percent/100, numeral.Some(us)); err != nil {
			return err
		}
	}
	if r.Latency.Max.Value > 0 && r.Latency.Mean.OK {
		if err := micros.SetExtremes(s, numeral.Optional{}, r.Latency.Mean, r.Latency.Max); err != nil {
			return err
		}
	}
	causes := map[string]int64{}
	for _, e := range r.Errors {
		causes[e.Description] += int64(e.Count)
	}
	if d, ok := collect.RunLength(r.Seconds.Value, time.Second); ok {
		f.Ran(time.Time{}, d)
	}
	c := bombardierCounts{others: int64(r.Others)}
	for i, n := range []numeral.Count{r.Req1xx, r.Req2xx, r.Req3xx, r.Req4xx, r.Req5xx} {
		c.codes[i] = int64(n)
	}
	return c.add(f, v.Spec.Method, v.Spec.URL, s, causes)
}

func readBombardier(in *bufio.Reader, f *collect.Figures) error {
	var counts bombardierCounts
	s := &result.Summary{}
	address, rate, length := "", 0.0, time.Duration(0)
	seen, within, listing := false, true, false
	causes := map[string]int64{}
	var document *bombardierReport
	err := textfile.EachCompleteLine(in, bombardierEnd.Match, func(line []byte) error {
		if bytes.HasPrefix(line, bombardierTheJSON) {
			document = &bombardierReport{}
			return json.Unmarshal(line, document)
		}
		if m := bombardierHead.FindSubmatch(line); m != nil {
			if address != "" {
				return secondRun(string(m[1]), address)
			}
			address = string(m[1])
			length, _ = time.ParseDuration(string(m[2])) // absent if the run had a number of requests
		} else if m := bombardierTimes.FindSubmatch(line); m != nil {
			var err error
			if s.Mean, s.Max, err = wrkTimes(m); err != nil {
				return err
			}
		} else if m := bombardierRate.FindSubmatch(line); m != nil {
			rate, _ = numeral.Number(string(m[1]))
		} else if m := bombardierPart.FindSubmatch(line); m != nil {
			within = len(m[1]) == 0 || string(m[1]) == "Total"
		} else if m := wrkPercent.FindSubmatch(line); m != nil && within {
			q, err := numeral.Number(string(m[1]))
			if err != nil || !(q > 0 && q < 100) {
				return err
			}
			reading, err := wrkTime(string(m[2]), string(m[3]))
			if err != nil {
				return err
			}
			s.Quantiles = append(s.Quantiles, result.Quantile{Q: q / 100, Reading: reading})
		} else if m := bombardierCodes.FindSubmatch(line); m != nil {
			seen = true
			for i := range counts.codes {
				counts.codes[i], _ = strconv.ParseInt(string(m[i+1]), 10, 50)
			}
		} else if m := bombardierOthers.FindSubmatch(line); m != nil {
			counts.others, _ = strconv.ParseInt(string(m[1]), 10, 50)
		} else if bombardierErrors.Match(line) {
			listing = true
		} else if m := bombardierError.FindSubmatch(line); m != nil && listing {
			n, _ := strconv.ParseInt(string(m[2]), 10, 50)
			causes[string(m[1])] += n
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case document != nil:
		return document.take(f)
	case !seen:
		return errors.New("it was cut: there is no line of status codes")
	}
	if length > 0 {
		f.Ran(time.Time{}, length)
	} else {
		all := counts.others
		for _, n := range counts.codes {
			all += n
		}
		f.RanAtRate(all, rate)
	}
	return counts.add(f, "", address, s, causes)
}
