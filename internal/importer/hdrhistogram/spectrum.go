package hdrhistogram

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/result"
)

// Spectrum is a percentile distribution as HdrHistogram prints it, in milliseconds: rows of
// a value, the share of counts up to it, and their number. The zero value is empty.
type Spectrum struct {
	rows      []spectrumRow
	mean, max float64 // in the unit of the values; 0: missing
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

// Add reads a line of a file; lines outside the distribution are ignored.
func (s *Spectrum) Add(line []byte) error {
	number := func(text []byte) float64 { v, _ := numeral.Number(string(text)); return v }
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
	value, err := numeral.Number(fields[0])
	if err != nil {
		s.within = false
		return nil
	}
	q, err := numeral.Number(fields[1])
	if err != nil || !(q >= 0 && q <= 1) {
		return fmt.Errorf("percentile %q is not between 0 and 1", fields[1])
	}
	count, ok := numeral.ParseCount(fields[2])
	if !ok {
		return fmt.Errorf("TotalCount %q is not a count", fields[2])
	}
	if n := len(s.rows); n > 0 && (count < s.rows[n-1].count || value < s.rows[n-1].value) {
		return fmt.Errorf("value %g with %d requests is out of order", value, count)
	}
	s.rows = append(s.rows, spectrumRow{value, q, count})
	return nil
}

// Fill sets buckets and figures of a summary; an empty spectrum leaves it. An error: the
// distribution is truncated.
func (s *Spectrum) Fill(sum *result.Summary) error {
	if len(s.rows) == 0 {
		return nil
	}
	if last := s.rows[len(s.rows)-1]; last.q < 1 {
		return fmt.Errorf("it was cut: its spectrum ends at %g%%, not at 100%%", 100*last.q)
	}
	sum.Buckets, sum.Quantiles = []result.Bucket{}, nil
	millis := collect.Times{Unit: time.Millisecond, Step: time.Microsecond}
	low, before := time.Duration(0), int64(0)
	for _, r := range s.rows {
		printed, err := millis.Reading(r.value)
		if err != nil {
			return err
		}
		high := printed.Value
		if r.count > before {
			sum.Buckets = append(sum.Buckets,
				result.Bucket{Reading: result.Reading{Value: high, Low: low, High: high}, Count: r.count - before})
		}
		if last := len(sum.Quantiles) - 1; r.q > 0 && r.q < 1 && (last < 0 || r.q > sum.Quantiles[last].Q) {
			sum.Quantiles = append(sum.Quantiles, result.Quantile{Q: r.q, Reading: printed})
		}
		low, before = high, max(before, r.count)
	}
	sum.Latencies = before
	if sum.Requests < before {
		sum.Requests = before
	}
	return millis.SetExtremes(sum, numeral.Optional{}, numeral.Optional{Value: s.mean, OK: s.mean > 0},
		numeral.Optional{Value: s.max, OK: s.max > 0})
}
