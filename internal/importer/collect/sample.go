package collect

import (
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
)

// Sample is one request as a file has it.
type Sample struct {
	Label, Method, Address string
	Ended                  time.Time
	Latency                time.Duration
	Failure                metric.Failure // OK: it succeeded
	Status                 int            // 0: no answer
	Detail                 string         // of a failure
	Received, Sent         int64          // bytes
}

// Fail makes a sample one that failed: by its status, or as words say.
func (x *Sample) Fail(words string) {
	x.Failure, x.Detail = FailureOf(x.Status, words), DetailOf(x.Status, words)
}

// Clone is a sample whose texts are not those of a line that will be another.
func (x Sample) Clone() Sample {
	for _, text := range []*string{&x.Label, &x.Method, &x.Address, &x.Detail} {
		*text = strings.Clone(*text)
	}
	return x
}
