package collect

import (
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
)

// Sample is one request of a file. Label is the name that the tool gave it; method and
// address are empty where the file does not have them.
type Sample struct {
	Label, Method, Address string
	Ended                  time.Time
	Latency                time.Duration
	Failure                metric.Failure // OK: the request succeeded
	Status                 int            // 0: there was no answer
	Detail                 string         // of a failure, in the words of the file
	Received, Sent         int64          // bytes
}

// Fail sets the failure of a sample by its status or, where there was no answer, by words.
func (x *Sample) Fail(words string) {
	x.Failure, x.Detail = FailureOf(x.Status, words), DetailOf(x.Status, words)
}

// Clone copies the texts, which readers take from a line that they overwrite.
func (x Sample) Clone() Sample {
	for _, text := range []*string{&x.Label, &x.Method, &x.Address, &x.Detail} {
		*text = strings.Clone(*text)
	}
	return x
}
