package importer

import (
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
)

// sample is one request as a file has it.
type sample struct {
	label, method, address string
	ended                  time.Time
	latency                time.Duration
	failure                metric.Failure // OK: it succeeded
	status                 int            // 0: no answer
	detail                 string         // of a failure
	received, sent         int64          // bytes
}

// fail makes a sample one that failed: by its status, or as words say.
func (x *sample) fail(words string) {
	x.failure, x.detail = kindOfFailure(x.status, words), detailOf(x.status, words)
}

// clone is a sample whose texts are not those of a line that will be another.
func (x sample) clone() sample {
	for _, text := range []*string{&x.label, &x.method, &x.address, &x.detail} {
		*text = strings.Clone(*text)
	}
	return x
}
