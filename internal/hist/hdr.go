package hist

import (
	"fmt"
	"math"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// FromHDR reads a distribution that another program wrote in HdrHistogram's
// compressed form, version 2, in base64. The form does not name its unit: unit
// returns the nanoseconds of one step, given the largest value. Each value is
// the middle of its bucket, so it is exact to the bucket's width.
func FromHDR(text string, unit func(most int64) (ns float64, err error)) (*Latency, error) {
	foreign, err := hdr.Decode([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("no histogram: %w", err)
	}
	var l Latency
	if foreign.TotalCount() == 0 {
		return &l, nil
	}
	if foreign.TotalCount() > mostForeign {
		return nil, fmt.Errorf("a histogram of %d values cannot be", foreign.TotalCount())
	}
	ns, err := unit(foreign.Max())
	if err != nil {
		return nil, err
	}
	for _, bar := range foreign.Distribution() {
		if bar.Count <= 0 {
			continue
		}
		value := (float64(bar.From) + float64(bar.To)) / 2 * ns
		if !(value >= 0 && value <= math.MaxInt64/4) {
			return nil, fmt.Errorf("a value of %d cannot be", bar.From)
		}
		d := time.Duration(value)
		l.widen(d, d, product(d, bar.Count))
		l.put(bucket(d), bar.Count)
	}
	return &l, nil
}

// mostForeign bounds the counts that are read: thousands of them add up without overflow.
const mostForeign = 1 << 50
