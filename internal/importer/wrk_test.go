package importer_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/importer"
)

// uncorrected is what wrk2 adds with -U: faster times, since a stalled service
// delays the requests that would have measured it.
const uncorrected = `
  Latency Distribution (HdrHistogram - Uncorrected Latency (measured without taking delayed starts into account))
 50.000%    2.00ms
 99.000%    5.00ms
100.000%    6.00ms

  Detailed Percentile spectrum:
       Value   Percentile   TotalCount 1/(1-Percentile)

       1.000     0.000000            1         1.00
       2.000     0.500000          100         2.00
       4.000     0.950000          190        20.00
       6.000     1.000000          200          inf
#[Mean    =        2.100, StdDeviation   =        1.000]
#[Max     =        6.000, Total count    =          200]
----------------------------------------------------------
`

// Times from the intended start count, wherever the others are printed.
func TestUncorrectedTimesOfWrk2(t *testing.T) {
	const end = "  250 requests in 10.00s"
	bare := wrk2[:strings.Index(wrk2, "  Detailed")] + wrk2[strings.Index(wrk2, end):] // without the spectrum
	for name, text := range map[string]string{
		"after the spectrum": strings.Replace(wrk2, end, uncorrected+end, 1),
		"before it": strings.Replace(wrk2, "  Latency Distribution",
			uncorrected+"  Latency Distribution", 1),
		"after percentiles only": strings.Replace(bare, end, uncorrected+end, 1),
	} {
		s := decode(t, text, importer.Options{}).Endpoints[0].Summary
		half, ok := s.Quantile(0.5)
		if !ok || half.Value != 37*time.Millisecond || s.Max.Value != 260*time.Millisecond ||
			s.Mean.Value != 39500*time.Microsecond {
			t.Errorf("%s: p50 %s, mean %s, max %s", name, half.Value, s.Mean.Value, s.Max.Value)
		}
		if late, ok := s.Quantile(0.95); ok && late.Value != 88*time.Millisecond {
			t.Errorf("%s: p95 %s, want 88ms", name, late.Value)
		}
	}
}

// Two spectra in one file are two runs, of which the first is never lost.
func TestTwoSpectra(t *testing.T) {
	_, err := importer.Decode(strings.NewReader(hgrm+"\n"+hgrm), "file", importer.Options{})
	if want := "line 7: a second spectrum begins: give each run a file of its own"; err == nil ||
		!strings.Contains(err.Error(), want) {
		t.Errorf("Decode = %v, want %s", err, want)
	}
}
