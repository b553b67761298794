// Package httpbench reads what the tools print or write that load one address from a
// command line: ab, autocannon, bombardier, Fortio, hey, oha and wrk.
package httpbench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/hdrhistogram"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
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
	return wrkHead.MatchString(head) && !AutocannonTable.MatchString(head)
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
	v, err := numeral.Number(number)
	if err != nil {
		return result.Reading{}, err
	}
	return collect.Times{Unit: wrkUnits[unit], Step: wrkUnits[unit] / 100}.Reading(v)
}

func readWrk(in *bufio.Reader, f *collect.Figures) error {
	s := &result.Summary{}
	address := ""
	bad, broken, late, completed := int64(0), int64(0), int64(0), int64(0)
	seen := false
	var spectrum hdrhistogram.Spectrum
	uncorrected := false
	finished := false // the last lines may be from a script
	whole := func([]byte) bool { return finished }
	err := textfile.EachCompleteLine(in, whole, func(line []byte) error {
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
			q, err := numeral.Number(string(m[1]))
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
			length, err := numeral.Number(string(m[2]))
			if err != nil {
				return err
			}
			took, _ := collect.RunLength(length, wrkUnits[string(m[3])]) // else it is unknown
			if seen {
				return errors.New("a second run ends: give each run a file of its own")
			}
			seen, completed, s.Latencies = true, n, n
			f.Ran(time.Time{}, took)
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
				f.Fail("", "GET", address, counts[i], 0, words)
			}
		} else if uncorrected {
			return nil
		} else if err := spectrum.Add(line); err != nil {
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
	// Late answers are among the requests, unless there are fewer requests.
	s.Requests = max(completed, late) + broken
	failed := min(bad+broken+late, s.Requests)
	f.FailAnswered("", "GET", address, bad, "neither 2xx nor 3xx")
	s.Failed, s.Latencies = &failed, max(0, s.Latencies-late)
	if s.Latencies == 0 {
		s.Quantiles, s.Mean, s.Max = nil, nil, nil
	}
	if err := spectrum.Fill(s); err != nil {
		return err
	}
	return f.Add("", "GET", address, s)
}

// secondRun is the error of a file with two runs: their figures cannot be joined.
func secondRun(of, after string) error {
	return fmt.Errorf("a second run begins, of %s after one of %s: give each run a file of its own", of, after)
}
