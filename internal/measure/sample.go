// Package measure folds requests into histograms as they end, without
// contention between the users that make them. It keeps no request and knows
// no clock: times reach it as durations since the start of the run.
package measure

import (
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/trace"
)

// Sample is one request that ended, or that was due and not sent.
type Sample struct {
	Endpoint    int           // index in the result's endpoints, and behind them its transactions
	Transaction bool          // a transaction: its requests are samples too, and their lag is theirs
	Ended       time.Duration // since the start of the run; decides the slot
	Latency     time.Duration // from the intended start to the last byte
	Lag         time.Duration // from the intended start until it was sent; Latency minus Lag is the time from the send
	// Phases of a transaction are none but FirstByte, the sum of those of its requests.
	Phases   result.Phases
	Received int64 // bytes
	Sent     int64 // bytes
	Connects int
	Retries  int
	Hops     int
	// Failure is OK where it succeeded. Of a request that was not sent (see
	// metric.Failure.Sent) only Endpoint, Ended, Detail and Held count.
	Failure metric.Failure
	Cause   metric.Cause
	Repeat  bool // sent again by its step
	Held    bool // the first of its endpoint that its user did not send
	Status  int  // 0: no answer
	// Trace is of a sampled request that may be kept as an exemplar; zero: it is not.
	Trace  trace.ID
	Detail string // the failure's cause in words
	// Location is where a redirect leads that was not followed, secrets masked.
	Location string
	Timing   []byte // Server-Timing of the answer; read at once, not kept
	Body     string // at most SampleBytes of a failed answer, secrets masked
}

// SampleBytes bounds what is kept of one failed answer.
const SampleBytes = 200
