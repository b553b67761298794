package importer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// wrk prints text for people: of one address, times with a unit of their own
// each, percentiles only with --latency and never a p95. wrk2 prints the whole
// spectrum as well, in milliseconds, from the intended start; its first ten
// seconds are not in it. Errors of sockets are no requests there; here they are
// requests that failed. Timeouts are requests that were answered too late: wrk
// counts them among the requests, and leaves their times out. With -U wrk2 prints
// a second spectrum, from the actual start: it hides what a stalled service made
// wait, and is left out.

const wrkAdvice = "run wrk2 with --latency, whose spectrum has every percentile"

var (
	wrkHead     = regexp.MustCompile(`(?m)^Running .* test @ (\S+)`)
	wrkPercent  = regexp.MustCompile(`^\s*(\d+(?:\.\d+)?)%\s+(\d+(?:\.\d+)?)(us|ms|s|m|h)\s*$`)
	wrkLatency  = regexp.MustCompile(`^\s*Latency\s+(\d+(?:\.\d+)?)(us|ms|s|m|h)\s+\S+\s+(\d+(?:\.\d+)?)(us|ms|s|m|h)`)
	wrkRequests = regexp.MustCompile(`^\s*(\d+) requests in (\d+(?:\.\d+)?)(us|ms|s|m|h),`)
	wrkBad      = regexp.MustCompile(`^\s*Non-2xx or 3xx responses: (\S+)`)
	wrkPart     = regexp.MustCompile(`^\s*Latency Distribution\b`)
	wrkEnd      = regexp.MustCompile(`^Transfer/sec:\s+\S+B\s*$`)
	wrkErrors   = regexp.MustCompile(`^\s*Socket errors: connect (\S+), read (\S+), write (\S+), timeout (\S+)`)
)

// units are those of wrk.
var wrkUnits = map[string]time.Duration{"us": time.Microsecond,
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour}

func sniffWrk(head string) bool {
	return wrkHead.MatchString(head) && !autocannonTable.MatchString(head)
}

// wrkTimes are the mean and the longest of a line, each a number and its unit.
func wrkTimes(m [][]byte) (mean, longest *result.Reading, err error) {
	first, err := wrkTime(string(m[1]), string(m[2]))
	if err != nil {
		return nil, nil, err
	}
	last, err := wrkTime(string(m[3]), string(m[4]))
	return &first, &last, err
}

// wrkTime is a number with two decimals and its unit.
func wrkTime(number, unit string) (result.Reading, error) {
	v, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return result.Reading{}, err
	}
	d, err := inUnit(v, wrkUnits[unit])
	return rounded(d, wrkUnits[unit]/100), err
}

func readWrk(in *bufio.Reader, f *figures) error {
	s := &result.Summary{}
	address := ""
	bad, broken, late, completed := int64(0), int64(0), int64(0), int64(0)
	seen := false
	var spectrum spectrum
	uncorrected := false
	finished := false // what a script prints after that may end anyhow
	whole := func([]byte) bool { return finished }
	err := eachWholeLine(in, whole, func(line []byte) error {
		finished = finished || wrkEnd.Match(line)
		if wrkPart.Match(line) {
			uncorrected = bytes.Contains(line, []byte("Uncorrected"))
		} else if m := wrkHead.FindSubmatch(line); m != nil {
			if address != "" {
				return secondRun(string(m[1]), address)
			}
			address = string(m[1])
		} else if m := wrkLatency.FindSubmatch(line); m != nil {
			var err error
			if s.Mean, s.Max, err = wrkTimes(m); err != nil {
				return err
			}
		} else if m := wrkPercent.FindSubmatch(line); m != nil {
			q, err := strconv.ParseFloat(string(m[1]), 64)
			if err != nil || q >= 100 || uncorrected {
				return err
			}
			reading, err := wrkTime(string(m[2]), string(m[3]))
			if err != nil {
				return err
			}
			s.Quantiles = append(s.Quantiles, result.Quantile{Q: q / 100, Reading: reading})
		} else if m := wrkRequests.FindSubmatch(line); m != nil {
			n, err := strconv.ParseInt(string(m[1]), 10, 50)
			if err != nil {
				return err
			}
			took, err := wrkTime(string(m[2]), string(m[3]))
			if err != nil {
				return err
			}
			if seen {
				return errors.New("a second run ends: give each run a file of its own")
			}
			seen, completed, s.Latencies = true, n, n
			f.lasted(time.Time{}, took.Value)
		} else if m := wrkBad.FindSubmatch(line); m != nil {
			n, err := strconv.ParseInt(string(m[1]), 10, 50)
			if err != nil {
				return err
			}
			bad += n
		} else if m := wrkErrors.FindSubmatch(line); m != nil {
			var counts [4]int64
			for i := range counts {
				n, err := strconv.ParseInt(string(m[i+1]), 10, 50)
				if err != nil {
					return err
				}
				counts[i] = n
			}
			broken, late = counts[0]+counts[1]+counts[2], counts[3]
			for i, words := range []string{"connect refused", "read reset", "write reset", "timeout"} {
				f.fail("", "GET", address, counts[i], 0, words)
			}
		} else if uncorrected {
			return nil
		} else if err := spectrum.line(line); err != nil {
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !seen {
		return fmt.Errorf("it was cut: there is no line of all requests")
	}
	// What was answered too late is among the requests, unless there are fewer.
	s.Requests = max(completed, late) + broken
	failed := min(bad+broken+late, s.Requests)
	f.refused("", "GET", address, bad, "neither 2xx nor 3xx")
	s.Failed, s.Latencies = &failed, max(0, s.Latencies-late)
	if s.Latencies == 0 {
		s.Quantiles, s.Mean, s.Max = nil, nil, nil
	}
	if err := spectrum.into(s); err != nil {
		return err
	}
	return f.add("", "GET", address, s)
}

// secondRun refuses a file of two runs, of which the figures cannot be joined.
func secondRun(of, after string) error {
	return fmt.Errorf("a second run begins, of %s after one of %s: give each run a file of its own", of, after)
}

// spectrum is the rows of a percentile distribution of HdrHistogram: a value,
// the share of counts up to it, and their number.
type spectrum struct {
	rows      []spectrumRow
	mean, max float64 // in the unit of the values; 0: not told
	within    bool
}

type spectrumRow struct {
	value, q float64
	count    int64
}

var (
	spectrumHead = regexp.MustCompile(`^\s*Value(\(\w+\))?\s+Percentile\s+TotalCount`)
	spectrumMean = regexp.MustCompile(`^#\[Mean\s*=\s*([0-9.]+)`)
	spectrumMax  = regexp.MustCompile(`^#\[Max\s*=\s*([0-9.]+)`)
)

// line takes a line that may be of the spectrum.
func (s *spectrum) line(line []byte) error {
	number := func(text []byte) float64 { v, _ := strconv.ParseFloat(string(text), 64); return v }
	switch m := spectrumMean.FindSubmatch(line); {
	case spectrumHead.Match(line) && len(s.rows) > 0:
		return errors.New("a second spectrum begins: give each run a file of its own")
	case spectrumHead.Match(line):
		s.within = true
		return nil
	case !s.within:
		return nil
	case m != nil:
		s.mean = number(m[1])
		return nil
	}
	if m := spectrumMax.FindSubmatch(line); m != nil {
		s.max = number(m[1])
		return nil
	}
	if bytes.HasPrefix(bytes.TrimSpace(line), []byte("#")) {
		return nil
	}
	fields := strings.Fields(string(line))
	if len(fields) < 3 {
		s.within = len(fields) == 0 && len(s.rows) == 0
		return nil
	}
	value, err := strconv.ParseFloat(fields[0], 64)
	if err != nil {
		s.within = false
		return nil
	}
	q, err := strconv.ParseFloat(fields[1], 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return fmt.Errorf("percentile %q is not between 0 and 1", fields[1])
	}
	count, err := strconv.ParseInt(fields[2], 10, 50)
	if err != nil || count < 0 {
		return fmt.Errorf("TotalCount %q is no count", fields[2])
	}
	if n := len(s.rows); n > 0 && (count < s.rows[n-1].count || value < s.rows[n-1].value) {
		return fmt.Errorf("value %g with %d requests is out of order", value, count)
	}
	s.rows = append(s.rows, spectrumRow{value, q, count})
	return nil
}

// into makes the rows buckets of a summary, and its figures, in milliseconds.
func (s *spectrum) into(sum *result.Summary) error {
	if len(s.rows) == 0 {
		return nil
	}
	if last := s.rows[len(s.rows)-1]; last.q < 1 {
		return fmt.Errorf("it was cut: its spectrum ends at %g%%, not at 100%%", 100*last.q)
	}
	sum.Buckets, sum.Quantiles = []result.Bucket{}, nil
	low, before := time.Duration(0), int64(0)
	for _, r := range s.rows {
		high, err := inMS(r.value)
		if err != nil {
			return err
		}
		if r.count > before {
			sum.Buckets = append(sum.Buckets,
				result.Bucket{Reading: result.Reading{Value: high, Low: low, High: high}, Count: r.count - before})
		}
		if last := len(sum.Quantiles) - 1; r.q > 0 && r.q < 1 && (last < 0 || r.q > sum.Quantiles[last].Q) {
			sum.Quantiles = append(sum.Quantiles, result.Quantile{Q: r.q, Reading: rounded(high, time.Microsecond)})
		}
		low, before = high, max(before, r.count)
	}
	sum.Latencies = before
	if sum.Requests < before {
		sum.Requests = before
	}
	for _, one := range []struct {
		ms   float64
		into **result.Reading
	}{{s.mean, &sum.Mean}, {s.max, &sum.Max}} {
		if one.ms > 0 {
			d, err := inMS(one.ms)
			if err != nil {
				return err
			}
			reading := rounded(d, time.Microsecond)
			*one.into = &reading
		}
	}
	return nil
}
